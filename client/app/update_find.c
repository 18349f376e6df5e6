/* Searching in a text, putting something in its place, and following its links. */
#include "markdown.h"
#include "update_parts.h"
#include "utf8.h"

#include <stdlib.h>

enum {
    PREFILL_MAX = 200,   /* code points of a selection that is searched */
    LINE_MAX = 16 * 1024 /* code points of a line in which links are looked for */
};

/* ---- search ---- */

/* What is selected within a line, or what was searched before. */
static void prefill(struct model *m, const struct doc *d, struct buf *out)
{
    size_t from = MIN(d->caret, d->anchor), to = MAX(d->caret, d->anchor);
    if (to > from && to - from <= PREFILL_MAX)
        rope_read(d->text, from, to - from, out);
    if (out->n && !str_has(buf_str(out), '\n'))
        return;
    buf_clear(out);
    buf_add_str(out, buf_str(&note_pane(m)->editor.find));
}

static void ask(struct model *m, enum prompt prompt)
{
    struct doc *d = note_text(m);
    if (!d)
        return;
    struct buf text = {0};
    prefill(m, d, &text);
    prompt_open(m, prompt, buf_str(&text));
    buf_finish(&text);
}

static void set_find(struct editor *e, struct str text)
{
    buf_clear(&e->find);
    buf_add_str(&e->find, text);
}

void find_ask(struct model *m, struct str text, struct effects *out)
{
    if (text.n == 0)
        ask(m, PROMPT_FIND);
    else if (note_text(m))
        find_accept(m, text, out);
}

void find_accept(struct model *m, struct str text, struct effects *out)
{
    struct note_pane *p = note_pane(m);
    if (!p || text.n == 0 || text.n > FIND_MAX)
        return;
    set_find(&p->editor, text);
    note_verb(m, EDITOR_FIND_NEXT, false, out);
}

void replace_ask(struct model *m)
{
    ask(m, PROMPT_REPLACE);
}

void replace_accept_find(struct model *m, struct str text)
{
    struct note_pane *p = note_pane(m);
    if (!p || text.n == 0)
        return;
    set_find(&p->editor, text);
    prompt_open(m, PROMPT_REPLACE_WITH, buf_str(&p->editor.replace));
}

void replace_accept(struct model *m, struct str text, struct effects *out)
{
    struct note_pane *p = note_pane(m);
    struct doc *d = p ? note_text(m) : NULL;
    if (!d)
        return;
    buf_clear(&p->editor.replace);
    buf_add_str(&p->editor.replace, text);
    /* What is selected may be the first place itself. */
    size_t from = MIN(d->caret, d->anchor), start, end;
    if (!editor_find(&p->editor, d->text, from, false, &start, &end)) {
        note_verb(m, EDITOR_FIND_NEXT, false, out); /* says so */
        return;
    }
    note_move(m, end, start, out);
    model_toast(m, TOAST_INFO, "M-s replaces it, C-n passes over it, M-S replaces all.");
}

/* ---- links ---- */

static void go_to(struct model *m, struct str digits, struct effects *out)
{
    const struct replica *r = model_replica(m);
    int64_t number;
    if (!r || !str_int(digits, 1, SEQ_MAX, &number))
        return;
    const struct card *c = board_card(&r->board, number);
    if (c && !c->archived) {
        board_select(m, c);
        m->focus = FOCUS_BOARD;
    } else if (replica_note(r, number)) {
        note_open(m, number, out);
    } else {
        board_no_card(m, number);
    }
}

static void tell_place(struct model *m, const struct person *p)
{
    const struct replica *r = model_replica(m);
    const struct note *n = p->text ? replica_note(r, p->text) : NULL;
    if (n)
        model_toast(m, TOAST_INFO, "%s (%s) is here, in %.*s.", p->user, role_name(p->role),
                    STR_ARG(n->name));
    else if (p->text || p->cursor)
        model_toast(m, TOAST_INFO, "%s (%s) is here, at card %lld.", p->user,
                    role_name(p->role), (long long)(p->text ? p->text : p->cursor));
    else
        model_toast(m, TOAST_INFO, "%s (%s) is here.", p->user, role_name(p->role));
}

static void tell_who(struct model *m, struct str user)
{
    const struct replica *r = model_replica(m);
    const struct person *p = r ? replica_person(r, user) : NULL;
    if (!p)
        model_toast(m, TOAST_INFO, "%.*s is not in this room.", STR_ARG(user));
    else if (!p->online)
        model_toast(m, TOAST_INFO, "%s (%s) is not here now.", p->user, role_name(p->role));
    else
        tell_place(m, p);
}

bool note_span_at(const struct doc *d, size_t pos, struct buf *line, struct md_span *out)
{
    size_t number = rope_line_of(d->text, pos);
    size_t start = rope_line_start(d->text, number), end = rope_line_end(d->text, number);
    struct md_state state = {0};
    struct md_spans spans = {0};
    bool found = false;
    if (end - start > LINE_MAX)
        return false;
    rope_read(d->text, start, end - start, line);
    size_t at = rope_byte_of(d->text, pos) - rope_byte_of(d->text, start);
    markdown_line(buf_str(line), &state, &spans);
    vec_each (s, &spans.spans)
        if (at >= s->start && at < s->end) {
            *out = *s;
            found = true;
        }
    vec_finish(&spans.spans);
    return found;
}

bool note_follow(struct model *m, size_t pos, struct effects *out)
{
    struct doc *d = note_text(m);
    struct buf line = {0};
    struct md_span s;
    if (!d)
        return false;
    /* A caret right behind a link is in it, too. */
    bool found = note_span_at(d, pos, &line, &s) && (s.kind == MD_CARD || s.kind == MD_USER);
    if (!found && pos > 0) {
        buf_clear(&line);
        found = note_span_at(d, pos - 1, &line, &s) && (s.kind == MD_CARD || s.kind == MD_USER);
    }
    if (found && s.end > s.start + 1) {
        struct str word = {line.p + s.start + 1, s.end - s.start - 1};
        if (s.kind == MD_CARD)
            go_to(m, word, out);
        else
            tell_who(m, word);
    }
    buf_finish(&line);
    return found;
}

void note_follow_here(struct model *m, struct effects *out)
{
    const struct doc *d = note_text(m);
    if (d && !note_follow(m, d->caret, out))
        model_toast(m, TOAST_INFO, "The caret is in no #42 and no @name.");
}
