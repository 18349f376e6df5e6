#include "chance.h"
#include "diff.h"
#include "lcs.h"
#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_op(const char *from, const char *to, const char *json)
{
    struct op o = {0};
    struct buf out = {0};
    diff_op(str_of(from), str_of(to), &o);
    op_print(&o, &out);
    assert_string_equal(buf_cstr(&out), json);
    buf_finish(&out);
    op_finish(&o);
}

/* The words and what stands in front of them are kept, so that carets there stay. */
static void only_what_was_changed_is_in_the_operation(void **state)
{
    (void)state;
    assert_op("", "", "[]");
    assert_op("same\n", "same\n", "[]");
    assert_op("", "new", "[\"new\"]");
    assert_op("old", "", "[{\"d\":3}]");
    assert_op("a\nb\nc\n", "a\nB\nc\n", "[2,\"B\",{\"d\":1}]");
    assert_op("a\nb\n", "a\nb", "[3,{\"d\":1}]");
    assert_op("a\nb\nc\n", "a\nc\n", "[2,{\"d\":2}]");
    assert_op("a\nc\n", "a\nb\nc\n", "[2,\"b\\n\"]");
    assert_op("the quick fox\n", "the slow fox\n", "[4,\"slow\",{\"d\":5}]");
    assert_op("one two three four\n", "one 2 three 4\n",
              "[4,\"2\",{\"d\":3},7,\"4\",{\"d\":4}]");
    assert_op("cat\n", "cart\n", "[2,\"r\"]");
    assert_op("\xc3\xa4\n", "\xc3\xb6\n", "[\"\xc3\xb6\",{\"d\":1}]");
    assert_op("\xe6\x97\xa5\xe6\x9c\xac\n", "\xe6\x97\xa5\xe5\x9c\xac\n",
              "[1,\"\xe5\x9c\xac\",{\"d\":1}]");
}

/* A sentence written anew comes as one piece, not as words around the old spaces, and to the
 * last letter: who takes the old one out meanwhile takes nothing of the new one. */
static void what_has_no_word_in_common_is_replaced_whole(void **state)
{
    (void)state;
    assert_op("red, green, blue.\n", "um, dois, mais.\n",
              "[\"um, dois, mais.\\n\",{\"d\":18}]");
    assert_op("The old line goes on\n", "There is something else\n",
              "[\"There is something else\\n\",{\"d\":21}]");
}

static void assert_lines(const char *from, const char *to, const char *want)
{
    struct diff_lines d = {0};
    struct buf out = {0};
    diff_lines(str_of(from), str_of(to), &d);
    vec_each (l, &d.lines)
        buf_fmt(&out, "%c%.*s %zu %zu|", " +-"[l->kind], STR_ARG(l->text), l -> from, l -> to);
    assert_string_equal(buf_cstr(&out), want);
    buf_finish(&out);
    vec_finish(&d.lines);
}

static void lines_of_both_are_told_with_their_numbers(void **state)
{
    (void)state;
    assert_lines("", "", "");
    assert_lines("a", "a", " a 0 0|");
    assert_lines("", "a\nb", "+a 0 0|+b 0 1|");
    assert_lines("a\nb", "", "-a 0 0|-b 1 0|");
    assert_lines("a\nb\nc", "a\nx\ny\nc", " a 0 0|-b 1 1|+x 2 1|+y 2 2| c 2 3|");
    assert_lines("a", "a\n", " a 0 0|+ 1 1|");
    assert_lines("a\nb\nc\nd", "d\na\nb\nc", "+d 0 0| a 0 1| b 1 2| c 2 3|-d 3 4|");
}

/* ---- random texts ---- */

static void add_random(struct chance *c, struct buf *b, size_t words)
{
    static const char *const some[] = {"a",
                                       "b ",
                                       "\n",
                                       "the ",
                                       "word",
                                       " ",
                                       "\n\n",
                                       "\xc3\xa4",
                                       "\xe6\x97\xa5",
                                       ", ",
                                       "\t",
                                       "x\ny",
                                       "\xf0\x9f\x98\x80",
                                       "\xe2\x80\x8d",
                                       "aa"};
    while (words-- > 0)
        buf_add_str(b, str_of(some[chance_below(c, COUNT_OF(some))]));
}

/* Some of a, with things put in and left out. */
static void add_edited(struct chance *c, struct str a, struct buf *b)
{
    uint32_t cp;
    for (size_t n; (n = utf8_next(a, &cp)) != 0; a.p += n, a.n -= n) {
        if (chance_is(c, 3))
            add_random(c, b, chance_below(c, 4));
        if (!chance_is(c, 4))
            buf_add(b, a.p, n);
    }
}

static void assert_makes(struct str from, struct str to, const struct op *o)
{
    struct err e = {0};
    struct rope *r = rope_of(from);
    assert_true(op_is_sound(o));
    if (!op_check(o, rope_chars(r), &e))
        fail_msg("%s", e.text);
    op_apply(o, r);
    if (!rope_is(r, to))
        fail_msg("[%.*s] -> [%.*s]", STR_ARG(from), STR_ARG(to));
    rope_free(r);
}

static void assert_right(struct str from, struct str to)
{
    struct op o = {0};
    diff_op(from, to, &o);
    assert_makes(from, to, &o);
    diff_op_words(from, to, &o);
    assert_makes(from, to, &o);
    op_finish(&o);
}

/* Each line is there, in order, under its number. */
static void assert_all_lines(struct str from, struct str to)
{
    struct diff_lines d = {0};
    diff_lines(from, to, &d);
    size_t i = 0, j = 0;
    vec_each (l, &d.lines) {
        assert_int_equal(l->from, i);
        assert_int_equal(l->to, j);
        if (l->kind != DIFF_ADDED) {
            assert_true(str_eq(str_cut(&from, '\n'), l->text));
            i++;
        }
        if (l->kind != DIFF_REMOVED) {
            assert_true(str_eq(str_cut(&to, '\n'), l->text));
            j++;
        }
    }
    assert_int_equal(from.n + to.n, 0);
    vec_finish(&d.lines);
}

static void any_text_becomes_any_other(void **state)
{
    (void)state;
    struct chance c = {.seed = 1};
    for (int i = 0; i < 3000; i++) {
        struct buf a = {0}, b = {0};
        add_random(&c, &a, chance_below(&c, 60));
        if (chance_is(&c, 70))
            add_edited(&c, buf_str(&a), &b);
        else
            add_random(&c, &b, chance_below(&c, 60));
        assert_right(buf_str(&a), buf_str(&b));
        assert_all_lines(buf_str(&a), buf_str(&b));
        buf_finish(&a);
        buf_finish(&b);
    }
}

/* ---- the search ---- */

enum { SEQUENCE_MAX = 40 };

/* Length of the longest common sequence, by the table. */
static size_t common(const uint32_t *a, size_t n, const uint32_t *b, size_t m)
{
    size_t table[SEQUENCE_MAX + 1][SEQUENCE_MAX + 1] = {0};
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < m; j++)
            table[i + 1][j + 1] =
                a[i] == b[j] ? table[i][j] + 1 : MAX(table[i][j + 1], table[i + 1][j]);
    }
    return table[n][m];
}

static size_t kept(struct lcs_side s, uint32_t *out)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (!s.odd[i])
            out[n++] = s.v[i];
    }
    return n;
}

/* What is left on both sides is the same, and there is no longer one. */
static void the_search_finds_the_least(void **state)
{
    (void)state;
    struct chance c = {.seed = 2};
    for (int i = 0; i < 20000; i++) {
        uint32_t v[2][SEQUENCE_MAX], left[2][SEQUENCE_MAX];
        bool odd[2][SEQUENCE_MAX] = {0};
        size_t n = chance_below(&c, SEQUENCE_MAX + 1), m = chance_below(&c, SEQUENCE_MAX + 1);
        size_t kinds = 1 + chance_below(&c, 8);
        for (size_t k = 0; k < 2 * SEQUENCE_MAX; k++)
            v[k % 2][k / 2] = (uint32_t)chance_below(&c, kinds);
        struct lcs_side a = {v[0], odd[0], n}, b = {v[1], odd[1], m};
        int64_t work = INT64_C(1) << 40;
        lcs(a, b, kinds, &work);
        size_t same = kept(a, left[0]);
        assert_int_equal(same, kept(b, left[1]));
        assert_memory_equal(left[0], left[1], same * sizeof *left[0]);
        assert_int_equal(same, common(v[0], n, v[1], m));
    }
}

/* Few kinds in random order are the worst: nothing is unique, nothing lines up. */
static void without_time_the_search_is_still_right(void **state)
{
    (void)state;
    struct chance c = {.seed = 3};
    enum { N = 20000 };
    static uint32_t v[2][N], left[2][N];
    static bool odd[2][N];
    for (size_t k = 0; k < 2 * N; k++)
        v[k % 2][k / 2] = (uint32_t)chance_below(&c, 50);
    struct lcs_side a = {v[0], odd[0], N}, b = {v[1], odd[1], N};
    int64_t work = 0;
    lcs(a, b, 50, &work);
    assert_int_equal(work, 0);
    size_t same = kept(a, left[0]);
    assert_int_equal(same, kept(b, left[1]));
    assert_memory_equal(left[0], left[1], same * sizeof *left[0]);
    assert_true(same > N / 8);
}

/* ---- large texts ---- */

enum { LARGE = 1 << 18, WORDS = 200 * 1000 };

static void fill(struct chance *c, struct buf *b, const char *const *words, size_t n)
{
    while (b->n < LARGE) {
        buf_add_str(b, str_of(words[chance_below(c, n)]));
        buf_add_c(b, chance_is(c, 8) ? '\n' : ' ');
    }
}

static void large_texts_are_compared_in_bounded_time(void **state)
{
    (void)state;
    static const char *const some[] = {"alpha", "beta", "gamma", "delta", "of", "to"};
    static const char *const other[] = {"of", "eins", "zwei", "drei", "beta"};
    static const char *const letters[] = {"a", "b", "\n", "c"};
    struct chance c = {.seed = 4};
    struct buf a = {0}, b = {0}, x = {0}, y = {0};
    fill(&c, &a, some, COUNT_OF(some));
    fill(&c, &b, other, COUNT_OF(other));
    fill(&c, &x, letters, COUNT_OF(letters));
    fill(&c, &y, letters, COUNT_OF(letters));
    assert_right(buf_str(&a), buf_str(&b));
    assert_right(buf_str(&x), buf_str(&y));
    assert_right(buf_str(&a), (struct str){0});
    buf_finish(&a);
    buf_finish(&b);
    buf_finish(&x);
    buf_finish(&y);
}

/* Three words of a large one: what is sent is about as long as they are. */
static void a_small_change_of_a_large_text_is_a_small_operation(void **state)
{
    (void)state;
    struct chance c = {.seed = 5};
    struct buf a = {0}, b = {0};
    while (a.n < LARGE)
        buf_fmt(&a, "line %zu of them%c", chance_below(&c, 100000),
                chance_is(&c, 50) ? '\n' : ' ');
    static const size_t at[] = {0, LARGE / 3, LARGE / 2, LARGE};
    for (size_t i = 0; i + 1 < COUNT_OF(at); i++) {
        buf_add(&b, "NEW ", 4);
        buf_add(&b, a.p + at[i], at[i + 1] - at[i]);
    }
    buf_add(&b, a.p + LARGE, a.n - LARGE);
    struct op o = {0};
    diff_op(buf_str(&a), buf_str(&b), &o);
    assert_int_equal(op_inserted(&o), 12);
    assert_int_equal(op_deleted(&o), 0);
    op_finish(&o);
    assert_right(buf_str(&a), buf_str(&b));
    buf_finish(&a);
    buf_finish(&b);
}

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The bound is generous; it is for work that grows with the square of the length. */
static void many_changes_in_one_long_line_cost_little(void **state)
{
    (void)state;
    struct chance c = {.seed = 6};
    struct buf a = {0}, b = {0};
    for (size_t i = 0; i < WORDS; i++) {
        size_t word = chance_below(&c, 5000);
        buf_fmt(&a, "w%zu ", word);
        buf_fmt(&b, i % 10 ? "w%zu " : "w%zu new ", word);
    }
    struct op o = {0};
    double start = cpu_ms();
    diff_op_words(buf_str(&a), buf_str(&b), &o);
    assert_true(cpu_ms() - start < 4000);
    assert_int_equal(op_inserted(&o), WORDS / 10 * 4);
    op_finish(&o);
    buf_finish(&a);
    buf_finish(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_was_changed_is_in_the_operation),
        cmocka_unit_test(what_has_no_word_in_common_is_replaced_whole),
        cmocka_unit_test(lines_of_both_are_told_with_their_numbers),
        cmocka_unit_test(any_text_becomes_any_other),
        cmocka_unit_test(the_search_finds_the_least),
        cmocka_unit_test(without_time_the_search_is_still_right),
        cmocka_unit_test(large_texts_are_compared_in_bounded_time),
        cmocka_unit_test(a_small_change_of_a_large_text_is_a_small_operation),
        cmocka_unit_test(many_changes_in_one_long_line_cost_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
