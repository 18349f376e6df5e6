#include "listen.h"
#include "arrivals.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { SOCKET_FLAGS = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC };

/* A file left behind by a server that died may go; a living one's, or one that is no socket,
 * may not. */
static bool clear_stale(const struct sockaddr_un *at, struct err *e)
{
    struct stat st;
    if (lstat(at->sun_path, &st) != 0)
        return true;
    if (!S_ISSOCK(st.st_mode))
        return fail(e, ERR_EXISTS, "%s is there and is no socket.", at->sun_path);
    int fd = socket(AF_UNIX, SOCKET_FLAGS, 0);
    if (fd < 0)
        return fail(e, ERR_IO, "socket: %s", strerror(errno));
    bool is_alive =
        connect(fd, (const struct sockaddr *)at, sizeof *at) == 0 || errno == EAGAIN;
    close(fd);
    if (is_alive)
        return fail(e, ERR_EXISTS, "Another server listens on %s.", at->sun_path);
    if (unlink(at->sun_path) != 0)
        return fail(e, ERR_IO, "%s: %s", at->sun_path, strerror(errno));
    return true;
}

int listen_unix(struct listen_set *set, const char *path, int mode, struct err *e)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof at.sun_path) {
        fail(e, ERR_TOO_LARGE, "The socket's path may have at most %zu bytes: %s",
             sizeof at.sun_path - 1, path);
        return -1;
    }
    memcpy(at.sun_path, path, strlen(path));
    if (!clear_stale(&at, e))
        return -1;
    int fd = socket(AF_UNIX, SOCKET_FLAGS, 0);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&at, sizeof at) != 0 ||
        chmod(path, (mode_t)mode) != 0 || listen(fd, LISTEN_BACKLOG) != 0) {
        fail(e, ERR_IO, "Cannot listen on %s: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return -1;
    }
    vec_push(&set->paths, str_dup(str_of(path)));
    return fd;
}

static int port_of(int fd)
{
    struct sockaddr_storage at;
    socklen_t n = sizeof at;
    if (getsockname(fd, (struct sockaddr *)&at, &n) != 0)
        return 0;
    return at.ss_family == AF_INET6
               ? ntohs(((const struct sockaddr_in6 *)(const void *)&at)->sin6_port)
               : ntohs(((const struct sockaddr_in *)(const void *)&at)->sin_port);
}

static int listen_at(const struct addrinfo *at)
{
    int on = 1;
    int fd = socket(at->ai_family, SOCKET_FLAGS, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, LISTEN_BACKLOG) == 0)
        return fd;
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

int listen_tcp(const char *host, int *port, struct err *e)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found = NULL;
    char service[16];
    snprintf(service, sizeof service, "%d", *port);
    int rc = getaddrinfo(host, service, &hints, &found);
    if (rc != 0) {
        fail(e, ERR_USAGE, "Cannot listen on %s: %s", host, gai_strerror(rc));
        return -1;
    }
    int fd = -1;
    for (const struct addrinfo *at = found; at && fd < 0; at = at->ai_next)
        fd = listen_at(at);
    if (fd < 0)
        fail(e, ERR_IO, "Cannot listen on %s port %d: %s", host, *port, strerror(errno));
    else
        *port = port_of(fd);
    freeaddrinfo(found);
    return fd;
}

void listen_forget(struct listen_set *set)
{
    vec_each (path, &set->paths) {
        unlink(*path);
        free(*path);
    }
    vec_finish(&set->paths);
}

static bool is_loopback(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, host, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    if (inet_pton(AF_INET6, host, &v6) == 1)
        return IN6_IS_ADDR_LOOPBACK(&v6);
    return strcmp(host, "localhost") == 0;
}

bool arrivals_parse_address(struct str text, struct buf *host, int *port, bool *loopback,
                            struct err *e)
{
    size_t colon = text.n;
    while (colon && text.p[colon - 1] != ':')
        colon--;
    struct str name = {text.p, colon ? colon - 1 : 0};
    if (name.n > 2 && name.p[0] == '[' && name.p[name.n - 1] == ']')
        name = (struct str){name.p + 1, name.n - 2};
    else if (str_has(name, ':') || str_has(name, '['))
        name.n = 0;
    int64_t number = 0;
    if (!name.n || !str_int((struct str){text.p + colon, text.n - colon}, 0, 65535, &number))
        return fail(e, ERR_USAGE, "An address is HOST:PORT, as 127.0.0.1:7700 or [::1]:7700.");
    buf_clear(host);
    buf_add_str(host, name);
    *loopback = is_loopback(buf_cstr(host));
    *port = (int)number;
    return true;
}
