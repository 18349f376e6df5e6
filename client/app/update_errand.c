/* Whole texts are read out, added to, and edited in an editor of the person's. */
#include "codec.h"
#include "merge.h"
#include "update_parts.h"

#include <stdio.h>

void text_errand_finish(struct text_errand *e)
{
    buf_finish(&e->text);
}

static void end(struct model *m, size_t i, struct effects *out)
{
    struct text_errand *e = &m->errands.v[i];
    struct doc *d = session_text(&m->session, str_of(e->room), e->number);
    if (d)
        session_close_text(&m->session, d, m->now, out);
    text_errand_finish(e);
    vec_remove(&m->errands, i);
}

/* What an editor did not give back. The file of one that failed was named to the person. */
static void forget_editor(struct model *m, struct effects *out)
{
    for (size_t i = m->errands.n; i-- > 0;)
        if (m->errands.v[i].in_editor)
            end(m, i, out);
}

void errand_begin(struct model *m, enum text_deed deed, int64_t number, struct str text,
                  struct effects *out)
{
    const struct replica *r = model_replica(m);
    struct text_errand e = {.deed = deed, .number = number};
    if (!r)
        return;
    if (deed != TEXT_READ && r->role == ROLE_OBSERVER) {
        model_toast(m, TOAST_ERROR, "You may read %s, not write there.", r->name);
        return;
    }
    if (deed != TEXT_READ && m->session.disk.code) {
        model_toast(m, TOAST_ERROR, "%s", m->session.disk.text);
        return;
    }
    if (deed == TEXT_EDIT)
        forget_editor(m, out);
    snprintf(e.room, sizeof e.room, "%s", r->name);
    buf_add_str(&e.text, text);
    if (session_open_text(&m->session, str_of(e.room), number, m->now, out))
        vec_push(&m->errands, e);
    else
        text_errand_finish(&e);
}

static const char *name_of(const struct model *m, const struct text_errand *e, struct arena *a)
{
    const struct replica *r = session_room(&m->session, str_of(e->room));
    const struct note *n = r ? replica_note(r, e->number) : NULL;
    return n ? str_keep(a, n->name).p : str_fmt(a, "card %lld", (long long)e->number).p;
}

/* True when it is stored on this machine at least. */
static bool put(struct model *m, const struct text_errand *e, struct doc *d, const struct op *o,
                struct effects *out)
{
    struct arena a = {0};
    struct err why = {0};
    undo_break(d->undo);
    bool ok = session_edit(&m->session, d, o, m->now, out, &why);
    if (ok)
        model_toast(m, TOAST_INFO, "%s: %s.", name_of(m, e, &a),
                    op_is_empty(o)           ? "nothing was changed"
                    : e->deed == TEXT_APPEND ? "added to"
                                             : "changed");
    else
        model_toast(m, TOAST_ERROR, "%s is as it was: %s", name_of(m, e, &a), why.text);
    arena_finish(&a);
    return ok;
}

static void append(struct model *m, const struct text_errand *e, struct doc *d,
                   struct effects *out)
{
    struct op o = {0};
    size_t chars = rope_chars(d->text);
    op_skip(&o, chars);
    if (chars && rope_at(d->text, chars - 1) != '\n')
        op_insert(&o, STR("\n"));
    op_insert(&o, buf_str(&e->text));
    op_insert(&o, STR("\n"));
    put(m, e, d, &o, out);
    op_finish(&o);
}

/* False: it is not done with yet. */
static bool perform(struct model *m, struct text_errand *e, struct doc *d, struct effects *out)
{
    struct buf text = {0};
    switch (e->deed) {
    case TEXT_READ:
        rope_read(d->text, 0, rope_chars(d->text), &text);
        if (m->listener.text)
            m->listener.text(m->listener.arg, e->number, buf_str(&text));
        buf_finish(&text);
        return true;
    case TEXT_APPEND:
        append(m, e, d, out);
        return true;
    case TEXT_EDIT:
        rope_read(d->text, 0, rope_chars(d->text), &e->text);
        e->in_editor = true;
        effect_add(out, EFFECT_EDITOR, (struct str){0}, buf_str(&e->text));
        return false;
    }
    return true;
}

/* False after saying why it never will be. */
static bool may_come(struct model *m, const struct text_errand *e, const struct doc *d)
{
    struct arena a = {0};
    bool refused = d && d->state == DOC_REFUSED;
    bool comes = d && !refused && m->session.state == SESSION_ONLINE;
    if (!comes)
        model_toast(m, TOAST_ERROR, "%s cannot be read: %s%s", name_of(m, e, &a),
                    refused ? d->why.text : "it is not on this machine, and there is no link.",
                    e->deed == TEXT_APPEND ? " Your text: press : and Up." : "");
    arena_finish(&a);
    return comes;
}

void errand_settle(struct model *m, struct effects *out)
{
    for (size_t i = m->errands.n; i-- > 0;) {
        struct text_errand *e = &m->errands.v[i];
        struct doc *d = session_text(&m->session, str_of(e->room), e->number);
        if (e->in_editor)
            continue;
        if (d && d->text ? perform(m, e, d, out) : !may_come(m, e, d))
            end(m, i, out);
    }
}

/* What was written must not be lost with the editor's file gone: it goes where what a server
 * refused goes. */
static void put_aside(const struct text_errand *e, struct str edited, struct effects *out)
{
    struct buf words = {0}, json = {0}, op = {0};
    struct op o = {0};
    struct msg m = {.type = MSG_NOTE_EDIT, .request = {.room = str_of(e->room), .id = 1}};
    merge(buf_str(&e->text), buf_str(&e->text), edited, &o);
    op_print(&o, &op);
    m.note_edit.note = e->number;
    m.note_edit.op = buf_str(&op);
    codec_encode(&json, &m);
    buf_fmt(&words, "it could not be kept in the outbox");
    effect_add(out, EFFECT_REFUSED, buf_str(&words), buf_str(&json));
    op_finish(&o);
    buf_finish(&words);
    buf_finish(&json);
    buf_finish(&op);
}

bool errand_edited(struct model *m, struct str text, struct effects *out)
{
    size_t i = 0;
    while (i < m->errands.n && !m->errands.v[i].in_editor)
        i++;
    if (i == m->errands.n)
        return false;
    struct text_errand *e = &m->errands.v[i];
    struct doc *d = session_text(&m->session, str_of(e->room), e->number);
    struct buf now = {0}, edited = {0};
    struct str before = buf_str(&e->text);
    struct op o = {0};
    if (d && d->text)
        rope_read(d->text, 0, rope_chars(d->text), &now);
    buf_add_str(&edited, text);
    if (before.n && before.p[before.n - 1] == '\n')
        buf_add_c(&edited, '\n'); /* which the shell took off */
    merge(before, buf_str(&now), buf_str(&edited), &o);
    bool is_there = d && d->text && session_room(&m->session, str_of(e->room));
    if (!is_there)
        model_toast(m, TOAST_ERROR,
                    "The text is not yours any more: what you wrote is kept in "
                    "refused.jsonl.");
    if (!is_there || !put(m, e, d, &o, out))
        put_aside(e, buf_str(&edited), out);
    op_finish(&o);
    buf_finish(&now);
    buf_finish(&edited);
    end(m, i, out);
    return true;
}

size_t model_edit_max(const struct model *m)
{
    vec_each (e, &m->errands)
        if (e->in_editor)
            return 4 * (size_t)NOTE_MAX;
    return TEXT_MAX;
}

void errand_no_editor(struct model *m, struct effects *out)
{
    forget_editor(m, out);
}
