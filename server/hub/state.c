#include "state.h"

#include "caller.h"
#include "client.h"
#include "codec.h"
#include "presence.h"
#include "text.h"

#include <string.h>

void batch_add(struct hub *h, struct batch *b, const struct msg *m)
{
    buf_clear(&h->scratch);
    codec_encode(&h->scratch, m);
    frame_add(&b->bytes, buf_str(&h->scratch));
    b->n++;
}

void batch_send(struct hub *h, struct caller *c, struct batch *b)
{
    if (b->n)
        caller_send_frame(h, c, frame_of(buf_str(&b->bytes), b->n), false);
    buf_finish(&b->bytes);
    b->n = 0;
}

/* ---- the kinds ---- */

static void fill_typing(struct msg *m, const void *value)
{
    const struct typing *v = value;
    m->typing.on = v->on;
    m->typing.task = v->task;
    m->typing.note = v->note;
}

static void fill_cursor(struct msg *m, const void *value)
{
    m->cursor.task = *(const int64_t *)value;
}

static void fill_caret(struct msg *m, const void *value)
{
    const struct caret *v = value;
    m->note_caret.note = v->note;
    m->note_caret.version = v->version;
    m->note_caret.caret = v->head;
    m->note_caret.anchor = v->anchor;
    m->note_caret.top = v->top;
}

static void fill_looking(struct msg *m, const void *value)
{
    const struct looking *v = value;
    m->looking.shown = v->shown;
    m->looking.task = v->task;
    m->looking.note = v->note;
    m->looking.follows = str_of(v->follows);
}

static void fill_pointer(struct msg *m, const void *value)
{
    const struct pointer *v = value;
    m->pointer.at = (enum pointed)v->at;
    m->pointer.task = v->task;
    m->pointer.column = str_of(v->column);
    m->pointer.message = v->message;
    m->pointer.note = v->note;
    m->pointer.version = v->version;
    m->pointer.place = v->at ? v->place : -1;
    m->pointer.x = v->x;
    m->pointer.y = v->y;
}

static const struct {
    enum msg_type type;
    size_t at, n; /* of the value, in struct states */
    enum passing passing;
    int64_t lasts;     /* ms without news after which it has ended by itself; 0: it does not */
    bool ends_at_once; /* its end is not thinned */
    void (*fill)(struct msg *m, const void *value);
} kinds[STATE_KINDS] = {
#define KIND(T, member, ...)                                                                   \
    {                                                                                          \
        .type = MSG_##T, .at = offsetof(struct states, member),                                \
        .n = sizeof(((struct states *)0)->member), __VA_ARGS__                                 \
    }
    [STATE_TYPING] = KIND(TYPING, typing, .passing = PASSING, .lasts = TYPING_SHOWN_MS,
                          .ends_at_once = true, .fill = fill_typing),
    [STATE_CURSOR] = KIND(CURSOR, cursor, .passing = PASSING, .fill = fill_cursor),
    [STATE_CARET] = KIND(NOTE_CARET, caret, .passing = PASSING, .fill = fill_caret),
    [STATE_LOOKING] = KIND(LOOKING, looking, .passing = PASSING, .fill = fill_looking),
    [STATE_POINTER] = KIND(POINTER, pointer, .passing = PASSING_FIRST,
                           .lasts = POINTER_SHOWN_MS, .fill = fill_pointer),
#undef KIND
};

static char *value_of(struct states *s, enum state_kind k)
{
    return (char *)s + kinds[k].at;
}

static bool is_nothing(const char *value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (value[i])
            return false;
    return true;
}

static bool is_on(struct states *s, enum state_kind k)
{
    return !is_nothing(value_of(s, k), kinds[k].n);
}

static void add(struct hub *h, struct batch *b, struct sub *s, enum state_kind k,
                const void *value)
{
    struct msg m = {.type = kinds[k].type};
    m.state = (struct state_head){str_of(s->room->name), str_of(s->conn->user->name),
                                  s->conn->session};
    kinds[k].fill(&m, value);
    if (k == STATE_CARET)
        m.note_caret.client = str_of(s->conn->client->key.id);
    batch_add(h, b, &m);
}

/* ---- what waits ---- */

void state_forget(struct sub *s)
{
    struct room *r = s->room;
    for (size_t i = 0; s->pending && i < r->dirty_subs.n; i++) {
        if (r->dirty_subs.v[i] == s) {
            r->dirty_subs.v[i] = r->dirty_subs.v[--r->dirty_subs.n];
            break;
        }
    }
    s->pending = 0;
}

static void mark(struct hub *h, struct sub *s, enum state_kind k)
{
    if (!s->pending)
        vec_push(&s->room->dirty_subs, s);
    s->pending |= 1u << k;
    presence_mark(h, s->room);
}

static void unmark(struct sub *s, enum state_kind k)
{
    if (s->pending == 1u << k)
        state_forget(s);
    else
        s->pending &= ~(1u << k);
}

void state_put(struct hub *h, struct sub *s, enum state_kind k, const void *value)
{
    char *now = value_of(&s->now, k);
    bool is_end = is_nothing(value, kinds[k].n);
    bool is_news = memcmp(now, value, kinds[k].n) != 0;
    memcpy(now, value, kinds[k].n);
    if (is_end && !is_on(&s->told, k))
        unmark(s, k); /* nobody was told that it began */
    else if (is_news || (kinds[k].lasts && !is_end))
        mark(h, s, k);
}

/* ---- telling ---- */

bool state_is_due(struct hub *h, int64_t due)
{
    /* May be a little early, so that one who moves just as often as allowed is not put off by
     * jitter; the next is then due that much later. (The generic cell rate algorithm.) */
    if (h->now >= due - STATE_EARLY_MS)
        return true;
    presence_wake_at(h, due - STATE_EARLY_MS);
    return false;
}

int64_t state_due_after(const struct hub *h, int64_t due)
{
    return MAX(due, h->now) + STATE_EVERY_MS;
}

/* The caret that is told, as it is by now: others may have passed its version, or come later,
 * and lack the edits since. */
static void bring_up(struct sub *s)
{
    const struct text *t = text_find(s->room, s->told.caret.note);
    if (t)
        text_move_caret(t, s->conn->session, &s->told.caret);
}

static void tell(struct hub *h, struct sub *s, enum state_kind k, struct tidings *t)
{
    bool on = is_on(&s->now, k);
    if (!(kinds[k].ends_at_once && !on) && !state_is_due(h, s->due[k]))
        return;
    char *told = value_of(&s->told, k);
    memcpy(told, value_of(&s->now, k), kinds[k].n);
    s->pending &= ~(1u << k);
    s->due[k] = state_due_after(h, s->due[k]);
    if (k == STATE_CARET)
        bring_up(s);
    add(h, &t->batches[on ? kinds[k].passing : KEPT], s, k, told);
}

void state_tell(struct hub *h, struct sub *s, struct tidings *t)
{
    for (enum state_kind k = 0; k < STATE_KINDS; k++)
        if (s->pending & 1u << k)
            tell(h, s, k, t);
}

void state_add_caret(struct hub *h, struct batch *b, struct sub *s)
{
    bring_up(s);
    add(h, b, s, STATE_CARET, &s->told.caret);
}

/* For all who were told, that long ago. */
static bool has_lapsed(const struct hub *h, const struct sub *s, enum state_kind k)
{
    return kinds[k].lasts && h->now - (s->due[k] - STATE_EVERY_MS) >= kinds[k].lasts;
}

void state_add_all(struct hub *h, struct batch *b, struct sub *s)
{
    for (enum state_kind k = 0; k < STATE_KINDS; k++) {
        if (!is_on(&s->told, k) || has_lapsed(h, s, k))
            continue;
        if (k == STATE_CARET)
            state_add_caret(h, b, s);
        else
            add(h, b, s, k, value_of(&s->told, k));
    }
}

bool state_end(struct hub *h, struct batch *b, struct sub *s)
{
    static const struct states nothing;
    bool any = false;
    for (enum state_kind k = 0; k < STATE_KINDS; k++) {
        if (!is_on(&s->told, k))
            continue;
        add(h, b, s, k, (const char *)&nothing + kinds[k].at);
        any = true;
    }
    return any;
}
