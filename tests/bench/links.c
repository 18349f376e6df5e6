#include "links.h"
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_MAX = 1 << 20, EVENTS_MAX = 1024, ADDRESSES = 16 };
enum { OP_TEXT = 1, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

void links_open(struct links *k, size_t n, int port)
{
    *k = (struct links){.epoll = epoll_create1(EPOLL_CLOEXEC), .n = n, .port = port};
    k->v = mem_new(n * sizeof(*k->v));
    k->bytes = mem_new(READ_MAX);
    for (size_t i = 0; i < n; i++)
        k->v[i] = (struct link){.fd = -1, .index = (uint32_t)i, .next_id = 1};
}

static void hang_up(struct links *k, struct link *c)
{
    k->dialing -= c->state != LINK_OFF && c->state != LINK_READY;
    k->ready -= c->state == LINK_READY;
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
    c->state = LINK_OFF;
    c->wants_out = false;
    buf_finish(&c->in);
    buf_finish(&c->out);
}

void links_hang_up(struct links *k, struct link *c)
{
    hang_up(k, c);
}

void links_close(struct links *k)
{
    for (size_t i = 0; i < k->n; i++)
        hang_up(k, &k->v[i]);
}

static void lose(struct links *k, struct link *c, const char *why)
{
    if (k->lost++ == 0)
        fprintf(stderr, "load: connection %u lost: %s\n", c->index, why);
    hang_up(k, c);
}

/* ---- out ---- */

static void watch(struct links *k, struct link *c, int op, bool out)
{
    struct epoll_event e = {.events = EPOLLIN | (out ? EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(k->epoll, op, c->fd, &e);
    c->wants_out = out;
}

static void flush(struct links *k, struct link *c)
{
    while (c->out.n > 0) {
        ssize_t done = send(c->fd, c->out.p, c->out.n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (done <= 0)
            break;
        buf_drop(&c->out, (size_t)done);
    }
    if (c->wants_out != (c->out.n > 0))
        watch(k, c, EPOLL_CTL_MOD, c->out.n > 0);
}

static void send_frame(struct links *k, struct link *c, int op, struct str text)
{
    static const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    buf_add_c(&c->out, (char)(0x80 | op));
    bug_on(text.n > 0xffff);
    if (text.n < 126) {
        buf_add_c(&c->out, (char)(0x80 | text.n));
    } else {
        buf_add_c(&c->out, (char)(0x80 | 126));
        buf_add_c(&c->out, (char)(text.n >> 8));
        buf_add_c(&c->out, (char)(text.n & 0xff));
    }
    buf_add(&c->out, mask, sizeof(mask));
    size_t from = c->out.n;
    buf_add_str(&c->out, text);
    for (size_t i = 0; i < text.n; i++)
        c->out.p[from + i] = (char)((unsigned char)c->out.p[from + i] ^ mask[i & 3]);
    flush(k, c);
}

void link_send(struct links *k, struct link *c, struct str text)
{
    if (c->fd >= 0)
        send_frame(k, c, OP_TEXT, text);
}

void link_ready(struct links *k, struct link *c)
{
    if (c->state == LINK_READY)
        return;
    c->state = LINK_READY;
    k->dialing--;
    k->ready++;
}

/* ---- in ---- */

/* The answer of the handshake; returns how many bytes it took, 0 when it is not whole. */
static size_t take_answer(struct load *l, struct link *c, struct str got)
{
    const char *end = memmem(got.p, got.n, "\r\n\r\n", 4);
    if (!end)
        return 0;
    if (!str_starts(got, "HTTP/1.1 101")) {
        fprintf(stderr, "load: refused: %.*s\n", (int)strcspn(got.p, "\r\n"), got.p);
        lose(&l->links, c, "no upgrade");
        return got.n;
    }
    c->state = LINK_SIGNING;
    l->dialect->opened(l, c);
    return (size_t)(end + 4 - got.p);
}

static void take_text(struct load *l, struct link *c, int op, struct str text)
{
    if (op == OP_TEXT)
        load_text(l, c, text);
    else if (op == OP_PING)
        send_frame(&l->links, c, OP_PONG, text);
    else if (op == OP_CLOSE)
        lose(&l->links, c, text.n > 2 ? text.p + 2 : "closed");
}

/* One frame off the front of got; 0 when it is not whole. Servers do not fragment here. */
static size_t take_frame(struct load *l, struct link *c, struct str got)
{
    const unsigned char *p = (const unsigned char *)got.p;
    size_t head = 2, n = got.n >= 2 ? p[1] : 0;
    if (n == 126 && got.n >= 4) {
        head = 4;
        n = (size_t)p[2] << 8 | p[3];
    } else if (n == 127 && got.n >= 10) {
        head = 10;
        n = 0;
        for (int i = 2; i < 10; i++)
            n = n << 8 | p[i];
    }
    if (got.n < head || (n >= 126 && head == 2) || got.n < head + n)
        return 0;
    take_text(l, c, p[0] & 0xf, (struct str){got.p + head, n});
    return head + n;
}

static void hear(struct load *l, struct link *c)
{
    struct links *k = &l->links;
    size_t kept = c->in.n;
    if (kept >= READ_MAX) {
        lose(k, c, "a frame larger than all that is known");
        return;
    }
    if (kept > 0)
        memcpy(k->bytes, c->in.p, kept);
    ssize_t n = recv(c->fd, k->bytes + kept, READ_MAX - kept, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        lose(k, c, n < 0 ? strerror(errno) : "end of stream");
        return;
    }
    k->bytes_in += (uint64_t)n;
    struct str got = {k->bytes, kept + (size_t)n};
    while (c->fd >= 0 && got.n > 0) {
        size_t took = c->state == LINK_DIALING ? take_answer(l, c, got) : take_frame(l, c, got);
        if (took == 0)
            break;
        got.p += took;
        got.n -= took;
    }
    if (c->fd < 0)
        return;
    buf_clear(&c->in);
    if (got.n > 0)
        buf_add(&c->in, got.p, got.n);
    else if (c->in.cap > 4096)
        buf_finish(&c->in);
}

void links_turn(struct load *l, int64_t ns)
{
    struct epoll_event events[EVENTS_MAX];
    struct timespec t = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    int n = epoll_pwait2(l->links.epoll, events, EVENTS_MAX, ns < 0 ? NULL : &t, NULL);
    for (int i = 0; i < n; i++) {
        struct link *c = events[i].data.ptr;
        if (c->fd >= 0 && events[i].events & EPOLLOUT)
            flush(&l->links, c);
        if (c->fd >= 0 && events[i].events & ~(uint32_t)EPOLLOUT)
            hear(l, c);
    }
}

/* ---- dialing ---- */

/* Many source addresses, so that ports do not run out over repeated runs. */
static int socket_for(const struct link *c)
{
    struct sockaddr_in from = {.sin_family = AF_INET,
                               .sin_addr.s_addr =
                                   htonl(INADDR_LOOPBACK + 1 + c->index % ADDRESSES)};
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
    if (bind(fd, (struct sockaddr *)&from, sizeof(from)) == 0)
        return fd;
    close(fd);
    return -1;
}

static void dial(struct load *l, struct link *c)
{
    struct links *k = &l->links;
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)k->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    c->fd = socket_for(c);
    c->state = LINK_DIALING;
    k->dialing++;
    if (c->fd < 0 ||
        (connect(c->fd, (struct sockaddr *)&to, sizeof(to)) < 0 && errno != EINPROGRESS)) {
        lose(k, c, strerror(errno));
        return;
    }
    buf_add_str(&c->out, STR("GET "));
    l->dialect->path(&c->out, l, c);
    buf_fmt(&c->out,
            " HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n",
            k->port);
    l->dialect->headers(&c->out, l, c);
    buf_add_str(&c->out, STR("\r\n"));
    watch(k, c, EPOLL_CTL_ADD, true);
}

bool links_dial(struct load *l, bool (*pick)(const struct load *l, const struct link *c),
                size_t window, int64_t ms)
{
    struct links *k = &l->links;
    size_t next = 0, ready = k->ready;
    int64_t end = clock_ns() + ms * 1000000;
    while (next < k->n || k->dialing > 0) {
        for (; next < k->n && k->dialing < window; next++) {
            if (k->v[next].state == LINK_OFF && (!pick || pick(l, &k->v[next])))
                dial(l, &k->v[next]);
        }
        links_turn(l, 1000000);
        if (k->ready > ready)
            end = clock_ns() + ms * 1000000;
        ready = k->ready;
        if (clock_ns() > end) {
            fprintf(stderr, "load: stuck: %zu ready, %zu on their way, %zu lost\n", k->ready,
                    k->dialing, k->lost);
            return false;
        }
    }
    return k->lost == 0;
}
