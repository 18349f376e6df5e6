/* What is asked when two people changed the same field, and what becomes of the answer. */
#include "codec.h"
#include "update_parts.h"

#include <stdio.h>
#include <string.h>

static struct conflict *find(const struct model *m, struct conflict_ref ref)
{
    vec_each (c, &m->conflicts)
        if (ref.id && c->id == ref.id && c->field == ref.field)
            return c;
    return NULL;
}

static void forget(struct model *m, struct conflict *c)
{
    buf_finish(&c->mine);
    buf_finish(&c->theirs);
    vec_remove(&m->conflicts, (size_t)(c - m->conflicts.v));
}

static void forget_all_of(struct model *m, int64_t id)
{
    for (size_t i = m->conflicts.n; i-- > 0;)
        if (m->conflicts.v[i].id == id)
            forget(m, &m->conflicts.v[i]);
}

static bool is_open(const struct conflict *c)
{
    return c->is_held && c->choice == CHOICE_OPEN;
}

size_t model_conflicts(const struct model *m)
{
    size_t n = 0;
    vec_each (c, &m->conflicts)
        n += is_open(c);
    return n;
}

const struct conflict *model_conflict(const struct model *m, const char *room, int64_t card,
                                      enum card_field field)
{
    vec_each (c, &m->conflicts)
        if (is_open(c) && c->card == card && strcmp(c->room, room) == 0 &&
            (field == CARD_FIELD_COUNT || c->field == field))
            return c;
    return NULL;
}

/* ---- what the server says ---- */

static void set(struct buf *b, struct str s)
{
    buf_clear(b);
    buf_add_str(b, s);
}

void conflict_heard(struct model *m, const struct msg_conflict *told)
{
    enum card_field field;
    if (!card_field_named(told->field, &field, NULL) || field >= CARD_SCALARS)
        return;
    struct conflict_ref ref = {told->head.re, field};
    if (!find(m, ref)) {
        struct conflict fresh = {.id = ref.id, .field = field, .card = told->task};
        snprintf(fresh.room, sizeof fresh.room, "%.*s", STR_ARG(told->room));
        vec_push(&m->conflicts, fresh);
    }
    struct conflict *c = find(m, ref);
    set(&c->theirs, told->value);
    snprintf(c->author, sizeof c->author, "%.*s", STR_ARG(told->author));
    c->seq = told->seq;
    c->time = c->asked = 0;
}

static struct str value_of(const struct msg_task_edit *q, enum card_field f)
{
    if (f == CARD_TITLE)
        return q->title;
    for (size_t i = 0; i < q->changes.n; i++)
        if (str_is(q->changes.v[i].field, card_fields[f].name))
            return q->changes.v[i].value;
    return (struct str){0};
}

bool conflict_held(struct model *m, const struct msg *request)
{
    bool any = false;
    if (request->type != MSG_TASK_EDIT)
        return false;
    int64_t id = request->request.id;
    if (request->request.undoes) { /* nobody has to choose: theirs stays */
        forget_all_of(m, id);
        return false;
    }
    vec_each (c, &m->conflicts) {
        if (c->id != id)
            continue;
        set(&c->mine, value_of(&request->task_edit, c->field));
        c->is_held = any = true;
        c->choice = CHOICE_OPEN;
    }
    return any;
}

/* ---- when theirs was written ---- */

static void ask_time(struct model *m, struct conflict *c, struct effects *out)
{
    struct msg q = {.type = MSG_ACTIVITY};
    q.activity.head.room = str_of(c->room);
    q.activity.about = c->card;
    q.activity.before = c->seq + 1;
    q.activity.limit = 1;
    c->asked = session_ask(&m->session, &q, out, NULL);
    if (!c->asked)
        c->asked = -1;
}

static int64_t time_of(struct str json, int64_t seq)
{
    struct arena arena = {0};
    struct msg_list list;
    int64_t re, time = 0;
    if (codec_decode(json, FROM_SERVER, &arena, &list, &re, NULL) && list.n == 1 &&
        msg_table[list.v[0].type].class == CLASS_EVENT && list.v[0].event.seq == seq)
        time = list.v[0].event.time;
    arena_finish(&arena);
    return time;
}

bool conflict_page(struct model *m, const struct msg_activity_page *page)
{
    vec_each (c, &m->conflicts) {
        if (c->asked <= 0 || c->asked != page->head.re)
            continue;
        c->asked = -1;
        for (size_t i = 0; i < page->events.n && !c->time; i++)
            c->time = time_of(page->events.v[i], c->seq);
        return true;
    }
    return false;
}

bool conflict_failed(struct model *m, int64_t id)
{
    vec_each (c, &m->conflicts) {
        if (c->asked <= 0 || c->asked != id)
            continue;
        c->asked = -1;
        return true;
    }
    return false;
}

/* ---- the answer ---- */

/* What is left of the request when the fields that were decided for the others are gone. */
static bool remains_of(const struct model *m, struct msg_task_edit *q, struct arena *a)
{
    struct change_item *left =
        q->changes.n ? arena_alloc(a, q->changes.n * sizeof *left) : NULL;
    size_t n = 0;
    int64_t id = q->head.id;
    const struct conflict *title = find(m, (struct conflict_ref){id, CARD_TITLE});
    if (title)
        q->title = title->choice == CHOICE_MINE ? buf_str(&title->mine) : (struct str){0};
    for (size_t i = 0; i < q->changes.n; i++) {
        enum card_field f;
        struct change_item item = q->changes.v[i];
        const struct conflict *c = card_field_named(item.field, &f, NULL)
                                       ? find(m, (struct conflict_ref){id, f})
                                       : NULL;
        if (c && c->choice == CHOICE_THEIRS)
            continue;
        if (c)
            item.value = buf_str(&c->mine);
        left[n++] = item;
    }
    q->changes.v = left;
    q->changes.n = n;
    return q->title.n || n;
}

static int64_t newest_seen(const struct model *m, int64_t id)
{
    int64_t seq = 0;
    vec_each (c, &m->conflicts)
        if (c->id == id)
            seq = MAX(seq, c->seq);
    return seq;
}

static bool ask_again(struct model *m, struct msg *q, struct effects *out)
{
    struct err e = {0};
    if (m->here && str_is(q->request.room, m->here->name) && model_replica(m))
        return board_act(m, q, out) != 0;
    if (session_request(&m->session, q, m->now, out, &e))
        return true;
    model_toast(m, TOAST_ERROR, "%s", e.text);
    return false;
}

/* Once all its fields are decided: what is left is asked for anew, then the old request goes.
 * A kill in between leaves both, and the person is asked once more. */
static void conflict_finish(struct model *m, int64_t id, const struct err *why,
                            struct effects *out)
{
    struct msg q;
    struct arena *a = &out->arena;
    bool aside = false;
    vec_each (c, &m->conflicts) {
        if (c->id == id && c->choice == CHOICE_OPEN)
            return;
        aside = aside || (c->id == id && c->choice == CHOICE_THEIRS);
    }
    if (session_disputed(&m->session, id, a, &q)) {
        session_hide_disputed(&m->session, id);
        q.task_edit.seen = newest_seen(m, id);
        bool sent = !remains_of(m, &q.task_edit, a) || ask_again(m, &q, out);
        session_drop_disputed(&m->session, id, aside || !sent ? why : NULL, out);
    }
    forget_all_of(m, id);
}

/* Of two changes of ours of the same field the later one is meant. */
static bool is_outdone(const struct model *m, const struct conflict *c)
{
    vec_each (late, &m->conflicts)
        if (is_open(late) && late->id > c->id && late->card == c->card &&
            late->field == c->field && strcmp(late->room, c->room) == 0)
            return true;
    return false;
}

static void drop_outdone(struct model *m, struct effects *out)
{
    struct err why = {0};
    fail(&why, ERR_CONFLICT, "it was changed again afterwards");
    for (size_t i = 0; i < m->conflicts.n; i++) {
        struct conflict *c = &m->conflicts.v[i];
        if (!is_open(c) || !is_outdone(m, c))
            continue;
        c->choice = CHOICE_THEIRS;
        conflict_finish(m, c->id, &why, out);
        i = (size_t)-1; /* from the start: any may be gone */
    }
}

static void choose(struct model *m, struct conflict *c, enum conflict_choice choice,
                   struct effects *out)
{
    struct err why = {0};
    fail(&why, ERR_CONFLICT, "%s's %s was taken", c->author, card_fields[c->field].name);
    c->choice = choice;
    dialog_close(&m->dialog);
    conflict_finish(m, c->id, &why, out);
}

/* The one that is on screen, or else the first. */
static struct conflict *meant(struct model *m)
{
    bool is_asked = dialog_offers(&m->dialog, ACTION_CONFLICT_MINE);
    struct conflict *c = find(m, is_asked ? m->asked_about : (struct conflict_ref){0});
    if (c)
        return c;
    vec_each (other, &m->conflicts)
        if (is_open(other))
            return other;
    model_toast(m, TOAST_INFO, "There is nothing to decide.");
    return NULL;
}

void conflict_mine(struct model *m, struct effects *out)
{
    struct conflict *c = meant(m);
    if (c)
        choose(m, c, CHOICE_MINE, out);
}

void conflict_theirs(struct model *m, struct effects *out)
{
    struct conflict *c = meant(m);
    if (!c)
        return;
    struct field_edit mine = {.card = c->card, .field = c->field, .value = buf_str(&c->mine)};
    field_give_back(m, &mine);
    model_toast(m, TOAST_INFO, "Theirs stays. : and Up brings back yours.");
    choose(m, c, CHOICE_THEIRS, out);
}

void conflict_edit(struct model *m, struct effects *out)
{
    struct conflict *c = meant(m);
    struct room_view *v = c ? model_view(m, str_of(c->room)) : NULL;
    if (!c)
        return;
    if (!v) {
        model_toast(m, TOAST_ERROR, "%s is not open.", c->room);
        return;
    }
    dialog_close(&m->dialog);
    model_show(m, v, out);
    if (c->field == CARD_TITLE) {
        prompt_open(m, PROMPT_TITLE, buf_str(&c->mine));
        m->prompt_card = c->card;
        m->prompt_seen = c->seq;
    } else {
        pick_open(m, c->field == CARD_DUE ? PICK_DUE : PICK_PRIORITY, c->card);
        m->pick_seen = c->seq;
    }
    m->editing = (struct conflict_ref){c->id, c->field};
}

bool conflict_edited(struct model *m, struct str value, struct effects *out)
{
    struct conflict *c = find(m, m->editing);
    m->editing = (struct conflict_ref){0};
    if (!c)
        return false;
    set(&c->mine, value);
    choose(m, c, CHOICE_MINE, out);
    return true;
}

/* ---- asking the person ---- */

static void say_value(struct form *f, const char *label, const struct buf *value)
{
    form_add(f, 0, label);
    if (value->n)
        form_say(f, TONE_STRONG, buf_str(value));
    else
        form_say(f, TONE_DIM, STR("none"));
}

static void fill(struct model *m, const struct conflict *c)
{
    struct form *f = &m->dialog.body;
    char age[AGE_MAX] = "";
    form_add(f, 0, "")->is_wide = true;
    form_say(f, TONE_PERSON, str_of(c->author));
    form_fmt(f, TONE_TEXT, " changed the %s", card_fields[c->field].name);
    if (c->time) {
        age_of(model_server_now(m) - c->time, age);
        form_fmt(f, TONE_TIME, strcmp(age, "now") == 0 ? " just now" : " %s ago", age);
    }
    form_say(f, TONE_TEXT, STR(" while you did. Which one shall it be?"));
    say_value(f, "Yours", &c->mine);
    say_value(f, "Theirs", &c->theirs);
    dialog_offer(&m->dialog, ACTION_CONFLICT_MINE, "keep mine");
    dialog_offer(&m->dialog, ACTION_CONFLICT_THEIRS, "take theirs");
    dialog_offer(&m->dialog, ACTION_CONFLICT_EDIT, "edit");
    dialog_offer(&m->dialog, ACTION_CANCEL, "later");
}

static void show(struct model *m, struct conflict *c)
{
    char title[ROOM_NAME_MAX + 60];
    bool here = m->here && strcmp(m->here->name, c->room) == 0;
    size_t at = m->dialog.is_open ? m->dialog.at : 0;
    snprintf(title, sizeof title, " %s%sCard %lld: two changes ", here ? "" : c->room,
             here ? "" : " ", (long long)MAX(c->card, 0));
    dialog_open(&m->dialog, str_of(title));
    m->asked_about = (struct conflict_ref){c->id, c->field};
    c->is_late = false;
    fill(m, c);
    dialog_step(&m->dialog, (int)at);
}

void conflict_ask(struct model *m)
{
    struct conflict *c = meant(m);
    if (c)
        show(m, c);
}

void conflict_later(struct model *m)
{
    struct conflict *c = find(m, m->asked_about);
    dialog_close(&m->dialog);
    if (c)
        c->is_late = true;
}

/* Not while something is written or picked: a key that was meant for that would answer. */
static bool may_ask(const struct model *m)
{
    return (model_where(m) & IN_PANES) && m->drag.card == 0;
}

static struct conflict *next_to_ask(const struct model *m)
{
    vec_each (c, &m->conflicts)
        if (is_open(c) && !c->is_late)
            return c;
    return NULL;
}

static void tell(struct model *m, struct conflict *c)
{
    if (c->is_told)
        return;
    c->is_told = true;
    model_toast(m, TOAST_ERROR, "%s changed the %s of card %lld too. :conflict decides.",
                c->author, card_fields[c->field].name, (long long)MAX(c->card, 0));
}

void conflict_settle(struct model *m, struct effects *out)
{
    bool online = m->session.state == SESSION_ONLINE;
    vec_each (c, &m->conflicts) {
        if (!c->is_held)
            continue;
        if (!c->time && !c->asked && online)
            ask_time(m, c, out);
    }
    drop_outdone(m, out);
    bool is_asked = dialog_offers(&m->dialog, ACTION_CONFLICT_MINE);
    struct conflict *shown = is_asked ? find(m, m->asked_about) : NULL;
    if (is_asked && !shown)
        dialog_close(&m->dialog);
    if (shown)
        show(m, shown); /* it may have become older, or its time known */
    struct conflict *c = next_to_ask(m);
    if (!c || m->dialog.is_open)
        return;
    if (!may_ask(m))
        tell(m, c);
    else if (m->now - m->key_at >= CONFLICT_QUIET_MS)
        show(m, c);
}

int64_t conflict_next_tick(const struct model *m)
{
    bool waits = next_to_ask(m) && !m->dialog.is_open && may_ask(m);
    return waits ? MAX(m->key_at + CONFLICT_QUIET_MS, m->now + 1) : INT64_MAX;
}
