/* What glib.c uses of GLib 2.x's stable ABI, so that no -dev package is needed to measure. */
typedef struct _GMainContext GMainContext;
typedef struct _GSource {
    void *callback_data, *callback_functions;
    const void *functions;
    unsigned reference_count;
    GMainContext *context;
    int priority;
    unsigned flags, id;
    void *poll_fds, *previous, *next, *name, *private;
} GSource;
typedef int (*GSourceFunc)(void *data);
typedef struct {
    int (*prepare)(GSource *, int *timeout_ms);
    int (*check)(GSource *);
    int (*dispatch)(GSource *, GSourceFunc, void *data);
    void (*finalize)(GSource *);
    void *closure_callback, *closure_marshal;
} GSourceFuncs;
enum { G_IO_IN = 1, G_SOURCE_CONTINUE = 1, G_SOURCE_REMOVE = 0, G_PRIORITY_DEFAULT = 0 };

GMainContext *g_main_context_new(void);
int g_main_context_iteration(GMainContext *, int may_block);
int g_main_context_acquire(GMainContext *);
GSource *g_source_new(GSourceFuncs *, unsigned size);
GSource *g_idle_source_new(void);
GSource *g_unix_fd_source_new(int fd, unsigned condition);
unsigned g_source_attach(GSource *, GMainContext *);
void g_source_unref(GSource *);
void g_source_set_callback(GSource *, GSourceFunc, void *data, void (*destroyed)(void *));
void g_source_set_priority(GSource *, int priority);
void g_source_set_ready_time(GSource *, int64_t at_us);
