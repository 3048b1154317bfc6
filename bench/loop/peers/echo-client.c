/* echo-client CONNECTIONS MESSAGES SERVER...: starts an echo server ("port N" is its first line), keeps one message of 64 octets on
 * its way on each connection until all are answered, hangs up, and prints what the server says of itself. */
#include "bench.h"
#include <sys/wait.h>

enum { SIZE = 64 };

static int start_server(char **command, pid_t *child)
{
    int ends[2];
    checked(pipe2(ends, O_CLOEXEC), "pipe2");
    *child = checked(fork(), "fork");
    if (*child == 0) {
        dup2(ends[1], 1);
        execvp(command[0], command);
        fail(command[0]);
    }
    close(ends[1]);
    return ends[0];
}

static int connect_to(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    checked(connect(fd, (struct sockaddr *)&address, sizeof address), "connect");
    no_delay(fd);
    return fd;
}

static void exchange(int *fds, int connections, long messages)
{
    static char message[SIZE], answer[SIZE];
    struct epoll_event events[1024];
    int epoll = checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1"), *have = calloc(connections, sizeof *have);
    long unsent = messages, unanswered = messages;
    for (int i = 0; i < connections; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
        checked(epoll_ctl(epoll, EPOLL_CTL_ADD, fds[i], &event), "epoll_ctl");
    }
    for (int i = 0; i < connections && unsent > 0; i++, unsent--) checked(send(fds[i], message, SIZE, MSG_NOSIGNAL), "send");
    while (unanswered > 0) {
        int count = checked(epoll_wait(epoll, events, 1024, 10000), "epoll_wait");
        if (count == 0) { fprintf(stderr, "echo-client: no answer for 10 s\n"); exit(1); }
        for (int i = 0; i < count; i++) {
            int which = events[i].data.u32;
            ssize_t length = recv(fds[which], answer, SIZE - have[which], 0);
            if (length <= 0) fail("recv");
            if ((have[which] += length) < SIZE) continue;
            have[which] = 0;
            unanswered--;
            if (unsent > 0) {
                unsent--;
                checked(send(fds[which], message, SIZE, MSG_NOSIGNAL), "send");
            }
        }
    }
}

int main(int argument_count, char **arguments)
{
    char line[256];
    pid_t child;
    int port = 0, status = 0;
    if (argument_count < 4) return 2;
    FILE *said = fdopen(start_server(arguments + 3, &child), "r");
    if (fgets(line, sizeof line, said) && sscanf(line, "port %d", &port) == 1) {
        int connections = atoi(arguments[1]), *fds = malloc(connections * sizeof *fds);
        for (int i = 0; i < connections; i++) fds[i] = connect_to(port);
        exchange(fds, connections, atol(arguments[2]));
        for (int i = 0; i < connections; i++) close(fds[i]);
    }
    while (fgets(line, sizeof line, said)) fputs(line, stdout);
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
