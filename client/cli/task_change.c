/* moot task: what is done to cards, to one or to several at once. */
#include "cards.h"
#include "cli.h"
#include "day.h"
#include "task.h"
#include "utf8.h"
#include "verbs.h"

#include <string.h>

/* ---- several cards ---- */

enum { TASKS_AT_ONCE_MAX = 1000 };

struct numbers {
    int64_t *v;
    size_t n;
};

/* The cards of words first..end-1: 3, #4, or 5,6,7. */
static bool read_numbers(struct cli *c, size_t first, size_t end, struct numbers *out,
                         struct err *e)
{
    out->n = 0;
    out->v = arena_alloc(&c->arena, TASKS_AT_ONCE_MAX * sizeof *out->v);
    for (size_t i = first; i < end; i++) {
        for (struct str rest = c->words[i]; rest.p;) {
            if (out->n == TASKS_AT_ONCE_MAX)
                return fail(e, ERR_USAGE, "at most %d cards at once", TASKS_AT_ONCE_MAX);
            if (!cli_task(str_cut(&rest, ','), &out->v[out->n++], e))
                return false;
        }
    }
    return true;
}

/* One thing that is done to cards: requests that belong together. */
struct doing {
    struct cli *c;
    struct str room;
    int64_t batch;  /* id of the first request; 0: it is the only one */
    size_t refused; /* so many were, and that was said */
    struct err why; /* of the first of them */
};

static bool begin(struct doing *d, struct cli *c, struct err *e)
{
    *d = (struct doing){.c = c};
    return cli_room(c, c->words[0], &d->room, e) && cli_connect(c, e);
}

static bool is_of_one_card(enum err_code code)
{
    return code == ERR_NOT_FOUND || code == ERR_CONFLICT || code == ERR_LIMIT ||
           code == ERR_BAD_FIELD || code == ERR_EXISTS;
}

/* What is wrong with one card of several does not stop the others: *ok is empty then. False: it
 * is of no use to go on. */
static bool ask(struct doing *d, struct msg *m, bool several, struct msg_ok *ok, struct err *e)
{
    struct err why = {0};
    m->request.room = d->room;
    if (several && !d->batch)
        d->batch = conversation_session(d->c->talk)->next_id;
    m->request.batch = d->batch;
    *ok = (struct msg_ok){0};
    if (cli_request(d->c, m, ok, &why))
        return true;
    if (d->refused++ == 0)
        d->why = why;
    if (!several || !is_of_one_card(why.code)) {
        *e = why;
        return false;
    }
    cli_complain(&why);
    return true;
}

/* The exit status is that of the first refusal, which was said already. */
static bool end(struct doing *d, size_t n, struct err *e)
{
    if (d->refused == 0)
        return true;
    return fail(e, d->why.code, "%zu of %zu cards: nothing done", d->refused, n);
}

static bool each(struct cli *c, size_t first, size_t last, struct msg m, struct err *e)
{
    struct doing d;
    struct numbers cards;
    struct msg_ok ok;
    if (!read_numbers(c, first, last, &cards, e) || !begin(&d, c, e))
        return false;
    for (size_t i = 0; i < cards.n; i++) {
        struct msg one = m;
        one.task_archive.task = cards.v[i]; /* stands in front of each */
        if (!ask(&d, &one, cards.n > 1, &ok, e))
            return false;
        /* Those that follow come behind it, in their order. */
        if (m.type == MSG_TASK_MOVE && m.task_move.after != AFTER_END && ok.seq)
            m.task_move.after = cards.v[i];
    }
    return end(&d, cards.n, e);
}

/* ---- moving, archiving ---- */

/* The end of the column, or what --top and --after say. */
static bool read_place(struct cli *c, int64_t *after, struct err *e)
{
    bool placed = cli_is_given(c, "after");
    if (placed && c->options.top)
        return fail(e, ERR_USAGE, "--after and --top name two places");
    *after = placed ? c->options.after : c->options.top ? 0 : AFTER_END;
    return true;
}

bool task_move_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_TASK_MOVE, .task_move.column = c->words[c->n_words - 1]};
    return read_place(c, &m.task_move.after, e) && each(c, 1, c->n_words - 1, m, e);
}

bool task_archive_run(struct cli *c, struct err *e)
{
    return each(c, 1, c->n_words, (struct msg){.type = MSG_TASK_ARCHIVE}, e);
}

bool task_restore_run(struct cli *c, struct err *e)
{
    return each(c, 1, c->n_words, (struct msg){.type = MSG_TASK_RESTORE}, e);
}

/* ---- fields ---- */

struct changes {
    struct card_change v[CARD_CHANGES_MAX];
    size_t n;
};

static bool add_change(struct changes *to, struct card_change change, struct str word,
                       struct err *e)
{
    struct err why = {0};
    if (to->n == CARD_CHANGES_MAX)
        return fail(e, ERR_USAGE, "at most %d values at once", CARD_CHANGES_MAX);
    if (!card_change_check(&change, &why))
        return fail(e, ERR_USAGE, "'%.*s': %s", (int)MIN(word.n, (size_t)60), word.p, why.text);
    to->v[to->n++] = change;
    return true;
}

/* A day as people say it becomes one as cards have it. */
static bool said_day(struct cli *c, struct str word, struct str *out, struct err *e)
{
    int64_t now, day;
    char text[DAY_TEXT_MAX];
    if (!day_read(task_today(c), &now) || !day_said(word, now, &day))
        return fail(e, ERR_USAGE, "'%.*s' is no due date: " DAY_FORMS ", or none",
                    (int)MIN(word.n, (size_t)60), word.p);
    day_print(day, text);
    *out = str_keep(&c->arena, str_of(text));
    return true;
}

/* A value: none clears a field that has one. */
static bool add_word(struct cli *c, struct changes *to, enum card_field f, struct str word,
                     bool remove, struct err *e)
{
    struct card_change change = {f, word, f >= CARD_SCALARS && remove};
    if (f < CARD_SCALARS && str_is(word, "none"))
        change.value = (struct str){0};
    else if (f == CARD_DUE && !said_day(c, word, &change.value, e))
        return false;
    return add_change(to, change, word, e);
}

/* In a list a minus stands in front of what is taken off. */
static bool add_item(struct cli *c, struct changes *to, enum card_field f, struct str word,
                     struct err *e)
{
    bool gone = f >= CARD_SCALARS && word.n > 1 && word.p[0] == '-';
    if (gone)
        word = (struct str){word.p + 1, word.n - 1};
    return add_word(c, to, f, word, gone, e);
}

/* Sends an edit; where somebody else was there first, what was not stored is said too. */
static bool send_edit(struct doing *d, struct msg_task_edit q, const struct changes *changes,
                      bool several, struct err *e)
{
    struct cli *c = d->c;
    struct msg m = {.type = MSG_TASK_EDIT, .task_edit = q};
    struct change_list items = cards_items(changes->v, changes->n, &c->arena);
    struct msg_ok ok;
    struct err why = {0};
    m.task_edit.seen = cli_is_given(c, "seen") ? c->options.seen : -1;
    m.task_edit.changes.v = items.v;
    m.task_edit.changes.n = items.n;
    if (ask(d, &m, several, &ok, &why))
        return true;
    struct str mine = q.title.n ? q.title : changes->v[0].value;
    if (why.code == ERR_CONFLICT && cli_is_given(c, "seen"))
        return fail(e, why.code, "%s; not stored: %.*s", why.text, STR_ARG(mine));
    *e = why;
    return false;
}

static bool edit_all(struct cli *c, const struct numbers *cards, struct str title,
                     const struct changes *changes, struct err *e)
{
    struct doing d;
    if (!begin(&d, c, e))
        return false;
    for (size_t i = 0; i < cards->n; i++)
        if (!send_edit(&d, (struct msg_task_edit){.task = cards->v[i], .title = title}, changes,
                       cards->n > 1, e))
            return false;
    return end(&d, cards->n, e);
}

/* All words behind the cards are values of one field. */
static bool set_field(struct cli *c, enum card_field f, struct err *e)
{
    struct numbers cards;
    struct changes changes = {0};
    for (size_t i = 2; i < c->n_words; i++)
        if (!add_word(c, &changes, f, c->words[i], c->options.remove, e))
            return false;
    return read_numbers(c, 1, 2, &cards, e) &&
           edit_all(c, &cards, (struct str){0}, &changes, e);
}

bool task_assign_run(struct cli *c, struct err *e)
{
    return set_field(c, CARD_ASSIGNEE, e);
}

bool task_label_run(struct cli *c, struct err *e)
{
    return set_field(c, CARD_LABEL, e);
}

bool task_block_run(struct cli *c, struct err *e)
{
    return set_field(c, CARD_BLOCKER, e);
}

bool task_due_run(struct cli *c, struct err *e)
{
    return set_field(c, CARD_DUE, e);
}

bool task_priority_run(struct cli *c, struct err *e)
{
    return set_field(c, CARD_PRIORITY, e);
}

/* What the options say of fields, values of sets parted by commas. */
static bool read_fields(struct cli *c, struct changes *to, struct err *e)
{
    const struct {
        const char *text;
        enum card_field field;
    } rows[] = {
        {c->options.priority, CARD_PRIORITY}, {c->options.due, CARD_DUE},
        {c->options.assign, CARD_ASSIGNEE},   {c->options.label, CARD_LABEL},
        {c->options.block, CARD_BLOCKER},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str rest = str_of(rows[i].text);
        while (rest.n)
            if (!add_item(c, to, rows[i].field, str_cut(&rest, ','), e))
                return false;
    }
    return true;
}

/* The new title: behind the cards, or as an option. */
static bool read_title(struct cli *c, struct str *title, struct err *e)
{
    bool given = cli_is_given(c, "title");
    *title = str_of(c->options.title);
    if (given && c->n_words > 2)
        return fail(e, ERR_USAGE, "--title and the words behind the card are two titles");
    return c->n_words <= 2 || cli_text(c, 2, TITLE_MAX, "title", title, e);
}

bool task_edit_run(struct cli *c, struct err *e)
{
    struct numbers cards;
    struct changes changes = {0};
    struct str title;
    if (!read_title(c, &title, e) || !read_fields(c, &changes, e) ||
        !read_numbers(c, 1, 2, &cards, e))
        return false;
    if (!title.n && !changes.n)
        return fail(e, ERR_USAGE, "nothing to change: a title, or --due, --label and others");
    return edit_all(c, &cards, title, &changes, e);
}

/* ---- adding ---- */

/* The titles: one, or with a single - each line of standard input. */
struct titles {
    struct str *v;
    size_t n;
};

static bool check_title(struct str title, size_t line, struct err *e)
{
    struct card_change change = {CARD_TITLE, title, false};
    struct err why = {0};
    if (card_change_check(&change, &why))
        return true;
    return fail(e, ERR_BAD_FIELD, "line %zu: %s", line, why.text);
}

static bool read_lines(struct cli *c, struct titles *out, struct err *e)
{
    struct str text;
    size_t line = 0;
    if (!cli_text(c, 1, TASKS_AT_ONCE_MAX * (TITLE_MAX + 2), "titles", &text, e))
        return false;
    out->v = arena_alloc(&c->arena, TASKS_AT_ONCE_MAX * sizeof *out->v);
    while (text.n) {
        struct str title = str_trim(str_cut(&text, '\n'));
        line++;
        if (!title.n)
            continue;
        if (!check_title(title, line, e))
            return false;
        if (out->n == TASKS_AT_ONCE_MAX)
            return fail(e, ERR_USAGE, "at most %d cards at once", TASKS_AT_ONCE_MAX);
        out->v[out->n++] = title;
    }
    return out->n || fail(e, ERR_BAD_FIELD, "titles: empty");
}

static bool read_titles(struct cli *c, struct titles *out, struct err *e)
{
    *out = (struct titles){0};
    if (c->n_words == 2 && str_is(c->words[1], "-"))
        return read_lines(c, out, e);
    out->v = arena_alloc(&c->arena, sizeof *out->v);
    out->n = 1;
    return cli_text(c, 1, TITLE_MAX, "title", out->v, e);
}

static bool add_one(struct doing *d, struct msg_task_add *add, const struct changes *changes,
                    bool several, struct err *e)
{
    struct msg m = {.type = MSG_TASK_ADD, .task_add = *add};
    struct msg_ok ok;
    if (!ask(d, &m, several, &ok, e))
        return false;
    if (!ok.number)
        return true;
    if (!d->c->out.json)
        print_fmt(&d->c->out, "%lld\n", (long long)ok.number);
    if (add->after != AFTER_END)
        add->after = ok.number; /* the next one comes behind it */
    return changes->n == 0 ||
           send_edit(d, (struct msg_task_edit){.task = ok.number}, changes, true, e);
}

bool task_add_run(struct cli *c, struct err *e)
{
    struct doing d;
    struct titles titles;
    struct changes changes = {0};
    struct msg_task_add add = {.column = str_of(c->options.column),
                               .after = c->options.top ? 0 : AFTER_END};
    if (!read_titles(c, &titles, e) || !read_fields(c, &changes, e) || !begin(&d, c, e))
        return false;
    for (size_t i = 0; i < titles.n; i++) {
        add.title = titles.v[i];
        if (!add_one(&d, &add, &changes, titles.n > 1 || changes.n, e))
            return false;
    }
    return end(&d, titles.n, e);
}

/* ---- comments ---- */

bool task_comment_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_MESSAGE_POST};
    m.message_post.reply = c->options.reply;
    struct msg_ok ok;
    return cli_room(c, c->words[0], &m.request.room, e) &&
           cli_task(c->words[1], &m.message_post.task, e) &&
           cli_text(c, 2, TEXT_MAX, "message", &m.message_post.text, e) && cli_connect(c, e) &&
           cli_request(c, &m, &ok, e);
}
