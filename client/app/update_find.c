/* Searching in a text, putting something in its place, and following its links. */
#include "markdown.h"
#include "update_parts.h"
#include "utf8.h"

#include <stdlib.h>

enum {
    PREFILL_MAX = 200,       /* code points of a selection that is searched */
    LINE_MAX = 16 * 1024,    /* code points of a line in which links are looked for */
    LOOK_CHARS = 64 * 1024,  /* code points that are searched at each key */
    COUNT_CHARS = 64 * 1024, /* of a text whose matches are counted */
};

/* ---- what is searched ---- */

/* What is selected within a line, or what was searched before. */
static void offer(struct note_pane *p, struct buf *out)
{
    const struct doc *d = p->doc;
    size_t from = MIN(d->caret, d->anchor), to = MAX(d->caret, d->anchor);
    buf_clear(out);
    if (to > from && to - from <= PREFILL_MAX)
        rope_read(d->text, from, to - from, out);
    if (out->n && !str_has(buf_str(out), '\n'))
        return;
    buf_clear(out);
    buf_add_str(out, buf_str(&p->editor.find));
}

static void set(struct buf *b, struct str text)
{
    buf_clear(b);
    buf_add_str(b, text);
}

static void ask(struct model *m, enum prompt prompt)
{
    struct note_pane *p = note_pane(m);
    if (!note_text(m))
        return;
    set(&p->search.was, buf_str(&p->editor.find));
    offer(p, &p->search.offer);
    prompt_open(m, prompt, (struct str){0});
}

void find_ask(struct model *m, struct str text, struct effects *out)
{
    if (text.n == 0)
        ask(m, PROMPT_FIND);
    else if (note_text(m))
        find_accept(m, text, out);
}

/* The question that is on screen, if it is one for what is searched. */
static struct note_pane *asking(const struct model *m)
{
    struct note_pane *p = note_pane(m);
    bool asks = m->prompt == PROMPT_FIND || m->prompt == PROMPT_REPLACE;
    return asks && p && p->doc && p->doc->text ? p : NULL;
}

static void look_at(struct note_pane *p, size_t pos)
{
    struct doc *d = p->doc;
    editor_show(&p->editor, d->text, pos);
    d->top = p->editor.top;
}

/* While it is typed the nearest place is shown, if there is one not too far away. */
void find_typed(struct model *m)
{
    struct note_pane *p = asking(m);
    if (!p)
        return;
    struct doc *d = p->doc;
    size_t from = MIN(d->caret, d->anchor), start = d->caret, end;
    set(&p->editor.find, lineedit_text(&m->line));
    p->search.on = p->editor.find.n > 0;
    editor_match(&p->editor, d->text, from, from + LOOK_CHARS, &start, &end);
    look_at(p, start);
}

void find_left(struct model *m)
{
    struct note_pane *p = asking(m);
    if (!p)
        return;
    set(&p->editor.find, buf_str(&p->search.was));
    p->search.on = false;
    look_at(p, p->doc->caret);
}

/* False when there is nothing to search for: nothing was typed, and nothing offered. */
static bool take(struct note_pane *p, struct str text)
{
    struct str found = text.n ? text : buf_str(&p->search.offer);
    if (found.n == 0 || found.n > FIND_MAX)
        return false;
    set(&p->editor.find, found);
    return true;
}

void find_accept(struct model *m, struct str text, struct effects *out)
{
    struct note_pane *p = note_pane(m);
    if (p && take(p, text))
        note_verb(m, EDITOR_FIND_NEXT, false, out);
}

void replace_ask(struct model *m)
{
    ask(m, PROMPT_REPLACE);
}

void replace_accept_find(struct model *m, struct str text)
{
    struct note_pane *p = note_pane(m);
    if (!p || !take(p, text))
        return;
    p->search.on = true;
    prompt_open(m, PROMPT_REPLACE_WITH, (struct str){0});
}

void replace_accept(struct model *m, struct str text, struct effects *out)
{
    struct note_pane *p = note_pane(m);
    struct doc *d = p ? note_text(m) : NULL;
    if (!d)
        return;
    set(&p->editor.replace, text);
    /* What is selected may be the first place itself. */
    size_t from = MIN(d->caret, d->anchor), start, end;
    if (!editor_find(&p->editor, d->text, from, false, &start, &end)) {
        note_verb(m, EDITOR_FIND_NEXT, false, out); /* says so */
        return;
    }
    note_move(m, end, start, out);
    find_done(m, EDITOR_REPLACE, (struct found_from){from, from});
    model_toast(m, TOAST_INFO, "%s replaces it, %s passes over it, %s replaces all.",
                keymap_key(&m->keys, ACTION_TEXT_REPLACE, IN_NOTE).s,
                keymap_key(&m->keys, ACTION_TEXT_FIND_NEXT, IN_NOTE).s,
                keymap_key(&m->keys, ACTION_TEXT_REPLACE_ALL, IN_NOTE).s);
}

/* ---- what was found ---- */

/* Which of how many it is; of a long text nobody needs to know. */
static void count(struct note_pane *p)
{
    const struct doc *d = p->doc;
    size_t at = MIN(d->caret, d->anchor), chars = rope_chars(d->text), start, end = 0;
    p->search.nth = p->search.of = 0;
    p->search.changes = d->changes;
    if (chars > COUNT_CHARS)
        return;
    while (editor_match(&p->editor, d->text, end, chars, &start, &end)) {
        p->search.of++;
        if (start <= at)
            p->search.nth = p->search.of;
    }
}

void find_done(struct model *m, enum editor_verb verb, struct found_from from)
{
    struct note_pane *p = note_pane(m);
    const struct doc *d = p->doc;
    size_t start = MIN(d->caret, d->anchor), end = MAX(d->caret, d->anchor);
    p->search.on = true;
    if (verb == EDITOR_REPLACE_ALL) {
        model_toast(m, TOAST_INFO, "%zu place%s replaced. %s takes it back.",
                    p->editor.replaced, p->editor.replaced > 1 ? "s" : "",
                    keymap_key(&m->keys, ACTION_NOTE_UNDO, IN_NOTE).s);
        return;
    }
    count(p);
    if (verb == EDITOR_FIND_NEXT && start < from.end)
        model_toast(m, TOAST_INFO, "Searched from the start of the text again.");
    else if (verb == EDITOR_FIND_BACK && end > from.start)
        model_toast(m, TOAST_INFO, "Searched from the end of the text again.");
}

/* ---- lines ---- */

void line_ask(struct model *m, struct str text, struct effects *out)
{
    if (text.n)
        line_accept(m, text, out);
    else if (note_text(m))
        prompt_open(m, PROMPT_LINE, (struct str){0});
}

void line_accept(struct model *m, struct str text, struct effects *out)
{
    struct doc *d = note_text(m);
    int64_t number;
    text = str_trim(text);
    if (!d || text.n == 0)
        return;
    if (!str_int(text, 1, SEQ_MAX, &number)) {
        model_toast(m, TOAST_ERROR, "\"%.*s\" is no number of a line.",
                    (int)MIN(text.n, (size_t)40), text.p);
        return;
    }
    size_t line = MIN((size_t)number, rope_lines(d->text)) - 1;
    size_t pos = rope_line_start(d->text, line);
    note_pane(m)->search.on = false;
    note_move(m, pos, pos, out);
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
    const struct showing *s = replica_showing(r, str_of(p->user));
    int64_t text = s ? s->text : 0, card = s ? s->cursor : 0;
    const struct note *n = text ? replica_note(r, text) : NULL;
    if (n)
        model_toast(m, TOAST_INFO, "%s (%s) is here, in %.*s.", p->user, role_name(p->role),
                    STR_ARG(n->name));
    else if (text || card)
        model_toast(m, TOAST_INFO, "%s (%s) is here, at card %lld.", p->user,
                    role_name(p->role), (long long)(text ? text : card));
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
