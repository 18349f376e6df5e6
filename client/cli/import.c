/* moot import: a board from the export of another program. */
#include "import.h"

#include "cards.h"
#include "cli.h"
#include "file.h"
#include "utf8.h"
#include "verbs.h"

#include <stdlib.h>
#include <string.h>

enum { IMPORT_BYTES_MAX = 64 * 1024 * 1024 };

struct importer {
    struct cli *c;
    struct str room;
    const struct replica *r;
    struct import from;
    struct buf rest; /* of the card at hand: what has no field, for its description */
    size_t cards, archived;
};

/* ---- what fits into a field, and what does not ---- */

/* One line of at most so many bytes, without what may not reach a terminal. */
static struct str one_line(struct importer *im, struct str text, size_t most, bool *whole)
{
    struct buf line = {0};
    *whole = true;
    text = str_trim(text);
    while (text.n) {
        uint32_t cp;
        size_t n = utf8_next(text, &cp);
        if (!n)
            break;
        bool unsafe = utf8_is_unsafe(cp) || cp == '\n' || cp == '\t';
        if (line.n + n > most) {
            *whole = false;
            break;
        }
        if (unsafe)
            buf_add_c(&line, ' ');
        else
            buf_add(&line, text.p, n);
        text = (struct str){text.p + n, text.n - n};
    }
    struct str kept = str_keep(&im->c->arena, buf_str(&line));
    buf_finish(&line);
    return kept;
}

/* Said in the description: nothing that was written is left out. */
static void say(struct importer *im, const char *what, struct str value)
{
    buf_fmt(&im->rest, "%s: %.*s\n", what, STR_ARG(value));
}

struct changes {
    struct card_change v[CARD_CHANGES_MAX];
    size_t n;
};

static void add_change(struct importer *im, struct changes *to, enum card_field field,
                       struct str value, struct str written)
{
    struct card_change change = {.field = field, .value = value};
    if (to->n < COUNT_OF(to->v) && card_change_check(&change, NULL))
        to->v[to->n++] = change;
    else
        say(im, card_fields[field].name, written);
}

/* A label has no blanks and no commas. */
static struct str as_label(struct importer *im, struct str name)
{
    bool whole;
    struct str line = one_line(im, name, CARD_LABEL_MAX, &whole);
    char *label = str_dup(line);
    for (size_t i = 0; i < line.n; i++)
        if (label[i] == ' ' || label[i] == ',')
            label[i] = '-';
    struct str kept = str_keep(&im->c->arena, (struct str){label, line.n});
    free(label);
    return whole ? kept : (struct str){0};
}

static bool is_member(const struct importer *im, struct str user)
{
    const struct person *p = replica_person(im->r, user);
    return p && p->role != ROLE_NONE;
}

static struct str lower(struct importer *im, struct str word)
{
    struct buf out = {0};
    for (size_t i = 0; i < word.n; i++)
        buf_add_c(&out,
                  word.p[i] >= 'A' && word.p[i] <= 'Z' ? (char)(word.p[i] | 32) : word.p[i]);
    struct str kept = str_keep(&im->c->arena, buf_str(&out));
    buf_finish(&out);
    return kept;
}

static struct changes fields_of(struct importer *im, const struct import_card *card)
{
    struct changes to = {0};
    struct str day = {card->due.p, MIN(card->due.n, strlen("2026-01-31"))};
    if (card->due.n)
        add_change(im, &to, CARD_DUE, day, card->due);
    if (card->priority.n)
        add_change(im, &to, CARD_PRIORITY, lower(im, card->priority), card->priority);
    vec_each (label, &card->labels)
        add_change(im, &to, CARD_LABEL, as_label(im, *label), *label);
    vec_each (user, &card->people) {
        if (is_member(im, *user))
            add_change(im, &to, CARD_ASSIGNEE, *user, *user);
        else
            say(im, "assignee", *user);
    }
    return to;
}

/* ---- sending ---- */

static bool request(struct importer *im, struct msg *m, struct msg_ok *ok, struct err *e)
{
    m->request.room = im->room;
    return conversation_request(im->c->talk, m, ok, e);
}

static bool add_columns(struct importer *im, struct err *e)
{
    vec_each (name, &im->from.columns) {
        bool whole;
        struct msg_ok ok;
        *name = one_line(im, *name, COLUMN_NAME_MAX, &whole);
        if (board_column(&im->r->board, *name) >= 0)
            continue;
        struct msg m = {.type = MSG_COLUMN_ADD};
        m.column_add.name = *name;
        if (!request(im, &m, &ok, e))
            return false;
    }
    return true;
}

static bool set_fields(struct importer *im, int64_t number, const struct changes *set,
                       struct err *e)
{
    struct msg m = {.type = MSG_TASK_EDIT};
    struct msg_ok ok;
    struct change_list items = cards_items(set->v, set->n, &im->c->arena);
    m.task_edit.task = number;
    m.task_edit.seen = -1;
    m.task_edit.changes.v = items.v;
    m.task_edit.changes.n = items.n;
    return !set->n || request(im, &m, &ok, e);
}

static bool describe(struct importer *im, int64_t number, struct str description, struct err *e)
{
    struct buf text = {0};
    struct op o = {0};
    buf_add_str(&text, description);
    if (text.n && im->rest.n)
        buf_add_str(&text, STR("\n\n"));
    buf_add_str(&text, buf_str(&im->rest));
    bool ok = true;
    if (text.n) {
        struct doc *d = conversation_text(im->c->talk, im->room, number, e);
        op_insert(&o, buf_str(&text));
        ok = d && conversation_edit(im->c->talk, d, &o, true, e);
    }
    op_finish(&o);
    buf_finish(&text);
    return ok;
}

static bool archive(struct importer *im, int64_t number, struct err *e)
{
    struct msg m = {.type = MSG_TASK_ARCHIVE};
    struct msg_ok ok;
    m.task_archive.task = number;
    return request(im, &m, &ok, e);
}

static bool add_card(struct importer *im, const struct import_card *card, struct err *e)
{
    struct msg m = {.type = MSG_TASK_ADD};
    struct msg_ok ok;
    bool whole;
    buf_clear(&im->rest);
    struct str column = one_line(im, card->column, COLUMN_NAME_MAX, &whole);
    m.task_add.title = one_line(im, card->title, TITLE_MAX, &whole);
    m.task_add.column = board_column(&im->r->board, column) >= 0 ? column : (struct str){0};
    m.task_add.after = AFTER_END;
    if (!whole)
        say(im, "title", card->title);
    if (!m.task_add.title.n)
        m.task_add.title = STR("(no title)");
    if (!request(im, &m, &ok, e))
        return false;
    int64_t number = ok.number;
    struct changes set = fields_of(im, card);
    if (!set_fields(im, number, &set, e) || !describe(im, number, card->description, e) ||
        (card->archived && !archive(im, number, e)))
        return false;
    im->cards++;
    im->archived += card->archived;
    return true;
}

static bool send_all(struct importer *im, struct err *e)
{
    bool all = im->c->options.all;
    struct err why = {0};
    if (!add_columns(im, e))
        return false;
    vec_each (card, &im->from.cards) {
        if (card->archived && !all)
            im->archived++;
        else if (!add_card(im, card, &why))
            return fail(e, why.code, "card '%.*s': %s; %zu of %zu cards were imported",
                        (int)MIN(card->title.n, (size_t)60), card->title.p, why.text, im->cards,
                        im->from.cards.n);
    }
    return true;
}

/* ---- the verb ---- */

static bool read_export(struct importer *im, struct buf *file, struct err *e)
{
    struct str path = im->c->words[1];
    struct err why = {0};
    im->c->has_read = true;
    if (!file_read_text(path.p, IMPORT_BYTES_MAX, file, e))
        return false;
    struct str text = buf_str(file), begin = str_trim(text);
    bool ok = str_starts(begin, "{") ? import_trello(text, &im->from, &why)
                                     : import_csv(text, &im->from, &why);
    return ok || fail(e, why.code, "%s: %s", path.p, why.text);
}

static void report(struct importer *im)
{
    vec_each (name, &im->from.ignored)
        cli_say("the column '%.*s' of the file has no place on a card, and was left out",
                STR_ARG(*name));
    if (im->archived && !im->c->options.all)
        cli_say("%zu archived cards were left out; --all takes them too", im->archived);
    if (!im->c->out.json)
        print_fmt(&im->c->out, "%zu\n", im->cards);
}

bool import_run(struct cli *c, struct err *e)
{
    struct importer im = {.c = c};
    struct buf file = {0};
    bool ok = cli_room(c, c->words[0], &im.room, e) && read_export(&im, &file, e) &&
              cli_connect(c, e) && (im.r = conversation_open(c->talk, im.room, e)) &&
              send_all(&im, e);
    if (ok)
        report(&im);
    import_finish(&im.from);
    buf_finish(&im.rest);
    buf_finish(&file);
    return ok;
}
