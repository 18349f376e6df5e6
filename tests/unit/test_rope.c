#include "rope.h"
#include "traces.h"
#include "utf8.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

/* ---- the naive twin: every code point in an array ---- */

struct twin {
    uint32_t *cp;
    size_t n;
};

static void twin_insert(struct twin *t, size_t pos, struct str text)
{
    size_t chars = utf8_chars(text);
    t->cp = mem_grow(t->cp, (t->n + chars + 1) * sizeof *t->cp);
    memmove(t->cp + pos + chars, t->cp + pos, (t->n - pos) * sizeof *t->cp);
    t->n += chars;
    for (size_t n; text.n; text.p += n, text.n -= n)
        n = utf8_next(text, &t->cp[pos++]);
}

static void twin_delete(struct twin *t, size_t pos, size_t chars)
{
    t->n -= chars;
    if (chars)
        memmove(t->cp + pos, t->cp + pos + chars, (t->n - pos) * sizeof *t->cp);
}

static void twin_read(const struct twin *t, size_t pos, size_t chars, struct buf *out)
{
    for (size_t i = pos; i < pos + chars; i++) {
        char bytes[4];
        buf_add(out, bytes, utf8_put(bytes, t->cp[i]));
    }
}

static size_t twin_count(const struct twin *t, size_t pos, uint32_t cp)
{
    size_t n = 0;
    for (size_t i = 0; i < pos; i++)
        n += t->cp[i] == cp;
    return n;
}

static size_t twin_bytes(const struct twin *t, size_t pos)
{
    size_t n = 0;
    for (size_t i = 0; i < pos; i++)
        n += t->cp[i] < 0x80 ? 1 : t->cp[i] < 0x800 ? 2 : t->cp[i] < 0x10000 ? 3 : 4;
    return n;
}

/* ---- random cases ---- */

struct dice {
    uint64_t state;
};

static size_t roll(struct dice *d, size_t below)
{
    d->state ^= d->state << 13;
    d->state ^= d->state >> 7;
    d->state ^= d->state << 17;
    return below ? d->state % below : 0;
}

/* What people type: of one byte up to four, some of several code points that belong together.
 */
static const char *const ascii[] = {"a", "b", "Z", " ", "\n", "x", "word ", "line\n", "\t"};
static const char *const mixed[] = {
    "a",
    "\n",
    "\xc3\xa9",                                     /* é */
    "e\xcc\x81",                                    /* e and a combining acute */
    "\xe6\xbc\xa2",                                 /* 漢 */
    "\xe2\x82\xac\n",                               /* € */
    "\xf0\x9f\x98\x80",                             /* an emoji */
    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", /* woman, joiner, laptop */
    "\xf0\x9f\x87\xab\xf0\x9f\x87\xb7",             /* a flag */
    "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd",             /* thumb, skin tone */
    "\xf4\x8f\xbf\xbf",
    "\x7f",
    "\xc2\x80",
    "\xef\xbf\xbf",
};

enum flavour { ASCII, MIXED, RARELY_MIXED };

static const char *random_word(struct dice *d, enum flavour flavour)
{
    if (flavour == ASCII || (flavour == RARELY_MIXED && roll(d, 200)))
        return ascii[roll(d, COUNT_OF(ascii))];
    return mixed[roll(d, COUNT_OF(mixed))];
}

static void random_text(struct dice *d, enum flavour flavour, size_t bytes, struct buf *out)
{
    buf_clear(out);
    while (out->n < bytes)
        buf_add_str(out, str_of(random_word(d, flavour)));
}

/* Mostly a word, sometimes a page, rarely a chapter. */
static size_t random_length(struct dice *d)
{
    static const size_t most[] = {4, 4, 4, 4, 4, 40, 40, 400, 1100, 1100, 5000};
    return 1 + roll(d, most[roll(d, COUNT_OF(most))]);
}

struct pair {
    struct rope *rope;
    struct twin twin;
    struct dice dice;
    struct buf text;
    size_t caret;
};

static void insert_both(struct pair *p, size_t pos, struct str text)
{
    rope_insert(p->rope, pos, text);
    twin_insert(&p->twin, pos, text);
}

static void delete_both(struct pair *p, size_t pos, size_t chars)
{
    rope_delete(p->rope, pos, chars);
    twin_delete(&p->twin, pos, chars);
}

/* At the caret, near it, or anywhere. */
static size_t random_pos(struct pair *p)
{
    size_t step = roll(&p->dice, 20);
    switch (roll(&p->dice, 4)) {
    case 0:
        return roll(&p->dice, p->twin.n + 1);
    case 1:
        return MIN(p->twin.n, p->caret + step);
    case 2:
        return p->caret - MIN(p->caret, step);
    default:
        return p->caret;
    }
}

static void edit_both(struct pair *p, enum flavour flavour, size_t around)
{
    size_t pos = random_pos(p);
    size_t deletes = p->twin.n > around ? 6 : 4;
    if (roll(&p->dice, 10) < deletes) {
        size_t chars = random_length(&p->dice);
        delete_both(p, pos, MIN(chars, p->twin.n - pos));
        p->caret = pos;
        return;
    }
    random_text(&p->dice, flavour, random_length(&p->dice), &p->text);
    insert_both(p, pos, buf_str(&p->text));
    p->caret = pos + utf8_chars(buf_str(&p->text));
}

static struct pair pair_new(uint64_t seed)
{
    return (struct pair){.rope = rope_new(), .dice = {seed * UINT64_C(0x9e3779b97f4a7c15) | 1}};
}

static void pair_finish(struct pair *p)
{
    rope_free(p->rope);
    free(p->twin.cp);
    buf_finish(&p->text);
}

/* ---- what must be the same ---- */

static void assert_same_read(struct pair *p, size_t pos, size_t chars)
{
    struct buf got = {0}, wanted = {0};
    rope_read(p->rope, pos, chars, &got);
    twin_read(&p->twin, pos, chars, &wanted);
    assert_int_equal(got.n, wanted.n);
    if (got.n)
        assert_memory_equal(got.p, wanted.p, got.n);
    buf_finish(&got);
    buf_finish(&wanted);
}

static void assert_same_text(struct pair *p)
{
    struct buf wanted = {0};
    assert_true(rope_check(p->rope));
    assert_int_equal(rope_chars(p->rope), p->twin.n);
    assert_same_read(p, 0, p->twin.n);
    twin_read(&p->twin, 0, p->twin.n, &wanted);
    assert_true(rope_is(p->rope, buf_str(&wanted)));
    assert_int_equal(rope_bytes(p->rope), wanted.n);
    assert_int_equal(rope_lines(p->rope), twin_count(&p->twin, p->twin.n, '\n') + 1);
    buf_finish(&wanted);
}

static void assert_same_place(struct pair *p, size_t pos)
{
    const struct twin *t = &p->twin;
    size_t byte = twin_bytes(t, pos);
    assert_int_equal(rope_at(p->rope, pos), pos < t->n ? t->cp[pos] : 0);
    assert_int_equal(rope_byte_of(p->rope, pos), byte);
    assert_int_equal(rope_pos_of_byte(p->rope, byte), pos);
    if (pos < t->n && t->cp[pos] >= 0x80)
        assert_int_equal(rope_pos_of_byte(p->rope, byte + 1), pos);
    struct str piece = rope_piece(p->rope, pos);
    assert_int_equal(piece.n == 0, pos == t->n);
    size_t chars = utf8_chars(piece);
    assert_true(utf8_is_valid(piece) && pos + chars <= t->n);
    chars += roll(&p->dice, 3000);
    assert_same_read(p, pos, MIN(chars, t->n - pos));
}

static void assert_same_line(struct pair *p, size_t pos)
{
    const struct twin *t = &p->twin;
    size_t line = twin_count(t, pos, '\n'), start = pos, end = pos;
    while (start > 0 && t->cp[start - 1] != '\n')
        start--;
    while (end < t->n && t->cp[end] != '\n')
        end++;
    assert_int_equal(rope_line_of(p->rope, pos), line);
    assert_int_equal(rope_line_start(p->rope, line), start);
    assert_int_equal(rope_line_end(p->rope, line), end);
}

static void edit_and_compare(uint64_t seed, enum flavour flavour, size_t edits, size_t around)
{
    struct pair p = pair_new(seed);
    for (size_t i = 0; i < edits; i++) {
        edit_both(&p, flavour, around);
        assert_int_equal(rope_chars(p.rope), p.twin.n);
        size_t pos = random_pos(&p);
        assert_same_place(&p, pos);
        assert_same_line(&p, pos);
        if (roll(&p.dice, 16) == 0)
            assert_same_text(&p);
    }
    assert_same_text(&p);
    delete_both(&p, 0, p.twin.n);
    assert_same_text(&p);
    pair_finish(&p);
}

static void random_edits_do_what_they_do_to_an_array(void **state)
{
    (void)state;
    static const struct {
        enum flavour flavour;
        size_t seeds, edits, around;
    } rows[] = {
        {ASCII, 60, 60, 100},         {ASCII, 12, 300, 8000},         {ASCII, 1, 1200, 60000},
        {MIXED, 60, 60, 100},         {MIXED, 12, 300, 8000},         {MIXED, 1, 1200, 60000},
        {RARELY_MIXED, 60, 60, 3000}, {RARELY_MIXED, 12, 300, 20000},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t seed = 1; seed <= rows[i].seeds; seed++)
            edit_and_compare(seed + 1000 * i, rows[i].flavour, rows[i].edits, rows[i].around);
    }
}

/* ---- edges ---- */

static void an_empty_text_has_one_line_and_nothing_else(void **state)
{
    (void)state;
    struct rope *ropes[] = {rope_new(), rope_of((struct str){0}), rope_of(STR("x")),
                            rope_of(STR("some\ntext"))};
    rope_delete(ropes[2], 0, 1);
    rope_set(ropes[3], STR(""));
    for (size_t i = 0; i < COUNT_OF(ropes); i++) {
        const struct rope *r = ropes[i];
        assert_true(rope_check(r) && rope_is(r, STR("")) && rope_eq(r, ropes[0]));
        assert_int_equal(rope_chars(r) + rope_bytes(r), 0);
        assert_int_equal(rope_lines(r), 1);
        assert_int_equal(rope_line_start(r, 0) + rope_line_end(r, 0) + rope_line_of(r, 0), 0);
        assert_int_equal(rope_byte_of(r, 0) + rope_pos_of_byte(r, 0) + rope_at(r, 0), 0);
        assert_int_equal(rope_piece(r, 0).n, 0);
    }
    for (size_t i = 0; i < COUNT_OF(ropes); i++)
        rope_free(ropes[i]);
    rope_free(NULL);
}

static void inserting_or_deleting_nothing_changes_nothing(void **state)
{
    (void)state;
    struct rope *r = rope_of(STR("abc"));
    for (size_t pos = 0; pos <= 3; pos++) {
        rope_insert(r, pos, (struct str){0});
        rope_delete(r, pos, 0);
    }
    assert_true(rope_is(r, STR("abc")) && rope_check(r));
    rope_free(r);
}

static void lines_are_what_stands_between_newlines(void **state)
{
    (void)state;
    struct rope *r = rope_of(STR("one\n\nthr\xc3\xa9\xc3\xa9\n"));
    static const size_t start[] = {0, 4, 5, 11}, end[] = {3, 4, 10, 11};
    assert_int_equal(rope_lines(r), COUNT_OF(start));
    for (size_t i = 0; i < COUNT_OF(start); i++) {
        assert_int_equal(rope_line_start(r, i), start[i]);
        assert_int_equal(rope_line_end(r, i), end[i]);
        assert_int_equal(rope_line_of(r, start[i]), i);
        assert_int_equal(rope_line_of(r, end[i]), i);
    }
    rope_free(r);
}

/* Wherever a leaf ends, a code point of four bytes may want to lie across its edge. */
static void code_points_are_never_parted(void **state)
{
    (void)state;
    struct buf emoji = {0}, whole = {0};
    for (int i = 0; i < 1500; i++)
        buf_add_str(&emoji, STR("\xf0\x9f\x98\x80"));
    for (size_t shift = 0; shift < 8; shift++) {
        buf_clear(&whole);
        buf_add(&whole, "aaaaaaa", shift);
        buf_add_str(&whole, buf_str(&emoji));
        struct rope *built = rope_of(buf_str(&whole)), *typed = rope_new();
        for (size_t i = 0; i < shift; i++)
            rope_insert(typed, i, STR("a"));
        for (size_t i = 0; i < 1500; i++)
            rope_insert(typed, shift + i / 2, STR("\xf0\x9f\x98\x80"));
        assert_true(rope_check(built) && rope_is(built, buf_str(&whole)));
        assert_true(rope_check(typed) && rope_eq(built, typed));
        for (size_t pos = shift; pos < shift + 1500; pos++)
            assert_int_equal(rope_at(typed, pos), 0x1f600);
        rope_free(built);
        rope_free(typed);
    }
    buf_finish(&emoji);
    buf_finish(&whole);
}

static void full_leaves_take_text_at_every_position(void **state)
{
    (void)state;
    struct dice d = {7};
    struct buf text = {0}, word = {0};
    static const size_t lengths[] = {1, 2, 120, 1000, 3000};
    random_text(&d, MIXED, 4000, &text);
    size_t chars = utf8_chars(buf_str(&text));
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        random_text(&d, MIXED, lengths[i], &word);
        for (size_t pos = 0; pos <= chars; pos += 7) {
            struct pair p = pair_new(pos + 1);
            insert_both(&p, 0, buf_str(&text));
            insert_both(&p, pos, buf_str(&word));
            insert_both(&p, pos, STR("\n"));
            assert_same_text(&p);
            pair_finish(&p);
        }
    }
    buf_finish(&text);
    buf_finish(&word);
}

/* ---- as a whole ---- */

static void a_copy_is_equal_and_apart(void **state)
{
    (void)state;
    struct pair p = pair_new(11);
    for (size_t i = 0; i < 200; i++) {
        edit_both(&p, MIXED, 20000);
        struct rope *copy = rope_copy(p.rope);
        assert_true(rope_check(copy) && rope_eq(copy, p.rope) && rope_eq(p.rope, copy));
        rope_insert(copy, rope_chars(copy) / 2, STR("!"));
        assert_false(rope_eq(copy, p.rope));
        rope_free(copy);
        assert_int_equal(rope_chars(p.rope), p.twin.n);
    }
    assert_same_text(&p);
    pair_finish(&p);
}

static void equal_means_the_same_bytes(void **state)
{
    (void)state;
    struct rope *r = rope_of(STR("caf\xc3\xa9")), *same = rope_of(STR("caf"));
    rope_insert(same, 3, STR("\xc3\xa9"));
    assert_true(rope_eq(r, same) && rope_is(same, STR("caf\xc3\xa9")));
    assert_false(rope_is(r, STR("cafe\xcc\x81")) || rope_is(r, STR("caf\xc3\xa8")));
    assert_false(rope_is(r, STR("caf")) || rope_is(r, STR("")));
    rope_free(r);
    rope_free(same);
}

static void a_huge_text_is_built_read_and_deleted(void **state)
{
    (void)state;
    enum { MEGABYTES = 4 };
    struct dice d = {5};
    struct buf text = {0}, back = {0};
    random_text(&d, RARELY_MIXED, MEGABYTES << 20, &text);
    struct rope *r = rope_of(buf_str(&text));
    size_t chars = rope_chars(r);
    assert_int_equal(chars, utf8_chars(buf_str(&text)));
    rope_read(r, 0, chars, &back);
    assert_int_equal(back.n, text.n);
    assert_memory_equal(back.p, text.p, text.n);
    rope_delete(r, 10, chars - 20);
    assert_int_equal(rope_chars(r), 20);
    assert_true(rope_check(r));
    rope_free(r);
    buf_finish(&text);
    buf_finish(&back);
}

/* ---- memory ---- */

static void assert_lean(const struct rope *r, const char *what)
{
    double each = (double)rope_memory(r) / (double)rope_bytes(r);
    if (each > 2.2)
        fail_msg("%s: %.2f bytes for a byte of text", what, each);
}

static void scatter(struct rope *r, struct dice *d, size_t edits, struct str word)
{
    for (size_t i = 0; i < edits; i++) {
        rope_insert(r, roll(d, rope_chars(r) + 1), word);
        rope_delete(r, roll(d, rope_chars(r) - word.n + 1), word.n);
    }
}

static void a_byte_of_text_takes_at_most_2_2(void **state)
{
    (void)state;
    enum { BYTES = 100000 };
    struct dice d = {3};
    struct buf text = {0}, word = {0};
    random_text(&d, ASCII, BYTES, &text);
    struct rope *r = rope_of(buf_str(&text));
    assert_lean(r, "built");
    static const size_t lengths[] = {1, 10, 300, 700, 1000, 2500};
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        random_text(&d, ASCII, lengths[i], &word);
        scatter(r, &d, 2000, buf_str(&word));
        assert_lean(r, "edited all over");
    }
    assert_true(rope_check(r));
    rope_free(r);
    r = rope_new();
    for (size_t i = 0; i < BYTES; i++)
        rope_insert(r, i / 2, STR("x"));
    assert_lean(r, "typed in the middle");
    while (rope_chars(r) > BYTES / 2)
        rope_delete(r, roll(&d, rope_chars(r)), 1);
    assert_lean(r, "thinned out");
    rope_free(r);
    buf_finish(&text);
    buf_finish(&word);
}

/* ---- real sessions ---- */

static void replay(const struct trace *t)
{
    struct rope *r = rope_new();
    size_t i = 0;
    vec_each (edit, &t->edits) {
        rope_delete(r, edit->pos, edit->chars);
        rope_insert(r, edit->pos, edit->text);
        if (++i % 4096 == 0)
            assert_true(rope_check(r));
    }
    if (!rope_is(r, buf_str(&t->end)))
        fail_msg("%s: another text came out", t->name);
    assert_true(rope_check(r));
    assert_lean(r, t->name);
    rope_free(r);
}

static void sessions_end_with_their_text(void **state)
{
    (void)state;
    struct traces traces;
    traces_take(&traces, 3);
    vec_each (trace, &traces.all)
        replay(trace);
    traces_finish(&traces);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_edits_do_what_they_do_to_an_array),
        cmocka_unit_test(an_empty_text_has_one_line_and_nothing_else),
        cmocka_unit_test(inserting_or_deleting_nothing_changes_nothing),
        cmocka_unit_test(lines_are_what_stands_between_newlines),
        cmocka_unit_test(code_points_are_never_parted),
        cmocka_unit_test(full_leaves_take_text_at_every_position),
        cmocka_unit_test(a_copy_is_equal_and_apart),
        cmocka_unit_test(equal_means_the_same_bytes),
        cmocka_unit_test(a_huge_text_is_built_read_and_deleted),
        cmocka_unit_test(a_byte_of_text_takes_at_most_2_2),
        cmocka_unit_test(sessions_end_with_their_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
