/* What libevent.c uses of libevent 2.1's stable ABI, so that no -dev package is needed to measure. */
struct event_base;
struct event;
typedef void (*event_callback_fn)(int fd, short what, void *argument);
enum { EV_TIMEOUT = 0x01, EV_READ = 0x02, EV_PERSIST = 0x10 };

struct event_base *event_base_new(void);
int event_base_dispatch(struct event_base *);
int event_base_loopbreak(struct event_base *);
struct event *event_new(struct event_base *, int fd, short events, event_callback_fn, void *argument);
int event_add(struct event *, const struct timeval *);
void event_active(struct event *, int result, short calls);
const char *event_get_version(void);

/* Locks are the program's affair unless libevent_pthreads is linked. Callbacks of <event2/thread.h>. */
struct evthread_lock_callbacks {
    int lock_api_version; /* 1 */
    unsigned supported_locktypes; /* 1: recursive */
    void *(*alloc)(unsigned type);
    void (*free)(void *lock, unsigned type);
    int (*lock)(unsigned mode, void *lock);
    int (*unlock)(unsigned mode, void *lock);
};
struct evthread_condition_callbacks {
    int condition_api_version; /* 1 */
    void *(*alloc_condition)(unsigned type);
    void (*free_condition)(void *condition);
    int (*signal_condition)(void *condition, int broadcast);
    int (*wait_condition)(void *condition, void *lock, const struct timeval *);
};
int evthread_set_lock_callbacks(const struct evthread_lock_callbacks *);
int evthread_set_condition_callbacks(const struct evthread_condition_callbacks *);
void evthread_set_id_callback(unsigned long (*id)(void));
