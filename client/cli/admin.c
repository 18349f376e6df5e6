/* moot admin: accounts, bots, tokens, invitations. */
#include "admin.h"
#include "url.h"
#include "verbs.h"

#include <unistd.h>

static const struct msg *ask(struct cli *c, enum msg_type type, struct err *e)
{
    return conversation_ask(c->talk, &(struct msg){.type = type}, e);
}

/* ---- accounts ---- */

static void print_user(struct cli *c, const struct user_item *u)
{
    if (c->out.json) {
        print_json_item(&c->out, print_shape(MSG_USER_LIST, "users"), u, STR(""));
        return;
    }
    print_text(&c->out, u->user, 20);
    print_fmt(&c->out, "  %-5s  %-8s  ",
              u->admin ? "admin"
              : u->bot ? "bot"
                       : "-",
              u->disabled ? "disabled" : "-");
    if (u->seen)
        print_time(&c->out, u->seen);
    else
        print_fmt(&c->out, "never");
    print_fmt(&c->out, "\n");
}

bool admin_user_list_run(struct cli *c, struct err *e)
{
    const struct msg *m = cli_connect(c, e) ? ask(c, MSG_ADMIN_USERS, e) : NULL;
    if (!m)
        return false;
    for (size_t i = 0; i < m->user_list.users.n; i++)
        print_user(c, &m->user_list.users.v[i]);
    return true;
}

/* Looks an account up; found says whether there is one. */
static bool look_up(struct cli *c, struct str user, struct user_item *out, bool *found,
                    struct err *e)
{
    const struct msg *m = ask(c, MSG_ADMIN_USERS, e);
    if (!m)
        return false;
    *found = false;
    for (size_t i = 0; i < m->user_list.users.n && !*found; i++)
        if (str_eq(m->user_list.users.v[i].user, user)) {
            *out = m->user_list.users.v[i];
            *found = true;
        }
    return true;
}

static bool set_user(struct cli *c, const struct user_item *u, struct err *e)
{
    struct msg m = {
        .type = MSG_ADMIN_USER_SET,
        .admin_user_set = {
            .user = u->user, .admin = u->admin, .disabled = u->disabled, .bot = u->bot}};
    return conversation_ask(c->talk, &m, e) != NULL;
}

bool admin_user_add_run(struct cli *c, struct err *e)
{
    struct str user = c->words[0];
    struct user_item was;
    bool found;
    if (!cli_user(user, e) || !cli_connect(c, e) || !look_up(c, user, &was, &found, e))
        return false;
    if (found)
        return fail(e, ERR_EXISTS, "there is an account %.*s already", STR_ARG(user));
    return set_user(c, &(struct user_item){.user = user, .admin = c->options.admin}, e);
}

/* admin, disabled: what it is to be; NULL: as it was. */
static bool change_user(struct cli *c, const bool *admin, const bool *disabled, struct err *e)
{
    struct str user = c->words[0];
    struct user_item was;
    bool found;
    if (!cli_user(user, e) || !cli_connect(c, e) || !look_up(c, user, &was, &found, e))
        return false;
    if (!found)
        return fail(e, ERR_NOT_FOUND, "there is no account %.*s", STR_ARG(user));
    was.user = user;
    was.admin = admin ? *admin : was.admin;
    was.disabled = disabled ? *disabled : was.disabled;
    return set_user(c, &was, e);
}

bool admin_user_set_run(struct cli *c, struct err *e)
{
    return change_user(c, cli_is_given(c, "admin") ? &c->options.admin : NULL,
                       cli_is_given(c, "disabled") ? &c->options.disabled : NULL, e);
}

bool admin_disable_run(struct cli *c, struct err *e)
{
    return change_user(c, NULL, &(bool){true}, e);
}

bool admin_enable_run(struct cli *c, struct err *e)
{
    return change_user(c, NULL, &(bool){false}, e);
}

/* ---- tokens ---- */

/* A token needs an account; one that is not there is made, and said to be. */
static bool need_account(struct cli *c, struct str user, struct err *e)
{
    struct user_item was;
    bool found;
    if (!look_up(c, user, &was, &found, e))
        return false;
    if (found)
        return true;
    if (!set_user(c, &(struct user_item){.user = user}, e))
        return false;
    cli_say("there was no account %.*s; it is made", STR_ARG(user));
    return true;
}

/* The bot of that name, made if there is none. */
bool admin_need_bot(struct cli *c, struct str user, struct err *e)
{
    struct user_item was;
    bool found;
    if (!look_up(c, user, &was, &found, e))
        return false;
    if (found && !was.bot)
        return fail(e, ERR_EXISTS, "%.*s is a person's account", STR_ARG(user));
    if (found)
        return true;
    if (!set_user(c, &(struct user_item){.user = user, .bot = true}, e))
        return false;
    cli_say("there was no bot %.*s; it is made", STR_ARG(user));
    return true;
}

static bool make_token(struct cli *c, struct err *e)
{
    struct msg question = {.type = MSG_ADMIN_TOKEN,
                           .admin_token = {.user = c->words[0],
                                           .ttl = c->options.ttl / 1000,
                                           .scopes = str_of(c->options.scope)}};
    const struct msg *m = conversation_ask(c->talk, &question, e);
    if (!m)
        return false;
    if (c->out.json)
        print_json_item(&c->out, &msg_table[MSG_TOKEN].shape, &m->token, STR(""));
    else
        print_fmt(&c->out, "%.*s\n", STR_ARG(m->token.token));
    return true;
}

/* A name that no scope has is found before anything is made. */
static bool scopes_fit(const struct cli *c, struct err *e)
{
    scope_set scopes;
    struct err why;
    if (!scope_parse(str_of(c->options.scope), &scopes, &why))
        return fail(e, ERR_USAGE, "--scope: %s", why.text);
    return true;
}

bool admin_token_run(struct cli *c, struct err *e)
{
    return cli_user(c->words[0], e) && scopes_fit(c, e) && cli_connect(c, e) &&
           need_account(c, c->words[0], e) && make_token(c, e);
}

bool admin_bot_add_run(struct cli *c, struct err *e)
{
    if (!cli_is_given(c, "scope"))
        return fail(e, ERR_USAGE,
                    "--scope says what the bot is for: read, chat, board, notes, "
                    "rooms, or several parted by commas");
    return cli_user(c->words[0], e) && scopes_fit(c, e) && cli_connect(c, e) &&
           admin_need_bot(c, c->words[0], e) && make_token(c, e);
}

bool admin_bot_list_run(struct cli *c, struct err *e)
{
    const struct msg *m = cli_connect(c, e) ? ask(c, MSG_ADMIN_USERS, e) : NULL;
    if (!m)
        return false;
    for (size_t i = 0; i < m->user_list.users.n; i++)
        if (m->user_list.users.v[i].bot)
            print_user(c, &m->user_list.users.v[i]);
    return true;
}

static void print_token(struct cli *c, const struct token_item *t)
{
    if (c->out.json) {
        print_json_item(&c->out, print_shape(MSG_TOKEN_LIST, "tokens"), t, STR(""));
        return;
    }
    print_text(&c->out, t->token_id, 32);
    print_fmt(&c->out, "  ");
    print_text(&c->out, t->user, 16);
    print_fmt(&c->out, "  %-6s  %-7s  until ", t->invite ? "invite" : "token",
              t->revoked ? "revoked" : "-");
    print_time(&c->out, t->expires);
    if (t->scopes.n)
        print_fmt(&c->out, "  %.*s", STR_ARG(t->scopes));
    print_fmt(&c->out, "\n");
}

bool admin_token_list_run(struct cli *c, struct err *e)
{
    const struct msg *m = cli_connect(c, e) ? ask(c, MSG_ADMIN_TOKENS, e) : NULL;
    if (!m)
        return false;
    for (size_t i = 0; i < m->token_list.tokens.n; i++)
        print_token(c, &m->token_list.tokens.v[i]);
    return true;
}

bool admin_token_revoke_run(struct cli *c, struct err *e)
{
    struct msg question = {.type = MSG_ADMIN_REVOKE, .admin_revoke.token_id = c->words[0]};
    return cli_connect(c, e) && conversation_ask(c->talk, &question, e) != NULL;
}

/* ---- invitations ---- */

/* The address that stands in the link: what an option says, the server's own URL, or, seen from
 * its Unix socket, a guess that is said to be one. */
bool admin_public_address(struct cli *c, struct str *out, struct err *e)
{
    struct err none;
    if (c->options.url)
        return cli_address(c, str_of(c->options.url), out, e);
    if (cli_address(c, str_of(c->options.moot.server), out, &none))
        return true;
    char host[256] = "localhost";
    gethostname(host, sizeof host - 1);
    *out = str_fmt(&c->arena, "wss://%s:%d", host, URL_PORT);
    cli_say("the server's address from outside is taken to be %s; --url says another", out->p);
    return true;
}

bool admin_invite_run(struct cli *c, struct err *e)
{
    struct msg question = {.type = MSG_ADMIN_INVITE,
                           .admin_invite = {.user = c->words[0], .ttl = c->options.ttl / 1000}};
    struct str address;
    if (!cli_user(c->words[0], e) || !admin_public_address(c, &address, e) ||
        !cli_connect(c, e))
        return false;
    const struct msg *m = conversation_ask(c->talk, &question, e);
    if (!m)
        return false;
    struct str link =
        str_fmt(&c->arena, "%.*s/#%.*s", STR_ARG(address), STR_ARG(m->token.token));
    if (c->out.json)
        print_json_item(&c->out, &msg_table[MSG_TOKEN].shape, &m->token,
                        str_fmt(&c->arena, "\"url\":\"%.*s\",", STR_ARG(link)));
    else
        print_fmt(&c->out, "%s\n", link.p);
    return true;
}
