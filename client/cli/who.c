/* moot who, moot room members: people, and who of them is here. */
#include "cli.h"
#include "verbs.h"

#include <stdio.h>
#include <string.h>

static void print_member(struct cli *c, struct str room, const struct member_item *m,
                         bool with_room)
{
    if (c->out.json) {
        struct str extra = str_fmt(&c->arena, "\"room\":\"%.*s\",", STR_ARG(room));
        print_json_item(&c->out, print_shape(MSG_MEMBER_LIST, "members"), m, extra);
        return;
    }
    if (with_room) {
        print_text(&c->out, room, 20);
        print_fmt(&c->out, "  ");
    }
    print_text(&c->out, m->user, 20);
    print_fmt(&c->out, "  %-8s  %s\n", role_name(m->role), m->online ? "online" : "-");
}

static bool print_members(struct cli *c, struct str room, bool gone_too, bool with_room,
                          struct err *e)
{
    struct msg question = {.type = MSG_MEMBERS, .request.room = room};
    const struct msg *m = conversation_ask(c->talk, &question, e);
    if (!m)
        return false;
    for (size_t i = 0; i < m->member_list.members.n; i++) {
        const struct member_item *item = &m->member_list.members.v[i];
        if (item->online || gone_too)
            print_member(c, room, item, with_room);
    }
    return true;
}

bool room_members_run(struct cli *c, struct err *e)
{
    struct str room;
    return cli_room(c, c->words[0], &room, e) && cli_connect(c, e) &&
           print_members(c, room, true, false, e);
}

static bool print_all_rooms(struct cli *c, struct err *e)
{
    const struct session *s = conversation_session(c->talk);
    /* A cut brings a new list of rooms, so the names are kept. */
    size_t n = s->known.n;
    struct str *rooms = arena_alloc(&c->arena, n * sizeof *rooms);
    for (size_t i = 0; i < n; i++)
        rooms[i] = str_keep(&c->arena, str_of(s->known.v[i].name));
    for (size_t i = 0; i < n; i++)
        if (!print_members(c, rooms[i], c->options.all, true, e))
            return false;
    return true;
}

bool who_run(struct cli *c, struct err *e)
{
    const char *named = c->options.moot.room;
    if (c->n_words == 0 && !named)
        return cli_connect(c, e) && print_all_rooms(c, e);
    struct str room;
    return cli_room(c, c->n_words ? c->words[0] : str_of(named), &room, e) &&
           cli_connect(c, e) && print_members(c, room, c->options.all, false, e);
}
