#include "cmdline.h"
#include "keys.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void rows_are_complete_and_their_names_unique(void **state)
{
    (void)state;
    for (enum action_id id = 1; id < ACTION_COUNT; id++) {
        const struct action *a = &action_table[id];
        assert_true(strlen(a->name) > 1);
        assert_true(strlen(a->doc) > 5 && a->doc[strlen(a->doc) - 1] == '.');
        for (enum action_id other = 1; other < id; other++)
            assert_string_not_equal(a->name, action_table[other].name);
    }
}

static void arguments_are_of_known_kinds(void **state)
{
    (void)state;
    for (enum action_id id = 1; id < ACTION_COUNT; id++) {
        size_t words = 0, kinds = 0;
        for (struct str s = str_of(action_table[id].args); s.n; words++)
            str_cut(&s, ' ');
        while (action_arg(&action_table[id], kinds))
            kinds++;
        assert_int_equal(words, kinds);
        assert_true(kinds <= COMMAND_ARGS_MAX);
    }
}

/* tmux and screen take C-b and C-a, flow control C-s and C-q. */
static void no_default_key_is_taken_by_others(void **state)
{
    (void)state;
    struct keymap m;
    keymap_init(&m);
    assert_true(m.bindings.n > 50);
    vec_each (b, &m.bindings)
        assert_false(b->key.mods == MOD_CTRL && b->key.code < 128 &&
                     strchr("absq", (int)b->key.code));
    keymap_finish(&m);
}

static void keys_mean_what_their_place_says(void **state)
{
    (void)state;
    struct keymap m;
    struct key j = {'j', 0}, colon = {':', 0}, tab = {K_TAB, 0};
    keymap_init(&m);
    assert_int_equal(keymap_find(&m, IN_BOARD, j), ACTION_DOWN);
    assert_int_equal(keymap_find(&m, IN_CHAT, j), ACTION_NONE);
    assert_int_equal(keymap_find(&m, IN_ROOMS, colon), ACTION_COMMAND);
    assert_int_equal(keymap_find(&m, IN_CHAT, tab), ACTION_COMPLETE);
    assert_int_equal(keymap_find(&m, IN_COMMAND, tab), ACTION_COMPLETE);
    struct buf names = {0};
    keymap_names(&m, ACTION_DOWN, IN_ALL, &names);
    assert_string_equal(buf_cstr(&names), "j Down C-Down");
    buf_finish(&names);
    keymap_finish(&m);
}

static void a_person_has_keys_of_their_own(void **state)
{
    (void)state;
    struct keymap m;
    struct err e = {0};
    struct key x = {'x', 0}, d = {'d', 0}, f5 = {K_F1 + 4, 0}, q = {'q', 0};
    keymap_init(&m);
    assert_true(keymap_change(&m,
                              STR("# mine\n\nboard:x  task archive\n board:d none\n"
                                  "any:F5 retry\nrooms:q help\n"),
                              "keys", &e));
    assert_int_equal(keymap_find(&m, IN_BOARD, x), ACTION_TASK_ARCHIVE);
    assert_int_equal(keymap_find(&m, IN_CARD, x), ACTION_CARD_REMOVE);
    assert_int_equal(keymap_find(&m, IN_BOARD, d), ACTION_NONE);
    assert_int_equal(keymap_find(&m, IN_NOTES, d), ACTION_NOTE_ARCHIVE);
    assert_int_equal(keymap_find(&m, IN_NOTE, f5), ACTION_RETRY);
    assert_int_equal(keymap_find(&m, IN_ROOMS, q), ACTION_HELP);
    assert_int_equal(keymap_find(&m, IN_BOARD, q), ACTION_QUIT);
    /* what the screen says follows */
    assert_string_equal(keymap_key(&m, ACTION_TASK_ARCHIVE, IN_BOARD).s, "x");
    assert_true(keymap_change(&m, STR("board:u none"), "keys", &e));
    assert_string_equal(keymap_key(&m, ACTION_UNDO, IN_BOARD).s, ":undo");
    keymap_finish(&m);
}

static void faulty_keys_change_nothing_and_say_where(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } rows[] = {
        {"board:x", "keys:1: not 'PLACE:KEY ACTION'"},
        {"x task archive", "keys:1: not 'PLACE:KEY ACTION'"},
        {"# a\nbord:x task archive", "keys:2: \"bord\" is no place for keys: rooms, board, "},
        {"board:C- undo", "keys:1: \"C-\" is no key: "},
        {"board: undo", "keys:1: \"\" is no key: "},
        {"board:u none\nboard:x task arch", "keys:2: there is no action \"task arch\": "},
        {"note:x undo", "keys:1: x is typed there"},
        {"any:x undo", "keys:1: x is typed there"},
        {"board:\xff undo", "keys: not UTF-8"},
    };
    struct keymap m;
    keymap_init(&m);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct err e = {0};
        assert_false(keymap_change(&m, str_of(rows[i].text), "keys", &e));
        assert_int_equal(e.code, ERR_USAGE);
        if (strncmp(e.text, rows[i].words, strlen(rows[i].words)) != 0)
            fail_msg("%s: %s", rows[i].text, e.text);
        assert_int_equal(keymap_find(&m, IN_BOARD, (struct key){'u', 0}), ACTION_UNDO);
    }
    keymap_finish(&m);
}

static void manual_has_every_row(void **state)
{
    (void)state;
    struct buf out = {0};
    action_mdoc(&out);
    size_t rows = 0;
    for (const char *p = buf_cstr(&out); (p = strstr(p, ".It Ic ")); p++)
        rows++;
    assert_int_equal(rows, ACTION_COUNT - 1);
    buf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_complete_and_their_names_unique),
        cmocka_unit_test(arguments_are_of_known_kinds),
        cmocka_unit_test(no_default_key_is_taken_by_others),
        cmocka_unit_test(keys_mean_what_their_place_says),
        cmocka_unit_test(a_person_has_keys_of_their_own),
        cmocka_unit_test(faulty_keys_change_nothing_and_say_where),
        cmocka_unit_test(manual_has_every_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
