#include "picker.h"

#include "fold.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

void picker_close(struct picker *p)
{
    lineedit_finish(&p->line);
    vec_finish(&p->items);
    vec_finish(&p->shown);
    arena_finish(&p->arena);
    arena_finish(&p->made_arena);
    *p = (struct picker){0};
}

void picker_open(struct picker *p, struct str title, bool several)
{
    picker_close(p);
    p->is_open = true;
    p->several = several;
    p->title = str_keep(&p->arena, title);
    p->line.max = PICKER_QUERY_MAX;
}

void picker_add(struct picker *p, struct str text, struct str note, struct str value, int tone,
                bool is_on)
{
    if (p->items.n >= PICKER_ITEMS_MAX)
        return;
    vec_push(&p->items, (struct pick_item){str_keep(&p->arena, text), str_keep(&p->arena, note),
                                           str_keep(&p->arena, value), tone, is_on});
}

/* ---- what fits ---- */

enum { FIT = 1, IN_A_ROW = 8, AT_START = 4, AT_WORD = 8, WHOLE = 16 };

static bool is_gap(uint32_t cp)
{
    return cp == ' ' || cp == '-' || cp == '_' || cp == '.' || cp == '/' || cp == '#' ||
           cp == ':' || cp == '@' || cp == '+';
}

/* Letter by letter, each at the first place behind the one before; the first one at the front
 * of text, behind `before`. A letter that begins a word, and one that stands next to the one
 * before, say more than one in the middle of anything. */
static int score_from(struct str query, struct str text, uint32_t before)
{
    uint32_t wanted, cp;
    int score = 1;
    bool in_a_row = false;
    size_t n = utf8_next(query, &wanted), k;
    for (; n && (k = utf8_next(text, &cp)); text.p += k, text.n -= k) {
        bool fits = fold_char(cp) == fold_char(wanted);
        if (fits) {
            score += FIT + (in_a_row ? IN_A_ROW : 0) + (is_gap(before) ? AT_WORD : 0);
            query.p += n, query.n -= n;
            n = utf8_next(query, &wanted);
        }
        in_a_row = fits;
        before = cp;
    }
    return query.n ? 0 : score;
}

/* Without the signs that names stand behind or between: @ana, #core, :tada:. */
static struct str bare(struct str name)
{
    while (name.n > 1 && strchr("@#:", name.p[0]))
        name.p++, name.n--;
    while (name.n > 1 && name.p[name.n - 1] == ':')
        name.n--;
    return name;
}

static bool is_same(struct str a, struct str b)
{
    uint32_t x, y;
    size_t n = 1, k = 1;
    while (a.n && b.n && (n = utf8_next(a, &x)) && (k = utf8_next(b, &y)) &&
           fold_char(x) == fold_char(y)) {
        a.p += n, a.n -= n;
        b.p += k, b.n -= k;
    }
    return a.n == 0 && b.n == 0;
}

/* Does the query stand there as a whole, between blanks? */
static bool has_whole(struct str query, struct str text)
{
    query = bare(query);
    while (text.n)
        if (is_same(query, bare(str_cut(&text, ' '))))
            return true;
    return false;
}

int fuzzy_score(struct str query, struct str text)
{
    struct str all = text;
    uint32_t first, cp, before = ' ';
    int best = 0;
    bool at_start = true;
    if (!utf8_next(query, &first))
        return 1;
    for (size_t k; (k = utf8_next(text, &cp)); text.p += k, text.n -= k) {
        int score = fold_char(cp) == fold_char(first) ? score_from(query, text, before) : 0;
        if (score)
            best = MAX(best, score + (at_start ? AT_START : 0));
        else if (fold_char(cp) == fold_char(first))
            break; /* not from here, so from nowhere further on */
        at_start = false;
        before = cp;
    }
    return best + (best && has_whole(query, all) ? WHOLE : 0);
}

/* Each word of what is typed must fit, in the text or the note. */
static int score_of(const struct pick_item *item, struct str query)
{
    int score = 1;
    while (query.n) {
        struct str word = str_cut(&query, ' ');
        int in_text = fuzzy_score(word, item->text), in_note = fuzzy_score(word, item->note);
        if (word.n == 0)
            continue;
        if (!in_text && !in_note)
            return 0;
        score += MAX(2 * in_text, in_note);
    }
    return score;
}

struct scored {
    int score;
    size_t item;
};

static int by_score(const void *a, const void *b)
{
    const struct scored *x = a, *y = b;
    return x->score != y->score ? (x->score < y->score ? 1 : -1) : x->item < y->item ? -1 : 1;
}

void picker_filter(struct picker *p)
{
    VEC(struct scored) fit = {0};
    struct str query = lineedit_text(&p->line);
    for (size_t i = 0; i < p->items.n; i++) {
        int score = score_of(&p->items.v[i], query);
        if (score)
            vec_push(&fit, (struct scored){score, i});
    }
    if (fit.n && query.n)
        qsort(fit.v, fit.n, sizeof *fit.v, by_score);
    p->shown.n = 0;
    vec_each (s, &fit)
        vec_push(&p->shown, s->item);
    vec_finish(&fit);
    p->made = (struct pick_item){0};
    arena_clear(&p->made_arena);
    p->at = 0;
}

void picker_make(struct picker *p, struct str text, struct str note, struct str value)
{
    struct arena *a = &p->made_arena;
    p->made = (struct pick_item){str_keep(a, text), str_keep(a, note), str_keep(a, value),
                                 TONE_MARK, false};
}

bool picker_has(const struct picker *p, struct str text)
{
    vec_each (i, &p->items)
        if (str_eq(i->text, text))
            return true;
    return false;
}

bool picker_has_value(const struct picker *p, struct str value)
{
    vec_each (item, &p->items)
        if (str_eq(item->value, value))
            return true;
    return false;
}

/* ---- stepping ---- */

size_t picker_count(const struct picker *p)
{
    return p->shown.n + (p->made.text.n > 0);
}

const struct pick_item *picker_shown(const struct picker *p, size_t i)
{
    if (i < p->shown.n)
        return &p->items.v[p->shown.v[i]];
    return i < picker_count(p) ? &p->made : NULL;
}

const struct pick_item *picker_selected(const struct picker *p)
{
    return picker_shown(p, p->at);
}

void picker_toggle(struct picker *p)
{
    if (p->at < p->shown.n)
        p->items.v[p->shown.v[p->at]].is_on = !p->items.v[p->shown.v[p->at]].is_on;
}

void picker_step(struct picker *p, int by)
{
    size_t n = picker_count(p), far = (size_t)abs(by);
    if (n)
        p->at = by < 0 ? p->at - MIN(p->at, far) : MIN(p->at + far, n - 1);
}

size_t picker_first(const struct picker *p, int height)
{
    size_t h = (size_t)MAX(height, 1);
    return p->at >= h ? p->at - h + 1 : 0;
}
