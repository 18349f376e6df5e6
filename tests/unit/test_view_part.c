/* Parts are drawn from what they are handed: there is no model here. */
#include "view_part.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct theme dark = {.depth = DEPTH_256};

struct stage {
    struct grid g;
    struct canvas c;
    struct buf text;
};

static void set_stage(struct stage *s, int w, int h)
{
    *s = (struct stage){0};
    s->c = (struct canvas){.t = &dark, .g = &s->g};
    grid_resize(&s->g, w, h);
    grid_clear(&s->g, theme_style(&dark, MEAN_TEXT));
}

static const char *seen(struct stage *s)
{
    assert_true(grid_check(&s->g));
    buf_clear(&s->text);
    grid_dump(&s->g, &s->text);
    return buf_cstr(&s->text);
}

static void strike(struct stage *s)
{
    grid_finish(&s->g);
    buf_finish(&s->text);
}

static void expect(struct stage *s, const char *part)
{
    if (!strstr(seen(s), part))
        fail_msg("\"%s\" is not there:\n%s", part, seen(s));
}

static void a_form_shows_labels_values_and_who_edits(void **state)
{
    (void)state;
    struct stage s;
    struct form f = {0};
    struct form_lines l;
    struct form_at at = {.id = 2, .item = 1};
    form_add(&f, 1, "Title")->state = FORM_PENDING;
    form_say(&f, TONE_STRONG, STR("Ship it"));
    form_add(&f, 2, "Labels");
    form_item(&f, TONE_LABEL, STR("bug"));
    form_add(&f, 3, "Due")->holder = STR("bo");
    form_say(&f, TONE_BAD, STR("2026-03-01"));
    set_stage(&s, 60, 6);
    form_lines_of(&f, 50, &l);
    view_form(&s.c, (struct rect){2, 1, 50, 4}, &f, &l, &at, true);
    expect(&s, "   ~Title       Ship it");
    expect(&s, "  \xe2\x96\x8c Labels      bug");
    expect(&s, "    Due         2026-03-01");
    expect(&s, "\xe2\x9c\x8e bo");
    /* The selected item stands out, one in another row does not. */
    struct style on = theme_style(&dark, MEAN_SELECTED);
    assert_int_equal(grid_at(&s.g, 2 + 14, 2)->style.bg, on.bg);
    assert_int_not_equal(grid_at(&s.g, 2 + 14, 1)->style.bg, on.bg);
    form_lines_finish(&l);
    form_finish(&f);
    strike(&s);
}

static void text_of_others_is_spelled_out_in_a_form(void **state)
{
    (void)state;
    struct stage s;
    struct form f = {0};
    struct form_lines l;
    form_add(&f, 1, "Title");
    form_say(&f, TONE_TEXT, STR("\x1b[2Jevil"));
    set_stage(&s, 60, 3);
    form_lines_of(&f, 60, &l);
    view_form(&s.c, (struct rect){0, 0, 60, 3}, &f, &l, NULL, false);
    expect(&s, "\\x1b[2Jevil");
    form_lines_finish(&l);
    form_finish(&f);
    strike(&s);
}

static void a_dialog_shows_its_choices_with_their_keys(void **state)
{
    (void)state;
    struct stage s;
    struct keymap keys;
    struct dialog d = {0};
    keymap_init(&keys);
    dialog_open(&d, STR(" Which one? "));
    form_add(&d.body, 0, "Mine");
    form_say(&d.body, TONE_STRONG, STR("a title"));
    dialog_offer(&d, ACTION_CHOOSE, "Yes");
    dialog_offer(&d, ACTION_CANCEL, "Later");
    assert_int_equal(dialog_chosen(&d), ACTION_CHOOSE);
    dialog_step(&d, -1);
    assert_int_equal(dialog_chosen(&d), ACTION_CANCEL);
    set_stage(&s, 80, 24);
    view_dialog(&s.c, (struct rect){0, 0, 80, 24}, &d, &keys);
    expect(&s, "Which one?");
    expect(&s, "Mine        a title");
    expect(&s, "Enter Yes");
    expect(&s, "Esc Later");
    dialog_close(&d);
    assert_int_equal(dialog_chosen(&d), ACTION_NONE);
    keymap_finish(&keys);
    strike(&s);
}

static void a_picker_shows_what_fits_and_what_is_on(void **state)
{
    (void)state;
    struct stage s;
    struct picker p = {0};
    picker_open(&p, STR(" Labels "), true);
    picker_add(&p, STR("bug"), STR("3 cards"), STR("bug"), TONE_LABEL, true);
    picker_add(&p, STR("ui"), STR(""), STR("ui"), TONE_LABEL, false);
    lineedit_insert(&p.line, STR("b"));
    picker_filter(&p);
    set_stage(&s, 80, 24);
    view_picker(&s.c, (struct rect){0, 0, 80, 24}, &p);
    expect(&s, "Labels");
    expect(&s, "\xe2\x9c\x93 bug  3 cards");
    assert_null(strstr(seen(&s), " ui"));
    assert_true(s.g.caret_x > 0);
    picker_close(&p);
    strike(&s);
}

static void parts_are_no_trouble_at_any_size(void **state)
{
    (void)state;
    struct keymap keys;
    keymap_init(&keys);
    for (int w = 0; w < 90; w += 7)
        for (int h = 0; h < 26; h += 5) {
            struct stage s;
            struct dialog d = {0};
            struct picker p = {0};
            set_stage(&s, w, h);
            dialog_open(&d, STR(" A question "));
            form_add(&d.body, 0, "Label");
            form_say(&d.body, TONE_TEXT, STR("a rather long text that goes on and on"));
            dialog_offer(&d, ACTION_CHOOSE, "Do it");
            dialog_offer(&d, ACTION_CANCEL, "Leave it");
            picker_open(&p, STR(" Things "), false);
            for (int i = 0; i < 30; i++)
                picker_add(&p, STR("a thing"), STR("note"), STR("v"), TONE_TEXT, false);
            picker_filter(&p);
            picker_step(&p, 20);
            view_dialog(&s.c, (struct rect){0, 0, w, h}, &d, &keys);
            view_picker(&s.c, (struct rect){0, 0, w, h}, &p);
            seen(&s);
            dialog_close(&d);
            picker_close(&p);
            strike(&s);
        }
    keymap_finish(&keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_shows_labels_values_and_who_edits),
        cmocka_unit_test(text_of_others_is_spelled_out_in_a_form),
        cmocka_unit_test(a_dialog_shows_its_choices_with_their_keys),
        cmocka_unit_test(a_picker_shows_what_fits_and_what_is_on),
        cmocka_unit_test(parts_are_no_trouble_at_any_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
