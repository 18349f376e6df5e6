#include "csv.h"
#include "import.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum place { TITLE, COLUMN, DESCRIPTION, LABELS, PEOPLE, DUE, PRIORITY, PLACES, IGNORED };

/* Headings as the exports of others have them. */
static const struct {
    const char *name;
    enum place place;
} headings[] = {
    {"title", TITLE},
    {"name", TITLE},
    {"card", TITLE},
    {"card name", TITLE},
    {"summary", TITLE},
    {"column", COLUMN},
    {"list", COLUMN},
    {"list name", COLUMN},
    {"status", COLUMN},
    {"description", DESCRIPTION},
    {"card description", DESCRIPTION},
    {"body", DESCRIPTION},
    {"labels", LABELS},
    {"label", LABELS},
    {"tags", LABELS},
    {"assignees", PEOPLE},
    {"assignee", PEOPLE},
    {"members", PEOPLE},
    {"due", DUE},
    {"due date", DUE},
    {"priority", PRIORITY},
};

static enum place place_of(struct str heading)
{
    for (size_t i = 0; i < COUNT_OF(headings); i++)
        if (heading.n == strlen(headings[i].name) &&
            strncasecmp(heading.p, headings[i].name, heading.n) == 0)
            return headings[i].place;
    return IGNORED;
}

/* Values parted by commas or semicolons. */
static void add_values(struct str_list *list, struct str rest)
{
    while (rest.n) {
        size_t n = 0;
        while (n < rest.n && rest.p[n] != ',' && rest.p[n] != ';')
            n++;
        struct str value = str_trim((struct str){rest.p, n});
        if (value.n)
            vec_push(list, value);
        n += n < rest.n;
        rest = (struct str){rest.p + n, rest.n - n};
    }
}

static void put(struct import *i, struct import_card *card, enum place place, struct str value)
{
    switch (place) {
    case TITLE:
        card->title = str_trim(value);
        break;
    case COLUMN:
        card->column = import_column(i, str_trim(value));
        break;
    case DESCRIPTION:
        card->description = value;
        break;
    case LABELS:
        add_values(&card->labels, value);
        break;
    case PEOPLE:
        add_values(&card->people, value);
        break;
    case DUE:
        card->due = str_trim(value);
        break;
    case PRIORITY:
        card->priority = str_trim(value);
        break;
    case PLACES:
    case IGNORED:
        break;
    }
}

static bool read_headings(struct import *i, const struct csv_row *row, enum place *places,
                          struct err *e)
{
    bool has_title = false;
    for (size_t k = 0; k < row->n; k++) {
        places[k] = place_of(str_trim(row->v[k]));
        has_title |= places[k] == TITLE;
        if (places[k] == IGNORED)
            vec_push(&i->ignored, str_trim(row->v[k]));
    }
    return has_title || fail(e, ERR_MALFORMED,
                             "the first line names no title: it says what is where, as "
                             "title,column,description,labels,assignees,due,priority");
}

bool import_csv(struct str text, struct import *out, struct err *e)
{
    struct csv_row row = {0};
    struct err why = {0};
    size_t line = 1;
    if (str_starts(text, "\xef\xbb\xbf"))
        text = (struct str){text.p + 3, text.n - 3};
    enum place *places = NULL;
    size_t n = 0;
    bool ok = true;
    while (ok && csv_next(&text, &line, &out->arena, &row, &why)) {
        if (!places) {
            n = row.n;
            places = arena_alloc(&out->arena, n * sizeof *places);
            ok = read_headings(out, &row, places, &why);
            continue;
        }
        struct import_card card = {0};
        for (size_t k = 0; k < MIN(n, row.n); k++)
            put(out, &card, places[k], row.v[k]);
        vec_push(&out->cards, card);
        if (!card.title.n)
            ok = fail(&why, ERR_MALFORMED, "line %zu: no title", row.line);
    }
    free(row.v);
    if (!why.code && !places)
        fail(&why, ERR_MALFORMED, "the file is empty");
    return !why.code || fail(e, why.code, "%s", why.text);
}
