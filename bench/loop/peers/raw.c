/* raw: epoll in C with nothing between the kernel and the callback. What everybody is measured against.
 *
 * A peer defines LOOP, loop_new, loop_watch, loop_run, loop_stop;
 * with HAS_TIMERS timers_new and timer_arm; with HAS_POSTS posts_new and post; with HAS_ECHO echo. */
#include "bench.h"

struct watch {
    ready_callback callback;
    int index;
};

/* A heap of four children a node, each four in one cache line. */
struct entry {
    int64_t due;
    int64_t timer;
};

typedef struct {
    int epoll, wake_fd;
    bool stopped;
    struct entry *heap;
    int *place; /* of a timer in the heap; -1: not in it */
    int armed;
    ready_callback expired;
    struct queue queue;
    post_callback posted;
} LOOP;

static LOOP *loop_new(void)
{
    LOOP *loop = calloc(1, sizeof *loop);
    loop->epoll = checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    loop->wake_fd = -1;
    return loop;
}

static void watch_with(LOOP *loop, int fd, struct watch *watch)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = watch};
    checked(epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

static void loop_watch(LOOP *loop, int fd, int index, ready_callback callback)
{
    struct watch *watch = malloc(sizeof *watch);
    *watch = (struct watch){callback, index};
    watch_with(loop, fd, watch);
}

static void loop_stop(LOOP *loop) { loop->stopped = true; }

static inline void put_at(LOOP *loop, int place, struct entry entry)
{
    loop->heap[place] = entry;
    loop->place[entry.timer] = place;
}

static void sift_up(LOOP *loop, int place, struct entry entry)
{
    while (place > 0) {
        int parent = (place - 1) >> 2;
        if (loop->heap[parent].due <= entry.due) break;
        put_at(loop, place, loop->heap[parent]);
        place = parent;
    }
    put_at(loop, place, entry);
}

static void sift_down(LOOP *loop, int place, struct entry entry)
{
    for (int child = 4 * place + 1; child < loop->armed; child = 4 * place + 1) {
        int best = child, end = child + 4 < loop->armed ? child + 4 : loop->armed;
        for (int other = child + 1; other < end; other++)
            if (loop->heap[other].due < loop->heap[best].due) best = other;
        if (loop->heap[best].due >= entry.due) break;
        put_at(loop, place, loop->heap[best]);
        place = best;
    }
    put_at(loop, place, entry);
}

#define HAS_TIMERS
static void timers_new(LOOP *loop, int count, ready_callback callback)
{
    char *room = aligned_alloc(64, ((size_t)count * sizeof(struct entry) + 128) & ~63UL);
    loop->heap = (struct entry *)(room + 48); /* children begin a cache line: 1, 5, 9 … */
    loop->place = malloc(count * sizeof(int));
    memset(loop->place, -1, count * sizeof(int));
    loop->expired = callback;
}

static inline void timer_arm(LOOP *loop, int timer, int64_t due)
{
    struct entry entry = {due, timer};
    int place = loop->place[timer];
    if (place < 0) sift_up(loop, loop->armed++, entry);
    else if (place > 0 && due < loop->heap[(place - 1) >> 2].due) sift_up(loop, place, entry);
    else sift_down(loop, place, entry);
}

static void expire(LOOP *loop)
{
    int64_t now = now_ns();
    while (loop->armed > 0 && loop->heap[0].due <= now) {
        int timer = loop->heap[0].timer;
        loop->place[timer] = -1;
        struct entry last = loop->heap[--loop->armed];
        if (loop->armed > 0) sift_down(loop, 0, last);
        loop->expired(timer);
    }
}

#define HAS_POSTS
static struct watch wake_marker;

static void posts_new(LOOP *loop, post_callback callback)
{
    queue_init(&loop->queue);
    loop->posted = callback;
    loop->wake_fd = checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd");
    watch_with(loop, loop->wake_fd, &wake_marker);
}

static inline void post(LOOP *loop, void *item)
{
    uint64_t one = 1;
    if (queue_push(&loop->queue, item)) checked(write(loop->wake_fd, &one, 8), "write");
}

static void see_posts(LOOP *loop)
{
    uint64_t count;
    checked(read(loop->wake_fd, &count, 8), "read");
    queue_drain(&loop->queue, loop->posted);
}

static void loop_run(LOOP *loop)
{
    struct epoll_event events[1024];
    for (loop->stopped = false; !loop->stopped;) {
        int count;
        if (loop->armed == 0) {
            count = epoll_wait(loop->epoll, events, 1024, -1);
        } else {
            int64_t left = loop->heap[0].due - now_ns();
            if (left < 0) left = 0;
            struct timespec timeout = {left / 1000000000, left % 1000000000};
            count = epoll_pwait2(loop->epoll, events, 1024, &timeout, NULL);
            expire(loop);
        }
        for (int i = 0; i < count; i++) {
            struct watch *watch = events[i].data.ptr;
            if (watch == &wake_marker) see_posts(loop);
            else watch->callback(watch->index);
        }
    }
}

/* The overshoot is a timerfd's, which the table names. */
#define HAS_TIMERFD
static int timer_fd = -1;
static ready_callback timer_fd_callback;

static void timer_fd_ready(int index)
{
    uint64_t count;
    if (read(timer_fd, &count, 8) == 8) timer_fd_callback(index);
}

static void timer_fd_new(LOOP *loop, ready_callback callback)
{
    timer_fd = checked(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK), "timerfd_create");
    timer_fd_callback = callback;
    loop_watch(loop, timer_fd, 0, timer_fd_ready);
}

static void timer_fd_arm(int64_t due)
{
    struct itimerspec at = {.it_value = {due / 1000000000, due % 1000000000}};
    checked(timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &at, NULL), "timerfd_settime");
}

#define HAS_ECHO
static LOOP *echo_loop;
static int echo_listener, echo_left;

static void echo_ready(int fd)
{
    char data[4096];
    ssize_t length = recv(fd, data, sizeof data, 0);
    if (length > 0) {
        echo_count(length);
        if (send(fd, data, length, MSG_NOSIGNAL) != length) fail("send");
    } else if (length == 0 || errno != EAGAIN) {
        epoll_ctl(echo_loop->epoll, EPOLL_CTL_DEL, fd, NULL);
        close(fd);
        if (--echo_left == 0) loop_stop(echo_loop);
    }
}

static void echo_accept(int index UNUSED)
{
    int fd = accept4(echo_listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    no_delay(fd);
    loop_watch(echo_loop, fd, fd, echo_ready);
}

static void echo(int listener, int connections)
{
    echo_loop = loop_new();
    echo_listener = listener;
    echo_left = connections;
    loop_watch(echo_loop, listener, 0, echo_accept);
    loop_run(echo_loop);
}

#include "workloads.h"
