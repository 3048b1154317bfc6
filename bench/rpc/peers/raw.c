// The floor: answers the calls of the benchmark from one thread with epoll, and does nothing else a server has to do (no limits,
// no authentication, no keepalive, no decoding of arguments, no slow reader). raw SOCKET
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { HEADER = 28, SIZE = 4096 };

struct client {
    int fd;
    unsigned have;
    unsigned char in[SIZE];
};

static unsigned char out[64 * 1024];
static unsigned filled;

static void put(uint32_t value) {
    value = htonl(value);
    memcpy(out + filled, &value, 4);
    filled += 4;
}

static void text(const char *value) {
    unsigned length = strlen(value), padded = (length + 3) & ~3u;
    put(length);
    memset(out + filled, 0, padded);
    memcpy(out + filled, value, length);
    filled += padded;
}

static uint32_t get(const unsigned char *at) {
    uint32_t value;
    memcpy(&value, at, 4);
    return ntohl(value);
}

static void answer(const unsigned char *call) {
    unsigned start = filled, i;
    char name[16], address[24];
    memcpy(out + filled, call, HEADER);
    filled += HEADER;
    out[start + 19] = 1; // a reply
    switch (get(call + 12)) {
    case 59: text("host.example.net"); break;
    case 110: text("interface:///system"); break;
    case 66: put(1); put(0); break;
    case 284:
        put(8);
        for (i = 0; i < 8; i++) {
            sprintf(name, "eth%u", i);
            sprintf(address, "52:54:00:00:00:%02x", i);
            text(name);
            text(address);
        }
        put(8);
        break;
    default: break; // nothing to say
    }
    uint32_t length = htonl(filled - start);
    memcpy(out + start, &length, 4);
}

static int serve(struct client *client) {
    ssize_t n = recv(client->fd, client->in + client->have, SIZE - client->have, MSG_DONTWAIT);
    if (n <= 0) return n < 0 && errno == EAGAIN ? 0 : -1;
    client->have += n;
    unsigned at = 0;
    filled = 0;
    while (client->have - at >= HEADER) {
        uint32_t length = get(client->in + at);
        if (length < HEADER || length > SIZE) return -1;
        if (length > client->have - at) break;
        answer(client->in + at);
        at += length;
    }
    memmove(client->in, client->in + at, client->have - at);
    client->have -= at;
    return filled == 0 || send(client->fd, out, filled, MSG_NOSIGNAL) == (ssize_t)filled ? 0 : -1;
}

int main(int argc, char **argv) {
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (argc < 2 || strlen(argv[1]) >= sizeof address.sun_path) return 2;
    strcpy(address.sun_path, argv[1]);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), poll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event events[64], wish = { .events = EPOLLIN, .data.ptr = NULL };
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 1000) < 0) { perror(argv[1]); return 1; }
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &wish);
    for (;;) {
        int n = epoll_wait(poll, events, 64, -1);
        for (int i = 0; i < n; i++) {
            struct client *client = events[i].data.ptr;
            if (!client) {
                int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
                if (fd < 0) continue;
                client = calloc(1, sizeof *client);
                client->fd = fd;
                wish.data.ptr = client;
                epoll_ctl(poll, EPOLL_CTL_ADD, fd, &wish);
            } else if (serve(client) < 0) {
                close(client->fd);
                free(client);
            }
        }
    }
}
