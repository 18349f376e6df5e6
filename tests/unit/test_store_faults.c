/* The promise of the store against disks that fail and processes that die: what was
 * acknowledged is there, once, in order; what was refused is not. */
#include "fault_vfs.h"
#include "store_folder.h"
#include "store_kit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { IDS_MAX = 64, GROUP = 3, NOTE = 1 };

static bool is_edit(int64_t id)
{
    return id % GROUP == 2;
}

/* The newest event, -1 when it cannot be read, and the version that text NOTE is at. */
static int64_t newest_of(struct store *s, int64_t *version)
{
    *version = 0;
    struct store_job *j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    int64_t seq = j->err.code == ERR_NOT_FOUND ? 0 : -1;
    if (j->err.code == ERR_NONE) {
        seq = j->rooms.v[0].seq;
        *version = j->rooms.v[0].texts.n ? j->rooms.v[0].texts.v[0].version : 0;
    }
    store_job_free(j);
    return seq;
}

/* Every edit brings a snapshot of the text before it. */
static struct store_job *edit(int64_t seq, int64_t id, int64_t version)
{
    struct store_job *j = kit_edit("#a", seq, id, NOTE, version, "[\"an edit\"]");
    return version > 1 ? kit_keep(j, version - 1, "what it was before", "blame") : j;
}

/* What became of each request, by its id. */
struct diary {
    bool acked[IDS_MAX];
    int64_t ids; /* given out */
};

/* Appends a group behind what the store says is newest, as a hub that has read its room anew.
 */
static void write_group(struct store *s, struct diary *d)
{
    struct store_job *jobs[GROUP];
    int64_t version, newest = newest_of(s, &version);
    if (newest < 0)
        return;
    for (size_t i = 0; i < GROUP; i++) {
        int64_t id = ++d->ids, seq = newest + 1 + (int64_t)i;
        char text[32];
        snprintf(text, sizeof text, "id %d", (int)id);
        if (seq == 1)
            jobs[i] = kit_room("#a", id);
        else
            jobs[i] =
                is_edit(id) ? edit(seq, id, version + 1) : kit_message("#a", seq, id, text);
    }
    s->write(s, jobs, GROUP);
    for (size_t i = 0; i < GROUP; i++) {
        d->acked[jobs[i]->append.id] = jobs[i]->err.code == ERR_NONE;
        store_job_free(jobs[i]);
    }
}

static void assert_text(struct store *s, int64_t edits, const char *when)
{
    struct store_job *j = kit_run(s, kit_text("#a", NOTE, INT64_MAX, 0));
    if (j->err.code != ERR_NONE && j->err.code != ERR_NOT_FOUND)
        fail_msg("%s: %s", when, j->err.text);
    int64_t version = j->snapshot.version + (int64_t)j->edits.n;
    if (version != edits || j->snapshot.version != MAX(edits - 1, 0))
        fail_msg("%s: %d edits, but version %d out of a snapshot of %d", when, (int)edits,
                 (int)version, (int)j->snapshot.version);
    store_job_free(j);
}

/* The store at the folder holds every acknowledged request once, and, if `exact`, no other. */
static void assert_stored(const struct folder *f, const struct diary *d, bool exact,
                          const char *when)
{
    struct store *s = folder_open(f);
    int64_t stored = 0, edits = 0, newest = kit_newest(s, "#a");
    for (int64_t id = 1; id <= d->ids; id++) {
        struct store_job *j = kit_run(s, kit_lookup("ana", id));
        if (j->err.code != ERR_NONE)
            fail_msg("%s: %s", when, j->err.text);
        if (d->acked[id] && !j->found)
            fail_msg("%s: request %d was acknowledged and is not there", when, (int)id);
        if (exact && !d->acked[id] && j->found)
            fail_msg("%s: request %d was refused and is there", when, (int)id);
        stored += j->found;
        edits += j->found && is_edit(id);
        store_job_free(j);
    }
    if (stored != newest)
        fail_msg("%s: %d requests, but %d events", when, (int)stored, (int)newest);
    assert_text(s, edits, when);
    struct store_job *j = kit_run(s, kit_read(JOB_EVENTS, "#a", 0, 1000));
    if (newest > 0 && (j->err.code != ERR_NONE || (int64_t)j->events.n != newest))
        fail_msg("%s: %s", when, j->err.text);
    store_job_free(j);
    s->close(s);
}

/* One life of a server on a disk whose operation number `at` fails; after a while the disk is
 * mended. False when nothing failed any more: `at` is behind the last operation. */
static bool live_with_fault(struct folder *f, struct fault_vfs *disk, int64_t at,
                            const char *when)
{
    struct diary d = {0};
    disk->fired = false;
    disk->left = at;
    struct err e = {0};
    struct store *s = store_sqlite_open(f->db, &e);
    for (int i = 0; s && i < 3; i++) {
        write_group(s, &d);
        store_job_free(kit_run(s, kit_read(JOB_HISTORY, "#a", 1000, 100)));
        store_job_free(kit_run(s, kit_text("#a", NOTE, INT64_MAX, 0)));
        store_job_free(kit_run(s, kit_edits("#a", NOTE, -1000, 100)));
    }
    disk->left = -1;
    struct folder cut;
    folder_make(&cut);
    folder_copy(f, &cut);
    assert_stored(&cut, &d, false, "after a power cut");
    folder_drop(&cut);
    if (!s)
        s = folder_open(f);
    write_group(s, &d);
    if (!d.acked[d.ids])
        fail_msg("%s %d: the disk is mended, and the store is not", when, (int)at);
    s->close(s);
    assert_stored(f, &d, true, when);
    return disk->fired;
}

static void any_failing_operation_loses_and_invents_nothing(void **state)
{
    (void)state;
    static const struct fault_vfs disks[] = {
        {.kind = FAULT_IO},
        {.kind = FAULT_IO, .for_good = true},
        {.kind = FAULT_FULL},
        {.kind = FAULT_FULL, .for_good = true},
    };
    static const char *const names[] = {"one I/O error at", "I/O errors from",
                                        "one full disk at", "full disk from"};
    for (size_t i = 0; i < COUNT_OF(disks); i++) {
        struct fault_vfs disk = disks[i];
        disk.left = -1;
        fault_vfs_install(&disk);
        bool fired = true;
        int64_t at = 0;
        for (; fired; at++) {
            struct folder f;
            folder_make(&f);
            fired = live_with_fault(&f, &disk, at, names[i]);
            folder_drop(&f);
        }
        assert_true(at > 50);
        fault_vfs_remove();
    }
}

/* ---- kill -9 ---- */

/* Writes groups for ever and tells the pipe after each what is acknowledged. */
static void write_until_killed(const struct folder *f, int out)
{
    struct store *s = folder_open(f);
    int64_t seq = kit_newest(s, "#a");
    if (seq == 0)
        seq = kit_ok(s, kit_room("#a", 1));
    for (;;) {
        struct store_job *jobs[GROUP];
        for (size_t i = 0; i < GROUP; i++, seq++)
            jobs[i] = kit_message("#a", seq + 1, seq + 1, "a message");
        s->write(s, jobs, GROUP);
        for (size_t i = 0; i < GROUP; i++) {
            if (jobs[i]->err.code != ERR_NONE)
                _exit(1);
            store_job_free(jobs[i]);
        }
        if (write(out, &seq, sizeof seq) != sizeof seq)
            _exit(1);
    }
}

/* Kills the writer once `groups` were acknowledged, and returns the newest acknowledged number.
 */
static int64_t kill_writer(const struct folder *f, int groups)
{
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(fds[0]);
        write_until_killed(f, fds[1]);
        _exit(1);
    }
    close(fds[1]);
    int64_t seq, acked = 0;
    for (int i = 0; i < groups && read(fds[0], &seq, sizeof seq) == sizeof seq; i++)
        acked = seq;
    kill(pid, SIGKILL);
    while (read(fds[0], &seq, sizeof seq) == sizeof seq)
        acked = seq;
    close(fds[0]);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    return acked;
}

static void killed_writer_leaves_what_it_acknowledged(void **state)
{
    (void)state;
    struct folder f;
    folder_make(&f);
    for (int round = 1; round <= 10; round++) {
        int64_t acked = kill_writer(&f, round * 7);
        struct store *s = folder_open(&f);
        int64_t newest = kit_newest(s, "#a");
        assert_true(newest >= acked);
        assert_int_equal((newest - 1) % GROUP, 0);
        struct store_job *j = kit_run(s, kit_read(JOB_EVENTS, "#a", 0, newest));
        assert_int_equal(j->events.n, newest);
        store_job_free(j);
        j = kit_run(s, kit_lookup("ana", acked));
        assert_int_equal(j->seq, acked);
        store_job_free(j);
        s->close(s);
    }
    folder_drop(&f);
}

/* SQLite would go on writing into a file without a name, and all of it would be gone with the
 * process. */
static void nothing_is_acknowledged_into_a_file_that_was_taken_away(void **state)
{
    static const char *const ends[] = {"", "-wal"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        struct folder f;
        struct diary d = {0};
        char path[96], aside[112];
        folder_make(&f);
        struct store *s = folder_open(&f);
        write_group(s, &d);
        snprintf(path, sizeof path, "%s%s", f.db, ends[i]);
        snprintf(aside, sizeof aside, "%s.aside", path);
        assert_int_equal(rename(path, aside), 0);
        kit_refused(s, kit_message("#a", GROUP + 1, ++d.ids, "lost"), ERR_STORE);
        assert_int_equal(rename(aside, path), 0);
        write_group(s, &d);
        s->close(s);
        for (int64_t id = 1; id <= d.ids; id++)
            assert_int_equal(d.acked[id], id != GROUP + 1);
        assert_stored(&f, &d, true, path);
        folder_drop(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_acknowledged_into_a_file_that_was_taken_away),
        cmocka_unit_test(any_failing_operation_loses_and_invents_nothing),
        cmocka_unit_test(killed_writer_leaves_what_it_acknowledged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
