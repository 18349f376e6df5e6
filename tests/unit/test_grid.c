#include "grid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct style plain = {COLOR_NONE, COLOR_NONE, 0, 0};

static void expect(const struct grid *g, const char *text)
{
    struct buf out = {0};
    assert_true(grid_check(g));
    grid_dump(g, &out);
    assert_string_equal(buf_cstr(&out), text);
    buf_finish(&out);
}

static struct grid grid_of(int w, int h)
{
    struct grid g = {0};
    grid_resize(&g, w, h);
    return g;
}

static struct rect all(const struct grid *g)
{
    return (struct rect){0, 0, g->w, g->h};
}

static void text_is_clipped_at_every_edge(void **state)
{
    (void)state;
    struct grid g = grid_of(6, 2);
    grid_text(&g, all(&g), 4, 0, plain, STR("abc"));
    grid_text(&g, all(&g), -1, 1, plain, STR("xyz"));
    grid_text(&g, all(&g), 0, 2, plain, STR("below"));
    grid_text(&g, all(&g), 0, -1, plain, STR("above"));
    expect(&g, "    ab\nyz\n");
    grid_finish(&g);
}

static void wide_characters_are_never_halved(void **state)
{
    (void)state;
    struct grid g = grid_of(5, 1);
    grid_text(&g, all(&g), 0, 0, plain, STR("\xe4\xb8\xad\xe6\x96\x87\xe5\xad\x97"));
    expect(&g, "\xe4\xb8\xad\xe6\x96\x87\n");
    grid_text(&g, all(&g), 1, 0, plain, STR("x"));
    expect(&g, " x\xe6\x96\x87\n");
    grid_text(&g, all(&g), 2, 0, plain, STR("y"));
    expect(&g, " xy\n");
    grid_finish(&g);
}

static void controls_never_reach_a_cell(void **state)
{
    (void)state;
    struct grid g = grid_of(30, 1);
    grid_text(&g, all(&g), 0, 0, plain,
              STR("a\033[2Jb\xe2\x80\xae"
                  "c\xff\td"));
    for (int x = 0; x < g.w; x++) {
        const struct cell *c = grid_at(&g, x, 0);
        for (int i = 0; i < c->n; i++)
            assert_true((unsigned char)c->text[i] >= ' ' && (unsigned char)c->text[i] < 0x7f);
    }
    expect(&g, "a\\x1b[2Jb\\u{202e}c\\xff    d\n");
    grid_finish(&g);
}

static void what_does_not_fit_ends_in_a_sign(void **state)
{
    (void)state;
    struct grid g = grid_of(6, 2);
    grid_text_cut(&g, all(&g), 0, 0, plain, STR("abcdefgh"), STR("~"));
    grid_text_cut(&g, all(&g), 0, 1, plain, STR("abcdef"), STR("~"));
    expect(&g, "abcde~\nabcdef\n");
    grid_finish(&g);
}

static void a_flood_of_marks_is_cut(void **state)
{
    (void)state;
    struct grid g = grid_of(4, 1);
    struct buf flood = {0};
    buf_add_c(&flood, 'e');
    for (int i = 0; i < 1000; i++)
        buf_add(&flood, "\xcc\x81", 2);
    grid_text(&g, all(&g), 0, 0, plain, buf_str(&flood));
    assert_true(grid_check(&g));
    assert_true(grid_at(&g, 0, 0)->n <= CELL_TEXT_MAX);
    buf_finish(&flood);
    grid_finish(&g);
}

static struct style to(struct grid *g, const char *address)
{
    struct style s = plain;
    s.link = grid_link(g, str_of(address));
    return s;
}

static void expect_link(const struct grid *g, int x, int y, const char *address)
{
    assert_true(str_is(grid_address(g, grid_at(g, x, y)->style.link), address));
}

static void words_of_a_link_lead_to_its_address(void **state)
{
    (void)state;
    struct grid g = grid_of(12, 1);
    grid_text(&g, all(&g), 0, 0, to(&g, "https://a"), STR("a\033\xe4\xb8\xad"));
    grid_text(&g, all(&g), 8, 0, to(&g, "https://b"), STR("b"));
    grid_text(&g, all(&g), 10, 0, to(&g, "https://a"), STR("c"));
    for (int x = 0; x < 7; x++) /* what is spelled out, and both halves, too */
        expect_link(&g, x, 0, "https://a");
    expect_link(&g, 7, 0, "");
    expect_link(&g, 8, 0, "https://b");
    expect_link(&g, 10, 0, "https://a");
    assert_int_equal(g.links.n, 2);
    /* Colours leave it, other text and the next frame do not. */
    grid_restyle(&g, all(&g), plain);
    expect_link(&g, 0, 0, "https://a");
    expect_link(&g, 9, 0, "");
    grid_text(&g, all(&g), 6, 0, plain, STR("x"));
    expect_link(&g, 5, 0, "");
    expect_link(&g, 6, 0, "");
    grid_fill(&g, (struct rect){8, 0, 1, 1}, plain);
    expect_link(&g, 8, 0, "");
    grid_clear(&g, plain);
    expect_link(&g, 0, 0, "");
    assert_int_equal(g.links.n, 0);
    grid_finish(&g);
}

static void links_have_numbers_as_long_as_there_are_any(void **state)
{
    (void)state;
    struct grid g = grid_of(1, 1);
    assert_int_equal(grid_link(&g, STR("")), 0);
    for (int i = 0; i < 300; i++) {
        char address[24];
        snprintf(address, sizeof address, "https://%d", i);
        assert_int_equal(grid_link(&g, str_of(address)), i < GRID_LINKS_MAX ? i + 1 : 0);
    }
    assert_int_equal(grid_link(&g, STR("https://7")), 8);
    assert_int_equal(grid_address(&g, GRID_LINKS_MAX + 1).n, 0);
    assert_int_equal(grid_address(&g, -1).n, 0);
    grid_finish(&g);
}

static void no_size_is_too_small_or_large(void **state)
{
    (void)state;
    struct grid g = {0};
    grid_resize(&g, 0, 0);
    grid_text(&g, all(&g), 0, 0, plain, STR("x"));
    grid_fill(&g, (struct rect){-5, -5, 100, 100}, plain);
    grid_resize(&g, 100000, -3);
    assert_int_equal(g.w, GRID_SIDE_MAX);
    assert_int_equal(g.h, 0);
    grid_resize(&g, 1, 1);
    grid_text(&g, all(&g), 0, 0, plain, STR("\xe4\xb8\xad"));
    expect(&g, "\n");
    grid_finish(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_clipped_at_every_edge),
        cmocka_unit_test(wide_characters_are_never_halved),
        cmocka_unit_test(controls_never_reach_a_cell),
        cmocka_unit_test(what_does_not_fit_ends_in_a_sign),
        cmocka_unit_test(a_flood_of_marks_is_cut),
        cmocka_unit_test(words_of_a_link_lead_to_its_address),
        cmocka_unit_test(links_have_numbers_as_long_as_there_are_any),
        cmocka_unit_test(no_size_is_too_small_or_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
