/* Reading a query. A word is read to its end before anything is made of it, so that an error
 * can repeat it and say where it stands. */
#include "query.h"

#include "day.h"
#include "direct.h"
#include "utf8.h"
#include "words.h"

#include <stdio.h>
#include <string.h>

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS, SHOWN_MAX = 40 };
#define DAY_MS (24 * (int64_t)HOUR_MS)
#define KEYS_SAID "from:, in:, on:, before:, after:, has: and kind:"

struct parse {
    struct query *q;
    struct str text;
    size_t at;
    struct query_time t;
    size_t words; /* so far */
    struct err *e;
};

/* One word as it was written. */
struct raw {
    struct str whole; /* with all that belongs to it: what an error repeats */
    struct str text;  /* without minus, quotes and star */
    bool negated, quoted, starred;
};

/* As much of it as an error repeats, never half a character. */
static struct str shown(struct str s)
{
    size_t n = 0;
    uint32_t cp;
    while (n < s.n) {
        size_t k = utf8_next((struct str){s.p + n, s.n - n}, &cp);
        if (!k || n + k > SHOWN_MAX)
            break;
        n += k;
    }
    return (struct str){s.p, n};
}

static size_t place_of(const struct parse *p, struct str part)
{
    return utf8_chars((struct str){p->text.p, (size_t)(part.p - p->text.p)}) + 1;
}

/* "'wh*t', character 3: " and what is wrong with it. */
static bool refuse(struct parse *p, const struct raw *r, const char *why)
{
    return fail(p->e, ERR_USAGE, "'%.*s' (character %zu): %s", STR_ARG(shown(r->whole)),
                place_of(p, r->whole), why);
}

/* ---- filters ---- */

static bool read_from(struct parse *p, struct query_filter *f, struct str value)
{
    if (str_starts(value, "@"))
        value = (struct str){value.p + 1, value.n - 1};
    f->value = str_keep(&p->q->arena, value);
    return value.n > 0;
}

static bool read_in(struct parse *p, struct query_filter *f, struct str value)
{
    bool is_whole = str_starts(value, "#") || room_is_direct(value);
    f->value = str_fmt(&p->q->arena, "%s%.*s", is_whole ? "" : "#", STR_ARG(value));
    return f->value.n > 1;
}

static bool read_on(struct parse *p, struct query_filter *f, struct str value)
{
    (void)p;
    if (str_starts(value, "#"))
        value = (struct str){value.p + 1, value.n - 1};
    return str_int(value, 1, (INT64_C(1) << 53) - 1, &f->number);
}

static bool read_ago(struct str value, int64_t now, int64_t *ms)
{
    static const struct {
        char unit;
        int64_t ms;
    } units[] = {{'m', MINUTE_MS}, {'h', HOUR_MS}, {'d', DAY_MS}, {'w', 7 * DAY_MS}};
    int64_t n;
    if (value.n < 2 || !str_int((struct str){value.p, value.n - 1}, 0, 100000, &n))
        return false;
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (value.p[value.n - 1] == units[i].unit) {
            *ms = now - n * units[i].ms;
            return true;
        }
    return false;
}

/* When it begins, where the person is. */
static bool read_day(struct parse *p, struct str value, int64_t *ms)
{
    int64_t zone = p->t.zone * MINUTE_MS, day = (p->t.now + zone) / DAY_MS;
    if (str_is(value, "yesterday"))
        day--;
    else if (!str_is(value, "today") && !day_read(value, &day))
        return false;
    *ms = day * DAY_MS - zone;
    return true;
}

static bool read_time(struct parse *p, struct query_filter *f, struct str value)
{
    return read_ago(value, p->t.now, &f->number) || read_day(p, value, &f->number);
}

static bool read_has(struct parse *p, struct query_filter *f, struct str value)
{
    (void)p;
    for (f->number = 1; f->number < HAS_END; f->number *= 2)
        if (str_is(value, has_name((unsigned)f->number)))
            return true;
    return false;
}

static bool read_kind(struct parse *p, struct query_filter *f, struct str value)
{
    (void)p;
    enum found_kind kind;
    bool ok = found_from_name(value, &kind) && kind != FOUND_ANY;
    f->number = ok ? kind : FOUND_ANY;
    return ok;
}

static const struct {
    bool (*read)(struct parse *p, struct query_filter *f, struct str value);
    const char *allowed;
} readers[KEY_COUNT] = {
    [KEY_FROM] = {read_from, "from: wants the name of a person, as from:ana"},
    [KEY_IN] = {read_in, "in: wants a room, as in:#core, or a person, as in:@ana"},
    [KEY_ON] = {read_on,
                "on: wants the number of a card or note, as on:42, or a day (2026-12-31, "
                "today, yesterday)"},
    [KEY_BEFORE] = {read_time, "before: wants a day (2026-12-31, today, yesterday) or how long "
                               "ago (30m, 2h, 7d, 3w)"},
    [KEY_AFTER] = {read_time, "after: wants a day (2026-12-31, today, yesterday) or how long "
                              "ago (30m, 2h, 7d, 3w)"},
    [KEY_HAS] = {read_has, "has: takes link, code, mention, card or checklist"},
    [KEY_KIND] = {read_kind, "kind: takes chat, card, comment or note"},
};

static bool too_many(struct parse *p)
{
    return fail(p->e, ERR_USAGE, "a search takes at most %d words, phrases and names",
                QUERY_TERMS_MAX);
}

/* From its beginning to that of the next. */
static bool add_day(struct parse *p, const struct raw *r, int64_t day)
{
    struct query *q = p->q;
    if (r->negated)
        return refuse(p, r, "on: takes no '-' with a day; use before: or after:");
    if (q->terms_n + q->filters_n + 2 > QUERY_TERMS_MAX)
        return too_many(p);
    q->filters[q->filters_n++] = (struct query_filter){.key = KEY_AFTER, .number = day};
    q->filters[q->filters_n++] =
        (struct query_filter){.key = KEY_BEFORE, .number = day + DAY_MS};
    return true;
}

static bool read_filter(struct parse *p, const struct raw *r, enum query_key key,
                        struct str value)
{
    int64_t day;
    if (key == KEY_ON && !r->starred && read_day(p, value, &day))
        return add_day(p, r, day);
    bool is_time = key == KEY_BEFORE || key == KEY_AFTER;
    struct query_filter f = {.key = key, .negated = r->negated};
    if (r->starred || !readers[key].read(p, &f, value))
        return refuse(p, r, readers[key].allowed);
    if (r->negated && is_time)
        return refuse(p, r, "before: and after: take no '-'; use the other one");
    p->q->filters[p->q->filters_n++] = f;
    return true;
}

/* Whether the word is name:value. What looks like it by chance, as http://x, std::x or 12:30,
 * is not. *key is KEY_COUNT for a name that means nothing. */
static bool is_filter(struct str word, enum query_key *key, struct str *value)
{
    *value = word;
    struct str name = str_cut(value, ':');
    if (!value->p || !name.n || str_starts(*value, ":") || str_starts(*value, "//"))
        return false;
    for (size_t i = 0; i < name.n; i++)
        if (!(name.p[i] >= 'a' && name.p[i] <= 'z'))
            return false;
    *key = 0;
    while (*key < KEY_COUNT && !str_is(name, query_keys[*key].name))
        (*key)++;
    return true;
}

/* ---- words ---- */

static bool read_term(struct parse *p, const struct raw *r)
{
    struct query_term *t = &p->q->terms[p->q->terms_n];
    struct str found[QUERY_WORDS_MAX];
    struct words w = {r->text, 0};
    struct word word = {0};
    *t = (struct query_term){.negated = r->negated, .is_prefix = r->starred};
    while (words_next(&w, &word)) {
        if (p->words++ >= QUERY_WORDS_MAX)
            return fail(p->e, ERR_USAGE, "a search takes at most %d words", QUERY_WORDS_MAX);
        found[t->n++] = str_keep(&p->q->arena, (struct str){word.folded, word.n});
    }
    if (t->n == 0)
        return refuse(p, r, "there is no letter and no digit in it to look for");
    if (r->starred && utf8_chars(found[t->n - 1]) < QUERY_PREFIX_MIN)
        return refuse(p, r, "at least 2 letters have to stand in front of a '*'");
    t->words = arena_alloc(&p->q->arena, t->n * sizeof *t->words);
    memcpy(t->words, found, t->n * sizeof *t->words);
    p->q->terms_n++;
    return true;
}

static bool read_raw(struct parse *p, const struct raw *r)
{
    enum query_key key;
    struct str value;
    if (p->q->terms_n + p->q->filters_n == QUERY_TERMS_MAX)
        return too_many(p);
    if (r->quoted)
        return read_term(p, r);
    if (is_filter(r->text, &key, &value)) {
        if (key < KEY_COUNT)
            return read_filter(p, r, key, value);
        return refuse(p, r, "only " KEYS_SAID " have a meaning; in quotes it is looked for");
    }
    if (str_has(r->text, '*'))
        return refuse(p, r, "a '*' may only stand at the end of a word");
    return read_term(p, r);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static char here(const struct parse *p)
{
    return p->at < p->text.n ? p->text.p[p->at] : '\0';
}

static bool take_quoted(struct parse *p, struct raw *r)
{
    size_t from = ++p->at;
    while (p->at < p->text.n && p->text.p[p->at] != '"')
        p->at++;
    r->quoted = true;
    r->text = (struct str){p->text.p + from, p->at - from};
    if (p->at < p->text.n) {
        p->at++;
        return true;
    }
    r->whole = (struct str){p->text.p + from - 1, p->at - from + 1};
    return refuse(p, r, "its quote is not closed; a \" has to stand behind the last word");
}

static void take_plain(struct parse *p, struct raw *r)
{
    size_t from = p->at;
    while (p->at < p->text.n && !is_space(here(p)) && here(p) != '"')
        p->at++;
    r->text = (struct str){p->text.p + from, p->at - from};
    r->starred = r->text.n > 1 && r->text.p[r->text.n - 1] == '*';
    r->text.n -= r->starred;
}

/* The next word; false at the end, or with p->e. */
static bool take_raw(struct parse *p, struct raw *r)
{
    while (p->at < p->text.n && is_space(here(p)))
        p->at++;
    size_t from = p->at;
    *r = (struct raw){0};
    if (p->at == p->text.n)
        return false;
    r->negated = here(p) == '-';
    p->at += r->negated;
    if (here(p) != '"')
        take_plain(p, r);
    else if (!take_quoted(p, r))
        return false;
    if (r->quoted && here(p) == '*') {
        r->starred = true;
        p->at++;
    }
    r->whole = (struct str){p->text.p + from, p->at - from};
    return true;
}

/* Something that can be looked up, not only sorted out. */
static bool has_handle(const struct query *q)
{
    for (size_t i = 0; i < q->terms_n; i++)
        if (!q->terms[i].negated)
            return true;
    for (size_t i = 0; i < q->filters_n; i++)
        if (!q->filters[i].negated && query_keys[q->filters[i].key].indexed)
            return true;
    return false;
}

static bool read_all(struct parse *p)
{
    struct raw r;
    if (p->text.n > QUERY_MAX)
        return fail(p->e, ERR_USAGE, "the search has %zu bytes, at most %d", p->text.n,
                    QUERY_MAX);
    if (!utf8_is_valid(p->text))
        return fail(p->e, ERR_USAGE, "the search is not UTF-8");
    while (take_raw(p, &r))
        if (!read_raw(p, &r))
            return false;
    if (p->e->code != ERR_NONE)
        return false;
    return has_handle(p->q) ||
           fail(p->e, ERR_USAGE,
                "say at least one word to look for, or from:, on:, has: or kind:, without a "
                "'-' in front");
}

bool query_parse(struct query *q, struct str text, struct query_time t, struct err *e)
{
    struct err unwanted, *why = e ? e : &unwanted;
    *why = (struct err){0};
    *q = (struct query){0};
    struct parse p = {.q = q, .text = text, .t = t, .e = why};
    if (read_all(&p))
        return true;
    query_finish(q);
    return false;
}
