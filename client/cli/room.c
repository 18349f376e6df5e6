/* moot room: rooms and who belongs to them. */
#include "cli.h"
#include "codec.h"
#include "verbs.h"

static void print_count(struct cli *c, const char *what, int64_t n)
{
    if (n)
        print_fmt(&c->out, "  %lld%s %s", (long long)MIN(n, UNREAD_MAX - 1),
                  n >= UNREAD_MAX ? "+" : "", what);
}

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
        struct str label = cli_room_label(c, r->room);
        if (c->out.json) {
            struct str extra = str_fmt(&c->arena, "\"label\":\"%.*s\",", STR_ARG(label));
            print_json_item(&c->out, print_shape(MSG_ROOM_LIST, "rooms"), r, extra);
            continue;
        }
        print_text(&c->out, label, 20);
        print_fmt(&c->out, "  %-8s  %5lld %s  %-7s", r->role ? role_name(r->role) : "-",
                  (long long)r->members, r->members == 1 ? "member " : "members",
                  r->is_public ? "public" : "private");
        print_count(c, "unread", r->unread);
        print_count(c, r->mentions == 1 ? "mention" : "mentions", r->mentions);
        print_fmt(&c->out, "\n");
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

/* ---- how far one has read ---- */

static bool own_room(struct cli *c, struct str room, struct room_item *out, struct err *e)
{
    struct msg question = {.type = MSG_ROOMS, .rooms.mine = true};
    const struct msg *m = conversation_ask(c->talk, &question, e);
    for (size_t i = 0; m && i < m->room_list.rooms.n; i++) {
        *out = m->room_list.rooms.v[i];
        if (str_eq(out->room, room))
            return true;
    }
    return m && fail(e, ERR_NOT_FOUND, "there is no room %.*s that you are in", STR_ARG(room));
}

static bool set_marker(struct cli *c, struct str room, struct marker to, struct err *e)
{
    struct msg question = {.type = MSG_READ, .read.read = to};
    question.request.room = room;
    return conversation_ask(c->talk, &question, e);
}

static bool is_there(const struct room_item *item, int64_t message, struct err *e)
{
    return message <= item->seq || fail(e, ERR_NOT_FOUND, "there is no message %lld in %.*s",
                                        (long long)message, STR_ARG(item->room));
}

bool room_read_run(struct cli *c, struct err *e)
{
    struct str room;
    struct room_item item;
    int64_t message = 0;
    if (!cli_room(c, c->words[0], &room, e) ||
        (c->n_words > 1 && !cli_message(c->words[1], &message, e)) || !cli_connect(c, e) ||
        !own_room(c, room, &item, e) || !is_there(&item, message, e))
        return false;
    return set_marker(c, room, (struct marker){item.read.turn, message ? message : item.seq},
                      e);
}

bool message_unread_run(struct cli *c, struct err *e)
{
    struct str room;
    struct room_item item;
    int64_t message;
    return cli_room(c, c->words[0], &room, e) && cli_message(c->words[1], &message, e) &&
           cli_connect(c, e) && own_room(c, room, &item, e) && is_there(&item, message, e) &&
           set_marker(c, room, (struct marker){item.read.turn + 1, message - 1}, e);
}

/* ---- topics ---- */

static bool print_topic(struct cli *c, struct err *e)
{
    struct str room;
    const struct replica *r = cli_open(c, &room, e);
    if (!r)
        return false;
    struct msg_room_topic item = {.head.room = room, .topic = str_of(r->topic)};
    if (c->out.json) {
        struct str extra = str_fmt(&c->arena, "\"room\":\"%.*s\",", STR_ARG(room));
        print_json_item(&c->out, &msg_table[MSG_ROOM_TOPIC].shape, &item, extra);
    } else if (item.topic.n) {
        print_text(&c->out, item.topic, 0);
        print_fmt(&c->out, "\n");
    }
    return true;
}

bool room_topic_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_TOPIC_SET};
    if (c->options.remove && c->n_words > 1)
        return fail(e, ERR_USAGE, "--remove and a text: which of them?");
    if (c->n_words > 1 && !cli_text(c, 1, TOPIC_MAX, "topic", &m.topic_set.topic, e))
        return false;
    return c->n_words > 1 || c->options.remove ? change(c, &m, e) : print_topic(c, e);
}

/* ---- what is kept, and all of it ---- */

static void print_kept(struct cli *c, struct retention k, struct str extra)
{
    char words[RETENTION_WORDS_MAX];
    struct msg_room_retention item = {.keep = k};
    retention_words(k, words);
    if (c->out.json)
        print_json_item(&c->out, &msg_table[MSG_ROOM_RETENTION].shape, &item, extra);
    else
        print_fmt(&c->out, "%s%s\n", k.age ? "messages for " : "", words);
}

static bool print_retention(struct cli *c, struct err *e)
{
    struct str room;
    const struct replica *r = cli_open(c, &room, e);
    if (r)
        print_kept(c, r->keep, str_fmt(&c->arena, "\"room\":\"%.*s\",", STR_ARG(room)));
    return r;
}

bool room_retain_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_ROOM_RETAIN};
    const char *keep = c->options.keep;
    if (keep && c->options.off)
        return fail(e, ERR_USAGE, "--keep and --off: which of them?");
    if (!keep && !c->options.off)
        return print_retention(c, e);
    return (!keep || retention_read(str_of(keep), &m.room_retain.keep, e)) && change(c, &m, e);
}

static struct str show_extra(struct cli *c, const struct replica *r, int64_t members)
{
    struct buf b = {0};
    struct msg_room_topic topic = {.topic = str_of(r->topic)};
    buf_fmt(&b, "\"room\":\"%s\",\"public\":%s,\"members\":%lld,\"topic\":", r->name,
            r->is_public ? "true" : "false", (long long)members);
    codec_value(&b, msg_table[MSG_ROOM_TOPIC].shape.fields, &topic);
    buf_fmt(&b, ",\"trimmed\":%lld,", (long long)r->trimmed);
    struct str kept = str_keep(&c->arena, buf_str(&b));
    buf_finish(&b);
    return kept;
}

bool room_show_run(struct cli *c, struct err *e)
{
    struct str room;
    int64_t members = 0;
    const struct replica *r = cli_open(c, &room, e);
    if (!r)
        return false;
    vec_each (p, &r->people)
        members += p->role != ROLE_NONE;
    if (c->out.json) {
        print_kept(c, r->keep, show_extra(c, r, members));
        return true;
    }
    print_text(&c->out, cli_room_label(c, room), 0);
    print_fmt(&c->out, "\n  %s, %lld %s\n", r->is_public ? "public" : "private",
              (long long)members, members == 1 ? "member" : "members");
    if (r->topic[0]) {
        print_fmt(&c->out, "  topic  ");
        print_text(&c->out, str_of(r->topic), 0);
        print_fmt(&c->out, "\n");
    }
    print_fmt(&c->out, "  keeps  ");
    print_kept(c, r->keep, STR(""));
    if (r->trimmed)
        print_fmt(&c->out, "  older messages, up to %lld, were removed by retention\n",
                  (long long)r->trimmed);
    return true;
}
