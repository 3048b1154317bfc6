/* sd-event: io and time sources (accuracy 1 us). It knows no other thread. */
#include "bench.h"
#include "sd-event.h"

typedef struct {
    sd_event *event;
    bool stopped;
} LOOP;

struct watch {
    ready_callback callback;
    int index;
};

static LOOP *loop_new(void)
{
    LOOP *loop = calloc(1, sizeof *loop);
    checked(sd_event_new(&loop->event), "sd_event_new");
    return loop;
}

static void loop_stop(LOOP *loop) { loop->stopped = true; }

static void loop_run(LOOP *loop)
{
    for (loop->stopped = false; !loop->stopped;) sd_event_run(loop->event, UINT64_MAX);
}

static int watch_ready(sd_event_source *source UNUSED, int fd UNUSED, uint32_t events UNUSED, void *data)
{
    struct watch *watch = data;
    watch->callback(watch->index);
    return 0;
}

static void loop_watch(LOOP *loop, int fd, int index, ready_callback callback)
{
    struct watch *watch = malloc(sizeof *watch);
    *watch = (struct watch){callback, index};
    if (sd_event_add_io(loop->event, NULL, fd, EPOLLIN, watch_ready, watch) < 0) fail("sd_event_add_io");
}

#define HAS_TIMERS
static sd_event_source **timer_sources;
static ready_callback timer_callback;
static bool *timer_armed;

static int timer_expired(sd_event_source *source UNUSED, uint64_t at UNUSED, void *data)
{
    timer_armed[(intptr_t)data] = false; /* one-shot: disabled by now */
    timer_callback((int)(intptr_t)data);
    return 0;
}

static void timers_new(LOOP *loop, int count, ready_callback callback)
{
    timer_callback = callback;
    timer_sources = malloc(count * sizeof *timer_sources);
    timer_armed = calloc(count, sizeof *timer_armed);
    for (int i = 0; i < count; i++) {
        if (sd_event_add_time(loop->event, &timer_sources[i], CLOCK_MONOTONIC, UINT64_MAX, 1, timer_expired, (void *)(intptr_t)i) < 0)
            fail("sd_event_add_time");
        sd_event_source_set_enabled(timer_sources[i], SD_EVENT_OFF);
    }
}

static inline void timer_arm(LOOP *loop UNUSED, int index, int64_t due)
{
    sd_event_source_set_time(timer_sources[index], (uint64_t)(due + 999) / 1000);
    if (!timer_armed[index]) {
        timer_armed[index] = true;
        sd_event_source_set_enabled(timer_sources[index], SD_EVENT_ONESHOT);
    }
}

#include "workloads.h"
