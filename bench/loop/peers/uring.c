/* io_uring: system calls without a library, multishot polls; what came is taken from the ring, one system call a turn.
 * A multishot poll tells arrivals, not states: callbacks have to take all there is. What it would cost to tell states, as
 * epoll does, three ways show; URING=look: before each wait poll(2) looks at all that were told; once: a poll that answers
 * once, armed anew with the wait; update: the multishot poll is told its events anew, with the wait, and so looks again.
 * RING=registered: the ring by a number of the thread's own. */
#include "bench.h"
#include <linux/io_uring.h>
#include <sys/mman.h>

enum { ENTRIES = 4096, COMPLETIONS = 32768 };

struct watch {
    ready_callback callback;
    int index, fd;
};

typedef struct {
    int fd;
    bool stopped;
    unsigned *submit_tail, *submit_mask, *submit_array, unsubmitted;
    unsigned *complete_head, *complete_tail, *complete_mask;
    struct io_uring_sqe *requests;
    struct io_uring_cqe *completions;
    struct pollfd looks[COMPLETIONS];
    struct watch *looked[COMPLETIONS];
    int look_count, registered;
    bool is_look, is_once, is_update;
} LOOP;

static unsigned *at(void *ring, unsigned offset) { return (unsigned *)((char *)ring + offset); }

static LOOP *loop_new(void)
{
    LOOP *loop = calloc(1, sizeof *loop);
    struct io_uring_params params = {
        .flags = IORING_SETUP_CQSIZE | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
        .cq_entries = COMPLETIONS,
    };
    loop->fd = checked(syscall(SYS_io_uring_setup, ENTRIES, &params), "io_uring_setup");
    const char *way = getenv("URING") ? getenv("URING") : "";
    loop->is_look = !strcmp(way, "look");
    loop->is_once = !strcmp(way, "once");
    loop->is_update = !strcmp(way, "update");
    loop->registered = -1;
    if (getenv("RING")) {
        struct io_uring_rsrc_update update = {.offset = -1U, .data = loop->fd};
        checked(syscall(SYS_io_uring_register, loop->fd, IORING_REGISTER_RING_FDS, &update, 1), "io_uring_register");
        loop->registered = update.offset;
    }
    size_t submit_size = params.sq_off.array + params.sq_entries * sizeof(unsigned);
    size_t complete_size = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
    size_t size = submit_size > complete_size ? submit_size : complete_size;
    void *ring = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, loop->fd, IORING_OFF_SQ_RING);
    loop->requests = mmap(NULL, params.sq_entries * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_POPULATE, loop->fd, IORING_OFF_SQES);
    if (ring == MAP_FAILED || loop->requests == MAP_FAILED) fail("mmap of the ring");
    loop->submit_tail = at(ring, params.sq_off.tail);
    loop->submit_mask = at(ring, params.sq_off.ring_mask);
    loop->submit_array = at(ring, params.sq_off.array);
    loop->complete_head = at(ring, params.cq_off.head);
    loop->complete_tail = at(ring, params.cq_off.tail);
    loop->complete_mask = at(ring, params.cq_off.ring_mask);
    loop->completions = (struct io_uring_cqe *)((char *)ring + params.cq_off.cqes);
    return loop;
}

static void enter(LOOP *loop, unsigned wait_for)
{
    bool is_fd = loop->registered < 0;
    unsigned flags = IORING_ENTER_GETEVENTS | (is_fd ? 0 : 1U << 4); /* IORING_ENTER_REGISTERED_RING */
    if (syscall(SYS_io_uring_enter, is_fd ? loop->fd : loop->registered, loop->unsubmitted, wait_for, flags, NULL, 0) < 0)
        fail("io_uring_enter");
    loop->unsubmitted = 0;
}

static void submit(LOOP *loop, struct io_uring_sqe request)
{
    if (loop->unsubmitted == ENTRIES) enter(loop, 0);
    unsigned tail = *loop->submit_tail, slot = tail & *loop->submit_mask;
    loop->requests[slot] = request;
    loop->submit_array[slot] = slot;
    __atomic_store_n(loop->submit_tail, tail + 1, __ATOMIC_RELEASE);
    loop->unsubmitted++;
}

static void poll_for_ever(LOOP *loop, struct watch *watch)
{
    submit(loop, (struct io_uring_sqe){
        .opcode = IORING_OP_POLL_ADD, .fd = watch->fd, .len = loop->is_once ? 0 : IORING_POLL_ADD_MULTI,
        .poll32_events = POLLIN, .user_data = (uint64_t)(uintptr_t)watch,
    });
}

static void look_again(LOOP *loop, struct watch *watch)
{
    submit(loop, (struct io_uring_sqe){
        .opcode = IORING_OP_POLL_REMOVE, .flags = IOSQE_CQE_SKIP_SUCCESS, .fd = -1,
        .len = IORING_POLL_ADD_MULTI | IORING_POLL_UPDATE_EVENTS, .poll32_events = POLLIN, .addr = (uint64_t)(uintptr_t)watch,
    });
}

/* Those that were told and are still ready; the others a completion tells when they are again. */
static int look(LOOP *loop)
{
    int ready = 0, count = loop->look_count;
    loop->look_count = 0;
    if (count == 0 || poll(loop->looks, count, 0) <= 0) return 0;
    for (int i = 0; i < count; i++)
        if (loop->looks[i].revents) loop->looked[ready++] = loop->looked[i];
    return ready;
}

static void told(LOOP *loop, struct watch *watch)
{
    loop->looks[loop->look_count] = (struct pollfd){.fd = watch->fd, .events = POLLIN};
    loop->looked[loop->look_count++] = watch;
    watch->callback(watch->index);
}

static void loop_watch(LOOP *loop, int fd, int index, ready_callback callback)
{
    struct watch *watch = malloc(sizeof *watch);
    *watch = (struct watch){callback, index, fd};
    poll_for_ever(loop, watch);
}

static void loop_stop(LOOP *loop) { loop->stopped = true; }

static void loop_run(LOOP *loop)
{
    for (loop->stopped = false; !loop->stopped;) {
        int ready = loop->is_look ? look(loop) : 0;
        for (int i = 0; i < ready; i++) told(loop, loop->looked[i]);
        unsigned head = *loop->complete_head;
        unsigned tail = __atomic_load_n(loop->complete_tail, __ATOMIC_ACQUIRE);
        if (head == tail || loop->unsubmitted) {
            enter(loop, head == tail && ready == 0);
            tail = __atomic_load_n(loop->complete_tail, __ATOMIC_ACQUIRE);
        }
        for (; head != tail; head++) {
            struct io_uring_cqe *completion = &loop->completions[head & *loop->complete_mask];
            struct watch *watch = (struct watch *)(uintptr_t)completion->user_data;
            if (!watch) continue; /* a look that came too late */
            if (!(completion->flags & IORING_CQE_F_MORE)) poll_for_ever(loop, watch);
            else if (loop->is_update) look_again(loop, watch);
            if (loop->is_look) told(loop, watch);
            else watch->callback(watch->index);
        }
        __atomic_store_n(loop->complete_head, head, __ATOMIC_RELEASE);
    }
}

#include "workloads.h"
