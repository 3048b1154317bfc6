/* The stopwatch of `./do bench connman`: watches net.connman on the system bus and times what it does, with CLOCK_MONOTONIC.
 *
 *   observer cable LINK PID UNTIL SECONDS   sets LINK up in the network namespace of PID, then waits for the Manager's State signals;
 *                                           prints "ready US" and "online US", counted from just before the link was set up
 *   observer owned SECONDS COMMAND...       starts COMMAND; prints "owned US" when it owns the name, and "pid PID"; leaves it running
 *   observer calls N                        calls GetServices N times; prints "calls N p50 US p99 US max US"
 *   observer during COMMAND...              calls GetServices until COMMAND has ended; prints the same and "command US"
 *   observer state WANTED SECONDS           waits until Manager.State is WANTED; prints "state US"
 */
#define _GNU_SOURCE
#include "libdbus.h"
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static DBusConnection *bus;

static double now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static void die(const char *what) {
    fprintf(stderr, "observer: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void connect_bus(void) {
    DBusError error;
    dbus_error_init(&error);
    bus = dbus_bus_get_private(DBUS_BUS_SYSTEM, &error);
    if (!bus) {
        fprintf(stderr, "observer: %s\n", error.message);
        exit(1);
    }
    dbus_connection_set_exit_on_disconnect(bus, FALSE);
}

static void match(const char *rule) {
    DBusError error;
    dbus_error_init(&error);
    dbus_bus_add_match(bus, rule, &error); /* waits for the reply: the rule is in force afterwards */
    if (dbus_error_is_set(&error)) {
        fprintf(stderr, "observer: %s\n", error.message);
        exit(1);
    }
}

/* The next message within the given time, or NULL. */
static DBusMessage *next_message(double until) {
    for (;;) {
        DBusMessage *message = dbus_connection_pop_message(bus);
        if (message)
            return message;
        double left = (until - now_us()) / 1e3;
        if (left <= 0)
            return NULL;
        if (!dbus_connection_read_write(bus, left > 1000 ? 1000 : (int)left + 1))
            return NULL;
    }
}

/* The new Manager.State in this message, or NULL when it is another message. */
static const char *state_in(DBusMessage *message) {
    DBusMessageIter iter, variant;
    const char *name, *value;
    if (!dbus_message_is_signal(message, "net.connman.Manager", "PropertyChanged") || !dbus_message_iter_init(message, &iter))
        return NULL;
    dbus_message_iter_get_basic(&iter, &name);
    if (strcmp(name, "State") || !dbus_message_iter_next(&iter))
        return NULL;
    dbus_message_iter_recurse(&iter, &variant);
    if (dbus_message_iter_get_arg_type(&variant) != DBUS_TYPE_STRING)
        return NULL;
    dbus_message_iter_get_basic(&variant, &value);
    return value;
}

static DBusMessage *call(const char *interface, const char *method, int timeout_ms) {
    DBusMessage *request = dbus_message_new_method_call("net.connman", "/", interface, method);
    DBusMessage *reply = dbus_connection_send_with_reply_and_block(bus, request, timeout_ms, NULL);
    dbus_message_unref(request);
    return reply;
}

static int cmd_cable(const char *link, const char *pid, const char *until, double seconds) {
    char path[64];
    int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof path, "/proc/%s/ns/net", pid);
    int there = open(path, O_RDONLY | O_CLOEXEC);
    if (here < 0 || there < 0 || setns(there, CLONE_NEWNET))
        die(path);
    int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0); /* stays in that namespace */
    if (setns(here, CLONE_NEWNET))
        die("setns");
    struct ifreq request;
    memset(&request, 0, sizeof request);
    strncpy(request.ifr_name, link, IFNAMSIZ - 1);
    if (ioctl(control, SIOCGIFFLAGS, &request))
        die(link);
    request.ifr_flags |= IFF_UP;

    connect_bus();
    match("type='signal',interface='net.connman.Manager',member='PropertyChanged'");
    double start = now_us(), deadline = start + seconds * 1e6;
    if (ioctl(control, SIOCSIFFLAGS, &request))
        die("set up");
    DBusMessage *message;
    while ((message = next_message(deadline))) {
        const char *state = state_in(message);
        if (state && (!strcmp(state, "ready") || !strcmp(state, "online"))) {
            printf("%s %.0f\n", state, now_us() - start);
            fflush(stdout);
            if (!strcmp(state, until))
                return 0;
        }
        dbus_message_unref(message);
    }
    printf("timeout %.0f\n", now_us() - start);
    return 3;
}

static int cmd_owned(double seconds, char **command) {
    connect_bus();
    match("type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='net.connman'");
    double start = now_us(), deadline = start + seconds * 1e6;
    pid_t pid = vfork();
    if (pid == 0) {
        dup2(2, 1); /* the caller may read our output until its end */
        execv(command[0], command);
        _exit(127);
    }
    DBusMessage *message;
    while ((message = next_message(deadline))) {
        if (dbus_message_is_signal(message, "org.freedesktop.DBus", "NameOwnerChanged")) {
            printf("owned %.0f\npid %d\n", now_us() - start, pid);
            return 0;
        }
        dbus_message_unref(message);
    }
    printf("timeout %.0f\npid %d\n", now_us() - start, pid);
    return 3;
}

static double *latencies;
static int count, room;

static void timed_call(void) {
    double start = now_us();
    DBusMessage *reply = call("net.connman.Manager", "GetServices", 60000);
    if (!reply) {
        fprintf(stderr, "observer: GetServices failed\n");
        exit(1);
    }
    dbus_message_unref(reply);
    if (count == room)
        latencies = realloc(latencies, (room = room ? room * 2 : 1024) * sizeof *latencies);
    latencies[count++] = now_us() - start;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_latencies(void) {
    qsort(latencies, count, sizeof *latencies, by_size);
    printf("calls %d p50 %.0f p99 %.0f max %.0f\n", count, latencies[count / 2], latencies[(int)(count * 0.99)], latencies[count - 1]);
}

static int cmd_calls(int n) {
    connect_bus();
    while (n-- > 0)
        timed_call();
    print_latencies();
    return 0;
}

static int cmd_during(char **command) {
    connect_bus();
    timed_call();
    count = 0;
    double start = now_us();
    pid_t pid = fork();
    if (pid == 0) {
        execvp(command[0], command);
        _exit(127);
    }
    int status, ended = 0;
    double took = 0;
    do {
        timed_call(); /* at least one call begins before the command has ended, the last may end later: that is what is asked */
        if (waitpid(pid, &status, WNOHANG) == pid) {
            ended = 1;
            took = now_us() - start;
        }
    } while (!ended);
    print_latencies();
    printf("command %.0f status %d\n", took, WEXITSTATUS(status));
    return 0;
}

static int cmd_state(const char *wanted, double seconds) {
    connect_bus();
    match("type='signal',interface='net.connman.Manager',member='PropertyChanged'");
    double start = now_us(), deadline = start + seconds * 1e6;
    DBusMessage *message = call("net.connman.Manager", "GetProperties", (int)(seconds * 1e3));
    DBusMessageIter iter, array;
    if (message && dbus_message_iter_init(message, &iter) && dbus_message_iter_get_arg_type(&iter) == DBUS_TYPE_ARRAY) {
        dbus_message_iter_recurse(&iter, &array);
        for (; dbus_message_iter_get_arg_type(&array) == DBUS_TYPE_DICT_ENTRY; dbus_message_iter_next(&array)) {
            DBusMessageIter entry, variant;
            const char *name, *value;
            dbus_message_iter_recurse(&array, &entry);
            dbus_message_iter_get_basic(&entry, &name);
            dbus_message_iter_next(&entry);
            dbus_message_iter_recurse(&entry, &variant);
            if (strcmp(name, "State"))
                continue;
            dbus_message_iter_get_basic(&variant, &value);
            if (!strcmp(value, wanted)) {
                printf("state %.0f\n", now_us() - start);
                return 0;
            }
        }
    }
    while ((message = next_message(deadline))) {
        const char *state = state_in(message);
        if (state && !strcmp(state, wanted)) {
            printf("state %.0f\n", now_us() - start);
            return 0;
        }
        dbus_message_unref(message);
    }
    printf("timeout %.0f\n", now_us() - start);
    return 3;
}

int main(int argc, char **argv) {
    if (argc == 6 && !strcmp(argv[1], "cable"))
        return cmd_cable(argv[2], argv[3], argv[4], atof(argv[5]));
    if (argc > 3 && !strcmp(argv[1], "owned"))
        return cmd_owned(atof(argv[2]), argv + 3);
    if (argc == 3 && !strcmp(argv[1], "calls"))
        return cmd_calls(atoi(argv[2]));
    if (argc > 2 && !strcmp(argv[1], "during"))
        return cmd_during(argv + 2);
    if (argc == 4 && !strcmp(argv[1], "state"))
        return cmd_state(argv[2], atof(argv[3]));
    fprintf(stderr, "usage: observer cable|owned|calls|during|state ... (see the head of observer.c)\n");
    return 2;
}
