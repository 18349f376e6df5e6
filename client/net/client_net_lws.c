/* One connection of the client, as libwebsockets tells it. */
#include "client_net_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- connections ---- */

void conn_free(struct conn *c)
{
    buf_finish(&c->token);
    buf_finish(&c->in);
    vec_each (b, &c->out)
        buf_finish(b);
    vec_finish(&c->out);
    free(c);
}

static int say_why(struct conn *c, enum err_code code, const char *text)
{
    fail(&c->why, code, "%s", text);
    return -1;
}

/* ---- refusals ---- */

static enum err_code code_of_status(int status)
{
    switch (status) {
    case 401:
        return ERR_NOT_SIGNED_IN;
    case 403:
        return ERR_FORBIDDEN;
    case 426:
        return ERR_VERSION;
    case 429:
        return ERR_RATE;
    case 503:
        return ERR_CLOSING;
    }
    return ERR_UNREACHABLE;
}

/* The server's own words stand in a header, "Moot-Error: CODE SENTENCE": lws keeps no body of
 * an upgrade that was refused. */
static bool words_of_server(struct lws *wsi, struct err *why)
{
    char header[sizeof why->text + 40 + 2];
    int n = lws_hdr_custom_copy(wsi, header, sizeof header, "moot-error:", 11);
    if (n <= 0)
        return false;
    struct str words = {header, (size_t)n};
    struct str code = str_cut(&words, ' ');
    fail(why, err_from_name(code), "%.*s", STR_ARG(str_trim(words)));
    return why->code != ERR_INTERNAL;
}

bool conn_nobody(const struct link *l, struct err *why)
{
    struct stat st;
    if (l->url.kind == URL_SSH)
        return !fail(why, ERR_UNREACHABLE,
                     "nobody answers on %s at %s: mootd does not run there", l->url.socket,
                     l->url.host);
    if (l->url.kind != URL_UNIX)
        return false;
    if (stat(l->url.socket, &st) == 0 && access(l->url.socket, W_OK) == 0)
        return !fail(why, ERR_UNREACHABLE, "nobody answers on %s: mootd does not run",
                     l->url.socket);
    if (errno == EACCES)
        return !fail(why, ERR_UNREACHABLE, "you may not use the socket %s", l->url.socket);
    return !fail(why, ERR_UNREACHABLE, "there is no %s: mootd does not run", l->url.socket);
}

/* The server's words are about a header then; a person needs a link. */
static bool lacks_token(const struct conn *c, int status)
{
    return status == 401 && c->token.n == 0 && c->link && c->link->url.kind != URL_UNIX;
}

/* The connection could not be made; lws says why in its own words. */
static void refused(struct conn *c, struct lws *wsi, struct str words)
{
    struct buf where = {0};
    int status = (int)lws_http_client_http_response(wsi);
    if (c->link)
        url_show(&c->link->url, &where);
    if (lacks_token(c, status))
        fail(&c->why, ERR_NOT_SIGNED_IN,
             "you are not signed in to %s: moot join LINK does that, with a link that an admin "
             "makes with moot admin invite NAME",
             buf_cstr(&where));
    else if (status > 0 && status != 101 && words_of_server(wsi, &c->why))
        ;
    else if (status > 0 && status != 101)
        fail(&c->why, code_of_status(status), "%s refused the connection with HTTP status %d",
             buf_cstr(&where), status);
    else if (words.n && memmem(words.p, words.n, "SSL", 3))
        fail(&c->why, ERR_UNREACHABLE,
             "%s has no TLS, or a certificate that is not trusted here; the authority behind "
             "it can "
             "be named with --ca-file",
             buf_cstr(&where));
    else if (!c->link || !conn_nobody(c->link, &c->why))
        fail(&c->why, ERR_UNREACHABLE, "%s cannot be reached: %.*s", buf_cstr(&where),
             STR_ARG(words.n ? words : STR("no answer")));
    buf_finish(&where);
}

void conn_gone(struct conn *c)
{
    struct link *l = c->link;
    if (l) {
        l->conn = NULL;
        l->has_lost = true;
        l->why = c->why;
        if (l->why.code == ERR_NONE && (c->is_open || !conn_nobody(l, &l->why)))
            fail(&l->why, ERR_UNREACHABLE, "the connection to the server broke");
    }
    conn_free(c);
}

/* ---- lws's reasons ---- */

static int add_token(struct conn *c, struct lws *wsi, unsigned char **at, size_t room)
{
    if (c->token.n == 0)
        return 0;
    struct buf value = {0};
    buf_fmt(&value, "Bearer %.*s", STR_ARG(buf_str(&c->token)));
    int r =
        lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_AUTHORIZATION,
                                     (unsigned char *)value.p, (int)value.n, at, *at + room);
    buf_finish(&value);
    return r;
}

static int received(struct conn *c, struct lws *wsi, const char *bytes, size_t n)
{
    struct buf none = {0};
    if (c->in.n + n > LINK_FRAME_MAX)
        return say_why(c, ERR_TOO_LARGE, "the server sent a message over the bound");
    buf_add(&c->in, bytes, n);
    if (lws_remaining_packet_payload(wsi) > 0 || !lws_is_final_fragment(wsi))
        return 0;
    if (c->link)
        vec_push(&c->link->frames, c->in);
    else
        buf_finish(&c->in);
    c->in = none;
    return 0;
}

static int write_some(struct conn *c, struct lws *wsi)
{
    for (int i = 0; i < WRITES_A_TURN && c->out_at < c->out.n; i++) {
        if (lws_send_pipe_choked(wsi))
            break;
        struct buf *b = &c->out.v[c->out_at++];
        size_t n = b->n - LWS_PRE;
        int sent = lws_write(wsi, (unsigned char *)b->p + LWS_PRE, n, LWS_WRITE_TEXT);
        buf_finish(b);
        if (sent < (int)n)
            return -1;
    }
    if (c->out_at < c->out.n) {
        lws_callback_on_writable(wsi);
        return 0;
    }
    c->out.n = c->out_at = 0;
    return c->is_closing ? -1 : 0;
}

static void closed_by_peer(struct conn *c, const unsigned char *in, size_t n)
{
    struct str words = n > 2 ? (struct str){(const char *)in + 2, n - 2} : (struct str){0};
    fail(&c->why, ERR_UNREACHABLE, "the server closed the connection%s%.*s",
         words.n ? ": " : "", (int)MIN(words.n, (size_t)120), words.n ? words.p : "");
}

int conn_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                  size_t n)
{
    struct conn *c = lws_get_opaque_user_data(wsi);
    (void)user;
    if (!c)
        return 0;
    c->wsi = wsi;
    switch ((int)reason) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
        return add_token(c, wsi, in, n);
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        c->is_open = true;
        if (c->link)
            c->link->has_opened = true;
        break;
    case LWS_CALLBACK_CLIENT_RECEIVE:
        return received(c, wsi, in, n);
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return write_some(c, wsi);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        closed_by_peer(c, in, n);
        break;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        refused(c, wsi, (struct str){in, in ? n : 0});
        break;
    case LWS_CALLBACK_WSI_DESTROY:
        lws_set_opaque_user_data(wsi, NULL);
        conn_gone(c);
        break;
    }
    return 0;
}
