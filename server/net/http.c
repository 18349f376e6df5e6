#include "http.h"

#include "bounds.h"

#include <string.h>
#include <strings.h>

static const char subprotocol[] = "moot.v1";

static const struct {
    const char *name;
    size_t offset;
} headers[] = {
    {"host", offsetof(struct http_request, host)},
    {"origin", offsetof(struct http_request, origin)},
    {"upgrade", offsetof(struct http_request, upgrade)},
    {"connection", offsetof(struct http_request, connection)},
    {"authorization", offsetof(struct http_request, authorization)},
    {"sec-websocket-key", offsetof(struct http_request, key)},
    {"sec-websocket-version", offsetof(struct http_request, version)},
    {"sec-websocket-protocol", offsetof(struct http_request, protocols)},
    {"content-type", offsetof(struct http_request, content_type)},
    {"content-length", offsetof(struct http_request, content_length)},
    {"content-encoding", offsetof(struct http_request, content_encoding)},
    {"transfer-encoding", offsetof(struct http_request, transfer_encoding)},
    {"expect", offsetof(struct http_request, expect)},
    {"idempotency-key", offsetof(struct http_request, idempotency_key)},
    {"webhook-id", offsetof(struct http_request, webhook_id)},
};

static const struct {
    int status;
    const char *reason, *headers;
} statuses[] = {
    {200, "OK", ""},
    {400, "Bad Request", ""},
    {401, "Unauthorized", "WWW-Authenticate: Bearer\r\n"},
    {403, "Forbidden", ""},
    {404, "Not Found", ""},
    {405, "Method Not Allowed", "Allow: GET\r\n"},
    {408, "Request Timeout", ""},
    {409, "Conflict", ""},
    {413, "Content Too Large", ""},
    {415, "Unsupported Media Type", ""},
    {426, "Upgrade Required",
     "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: moot.v1\r\n"},
    {429, "Too Many Requests", ""},
    {431, "Request Header Fields Too Large", ""},
    {500, "Internal Server Error", ""},
    {503, "Service Unavailable", "Retry-After: 5\r\n"},
};

static bool same(struct str s, const char *word)
{
    return s.n == strlen(word) && (s.n == 0 || strncasecmp(s.p, word, s.n) == 0);
}

/* RFC 9110, section 5.6.2. */
static bool is_token(struct str s)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!alnum && (c == '\0' || !strchr(others, c)))
            return false;
    }
    return s.n > 0;
}

static bool is_visible(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] == 0x7f)
            return false;
    return true;
}

size_t http_head_length(struct str bytes)
{
    const char *end = bytes.n ? memmem(bytes.p, bytes.n, "\r\n\r\n", 4) : NULL;
    return end ? (size_t)(end - bytes.p) + 4 : 0;
}

/* The next line without its CRLF. */
static struct str next_line(struct str *rest)
{
    const char *end = memmem(rest->p, rest->n, "\r\n", 2);
    struct str line = {rest->p, end ? (size_t)(end - rest->p) : rest->n};
    size_t used = line.n + (end ? 2 : 0);
    *rest = (struct str){rest->p + used, rest->n - used};
    return line;
}

static bool parse_request_line(struct str line, struct http_request *r, struct err *e)
{
    r->method = str_cut(&line, ' ');
    struct str target = str_cut(&line, ' ');
    if (!is_token(r->method) || !target.n || target.p[0] != '/' || !is_visible(target))
        return fail(e, ERR_MALFORMED, "The request line is not that of HTTP/1.1.");
    if (!str_is(line, "HTTP/1.1"))
        return fail(e, ERR_MALFORMED, "Only HTTP/1.1 is spoken here.");
    r->path = str_cut(&target, '?');
    r->query = target;
    return true;
}

static bool keep_header(struct http_request *r, struct str name, struct str value,
                        struct err *e)
{
    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        if (!same(name, headers[i].name))
            continue;
        struct str *member = (struct str *)(void *)((char *)r + headers[i].offset);
        if (member->p)
            return fail(e, ERR_MALFORMED, "The header %s comes twice.", headers[i].name);
        *member = value;
        break;
    }
    return true;
}

static bool parse_header(struct str line, struct http_request *r, struct err *e)
{
    if (!memchr(line.p, ':', line.n))
        return fail(e, ERR_MALFORMED, "A header line has no colon.");
    struct str value = line;
    struct str name = str_cut(&value, ':');
    if (!is_token(name) || !is_visible(value))
        return fail(e, ERR_MALFORMED, "A header has bytes that may not be in one.");
    return keep_header(r, name, str_trim(value), e);
}

struct str http_hook_token(const struct http_request *r)
{
    static const char front[] = "/hooks/";
    size_t n = sizeof front - 1;
    if (!str_starts(r->path, front))
        return (struct str){0};
    return (struct str){r->path.p + n, r->path.n - n};
}

bool http_body_is_clear(const struct http_request *r, struct err *e)
{
    int64_t n = 0;
    bool is_chunked = r->transfer_encoding.p, has_length = r->content_length.p;
    if (has_length && !str_int(r->content_length, 0, SEQ_MAX, &n))
        return fail(e, ERR_MALFORMED, "Content-Length is no number.");
    if ((is_chunked || n) && (!str_is(r->method, "POST") || !http_hook_token(r).p))
        return fail(e, ERR_MALFORMED, "A request here has no body.");
    if (is_chunked && has_length) /* two requests, to somebody else on the way */
        return fail(e, ERR_MALFORMED,
                    "Content-Length and Transfer-Encoding do not go together.");
    if (is_chunked && !same(r->transfer_encoding, "chunked"))
        return fail(e, ERR_MALFORMED, "The only Transfer-Encoding that is read is chunked.");
    return true;
}

bool http_parse(struct str head, struct http_request *r, struct err *e)
{
    *r = (struct http_request){0};
    if (!parse_request_line(next_line(&head), r, e))
        return false;
    for (int n = 0; head.n; n++) {
        struct str line = next_line(&head);
        if (!line.n)
            break;
        if (n == HTTP_HEADERS_MAX)
            return fail(e, ERR_MALFORMED, "At most %d headers are read.", HTTP_HEADERS_MAX);
        if (!parse_header(line, r, e))
            return false;
    }
    if (!r->host.n)
        return fail(e, ERR_MALFORMED, "HTTP/1.1 wants a Host header.");
    return http_body_is_clear(r, e);
}

bool http_list_has(struct str list, const char *word)
{
    while (list.n)
        if (same(str_trim(str_cut(&list, ',')), word))
            return true;
    return false;
}

bool http_origin_fits(struct str origin, struct str host, struct str allowed)
{
    while (allowed.n) {
        struct str one = str_trim(str_cut(&allowed, ','));
        if (str_is(one, "*") ||
            (one.n && one.n == origin.n && strncasecmp(one.p, origin.p, one.n) == 0))
            return true;
    }
    const char *sign = origin.n ? memmem(origin.p, origin.n, "://", 3) : NULL;
    if (!sign)
        return false;
    struct str place = {sign + 3, origin.n - (size_t)(sign + 3 - origin.p)};
    return place.n && place.n == host.n && strncasecmp(place.p, host.p, host.n) == 0;
}

/* 16 bytes in base64. */
static bool is_key(struct str s)
{
    if (s.n != 24 || s.p[22] != '=' || s.p[23] != '=')
        return false;
    for (size_t i = 0; i < 22; i++) {
        char c = s.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
              c == '+' || c == '/'))
            return false;
    }
    return true;
}

int http_upgrade_fault(const struct http_request *r, struct err *e)
{
    if (!http_list_has(r->upgrade, "websocket") || !http_list_has(r->connection, "upgrade")) {
        fail(e, ERR_MALFORMED, "This path is for WebSocket connections.");
        return 426;
    }
    if (!str_is(r->version, "13")) {
        fail(e, ERR_VERSION, "Only WebSocket version 13 is spoken here.");
        return 426;
    }
    if (!http_list_has(r->protocols, subprotocol)) {
        fail(e, ERR_VERSION, "The subprotocol must be %s.", subprotocol);
        return 400;
    }
    if (!is_key(r->key)) {
        fail(e, ERR_MALFORMED, "Sec-WebSocket-Key is not 16 bytes in base64.");
        return 400;
    }
    return 0;
}

struct str http_bearer(struct str authorization)
{
    struct str scheme = str_cut(&authorization, ' ');
    return same(scheme, "bearer") ? str_trim(authorization) : (struct str){0};
}

/* "code: sentence" of the body again, as "Moot-Error: code sentence": a client whose library
 * keeps no body of a refused upgrade has it from there. */
static void add_error(struct buf *out, struct str body)
{
    struct str sentence = str_trim(body), code = str_cut(&sentence, ':');
    sentence = str_trim(sentence);
    if (is_token(code) && sentence.n && is_visible(sentence))
        buf_fmt(out, "Moot-Error: %.*s %.*s\r\n", STR_ARG(code), STR_ARG(sentence));
}

void http_answer_as(struct buf *out, int status, const char *type, const char *extra,
                    struct str body)
{
    size_t i = 0;
    while (i + 1 < COUNT_OF(statuses) && statuses[i].status != status)
        i++;
    buf_fmt(out,
            "HTTP/1.1 %d %s\r\nContent-Type: %s\r\n"
            "Content-Length: %zu\r\nCache-Control: no-store\r\n%s",
            statuses[i].status, statuses[i].reason, type, body.n,
            extra ? extra : statuses[i].headers);
    if (status >= 400)
        add_error(out, body);
    buf_add_str(out, STR("Connection: close\r\n\r\n"));
    buf_add_str(out, body);
}

void http_answer(struct buf *out, int status, struct str body)
{
    http_answer_as(out, status, "text/plain; charset=utf-8", NULL, body);
}

void http_plain_upgrade(struct buf *out, const struct http_request *r)
{
    buf_fmt(out,
            "GET /ws HTTP/1.1\r\nHost: moot\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %.*s\r\n"
            "Sec-WebSocket-Protocol: %s\r\n\r\n",
            STR_ARG(r->key), subprotocol);
}
