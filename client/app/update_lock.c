/* Who edits a field: while a card's title is being written, or another field picked, its lock
 * is ours, as far as the others let us have it; what is written never depends on that. */
#include "update_parts.h"

#include <stdio.h>
#include <string.h>

/* The field that is being edited, and of which card; NULL: none. */
static const char *edited(const struct model *m, int64_t *card)
{
    if (m->picker.is_open && m->pick > PICK_COLUMN && m->pick < PICK_EMOJI) {
        *card = m->pick_card;
        return card_fields[pick_field(m->pick)].name;
    }
    *card = m->prompt_card;
    return m->prompt == PROMPT_TITLE ? card_fields[CARD_TITLE].name : NULL;
}

/* What is being edited now; room empty: nothing that others could edit too. */
static struct own_lock wanted(const struct model *m)
{
    struct own_lock l = {0};
    const struct replica *r = model_replica(m);
    int64_t card;
    const char *field = edited(m, &card);
    if (!field || !r || r->role < ROLE_MEMBER || card <= 0 ||
        m->session.state != SESSION_ONLINE || !r->synced)
        return l;
    memcpy(l.room, r->name, sizeof l.room);
    snprintf(l.field, sizeof l.field, "%s", field);
    l.card = card;
    return l;
}

static int64_t ask(struct model *m, enum msg_type type, bool take, struct effects *out)
{
    struct own_lock *l = &m->lock;
    struct msg q = {.type = type};
    struct request_head head = {.room = str_of(l->room)};
    if (type == MSG_LOCK)
        q.lock = (struct msg_lock){head, l->card, str_of(l->field), take};
    else
        q.unlock = (struct msg_unlock){head, l->card, str_of(l->field)};
    return session_ask(&m->session, &q, out, NULL);
}

static void begin(struct model *m, bool take, struct effects *out)
{
    m->lock.asked = ask(m, MSG_LOCK, take, out);
    m->lock.asked_at = m->now;
    m->lock.typed = false;
}

void lock_settle(struct model *m, struct effects *out)
{
    struct own_lock want = wanted(m);
    bool same = strcmp(want.room, m->lock.room) == 0 && want.card == m->lock.card &&
                strcmp(want.field, m->lock.field) == 0;
    if (same && m->lock.held && m->lock.typed && m->now - m->lock.asked_at >= LOCK_EVERY_MS)
        begin(m, false, out);
    if (same)
        return;
    /* Also while the answer is on its way: it may be that we have it. */
    int64_t ended = 0;
    if ((m->lock.held || m->lock.asked) && m->session.state == SESSION_ONLINE)
        ended = ask(m, MSG_UNLOCK, false, out);
    m->lock = want;
    m->lock.ended = ended;
    if (want.room[0])
        begin(m, false, out);
}

void lock_typed(struct model *m)
{
    m->lock.typed = true;
}

void lock_take(struct model *m, struct effects *out)
{
    if (m->lock.room[0] && !m->lock.held)
        begin(m, true, out);
}

void lock_answered(struct model *m, int64_t id)
{
    if (m->lock.asked && m->lock.asked == id)
        m->lock.held = true;
}

bool lock_refused(struct model *m, const struct msg_error *e)
{
    if (m->lock.ended && m->lock.ended == e->head.re)
        return true; /* it was not ours after all */
    if (!m->lock.asked || m->lock.asked != e->head.re)
        return false;
    m->lock.asked = 0;
    m->lock.held = false;
    struct str wire = e->message,
               who = str_cut(&wire, ';'); /* behind it: the field of the wire */
    if (str_is(e->code, "conflict"))
        model_toast(m, TOAST_INFO, "%.*s. Write on, or %s to take over.", STR_ARG(who),
                    keymap_key(&m->keys, ACTION_TASK_TAKE, IN_TITLE).s);
    return true;
}

void lock_heard(struct model *m, const struct msg_locked *l)
{
    if (!m->lock.held || l->until == 0 || l->task != m->lock.card ||
        !str_is(l->head.room, m->lock.room) || !str_is(l->field, m->lock.field) ||
        str_is(l->client, m->session.client))
        return;
    m->lock.held = false;
    model_toast(m, TOAST_ERROR, "%.*s took over the %s of card %lld. %s", STR_ARG(l->head.user),
                m->lock.field, (long long)l->task,
                m->prompt == PROMPT_TITLE ? "Your text stays." : "You may go on.");
}
