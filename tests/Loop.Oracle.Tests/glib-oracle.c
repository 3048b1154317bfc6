/* The oracle: runs scenarios on GLib and prints what was dispatched. Scenarios come on stdin, each ended by a line "end"; each
 * answer ends with a line "end" too. The language is told in ScenarioLanguage.md; LoopInterpreter.cs runs it on our loop. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "glib.h"

/* Also of GLib's stable ABI. */
typedef struct _GMainLoop GMainLoop;
void g_main_context_unref(GMainContext *);
GMainLoop *g_main_loop_new(GMainContext *, int is_running);
void g_main_loop_run(GMainLoop *);
void g_main_loop_quit(GMainLoop *);
void g_main_loop_unref(GMainLoop *);
void g_main_context_release(GMainContext *);
int g_main_context_pending(GMainContext *);
void g_main_context_invoke_full(GMainContext *, int priority, GSourceFunc, void *data, void (*destroyed)(void *));
void *g_source_add_unix_fd(GSource *, int fd, unsigned events);
void g_source_modify_unix_fd(GSource *, void *tag, unsigned events);
unsigned g_source_query_unix_fd(GSource *, void *tag);
void g_source_destroy(GSource *);
int g_source_is_destroyed(GSource *);
void g_source_set_can_recurse(GSource *, int);
void g_source_add_child_source(GSource *, GSource *);
void g_source_remove_child_source(GSource *, GSource *);

enum { DISPATCHES_MAX = 2000, /* beyond them callbacks do nothing more: a scenario must end */
    IN = 1, OUT = 4, ERR = 8, HUP = 16, SOURCES_MAX = 64, FDS_MAX = 32, ACTIONS_MAX = 512, WORDS_MAX = 8, NESTING_MAX = 4 };

struct action {
    int at; /* the dispatch it belongs to; 0: every one */
    char *words[WORDS_MAX];
    int count;
};

struct member;
struct member_source {
    GSource source;
    struct member *member;
};

struct member {
    char name[16];
    char kind;           /* 'i'dle, 'f'd, 'c'ustom, 't'imer, 'p'ost */
    int priority, fd, dispatched;
    bool attached, prepare_answer, check_answer;
    struct member *parent;
    struct member_source *source;
    void *tag;
    struct action actions[ACTIONS_MAX];
    int action_count;
};

struct pair { char name[16]; int near, far; };

static struct member *members[SOURCES_MAX];
static struct pair pairs[FDS_MAX];
static int member_count, pair_count, depth, invoking, turns[NESTING_MAX + 1], runs, dispatches;
static bool plain, calls;
static GMainContext *context;
static GMainLoop *running[NESTING_MAX + 1];
static int running_count;

static void execute(struct member *self, char **words, int count);

static struct member *member_of(const char *name)
{
    for (int i = 0; i < member_count; i++)
        if (!strcmp(members[i]->name, name)) return members[i];
    return NULL;
}

static struct pair *pair_of(const char *name)
{
    for (int i = 0; i < pair_count; i++)
        if (!strcmp(pairs[i].name, name)) return &pairs[i];
    return NULL;
}

static bool is_alive(struct member *m) { return m->source && !g_source_is_destroyed(&m->source->source); }

static unsigned events_of(const char *word)
{
    return (strstr(word, "in") ? IN : 0) | (strstr(word, "out") ? OUT : 0);
}

/* Where we are: the turn, and within it the turn of a nested loop. Inside a run turns are not told apart. */
static void print_place(void)
{
    if (runs) printf("r%d", runs);
    else for (int i = 0; i <= depth; i++) printf(i ? ".%d" : "%d", turns[i]);
}

static void trace(struct member *m)
{
    print_place();
    printf(" %s", m->name);
    if (m->kind == 'f' && !plain) {
        unsigned seen = g_source_query_unix_fd(&m->source->source, m->tag);
        printf("%s%s%s%s", seen & IN ? " in" : "", seen & OUT ? " out" : "", seen & ERR ? " err" : "", seen & HUP ? " hup" : "");
    }
    printf("\n");
}

/* True: keep it. */
static bool run_callback(struct member *m)
{
    bool keep = true;
    int now = ++m->dispatched;
    trace(m);
    if (++dispatches > DISPATCHES_MAX) return false;
    for (int i = 0; i < m->action_count; i++) {
        struct action *action = &m->actions[i];
        if (action->at != 0 && action->at != now) continue;
        if (!strcmp(action->words[0], "stop")) keep = false;
        else execute(m, action->words, action->count);
    }
    return keep;
}

static void trace_call(struct member *m, const char *what)
{
    if (!calls) return;
    print_place();
    printf(" %s %s\n", what, m->name);
}

static int prepare(GSource *source, int *timeout)
{
    struct member *m = ((struct member_source *)source)->member;
    *timeout = -1;
    trace_call(m, "prepare");
    return m->prepare_answer;
}

static int check(GSource *source)
{
    struct member *m = ((struct member_source *)source)->member;
    trace_call(m, "check");
    return m->check_answer;
}

static int always_prepared(GSource *source, int *timeout)
{
    (void)source;
    *timeout = 0;
    return 1;
}

static int always_ready(GSource *source)
{
    (void)source;
    return 1;
}

static int dispatch(GSource *source, GSourceFunc callback, void *data)
{
    (void)callback;
    (void)data;
    if (((struct member_source *)source)->member->kind == 't') g_source_set_ready_time(source, -1);
    return run_callback(((struct member_source *)source)->member);
}

static GSourceFuncs custom_functions = {.prepare = prepare, .check = check, .dispatch = dispatch};
static GSourceFuncs idle_functions = {.prepare = always_prepared, .check = always_ready, .dispatch = dispatch};
static GSourceFuncs fd_functions = {.dispatch = dispatch};

static struct member *new_member(const char *name, const char *kind, int priority)
{
    if (member_count == SOURCES_MAX || member_of(name)) return NULL;
    struct member *m = members[member_count++] = calloc(1, sizeof *m);
    snprintf(m->name, sizeof m->name, "%s", name);
    m->kind = kind[0];
    m->priority = priority;
    if (m->kind == 'p') return m;
    GSourceFuncs *functions = m->kind == 'i' ? &idle_functions : m->kind == 'f' || m->kind == 't' ? &fd_functions : &custom_functions;
    m->source = (struct member_source *)g_source_new(functions, sizeof(struct member_source));
    m->source->member = m;
    g_source_set_priority(&m->source->source, priority);
    return m;
}

static int run_post(void *data)
{
    run_callback(data);
    return 0;
}

static void *post_from_thread(void *data)
{
    struct member *m = data;
    g_main_context_invoke_full(context, m->priority, run_post, m, NULL);
    return NULL;
}

static void post(struct member *m)
{
    pthread_t thread;
    if (m->kind != 'p') return;
    pthread_create(&thread, NULL, post_from_thread, m);
    pthread_join(thread, NULL);
}

/* From the context's own thread: runs at once. */
static void invoke(struct member *m)
{
    if (m->kind != 'p' || invoking == NESTING_MAX) return;
    invoking++;
    g_main_context_invoke_full(context, m->priority, run_post, m, NULL);
    invoking--;
}

static void attach(struct member *m)
{
    if (m->kind == 'p' || m->attached || m->parent || !is_alive(m)) return;
    m->attached = true;
    g_source_attach(&m->source->source, context);
}

static bool is_descendant(struct member *m, struct member *of)
{
    for (; m; m = m->parent) if (m == of) return true;
    return false;
}

static void add_child(struct member *parent, struct member *child)
{
    if (parent->kind != 'c' || child->kind != 'c' || child->attached || child->parent || !is_alive(child) || !is_alive(parent) ||
        is_descendant(parent, child)) return;
    child->parent = parent;
    g_source_add_child_source(&parent->source->source, &child->source->source);
}

static void remove_child(struct member *parent, struct member *child)
{
    if (child->parent != parent || !is_alive(child) || !is_alive(parent)) return;
    g_source_remove_child_source(&parent->source->source, &child->source->source);
    child->parent = NULL;
}

static void one_turn(void)
{
    turns[depth]++;
    int answer = g_main_context_iteration(context, 0);
    print_place();
    printf(answer ? ": yes\n" : ": no\n");
}

static void ask_pending(void)
{
    turns[0]++;
    int answer = g_main_context_pending(context);
    print_place();
    printf(answer ? ": pending\n" : ": nothing\n");
}

static void recurse(void)
{
    if (depth == NESTING_MAX) return;
    turns[++depth] = 0;
    one_turn();
    depth--;
}

static void run(void)
{
    if (running_count == NESTING_MAX) return;
    runs++;
    GMainLoop *loop = running[running_count++] = g_main_loop_new(context, 0);
    g_main_loop_run(loop);
    running_count--;
    g_main_loop_unref(loop);
    print_place();
    printf(": over\n");
    runs--;
}

static void empty(int fd)
{
    char room[4096];
    while (read(fd, room, sizeof room) > 0) {}
}

static void fill(int fd)
{
    static char octets[4096];
    while (write(fd, octets, sizeof octets) > 0) {}
}

static void act_on_pair(const char *verb, struct pair *p)
{
    if (!strcmp(verb, "write")) { if (p->far >= 0 && write(p->far, "x", 1) < 0 && errno != EAGAIN) perror("write"); }
    else if (!strcmp(verb, "drain")) empty(p->near);
    else if (!strcmp(verb, "stuff")) fill(p->near);
    else if (!strcmp(verb, "relieve")) { if (p->far >= 0) empty(p->far); }
    else if (!strcmp(verb, "close")) { if (p->near >= 0) close(p->near); p->near = -1; }
    else if (!strcmp(verb, "hangup")) { if (p->far >= 0) close(p->far); p->far = -1; }
}

static void act_on_member(const char *verb, struct member *m, char **words, int count)
{
    GSource *source = m->source ? &m->source->source : NULL;
    const char *word = count > 2 ? words[2] : "";
    if (!strcmp(verb, "attach")) attach(m);
    else if (!strcmp(verb, "post")) post(m);
    else if (!strcmp(verb, "invoke")) invoke(m);
    else if (source == NULL || !is_alive(m)) return;
    else if (!strcmp(verb, "remove")) g_source_destroy(source);
    else if (!strcmp(verb, "priority")) { if (!m->parent) g_source_set_priority(source, atoi(word)); }
    else if (!strcmp(verb, "recursive")) g_source_set_can_recurse(source, 1);
    else if (!strcmp(verb, "interest")) { if (m->kind == 'f') g_source_modify_unix_fd(source, m->tag, events_of(word)); }
    else if (!strcmp(verb, "due")) { if (m->kind == 't') g_source_set_ready_time(source, !strcmp(word, "never") ? -1 : atoi(word)); }
    else if (m->kind != 'c') return;
    else if (!strcmp(verb, "ready")) {
        g_source_set_ready_time(source, !strcmp(word, "past") ? 1 : !strcmp(word, "zero") ? 0 : !strcmp(word, "future") ? INT64_MAX / 2 : -1);
    }
    else if (!strcmp(verb, "prepare")) m->prepare_answer = !strcmp(word, "yes");
    else if (!strcmp(verb, "check")) m->check_answer = !strcmp(word, "yes");
    else if (!strcmp(verb, "child") && member_of(word)) add_child(m, member_of(word));
    else if (!strcmp(verb, "orphan") && member_of(word)) remove_child(m, member_of(word));
}

static void add_action(char **words, int count)
{
    struct member *m = member_of(words[1]);
    if (!m || m->action_count == ACTIONS_MAX) return;
    struct action *action = &m->actions[m->action_count++];
    action->at = atoi(words[2]);
    action->count = count - 3;
    for (int i = 3; i < count; i++) action->words[i - 3] = strdup(words[i]);
}

static void new_pair(const char *name, bool is_file)
{
    if (pair_count == FDS_MAX || pair_of(name)) return;
    struct pair *p = &pairs[pair_count++];
    int ends[2];
    snprintf(p->name, sizeof p->name, "%s", name);
    if (is_file) {
        p->near = open("/dev/null", O_RDONLY | O_CLOEXEC);
        p->far = -1;
        return;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) < 0) { perror("socketpair"); exit(1); }
    p->near = ends[0];
    p->far = ends[1];
}

static void declare(char **words, int count)
{
    struct pair *p = count > 4 ? pair_of(words[4]) : NULL;
    if (words[2][0] == 'f' && (!p || count < 6)) return;
    struct member *m = new_member(words[1], words[2], atoi(words[3]));
    if (!m || !p) return;
    if (m->kind == 'f') m->tag = g_source_add_unix_fd(&m->source->source, p->near, events_of(words[5]));
    else if (m->kind == 'c' && count > 5) g_source_add_unix_fd(&m->source->source, p->near, events_of(words[5]));
}

static void execute(struct member *self, char **words, int count)
{
    const char *verb = words[0];
    if (!strcmp(verb, "turn")) { if (!self) one_turn(); }
    else if (!strcmp(verb, "plain")) plain = true;
    else if (!strcmp(verb, "calls")) calls = true;
    else if (!strcmp(verb, "pending")) { if (!self) ask_pending(); }
    else if (!strcmp(verb, "run")) run();
    else if (!strcmp(verb, "recurse")) recurse();
    else if (!strcmp(verb, "quit")) { if (running_count) g_main_loop_quit(running[running_count - 1]); }
    else if (count < 2) return;
    else if (!strcmp(verb, "pair")) new_pair(words[1], false);
    else if (!strcmp(verb, "file")) new_pair(words[1], true);
    else if (!strcmp(verb, "source") && count > 3) declare(words, count);
    else if (!strcmp(verb, "on") && count > 3) add_action(words, count);
    else if (pair_of(words[1])) act_on_pair(verb, pair_of(words[1]));
    else if (member_of(words[1])) act_on_member(verb, member_of(words[1]), words, count);
}

static void begin(void)
{
    context = g_main_context_new();
    g_main_context_acquire(context);
    memset(turns, 0, sizeof turns);
    plain = calls = false;
    depth = runs = running_count = dispatches = invoking = 0;
    alarm(30); /* a scenario that waits for ever */
}

static void finish(void)
{
    for (int i = 0; i < member_count; i++) {
        struct member *m = members[i];
        if (m->source) {
            g_source_destroy(&m->source->source);
            g_source_unref(&m->source->source);
        }
        for (int a = 0; a < m->action_count; a++)
            for (int w = 0; w < m->actions[a].count; w++) free(m->actions[a].words[w]);
        free(m);
    }
    for (int i = 0; i < pair_count; i++) {
        if (pairs[i].near >= 0) close(pairs[i].near);
        if (pairs[i].far >= 0) close(pairs[i].far);
    }
    member_count = pair_count = 0;
    g_main_context_release(context);
    g_main_context_unref(context);
    printf("end\n");
    fflush(stdout);
}

int main(void)
{
    char line[512];
    signal(SIGPIPE, SIG_IGN);
    begin();
    while (fgets(line, sizeof line, stdin)) {
        char *words[WORDS_MAX], *rest = line, *word;
        int count = 0;
        while (count < WORDS_MAX && (word = strsep(&rest, " \n")) != NULL)
            if (*word && *word != '#') words[count++] = word;
            else if (*word == '#') break;
        if (count == 1 && !strcmp(words[0], "end")) {
            finish();
            begin();
        } else if (count > 0) {
            execute(NULL, words, count);
        }
    }
    return 0;
}
