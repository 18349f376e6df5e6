#include "receiver.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct request {
    char *head, *body;
};

struct receiver {
    int fd, port;
    pthread_t thread;
    pthread_mutex_t lock; /* for everything below */
    pthread_cond_t came;
    VEC(struct request) requests;
    int status;
};

/* Reads until the head is there and as much behind it as it says. */
static size_t read_whole(int fd, struct buf *got)
{
    for (;;) {
        char bytes[4096];
        ssize_t n = recv(fd, bytes, sizeof bytes, 0);
        if (n <= 0)
            return 0;
        buf_add(got, bytes, (size_t)n);
        const char *end = strstr(buf_cstr(got), "\r\n\r\n");
        if (!end)
            continue;
        size_t head = (size_t)(end - got->p) + 4;
        char *length = receiver_header(got->p, "content-length");
        size_t body = length ? strtoul(length, NULL, 10) : 0;
        free(length);
        if (got->n >= head + body)
            return head;
    }
}

static void answer(int fd, int status)
{
    char text[100];
    int n =
        snprintf(text, sizeof text,
                 "HTTP/1.1 %d x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", status);
    if (status)
        send(fd, text, (size_t)n, MSG_NOSIGNAL);
}

static void serve(struct receiver *r, int fd)
{
    struct buf got = {0};
    size_t head = read_whole(fd, &got);
    if (head) {
        struct request q = {str_dup((struct str){got.p, head}),
                            str_dup((struct str){got.p + head, got.n - head})};
        pthread_mutex_lock(&r->lock);
        int status = r->status;
        vec_push(&r->requests, q);
        pthread_cond_broadcast(&r->came);
        pthread_mutex_unlock(&r->lock);
        answer(fd, status);
    }
    buf_finish(&got);
    close(fd);
}

static void *run(void *arg)
{
    struct receiver *r = arg;
    int fd;
    while ((fd = accept(r->fd, NULL, NULL)) >= 0)
        serve(r, fd);
    return NULL;
}

struct receiver *receiver_start(void)
{
    struct receiver *r = NEW(struct receiver);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    r->status = 200;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->came, NULL);
    r->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bug_on(r->fd < 0 || bind(r->fd, (struct sockaddr *)&at, sizeof at) != 0 ||
           listen(r->fd, 16) != 0 || getsockname(r->fd, (struct sockaddr *)&at, &n) != 0);
    r->port = ntohs(at.sin_port);
    bug_on(pthread_create(&r->thread, NULL, run, r) != 0);
    return r;
}

void receiver_stop(struct receiver *r)
{
    shutdown(r->fd, SHUT_RDWR);
    pthread_join(r->thread, NULL);
    close(r->fd);
    vec_each (q, &r->requests) {
        free(q->head);
        free(q->body);
    }
    vec_finish(&r->requests);
    pthread_mutex_destroy(&r->lock);
    pthread_cond_destroy(&r->came);
    free(r);
}

int receiver_port(const struct receiver *r)
{
    return r->port;
}

void receiver_answers(struct receiver *r, int status)
{
    pthread_mutex_lock(&r->lock);
    r->status = status;
    pthread_mutex_unlock(&r->lock);
}

bool receiver_await(struct receiver *r, size_t n, int ms)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += ms / 1000;
    pthread_mutex_lock(&r->lock);
    int rc = 0;
    while (r->requests.n < n && rc == 0)
        rc = pthread_cond_timedwait(&r->came, &r->lock, &until);
    bool ok = r->requests.n >= n;
    pthread_mutex_unlock(&r->lock);
    return ok;
}

size_t receiver_count(struct receiver *r)
{
    pthread_mutex_lock(&r->lock);
    size_t n = r->requests.n;
    pthread_mutex_unlock(&r->lock);
    return n;
}

void receiver_request(struct receiver *r, size_t i, char **head, char **body)
{
    pthread_mutex_lock(&r->lock);
    bug_on(i >= r->requests.n);
    *head = str_dup(str_of(r->requests.v[i].head));
    *body = str_dup(str_of(r->requests.v[i].body));
    pthread_mutex_unlock(&r->lock);
}

char *receiver_header(const char *head, const char *name)
{
    size_t n = strlen(name);
    for (const char *line = head; (line = strstr(line, "\r\n"));) {
        line += 2;
        if (strncasecmp(line, name, n) == 0 && line[n] == ':') {
            line += n + 1;
            line += strspn(line, " ");
            return strndup(line, strcspn(line, "\r"));
        }
    }
    return NULL;
}
