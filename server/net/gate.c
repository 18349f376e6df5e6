/* Who may come in. */
#include "carrier.h"
#include "delivery.h"
#include "peer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "name: sentence", so that a person understands it and a program can tell. */
static int refuse(struct buf *body, int status, const struct err *e)
{
    buf_fmt(body, "%s: %s\n", err_name(e->code), e->text);
    return status;
}

static int status_of(enum err_code code)
{
    if (code == ERR_REVOKED || code == ERR_FORBIDDEN)
        return 403;
    return err_is_passing(code) || code == ERR_LIMIT ? 503 : 401;
}

static bool is_origin_fine(const struct net *n, const struct http_request *r, struct err *e)
{
    if (!r->origin.p || http_origin_fits(r->origin, r->host, buf_str(&n->origins)))
        return true;
    return fail(e, ERR_FORBIDDEN,
                "Pages of this origin may not connect; the server's option origin allows it.");
}

static bool know_by_token(struct net *n, struct str token, struct visitor *who, struct err *e)
{
    struct token_claims claims = {0};
    if (!token_check(n->parts.keys, token, net_now(n), &claims, e))
        return false;
    memcpy(who->user, claims.user, sizeof who->user);
    memcpy(who->token_id, claims.id, sizeof who->token_id);
    who->expires = claims.expires;
    who->invite = claims.invite;
    who->scopes = claims.scopes;
    return true;
}

/* By the token if there is one, else by the account at the other end of a Unix socket. */
static bool know(struct net *n, const struct http_request *r, int fd, bool is_unix,
                 struct visitor *who, struct err *e)
{
    struct str token = http_bearer(r->authorization);
    if (r->authorization.p && !token.n)
        return fail(e, ERR_NOT_SIGNED_IN, "Authorization must be: Bearer TOKEN.");
    if (token.n)
        return know_by_token(n, token, who, e);
    if (is_unix)
        return peer_of(fd, who->user, &who->admin, e);
    return fail(e, ERR_NOT_SIGNED_IN, "A token is needed: Authorization: Bearer TOKEN.");
}

static bool admit(struct net *n, const struct http_request *r, int fd, bool is_unix,
                  struct visitor *who, struct err *e)
{
    *who = (struct visitor){0};
    if (!know(n, r, fd, is_unix, who, e))
        return false;
    struct identity id = {.user = str_of(who->user),
                          .token_id = str_of(who->token_id),
                          .expires = who->expires,
                          .admin = who->admin,
                          .invite = who->invite,
                          .scopes = who->scopes};
    return hub_admits(n->parts.hub, &id, e);
}

static int decide_upgrade(struct net *n, const struct http_request *r, int fd, bool is_unix,
                          struct visitor *who, struct buf *body)
{
    struct err e = {0};
    int status = http_upgrade_fault(r, &e);
    if (status)
        return refuse(body, status, &e);
    if (!is_origin_fine(n, r, &e))
        return refuse(body, 403, &e);
    if (n->is_draining) {
        fail(&e, ERR_CLOSING, "%s", err_sentence(ERR_CLOSING));
        return refuse(body, 503, &e);
    }
    if (n->conns.n >= (size_t)n->config.max_connections) {
        fail(&e, ERR_LIMIT, "The server has as many connections as it takes.");
        return refuse(body, 503, &e);
    }
    if (!admit(n, r, fd, is_unix, who, &e)) {
        n->tally.sign_ins_refused++;
        log_line(n->parts.log, LOG_DEBUG, "net.refused", "%s", e.text);
        return refuse(body, status_of(e.code), &e);
    }
    return 101;
}

static int tell_health(struct net *n, struct buf *body)
{
    struct err e = {0};
    if (!net_is_healthy(n, &e))
        return refuse(body, 503, &e);
    buf_add_str(body, STR("ok\n"));
    return 200;
}

static int tell_metrics(struct net *n, struct buf *body)
{
    net_metrics_page(n, body);
    return 200;
}

int gate_decide(struct net *n, const struct http_request *r, int fd, bool is_unix,
                struct visitor *who, struct buf *body)
{
    struct err e = {0};
    if (!str_is(r->method, "GET")) {
        fail(&e, ERR_MALFORMED, "Only GET is understood here.");
        return refuse(body, 405, &e);
    }
    if (str_is(r->path, "/ws"))
        return decide_upgrade(n, r, fd, is_unix, who, body);
    if (str_is(r->path, "/healthz"))
        return tell_health(n, body);
    if (str_is(r->path, "/metrics"))
        return tell_metrics(n, body);
    fail(&e, ERR_NOT_FOUND,
         "This is a moot server: /ws for clients, /hooks/TOKEN, /healthz and /metrics.");
    return refuse(body, 404, &e);
}

static void let_in(struct net *n, const struct arrival *a, const struct visitor *who,
                   struct str bytes)
{
    struct conn *c = conns_take(&n->conns);
    c->is_unix = a->is_unix;
    c->is_tls = a->is_tls;
    if (who) {
        c->visitor = NEW(struct visitor);
        *c->visitor = *who;
    }
    n->shaking++;
    if (a->is_tls)
        link_expect_by(n, c, HANDSHAKE_WITHIN_MS);
    carrier_adopt(n->carrier, c, a->fd, bytes);
}

static enum reception receive_tls(struct net *n, const struct arrival *a)
{
    size_t most = (size_t)n->config.max_connections + HANDSHAKES_MAX;
    if (n->shaking >= HANDSHAKES_MAX || n->conns.n >= most) {
        n->is_crowded = true;
        return NOT_NOW;
    }
    let_in(n, a, NULL, (struct str){0});
    return RECEIVED;
}

/* libwebsockets is given a request of our own making, so that nothing a stranger wrote reaches
 * its parser. */
static void receive_plain(struct net *n, const struct arrival *a, const struct http_request *r,
                          const struct visitor *who, size_t head)
{
    struct buf bytes = {0};
    http_plain_upgrade(&bytes, r);
    buf_add(&bytes, a->bytes.p + head, a->bytes.n - head);
    let_in(n, a, who, buf_str(&bytes));
    buf_finish(&bytes);
}

static enum reception receive_delivery(struct net *n, const struct arrival *a,
                                       const struct http_request *r, size_t head,
                                       struct buf *answer)
{
    static const enum reception receptions[] = {
        [BODY_MORE] = UNDONE, [BODY_WHOLE] = HELD, [BODY_BAD] = ANSWERED};
    struct delivery_verdict v = {0};
    delivery_request(n, r, (struct str){a->bytes.p + head, a->bytes.n - head}, a->ticket, NULL,
                     &v);
    buf_add_str(answer, buf_str(&v.answer));
    buf_finish(&v.answer);
    return receptions[v.state];
}

enum reception gate_receive(void *arg, const struct arrival *a, struct buf *answer)
{
    struct net *n = arg;
    struct http_request r;
    struct visitor who;
    struct err e = {0};
    struct buf body = {0};
    if (a->is_tls)
        return receive_tls(n, a);
    size_t head = http_head_length(a->bytes);
    bool is_clean = http_parse((struct str){a->bytes.p, head}, &r, &e);
    if (is_clean && http_hook_token(&r).p)
        return receive_delivery(n, a, &r, head, answer);
    int status =
        is_clean ? gate_decide(n, &r, a->fd, a->is_unix, &who, &body) : refuse(&body, 400, &e);
    if (status == 101)
        receive_plain(n, a, &r, &who, head);
    else
        http_answer(answer, status, buf_str(&body));
    buf_finish(&body);
    return status == 101 ? RECEIVED : ANSWERED;
}
