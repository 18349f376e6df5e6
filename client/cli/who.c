/* moot who, moot room members: people, and who of them is here. moot status: what one is. */
#include "age.h"
#include "cli.h"
#include "verbs.h"

#include <stdio.h>
#include <string.h>

/* "online", "idle 5m", "away 2h: lunch", "-". */
static struct str standing_of(struct cli *c, const struct member_item *m)
{
    char age[AGE_MAX];
    if (!m->online)
        return STR("-");
    if (m->status == STATUS_ONLINE)
        return STR("online");
    age_of(conversation_time(c->talk) - m->since, age);
    return str_fmt(&c->arena, "%s %s%s%.*s", status_name(m->status), age,
                   m->words.n ? ": " : "", STR_ARG(m->words));
}

static void print_member(struct cli *c, struct str room, const struct member_item *m,
                         bool with_room)
{
    if (c->out.json) {
        struct str extra = str_fmt(&c->arena, "\"room\":\"%.*s\",", STR_ARG(room));
        print_json_item(&c->out, print_shape(MSG_MEMBER_LIST, "members"), m, extra);
        return;
    }
    if (with_room) {
        print_text(&c->out, cli_room_label(c, room), 20);
        print_fmt(&c->out, "  ");
    }
    print_text(&c->out, m->user, 20);
    print_fmt(&c->out, "  %-8s  %s", role_name(m->role), m->bot ? "bot  " : "");
    print_text(&c->out, standing_of(c, m), 0);
    print_fmt(&c->out, "\n");
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

/* ---- oneself ---- */

static bool choose(struct cli *c, enum status status, struct err *e)
{
    struct str words = {0};
    if (c->n_words > 1 && !cli_text(c, 1, STATUS_WORDS_MAX, "words for the others", &words, e))
        return false;
    struct msg m = {.type = MSG_STATUS,
                    .status = {.status = status, .words = str_trim(words), .everywhere = true}};
    if (!cli_connect(c, e))
        return false;
    if (conversation_session(c->talk)->revision < 1)
        return fail(e, ERR_UNKNOWN_TYPE, "this server is too old to know a status");
    const struct msg *ok = conversation_ask(c->talk, &m, e);
    return ok && (ok->ok.number > 0 ||
                  fail(e, ERR_NOT_FOUND, "no screen of yours is open: there is nobody to be %s",
                       status_name(status)));
}

/* Where one is here, it is the same in every room. */
static bool print_own(struct cli *c, struct err *e)
{
    if (!cli_connect(c, e))
        return false;
    const struct session *s = conversation_session(c->talk);
    struct str user = str_keep(&c->arena, str_of(s->user));
    for (size_t i = 0; i < s->known.n; i++) {
        struct str room = str_keep(&c->arena, str_of(s->known.v[i].name));
        struct msg question = {.type = MSG_MEMBERS, .request.room = room};
        const struct msg *m = conversation_ask(c->talk, &question, e);
        if (!m)
            return false;
        for (size_t k = 0; k < m->member_list.members.n; k++) {
            const struct member_item *item = &m->member_list.members.v[k];
            if (!item->online || !str_eq(item->user, user))
                continue;
            print_member(c, room, item, false);
            return true;
        }
    }
    return fail(e, ERR_NOT_FOUND, "no screen of yours is open: you are not here");
}

bool status_run(struct cli *c, struct err *e)
{
    enum status status;
    if (c->n_words == 0)
        return print_own(c, e);
    if (!status_from_name(c->words[0], &status) || status == STATUS_IDLE)
        return fail(e, ERR_USAGE, "a status is online, away or dnd, not '%.*s'",
                    STR_ARG(c->words[0]));
    if (status == STATUS_ONLINE && c->n_words > 1)
        return fail(e, ERR_USAGE, "words go with away or dnd");
    return choose(c, status, e);
}
