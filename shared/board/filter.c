#include "filter.h"

#include "fold.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

enum compare { IS, BELOW, UP_TO, ABOVE, FROM };

enum kind {
    TITLE_HAS,
    ASSIGNED,
    LABELLED,
    DUE,
    DUE_NONE,
    PRIORITY,
    PRIORITY_NONE,
    IN_COLUMN,
    BLOCKED,
    NUMBERED
};

struct filter_word {
    enum kind kind;
    bool negated;
    enum compare compare;
    struct str value; /* folded where case does not count */
    int64_t number;
};

const struct filter_term filter_terms[] = {
    {"@NAME", "Whom the card is assigned to; @me is oneself, @none nobody."},
    {"label:NAME", "A label it has; label:none for cards without one."},
    {"due:DAY",
     "The day it is due, as 2026-12-31, today, or 7d for in seven days; <, <=, > and >= "
     "in front of the day compare. due:overdue is due:<today, due:none has no day."},
    {"priority:NAME", "low, medium, high, urgent or none; <, <=, > and >= compare."},
    {"column:NAME", "The column it is in, or the beginning of its name."},
    {"blocked", "A card that blocks it is still on the board."},
    {"#NUMBER", "The card of that number."},
    {"WORD", "The title has it; \"several words\" in quotes."},
};
const size_t filter_terms_n = COUNT_OF(filter_terms);

/* ---- days ---- */

/* Days since 1970-01-01 of the proleptic Gregorian calendar, and back: years are counted from
 * March, so that the leap day is the last one. */
static int64_t day_number(int y, int m, int d)
{
    y -= m <= 2;
    int64_t era = y / 400, yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static struct str day_text(int64_t day, struct arena *a)
{
    day += 719468;
    int64_t era = day / 146097, doe = day - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int64_t d = doy - (153 * mp + 2) / 5 + 1, m = mp < 10 ? mp + 3 : mp - 9;
    return str_fmt(a, "%04lld-%02lld-%02lld", (long long)(yoe + era * 400 + (m <= 2)),
                   (long long)m, (long long)d);
}

/* today, 7d, 2026-12-31 */
static bool read_day(struct str word, struct str today, struct arena *a, struct str *day)
{
    int64_t n;
    int y, m, d;
    *day = word;
    if (str_is(word, "today")) {
        *day = today;
        return true;
    }
    if (word.n < 2 || word.p[word.n - 1] != 'd' ||
        !str_int((struct str){word.p, word.n - 1}, 0, 36500, &n))
        return card_due_is_valid(word);
    char text[16];
    snprintf(text, sizeof text, "%.*s", STR_ARG(today));
    bool ok = sscanf(text, "%d-%d-%d", &y, &m, &d) == 3;
    *day = ok ? day_text(day_number(y, m, d) + n, a) : today;
    return ok;
}

/* ---- parsing ---- */

static struct str fold(struct str s, struct arena *a)
{
    struct buf out = {0};
    while (s.n) {
        uint32_t cp;
        char bytes[4];
        size_t n = utf8_next(s, &cp);
        if (!n)
            break;
        buf_add(&out, bytes, utf8_put(bytes, fold_char(cp)));
        s = (struct str){s.p + n, s.n - n};
    }
    struct str kept = str_keep(a, buf_str(&out));
    buf_finish(&out);
    return kept;
}

static enum compare take_compare(struct str *s)
{
    static const struct {
        const char *sign;
        enum compare compare;
    } signs[] = {{"<=", UP_TO}, {">=", FROM}, {"<", BELOW}, {">", ABOVE}, {"=", IS}};
    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        if (!str_starts(*s, signs[i].sign))
            continue;
        size_t n = strlen(signs[i].sign);
        *s = (struct str){s->p + n, s->n - n};
        return signs[i].compare;
    }
    return IS;
}

struct parse {
    struct filter *f;
    struct filter_asker who;
    struct err *e;
};

static bool read_due(struct parse *p, struct filter_word *w, struct str value)
{
    w->kind = str_is(value, "none") ? DUE_NONE : DUE;
    if (w->kind == DUE_NONE)
        return true;
    if (str_is(value, "overdue")) {
        w->compare = BELOW;
        w->value = p->who.today;
        return true;
    }
    w->compare = take_compare(&value);
    return read_day(value, p->who.today, &p->f->arena, &w->value) ||
           fail(p->e, ERR_USAGE,
                "'due:%.*s' names no day: today, overdue, none, 7d (in seven days) or "
                "2026-12-31, with <, <=, > or >= in front",
                (int)MIN(value.n, (size_t)40), value.p);
}

static bool read_priority(struct parse *p, struct filter_word *w, struct str value)
{
    w->kind = str_is(value, "none") ? PRIORITY_NONE : PRIORITY;
    if (w->kind == PRIORITY_NONE)
        return true;
    w->compare = take_compare(&value);
    w->number = card_priority_rank(value);
    return w->number ||
           fail(p->e, ERR_USAGE,
                "'priority:%.*s' names no priority: low, medium, high, urgent or none, with <, "
                "<=, > or >= in front",
                (int)MIN(value.n, (size_t)40), value.p);
}

static bool read_set(struct filter_word *w, enum kind kind, struct str value)
{
    w->kind = kind;
    w->value = str_is(value, "none") ? (struct str){0} : value;
    return true;
}

static bool is_missing(struct parse *p, struct str word, struct str value)
{
    return !value.n && !fail(p->e, ERR_USAGE, "'%.*s' says not what", STR_ARG(word));
}

/* NAME:VALUE of the language. *is_named: false where word is none of it. */
static bool read_named(struct parse *p, struct filter_word *w, struct str word, bool *is_named)
{
    struct str value = word, name = str_cut(&value, ':');
    *is_named = value.p && (str_is(name, "due") || str_is(name, "priority") ||
                            str_is(name, "label") || str_is(name, "column"));
    if (!*is_named)
        return true;
    if (is_missing(p, word, value))
        return false;
    value = str_keep(&p->f->arena, value);
    if (str_is(name, "due"))
        return read_due(p, w, value);
    if (str_is(name, "priority"))
        return read_priority(p, w, value);
    if (str_is(name, "label"))
        return read_set(w, LABELLED, value);
    w->kind = IN_COLUMN;
    w->value = fold(value, &p->f->arena);
    return true;
}

static bool read_word(struct parse *p, struct filter_word *w, struct str word)
{
    struct arena *a = &p->f->arena;
    bool is_named;
    bool ok = read_named(p, w, word, &is_named);
    if (is_named)
        return ok;
    if (str_starts(word, "@")) {
        struct str user = {word.p + 1, word.n - 1};
        if (is_missing(p, word, user))
            return false;
        return read_set(w, ASSIGNED, str_is(user, "me") ? p->who.user : str_keep(a, user));
    }
    if (str_starts(word, "#") &&
        str_int((struct str){word.p + 1, word.n - 1}, 1, SEQ_MAX, &w->number)) {
        w->kind = NUMBERED;
        return true;
    }
    w->kind = str_is(word, "blocked") ? BLOCKED : TITLE_HAS;
    w->value = fold(word, a);
    return true;
}

/* The next word off *rest, without its minus and quotes; false at the end. */
static bool next_word(struct str *rest, struct str *word, bool *negated, bool *quoted)
{
    *rest = str_trim(*rest);
    if (!rest->n)
        return false;
    *negated = rest->n > 1 && rest->p[0] == '-';
    if (*negated)
        *rest = (struct str){rest->p + 1, rest->n - 1};
    *quoted = rest->n && rest->p[0] == '"';
    if (*quoted)
        *rest = (struct str){rest->p + 1, rest->n - 1};
    *word = str_cut(rest, *quoted ? '"' : ' ');
    return true;
}

/* What is borrowed of who asks has to outlive the call. */
static struct filter_asker keep_asker(struct filter *f, struct filter_asker who)
{
    return (struct filter_asker){str_keep(&f->arena, who.user), str_keep(&f->arena, who.today)};
}

static bool parse(struct filter *f, struct str text, struct filter_asker who, bool typing,
                  struct err *e)
{
    struct filter fresh = {0};
    struct str rest = text, word;
    bool negated, quoted, ok = true;
    who = keep_asker(&fresh, who);
    while (ok && next_word(&rest, &word, &negated, &quoted)) {
        struct filter_word *w = arena_alloc(&fresh.arena, sizeof *w);
        struct err why = {0};
        struct parse p = {&fresh, who, &why};
        w->negated = negated;
        if (quoted)
            w->value = fold(word, &fresh.arena);
        else
            ok = read_word(&p, w, word);
        if (!ok && typing && !rest.n) { /* it is still being written */
            ok = true;
            continue;
        }
        if (!ok)
            fail(e, why.code, "%s", why.text);
        else
            vec_push(&fresh.words, w);
    }
    if (!ok) {
        filter_finish(&fresh);
        return false;
    }
    filter_finish(f);
    *f = fresh;
    return true;
}

bool filter_parse(struct filter *f, struct str text, struct filter_asker who, struct err *e)
{
    return parse(f, text, who, false, e);
}

bool filter_parse_typed(struct filter *f, struct str text, struct filter_asker who,
                        struct err *e)
{
    return parse(f, text, who, true, e);
}

void filter_finish(struct filter *f)
{
    vec_finish(&f->words);
    arena_finish(&f->arena);
}

/* ---- matching ---- */

static bool in_order(int order, enum compare compare)
{
    switch (compare) {
    case IS:
        return order == 0;
    case BELOW:
        return order < 0;
    case UP_TO:
        return order <= 0;
    case ABOVE:
        return order > 0;
    case FROM:
        return order >= 0;
    }
    return false;
}

/* Folded on the way: a title is short, and no copy is made. needle is folded. */
static bool begins(struct str s, struct str needle)
{
    while (needle.n) {
        uint32_t a, b;
        size_t n = utf8_next(s, &a), k = utf8_next(needle, &b);
        if (!n || !k || fold_char(a) != b)
            return false;
        s = (struct str){s.p + n, s.n - n};
        needle = (struct str){needle.p + k, needle.n - k};
    }
    return true;
}

static bool has(struct str s, struct str needle)
{
    while (!begins(s, needle)) {
        uint32_t cp;
        size_t n = utf8_next(s, &cp);
        if (!n)
            return false;
        s = (struct str){s.p + n, s.n - n};
    }
    return true;
}

static bool is_blocked(const struct board *b, const struct card *c)
{
    vec_each (v, &c->values) {
        if (v->field != CARD_BLOCKER)
            continue;
        const struct card *other = board_card(b, card_blocker(str_of(v->value)));
        if (other && !other->archived)
            return true;
    }
    return false;
}

static bool set_holds(const struct card *c, enum card_field field, struct str value)
{
    return value.n ? card_has(c, field, value) : card_count(c, field) == 0;
}

static bool holds(const struct filter_word *w, const struct board *b, const struct card *c)
{
    struct str due = card_scalar(c, CARD_DUE), priority = card_scalar(c, CARD_PRIORITY);
    switch (w->kind) {
    case TITLE_HAS:
        return has(str_of(c->title), w->value);
    case ASSIGNED:
        return set_holds(c, CARD_ASSIGNEE, w->value);
    case LABELLED:
        return set_holds(c, CARD_LABEL, w->value);
    case DUE:
        return due.n && in_order(str_cmp(due, w->value), w->compare);
    case DUE_NONE:
        return !due.n;
    case PRIORITY:
        return priority.n &&
               in_order(card_priority_rank(priority) - (int)w->number, w->compare);
    case PRIORITY_NONE:
        return !priority.n;
    case IN_COLUMN:
        return begins(str_of(b->columns.v[c->column].name), w->value);
    case BLOCKED:
        return is_blocked(b, c);
    case NUMBERED:
        return c->number == w->number;
    }
    return false;
}

bool filter_takes(const struct filter *f, const struct board *b, const struct card *c)
{
    for (size_t i = 0; i < f->words.n; i++)
        if (holds(f->words.v[i], b, c) == f->words.v[i]->negated)
            return false;
    return true;
}
