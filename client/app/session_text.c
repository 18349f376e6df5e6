/* Texts of a session: opening, editing, closing them. */
#include "session_parts.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

/* ---- by name ---- */

/* For -id of a card or note that was made by us, its number, once it is known. */
static int64_t number_of(const struct session *s, struct str room, int64_t number)
{
    struct replica *r = session_room(s, room);
    if (r)
        number = replica_number_of(r, number);
    for (size_t i = s->restored.n; number < 0 && i-- > 0;) {
        const struct restored_number *n = &s->restored.v[i];
        if (n->id == -number && str_is(room, n->room))
            return n->number;
    }
    return number;
}

static struct doc *find(const struct session *s, struct str room, int64_t number)
{
    vec_each (d, &s->texts) {
        if ((*d)->number == number && str_is(room, (*d)->room))
            return *d;
    }
    return NULL;
}

struct doc *session_text(const struct session *s, struct str room, int64_t number)
{
    struct doc *d = find(s, room, number);
    return d ? d : find(s, room, number_of(s, room, number));
}

struct doc *session_text_make(struct session *s, struct str room, int64_t number)
{
    struct doc *d = session_text(s, room, number);
    if (d)
        return d;
    d = doc_new(room, number_of(s, room, number));
    vec_push(&s->texts, d);
    return d;
}

void session_text_remove(struct session *s, struct doc *d)
{
    for (size_t i = 0; i < s->texts.n; i++) {
        if (s->texts.v[i] == d) {
            vec_remove(&s->texts, i);
            break;
        }
    }
    doc_free(d);
}

static bool is_spare(const struct doc *d)
{
    return d->wire->opened == 0 && doc_is_saved(d);
}

/* What the cache had under the number, for the doc that is called so from now on. */
static void take_cached(struct doc *d, struct doc *from)
{
    struct doc_wire *a = d->wire, *b = from->wire;
    struct rope *cached = a->cached;
    __typeof__(a->behind) behind = a->behind;
    a->cached = b->cached;
    a->cached_version = b->cached_version;
    a->behind = b->behind;
    b->cached = cached;
    b->behind = behind;
}

/* Two edits that were made apart of the same version, as one: that of a, then that of b. */
static void join(struct op *a, struct op *b)
{
    struct op moved = {0}, both = {0};
    op_transform(b, a, OP_LEFT, &moved);
    op_compose(a, &moved, &both);
    op_swap(b, &both);
    op_finish(&moved);
    op_finish(&both);
}

/* One that nobody looks at, and of which nothing was sent as it had no number: its edits go to
 * the other, with those that this has itself, which then asks what came behind their version.
 */
static void hand_over(struct doc *to, struct doc *from)
{
    join(&to->sync.pending, &from->sync.pending);
    session_text_close(to);
    doc_drop_text(to);
    sync_reset(&to->sync, from->sync.version);
    op_swap(&to->sync.pending, &from->sync.pending);
    to->wire->is_kept_dirty = true;
    to->wire->has_draft = to->wire->is_cached = false;
}

/* What was sent of one is not to be sent with the other again. */
static bool may_join(struct doc *made, struct doc *other)
{
    bool is_saved = doc_is_saved(other);
    if (made->sync.is_in_flight || other->sync.is_in_flight)
        return false;
    session_text_settle(made);
    if (!is_saved)
        session_text_settle(other);
    return is_saved || made->sync.version == other->sync.version;
}

/* The note may have come under its number before its request was answered. There is one doc of
 * a text, unless both are on screen: then each goes its way. */
static bool unite(struct session *s, struct doc *made, struct doc *other)
{
    if (is_spare(other)) {
        take_cached(made, other);
        session_text_remove(s, other);
    } else if (is_spare(made)) {
        session_text_remove(s, made);
    } else if (made->wire->opened == 0 && may_join(made, other)) {
        hand_over(other, made);
        session_text_remove(s, made);
    } else {
        return false;
    }
    return true;
}

/* Two docs of one number have records of their own on the disk. */
bool session_text_number(struct session *s, struct str room, int64_t from, int64_t to,
                         bool stays_apart)
{
    struct doc *d = find(s, room, from), *other = find(s, room, to);
    if (!d || to == 0)
        return false;
    d->number = to;
    d->changes++;
    if (!stays_apart && (!other || unite(s, d, other)))
        return false;
    d->wire->kept_as = from;
    return true;
}

size_t session_texts_unsaved(const struct session *s)
{
    size_t n = 0;
    vec_each (d, &s->texts)
        n += !doc_is_saved(*d);
    return n;
}

/* ---- opening ---- */

static bool is_waiting(const struct session *s, int64_t number)
{
    vec_each (w, &s->outbox) {
        if (w->id == -number)
            return true;
    }
    return false;
}

/* A text of version 0 is the empty one: nobody has to be asked for it. */
static bool is_empty_yet(const struct session *s, const struct doc *d)
{
    const struct replica *r = session_room(s, str_of(d->room));
    if (d->number < 0)
        return is_waiting(s, d->number);
    if (!r || r->seq == 0 || replica_text_version(r, d->number) != 0)
        return false;
    return replica_note(r, d->number) || board_card(&r->board, d->number);
}

struct doc *session_open_text(struct session *s, struct str room, int64_t number, int64_t now,
                              struct effects *out)
{
    struct doc *d = session_text_make(s, room, number);
    session_text_settle(d);
    d->wire->opened++;
    d->wire->used = ++s->uses;
    if (!d->text && sync_is_clean(&d->sync) && is_empty_yet(s, d)) {
        sync_reset(&d->sync, 0);
        doc_set_text(d, rope_new());
    }
    bool lacks_text = d->state == DOC_LIVE && !d->text;
    if (lacks_text || (d->state == DOC_REFUSED && d->number > 0))
        session_text_close(d);
    session_pump_texts(s, now, out);
    return d;
}

bool session_fetch_text(struct session *s, struct str room, int64_t number, int64_t now,
                        struct effects *out)
{
    const struct replica *r = session_room(s, room);
    if (s->state != SESSION_ONLINE || !r || !r->synced)
        return false;
    vec_each (d, &s->texts)
        if ((*d)->wire->is_fetched)
            return false;
    struct doc *d = session_text_make(s, room, number);
    session_text_settle(d);
    bool is_here = d->text && d->sync.version >= replica_text_version(r, number);
    if (!d->wire->opened && doc_is_saved(d) && !is_here && d->state == DOC_CLOSED)
        d->wire->is_fetched = true;
    d->wire->used = ++s->uses;
    session_pump_texts(s, now, out);
    return true;
}

static void tell_gone(struct session *s, struct doc *d, struct effects *out)
{
    struct msg m = {.type = MSG_NOTE_CARET};
    m.state.room = str_of(d->room);
    if (d->wire->is_told)
        session_state(s, &m, out);
    d->wire->has_caret = d->wire->is_told = false;
}

void session_close_text(struct session *s, struct doc *d, int64_t now, struct effects *out)
{
    bug_on(d->wire->opened == 0);
    d->wire->used = ++s->uses;
    if (--d->wire->opened == 0)
        tell_gone(s, d, out);
    session_pump_texts(s, now, out); /* which may free it */
}

void session_texts_check(const struct turn *t)
{
    vec_each (i, &t->s->texts) {
        struct doc *d = *i;
        struct err why = {0};
        if (d->number > 0 || doc_is_saved(d) || is_waiting(t->s, d->number))
            continue;
        fail(&why, ERR_NOT_FOUND, "what this was typed into was never made");
        session_put_aside(t, d, &why);
    }
}

/* ---- editing ---- */

static bool may_edit(const struct session *s, const struct doc *d, struct err *e)
{
    const struct replica *r = session_room(s, str_of(d->room));
    if (d->state == DOC_REFUSED)
        return fail(e, d->why.code, "%s", d->why.text);
    if (!d->text)
        return fail(e, ERR_UNREACHABLE, "the text has not come from the server yet");
    if (s->disk.code != ERR_NONE)
        return fail(e, s->disk.code, "%s", s->disk.text);
    if (r && r->seq && r->role < ROLE_MEMBER)
        return fail(e, ERR_FORBIDDEN, "in %s you are %s; this takes the role %s", d->room,
                    role_name(r->role), role_name(ROLE_MEMBER));
    return true;
}

/* Shows it, writes it down, sends it if its time has come. */
static void do_edit(struct session *s, struct doc *d, const struct op *o, int64_t now,
                    struct effects *out)
{
    doc_local(d, o);
    d->wire->is_written = false;
    if (sync_is_clean(&d->sync)) /* it took back what had not been sent */
        session_keep_saved(s, d, out);
    session_pump_texts(s, now, out); /* writes it down with what it sends */
    if (!sync_is_clean(&d->sync) && !d->wire->is_written)
        session_keep_more(s, d, o, out);
}

static bool is_text(const struct op *o, struct err *e)
{
    struct str text = buf_str(&o->text);
    return (utf8_is_valid(text) && !str_has(text, '\0')) ||
           fail(e, ERR_BAD_FIELD, "a text is UTF-8 and has no NUL");
}

bool session_edit(struct session *s, struct doc *d, const struct op *o, int64_t now,
                  struct effects *out, struct err *e)
{
    if (!may_edit(s, d, e) || !op_check(o, rope_chars(d->text), e) || !is_text(o, e))
        return false;
    if (op_is_empty(o))
        return true;
    undo_local(d->undo, o, d->text, now);
    do_edit(s, d, o, now, out);
    return true;
}

typedef bool undo_fn(struct undo *u, const struct rope *now, struct op *out, size_t *caret);

static bool step(struct session *s, struct doc *d, undo_fn *take, const char *what, int64_t now,
                 struct effects *out, struct err *e)
{
    struct op o = {0};
    size_t caret = 0;
    bool ok = may_edit(s, d, e) && (take(d->undo, d->text, &o, &caret) ||
                                    fail(e, ERR_NOT_FOUND, "there is nothing to %s", what));
    ok = ok && op_check(&o, rope_chars(d->text), e);
    if (ok) {
        do_edit(s, d, &o, now, out);
        d->caret = d->anchor = MIN(caret, rope_chars(d->text));
    }
    op_finish(&o);
    return ok;
}

bool session_undo(struct session *s, struct doc *d, int64_t now, struct effects *out,
                  struct err *e)
{
    return step(s, d, undo_back, "undo", now, out, e);
}

bool session_redo(struct session *s, struct doc *d, int64_t now, struct effects *out,
                  struct err *e)
{
    return step(s, d, undo_again, "redo", now, out, e);
}

void session_caret(struct session *s, struct doc *d, size_t caret, size_t anchor, int64_t now,
                   struct effects *out)
{
    size_t chars = d->text ? rope_chars(d->text) : 0;
    d->caret = MIN(caret, chars);
    d->anchor = MIN(anchor, chars);
    d->wire->has_caret = true;
    session_pump_texts(s, now, out);
}

void session_caret_shown(struct session *s, struct doc *d, bool shown, int64_t now,
                         struct effects *out)
{
    if (!shown)
        tell_gone(s, d, out);
    else if (!d->wire->has_caret)
        session_caret(s, d, d->caret, d->anchor, now, out);
}
