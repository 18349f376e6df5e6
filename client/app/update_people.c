/* Our own person, as the others see it: status, typing, the selected card; and how the others
 * are shown. */
#include "direct.h"
#include "update_parts.h"

#include <stdio.h>
#include <string.h>

/* ---- status ---- */

void people_key(struct model *m)
{
    m->people.key_at = m->now;
}

static int64_t idle_at(const struct people *p)
{
    return p->opts.idle_ms ? p->key_at + p->opts.idle_ms : INT64_MAX;
}

static bool is_told(const struct own_status *s, enum status status, const char *words)
{
    return s->told && s->status == status && strcmp(s->words, words) == 0;
}

static void status_settle(struct model *m, struct effects *out)
{
    struct people *p = &m->people;
    enum status status = p->chosen;
    if (status == STATUS_ONLINE && m->now >= idle_at(p))
        status = STATUS_IDLE;
    if (!p->key_at || is_told(&m->session.status, status, p->words))
        return;
    int64_t since = status == STATUS_IDLE     ? p->key_at
                    : status == STATUS_ONLINE ? m->now
                                              : p->chosen_at;
    session_status(&m->session, status, str_of(p->words), since, false, m->now, out);
}

static void choose(struct model *m, enum status status, struct str words)
{
    struct people *p = &m->people;
    p->chosen = status;
    p->chosen_at = m->now;
    snprintf(p->words, sizeof p->words, "%.*s", STR_ARG(words));
}

static void tell_own(struct model *m)
{
    const struct people *p = &m->people;
    static const char *const said[STATUS_COUNT] = {[STATUS_ONLINE] = "online",
                                                   [STATUS_AWAY] = "away",
                                                   [STATUS_DND] = "not to be disturbed",
                                                   [STATUS_IDLE] = "idle"};
    model_toast(m, TOAST_INFO, "The others see you as %s%s%s.", said[p->chosen],
                p->words[0] ? ": " : "", p->words);
}

void people_choose(struct model *m, struct str name, struct str words, struct effects *out)
{
    enum status status;
    words = str_trim(words);
    if (name.n == 0) {
        tell_own(m);
    } else if (!status_from_name(name, &status) || status == STATUS_IDLE) {
        model_toast(m, TOAST_ERROR, "A status is online, away or dnd, not \"%.*s\".",
                    STR_ARG(name));
    } else if (m->session.state == SESSION_ONLINE && m->session.revision < 1) {
        model_toast(m, TOAST_ERROR, "This server is too old to tell a status.");
    } else if (words.n > STATUS_WORDS_MAX || !str_follows(words, RULE_LINE)) {
        model_toast(m, TOAST_ERROR, "Words for the others are one line of at most %d bytes.",
                    STATUS_WORDS_MAX);
    } else {
        choose(m, status, status == STATUS_ONLINE ? (struct str){0} : words);
        session_status(&m->session, status, str_of(m->people.words), m->now, true, m->now, out);
        tell_own(m);
    }
}

void people_chosen(struct model *m, const struct msg_status_set *set)
{
    choose(m, set->status, set->words);
    tell_own(m);
}

/* ---- typing ---- */

static void send_typing(struct model *m, bool on, struct effects *out)
{
    const struct typing_place *t = &m->people.typing;
    struct msg state = {.type = MSG_TYPING, .typing = {.head.room = str_of(t->room), .on = on}};
    if (on) {
        state.typing.task = t->task;
        state.typing.note = t->note;
    }
    session_state(&m->session, &state, out);
}

void typing_stop(struct model *m, struct effects *out)
{
    if (m->people.is_typing)
        send_typing(m, false, out);
    m->people.is_typing = false;
}

static bool is_place(const struct typing_place *a, const struct typing_place *b)
{
    return strcmp(a->room, b->room) == 0 && a->task == b->task && a->note == b->note;
}

void typing_on(struct model *m, int64_t task, int64_t note, struct effects *out)
{
    struct people *p = &m->people;
    struct typing_place where = {.task = task, .note = note};
    if (!m->here || !p->opts.send_typing)
        return;
    memcpy(where.room, m->here->name, sizeof where.room);
    p->typed_at = m->now;
    bool same = p->is_typing && is_place(&p->typing, &where);
    if (same && m->now - p->typing_sent_at < TYPING_EVERY_MS)
        return;
    if (!same && strcmp(p->typing.room, where.room) != 0)
        typing_stop(m, out);
    p->typing = where;
    p->is_typing = true;
    p->typing_sent_at = m->now;
    send_typing(m, true, out);
}

void comment_typed(struct model *m, struct effects *out)
{
    if (m->line.text.n == 0)
        typing_stop(m, out);
    else if (m->line.text.n >= TYPING_FROM)
        typing_on(m, m->prompt_card, 0, out);
}

/* A comment was sent or put off, or no key came for a while. */
static void typing_settle(struct model *m, struct effects *out)
{
    const struct people *p = &m->people;
    bool is_over = p->typing.task && m->prompt != PROMPT_COMMENT;
    if (p->is_typing && (is_over || m->now - p->typed_at >= TYPING_AFTER_MS))
        typing_stop(m, out);
}

void typing_switch(struct model *m, bool sending, struct effects *out)
{
    struct people_opts *o = &m->people.opts;
    if (sending) {
        o->send_typing = !o->send_typing;
        typing_stop(m, out);
        model_toast(m, TOAST_INFO,
                    o->send_typing ? "Others see when you type."
                                   : "Others do not see any more that you type.");
    } else {
        o->show_typing = !o->show_typing;
        model_toast(m, TOAST_INFO,
                    o->show_typing ? "You see who types."
                                   : "You do not see any more who types.");
    }
}

/* ---- where we are ---- */

static void cursor_settle(struct model *m, struct effects *out)
{
    struct people *p = &m->people;
    if (!m->here || m->session.state != SESSION_ONLINE || m->here->card <= 0)
        return;
    bool same = p->cursor_sent == m->here->card && strcmp(p->cursor_room, m->here->name) == 0;
    if (same || m->now - p->cursor_sent_at < CURSOR_EVERY_MS)
        return;
    p->cursor_sent = m->here->card;
    p->cursor_sent_at = m->now;
    memcpy(p->cursor_room, m->here->name, sizeof p->cursor_room);
    struct msg state = {.type = MSG_CURSOR,
                        .cursor = {.head.room = str_of(m->here->name), .task = m->here->card}};
    session_state(&m->session, &state, out);
}

static int64_t note_shown(const struct model *m, const struct layout *l)
{
    const struct doc *d = note_doc(m);
    bool shows = d && model_beside(m) == BESIDE_NOTE && note_pane(m)->shows == NOTE_TEXT;
    return shows && !rect_is_empty(l->beside) ? d->number : 0;
}

static int64_t opened_card(const struct model *m, const struct layout *l)
{
    const struct card *c = card_shown(m);
    return c && model_beside(m) == BESIDE_CARD && !rect_is_empty(l->beside) ? c->number : 0;
}

static struct told_look look_of(const struct model *m, const struct layout *l)
{
    struct told_look k = {.task = opened_card(m, l), .note = note_shown(m, l)};
    if (m->here)
        memcpy(k.room, m->here->name, sizeof k.room);
    memcpy(k.follows, m->people.following.user, sizeof k.follows);
    return k;
}

static bool is_look(const struct told_look *a, const struct told_look *b)
{
    return strcmp(a->room, b->room) == 0 && a->task == b->task && a->note == b->note &&
           strcmp(a->follows, b->follows) == 0;
}

static void send_look(struct model *m, const struct told_look *k, bool shown,
                      struct effects *out)
{
    struct msg s = {.type = MSG_LOOKING, .looking.head.room = str_of(k->room)};
    if (shown) {
        s.looking.shown = true;
        s.looking.task = k->task;
        s.looking.note = k->note;
        s.looking.follows = str_of(k->follows);
    }
    session_state(&m->session, &s, out);
}

static bool look_is_news(const struct model *m, const struct told_look *now)
{
    const struct replica *r = model_replica(m);
    return m->session.state == SESSION_ONLINE && r && r->synced &&
           !is_look(now, &m->people.look);
}

static void look_settle(struct model *m, const struct layout *l, struct effects *out)
{
    struct people *p = &m->people;
    struct told_look now = look_of(m, l);
    if (!look_is_news(m, &now) || m->now - p->look_sent_at < CURSOR_EVERY_MS)
        return;
    if (p->look.room[0] && strcmp(p->look.room, now.room) != 0)
        send_look(m, &p->look, false, out);
    send_look(m, &now, true, out);
    p->look = now;
    p->look_sent_at = m->now;
}

void people_hide(struct model *m)
{
    m->people.hidden = !m->people.hidden;
    model_toast(m, TOAST_INFO,
                m->people.hidden ? "Others' cursors and pointers are hidden."
                                 : "You see others' cursors and pointers.");
}

/* ---- all of it ---- */

void people_init(struct model *m)
{
    m->people = (struct people){
        .cursor_sent = -1,
        .opts = {.idle_ms = IDLE_AFTER_MS, .send_typing = true, .show_typing = true}};
}

void people_forgotten(struct model *m)
{
    m->people.cursor_sent = -1;
    m->people.look = (struct told_look){0};
}

void people_settle(struct model *m, const struct layout *l, struct effects *out)
{
    struct replica *r = model_replica(m);
    if (r)
        replica_color_people(r);
    typing_settle(m, out);
    status_settle(m, out);
    cursor_settle(m, out);
    look_settle(m, l, out);
    pointer_settle(m, l, out);
}

int64_t people_age(const struct model *m, const struct person *p)
{
    return p->since ? MAX(model_server_now(m) - p->since, 0) : 0;
}

/* When somebody stops typing, as far as it shows: elsewhere only in direct conversations. */
static int64_t soonest_typed(const struct model *m)
{
    int64_t at = INT64_MAX;
    vec_each (r, &m->session.rooms) {
        bool shows = *r == model_replica(m) || room_is_direct(str_of((*r)->name));
        for (size_t i = 0; shows && i < (*r)->showing.n; i++)
            if ((*r)->showing.v[i].typing_until > m->now)
                at = MIN(at, (*r)->showing.v[i].typing_until);
    }
    return at;
}

/* Or when the minutes change that are said of somebody. */
static int64_t soonest_change(const struct model *m)
{
    enum { MINUTE = 60 * 1000 };
    const struct replica *r = model_replica(m);
    int64_t at = soonest_typed(m);
    if (!r)
        return at;
    vec_each (s, &r->showing) {
        if (s->pointing.at != POINTED_OFF && s->pointing.until > m->now)
            at = MIN(at, s->pointing.until);
    }
    vec_each (p, &r->people)
        if (p->online && p->status == STATUS_IDLE)
            at = MIN(at, m->now + MINUTE - people_age(m, p) % MINUTE);
    return at;
}

int64_t people_next_tick(const struct model *m)
{
    const struct people *p = &m->people;
    int64_t at = soonest_change(m);
    if (p->is_typing)
        at = MIN(at, p->typed_at + TYPING_AFTER_MS);
    if (p->chosen == STATUS_ONLINE && m->session.status.status != STATUS_IDLE && p->key_at)
        at = MIN(at, idle_at(p));
    if (m->session.state == SESSION_ONLINE && m->here && m->here->card > 0 &&
        (p->cursor_sent != m->here->card || strcmp(p->cursor_room, m->here->name) != 0))
        at = MIN(at, p->cursor_sent_at + CURSOR_EVERY_MS);
    struct layout l;
    layout_of(m, &l);
    struct told_look now = look_of(m, &l);
    if (look_is_news(m, &now))
        at = MIN(at, p->look_sent_at + CURSOR_EVERY_MS);
    at = MIN(at, MIN(follow_next_tick(m), pointer_next_tick(m)));
    return at;
}
