#include "arrivals.h"
#include "http.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "listen.h"

enum spot_state {
    SPOT_LISTENS,
    SPOT_READS,   /* the head is not complete */
    SPOT_READY,   /* complete, but the receiver had no room */
    SPOT_HELD,    /* the receiver will answer it */
    SPOT_LINGERS, /* answered; reads what still comes, so that the answer is not cut short */
    SPOT_GONE,    /* freed at the end of the turn: epoll may still have told of it */
};

struct spot {
    TAILQ_ENTRY(spot) link;
    enum spot_state state;
    int fd;
    bool is_unix, is_tls, is_watched;
    int64_t deadline;
    uint64_t ticket;
    struct buf got;
};
TAILQ_HEAD(spots, spot);

struct arrivals {
    arrivals_receive *receive;
    void *arg;
    int epoll;
    struct listen_set listening;
    VEC(struct spot *) listeners;
    struct spots waiting, ready, lingering, gone; /* each in the order of its deadlines */
    struct spots held;                            /* those have none */
    uint64_t tickets;
    size_t most; /* that may wait */
    struct buf answer;
    struct arrivals_counts counts;
};

struct arrivals *arrivals_new(arrivals_receive *receive, void *arg)
{
    struct arrivals *a = NEW(struct arrivals);
    a->receive = receive;
    a->arg = arg;
    a->most = ARRIVALS_MAX;
    a->epoll = epoll_create1(EPOLL_CLOEXEC);
    bug_on(a->epoll < 0);
    TAILQ_INIT(&a->waiting);
    TAILQ_INIT(&a->ready);
    TAILQ_INIT(&a->lingering);
    TAILQ_INIT(&a->gone);
    TAILQ_INIT(&a->held);
    return a;
}

static struct spots *list_of(struct arrivals *a, enum spot_state state)
{
    return state == SPOT_READS   ? &a->waiting
           : state == SPOT_READY ? &a->ready
           : state == SPOT_HELD  ? &a->held
                                 : &a->lingering;
}

static void watch(struct arrivals *a, struct spot *s)
{
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = s};
    s->is_watched = epoll_ctl(a->epoll, EPOLL_CTL_ADD, s->fd, &ev) == 0;
}

/* Takes s off its list and out of epoll; what happens to the descriptor is the caller's. */
static void retire(struct arrivals *a, struct spot *s)
{
    if (s->is_watched)
        epoll_ctl(a->epoll, EPOLL_CTL_DEL, s->fd, NULL);
    if (s->state != SPOT_LISTENS)
        TAILQ_REMOVE(list_of(a, s->state), s, link);
    if (s->state != SPOT_LISTENS && s->state != SPOT_LINGERS)
        a->counts.waiting--;
    buf_finish(&s->got);
    s->state = SPOT_GONE;
    s->fd = -1;
    TAILQ_INSERT_TAIL(&a->gone, s, link);
}

static void hang_up(struct arrivals *a, struct spot *s)
{
    int fd = s->fd;
    retire(a, s);
    close(fd);
}

static void bury(struct arrivals *a)
{
    struct spot *s;
    while ((s = TAILQ_FIRST(&a->gone))) {
        TAILQ_REMOVE(&a->gone, s, link);
        free(s);
    }
}

void arrivals_stop_listening(struct arrivals *a)
{
    vec_each (s, &a->listeners)
        hang_up(a, *s);
    vec_finish(&a->listeners);
    listen_forget(&a->listening);
    bury(a);
}

void arrivals_free(struct arrivals *a)
{
    if (!a)
        return;
    arrivals_stop_listening(a);
    struct spots *lists[] = {&a->waiting, &a->ready, &a->held, &a->lingering};
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        while (!TAILQ_EMPTY(lists[i]))
            hang_up(a, TAILQ_FIRST(lists[i]));
    bury(a);
    close(a->epoll);
    buf_finish(&a->answer);
    free(a);
}

static void add_listener(struct arrivals *a, int fd, bool is_unix, bool is_tls)
{
    struct spot *s = NEW(struct spot);
    *s = (struct spot){.state = SPOT_LISTENS, .fd = fd, .is_unix = is_unix, .is_tls = is_tls};
    watch(a, s);
    vec_push(&a->listeners, s);
}

bool arrivals_listen_unix(struct arrivals *a, const char *path, int mode, struct err *e)
{
    int fd = listen_unix(&a->listening, path, mode, e);
    if (fd < 0)
        return false;
    add_listener(a, fd, true, false);
    return true;
}

bool arrivals_listen_tcp(struct arrivals *a, const char *host, int *port, bool is_tls,
                         struct err *e)
{
    int fd = listen_tcp(host, port, e);
    if (fd < 0)
        return false;
    add_listener(a, fd, false, is_tls);
    return true;
}

static void move_to(struct arrivals *a, struct spot *s, enum spot_state state)
{
    TAILQ_REMOVE(list_of(a, s->state), s, link);
    if (state == SPOT_LINGERS)
        a->counts.waiting--;
    s->state = state;
    TAILQ_INSERT_TAIL(list_of(a, state), s, link);
}

/* One write is enough: nothing was sent before, and an answer is far smaller than any socket's
 * buffer. */
static void answer_and_linger(struct arrivals *a, struct spot *s, struct str answer,
                              int64_t now)
{
    a->counts.refused++;
    ssize_t n = send(s->fd, answer.p, answer.n, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 || shutdown(s->fd, SHUT_WR) != 0) {
        hang_up(a, s);
        return;
    }
    buf_finish(&s->got);
    move_to(a, s, SPOT_LINGERS);
    s->deadline = now + LINGER_MS;
    if (!s->is_watched)
        watch(a, s);
}

static void refuse(struct arrivals *a, struct spot *s, int status, enum err_code code,
                   const char *sentence, int64_t now)
{
    if (s->is_tls) {
        hang_up(a, s);
        return;
    }
    struct buf body = {0};
    buf_fmt(&body, "%s: %s\n", err_name(code), sentence);
    buf_clear(&a->answer);
    http_answer(&a->answer, status, buf_str(&body));
    answer_and_linger(a, s, buf_str(&a->answer), now);
    buf_finish(&body);
}

static bool say(const struct spot *s, struct str words)
{
    return !words.n ||
           send(s->fd, words.p, words.n, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)words.n;
}

static void hand_over(struct arrivals *a, struct spot *s, int64_t now)
{
    struct arrival what = {
        .fd = s->fd, .is_unix = s->is_unix, .is_tls = s->is_tls, .ticket = s->ticket};
    what.bytes = buf_str(&s->got);
    if (s->is_watched) {
        epoll_ctl(a->epoll, EPOLL_CTL_DEL, s->fd, NULL);
        s->is_watched = false;
    }
    buf_clear(&a->answer);
    switch (a->receive(a->arg, &what, &a->answer)) {
    case RECEIVED:
        retire(a, s);
        break;
    case ANSWERED:
        answer_and_linger(a, s, buf_str(&a->answer), now);
        break;
    case NOT_NOW:
        if (s->state != SPOT_READY)
            move_to(a, s, SPOT_READY);
        break;
    case UNDONE:
        if (say(s, buf_str(&a->answer)))
            watch(a, s);
        else
            hang_up(a, s);
        break;
    case HELD:
        buf_finish(&s->got);
        move_to(a, s, SPOT_HELD);
        break;
    }
}

void arrivals_answer(struct arrivals *a, uint64_t ticket, struct str answer, int64_t now)
{
    struct spot *s = TAILQ_FIRST(&a->held);
    while (s && s->ticket != ticket)
        s = TAILQ_NEXT(s, link);
    if (s)
        answer_and_linger(a, s, answer, now);
    bury(a);
}

/* Reads what has come of the head; true when there may be something to hand over. */
static bool read_head(struct arrivals *a, struct spot *s, int64_t now)
{
    char bytes[4096];
    ssize_t n = recv(s->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
        hang_up(a, s);
        return false;
    }
    if (n < 0)
        return false;
    buf_add(&s->got, bytes, (size_t)n);
    if (http_head_length(buf_str(&s->got)))
        return true;
    if (s->got.n > HTTP_HEAD_MAX)
        refuse(a, s, 431, ERR_TOO_LARGE, "The head of the request is too long.", now);
    return false;
}

static bool has_byte(const struct spot *s)
{
    char c;
    return recv(s->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN;
}

static void look_at(struct arrivals *a, struct spot *s, int64_t now)
{
    if (s->is_tls ? has_byte(s) : read_head(a, s, now))
        hand_over(a, s, now);
    else if (s->state == SPOT_READS && !s->is_watched)
        watch(a, s);
}

/* Reads until the client has read our answer and hung up, but not for ever. */
static void linger(struct arrivals *a, struct spot *s)
{
    char bytes[4096];
    ssize_t n = recv(s->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        hang_up(a, s);
}

static bool make_room(struct arrivals *a)
{
    struct spot *oldest = TAILQ_FIRST(&a->lingering);
    if (!oldest)
        oldest = TAILQ_FIRST(&a->waiting);
    if (!oldest)
        return false;
    a->counts.evicted++;
    hang_up(a, oldest);
    return true;
}

static void welcome(struct arrivals *a, const struct spot *listener, int fd, int64_t now)
{
    int on = 1;
    if (!listener->is_unix)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (a->counts.waiting >= a->most && !make_room(a)) {
        close(fd);
        return;
    }
    struct spot *s = NEW(struct spot);
    *s = (struct spot){.state = SPOT_READS,
                       .fd = fd,
                       .is_unix = listener->is_unix,
                       .is_tls = listener->is_tls,
                       .ticket = ++a->tickets,
                       .deadline = now + HEAD_WITHIN_MS};
    TAILQ_INSERT_TAIL(&a->waiting, s, link);
    a->counts.waiting++;
    a->counts.accepted++;
    look_at(a, s, now); /* in a rush the request is there already */
}

static void accept_all(struct arrivals *a, const struct spot *listener, int64_t now)
{
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0)
            welcome(a, listener, fd, now);
        else if (errno == EMFILE || errno == ENFILE ? !make_room(a) : errno != ECONNABORTED)
            return;
    }
}

static void attend(struct arrivals *a, struct spot *s, int64_t now)
{
    switch (s->state) {
    case SPOT_LISTENS:
        accept_all(a, s, now);
        break;
    case SPOT_READS:
        look_at(a, s, now);
        break;
    case SPOT_LINGERS:
        linger(a, s);
        break;
    case SPOT_READY:
    case SPOT_HELD:
    case SPOT_GONE:
        break;
    }
}

void arrivals_allow(struct arrivals *a, size_t n)
{
    a->most = n;
}

int arrivals_fd(const struct arrivals *a)
{
    return a->epoll;
}

void arrivals_turn(struct arrivals *a, int64_t now)
{
    struct spot *s, *next;
    for (s = TAILQ_FIRST(&a->ready); s; s = next) {
        next = TAILQ_NEXT(s, link);
        hand_over(a, s, now);
        if (s->state == SPOT_READY)
            break; /* still no room */
    }
    struct epoll_event events[256];
    int n = epoll_wait(a->epoll, events, (int)COUNT_OF(events), 0);
    for (int i = 0; i < n; i++)
        attend(a, events[i].data.ptr, now);
    bury(a);
}

void arrivals_expire(struct arrivals *a, int64_t now)
{
    struct spot *s;
    while ((s = TAILQ_FIRST(&a->waiting)) && s->deadline <= now) {
        a->counts.timed_out++;
        refuse(a, s, 408, ERR_IDLE, "The request took too long to come.", now);
    }
    while ((s = TAILQ_FIRST(&a->ready)) && s->deadline <= now) {
        a->counts.timed_out++;
        refuse(a, s, 503, ERR_BUSY, "The server has as many handshakes as it will hold.", now);
    }
    while ((s = TAILQ_FIRST(&a->lingering)) && s->deadline <= now)
        hang_up(a, s);
    bury(a);
}

struct arrivals_counts arrivals_counts(const struct arrivals *a)
{
    return a->counts;
}
