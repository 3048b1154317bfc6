/* server MODEL: answers messages of 64 octets, the same work in every model of I/O. The ninth octet of a message says what it costs:
 * 'e' nothing, 'c' 100 us of computing, 'b' 2 ms of blocking. "port N" is its first line; it ends when its stdin does.
 *   threads  a thread a connection             select poll epoll  one loop, level-triggered
 *   edge     one loop, epoll edge-triggered    signals            one loop, signal-driven I/O (F_SETSIG, O_ASYNC)
 *   uring    one loop, io_uring, multishot     workers            one epoll loop; what is slow goes to 16 threads */
#include "../loop/peers/bench.h"
#include <linux/io_uring.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>

enum { SIZE = 64, KIND = 8, ROOM = 16 * SIZE, FDS_MAX = 20000, WORKERS = 16, COMPUTE_NS = 100000, BLOCK_NS = 2000000 };

struct connection {
    int fd, have;
    unsigned char data[ROOM];
};

static struct connection *connections[FDS_MAX];
static int listener, highest;

static void be_slow(char kind)
{
    if (kind == 'c') {
        int64_t until = clock_ns(CLOCK_THREAD_CPUTIME_ID) + COMPUTE_NS;
        while (clock_ns(CLOCK_THREAD_CPUTIME_ID) < until) {}
    } else if (kind == 'b') {
        struct timespec span = {0, BLOCK_NS};
        nanosleep(&span, NULL);
    }
}

static void answer(int fd, const unsigned char *message)
{
    while (send(fd, message, SIZE, MSG_NOSIGNAL) < 0 && errno == EAGAIN) {
        struct pollfd writable = {fd, POLLOUT, 0};
        poll(&writable, 1, 100);
    }
}

/* --- workers: a queue there, one back ------------------------------------------------------------------------------- */

struct job {
    int fd;
    unsigned char message[SIZE];
};

static bool has_workers;
static struct queue done;
static pthread_mutex_t jobs_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t jobs_there = PTHREAD_COND_INITIALIZER;
static struct job *jobs[65536];
static unsigned jobs_in, jobs_out;
static int done_fd;

static void *work(void *unused)
{
    for (uint64_t one = 1;;) {
        pthread_mutex_lock(&jobs_lock);
        while (jobs_in == jobs_out) pthread_cond_wait(&jobs_there, &jobs_lock);
        struct job *job = jobs[jobs_out++ % 65536];
        pthread_mutex_unlock(&jobs_lock);
        be_slow(job->message[KIND]);
        if (queue_push(&done, job)) checked(write(done_fd, &one, 8), "write");
    }
    return unused;
}

static void hand_over(int fd, const unsigned char *message)
{
    struct job *job = malloc(sizeof *job);
    job->fd = fd;
    memcpy(job->message, message, SIZE);
    pthread_mutex_lock(&jobs_lock);
    if (jobs_in - jobs_out == 65536) fail("too many jobs");
    jobs[jobs_in++ % 65536] = job;
    pthread_mutex_unlock(&jobs_lock);
    pthread_cond_signal(&jobs_there);
}

static void finish_job(void *item)
{
    struct job *job = item;
    answer(job->fd, job->message);
    free(job);
}

static void take_done(void)
{
    uint64_t count;
    if (read(done_fd, &count, 8) == 8) queue_drain(&done, finish_job);
}

/* --- what all models do with a connection ------------------------------------------------------------------------- */

static void handle(int fd, const unsigned char *message)
{
    if (has_workers && message[KIND] != 'e') {
        hand_over(fd, message);
        return;
    }
    be_slow(message[KIND]);
    answer(fd, message);
}

/* Reads once and handles what is whole. 1: there may be more; 0: it was all; -1: the other side is gone. */
static int serve_once(struct connection *c)
{
    ssize_t length = recv(c->fd, c->data + c->have, ROOM - c->have, 0);
    if (length <= 0) return length < 0 && errno == EAGAIN ? 0 : -1;
    bool was_full = (c->have += length) == ROOM;
    int used = 0;
    for (; used + SIZE <= c->have; used += SIZE) handle(c->fd, c->data + used);
    memmove(c->data, c->data + used, c->have -= used);
    return was_full;
}

static int serve_all(struct connection *c)
{
    int answer;
    do answer = serve_once(c); while (answer > 0);
    return answer;
}

static struct connection *take_connection(int flags)
{
    int fd = accept4(listener, NULL, NULL, flags | SOCK_CLOEXEC);
    if (fd < 0) return NULL;
    no_delay(fd);
    struct connection *c = calloc(1, sizeof *c);
    c->fd = fd;
    connections[fd] = c;
    if (fd > highest) highest = fd;
    return c;
}

static void drop(struct connection *c)
{
    connections[c->fd] = NULL;
    close(c->fd);
    free(c);
}

/* --- the models ----------------------------------------------------------------------------------------------------- */

static void *serve_thread(void *connection)
{
    while (serve_once(connection) >= 0) {}
    drop(connection);
    return NULL;
}

static void run_threads(void)
{
    fcntl(listener, F_SETFL, 0); /* waits */
    for (;;) {
        pthread_t thread;
        struct connection *c = take_connection(0);
        if (!c) continue;
        if (pthread_create(&thread, NULL, serve_thread, c) != 0) fail("pthread_create");
        pthread_detach(thread);
    }
}

static void run_select(void)
{
    for (;;) {
        fd_set readable;
        FD_ZERO(&readable);
        FD_SET(listener, &readable);
        for (int fd = 0; fd <= highest; fd++) if (connections[fd]) FD_SET(fd, &readable);
        if (highest >= FD_SETSIZE) fail("more descriptors than select can watch");
        checked(select(highest + 1, &readable, NULL, NULL, NULL), "select");
        for (int fd = 0; fd <= highest; fd++)
            if (connections[fd] && FD_ISSET(fd, &readable) && serve_once(connections[fd]) < 0) drop(connections[fd]);
        if (FD_ISSET(listener, &readable)) while (take_connection(SOCK_NONBLOCK)) {}
    }
}

static void run_poll(void)
{
    static struct pollfd fds[FDS_MAX];
    int count = 1;
    fds[0] = (struct pollfd){listener, POLLIN, 0};
    for (;;) {
        checked(poll(fds, count, -1), "poll");
        for (int i = count - 1; i > 0; i--)
            if (fds[i].revents && serve_once(connections[fds[i].fd]) < 0) {
                drop(connections[fds[i].fd]);
                fds[i] = fds[--count];
            }
        struct connection *c;
        if (fds[0].revents) while ((c = take_connection(SOCK_NONBLOCK))) fds[count++] = (struct pollfd){c->fd, POLLIN, 0};
    }
}

static void watch(int epoll, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};
    checked(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

static void run_epoll(uint32_t edge)
{
    struct epoll_event events[1024];
    struct connection *c;
    int epoll = checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    watch(epoll, listener, EPOLLIN);
    if (has_workers) watch(epoll, done_fd, EPOLLIN);
    for (;;) {
        int count = checked(epoll_wait(epoll, events, 1024, -1), "epoll_wait");
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) while ((c = take_connection(SOCK_NONBLOCK))) watch(epoll, c->fd, EPOLLIN | edge);
            else if (has_workers && fd == done_fd) take_done();
            else if ((edge ? serve_all : serve_once)(connections[fd]) < 0) drop(connections[fd]);
        }
    }
}

static void run_workers(void)
{
    has_workers = true;
    queue_init(&done);
    done_fd = checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd");
    for (int i = 0; i < WORKERS; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, work, NULL);
    }
    run_epoll(0);
}

/* A real-time signal a change, queued with its descriptor; if the queue overflows there is a plain SIGIO and all must be looked at. */
static void signal_for(int fd)
{
    checked(fcntl(fd, F_SETSIG, SIGRTMIN + 1), "F_SETSIG");
    checked(fcntl(fd, F_SETOWN, getpid()), "F_SETOWN");
    checked(fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK), "O_ASYNC");
}

static void serve_signalled(int fd)
{
    struct connection *c;
    if (fd == listener)
        while ((c = take_connection(SOCK_NONBLOCK))) {
            signal_for(c->fd);
            if (serve_all(c) < 0) drop(c); /* it may have spoken before we listened */
        }
    else if (connections[fd] && serve_all(connections[fd]) < 0) drop(connections[fd]);
}

static void run_signals(void)
{
    sigset_t signals;
    siginfo_t told;
    sigemptyset(&signals);
    sigaddset(&signals, SIGRTMIN + 1);
    sigaddset(&signals, SIGIO);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal_for(listener);
    serve_signalled(listener);
    for (;;) {
        int number = sigwaitinfo(&signals, &told);
        if (number == SIGRTMIN + 1) serve_signalled(told.si_fd);
        else if (number == SIGIO) {
            serve_signalled(listener);
            for (int fd = 0; fd <= highest; fd++) if (connections[fd]) serve_signalled(fd);
        }
    }
}

static struct { int fd; unsigned unsubmitted, *submit_tail, *submit_mask, *array, *head, *tail, *mask; struct io_uring_sqe *requests; struct io_uring_cqe *completions; } ring;

static void open_ring(void)
{
    struct io_uring_params p = {.flags = IORING_SETUP_CQSIZE | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN, .cq_entries = 32768};
    ring.fd = checked(syscall(SYS_io_uring_setup, 1024, &p), "io_uring_setup");
    size_t submit_size = p.sq_off.array + p.sq_entries * sizeof(unsigned);
    size_t complete_size = p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe);
    char *room = mmap(NULL, submit_size > complete_size ? submit_size : complete_size, PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd, IORING_OFF_SQ_RING);
    ring.requests = mmap(NULL, p.sq_entries * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd, IORING_OFF_SQES);
    if (room == MAP_FAILED || (void *)ring.requests == MAP_FAILED) fail("mmap");
    ring.submit_tail = (unsigned *)(room + p.sq_off.tail);
    ring.submit_mask = (unsigned *)(room + p.sq_off.ring_mask);
    ring.array = (unsigned *)(room + p.sq_off.array);
    ring.head = (unsigned *)(room + p.cq_off.head);
    ring.tail = (unsigned *)(room + p.cq_off.tail);
    ring.mask = (unsigned *)(room + p.cq_off.ring_mask);
    ring.completions = (struct io_uring_cqe *)(room + p.cq_off.cqes);
}

static void enter_ring(unsigned wait_for)
{
    if (syscall(SYS_io_uring_enter, ring.fd, ring.unsubmitted, wait_for, IORING_ENTER_GETEVENTS, NULL, 0) < 0) fail("io_uring_enter");
    ring.unsubmitted = 0;
}

static void poll_for_ever(int fd)
{
    if (ring.unsubmitted == 1024) enter_ring(0);
    unsigned tail = *ring.submit_tail, slot = tail & *ring.submit_mask;
    ring.requests[slot] = (struct io_uring_sqe){.opcode = IORING_OP_POLL_ADD, .fd = fd, .len = IORING_POLL_ADD_MULTI, .poll32_events = POLLIN, .user_data = fd};
    ring.array[slot] = slot;
    __atomic_store_n(ring.submit_tail, tail + 1, __ATOMIC_RELEASE);
    ring.unsubmitted++;
}

static void run_uring(void)
{
    struct connection *c;
    open_ring();
    poll_for_ever(listener);
    for (;;) {
        unsigned head = *ring.head;
        enter_ring(head == __atomic_load_n(ring.tail, __ATOMIC_ACQUIRE));
        unsigned tail = __atomic_load_n(ring.tail, __ATOMIC_ACQUIRE);
        for (; head != tail; head++) {
            struct io_uring_cqe *told = &ring.completions[head & *ring.mask];
            int fd = (int)told->user_data;
            bool is_over = !(told->flags & IORING_CQE_F_MORE);
            if (fd == listener) while ((c = take_connection(SOCK_NONBLOCK))) poll_for_ever(c->fd);
            else if (connections[fd] && serve_all(connections[fd]) < 0) { drop(connections[fd]); continue; }
            if (is_over && (fd == listener || connections[fd])) poll_for_ever(fd);
        }
        __atomic_store_n(ring.head, head, __ATOMIC_RELEASE);
    }
}

static void *end_with_stdin(void *unused)
{
    char octet;
    while (read(0, &octet, 1) > 0) {}
    _exit(0);
    return unused;
}

int main(int argument_count, char **arguments)
{
    const char *model = argument_count > 1 ? arguments[1] : "";
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    pthread_t watcher;
    sigset_t all;
    highest = listener = checked(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
    checked(bind(listener, (struct sockaddr *)&address, length), "bind");
    checked(listen(listener, 4096), "listen");
    checked(getsockname(listener, (struct sockaddr *)&address, &length), "getsockname");
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL); /* of the thread that waits for the end; ours come back at once */
    pthread_create(&watcher, NULL, end_with_stdin, NULL);
    pthread_sigmask(SIG_UNBLOCK, &all, NULL);
    printf("port %d\n", ntohs(address.sin_port));
    fflush(stdout);
    if (!strcmp(model, "threads")) run_threads();
    else if (!strcmp(model, "select")) run_select();
    else if (!strcmp(model, "poll")) run_poll();
    else if (!strcmp(model, "epoll")) run_epoll(0);
    else if (!strcmp(model, "edge")) run_epoll(EPOLLET);
    else if (!strcmp(model, "signals")) run_signals();
    else if (!strcmp(model, "uring")) run_uring();
    else if (!strcmp(model, "workers")) run_workers();
    return 2;
}
