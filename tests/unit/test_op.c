#include "op.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void read_op(struct op *o, const char *json)
{
    struct err e = {0};
    if (!op_parse(o, str_of(json), OP_OUT_MAX, &e))
        fail_msg("%s: %s", json, e.text);
}

static void assert_op(const struct op *o, const char *expected, const char *where)
{
    struct buf got = {0};
    op_print(o, &got);
    if (strcmp(buf_cstr(&got), expected) != 0)
        fail_msg("%s: got %s, not %s", where, buf_cstr(&got), expected);
    assert_true(op_is_sound(o));
    buf_finish(&got);
}

/* ---- building ---- */

static void calls_in_any_order_build_the_canonical_form(void **state)
{
    (void)state;
    struct op o = {0};
    op_skip(&o, 2);
    op_skip(&o, 3);
    op_delete(&o, 1);
    op_insert(&o, STR("b"));
    op_delete(&o, 2);
    op_insert(&o, STR("\xc3\xa9"));
    op_skip(&o, 0);
    op_insert(&o, STR(""));
    op_delete(&o, 0);
    op_skip(&o, 1);
    op_insert(&o, STR("x"));
    op_insert(&o, STR("y"));
    op_skip(&o, 9);
    assert_op(&o, "[5,\"b\xc3\xa9\",{\"d\":3},1,\"xy\"]", "built");
    op_finish(&o);
}

static void facts_do_not_count_a_skip_at_the_end(void **state)
{
    (void)state;
    struct op o = {0}, same = {0};
    assert_true(op_is_empty(&o) && op_eq(&o, &same));
    op_skip(&o, 5);
    assert_true(op_is_empty(&o) && op_eq(&o, &same) && op_eq(&same, &o));
    assert_int_equal(op_parts(&o), 0);
    assert_int_equal(op_consumed(&o), 0);

    read_op(&o, "[5,\"\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd\",{\"d\":3}]");
    op_copy(&same, &o);
    op_skip(&o, 10);
    assert_true(op_eq(&o, &same));
    assert_int_equal(op_parts(&o), 3);
    assert_int_equal(op_consumed(&o), 8);
    assert_int_equal(op_inserted(&o), 2);
    assert_int_equal(op_deleted(&o), 3);
    assert_int_equal(op_result(&o, 10), 9);
    op_insert(&o, STR("!"));
    assert_false(op_eq(&o, &same));
    assert_int_equal(op_consumed(&o), 18);
    op_finish(&o);
    op_finish(&same);
}

static void operations_differ_by_kind_length_and_text(void **state)
{
    (void)state;
    static const char *const all[] = {
        "[]",          "[\"a\"]",   "[\"b\"]",   "[\"ab\"]",          "[{\"d\":1}]",
        "[{\"d\":2}]", "[1,\"a\"]", "[2,\"a\"]", "[\"a\",{\"d\":1}]", "[\"\xc3\xa9\"]"};
    struct op a = {0}, b = {0};
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        for (size_t j = 0; j < COUNT_OF(all); j++) {
            read_op(&a, all[i]);
            read_op(&b, all[j]);
            assert_int_equal(op_eq(&a, &b), i == j);
        }
    }
    op_finish(&a);
    op_finish(&b);
}

static void a_walk_gives_each_part_with_its_text(void **state)
{
    (void)state;
    struct op o = {0};
    struct op_at at = {0};
    struct op_part p;
    read_op(&o, "[\"a\xc3\xa9\",2,\"xyz\",{\"d\":4}]");
    assert_true(op_next(&o, &at, &p) && p.kind == OP_INSERT && p.chars == 2);
    assert_true(str_is(p.text, "a\xc3\xa9"));
    assert_true(op_next(&o, &at, &p) && p.kind == OP_SKIP && p.chars == 2 && p.text.n == 0);
    assert_true(op_next(&o, &at, &p) && p.kind == OP_INSERT && str_is(p.text, "xyz"));
    assert_true(op_next(&o, &at, &p) && p.kind == OP_DELETE && p.chars == 4);
    assert_false(op_next(&o, &at, &p));
    assert_false(op_next(&o, &at, &p));
    op_finish(&o);
}

static void lengths_beyond_all_texts_fit_none(void **state)
{
    (void)state;
    struct op o = {0}, out = {0}, more = {0};
    struct err e = {0};
    op_skip(&o, SIZE_MAX);
    op_skip(&o, SIZE_MAX);
    op_delete(&o, SIZE_MAX);
    op_delete(&o, SIZE_MAX);
    assert_true(op_is_sound(&o));
    assert_int_equal(op_parts(&o), 2);
    assert_false(op_check(&o, NOTE_MAX, &e));
    op_compose(&o, &o, &out);
    op_compose(&out, &o, &more);
    op_transform(&more, &out, OP_LEFT, &o);
    assert_true(op_is_sound(&more) && op_is_sound(&o));
    assert_true(op_is_sound(&out));
    op_finish(&o);
    op_finish(&out);
    op_finish(&more);
}

/* ---- the check ---- */

static void what_does_not_fit_the_text_is_refused_with_part_and_bound(void **state)
{
    (void)state;
    static const struct {
        const char *op;
        size_t chars;
        enum err_code code;
        const char *words;
    } rows[] = {
        {"[]", 0, ERR_NONE, NULL},
        {"[\"a\"]", 0, ERR_NONE, NULL},
        {"[5,\"a\"]", 5, ERR_NONE, NULL},
        {"[{\"d\":5}]", 5, ERR_NONE, NULL},
        {"[5,\"a\"]", 4, ERR_BAD_FIELD,
         "part 1 of the operation ends at code point 5, the text has 4"},
        {"[\"a\",{\"d\":1}]", 0, ERR_BAD_FIELD, "part 2 of the operation ends at code point 1"},
        {"[1,{\"d\":1},2,{\"d\":3}]", 6, ERR_BAD_FIELD,
         "part 4 of the operation ends at code point 7"},
        {"[\"a\"]", NOTE_MAX - 1, ERR_NONE, NULL},
        {"[\"a\"]", NOTE_MAX, ERR_LIMIT, "2097153 code points, at most 2097152"},
        {"[\"a\",{\"d\":1}]", NOTE_MAX, ERR_NONE, NULL},
        {"[\"ab\",{\"d\":1}]", NOTE_MAX, ERR_LIMIT, "2097153"},
    };
    struct op o = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct err e = {0};
        read_op(&o, rows[i].op);
        bool good = op_check(&o, rows[i].chars, &e);
        if (good != !rows[i].code || e.code != rows[i].code ||
            (rows[i].words && !strstr(e.text, rows[i].words)))
            fail_msg("%s on %zu: %s", rows[i].op, rows[i].chars, e.text);
    }
    op_finish(&o);
}

static void text_that_is_no_text_is_refused(void **state)
{
    (void)state;
    static const struct str bad[] = {STR_ROW("a\0b"), STR_ROW("\xff"), STR_ROW("\xed\xa0\x80"),
                                     STR_ROW("\xc3"), STR_ROW("\xf4\x90\x80\x80")};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct op o = {0};
        struct err e = {0};
        op_skip(&o, 1);
        op_insert(&o, bad[i]);
        assert_false(op_check(&o, 10, &e));
        assert_int_equal(e.code, ERR_BAD_FIELD);
        assert_non_null(strstr(e.text, "part 2"));
        op_finish(&o);
    }
}

/* ---- the algebra, by hand ---- */

static void compositions_worked_out_by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b, *both;
    } rows[] = {
        {"[]", "[]", "[]"},
        {"[\"abc\"]", "[{\"d\":3}]", "[]"},
        {"[\"abc\"]", "[1,{\"d\":1}]", "[\"ac\"]"},
        {"[\"abc\"]", "[1,\"x\",{\"d\":1}]", "[\"axc\"]"},
        {"[\"ab\"]", "[1,{\"d\":2}]", "[\"a\",{\"d\":1}]"},
        {"[{\"d\":2}]", "[\"x\"]", "[\"x\",{\"d\":2}]"},
        {"[{\"d\":2}]", "[{\"d\":1}]", "[{\"d\":3}]"},
        {"[1,{\"d\":1}]", "[{\"d\":2}]", "[{\"d\":3}]"},
        {"[1,{\"d\":1},1,{\"d\":1}]", "[1,{\"d\":1}]", "[1,{\"d\":3}]"},
        {"[3,\"x\"]", "[1,\"y\"]", "[1,\"y\",2,\"x\"]"},
        {"[1,\"y\"]", "[4,\"x\"]", "[1,\"y\",2,\"x\"]"},
        {"[1,\"y\"]", "[1,\"x\"]", "[1,\"xy\"]"},
        {"[1,\"y\"]", "[2,\"x\"]", "[1,\"yx\"]"},
        {"[\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z\"]", "[1,{\"d\":1},1,\"-\"]",
         "[\"\xc3\xa9\xf0\x9f\x98\x80-z\"]"},
        {"[\"\xc3\xa9\xf0\x9f\x98\x80\"]", "[1,{\"d\":1},7,\"-\"]", "[\"\xc3\xa9\",7,\"-\"]"},
        {"[5,{\"d\":1}]", "[9,\"z\"]", "[5,{\"d\":1},4,\"z\"]"},
        {"[\"a\",{\"d\":1}]", "[\"b\",{\"d\":1}]", "[\"b\",{\"d\":1}]"},
    };
    struct op a = {0}, b = {0}, out = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_op(&a, rows[i].a);
        read_op(&b, rows[i].b);
        op_compose(&a, &b, &out);
        assert_op(&out, rows[i].both, rows[i].a);
    }
    op_finish(&a);
    op_finish(&b);
    op_finish(&out);
}

static void transforms_worked_out_by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *o, *past, *left, *right;
    } rows[] = {
        {"[]", "[\"a\"]", "[]", "[]"},
        {"[\"a\"]", "[]", "[\"a\"]", "[\"a\"]"},
        {"[\"a\"]", "[\"bc\"]", "[\"a\"]", "[2,\"a\"]"},
        {"[1,\"a\"]", "[\"bc\"]", "[3,\"a\"]", "[3,\"a\"]"},
        {"[1,\"a\"]", "[1,\"b\",{\"d\":1}]", "[1,\"a\"]", "[2,\"a\"]"},
        {"[2,\"a\"]", "[1,\"b\",{\"d\":3}]", "[2,\"a\"]", "[2,\"a\"]"},
        {"[2,\"a\"]", "[1,{\"d\":3}]", "[1,\"a\"]", "[1,\"a\"]"},
        {"[{\"d\":3}]", "[1,\"b\"]", "[{\"d\":1},1,{\"d\":2}]", "[{\"d\":1},1,{\"d\":2}]"},
        {"[{\"d\":3}]", "[\"b\"]", "[1,{\"d\":3}]", "[1,{\"d\":3}]"},
        {"[{\"d\":3}]", "[3,\"b\"]", "[{\"d\":3}]", "[{\"d\":3}]"},
        {"[{\"d\":3}]", "[{\"d\":3}]", "[]", "[]"},
        {"[{\"d\":3}]", "[1,{\"d\":1}]", "[{\"d\":2}]", "[{\"d\":2}]"},
        {"[1,{\"d\":1}]", "[{\"d\":3}]", "[]", "[]"},
        {"[2,{\"d\":4}]", "[{\"d\":3}]", "[{\"d\":3}]", "[{\"d\":3}]"},
        {"[\"x\",{\"d\":2}]", "[\"y\",{\"d\":2}]", "[\"x\"]", "[1,\"x\"]"},
        {"[{\"d\":1},1,\"x\"]", "[1,{\"d\":1}]", "[\"x\",{\"d\":1}]", "[\"x\",{\"d\":1}]"},
        {"[2,\"x\",3,{\"d\":1}]", "[4,\"\xf0\x9f\x98\x80\xc3\xa9\"]", "[2,\"x\",5,{\"d\":1}]",
         "[2,\"x\",5,{\"d\":1}]"},
    };
    struct op o = {0}, past = {0}, out = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_op(&o, rows[i].o);
        read_op(&past, rows[i].past);
        op_transform(&o, &past, OP_LEFT, &out);
        assert_op(&out, rows[i].left, rows[i].o);
        op_transform(&o, &past, OP_RIGHT, &out);
        assert_op(&out, rows[i].right, rows[i].o);
    }
    op_finish(&o);
    op_finish(&past);
    op_finish(&out);
}

static void inverses_worked_out_by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *text, *op, *after, *inverse;
    } rows[] = {
        {"", "[]", "", "[]"},
        {"", "[\"a\"]", "a", "[{\"d\":1}]"},
        {"hello", "[5,\"!\"]", "hello!", "[5,{\"d\":1}]"},
        {"hello", "[1,{\"d\":3}]", "ho", "[1,\"ell\"]"},
        {"hello", "[\"J\",{\"d\":1}]", "Jello", "[\"h\",{\"d\":1}]"},
        {"h\xc3\xa9\xf0\x9f\x98\x80o", "[1,{\"d\":1},1,\"ab\",{\"d\":1}]",
         "h\xf0\x9f\x98\x80"
         "ab",
         "[1,\"\xc3\xa9\",1,\"o\",{\"d\":2}]"},
    };
    struct op o = {0}, out = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rope *r = rope_of(str_of(rows[i].text));
        read_op(&o, rows[i].op);
        op_invert(&o, r, &out);
        assert_op(&out, rows[i].inverse, rows[i].text);
        op_apply(&o, r);
        assert_true(rope_is(r, str_of(rows[i].after)));
        op_apply(&out, r);
        assert_true(rope_is(r, str_of(rows[i].text)));
        rope_free(r);
    }
    op_finish(&o);
    op_finish(&out);
}

static void carets_worked_out_by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *op;
        size_t pos, left, right;
    } rows[] = {
        {"[]", 3, 3, 3},
        {"[3,\"ab\"]", 2, 2, 2},
        {"[3,\"ab\"]", 3, 3, 5},
        {"[3,\"ab\"]", 4, 6, 6},
        {"[3,{\"d\":2}]", 3, 3, 3},
        {"[3,{\"d\":2}]", 4, 3, 3},
        {"[3,{\"d\":2}]", 5, 3, 3},
        {"[3,{\"d\":2}]", 6, 4, 4},
        {"[3,\"x\",{\"d\":2}]", 3, 3, 4},
        {"[3,\"x\",{\"d\":2}]", 4, 4, 4},
        {"[3,\"x\",{\"d\":2}]", 5, 4, 4},
        {"[3,\"x\",{\"d\":2}]", 6, 5, 5},
        {"[\"a\",1,\"b\",1,\"c\"]", 0, 0, 1},
        {"[\"a\",1,\"b\",1,\"c\"]", 2, 4, 5},
        {"[{\"d\":9}]", 5, 0, 0},
        {"[3,\"ab\"]", SIZE_MAX / 2, SIZE_MAX / 2 + 2, SIZE_MAX / 2 + 2},
    };
    struct op o = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_op(&o, rows[i].op);
        size_t left = op_caret(&o, rows[i].pos, OP_LEFT);
        size_t right = op_caret(&o, rows[i].pos, OP_RIGHT);
        if (left != rows[i].left || right != rows[i].right)
            fail_msg("%s at %zu: %zu and %zu", rows[i].op, rows[i].pos, left, right);
    }
    op_finish(&o);
}

static void a_caret_goes_to_the_end_of_the_edit(void **state)
{
    (void)state;
    static const struct {
        const char *op;
        size_t at;
    } rows[] = {
        {"[]", 0},
        {"[\"ab\"]", 2},
        {"[3,\"ab\"]", 5},
        {"[3,{\"d\":2}]", 3},
        {"[3,{\"d\":2},4,{\"d\":1}]", 7},
        {"[3,\"ab\",{\"d\":2}]", 5},
        {"[\"ab\",3,{\"d\":2}]", 2},
        {"[{\"d\":2},3,\"ab\",1,{\"d\":1}]", 5},
        {"[\"é😀\"]", 2},
    };
    struct op o = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_op(&o, rows[i].op);
        if (op_author_caret(&o) != rows[i].at)
            fail_msg("%s: %zu", rows[i].op, op_author_caret(&o));
    }
    op_finish(&o);
}

/* The one who is committed later goes left: two words typed at one place at once stay whole,
 * letter by letter, whichever letter comes first. */
static void words_typed_at_one_place_do_not_mix(void **state)
{
    (void)state;
    struct op first = {0}, second = {0}, moved = {0}, sum = {0}, next = {0};
    static const char *const later[] = {"[\"o\"]", "[1,\"n\"]", "[2,\"e\"]"};
    read_op(&first, "[\"two\"]");
    op_copy(&sum, &first);
    for (size_t i = 0; i < COUNT_OF(later); i++) {
        read_op(&second, later[i]);
        op_transform(&second, &first, OP_LEFT, &moved);
        op_compose(&sum, &moved, &next);
        op_swap(&sum, &next);
        op_transform(&first, &second, OP_RIGHT, &next);
        op_swap(&first, &next);
    }
    assert_op(&sum, "[\"onetwo\"]", "two words");
    op_finish(&first);
    op_finish(&second);
    op_finish(&moved);
    op_finish(&sum);
    op_finish(&next);
}

static void results_go_into_memory_that_is_used_again(void **state)
{
    (void)state;
    struct op a = {0}, b = {0}, out = {0};
    read_op(&a, "[3,\"abc\",1,{\"d\":2}]");
    read_op(&b, "[1,\"x\",{\"d\":2},4,\"y\"]");
    op_transform(&a, &b, OP_LEFT, &out);
    op_compose(&a, &b, &out);
    const uint32_t *parts = out.parts;
    const char *text = out.text.p;
    for (int i = 0; i < 10; i++) {
        op_transform(&a, &b, OP_RIGHT, &out);
        op_compose(&a, &b, &out);
    }
    assert_ptr_equal(out.parts, parts);
    assert_ptr_equal(out.text.p, text);
    op_finish(&a);
    op_finish(&b);
    op_finish(&out);
    op_finish(&out);
}

static void the_longest_text_is_inserted_taken_back_and_deleted(void **state)
{
    (void)state;
    struct buf big = {0};
    for (size_t i = 0; i < NOTE_MAX; i++)
        buf_add(&big, "\xf0\x9f\x98\x80", 4);
    struct op in = {0}, out = {0}, both = {0};
    struct rope *r = rope_new();
    op_insert(&in, buf_str(&big));
    assert_true(op_check(&in, 0, NULL));
    assert_false(op_check(&in, 1, NULL));
    op_invert(&in, r, &out);
    op_apply(&in, r);
    assert_true(rope_is(r, buf_str(&big)));
    assert_op(&out, "[{\"d\":2097152}]", "the inverse");
    op_compose(&in, &out, &both);
    assert_true(op_is_empty(&both));
    op_invert(&out, r, &both);
    assert_true(op_eq(&both, &in));
    op_apply(&out, r);
    assert_int_equal(rope_chars(r), 0);
    rope_free(r);
    op_finish(&in);
    op_finish(&out);
    op_finish(&both);
    buf_finish(&big);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_in_any_order_build_the_canonical_form),
        cmocka_unit_test(facts_do_not_count_a_skip_at_the_end),
        cmocka_unit_test(operations_differ_by_kind_length_and_text),
        cmocka_unit_test(a_walk_gives_each_part_with_its_text),
        cmocka_unit_test(lengths_beyond_all_texts_fit_none),
        cmocka_unit_test(what_does_not_fit_the_text_is_refused_with_part_and_bound),
        cmocka_unit_test(text_that_is_no_text_is_refused),
        cmocka_unit_test(compositions_worked_out_by_hand),
        cmocka_unit_test(transforms_worked_out_by_hand),
        cmocka_unit_test(inverses_worked_out_by_hand),
        cmocka_unit_test(carets_worked_out_by_hand),
        cmocka_unit_test(a_caret_goes_to_the_end_of_the_edit),
        cmocka_unit_test(words_typed_at_one_place_do_not_mix),
        cmocka_unit_test(results_go_into_memory_that_is_used_again),
        cmocka_unit_test(the_longest_text_is_inserted_taken_back_and_deleted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
