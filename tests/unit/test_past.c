/* What a file had, in memory and on disk: every text comes back as it was, and the same after a
 * crash. */
#include "past.h"

#include "chance.h"
#include "outbox_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SERVER STR("unix:/run/moot.sock")
#define EDIT STR("{\"more\":{\"room\":\"#x\",\"note\":5,\"op\":[\"a\"]}}")

struct place {
    char dir[64], path[96];
    struct past past;
};

static int set_up(void **state)
{
    struct place *p = NEW(struct place);
    snprintf(p->dir, sizeof p->dir, "/tmp/moot-past-XXXXXX");
    if (!mkdtemp(p->dir))
        return -1;
    snprintf(p->path, sizeof p->path, "%s/past", p->dir);
    p->past.path = p->path;
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", p->dir);
    int r = system(command);
    past_finish(&p->past);
    free(p);
    return r;
}

static void expect_texts(const struct past *p, const char *const *newest_first)
{
    struct past_walk w = {.past = p};
    for (; *newest_first; newest_first++) {
        assert_true(past_older(&w));
        assert_true(str_is(past_text(&w), *newest_first));
    }
    assert_false(past_older(&w));
    past_walk_finish(&w);
}

#define EXPECT(p, ...) expect_texts(p, (const char *const[]){__VA_ARGS__, NULL})

static void keep(struct past *p, const char *text, enum had how)
{
    past_keep(p, str_of(text), how, HABIT_NEW);
}

static void a_text_that_nobody_read_goes_with_the_next_one(void **state)
{
    struct past *p = &((struct place *)*state)->past;
    keep(p, "one\n", HAD_READ);
    keep(p, "one\ntwo\n", HAD_OURS);
    keep(p, "zero\none\ntwo\n", HAD_OURS);
    EXPECT(p, "zero\none\ntwo\n", "one\n");
    past_see_reader(p, 1);
    keep(p, "", HAD_SAVED);
    EXPECT(p, "", "zero\none\ntwo\n", "one\n");
    assert_true(past_has(p, STR("one\n")));
    assert_false(past_has(p, STR("one\ntwo\n")));
}

/* An editor reads the file to make a backup: that is not to look at it. */
static void a_glance_is_no_reading_until_it_lasts(void **state)
{
    struct past *p = &((struct place *)*state)->past;
    keep(p, "one\n", HAD_OURS);
    past_see_reader(p, 10000);
    past_see_reader(p, 10050);
    assert_int_equal(past_newest(p)->how, HAD_OURS);
    assert_int_equal(past_habit(p, false, 10060), HABIT_IN_PLACE_READ);
    assert_int_equal(past_habit(p, true, 10060), HABIT_NEW_READ);
    past_see_reader(p, 15000);
    assert_int_equal(past_newest(p)->how, HAD_READ);
    assert_int_equal(past_habit(p, false, 20000), HABIT_IN_PLACE);
    assert_int_equal(past_habit(p, true, 20000), HABIT_NEW);
}

/* ---- against a naive twin, and through the disk ---- */

enum { ROUNDS = 300, TWIN_MAX = 400 };

static void change(struct chance *c, char *text)
{
    char old[TWIN_MAX];
    snprintf(old, sizeof old, "%s", text);
    int n = (int)strlen(old), at = (int)chance_below(c, (size_t)n + 1);
    int gone = (int)chance_below(c, (size_t)(n - at) + 1) / 4;
    int after = snprintf(text, TWIN_MAX, "%.*s%u\n%s", at, old, (unsigned)chance_below(c, 1000),
                         old + at + gone);
    if (after > TWIN_MAX - 20)
        text[TWIN_MAX / 2] = '\0';
}

static void expect_all(const struct past *p, char (*twin)[TWIN_MAX], size_t n)
{
    struct past_walk w = {.past = p};
    size_t i = n;
    while (past_older(&w)) {
        struct tally tally = {0};
        tally_add(&tally, past_text(&w), 1);
        assert_int_equal(tally_apart(&tally, &w.tally), 0);
        assert_true(i-- > 0);
        assert_true(str_is(past_text(&w), twin[i]));
    }
    assert_int_equal(i, 0);
    past_walk_finish(&w);
}

static void every_text_comes_back_also_from_the_disk(void **state)
{
    struct place *p = *state;
    static char twin[ROUNDS][TWIN_MAX];
    struct chance c = {.seed = 7};
    char text[TWIN_MAX] = "some\ntext\n";
    size_t n = 0;
    for (size_t i = 0; i < ROUNDS; i++) {
        change(&c, text);
        past_keep(&p->past, str_of(text), HAD_READ, HABIT_UNKNOWN);
        assert_true(past_remember(&p->past, str_of(text), HAD_READ, HABIT_UNKNOWN, NULL));
        if (n == 0 || strcmp(twin[n - 1], text) != 0)
            snprintf(twin[n++], TWIN_MAX, "%s", text);
    }
    expect_all(&p->past, twin, n);
    struct past again = {.path = p->path};
    struct err e = {0};
    assert_true(past_recall(&again, &e));
    expect_all(&again, twin, n);
    past_finish(&again);
}

static void a_file_that_is_kept_with_another_note_begins_anew(void **state)
{
    struct place *p = *state;
    past_begin(&p->past, STR("#room 7"), "/nowhere");
    keep(&p->past, "one\n", HAD_READ);
    assert_true(past_remember(&p->past, STR("one\n"), HAD_READ, HABIT_UNKNOWN, NULL));
    struct past again = {.path = p->path};
    assert_true(past_recall(&again, NULL));
    past_begin(&again, STR("#room 7"), "/nowhere");
    assert_non_null(past_newest(&again));
    past_begin(&again, STR("#room 8"), "/nowhere");
    assert_null(past_newest(&again));
    past_finish(&again);
}

static void after_a_kill_the_file_may_have_an_older_text(void **state)
{
    struct place *p = *state;
    keep(&p->past, "one\n", HAD_READ);
    assert_true(past_remember(&p->past, STR("one\n"), HAD_READ, HABIT_UNKNOWN, NULL));
    struct past killed = {.path = p->path}, ended = {.path = p->path};
    assert_true(past_recall(&killed, NULL));
    assert_true(killed.in_doubt);
    assert_true(past_remember_end(&p->past, NULL));
    assert_true(past_recall(&ended, NULL));
    assert_false(ended.in_doubt);
    past_finish(&killed);
    past_finish(&ended);
}

/* ---- killed between the memory and the outbox ---- */

/* What a process did that was killed in the middle of a save. */
static void save_and_die(struct place *p, bool reached_outbox)
{
    pid_t child = fork();
    if (child == 0) {
        struct outbox_file *o = outbox_new(p->dir, SERVER, STR("ana"), (struct str){0}, NULL);
        past_begin(&p->past, STR("#x 5"), outbox_file_path(o));
        keep(&p->past, "one\n", HAD_READ);
        bool ok = outbox_keep(o, EDIT, true, NULL) &&
                  past_remember(&p->past, STR("one\n"), HAD_READ, HABIT_UNKNOWN, NULL) &&
                  outbox_mark(o, NULL) &&
                  past_remember_put(&p->past, STR("one\ntwo\n"), HABIT_NEW, NULL) &&
                  (!reached_outbox || outbox_keep(o, EDIT, true, NULL));
        _exit(ok ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* As another moot of the same person does, before the file is attached again. */
static void send_what_was_left(const struct place *p)
{
    struct outbox_file *o = outbox_adopt(p->dir, SERVER, (struct str){0});
    assert_non_null(o);
    outbox_empty(o);
    outbox_close(o);
}

static void expect_put(struct place *p, bool was_put)
{
    struct past again = {.path = p->path};
    assert_true(past_recall(&again, NULL));
    assert_true(past_has(&again, STR("one\n")));
    assert_int_equal(past_has(&again, STR("one\ntwo\n")), was_put);
    past_finish(&again);
}

static void a_save_counts_when_it_reached_the_outbox(void **state)
{
    save_and_die(*state, true);
    expect_put(*state, true);
    send_what_was_left(*state);
    expect_put(*state, true);
}

static void a_save_that_did_not_reach_the_outbox_is_to_be_done(void **state)
{
    save_and_die(*state, false);
    expect_put(*state, false);
    send_what_was_left(*state); /* what was in it before */
    expect_put(*state, false);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_text_that_nobody_read_goes_with_the_next_one),
        TEST(a_glance_is_no_reading_until_it_lasts),
        TEST(every_text_comes_back_also_from_the_disk),
        TEST(a_file_that_is_kept_with_another_note_begins_anew),
        TEST(after_a_kill_the_file_may_have_an_older_text),
        TEST(a_save_counts_when_it_reached_the_outbox),
        TEST(a_save_that_did_not_reach_the_outbox_is_to_be_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
