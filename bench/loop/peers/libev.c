/* libev: ev_io, ev_timer (re-armed by ev_timer_again), ev_async with a queue beside it. */
#include "bench.h"
#include "libev.h"

typedef struct {
    struct ev_loop *ev;
    ev_async async;
    struct queue queue;
    post_callback posted;
} LOOP;

struct watch {
    ev_io io;
    ready_callback callback;
    int index;
};

static LOOP *loop_new(void)
{
    LOOP *loop = calloc(1, sizeof *loop);
    loop->ev = ev_loop_new(EVBACKEND_EPOLL);
    if (loop->ev == NULL) fail("ev_loop_new");
    return loop;
}

static void loop_stop(LOOP *loop) { ev_break(loop->ev, EVBREAK_ONE); }
static void loop_run(LOOP *loop) { ev_run(loop->ev, 0); }

static void watch_ready(struct ev_loop *ev UNUSED, ev_io *io, int events UNUSED)
{
    struct watch *watch = (struct watch *)io;
    watch->callback(watch->index);
}

static void loop_watch(LOOP *loop, int fd, int index, ready_callback callback)
{
    struct watch *watch = calloc(1, sizeof *watch);
    watch->callback = callback;
    watch->index = index;
    watch->io.callback = watch_ready;
    watch->io.fd = fd;
    watch->io.events = EV_READ | EV_IOFDSET;
    ev_io_start(loop->ev, &watch->io);
}

#define HAS_TIMERS
static ev_timer *timer_room;
static ready_callback timer_callback;
static bool single_timer;
static int64_t timer_base;

static void timer_expired(struct ev_loop *ev UNUSED, ev_timer *timer, int events UNUSED)
{
    timer_callback((int)(intptr_t)timer->data);
}

static void timers_new(LOOP *loop, int count, ready_callback callback)
{
    timer_callback = callback;
    timer_room = calloc(count, sizeof *timer_room);
    for (int i = 0; i < count; i++) {
        timer_room[i].callback = timer_expired;
        timer_room[i].data = (void *)(intptr_t)i;
    }
    single_timer = count == 1;
    ev_now_update(loop->ev);
    timer_base = now_ns();
}

/* Spans from the loop's time. A timer without repetition is moved by ev_timer_again as a repeating one would be. */
static inline void timer_arm(LOOP *loop, int index, int64_t due)
{
    ev_timer *timer = &timer_room[index];
    if (single_timer) {
        ev_now_update(loop->ev);
        timer_base = now_ns();
        timer->at = (double)(due - timer_base) * 1e-9;
        ev_timer_start(loop->ev, timer);
        return;
    }
    timer->repeat = (double)(due - timer_base) * 1e-9;
    ev_timer_again(loop->ev, timer);
}

#define HAS_POSTS
static void see_posts(struct ev_loop *ev UNUSED, ev_async *async, int events UNUSED)
{
    LOOP *loop = async->data;
    queue_drain(&loop->queue, loop->posted);
}

static void posts_new(LOOP *loop, post_callback callback)
{
    queue_init(&loop->queue);
    loop->posted = callback;
    loop->async.callback = see_posts;
    loop->async.data = loop;
    ev_async_start(loop->ev, &loop->async);
}

static inline void post(LOOP *loop, void *item)
{
    if (queue_push(&loop->queue, item)) ev_async_send(loop->ev, &loop->async);
}

#include "workloads.h"
