#include "demo_relay.h"

#include "mem.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LINKS_MAX = 64, CHUNK = 65536, BACKLOG = 64 };

/* What goes one way, and has not been passed on yet. */
struct flow {
    char bytes[CHUNK];
    size_t from, n;
};
struct link {
    int fd[2];           /* who connected, and the server; -1: free */
    struct flow flow[2]; /* [i]: from fd[i] to the other */
};

static bool address(const char *path, struct sockaddr_un *a)
{
    *a = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof a->sun_path)
        return false;
    memcpy(a->sun_path, path, strlen(path) + 1);
    return true;
}

int relay_listen(const char *path, struct err *e)
{
    struct sockaddr_un a;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    unlink(path);
    if (fd >= 0 && address(path, &a) && bind(fd, (struct sockaddr *)&a, sizeof a) == 0 &&
        listen(fd, BACKLOG) == 0)
        return fd;
    fail(e, ERR_IO, "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

static int connect_to(const char *path)
{
    struct sockaddr_un a;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && address(path, &a) && connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static void accept_one(int listener, const char *to, struct link *links)
{
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    int server = fd >= 0 ? connect_to(to) : -1;
    for (size_t i = 0; server >= 0 && i < LINKS_MAX; i++)
        if (links[i].fd[0] < 0) {
            links[i].fd[0] = fd;
            links[i].fd[1] = server;
            links[i].flow[0].n = links[i].flow[1].n = 0;
            return;
        }
    if (server >= 0)
        close(server);
    if (fd >= 0)
        close(fd);
}

static void hang_up(struct link *l)
{
    close(l->fd[0]);
    close(l->fd[1]);
    l->fd[0] = l->fd[1] = -1;
}

/* Takes in what is there while nothing is left to be passed on, passes on what the other end
 * takes. False when an end is gone. */
static bool pass(struct link *l, int i)
{
    struct flow *f = &l->flow[i];
    if (f->n == 0) {
        ssize_t n = recv(l->fd[i], f->bytes, sizeof f->bytes, MSG_DONTWAIT);
        if (n <= 0)
            return n < 0 && errno == EAGAIN;
        f->from = 0;
        f->n = (size_t)n;
    }
    ssize_t n = send(l->fd[!i], f->bytes + f->from, f->n, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0)
        return errno == EAGAIN;
    f->from += (size_t)n;
    f->n -= (size_t)n;
    return true;
}

static short wanted(const struct link *l, int i)
{
    short in = l->flow[i].n == 0 ? POLLIN : 0, out = l->flow[!i].n ? POLLOUT : 0;
    return (short)(in | out);
}

void relay_run(int listener, const char *to)
{
    struct link *links = mem_new(LINKS_MAX * sizeof *links);
    struct pollfd fds[1 + 2 * LINKS_MAX];
    for (size_t i = 0; i < LINKS_MAX; i++)
        links[i].fd[0] = links[i].fd[1] = -1;
    for (;;) {
        fds[0] = (struct pollfd){.fd = listener, .events = POLLIN};
        for (size_t i = 0; i < LINKS_MAX; i++)
            for (int end = 0; end < 2; end++)
                fds[1 + 2 * i + (size_t)end] =
                    (struct pollfd){.fd = links[i].fd[end], .events = wanted(&links[i], end)};
        if (poll(fds, COUNT_OF(fds), -1) < 0)
            continue;
        for (size_t i = 0; i < LINKS_MAX; i++) {
            bool any = fds[1 + 2 * i].revents || fds[2 + 2 * i].revents;
            if (any && !(pass(&links[i], 0) && pass(&links[i], 1)))
                hang_up(&links[i]);
        }
        if (fds[0].revents)
            accept_one(listener, to, links);
    }
}
