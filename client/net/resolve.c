#include "resolve.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Held by the thread and by whoever asked; the last one frees it. What the thread writes is
 * read only after the byte that it sends through the pipe. */
struct resolve {
    atomic_int holders;
    int ends[2]; /* of the pipe: to read, to write */
    char *host;
    struct addresses found;
    int fault; /* of getaddrinfo */
};

static void let_go(struct resolve *r)
{
    if (atomic_fetch_sub(&r->holders, 1) > 1)
        return;
    close(r->ends[0]);
    close(r->ends[1]);
    free(r->host);
    free(r);
}

static void add_address(struct addresses *to, const struct sockaddr *from)
{
    const void *bytes =
        from->sa_family == AF_INET6
            ? (const void *)&((const struct sockaddr_in6 *)(const void *)from)->sin6_addr
            : (const void *)&((const struct sockaddr_in *)(const void *)from)->sin_addr;
    if (to->n < ADDRESSES_MAX &&
        inet_ntop(from->sa_family, bytes, to->v[to->n], ADDRESS_TEXT_MAX))
        to->n++;
}

static void *look_up(void *arg)
{
    struct resolve *r = arg;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG},
                    *list = NULL;
    r->fault = getaddrinfo(r->host, NULL, &hints, &list);
    for (struct addrinfo *a = list; a; a = a->ai_next) {
        if (a->ai_family == AF_INET || a->ai_family == AF_INET6)
            add_address(&r->found, a->ai_addr);
    }
    if (list)
        freeaddrinfo(list);
    if (write(r->ends[1], "", 1) < 0)
        r->fault = EAI_SYSTEM; /* nobody hears it either */
    let_go(r);
    return NULL;
}

/* Signals are for the thread that loops. */
static bool start_thread(struct resolve *r)
{
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool ok = pthread_create(&thread, NULL, look_up, r) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok && pthread_detach(thread) == 0;
}

struct resolve *resolve_start(const char *host)
{
    struct resolve *r = NEW(struct resolve);
    atomic_init(&r->holders, 2);
    r->host = str_dup(str_of(host));
    bool has_pipe = pipe2(r->ends, O_CLOEXEC) == 0;
    if (has_pipe && start_thread(r))
        return r;
    if (has_pipe) {
        close(r->ends[0]);
        close(r->ends[1]);
    }
    free(r->host);
    free(r);
    return NULL;
}

int resolve_fd(const struct resolve *r)
{
    return r->ends[0];
}

bool resolve_finish(struct resolve *r, struct addresses *out, struct err *e)
{
    char byte;
    bool answered = read(r->ends[0], &byte, 1) == 1;
    *out = answered ? r->found : (struct addresses){0};
    bool ok =
        out->n > 0 || fail(e, ERR_UNREACHABLE, "%s cannot be found: %s", r->host,
                           answered && r->fault ? gai_strerror(r->fault) : "it has no address");
    let_go(r);
    return ok;
}

void resolve_cancel(struct resolve *r)
{
    if (r)
        let_go(r);
}

bool resolve_is_numeric(const char *host)
{
    unsigned char ip[16];
    return inet_pton(AF_INET, host, ip) == 1 || inet_pton(AF_INET6, host, ip) == 1;
}
