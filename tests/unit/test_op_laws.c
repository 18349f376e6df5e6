/* The laws that editing together rests on, each in many random cases and beside a naive twin. A
 * case that fails prints its seed and its operations; MOOT_CASES=100 runs a hundred times as
 * many, MOOT_SEED=n begins with seed n. */
#include "text_kit.h"
#include "utf8.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

/* Numbers of what is inserted, far from those of the text and of each other. */
enum { IDS_A = 1 << 16, IDS_B = 2 << 16, IDS_C = 3 << 16 };

struct law_case {
    uint64_t seed;
    struct chance chance;
    struct buf utf8;
    struct rope *text;
    size_t chars;
    struct op a, b, c; /* where the law says so, b and c begin at the same text as a */
    struct op x, y, z, left, right;
    struct twin t, u, v, w;
};

static void print_op(const char *name, const struct op *o)
{
    struct buf s = {0};
    op_print(o, &s);
    print_error("  %s = %s\n", name, buf_cstr(&s));
    buf_finish(&s);
}

static void assert_law(const struct law_case *k, bool holds, const char *law)
{
    if (holds)
        return;
    print_error("  MOOT_SEED=%llu, a text of %zu\n", (unsigned long long)k->seed, k->chars);
    print_op("a", &k->a);
    print_op("b", &k->b);
    print_op("c", &k->c);
    print_op("left", &k->left);
    print_op("right", &k->right);
    fail_msg("%s", law);
}

static void assert_same(const struct law_case *k, const struct op *left, const struct op *right,
                        const char *law)
{
    assert_law(k, op_is_sound(left) && op_is_sound(right), law);
    assert_law(k, op_eq(left, right), law);
}

static size_t some_edits(struct law_case *k)
{
    return kit_size(&k->chance, k->chars > 1000 ? 200 : 8);
}

static void random_op(struct law_case *k, size_t chars, struct op *out)
{
    kit_op(&k->chance, chars, some_edits(k), out);
    assert_law(k, op_is_sound(out) && op_check(out, chars, NULL),
               "a random operation is right");
}

/* a and b begin at the text, c too. */
static void concurrent(struct law_case *k)
{
    random_op(k, k->chars, &k->a);
    random_op(k, k->chars, &k->b);
    random_op(k, k->chars, &k->c);
}

/* a, then b, then c. */
static void successive(struct law_case *k)
{
    random_op(k, k->chars, &k->a);
    size_t chars = op_result(&k->a, k->chars);
    random_op(k, chars, &k->b);
    random_op(k, op_result(&k->b, chars), &k->c);
}

static void case_start(struct law_case *k, uint64_t seed)
{
    k->seed = seed;
    k->chance = (struct chance){.seed = seed};
    k->chars = kit_size(&k->chance, chance_below(&k->chance, 500) ? 60 : 8000);
    buf_clear(&k->utf8);
    kit_text(&k->chance, k->chars, &k->utf8);
    k->text = rope_of(buf_str(&k->utf8));
    twin_clear(&k->t);
    twin_add(&k->t, buf_str(&k->utf8), 0);
}

static void case_finish(struct law_case *k)
{
    struct op *ops[] = {&k->a, &k->b, &k->c, &k->x, &k->y, &k->z, &k->left, &k->right};
    struct twin *twins[] = {&k->t, &k->u, &k->v, &k->w};
    for (size_t i = 0; i < COUNT_OF(ops); i++)
        op_finish(ops[i]);
    for (size_t i = 0; i < COUNT_OF(twins); i++)
        twin_finish(twins[i]);
    buf_finish(&k->utf8);
}

static void for_cases(size_t usual, void (*law)(struct law_case *k))
{
    const char *first = getenv("MOOT_SEED");
    int64_t seed = 1;
    if (first && !str_int(str_of(first), 0, INT64_MAX / 2, &seed))
        fail_msg("MOOT_SEED is no number");
    struct law_case k = {0};
    for (size_t n = kit_cases(usual); n > 0; n--, seed++) {
        case_start(&k, (uint64_t)seed);
        law(&k);
        rope_free(k.text);
    }
    case_finish(&k);
}

/* ---- apply and compose ---- */

static void apply_law(struct law_case *k)
{
    random_op(k, k->chars, &k->a);
    struct buf want = {0};
    twin_apply(&k->t, &k->a, IDS_A, &k->u);
    twin_print(&k->u, &want);
    op_apply(&k->a, k->text);
    assert_law(k, rope_is(k->text, buf_str(&want)), "apply is what the twin does");
    assert_law(k, rope_chars(k->text) == op_result(&k->a, k->chars), "length of the result");
    buf_finish(&want);
}

static void applying_gives_what_the_twin_gives(void **state)
{
    (void)state;
    for_cases(3000, apply_law);
}

static void compose_law(struct law_case *k)
{
    successive(k);
    op_compose(&k->a, &k->b, &k->left);
    twin_apply(&k->t, &k->a, IDS_A, &k->u);
    twin_apply(&k->u, &k->b, IDS_B, &k->v);
    twin_diff(&k->t, &k->v, &k->right);
    assert_same(k, &k->left, &k->right, "compose is what the twin does");

    struct rope *once = rope_copy(k->text);
    op_apply(&k->left, once);
    op_apply(&k->a, k->text);
    op_apply(&k->b, k->text);
    assert_law(k, rope_eq(once, k->text), "apply(apply(t, a), b) = apply(t, ab)");
    rope_free(once);
}

static void one_after_the_other_is_the_composition(void **state)
{
    (void)state;
    for_cases(3000, compose_law);
}

static void associative_law(struct law_case *k)
{
    successive(k);
    op_compose(&k->a, &k->b, &k->x);
    op_compose(&k->x, &k->c, &k->left);
    op_compose(&k->b, &k->c, &k->x);
    op_compose(&k->a, &k->x, &k->right);
    assert_same(k, &k->left, &k->right, "(ab)c = a(bc)");
}

static void compositions_do_not_care_for_brackets(void **state)
{
    (void)state;
    for_cases(4000, associative_law);
}

static void neutral_law(struct law_case *k)
{
    random_op(k, k->chars, &k->a);
    op_clear(&k->x);
    op_compose(&k->a, &k->x, &k->left);
    assert_same(k, &k->left, &k->a, "a, then nothing");
    op_compose(&k->x, &k->a, &k->left);
    assert_same(k, &k->left, &k->a, "nothing, then a");
    op_transform(&k->a, &k->x, OP_LEFT, &k->left);
    assert_same(k, &k->left, &k->a, "a past nothing");
    op_transform(&k->x, &k->a, OP_LEFT, &k->left);
    assert_same(k, &k->left, &k->x, "nothing past a");
}

static void the_empty_operation_changes_nothing(void **state)
{
    (void)state;
    for_cases(2000, neutral_law);
}

enum { RUN_MAX = 40 };

static void compose_all_law(struct law_case *k)
{
    struct op ops[RUN_MAX] = {0};
    const struct op *list[RUN_MAX];
    size_t n = kit_size(&k->chance, RUN_MAX), chars = k->chars;
    op_clear(&k->left);
    for (size_t i = 0; i < n; i++) {
        list[i] = &ops[i];
        kit_op(&k->chance, chars, 2, &ops[i]);
        chars = op_result(&ops[i], chars);
        op_compose(&k->left, &ops[i], &k->x);
        op_swap(&k->left, &k->x);
    }
    op_compose_all(list, n, &k->right);
    assert_same(k, &k->left, &k->right, "composed in halves, and one by one");
    for (size_t i = 0; i < n; i++)
        op_finish(&ops[i]);
}

static void many_composed_in_halves_are_the_same(void **state)
{
    (void)state;
    for_cases(600, compose_all_law);
}

/* ---- transform ---- */

static void tp1_law(struct law_case *k)
{
    concurrent(k);
    op_transform(&k->a, &k->b, OP_LEFT, &k->x);
    op_transform(&k->b, &k->a, OP_RIGHT, &k->y);
    op_compose(&k->a, &k->y, &k->left);
    op_compose(&k->b, &k->x, &k->right);
    assert_same(k, &k->left, &k->right, "a(b/a) = b(a/b)");

    struct rope *other = rope_copy(k->text);
    op_apply(&k->a, other);
    op_apply(&k->y, other);
    op_apply(&k->b, k->text);
    op_apply(&k->x, k->text);
    assert_law(k, rope_eq(other, k->text), "both ends have one text");
    rope_free(other);
}

static void both_ends_have_one_text(void **state)
{
    (void)state;
    for_cases(4000, tp1_law);
}

static void transform_law(struct law_case *k)
{
    concurrent(k);
    twin_merge(&k->t, &k->a, IDS_A, &k->b, IDS_B, &k->w);
    twin_apply(&k->t, &k->b, IDS_B, &k->u);
    twin_diff(&k->u, &k->w, &k->right);
    op_transform(&k->a, &k->b, OP_LEFT, &k->left);
    assert_same(k, &k->left, &k->right, "moving left is what the twin does");

    twin_apply(&k->t, &k->a, IDS_A, &k->u);
    twin_diff(&k->u, &k->w, &k->right);
    op_transform(&k->b, &k->a, OP_RIGHT, &k->left);
    assert_same(k, &k->left, &k->right, "moving right is what the twin does");
}

static void transform_gives_what_the_twin_gives(void **state)
{
    (void)state;
    for_cases(4000, transform_law);
}

/* Whatever sides are taken, what is typed is never lost, and nothing is deleted twice. */
static void keeping_law(struct law_case *k)
{
    concurrent(k);
    enum op_side side = chance_below(&k->chance, 2) ? OP_LEFT : OP_RIGHT;
    op_transform(&k->a, &k->b, side, &k->left);
    assert_law(k, str_eq(buf_str(&k->left.text), buf_str(&k->a.text)), "insertions survive");
    size_t after_b = op_result(&k->b, k->chars);
    assert_law(k, op_consumed(&k->left) <= after_b, "it fits the text that it is for");
    assert_law(k, op_deleted(&k->left) <= op_deleted(&k->a), "it deletes no more than before");
}

static void no_insertion_is_lost_by_moving(void **state)
{
    (void)state;
    for_cases(4000, keeping_law);
}

static void itself_law(struct law_case *k)
{
    random_op(k, k->chars, &k->a);
    op_transform(&k->a, &k->a, OP_LEFT, &k->left);
    assert_law(k, op_deleted(&k->left) == 0, "nothing is left to delete");
    assert_law(k, op_parts(&k->left) <= 2 * op_parts(&k->a) + 2, "it has no more parts");
    op_copy(&k->b, &k->a);
    op_transform(&k->b, &k->a, OP_RIGHT, &k->x);
    op_compose(&k->a, &k->left, &k->y);
    op_compose(&k->a, &k->x, &k->z);
    assert_same(k, &k->y, &k->z, "on either side of itself it inserts the same text twice");
}

static void past_itself_only_insertions_are_left(void **state)
{
    (void)state;
    for_cases(3000, itself_law);
}

/* ---- invert ---- */

static void invert_law(struct law_case *k)
{
    random_op(k, k->chars, &k->a);
    twin_apply(&k->t, &k->a, IDS_A, &k->u);
    twin_diff(&k->u, &k->t, &k->right);
    op_invert(&k->a, k->text, &k->x);
    assert_same(k, &k->x, &k->right, "the inverse is what the twin finds");

    op_apply(&k->a, k->text);
    op_invert(&k->x, k->text, &k->left);
    assert_same(k, &k->left, &k->a, "the inverse of the inverse");
    op_apply(&k->x, k->text);
    assert_law(k, rope_is(k->text, buf_str(&k->utf8)), "the inverse takes it back");
    op_compose(&k->a, &k->x, &k->left);
    op_apply(&k->left, k->text);
    assert_law(k, rope_is(k->text, buf_str(&k->utf8)), "there and back is nothing");
    assert_law(k, op_is_empty(&k->left) || op_deleted(&k->a), "an insertion leaves no trace");
}

static void the_inverse_takes_an_operation_back(void **state)
{
    (void)state;
    for_cases(3000, invert_law);
}

/* ---- carets ---- */

/* Where o deletes nothing on either side of pos and inserts nothing at it. */
static bool is_left_alone(const struct op *o, size_t pos)
{
    struct op_at at = {0};
    struct op_part p;
    for (size_t here = 0; op_next(o, &at, &p) && here <= pos;) {
        if (p.kind == OP_INSERT) {
            if (here == pos)
                return false;
            continue;
        }
        if (p.kind == OP_DELETE && pos >= here && pos <= here + p.chars)
            return false;
        here += p.chars;
    }
    return true;
}

static size_t marker_place(const struct twin *t, uint32_t id)
{
    size_t i = 0;
    while (i < t->n && t->v[i].id != id)
        i++;
    return i;
}

static void caret_law(struct law_case *k)
{
    random_op(k, k->chars, &k->a);
    size_t pos = chance_below(&k->chance, k->chars + 1);
    op_clear(&k->b);
    op_skip(&k->b, pos);
    op_insert(&k->b, STR("|"));

    twin_merge(&k->t, &k->b, IDS_B, &k->a, IDS_A, &k->u);
    size_t left = op_caret(&k->a, pos, OP_LEFT);
    assert_law(k, left == marker_place(&k->u, IDS_B), "left of what is inserted there");
    twin_merge(&k->t, &k->a, IDS_A, &k->b, IDS_B, &k->u);
    size_t right = op_caret(&k->a, pos, OP_RIGHT);
    assert_law(k, right == marker_place(&k->u, IDS_B), "right of what is inserted there");

    op_transform(&k->b, &k->a, OP_LEFT, &k->left);
    assert_law(k, op_consumed(&k->left) == left, "as an insertion there moves left");
    op_transform(&k->b, &k->a, OP_RIGHT, &k->right);
    assert_law(k, op_consumed(&k->right) == right, "as an insertion there moves right");
}

static void a_caret_moves_as_a_marker_in_the_text_does(void **state)
{
    (void)state;
    for_cases(5000, caret_law);
}

static void caret_back_law(struct law_case *k)
{
    random_op(k, k->chars, &k->a);
    op_invert(&k->a, k->text, &k->x);
    for (size_t i = 0; i < 4; i++) {
        size_t pos = chance_below(&k->chance, k->chars + 1);
        enum op_side side = i % 2 ? OP_RIGHT : OP_LEFT;
        size_t there = op_caret(&k->a, pos, side), back = op_caret(&k->x, there, side);
        assert_law(k, there <= op_result(&k->a, k->chars), "a caret stays in the text");
        assert_law(k, !is_left_alone(&k->a, pos) || back == pos, "there and back");
    }
}

static void a_caret_that_nobody_touches_comes_back(void **state)
{
    (void)state;
    for_cases(3000, caret_back_law);
}

static void caret_order_law(struct law_case *k)
{
    random_op(k, k->chars, &k->a);
    size_t before = 0;
    for (size_t pos = 0; pos <= MIN(k->chars, 100); pos++) {
        size_t left = op_caret(&k->a, pos, OP_LEFT), right = op_caret(&k->a, pos, OP_RIGHT);
        assert_law(k, left <= right && before <= left, "carets never change their order");
        before = left;
    }
}

static void carets_keep_their_order(void **state)
{
    (void)state;
    for_cases(2000, caret_order_law);
}

/* ---- canonical form ---- */

/* The same edits, given in pieces and with deletion and insertion at one place in any order. */
static void canonical_law(struct law_case *k)
{
    random_op(k, k->chars, &k->a);
    struct op_at at = {0};
    struct op_part p;
    op_clear(&k->left);
    while (op_next(&k->a, &at, &p)) {
        if (p.kind == OP_SKIP) {
            size_t n = chance_below(&k->chance, p.chars + 1);
            op_skip(&k->left, n);
            op_delete(&k->left, 0);
            op_insert(&k->left, STR(""));
            op_skip(&k->left, p.chars - n);
        } else if (p.kind == OP_DELETE) {
            size_t n = chance_below(&k->chance, p.chars + 1);
            op_delete(&k->left, n);
            op_delete(&k->left, p.chars - n);
        } else {
            struct op_at next = at;
            struct op_part q = {0};
            size_t n = op_next(&k->a, &next, &q) && q.kind == OP_DELETE ? q.chars : 0;
            op_delete(&k->left, n);
            for (struct str s = p.text; s.n;) {
                uint32_t cp;
                size_t bytes = utf8_next(s, &cp);
                op_insert(&k->left, (struct str){s.p, bytes});
                s.p += bytes;
                s.n -= bytes;
            }
            at = n ? next : at;
        }
    }
    assert_same(k, &k->left, &k->a, "one canonical form");
    op_skip(&k->left, 7);
    assert_same(k, &k->left, &k->a, "a skip at the end is nothing");
    assert_law(k, op_consumed(&k->left) == op_consumed(&k->a), "nor is it counted");
}

static void what_does_the_same_is_the_same(void **state)
{
    (void)state;
    for_cases(3000, canonical_law);
}

static void check_law(struct law_case *k)
{
    concurrent(k);
    size_t consumed = op_consumed(&k->a);
    assert_law(k, op_check(&k->a, consumed, NULL), "it fits where it ends with the text");
    assert_law(k, consumed == 0 || !op_check(&k->a, consumed - 1, NULL), "but nowhere shorter");
}

static void an_operation_fits_a_text_that_is_long_enough(void **state)
{
    (void)state;
    for_cases(2000, check_law);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(applying_gives_what_the_twin_gives),
        cmocka_unit_test(one_after_the_other_is_the_composition),
        cmocka_unit_test(compositions_do_not_care_for_brackets),
        cmocka_unit_test(the_empty_operation_changes_nothing),
        cmocka_unit_test(many_composed_in_halves_are_the_same),
        cmocka_unit_test(both_ends_have_one_text),
        cmocka_unit_test(transform_gives_what_the_twin_gives),
        cmocka_unit_test(no_insertion_is_lost_by_moving),
        cmocka_unit_test(past_itself_only_insertions_are_left),
        cmocka_unit_test(the_inverse_takes_an_operation_back),
        cmocka_unit_test(a_caret_moves_as_a_marker_in_the_text_does),
        cmocka_unit_test(a_caret_that_nobody_touches_comes_back),
        cmocka_unit_test(carets_keep_their_order),
        cmocka_unit_test(what_does_the_same_is_the_same),
        cmocka_unit_test(an_operation_fits_a_text_that_is_long_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
