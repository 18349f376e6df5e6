#include "editor_kit.h"
#include "utf8.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void desk_init(struct desk *d, const char *marked)
{
    struct buf text = {0};
    bool has_anchor = strchr(marked, '^') != NULL;
    size_t chars = 0;
    *d = (struct desk){0};
    editor_init(&d->e);
    for (; *marked; marked++) {
        if (*marked == '|')
            d->caret = chars;
        else if (*marked == '^')
            d->anchor = chars;
        else
            buf_add_c(&text, *marked);
        chars += *marked != '|' && *marked != '^' && (*marked & 0xc0) != 0x80;
    }
    if (!has_anchor)
        d->anchor = d->caret;
    d->text = rope_of(buf_str(&text));
    buf_finish(&text);
}

void desk_finish(struct desk *d)
{
    editor_finish(&d->e);
    rope_free(d->text);
    op_finish(&d->op);
}

static void apply(struct desk *d)
{
    struct err e = {0};
    struct op inverse = {0};
    assert_true(op_is_sound(&d->op));
    if (!op_check(&d->op, rope_chars(d->text), &e))
        fail_msg("%s", e.text);
    struct rope *was = rope_copy(d->text);
    op_invert(&d->op, d->text, &inverse);
    op_apply(&d->op, d->text);
    struct rope *back = rope_copy(d->text);
    op_apply(&inverse, back);
    assert_true(rope_eq(was, back));
    rope_free(was);
    rope_free(back);
    op_finish(&inverse);
}

bool desk_do(struct desk *d, enum editor_verb verb)
{
    struct editor_at at = {d->text, d->caret, d->anchor};
    bool done = editor_do(&d->e, verb, &at, &d->op);
    if (!done)
        assert_true(op_is_empty(&d->op));
    d->caret = at.caret;
    d->anchor = at.anchor;
    apply(d);
    return done;
}

bool desk_select(struct desk *d, enum editor_verb verb)
{
    d->e.selecting = true;
    bool done = desk_do(d, verb);
    d->e.selecting = false;
    return done;
}

void desk_type(struct desk *d, struct str text)
{
    struct editor_at at = {d->text, d->caret, d->anchor};
    editor_insert(&d->e, text, &at, &d->op);
    d->caret = at.caret;
    d->anchor = at.anchor;
    apply(d);
}

void desk_find(struct desk *d, const char *what, const char *with)
{
    buf_clear(&d->e.find);
    buf_add_str(&d->e.find, str_of(what));
    buf_clear(&d->e.replace);
    buf_add_str(&d->e.replace, str_of(with));
}

void desk_marked(const struct desk *d, struct buf *out)
{
    size_t first = MIN(d->caret, d->anchor), last = MAX(d->caret, d->anchor);
    rope_read(d->text, 0, first, out);
    if (first < last)
        buf_add_c(out, first == d->anchor ? '^' : '|');
    rope_read(d->text, first, last - first, out);
    buf_add_c(out, last == d->caret ? '|' : '^');
    rope_read(d->text, last, rope_chars(d->text) - last, out);
}

void desk_expect(const struct desk *d, const char *marked, const char *what)
{
    struct buf is = {0};
    desk_marked(d, &is);
    if (!str_is(buf_str(&is), marked))
        fail_msg("%s: \"%s\", not \"%s\"", what, buf_cstr(&is), marked);
    buf_finish(&is);
}
