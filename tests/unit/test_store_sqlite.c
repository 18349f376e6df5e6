#include "store_copy.h"
#include "store_folder.h"
#include "store_kit.h"
#include "store_sqlite.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void write_file(const char *path, const char *bytes)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(bytes, f);
    fclose(f);
}

static void assert_refused(const char *path, const char *words)
{
    struct err e = {0};
    struct store *s = store_sqlite_open(path, &e);
    if (s)
        fail_msg("%s was opened", path);
    if (!strstr(e.text, words))
        fail_msg("\"%s\" does not say \"%s\"", e.text, words);
    assert_int_equal(e.code, ERR_STORE);
}

static void everything_is_there_after_a_restart(void **state)
{
    struct store *s = folder_open(*state);
    kit_ok(s, kit_room("#a", 1));
    kit_ok(s, kit_message("#a", 2, 2, "kept"));
    kit_ok(s, kit_user("ana", true, false, 3));
    s->close(s);
    s = folder_open(*state);
    struct store_job *j = kit_run(s, kit_message("#a", 9, 2, "kept"));
    assert_true(j->found);
    assert_int_equal(j->seq, 2);
    store_job_free(j);
    assert_int_equal(kit_ok(s, kit_message("#a", 3, 3, "next")), 3);
    s->close(s);
}

static void only_the_owner_may_read_the_files(void **state)
{
    const struct folder *f = *state;
    struct store *s = folder_open(f);
    kit_ok(s, kit_room("#a", 1));
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        char path[96];
        struct stat st;
        snprintf(path, sizeof path, "%s%s", f->db, ends[i]);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
    s->close(s);
}

static void newer_schema_is_refused(void **state)
{
    const struct folder *f = *state;
    struct store *s = folder_open(f);
    s->close(s);
    folder_sql(f, "PRAGMA user_version = 999");
    assert_refused(f->db, "newer");
}

static void other_files_are_refused(void **state)
{
    const struct folder *f = *state;
    write_file(f->db, "This is a letter to my grandmother, longer than a database's header, "
                      "which is a hundred bytes and then some.");
    assert_refused(f->db, "no database");
    unlink(f->db);
    folder_sql(f, "CREATE TABLE cats (name)");
    assert_refused(f->db, "another program");
    unlink(f->db);
    folder_sql(f, "PRAGMA application_id = 7");
    assert_refused(f->db, "another program");
    assert_refused(f->path, "cannot be opened");
    assert_refused("/tmp/no/such/folder/moot.db", "No such file");
}

static void symbolic_link_is_refused(void **state)
{
    const struct folder *f = *state;
    char target[96];
    snprintf(target, sizeof target, "%s/elsewhere.db", f->path);
    assert_int_equal(symlink(target, f->db), 0);
    assert_refused(f->db, "cannot");
}

/* As where /var/lib/moot is a link to a larger disk. */
static void a_folder_behind_a_link_is_followed(void **state)
{
    const struct folder *f = *state;
    char link[96], db[128], copy[128];
    struct err e = {0};
    snprintf(link, sizeof link, "%s/link", f->path);
    snprintf(db, sizeof db, "%s/moot.db", link);
    snprintf(copy, sizeof copy, "%s/copy.db", link);
    assert_int_equal(symlink(f->path, link), 0);
    struct store *s = store_sqlite_open(db, &e);
    if (!s)
        fail_msg("%s", e.text);
    kit_ok(s, kit_room("#a", 1));
    s->close(s);
    if (!store_file_copy(db, copy, &e) || !store_file_settle(copy))
        fail_msg("%s", e.text);
}

/* Runs as an account that may not write the folder; root would be let through. */
static int exit_of_stranger(const struct folder *f)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (getuid() == 0 && setuid(65534) != 0)
            _exit(2);
        struct err e = {0};
        struct store *s = store_sqlite_open(f->db, &e);
        _exit(!s && e.code == ERR_STORE && strstr(e.text, f->path) ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void file_that_may_not_be_written_is_refused(void **state)
{
    const struct folder *f = *state;
    struct store *s = folder_open(f);
    s->close(s);
    assert_int_equal(chmod(f->db, 0444), 0);
    assert_int_equal(chmod(f->path, 0555), 0);
    int status = exit_of_stranger(f);
    assert_int_equal(chmod(f->path, 0700), 0);
    assert_int_equal(status, 0);
    assert_int_equal(unlink(f->db), 0);
    assert_int_equal(chmod(f->path, 0555), 0);
    status = exit_of_stranger(f);
    assert_int_equal(chmod(f->path, 0700), 0);
    assert_int_equal(status, 0);
}

static void job_that_the_tables_refuse_fails_alone(void **state)
{
    struct store *s = folder_open(*state);
    struct store_task bad = {.number = -1,
                             .title = STR("a card with no number"),
                             .column = STR("Todo"),
                             .key = STR("V")};
    struct store_job *jobs[] = {
        kit_room("#a", 1), kit_room("#b", 2), kit_task("#a", 2, 3, MSG_TASK_ADDED, bad),
        kit_message("#b", 2, 4, "fine"), kit_message("#a", 3, 5, "behind the bad one")};
    s->write(s, jobs, COUNT_OF(jobs));
    static const enum err_code want[] = {ERR_NONE, ERR_NONE, ERR_INTERNAL, ERR_NONE,
                                         ERR_CONFLICT};
    for (size_t i = 0; i < COUNT_OF(jobs); i++) {
        assert_int_equal(jobs[i]->err.code, want[i]);
        store_job_free(jobs[i]);
    }
    assert_int_equal(kit_newest(s, "#a"), 1);
    assert_int_equal(kit_newest(s, "#b"), 2);
    s->close(s);
}

static void database_locked_by_another_process_fails_writes_until_let_go(void **state)
{
    const struct folder *f = *state;
    struct store *s = folder_open(f);
    kit_ok(s, kit_room("#a", 1));
    sqlite3 *other;
    assert_int_equal(sqlite3_open(f->db, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    struct store_job *j = kit_run(s, kit_message("#a", 2, 2, "x"));
    assert_int_equal(j->err.code, ERR_STORE);
    assert_non_null(strstr(j->err.text, "another process"));
    store_job_free(j);
    assert_int_equal(kit_newest(s, "#a"), 1);
    sqlite3_close(other);
    kit_ok(s, kit_message("#a", 2, 2, "x"));
    s->close(s);
}

static void set_file_limit(rlim_t n)
{
    struct rlimit r;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &r), 0);
    r.rlim_cur = MIN(n, r.rlim_max);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &r), 0);
}

/* A file that may not grow is a full disk, seen from a program. */
static void full_disk_fails_writes_until_there_is_room(void **state)
{
    signal(SIGXFSZ, SIG_IGN);
    struct store *s = folder_open(*state);
    kit_ok(s, kit_room("#a", 1));
    set_file_limit(256 * 1024);
    int64_t seq = 1;
    struct store_job *j;
    for (;;) {
        j = kit_run(s, kit_message("#a", seq + 1, seq + 1, "some words to fill the disk with"));
        if (j->err.code != ERR_NONE || seq == 10000)
            break;
        seq++;
        store_job_free(j);
    }
    assert_int_equal(j->err.code, ERR_STORE_FULL);
    assert_non_null(strstr(j->err.text, "make room"));
    assert_int_equal(kit_newest(s, "#a"), seq);
    store_job_free(j);
    kit_refused(s, kit_message("#a", seq + 1, seq + 1, "still full"), ERR_STORE_FULL);
    set_file_limit(RLIM_INFINITY);
    kit_ok(s, kit_message("#a", seq + 1, seq + 1, "room again"));
    s->close(s);
    s = folder_open(*state);
    assert_int_equal(kit_newest(s, "#a"), seq + 1);
    s->close(s);
}

static void fill(struct store *s, int64_t n)
{
    kit_ok(s, kit_room("#a", 1));
    for (int64_t seq = 2; seq <= n; seq++)
        kit_ok(s, kit_message("#a", seq, seq, "a message of a usual length, more or less so"));
}

/* Overwrites pages from number `first` on with noise. */
static void damage(const struct folder *f, off_t first)
{
    int fd = open(f->db, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    off_t end = lseek(fd, 0, SEEK_END);
    char noise[4096];
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (char)(i * 31 + 7);
    for (off_t at = first * 4096; at < end; at += 4096)
        assert_int_equal(pwrite(fd, noise, sizeof noise, at), sizeof noise);
    close(fd);
}

/* Whatever page is hit, a job is either answered rightly or fails; the process stays up. */
static void damaged_pages_give_errors_and_no_wrong_answers(void **state)
{
    const struct folder *f = *state;
    struct folder whole;
    folder_make(&whole);
    struct store *s = folder_open(&whole);
    fill(s, 300);
    s->close(s);
    size_t failures = 0;
    for (off_t first = 1; first < 30; first++) {
        folder_copy(&whole, (struct folder *)f);
        damage(f, first);
        struct err e = {0};
        s = store_sqlite_open(f->db, &e);
        if (!s) {
            failures++;
            continue;
        }
        struct store_job *j = kit_run(s, kit_read(JOB_EVENTS, "#a", 0, 1000));
        if (j->err.code == ERR_NONE)
            assert_int_equal(j->events.n, 300);
        failures += j->err.code == ERR_STORE;
        store_job_free(j);
        store_job_free(kit_run(s, kit_message("#a", 301, 301, "next")));
        store_job_free(kit_run(s, store_job_new(JOB_BOOT)));
        s->close(s);
    }
    assert_true(failures > 10);
    folder_drop(&whole);
}

static void hole_in_the_log_is_an_error(void **state)
{
    const struct folder *f = *state;
    struct store *s = folder_open(f);
    fill(s, 9);
    folder_sql(f, "DELETE FROM events WHERE seq = 5");
    struct store_job *j = kit_run(s, kit_read(JOB_EVENTS, "#a", 0, 100));
    assert_int_equal(j->err.code, ERR_STORE);
    assert_non_null(strstr(j->err.text, "lacks event 5"));
    assert_int_equal(j->events.n, 0);
    store_job_free(j);
    s->close(s);
}

static void bytes_that_are_no_message_are_an_error(void **state)
{
    const struct folder *f = *state;
    struct store *s = folder_open(f);
    fill(s, 3);
    folder_sql(f, "UPDATE events SET json = '{\"type\":\"mess' WHERE seq = 2");
    kit_refused(s, kit_read(JOB_HISTORY, "#a", 10, 10), ERR_STORE);
    s->close(s);
}

/* The plan of the read that resumes and of the one that scrolls back: one search, no sort. */
static void assert_plan(const struct folder *f, const char *sql, const char *part)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    char text[400];
    snprintf(text, sizeof text, "EXPLAIN QUERY PLAN %s", sql);
    assert_int_equal(sqlite3_open(f->db, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    const char *plan = (const char *)sqlite3_column_text(st, 3);
    if (!strstr(plan, part))
        fail_msg("\"%s\" is no \"%s\"", plan, part);
    assert_int_equal(sqlite3_step(st), SQLITE_DONE);
    sqlite3_finalize(st);
    sqlite3_close(db);
}

static void reads_of_the_log_are_searches(void **state)
{
    struct store *s = folder_open(*state);
    assert_plan(*state, "SELECT seq, json FROM events WHERE room = 1 AND seq > 5 ORDER BY seq",
                "PRIMARY KEY (room=? AND seq>?)");
    assert_plan(*state,
                "SELECT json FROM events INDEXED BY events_message WHERE room = 1 AND "
                "kind = 'message' AND seq < 9 ORDER BY seq DESC LIMIT 5",
                "events_message (room=? AND seq<?)");
    assert_plan(*state,
                "SELECT seq, time FROM events INDEXED BY events_message WHERE room = 1 AND "
                "kind = 'message' AND number = 0 ORDER BY seq",
                "COVERING INDEX events_message (room=?)");
    assert_plan(*state, "SELECT max(request) FROM events WHERE author = 'a' AND client = 'b'",
                "events_request (author=? AND client=?)");
    s->close(s);
}

/* ---- the contract ---- */

/* A store whose folder goes with it. */
struct housed {
    struct store base;
    struct store *inner;
    struct folder folder;
};

static void housed_write(struct store *s, struct store_job **jobs, size_t n)
{
    struct housed *h = (struct housed *)s;
    h->inner->write(h->inner, jobs, n);
}

static void housed_read(struct store *s, struct store_job *j)
{
    struct housed *h = (struct housed *)s;
    h->inner->read(h->inner, j);
}

static void housed_close(struct store *s)
{
    struct housed *h = (struct housed *)s;
    h->inner->close(h->inner);
    folder_drop(&h->folder);
    free(h);
}

static struct store *open_housed(void)
{
    struct housed *h = NEW(struct housed);
    h->base = (struct store){.write = housed_write, .read = housed_read, .close = housed_close};
    folder_make(&h->folder);
    h->inner = folder_open(&h->folder);
    ((struct store_sqlite *)h->inner)->read_ms = 0; /* what can be read in parts is */
    return &h->base;
}

#define ROW(name) cmocka_unit_test_setup_teardown(name, folder_set_up, folder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(everything_is_there_after_a_restart),
        ROW(only_the_owner_may_read_the_files),
        ROW(newer_schema_is_refused),
        ROW(other_files_are_refused),
        ROW(symbolic_link_is_refused),
        ROW(a_folder_behind_a_link_is_followed),
        ROW(file_that_may_not_be_written_is_refused),
        ROW(job_that_the_tables_refuse_fails_alone),
        ROW(database_locked_by_another_process_fails_writes_until_let_go),
        ROW(full_disk_fails_writes_until_there_is_room),
        ROW(damaged_pages_give_errors_and_no_wrong_answers),
        ROW(hole_in_the_log_is_an_error),
        ROW(bytes_that_are_no_message_are_an_error),
        ROW(reads_of_the_log_are_searches),
    };
    return store_contract_run("store_sqlite contract", open_housed) +
           store_contract_account_run("store_sqlite accounts", open_housed) +
           store_contract_text_run("store_sqlite texts", open_housed) +
           store_contract_chat_run("store_sqlite chat", open_housed) +
           store_contract_trim_run("store_sqlite retention", open_housed) +
           store_contract_search_run("store_sqlite search", open_housed) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
