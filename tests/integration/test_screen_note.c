/* Three people type in one note, each in a terminal of their own, while servers and clients are
 * killed: one text, and nothing lost. */
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

enum { PEOPLE = 3, WORDS = 24, NARROW_ROWS = 24, NARROW_COLS = 80 };

/* The world, and a third person. */
struct team {
    struct world w;
    struct person bo;
    struct screen *s[PEOPLE];
};

static int set_up(void **state)
{
    struct team *t = calloc(1, sizeof(*t));
    *state = t;
    bool ok = t && rig_start(&t->w.rig) && rig_me(&t->w.rig, &t->w.me) &&
              rig_person(&t->w.rig, &t->w.ana, "ana") && rig_person(&t->w.rig, &t->bo, "bo");
    return ok ? 0 : -1;
}

static int tear_down(void **state)
{
    struct team *t = *state;
    for (int i = 0; i < PEOPLE; i++)
        screen_free(t->s[i]);
    person_finish(&t->w.me);
    person_finish(&t->w.ana);
    person_finish(&t->bo);
    rig_finish(&t->w.rig);
    free(t);
    return 0;
}

static void make_note(struct team *t, const char *text)
{
    struct run r =
        moot_says(&t->w.me, text,
                  (const char *const[]){"note", "new", "#lobby", "Plan", "--from", "-", NULL});
    run_finish(&r);
}

static struct run cat(struct team *t)
{
    return moot_says(&t->w.me, NULL,
                     (const char *const[]){"note", "cat", "#lobby", "Plan", NULL});
}

static void command(struct screen *s, const char *line)
{
    screen_type(s, screen_shows(s, "Esc board") ? "\x1b:" : ":");
    screen_type(s, line);
    screen_type(s, "\r");
}

static void open_note(struct screen *s)
{
    command(s, "note Plan");
    assert_true(screen_wait(s, "Esc board", SOON));
    assert_true(screen_wait(s, " saved", SOON));
}

/* Two wide screens and a narrow one, all in the note. */
static void everybody_opens_it(struct team *t)
{
    const struct person *people[PEOPLE] = {&t->w.me, &t->w.ana, &t->bo};
    for (int i = 0; i < PEOPLE; i++) {
        bool narrow = i == PEOPLE - 1;
        t->s[i] = screen_online(people[i], narrow ? NARROW_ROWS : WIDE_ROWS,
                                narrow ? NARROW_COLS : WIDE_COLS);
        open_note(t->s[i]);
    }
}

static void go_to_line(struct screen *s, int line)
{
    screen_type(s, "\x1b[1;5H"); /* C-Home */
    for (int i = 0; i < line; i++)
        screen_type(s, "\x1b[B");
    screen_type(s, "\x05"); /* C-e */
}

static void type_word(struct team *t, int who, int i)
{
    char word[16];
    snprintf(word, sizeof word, " %c%02d", 'a' + who, i);
    screen_type(t->s[who], word);
}

static bool is_saved(struct screen *s, void *arg)
{
    (void)arg;
    return screen_shows(s, "─ saved") || screen_shows(s, " saved");
}

static void wait_saved(struct screen *s)
{
    for (int tries = 0; tries < 100 && !screen_shows(s, " online"); tries++) {
        screen_type(s, "\x1br");
        screen_pump(s, 200);
    }
    assert_true(screen_wait_until(s, is_saved, NULL, "saved", 4 * SOON));
}

/* The lines that must come out, each person's words in order and once. */
static void line_of(int who, char *out, size_t n)
{
    size_t at = (size_t)snprintf(out, n, "%c:", 'A' + who);
    for (int i = 0; i < WORDS; i++)
        at += (size_t)snprintf(out + at, n - at, " %c%02d", 'a' + who, i);
}

static void assert_one_text(struct team *t)
{
    char line[256], all[800] = "";
    size_t n = 0;
    for (int who = 0; who < PEOPLE; who++) {
        line_of(who, line, sizeof line);
        n += (size_t)snprintf(all + n, sizeof all - n, "%s\n", line);
    }
    struct run r = cat(t);
    assert_string_equal(r.out, all);
    run_finish(&r);
}

static void type_all(struct team *t, void (*at)(struct team *t, int i))
{
    for (int who = 0; who < PEOPLE; who++)
        go_to_line(t->s[who], who);
    for (int i = 0; i < WORDS; i++) {
        for (int who = 0; who < PEOPLE; who++)
            if (t->s[who])
                type_word(t, who, i);
        for (int who = 0; who < PEOPLE; who++)
            if (t->s[who])
                screen_pump(t->s[who], 5);
        if (at)
            at(t, i);
    }
}

/* ---- */

static void each_sees_what_the_others_type_and_who_they_are(void **state)
{
    struct team *t = *state;
    make_note(t, "A:\nB:\nC:\n");
    everybody_opens_it(t);
    go_to_line(t->s[0], 0);
    screen_type(t->s[0], " hello");
    assert_true(screen_wait(t->s[1], "A: hello", SOON));
    assert_true(screen_wait(t->s[2], "A: hello", SOON));
    go_to_line(t->s[1], 1);
    screen_type(t->s[1], " hi there");
    assert_true(screen_wait(t->s[0], "B: hi there  ana", SOON));   /* typing: the name */
    assert_true(screen_wait(t->s[0], "A  B: hi there", 2 * SOON)); /* then the initial */
    assert_true(screen_wait(t->s[2], "Plan", SOON));
    assert_true(screen_shows(t->s[2], " ana "));
}

static void all_type_at_once_and_end_with_one_text(void **state)
{
    struct team *t = *state;
    make_note(t, "A:\nB:\nC:\n");
    everybody_opens_it(t);
    type_all(t, NULL);
    for (int i = 0; i < PEOPLE; i++)
        wait_saved(t->s[i]);
    assert_one_text(t);
    for (int i = 0; i < PEOPLE; i++)
        assert_true(screen_wait(t->s[i], "a21 a22 a23", SOON));
}

static void kill_the_server(struct team *t, int i)
{
    if (i % 6 == 2)
        rig_kill(&t->w.rig);
    if (i % 6 == 4)
        assert_true(rig_up(&t->w.rig));
}

static void a_server_killed_again_and_again_loses_no_letter(void **state)
{
    struct team *t = *state;
    make_note(t, "A:\nB:\nC:\n");
    everybody_opens_it(t);
    type_all(t, kill_the_server);
    for (int i = 0; i < PEOPLE; i++)
        wait_saved(t->s[i]);
    assert_one_text(t);
}

/* Ana's client is killed while the server is away and she types; the others go on. */
static void kill_both(struct team *t, int i)
{
    if (i == WORDS / 3)
        rig_kill(&t->w.rig);
    if (i == WORDS - 1) {
        assert_true(screen_wait(t->s[1], "b23", SOON)); /* what is shown is kept */
        assert_true(screen_wait(t->s[1], "not saved yet", SOON));
        pty_signal(&t->s[1]->pty, SIGKILL);
        assert_true(screen_wait_end(t->s[1], SOON));
        screen_free(t->s[1]);
        t->s[1] = NULL;
    }
}

static void what_a_killed_client_had_typed_offline_is_there_when_it_comes_back(void **state)
{
    struct team *t = *state;
    make_note(t, "A:\nB:\nC:\n");
    everybody_opens_it(t);
    type_all(t, kill_both);
    assert_true(rig_up(&t->w.rig));
    t->s[1] = screen_online(&t->w.ana, WIDE_ROWS, WIDE_COLS);
    all_saved(t->s[1]);
    wait_saved(t->s[0]);
    wait_saved(t->s[2]);
    assert_one_text(t);
}

static void without_a_server_a_known_note_opens_and_takes_typing(void **state)
{
    struct team *t = *state;
    make_note(t, "A:\n");
    t->s[0] = screen_online(&t->w.me, WIDE_ROWS, WIDE_COLS);
    open_note(t->s[0]);
    quit(t->s[0]);
    screen_free(t->s[0]);
    assert_true(rig_down(&t->w.rig));
    t->s[0] = screen_of(&t->w.me, WIDE_ROWS, WIDE_COLS);
    assert_true(screen_wait(t->s[0], "reconnecting", SOON));
    command(t->s[0], "note Plan");
    assert_true(screen_wait(t->s[0], "A:", SOON));
    go_to_line(t->s[0], 0);
    screen_type(t->s[0], " typed alone");
    assert_true(screen_wait(t->s[0], "offline, 1 edit not saved yet", SOON));
    assert_true(rig_up(&t->w.rig));
    wait_saved(t->s[0]);
    struct run r = cat(t);
    assert_string_equal(r.out, "A: typed alone\n");
    run_finish(&r);
}

static void a_pasted_megabyte_arrives_whole(void **state)
{
    struct team *t = *state;
    enum { LINES = 20000 };
    make_note(t, "");
    t->s[0] = screen_online(&t->w.me, NARROW_ROWS, NARROW_COLS);
    open_note(t->s[0]);
    char *text = calloc(LINES, 64);
    size_t n = 0;
    for (int i = 0; i < LINES; i++)
        n += (size_t)snprintf(text + n, 64, "line %05d of a long paste, with some more words\n",
                              i);
    screen_type(t->s[0], "\x1b[200~");
    for (size_t at = 0; at < n; at += 1000) { /* a terminal gives it in pieces, too */
        char piece[1001] = "";
        memcpy(piece, text + at, n - at < 1000 ? n - at : 1000);
        screen_type(t->s[0], piece);
        screen_pump(t->s[0], 0);
    }
    screen_type(t->s[0], "\x1b[201~");
    assert_true(screen_wait(t->s[0], "line 19999", 4 * SOON));
    wait_saved(t->s[0]);
    struct run r = cat(t);
    assert_int_equal(strlen(r.out), n);
    assert_string_equal(r.out, text);
    run_finish(&r);
    free(text);
}

static void a_description_is_written_by_two_and_its_history_brings_it_back(void **state)
{
    struct team *t = *state;
    t->s[0] = screen_online(&t->w.me, WIDE_ROWS, WIDE_COLS);
    t->s[1] = screen_online(&t->w.ana, WIDE_ROWS, WIDE_COLS);
    add_card(t->s[0], "Release");
    assert_true(screen_wait(t->s[1], "Release", SOON));
    screen_type(t->s[0], "o");
    assert_true(screen_wait(t->s[0], "#1 Release", SOON));
    screen_type(t->s[0], "because it is time");
    command(t->s[1], "task describe 1");
    assert_true(screen_wait(t->s[1], "because it is time", SOON));
    screen_type(t->s[1], "\x1b[1;5F, said ana");
    assert_true(screen_wait(t->s[0], "time, said ana", SOON));
    wait_saved(t->s[1]);
    screen_type(t->s[0], "\x1bh");
    assert_true(screen_wait(t->s[0], "History of", SOON));
    screen_type(t->s[0], "g.");
    assert_true(screen_wait(t->s[0], "1 of ", SOON));
    screen_type(t->s[0], "\x1b[Hr");
    assert_true(screen_wait(t->s[0], "in version 0?", SOON));
    screen_type(t->s[0], "\r");
    assert_true(screen_wait_gone(t->s[1], "said ana", SOON));
    screen_type(t->s[0], "\x1bu");
    assert_true(screen_wait(t->s[1], "because it is time, said ana", SOON));
}

#define WITH_TEAM(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_TEAM(each_sees_what_the_others_type_and_who_they_are),
        WITH_TEAM(all_type_at_once_and_end_with_one_text),
        WITH_TEAM(a_server_killed_again_and_again_loses_no_letter),
        WITH_TEAM(what_a_killed_client_had_typed_offline_is_there_when_it_comes_back),
        WITH_TEAM(without_a_server_a_known_note_opens_and_takes_typing),
        WITH_TEAM(a_pasted_megabyte_arrives_whole),
        WITH_TEAM(a_description_is_written_by_two_and_its_history_brings_it_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
