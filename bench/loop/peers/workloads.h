/* The workloads, once for all C peers, compiled together with each peer's loop so that nothing stands between them. */

#ifndef BUDGET_MS
#define BUDGET_MS 60
#endif
static int64_t budget_ns = BUDGET_MS * 1000000LL;

/* How often to do what took so long so many times, to fill the budget; or as often as TIMES says, which a count of
 * instructions wants. */
UNUSED static int64_t fitting(int64_t spent_ns, int64_t times, int64_t least, int64_t most)
{
    if (getenv("TIMES")) return atoll(getenv("TIMES"));
    double each = (double)spent_ns / (double)times;
    int64_t fit = (int64_t)((double)budget_ns / (each < 1 ? 1 : each));
    return fit < least ? least : fit > most ? most : fit;
}

/* --- a chain of socket pairs -------------------------------------------------------------------------------------- */

static LOOP *the_loop;
static int pair_count, pass_back, (*pairs)[2];
static int64_t passed, passes_left, passes_target;

/* Every active pair passes its octet on to the pair before it, in step, so that no pair ever holds two octets and edges do as
 * well as levels. Where all pairs are active, to itself. */
static void pass_on(int index)
{
    char octet;
    if (read(pairs[index][0], &octet, 1) != 1) return;
    passed++;
    if (passes_left > 0) {
        passes_left--;
        int next = index - pass_back;
        checked(write(pairs[next < 0 ? pair_count - 1 : next][1], &octet, 1), "write");
    }
    if (passed == passes_target) loop_stop(the_loop);
}

static int64_t chain_cost(int active, int64_t passes)
{
    if (passes < active) passes = active;
    passed = 0;
    passes_target = passes;
    passes_left = passes - active;
    int64_t started = cpu_ns();
    for (int i = 0; i < active; i++) checked(write(pairs[i * (pair_count / active)][1], "x", 1), "write");
    loop_run(the_loop);
    return cpu_ns() - started;
}

static void chain(int count, int active)
{
    the_loop = loop_new();
    pair_count = count;
    pass_back = active < count;
    pairs = calloc(count, sizeof *pairs);
    for (int i = 0; i < count; i++) {
        checked(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pairs[i]), "socketpair");
        loop_watch(the_loop, pairs[i][0], i, pass_on);
    }
    int64_t trial = active + 200, spent = chain_cost(active, trial);
    int64_t passes = fitting(spent, trial, 200, 1000000);
    chain_cost(active, passes / 4);
    if (passes < active) passes = active;
    put(chain_cost(active, passes) / (double)passes, "chain_%d_%d", count, active);
}

/* --- a turn: one descriptor is ready, all others are not ---------------------------------------------------------- */

static int spinning_fd;
static void spin(int index UNUSED)
{
    uint64_t value;
    if (read(spinning_fd, &value, 8) != 8) return;
    value = 1;
    checked(write(spinning_fd, &value, 8), "write");
    if (++passed == passes_target) loop_stop(the_loop);
}

static int64_t turn_cost(int64_t turns)
{
    passed = 0;
    passes_target = turns;
    int64_t started = cpu_ns();
    loop_run(the_loop);
    return cpu_ns() - started;
}

static void turn(int idle)
{
    the_loop = loop_new();
    for (int i = 0; i < idle; i++) loop_watch(the_loop, checked(eventfd(0, EFD_NONBLOCK), "eventfd"), i, spin);
    spinning_fd = checked(eventfd(1, EFD_NONBLOCK), "eventfd");
    loop_watch(the_loop, spinning_fd, idle, spin);
    int64_t turns = fitting(turn_cost(200), 200, 200, 1000000);
    turn_cost(turns / 4);
    put(turn_cost(turns) / (double)turns, "turn_%d", idle);
}

/* --- timers ------------------------------------------------------------------------------------------------------- */

#ifdef HAS_TIMERS
static int64_t expired_count, expired_target;
static void count_expired(int index UNUSED)
{
    if (++expired_count == expired_target) loop_stop(the_loop);
}

static void timers(int count)
{
    the_loop = loop_new();
    timers_new(the_loop, count, count_expired);
    int64_t base = now_ns() + 50000000, started = cpu_ns();
    for (int i = 0; i < count; i++) timer_arm(the_loop, i, base + (int64_t)(next_random() % 1000000000));
    put((cpu_ns() - started) / (double)count, "timers_insert");
    while (now_ns() < base + 1002000000) usleep(1000);
    expired_target = count;
    started = cpu_ns();
    loop_run(the_loop);
    put((cpu_ns() - started) / (double)count, "timers_expire");
}

static void churn(int count)
{
    the_loop = loop_new();
    timers_new(the_loop, count, count_expired);
    int64_t base = now_ns() + 600000000000, rearmed = 0;
    for (int i = 0; i < count; i++) timer_arm(the_loop, i, base + (int64_t)(next_random() % 10000000000));
    int64_t started = cpu_ns(), spent;
    do {
        for (int i = 0; i < 10000; i++)
            timer_arm(the_loop, (int)(next_random() % (uint64_t)count), base + (int64_t)(next_random() % 10000000000));
        rearmed += 10000;
        spent = cpu_ns() - started;
    } while (spent < 2 * budget_ns);
    put(spent / (double)rearmed, "churn_%d", count);
}

enum { SAMPLES = 300 };
static int64_t late[SAMPLES], due_at;
static int samples;

static void arm_sample(void)
{
    due_at = now_ns() + 1000000 + (int64_t)(next_random() % 2000000);
#ifdef HAS_TIMERFD
    timer_fd_arm(due_at);
#else
    timer_arm(the_loop, 0, due_at);
#endif
}

static void take_sample(int index UNUSED)
{
    late[samples++] = now_ns() - due_at;
    if (samples == SAMPLES) loop_stop(the_loop);
    else arm_sample();
}

static int by_value(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void overshoot(void)
{
    the_loop = loop_new();
#ifdef HAS_TIMERFD
    timer_fd_new(the_loop, take_sample);
#else
    timers_new(the_loop, 1, take_sample);
#endif
    arm_sample();
    loop_run(the_loop);
    qsort(late, SAMPLES, sizeof late[0], by_value);
    put(late[SAMPLES / 2], "overshoot");
    put(late[SAMPLES * 9 / 10], "overshoot_p90");
}
#endif

/* --- posts from another thread ------------------------------------------------------------------------------------ */

#ifdef HAS_POSTS
static int64_t posted_count, posted_target;
static int flood_cpus;
static void count_posted(void *item UNUSED)
{
    if (++posted_count == posted_target) loop_stop(the_loop);
}

static void *produce(void *item)
{
    pin_thread(flood_cpus - 1);
    for (int64_t i = posted_target; i > 0; i--) post(the_loop, item);
    return NULL;
}

static int64_t flood_cost(int64_t count)
{
    posted_count = 0;
    posted_target = count;
    int64_t started = cpu_ns();
    pthread_t thread;
    pthread_create(&thread, NULL, produce, &posted_count);
    loop_run(the_loop);
    pthread_join(thread, NULL);
    return cpu_ns() - started;
}

static void flood(int cpus)
{
    flood_cpus = cpus;
    pin_thread(0);
    the_loop = loop_new();
    posts_new(the_loop, count_posted);
    int64_t count = fitting(flood_cost(20000), 20000, 20000, 2000000);
    put(flood_cost(count) / (double)count, "flood_%dcpu", cpus);
}

static LOOP *far_loop;
static int64_t trips_left;

/* Runs on the near loop for &trips_left, on the far one for anything else. */
static void bounce(void *item)
{
    if (item != &trips_left) {
        if (item == NULL) loop_stop(far_loop);
        else post(the_loop, &trips_left);
    } else if (--trips_left > 0) {
        post(far_loop, &far_loop);
    } else {
        loop_stop(the_loop);
    }
}

static void *run_far(void *argument UNUSED)
{
    pin_thread(flood_cpus - 1);
    loop_run(far_loop);
    return NULL;
}

static int64_t trips_cost(int64_t trips)
{
    trips_left = trips;
    int64_t started = cpu_ns();
    post(far_loop, &far_loop);
    loop_run(the_loop);
    return cpu_ns() - started;
}

static void roundtrip(int cpus)
{
    flood_cpus = cpus;
    pin_thread(0);
    the_loop = loop_new();
    far_loop = loop_new();
    posts_new(the_loop, bounce);
    posts_new(far_loop, bounce);
    pthread_t thread;
    pthread_create(&thread, NULL, run_far, NULL);
    int64_t trips = fitting(trips_cost(500), 500, 500, 1000000);
    put(trips_cost(trips) / (double)trips, "roundtrip_%dcpu", cpus);
    post(far_loop, NULL);
    pthread_join(thread, NULL);
}
#endif

#ifdef HAS_ECHO
static void serve(int connections)
{
    int listener = checked(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    checked(bind(listener, (struct sockaddr *)&address, length), "bind");
    checked(listen(listener, 1024), "listen");
    checked(getsockname(listener, (struct sockaddr *)&address, &length), "getsockname");
    printf("port %d\n", ntohs(address.sin_port));
    fflush(stdout);
    echo(listener, connections);
    put((cpu_ns() - echo_started) / ((double)echo_octets / 64), "echo_%d", connections);
}
#endif

/* A second thread that sleeps, as every process of .NET has one: then the kernel counts each use of a descriptor. "apart": it
 * has a table of descriptors of its own. */
static void *sleep_for_ever(void *unused)
{
    if (!strcmp(getenv("SECOND_THREAD"), "apart") && unshare(CLONE_FILES) != 0) fail("unshare");
    for (;;) pause();
    return unused;
}

int main(int argument_count, char **arguments)
{
    pthread_t second;
    if (getenv("SECOND_THREAD")) pthread_create(&second, NULL, sleep_for_ever, NULL);
    const char *work = argument_count > 1 ? arguments[1] : "";
    int first = argument_count > 2 ? atoi(arguments[2]) : 0;
    if (getenv("BUDGET_MS")) budget_ns = atoll(getenv("BUDGET_MS")) * 1000000;
    sched_getaffinity(0, sizeof allowed_cpus, &allowed_cpus);
#ifdef BEFORE_WORK
    BEFORE_WORK(work);
#endif
    if (!strcmp(work, "chain") && argument_count > 3) chain(first, atoi(arguments[3]));
    else if (!strcmp(work, "turn")) turn(first);
#ifdef HAS_TIMERS
    else if (!strcmp(work, "timers")) timers(first);
    else if (!strcmp(work, "churn")) churn(first);
    else if (!strcmp(work, "overshoot")) overshoot();
#endif
#ifdef HAS_POSTS
    else if (!strcmp(work, "flood")) flood(first);
    else if (!strcmp(work, "roundtrip")) roundtrip(first);
#endif
#ifdef HAS_ECHO
    else if (!strcmp(work, "echo")) serve(first);
#endif
    else if (!strcmp(work, "idle")) { loop_new(); pause(); }
    else return 2; /* this peer does not do that */
    return 0;
}
