#include "ws_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* The sample nonce of RFC 6455, section 1.3, and what a server must make of it. */
static const char key[] = "dGhlIHNhbXBsZSBub25jZQ==";
static const char accept_line[] = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
enum { HEAD_MAX = 64 * 1024, FRAME_MAX = 16 * 1024 * 1024 };

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool wait_for(const struct ws_client *c, short events, int64_t deadline)
{
    for (;;) {
        int64_t left = deadline - now_ms();
        struct pollfd p = {.fd = c->fd, .events = events};
        int n = poll(&p, 1, left > 0 ? (int)left : 0);
        if (n > 0)
            return true;
        if (n == 0 || errno != EINTR)
            return false;
    }
}

static int dial_unix(const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof a.sun_path)
        return -1;
    memcpy(a.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&a, sizeof a) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static int dial_tcp(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((uint16_t)port),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&a, sizeof a) != 0) {
        close(fd);
        return -1;
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

bool ws_connect(struct ws_client *c, const struct ws_dial *d)
{
    *c = (struct ws_client){.timeout_ms = d->timeout_ms ? d->timeout_ms : 5000};
    c->fd = d->fd ? d->fd : d->unix_path ? dial_unix(d->unix_path) : dial_tcp(d->port);
    return c->fd >= 0;
}

bool ws_send_raw(struct ws_client *c, struct str bytes)
{
    int64_t deadline = now_ms() + c->timeout_ms;
    while (bytes.n) {
        ssize_t n = send(c->fd, bytes.p, bytes.n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n > 0) {
            bytes.p += n;
            bytes.n -= (size_t)n;
        } else if (errno != EINTR && (errno != EAGAIN || !wait_for(c, POLLOUT, deadline))) {
            return false;
        }
    }
    return true;
}

/* Reads what there is, waiting for at least a byte. */
static bool read_more(struct ws_client *c, int64_t deadline)
{
    if (c->ended || !wait_for(c, POLLIN, deadline))
        return false;
    buf_reserve(&c->got, 64 * 1024);
    ssize_t n = recv(c->fd, c->got.p + c->got.n, c->got.cap - c->got.n, 0);
    if (n <= 0) {
        c->ended = true;
        return false;
    }
    c->got.n += (size_t)n;
    return true;
}

static bool read_head(struct ws_client *c)
{
    int64_t deadline = now_ms() + c->timeout_ms;
    for (;;) {
        const char *end = c->got.n ? memmem(c->got.p, c->got.n, "\r\n\r\n", 4) : NULL;
        if (end) {
            size_t n = (size_t)(end - c->got.p) + 4;
            buf_clear(&c->head);
            buf_add(&c->head, c->got.p, n);
            buf_drop(&c->got, n);
            return true;
        }
        if (c->got.n > HEAD_MAX || !read_more(c, deadline))
            return false;
    }
}

static int status_of(struct ws_client *c)
{
    int64_t status = 0;
    const char *head = buf_cstr(&c->head);
    if (strncmp(head, "HTTP/1.1 ", 9) != 0 || c->head.n < 12)
        return 0;
    return str_int((struct str){head + 9, 3}, 100, 599, &status) ? (int)status : 0;
}

bool ws_read_http(struct ws_client *c)
{
    if (!read_head(c))
        return false;
    c->status = status_of(c);
    int64_t deadline = now_ms() + c->timeout_ms;
    while (read_more(c, deadline))
        ;
    buf_clear(&c->payload);
    buf_add(&c->payload, c->got.p, c->got.n);
    buf_cstr(&c->payload);
    buf_clear(&c->got);
    return c->ended && c->status != 0;
}

static void write_request(struct buf *out, const struct ws_dial *d)
{
    buf_fmt(out,
            "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n",
            d->path ? d->path : "/ws", key);
    const char *protocol = d->protocol ? d->protocol : "moot.v1";
    if (*protocol)
        buf_fmt(out, "Sec-WebSocket-Protocol: %s\r\n", protocol);
    if (d->token)
        buf_fmt(out, "Authorization: Bearer %s\r\n", d->token);
    if (d->origin)
        buf_fmt(out, "Origin: %s\r\n", d->origin);
    buf_fmt(out, "%s\r\n%s", d->extra_headers ? d->extra_headers : "", d->tail ? d->tail : "");
}

static bool is_right_answer(struct ws_client *c)
{
    const char *head = buf_cstr(&c->head);
    return strstr(head, accept_line) && strcasestr(head, "\r\nUpgrade: websocket\r\n") &&
           strcasestr(head, "\r\nConnection: Upgrade\r\n") &&
           strstr(head, "\r\nSec-WebSocket-Protocol: moot.v1\r\n") &&
           !strcasestr(head, "\r\nSec-WebSocket-Extensions:");
}

bool ws_open(struct ws_client *c, const struct ws_dial *d)
{
    struct buf request = {0};
    if (!ws_connect(c, d))
        return false;
    write_request(&request, d);
    bool sent = ws_send_raw(c, buf_str(&request));
    buf_finish(&request);
    if (!sent || !read_head(c))
        return false;
    c->status = status_of(c);
    if (c->status == 101)
        return is_right_answer(c);
    int64_t deadline = now_ms() + c->timeout_ms;
    while (read_more(c, deadline))
        ;
    buf_add(&c->payload, c->got.p, c->got.n);
    buf_cstr(&c->payload);
    return false;
}

void ws_finish(struct ws_client *c)
{
    if (c->fd > 0)
        close(c->fd);
    buf_finish(&c->head);
    buf_finish(&c->got);
    buf_finish(&c->payload);
    *c = (struct ws_client){.fd = -1};
}

bool ws_send_frame(struct ws_client *c, const struct ws_frame *f)
{
    static const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    uint64_t n = f->claim ? f->claim : f->payload.n;
    int masked = f->unmasked ? 0 : 0x80;
    struct buf b = {0};
    buf_add_c(&b, (char)((f->more ? 0 : 0x80) | f->rsv << 4 | f->opcode));
    int bytes = n < 126 ? 0 : n < 65536 ? 2 : 8;
    buf_add_c(&b, (char)(masked | (bytes == 0 ? (int)n : bytes == 2 ? 126 : 127)));
    for (int i = bytes - 1; i >= 0; i--)
        buf_add_c(&b, (char)(n >> (8 * i)));
    if (masked)
        buf_add(&b, mask, sizeof mask);
    for (size_t i = 0; i < f->payload.n; i++)
        buf_add_c(&b, masked ? (char)(f->payload.p[i] ^ mask[i % 4]) : f->payload.p[i]);
    bool sent = ws_send_raw(c, buf_str(&b));
    buf_finish(&b);
    return sent;
}

bool ws_send_text(struct ws_client *c, struct str text)
{
    return ws_send_frame(c, &(struct ws_frame){.opcode = WS_TEXT, .payload = text});
}

/* Length of the header and of the payload of the frame at the front of c->got, or false when
 * more bytes are wanted. */
static bool measure(const struct ws_client *c, size_t *header, uint64_t *n)
{
    const unsigned char *p = (const unsigned char *)c->got.p;
    if (c->got.n < 2)
        return false;
    size_t bytes = (p[1] & 0x7f) < 126 ? 0 : (p[1] & 0x7f) == 126 ? 2 : 8;
    *header = 2 + bytes;
    *n = p[1] & 0x7f;
    if (c->got.n < *header)
        return false;
    if (bytes)
        *n = 0;
    for (size_t i = 0; i < bytes; i++)
        *n = *n << 8 | p[2 + i];
    return true;
}

/* One frame as it comes; -1 as in ws_next_frame(). *fin tells whether it ends its message. */
static int take_frame(struct ws_client *c, bool *fin)
{
    int64_t deadline = now_ms() + c->timeout_ms;
    size_t header = 0;
    uint64_t n = 0;
    while (!measure(c, &header, &n) || c->got.n < header + n)
        if (n > FRAME_MAX || !read_more(c, deadline))
            return -1;
    unsigned first = (unsigned char)c->got.p[0], second = (unsigned char)c->got.p[1];
    if ((first & 0x70) || (second & 0x80))
        return -1;
    buf_clear(&c->payload);
    buf_add(&c->payload, c->got.p + header, (size_t)n);
    buf_cstr(&c->payload);
    buf_drop(&c->got, header + (size_t)n);
    *fin = (first & 0x80) != 0;
    int opcode = (int)(first & 0x0f);
    if (opcode == WS_CLOSE && n >= 2)
        c->close_code = (unsigned char)c->payload.p[0] << 8 | (unsigned char)c->payload.p[1];
    return opcode;
}

static int next_frame(struct ws_client *c, bool *fin)
{
    for (;;) {
        int opcode = take_frame(c, fin);
        if (opcode != WS_PING)
            return opcode;
        struct buf copy = {0};
        buf_add(&copy, c->payload.p, c->payload.n);
        bool sent =
            ws_send_frame(c, &(struct ws_frame){.opcode = WS_PONG, .payload = buf_str(&copy)});
        buf_finish(&copy);
        if (!sent)
            return -1;
    }
}

int ws_next_frame(struct ws_client *c)
{
    bool fin;
    return take_frame(c, &fin);
}

bool ws_next_text(struct ws_client *c, struct str *text)
{
    struct buf whole = {0};
    bool fin = false;
    int wanted = WS_TEXT;
    while (!fin) {
        int opcode = next_frame(c, &fin);
        if (opcode == WS_PONG) {
            fin = false;
            continue;
        }
        if (opcode != wanted) {
            buf_finish(&whole);
            return false;
        }
        wanted = WS_CONTINUATION;
        buf_add(&whole, c->payload.p, c->payload.n);
    }
    buf_cstr(&whole);
    buf_finish(&c->payload);
    c->payload = whole;
    *text = buf_str(&c->payload);
    return true;
}

bool ws_await(struct ws_client *c, const char *part, struct str *text)
{
    struct str ignored;
    int64_t deadline = now_ms() + c->timeout_ms;
    while (now_ms() < deadline && ws_next_text(c, text ? text : &ignored))
        if (strstr(buf_cstr(&c->payload), part))
            return true;
    return false;
}

bool ws_await_close(struct ws_client *c)
{
    bool fin;
    int64_t deadline = now_ms() + c->timeout_ms;
    while (now_ms() < deadline) {
        int opcode = next_frame(c, &fin);
        if (opcode == WS_CLOSE)
            return true;
        if (opcode < 0)
            return c->ended;
    }
    return false;
}
