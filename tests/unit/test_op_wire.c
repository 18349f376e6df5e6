#include "text_kit.h"
#include "utf8.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

/* ---- what is read ---- */

static void every_json_form_of_an_operation_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *json, *printed;
    } rows[] = {
        {"[]", "[]"},
        {" [ ] ", "[]"},
        {"[\"a\"]", "[\"a\"]"},
        {"[1,\"a\",{\"d\":2}]", "[1,\"a\",{\"d\":2}]"},
        {"\t[\r\n1 , \"a\"\n,\t{ \"d\" : 2 } ] \n", "[1,\"a\",{\"d\":2}]"},
        {"[{\"\\u0064\":2}]", "[{\"d\":2}]"},
        {"[2097152,\"a\"]", "[2097152,\"a\"]"},
        {"[{\"d\":2097152}]", "[{\"d\":2097152}]"},
        {"[{\"d\":1},1,{\"d\":1}]", "[{\"d\":1},1,{\"d\":1}]"},
        {"[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "[\"\\\"\\\\/\\b\\f\\n\\r\\t\"]"},
        {"[\"\\u0001\\u001F\\u007f\"]", "[\"\\u0001\\u001f\x7f\"]"},
        {"[\"\\u00e9\\u20AC\\uffff\"]", "[\"\xc3\xa9\xe2\x82\xac\xef\xbf\xbf\"]"},
        {"[\"\\ud83d\\ude00\\uD800\\uDC00\\udbff\\udfff\"]",
         "[\"\xf0\x9f\x98\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"]"},
        {"[\"e\xcc\x81\xe2\x80\x8d\"]", "[\"e\xcc\x81\xe2\x80\x8d\"]"},
    };
    struct op o = {0};
    struct buf out = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct err e = {0};
        if (!op_parse(&o, str_of(rows[i].json), OP_MAX, &e))
            fail_msg("%s: %s", rows[i].json, e.text);
        assert_true(op_is_sound(&o));
        buf_clear(&out);
        op_print(&o, &out);
        assert_string_equal(buf_cstr(&out), rows[i].printed);
    }
    op_finish(&o);
    buf_finish(&out);
}

static void a_pair_of_escaped_surrogates_is_one_code_point(void **state)
{
    (void)state;
    struct op o = {0};
    assert_true(op_parse(&o, STR("[\"\\ud83d\\ude00\"]"), OP_MAX, NULL));
    assert_int_equal(op_inserted(&o), 1);
    op_finish(&o);
}

/* ---- what is refused ---- */

static void assert_refused(struct str json, size_t max, enum err_code code, const char *words)
{
    struct op o = {0};
    struct err e = {0};
    op_insert(&o, STR("was here"));
    if (op_parse(&o, json, max, &e))
        fail_msg("%.*s was read", STR_ARG(json));
    assert_int_equal(e.code, code);
    if (!strstr(e.text, words))
        fail_msg("%.*s: \"%s\" does not say \"%s\"", STR_ARG(json), e.text, words);
    assert_true(op_is_empty(&o) && op_is_sound(&o) && o.n == 0 && o.text.n == 0);
    op_finish(&o);
}

struct refused {
    const char *json, *words;
};

static void assert_all_refused(const struct refused *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_refused(str_of(rows[i].json), OP_MAX, ERR_BAD_FIELD, rows[i].words);
}

static void what_is_no_list_of_parts_is_refused(void **state)
{
    (void)state;
    static const struct refused rows[] = {
        {"", "an operation is an array"},
        {"null", "an operation is an array"},
        {"{}", "an operation is an array"},
        {"{\"d\":1}", "an operation is an array"},
        {"\"a\"", "an operation is an array"},
        {"5", "an operation is an array"},
        {"\xef\xbb\xbf[]", "an operation is an array"},
        {"[", "a part is"},
        {"[,]", "a part is"},
        {"[\"a\",]", "in part 2: a part is"},
        {"[\"a\"", "',' or ']' is missing"},
        {"[\"a\" 1]", "',' or ']' is missing"},
        {"[\"a\"}", "',' or ']' is missing"},
        {"[1 2,\"a\"]", "',' or ']' is missing"},
        {"[]]", "something follows"},
        {"[][]", "something follows"},
        {"[\"a\"]x", "something follows"},
        {"[[\"a\"]]", "a part is"},
        {"[null]", "a part is"},
        {"[true]", "a part is"},
        {"['a']", "a part is"},
        {"[/**/\"a\"]", "a part is"},
        {"[\x0b\"a\"]", "a part is"},
    };
    assert_all_refused(rows, COUNT_OF(rows));
}

static void numbers_are_whole_and_in_bounds(void **state)
{
    (void)state;
    static const char *const numbers[] = {"0",
                                          "-1",
                                          "-0",
                                          "01",
                                          "00",
                                          "1.5",
                                          "1.0",
                                          "1e3",
                                          "1E3",
                                          "1e-3",
                                          "-",
                                          "2097153",
                                          "4294967297",
                                          "18446744073709551617",
                                          "99999999999999999999999999999999999",
                                          "2097152.0",
                                          "1000000000000000000"};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        char skip[80], del[80];
        snprintf(skip, sizeof skip, "[\"b\",%s,\"a\"]", numbers[i]);
        assert_refused(str_of(skip), OP_MAX, ERR_BAD_FIELD,
                       "the number of part 2 is no whole one from 1 to 2097152");
        snprintf(del, sizeof del, "[{\"d\":%s}]", numbers[i]);
        assert_refused(str_of(del), OP_MAX, ERR_BAD_FIELD,
                       "the number of part 1 is no whole one from 1 to 2097152");
    }
    static const struct refused rows[] = {
        {"[+1,\"a\"]", "a part is"},
        {"[.5,\"a\"]", "a part is"},
        {"[1x,\"a\"]", "',' or ']' is missing"},
        {"[0x10,\"a\"]", "no whole one"},
        {"[NaN,\"a\"]", "a part is"},
        {"[{\"d\":\"1\"}]", "no whole one"},
        {"[{\"d\":null}]", "no whole one"},
        {"[{\"d\":[1]}]", "no whole one"},
        {"[{\"d\":}]", "no whole one"},
        {"[2097152,{\"d\":1}]",
         "part 2 of the operation ends at code point 2097153, a text has at most 2097152"},
        {"[{\"d\":2097152},1,{\"d\":1}]", "part 2 of the operation ends at code point 2097153"},
    };
    assert_all_refused(rows, COUNT_OF(rows));
}

static void a_deletion_has_one_key(void **state)
{
    (void)state;
    static const struct refused rows[] = {
        {"[{}]", "key \"d\""},
        {"[{\"d\"}]", "':' is missing"},
        {"[{\"d\" 1}]", "':' is missing"},
        {"[{\"d\":1]", "ends with '}'"},
        {"[{\"d\":1", "ends with '}'"},
        {"[{d:1}]", "key \"d\""},
        {"[{\"D\":1}]", "no key but"},
        {"[{\"\":1}]", "no key but"},
        {"[{\"dd\":1}]", "no key but"},
        {"[{\"i\":\"a\"}]", "no key but"},
        {"[{\"d\":1,\"d\":2}]", "one key"},
        {"[{\"d\":1,\"d\":1}]", "one key"},
        {"[{\"d\":1,\"x\":1}]", "one key"},
        {"[{\"d\":1,}]", "one key"},
        {"[{\"x\":1,\"d\":1}]", "no key but"},
    };
    assert_all_refused(rows, COUNT_OF(rows));
}

static void what_is_not_canonical_is_refused(void **state)
{
    (void)state;
    static const struct refused rows[] = {
        {"[\"\"]", "in part 1: an empty string"},
        {"[1,\"\",{\"d\":1}]", "in part 2: an empty string"},
        {"[1]", "a skip at the end"},
        {"[\"a\",1]", "a skip at the end"},
        {"[1,1,\"a\"]", "in part 2: two neighbours of one kind"},
        {"[\"a\",\"b\"]", "two neighbours of one kind"},
        {"[{\"d\":1},{\"d\":2}]", "two neighbours of one kind"},
        {"[{\"d\":1},\"a\"]", "in part 2: an insertion stands in front"},
        {"[\"a\",{\"d\":1},\"b\"]", "in part 3: an insertion stands in front"},
    };
    assert_all_refused(rows, COUNT_OF(rows));
}

static void text_that_no_text_may_hold_is_refused(void **state)
{
    (void)state;
    static const struct refused rows[] = {
        {"[\"a", "a string does not end"},
        {"[\"a\\", "unknown escape"},
        {"[\"a\\\"]", "a string does not end"},
        {"[\"\\x41\"]", "unknown escape"},
        {"[\"\\'\"]", "unknown escape"},
        {"[\"\\U00e9\"]", "unknown escape"},
        {"[\"\\u00e\"]", "four hex digits"},
        {"[\"\\u00eg\"]", "four hex digits"},
        {"[\"\\u+0e9\"]", "four hex digits"},
        {"[\"\\u", "four hex digits"},
        {"[\"\\u0000\"]", "NUL"},
        {"[\"a\nb\"]", "control character"},
        {"[\"a\tb\"]", "control character"},
        {"[\"\x1f\"]", "control character"},
        {"[\"\\ud800\"]", "half of a surrogate pair"},
        {"[\"\\udc00\"]", "half of a surrogate pair"},
        {"[\"\\udc00\\ud800\"]", "half of a surrogate pair"},
        {"[\"\\ud800\\ud800\"]", "half of a surrogate pair"},
        {"[\"\\ud800\\u0041\"]", "half of a surrogate pair"},
        {"[\"\\ud83d\\ue000\"]", "half of a surrogate pair"},
        {"[\"\\ud83d\\udbff\"]", "half of a surrogate pair"},
        {"[\"\\udfff\"]", "half of a surrogate pair"},
        {"[\"\\ud800\\n\"]", "half of a surrogate pair"},
        {"[\"\\ud800 \\udc00\"]", "half of a surrogate pair"},
        {"[\"\\ud83d\\ude0\"]", "half of a surrogate pair"},
        {"[\"\xff\"]", "not UTF-8"},
        {"[\"\xc3\"]", "not UTF-8"},
        {"[\"\xc0\xaf\"]", "not UTF-8"},
        {"[\"\xed\xa0\xbd\xed\xb8\x80\"]", "not UTF-8"},
        {"[\"\xf4\x90\x80\x80\"]", "not UTF-8"},
        {"[\"\xe2\x82", "not UTF-8"},
        {"[{\"\xff\":1}]", "not UTF-8"},
        {"[{\"\\u0000\":1}]", "NUL"},
    };
    assert_all_refused(rows, COUNT_OF(rows));
    assert_refused(STR("[\"a\0b\"]"), OP_MAX, ERR_BAD_FIELD, "NUL");
    assert_refused(STR("[\"a\"]\0"), OP_MAX, ERR_BAD_FIELD, "something follows");
    assert_refused(STR("\0[]"), OP_MAX, ERR_BAD_FIELD, "an operation is an array");
}

static void every_front_part_of_an_operation_is_refused(void **state)
{
    (void)state;
    struct str whole = STR("[12,\"a\\u00e9\\ud83d\\ude00\xc3\xa9\",{\"d\":34},5,{\"d\":6}]");
    struct op o = {0};
    for (size_t n = 0; n < whole.n; n++)
        assert_refused((struct str){whole.p, n}, OP_MAX, ERR_BAD_FIELD, "the operation");
    assert_true(op_parse(&o, whole, OP_MAX, NULL));
    op_finish(&o);
}

static void an_operation_of_too_many_bytes_or_insertions_is_refused(void **state)
{
    (void)state;
    struct op o = {0};
    assert_true(op_parse(&o, STR("[\"a\"]"), 5, NULL));
    op_finish(&o);
    assert_refused(STR("[\"ab\"]"), 5, ERR_TOO_LARGE, "has 6 bytes, at most 5");

    struct buf big = {0};
    buf_add(&big, "[\"", 2);
    for (size_t i = 0; i <= NOTE_MAX; i++)
        buf_add_c(&big, 'x');
    buf_add(&big, "\"]", 2);
    assert_refused(
        buf_str(&big), big.n, ERR_BAD_FIELD,
        "part 1 of the operation makes it insert 2097153 code points, at most 2097152");
    buf_finish(&big);
}

/* ---- random ---- */

static void what_is_printed_reads_back_the_same(void **state)
{
    (void)state;
    struct chance c = {.seed = 7};
    struct op o = {0}, again = {0};
    struct buf json = {0};
    for (size_t n = kit_cases(5000); n > 0; n--) {
        struct err e = {0};
        kit_op(&c, kit_size(&c, 1000), kit_size(&c, 30), &o);
        buf_clear(&json);
        op_print(&o, &json);
        if (!op_parse(&again, buf_str(&json), json.n, &e) || !op_eq(&o, &again))
            fail_msg("%s: %s", buf_cstr(&json), e.text);
        assert_true(op_is_sound(&again));
    }
    op_finish(&o);
    op_finish(&again);
    buf_finish(&json);
}

/* Bent in one byte it is refused, or read as what it then says. */
static void a_bent_operation_is_refused_or_means_what_it_says(void **state)
{
    (void)state;
    struct chance c = {.seed = 8};
    struct op o = {0}, again = {0};
    struct buf json = {0}, printed = {0};
    static const char bytes[] = "\"\\{}[],:0123456789du.-eE \n\x80\xed\xf0";
    for (size_t n = kit_cases(20000), refused = 0; n > 0; n--) {
        kit_op(&c, 100, 3, &o);
        buf_clear(&json);
        op_print(&o, &json);
        json.p[chance_below(&c, json.n)] = bytes[chance_below(&c, sizeof bytes)];
        if (!op_parse(&o, buf_str(&json), OP_MAX, NULL)) {
            assert_true(op_is_empty(&o));
            refused++;
            continue;
        }
        assert_true(op_is_sound(&o));
        buf_clear(&printed);
        op_print(&o, &printed);
        assert_true(op_parse(&again, buf_str(&printed), printed.n, NULL) && op_eq(&o, &again));
        assert_true(refused < kit_cases(20000));
    }
    op_finish(&o);
    op_finish(&again);
    buf_finish(&json);
    buf_finish(&printed);
}

/* ---- splitting ---- */

static void assert_split(const struct op *o, size_t wire)
{
    struct op front = {0}, rest = {0}, both = {0}, left = {0}, sum = {0};
    struct buf json = {0};
    op_copy(&left, o);
    for (size_t pieces = 0; !op_is_empty(&left); pieces++) {
        op_split(&left, wire, &front, &rest);
        assert_true(op_is_sound(&front) && op_is_sound(&rest));
        assert_false(op_is_empty(&front));
        buf_clear(&json);
        op_print(&front, &json);
        if (json.n > wire)
            fail_msg("%zu bytes, not %zu: %s", json.n, wire, buf_cstr(&json));
        op_compose(&front, &rest, &both);
        assert_true(op_eq(&both, &left));
        op_compose(&sum, &front, &both);
        op_swap(&sum, &both);
        op_swap(&left, &rest);
        assert_true(pieces < 100000);
    }
    assert_true(op_eq(&sum, o));
    struct op *ops[] = {&front, &rest, &both, &left, &sum};
    for (size_t i = 0; i < COUNT_OF(ops); i++)
        op_finish(ops[i]);
    buf_finish(&json);
}

static void pieces_fit_the_wire_and_make_up_the_whole(void **state)
{
    (void)state;
    struct chance c = {.seed = 9};
    struct op o = {0};
    for (size_t n = kit_cases(1500); n > 0; n--) {
        kit_op(&c, kit_size(&c, 3000), kit_size(&c, 30), &o);
        assert_split(&o, 64 + kit_size(&c, 300));
    }
    op_finish(&o);
}

static void a_piece_is_as_long_as_the_wire_lets_it(void **state)
{
    (void)state;
    struct op o = {0}, front = {0}, rest = {0};
    struct buf text = {0}, json = {0};
    for (size_t i = 0; i < 200; i++)
        buf_add(&text, i % 2 ? "\n" : "x", 1);
    op_skip(&o, 1234567);
    op_insert(&o, buf_str(&text));
    op_print(&o, &json);
    op_split(&o, json.n, &front, &rest);
    assert_true(op_eq(&front, &o) && op_is_empty(&rest));
    op_split(&o, json.n - 1, &front, &rest);
    assert_int_equal(op_inserted(&front), 199);
    assert_int_equal(op_inserted(&rest), 1);
    assert_int_equal(op_consumed(&rest), 1234567 + 199);
    op_finish(&o);
    op_finish(&front);
    op_finish(&rest);
    buf_finish(&text);
    buf_finish(&json);
}

static void a_pasted_megabyte_goes_out_in_few_pieces(void **state)
{
    (void)state;
    struct chance c = {.seed = 10};
    struct buf text = {0};
    struct op o = {0}, front = {0}, rest = {0};
    size_t pieces = 0;
    kit_text(&c, 1 << 20, &text);
    op_skip(&o, 5);
    op_insert(&o, buf_str(&text));
    op_delete(&o, 3);
    for (; !op_is_empty(&o); pieces++) {
        op_split(&o, OP_MAX, &front, &rest);
        op_swap(&o, &rest);
    }
    assert_in_range(pieces, text.n / OP_MAX, 2 + 2 * text.n / OP_MAX);
    op_finish(&o);
    op_finish(&front);
    op_finish(&rest);
    buf_finish(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_json_form_of_an_operation_is_read),
        cmocka_unit_test(a_pair_of_escaped_surrogates_is_one_code_point),
        cmocka_unit_test(what_is_no_list_of_parts_is_refused),
        cmocka_unit_test(numbers_are_whole_and_in_bounds),
        cmocka_unit_test(a_deletion_has_one_key),
        cmocka_unit_test(what_is_not_canonical_is_refused),
        cmocka_unit_test(text_that_no_text_may_hold_is_refused),
        cmocka_unit_test(every_front_part_of_an_operation_is_refused),
        cmocka_unit_test(an_operation_of_too_many_bytes_or_insertions_is_refused),
        cmocka_unit_test(what_is_printed_reads_back_the_same),
        cmocka_unit_test(a_bent_operation_is_refused_or_means_what_it_says),
        cmocka_unit_test(pieces_fit_the_wire_and_make_up_the_whole),
        cmocka_unit_test(a_piece_is_as_long_as_the_wire_lets_it),
        cmocka_unit_test(a_pasted_megabyte_goes_out_in_few_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
