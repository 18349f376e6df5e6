#include "url.h"

#include <arpa/inet.h>
#include <string.h>

static bool is_not_one(struct str s, const char *what, struct err *e)
{
    return fail(e, ERR_USAGE,
                "%.*s: %s; an address looks like unix:PATH, ssh://HOST, ws://HOST:PORT or "
                "wss://HOST:PORT",
                (int)MIN(s.n, 80), s.n ? s.p : "", what);
}

static struct str behind(struct str s, const char *prefix)
{
    size_t n = strlen(prefix);
    return (struct str){s.p + n, s.n - n};
}

static void copy(char *to, struct str s)
{
    if (s.n)
        memcpy(to, s.p, s.n);
    to[s.n] = '\0';
}

static bool parse_unix(struct str whole, struct str path, struct url *out, struct err *e)
{
    if (path.n == 0)
        return is_not_one(whole, "the socket's path is missing", e);
    if (path.n > SOCKET_PATH_MAX)
        return fail(e, ERR_USAGE, "the socket's path has %zu bytes, at most %d are possible",
                    path.n, SOCKET_PATH_MAX);
    if (str_has(path, '\0'))
        return is_not_one(whole, "a path has no NUL in it", e);
    out->kind = URL_UNIX;
    copy(out->socket, path);
    memcpy(out->path, "/ws", 4);
    return true;
}

static bool is_host_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '.' || c == '-' || c == '_';
}

static bool check_host(struct str host, bool is_ipv6)
{
    for (size_t i = 0; i < host.n; i++) {
        if (!is_host_byte(host.p[i]) && !(is_ipv6 && host.p[i] == ':'))
            return false;
    }
    return host.n > 0 && host.n <= URL_HOST_MAX;
}

/* Cuts "[IPV6]" or "HOST" off the front; what is left begins with ':' or is empty. */
static bool cut_host(struct str *s, struct str *host, bool *is_ipv6)
{
    *is_ipv6 = s->n && s->p[0] == '[';
    size_t start = *is_ipv6, n = 0;
    char end = *is_ipv6 ? ']' : ':';
    while (start + n < s->n && s->p[start + n] != end)
        n++;
    if (*is_ipv6 && start + n == s->n)
        return false;
    *host = (struct str){s->p + start, n};
    size_t used = start + n + *is_ipv6;
    *s = (struct str){s->p + used, s->n - used};
    return true;
}

static bool parse_authority(struct str whole, struct str s, struct url *out, struct err *e)
{
    struct str host;
    bool is_ipv6;
    if (!cut_host(&s, &host, &is_ipv6) || !check_host(host, is_ipv6))
        return is_not_one(whole, "that is no host", e);
    int64_t port = out->kind == URL_SSH ? 0 : URL_PORT;
    if (s.n && (s.p[0] != ':' || !str_int(behind(s, ":"), 1, 65535, &port)))
        return is_not_one(whole, "a port is a number from 1 to 65535", e);
    copy(out->host, host);
    out->port = (int)port;
    return true;
}

static bool parse_path(struct str whole, struct str path, struct url *out, struct err *e)
{
    if (path.n == 0 || str_is(path, "/"))
        path = STR("/ws");
    if (path.n > URL_PATH_MAX)
        return is_not_one(whole, "the path is too long", e);
    for (size_t i = 0; i < path.n; i++) {
        if (path.p[i] <= ' ' || path.p[i] > '~')
            return is_not_one(whole, "a path is printable ASCII", e);
    }
    copy(out->path, path);
    return true;
}

/* A word that begins with '-' would be an option to ssh, and a ':' in a path ends it there. */
static bool parse_ssh(struct str whole, struct str rest, struct url *out, struct err *e)
{
    struct str authority = {rest.p, 0}, user = {0};
    out->kind = URL_SSH;
    while (authority.n < rest.n && rest.p[authority.n] != '/')
        authority.n++;
    struct str path = {rest.p + authority.n, rest.n - authority.n};
    if (str_has(authority, '@'))
        user = str_cut(&authority, '@');
    if (user.n > URL_USER_MAX || (user.n && (user.p[0] == '-' || !check_host(user, false))))
        return is_not_one(whole, "that is no account", e);
    if (authority.n && authority.p[0] == '-')
        return is_not_one(whole, "that is no host", e);
    copy(out->user, user);
    if (path.n == 0 || str_is(path, "/"))
        path = STR(URL_SOCKET);
    if (path.n > SOCKET_PATH_MAX || str_has(path, ':') || str_has(path, '\0'))
        return is_not_one(whole, "a socket's path has at most 107 bytes and no colon", e);
    copy(out->socket, path);
    memcpy(out->path, "/ws", 4);
    return parse_authority(whole, authority, out, e);
}

bool url_parse(struct str s, struct url *out, struct err *e)
{
    *out = (struct url){0};
    struct str rest = s;
    if (str_starts(s, "unix:"))
        return parse_unix(s, behind(s, "unix:"), out, e);
    if (str_starts(s, "ssh://"))
        return parse_ssh(s, behind(s, "ssh://"), out, e);
    if (str_starts(s, "ws://")) {
        out->kind = URL_WS;
        rest = behind(s, "ws://");
    } else if (str_starts(s, "wss://")) {
        out->kind = URL_WSS;
        rest = behind(s, "wss://");
    } else {
        return is_not_one(s, "that is no server", e);
    }
    rest = str_cut(&rest, '#');
    struct str authority = {rest.p, 0};
    while (authority.n < rest.n && rest.p[authority.n] != '/')
        authority.n++;
    struct str path = {rest.p + authority.n, rest.n - authority.n};
    return parse_authority(s, authority, out, e) && parse_path(s, path, out, e);
}

void url_show(const struct url *u, struct buf *out)
{
    if (u->kind == URL_UNIX)
        buf_fmt(out, "%s", u->socket);
    else if (u->kind == URL_SSH)
        buf_fmt(out, "ssh://%s%s%s", u->user, u->user[0] ? "@" : "", u->host);
    else if (strchr(u->host, ':'))
        buf_fmt(out, "[%s]:%d", u->host, u->port);
    else
        buf_fmt(out, "%s:%d", u->host, u->port);
}

bool url_by_account(const struct url *u)
{
    return u->kind == URL_UNIX || u->kind == URL_SSH;
}

bool url_is_local(const struct url *u)
{
    unsigned char ip[4];
    if (u->kind == URL_UNIX || strcmp(u->host, "localhost") == 0 || strcmp(u->host, "::1") == 0)
        return true;
    return inet_pton(AF_INET, u->host, ip) == 1 && ip[0] == 127;
}

void url_slug(struct str url, struct buf *out)
{
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */
    for (size_t i = 0; i < url.n; i++)
        hash = (hash ^ (unsigned char)url.p[i]) * 0x100000001b3u;
    for (size_t i = 0; i < MIN(url.n, (size_t)60); i++)
        buf_add_c(out, is_host_byte(url.p[i]) ? url.p[i] : '_');
    buf_fmt(out, "-%016llx", (unsigned long long)hash);
}
