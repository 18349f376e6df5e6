/* What the person did to the board, step by step, and how it is taken back: by requests like
 * any others, unless somebody changed the same thing since. */
#include "activity.h"
#include "takeback.h"
#include "update_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void step_free(struct undo_step *s)
{
    vec_finish(&s->items);
    arena_finish(&s->arena);
    free(s);
}

void undo_stack_finish(struct undo_stack *s)
{
    vec_each (step, &s->steps)
        step_free(*step);
    vec_finish(&s->steps);
}

static void push_step(struct undo_stack *s, struct undo_step *step)
{
    if (s->steps.n == UNDO_MAX) {
        step_free(s->steps.v[0]);
        vec_remove(&s->steps, 0);
    }
    vec_push(&s->steps, step);
}

/* ---- what a request is about ---- */

static bool is_of_card(enum msg_type t)
{
    return t == MSG_TASK_EDIT || t == MSG_TASK_MOVE || t == MSG_TASK_ARCHIVE ||
           t == MSG_TASK_RESTORE;
}

static const struct card *card_of(const struct replica *r, const struct msg *m)
{
    return board_card(&r->board, replica_number_of(r, m->task_archive.task));
}

static void add_state(struct buf *out, const struct card *c, const struct msg_task_edit *q)
{
    if (q->title.n)
        buf_fmt(out, "%s\n", c->title);
    for (size_t i = 0; i < q->changes.n; i++) {
        enum card_field f;
        if (card_field_named(q->changes.v[i].field, &f, NULL) && f < CARD_SCALARS)
            buf_fmt(out, "%.*s\n", STR_ARG(card_scalar(c, f)));
    }
}

/* What a request would change, as far as it can be compared. */
static struct str state_of(const struct replica *r, const struct msg *m, struct arena *a)
{
    const struct card *c = is_of_card(m->type) ? card_of(r, m) : NULL;
    struct buf state = {0};
    if (c && m->type == MSG_TASK_EDIT)
        add_state(&state, c, &m->task_edit);
    else if (c && m->type == MSG_TASK_MOVE)
        buf_fmt(&state, "%s", r->board.columns.v[c->column].name);
    struct str kept = str_keep(a, buf_str(&state));
    buf_finish(&state);
    return kept;
}

/* ---- doing ---- */

/* Its key does something else from now on. */
static void end_offer(struct model *m)
{
    for (size_t i = m->toasts.n; i-- > 0;)
        if (m->toasts.v[i].kind == TOAST_OFFER)
            vec_remove(&m->toasts, i);
}

void act_begin(struct act *a, struct model *m, bool several, struct effects *out)
{
    *a =
        (struct act){.m = m, .out = out, .step = NEW(struct undo_step), .undo = &m->here->undo};
    a->is_new = true;
    a->batch = several ? m->session.next_id : 0;
    m->here->has_deleted = false;
    session_hold(&m->session);
    end_offer(m);
}

void act_leave(struct act *a, const char *fmt, ...)
{
    char text[sizeof((struct err){0}.text)];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (a->left++ == 0)
        a->why = str_keep(&a->out->arena, str_of(text));
}

static void keep_inverses(struct act *a, int64_t id)
{
    const struct replica *r = model_replica(a->m);
    struct requests back = {0};
    replica_inverses(r, id, &back, &a->step->arena);
    for (size_t i = 0; i < back.n; i++) {
        struct undo_item item = {.msg = back.v[i], .made = id};
        item.found = state_of(r, &item.msg, &a->step->arena);
        vec_push(&a->step->items, item);
    }
    vec_finish(&back);
}

int64_t act_ask(struct act *a, struct msg *r)
{
    struct err e = {0};
    r->request.room = str_of(a->m->here->name);
    r->request.batch = a->batch;
    r->request.undoes = a->undoes;
    if (r->type == MSG_TASK_MOVE)
        r->task_move.seen = model_replica(a->m)->seq;
    int64_t id = session_request(&a->m->session, r, a->m->now, a->out, &e);
    if (!id) {
        act_leave(a, "%s", e.text);
        return 0;
    }
    a->done++;
    a->first = a->first ? a->first : id;
    r->request.id = id;
    keep_inverses(a, id);
    return id;
}

/* Requests are taken back the last first; what one of them needs to be taken back keeps its
 * order. */
static void turn_around(struct undo_step *s)
{
    size_t n = s->items.n;
    struct undo_item *v = n ? mem_new(n * sizeof *v) : NULL;
    for (size_t end = n, at = 0; end > 0;) {
        size_t from = end;
        while (from > 0 && s->items.v[from - 1].made == s->items.v[end - 1].made)
            from--;
        memcpy(&v[at], &s->items.v[from], (end - from) * sizeof *v);
        at += end - from;
        end = from;
    }
    free(s->items.v);
    s->items.v = v;
    s->items.cap = n;
}

static void say_left(const struct act *a)
{
    if (a->done == 0 && a->left == 1)
        model_toast(a->m, TOAST_ERROR, "%.*s", STR_ARG(a->why));
    else if (a->left)
        model_toast(a->m, TOAST_ERROR, "%zu of %zu not done: %.*s", a->left, a->left + a->done,
                    STR_ARG(a->why));
}

static void finish(struct act *a)
{
    session_release(&a->m->session, a->m->now, a->out);
    if (a->done && a->is_new)
        undo_stack_finish(&a->m->here->redo);
    turn_around(a->step);
    if (a->step->items.n)
        push_step(a->undo, a->step);
    else
        step_free(a->step);
}

bool act_end(struct act *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(a->step->what, sizeof a->step->what, fmt, ap);
    va_end(ap);
    say_left(a);
    finish(a);
    return a->done > 0;
}

void act_announce(const struct act *a)
{
    const struct undo_stack *s = a->undo;
    if (a->done == 0 || s->steps.n == 0)
        return;
    const char *what = s->steps.v[s->steps.n - 1]->what;
    model_toast(a->m, TOAST_OFFER, "%c%s. %s takes it back.",
                what[0] >= 'a' && what[0] <= 'z' ? what[0] - 'a' + 'A' : what[0], what + 1,
                keymap_key(&a->m->keys, ACTION_UNDO, IN_BOARD).s);
}

static void say_edit(const struct msg_task_edit *q, const char *card, char *out, size_t n)
{
    const struct change_item *c = q->changes.n == 1 ? q->changes.v : NULL;
    enum card_field f = CARD_TITLE;
    if (q->title.n && q->changes.n == 0)
        snprintf(out, n, "gave %s another title", card);
    else if (!c || q->title.n || !card_field_named(c->field, &f, NULL))
        snprintf(out, n, "changed %s", card);
    else if (f < CARD_SCALARS)
        snprintf(out, n, "set the %.*s of %s", STR_ARG(c->field), card);
    else
        snprintf(out, n, "%s %.*s %.*s %s %s", c->gone ? "took" : "put", STR_ARG(c->field),
                 STR_ARG(c->value), c->gone ? "off" : "on", card);
}

/* What a request about a card does, in words. */
static void say_request(const struct msg *m, char *out, size_t n)
{
    char card[CARD_WORDS];
    if (m->type == MSG_TASK_ADD) {
        snprintf(out, n, "added '%.*s'", (int)MIN(m->task_add.title.n, (size_t)60),
                 m->task_add.title.p);
        return;
    }
    card_words(m->task_archive.task, card);
    if (m->type == MSG_TASK_EDIT)
        say_edit(&m->task_edit, card, out, n);
    else if (m->type == MSG_TASK_MOVE)
        snprintf(out, n, "moved %s to %.*s", card, STR_ARG(m->task_move.column));
    else
        snprintf(out, n, "%s %s", m->type == MSG_TASK_ARCHIVE ? "archived" : "restored", card);
}

int64_t board_act(struct model *m, struct msg *r, struct effects *out)
{
    struct act a;
    char what[sizeof((struct undo_step){0}.what)];
    say_request(r, what, sizeof what);
    act_begin(&a, m, false, out);
    int64_t id = act_ask(&a, r);
    act_end(&a, "%s", what);
    return id;
}

/* ---- what others did since ---- */

static bool meets(const struct replica *r, const struct msg *event, const struct msg *request)
{
    int64_t card =
        is_of_card(request->type) ? replica_number_of(r, request->task_archive.task) : 0;
    return takeback_meets(event, request, card);
}

/* A column that somebody renamed is found by its new name. */
static void rename_in(struct undo_step *s, struct msg *m, const struct msg_column_edited *to)
{
    struct str *names[] = {
        m->type == MSG_TASK_MOVE ? &m->task_move.column : NULL,
        m->type == MSG_COLUMN_ADD ? &m->column_add.after : NULL,
        m->type == MSG_COLUMN_EDIT ? &m->column_edit.column : NULL,
        m->type == MSG_COLUMN_MOVE ? &m->column_move.column : NULL,
        m->type == MSG_COLUMN_MOVE ? &m->column_move.after : NULL,
        m->type == MSG_COLUMN_REMOVE ? &m->column_remove.column : NULL,
        m->type == MSG_COLUMN_REMOVE ? &m->column_remove.to : NULL,
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (names[i] && takeback_is_column(*names[i], to->column))
            *names[i] = str_keep(&s->arena, to->name);
}

static void rename_state(struct undo_step *s, struct undo_item *i,
                         const struct msg_column_edited *to)
{
    if (i->msg.type == MSG_TASK_MOVE && takeback_is_column(i->found, to->column))
        i->found = str_keep(&s->arena, to->name);
}

static void hear(const struct replica *r, struct undo_step *s, const struct msg *event,
                 struct str since)
{
    vec_each (i, &s->items) {
        if (meets(r, event, &i->msg)) {
            i->since = str_keep(&s->arena, since);
            i->since_type = event->type;
        } else if (event->type == MSG_TASK_RESTORED && i->since_type == MSG_TASK_ARCHIVED &&
                   is_of_card(i->msg.type) &&
                   replica_number_of(r, i->msg.task_archive.task) ==
                       event->task_restored.task) {
            i->since = (struct str){0};
        }
        if (event->type == MSG_COLUMN_EDITED && event->column_edited.name.n) {
            rename_in(s, &i->msg, &event->column_edited);
            rename_state(s, i, &event->column_edited);
        }
    }
}

void undo_heard(struct model *m, const struct msg *event)
{
    struct room_view *v = model_view(m, event->event.room);
    const struct replica *r = session_room(&m->session, event->event.room);
    if (!v || !r || str_is(event->event.client, m->session.client))
        return;
    struct buf since = {0};
    buf_fmt(&since, "%.*s ", STR_ARG(event->event.author));
    activity_say(event, activity_thing(r, NULL, 0, activity_about(event)), &since);
    vec_each (s, &v->undo.steps)
        hear(r, *s, event, buf_str(&since));
    vec_each (s, &v->redo.steps)
        hear(r, *s, event, buf_str(&since));
    buf_finish(&since);
}

/* ---- what the server would not do ---- */

static bool drop_made(struct undo_stack *stack, int64_t id)
{
    for (size_t k = stack->steps.n; k-- > 0;) {
        struct undo_step *s = stack->steps.v[k];
        size_t before = s->items.n;
        for (size_t i = s->items.n; i-- > 0;)
            if (s->items.v[i].made == id)
                vec_remove(&s->items, i);
        if (s->items.n == before)
            continue;
        if (s->items.n == 0) {
            step_free(s);
            vec_remove(&stack->steps, k);
        }
        return true;
    }
    return false;
}

static void drop_toast(struct model *m, const char *text)
{
    for (size_t i = m->toasts.n; i-- > 0;)
        if (strcmp(m->toasts.v[i].text, text) == 0)
            vec_remove(&m->toasts, i);
}

void undo_forget(struct model *m, const struct msg *request)
{
    struct room_view *v = model_view(m, request->request.room);
    if (v && !drop_made(&v->undo, request->request.id))
        drop_made(&v->redo, request->request.id);
}

bool undo_refused(struct model *m, const struct msg *request, const struct err *why)
{
    struct refusals *f = &m->refusals;
    const char *said = request->request.undoes ? "Not taken back" : "Not done";
    undo_forget(m, request);
    if (!request->request.batch && !request->request.undoes)
        return false;
    if (!request->request.batch) {
        model_toast(m, TOAST_ERROR, "%s: %s", said, why->text);
        return true;
    }
    if (f->batch != request->request.batch)
        *f = (struct refusals){.batch = request->request.batch, .why = *why};
    else
        drop_toast(m, f->text);
    f->n++;
    if (f->n == 1)
        snprintf(f->text, sizeof f->text, "%s: %.200s", said, f->why.text);
    else
        snprintf(f->text, sizeof f->text, "%s: %zu of them. Of the first: %.200s", said, f->n,
                 f->why.text);
    model_toast(m, TOAST_ERROR, "%s", f->text);
    return true;
}

/* ---- taking back ---- */

/* Nothing of others is silently taken back with one's own: false, and what is left and why. */
static bool is_untouched(struct act *a, const struct undo_item *item)
{
    const struct replica *r = model_replica(a->m);
    const struct card *c = is_of_card(item->msg.type) ? card_of(r, &item->msg) : NULL;
    int column = item->msg.type == MSG_COLUMN_REMOVE
                     ? board_column(&r->board, item->msg.column_remove.column)
                     : -1;
    if (item->since.n)
        act_leave(a, "%.*s since", STR_ARG(item->since));
    else if (c && item->found.n &&
             !str_eq(item->found, state_of(r, &item->msg, &a->out->arena)))
        act_leave(a, "somebody changed card %lld since", (long long)c->number);
    else if (column >= 0 && r->board.columns.v[column].cards.n)
        act_leave(a, "there are cards in %s since", r->board.columns.v[column].name);
    else
        return true;
    return false;
}

/* What a step is built on: without it the rest makes no sense. */
static bool is_column(enum msg_type t)
{
    return t == MSG_COLUMN_ADD || t == MSG_COLUMN_EDIT || t == MSG_COLUMN_MOVE ||
           t == MSG_COLUMN_REMOVE;
}

static void take_back_items(struct act *a, const struct undo_step *step)
{
    const struct replica *r = model_replica(a->m);
    for (size_t i = 0; i < step->items.n; i++) {
        const struct undo_item *item = &step->items.v[i];
        struct msg msg = item->msg;
        if (msg.type == MSG_TASK_EDIT)
            msg.task_edit.seen = r->seq; /* what comes in between is not overwritten */
        a->undoes = -item->made;
        bool ok = is_untouched(a, item) && act_ask(a, &msg);
        if (!ok && is_column(msg.type))
            return;
    }
}

static void say_taken_back(const struct act *a, const char *what, bool again)
{
    struct model *m = a->m;
    if (a->done == 0 && a->left <= 1)
        model_toast(m, TOAST_ERROR, "Left as it is: %.*s.", STR_ARG(a->why));
    else if (a->done == 0)
        model_toast(m, TOAST_ERROR, "Left as they are, all %zu: %.*s.", a->left,
                    STR_ARG(a->why));
    else if (a->left)
        model_toast(m, TOAST_ERROR, "%s %zu of %zu: %s. %zu left as %s: %.*s.",
                    again ? "Done again," : "Taken back,", a->done, a->done + a->left, what,
                    a->left, a->left == 1 ? "it is" : "they are", STR_ARG(a->why));
    else
        model_toast(m, TOAST_OFFER, "%s: %s. %s %s.", again ? "Done again" : "Taken back", what,
                    keymap_key(&m->keys, again ? ACTION_UNDO : ACTION_REDO, IN_BOARD).s,
                    again ? "takes it back" : "does it again");
}

static void select_card(struct model *m, const struct undo_step *step)
{
    const struct replica *r = model_replica(m);
    for (size_t i = step->items.n; i-- > 0;) {
        const struct msg *msg = &step->items.v[i].msg;
        const struct card *c = is_of_card(msg->type) ? card_of(r, msg) : NULL;
        if (!c || c->archived)
            continue;
        board_select(m, c);
        return;
    }
}

/* Whoever has just deleted a message and takes back means that one: an older act on the board
 * is taken back in its place only when asked again. */
static bool is_about_deleted(struct model *m)
{
    const struct undo_stack *s = &m->here->undo;
    if (!m->here->has_deleted)
        return false;
    m->here->has_deleted = false;
    if (s->steps.n)
        model_toast(
            m, TOAST_OFFER, "The deleted message does not come back. %s again takes back: %s.",
            keymap_key(&m->keys, ACTION_UNDO, IN_BOARD).s, s->steps.v[s->steps.n - 1]->what);
    else
        model_toast(m, TOAST_INFO, "The deleted message does not come back.");
    return true;
}

static void step_back(struct model *m, bool again, struct effects *out)
{
    struct undo_stack *from = again ? &m->here->redo : &m->here->undo;
    struct undo_stack *to = again ? &m->here->undo : &m->here->redo;
    if (from->steps.n == 0) {
        model_toast(m, TOAST_INFO,
                    again ? "Nothing to do again." : "Nothing of yours to take back.");
        return;
    }
    struct undo_step *step = from->steps.v[--from->steps.n];
    struct act a;
    act_begin(&a, m, step->items.n > 1, out);
    a.is_new = false;
    a.undo = to;
    take_back_items(&a, step);
    memcpy(a.step->what, step->what, sizeof step->what);
    say_taken_back(&a, step->what, again);
    finish(&a);
    if (a.done)
        select_card(m, step);
    step_free(step);
}

void board_undo(struct model *m, struct effects *out)
{
    if (model_replica(m) && !is_about_deleted(m))
        step_back(m, false, out);
}

void board_redo(struct model *m, struct effects *out)
{
    if (model_replica(m))
        step_back(m, true, out);
}
