/* load NAME CONNECTIONS ACTIVE RATE MILLISECONDS BURST KIND SERVER...: an open-loop load. Messages are due at fixed instants, whether
 * or not the server keeps up, and latency counts from there. Starts the server, looks at it from outside (CPU time, context
 * switches, memory), and prints lines "NAME_what value". */
#include "../loop/peers/bench.h"
#include <dirent.h>
#include <sys/prctl.h>
#include <sys/wait.h>

enum { SIZE = 64, MESSAGES_MAX = 2000000 };

struct account { double cpu_ns, voluntary, involuntary, threads; };

static int64_t due[MESSAGES_MAX], late[MESSAGES_MAX];

static double number_behind(const char *text, const char *label)
{
    const char *at = strstr(text, label);
    return at ? atof(at + strlen(label)) : 0;
}

static const char *content(const char *path)
{
    static char text[65536];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0) close(fd);
    text[length < 0 ? 0 : length] = 0;
    return text;
}

/* All threads of the server. */
static struct account look_at(pid_t server)
{
    struct account sum = {0};
    char path[600];
    snprintf(path, sizeof path, "/proc/%d/task", server);
    DIR *tasks = opendir(path);
    for (struct dirent *task; tasks && (task = readdir(tasks));) {
        if (task->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", server, task->d_name);
        sum.cpu_ns += atof(content(path));
        snprintf(path, sizeof path, "/proc/%d/task/%s/status", server, task->d_name);
        const char *status = content(path);
        sum.voluntary += number_behind(status, "\nvoluntary_ctxt_switches:");
        sum.involuntary += number_behind(status, "nonvoluntary_ctxt_switches:");
        sum.threads++;
    }
    if (tasks) closedir(tasks);
    return sum;
}

static pid_t start_server(char **command, int *input, FILE **output)
{
    int in[2], out[2];
    checked(pipe2(in, O_CLOEXEC), "pipe2");
    checked(pipe2(out, O_CLOEXEC), "pipe2");
    pid_t child = checked(fork(), "fork");
    if (child == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        execvp(command[0], command);
        fail(command[0]);
    }
    close(in[0]);
    close(out[1]);
    *input = in[1];
    *output = fdopen(out[0], "r");
    return child;
}

static int connect_to(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    checked(connect(fd, (struct sockaddr *)&address, sizeof address), "connect");
    no_delay(fd);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

struct plan { int connections, active, rate, milliseconds, burst; char kind; };

static void send_one(int fd, int64_t id, char kind)
{
    unsigned char message[SIZE] = {0};
    memcpy(message, &id, sizeof id);
    message[8] = kind;
    while (send(fd, message, SIZE, MSG_NOSIGNAL) < 0) {
        if (errno != EAGAIN) fail("send");
        sched_yield();
    }
}

/* Answers that came; each tells which message it is. */
static int64_t receive(int fd, int64_t now)
{
    static unsigned char data[FD_SETSIZE * 32][SIZE];
    static int have[FD_SETSIZE * 32];
    int64_t answered = 0;
    ssize_t length;
    while ((length = recv(fd, data[fd] + have[fd], SIZE - have[fd], 0)) > 0) {
        if ((have[fd] += length) < SIZE) continue;
        int64_t id;
        memcpy(&id, data[fd], sizeof id);
        if (id >= 0) late[id] = now - due[id];
        have[fd] = 0;
        answered++;
    }
    if (length == 0) fail("the server hung up");
    return answered;
}

/* Returns how many were answered, 10 s after the last was due at the latest. */
static int64_t drive(int epoll, const int *fds, const struct plan *plan, int64_t messages)
{
    struct epoll_event events[1024];
    int64_t sent = 0, answered = 0, start = now_ns() + 5000000, interval = 1000000000LL / plan->rate;
    for (int64_t i = 0; i < messages; i++) due[i] = start + i / plan->burst * plan->burst * interval;
    while (answered < messages) {
        int64_t now = now_ns();
        for (; sent < messages && due[sent] <= now; sent++)
            send_one(fds[next_random() % plan->active * (plan->connections / plan->active)], sent, plan->kind);
        int64_t left = sent < messages ? due[sent] - now_ns() : due[messages - 1] + 10000000000LL - now;
        if (left < 0) {
            if (sent == messages) break;
            left = 0;
        }
        struct timespec timeout = {left / 1000000000, left % 1000000000};
        int count = epoll_pwait2(epoll, events, 1024, &timeout, NULL);
        now = now_ns();
        for (int i = 0; i < count; i++) answered += receive(events[i].data.fd, now);
    }
    return answered;
}

/* One message on each connection, so that every one has been seen and has its thread. */
static void greet(int epoll, const int *fds, int count)
{
    struct epoll_event events[1024];
    int answered = 0;
    for (int i = 0; i < count; i++) send_one(fds[i], -1, 'e');
    while (answered < count) {
        int ready = epoll_wait(epoll, events, 1024, 10000);
        if (ready <= 0) fail("no greeting for 10 s");
        for (int i = 0; i < ready; i++) answered += receive(events[i].data.fd, 0);
    }
}

static int by_value(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void report(const char *name, pid_t server, int64_t messages, struct account before, struct account after)
{
    char path[64];
    qsort(late, messages, sizeof late[0], by_value);
    put(late[messages / 2] / 1000.0, "%s_p50", name);
    put(late[messages * 99 / 100] / 1000.0, "%s_p99", name);
    put((after.cpu_ns - before.cpu_ns) / 1000.0 / messages, "%s_cpu", name);
    put((after.voluntary - before.voluntary) * 1000 / messages, "%s_voluntary", name);
    put((after.involuntary - before.involuntary) * 1000 / messages, "%s_involuntary", name);
    put(after.threads, "%s_threads", name);
    snprintf(path, sizeof path, "/proc/%d/status", server);
    put(number_behind(content(path), "VmSize:"), "%s_vsz", name);
    put(number_behind(content(path), "VmRSS:"), "%s_rss", name);
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", server);
    put(number_behind(content(path), "\nPss:"), "%s_pss", name);
}

int main(int argument_count, char **arguments)
{
    char line[256] = "";
    int port = 0, input;
    FILE *output;
    if (argument_count < 9) return 2;
    struct plan plan = {atoi(arguments[2]), atoi(arguments[3]), atoi(arguments[4]), atoi(arguments[5]), atoi(arguments[6]), arguments[7][0]};
    pid_t server = start_server(arguments + 8, &input, &output);
    if (!fgets(line, sizeof line, output) || sscanf(line, "port %d", &port) != 1) return 2;
    int *fds = malloc(plan.connections * sizeof *fds), epoll = checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    for (int i = 0; i < plan.connections; i++) {
        fds[i] = connect_to(port);
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fds[i]};
        checked(epoll_ctl(epoll, EPOLL_CTL_ADD, fds[i], &event), "epoll_ctl");
    }
    prctl(PR_SET_TIMERSLACK, 1);
    greet(epoll, fds, plan.connections);
    int64_t messages = (int64_t)plan.rate * plan.milliseconds / 1000;
    struct account before = look_at(server);
    int64_t answered = drive(epoll, fds, &plan, messages);
    struct account after = look_at(server);
    if (answered < messages) fprintf(stderr, "%s: %lld of %lld not answered\n", arguments[1], (long long)(messages - answered), (long long)messages);
    else report(arguments[1], server, messages, before, after);
    close(input);
    waitpid(server, NULL, 0);
    return answered < messages;
}
