/* GLib: GMainContext with descriptor sources, sources with a ready time, and an idle source a post. */
#include "bench.h"
#include "glib.h"

typedef struct {
    GMainContext *context;
    bool stopped;
    post_callback posted;
} LOOP;

struct watch {
    ready_callback callback;
    int index;
};

static LOOP *loop_new(void)
{
    LOOP *loop = calloc(1, sizeof *loop);
    loop->context = g_main_context_new();
    return loop;
}

static void loop_stop(LOOP *loop) { loop->stopped = true; }

static void loop_run(LOOP *loop)
{
    g_main_context_acquire(loop->context);
    for (loop->stopped = false; !loop->stopped;) g_main_context_iteration(loop->context, 1);
}

static int watch_ready(int fd UNUSED, unsigned condition UNUSED, void *data)
{
    struct watch *watch = data;
    watch->callback(watch->index);
    return G_SOURCE_CONTINUE;
}

static void loop_watch(LOOP *loop, int fd, int index, ready_callback callback)
{
    struct watch *watch = malloc(sizeof *watch);
    *watch = (struct watch){callback, index};
    GSource *source = g_unix_fd_source_new(fd, G_IO_IN);
    g_source_set_callback(source, (GSourceFunc)(void *)watch_ready, watch, NULL);
    g_source_attach(source, loop->context);
}

#define HAS_TIMERS
struct timer {
    GSource source;
    int index;
    bool attached;
};
static struct timer **timer_sources;
static ready_callback timer_callback;

static int timer_expired(GSource *source, GSourceFunc callback UNUSED, void *data UNUSED)
{
    g_source_set_ready_time(source, -1);
    timer_callback(((struct timer *)source)->index);
    return G_SOURCE_CONTINUE;
}

static void timers_new(LOOP *loop UNUSED, int count, ready_callback callback)
{
    static GSourceFuncs functions = {.dispatch = timer_expired};
    timer_callback = callback;
    timer_sources = malloc(count * sizeof *timer_sources);
    for (int i = 0; i < count; i++) {
        timer_sources[i] = (struct timer *)g_source_new(&functions, sizeof(struct timer));
        timer_sources[i]->index = i;
        timer_sources[i]->attached = false;
    }
}

static inline void timer_arm(LOOP *loop, int index, int64_t due)
{
    struct timer *timer = timer_sources[index];
    g_source_set_ready_time(&timer->source, (due + 999) / 1000);
    if (!timer->attached) {
        timer->attached = true;
        g_source_attach(&timer->source, loop->context);
    }
}

#define HAS_POSTS
struct post {
    LOOP *loop;
    void *item;
};

static int run_post(void *data)
{
    struct post *post = data;
    post->loop->posted(post->item);
    free(post);
    return G_SOURCE_REMOVE;
}

static void posts_new(LOOP *loop, post_callback callback) { loop->posted = callback; }

static inline void post(LOOP *loop, void *item)
{
    struct post *post = malloc(sizeof *post);
    *post = (struct post){loop, item};
    GSource *source = g_idle_source_new();
    g_source_set_priority(source, G_PRIORITY_DEFAULT);
    g_source_set_callback(source, run_post, post, NULL);
    g_source_attach(source, loop->context);
    g_source_unref(source);
}

#include "workloads.h"
