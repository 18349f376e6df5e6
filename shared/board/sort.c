#include "sort.h"

#include <stdlib.h>
#include <string.h>

const struct card_sort_row card_sorts[SORT_COUNT] = {
    [SORT_ORDER] = {"order", "As the board has them."},
    [SORT_DUE] = {"due", "What is due first comes first."},
    [SORT_PRIORITY] = {"priority", "What is most urgent comes first."},
    [SORT_ASSIGNEE] = {"assignee", "By the name of whom they are assigned to."},
    [SORT_NUMBER] = {"number", "What was added first comes first."},
    [SORT_UPDATED] = {"updated", "What something was done to last comes first."},
};

bool card_sort_named(struct str name, enum card_sort *out, struct err *e)
{
    struct buf all = {0};
    for (int i = 0; i < SORT_COUNT; i++) {
        if (str_is(name, card_sorts[i].name)) {
            *out = (enum card_sort)i;
            buf_finish(&all);
            return true;
        }
        buf_fmt(&all, "%s%s",
                i == 0               ? ""
                : i + 1 < SORT_COUNT ? ", "
                                     : " or ",
                card_sorts[i].name);
    }
    fail(e, ERR_USAGE, "'%.*s' is no order of cards: %s", (int)MIN(name.n, (size_t)40),
         name.n ? name.p : "", buf_cstr(&all));
    buf_finish(&all);
    return false;
}

/* What a card is sorted by, found once for each. */
struct place {
    struct card *card;
    size_t at;
    bool is_last; /* it lacks what is asked for */
    struct str text;
    int64_t number;
};

static struct str first_value(const struct card *c, enum card_field f)
{
    for (size_t i = 0; i < c->values.n; i++)
        if (c->values.v[i].field == f)
            return str_of(c->values.v[i].value);
    return (struct str){0};
}

static struct place place_of(struct card *c, size_t at, enum card_sort by)
{
    struct place p = {.card = c, .at = at};
    switch (by) {
    case SORT_DUE:
        p.text = card_scalar(c, CARD_DUE);
        p.is_last = !p.text.n;
        break;
    case SORT_PRIORITY:
        p.number = -card_priority_rank(card_scalar(c, CARD_PRIORITY));
        break;
    case SORT_ASSIGNEE:
        p.text = first_value(c, CARD_ASSIGNEE);
        p.is_last = !p.text.n;
        break;
    case SORT_NUMBER:
        p.is_last = c->number < 0; /* it gets the next one */
        p.number = p.is_last ? -c->number : c->number;
        break;
    case SORT_UPDATED:
        p.is_last = c->number > 0 && c->changed == 0; /* what has no number yet is the newest */
        p.number = c->number > 0 ? -c->changed : INT64_MIN;
        break;
    case SORT_ORDER:
    case SORT_COUNT:
        break;
    }
    return p;
}

static int compare(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int text = str_cmp(x->text, y->text);
    if (x->is_last != y->is_last)
        return x->is_last ? 1 : -1;
    if (text)
        return text;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return x->at < y->at ? -1 : 1;
}

void card_sort(struct card **v, size_t n, enum card_sort by)
{
    if (by == SORT_ORDER || n < 2)
        return;
    struct place *places = mem_new(n * sizeof *places);
    for (size_t i = 0; i < n; i++)
        places[i] = place_of(v[i], i, by);
    qsort(places, n, sizeof *places, compare);
    for (size_t i = 0; i < n; i++)
        v[i] = places[i].card;
    free(places);
}
