#include "store_backup.h"
#include "store_check.h"
#include "store_claim.h"
#include "store_copy.h"
#include "store_folder.h"
#include "store_kit.h"
#include "store_schema.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct place {
    struct folder f;
    char other[96], part[112]; /* a name for a backup in the same folder, and half of one */
};

static int make(void **state)
{
    struct place *p = NEW(struct place);
    folder_make(&p->f);
    snprintf(p->other, sizeof p->other, "%s/other.db", p->f.path);
    snprintf(p->part, sizeof p->part, "%s.part", p->other);
    *state = p;
    return 0;
}

static int drop(void **state)
{
    struct place *p = *state;
    folder_drop(&p->f);
    free(p);
    return 0;
}

static void populate(const struct place *p)
{
    struct store *s = folder_open(&p->f);
    kit_live(s);
    s->close(s);
}

static void assert_sound(const char *db)
{
    struct buf report = {0};
    struct err e = {0};
    if (!store_check(db, &report, &e))
        fail_msg("%s: %s\n%s", db, e.text, buf_cstr(&report));
    buf_finish(&report);
}

static void backup_ok(const char *db, const char *file)
{
    struct buf said = {0};
    struct err e = {0};
    if (!store_backup(db, file, &said, &e))
        fail_msg("%s\n%s", e.text, buf_cstr(&said));
    buf_finish(&said);
}

static void restore_ok(const char *file, const char *db)
{
    struct buf said = {0};
    struct err e = {0};
    if (!store_restore(file, db, NULL, &said, &e))
        fail_msg("%s\n%s", e.text, buf_cstr(&said));
    buf_finish(&said);
}

static int64_t events_in(const char *db)
{
    int64_t rooms = 0, events = -1;
    store_file_figures(db, &rooms, &events);
    return events;
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

/* The file beside the database that was kept before `what` was done; its path in out. */
static bool find_kept(const struct place *p, const char *what, char out[160])
{
    DIR *d = opendir(p->f.path);
    const struct dirent *entry;
    bool found = false;
    while (!found && (entry = readdir(d)))
        if ((found = strstr(entry->d_name, what) != NULL))
            snprintf(out, 160, "%.60s/%.90s", p->f.path, entry->d_name);
    closedir(d);
    return found;
}

static void write_file(const char *path, const char *bytes)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(bytes, f);
    fclose(f);
}

/* ---- backup ---- */

static void backup_is_one_private_file_that_agrees_with_itself(void **state)
{
    struct place *p = *state;
    populate(p);
    struct store *s = folder_open(&p->f); /* a server is running, its log is not in the file */
    kit_ok(s, kit_message("#b", 2, 77, "just now"));
    backup_ok(p->f.db, p->other);
    s->close(s);
    struct stat st;
    char beside[112];
    assert_int_equal(stat(p->other, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    snprintf(beside, sizeof beside, "%s-wal", p->other);
    assert_false(is_there(beside));
    assert_false(is_there(p->part));
    assert_sound(p->other);
    assert_int_equal(events_in(p->other), KIT_LIVE_EVENTS + 1);
}

struct scribe {
    struct store *store;
    atomic_bool is_enough;
    int64_t wrote;
};

static void *write_on(void *arg)
{
    struct scribe *w = arg;
    while (!atomic_load(&w->is_enough)) {
        w->wrote++;
        kit_ok(w->store, kit_message("#b", w->wrote, 1000 + w->wrote, "and on and on"));
    }
    return NULL;
}

static void backup_under_load_is_of_one_moment_and_ends(void **state)
{
    struct place *p = *state;
    populate(p);
    struct scribe w = {.store = folder_open(&p->f), .wrote = 1};
    pthread_t writer;
    assert_int_equal(pthread_create(&writer, NULL, write_on, &w), 0);
    for (int i = 0; i < 3; i++) {
        backup_ok(p->f.db, p->other);
        assert_sound(p->other);
    }
    atomic_store(&w.is_enough, true);
    pthread_join(writer, NULL);
    assert_int_equal(kit_newest(w.store, "#b"), w.wrote);
    w.store->close(w.store);
    assert_true(events_in(p->other) <= events_in(p->f.db));
}

static void backup_replaces_an_older_one_and_nothing_else(void **state)
{
    struct place *p = *state;
    struct buf said = {0};
    struct err e = {0};
    populate(p);
    backup_ok(p->f.db, p->other);
    folder_sql(&p->f, "DELETE FROM users");
    backup_ok(p->f.db, p->other);
    write_file(p->other, "A letter to my grandmother.");
    assert_false(store_backup(p->f.db, p->other, &said, &e));
    assert_int_equal(e.code, ERR_EXISTS);
    assert_non_null(strstr(e.text, "no backup of moot"));
    assert_false(store_backup(p->f.db, p->f.db, &said, &e));
    assert_int_equal(e.code, ERR_USAGE);
    buf_finish(&said);
}

static void damaged_database_does_not_replace_a_good_backup(void **state)
{
    struct place *p = *state;
    struct buf said = {0};
    struct err e = {0};
    populate(p);
    backup_ok(p->f.db, p->other);
    folder_sql(&p->f, "UPDATE tasks SET title = 'x' WHERE number = 2");
    assert_false(store_backup(p->f.db, p->other, &said, &e));
    assert_non_null(strstr(buf_cstr(&said), "card 2 has another title"));
    assert_false(is_there(p->part));
    assert_sound(p->other);
    buf_finish(&said);
}

static void set_file_limit(rlim_t n)
{
    struct rlimit r;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &r), 0);
    r.rlim_cur = MIN(n, r.rlim_max);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &r), 0);
}

static void backup_onto_a_full_disk_leaves_what_was_there(void **state)
{
    struct place *p = *state;
    struct buf said = {0};
    struct err e = {0};
    populate(p);
    backup_ok(p->f.db, p->other);
    signal(SIGXFSZ, SIG_IGN);
    set_file_limit(8192);
    bool ok = store_backup(p->f.db, p->other, &said, &e);
    set_file_limit(RLIM_INFINITY);
    assert_false(ok);
    assert_int_equal(e.code, ERR_STORE_FULL);
    assert_false(is_there(p->part));
    assert_sound(p->other);
    buf_finish(&said);
}

static void two_backups_to_one_name_do_not_meet(void **state)
{
    struct place *p = *state;
    struct buf said = {0};
    struct err e = {0};
    populate(p);
    int fd = open(p->part, O_RDWR | O_CREAT, 0600);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    assert_false(store_backup(p->f.db, p->other, &said, &e));
    assert_int_equal(e.code, ERR_EXISTS);
    assert_int_equal(write(fd, "half of one", 11), 11);
    close(fd); /* that one was killed */
    backup_ok(p->f.db, p->other);
    assert_false(is_there(p->part));
    assert_sound(p->other);
    buf_finish(&said);
}

/* ---- restore ---- */

static void restore_brings_back_what_was_and_keeps_what_is(void **state)
{
    struct place *p = *state;
    char kept[160];
    populate(p);
    backup_ok(p->f.db, p->other);
    struct store *s = folder_open(&p->f);
    kit_ok(s, kit_message("#b", 2, 77, "after the backup"));
    s->close(s);
    restore_ok(p->other, p->f.db);
    assert_sound(p->f.db);
    assert_int_equal(events_in(p->f.db), KIT_LIVE_EVENTS);
    assert_true(find_kept(p, "before-restore", kept));
    assert_sound(kept);
    assert_int_equal(events_in(kept), KIT_LIVE_EVENTS + 1);
    s = folder_open(&p->f);
    kit_ok(s, kit_message("#b", 2, 78, "and on"));
    s->close(s);
}

static struct str log_name(struct store *s, struct arena *a)
{
    struct store_job *j = kit_run(s, store_job_new(JOB_BOOT));
    struct str name = str_keep(a, j->log);
    store_job_free(j);
    return name;
}

/* Clients remember events by numbers that mean others from now on. */
static void restored_log_has_another_name(void **state)
{
    struct place *p = *state;
    struct arena a = {0};
    populate(p);
    struct store *s = folder_open(&p->f);
    struct str first = log_name(s, &a);
    assert_true(first.n >= 8);
    assert_true(str_eq(log_name(s, &a), first));
    s->close(s);
    backup_ok(p->f.db, p->other);
    restore_ok(p->other, p->f.db);
    s = folder_open(&p->f);
    assert_false(str_eq(log_name(s, &a), first));
    s->close(s);
    arena_finish(&a);
}

static void restore_works_where_nothing_is(void **state)
{
    struct place *p = *state;
    populate(p);
    backup_ok(p->f.db, p->other);
    store_file_drop(p->f.db);
    restore_ok(p->other, p->f.db);
    assert_sound(p->f.db);
}

static void what_killed_server_left_in_its_log_is_kept_too(void **state)
{
    struct place *p = *state, killed = {0};
    char kept[160];
    populate(p);
    backup_ok(p->f.db, p->other);
    struct store *s = folder_open(&p->f);
    kit_ok(s, kit_message("#b", 2, 77, "only in the log"));
    folder_make(&killed.f);
    folder_copy(&p->f, &killed.f); /* what is on disk at this moment */
    s->close(s);
    restore_ok(p->other, killed.f.db);
    assert_int_equal(events_in(killed.f.db), KIT_LIVE_EVENTS);
    assert_true(find_kept(&killed, "before-restore", kept));
    assert_int_equal(events_in(kept), KIT_LIVE_EVENTS + 1);
    folder_drop(&killed.f);
}

static void restore_over_a_ruin_keeps_the_ruin(void **state)
{
    struct place *p = *state;
    char kept[160];
    populate(p);
    backup_ok(p->f.db, p->other);
    write_file(p->f.db, "nothing that anybody could read");
    char wal[96];
    snprintf(wal, sizeof wal, "%s-wal", p->f.db);
    write_file(wal, "nor this");
    restore_ok(p->other, p->f.db);
    assert_sound(p->f.db);
    assert_true(find_kept(p, "before-restore", kept));
}

static void what_cannot_be_restored_changes_nothing(void **state)
{
    struct place *p = *state;
    struct buf said = {0};
    struct err e = {0};
    char fresh[112];
    populate(p);
    snprintf(fresh, sizeof fresh, "%s.new", p->f.db);
    const struct {
        const char *sql, *words;
    } rows[] = {
        {"PRAGMA user_version = 999", "newer"},
        {"PRAGMA application_id = 7", "another program"},
        {"UPDATE tasks SET title = 'x'", "fault"},
    };
    struct folder bad = {0};
    snprintf(bad.db, sizeof bad.db, "%.79s", p->other);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        unlink(p->other);
        backup_ok(p->f.db, p->other);
        folder_sql(&bad, rows[i].sql);
        assert_false(store_restore(p->other, p->f.db, NULL, &said, &e));
        if (!strstr(e.text, rows[i].words))
            fail_msg("\"%s\" does not say \"%s\"", e.text, rows[i].words);
        assert_false(is_there(fresh));
    }
    assert_false(store_restore(p->f.db, p->f.db, NULL, &said, &e));
    assert_false(store_restore("/no/such/file", p->f.db, NULL, &said, &e));
    assert_sound(p->f.db);
    assert_int_equal(events_in(p->f.db), KIT_LIVE_EVENTS);
    buf_finish(&said);
}

static void folder_has_one_master(void **state)
{
    struct place *p = *state;
    struct err e = {0};
    int fd = store_claim(p->f.path, &e);
    assert_true(fd >= 0);
    assert_int_equal(store_claim(p->f.path, &e), -1);
    assert_int_equal(e.code, ERR_EXISTS);
    assert_non_null(strstr(e.text, "running mootd"));
    close(fd);
    fd = store_claim(p->f.path, &e);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(store_claim("/no/such/folder", &e), -1);
}

/* ---- older schemas ---- */

/* What a server of each schema has written: the rows that were new with it. A step that is
 * added adds its own row here. */
static const char *const written[] = {
    "INSERT INTO rooms VALUES (1, '#x', 1);"
    "INSERT INTO columns (room, place, name) VALUES (1, 0, 'Todo'), (1, 1, 'Doing');"
    "INSERT INTO members VALUES (1, 'ana', 'owner');"
    "INSERT INTO users VALUES ('ana', 1, 0, 7, 8);"
    "INSERT INTO tokens VALUES ('t1', 'ana', 7, 0, 1, 0);"
    "INSERT INTO events (room, seq, time, kind, author, client, request, number, json) VALUES"
    " (1, 1, 7, 'room.created', 'ana', 'client01', 1, 0, "
    "'{\"type\":\"room.created\",\"room\":\"#x\","
    "\"seq\":1,\"time\":7,\"author\":\"ana\",\"client\":\"client01\",\"id\":1,\"public\":true,"
    "\"columns\":[{\"name\":\"Todo\"},{\"name\":\"Doing\"}]}'),"
    " (1, 2, 8, 'message', 'ana', 'client01', 2, 0, "
    "'{\"type\":\"message\",\"room\":\"#x\",\"seq\":2,"
    "\"time\":8,\"author\":\"ana\",\"client\":\"client01\",\"id\":2,\"text\":\"hello\"}'),"
    " (1, 3, 9, 'task.added', 'ana', 'client01', 3, 1, "
    "'{\"type\":\"task.added\",\"room\":\"#x\","
    "\"seq\":3,\"time\":9,\"author\":\"ana\",\"client\":\"client01\",\"id\":3,\"task\":1,"
    "\"title\":\"a card\",\"column\":\"Todo\",\"key\":\"V\"}');"
    "INSERT INTO tasks (room, number, title, column, key, archived)"
    " VALUES (1, 1, 'a card', 'Todo', 'V', 0);",

    "INSERT INTO notes VALUES (1, 2, 'plan', 0, 10, 'ana');"
    "INSERT INTO snapshots VALUES (1, 2, 1, 11, 'some text', '9 1 11 ana\n');"
    "INSERT INTO events VALUES"
    " (1, 4, 10, 'note.created', 'ana', 'client01', 4, 2, "
    "'{\"type\":\"note.created\",\"room\":\"#x\","
    "\"seq\":4,\"time\":10,\"author\":\"ana\",\"client\":\"client01\",\"id\":4,\"note\":2,"
    "\"name\":\"plan\"}', NULL),"
    " (1, 5, 11, 'note.edited', 'ana', 'client01', 5, 2, "
    "'{\"type\":\"note.edited\",\"room\":\"#x\","
    "\"seq\":5,\"time\":11,\"author\":\"ana\",\"client\":\"client01\",\"id\":5,\"note\":2,"
    "\"version\":1,\"op\":[\"some text\"]}', 1);",
};

static void make_old(const struct place *p, size_t version)
{
    struct buf sql = {0};
    store_file_drop(p->f.db);
    for (size_t i = 0; i < version; i++) {
        buf_fmt(&sql, "%s", store_steps[i].sql);
        if (i < COUNT_OF(written))
            buf_fmt(&sql, "%s", written[i]);
    }
    buf_fmt(&sql, "PRAGMA application_id = %d; PRAGMA user_version = %zu;",
            STORE_APPLICATION_ID, version);
    folder_sql(&p->f, buf_cstr(&sql));
    buf_finish(&sql);
}

static void server_opens_the_database_of_every_older_one(void **state)
{
    struct place *p = *state;
    for (size_t version = 1; version <= store_steps_n; version++) {
        make_old(p, version);
        struct store *s = folder_open(&p->f);
        kit_ok(s, kit_message("#x", version > 1 ? 6 : 4, 6, "on we go"));
        s->close(s);
        assert_sound(p->f.db);
    }
}

static void dry_run_tells_the_steps_and_changes_nothing(void **state)
{
    struct place *p = *state;
    for (size_t version = 1; version < store_steps_n; version++) {
        struct buf said = {0};
        struct err e = {0};
        int64_t after;
        make_old(p, version);
        if (!store_migrate(p->f.db, true, NULL, &said, &e))
            fail_msg("schema %zu: %s", version, e.text);
        for (size_t i = version; i < store_steps_n; i++)
            assert_non_null(strstr(buf_cstr(&said), store_steps[i].sentence));
        assert_null(strstr(buf_cstr(&said), store_steps[version - 1].sentence));
        assert_true(store_file_version(p->f.db, &after, &e));
        assert_int_equal(after, version);
        char trial[112];
        snprintf(trial, sizeof trial, "%s.try", p->f.db);
        assert_false(is_there(trial));
        buf_finish(&said);
    }
}

/* A name of a file is any bytes; what is kept of it goes over the wire. */
static void what_a_restore_is_from_is_kept_as_text(void **state)
{
    struct place *p = *state;
    struct buf said = {0};
    struct err e = {0};
    char odd[160];
    struct store_by by = {STR("ana"), 5};
    snprintf(odd, sizeof odd, "%s/a\nb\xff.db", p->f.path);
    struct store *s = folder_open(&p->f);
    kit_ok(s, kit_room("#a", 1));
    s->close(s);
    backup_ok(p->f.db, odd);
    assert_true(store_restore(odd, p->f.db, &by, &said, &e));
    s = folder_open(&p->f);
    struct store_job *j = kit_run(s, kit_read(JOB_AUDIT, "", SEQ_MAX, 10));
    assert_int_equal(j->audits.n, 1);
    struct str subject = j->audits.v->subject;
    assert_non_null(memmem(subject.p, subject.n, "a\\nb\\xff.db", 11));
    store_job_free(j);
    s->close(s);
    buf_finish(&said);
}

static void migration_keeps_a_copy_of_the_old_schema(void **state)
{
    struct place *p = *state;
    struct buf said = {0};
    struct err e = {0};
    char kept[160];
    int64_t version;
    struct store_by by = {STR("ana (sudo)"), 1700000000000};
    make_old(p, 2);
    assert_true(store_migrate(p->f.db, false, &by, &said, &e));
    assert_sound(p->f.db);
    struct store *s = folder_open(&p->f);
    struct store_job *j = kit_run(s, kit_read(JOB_AUDIT, "", SEQ_MAX, 10));
    assert_int_equal(j->audits.n, 1);
    assert_true(str_is(j->audits.v->author, "ana (sudo)"));
    assert_true(str_is(j->audits.v->act, "migrate"));
    assert_true(str_starts(j->audits.v->words, "schema 2 to "));
    assert_int_equal(j->audits.v->time, 1700000000000);
    store_job_free(j);
    s->close(s);
    assert_true(find_kept(p, "before-migrate", kept));
    assert_true(store_file_version(kept, &version, &e));
    assert_int_equal(version, 2);
    restore_ok(kept, p->f.db); /* and that one too can be come back to */
    buf_clear(&said);
    assert_true(store_migrate(p->f.db, false, NULL, &said, &e)); /* nothing to do */
    folder_sql(&p->f, "PRAGMA user_version = 999");
    assert_false(store_migrate(p->f.db, false, NULL, &said, &e));
    assert_non_null(strstr(e.text, "newer"));
    buf_finish(&said);
}

static void backup_and_restore_of_every_older_schema(void **state)
{
    struct place *p = *state;
    for (size_t version = 1; version < store_steps_n; version++) {
        int64_t after;
        make_old(p, version);
        unlink(p->other);
        backup_ok(p->f.db, p->other);
        assert_true(store_file_version(p->other, &after, NULL));
        assert_int_equal(after, version);
        store_file_drop(p->f.db);
        restore_ok(p->other, p->f.db);
        assert_sound(p->f.db);
    }
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, make, drop)
    const struct CMUnitTest tests[] = {
        T(backup_is_one_private_file_that_agrees_with_itself),
        T(backup_under_load_is_of_one_moment_and_ends),
        T(backup_replaces_an_older_one_and_nothing_else),
        T(damaged_database_does_not_replace_a_good_backup),
        T(backup_onto_a_full_disk_leaves_what_was_there),
        T(two_backups_to_one_name_do_not_meet),
        T(restore_brings_back_what_was_and_keeps_what_is),
        T(restored_log_has_another_name),
        T(restore_works_where_nothing_is),
        T(what_killed_server_left_in_its_log_is_kept_too),
        T(restore_over_a_ruin_keeps_the_ruin),
        T(what_cannot_be_restored_changes_nothing),
        T(folder_has_one_master),
        T(server_opens_the_database_of_every_older_one),
        T(dry_run_tells_the_steps_and_changes_nothing),
        T(migration_keeps_a_copy_of_the_old_schema),
        T(what_a_restore_is_from_is_kept_as_text),
        T(backup_and_restore_of_every_older_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
