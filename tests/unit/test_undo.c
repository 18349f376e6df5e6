#include "chance.h"
#include "undo.h"
#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A text on somebody's screen. */
struct desk {
    struct rope *text;
    struct undo *undo;
    struct op op;
    int64_t now;
    size_t caret;
};

static struct desk desk_of(const char *text)
{
    return (struct desk){.text = rope_of(str_of(text)), .undo = undo_new()};
}

static void desk_finish(struct desk *d)
{
    rope_free(d->text);
    undo_free(d->undo);
    op_finish(&d->op);
}

static void assert_text(const struct desk *d, const char *want)
{
    struct buf is = {0};
    rope_read(d->text, 0, rope_chars(d->text), &is);
    assert_string_equal(buf_cstr(&is), want);
    buf_finish(&is);
}

static void edit(struct desk *d, size_t at, size_t deleted, struct str inserted)
{
    op_clear(&d->op);
    op_skip(&d->op, at);
    op_insert(&d->op, inserted);
    op_delete(&d->op, deleted);
    undo_local(d->undo, &d->op, d->text, d->now);
    op_apply(&d->op, d->text);
}

/* Each code point at a time, as from a keyboard; '<' deletes backwards, '>' forwards. */
static void type(struct desk *d, size_t at, const char *keys)
{
    struct str s = str_of(keys);
    uint32_t cp;
    for (size_t n; (n = utf8_next(s, &cp)) != 0; s.p += n, s.n -= n) {
        if (cp == '<')
            edit(d, --at, 1, (struct str){0});
        else if (cp == '>')
            edit(d, at, 1, (struct str){0});
        else
            edit(d, at++, 0, (struct str){s.p, n});
        d->now += 100;
    }
}

static void other(struct desk *d, size_t at, size_t deleted, const char *inserted)
{
    op_clear(&d->op);
    op_skip(&d->op, at);
    op_insert(&d->op, str_of(inserted));
    op_delete(&d->op, deleted);
    op_apply(&d->op, d->text);
    undo_remote(d->undo, &d->op);
}

static bool take(struct desk *d,
                 bool f(struct undo *, const struct rope *, struct op *, size_t *))
{
    if (!f(d->undo, d->text, &d->op, &d->caret))
        return false;
    struct err e = {0};
    assert_true(op_is_sound(&d->op));
    if (!op_check(&d->op, rope_chars(d->text), &e))
        fail_msg("%s", e.text);
    op_apply(&d->op, d->text);
    assert_true(d->caret <= rope_chars(d->text));
    return true;
}

static bool back(struct desk *d)
{
    return take(d, undo_back);
}

static bool again(struct desk *d)
{
    return take(d, undo_again);
}

/* ---- steps ---- */

/* What undo shows, one step after the other, down to the text at first. */
static void a_step_is_a_word(void **state)
{
    (void)state;
    struct row {
        const char *text;
        size_t at;
        const char *keys, *steps[5];
    } rows[] = {
        {"", 0, "hello", {""}},
        {"", 0, "hello world", {"hello", ""}},
        {"", 0, "a  b", {"a", ""}},
        {"", 0, "one, two", {"one,", ""}},
        {"", 0, "one\n\ntwo\n", {"one\n\ntwo", "one", ""}},
        {"", 0, "\xc3\xa4\xc3\xb6 \xe6\x97\xa5", {"\xc3\xa4\xc3\xb6", ""}},
        {"hello world", 11, "<<<<<<<<<<<", {"hello", "hello world"}},
        {"hello world", 11, "<<<", {"hello world"}},
        {"hello world", 0, ">>>>>>>>>>>", {" world", "hello world"}},
        {"abc", 1, "<>", {"abc"}},
        {"ab", 2, "cd<<", {"abcd", "ab"}},
        {"ab", 2, "c<d", {"ab", "abc", "ab"}},
    };
    for (struct row *r = rows; r < rows + COUNT_OF(rows); r++) {
        struct desk d = desk_of(r->text);
        type(&d, r->at, r->keys);
        print_message("\"%s\"\n", r->keys);
        size_t n = 0;
        for (; n < 5 && r->steps[n]; n++) {
            assert_true(back(&d));
            assert_text(&d, r->steps[n]);
        }
        assert_int_equal(undo_steps(d.undo), 0);
        assert_false(back(&d));
        desk_finish(&d);
    }
}

static void a_pause_a_break_and_another_place_begin_a_step(void **state)
{
    (void)state;
    struct desk d = desk_of("");
    type(&d, 0, "ab");
    d.now += UNDO_PAUSE_MS;
    type(&d, 2, "cd");
    undo_break(d.undo);
    edit(&d, 4, 0, STR("a paste of words"));
    undo_break(d.undo);
    type(&d, 20, "ef");
    type(&d, 0, "x");
    static const char *const steps[] = {"abcda paste of wordsef", "abcda paste of words",
                                        "abcd", "ab", ""};
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        assert_true(back(&d));
        assert_text(&d, steps[i]);
    }
    desk_finish(&d);
}

static void typing_over_a_selection_is_one_step(void **state)
{
    (void)state;
    struct desk d = desk_of("an old word");
    edit(&d, 3, 3, STR("n"));
    type(&d, 4, "ew");
    assert_text(&d, "an new word");
    assert_true(back(&d));
    assert_text(&d, "an old word");
    assert_int_equal(d.caret, 6);
    assert_true(again(&d));
    assert_text(&d, "an new word");
    assert_int_equal(d.caret, 6);
    desk_finish(&d);
}

static void edits_in_many_places_are_one_step(void **state)
{
    (void)state;
    struct desk d = desk_of("a b a");
    op_clear(&d.op);
    op_delete(&d.op, 1);
    op_insert(&d.op, STR("xy"));
    op_skip(&d.op, 3);
    op_delete(&d.op, 1);
    op_insert(&d.op, STR("xy"));
    undo_local(d.undo, &d.op, d.text, d.now);
    op_apply(&d.op, d.text);
    type(&d, 7, "!");
    assert_true(back(&d));
    assert_text(&d, "xy b xy");
    assert_true(back(&d));
    assert_text(&d, "a b a");
    assert_int_equal(d.caret, 1);
    desk_finish(&d);
}

static void an_edit_ends_what_could_be_redone(void **state)
{
    (void)state;
    struct desk d = desk_of("");
    type(&d, 0, "one two");
    assert_true(back(&d));
    type(&d, 3, "x");
    assert_false(again(&d));
    assert_text(&d, "onex");
    assert_true(back(&d));
    assert_text(&d, "one");
    desk_finish(&d);
}

/* ---- others ---- */

static void others_text_stays(void **state)
{
    (void)state;
    struct desk d = desk_of("");
    type(&d, 0, "hello");
    other(&d, 0, 0, "A");
    other(&d, 3, 0, "BB");
    other(&d, 8, 0, "C");
    assert_text(&d, "AheBBlloC");
    assert_true(back(&d));
    assert_text(&d, "ABBC");
    other(&d, 3, 1, "D");
    assert_true(again(&d));
    assert_text(&d, "AheBBlloD");
    desk_finish(&d);
}

static void words_are_grouped_while_others_type(void **state)
{
    (void)state;
    struct desk d = desk_of("");
    for (size_t i = 0; i < 5; i++) {
        type(&d, 3 * i, "w");
        other(&d, 0, 0, "x");
        other(&d, rope_chars(d.text), 0, "y");
        other(&d, 3 * i + 2, 1, "");
        other(&d, 0, 0, "z");
    }
    assert_int_equal(undo_steps(d.undo), 1);
    assert_true(back(&d));
    assert_text(&d, "zxzxzxzxzx");
    desk_finish(&d);
}

/* Nothing happens twice, and what is in front of it comes next. */
static void what_others_deleted_is_passed_over(void **state)
{
    (void)state;
    struct desk d = desk_of("");
    type(&d, 0, "one two");
    other(&d, 3, 4, "");
    assert_true(back(&d));
    assert_text(&d, "");
    assert_true(again(&d));
    assert_text(&d, "one");
    assert_false(again(&d));
    other(&d, 0, 3, "");
    assert_false(back(&d));
    assert_text(&d, "");
    desk_finish(&d);
}

static void what_was_deleted_comes_back_where_it_was(void **state)
{
    (void)state;
    struct desk d = desk_of("keep these words");
    edit(&d, 5, 6, (struct str){0});
    other(&d, 0, 4, "take");
    other(&d, 10, 0, "!");
    assert_text(&d, "take words!");
    assert_true(back(&d));
    assert_text(&d, "take these words!");
    assert_int_equal(d.caret, 11);
    desk_finish(&d);
}

/* ---- bounds ---- */

static void the_oldest_steps_go_first(void **state)
{
    (void)state;
    struct desk d = desk_of("");
    for (int i = 0; i < UNDO_DEPTH + 50; i++) {
        undo_break(d.undo);
        type(&d, 0, "x");
    }
    assert_int_equal(undo_steps(d.undo), UNDO_DEPTH);
    while (back(&d))
        ;
    assert_int_equal(rope_chars(d.text), 50);
    desk_finish(&d);
}

static void large_steps_push_others_out_but_not_themselves(void **state)
{
    (void)state;
    struct desk d = desk_of("");
    size_t chars = UNDO_BYTES / 4 / 3;
    struct buf large = {0};
    for (size_t i = 0; i < chars; i++)
        buf_add(&large, "\xf0\x9f\x98\x80", 4);
    type(&d, 0, "a");
    for (int i = 0; i < 4; i++) {
        undo_break(d.undo);
        edit(&d, 0, 0, buf_str(&large));
    }
    assert_int_equal(undo_steps(d.undo), 5);
    for (int i = 0; i < 4; i++) {
        undo_break(d.undo);
        edit(&d, 0, chars, (struct str){0});
    }
    assert_int_equal(undo_steps(d.undo), 2);
    assert_true(back(&d) && back(&d) && !back(&d));
    for (int i = 0; i < 3; i++)
        edit(&d, 0, 0, buf_str(&large));
    edit(&d, 0, 5 * chars, (struct str){0});
    assert_int_equal(undo_steps(d.undo), 1);
    assert_true(back(&d));
    assert_int_equal(rope_chars(d.text), 5 * chars + 1);
    buf_finish(&large);
    desk_finish(&d);
}

/* Others type twenty thousand times while one has many steps. */
static void it_keeps_up_with_others(void **state)
{
    (void)state;
    struct chance c = {.seed = 1};
    struct desk d = desk_of("");
    for (int i = 0; i < UNDO_DEPTH; i++) {
        undo_break(d.undo);
        type(&d, chance_below(&c, rope_chars(d.text) + 1), "x");
    }
    for (int i = 0; i < 20000; i++)
        other(&d, chance_below(&c, rope_chars(d.text) + 1), 0, "o");
    for (int i = 0; i < UNDO_DEPTH; i++)
        assert_true(back(&d));
    for (size_t i = 0; i < rope_chars(d.text); i += 97)
        assert_int_equal(rope_at(d.text, i), 'o');
    assert_int_equal(rope_chars(d.text), 20000);
    desk_finish(&d);
}

/* ---- random work ---- */

static void random_edit(struct chance *c, struct desk *d)
{
    static const char *const some[] = {"a", " ", "bc", "\n", "\xc3\xa4", "\xf0\x9f\x98\x80 x",
                                       ""};
    size_t chars = rope_chars(d->text), at = chance_below(c, chars + 1);
    d->now += (int64_t)chance_below(c, 1800);
    edit(d, at, chance_is(c, 40) ? chance_below(c, MIN(chars - at, 4) + 1) : 0,
         str_of(some[chance_below(c, COUNT_OF(some))]));
}

static void alone_all_can_be_undone_and_redone(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 400; seed++) {
        struct chance c = {.seed = seed};
        struct desk d = desk_of("some text");
        for (size_t i = chance_below(&c, 80); i > 0; i--)
            random_edit(&c, &d);
        struct rope *end = rope_copy(d.text);
        while (back(&d))
            ;
        assert_text(&d, "some text");
        while (again(&d))
            ;
        assert_true(rope_eq(d.text, end));
        rope_free(end);
        desk_finish(&d);
    }
}

enum { POINTS = 256, PLANE = 0x4e00 };

/* Every code point is a different one. Two that once stood on the screen together keep their
 * order for ever, and what others wrote is there unless others took it away. */
struct world {
    struct desk desk;
    size_t made;
    bool is_others[POINTS], is_gone[POINTS];
    bool before[POINTS][POINTS];
};

static size_t point_at(const struct world *w, size_t pos)
{
    return rope_at(w->desk.text, pos) - PLANE;
}

static void look(struct world *w)
{
    size_t n = rope_chars(w->desk.text);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n; j++) {
            size_t a = point_at(w, i), b = point_at(w, j);
            assert_false(a == b || w->before[b][a]);
            w->before[a][b] = true;
        }
    }
}

static void world_edit(struct world *w, struct chance *c, bool is_other)
{
    struct op *o = &w->desk.op;
    size_t chars = rope_chars(w->desk.text), at = chance_below(c, chars + 1);
    size_t gone = chance_is(c, 50) ? chance_below(c, MIN(chars - at, 4) + 1) : 0;
    op_clear(o);
    op_skip(o, at);
    op_delete(o, gone);
    for (size_t i = 0; is_other && i < gone; i++)
        w->is_gone[point_at(w, at + i)] = true;
    for (size_t i = chance_below(c, 3); i > 0 && w->made < POINTS; i--) {
        char bytes[4];
        w->is_others[w->made] = is_other;
        op_insert(o, (struct str){bytes, utf8_put(bytes, PLANE + (uint32_t)w->made++)});
    }
    if (is_other)
        undo_remote(w->desk.undo, o);
    else
        undo_local(w->desk.undo, o, w->desk.text,
                   w->desk.now += (int64_t)chance_below(c, 3000));
    op_apply(o, w->desk.text);
    look(w);
}

/* One's own text is gone, and all that others wrote, and did not delete, is there. */
static void check_undone(const struct world *w)
{
    size_t others = 0;
    for (size_t i = 0; i < w->made; i++)
        others += w->is_others[i] && !w->is_gone[i];
    assert_int_equal(rope_chars(w->desk.text), others);
    for (size_t i = 0; i < others; i++)
        assert_true(w->is_others[point_at(w, i)] && !w->is_gone[point_at(w, i)]);
}

static void undo_takes_back_ones_own_and_nothing_else(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 400; seed++) {
        struct chance c = {.seed = seed};
        struct world *w = NEW(struct world);
        w->desk = desk_of("");
        for (size_t i = chance_below(&c, 100); i > 0; i--) {
            size_t what = chance_below(&c, 10);
            if (what < 7)
                world_edit(w, &c, what < 3);
            else if (what < 9 ? back(&w->desk) : again(&w->desk))
                look(w);
        }
        while (back(&w->desk))
            look(w);
        check_undone(w);
        desk_finish(&w->desk);
        free(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_is_a_word),
        cmocka_unit_test(a_pause_a_break_and_another_place_begin_a_step),
        cmocka_unit_test(typing_over_a_selection_is_one_step),
        cmocka_unit_test(edits_in_many_places_are_one_step),
        cmocka_unit_test(an_edit_ends_what_could_be_redone),
        cmocka_unit_test(others_text_stays),
        cmocka_unit_test(words_are_grouped_while_others_type),
        cmocka_unit_test(what_others_deleted_is_passed_over),
        cmocka_unit_test(what_was_deleted_comes_back_where_it_was),
        cmocka_unit_test(the_oldest_steps_go_first),
        cmocka_unit_test(large_steps_push_others_out_but_not_themselves),
        cmocka_unit_test(it_keeps_up_with_others),
        cmocka_unit_test(alone_all_can_be_undone_and_redone),
        cmocka_unit_test(undo_takes_back_ones_own_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
