#include "card_form.h"

#include "badges.h"
#include "beside.h"
#include "day.h"
#include "look.h"
#include "markdown.h"
#include "wrap.h"

#include <stdio.h>
#include <string.h>

int64_t model_today(const struct model *m)
{
    int64_t day = chat_day(m->now);
    return day_number((int)(day / 10000), (int)(day / 100 % 100), (int)(day % 100));
}

const struct card *card_shown(const struct model *m)
{
    const struct replica *r = model_replica(m);
    return r && m->here->card_pane.card
               ? board_card(&r->board, replica_number_of(r, m->here->card_pane.card))
               : NULL;
}

struct filling {
    const struct model *m;
    const struct replica *r;
    const struct card *c;
    struct form *f;
    int width;
};

enum { RULE_WIDTH = 12 };

/* ---- fields ---- */

static struct form_row *add_field(const struct filling *x, int64_t id, const char *label,
                                  enum card_field field)
{
    struct form_row *row = form_add(x->f, id, label);
    if (replica_field_is_pending(x->r, x->c->number, field))
        row->state = FORM_PENDING;
    if (model_conflict(x->m, x->r->name, x->c->number, field))
        row->state = FORM_CONFLICT;
    const struct held_lock *l = replica_field_lock(
        x->r, x->c->number, str_of(card_fields[field].name), str_of(x->m->session.client));
    if (l)
        row->holder = str_keep(&x->f->arena, str_of(l->user));
    return row;
}

static void say_none(const struct filling *x, const char *how)
{
    form_say(x->f, TONE_DIM, str_of(how));
}

static void add_title(const struct filling *x)
{
    add_field(x, CARD_ROW_TITLE, "Title", CARD_TITLE);
    form_say(x->f, TONE_STRONG, str_of(x->c->title));
}

static void add_column(const struct filling *x)
{
    struct form_row *row = form_add(x->f, CARD_ROW_COLUMN, "Column");
    if (replica_place_is_pending(x->r, x->c->number))
        row->state = FORM_PENDING;
    form_say(x->f, TONE_TEXT, str_of(x->r->board.columns.v[x->c->column].name));
    if (x->c->archived)
        form_say(x->f, TONE_WARN, STR("  put away"));
}

static void add_priority(const struct filling *x)
{
    struct str priority = card_scalar(x->c, CARD_PRIORITY);
    add_field(x, CARD_ROW_PRIORITY, "Priority", CARD_PRIORITY);
    if (priority.n)
        form_say(x->f, priority_tone(priority), priority);
    else
        say_none(x, "none");
}

static void add_due(const struct filling *x)
{
    struct str due = card_scalar(x->c, CARD_DUE);
    int64_t day, today = model_today(x->m);
    char said[DAY_SAID_MAX];
    add_field(x, CARD_ROW_DUE, "Due", CARD_DUE);
    if (!day_read(due, &day)) {
        say_none(x, "no day");
        return;
    }
    day_say(day, today, said);
    form_say(x->f, due_tone(day, today), due);
    form_fmt(x->f, TONE_DIM, "  %s%s", said, day < today ? ", overdue" : "");
}

static void add_set(const struct filling *x, int64_t id, const char *label,
                    enum card_field field, int tone, const char *none)
{
    add_field(x, id, label, field);
    bool any = false;
    vec_each (v, &x->c->values) {
        if (v->field != field)
            continue;
        if (any)
            form_say(x->f, TONE_TEXT, STR("  "));
        form_item(x->f, tone, str_of(v->value));
        any = true;
    }
    if (!any)
        say_none(x, none);
}

/* "#14 Release 0.2  Doing", and whether it still is on the board. */
static void add_blocker(const struct filling *x, struct str value)
{
    int64_t number = replica_number_of(x->r, card_blocker(value));
    const struct card *other = board_card(&x->r->board, number);
    struct str name =
        number > 0 ? str_fmt(&x->f->arena, "#%lld ", (long long)number) : STR("+ ");
    bool is_open = other && !other->archived;
    form_item(x->f, is_open ? TONE_CARD : TONE_DIM, name);
    form_item_more(x->f, is_open ? TONE_TEXT : TONE_DIM,
                   other ? str_of(other->title) : STR("put away"));
    if (is_open)
        form_fmt(x->f, TONE_WARN, "  %s", x->r->board.columns.v[other->column].name);
    else if (other)
        form_say(x->f, TONE_GOOD, STR("  put away"));
}

static void add_blockers(const struct filling *x)
{
    add_field(x, CARD_ROW_BLOCKERS, "Blocked by", CARD_BLOCKER);
    bool any = false;
    vec_each (v, &x->c->values) {
        if (v->field != CARD_BLOCKER)
            continue;
        if (any)
            form_say(x->f, TONE_TEXT, STR("\n"));
        add_blocker(x, str_of(v->value));
        any = true;
    }
    if (!any)
        say_none(x, "nothing");
}

/* ---- description ---- */

/* Line by line as Markdown. Returns how many lines there were. */
static size_t say_markdown(struct form *f, struct str text, size_t lines_max)
{
    struct md_state state = {0};
    struct md_spans spans = {0};
    size_t n = 0;
    for (; text.n && n < lines_max; n++) {
        struct str line = str_cut(&text, '\n');
        size_t at = 0;
        spans.spans.n = 0;
        markdown_line(line, &state, &spans);
        if (n)
            form_say(f, TONE_TEXT, STR("\n"));
        for (size_t i = 0; i < spans.spans.n; i++) {
            const struct md_span *s = &spans.spans.v[i];
            form_say(f, TONE_TEXT, (struct str){line.p + at, s->start - at});
            struct str part = {line.p + s->start, s->end - s->start};
            form_say(f, s->kind == MD_USER ? TONE_PERSON : TONE_MARKDOWN + (int)s->kind, part);
            if (s->kind == MD_LINK)
                form_link(f, markdown_address(line, &spans, i));
            at = s->end;
        }
        form_say(f, TONE_TEXT, (struct str){line.p + at, line.n - at});
    }
    vec_finish(&spans.spans);
    return n;
}

static void add_progress(const struct filling *x, const struct checklist *boxes)
{
    if (boxes->all == 0)
        return;
    form_add(x->f, 0, "Checklist");
    form_fmt(x->f, boxes->done == boxes->all ? TONE_GOOD : TONE_TEXT, "%lld/%lld",
             (long long)boxes->done, (long long)boxes->all);
}

static void say_why_not(const struct filling *x, const struct doc *d)
{
    if (d && d->state == DOC_REFUSED)
        form_say(x->f, TONE_BAD, str_of(d->why.text));
    else if (x->m->session.state == SESSION_ONLINE)
        say_none(x, "on its way");
    else
        say_none(x, "not on this machine, and there is no connection");
}

static void add_description(const struct filling *x)
{
    const struct doc *d = x->m->here->card_pane.doc;
    struct form_row *row = form_add(x->f, CARD_ROW_DESCRIPTION, "Description");
    struct buf text = {0};
    if (d && d->text)
        rope_read(d->text, 0, MIN(rope_chars(d->text), (size_t)DESCRIPTION_CHARS), &text);
    row->is_wide = text.n > 0;
    if (d && !doc_is_saved(d))
        row->state = FORM_PENDING;
    if (!d || !d->text)
        say_why_not(x, d);
    else if (text.n == 0)
        say_none(x, "nothing yet");
    size_t lines = say_markdown(x->f, buf_str(&text), DESCRIPTION_LINES);
    if (text.n && (rope_chars(d->text) > DESCRIPTION_CHARS || lines == DESCRIPTION_LINES) &&
        rope_lines(d->text) > lines)
        form_fmt(x->f, TONE_DIM, "\n%zu more lines: o opens them", rope_lines(d->text) - lines);
    buf_finish(&text);
}

/* ---- comments ---- */

struct comments {
    VEC(const struct line *) v;
};

/* Those that the chat holds, newest first; own ones that wait are newer than all. */
static void find_in_chat(const struct filling *x, size_t from, struct comments *out)
{
    for (size_t i = replica_lines(x->r); i-- > from;) {
        const struct line *l = replica_line(x->r, i);
        if (l->task && replica_number_of(x->r, l->task) == x->c->number)
            vec_push(&out->v, l);
    }
}

/* Of a page of the server; the oldest of very many the replica keeps no more. */
static const struct line *line_of(const struct filling *x, const struct feed_item *f)
{
    const struct line *l = replica_said(x->r, f->seq);
    if (l)
        return l;
    struct line *plain = arena_alloc(&x->f->arena, sizeof *plain);
    *plain = (struct line){.seq = f->seq,
                           .time = f->time,
                           .task = x->c->number,
                           .author = str_of(f->author),
                           .text = str_of(f->text),
                           .deleted = f->type == MSG_MESSAGE_DELETED ? f->text : ""};
    return plain;
}

static void find_comments(const struct filling *x, struct comments *out)
{
    const struct card_page *p = &x->m->here->card_pane.comments;
    find_in_chat(x, p->is_known ? x->r->lines.n : 0, out);
    for (size_t i = p->is_known ? p->items.n : 0; i-- > 0;)
        vec_push(&out->v, line_of(x, &p->items.v[i]));
}

static struct look_want want_of(const struct filling *x, const struct line *l)
{
    const struct model *m = x->m;
    int64_t said = beside_has_focus(m, BESIDE_CARD) ? card_pane_said(&m->here->card_pane) : 0;
    return (struct look_want){.r = x->r,
                              .line = l,
                              .width = MAX(x->width - FORM_LEFT - FORM_INDENT - 1, 1),
                              .ascii = m->ascii,
                              .strokes = m->strokes,
                              .is_open = chat_pane_shows_all(&m->here->chat, l->seq),
                              .is_selected = said == l->seq,
                              .on_card = true,
                              .keys = &m->keys};
}

bool piece_leads(const struct rich_piece *p)
{
    return p->goes != GOES_NOWHERE && p->goes != GOES_USER;
}

/* A row as the chat has it; what leads somewhere can be selected by itself. */
static void say_row(const struct filling *x, const struct rich *all,
                    const struct rich_line *row)
{
    const char *across = x->m->ascii ? "-" : "\u2500";
    for (int i = 0; i < row->quote; i++)
        form_say(x->f, TONE_DIM, x->m->ascii ? STR("| ") : STR("\u2502 "));
    form_fmt(x->f, TONE_TEXT, "%*s", row->indent, "");
    for (int i = 0; row->is_rule && i < RULE_WIDTH; i++)
        form_say(x->f, TONE_DIM, str_of(across));
    for (size_t i = row->first; i < row->behind; i++) {
        const struct rich_piece *p = &all->pieces.v[i];
        if (piece_leads(p))
            form_item(x->f, p->tone, p->text);
        else
            form_say(x->f, p->tone, p->text);
        if (p->goes == GOES_LINK)
            form_link(x->f, p->to);
    }
}

static int row_width(const struct rich *all, const struct rich_line *row)
{
    int width = 2 * row->quote + row->indent;
    for (size_t i = row->first; i < row->behind; i++)
        width += glyphs_width(all->pieces.v[i].text);
    return width;
}

/* The first row stands behind the name if it fits there, the others below. */
static void add_comment(const struct filling *x, const struct line *l)
{
    char age[AGE_MAX];
    struct look look = {0};
    struct look_want want = want_of(x, l);
    struct form_row *row = form_add(x->f, CARD_ROW_SAID + l->seq, "");
    row->is_wide = true;
    row->state = l->waits ? FORM_PENDING : FORM_SAVED;
    age_of(model_server_now(x->m) - l->time, age);
    const struct person *p = replica_person(x->r, l->author);
    const char *program = p && p->bot ? " bot" : "";
    form_say(x->f, TONE_PERSON, l->author);
    form_say(x->f, TONE_DIM, str_of(program));
    form_fmt(x->f, TONE_TIME, " %s  ", age);
    int left = want.width - glyphs_width(l->author) - (int)(strlen(program) + strlen(age)) - 3;
    look_make(&want, &look);
    for (size_t i = 0; i < look.rows.lines.n; i++) {
        const struct rich_line *r = &look.rows.lines.v[i];
        if (i > 0 || row_width(&look.rows, r) > left)
            form_say(x->f, TONE_TEXT, STR("\n"));
        say_row(x, &look.rows, r);
    }
    look_finish(&look);
}

/* Who writes one at this moment. */
static void say_who_types(const struct filling *x)
{
    const char *before = "";
    if (!x->m->people.opts.show_typing)
        return;
    vec_each (s, &x->r->showing) {
        if (s->typing_until <= x->m->now || s->typing_task != x->c->number ||
            str_is(str_of(s->user), x->m->session.user) || strcmp(s->user, before) == 0)
            continue;
        before = s->user;
        form_say(x->f, TONE_TEXT, STR("  "));
        form_say(x->f, TONE_PERSON, str_of(s->user));
        form_say(x->f, TONE_DIM, STR(" is typing"));
    }
}

static void add_comments(const struct filling *x)
{
    struct comments found = {0};
    bool more = x->m->here->card_pane.comments.more;
    find_comments(x, &found);
    form_add(x->f, CARD_ROW_COMMENTS, "Comments");
    if (found.v.n == 0)
        say_none(x, "none yet");
    else
        form_fmt(x->f, TONE_DIM, "%zu%s", found.v.n, more ? "+" : "");
    say_who_types(x);
    vec_each (l, &found.v)
        add_comment(x, *l);
    vec_finish(&found.v);
    if (more) {
        form_add(x->f, CARD_ROW_OLDER, "")->is_wide = true;
        form_say(x->f, TONE_DIM, STR("older ones"));
    }
}

/* ---- what was done ---- */

static void add_done(const struct filling *x)
{
    const struct card_page *p = &x->m->here->card_pane.done;
    form_add(x->f, CARD_ROW_DONE, "Activity");
    if (!p->is_known && p->items.n == 0)
        say_none(x, p->is_refused ? "the server did not give it"
                    : x->m->session.state == SESSION_ONLINE && x->c->number > 0
                        ? "on its way"
                        : "kept by the server, and there is no connection");
    for (size_t i = p->items.n; i-- > 0;) {
        const struct feed_item *f = &p->items.v[i];
        char age[AGE_MAX];
        form_add(x->f, CARD_ROW_EVENT + f->seq, "")->is_wide = true;
        age_of(model_server_now(x->m) - f->time, age);
        form_say(x->f, TONE_PERSON, str_of(f->author));
        form_fmt(x->f, TONE_TIME, " %s  ", age);
        form_say(x->f, TONE_DIM, str_of(f->text));
    }
}

void card_form(const struct model *m, const struct card *c, int width, struct form *f)
{
    struct filling x = {m, model_replica(m), c, f, width};
    add_title(&x);
    add_column(&x);
    add_priority(&x);
    add_due(&x);
    add_set(&x, CARD_ROW_ASSIGNEES, "Assignees", CARD_ASSIGNEE, TONE_PERSON, "nobody");
    add_set(&x, CARD_ROW_LABELS, "Labels", CARD_LABEL, TONE_LABEL, "none");
    add_blockers(&x);
    add_progress(&x, &m->here->card_pane.boxes);
    add_description(&x);
    add_comments(&x);
    add_done(&x);
}

/* ---- on screen ---- */

bool card_spots_of(const struct model *m, const struct layout *l, struct card_spots *out)
{
    const struct card *c = card_shown(m);
    if (!c || rect_is_empty(l->beside) || model_beside(m) != BESIDE_CARD)
        return false;
    *out = (struct card_spots){.form = l->beside};
    out->form.w = MIN(out->form.w, CARD_VIEW_MAX);
    card_form(m, c, out->form.w, &out->content);
    form_lines_of(&out->content, out->form.w, &out->lines);
    return true;
}

void card_spots_finish(struct card_spots *s)
{
    form_lines_finish(&s->lines);
    form_finish(&s->content);
}

bool card_piece(const struct model *m, const struct line *l, int width, int place,
                struct look *look, const struct rich_piece **out)
{
    struct filling x = {.m = m, .r = model_replica(m), .width = width};
    struct look_want want = want_of(&x, l);
    look_make(&want, look);
    vec_each (p, &look->rows.pieces)
        if (piece_leads(p) && --place == 0) {
            *out = p;
            return true;
        }
    return false;
}
