/* The linear mode under a real terminal: not one escape, a line that is not torn, two people
 * who chat and move a card, and everything that may happen to a terminal and a server
 * meanwhile. */
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
#include <sys/wait.h>
#include <unistd.h>

static void dumb(struct world *w)
{
    env_set(&w->me.env, "TERM", "dumb");
    env_set(&w->ana.env, "TERM", "dumb");
}

/* Lines are judged as they were sent, not as a terminal of that size shows them. */
struct words {
    const char *text;
    size_t from;
};

static bool was_written(struct screen *s, void *arg)
{
    const struct words *w = arg;
    return s->raw && strstr(s->raw + w->from, w->text);
}

static void hears(struct screen *s, const char *text)
{
    assert_true(screen_wait_until(s, was_written, &(struct words){text, 0}, text, SOON));
}

/* Behind what was written up to now. */
static void hears_next(struct screen *s, size_t from, const char *text)
{
    assert_true(screen_wait_until(s, was_written, &(struct words){text, from}, text, SOON));
}

/* Nothing but text, newlines, carriage returns and backspaces. */
static void wrote_no_escape(const struct screen *s)
{
    for (size_t i = 0; i < s->raw_n; i++) {
        unsigned char c = (unsigned char)s->raw[i];
        if (c < ' ' && c != '\n' && c != '\r' && c != '\b' && c != '\a')
            fail_msg("byte %zu is 0x%02x", i, c);
    }
}

static struct screen *lines_of(const struct person *p)
{
    struct screen *s = screen_of(p, 24, 80);
    assert_non_null(s);
    hears(s, "This is #lobby.");
    hears(s, "ere with you");
    return s;
}

static struct screen *alone(const struct person *p)
{
    struct screen *s = screen_of(p, 24, 80);
    assert_non_null(s);
    hears(s, "Nobody else is here.");
    return s;
}

static void ends(struct screen *s, int status)
{
    assert_true(screen_wait_end(s, SOON));
    screen_pump(s, 0);
    wrote_no_escape(s);
    assert_true(pty_is_cooked(&s->pty));
    assert_true(WIFEXITED(s->pty.status));
    assert_int_equal(WEXITSTATUS(s->pty.status), status);
}

static void two_people_chat_and_move_a_card(void **state)
{
    struct world *w = *state;
    dumb(w);
    w->mine = alone(&w->me);
    w->hers = lines_of(&w->ana);
    hears(w->mine, "ana is here.");
    screen_type(w->mine, "hello ana\r");
    hears(w->hers, ": hello ana");
    screen_type(w->hers, "hello yourself\r");
    hears(w->mine, "ana: hello yourself");
    screen_type(w->mine, "/task add Ship it\r");
    hears(w->hers, "added #1 'Ship it'");
    screen_type(w->hers, "/task move 1 Done\r");
    hears(w->hers, "You moved #1 'Ship it' to Done");
    hears(w->mine, "ana moved #1 'Ship it' to Done");
    screen_type(w->mine, "/task list Done\r");
    hears(w->mine, "Done, 1 card:\r\n  1  Ship it");
    screen_type(w->mine, "\x04");
    ends(w->mine, 0);
    hears(w->hers, " is gone.");
    screen_type(w->hers, "/quit\r");
    ends(w->hers, 0);
    assert_int_equal(times_said(w, "hello ana"), 1);
}

static void a_line_of_others_does_not_tear_the_one_being_typed(void **state)
{
    struct world *w = *state;
    dumb(w);
    w->mine = alone(&w->me);
    screen_type(w->mine, "half a li");
    assert_true(screen_wait(w->mine, "#lobby> half a li", SOON));
    struct run r =
        moot_says(&w->ana, NULL, (const char *const[]){"send", "#lobby", "between", NULL});
    run_finish(&r);
    hears(w->mine, "ana: between\r\n");
    screen_type(w->mine, "ne");
    assert_true(screen_wait(w->mine, "ana: between\n#lobby> half a line", SOON));
    screen_type(w->mine, "\x1b[D\x1b[D\x7f\x7fL\r"); /* edited in the middle */
    assert_true(screen_wait(w->mine, "#lobby> half a Lne", SOON));
    screen_pump(w->mine, 0);
    screen_type(w->mine, "\x04");
    ends(w->mine, 0);
    assert_int_equal(times_said(w, "half a Lne"), 1);
}

/* As the shell of an editor, or a terminal with local echo: nobody could put a torn line right.
 */
static void where_others_echo_lines_wait_while_one_is_begun(void **state)
{
    struct world *w = *state;
    dumb(w);
    char command[400];
    snprintf(command, sizeof command, "stty -echo; exec '%s' --room '#lobby'", rig_moot);
    w->mine = screen_start((const char *const[]){"/bin/sh", "-c", command, NULL}, w->me.env.v,
                           24, 80);
    assert_non_null(w->mine);
    hears(w->mine, "Nobody else is here.");
    screen_type(w->mine, "half a");
    struct run r =
        moot_says(&w->ana, NULL, (const char *const[]){"send", "#lobby", "between", NULL});
    run_finish(&r);
    r = moot_says(&w->me, NULL, (const char *const[]){"who", "#lobby", NULL});
    run_finish(&r);
    screen_pump(w->mine, 300);
    assert_null(strstr(w->mine->raw, "between"));
    screen_type(w->mine, " line\n");
    hears(w->mine, "ana: between");
    assert_null(strstr(w->mine->raw, "half a"));
    assert_null(strstr(w->mine->raw, "#lobby> "));
    screen_type(w->mine, "\x04");
    assert_true(screen_wait_end(w->mine, SOON));
    wrote_no_escape(w->mine);
    assert_int_equal(times_said(w, "half a line"), 1);
}

static void a_long_line_stays_on_one_row_until_it_is_sent(void **state)
{
    struct world *w = *state;
    char text[201];
    dumb(w);
    w->mine = alone(&w->me);
    memset(text, 'x', sizeof text - 1);
    memcpy(text + sizeof text - 5, "end", 4);
    text[sizeof text - 2] = '\0';
    size_t from = w->mine->raw_n;
    screen_type(w->mine, text);
    hears_next(w->mine, from, "end");
    assert_true(screen_shows(w->mine, "<xx"));
    screen_resize(w->mine, 24, 40);
    screen_type(w->mine, "!\r");
    screen_type(w->mine, "\x04");
    ends(w->mine, 0);
    assert_int_equal(times_said(w, text), 1);
}

static void the_keys_of_a_shell_mean_what_they_mean_there(void **state)
{
    struct world *w = *state;
    dumb(w);
    w->mine = alone(&w->me);
    screen_type(w->mine, "not meant");
    hears(w->mine, "not meant");
    screen_type(w->mine, "\x03"); /* ^C drops it, */
    screen_type(w->mine, "\x1a"); /* ^Z stops, */
    assert_true(screen_wait_stop(w->mine, SOON));
    assert_true(pty_is_cooked(&w->mine->pty));
    size_t from = w->mine->raw_n;
    pty_foreground(&w->mine->pty);
    hears_next(w->mine, from, "#lobby> ");
    screen_type(w->mine, "meant\r");
    hears_next(w->mine, from, "#lobby> meant\r\n#lobby> ");
    screen_type(w->mine, "\x03"); /* and with nothing written it ends */
    ends(w->mine, 130);
    assert_int_equal(times_said(w, "not meant"), 0);
    assert_int_equal(times_said(w, "meant"), 1);
}

static void it_ends_with_its_terminal_and_on_a_signal(void **state)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGSEGV};
    struct world *w = *state;
    dumb(w);
    w->mine = alone(&w->me);
    pty_hang_up(&w->mine->pty);
    assert_true(screen_wait_end(w->mine, SOON));
    screens_close(w);
    for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
        w->mine = alone(&w->me);
        pty_signal(&w->mine->pty, signals[i]);
        assert_true(screen_wait_end(w->mine, SOON));
        assert_true(pty_is_cooked(&w->mine->pty));
        assert_null(strstr(w->mine->raw, "\x1b[?")); /* a sanitizer writes colours */
        screens_close(w);
    }
}

static void a_killed_server_is_told_and_nothing_is_lost(void **state)
{
    struct world *w = *state;
    dumb(w);
    w->mine = alone(&w->me);
    rig_kill(&w->rig);
    hears(w->mine, "Offline: ");
    hears(w->mine, "Trying again in ");
    screen_type(w->mine, "written offline\r");
    hears(w->mine, "1 change is not saved yet.");
    screen_type(w->mine, "/task add Kept\r");
    hears(w->mine, "2 changes are not saved yet.");
    pty_signal(&w->mine->pty, SIGKILL); /* and even so */
    assert_true(screen_wait_end(w->mine, SOON));
    screens_close(w);
    assert_true(rig_up(&w->rig));
    w->mine = screen_of(&w->me, 24, 80);
    hears(w->mine, "Online as ");
    hears(w->mine, "All is saved.");
    screen_type(w->mine, "\x04");
    ends(w->mine, 0);
    assert_int_equal(times_said(w, "written offline"), 1);
    assert_int_equal(times_on_board(w, "Kept"), 1);
}

static void it_says_when_the_server_is_back(void **state)
{
    struct world *w = *state;
    dumb(w);
    w->mine = alone(&w->me);
    rig_kill(&w->rig);
    hears(w->mine, "Offline: ");
    screen_type(w->mine, "meanwhile\r");
    hears(w->mine, "1 change is not saved yet.");
    assert_true(rig_up(&w->rig));
    screen_type(w->mine, "/retry\r");
    hears(w->mine, "Online again.");
    hears(w->mine, "All is saved.");
    screen_type(w->mine, "\x04");
    ends(w->mine, 0);
    assert_int_equal(times_said(w, "meanwhile"), 1);
}

static void what_others_write_is_spelt_out(void **state)
{
    struct world *w = *state;
    dumb(w);
    w->mine = alone(&w->me);
    struct run r = moot_says(&w->ana,
                             "x \x1b]0;pwned\x07 \x1b[2J \xc2\x9b"
                             "31m \xe2\x80\xae end",
                             (const char *const[]){"send", "#lobby", "-", NULL});
    run_finish(&r);
    hears(w->mine, "x \\x1b]0;pwned");
    hears(w->mine, " end\r\n");
    assert_null(strstr(w->mine->raw, "\xe2\x80\xae"));
    assert_null(strstr(w->mine->raw, "\xc2\x9b"));
    screen_type(w->mine, "\x04");
    ends(w->mine, 0);
}

static void a_note_is_written_in_an_editor(void **state)
{
    struct world *w = *state;
    dumb(w);
    env_set(&w->me.env, "EDITOR", "sed -i s/first/FIRST/");
    w->mine = alone(&w->me);
    screen_type(w->mine, "/note new Plan\r");
    hears(w->mine, "You added 'Plan'");
    screen_type(w->mine, "/note append Plan the first line\r");
    hears(w->mine, "Plan: added to.");
    screen_type(w->mine, "/note edit Plan\r");
    hears(w->mine, "Plan: changed.");
    screen_type(w->mine, "/note cat Plan\r");
    hears(w->mine, "Plan:\r\n  the FIRST line\r\n");
    screen_type(w->mine, "\x04");
    ends(w->mine, 0);
}

/* ---- without a terminal ---- */

static struct run piped(const struct person *p, const char *input)
{
    struct run r;
    const char *const argv[] = {rig_moot, "--linear", "#lobby", NULL};
    assert_true(run_program(&r, argv, p->env.v, input, SOON));
    return r;
}

static void a_script_is_read_line_by_line(void **state)
{
    struct world *w = *state;
    struct run r = piped(&w->me, "first\n/task add From a script\n//not a command\n"
                                 "/task move 1 Doing\n/task list Doing\nlast, without an end");
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.out, "Doing, 1 card:\n  1  From a script"));
    assert_null(strchr(r.out, '\x1b'));
    assert_null(strstr(r.out, "#lobby> "));
    run_finish(&r);
    assert_int_equal(times_said(w, "first"), 1);
    assert_int_equal(times_said(w, "/not a command"), 1);
    assert_int_equal(times_said(w, "last, without an end"), 1);
}

static void what_a_script_could_not_send_is_kept_and_told(void **state)
{
    struct world *w = *state;
    struct run r = piped(&w->me, "known now\n");
    run_finish(&r);
    rig_kill(&w->rig);
    r = piped(&w->me, "kept\n");
    assert_int_equal(r.status, 6);
    assert_non_null(strstr(r.err, "1 change is not saved yet: kept"));
    run_finish(&r);
    assert_true(rig_up(&w->rig));
    r = piped(&w->me, "");
    assert_int_equal(r.status, 0);
    run_finish(&r);
    assert_int_equal(times_said(w, "kept"), 1);
}

/* Nothing is said to others than those it was meant for. */
static void a_script_for_a_room_that_is_not_ours_says_nothing_elsewhere(void **state)
{
    struct world *w = *state;
    struct run r;
    const char *const argv[] = {rig_moot, "--linear", "#secret", NULL};
    assert_true(run_program(&r, argv, w->me.env.v, "for few eyes\n", SOON));
    assert_int_equal(r.status, 4);
    assert_non_null(strstr(r.err, "you are not in that room"));
    run_finish(&r);
    assert_int_equal(times_said(w, "for few eyes"), 0);
}

static void lines_that_are_no_text_are_refused_in_words(void **state)
{
    struct world *w = *state;
    char *huge = malloc(200001);
    memset(huge, 'y', 200000);
    memcpy(huge + 199990, "\nafter\n", 8);
    struct run r = piped(&w->me, "/tusk\n");
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.out, "there is no command"));
    assert_non_null(strstr(r.err, "not all of the input could be done"));
    run_finish(&r);
    r = piped(&w->me, "bad \xff byte\nfine\n");
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.out, "A line was not UTF-8; it was not sent."));
    run_finish(&r);
    r = piped(&w->me, huge);
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.out, "A line was too long"));
    run_finish(&r);
    free(huge);
    assert_int_equal(times_said(w, "fine"), 1);
    assert_int_equal(times_said(w, "after"), 1);
    assert_int_equal(times_said(w, "yyyy"), 0);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(two_people_chat_and_move_a_card),
        WITH_WORLD(a_line_of_others_does_not_tear_the_one_being_typed),
        WITH_WORLD(where_others_echo_lines_wait_while_one_is_begun),
        WITH_WORLD(a_long_line_stays_on_one_row_until_it_is_sent),
        WITH_WORLD(the_keys_of_a_shell_mean_what_they_mean_there),
        WITH_WORLD(it_ends_with_its_terminal_and_on_a_signal),
        WITH_WORLD(a_killed_server_is_told_and_nothing_is_lost),
        WITH_WORLD(it_says_when_the_server_is_back),
        WITH_WORLD(what_others_write_is_spelt_out),
        WITH_WORLD(a_note_is_written_in_an_editor),
        WITH_WORLD(a_script_is_read_line_by_line),
        WITH_WORLD(what_a_script_could_not_send_is_kept_and_told),
        WITH_WORLD(a_script_for_a_room_that_is_not_ours_says_nothing_elsewhere),
        WITH_WORLD(lines_that_are_no_text_are_refused_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
