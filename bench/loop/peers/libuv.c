/* libuv: uv_poll, uv_timer, uv_async with a queue beside it (uv_async carries nothing), uv_tcp. */
#include "bench.h"
#include "libuv.h"

typedef struct {
    uv_loop_t *uv;
    uv_handle_t *async;
    struct queue queue;
    post_callback posted;
} LOOP;

struct watch {
    ready_callback callback;
    int index;
};

static LOOP *loop_new(void)
{
    LOOP *loop = calloc(1, sizeof *loop);
    loop->uv = calloc(1, uv_loop_size());
    if (uv_loop_init(loop->uv) != 0) fail("uv_loop_init");
    return loop;
}

static void loop_stop(LOOP *loop) { uv_stop(loop->uv); }
static void loop_run(LOOP *loop) { uv_run(loop->uv, UV_RUN_DEFAULT); }

static void watch_ready(uv_handle_t *handle, int status UNUSED, int events UNUSED)
{
    struct watch *watch = handle->data;
    watch->callback(watch->index);
}

static void loop_watch(LOOP *loop, int fd, int index, ready_callback callback)
{
    uv_handle_t *handle = calloc(1, uv_handle_size(UV_POLL));
    struct watch *watch = malloc(sizeof *watch);
    *watch = (struct watch){callback, index};
    if (uv_poll_init(loop->uv, handle, fd) != 0 || uv_poll_start(handle, UV_READABLE, watch_ready) != 0) fail("uv_poll");
    handle->data = watch;
}

#define HAS_TIMERS
static char *timer_room;
static size_t timer_size;
static ready_callback timer_callback;

static void timer_expired(uv_handle_t *handle) { timer_callback((int)(intptr_t)handle->data); }

static void timers_new(LOOP *loop, int count, ready_callback callback)
{
    timer_callback = callback;
    timer_size = (uv_handle_size(UV_TIMER) + 15) & ~15UL;
    timer_room = calloc(count, timer_size);
    for (int i = 0; i < count; i++) {
        uv_handle_t *timer = (uv_handle_t *)(timer_room + i * timer_size);
        uv_timer_init(loop->uv, timer);
        timer->data = (void *)(intptr_t)i;
    }
    uv_update_time(loop->uv);
}

/* libuv counts whole milliseconds from the loop's time, which is the monotonic clock's. */
static inline void timer_arm(LOOP *loop, int index, int64_t due)
{
    int64_t due_ms = (due + 999999) / 1000000, now_ms = (int64_t)uv_now(loop->uv);
    uv_timer_start((uv_handle_t *)(timer_room + index * timer_size), timer_expired, due_ms > now_ms ? due_ms - now_ms : 0, 0);
}

#define HAS_POSTS
static void see_posts(uv_handle_t *handle)
{
    LOOP *loop = handle->data;
    queue_drain(&loop->queue, loop->posted);
}

static void posts_new(LOOP *loop, post_callback callback)
{
    queue_init(&loop->queue);
    loop->posted = callback;
    loop->async = calloc(1, uv_handle_size(UV_ASYNC));
    if (uv_async_init(loop->uv, loop->async, see_posts) != 0) fail("uv_async_init");
    loop->async->data = loop;
}

static inline void post(LOOP *loop, void *item)
{
    if (queue_push(&loop->queue, item)) uv_async_send(loop->async);
}

#define HAS_ECHO
static LOOP *echo_loop;
static int echo_left;
static char echo_data[65536];

static void echo_room(uv_handle_t *handle UNUSED, size_t suggested UNUSED, uv_buf_t *room)
{
    *room = (uv_buf_t){echo_data, sizeof echo_data};
}

static void echo_closed(uv_handle_t *handle)
{
    free(handle);
    if (--echo_left == 0) loop_stop(echo_loop);
}

static void echo_read(uv_handle_t *handle, ssize_t length, const uv_buf_t *room)
{
    if (length > 0) {
        uv_buf_t answer = {room->base, length};
        echo_count(length);
        if (uv_try_write(handle, &answer, 1) != (int)length) fail("uv_try_write");
    } else if (length < 0) {
        uv_close(handle, echo_closed);
    }
}

static void echo_accept(uv_handle_t *server, int status UNUSED)
{
    uv_handle_t *client = calloc(1, uv_handle_size(UV_TCP));
    uv_tcp_init(echo_loop->uv, client);
    if (uv_accept(server, client) != 0) fail("uv_accept");
    uv_tcp_nodelay(client, 1);
    uv_read_start(client, echo_room, echo_read);
}

static void echo(int listener, int connections)
{
    echo_loop = loop_new();
    echo_left = connections;
    uv_handle_t *server = calloc(1, uv_handle_size(UV_TCP));
    uv_tcp_init(echo_loop->uv, server);
    if (uv_tcp_open(server, listener) != 0 || uv_listen(server, 1024, echo_accept) != 0) fail("uv_listen");
    loop_run(echo_loop);
}

#include "workloads.h"
