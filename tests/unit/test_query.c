/* What people may look for, and what they are told when they may not. */
#include "hit.h"
#include "query.h"
#include "words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

/* 2026-12-28 01:30 UTC, where it is half past three. */
static const struct query_time now = {INT64_C(1798421400000), 120};

static void malformed_query_is_explained(void **state)
{
    (void)state;
    static const struct {
        const char *query, *want;
    } rows[] = {
        {"", "say at least one word"},
        {"   ", "say at least one word"},
        {"-draft", "say at least one word"},
        {"in:core", "say at least one word"},
        {"after:7d before:1d", "say at least one word"},
        {"-from:ana -has:link", "say at least one word"},
        {"login \"release notes", "'\"release notes' (character 7): its quote is not closed"},
        {"\"", "its quote is not closed"},
        {"a*", "at least 2 letters have to stand in front of a '*'"},
        {"f*o", "'f*o' (character 1): a '*' may only stand at the end"},
        {"*foo", "a '*' may only stand at the end"},
        {"foo**", "a '*' may only stand at the end"},
        {"*", "a '*' may only stand at the end"},
        {"...", "'...' (character 1): there is no letter and no digit"},
        {"\"\"", "there is no letter and no digit"},
        {"form:ana", "'form:ana' (character 1): only from:, in:, on:"},
        {"from:", "from: wants the name of a person"},
        {"x in:", "in: wants a room"},
        {"x in:#", "in: wants a room"},
        {"on:x", "on: wants the number"},
        {"on:0", "on: wants the number"},
        {"x before:soon", "'before:soon' (character 3): before: wants a day"},
        {"x before:2026-13-01", "before: wants a day"},
        {"x after:7y", "after: wants a day"},
        {"x -after:7d", "take no '-'"},
        {"x -on:today", "on: takes no '-' with a day"},
        {"on:today", "say at least one word"},
        {"a b c d e f g h i j k l m n o on:today", "at most 16 words, phrases and names"},
        {"has:cats", "has: takes link, code, mention, card or checklist"},
        {"kind:any", "kind: takes chat, card, comment or note"},
        {"a b c d e f g h i j k l m n o p q", "at most 16 words, phrases and names"},
        {"\"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 "
         "31 "
         "32 33\"",
         "at most 32 words"},
        {"\xff", "not UTF-8"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct query q = {0};
        struct err e = {0};
        if (query_parse(&q, str_of(rows[i].query), now, &e))
            fail_msg("%s: taken", rows[i].query);
        if (e.code != ERR_USAGE || !strstr(e.text, rows[i].want))
            fail_msg("%s: said \"%s\", wanted \"%s\"", rows[i].query, e.text, rows[i].want);
        assert_int_equal(q.terms_n + q.filters_n, 0);
    }
}

static void too_long_query_is_refused(void **state)
{
    (void)state;
    char text[QUERY_MAX + 2];
    struct query q;
    struct err e;
    memset(text, 'x', sizeof text);
    assert_true(query_parse(&q, (struct str){text, QUERY_MAX}, now, &e));
    query_finish(&q);
    assert_false(query_parse(&q, (struct str){text, QUERY_MAX + 1}, now, &e));
    assert_non_null(strstr(e.text, "501 bytes, at most 500"));
}

static void what_only_looks_like_a_name_is_a_word(void **state)
{
    (void)state;
    static const char *const rows[] = {"http://x.example/y", "std::move", "12:30",
                                       "Note:this",          ":smile:",   "\"form:ana\""};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct query q;
        struct err e;
        if (!query_parse(&q, str_of(rows[i]), now, &e))
            fail_msg("%s: %s", rows[i], e.text);
        assert_int_equal(q.terms_n, 1);
        assert_int_equal(q.filters_n, 0);
        query_finish(&q);
    }
}

static void days_are_those_of_who_asks(void **state)
{
    (void)state;
    static const struct {
        const char *said;
        int64_t before_now; /* minutes */
    } rows[] = {{"2h", 120},         {"30m", 30},
                {"7d", 7 * 1440},    {"3w", 21 * 1440},
                {"today", 210},      {"yesterday", 1650},
                {"2026-12-28", 210}, {"2026-12-01", 210 + 27 * 1440}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct query q;
        struct arena a = {0};
        assert_true(query_parse(&q, str_fmt(&a, "x after:%s", rows[i].said), now, NULL));
        if (q.filters[0].number != now.now - rows[i].before_now * 60000)
            fail_msg("%s: %lld minutes ago", rows[i].said,
                     (long long)(now.now - q.filters[0].number) / 60000);
        query_finish(&q);
        arena_finish(&a);
    }
}

/* A number is that of a card or note. */
static void a_day_is_all_of_it(void **state)
{
    (void)state;
    struct query q;
    assert_true(query_parse(&q, STR("x on:yesterday"), now, NULL));
    int64_t begins = now.now - 1650 * 60000, ends = now.now - 210 * 60000;
    assert_int_equal(q.filters_n, 2);
    assert_false(query_allows(&q, KEY_AFTER, (struct str){0}, begins - 1));
    assert_true(query_allows(&q, KEY_AFTER, (struct str){0}, begins));
    assert_true(query_allows(&q, KEY_BEFORE, (struct str){0}, ends - 1));
    assert_false(query_allows(&q, KEY_BEFORE, (struct str){0}, ends));
    query_finish(&q);
    assert_true(query_parse(&q, STR("x on:42"), now, NULL));
    assert_int_equal(q.filters_n, 1);
    query_finish(&q);
}

static void words_are_plain(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"Hello, World", "hello world"},
        {"  snake_case and-more ", "snake case and more"},
        {"Straße ÄÖÜ café", "strasse aou cafe"},
        {"cafe\xcc\x81s", "cafes"},
        {"東京x", "東 京 x"},
        {"\xd0\x9c\xd0\x98\xd0\xa0", "\xd0\xbc\xd0\xb8\xd1\x80"},
        {"1.5 x2", "1 5 x2"},
        {"a\xff"
         "b",
         "a b"},
        {"\xcc\x81", ""},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf b = {0};
        words_print(&b, str_of(rows[i].text));
        if (!str_is(buf_str(&b), rows[i].want))
            fail_msg("%s: \"%s\"", rows[i].text, buf_cstr(&b));
        buf_finish(&b);
    }
}

static void long_word_goes_on_as_the_next(void **state)
{
    (void)state;
    char text[1000];
    memset(text, 'x', sizeof text);
    struct words w = {{text, sizeof text}, 0};
    struct word word;
    size_t bytes = 0;
    while (words_next(&w, &word)) {
        assert_true(word.n > 0 && word.n <= WORD_MAX);
        bytes += word.n;
    }
    assert_int_equal(bytes, sizeof text);
}

static void tags_are_one_word_each_and_differ(void **state)
{
    (void)state;
    static const char *const names[] = {"ana", "Ana", "a.na", "a-na", "a_na", "az2ena", "zana"};
    struct buf tags[COUNT_OF(names)] = {0};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct buf words = {0};
        hit_tag(&tags[i], &(struct query_filter){.key = KEY_FROM, .value = str_of(names[i])});
        words_print(&words, buf_str(&tags[i]));
        assert_true(str_eq(buf_str(&words), buf_str(&tags[i])));
        buf_finish(&words);
        for (size_t k = 0; k < i; k++)
            assert_false(str_eq(buf_str(&tags[i]), buf_str(&tags[k])));
    }
    for (size_t i = 0; i < COUNT_OF(names); i++)
        buf_finish(&tags[i]);
}

static void marks_that_lie_over_each_other_are_one(void **state)
{
    (void)state;
    struct query q;
    struct hit h = {0};
    assert_true(query_parse(&q, STR("two three \"one two three four\" \"ee\""), now, NULL));
    query_finish(&q);
    assert_true(query_parse(&q, STR("two three \"one two three four\""), now, NULL));
    hit_excerpt(&h, &q, STR("zero one two three four five two"));
    assert_int_equal(h.marks_n, 2);
    assert_int_equal(h.marks[0].at, 5);
    assert_int_equal(h.marks[0].n, 18);
    assert_int_equal(h.marks[1].at, 29);
    assert_int_equal(h.marks[1].n, 3);
    hit_finish(&h);
    query_finish(&q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_query_is_explained),
        cmocka_unit_test(too_long_query_is_refused),
        cmocka_unit_test(what_only_looks_like_a_name_is_a_word),
        cmocka_unit_test(days_are_those_of_who_asks),
        cmocka_unit_test(a_day_is_all_of_it),
        cmocka_unit_test(words_are_plain),
        cmocka_unit_test(long_word_goes_on_as_the_next),
        cmocka_unit_test(tags_are_one_word_each_and_differ),
        cmocka_unit_test(marks_that_lie_over_each_other_are_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
