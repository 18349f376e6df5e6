/* What this client asked for and has not seen confirmed: shown on the board, taken back and put
 * back around every event, so that the board is always confirmed state plus what waits. */
#include "cards.h"
#include "direct.h"
#include "replica_parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- a copy of a request in one allocation ---- */

typedef void each_string_fn(struct str *s, void *arg);

static void each_string_of(const struct shape *shape, void *of, each_string_fn *fn, void *arg)
{
    for (size_t i = 0; i < shape->n; i++) {
        const struct field *f = &shape->fields[i];
        void *at = (char *)of + f->offset;
        if (f->kind == FIELD_STR)
            fn(at, arg);
        const struct list *list = at;
        for (size_t j = 0; f->kind == FIELD_LIST && j < list->n; j++)
            each_string_of(f->of, (char *)list->v + j * f->of->size, fn, arg);
    }
}

static void each_string(struct msg *m, each_string_fn *fn, void *arg)
{
    fn(&m->request.room, arg);
    each_string_of(&msg_table[m->type].shape, &m->request, fn, arg);
}

/* Items of lists, which no request has in lists again. */
static size_t size_of_lists(const struct msg *m)
{
    const struct shape *shape = &msg_table[m->type].shape;
    size_t n = 0;
    for (size_t i = 0; i < shape->n; i++) {
        const struct field *f = &shape->fields[i];
        const struct list *list = (const void *)((const char *)&m->request + f->offset);
        n += f->kind == FIELD_LIST ? list->n * f->of->size : 0;
    }
    return n;
}

static char *move_lists(struct msg *m, char *to)
{
    const struct shape *shape = &msg_table[m->type].shape;
    for (size_t i = 0; i < shape->n; i++) {
        const struct field *f = &shape->fields[i];
        struct list *list = (void *)((char *)&m->request + f->offset);
        if (f->kind != FIELD_LIST || list->n == 0)
            continue;
        memcpy(to, list->v, list->n * f->of->size);
        list->v = to;
        to += list->n * f->of->size;
    }
    return to;
}

static void add_length(struct str *s, void *arg)
{
    *(size_t *)arg += s->n;
}

static void move_string(struct str *s, void *arg)
{
    char **to = arg;
    if (s->n)
        memcpy(*to, s->p, s->n);
    s->p = *to;
    *to += s->n;
}

static struct pending *pending_new(const struct msg *request, int64_t now)
{
    struct pending *p = NEW(struct pending);
    p->id = request->request.id;
    p->time = now;
    p->msg = *request;
    size_t n = size_of_lists(request);
    each_string(&p->msg, add_length, &n);
    p->owned = mem_new(n);
    char *to = move_lists(&p->msg, p->owned); /* first, as only they need to be aligned */
    each_string(&p->msg, move_string, &to);
    return p;
}

static void pending_free(struct pending *p)
{
    free(p->owned);
    free(p);
}

/* ---- numbers of cards that got one ---- */

int64_t replica_number_of(const struct replica *r, int64_t number)
{
    if (number >= 0)
        return number;
    for (size_t i = r->numbers.n; i-- > 0;) {
        if (r->numbers.v[i].from == number)
            return r->numbers.v[i].to;
    }
    return number;
}

static bool is_in_edit(const struct msg_task_edit *q, int64_t number)
{
    bool is_in = q->task == number;
    for (size_t i = 0; i < q->changes.n; i++)
        is_in = is_in || card_blocker(q->changes.v[i].value) == number;
    return is_in;
}

static bool is_in_message(const struct msg *m, int64_t number)
{
    switch ((int)m->type) {
    case MSG_MESSAGE_POST:
        return m->message_post.task == number || m->message_post.reply == number;
    case MSG_MESSAGE_EDIT:
        return m->message_edit.message == number;
    case MSG_MESSAGE_DELETE:
        return m->message_delete.message == number;
    case MSG_MESSAGE_REACT:
        return m->message_react.message == number;
    case MSG_MESSAGE_PIN:
        return m->message_pin.message == number;
    }
    return false;
}

static bool is_referred_to(const struct replica *r, int64_t number)
{
    vec_each (p, &r->pending) {
        const struct msg *m = &(*p)->msg;
        if ((m->type == MSG_TASK_MOVE &&
             (m->task_move.after == number || m->task_move.task == number)) ||
            (m->type == MSG_TASK_ADD && m->task_add.after == number) ||
            (m->type == MSG_TASK_EDIT && is_in_edit(&m->task_edit, number)) ||
            (m->type == MSG_TASK_ARCHIVE && m->task_archive.task == number) ||
            (m->type == MSG_TASK_RESTORE && m->task_restore.task == number) ||
            (m->type == MSG_NOTE_RENAME && m->note_rename.note == number) ||
            (m->type == MSG_NOTE_ARCHIVE && m->note_archive.note == number) ||
            (m->type == MSG_NOTE_RESTORE && m->note_restore.note == number) ||
            is_in_message(m, number))
            return true;
    }
    return false;
}

/* Old entries go, unless something that waits still needs them. */
static void trim_numbers(struct replica *r)
{
    for (size_t i = 0; r->numbers.n > NUMBERS_KEPT && i < r->numbers.n - NUMBERS_KEPT;) {
        if (is_referred_to(r, r->numbers.v[i].from))
            i++;
        else
            vec_remove(&r->numbers, i);
    }
}

static void note_number(struct replica *r, int64_t id, int64_t number)
{
    if (number <= 0 || replica_number_of(r, -id) != -id)
        return;
    vec_push(&r->numbers, (struct numbered){-id, number});
    trim_numbers(r);
}

/* ---- requests as actions ---- */

/* Where it goes is found out anew each time: the neighbours may have changed. `key` is the
 * memory of the action's key. */
static bool place(const struct replica *r, struct board_action *a, int64_t after, char *key,
                  struct err *e)
{
    after = replica_number_of(r, after);
    int64_t moved = a->kind == BOARD_MOVE ? a->number : 0;
    const struct card *c = after == BOARD_END ? NULL : board_card(&r->board, after);
    if (c && c->column != board_column(&r->board, a->column)) /* it left meanwhile */
        after = BOARD_END;
    if (!board_key_for(&r->board, a->column, after, moved, key, e))
        return false;
    a->key = str_of(key);
    return true;
}

/* Back to where it was when it was archived. */
static bool restoring(const struct replica *r, struct board_action *a, struct err *e)
{
    const struct card *c = board_card(&r->board, a->number);
    if (!c)
        return fail(e, ERR_NOT_FOUND, "card %lld is not known here", (long long)a->number);
    a->title = str_of(c->title);
    a->column = str_of(r->board.columns.v[c->column].name);
    a->key = str_of(c->key);
    return true;
}

static bool is_of_card(const struct msg *m)
{
    return m->type == MSG_TASK_EDIT || m->type == MSG_TASK_MOVE ||
           m->type == MSG_TASK_ARCHIVE || m->type == MSG_TASK_RESTORE;
}

static bool is_on_board(const struct msg *m)
{
    return m->type == MSG_TASK_ADD || is_of_card(m) || replica_is_column_request(m->type);
}

static bool editing(const struct replica *r, const struct msg *m, struct board_action *a,
                    struct arena *arena, struct err *e)
{
    const struct msg_task_edit *q = &m->task_edit;
    struct card_change *changes;
    if (!cards_changes(q->changes.v, q->changes.n, arena, &changes, e))
        return false;
    for (size_t i = 0; i < q->changes.n; i++) {
        if (changes[i].field != CARD_BLOCKER)
            continue;
        int64_t number = replica_number_of(r, card_blocker(changes[i].value));
        changes[i].value = str_fmt(arena, "%lld", (long long)number);
    }
    a->kind = BOARD_EDIT;
    a->number = replica_number_of(r, q->task);
    a->title = q->title;
    a->changes = changes;
    a->changes_n = q->changes.n;
    return true;
}

/* Its changes are in the arena. */
static bool action_of(const struct replica *r, const struct msg *m, struct board_action *a,
                      char *key, struct arena *arena, struct err *e)
{
    *a = (struct board_action){0};
    if (replica_is_column_request(m->type))
        return replica_column_action(r, m, a, key, e);
    if (m->type == MSG_TASK_ADD) {
        *a = (struct board_action){.kind = BOARD_ADD,
                                   .number = -m->request.id,
                                   .title = m->task_add.title,
                                   .column = m->task_add.column};
        return place(r, a, m->task_add.after, key, e);
    }
    if (m->type == MSG_TASK_EDIT)
        return editing(r, m, a, arena, e);
    if (m->type == MSG_TASK_MOVE) {
        a->kind = BOARD_MOVE;
        a->number = replica_number_of(r, m->task_move.task);
        a->column = m->task_move.column;
        return place(r, a, m->task_move.after, key, e);
    }
    a->kind = m->type == MSG_TASK_ARCHIVE ? BOARD_ARCHIVE : BOARD_RESTORE;
    a->number = replica_number_of(r, m->type == MSG_TASK_ARCHIVE ? m->task_archive.task
                                                                 : m->task_restore.task);
    return a->kind == BOARD_ARCHIVE || restoring(r, a, e);
}

static bool show(struct replica *r, struct pending *p, struct err *e)
{
    struct board_action a;
    char key[BOARD_KEY_MAX + 1];
    r->board_version++;
    p->on_board = action_of(r, &p->msg, &a, key, &r->inverses, e) &&
                  board_apply(&r->board, &a, &p->inverse, &r->inverses, e);
    return p->on_board;
}

void replica_take_back(struct replica *r)
{
    for (size_t i = r->pending.n; i-- > 0;) {
        struct pending *p = r->pending.v[i];
        if (!p->on_board)
            continue;
        bool ok = board_apply(&r->board, &p->inverse, NULL, NULL, NULL);
        bug_on(!ok);
        p->on_board = false;
    }
    arena_clear(&r->inverses);
}

void replica_put_back(struct replica *r)
{
    vec_each (p, &r->pending) {
        if (is_on_board(&(*p)->msg))
            show(r, *p, NULL);
    }
    r->board_version++;
    replica_list_notes(r);
}

/* Is p what would be applied first, and the only one about its card? */
static bool is_first_and_alone(const struct replica *r, const struct pending *p)
{
    int64_t card = replica_number_of(r, p->msg.task_archive.task);
    bool is_met = false;
    vec_each (other, &r->pending) {
        const struct msg *m = &(*other)->msg;
        if (*other == p) {
            is_met = true;
            continue;
        }
        if (is_on_board(m) && (!is_met || replica_is_column_request(m->type)))
            return false;
        if (is_of_card(m) && replica_number_of(r, m->task_archive.task) == card)
            return false;
    }
    return true;
}

bool replica_confirm(struct replica *r, const struct pending *p, const struct msg *event)
{
    struct arena arena = {0};
    struct board_action a;
    struct err e;
    bool ok = p->on_board && is_of_card(&p->msg) && is_first_and_alone(r, p) &&
              cards_action(event, &arena, &a, &e) && board_shows(&r->board, &a);
    if (ok && a.kind == BOARD_EDIT) /* leaves a stamp */
        board_apply(&r->board, &a, NULL, NULL, NULL);
    arena_finish(&arena);
    return ok;
}

void replica_confirmed_board(const struct replica *r, struct board *out)
{
    board_copy(out, &r->board);
    for (size_t i = r->pending.n; i-- > 0;) {
        if (r->pending.v[i]->on_board)
            board_apply(out, &r->pending.v[i]->inverse, NULL, NULL, NULL);
    }
}

/* ---- the list ---- */

struct pending *replica_find_pending(const struct replica *r, int64_t id)
{
    vec_each (p, &r->pending) {
        if ((*p)->id == id)
            return *p;
    }
    return NULL;
}

static bool add(struct replica *r, const struct msg *request, int64_t now, bool must_fit,
                struct err *e)
{
    struct pending *p = pending_new(request, now);
    bool fits = is_on_board(request)                     ? show(r, p, e)
                : replica_is_note_request(request->type) ? replica_show_note(r, p, e)
                                                         : true;
    if (!fits && must_fit) {
        pending_free(p);
        return false;
    }
    vec_push(&r->pending, p);
    replica_said_wait(r, p);
    r->version++;
    return true;
}

/* An archived card that came by no event is known to the server only; and a column may be so
 * full of keys that only the server can help, which gives it new ones. */
static bool is_only_unknown(const struct replica *r, const struct msg *m, const struct err *e)
{
    bool has_place = m->type == MSG_TASK_MOVE || m->type == MSG_TASK_ADD;
    return r->seq == 0 || (m->type == MSG_TASK_RESTORE && e->code == ERR_NOT_FOUND) ||
           (e->code == ERR_LIMIT && has_place);
}

bool replica_request(struct replica *r, const struct msg *request, int64_t now, struct err *e)
{
    struct err why = {0};
    if (add(r, request, now, true, &why))
        return true;
    if (is_only_unknown(r, request, &why))
        return add(r, request, now, false, NULL);
    if (e)
        *e = why;
    return false;
}

void replica_restore(struct replica *r, const struct msg *request, int64_t now)
{
    if (!replica_find_pending(r, request->request.id))
        add(r, request, now, false, NULL);
}

void replica_forget(struct replica *r, struct pending *p, int64_t number)
{
    for (size_t i = 0; i < r->pending.n; i++) {
        if (r->pending.v[i] == p) {
            vec_remove(&r->pending, i);
            break;
        }
    }
    note_number(r, p->id, number);
    replica_said_settle(r, p);
    pending_free(p);
    if (r->pending.n == 0)
        arena_clear(&r->inverses);
}

void replica_clear_pending(struct replica *r)
{
    vec_each (p, &r->pending)
        pending_free(*p);
    r->pending.n = 0;
    replica_clear_waiting(r);
}

static void drop(struct replica *r, struct pending *p, int64_t number)
{
    replica_take_back(r);
    replica_forget(r, p, number);
    replica_put_back(r);
    r->version++;
}

void replica_refused(struct replica *r, int64_t id)
{
    struct pending *p = replica_find_pending(r, id);
    if (p)
        drop(r, p, 0);
}

void replica_saved(struct replica *r, int64_t id, int64_t seq, int64_t number)
{
    struct pending *p = replica_find_pending(r, id);
    if (!p) {
        note_number(r, id, number);
        return;
    }
    p->saved_seq = seq;
    bool makes = p->msg.type == MSG_TASK_ADD || p->msg.type == MSG_NOTE_CREATE ||
                 p->msg.type == MSG_MESSAGE_POST;
    p->number = makes ? number : 0;
    /* A direct conversation may have been begun by another request. */
    bool is_begun = p->msg.type == MSG_ROOM_CREATE && room_is_direct(str_of(r->name));
    if (seq <= r->seq || r->role == ROLE_NONE || is_begun) /* outside no event will come */
        drop(r, p, p->number);
}

void replica_left(struct replica *r)
{
    r->role = ROLE_NONE;
    replica_take_back(r);
    for (size_t i = r->pending.n; i-- > 0;) {
        struct pending *p = r->pending.v[i];
        if (p->saved_seq)
            replica_forget(r, p, p->number);
    }
    replica_put_back(r);
    replica_unlink(r);
}

bool replica_card_is_pending(const struct replica *r, int64_t number)
{
    number = replica_number_of(r, number);
    vec_each (p, &r->pending) {
        const struct msg *m = &(*p)->msg;
        if (is_on_board(m) && (*p)->on_board && (*p)->inverse.number == number)
            return true;
    }
    return false;
}

static bool sets_field(const struct msg_task_edit *q, enum card_field f)
{
    if (f == CARD_TITLE)
        return q->title.n > 0;
    for (size_t i = 0; i < q->changes.n; i++)
        if (str_is(q->changes.v[i].field, card_fields[f].name))
            return true;
    return false;
}

bool replica_field_is_pending(const struct replica *r, int64_t number, enum card_field f)
{
    number = replica_number_of(r, number);
    vec_each (p, &r->pending) {
        const struct msg *m = &(*p)->msg;
        if ((m->type == MSG_TASK_EDIT && replica_number_of(r, m->task_edit.task) == number &&
             sets_field(&m->task_edit, f)) ||
            (m->type == MSG_TASK_ADD && -(*p)->id == number))
            return true;
    }
    return false;
}

bool replica_place_is_pending(const struct replica *r, int64_t number)
{
    number = replica_number_of(r, number);
    vec_each (p, &r->pending) {
        const struct msg *m = &(*p)->msg;
        if ((m->type == MSG_TASK_MOVE && replica_number_of(r, m->task_move.task) == number) ||
            (m->type == MSG_TASK_ADD && -(*p)->id == number))
            return true;
    }
    return false;
}
