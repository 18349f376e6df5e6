/* moot demo under a terminal: the tour with a viewer who plays along, and that nothing is left
 * however it ends. */
#include "screens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NEXT "\x1b[19~"
#define BACK "\x1b[18~"
#define PAUSE "\x1b[20~"

enum {
    PART = 30000, /* ms: for what a chapter comes to after a while */
    ENVIRON_MAX = 65536,
};

/* ---- what is left ---- */

static bool environ_has(const char *pid, const char *what)
{
    static const char form[] = "/proc/%s/environ";
    char path[sizeof form + 32], *text = calloc(1, ENVIRON_MAX);
    snprintf(path, sizeof path, form, pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, text, ENVIRON_MAX - 1) : 0;
    if (fd >= 0)
        close(fd);
    bool has = n > 0 && memmem(text, (size_t)n, what, strlen(what));
    free(text);
    return has;
}

/* Processes with both in their environment; the last one's id in *pid, which may be NULL. */
static int processes_with(const char *dir, const char *what, pid_t *pid)
{
    int n = 0;
    DIR *d = opendir("/proc");
    for (struct dirent *e; d && (e = readdir(d));) {
        if (!isdigit((unsigned char)e->d_name[0]) || !environ_has(e->d_name, dir) ||
            !environ_has(e->d_name, what))
            continue;
        n++;
        if (pid)
            *pid = (pid_t)strtol(e->d_name, NULL, 10);
    }
    if (d)
        closedir(d);
    return n;
}

static bool nothing_is_left(void *arg)
{
    const struct world *w = arg;
    return demos_in(w->rig.dir) == 0 && processes_with(w->rig.dir, "TMPDIR=", NULL) == 0;
}

/* ---- the viewer ---- */

static void start(struct world *w, int rows, int cols)
{
    const char *const argv[] = {rig_moot, "demo", NULL};
    env_set(&w->me.env, "TMPDIR", w->rig.dir);
    w->mine = screen_start(argv, w->me.env.v, rows, cols);
    assert_non_null(w->mine);
}

static void sees(struct world *w, const char *text)
{
    assert_true(screen_wait(w->mine, text, PART));
}

static void types(struct world *w, const char *keys)
{
    screen_type(w->mine, keys);
}

static void next(struct world *w, const char *title)
{
    types(w, NEXT);
    sees(w, title);
}

static void ends(struct world *w, int status)
{
    assert_true(screen_wait_end(w->mine, SOON));
    assert_true(wait_for(nothing_is_left, w, SOON));
    if (status >= 0)
        assert_int_equal(w->mine->pty.status, status);
}

static bool server_is_up(void *arg)
{
    const struct world *w = arg;
    char pattern[RIG_PATH_MAX];
    glob_t found = {0};
    snprintf(pattern, sizeof pattern, "%s/moot.*/sock", w->rig.dir);
    bool is_up = glob(pattern, 0, NULL, &found) == 0;
    globfree(&found);
    return is_up;
}

/* ---- tests ---- */

static void the_tour_is_led_through_and_ends_cleanly(void **state)
{
    struct world *w = *state;
    start(w, 30, 100);
    sees(w, "1/9  A room");
    next(w, "2/9  Several at once");
    sees(w, "ben is typing");
    types(w, BACK);
    sees(w, "1/9");
    types(w, PAUSE);
    sees(w, "paused");
    next(w, "2/9");

    next(w, "3/9  Your turn  waits for you");
    sees(w, "the tour types"); /* as nobody does */
    sees(w, "They all saw that");
    sees(w, "I saw it move");

    next(w, "4/9  Two changes");
    types(w, "e");
    sees(w, "ben was quicker");
    types(w, "!\r");
    sees(w, "two changes");
    sees(w, "Nothing is overwritten");
    types(w, "m");
    sees(w, "both changes stand");

    next(w, "5/9  Chat");
    sees(w, "n goes to the next room");
    types(w, "n");
    sees(w, "which of the two");
    sees(w, "back to #lobby");
    types(w, "]");

    sees(w, "6/9  One text, four people");
    types(w, "\x1bOQ");
    sees(w, "Release notes");
    types(w, "\r");
    sees(w, "Carets in their colours");
    sees(w, "- History: every version, and who wrote what");
    sees(w, "- *Nothing*, I think. @ana?");
    types(w, "\x1b");
    sees(w, "? help");

    next(w, "7/9  A cut link");
    sees(w, "reconnecting");
    sees(w, "It is gone");
    types(w, "H");
    sees(w, "1 unsaved");
    sees(w, "The way is free again");
    types(w, "R");
    sees(w, "Back. What you missed has come");
    sees(w, "Feels the same!");
    all_saved(w->mine);

    next(w, "8/9  And more");
    sees(w, "100% tests passed");
    sees(w, "w lists what");
    types(w, "w");
    sees(w, "f lists one person alone");
    sees(w, "C-f searches messages");
    types(w, "\x06");
    sees(w, "Search");
    types(w, "slow\r");
    sees(w, "narrow it down");
    sees(w, "S shows how");
    types(w, "S");
    sees(w, "9/9  The end");
    types(w, NEXT);
    assert_true(screen_wait_gone(w->mine, "9/9", SOON));
    quit(w->mine);
    ends(w, 0);
}

static void the_room_of_ones_own_server_is_not_looked_for(void **state)
{
    struct world *w = *state;
    env_set(&w->me.env, "MOOT_ROOM", "#elsewhere");
    start(w, 24, 80);
    sees(w, "1/9  A room");
    sees(w, "Fix the red");
    quit(w->mine);
    ends(w, 0);
}

static void going_on_while_the_link_is_cut_mends_it(void **state)
{
    struct world *w = *state;
    start(w, 24, 80);
    sees(w, "1/9");
    char title[] = "1/9";
    while (title[0] < '7') {
        title[0]++;
        next(w, title);
    }
    sees(w, "reconnecting");
    next(w, "8/9");
    back_online(w->mine);
    quit(w->mine);
    ends(w, 0);
}

static void nothing_is_left_when_the_terminal_goes(void **state)
{
    struct world *w = *state;
    start(w, 24, 80);
    sees(w, "1/9");
    next(w, "Initials on a card");
    pty_hang_up(&w->mine->pty);
    assert_true(wait_for(nothing_is_left, w, SOON));
}

static void nothing_is_left_when_the_screen_is_killed(void **state)
{
    struct world *w = *state;
    pid_t screen = 0;
    start(w, 24, 80);
    sees(w, "1/9");
    next(w, "Initials on a card");
    assert_int_equal(processes_with(w->rig.dir, "MOOT_TOUR_FD=", &screen), 1);
    kill(screen, SIGKILL);
    ends(w, -1);
}

static void interrupted_before_the_screen_opens_it_ends(void **state)
{
    struct world *w = *state;
    start(w, 24, 80);
    assert_true(wait_for(server_is_up, w, SOON));
    types(w, "\x03");
    ends(w, -1);
    assert_false(screen_shows(w->mine, "online"));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_tour_is_led_through_and_ends_cleanly),
        TEST(the_room_of_ones_own_server_is_not_looked_for),
        TEST(going_on_while_the_link_is_cut_mends_it),
        TEST(nothing_is_left_when_the_terminal_goes),
        TEST(nothing_is_left_when_the_screen_is_killed),
        TEST(interrupted_before_the_screen_opens_it_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
