/* moot room: rooms and who belongs to them. */
#include "cli.h"
#include "verbs.h"

bool room_list_run(struct cli *c, struct err *e)
{
    struct msg question = {.type = MSG_ROOMS};
    if (!cli_connect(c, e))
        return false;
    const struct msg *m = conversation_ask(c->talk, &question, e);
    if (!m)
        return false;
    for (size_t i = 0; i < m->room_list.rooms.n; i++) {
        const struct room_item *r = &m->room_list.rooms.v[i];
        if (c->out.json) {
            print_json_item(&c->out, print_shape(MSG_ROOM_LIST, "rooms"), r, STR(""));
            continue;
        }
        print_text(&c->out, cli_room_label(c, r->room), 20);
        print_fmt(&c->out, "  %-8s  %5lld %s  %s\n", r->role ? role_name(r->role) : "-",
                  (long long)r->members, r->members == 1 ? "member " : "members",
                  r->is_public ? "public" : "private");
    }
    return true;
}

static bool change(struct cli *c, struct msg *m, struct err *e)
{
    struct msg_ok ok;
    return cli_room(c, c->words[0], &m->request.room, e) && cli_connect(c, e) &&
           cli_request(c, m, &ok, e);
}

bool room_create_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_ROOM_CREATE, .room_create.is_public = !c->options.is_private};
    return change(c, &m, e);
}

bool room_join_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_ROOM_JOIN};
    return change(c, &m, e);
}

bool room_leave_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_ROOM_LEAVE};
    return change(c, &m, e);
}

bool room_invite_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_MEMBER_SET, .member_set.user = c->words[1]};
    enum role *role = &m.member_set.role;
    if (!cli_user(c->words[1], e))
        return false;
    if (!role_from_name(str_of(c->options.role), role) || *role == ROLE_NONE)
        return fail(e, ERR_USAGE, "--role %s: a role is observer, member or owner",
                    c->options.role);
    return change(c, &m, e);
}

bool room_remove_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_MEMBER_SET,
                    .member_set = {.user = c->words[1], .role = ROLE_NONE}};
    return cli_user(c->words[1], e) && change(c, &m, e);
}
