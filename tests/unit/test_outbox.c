#include "outbox_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SERVER STR("unix:/run/moot \"x\".sock")
#define ONE "{\"type\":\"message.post\",\"id\":1,\"room\":\"#a\",\"text\":\"one\"}"
#define TWO "{\"type\":\"message.post\",\"id\":2,\"room\":\"#a\",\"text\":\"two\"}"

struct fixture {
    char dir[64];
    struct buf read; /* records, a line each */
    const char *broken;
};

static int set_up(void **state)
{
    struct fixture *f = NEW(struct fixture);
    snprintf(f->dir, sizeof f->dir, "%s", "/tmp/moot-outbox-XXXXXX");
    *state = f;
    return mkdtemp(f->dir) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    int r = system(command);
    buf_finish(&f->read);
    free(f);
    return r;
}

static bool take(void *arg, struct str json)
{
    struct fixture *f = arg;
    if (f->broken && str_is(json, f->broken))
        return false;
    buf_add_str(&f->read, json);
    buf_add_c(&f->read, '\n');
    return true;
}

static size_t files(const struct fixture *f, const char *ending)
{
    size_t n = 0;
    DIR *d = opendir(f->dir);
    for (struct dirent *e; (e = readdir(d));) {
        size_t len = strlen(e->d_name), end = strlen(ending);
        n += len >= end && strcmp(e->d_name + len - end, ending) == 0 && e->d_name[0] != '.';
    }
    closedir(d);
    return n;
}

static struct outbox_file *begin(const struct fixture *f)
{
    struct outbox_file *o = outbox_new(f->dir, SERVER, STR("ana"), (struct str){0}, NULL);
    assert_non_null(o);
    return o;
}

/* As kill -9 leaves it: what was written is there, the lock is not. */
static void leave_behind(const struct fixture *f, const char *more)
{
    pid_t child = fork();
    if (child == 0) {
        struct outbox_file *o = begin(f);
        outbox_keep(o, STR(ONE), true, NULL);
        outbox_keep(o, str_of(more), true, NULL);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* Appends bytes to the only file there is. */
static void append_raw(const struct fixture *f, const char *bytes)
{
    DIR *d = opendir(f->dir);
    char path[400] = "";
    for (struct dirent *e; (e = readdir(d));) {
        if (strstr(e->d_name, ".jsonl"))
            snprintf(path, sizeof path, "%s/%s", f->dir, e->d_name);
    }
    closedir(d);
    int fd = open(path, O_WRONLY | O_APPEND);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, strlen(bytes)), strlen(bytes));
    close(fd);
}

static void what_a_crash_left_is_adopted(void **state)
{
    struct fixture *f = *state;
    leave_behind(f, TWO);
    struct outbox_file *o = outbox_adopt(f->dir, SERVER, (struct str){0});
    assert_non_null(o);
    assert_true(str_is(outbox_user(o), "ana"));
    assert_int_equal(outbox_read(o, take, f), 0);
    assert_string_equal(buf_cstr(&f->read), ONE "\n" TWO "\n");
    outbox_close(o);
    assert_int_equal(files(f, ".jsonl"), 1); /* it still has requests */
}

static void what_a_process_holds_is_not_adopted(void **state)
{
    struct fixture *f = *state;
    struct outbox_file *o = begin(f);
    assert_true(outbox_keep(o, STR(ONE), true, NULL));
    assert_null(outbox_adopt(f->dir, SERVER, (struct str){0}));
    outbox_close(o);
    o = outbox_adopt(f->dir, SERVER, (struct str){0});
    assert_non_null(o);
    outbox_close(o);
}

static void what_somebody_else_left_is_let_be(void **state)
{
    struct fixture *f = *state;
    leave_behind(f, TWO);
    assert_null(outbox_adopt(f->dir, SERVER, STR("bo")));
    assert_int_equal(files(f, ".jsonl"), 1);
    struct outbox_file *o = outbox_adopt(f->dir, SERVER, STR("ana"));
    assert_non_null(o);
    outbox_close(o);
}

static void another_server_is_not_sent_to(void **state)
{
    struct fixture *f = *state;
    leave_behind(f, TWO);
    assert_null(outbox_adopt(f->dir, STR("unix:/run/other.sock"), (struct str){0}));
    assert_int_equal(files(f, ".jsonl"), 1);
}

static void an_outbox_without_requests_goes_away(void **state)
{
    struct fixture *f = *state;
    struct outbox_file *o = begin(f);
    assert_true(outbox_keep(o, STR(ONE), true, NULL));
    outbox_empty(o);
    outbox_close(o);
    assert_int_equal(files(f, ".jsonl"), 0);
}

static void a_torn_last_line_is_cut_off_and_put_aside(void **state)
{
    struct fixture *f = *state;
    leave_behind(f, TWO);
    append_raw(f, "{\"type\":\"mess");
    struct outbox_file *o = outbox_adopt(f->dir, SERVER, (struct str){0});
    assert_int_equal(outbox_read(o, take, f), 1);
    assert_true(outbox_keep(o, STR("{\"done\":1}"), false, NULL));
    outbox_close(o);
    buf_clear(&f->read);
    o = outbox_adopt(f->dir, SERVER, (struct str){0});
    assert_int_equal(outbox_read(o, take, f), 0);
    assert_string_equal(buf_cstr(&f->read), ONE "\n" TWO "\n{\"done\":1}\n");
    outbox_close(o);
    assert_int_equal(files(f, ".broken"), 1);
}

static void a_broken_line_is_reported_and_kept_aside(void **state)
{
    struct fixture *f = *state;
    leave_behind(f, "rubbish");
    append_raw(f, TWO "\n");
    f->broken = "rubbish";
    struct outbox_file *o = outbox_adopt(f->dir, SERVER, (struct str){0});
    assert_int_equal(outbox_read(o, take, f), 1);
    assert_string_equal(buf_cstr(&f->read), ONE "\n" TWO "\n");
    outbox_close(o);
    assert_int_equal(files(f, ".broken"), 1);
}

static void the_account_is_remembered_once_it_is_known(void **state)
{
    struct fixture *f = *state;
    struct outbox_file *o = outbox_new(f->dir, SERVER, (struct str){0}, STR("client01"), NULL);
    outbox_set_user(o, STR("ben"));
    assert_true(outbox_keep(o, STR(ONE), true, NULL));
    outbox_close(o);
    o = outbox_adopt(f->dir, SERVER, (struct str){0});
    assert_true(str_is(outbox_user(o), "ben"));
    assert_true(str_is(outbox_client(o), "client01"));
    assert_int_equal(outbox_read(o, take, f), 0);
    assert_string_equal(buf_cstr(&f->read), ONE "\n");
    outbox_empty(o);
    assert_true(outbox_keep(o, STR(TWO), true, NULL));
    outbox_close(o);
    o = outbox_adopt(f->dir, SERVER, (struct str){0});
    assert_true(str_is(outbox_user(o), "ben"));
    outbox_close(o);
}

static void a_folder_that_cannot_be_written_is_said_at_once(void **state)
{
    struct fixture *f = *state;
    (void)f;
    struct err e = {0};
    assert_null(outbox_new("/proc/none", SERVER, STR("ana"), (struct str){0}, &e));
    assert_int_equal(e.code, ERR_IO);
    assert_non_null(strstr(e.text, "/proc/none"));
}

/* A bound on the file's size stands for a full disk. */
static void bound_files(rlim_t bytes)
{
    struct rlimit l;
    getrlimit(RLIMIT_FSIZE, &l);
    l.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &l);
}

static void what_a_full_disk_refused_is_written_later(void **state)
{
    struct fixture *f = *state;
    struct err e = {0};
    signal(SIGXFSZ, SIG_IGN);
    struct outbox_file *o = begin(f);
    assert_true(outbox_keep(o, STR(ONE), true, NULL));
    bound_files(160); /* behind the first, in the middle of the second */
    assert_false(outbox_keep(o, STR(TWO), true, &e));
    assert_int_equal(e.code, ERR_IO);
    assert_false(outbox_retry(o, NULL));
    bound_files(RLIM_INFINITY);
    assert_true(outbox_retry(o, NULL));
    outbox_close(o);
    o = outbox_adopt(f->dir, SERVER, (struct str){0});
    assert_int_equal(outbox_read(o, take, f), 0);
    assert_string_equal(buf_cstr(&f->read), ONE "\n" TWO "\n");
    outbox_close(o);
}

/* Also when another process has it by now. */
static void a_mark_tells_whether_something_was_kept_behind_it(void **state)
{
    struct fixture *f = *state;
    struct outbox_file *o = begin(f);
    char *path = str_dup(str_of(outbox_file_path(o)));
    assert_false(outbox_was_kept(path));
    outbox_keep(o, STR(ONE), true, NULL);
    assert_true(outbox_mark(o, NULL));
    assert_false(outbox_was_kept(path));
    outbox_keep(o, STR(TWO), true, NULL);
    assert_true(outbox_was_kept(path));
    assert_int_equal(outbox_look(path), OUTBOX_HELD);
    outbox_close(o);
    assert_int_equal(outbox_look(path), OUTBOX_FREE);
    outbox_forget_mark(path);
    assert_int_equal(files(f, ".mark"), 0);
    free(path);
}

/* A kill while it was emptied: nobody would ever send it, so nobody must wait for that. */
static void one_that_a_kill_left_empty_is_gone(void **state)
{
    struct fixture *f = *state;
    char path[128];
    struct outbox_file *o = outbox_new(f->dir, SERVER, STR("ana"), (struct str){0}, NULL);
    assert_non_null(o);
    snprintf(path, sizeof path, "%s", outbox_file_path(o));
    assert_true(outbox_keep(o, STR(ONE), true, NULL));
    assert_int_equal(outbox_look(path), OUTBOX_HELD);
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(outbox_look(path), OUTBOX_HELD);
    outbox_close(o); /* which leaves it: something waits in it, as far as it knows */
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(outbox_look(path), OUTBOX_GONE);
    assert_null(outbox_adopt(f->dir, SERVER, (struct str){0}));
}

static void what_was_refused_can_be_found_again(void **state)
{
    struct fixture *f = *state;
    char path[100], line[300] = "";
    snprintf(path, sizeof path, "%s/refused.jsonl", f->dir);
    assert_true(outbox_put_aside(path, STR(ONE), STR("you may \"not\""), NULL));
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    assert_non_null(fgets(line, sizeof line, in));
    fclose(in);
    assert_string_equal(line, "{\"why\":\"you may \\\"not\\\"\",\"request\":" ONE "}\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_crash_left_is_adopted),
        TEST(what_a_process_holds_is_not_adopted),
        TEST(what_somebody_else_left_is_let_be),
        TEST(another_server_is_not_sent_to),
        TEST(an_outbox_without_requests_goes_away),
        TEST(a_torn_last_line_is_cut_off_and_put_aside),
        TEST(a_broken_line_is_reported_and_kept_aside),
        TEST(the_account_is_remembered_once_it_is_known),
        TEST(a_folder_that_cannot_be_written_is_said_at_once),
        TEST(what_a_full_disk_refused_is_written_later),
        TEST(a_mark_tells_whether_something_was_kept_behind_it),
        TEST(one_that_a_kill_left_empty_is_gone),
        TEST(what_was_refused_can_be_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
