/* Everything is asked for through read jobs, so the check sees what a hub would see. A room's
 * tables are read first, as of its newest event then; the log is replayed up to that one. */
#include "store_check.h"

#include "board_action.h"
#include "cards.h"
#include "codec.h"
#include "direct.h"
#include "store_replay.h"
#include "store_sqlite.h"
#include "utf8.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FAULTS_TOLD_MAX = 1000, /* lines of a report; the rest is only counted */
    PAGE = 500,             /* events or messages read at once */
    PAGE_BYTES = 1024 * 1024,
};

void replay_fault(struct replay *r, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    if (++r->faults > FAULTS_TOLD_MAX)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    buf_fmt(r->report, "room ");
    utf8_escape(r->report, r->room);
    if (r->seq > 0)
        buf_fmt(r->report, ", event %" PRId64, r->seq);
    buf_fmt(r->report, ": ");
    utf8_escape(r->report, str_of(text));
    buf_add_c(r->report, '\n');
}

static struct store_job *question(struct replay *r, enum store_job_kind kind, int64_t from)
{
    struct store_job *j = store_job_new(kind);
    j->room = r->room;
    j->from = from;
    j->limit = PAGE;
    j->bytes_limit = PAGE_BYTES;
    return j;
}

struct store_job *replay_ask(struct replay *r, enum store_job_kind kind, int64_t from)
{
    struct store_job *j = question(r, kind, from);
    r->store->read(r->store, j);
    return j;
}

struct store_job *replay_ask_text(struct replay *r, enum store_job_kind kind, int64_t number,
                                  int64_t from, int64_t version)
{
    struct store_job *j = question(r, kind, from);
    j->text = number;
    j->version = version;
    r->store->read(r->store, j);
    return j;
}

/* ---- replaying ---- */

static struct store_member *member_of(struct replay *r, struct str user)
{
    vec_each (m, &r->members)
        if (str_eq(m->user, user))
            return m;
    return NULL;
}

static void set_member(struct replay *r, struct str user, enum role role)
{
    struct store_member *m = member_of(r, user);
    if (m)
        m->role = role;
    else
        vec_push(&r->members,
                 (struct store_member){.user = str_keep(&r->arena, user), .role = role});
}

static void make_room(struct replay *r, const struct msg_room_created *m)
{
    struct err e = {0};
    if (r->seq != 1)
        replay_fault(r, "the room is made a second time");
    r->is_public = m->is_public;
    if (m->is_public && room_is_direct(r->room))
        replay_fault(r, "a direct conversation is public");
    for (size_t i = 0; i < m->columns.n; i++)
        if (!board_put_column(&r->board, m->columns.v[i].name, m->columns.v[i].limit, &e))
            replay_fault(r, "a column does not go on the board: %s", e.text);
    for (struct founder f = {0}; founder_next(&f, r->room, m->head.author);)
        set_member(r, f.user, f.role);
}

static void change_member(struct replay *r, const struct msg_member *m)
{
    if (room_is_direct(r->room))
        replay_fault(r, "somebody else comes into a direct conversation, or leaves it");
    set_member(r, m->user, m->role);
}

/* False for an event that leaves the board alone. */
static bool apply_to_board(struct replay *r, const struct msg *m)
{
    struct arena arena = {0};
    struct board_action action;
    struct err e;
    bool is_action = cards_action(m, &arena, &action, &e);
    if (is_action && m->type == MSG_TASK_ADDED && replay_is_note(r, m->task_added.task))
        replay_fault(r, "number %" PRId64 " is given away a second time", m->task_added.task);
    bool is_bad =
        e.code != ERR_NONE || (is_action && !board_apply(&r->board, &action, NULL, NULL, &e));
    if (is_bad)
        replay_fault(r, "the event does not fit the board: %s", e.text);
    arena_finish(&arena);
    return is_action || is_bad;
}

/* False for what is no event of a room. */
static bool apply(struct replay *r, const struct msg *m)
{
    if (m->type == MSG_ROOM_CREATED)
        make_room(r, &m->room_created);
    else if (m->type == MSG_MEMBER)
        change_member(r, &m->member);
    else if (m->type == MSG_ROOM_TOPIC)
        r->topic = str_keep(&r->arena, m->room_topic.topic);
    else if (m->type == MSG_ROOM_RETENTION)
        r->keep = m->room_retention.keep;
    else if (replay_message(r, m))
        return true;
    else if (!apply_to_board(r, m))
        return replay_note(r, m);
    return true;
}

/* A retry of the request that made this event must find it. */
static void check_request(struct replay *r, const struct event_head *h)
{
    if (str_is(h->client, STORE_OWN_CLIENT))
        return;
    struct store_job *j = store_job_new(JOB_LOOKUP);
    j->author = h->author;
    j->client = h->client;
    j->id = h->id;
    r->store->read(r->store, j);
    if (j->err.code != ERR_NONE)
        replay_fault(r, "its request cannot be looked up: %s", j->err.text);
    else if (!j->found)
        replay_fault(r, "its request is not found again");
    else if (j->seq != h->seq || !str_eq(j->found_room, r->room))
        replay_fault(r, "its request is taken for that of event %" PRId64 " of %.*s", j->seq,
                     STR_ARG(j->found_room));
    store_job_free(j);
}

static void check_event(struct replay *r, const struct store_event *ev, struct arena *a)
{
    struct msg_list list;
    struct err e = {0};
    int64_t re;
    r->seq = ev->seq;
    if (!codec_decode(ev->json, FROM_SERVER, a, &list, &re, &e)) {
        replay_fault(r, "the stored bytes cannot be read: %s", e.text);
        return;
    }
    const struct msg *m = list.v;
    if (list.n != 1 || msg_table[m->type].class != CLASS_EVENT) {
        replay_fault(r, "what is stored is no event");
        return;
    }
    if (m->event.seq != ev->seq || !str_eq(m->event.room, r->room))
        replay_fault(r, "it says that it is event %" PRId64 " of %.*s", m->event.seq,
                     STR_ARG(m->event.room));
    else
        check_request(r, &m->event);
    if (!apply(r, m))
        replay_fault(r, "this kind of event is not known: %s", msg_table[m->type].name);
}

bool replay_log(struct replay *r, struct str room, int64_t newest)
{
    int64_t at = 0;
    r->room = room;
    r->seq = r->messages = 0;
    r->trimmed = r->gone = r->told_gone = r->last_gone = 0;
    r->keep = (struct retention){0};
    r->is_public = false;
    r->topic = (struct str){0};
    board_init(&r->board);
    while (at < newest) {
        struct store_job *j = replay_ask(r, JOB_EVENTS, at);
        for (size_t i = 0; i < j->events.n && at < newest; i++) {
            check_event(r, &j->events.v[i], &j->arena);
            at = j->events.v[i].seq;
        }
        bool stuck = j->events.n == 0;
        r->seq = 0;
        if (stuck)
            replay_fault(r, "the log ends at event %" PRId64 " of %" PRId64 "%s%s", at, newest,
                         j->err.code ? ": " : "", j->err.text);
        store_job_free(j);
        if (stuck)
            return false;
    }
    return true;
}

/* ---- comparing ---- */

static void compare_members(struct replay *r, const struct store_room *room)
{
    size_t expected = 0;
    vec_each (m, &r->members)
        expected += m->role != ROLE_NONE;
    for (size_t i = 0; i < room->members.n; i++) {
        const struct store_member *got = &room->members.v[i], *want = member_of(r, got->user);
        enum role role = want ? want->role : ROLE_NONE;
        if (got->role != role)
            replay_fault(r, "the table has %.*s as %s, the log as %s", STR_ARG(got->user),
                         role_name(got->role), role_name(role));
    }
    if (room->members.n != expected)
        replay_fault(r, "the table has %zu members, the log %zu", room->members.n, expected);
}

static void compare_columns(struct replay *r, const struct store_room *room)
{
    if (room->columns.n != r->board.columns.n)
        replay_fault(r, "the table has %zu columns, the log %zu", room->columns.n,
                     r->board.columns.n);
    for (size_t i = 0; i < MIN(room->columns.n, r->board.columns.n); i++) {
        const struct store_column *got = &room->columns.v[i];
        const struct column *want = &r->board.columns.v[i];
        if (!str_is(got->name, want->name))
            replay_fault(r, "column %zu is %.*s in the table and %s in the log", i + 1,
                         STR_ARG(got->name), want->name);
        if (got->limit != want->limit)
            replay_fault(r,
                         "the limit of column %s is %" PRId64 " in the table and %" PRId64
                         " in the log",
                         want->name, got->limit, want->limit);
    }
}

/* At which place an archived card last stood is nobody's concern, but its column must be there.
 */
static void compare_task(struct replay *r, const struct store_task *t)
{
    const struct card *c = board_card(&r->board, t->number);
    if (!c) {
        replay_fault(r, "card %" PRId64 " is in the table and not in the log", t->number);
        return;
    }
    if (!str_is(t->title, c->title))
        replay_fault(r, "card %" PRId64 " has another title in the table than in the log",
                     t->number);
    if (t->archived != c->archived)
        replay_fault(r, "card %" PRId64 " is %sarchived in the table, and %sin the log",
                     t->number, t->archived ? "" : "not ", c->archived ? "" : "not ");
    struct buf values = {0};
    card_print(c, &values);
    if (!str_eq(t->values, buf_str(&values)))
        replay_fault(r, "card %" PRId64 " has other fields in the table than in the log",
                     t->number);
    buf_finish(&values);
    bool is_archived = t->archived || c->archived;
    if (!str_is(t->column, r->board.columns.v[c->column].name) ||
        (!is_archived && !str_is(t->key, c->key)))
        replay_fault(r, "card %" PRId64 " stands elsewhere in the table than in the log",
                     t->number);
}

static void compare_tasks(struct replay *r, const struct store_room *room)
{
    size_t cards = HASH_COUNT(r->board.by_number);
    for (size_t i = 0; i < room->tasks.n; i++)
        compare_task(r, &room->tasks.v[i]);
    if (room->tasks.n != cards)
        replay_fault(r, "the table has %zu cards, the log %zu", room->tasks.n, cards);
    if (room->next_number != r->board.next_number)
        replay_fault(r, "the next number is %" PRId64 " by the table, %" PRId64 " by the log",
                     room->next_number, r->board.next_number);
}

static void compare(struct replay *r, const struct store_room *room)
{
    struct err e = {0};
    if (room->is_public != r->is_public)
        replay_fault(r, "the table and the log differ in whether the room is public");
    if (!str_eq(room->topic, r->topic))
        replay_fault(r, "the topic is '%.*s' in the table and '%.*s' in the log",
                     STR_ARG(room->topic), STR_ARG(r->topic));
    if (!retention_is(room->keep, r->keep))
        replay_fault(r, "the table and the log differ in what is kept of the chat");
    compare_members(r, room);
    compare_columns(r, room);
    compare_tasks(r, room);
    replay_compare_texts(r, room);
    replay_compare_messages(r, room);
    if (!board_check(&r->board, &e))
        replay_fault(r, "the board is not sound: %s", e.text);
}

void replay_forget(struct replay *r)
{
    board_finish(&r->board);
    vec_finish(&r->members);
    replay_forget_texts(r);
    replay_forget_messages(r);
    arena_clear(&r->arena);
}

void replay_finish(struct replay *r)
{
    op_finish(&r->op);
    arena_finish(&r->arena);
}

static void check_room(struct replay *r, struct str name)
{
    r->room = name;
    r->seq = 0;
    struct store_job *j = replay_ask(r, JOB_ROOM, 0);
    if (j->err.code != ERR_NONE)
        replay_fault(r, "cannot be read: %s", j->err.text);
    else if (j->rooms.v[0].seq < 1)
        replay_fault(r, "has no log");
    else if (replay_log(r, name, j->rooms.v[0].seq))
        compare(r, &j->rooms.v[0]);
    store_job_free(j);
    replay_forget(r);
}

static bool tell(size_t faults, struct err *e)
{
    if (faults == 0)
        return true;
    return fail(e, ERR_STORE, "the database has %zu fault%s", faults, faults == 1 ? "" : "s");
}

static const struct store_room *room_of(const struct store_job *boot, struct str name)
{
    for (size_t i = 0; i < boot->rooms.n; i++)
        if (str_eq(boot->rooms.v[i].name, name))
            return &boot->rooms.v[i];
    return NULL;
}

static bool has_bot(const struct store_job *boot, struct str name)
{
    for (size_t i = 0; i < boot->users.n; i++)
        if (str_eq(boot->users.v[i].name, name))
            return boot->users.v[i].bot;
    return false;
}

static void check_hooks(struct replay *r, const struct store_job *boot)
{
    for (size_t i = 0; i < boot->hooks.n; i++) {
        const struct store_hook *k = &boot->hooks.v[i];
        const struct store_room *room = room_of(boot, k->room);
        r->room = k->room;
        r->seq = 0;
        if (!has_bot(boot, k->user))
            replay_fault(r, "hook %.*s is that of %.*s, which is no bot", STR_ARG(k->id),
                         STR_ARG(k->user));
        if (room && k->seq > room->seq)
            replay_fault(r, "hook %.*s is at event %" PRId64 " of %" PRId64, STR_ARG(k->id),
                         k->seq, room->seq);
    }
}

static void check_logs(struct store *s, struct buf *report, size_t *faults)
{
    struct replay r = {.store = s, .report = report};
    struct store_job *boot = store_job_new(JOB_BOOT);
    s->read(s, boot);
    if (boot->err.code != ERR_NONE) {
        buf_fmt(report, "%s\n", boot->err.text);
        r.faults++;
    }
    for (size_t i = 0; i < boot->rooms.n; i++)
        check_room(&r, boot->rooms.v[i].name);
    check_hooks(&r, boot);
    *faults += r.faults;
    store_job_free(boot);
    replay_finish(&r);
}

bool store_check_logs(struct store *s, struct buf *report, struct err *e)
{
    size_t faults = 0;
    check_logs(s, report, &faults);
    return tell(faults, e);
}

bool store_check(const char *path, struct buf *report, struct err *e)
{
    struct store *s = store_sqlite_open_check(path, e);
    if (!s)
        return false;
    size_t faults = 0;
    store_sqlite_verify(s, report, &faults);
    check_logs(s, report, &faults);
    s->close(s);
    return tell(faults, e);
}
