#include "doc.h"

#include "doc_parts.h"

#include <stdlib.h>
#include <string.h>

struct doc *doc_new(struct str room, int64_t number)
{
    struct doc *d = NEW(struct doc);
    bug_on(room.n > ROOM_NAME_MAX);
    memcpy(d->room, room.p, room.n);
    d->number = number;
    d->undo = undo_new();
    d->wire = NEW(struct doc_wire);
    return d;
}

static void wire_free(struct doc_wire *w)
{
    rope_free(w->stored);
    rope_free(w->cached);
    buf_finish(&w->request);
    buf_finish(&w->part);
    vec_each (r, &w->runs)
        op_finish(&r->op);
    vec_each (r, &w->behind)
        op_finish(&r->op);
    vec_each (h, &w->held)
        op_finish(&h->op);
    vec_each (o, &w->mores)
        op_finish(o);
    vec_finish(&w->runs);
    vec_finish(&w->behind);
    vec_finish(&w->held);
    vec_finish(&w->mores);
    free(w);
}

void doc_free(struct doc *d)
{
    if (!d)
        return;
    rope_free(d->text);
    sync_finish(&d->sync);
    undo_free(d->undo);
    vec_finish(&d->others);
    vec_finish(&d->pointers);
    wire_free(d->wire);
    free(d);
}

bool doc_is_saved(const struct doc *d)
{
    return sync_is_clean(&d->sync) && d->wire->mores.n == 0;
}

bool doc_is_known(const struct doc *d)
{
    return d->text || !sync_is_clean(&d->sync);
}

static const struct rope *stored_text(const struct doc *d)
{
    return d->wire->stored ? d->wire->stored : d->text;
}

static void drop_stored_if_clean(struct doc *d)
{
    if (!sync_is_clean(&d->sync))
        return;
    rope_free(d->wire->stored);
    d->wire->stored = NULL;
}

/* ---- the text as a whole ---- */

static void forget_undo(struct doc *d)
{
    undo_free(d->undo);
    d->undo = undo_new();
}

bool doc_set_text(struct doc *d, struct rope *r)
{
    const struct sync *s = &d->sync;
    size_t chars = rope_chars(r);
    if (!op_check(&s->flight, chars, NULL) ||
        !op_check(&s->pending, op_result(&s->flight, chars), NULL)) {
        rope_free(r);
        return false;
    }
    doc_drop_text(d);
    if (!sync_is_clean(s)) {
        d->wire->stored = rope_copy(r);
        op_apply(&s->flight, r);
        op_apply(&s->pending, r);
    }
    d->text = r;
    doc_carets_reach(d);
    doc_carets_clamp(d);
    d->changes++;
    return true;
}

void doc_drop_text(struct doc *d)
{
    rope_free(d->text);
    rope_free(d->wire->stored);
    d->text = d->wire->stored = NULL;
    forget_undo(d);
    d->changes++;
}

void doc_revert(struct doc *d)
{
    sync_reset(&d->sync, d->sync.version);
    d->wire->flight_id = d->wire->stored_seq = 0;
    d->wire->is_sent = false;
    if (d->wire->stored) {
        rope_free(d->text);
        d->text = d->wire->stored;
        d->wire->stored = NULL;
    }
    forget_undo(d);
    doc_carets_clamp(d);
    d->changes++;
}

void doc_unsaved(const struct doc *d, struct op *out)
{
    if (d->sync.is_in_flight && !d->wire->stored_seq)
        op_compose(&d->sync.flight, &d->sync.pending, out);
    else
        op_copy(out, &d->sync.pending);
}

/* ---- edits ---- */

void doc_local(struct doc *d, const struct op *o)
{
    if (sync_is_clean(&d->sync))
        d->wire->stored = rope_copy(d->text);
    sync_local(&d->sync, o);
    op_apply(o, d->text);
    doc_carets_move(d, o, OP_RIGHT);
    drop_stored_if_clean(d); /* it took back what was pending */
    d->changes++;
}

bool doc_fits(const struct doc *d, const struct op *o, struct err *e)
{
    if (d->text)
        return op_check(o, rope_chars(stored_text(d)), e);
    if (op_consumed(o) > NOTE_MAX || op_inserted(o) > NOTE_MAX ||
        op_consumed(&d->sync.pending) > NOTE_MAX)
        return fail(e, ERR_BAD_FIELD, "the operation is longer than any text");
    return true;
}

void doc_remote(struct doc *d, const struct op *o, int64_t to, struct author by, int64_t now)
{
    struct op on_screen = {0};
    if (d->wire->stored)
        op_apply(o, d->wire->stored);
    sync_remote(&d->sync, o, to, &on_screen);
    if (d->text) {
        op_apply(&on_screen, d->text);
        undo_remote(d->undo, &on_screen);
    }
    doc_carets_move(d, &on_screen, OP_LEFT);
    d->wire->told_caret = op_caret(o, d->wire->told_caret, OP_LEFT);
    d->wire->told_anchor = op_caret(o, d->wire->told_anchor, OP_LEFT);
    d->wire->told_top = op_caret(o, d->wire->told_top, OP_LEFT);
    doc_carets_reach(d);
    doc_caret_follow(d, by, o, now);
    d->wire->has_draft = false; /* what is pending is another operation now */
    drop_stored_if_clean(d);
    d->changes++;
    op_finish(&on_screen);
}

void doc_own(struct doc *d)
{
    if (d->wire->stored)
        op_apply(&d->sync.flight, d->wire->stored);
    if (!op_is_empty(&d->sync.flight))
        d->wire->told_caret = d->wire->told_anchor = op_author_caret(&d->sync.flight);
    d->wire->told_top = op_caret(&d->sync.flight, d->wire->told_top, OP_LEFT);
    sync_own(&d->sync);
    d->wire->flight_id = d->wire->stored_seq = 0;
    d->wire->is_sent = false;
    doc_carets_reach(d);
    drop_stored_if_clean(d);
    d->changes++;
}

void doc_unsend(struct doc *d)
{
    sync_unsend(&d->sync);
    d->wire->flight_id = d->wire->stored_seq = 0;
    d->wire->is_sent = false;
    drop_stored_if_clean(d); /* what was pending took it back */
}

/* ---- check ---- */

static bool check_carets(const struct doc *d, struct err *e)
{
    size_t chars = rope_chars(d->text);
    bool ok = d->caret <= chars && d->anchor <= chars && d->top <= chars;
    vec_each (c, &d->others)
        ok = ok && (c->version >= 0 || (c->caret <= chars && c->anchor <= chars));
    return ok || fail(e, ERR_INTERNAL, "a caret is behind the end of text %lld",
                      (long long)d->number);
}

bool doc_check(const struct doc *d, struct err *e)
{
    const struct doc_wire *w = d->wire;
    if (d->sync.is_in_flight != (w->flight_id != 0))
        return fail(e, ERR_INTERNAL, "text %lld: a flight without an id", (long long)d->number);
    if (!d->text)
        return true;
    if (sync_is_clean(&d->sync) != !w->stored)
        return fail(e, ERR_INTERNAL, "text %lld: kept twice", (long long)d->number);
    if (!w->stored)
        return check_carets(d, e);
    struct rope *r = rope_copy(w->stored);
    bool ok = op_check(&d->sync.flight, rope_chars(r), e);
    if (ok)
        op_apply(&d->sync.flight, r);
    ok = ok && op_check(&d->sync.pending, rope_chars(r), e);
    if (ok)
        op_apply(&d->sync.pending, r);
    ok = ok && (rope_eq(r, d->text) ||
                fail(e, ERR_INTERNAL, "text %lld shows something else", (long long)d->number));
    rope_free(r);
    return ok && check_carets(d, e);
}
