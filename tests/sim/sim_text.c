/* What people do with notes and texts, and what a crash may take of it. */
#include "sim_text.h"

#include "codec.h"
#include "doc_parts.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

struct tokens {
    VEC(struct token) items;
};

struct tokens *tokens_new(void)
{
    return NEW(struct tokens);
}

void tokens_free(struct tokens *t)
{
    vec_finish(&t->items);
    free(t);
}

struct token *token_of(struct tokens *t, uint32_t cp)
{
    size_t i = cp - TOKEN_FIRST;
    return cp >= TOKEN_FIRST && i < t->items.n ? &t->items.v[i] : NULL;
}

void tokens_in(struct tokens *t, struct str bytes, void (*each)(struct token *k, void *arg),
               void *arg)
{
    while (bytes.n) {
        uint32_t cp;
        size_t n = utf8_next(bytes, &cp);
        struct token *k = n ? token_of(t, cp) : NULL;
        if (k)
            each(k, arg);
        n = MAX(n, (size_t)1);
        bytes = (struct str){bytes.p + n, bytes.n - n};
    }
}

/* ---- typing ---- */

static void add_token(struct actor *c, const struct doc *d, struct op *o)
{
    struct tokens *t = sim_tokens(c->sim);
    char utf8[4];
    if (t->items.n >= TYPED_MAX)
        return;
    size_t n = utf8_put(utf8, TOKEN_FIRST + (uint32_t)t->items.n);
    struct token k = {.client = (int)c->index};
    memcpy(k.room, d->room, sizeof k.room);
    vec_push(&t->items, k);
    op_insert(o, (struct str){utf8, n});
}

static void touch(struct token *k, void *arg)
{
    (void)arg;
    k->mark++;
}

/* Whatever was there and is not, or the other way round: somebody's hand was on it. */
static void touch_changes(struct actor *c, struct str before, struct str after)
{
    struct tokens *t = sim_tokens(c->sim);
    vec_each (k, &t->items)
        k->mark = 0;
    tokens_in(t, before, touch, NULL);
    vec_each (k, &t->items)
        k->mark = -k->mark;
    tokens_in(t, after, touch, NULL);
    vec_each (k, &t->items) {
        k->is_touched |= k->mark != 0;
        k->mark = 0;
    }
}

static void some_op(struct actor *c, const struct doc *d, struct op *o)
{
    size_t chars = rope_chars(d->text);
    bool near = sim_chance(c->sim, 60);
    size_t pos = near ? d->caret : (size_t)sim_below(c->sim, (int64_t)chars + 1);
    op_skip(o, pos);
    int64_t n = sim_chance(c->sim, 20) ? 1 + sim_below(c->sim, 5) : 1;
    for (int64_t i = 0; i < n; i++)
        add_token(c, d, o);
    if (sim_chance(c->sim, 12) && pos < chars)
        op_delete(o, 1 + (size_t)sim_below(c->sim, (int64_t)MIN(chars - pos, (size_t)6)));
    if (sim_chance(c->sim, 10)) {
        pos += op_deleted(o);
        op_skip(o, (chars - pos) / 2);
        add_token(c, d, o);
    }
}

static void some_typing(struct actor *c, struct doc *d)
{
    struct op o = {0};
    struct err e = {0};
    struct tokens *t = sim_tokens(c->sim);
    size_t known = t->items.n;
    struct buf before = {0}, after = {0};
    rope_read(d->text, 0, rope_chars(d->text), &before);
    int64_t dice = sim_below(c->sim, 100), now = sim_now(c->sim);
    if (dice < 90)
        some_op(c, d, &o);
    if (dice < 90 && !session_edit(&c->session, d, &o, now, &c->out, &e))
        t->items.n = known; /* never typed */
    else if (dice >= 95)
        session_redo(&c->session, d, now, &c->out, NULL);
    else if (dice >= 90)
        session_undo(&c->session, d, now, &c->out, NULL);
    rope_read(d->text, 0, rope_chars(d->text), &after);
    if (dice >= 90 || op_deleted(&o))
        touch_changes(c, buf_str(&before), buf_str(&after));
    for (size_t i = known; i < t->items.n; i++)
        t->items.v[i].is_touched = false; /* it was only typed */
    buf_finish(&before);
    buf_finish(&after);
    op_finish(&o);
}

static void some_caret(struct actor *c, struct doc *d)
{
    int64_t chars = (int64_t)rope_chars(d->text);
    size_t caret = (size_t)sim_below(c->sim, chars + 1);
    session_caret(&c->session, d, caret, caret, sim_now(c->sim), &c->out);
}

/* ---- notes ---- */

static int64_t some_note(struct actor *c, const struct replica *r)
{
    if (r->notes.n == 0 || sim_chance(c->sim, 3))
        return 1 + sim_below(c->sim, 40);
    return r->notes.v[sim_below(c->sim, (int64_t)r->notes.n)].number;
}

static struct str some_name(struct actor *c)
{
    static const char *const names[] = {"plan", "log", "Ideas", "2026", "plan b", "ünï"};
    return str_of(names[sim_below(c->sim, COUNT_OF(names))]);
}

static void some_note_request(struct actor *c, const struct replica *r)
{
    struct msg m = {0};
    int64_t dice = sim_below(c->sim, 100);
    m.request.room = str_of(r->name);
    if (dice < 50) {
        m.type = MSG_NOTE_CREATE;
        m.note_create.name = some_name(c);
    } else if (dice < 70) {
        m.type = MSG_NOTE_RENAME;
        m.note_rename.note = some_note(c, r);
        m.note_rename.name = some_name(c);
    } else if (dice < 85) {
        m.type = MSG_NOTE_ARCHIVE;
        m.note_archive.note = some_note(c, r);
    } else {
        m.type = MSG_NOTE_RESTORE;
        m.note_restore.note = some_note(c, r);
    }
    session_request(&c->session, &m, sim_now(c->sim), &c->out, NULL);
}

static int64_t some_text(struct actor *c, const struct replica *r)
{
    if (r->notes.n && sim_chance(c->sim, 75))
        return r->notes.v[sim_below(c->sim, (int64_t)r->notes.n)].number;
    if (r->board.columns.n == 0 || r->board.columns.v[0].cards.n == 0)
        return 0;
    return r->board.columns.v[0].cards.v[0]->number;
}

static void open_one(struct actor *c, const struct replica *r)
{
    int64_t number = some_text(c, r);
    if (number == 0)
        return;
    for (size_t i = 0; i < COUNT_OF(c->docs); i++) {
        if (c->docs[i])
            continue;
        c->docs[i] =
            session_open_text(&c->session, str_of(r->name), number, sim_now(c->sim), &c->out);
        return;
    }
}

void actor_write(struct actor *c, const struct replica *r)
{
    struct doc **d = &c->docs[sim_below(c->sim, COUNT_OF(c->docs))];
    int64_t dice = sim_below(c->sim, 100);
    if (dice < 12) {
        some_note_request(c, r);
    } else if (!*d) {
        open_one(c, r);
    } else if (dice < 16) {
        session_close_text(&c->session, *d, sim_now(c->sim), &c->out);
        *d = NULL;
    } else if ((*d)->text && dice < 22) {
        some_caret(c, *d);
    } else if ((*d)->text) {
        some_typing(c, *d);
    }
}

void actor_open_texts(struct actor *c)
{
    for (int i = 0; i < SIM_ROOMS && c->is_alive && !c->is_errand; i++) {
        struct str room = str_of(sim_rooms[i]);
        struct replica *r = session_room(&c->session, room);
        for (size_t k = 0; r && r->synced && k < r->notes.n; k++)
            session_open_text(&c->session, room, r->notes.v[k].number, sim_now(c->sim),
                              &c->out);
        if (r && r->synced && r->board.columns.n && r->board.columns.v[0].cards.n)
            session_open_text(&c->session, room, r->board.columns.v[0].cards.v[0]->number,
                              sim_now(c->sim), &c->out);
    }
    actor_perform(c);
}

/* ---- crashes and refusals ---- */

static void is_on_disk(struct token *k, void *arg)
{
    (void)arg;
    k->mark = 1;
}

static void may_lack(struct token *k, void *arg)
{
    (void)arg;
    k->may_lack |= k->mark == 0;
}

void actor_forget_texts(struct actor *c)
{
    struct tokens *t = sim_tokens(c->sim);
    vec_each (k, &t->items)
        k->mark = 0;
    tokens_in(t, buf_str(&c->disk.synced), is_on_disk, NULL);
    vec_each (d, &c->session.texts) {
        tokens_in(t, buf_str(&(*d)->sync.flight.text), may_lack, NULL);
        tokens_in(t, buf_str(&(*d)->sync.pending.text), may_lack, NULL);
    }
    /* Refused in the turn of the crash: no longer in the text, and perhaps not aside yet. */
    vec_each (op, &c->told)
        tokens_in(t, str_of(*op), may_lack, NULL);
    memset(c->docs, 0, sizeof c->docs);
}

static void aside(struct token *k, void *arg)
{
    (void)arg;
    k->is_aside = true;
}

void actor_put_text_aside(struct actor *c, struct str json)
{
    tokens_in(sim_tokens(c->sim), json, aside, NULL);
}

static void told(struct token *k, void *arg)
{
    (void)arg;
    k->is_told = true;
}

static void twice(struct token *k, void *arg)
{
    (void)arg;
    k->is_twice = true;
}

void actor_told_aside(struct actor *c, struct str op)
{
    tokens_in(sim_tokens(c->sim), op, told, NULL);
    if (c->disk.is_full) /* which the disk will not know after a crash */
        tokens_in(sim_tokens(c->sim), op, twice, NULL);
}

void actor_sends_twice(struct actor *c, struct str json)
{
    tokens_in(sim_tokens(c->sim), json, twice, NULL);
}
