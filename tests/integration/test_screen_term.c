/* The terminal: taken over, given back whatever happens, of any size, and never handed what
 * others wrote as it came. */
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
#include <sys/wait.h>

static bool took_over(struct screen *s, void *unused)
{
    (void)unused;
    return screen_mode_is_on(s, MODE_ALTERNATE) && screen_mode_is_on(s, MODE_MOUSE_SGR) &&
           screen_mode_is_on(s, MODE_PASTE) && !pty_is_cooked(&s->pty);
}

static void assert_takes_over(struct screen *s)
{
    assert_true(screen_wait_until(s, took_over, NULL, "the terminal to be taken over", SOON));
}

static void quitting_restores_the_terminal(void **state)
{
    struct world *w = *state;
    w->mine = screen_online(&w->me, 24, 80);
    assert_takes_over(w->mine);
    quit(w->mine);
}

static void a_signal_that_ends_it_restores_the_terminal(void **state)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGSEGV, SIGABRT, SIGBUS};
    struct world *w = *state;
    for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
        w->mine = screen_online(&w->me, 24, 80);
        assert_takes_over(w->mine);
        pty_signal(&w->mine->pty, signals[i]);
        if (!screen_wait_end(w->mine, SOON) || !screen_is_restored(w->mine))
            fail_msg("%s does not restore the terminal", strsignal(signals[i]));
        screens_close(w);
    }
}

static void a_terminal_that_hangs_up_ends_it(void **state)
{
    struct world *w = *state;
    w->mine = screen_online(&w->me, 24, 80);
    pty_hang_up(&w->mine->pty);
    assert_true(screen_wait_end(w->mine, SOON));
}

static void suspended_it_gives_the_terminal_back_and_takes_it_again(void **state)
{
    struct world *w = *state;
    w->mine = screen_online(&w->me, 24, 80);
    for (int i = 0; i < 2; i++) {
        if (i == 0)
            pty_signal(&w->mine->pty, SIGTSTP);
        else
            screen_type(w->mine, "\x1a");
        assert_true(screen_wait_stop(w->mine, SOON));
        screen_pump(w->mine, 0);
        assert_true(screen_is_restored(w->mine));
        pty_foreground(&w->mine->pty);
        assert_true(screen_wait(w->mine, "Todo", SOON));
        assert_takes_over(w->mine);
    }
    add_card(w->mine, "Here");
    quit(w->mine);
}

/* While it draws, too. */
static void no_signal_to_stop_is_lost(void **state)
{
    struct world *w = *state;
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    focus_board(w->mine);
    for (int i = 0; i < 40; i++) {
        size_t from = w->mine->raw_n;
        screen_type(w->mine, "\x0c");
        while (i % 2 && w->mine->raw_n == from)
            screen_pump(w->mine, 10);
        pty_signal(&w->mine->pty, SIGTSTP);
        assert_true(screen_wait_stop(w->mine, SOON));
        pty_foreground(&w->mine->pty);
        assert_true(screen_wait(w->mine, "Todo", SOON));
    }
    quit(w->mine);
}

static void what_happened_while_it_was_suspended_shows_afterwards(void **state)
{
    struct world *w = *state;
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    pty_signal(&w->mine->pty, SIGTSTP);
    assert_true(screen_wait_stop(w->mine, SOON));
    struct run r =
        moot_says(&w->ana, NULL, (const char *const[]){"send", "#lobby", "meanwhile", NULL});
    run_finish(&r);
    pty_foreground(&w->mine->pty);
    assert_true(screen_wait(w->mine, "meanwhile", SOON));
}

static void one_comes_back_to_the_room_one_was_in(void **state)
{
    const char *const argv[] = {rig_moot, NULL};
    struct world *w = *state;
    w->mine = screen_start(argv, w->me.env.v, 24, 80);
    assert_true(screen_wait(w->mine, "#lobby  \u25cf online", SOON));
    screen_type(w->mine, ":room create #other\r");
    assert_true(screen_wait(w->mine, "#other  \u25cf online", SOON));
    quit(w->mine);
    screens_close(w);
    w->mine = screen_start(argv, w->me.env.v, 24, 80);
    assert_true(screen_wait(w->mine, "#other  \u25cf online", SOON));
    quit(w->mine);
}

static void it_works_in_a_terminal_of_any_size(void **state)
{
    static const struct {
        int rows, cols;
        const char *shows;
    } sizes[] = {{24, 80, "Todo"}, {50, 200, "Doing"}, {5, 20, NULL},   {1, 1, NULL},
                 {2, 80, NULL},    {24, 8, NULL},      {200, 20, NULL}, {10, 400, "Done"}};
    struct world *w = *state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        w->mine = screen_of(&w->me, sizes[i].rows, sizes[i].cols);
        assert_non_null(w->mine);
        if (sizes[i].shows && !screen_wait(w->mine, sizes[i].shows, SOON))
            fail_msg("%dx%d: no board", sizes[i].cols, sizes[i].rows);
        screen_pump(w->mine, 200);
        screen_type(w->mine, "jlka card\rihello\r");
        screen_pump(w->mine, 200);
        pty_update(&w->mine->pty);
        if (w->mine->pty.ended)
            fail_msg("%dx%d: ended by itself", sizes[i].cols, sizes[i].rows);
        pty_signal(&w->mine->pty, SIGTERM);
        assert_true(screen_wait_end(w->mine, SOON));
        assert_true(screen_is_restored(w->mine));
        screens_close(w);
    }
}

/* Without the last line, whose round-trip time changes by itself. */
static char *picture(struct screen *s)
{
    char *text = strdup(screen_text(s));
    size_t n = strlen(text);
    while (n > 0 && text[n - 1] == '\n')
        text[--n] = '\0';
    char *last = strrchr(text, '\n');
    if (last)
        *last = '\0';
    return text;
}

static bool is_as_before(struct screen *s, void *before)
{
    char *now = picture(s);
    bool same = strcmp(now, before) == 0;
    free(now);
    return same;
}

static void a_storm_of_resizes_leaves_the_same_picture(void **state)
{
    struct world *w = *state;
    uint32_t random = 1;
    w->mine = screen_online(&w->me, 24, 80);
    add_card(w->mine, "Build");
    all_saved(w->mine);
    assert_true(screen_wait(w->mine, " 1 Build", SOON)); /* with its number */
    assert_true(screen_wait(w->mine, "Nothing was said here yet", SOON));
    assert_true(screen_wait(w->mine, "People 1 of 1", SOON));
    char *before = picture(w->mine);
    for (int i = 0; i < 200; i++) {
        random = random * 1664525 + 1013904223;
        screen_resize(w->mine, 1 + (int)(random >> 8) % 60, 1 + (int)(random >> 16) % 200);
        screen_pump(w->mine, i % 8);
    }
    screen_resize(w->mine, 24, 80);
    bool same =
        screen_wait_until(w->mine, is_as_before, before, "the picture from before", SOON);
    if (!same)
        print_message("before:\n%s\n", before);
    free(before);
    assert_true(same);
    quit(w->mine);
}

static void what_others_write_never_reaches_the_terminal_raw(void **state)
{
    static const char hostile[] = "title \x1b]0;pwned\x07 colour \x1b[41mred\x1b[0m "
                                  "c1 \xc2\x9b"
                                  "31m bidi \xe2\x80\xae"
                                  "evil \xe2\x81\xa6"
                                  "more "
                                  "mode \x1b[?1003h bell \x07 back \b\b\b\b\r over "
                                  "tag \xf3\xa0\x81\x81 endofit";
    static const char *const never[] = {"\x1b]0;pwned", "\x1b[41mred",  "\xc2\x9b",
                                        "\xe2\x80\xae", "\xe2\x81\xa6", "\x1b[?1003h",
                                        "\b\b\b\b\r"};
    struct world *w = *state;
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    size_t from = w->mine->raw_n;
    int bells = w->mine->bells;
    struct run r =
        moot_says(&w->ana, hostile, (const char *const[]){"send", "#lobby", "-", NULL});
    run_finish(&r);
    r = moot_says(&w->ana, NULL,
                  (const char *const[]){"task", "add", "#lobby",
                                        "card \xe2\x80\xae"
                                        "live",
                                        NULL});
    run_finish(&r);
    assert_true(screen_wait(w->mine, "endofit", SOON));
    assert_true(screen_wait(w->mine, "live", SOON));
    for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++) {
        if (strstr(w->mine->raw + from, never[i]))
            fail_msg("row %zu of what must never come through came through", i);
    }
    assert_in_range(w->mine->bells - bells, 0, 1); /* moot's own, for a message */
    assert_false(screen_mode_is_on(w->mine, MODE_MOUSE_MOVE));
}

static void pasted_text_is_text(void **state)
{
    struct world *w = *state;
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    focus_chat(w->mine);
    screen_type(w->mine, "\x1b[200~first line\nsecond :quit\x1b[201~");
    assert_true(screen_wait(w->mine, "second :quit", SOON));
    say(w->mine, "");
    all_saved(w->mine);
    assert_int_equal(times_said(w, "second :quit"), 1);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)

static void put_keys(const struct person *p, const char *text)
{
    char path[RIG_PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/config/moot", p->home);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/config/moot/keys", p->home);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static void keys_of_ones_own_work_and_are_what_the_screen_names(void **state)
{
    struct world *w = *state;
    put_keys(&w->me, "board:x task archive\nboard:d none\nboard:Y task add\nboard:a none\n");
    w->mine = screen_online(&w->me, 24, 80);
    focus_board(w->mine);
    assert_true(screen_wait(w->mine, "Y add", SOON));
    screen_type(w->mine, "YStays");
    screen_type(w->mine, "\r");
    assert_true(screen_wait(w->mine, "Stays", SOON));
    all_saved(w->mine);
    screen_type(w->mine, "x");
    assert_true(screen_wait(w->mine, "u takes it back", SOON));
    all_saved(w->mine);
    assert_int_equal(times_on_board(w, "Stays"), 0);
    quit(w->mine);
}

static void faulty_keys_are_refused_before_the_screen_opens(void **state)
{
    struct world *w = *state;
    put_keys(&w->me, "# mine\nboard:x task archife\n");
    w->mine = screen_of(&w->me, 24, 80);
    assert_non_null(w->mine);
    assert_true(screen_wait_end(w->mine, SOON));
    assert_true(screen_wait(w->mine, "keys:2: there is no action", SOON));
    assert_int_equal(WEXITSTATUS(w->mine->pty.status), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(quitting_restores_the_terminal),
        WITH_WORLD(a_signal_that_ends_it_restores_the_terminal),
        WITH_WORLD(a_terminal_that_hangs_up_ends_it),
        WITH_WORLD(suspended_it_gives_the_terminal_back_and_takes_it_again),
        WITH_WORLD(no_signal_to_stop_is_lost),
        WITH_WORLD(what_happened_while_it_was_suspended_shows_afterwards),
        WITH_WORLD(one_comes_back_to_the_room_one_was_in),
        WITH_WORLD(it_works_in_a_terminal_of_any_size),
        WITH_WORLD(a_storm_of_resizes_leaves_the_same_picture),
        WITH_WORLD(what_others_write_never_reaches_the_terminal_raw),
        WITH_WORLD(pasted_text_is_text),
        WITH_WORLD(keys_of_ones_own_work_and_are_what_the_screen_names),
        WITH_WORLD(faulty_keys_are_refused_before_the_screen_opens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
