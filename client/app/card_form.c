#include "card_form.h"

#include "badges.h"
#include "day.h"
#include "markdown.h"

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
};

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
        vec_each (s, &spans.spans) {
            form_say(f, TONE_TEXT, (struct str){line.p + at, s->start - at});
            struct str part = {line.p + s->start, s->end - s->start};
            form_say(f, s->kind == MD_USER ? TONE_PERSON : TONE_MARKDOWN + (int)s->kind, part);
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

struct comment {
    int64_t id, time;
    struct str author, text; /* text: of a deleted one, who did it */
    bool waits, is_deleted;
};
struct comments {
    VEC(struct comment) v;
};

static void find_waiting(const struct filling *x, struct comments *out)
{
    for (size_t i = x->r->pending.n; i-- > 0;) {
        const struct pending *p = x->r->pending.v[i];
        const struct msg_message_post *post = &p->msg.message_post;
        if (p->msg.type == MSG_MESSAGE_POST && post->task &&
            replica_number_of(x->r, post->task) == x->c->number)
            vec_push(&out->v, (struct comment){.time = p->time,
                                               .author = str_of(x->m->session.user),
                                               .text = post->text,
                                               .waits = true});
    }
}

/* Without a page of the server: those that the chat holds. */
static void find_in_chat(const struct filling *x, struct comments *out)
{
    for (size_t i = x->r->lines.n; i-- > 0;) {
        const struct line *l = x->r->lines.v[i];
        if (l->task && l->task == x->c->number)
            vec_push(&out->v,
                     (struct comment){.id = CARD_ROW_EVENT + l->seq,
                                      .time = l->time,
                                      .author = l->author,
                                      .text = l->deleted[0] ? str_of(l->deleted) : l->text,
                                      .is_deleted = l->deleted[0]});
    }
}

/* Newest first; what waits is newer than all. */
static void find_comments(const struct filling *x, struct comments *out)
{
    const struct card_page *p = &x->m->here->card_pane.comments;
    find_waiting(x, out);
    if (!p->is_known) {
        find_in_chat(x, out);
        return;
    }
    for (size_t i = p->items.n; i-- > 0;) {
        const struct feed_item *f = &p->items.v[i];
        vec_push(&out->v, (struct comment){.id = CARD_ROW_EVENT + f->seq,
                                           .time = f->time,
                                           .author = str_of(f->author),
                                           .text = str_of(f->text),
                                           .is_deleted = f->type == MSG_MESSAGE_DELETED});
    }
}

static void add_comment(const struct filling *x, const struct comment *c)
{
    char age[AGE_MAX];
    struct form_row *row = form_add(x->f, c->id, "");
    row->is_wide = true;
    row->state = c->waits ? FORM_PENDING : FORM_SAVED;
    age_of(model_server_now(x->m) - c->time, age);
    form_say(x->f, TONE_PERSON, c->author);
    form_fmt(x->f, TONE_TIME, " %s  ", age);
    if (c->is_deleted)
        form_fmt(x->f, TONE_DIM, "deleted by %.*s", STR_ARG(c->text));
    else
        say_markdown(x->f, c->text, SIZE_MAX);
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
    vec_each (c, &found.v)
        add_comment(x, c);
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
        say_none(x, x->m->session.state == SESSION_ONLINE && x->c->number > 0
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

void card_form(const struct model *m, const struct card *c, struct form *f)
{
    struct filling x = {m, model_replica(m), c, f};
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
    card_form(m, c, &out->content);
    form_lines_of(&out->content, out->form.w, &out->lines);
    return true;
}

void card_spots_finish(struct card_spots *s)
{
    form_lines_finish(&s->lines);
    form_finish(&s->content);
}
