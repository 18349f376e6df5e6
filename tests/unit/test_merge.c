/* What somebody made of a text, brought into what others made of it. */
#include "merge.h"

#include "chance.h"
#include "utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void merge_texts(struct str base, struct str now, struct str to, struct buf *result)
{
    struct op o = {0};
    struct err e = {0};
    struct rope *r = rope_of(now);
    merge(base, now, to, &o);
    assert_true(op_is_sound(&o));
    if (!op_check(&o, rope_chars(r), &e))
        fail_msg("%s", e.text);
    op_apply(&o, r);
    rope_read(r, 0, rope_chars(r), result);
    rope_free(r);
    op_finish(&o);
}

struct row {
    const char *what, *base, *now, *to, *want;
};

static const struct row rows[] = {
    {"both put something in", "a\nb\n", "a\nothers\nb\n", "a\nb\nmine\n",
     "a\nothers\nb\nmine\n"},
    {"at one place, his stands left", "a\n", "a\nothers\n", "a\nmine\n", "a\nmine\nothers\n"},
    {"what both put in is there once", "a\nb\n", "a\nx {same} y\nb\n", "a\nx {same} y\nb\n",
     "a\nx {same} y\nb\n"},
    {"also within a line", "one two\n", "one {same} two\n", "one {same} two\nmine\n",
     "one {same} two\nmine\n"},
    {"and among other lines", "a\n", "a\nfirst of others\nthe same line\nlast of others\n",
     "a\nmine\nthe same line\n", "a\nfirst of others\nmine\nthe same line\nlast of others\n"},
    {"but a bracket is the same by chance", "a\n", "a\nothers {\n}\n", "a\nmine {\n}\n",
     "a\nmine {\n}\nothers {\n}\n"},
    {"both took it out", "a\nb\nc\n", "a\nc\n", "a\nc\n", "a\nc\n"},
    {"one took it out, one wrote beside it", "a\nb\nc\n", "a\nc\n", "a\nb\nmine\nc\n",
     "a\nmine\nc\n"},
    {"a line that one rewrote and the other took out", "a\nThe old line goes on\nb\n", "a\nb\n",
     "a\nThere is something else\nb\n", "a\nThere is something else\nb\n"},
    {"a line that one changed stays behind one that comes in front of it", "a\nb words here\n",
     "a\nothers\nb words here\n", "a\nB words here\n", "a\nothers\nB words here\n"},
    {"both wrote in one line", "one two three\n", "one 1 two three\n", "one two 2 three\n",
     "one 1 two 2 three\n"},
    {"one wrote in a line that the other broke", "one two three four\n",
     "one two\nthree four\n", "one two three 3 four\n", "one two\nthree 3 four\n"},
    {"also with new lines and words around it", "a\nb c d e\nf\n",
     "a 1\n 2b c d e  3\n 4\n 5 6\nf\n", "a\nb c d mine e\nf\n",
     "a 1\n 2b c d mine e  3\n 4\n 5 6\nf\n"},
    {"one wrote to a word, and the other in front of it", "word\n", "x.word\n", "mine word\n",
     "mine x.word\n"},
    {"both wrote to a word", "foobar\n", "foo_bar\n", "foobars\n", "foo_bars\n"},
    {"a line that both wrote anew", "Meet on Monday\n", "Let us call\n", "Nobody has time\n",
     "Nobody has time\nLet us call\n"},
    {"a line that one wrote anew and the other in", "Meet on Monday\n",
     "Meet on Monday, please\n", "Nobody has time\n", "Nobody has time, please\n"},
    {"a line that one took out and the other wrote in", "a\nMeet on Monday\nb\n", "a\nb\n",
     "a\nMeet on Monday, please\nb\n", "a\nMeet on Monday, please\nb\n"},
    {"the same the other way round", "a\nMeet on Monday\nb\n", "a\nMeet on Monday, please\nb\n",
     "a\nb\n", "a\nMeet on Monday, please\nb\n"},
    {"a word that one wrote anew and the other in front of", "word\nb\n",
     "1\n2\nx.word\n3\nb\n", "mine word\nb\n", "mine 1\n2\nx.word\n3\nb\n"},
    {"no newline at the end", "a", "a\nothers", "a\nmine", "a\nmine\nothers"},
    {"all of it is gone", "a\n", "", "a\nmine\n", "mine\n"},
    {"from nothing", "", "others\n", "mine\n", "mine\nothers\n"},
    {"nothing at all", "", "", "", ""},
};

static void what_one_made_comes_into_what_others_made(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf got = {0};
        merge_texts(str_of(rows[i].base), str_of(rows[i].now), str_of(rows[i].to), &got);
        if (strcmp(buf_cstr(&got), rows[i].want) != 0)
            fail_msg("%s: '%s', not '%s'", rows[i].what, buf_cstr(&got), rows[i].want);
        buf_finish(&got);
    }
}

/* ---- lines that are told apart ---- */

enum { LINES = 40, ROUNDS = 3000 };

/* Which of the lines a text has, in order. */
struct text {
    int v[LINES];
    size_t n;
};

static void print(const struct text *t, struct buf *out)
{
    static const char *const words[] = {"the",   "of",   "alpha", "beta", "gamma",   "delta",
                                        "about", "call", "ana",   "日本", "tomorrow"};
    for (size_t i = 0; i < t->n; i++) {
        struct chance c = {.seed = (uint64_t)t->v[i]};
        buf_fmt(out, "%d,", t->v[i]);
        for (size_t k = chance_below(&c, 4); k-- > 0;)
            buf_fmt(out, " %s", words[chance_below(&c, COUNT_OF(words))]);
        buf_fmt(out, " x%dy\n", t->v[i]);
    }
}

static bool has(const struct text *t, int line)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->v[i] == line)
            return true;
    return false;
}

static void put(struct text *t, size_t at, int line)
{
    memmove(&t->v[at + 1], &t->v[at], (t->n - at) * sizeof *t->v);
    t->v[at] = line;
    t->n++;
}

/* Takes some out and puts some in; also some that the other one may have put in. */
static void change(struct chance *c, struct text *t, int first)
{
    for (size_t k = chance_below(c, 4); k-- > 0 && t->n > 0;) {
        size_t at = chance_below(c, t->n);
        memmove(&t->v[at], &t->v[at + 1], (t->n - at - 1) * sizeof *t->v);
        t->n--;
    }
    for (size_t k = chance_below(c, 4); k-- > 0;)
        put(t, chance_below(c, t->n + 1), first++);
}

static size_t count(const char *text, int line)
{
    char words[32];
    size_t n = 0;
    snprintf(words, sizeof words, " x%dy\n", line);
    for (const char *p = text; (p = strstr(p, words)); p++)
        n++;
    return n;
}

/* Every line of it that is whole: number, words, number. */
static void expect_whole(const struct text *t, const char *text)
{
    for (size_t i = 0; i < t->n; i++) {
        struct text one = {.v = {t->v[i]}, .n = 1};
        struct buf line = {0};
        print(&one, &line);
        if (count(text, t->v[i]) && !strstr(text, buf_cstr(&line)))
            fail_msg("'%s' is not whole in '%s'", buf_cstr(&line), text);
        buf_finish(&line);
    }
}

static void expect_merged(const struct text *base, const struct text *now,
                          const struct text *to, const char *got)
{
    for (int line = 1; line < 3 * LINES; line++) {
        bool kept = has(base, line) && has(now, line) && has(to, line);
        bool is_new = !has(base, line) && (has(now, line) || has(to, line));
        if (count(got, line) != (kept || is_new ? 1 : 0))
            fail_msg("line %d is %zu times in '%s'", line, count(got, line), got);
    }
    expect_whole(now, got);
    expect_whole(to, got);
}

static void no_line_is_lost_or_twice(void **state)
{
    (void)state;
    struct chance c = {.seed = 11};
    for (int i = 0; i < ROUNDS; i++) {
        struct text base = {0};
        struct buf b = {0}, n = {0}, t = {0}, got = {0};
        for (int line = (int)chance_below(&c, 12); line > 0; line--)
            put(&base, chance_below(&c, base.n + 1), line);
        struct text now = base, to = base;
        change(&c, &now, LINES);
        change(&c, &to, 2 * LINES);
        print(&base, &b);
        print(&now, &n);
        print(&to, &t);
        merge_texts(buf_str(&b), buf_str(&n), buf_str(&t), &got);
        expect_merged(&base, &now, &to, buf_cstr(&got));
        buf_finish(&b);
        buf_finish(&n);
        buf_finish(&t);
        buf_finish(&got);
    }
}

/* ---- words that are told apart ---- */

enum { WORDS = 60, WORD_BREAK = 0 };

/* Which words a text has, in order; a break of lines is one of them. */
struct words {
    int v[4 * WORDS];
    size_t n;
};

static void print_words(const struct words *t, struct buf *out)
{
    bool first = true;
    for (size_t i = 0; i < t->n; i++) {
        if (t->v[i] == WORD_BREAK)
            buf_add_c(out, '\n');
        else
            buf_fmt(out, "%sword%d", first ? "" : " ", t->v[i]);
        first = t->v[i] == WORD_BREAK;
    }
    buf_add_c(out, '\n');
}

/* Puts in some words, one beside the other or a line of their own now and then. */
static void write_words(struct chance *c, struct words *t, int *word, size_t most)
{
    for (size_t k = chance_below(c, most + 1); k-- > 0;) {
        size_t at = chance_is(c, 40) ? t->n : chance_below(c, t->n + 1);
        int add[2] = {(*word)++, WORD_BREAK};
        size_t n = chance_is(c, 20) ? 2 : 1;
        memmove(&t->v[at + n], &t->v[at], (t->n - at) * sizeof *t->v);
        memcpy(&t->v[at], add, n * sizeof *add);
        t->n += n;
    }
}

static size_t count_word(const char *text, int word)
{
    char name[32];
    int n = snprintf(name, sizeof name, "word%d", word);
    size_t found = 0;
    for (const char *p = text; (p = strstr(p, name)); p++)
        found += p[n] < '0' || p[n] > '9';
    return found;
}

static void no_word_is_lost_or_twice(void **state)
{
    (void)state;
    struct chance c = {.seed = 13};
    for (int i = 0; i < 5 * ROUNDS; i++) {
        struct words base = {0};
        struct buf b = {0}, n = {0}, t = {0}, got = {0};
        int word = 1;
        write_words(&c, &base, &word, 12);
        struct words now = base, to = base;
        write_words(&c, &now, &word, 4);
        write_words(&c, &to, &word, 4);
        print_words(&base, &b);
        print_words(&now, &n);
        print_words(&to, &t);
        merge_texts(buf_str(&b), buf_str(&n), buf_str(&t), &got);
        for (int w = 1; w < word; w++)
            if (count_word(buf_cstr(&got), w) != 1)
                fail_msg("word%d is %zu times in '%s', of '%s', '%s' and '%s'", w,
                         count_word(buf_cstr(&got), w), buf_cstr(&got), buf_cstr(&b),
                         buf_cstr(&n), buf_cstr(&t));
        buf_finish(&b);
        buf_finish(&n);
        buf_finish(&t);
        buf_finish(&got);
    }
}

/* ---- any texts ---- */

static void make_any(struct chance *c, struct buf *out)
{
    static const char *const bits[] = {"a",    "b", " ", "\n",          "word",
                                       "\n\n", "é", "👍", "other words "};
    for (size_t k = chance_below(c, 14); k-- > 0;)
        buf_add_str(out, str_of(bits[chance_below(c, COUNT_OF(bits))]));
}

static void expect_text(struct str base, struct str now, struct str to, struct str want)
{
    struct buf got = {0};
    merge_texts(base, now, to, &got);
    if (!str_eq(buf_str(&got), want))
        fail_msg("'%.*s' to '%.*s' and '%.*s' is '%s'", STR_ARG(base), STR_ARG(now),
                 STR_ARG(to), buf_cstr(&got));
    buf_finish(&got);
}

static void where_one_did_nothing_or_both_the_same_it_is_that(void **state)
{
    (void)state;
    struct chance c = {.seed = 12};
    for (int i = 0; i < ROUNDS; i++) {
        struct buf base = {0}, now = {0}, to = {0}, any = {0};
        make_any(&c, &base);
        make_any(&c, &now);
        make_any(&c, &to);
        merge_texts(buf_str(&base), buf_str(&now), buf_str(&to), &any);
        expect_text(buf_str(&base), buf_str(&base), buf_str(&to), buf_str(&to));
        expect_text(buf_str(&base), buf_str(&now), buf_str(&base), buf_str(&now));
        expect_text(buf_str(&base), buf_str(&to), buf_str(&to), buf_str(&to));
        buf_finish(&base);
        buf_finish(&now);
        buf_finish(&to);
        buf_finish(&any);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_one_made_comes_into_what_others_made),
        cmocka_unit_test(no_line_is_lost_or_twice),
        cmocka_unit_test(no_word_is_lost_or_twice),
        cmocka_unit_test(where_one_did_nothing_or_both_the_same_it_is_that),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
