/* What all C peers of ./do bench loop share: clocks, a fixed source of random numbers, a queue between threads, results.
 * A peer's file includes this, defines its loop (see raw.c for the list of functions) and includes workloads.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define UNUSED __attribute__((unused))

typedef void (*ready_callback)(int index); /* a descriptor or a timer, by the number it was given */
typedef void (*post_callback)(void *item);

static inline int64_t clock_ns(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static inline int64_t now_ns(void) { return clock_ns(CLOCK_MONOTONIC); }
static inline int64_t cpu_ns(void) { return clock_ns(CLOCK_PROCESS_CPUTIME_ID); }

UNUSED static void fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

UNUSED static int checked(int value, const char *what)
{
    if (value < 0) fail(what);
    return value;
}

/* xorshift64*: the same numbers in every peer, ours too. */
UNUSED static uint64_t random_state = 88172645463325252ULL;
static inline uint64_t next_random(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * 2685821657736338717ULL;
}

/* The n-th processor that we were allowed to use at the start (there may be one only). */
UNUSED static cpu_set_t allowed_cpus;
UNUSED static void pin_thread(int nth)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    int found = 0;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &allowed_cpus) && found++ == nth % CPU_COUNT(&allowed_cpus)) CPU_SET(cpu, &one);
    pthread_setaffinity_np(pthread_self(), sizeof one, &one);
}

/* A queue with one lock, and two buffers that change sides, so that taking everything is one swap. */
struct queue {
    pthread_mutex_t lock;
    void **items, **taken;
    int count, capacity, taken_capacity;
};

UNUSED static void queue_init(struct queue *queue)
{
    memset(queue, 0, sizeof *queue);
    pthread_mutex_init(&queue->lock, NULL);
}

/* True if it was empty: then the loop has to be woken. */
UNUSED static bool queue_push(struct queue *queue, void *item)
{
    pthread_mutex_lock(&queue->lock);
    if (queue->count == queue->capacity) {
        queue->capacity = queue->capacity ? queue->capacity * 2 : 16;
        queue->items = realloc(queue->items, queue->capacity * sizeof(void *));
    }
    queue->items[queue->count++] = item;
    bool was_empty = queue->count == 1;
    pthread_mutex_unlock(&queue->lock);
    return was_empty;
}

UNUSED static void queue_drain(struct queue *queue, post_callback callback)
{
    pthread_mutex_lock(&queue->lock);
    void **items = queue->items;
    int count = queue->count, capacity = queue->capacity;
    queue->items = queue->taken;
    queue->capacity = queue->taken_capacity;
    queue->taken = items;
    queue->taken_capacity = capacity;
    queue->count = 0;
    pthread_mutex_unlock(&queue->lock);
    for (int i = 0; i < count; i++) callback(items[i]);
}

#define put(value, ...) (printf(__VA_ARGS__), printf(" %.1f\n", (double)(value)), fflush(stdout))

/* --- the echo server's side of the account: CPU from the first message to the last goodbye --- */

UNUSED static int64_t echo_octets, echo_started;
UNUSED static void echo_count(int64_t octets)
{
    if (echo_octets == 0) echo_started = cpu_ns();
    echo_octets += octets;
}

UNUSED static void no_delay(int fd)
{
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}
