/* What libev.c uses of libev 4.x's ABI as Debian builds it (EV_MULTIPLICITY, one void *data), so that no -dev package is needed. */
struct ev_loop;
typedef double ev_tstamp;
#define EV_WATCHER(type) int active, pending, priority; void *data; void (*callback)(struct ev_loop *, struct type *, int events)
typedef struct ev_io { EV_WATCHER(ev_io); void *next; int fd, events; } ev_io;
typedef struct ev_timer { EV_WATCHER(ev_timer); ev_tstamp at, repeat; } ev_timer;
typedef struct ev_async { EV_WATCHER(ev_async); volatile int sent; } ev_async;
enum { EV_READ = 1, EV_IOFDSET = 0x80, EVBACKEND_EPOLL = 4, EVBREAK_ONE = 1 };

struct ev_loop *ev_loop_new(unsigned flags);
int ev_run(struct ev_loop *, int flags);
void ev_break(struct ev_loop *, int how);
ev_tstamp ev_now(struct ev_loop *);
void ev_now_update(struct ev_loop *);
void ev_io_start(struct ev_loop *, ev_io *);
void ev_timer_start(struct ev_loop *, ev_timer *);
void ev_timer_again(struct ev_loop *, ev_timer *);
void ev_async_start(struct ev_loop *, ev_async *);
void ev_async_send(struct ev_loop *, ev_async *);
int ev_version_major(void);
int ev_version_minor(void);
