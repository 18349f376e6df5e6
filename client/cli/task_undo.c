/* moot task undo and redo: the log says what one did last, what it was like before, and who did
 * something to the same thing since. */
#include "activity.h"
#include "cards.h"
#include "cli.h"
#include "takeback.h"
#include "verbs.h"

#include <stdlib.h>
#include <string.h>

enum { KEPT = 1000 }; /* own actions, the newest: so far back can be gone */

/* Something that we did to the board. */
struct own {
    int64_t seq, id, batch;
    char client[CLIENT_ID_MAX + 1];
    int64_t undoes;  /* the event that it takes back; 0: none */
    bool is_off;     /* it was taken back, and not done again */
    struct str said; /* in words */
    struct board_action back;
    struct requests requests; /* as they would have been then: to see who meets them */
    struct str since;         /* who did what to the same thing, in words */
    int64_t after; /* where a card is put back, while the keys of its column change */
    struct arena arena;
};

struct undoing {
    struct cli *c;
    struct str room, user;
    struct board board;
    VEC(struct own *) own; /* oldest first */
    int64_t seq;
    struct err why;
    /* while it is taken back */
    int64_t batch;
    size_t done, left;
};

static void own_free(struct own *o)
{
    vec_finish(&o->requests);
    arena_finish(&o->arena);
    free(o);
}

/* ---- reading the log ---- */

static struct own *find_seq(const struct undoing *u, int64_t seq)
{
    for (size_t i = u->own.n; i-- > 0;)
        if (u->own.v[i]->seq == seq)
            return u->own.v[i];
    return NULL;
}

/* The event that one undoes: its number, or by the id of its request. */
static struct own *target_of(const struct undoing *u, const struct event_head *h)
{
    if (h->undoes > 0)
        return find_seq(u, h->undoes);
    for (size_t i = u->own.n; i-- > 0 && h->undoes;)
        if (u->own.v[i]->id == -h->undoes && str_is(h->client, u->own.v[i]->client))
            return u->own.v[i];
    return NULL;
}

/* An event that takes another back does so once more when it is itself taken back. */
static void take_off(struct undoing *u, struct own *target)
{
    target->is_off = true;
    struct own *before = target->undoes ? find_seq(u, target->undoes) : NULL;
    if (before)
        before->is_off = false;
}

static void say(const struct undoing *u, const struct msg *m, struct buf *out)
{
    const struct card *c = board_card(&u->board, activity_about(m));
    struct named_item thing = {activity_about(m), str_of(c ? c->title : ""), false};
    activity_say(m, thing, out);
}

static struct own *keep(struct undoing *u, const struct msg *m)
{
    struct own *o = NEW(struct own);
    struct buf text = {0};
    struct own *target = target_of(u, &m->event);
    o->seq = m->event.seq;
    o->id = m->event.id;
    o->batch = m->event.batch;
    memcpy(o->client, m->event.client.p, m->event.client.n);
    if (target) {
        o->undoes = target->seq;
        take_off(u, target);
    }
    say(u, m, &text);
    o->said = str_keep(&o->arena, buf_str(&text));
    buf_finish(&text);
    if (u->own.n == KEPT) {
        own_free(u->own.v[0]);
        vec_remove(&u->own, 0);
    }
    vec_push(&u->own, o);
    return o;
}

static void rename_in(struct own *o, struct str *name, const struct msg_column_edited *to)
{
    if (to->name.n && takeback_is_column(*name, to->column))
        *name = str_keep(&o->arena, to->name);
}

/* Something happened that may concern what we did before. */
static void hear(struct undoing *u, const struct msg *m)
{
    bool is_own = str_eq(m->event.author, u->user);
    vec_each (own, &u->own) {
        struct own *o = *own;
        for (size_t i = 0; i < o->requests.n && !is_own && !o->since.n; i++) {
            const struct msg *request = &o->requests.v[i];
            struct buf text = {0};
            if (!takeback_meets(m, request, request->task_archive.task))
                continue;
            buf_fmt(&text, "%.*s ", STR_ARG(m->event.author));
            say(u, m, &text);
            o->since = str_keep(&o->arena, buf_str(&text));
            buf_finish(&text);
        }
        if (m->type == MSG_COLUMN_EDITED) {
            rename_in(o, &o->back.column, &m->column_edited);
            rename_in(o, &o->back.name, &m->column_edited);
        }
    }
}

static bool make_columns(struct undoing *u, const struct msg_room_created *m)
{
    for (size_t i = 0; i < m->columns.n; i++)
        if (!board_put_column(&u->board, m->columns.v[i].name, m->columns.v[i].limit, &u->why))
            return false;
    return true;
}

/* The place that a card had, once the keys of its column are others: behind the card that it
 * would be put behind now. */
static void keep_places(struct undoing *u, const struct board_action *a)
{
    vec_each (own, &u->own) {
        struct own *o = *own;
        struct requests now = {0};
        if (o->back.kind != BOARD_MOVE || !takeback_is_column(o->back.column, a->column))
            continue;
        takeback_requests(&u->board, &o->back, &now, &o->arena);
        o->after = now.n ? now.v[0].task_move.after : 0;
        vec_finish(&now);
    }
}

/* A key that sorts right behind a card's, and is none. */
static void find_places(struct undoing *u, const struct board_action *a)
{
    vec_each (own, &u->own) {
        struct own *o = *own;
        const struct card *c = board_card(&u->board, o->after);
        if (o->back.kind == BOARD_MOVE && takeback_is_column(o->back.column, a->column))
            o->back.key = c ? str_fmt(&o->arena, "%s!", c->key) : STR("!");
    }
}

static bool apply_keys(struct undoing *u, const struct board_action *a)
{
    keep_places(u, a);
    if (!board_apply(&u->board, a, NULL, NULL, &u->why))
        return false;
    find_places(u, a);
    return true;
}

static bool apply(struct undoing *u, const struct msg *m, const struct board_action *a)
{
    if (m->type == MSG_COLUMN_KEYED)
        return apply_keys(u, a);
    hear(u, m);
    struct own *o = str_eq(m->event.author, u->user) ? keep(u, m) : NULL;
    if (!board_apply(&u->board, a, o ? &o->back : NULL, o ? &o->arena : NULL, &u->why))
        return false;
    if (o)
        takeback_requests(&u->board, &o->back, &o->requests, &o->arena);
    return true;
}

static bool take_event(void *arg, const struct msg *m)
{
    struct undoing *u = arg;
    struct arena arena = {0};
    struct board_action a;
    u->seq = m->event.seq;
    bool is_action = cards_action(m, &arena, &a, &u->why);
    bool ok = u->why.code == ERR_NONE && (!is_action || apply(u, m, &a)) &&
              (m->type != MSG_ROOM_CREATED || make_columns(u, &m->room_created));
    arena_finish(&arena);
    return ok;
}

/* ---- taking back ---- */

static void leave(struct undoing *u, const struct own *o, const char *why)
{
    struct err e = {.code = ERR_CONFLICT};
    if (u->left++ == 0)
        fail(&u->why, ERR_CONFLICT, "%.*s: left as it is: %s", STR_ARG(o->said), why);
    else {
        fail(&e, ERR_CONFLICT, "%.*s: left as it is: %s", STR_ARG(o->said), why);
        cli_complain(&e);
    }
}

/* Cards that came into a column which is to go. */
static bool has_cards(const struct undoing *u, const struct own *o)
{
    int i = o->back.kind == BOARD_COLUMN_DROP ? board_column(&u->board, o->back.column) : -1;
    return i >= 0 && u->board.columns.v[i].cards.n;
}

/* The board as it is with what was just asked for: the next request is made for that. */
static void show(struct undoing *u, const struct msg *m)
{
    struct board *b = &u->board;
    struct board_action a = {.number = m->task_archive.task};
    char key[BOARD_KEY_MAX + 1];
    bool ok = false;
    if (m->type == MSG_TASK_MOVE) {
        a.kind = BOARD_MOVE;
        a.column = m->task_move.column;
        ok = board_key_for(b, a.column, m->task_move.after, a.number, key, NULL);
        a.key = str_of(ok ? key : "");
    } else if (m->type == MSG_TASK_ARCHIVE) {
        a.kind = BOARD_ARCHIVE;
        ok = true;
    } else if (m->type == MSG_TASK_RESTORE) {
        ok = board_restoring(b, a.number, &a, key, NULL);
    } else if (m->type == MSG_COLUMN_ADD) {
        const struct msg_column_add *q = &m->column_add;
        a = (struct board_action){
            .kind = BOARD_COLUMN_ADD, .column = q->name, .limit = q->limit};
        ok = board_column_place(b, q->after, q->first, (struct str){0}, &a.place, NULL);
    }
    if (ok)
        board_apply(b, &a, NULL, NULL, NULL);
}

static bool send(struct undoing *u, const struct own *o, struct msg *m, struct err *e)
{
    struct msg_ok ok;
    m->request.room = u->room;
    m->request.batch = u->batch;
    m->request.undoes = o->seq;
    if (m->type == MSG_TASK_EDIT)
        m->task_edit.seen = u->seq; /* what comes in between is not overwritten */
    if (!cli_request(u->c, m, &ok, e))
        return false;
    show(u, m);
    return true;
}

static bool take_back(struct undoing *u, const struct own *o, struct err *e)
{
    struct requests now = {0};
    struct err why = {0};
    bool ok = true;
    if (o->since.n || has_cards(u, o)) {
        leave(u, o,
              o->since.n ? str_fmt(&u->c->arena, "%.*s since", STR_ARG(o->since)).p
                         : "there are cards in it since");
        return true;
    }
    takeback_requests(&u->board, &o->back, &now, &u->c->arena);
    for (size_t i = 0; ok && i < now.n; i++)
        ok = send(u, o, &now.v[i], &why);
    vec_finish(&now);
    if (ok) {
        u->done++;
        if (!u->c->out.json)
            print_fmt(&u->c->out, "taken back: %.*s\n", STR_ARG(o->said));
        return true;
    }
    if (why.code != ERR_CONFLICT && why.code != ERR_NOT_FOUND && why.code != ERR_EXISTS) {
        *e = why;
        return false;
    }
    leave(u, o, why.text);
    return true;
}

/* All that was done at one stroke with o, the last first. */
static bool take_back_all(struct undoing *u, const struct own *o, struct err *e)
{
    size_t at = u->own.n;
    bool several = o->batch != 0;
    if (several || o->back.kind == BOARD_COLUMN_RETURN)
        u->batch = conversation_session(u->c->talk)->next_id;
    while (at-- > 0) {
        struct own *other = u->own.v[at];
        bool belongs =
            other == o || (several && other->batch == o->batch &&
                           strcmp(other->client, o->client) == 0 && other->is_off == o->is_off);
        if (belongs && !take_back(u, other, e))
            return false;
    }
    return u->left == 0 || fail(e, ERR_CONFLICT, "%s", u->why.text);
}

/* The newest of ours that is in force and is no undo itself; again: the newest one if it is an
 * undo. */
static const struct own *find_last(const struct undoing *u, bool again)
{
    for (size_t i = u->own.n; i-- > 0;) {
        const struct own *o = u->own.v[i];
        const struct own *target = o->undoes ? find_seq(u, o->undoes) : NULL;
        bool is_undo = o->undoes && !(target && target->undoes);
        if (again && !o->is_off)
            return is_undo ? o : NULL;
        if (!again && !o->is_off && !o->undoes)
            return o;
    }
    return NULL;
}

static bool run(struct cli *c, bool again, struct err *e)
{
    struct undoing u = {.c = c};
    struct follower f = {.each = take_event, .arg = &u};
    if (!cli_room(c, c->words[0], &u.room, e) || !cli_connect(c, e))
        return false;
    u.user = str_of(conversation_session(c->talk)->user);
    board_init(&u.board);
    bool ok = conversation_follow(c->talk, u.room, 0, false, f, e);
    if (ok && u.why.code)
        ok = fail(e, u.why.code, "%s", u.why.text);
    const struct own *o = ok ? find_last(&u, again) : NULL;
    if (o)
        ok = take_back_all(&u, o, e);
    else if (ok)
        ok = fail(e, ERR_NOT_FOUND,
                  again ? "you took nothing back in %.*s last"
                        : "there is nothing that you did to the board of %.*s",
                  STR_ARG(u.room));
    vec_each (own, &u.own)
        own_free(*own);
    vec_finish(&u.own);
    board_finish(&u.board);
    return ok;
}

bool task_undo_run(struct cli *c, struct err *e)
{
    return run(c, false, e);
}

bool task_redo_run(struct cli *c, struct err *e)
{
    return run(c, true, e);
}
