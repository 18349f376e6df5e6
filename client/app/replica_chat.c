/* The replica's chat: its lines, and what becomes of them. */
#include "replica_parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- a line ---- */

static void set_text(struct line *l, struct str text)
{
    char *said = text.n ? str_dup(text) : NULL;
    free(l->said);
    l->said = said;
    l->text = (struct str){said, text.n};
}

static void set_deleted(struct line *l, struct str user)
{
    if (user.n)
        l->deleted = str_dup((struct str){user.p, MIN(user.n, (size_t)USER_NAME_MAX)});
}

static struct str put(char **at, struct str s)
{
    struct str kept = {*at, s.n};
    if (s.n)
        memcpy(*at, s.p, s.n);
    *at += s.n;
    return kept;
}

static void copy_name(char *to, size_t size, struct str name)
{
    memset(to, 0, size);
    if (name.n)
        memcpy(to, name.p, MIN(name.n, size - 1));
}

struct line *line_new(const struct message_item *m)
{
    struct line *l = mem_grow(NULL, sizeof *l + m->author.n + m->to.n + m->text.n);
    char *at = (char *)(l + 1);
    *l = (struct line){.seq = m->seq,
                       .time = m->time,
                       .task = m->task,
                       .reply = m->reply,
                       .edited = m->edited,
                       .deleted = ""};
    l->author = put(&at, m->author);
    l->to = put(&at, m->to);
    l->text = put(&at, m->text);
    set_deleted(l, m->deleted);
    for (size_t i = 0; i < m->reactions.n; i++)
        line_react(l, m->reactions.v[i].emoji, m->reactions.v[i].user, m->reactions.v[i].seq,
                   false);
    return l;
}

struct line *line_copy(const struct line *l)
{
    struct line *copy = line_new(&(struct message_item){.seq = l->seq,
                                                        .time = l->time,
                                                        .author = l->author,
                                                        .text = l->text,
                                                        .task = l->task,
                                                        .reply = l->reply,
                                                        .to = l->to,
                                                        .edited = l->edited,
                                                        .deleted = str_of(l->deleted)});
    copy->waits = l->waits;
    vec_each (x, &l->reactions)
        vec_push(&copy->reactions, *x);
    return copy;
}

void line_free(struct line *l)
{
    if (!l)
        return;
    line_free(l->now);
    vec_finish(&l->reactions);
    free(l->said);
    if (l->deleted[0])
        free((char *)(uintptr_t)l->deleted);
    free(l);
}

void line_say(struct line *l, struct str text)
{
    if (!l->deleted[0])
        set_text(l, text);
}

static size_t reaction_place(const struct line *l, struct str emoji, struct str user)
{
    size_t i = 0;
    while (i < l->reactions.n &&
           !(str_is(emoji, l->reactions.v[i].emoji) && str_is(user, l->reactions.v[i].user)))
        i++;
    return i;
}

bool line_has_emoji(const struct line *l, struct str emoji)
{
    vec_each (x, &l->reactions)
        if (str_is(emoji, x->emoji))
            return true;
    return false;
}

bool line_has_reaction(const struct line *l, struct str emoji, struct str user)
{
    return reaction_place(l, emoji, user) < l->reactions.n;
}

/* A page may be newer than the events that are still to come: what an event says of a reaction
 * that was added after it is out of date. Who reacts the same way again changes nothing: the
 * reaction stays as old as it was. */
void line_react(struct line *l, struct str emoji, struct str user, int64_t seq, bool gone)
{
    size_t at = reaction_place(l, emoji, user);
    struct reaction new = {.seq = seq};
    int64_t there = at < l->reactions.n ? l->reactions.v[at].seq : 0;
    bool stays = at < l->reactions.n && (!gone ? seq == 0 || there : seq && there >= seq);
    if (stays)
        return;
    if (at < l->reactions.n)
        vec_remove(&l->reactions, at);
    if (gone || l->deleted[0])
        return;
    copy_name(new.emoji, sizeof new.emoji, emoji);
    copy_name(new.user, sizeof new.user, user);
    at = l->reactions.n;
    while (seq && at && (l->reactions.v[at - 1].seq == 0 || l->reactions.v[at - 1].seq > seq))
        at--;
    vec_push(&l->reactions, new);
    memmove(&l->reactions.v[at + 1], &l->reactions.v[at],
            (l->reactions.n - 1 - at) * sizeof new);
    l->reactions.v[at] = new;
}

void line_delete(struct line *l, struct str user)
{
    if (l->deleted[0])
        return;
    set_text(l, (struct str){0});
    set_deleted(l, user);
    l->reactions.n = 0;
}

struct message_item line_item(const struct replica *r, const struct line *l, struct arena *a)
{
    struct message_item m = {.seq = l->seq,
                             .time = l->time,
                             .author = l->author,
                             .text = l->text,
                             .task = l->task,
                             .reply = l->reply,
                             .to = l->to,
                             .edited = l->edited,
                             .deleted = str_of(l->deleted)};
    vec_each (p, &r->pins)
        m.pinned = m.pinned || p->message == l->seq;
    m.reactions.v = arena_alloc(a, l->reactions.n * sizeof *m.reactions.v);
    vec_each (x, &l->reactions)
        m.reactions.v[m.reactions.n++] =
            (struct reaction_item){str_of(x->emoji), str_of(x->user), x->seq};
    return m;
}

/* ---- all of them ---- */

void replica_add_line(struct replica *r, const struct message_item *m)
{
    vec_push(&r->lines, line_new(m));
}

void replica_clear_lines(struct replica *r)
{
    replica_unlay(r);
    vec_each (l, &r->lines)
        line_free(*l);
    vec_each (l, &r->far)
        line_free(*l);
    r->lines.n = r->far.n = r->past = 0;
    r->has_jumped = false;
    r->asked = ASKED_NOTHING;
}

size_t line_place(struct line *const *v, size_t n, int64_t seq)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (v[mid]->seq < seq)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void set_pin(struct replica *r, int64_t message, int64_t time, struct str author,
                    bool gone)
{
    size_t at = 0;
    while (at < r->pins.n && r->pins.v[at].message < message)
        at++;
    bool is_there = at < r->pins.n && r->pins.v[at].message == message;
    if (gone && is_there)
        vec_remove(&r->pins, at);
    if (gone || is_there)
        return;
    vec_push(&r->pins, (struct pin){0});
    memmove(&r->pins.v[at + 1], &r->pins.v[at], (r->pins.n - at - 1) * sizeof *r->pins.v);
    r->pins.v[at] = (struct pin){.message = message, .time = time};
    copy_name(r->pins.v[at].author, sizeof r->pins.v[at].author, author);
}

void replica_set_pins(struct replica *r, const struct pin_item *items, size_t n)
{
    r->pins.n = 0;
    for (size_t i = 0; i < n; i++)
        set_pin(r, items[i].message, items[i].time, items[i].author, false);
}

/* What an event does to one line; every message event has `message` and `task` in front. */
static void change_line(struct line *l, const struct msg *m)
{
    if (m->type == MSG_MESSAGE_EDITED) {
        line_say(l, m->message_edited.text);
        l->edited = m->event.time;
    } else if (m->type == MSG_MESSAGE_DELETED) {
        line_delete(l, m->event.author);
    } else if (m->type == MSG_MESSAGE_REACTED) {
        line_react(l, m->message_reacted.emoji, m->event.author, m->event.seq,
                   m->message_reacted.gone);
    }
}

static void change_among(struct line *const *v, size_t n, int64_t seq, const struct msg *m)
{
    size_t at = line_place(v, n, seq);
    if (at < n && v[at]->seq == seq)
        change_line(v[at], m);
}

static int64_t message_of(const struct msg *m)
{
    switch ((int)m->type) {
    case MSG_MESSAGE_EDITED:
        return m->message_edited.message;
    case MSG_MESSAGE_DELETED:
        return m->message_deleted.message;
    case MSG_MESSAGE_REACTED:
        return m->message_reacted.message;
    case MSG_MESSAGE_PINNED:
        return m->message_pinned.message;
    }
    return 0;
}

static bool has_pin(const struct replica *r, int64_t message)
{
    vec_each (p, &r->pins)
        if (p->message == message)
            return true;
    return false;
}

/* Which lines go: one, or those that retention takes up to some. */
struct leaving {
    int64_t message, upto;
};

static bool leaves(const struct replica *r, const struct line *l, struct leaving w)
{
    return l->seq == w.message || (l->seq <= w.upto && !l->task && !has_pin(r, l->seq));
}

/* Of n lines; how many stay. *past counts those in front that do. */
static size_t drop_leaving(struct replica *r, struct line **v, size_t n, struct leaving w,
                           size_t *past)
{
    size_t kept = 0, stays = 0;
    for (size_t i = 0; i < n; i++) {
        if (leaves(r, v[i], w)) {
            line_free(v[i]);
            continue;
        }
        stays += i < *past;
        v[kept++] = v[i];
    }
    *past = stays;
    return kept;
}

static void drop_lines(struct replica *r, struct leaving w)
{
    size_t none = 0, past = r->past;
    replica_unlay(r);
    r->lines.n = drop_leaving(r, r->lines.v, r->lines.n, w, &r->past);
    r->far.n = drop_leaving(r, r->far.v, r->far.n, w, &none);
    r->has_older |= past && !r->past; /* the stretch is gone, what it came from may not be */
}

static void trim(struct replica *r, int64_t upto)
{
    r->trimmed = MAX(r->trimmed, upto);
    drop_lines(r, (struct leaving){.upto = upto});
}

/* Something was done to a message that is gone by now, it may be that its pin was taken off:
 * all that is told of it is that. */
static void forget_one(struct replica *r, int64_t message)
{
    set_pin(r, message, 0, (struct str){0}, true);
    drop_lines(r, (struct leaving){.message = message});
}

bool replica_is_removed(const struct replica *r, int64_t message)
{
    message = replica_number_of(r, message);
    return message > 0 && message <= r->trimmed && !replica_said(r, message) &&
           !replica_is_pinned(r, message);
}

void replica_message_event(struct replica *r, const struct msg *m)
{
    int64_t seq = message_of(m);
    if (m->type == MSG_MESSAGE)
        replica_add_line(r, &(struct message_item){.seq = m->event.seq,
                                                   .time = m->event.time,
                                                   .author = m->event.author,
                                                   .text = m->message.text,
                                                   .task = m->message.task,
                                                   .reply = m->message.reply,
                                                   .to = m->message.to});
    if (m->type == MSG_CHAT_TRIMMED)
        trim(r, m->chat_trimmed.upto);
    if (m->type == MSG_MESSAGE_REMOVED && m->message_removed.message)
        forget_one(r, m->message_removed.message);
    if (seq == 0)
        return;
    change_among(r->lines.v, r->lines.n, seq, m);
    change_among(r->far.v, r->far.n, seq, m);
    if (m->type == MSG_MESSAGE_DELETED)
        set_pin(r, seq, 0, (struct str){0}, true);
    if (m->type == MSG_MESSAGE_PINNED)
        set_pin(r, seq, m->event.time, m->event.author, m->message_pinned.gone);
}

/* The longest kept are not known: the oldest go. */
void replica_take_far(struct replica *r, const struct msg_history_page *page)
{
    for (size_t i = 0; i < page->messages.n; i++) {
        const struct message_item *m = &page->messages.v[i];
        size_t at = line_place(r->far.v, r->far.n, m->seq);
        if (m->seq > r->seq || (at < r->far.n && r->far.v[at]->seq == m->seq))
            continue;
        struct line *l = line_new(m);
        vec_push(&r->far, l);
        memmove(&r->far.v[at + 1], &r->far.v[at], (r->far.n - at - 1) * sizeof l);
        r->far.v[at] = l;
    }
    replica_unlay(r);
    while (r->far.n > FAR_KEPT) {
        line_free(r->far.v[0]);
        vec_remove(&r->far, 0);
    }
    replica_overlay(r);
    r->version++;
}

/* ---- with what waits ---- */

size_t replica_lines(const struct replica *r)
{
    return r->lines.n + r->waiting.n;
}

static const struct line *shown(const struct line *l)
{
    return l->now ? l->now : l;
}

const struct line *replica_line(const struct replica *r, size_t i)
{
    return shown(i < r->lines.n ? r->lines.v[i] : r->waiting.v[i - r->lines.n]);
}

ptrdiff_t replica_line_index(const struct replica *r, int64_t message)
{
    message = replica_number_of(r, message);
    size_t at = line_place(r->lines.v, r->lines.n, message);
    if (at < r->lines.n && r->lines.v[at]->seq == message)
        return (ptrdiff_t)at;
    for (size_t i = 0; message < 0 && i < r->waiting.n; i++) {
        if (r->waiting.v[i]->seq == message)
            return (ptrdiff_t)(r->lines.n + i);
    }
    return -1;
}

struct line *replica_base_line(const struct replica *r, int64_t message)
{
    ptrdiff_t i = replica_line_index(r, message);
    message = replica_number_of(r, message);
    size_t at = line_place(r->far.v, r->far.n, message);
    if (i >= 0)
        return (size_t)i < r->lines.n ? r->lines.v[i] : r->waiting.v[(size_t)i - r->lines.n];
    return at < r->far.n && r->far.v[at]->seq == message ? r->far.v[at] : NULL;
}

const struct line *replica_said(const struct replica *r, int64_t message)
{
    const struct line *l = replica_base_line(r, message);
    return l ? shown(l) : NULL;
}

bool replica_is_pinned(const struct replica *r, int64_t message)
{
    bool is_pinned = false;
    message = replica_number_of(r, message);
    vec_each (p, &r->pins)
        is_pinned = is_pinned || p->message == message;
    vec_each (p, &r->pending) {
        const struct msg_message_pin *q = &(*p)->msg.message_pin;
        if ((*p)->msg.type == MSG_MESSAGE_PIN && replica_number_of(r, q->message) == message)
            is_pinned = !q->gone;
    }
    return is_pinned;
}
