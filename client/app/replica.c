#include "replica.h"

#include "activity.h"
#include "cards.h"
#include "direct.h"
#include "replica_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct replica *replica_new(struct str name)
{
    bug_on(name.n > ROOM_NAME_MAX);
    struct replica *r = NEW(struct replica);
    memcpy(r->name, name.p, name.n);
    r->floor = 1;
    board_init(&r->board);
    return r;
}

void replica_free(struct replica *r)
{
    if (!r)
        return;
    replica_drop_load(r);
    replica_clear_pending(r);
    replica_clear_lines(r);
    vec_finish(&r->pending);
    vec_finish(&r->lines);
    vec_finish(&r->waiting);
    vec_finish(&r->far);
    vec_finish(&r->overlaid);
    vec_finish(&r->pins);
    vec_finish(&r->people);
    vec_finish(&r->showing);
    vec_finish(&r->locks);
    vec_finish(&r->numbers);
    vec_finish(&r->notes);
    notes_kept_finish(&r->kept);
    arena_finish(&r->inverses);
    board_finish(&r->board);
    free(r);
}

void replica_reset(struct replica *r)
{
    replica_drop_load(r);
    replica_take_back(r);
    replica_clear_lines(r);
    board_finish(&r->board);
    board_init(&r->board);
    notes_kept_finish(&r->kept);
    replica_clear_here(r);
    r->people.n = r->pins.n = 0;
    r->topic[0] = '\0';
    r->keep = (struct retention){0};
    r->trimmed = 0;
    r->recolor = true;
    r->seq = 0;
    r->floor = 1;
    r->synced = r->has_older = false;
    replica_put_back(r);
    replica_overlay(r);
    r->version++;
}

/* ---- events ---- */

static bool make_columns(struct replica *r, const struct msg_room_created *m, struct err *e)
{
    if (r->board.columns.n)
        return fail(e, ERR_INTERNAL, "the room %s was made twice", r->name);
    for (size_t i = 0; i < m->columns.n; i++) {
        if (!board_put_column(&r->board, m->columns.v[i].name, m->columns.v[i].limit, e))
            return false;
    }
    r->is_public = m->is_public;
    for (struct founder f = {0}; founder_next(&f, m->head.room, m->head.author);)
        replica_set_role(r, f.user, f.role, false);
    return true;
}

void replica_set_topic(struct replica *r, struct str topic)
{
    snprintf(r->topic, sizeof r->topic, "%.*s", STR_ARG(topic));
}

/* What the event changes on the confirmed state. */
static bool apply_confirmed(struct replica *r, const struct msg *m, struct err *e)
{
    struct arena arena = {0};
    struct board_action a;
    struct err why;
    bool is_action = cards_action(m, &arena, &a, &why);
    bool fits =
        why.code == ERR_NONE && (!is_action || board_apply(&r->board, &a, NULL, NULL, &why));
    arena_finish(&arena);
    if (!fits)
        return fail(e, why.code, "%s", why.text);
    if (m->type == MSG_ROOM_CREATED)
        return make_columns(r, &m->room_created, e);
    if (m->type == MSG_MEMBER)
        replica_set_role(r, m->member.user, m->member.role, m->member.bot);
    if (m->type == MSG_ROOM_TOPIC)
        replica_set_topic(r, m->room_topic.topic);
    if (m->type == MSG_ROOM_RETENTION)
        r->keep = m->room_retention.keep;
    replica_message_event(r, m);
    return replica_note_event(r, m, e);
}

/* Whether what waits has to be taken off before it: it does nothing to board and list. */
static bool is_beside(enum msg_type type)
{
    return replica_is_message_event(type) || type == MSG_MEMBER || type == MSG_ROOM_TOPIC ||
           type == MSG_ROOM_RETENTION || type == MSG_NOTE_EDITED || type == MSG_UNKNOWN;
}

/* The number that an event gives to what our request made, or 0. */
static int64_t number_made(const struct msg *m)
{
    bool was_message = m->type == MSG_MESSAGE_REMOVED && !m->message_removed.message;
    if (m->type == MSG_MESSAGE || was_message)
        return m->event.seq;
    if (m->type == MSG_NOTE_CREATED)
        return m->note_created.note;
    return m->type == MSG_TASK_ADDED ? m->task_added.task : 0;
}

static bool is_own(const struct replica *r, const struct event_head *h, struct str own_client)
{
    return str_eq(h->client, own_client) && (!r->user[0] || str_is(h->author, r->user));
}

static bool apply_event(struct replica *r, const struct msg *m, struct str own_client,
                        struct err *e)
{
    const struct event_head *h = &m->event;
    if (h->seq <= r->seq)
        return true;
    if (h->seq != r->seq + 1)
        return fail(e, ERR_OUT_OF_ORDER, "event %lld of %s came after %lld", (long long)h->seq,
                    r->name, (long long)r->seq);
    struct pending *p = is_own(r, h, own_client) ? replica_find_pending(r, h->id) : NULL;
    bool confirms = p && replica_confirm(r, p, m);
    bool rebase = !confirms && !is_beside(m->type);
    if (rebase)
        replica_take_back(r);
    struct err why = {0};
    bool fits = confirms || apply_confirmed(r, m, &why);
    if (fits) {
        r->seq = h->seq;
        r->touches += board_touch(&r->board, activity_about(m), h->seq);
        if (p)
            replica_forget(r, p, number_made(m));
    }
    if (rebase)
        replica_put_back(r);
    if (replica_is_message_event(m->type))
        replica_overlay(r);
    if (m->type == MSG_NOTE_EDITED)
        replica_note_edited(r, m->note_edited.note);
    r->version++;
    return fits || fail(e, ERR_INTERNAL, "event %lld of %s does not fit: %s", (long long)h->seq,
                        r->name, why.text);
}

bool replica_apply(struct replica *r, const struct msg *m, struct str own_client, int64_t now,
                   struct err *e)
{
    if (msg_table[m->type].class == CLASS_EVENT)
        return apply_event(r, m, own_client, e);
    if (m->type == MSG_SNAPSHOT)
        return replica_take_part(r, &m->snapshot, e);
    if (m->type == MSG_SYNCED) {
        if (m->synced.seq != r->seq)
            return fail(e, ERR_OUT_OF_ORDER, "%s is at %lld, the server says %lld", r->name,
                        (long long)r->seq, (long long)m->synced.seq);
        r->synced = true;
        r->open_id = 0;
    } else if (m->type == MSG_HISTORY_PAGE) {
        replica_take_page(r, &m->history_page);
    } else if (m->type == MSG_PRESENCE) {
        replica_take_presence(r, &m->presence);
    } else if (m->type == MSG_LOCKED) {
        replica_take_locked(r, &m->locked);
    } else {
        replica_take_state(r, m, now);
    }
    r->version++;
    return true;
}

void replica_unlink(struct replica *r)
{
    replica_drop_load(r);
    replica_clear_here(r);
    r->synced = false;
    r->asked = ASKED_NOTHING;
    r->open_id = 0;
    r->version++;
}

/* ---- check ---- */

static bool check_lines(const struct replica *r, struct err *e)
{
    for (size_t i = 0; i < r->lines.n; i++) {
        int64_t seq = r->lines.v[i]->seq, before = i ? r->lines.v[i - 1]->seq : 0;
        if (seq <= before || seq > r->seq || (seq < r->floor) != (i < r->past))
            return fail(e, ERR_INTERNAL, "%s: line %lld is out of place", r->name,
                        (long long)seq);
    }
    return true;
}

static bool check_people(const struct replica *r, struct err *e)
{
    for (size_t i = 0; i < r->people.n; i++) {
        const struct person *p = &r->people.v[i];
        if (i && strcmp(r->people.v[i - 1].user, p->user) >= 0)
            return fail(e, ERR_INTERNAL, "%s: %s is out of order", r->name, p->user);
        if (p->role == ROLE_NONE && !p->online)
            return fail(e, ERR_INTERNAL, "%s: %s has no reason to be listed", r->name, p->user);
    }
    return true;
}

bool replica_check(const struct replica *r, struct err *e)
{
    struct board confirmed;
    board_init(&confirmed);
    replica_confirmed_board(r, &confirmed);
    bool ok = board_check(&r->board, e) && board_check(&confirmed, e) && check_lines(r, e) &&
              check_people(r, e) && replica_check_showing(r, e) && replica_check_notes(r, e) &&
              replica_check_said(r, e);
    board_finish(&confirmed);
    for (size_t i = 1; ok && i < r->pending.n; i++) {
        if (r->pending.v[i - 1]->id >= r->pending.v[i]->id)
            return fail(e, ERR_INTERNAL, "%s: pending requests are out of order", r->name);
    }
    return ok;
}
