#include "filter.h"

#include "day.h"

#include "board_state.h"
#include "fold.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

enum compare { IS, BELOW, UP_TO, ABOVE, FROM };

enum kind {
    SAYS,
    ASSIGNED,
    LABELLED,
    DUE,
    DUE_NONE,
    PRIORITY,
    PRIORITY_NONE,
    IN_COLUMN,
    BLOCKED,
    NUMBERED,
    SAVED
};

struct filter_word {
    enum kind kind;
    bool negated;
    bool is_begun; /* value is the beginning of what is meant */
    enum compare compare;
    struct str value; /* folded where case does not count */
    int64_t number;
    struct filter_word **words; /* of SAVED */
    size_t words_n;
};

enum { SAVED_DEPTH_MAX = 4 };

const struct filter_term filter_terms[] = {
    {"@NAME", "Whom the card is assigned to; @me is oneself, @none nobody."},
    {"label:NAME", "A label it has; label:none for cards without one."},
    {"due:DAY", "The day it is due: " DAY_FORMS "; <, <=, > and >= "
                "in front of the day compare. due:overdue is due:<today, due:none has no day."},
    {"priority:NAME", "low, medium, high, urgent or none; <, <=, > and >= compare."},
    {"column:NAME",
     "The column it is in, or the beginning of its name, which may stand in quotes."},
    {"blocked", "A card that blocks it is still on the board."},
    {"#NUMBER", "The card of that number."},
    {"saved:NAME", "What the filter that was saved under that name takes."},
    {"WORD", "The title, a label or the name of somebody the card is assigned to has it; "
             "\"several words\" in quotes."},
};
const size_t filter_terms_n = COUNT_OF(filter_terms);

/* ---- days ---- */

/* As day_said() takes it, in the form of a due day. */
static bool read_day(struct str word, struct str today, struct arena *a, struct str *day)
{
    int64_t now = 0, n;
    char text[DAY_TEXT_MAX];
    day_read(today, &now);
    if (!day_said(word, now, &n))
        return false;
    day_print(n, text);
    *day = str_keep(a, str_of(text));
    return true;
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
    int depth; /* of saved filters within each other */
    struct err *e;
};

/* As much of a word as an error repeats. */
static struct str shown(struct str word)
{
    return (struct str){word.p, MIN(word.n, (size_t)40)};
}

static bool read_due(struct parse *p, struct filter_word *w, struct str value)
{
    struct str whole = value;
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
                "'due:%.*s' names no day: " DAY_FORMS ", with <, <=, > or >= in front, "
                "overdue or none",
                STR_ARG(shown(whole)));
}

static bool read_priority(struct parse *p, struct filter_word *w, struct str value)
{
    struct str whole = value;
    w->kind = str_is(value, "none") ? PRIORITY_NONE : PRIORITY;
    if (w->kind == PRIORITY_NONE)
        return true;
    w->compare = take_compare(&value);
    w->number = card_priority_rank(value);
    return w->number ||
           fail(p->e, ERR_USAGE,
                "'priority:%.*s' names no priority: low, medium, high, urgent or none, with <, "
                "<=, > or >= in front",
                STR_ARG(shown(whole)));
}

static bool read_set(struct parse *p, struct filter_word *w, enum kind kind, struct str value)
{
    bool is_me = kind == ASSIGNED && str_is(value, "me");
    w->kind = kind;
    w->value = str_is(value, "none") ? (struct str){0} : is_me ? p->who.user : value;
    w->is_begun = w->is_begun && w->value.n && !is_me;
    if (w->is_begun)
        w->value = fold(w->value, &p->f->arena);
    return true;
}

static bool read_words(struct parse *p, struct str text, bool typing, struct filter_words *out);

static bool read_saved(struct parse *p, struct filter_word *w, struct str name)
{
    const struct filter_asker *who = &p->who;
    struct str text = who->saved ? who->saved(who->saved_arg, name) : (struct str){0};
    w->kind = SAVED;
    if (!text.p)
        return fail(p->e, ERR_USAGE, "there is no saved filter '%.*s'", STR_ARG(shown(name)));
    if (p->depth == SAVED_DEPTH_MAX)
        return fail(p->e, ERR_USAGE, "the saved filter '%.*s' goes round in circles",
                    STR_ARG(shown(name)));
    struct parse inner = *p;
    struct filter_words words = {0};
    inner.depth++;
    bool ok = read_words(&inner, text, false, &words);
    w->words_n = words.n;
    w->words = words.n ? arena_alloc(&p->f->arena, words.n * sizeof *w->words) : NULL;
    for (size_t i = 0; i < words.n; i++)
        w->words[i] = words.v[i];
    vec_finish(&words);
    return ok;
}

static bool is_missing(struct parse *p, struct str word, struct str value)
{
    return !value.n &&
           !fail(p->e, ERR_USAGE, "'%.*s' does not say which", STR_ARG(shown(word)));
}

static bool read_column(struct parse *p, struct filter_word *w, struct str value)
{
    w->kind = IN_COLUMN;
    w->value = fold(value, &p->f->arena);
    return true;
}

static bool read_label(struct parse *p, struct filter_word *w, struct str value)
{
    return read_set(p, w, LABELLED, value);
}

static const struct {
    const char *name;
    bool (*read)(struct parse *p, struct filter_word *w, struct str value);
} named[] = {
    {"due", read_due},       {"priority", read_priority}, {"label", read_label},
    {"column", read_column}, {"saved", read_saved},
};

/* NAME:VALUE of the language. *is_named: false where word is none of it. */
static bool read_named(struct parse *p, struct filter_word *w, struct str word, bool *is_named)
{
    struct str value = word, name = str_cut(&value, ':');
    for (size_t i = 0; i < COUNT_OF(named); i++) {
        *is_named = value.p && str_is(name, named[i].name);
        if (*is_named)
            return !is_missing(p, word, value) &&
                   named[i].read(p, w, str_keep(&p->f->arena, value));
    }
    return true;
}

static bool read_number(struct filter_word *w, struct str word, struct arena *a)
{
    struct str digits = {word.p + 1, word.n - 1};
    if (!str_starts(word, "#") || !str_int(digits, 1, SEQ_MAX, &w->number))
        return false;
    w->kind = NUMBERED;
    w->value = str_keep(a, digits);
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
        return !is_missing(p, word, user) && read_set(p, w, ASSIGNED, str_keep(a, user));
    }
    if (read_number(w, word, a))
        return true;
    w->kind = str_is(word, "blocked") ? BLOCKED : SAYS;
    w->value = fold(word, a);
    return true;
}

/* ---- words ---- */

struct raw_word {
    struct str text; /* without its minus and quotes */
    bool negated, quoted;
    bool is_open; /* it ends where the line ends, so there may be more to it */
};

/* name:"several words", as name:several words. */
static struct str join_quoted(struct str head, struct str *rest, struct arena *a)
{
    struct str tail = str_cut(rest, '"');
    struct str name = {head.p, head.n - 1};
    return str_fmt(a, "%.*s%.*s", STR_ARG(name), STR_ARG(tail));
}

/* The next word off *rest; false at the end. */
static bool next_word(struct str *rest, struct raw_word *w, struct arena *a)
{
    *rest = str_trim(*rest);
    *w = (struct raw_word){0};
    if (!rest->n)
        return false;
    w->negated = rest->n > 1 && rest->p[0] == '-';
    if (w->negated)
        *rest = (struct str){rest->p + 1, rest->n - 1};
    w->quoted = rest->n && rest->p[0] == '"';
    if (w->quoted) {
        *rest = (struct str){rest->p + 1, rest->n - 1};
        w->text = str_cut(rest, '"');
        return true;
    }
    size_t n = 0;
    while (n < rest->n && rest->p[n] != ' ' &&
           !(rest->p[n] == '"' && n && rest->p[n - 1] == ':'))
        n++;
    bool has_quote = n < rest->n && rest->p[n] == '"';
    w->text = (struct str){rest->p, n + has_quote};
    *rest = (struct str){rest->p + w->text.n, rest->n - w->text.n};
    if (has_quote)
        w->text = join_quoted(w->text, rest, a);
    w->is_open = !has_quote && rest->n == 0;
    return true;
}

/* A last word that is still being written and says nothing yet is passed over; p->e then says
 * what is missing. */
static bool read_words(struct parse *p, struct str text, bool typing, struct filter_words *out)
{
    struct raw_word raw;
    struct arena *a = &p->f->arena;
    while (next_word(&text, &raw, a)) {
        struct filter_word *w = arena_alloc(a, sizeof *w);
        bool is_begun = typing && raw.is_open;
        w->negated = raw.negated;
        w->is_begun = is_begun;
        if (is_begun && str_is(raw.text, "-"))
            return true;
        if (raw.quoted)
            w->value = fold(raw.text, a);
        else if (!read_word(p, w, raw.text))
            return is_begun;
        vec_push(out, w);
    }
    return true;
}

/* What is borrowed of who asks has to outlive the call. */
static struct filter_asker keep_asker(struct filter *f, struct filter_asker who)
{
    who.user = str_keep(&f->arena, who.user);
    who.today = str_keep(&f->arena, who.today);
    return who;
}

static bool parse(struct filter *f, struct str text, struct filter_asker who, bool typing,
                  struct err *e)
{
    struct filter fresh = {0};
    struct parse p = {&fresh, keep_asker(&fresh, who), 0, e};
    bool ok = read_words(&p, text, typing, &fresh.words);
    filter_finish(ok ? f : &fresh);
    if (ok)
        *f = fresh;
    return ok;
}

bool filter_parse(struct filter *f, struct str text, struct filter_asker who, struct err *e)
{
    return parse(f, text, who, false, e);
}

bool filter_parse_typed(struct filter *f, struct str text, struct filter_asker who,
                        struct err *e)
{
    return parse(f, text, who, text.n && text.p[text.n - 1] != ' ', e);
}

bool filter_name_check(struct str name, struct err *e)
{
    if (name.n > 0 && name.n <= FILTER_NAME_MAX && board_is_line(name) && !str_has(name, ' ') &&
        !str_has(name, '"'))
        return true;
    return fail(e, ERR_USAGE, "a saved filter's name has 1 to %d bytes, no blank and no quote",
                FILTER_NAME_MAX);
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

static bool has_begun(const struct card *c, enum card_field field, struct str folded)
{
    vec_each (v, &c->values)
        if (v->field == field && begins(str_of(v->value), folded))
            return true;
    return false;
}

/* What stands on a card for everybody to read. */
static bool says(const struct card *c, struct str folded)
{
    vec_each (v, &c->values)
        if ((v->field == CARD_LABEL || v->field == CARD_ASSIGNEE) &&
            has(str_of(v->value), folded))
            return true;
    return has(str_of(c->title), folded);
}

static bool set_holds(const struct filter_word *w, const struct card *c, enum card_field field)
{
    if (w->is_begun)
        return has_begun(c, field, w->value);
    return w->value.n ? card_has(c, field, w->value) : card_count(c, field) == 0;
}

static bool is_numbered(const struct filter_word *w, const struct card *c)
{
    char text[24];
    if (!w->is_begun)
        return c->number == w->number;
    snprintf(text, sizeof text, "%lld", (long long)c->number);
    return str_starts(str_of(text), w->value.p);
}

static bool all_hold(struct filter_word *const *words, size_t n, const struct board *b,
                     const struct card *c);

static bool holds(const struct filter_word *w, const struct board *b, const struct card *c)
{
    struct str due = card_scalar(c, CARD_DUE), priority = card_scalar(c, CARD_PRIORITY);
    switch (w->kind) {
    case SAYS:
        return says(c, w->value);
    case ASSIGNED:
        return set_holds(w, c, CARD_ASSIGNEE);
    case LABELLED:
        return set_holds(w, c, CARD_LABEL);
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
        return board_is_blocked(b, c);
    case NUMBERED:
        return is_numbered(w, c);
    case SAVED:
        return all_hold(w->words, w->words_n, b, c);
    }
    return false;
}

static bool all_hold(struct filter_word *const *words, size_t n, const struct board *b,
                     const struct card *c)
{
    for (size_t i = 0; i < n; i++)
        if (holds(words[i], b, c) == words[i]->negated)
            return false;
    return true;
}

bool filter_takes(const struct filter *f, const struct board *b, const struct card *c)
{
    return all_hold(f->words.v, f->words.n, b, c);
}
