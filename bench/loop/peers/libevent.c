/* libevent: events with and without a descriptor, event_active from other threads with a queue beside it (it coalesces). */
#include "bench.h"
#include "libevent.h"

typedef struct {
    struct event_base *base;
    struct event *wake;
    struct queue queue;
    post_callback posted;
} LOOP;

struct watch {
    ready_callback callback;
    int index;
};

/* pthread locks, as libevent_pthreads has them: needed by the workloads with threads alone. */
static void *lock_new(unsigned type UNUSED)
{
    pthread_mutexattr_t recursive;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_t *lock = malloc(sizeof *lock);
    pthread_mutex_init(lock, &recursive);
    return lock;
}
static void lock_free(void *lock, unsigned type UNUSED) { free(lock); }
static int lock_lock(unsigned mode UNUSED, void *lock) { return pthread_mutex_lock(lock); }
static int lock_unlock(unsigned mode UNUSED, void *lock) { return pthread_mutex_unlock(lock); }
static void *condition_new(unsigned type UNUSED)
{
    pthread_cond_t *condition = malloc(sizeof *condition);
    pthread_cond_init(condition, NULL);
    return condition;
}
static void condition_free(void *condition) { free(condition); }
static int condition_signal(void *condition, int broadcast)
{
    return broadcast ? pthread_cond_broadcast(condition) : pthread_cond_signal(condition);
}
static int condition_wait(void *condition, void *lock, const struct timeval *timeout UNUSED)
{
    return pthread_cond_wait(condition, lock);
}
static unsigned long thread_id(void) { return (unsigned long)pthread_self(); }

static bool with_threads;

static LOOP *loop_new(void)
{
    static const struct evthread_lock_callbacks locks = {1, 1, lock_new, lock_free, lock_lock, lock_unlock};
    static const struct evthread_condition_callbacks conditions = {1, condition_new, condition_free, condition_signal, condition_wait};
    if (with_threads) {
        evthread_set_lock_callbacks(&locks);
        evthread_set_condition_callbacks(&conditions);
        evthread_set_id_callback(thread_id);
    }
    LOOP *loop = calloc(1, sizeof *loop);
    loop->base = event_base_new();
    return loop;
}

static void loop_stop(LOOP *loop) { event_base_loopbreak(loop->base); }
static void loop_run(LOOP *loop) { event_base_dispatch(loop->base); }

static void watch_ready(int fd UNUSED, short what UNUSED, void *argument)
{
    struct watch *watch = argument;
    watch->callback(watch->index);
}

static void loop_watch(LOOP *loop, int fd, int index, ready_callback callback)
{
    struct watch *watch = malloc(sizeof *watch);
    *watch = (struct watch){callback, index};
    if (event_add(event_new(loop->base, fd, EV_READ | EV_PERSIST, watch_ready, watch), NULL) != 0) fail("event_add");
}

#define HAS_TIMERS
static struct event **timer_events;
static ready_callback timer_callback;
static int64_t timer_base; /* libevent's timeouts are spans; the clock is read for a whole series of them at once */

static void timer_expired(int fd UNUSED, short what UNUSED, void *index) { timer_callback((int)(intptr_t)index); }

static void timers_new(LOOP *loop, int count, ready_callback callback)
{
    timer_events = malloc(count * sizeof *timer_events);
    timer_callback = callback;
    for (int i = 0; i < count; i++)
        timer_events[i] = event_new(loop->base, -1, 0, timer_expired, (void *)(intptr_t)i);
    timer_base = count == 1 ? 0 : now_ns();
}

static inline void timer_arm(LOOP *loop UNUSED, int index, int64_t due)
{
    int64_t left = (due - (timer_base ? timer_base : now_ns()) + 999) / 1000;
    struct timeval span = {left / 1000000, left % 1000000};
    event_add(timer_events[index], &span);
}

#define HAS_POSTS
static void see_posts(int fd UNUSED, short what UNUSED, void *argument)
{
    LOOP *loop = argument;
    queue_drain(&loop->queue, loop->posted);
}

static void keep_alive(int fd UNUSED, short what UNUSED, void *argument UNUSED) {}

static void posts_new(LOOP *loop, post_callback callback)
{
    static const struct timeval hour = {3600, 0};
    queue_init(&loop->queue);
    loop->posted = callback;
    loop->wake = event_new(loop->base, -1, EV_PERSIST, see_posts, loop);
    event_add(event_new(loop->base, -1, EV_PERSIST, keep_alive, NULL), &hour);
}

static inline void post(LOOP *loop, void *item)
{
    if (queue_push(&loop->queue, item)) event_active(loop->wake, EV_READ, 0);
}

#define BEFORE_WORK(work) (with_threads = !strcmp(work, "flood") || !strcmp(work, "roundtrip"))
#include "workloads.h"
