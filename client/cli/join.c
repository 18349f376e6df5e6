/* moot join: a one-time link becomes a token of one's own. */
#include "cli.h"
#include "token_file.h"
#include "verbs.h"

#include <string.h>

enum { LINK_MAX = 1024 + TOKEN_MAX };

/* "wss://host:port/#CODE" into server and code. */
static bool split_link(struct cli *c, struct str link, struct str *server, struct str *code,
                       struct err *e)
{
    *code = link;
    struct str address = str_cut(code, '#');
    if (!code->n)
        return fail(e, ERR_USAGE,
                    "that is no invitation: one looks like wss://HOST:PORT/#CODE");
    return cli_address(c, address, server, e);
}

static bool keep(const struct msg_token *t, const char *server, struct err *e)
{
    if (!token_keep(server, t->token, e) || !moot_server_remember(server, e))
        return false;
    cli_say("signed in to %s as %.*s; from now on: moot", server, STR_ARG(t->user));
    return true;
}

bool join_run(struct cli *c, struct err *e)
{
    struct str link, server, code;
    if (!cli_text(c, 0, LINK_MAX, "link", &link, e) ||
        !split_link(c, str_trim(link), &server, &code, e))
        return false;
    const struct moot_options *o = &c->options.moot;
    c->talk = conversation_new(server.p, code, o->ca_file, o->timeout);
    if (!conversation_start(c->talk, e))
        return false;
    struct msg question = {.type = MSG_INVITE_ACCEPT};
    const struct msg *m = conversation_ask(c->talk, &question, e);
    return m && keep(&m->token, server.p, e);
}
