/* The algebra of operations, on a text and operations that the input bytes choose, beside the
 * naive twin; or on operations that fit no text, which must come out sound all the same. */
#include "fuzz.h"
#include "text_kit.h"

enum { IDS_A = 1 << 16, IDS_B = 2 << 16 };

struct laws {
    struct twin text;
    struct op a, b, x, y, left, right;
};

static void same(struct laws *l)
{
    bug_on(!op_is_sound(&l->left) || !op_is_sound(&l->right) || !op_eq(&l->left, &l->right));
}

/* a and b begin at the text. */
static void check_transform(struct laws *l)
{
    struct twin both = {0}, after = {0};
    op_transform(&l->a, &l->b, OP_LEFT, &l->x);
    op_transform(&l->b, &l->a, OP_RIGHT, &l->y);
    op_compose(&l->a, &l->y, &l->left);
    op_compose(&l->b, &l->x, &l->right);
    same(l);
    twin_merge(&l->text, &l->a, IDS_A, &l->b, IDS_B, &both);
    twin_apply(&l->text, &l->b, IDS_B, &after);
    twin_diff(&after, &both, &l->right);
    op_swap(&l->left, &l->x);
    same(l);
    twin_finish(&both);
    twin_finish(&after);
}

/* b comes behind a. */
static void check_compose(struct laws *l)
{
    struct twin after = {0}, end = {0};
    twin_apply(&l->text, &l->a, IDS_A, &after);
    twin_apply(&after, &l->b, IDS_B, &end);
    twin_diff(&l->text, &end, &l->right);
    op_compose(&l->a, &l->b, &l->left);
    same(l);
    twin_finish(&after);
    twin_finish(&end);
}

static void check_invert(struct laws *l)
{
    struct buf utf8 = {0};
    twin_print(&l->text, &utf8);
    struct rope *r = rope_of(buf_str(&utf8));
    op_invert(&l->a, r, &l->x);
    op_apply(&l->a, r);
    op_invert(&l->x, r, &l->left);
    op_copy(&l->right, &l->a);
    same(l);
    op_apply(&l->x, r);
    bug_on(!rope_is(r, buf_str(&utf8)) || !rope_check(r));
    rope_free(r);
    buf_finish(&utf8);
}

static void laws_finish(struct laws *l)
{
    struct op *ops[] = {&l->a, &l->b, &l->x, &l->y, &l->left, &l->right};
    for (size_t i = 0; i < COUNT_OF(ops); i++)
        op_finish(ops[i]);
    twin_finish(&l->text);
}

static void check_laws(struct chance *c)
{
    struct laws l = {0};
    struct buf utf8 = {0};
    size_t chars = chance_below(c, 60);
    kit_text(c, chars, &utf8);
    twin_add(&l.text, buf_str(&utf8), 0);
    kit_op(c, chars, chance_below(c, 8), &l.a);
    kit_op(c, chars, chance_below(c, 8), &l.b);
    bug_on(!op_check(&l.a, chars, NULL));
    check_transform(&l);
    check_invert(&l);
    kit_op(c, op_result(&l.a, chars), chance_below(c, 8), &l.b);
    check_compose(&l);
    laws_finish(&l);
    buf_finish(&utf8);
}

/* Operations for no text: parts of any length, up to the largest number there is. */
static void wild_op(struct chance *c, struct op *o)
{
    op_clear(o);
    for (size_t n = chance_below(c, 10); n > 0; n--) {
        size_t kind = chance_below(c, 3), length = chance_below(c, 6);
        if (chance_below(c, 8) == 0)
            length = SIZE_MAX >> chance_below(c, 64);
        if (kind == 0)
            op_skip(o, length);
        else if (kind == 1)
            op_delete(o, length);
        else
            op_insert(o, (struct str){"a\xc3\xa9z", MIN(length, 4) == 2 ? 1 : MIN(length, 4)});
    }
    bug_on(!op_is_sound(o));
}

static void check_wild(struct chance *c)
{
    struct laws l = {0};
    wild_op(c, &l.a);
    wild_op(c, &l.b);
    op_compose(&l.a, &l.b, &l.x);
    op_transform(&l.a, &l.b, OP_LEFT, &l.y);
    op_transform(&l.x, &l.y, OP_RIGHT, &l.left);
    op_compose(&l.left, &l.x, &l.right);
    struct op *ops[] = {&l.x, &l.y, &l.left, &l.right};
    for (size_t i = 0; i < COUNT_OF(ops); i++) {
        struct err e = {0};
        bug_on(!op_is_sound(ops[i]));
        bug_on(!op_check(ops[i], 10, &e) && !e.text[0]);
        op_caret(ops[i], chance_below(c, 20), OP_LEFT);
        op_caret(ops[i], SIZE_MAX / 2, OP_RIGHT);
    }
    laws_finish(&l);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct chance c = {.bytes = data, .n = size};
    if (size && chance_below(&c, 4))
        check_laws(&c);
    else if (size)
        check_wild(&c);
    return 0;
}
