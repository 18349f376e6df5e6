/* Finding and replacing, held against a naive search. */
#include "editor_kit.h"
#include "fold.h"
#include "text_kit.h"
#include "utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    enum editor_verb verb;
    const char *find, *with, *before, *after; /* no after: not found */
} rows[] = {
    {EDITOR_FIND_NEXT, "b", "", "|abab", "a^b|ab"},
    {EDITOR_FIND_NEXT, "b", "", "a^b|ab", "aba^b|"},
    {EDITOR_FIND_NEXT, "b", "", "aba^b|", "a^b|ab"},
    {EDITOR_FIND_NEXT, "b", "", "|aa", NULL},
    {EDITOR_FIND_NEXT, "", "", "|aa", NULL},
    {EDITOR_FIND_NEXT, "b", "", "|", NULL},
    {EDITOR_FIND_NEXT, "ab", "", "a|b", "^ab|"},
    {EDITOR_FIND_NEXT, "one", "", "|ONE One", "^ONE| One"},
    {EDITOR_FIND_NEXT, "One", "", "|ONE One", "ONE ^One|"},
    {EDITOR_FIND_NEXT, "\xc3\xa9t\xc3\xa9", "", "|\xc3\x89T\xc3\x89", "^\xc3\x89T\xc3\x89|"},
    {EDITOR_FIND_NEXT, "a\nb", "", "|xa\nb", "x^a\nb|"},
    {EDITOR_FIND_NEXT, "e", "", "|" E_ACUTE "e",
     E_ACUTE "^e|"}, /* an accent is not left alone */
    {EDITOR_FIND_NEXT, ACUTE, "", "|" E_ACUTE, NULL},
    {EDITOR_FIND_NEXT, E_ACUTE, "", "|xe" ACUTE, "x^" E_ACUTE "|"},
    {EDITOR_FIND_NEXT, "\xf0\x9f\x91\xa7", "", "|" FAMILY, NULL},
    {EDITOR_FIND_NEXT, "aab", "", "|aaab", "a^aab|"},
    {EDITOR_FIND_NEXT, "abab", "", "|abaabab", "aba^abab|"},
    {EDITOR_FIND_BACK, "b", "", "abab|", "aba^b|"},
    {EDITOR_FIND_BACK, "b", "", "aba^b|", "a^b|ab"},
    {EDITOR_FIND_BACK, "b", "", "a^b|ab", "aba^b|"},
    {EDITOR_FIND_BACK, "b", "", "ab|a", "a^b|a"},
    {EDITOR_FIND_BACK, "ab", "", "a|b", "^ab|"},
    {EDITOR_FIND_BACK, "c", "", "ab|a", NULL},
    {EDITOR_REPLACE, "b", "X", "|abab", "a^b|ab"},
    {EDITOR_REPLACE, "b", "XY", "a^b|ab", "aXYa^b|"},
    {EDITOR_REPLACE, "b", "", "aba^b|", "a^b|a"},
    {EDITOR_REPLACE, "b", "c", "a^b|", "ac|"},
    {EDITOR_REPLACE, "b", "bb", "a^b|", "abb|"},
    {EDITOR_REPLACE, "b", "x", "^ab|", "a^b|"},
    {EDITOR_REPLACE, "b", "x", "|a", NULL},
    {EDITOR_REPLACE_ALL, "b", "xy", "ab|ab", "axy|axy"},
    {EDITOR_REPLACE_ALL, "aa", "b", "|aaaaa", "|bba"},
    {EDITOR_REPLACE_ALL, "a", "aa", "a|a", "aa|aa"},
    {EDITOR_REPLACE_ALL, "a", "", "a|a", "|"},
    {EDITOR_REPLACE_ALL, "e", "a", "|e" E_ACUTE, "|a" E_ACUTE},
    {EDITOR_REPLACE_ALL, "x", "a", "|e", NULL},
};

static void matches_are_selected_and_replaced(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk d;
        desk_init(&d, rows[i].before);
        desk_find(&d, rows[i].find, rows[i].with);
        bool found = desk_do(&d, rows[i].verb);
        desk_expect(&d, rows[i].after ? rows[i].after : rows[i].before, rows[i].before);
        if (found != (rows[i].after != NULL))
            fail_msg("\"%s\" in \"%s\": %d", rows[i].find, rows[i].before, found);
        desk_finish(&d);
    }
}

static void case_counts_when_asked_for(void **state)
{
    (void)state;
    struct desk d;
    desk_init(&d, "|ONE one");
    desk_find(&d, "one", "");
    d.e.find_case = true;
    desk_do(&d, EDITOR_FIND_NEXT);
    desk_expect(&d, "ONE ^one|", "with case");
    desk_finish(&d);
}

/* ---- the naive twin ---- */

struct naive {
    uint32_t text[2048], find[16];
    size_t chars, n;
    bool folds;
};

static size_t decode(struct str s, uint32_t *out, size_t most)
{
    size_t n = 0;
    for (size_t m; n < most && (m = utf8_next(s, &out[n])) > 0; n++)
        s = (struct str){s.p + m, s.n - m};
    return n;
}

static bool fits(const struct naive *n, const struct rope *text, size_t pos)
{
    for (size_t i = 0; i < n->n; i++)
        if ((n->folds ? fold_char(n->text[pos + i]) : n->text[pos + i]) != n->find[i])
            return false;
    return editor_boundary(text, pos) == pos && editor_boundary(text, pos + n->n) == pos + n->n;
}

static size_t naive_find(const struct naive *n, const struct rope *text, size_t pos, bool back)
{
    size_t first = SIZE_MAX, last = SIZE_MAX, after = SIZE_MAX, in_front = SIZE_MAX;
    for (size_t i = 0; i + n->n <= n->chars; i++) {
        if (!fits(n, text, i))
            continue;
        first = MIN(first, i);
        last = i;
        after = i >= pos ? MIN(after, i) : after;
        in_front = i + n->n <= pos ? i : in_front;
    }
    if (back)
        return in_front != SIZE_MAX ? in_front : last;
    return after != SIZE_MAX ? after : first;
}

static void init_naive(struct naive *n, const struct buf *text, const struct buf *find)
{
    n->chars = decode(buf_str(text), n->text, COUNT_OF(n->text));
    n->n = decode(buf_str(find), n->find, COUNT_OF(n->find));
    n->folds = true;
    for (size_t i = 0; i < n->n; i++)
        n->folds = n->folds && fold_char(n->find[i]) == n->find[i];
}

/* What is looked for is short and mostly taken from the text, whose letters are few. */
static void make_case(struct chance *c, struct buf *text, struct buf *find)
{
    static const char *const letters[] = {"a", "b", "A", E_ACUTE, ACUTE, FAMILY, MID, "\n"};
    for (size_t i = kit_size(c, 200); i > 0; i--)
        buf_add_str(text, str_of(letters[chance_below(c, COUNT_OF(letters))]));
    struct rope *rope = rope_of(buf_str(text));
    size_t chars = rope_chars(rope), n = chance_below(c, MIN(chars, 6)) + 1;
    if (chars > 0 && chance_is(c, 80))
        rope_read(rope, chance_below(c, chars - n + 1), n, find);
    else
        kit_text(c, 1 + chance_below(c, 2), find);
    rope_free(rope);
}

static void finding_does_what_a_naive_search_does(void **state)
{
    (void)state;
    struct naive n;
    size_t found_some = 0;
    for (uint64_t seed = 0; seed < kit_cases(4000); seed++) {
        struct chance c = {.seed = seed};
        struct buf text = {0}, find = {0};
        struct editor e;
        editor_init(&e);
        make_case(&c, &text, &find);
        init_naive(&n, &text, &find);
        struct rope *rope = rope_of(buf_str(&text));
        buf_add_str(&e.find, buf_str(&find));
        size_t pos = chance_below(&c, n.chars + 1), start = SIZE_MAX, end = SIZE_MAX;
        pos = editor_boundary(rope, pos);
        bool back = chance_is(&c, 50);
        bool found = editor_find(&e, rope, pos, back, &start, &end);
        size_t want = naive_find(&n, rope, pos, back);
        if (start != want || (found && end != start + n.n))
            fail_msg("seed %llu: %zu, not %zu", (unsigned long long)seed, start, want);
        found_some += found;
        editor_finish(&e);
        rope_free(rope);
        buf_finish(&text);
        buf_finish(&find);
    }
    assert_true(found_some > kit_cases(4000) / 4);
}

static void all_that_is_on_screen_is_found_once(void **state)
{
    (void)state;
    struct desk d;
    desk_init(&d, "ab ab ab ab|");
    desk_find(&d, "ab", "");
    size_t start, end = 2, n = 0;
    while (editor_match(&d.e, d.text, end, 10, &start, &end))
        n++;
    assert_int_equal(n, 2);
    desk_finish(&d);
}

/* Where each match grows, the end is far over what a text may be: it is refused, not made. */
static void replacing_all_stays_bounded(void **state)
{
    (void)state;
    struct buf many = {0}, much = {0};
    struct desk d;
    struct editor_at at;
    for (int i = 0; i < 100000; i++)
        buf_add_str(&many, STR("a"));
    for (int i = 0; i < 10000; i++)
        buf_add_str(&much, STR("b"));
    desk_init(&d, "|");
    rope_set(d.text, buf_str(&many));
    desk_find(&d, "a", "");
    buf_add_str(&d.e.replace, buf_str(&much));
    at = (struct editor_at){d.text, 0, 0};
    assert_true(editor_do(&d.e, EDITOR_REPLACE_ALL, &at, &d.op));
    assert_false(op_check(&d.op, rope_chars(d.text), NULL));
    assert_true(d.op.text.n < 4 * NOTE_MAX);
    buf_finish(&many);
    buf_finish(&much);
    desk_finish(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_are_selected_and_replaced),
        cmocka_unit_test(case_counts_when_asked_for),
        cmocka_unit_test(finding_does_what_a_naive_search_does),
        cmocka_unit_test(all_that_is_on_screen_is_found_once),
        cmocka_unit_test(replacing_all_stays_bounded),
    };
    return cmocka_run_group_tests_name("editor_find", tests, NULL, NULL);
}
