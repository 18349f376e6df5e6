/* The least that a server of rooms can do: epoll, send, and just enough of RFC 6455. No tokens,
 * no checks, no storage, no timeouts. What it costs is what the kernel costs; the others are
 * measured against it.   peer_epoll PORT
 *
 * GET /?room=NAME joins a room; each text frame goes, as it is, to everybody in it. What comes
 * in one turn of the loop for a room leaves in one send for each member. */
#include "frame.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNS_MAX = 20000, ROOMS_MAX_HERE = 2000, READ_MAX = 65536, EVENTS_MAX = 1024 };

struct room {
    char name[32];
    VEC(int) members; /* descriptors */
    struct buf turn;  /* what came for it in this turn, framed */
};

struct conn {
    struct room *room;   /* NULL: no handshake yet */
    struct buf in, late; /* late: what the kernel did not take */
};

struct server {
    int epoll, listener;
    struct conn conns[CONNS_MAX]; /* by descriptor */
    struct room rooms[ROOMS_MAX_HERE];
    size_t n_rooms;
    VEC(struct room *) dirty;
    char bytes[READ_MAX];
};

static struct room *room_of(struct server *s, const char *name, size_t n)
{
    for (size_t i = 0; i < s->n_rooms; i++) {
        if (strlen(s->rooms[i].name) == n && memcmp(s->rooms[i].name, name, n) == 0)
            return &s->rooms[i];
    }
    bug_on(s->n_rooms == ROOMS_MAX_HERE || n >= sizeof(s->rooms->name));
    struct room *r = &s->rooms[s->n_rooms++];
    memcpy(r->name, name, n);
    return r;
}

static void watch(struct server *s, int fd, int op, uint32_t events)
{
    struct epoll_event e = {.events = events, .data.fd = fd};
    epoll_ctl(s->epoll, op, fd, &e);
}

static void drop(struct server *s, int fd)
{
    struct conn *c = &s->conns[fd];
    for (size_t i = 0; c->room && i < c->room->members.n; i++) {
        if (c->room->members.v[i] == fd) {
            vec_remove(&c->room->members, i);
            break;
        }
    }
    buf_finish(&c->in);
    buf_finish(&c->late);
    *c = (struct conn){0};
    close(fd);
}

static void put(struct server *s, int fd, struct str bytes)
{
    struct conn *c = &s->conns[fd];
    ssize_t done = 0;
    if (c->late.n == 0)
        done = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (done == (ssize_t)bytes.n)
        return;
    if (c->late.n == 0)
        watch(s, fd, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
    done = done < 0 ? 0 : done;
    buf_add(&c->late, bytes.p + done, bytes.n - (size_t)done);
}

static void put_late(struct server *s, int fd)
{
    struct conn *c = &s->conns[fd];
    ssize_t done = send(fd, c->late.p, c->late.n, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (done < 0 && errno != EAGAIN) {
        drop(s, fd);
        return;
    }
    if (done > 0)
        buf_drop(&c->late, (size_t)done);
    if (c->late.n == 0) {
        buf_finish(&c->late);
        watch(s, fd, EPOLL_CTL_MOD, EPOLLIN);
    }
}

/* The load sends the key of RFC 6455, section 1.3, so its answer is known. */
static void shake_hands(struct server *s, int fd)
{
    static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                 "Connection: Upgrade\r\n"
                                 "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    struct conn *c = &s->conns[fd];
    const char *end = memmem(c->in.p, c->in.n, "\r\n\r\n", 4);
    const char *room = memmem(c->in.p, c->in.n, "?room=", 6);
    if (!end)
        return;
    bug_on(!room);
    room += 6;
    c->room = room_of(s, room, strcspn(room, "& \r"));
    vec_push(&c->room->members, fd);
    buf_finish(&c->in);
    struct buf out = {0};
    buf_add(&out, answer, sizeof(answer) - 1);
    frame_add(&out, STR("{\"type\":\"welcome\"}"));
    put(s, fd, buf_str(&out));
    buf_finish(&out);
}

static void relay(struct server *s, struct room *r, struct str text)
{
    if (r->turn.n == 0)
        vec_push(&s->dirty, r);
    frame_add(&r->turn, text);
}

/* Takes one masked frame of at most 64 KiB off the front; false when there is no whole one. */
static bool take_frame(struct server *s, int fd)
{
    struct conn *c = &s->conns[fd];
    unsigned char *p = (unsigned char *)c->in.p;
    size_t head = 6, n = c->in.n >= 2 ? p[1] & 0x7fu : 0;
    if (n == 126) {
        head = 8;
        n = c->in.n >= 4 ? (size_t)p[2] << 8 | p[3] : 0;
    }
    if (c->in.n < head || c->in.n < head + n)
        return false;
    for (size_t i = 0; i < n; i++)
        p[head + i] ^= p[head - 4 + (i & 3)];
    if ((p[0] & 0xf) == 1)
        relay(s, c->room, (struct str){c->in.p + head, n});
    buf_drop(&c->in, head + n);
    return true;
}

static void hear(struct server *s, int fd)
{
    struct conn *c = &s->conns[fd];
    ssize_t n = recv(fd, s->bytes, sizeof(s->bytes), MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0) {
        drop(s, fd);
        return;
    }
    buf_add(&c->in, s->bytes, (size_t)n);
    if (!c->room)
        shake_hands(s, fd);
    while (c->room && take_frame(s, fd))
        ;
    if (c->in.n == 0)
        buf_finish(&c->in);
}

static void take_in(struct server *s)
{
    for (;;) {
        int fd = accept4(s->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), on = 1;
        if (fd < 0)
            return;
        bug_on(fd >= CONNS_MAX);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        watch(s, fd, EPOLL_CTL_ADD, EPOLLIN);
    }
}

static void end_turn(struct server *s)
{
    vec_each (room, &s->dirty) {
        for (size_t i = 0; i < (*room)->members.n; i++)
            put(s, (*room)->members.v[i], buf_str(&(*room)->turn));
        buf_clear(&(*room)->turn);
    }
    s->dirty.n = 0;
}

static bool start(struct server *s, int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((uint16_t)port),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct rlimit files = {CONNS_MAX, CONNS_MAX};
    int on = 1;
    setrlimit(RLIMIT_NOFILE, &files);
    s->epoll = epoll_create1(EPOLL_CLOEXEC);
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(s->listener, (struct sockaddr *)&a, sizeof(a)) < 0 ||
        listen(s->listener, 8192) < 0)
        return false;
    watch(s, s->listener, EPOLL_CTL_ADD, EPOLLIN);
    return true;
}

int main(int argc, char **argv)
{
    struct epoll_event events[EVENTS_MAX];
    struct server *s = NEW(struct server);
    if (argc != 2 || !start(s, (int)strtol(argv[1], NULL, 10))) {
        perror("peer_epoll PORT");
        return 1;
    }
    for (;;) {
        int n = epoll_wait(s->epoll, events, EVENTS_MAX, -1);
        for (int i = 0; i < n; i++) {
            int fd = events[i].data.fd;
            if (fd == s->listener)
                take_in(s);
            else if (events[i].events & EPOLLOUT)
                put_late(s, fd);
            else
                hear(s, fd);
        }
        end_turn(s);
    }
}
