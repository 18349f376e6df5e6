/* moot admin hook: programs that post into a room, and are told what happens there. */
#include "admin.h"
#include "verbs.h"

/* In the room with at least that role; who is in it with more stays so. */
static bool need_member(struct cli *c, struct str room, struct str user, enum role role,
                        struct err *e)
{
    struct msg question = {.type = MSG_MEMBERS, .members.head.room = room};
    struct err none;
    const struct msg *m = conversation_ask(c->talk, &question, &none);
    for (size_t i = 0; m && i < m->member_list.members.n; i++)
        if (str_eq(m->member_list.members.v[i].user, user) &&
            m->member_list.members.v[i].role >= role)
            return true;
    struct msg_ok ok;
    struct msg set = {.type = MSG_MEMBER_SET,
                      .member_set = {.head.room = room, .user = user, .role = role}};
    if (!cli_request(c, &set, &ok, e))
        return false;
    cli_say("%.*s is now %s of %.*s", STR_ARG(user), role_name(role), STR_ARG(room));
    return true;
}

/* https where the clients' address is wss. */
static struct str hook_address(struct cli *c, struct str server, struct str token)
{
    bool is_plain = server.n > 5 && server.p[2] == ':';
    struct str place = {server.p + (is_plain ? 2 : 3), server.n - (is_plain ? 2 : 3)};
    return str_fmt(&c->arena, "%s%.*s/hooks/%.*s", is_plain ? "http" : "https", STR_ARG(place),
                   STR_ARG(token));
}

/* What is posted to begins with https, so --url may, too. */
static bool public_address(struct cli *c, struct str *out, struct err *e)
{
    struct str given = str_of(c->options.url);
    if (str_starts(given, "https://") || str_starts(given, "http://"))
        c->options.url = str_fmt(&c->arena, "ws%.*s", (int)given.n - 4, given.p + 4).p;
    return admin_public_address(c, out, e);
}

/* server: of one that is posted to. */
static bool print_made(struct cli *c, const struct msg_hook *m, struct str server)
{
    struct str url = {0};
    if (server.n)
        url = hook_address(c, server, str_keep(&c->arena, m->secret));
    if (c->out.json)
        print_json_item(&c->out, &msg_table[MSG_HOOK].shape, m,
                        url.n ? str_fmt(&c->arena, "\"url\":\"%.*s\",", STR_ARG(url))
                              : STR(""));
    else
        print_fmt(&c->out, "%.*s\n", STR_ARG(url.n ? url : m->secret));
    return true;
}

bool admin_hook_add_run(struct cli *c, struct err *e)
{
    struct str user = c->words[1], room, server = {0};
    struct str url = c->n_words > 2 ? c->words[2] : (struct str){0};
    struct msg q = {.type = MSG_ADMIN_HOOK_ADD,
                    .admin_hook_add = {.user = user,
                                       .url = url,
                                       .kinds = str_of(c->options.kinds),
                                       .task = c->options.card}};
    if (!cli_room(c, c->words[0], &room, e) || !cli_user(user, e) ||
        (!url.n && !public_address(c, &server, e)))
        return false;
    q.admin_hook_add.head.room = room;
    struct err lacks = {0};
    const struct msg *m = cli_connect(c, e) ? conversation_ask(c->talk, &q, &lacks) : NULL;
    if (!m && (lacks.code == ERR_NOT_FOUND || lacks.code == ERR_FORBIDDEN)) {
        if (!admin_need_bot(c, user, e) ||
            !need_member(c, room, user, url.n ? ROLE_OBSERVER : ROLE_MEMBER, e))
            return false;
        m = conversation_ask(c->talk, &q, e);
    } else if (lacks.code) {
        *e = lacks;
    }
    return m && print_made(c, &m->hook, server);
}

static void print_hook(struct cli *c, const struct hook_item *k)
{
    if (c->out.json) {
        print_json_item(&c->out, print_shape(MSG_HOOK_LIST, "hooks"), k, STR(""));
        return;
    }
    print_text(&c->out, k->hook, 16);
    print_fmt(&c->out, "  ");
    print_text(&c->out, k->room, 16);
    print_fmt(&c->out, "  ");
    print_text(&c->out, k->user, 16);
    if (!k->url.n) {
        print_fmt(&c->out, "  in");
        if (k->task)
            print_fmt(&c->out, "   card %lld", (long long)k->task);
        print_fmt(&c->out, "\n");
        return;
    }
    print_fmt(&c->out, "  out  ");
    print_text(&c->out, k->kinds, 0);
    print_fmt(&c->out, " to ");
    print_text(&c->out, k->url, 0);
    print_fmt(&c->out, ", up to %lld", (long long)k->seq);
    if (k->failing) {
        print_fmt(&c->out, ", %s since ", k->stopped ? "stopped, failed" : "fails");
        print_time(&c->out, k->failing);
    }
    if (k->trouble.n) {
        print_fmt(&c->out, ": ");
        print_text(&c->out, k->trouble, 0);
    }
    print_fmt(&c->out, "\n");
}

bool admin_hook_list_run(struct cli *c, struct err *e)
{
    struct msg question = {.type = MSG_ADMIN_HOOKS};
    const struct msg *m = cli_connect(c, e) ? conversation_ask(c->talk, &question, e) : NULL;
    if (!m)
        return false;
    for (size_t i = 0; i < m->hook_list.hooks.n; i++)
        print_hook(c, &m->hook_list.hooks.v[i]);
    return true;
}

bool admin_hook_revoke_run(struct cli *c, struct err *e)
{
    struct msg question = {.type = MSG_ADMIN_HOOK_REVOKE,
                           .admin_hook_revoke.hook = c->words[0]};
    return cli_connect(c, e) && conversation_ask(c->talk, &question, e) != NULL;
}

bool admin_hook_resume_run(struct cli *c, struct err *e)
{
    struct msg question = {.type = MSG_ADMIN_HOOK_RESUME,
                           .admin_hook_resume.hook = c->words[0]};
    return cli_connect(c, e) && conversation_ask(c->talk, &question, e) != NULL;
}
