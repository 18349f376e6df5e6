/* The check of messages: what the log makes of those that were changed. One that never was
 * stands in its event alone, which the answer of the store is made from. */
#include "store_replay.h"

#include <inttypes.h>
#include <stdlib.h>

static struct seen_message *find(const struct replay *r, int64_t seq)
{
    struct seen_message *s;
    HASH_FIND(hh, r->changed, &seq, sizeof seq, s);
    return s;
}

static struct seen_message *find_or_add(struct replay *r, int64_t seq)
{
    struct seen_message *s = find(r, seq);
    if (s)
        return s;
    s = NEW(struct seen_message);
    s->seq = seq;
    HASH_ADD(hh, r->changed, seq, sizeof s->seq, s);
    return s;
}

static void react(struct replay *r, struct seen_message *s, const struct msg_message_reacted *m)
{
    size_t i = 0;
    while (i < s->reactions.n && !(str_eq(s->reactions.v[i].emoji, m->emoji) &&
                                   str_eq(s->reactions.v[i].user, m->head.author)))
        i++;
    if (m->gone && i < s->reactions.n)
        vec_remove(&s->reactions, i);
    if (m->gone || i < s->reactions.n)
        return;
    vec_push(&s->reactions,
             (struct reaction_item){str_keep(&r->arena, m->emoji),
                                    str_keep(&r->arena, m->head.author), m->head.seq});
}

static void pin(struct replay *r, struct seen_message *s, const struct event_head *h, bool gone)
{
    size_t i = 0;
    while (i < r->pins.n && r->pins.v[i].message != s->seq)
        i++;
    if (gone && s->is_pinned)
        vec_remove(&r->pins, i);
    if (!gone && !s->is_pinned)
        vec_push(&r->pins, (struct store_pin){s->seq, h->time, str_keep(&r->arena, h->author)});
    s->is_pinned = !gone;
}

/* What may be done only to a message that is still there. */
static struct seen_message *living(struct replay *r, int64_t seq, const char *what)
{
    struct seen_message *s = find_or_add(r, seq);
    if (s->deleted.n)
        replay_fault(r, "message %" PRId64 " was %s after it was deleted", seq, what);
    return s;
}

/* ---- retention ---- */

static void remove_one(struct replay *r, const struct msg_message_removed *m)
{
    if (m->message > m->head.seq)
        replay_fault(r, "it was done to message %" PRId64 ", which came later", m->message);
    if (m->message)
        return;
    r->gone++;
    r->last_gone = m->head.seq;
}

/* What was not taken though it says so: only what was pinned. */
static void trim(struct replay *r, const struct msg_chat_trimmed *m)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->chat.n; i++) {
        const struct seen_message *s = find(r, r->chat.v[i]);
        bool goes = r->chat.v[i] <= m->upto && !(s && s->is_pinned);
        if (goes)
            replay_fault(r, "message %" PRId64 " is there though retention removed it",
                         r->chat.v[i]);
        else
            r->chat.v[kept++] = r->chat.v[i];
    }
    r->chat.n = kept;
    r->trimmed = MAX(r->trimmed, m->upto);
    r->told_gone += m->messages;
}

static void say(struct replay *r, const struct msg *m)
{
    r->messages++;
    if (!m->message.task)
        vec_push(&r->chat, m->event.seq);
}

bool replay_message(struct replay *r, const struct msg *m)
{
    struct seen_message *s;
    switch ((int)m->type) {
    case MSG_MESSAGE:
        say(r, m);
        return true;
    case MSG_MESSAGE_REMOVED:
        remove_one(r, &m->message_removed);
        return true;
    case MSG_CHAT_TRIMMED:
        trim(r, &m->chat_trimmed);
        return true;
    case MSG_MESSAGE_EDITED:
        s = living(r, m->message_edited.message, "edited");
        s->text = str_keep(&r->arena, m->message_edited.text);
        s->edited = m->event.time;
        return true;
    case MSG_MESSAGE_DELETED:
        s = living(r, m->message_deleted.message, "deleted");
        s->deleted = str_keep(&r->arena, m->event.author);
        s->reactions.n = 0;
        pin(r, s, &m->event, true);
        return true;
    case MSG_MESSAGE_REACTED:
        s = living(r, m->message_reacted.message, "reacted to");
        react(r, s, &m->message_reacted);
        return true;
    case MSG_MESSAGE_PINNED:
        s = living(r, m->message_pinned.message, "pinned");
        pin(r, s, &m->event, m->message_pinned.gone);
        return true;
    }
    return false;
}

/* ---- comparing ---- */

static bool same_reactions(const struct seen_message *want, const struct message_item *got)
{
    if (want->reactions.n != got->reactions.n)
        return false;
    for (size_t i = 0; i < got->reactions.n; i++) {
        const struct reaction_item *a = &want->reactions.v[i], *b = &got->reactions.v[i];
        if (a->seq != b->seq || !str_eq(a->emoji, b->emoji) || !str_eq(a->user, b->user))
            return false;
    }
    return true;
}

static void compare_message(struct replay *r, const struct message_item *got)
{
    static const struct seen_message unchanged;
    struct seen_message *seen = find(r, got->seq);
    const struct seen_message *want = seen ? seen : &unchanged;
    if (seen)
        seen->is_met = true;
    bool has_text = want->edited && !want->deleted.n;
    if (got->edited != want->edited || (has_text && !str_eq(got->text, want->text)))
        replay_fault(r, "message %" PRId64 " says something else in the table than in the log",
                     got->seq);
    if (!str_eq(got->deleted, want->deleted))
        replay_fault(r, "message %" PRId64 " is deleted in the %s only", got->seq,
                     got->deleted.n ? "table" : "log");
    if (!same_reactions(want, got))
        replay_fault(r, "message %" PRId64 " has other reactions in the table than in the log",
                     got->seq);
    if (got->pinned != want->is_pinned)
        replay_fault(r, "message %" PRId64 " is pinned in the %s only", got->seq,
                     got->pinned ? "table" : "log");
}

static void compare_pins(struct replay *r, const struct store_room *room)
{
    if (room->pins.n != r->pins.n)
        replay_fault(r, "the table has %zu pins, the log %zu", room->pins.n, r->pins.n);
    for (size_t i = 0; i < room->pins.n; i++) {
        const struct store_pin *got = &room->pins.v[i], *want = NULL;
        vec_each (p, &r->pins)
            if (p->message == got->message)
                want = p;
        if (!want || want->time != got->time || !str_eq(want->author, got->author))
            replay_fault(r, "the pin of message %" PRId64 " is another in the log",
                         got->message);
    }
}

void replay_compare_messages(struct replay *r, const struct store_room *room)
{
    int64_t before = room->seq + 1, n = 0;
    bool more = true;
    while (more) {
        struct store_job *j = replay_ask(r, JOB_HISTORY, before);
        if (j->err.code != ERR_NONE)
            replay_fault(r, "the chat cannot be read: %s", j->err.text);
        for (size_t i = 0; i < j->messages.n; i++)
            compare_message(r, &j->messages.v[i]);
        n += (int64_t)j->messages.n;
        more = j->more && j->messages.n > 0;
        if (j->messages.n)
            before = j->messages.v[0].seq;
        store_job_free(j);
    }
    if (n != r->messages)
        replay_fault(r, "the chat has %" PRId64 " messages, the log %" PRId64, n, r->messages);
    for (struct seen_message *s = r->changed; s; s = s->hh.next)
        if (!s->is_met)
            replay_fault(r, "event %" PRId64 " was changed as a message and is none", s->seq);
    compare_pins(r, room);
    if (r->gone != r->told_gone)
        replay_fault(r, "%" PRId64 " messages are removed, and retention says %" PRId64,
                     r->gone, r->told_gone);
    if (r->last_gone > r->trimmed)
        replay_fault(r,
                     "message %" PRId64 " is removed, and retention says those up to %" PRId64,
                     r->last_gone, r->trimmed);
    if (room->trimmed != r->trimmed)
        replay_fault(
            r, "messages are removed up to %" PRId64 " by the table, %" PRId64 " by the log",
            room->trimmed, r->trimmed);
}

void replay_forget_messages(struct replay *r)
{
    struct seen_message *s, *next;
    HASH_ITER (hh, r->changed, s, next) {
        HASH_DEL(r->changed, s);
        vec_finish(&s->reactions);
        free(s);
    }
    vec_finish(&r->pins);
    vec_finish(&r->chat);
}
