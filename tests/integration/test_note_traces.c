/* Real typing, through real clients and a real server: what comes out is exactly what was
 * typed. The sessions are those of MOOT_TRACES, or made up where it is not set. */
#include "server_rig.h"
#include "typists.h"
#include "utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- sessions ---- */

static void a_session_that_three_people_type_in_turn_comes_out_exactly(void **state)
{
    (void)state;
    struct traces all = {0};
    traces_take(&all, TYPISTS);
    vec_each (t, &all.all) {
        struct server_rig rig;
        assert_true(rig_start(&rig));
        typist_make_note(rig.unix_url, STR(""));
        typists_pass_round(rig.unix_url, t);
        rig_finish(&rig);
    }
    traces_finish(&all);
}

static pid_t start_typing(const struct server_rig *rig, const struct trace *t, int person)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        typist_type_alone(rig->unix_url, t, person);
        _exit(0);
    }
    assert_true(pid > 0);
    return pid;
}

static void sessions_typed_at_once_while_the_server_is_killed_all_come_out(void **state)
{
    (void)state;
    struct traces all = {0};
    struct server_rig rig;
    struct buf text = {0}, wanted = {0};
    pid_t pids[TYPISTS];
    traces_take(&all, TYPISTS);
    assert_true(rig_start(&rig));
    for (int i = 0; i < TYPISTS; i++)
        typist_heading(&text, i);
    typist_make_note(rig.unix_url, buf_str(&text));
    for (int i = 0; i < TYPISTS; i++)
        pids[i] = start_typing(&rig, &all.all.v[i % all.all.n], i);
    for (int i = 0; i < 3; i++) {
        rig_kill(&rig);
        assert_true(rig_up(&rig));
    }
    for (int i = 0; i < TYPISTS; i++) {
        int status;
        waitpid(pids[i], &status, 0);
        assert_int_equal(status, 0);
        const struct trace *t = &all.all.v[(size_t)i % all.all.n];
        typist_heading(&wanted, i);
        typist_replay(t, MIN(t->edits.n, (size_t)TYPIST_EDITS_MAX), &wanted);
    }
    typist_expect(rig.unix_url, buf_str(&wanted));
    assert_true(rig_down(&rig));
    rig_finish(&rig);
    buf_finish(&text);
    buf_finish(&wanted);
    traces_finish(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_that_three_people_type_in_turn_comes_out_exactly),
        cmocka_unit_test(sessions_typed_at_once_while_the_server_is_killed_all_come_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
