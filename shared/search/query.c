/* The vocabulary of queries, and what their parts mean. */
#include "query.h"
#include "direct.h"

#include <string.h>

const struct query_key_row query_keys[KEY_COUNT] = {
    [KEY_FROM] = {"from", "from:NAME", "Who wrote the message, or made the card or note.",
                  true},
    [KEY_IN] = {"in", "in:#ROOM",
                "Only in that room; in:@NAME is in direct conversations with that person.",
                false},
    [KEY_ON] =
        {"on", "on:NUMBER",
         "The card or note of that number: its title, text and comments; or what is of that "
         "day, as on:yesterday.",
         true},
    [KEY_BEFORE] = {"before", "before:DAY",
                    "Older than the beginning of that day, as 2026-12-31, today or yesterday; "
                    "or than 30m, 2h, 7d, 3w ago.",
                    false},
    [KEY_AFTER] = {"after", "after:DAY", "Since then; days and times as with before:.", false},
    [KEY_HAS] = {"has", "has:THING",
                 "There is a link, code, mention, card (as #12) or checklist in it.", true},
    [KEY_KIND] = {"kind", "kind:KIND", "Only chat, card, comment or note.", true},
};

/* ---- has: ---- */

static const struct {
    unsigned bit;
    const char *name;
} has_names[] = {
    {HAS_LINK, "link"}, {HAS_CODE, "code"},           {HAS_MENTION, "mention"},
    {HAS_CARD, "card"}, {HAS_CHECKLIST, "checklist"},
};

const char *has_name(unsigned bit)
{
    for (size_t i = 0; i < COUNT_OF(has_names); i++)
        if (has_names[i].bit == bit)
            return has_names[i].name;
    bug_on(true);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool begins(struct str s, size_t at, const char *what)
{
    size_t n = strlen(what);
    return s.n - at >= n && memcmp(s.p + at, what, n) == 0;
}

static char next(struct str s, size_t i)
{
    return i + 1 < s.n ? s.p[i + 1] : '\0';
}

static bool is_start(struct str s, size_t i)
{
    return i == 0 || (!is_letter(s.p[i - 1]) && !is_digit(s.p[i - 1]));
}

/* What a character, with what stands around it, is the beginning of. */
static unsigned has_at(struct str s, size_t i)
{
    switch (s.p[i]) {
    case '`':
        return HAS_CODE;
    case '@':
        return is_start(s, i) && (is_letter(next(s, i)) || is_digit(next(s, i))) ? HAS_MENTION
                                                                                 : 0;
    case '#':
        return is_start(s, i) && is_digit(next(s, i)) ? HAS_CARD : 0;
    case 'h':
        return begins(s, i, "http://") || begins(s, i, "https://") ? HAS_LINK : 0;
    case '-':
    case '*':
        return begins(s, i + 1, " [ ]") || begins(s, i + 1, " [x]") ? HAS_CHECKLIST : 0;
    }
    return 0;
}

unsigned has_of(struct str text)
{
    unsigned bits = 0;
    for (size_t i = 0; i < text.n && bits != HAS_END - 1; i++)
        bits |= has_at(text, i);
    return bits;
}

/* ---- filters ---- */

/* "@bo+cy" are all direct conversations that both are in. */
static bool is_in(struct str room, struct str wanted)
{
    if (!room_is_direct(wanted))
        return str_eq(room, wanted);
    bool all = room_is_direct(room);
    while (all && wanted.n)
        all = direct_has(room, direct_next(&wanted));
    return all;
}

static bool says(const struct query_filter *f, struct str value, int64_t number)
{
    switch (f->key) {
    case KEY_FROM:
        return str_eq(f->value, value);
    case KEY_IN:
        return is_in(value, f->value);
    case KEY_ON:
    case KEY_KIND:
        return f->number == number;
    case KEY_HAS:
        return (f->number & number) != 0;
    case KEY_BEFORE:
        return number < f->number;
    case KEY_AFTER:
        return number >= f->number;
    case KEY_COUNT:
        break;
    }
    bug_on(true);
}

/* Of these all have to hold. */
static bool is_strict(enum query_key key)
{
    return key == KEY_HAS || key == KEY_BEFORE || key == KEY_AFTER;
}

bool query_allows(const struct query *q, enum query_key key, struct str value, int64_t number)
{
    bool is_any = false, is_wanted = false;
    for (size_t i = 0; i < q->filters_n; i++) {
        const struct query_filter *f = &q->filters[i];
        if (f->key != key)
            continue;
        bool holds = says(f, value, number);
        if (f->negated ? holds : !holds && is_strict(key))
            return false;
        is_any |= !f->negated;
        is_wanted |= !f->negated && holds;
    }
    return !is_any || is_wanted;
}

void query_finish(struct query *q)
{
    arena_finish(&q->arena);
    *q = (struct query){0};
}
