/* moot activity: who did what in a room. moot catchup: what of it concerns oneself, in all
 * rooms. */
#include "activity.h"
#include "cli.h"
#include "codec.h"
#include "note.h"
#include "verbs.h"

enum {
    SHOWN = 50, /* without --limit */
    CATCHUP_HOURS = 24,
};

struct item {
    int64_t seq, time, about;
    int64_t from; /* time of the oldest of what the line stands for */
    enum msg_type type;
    struct str author, text; /* in the arena */
};

struct recent {
    struct cli *c;
    struct msg question;
    VEC(struct item) items; /* newest first */
    struct arena page;      /* of what is being read */
};

/* In words; empty for what is not to be listed. */
static void say(const struct msg *m, const struct msg_activity_page *page, struct buf *out)
{
    int64_t about = activity_about(m);
    struct str rest = m->message.text;
    if (m->type == MSG_MESSAGE && !about) {
        buf_fmt(out, "said ");
        buf_add_str(out, str_cut(&rest, '\n'));
    } else {
        activity_say(m, activity_thing(NULL, page->names.v, page->names.n, about), out);
    }
}

/* What somebody writes in a text is one line, of the newest edit. The server leaves out what it
 * can know of, which is one page. */
static bool is_of_a_line(struct recent *a, const struct msg *m)
{
    int64_t about = activity_about(m);
    if (m->type != MSG_NOTE_EDITED)
        return false;
    vec_each (i, &a->items) {
        if (i->type != MSG_NOTE_EDITED || i->about != about ||
            i->from - m->event.time > SITTING_MS || !str_eq(i->author, m->event.author))
            continue;
        i->from = m->event.time;
        return true;
    }
    return false;
}

static void take_page(struct recent *a, const struct msg_activity_page *page, int64_t wanted)
{
    struct msg_list events;
    activity_events(page, &a->page, &events);
    for (size_t i = events.n; i-- > 0 && (int64_t)a->items.n < wanted;) {
        const struct msg *m = &events.v[i];
        struct buf text = {0};
        if (is_of_a_line(a, m))
            continue;
        say(m, page, &text);
        if (text.n)
            vec_push(&a->items, (struct item){.seq = m->event.seq,
                                              .time = m->event.time,
                                              .from = m->event.time,
                                              .about = activity_about(m),
                                              .type = m->type,
                                              .author = str_keep(&a->c->arena, m->event.author),
                                              .text = str_keep(&a->c->arena, buf_str(&text))});
        buf_finish(&text);
    }
    arena_clear(&a->page);
}

/* Pages come newest first, until there are enough. */
static bool read_items(struct recent *a, int64_t wanted, struct err *e)
{
    struct msg_activity *q = &a->question.activity;
    bool more = true;
    for (q->before = SEQ_MAX; more && (int64_t)a->items.n < wanted;) {
        q->limit = MIN(wanted - (int64_t)a->items.n, ACTIVITY_MAX);
        const struct msg *m = conversation_ask(a->c->talk, &a->question, e);
        if (!m)
            return false;
        more = m->activity_page.more && m->activity_page.from < q->before;
        q->before = m->activity_page.from;
        take_page(a, &m->activity_page, wanted);
    }
    return true;
}

static void print_item(struct cli *c, const struct item *i, struct str room)
{
    struct print *out = &c->out;
    if (out->json) {
        print_fmt(out,
                  "{\"room\":\"%.*s\",\"seq\":%lld,\"time\":%lld,\"author\":\"%.*s\","
                  "\"event\":\"%s\",\"about\":%lld,\"text\":",
                  STR_ARG(room), (long long)i->seq, (long long)i->time, STR_ARG(i->author),
                  msg_table[i->type].name, (long long)i->about);
        codec_quote(&out->bytes, i->text);
        print_fmt(out, "}\n");
        return;
    }
    print_time(out, i->time);
    print_fmt(out, " ");
    print_text(out, i->author, 0);
    print_fmt(out, " ");
    print_text(out, i->text, 0);
    print_fmt(out, "\n");
}

static bool kind_of(const struct cli *c, enum activity *kind, struct err *e)
{
    struct str name = str_of(c->options.kind);
    if (!name.n || activity_from_name(name, kind))
        return true;
    struct buf names = {0};
    for (enum activity k = 0; k < ACTIVITY_COUNT; k++)
        buf_fmt(&names, "%s%s", k ? ", " : "", activity_name(k));
    fail(e, ERR_USAGE, "\"%.*s\" is no kind of activity: %.*s", STR_ARG(name),
         STR_ARG(buf_str(&names)));
    buf_finish(&names);
    return false;
}

bool activity_run(struct cli *c, struct err *e)
{
    struct recent a = {.c = c, .question.type = MSG_ACTIVITY};
    struct msg_activity *q = &a.question.activity;
    q->user = str_of(c->options.author);
    q->about = c->options.card;
    if (!cli_room(c, c->words[0], &q->head.room, e) || (q->user.n && !cli_user(q->user, e)) ||
        !kind_of(c, &q->kind, e) || !cli_connect(c, e))
        return false;
    bool ok = read_items(&a, cli_is_given(c, "limit") ? c->options.limit : SHOWN, e);
    for (size_t i = a.items.n; ok && i-- > 0;)
        print_item(c, &a.items.v[i], q->head.room);
    vec_finish(&a.items);
    arena_finish(&a.page);
    return ok;
}

/* ---- what concerns oneself ---- */

static void print_room(struct cli *c, const struct room_item *room)
{
    print_text(&c->out, cli_room_label(c, room->room), 0);
    if (room->unread)
        print_fmt(&c->out, ": %lld%s unread", (long long)MIN(room->unread, UNREAD_MAX - 1),
                  room->unread >= UNREAD_MAX ? "+" : "");
    if (room->mentions)
        print_fmt(&c->out, ", %lld mention%s", (long long)room->mentions,
                  room->mentions == 1 ? "" : "s");
    print_fmt(&c->out, "\n");
}

static bool catch_up(struct cli *c, const struct room_item *room, int64_t since, struct err *e)
{
    struct recent a = {.c = c, .question.type = MSG_ACTIVITY};
    a.question.activity =
        (struct msg_activity){.head.room = room->room, .mine = true, .since = since};
    bool ok = read_items(&a, INT32_MAX, e);
    if (ok && !c->out.json && (a.items.n || room->unread))
        print_room(c, room);
    for (size_t i = a.items.n; ok && i-- > 0;)
        print_item(c, &a.items.v[i], room->room);
    vec_finish(&a.items);
    arena_finish(&a.page);
    return ok;
}

bool catchup_run(struct cli *c, struct err *e)
{
    struct msg question = {.type = MSG_ROOMS, .rooms.mine = true};
    int64_t version = -1, now = note_clock(), since = now - CATCHUP_HOURS * INT64_C(3600000);
    if (c->n_words && !note_when(c->words[0], now, &version, &since, e))
        return false;
    if (version >= 0)
        return fail(e, ERR_USAGE, "'%.*s' is no time, as 2h, 18:00 or 2026-11-23",
                    STR_ARG(c->words[0]));
    const struct msg *m = cli_connect(c, e) ? conversation_ask(c->talk, &question, e) : NULL;
    size_t n = m ? m->room_list.rooms.n : 0;
    struct room_item *rooms = arena_alloc(&c->arena, n * sizeof *rooms);
    for (size_t i = 0; i < n; i++) {
        rooms[i] = m->room_list.rooms.v[i];
        rooms[i].room = str_keep(&c->arena, rooms[i].room);
    }
    bool ok = m;
    for (size_t i = 0; ok && i < n; i++)
        ok = catch_up(c, &rooms[i], since, e);
    return ok;
}
