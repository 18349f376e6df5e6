/* Two people's messages on two real screens: edited, deleted, answered, reacted to; what is
 * kept over a restart, and the editor. */
#include "screens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define C_UP "\x1b[1;5A"

/* Mine is wide, hers 80 columns by 24; one message of mine is on both. */
static void set_up_chat(struct world *w)
{
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    w->hers = screen_online(&w->ana, 24, 80);
    say(w->mine, "the first of all");
    assert_true(screen_wait(w->hers, "the first of all", SOON));
    all_saved(w->mine);
}

static void select_newest(struct screen *s)
{
    focus_chat(s);
    screen_type(s, C_UP);
    assert_true(screen_wait(s, "r answer", SOON));
}

static void an_edit_is_seen_by_the_other(void **state)
{
    struct world *w = *state;
    set_up_chat(w);
    focus_chat(w->mine);
    screen_type(w->mine, "\x1b[A"); /* Up */
    assert_true(screen_wait(w->mine, "edits", SOON));
    screen_type(w->mine, "\x15"
                         "the very first\r");
    assert_true(screen_wait(w->hers, "the very first", SOON));
    assert_true(screen_wait_gone(w->hers, "the first of all", SOON));
    assert_true(screen_wait(w->hers, "(edited)", SOON));
    quit(w->mine);
    quit(w->hers);
}

static void a_deleted_message_is_gone_on_both(void **state)
{
    struct world *w = *state;
    set_up_chat(w);
    select_newest(w->mine);
    screen_type(w->mine, "d");
    assert_true(screen_wait(w->mine, "Delete", SOON));
    screen_type(w->mine, "d");
    assert_true(screen_wait(w->hers, "deleted by", SOON));
    assert_true(screen_wait_gone(w->hers, "the first of all", SOON));
    assert_true(screen_wait_gone(w->mine, "the first of all", SOON));
    quit(w->mine);
}

static void an_answer_quotes_what_it_answers(void **state)
{
    struct world *w = *state;
    set_up_chat(w);
    select_newest(w->hers);
    screen_type(w->hers, "r");
    assert_true(screen_wait(w->hers, "answers", SOON));
    screen_type(w->hers, "indeed\r");
    assert_true(screen_wait(w->mine, "indeed", SOON));
    assert_true(screen_wait(w->mine, "\u21b3 ", SOON));
    assert_true(screen_wait_gone(w->hers, "answers", SOON));
}

static bool strikes(struct screen *s, const char *text)
{
    int row, col;
    assert_true(screen_find(s, text, &row, &col));
    return screen_style_at(s, row, col).struck;
}

/* Where the terminal cannot, the strokes tell. */
static void what_is_struck_is_seen_to_be_that(void **state)
{
    struct world *w = *state;
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    env_set(&w->ana.env, "TERM", "vt100");
    w->hers = screen_online(&w->ana, 24, 80);
    say(w->mine, "not ~~this~~ but that");
    assert_true(screen_wait(w->mine, "not this but that", SOON));
    assert_true(strikes(w->mine, "this but"));
    assert_false(strikes(w->mine, "but that"));
    assert_false(strikes(w->mine, "not this"));
    assert_true(screen_wait(w->hers, "not ~~this~~ but that", SOON));
    say(w->mine, "and more");
    assert_true(strikes(w->mine, "this but"));
    quit(w->mine);
    quit(w->hers);
}

static void a_reaction_is_counted_and_taken_back(void **state)
{
    struct world *w = *state;
    set_up_chat(w);
    select_newest(w->hers);
    screen_type(w->hers, "+");
    assert_true(screen_wait(w->hers, "Enter", SOON));
    screen_type(w->hers, "tada\r");
    assert_true(screen_wait(w->mine, "\U0001f389", SOON));
    all_saved(w->hers);
    select_newest(w->mine);
    screen_type(w->mine, "+tada\r");
    assert_true(screen_wait(w->hers, "\U0001f389 ana, root", SOON));
    screen_type(w->hers, "=");
    assert_true(screen_wait(w->mine, "\U0001f389 root", SOON));
}

static void what_was_done_offline_is_sent_later(void **state)
{
    struct world *w = *state;
    set_up_chat(w);
    rig_kill(&w->rig);
    assert_true(screen_wait(w->mine, "reconnecting", SOON));
    focus_chat(w->mine);
    screen_type(w->mine, "\x1b[A");
    assert_true(screen_wait(w->mine, "edits", SOON));
    screen_type(w->mine, ", said offline\r");
    assert_true(screen_wait(w->mine, "1 unsaved", SOON));
    assert_true(rig_up(&w->rig));
    back_online(w->mine);
    back_online(w->hers);
    assert_true(screen_wait(w->hers, "the first of all, said offline", SOON));
    all_saved(w->mine);
}

static void a_draft_and_its_message_are_kept_over_a_restart(void **state)
{
    struct world *w = *state;
    set_up_chat(w);
    select_newest(w->hers);
    screen_type(w->hers, "r");
    assert_true(screen_wait(w->hers, "answers", SOON));
    screen_type(w->hers, "half a thou");
    assert_true(screen_wait(w->hers, "half a thou", SOON));
    pty_signal(&w->hers->pty, SIGTERM);
    assert_true(screen_wait_end(w->hers, SOON));
    screen_free(w->hers);
    w->hers = screen_online(&w->ana, 24, 80);
    assert_true(screen_wait(w->hers, "half a thou", SOON));
    assert_true(screen_wait(w->hers, "answers", SOON));
    focus_chat(w->hers);
    screen_type(w->hers, "ght\r");
    assert_true(screen_wait(w->mine, "half a thought", SOON));
    assert_true(screen_wait(w->mine, "\u21b3 ", SOON));
}

/* ---- the editor ---- */

/* An editor that a script is: body is run with the file as $1. */
static void editor_is(struct world *w, const char *body)
{
    char path[RIG_PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/editor", w->me.home);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "#!/bin/sh\n%s\n", body);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, 0700), 0);
    env_set(&w->me.env, "VISUAL", path);
}

static void a_message_is_written_in_an_editor(void **state)
{
    struct world *w = *state;
    editor_is(w, "cat \"$1\" && echo is what it holds && read line && "
                 "printf '%s\\nsecond line\\n' \"$line\" >>\"$1\"");
    set_up_chat(w);
    focus_chat(w->mine);
    screen_type(w->mine, "begun ");
    assert_true(screen_wait(w->mine, "begun", SOON));
    screen_type(w->mine, "\x1b"
                         "e");
    assert_true(screen_wait(w->mine, "is what it holds", SOON));
    assert_false(screen_mode_is_on(w->mine, MODE_ALTERNATE));
    say(w->hers, "meanwhile");
    screen_type(w->mine, "and ended\r");
    assert_true(screen_wait(w->mine, "second line", SOON));
    assert_true(screen_wait(w->mine, "meanwhile", SOON));
    screen_type(w->mine, "\r");
    assert_true(screen_wait(w->hers, "begun and ended", SOON));
    assert_true(screen_wait(w->hers, "second line", SOON));
    quit(w->mine);
}

static void what_a_failed_editor_had_is_kept(void **state)
{
    struct world *w = *state;
    editor_is(w, "exit 3");
    set_up_chat(w);
    focus_chat(w->mine);
    screen_type(w->mine, "precious");
    assert_true(screen_wait(w->mine, "precious", SOON));
    screen_type(w->mine, "\x1b"
                         "e");
    assert_true(screen_wait(w->mine, "failed", SOON));
    screen_type(w->mine, " words");
    assert_true(screen_wait(w->mine, "precious words", SOON));
    screen_type(w->mine, "\r");
    assert_true(screen_wait(w->hers, "precious words", SOON));
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(an_edit_is_seen_by_the_other),
        WITH_WORLD(a_deleted_message_is_gone_on_both),
        WITH_WORLD(an_answer_quotes_what_it_answers),
        WITH_WORLD(what_is_struck_is_seen_to_be_that),
        WITH_WORLD(a_reaction_is_counted_and_taken_back),
        WITH_WORLD(what_was_done_offline_is_sent_later),
        WITH_WORLD(a_draft_and_its_message_are_kept_over_a_restart),
        WITH_WORLD(a_message_is_written_in_an_editor),
        WITH_WORLD(what_a_failed_editor_had_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
