/* What must hold of texts: always, and when all is quiet. */
#include "sim_text.h"

#include "codec.h"
#include "doc_parts.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

void actor_check_texts(struct actor *c)
{
    struct err e = {0};
    vec_each (d, &c->session.texts) {
        if (c->is_alive && !doc_check(*d, &e))
            sim_fail(c->sim, "client %zu: doc_check: %s", c->index, e.text);
    }
}

/* ---- what the log says ---- */

struct true_text {
    int64_t number, version;
    struct rope *text;
};

struct text_truth {
    const char *room;
    VEC(struct true_text) texts;
};

static struct true_text *text_of(struct text_truth *t, int64_t number)
{
    vec_each (x, &t->texts) {
        if (x->number == number)
            return x;
    }
    vec_push(&t->texts, (struct true_text){.number = number, .text = rope_new()});
    return &t->texts.v[t->texts.n - 1];
}

static void unmark(struct token *k, void *arg)
{
    (void)arg;
    k->mark = 0;
}

static void was_there(struct token *k, void *arg)
{
    (void)arg;
    k->mark++;
}

static void is_there(struct token *k, void *arg)
{
    (void)arg;
    k->mark--;
}

static void compare_marks(struct token *k, void *arg)
{
    (void)arg;
    k->is_touched |= k->mark != 0;
    k->mark = 0;
}

static void found(struct token *k, void *arg)
{
    (void)arg;
    k->found++;
}

static void logged(struct token *k, void *arg)
{
    (void)arg;
    k->logged++;
}

static void read_all(const struct rope *r, struct buf *out)
{
    buf_clear(out);
    rope_read(r, 0, rope_chars(r), out);
}

/* The one who breaks the protocol may delete what others typed. */
static void apply_vandal(struct sim *s, struct true_text *x, const struct op *o)
{
    struct buf before = {0}, after = {0};
    read_all(x->text, &before);
    op_apply(o, x->text);
    read_all(x->text, &after);
    struct tokens *t = sim_tokens(s);
    tokens_in(t, buf_str(&before), unmark, NULL);
    tokens_in(t, buf_str(&after), unmark, NULL);
    tokens_in(t, buf_str(&before), was_there, NULL);
    tokens_in(t, buf_str(&after), is_there, NULL);
    tokens_in(t, buf_str(&before), compare_marks, NULL);
    tokens_in(t, buf_str(&after), compare_marks, NULL);
    buf_finish(&before);
    buf_finish(&after);
}

static void read_edit(struct sim *s, struct text_truth *t, const struct msg_note_edited *m)
{
    struct true_text *x = text_of(t, m->note);
    struct op o = {0};
    struct err e = {0};
    if (m->version != x->version + 1)
        sim_fail(s, "text %lld of %s: version %lld came after %lld", (long long)m->note,
                 t->room, (long long)m->version, (long long)x->version);
    if (!op_parse(&o, m->op, OP_OUT_MAX, &e) || !op_check(&o, rope_chars(x->text), &e))
        sim_fail(s, "text %lld of %s: version %lld: %s", (long long)m->note, t->room,
                 (long long)m->version, e.text);
    tokens_in(sim_tokens(s), buf_str(&o.text), logged, NULL);
    if (str_is(m->head.author, sim_users[SIM_USERS - 1]))
        apply_vandal(s, x, &o);
    else
        op_apply(&o, x->text);
    x->version = m->version;
    op_finish(&o);
}

struct text_truth *truth_of(struct sim *s, const struct room_log *log)
{
    struct text_truth *t = NEW(struct text_truth);
    t->room = log->room;
    vec_each (json, &log->events) {
        struct arena a = {0};
        struct msg_list list;
        int64_t re;
        if (codec_decode(str_of(*json), FROM_SERVER, &a, &list, &re, NULL) &&
            list.v[0].type == MSG_NOTE_EDITED)
            read_edit(s, t, &list.v[0].note_edited);
        arena_finish(&a);
    }
    return t;
}

void truth_free(struct text_truth *t)
{
    vec_each (x, &t->texts)
        rope_free(x->text);
    vec_finish(&t->texts);
    free(t);
}

/* ---- everybody has the same ---- */

static void compare(struct actor *c, struct text_truth *t, const struct doc *d)
{
    const struct true_text *x = text_of(t, d->number);
    const struct replica *r = session_room(&c->session, str_of(d->room));
    bool is_live = d->wire->opened && r && r->synced;
    if (is_live && d->state != DOC_LIVE)
        sim_fail(c->sim, "client %zu: text %lld of %s is in state %d: %s", c->index,
                 (long long)d->number, t->room, (int)d->state, d->why.text);
    if (is_live && d->sync.version != x->version)
        sim_fail(c->sim, "client %zu: text %lld of %s is at version %lld, the log at %lld",
                 c->index, (long long)d->number, t->room, (long long)d->sync.version,
                 (long long)x->version);
    if (is_live && replica_text_version(r, d->number) != x->version)
        sim_fail(c->sim, "client %zu: the room thinks text %lld at %lld, the log has %lld",
                 c->index, (long long)d->number, (long long)replica_text_version(r, d->number),
                 (long long)x->version);
    if (d->text && d->sync.version == x->version && !rope_eq(d->text, x->text))
        sim_fail(c->sim, "client %zu has another text %lld of %s", c->index,
                 (long long)d->number, t->room);
}

void actor_compare_texts(struct actor *c, const struct text_truth *truth)
{
    struct text_truth *t = (struct text_truth *)(uintptr_t)truth; /* it may add empty ones */
    if (actor_is_vandal(c))
        return; /* may have closed the room behind its session's back */
    vec_each (d, &c->session.texts) {
        if (c->is_alive && !c->is_errand && strcmp((*d)->room, t->room) == 0 &&
            (*d)->number > 0)
            compare(c, t, *d);
    }
}

/* ---- nothing is lost or doubled ---- */

void truth_check(struct sim *s, const struct text_truth *t)
{
    struct buf text = {0};
    vec_each (x, &t->texts) {
        read_all(x->text, &text);
        tokens_in(sim_tokens(s), buf_str(&text), found, NULL);
    }
    buf_finish(&text);
}

static void check_token(struct sim *s, uint32_t cp, const struct token *k)
{
    if (k->is_touched)
        return;
    if (k->logged > 1 || k->found > 1)
        sim_fail(s, "U+%X of client %d in %s is there %d times, and in the log %d", cp,
                 k->client, k->room, k->found, k->logged);
    if (k->logged != k->found)
        sim_fail(s, "U+%X of client %d in %s was lost, and nobody deleted it", cp, k->client,
                 k->room);
    if (k->logged && k->is_told && !k->is_twice)
        sim_fail(s, "U+%X of client %d in %s: told refused, and it is in the log", cp,
                 k->client, k->room);
    if (!k->logged && !k->is_aside && !k->may_lack)
        sim_fail(s, "U+%X of client %d in %s was lost without a word", cp, k->client, k->room);
}

void tokens_check(struct sim *s)
{
    struct token *k;
    for (uint32_t cp = TOKEN_FIRST; (k = token_of(sim_tokens(s), cp)); cp++)
        check_token(s, cp, k);
}
