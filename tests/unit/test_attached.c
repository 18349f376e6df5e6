/* A file that an editor and we replace at the same time: nothing that was saved is lost, and
 * nothing is taken for saved that was not. */
#include "attached.h"
#include "file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    char dir[64], path[96];
    struct attached file;
    struct buf late;
};

static void save(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void read_as_an_editor_does(const char *path)
{
    char byte;
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0 && read(fd, &byte, 1) >= 0);
    close(fd);
}

static int setup(void **state)
{
    struct place *p = calloc(1, sizeof *p);
    bool changed;
    struct err e = {0};
    snprintf(p->dir, sizeof p->dir, "/tmp/moot-attached-XXXXXX");
    if (!mkdtemp(p->dir))
        return -1;
    snprintf(p->path, sizeof p->path, "%s/n.md", p->dir);
    save(p->path, "one\n");
    *state = p;
    bool ok = attached_open(&p->file, p->path, &e) && attached_read(&p->file, &changed, &e) &&
              changed;
    return ok ? 0 : -1;
}

static int teardown(void **state)
{
    struct place *p = *state;
    attached_close(&p->file);
    unlink(p->path);
    rmdir(p->dir);
    buf_finish(&p->late);
    free(p);
    return 0;
}

static bool write_ours(struct place *p, const char *text)
{
    bool raced;
    assert_true(attached_write(&p->file, str_of(text), &raced, NULL));
    return !raced;
}

static bool read_theirs(struct place *p)
{
    bool changed;
    assert_true(attached_read(&p->file, &changed, NULL));
    return changed;
}

static void expect_text(struct place *p, const char *text)
{
    assert_string_equal(buf_cstr(&p->file.text), text);
}

static void a_save_that_we_did_not_see_stays_and_ours_is_not_taken_for_one(void **state)
{
    struct place *p = *state;
    assert_true(write_ours(p, "one\ntwo\n"));
    save(p->path, "one\ntwo\ntheirs\n");
    assert_false(write_ours(p, "one\ntwo\nours\n"));
    assert_true(attached_heard(&p->file));
    assert_false(attached_late(&p->file, &p->late, NULL));
    assert_true(read_theirs(p));
    expect_text(p, "one\ntwo\ntheirs\n");
}

static void a_save_to_the_file_that_we_replaced_is_late_once(void **state)
{
    struct place *p = *state;
    assert_true(write_ours(p, "one\ntwo\n"));
    save(p->file.aside, "one\nlate\n");
    assert_true(attached_heard(&p->file));
    assert_true(attached_late(&p->file, &p->late, NULL));
    assert_string_equal(buf_cstr(&p->late), "one\nlate\n");
    attached_late_taken(&p->file);
    assert_false(attached_late(&p->file, &p->late, NULL));
}

static void half_of_a_save_is_not_read(void **state)
{
    struct place *p = *state;
    int fd = open(p->path, O_WRONLY | O_TRUNC);
    assert_true(fd >= 0 && write(fd, "on", 2) == 2);
    assert_false(read_theirs(p));
    expect_text(p, "one\n");
    assert_false(write_ours(p, "ours\n"));
    assert_int_equal(write(fd, "e more\n", 7), 7);
    attached_heard(&p->file);
    close(fd);
    assert_true(attached_heard(&p->file));
    assert_true(read_theirs(p));
    expect_text(p, "one more\n");
}

static void who_read_what_is_told_apart(void **state)
{
    struct place *p = *state;
    read_as_an_editor_does(p->path);
    assert_true(write_ours(p, "one\ntwo\n"));
    assert_true(p->file.before_was_read);
    assert_false(attached_heard(&p->file));
    assert_false(p->file.was_read);
    assert_false(read_theirs(p)); /* our own reading is not told */
    attached_heard(&p->file);
    assert_false(p->file.was_read);
    assert_true(write_ours(p, "one\ntwo\nthree\n"));
    assert_false(p->file.before_was_read);
    read_as_an_editor_does(p->path);
    attached_heard(&p->file);
    assert_true(p->file.was_read);
}

/* He reads what was saved just now, which we have not seen yet. */
static void who_reads_behind_a_save_has_not_read_what_was_there(void **state)
{
    struct place *p = *state;
    save(p->path, "theirs\n");
    read_as_an_editor_does(p->path);
    assert_true(attached_heard(&p->file));
    assert_false(attached_was_read(&p->file));
    assert_true(read_theirs(p));
    assert_false(p->file.before_was_read);
    assert_true(attached_was_read(&p->file));
    read_as_an_editor_does(p->path);
    save(p->path, "again\n");
    assert_true(attached_heard(&p->file));
    assert_true(attached_was_read(&p->file));
}

static void the_mode_of_the_file_stays(void **state)
{
    struct place *p = *state;
    struct stat st;
    assert_int_equal(chmod(p->path, 0640), 0);
    assert_true(write_ours(p, "one\ntwo\n"));
    assert_int_equal(stat(p->path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_true(write_ours(p, "one\ntwo\nthree\n"));
    assert_int_equal(stat(p->path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
}

/* In place, or by putting another file there. */
static void how_a_file_was_saved_is_told_apart(void **state)
{
    struct place *p = *state;
    char other[128];
    save(p->path, "in place\n");
    assert_true(read_theirs(p));
    assert_false(p->file.is_new);
    snprintf(other, sizeof other, "%s~", p->path);
    save(other, "anew\n");
    assert_int_equal(rename(other, p->path), 0);
    assert_true(read_theirs(p));
    assert_true(p->file.is_new);
    assert_true(write_ours(p, "ours\n"));
    save(p->path, "in place again\n");
    assert_true(read_theirs(p));
    assert_false(p->file.is_new);
}

/* Our next text would take the place of what was saved there. */
static void nothing_is_written_over_what_is_late(void **state)
{
    struct place *p = *state;
    assert_true(write_ours(p, "one\ntwo\n"));
    int fd = open(p->file.aside, O_WRONLY | O_APPEND);
    assert_true(fd >= 0);
    assert_false(write_ours(p, "one\ntwo\nthree\n"));
    assert_false(attached_late(&p->file, &p->late, NULL));
    assert_true(p->file.busy);
    assert_int_equal(write(fd, "late\n", 5), 5);
    close(fd);
    assert_false(write_ours(p, "one\ntwo\nthree\n"));
    assert_true(attached_heard(&p->file));
    assert_true(attached_late(&p->file, &p->late, NULL));
    assert_string_equal(buf_cstr(&p->late), "one\nlate\n");
    attached_late_taken(&p->file);
    assert_true(write_ours(p, "one\ntwo\nthree\n"));
}

static void what_is_late_and_no_text_is_said(void **state)
{
    struct place *p = *state;
    struct err e = {0};
    assert_true(write_ours(p, "one\ntwo\n"));
    save(p->file.aside, "\xff\n");
    assert_false(write_ours(p, "three\n"));
    assert_false(attached_late(&p->file, &p->late, &e));
    assert_int_equal(e.code, ERR_BAD_FIELD);
    attached_late_taken(&p->file);
    assert_true(write_ours(p, "three\n"));
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

static void what_a_kill_left_half_written_goes(void **state)
{
    struct place *p = *state;
    char half[160], other[160];
    snprintf(half, sizeof half, "%s.AbCdEf", p->file.aside);
    snprintf(other, sizeof other, "%s.AbCdEf.md", p->file.aside);
    save(half, "on");
    save(other, "theirs");
    file_clear(p->file.aside);
    assert_false(is_there(half));
    assert_true(is_there(other));
    assert_true(is_there(p->path));
    unlink(other);
}

/* Whoever ends us has nothing to lose by it. */
static void what_is_late_stays_when_we_go(void **state)
{
    struct place *p = *state;
    char aside[128];
    struct buf text = {0};
    assert_true(write_ours(p, "one\ntwo\n"));
    save(p->file.aside, "one\nlate\n");
    snprintf(aside, sizeof aside, "%s", p->file.aside);
    p->file.is_held = true;
    attached_close(&p->file);
    assert_true(file_read(aside, &text, NULL));
    assert_string_equal(buf_cstr(&text), "one\nlate\n");
    unlink(aside);
    buf_finish(&text);
}

/* Opened before we replaced it, and read on behind that. */
static void a_reader_that_we_overtook_has_read_what_was_there(void **state)
{
    struct place *p = *state;
    int fd = open(p->path, O_RDONLY);
    assert_true(fd >= 0);
    assert_true(write_ours(p, "one\ntwo\n"));
    assert_true(p->file.before_was_read);
    close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static void one_keeps_a_file_however_it_is_called(void **state)
{
    struct place *p = *state;
    char link[sizeof p->path + 8];
    struct attached other;
    struct err e = {0};
    snprintf(link, sizeof link, "%s.link", p->path);
    assert_int_equal(symlink("n.md", link), 0);
    assert_true(attached_claim(&p->file, &e));
    assert_true(attached_open(&other, link, &e));
    assert_false(attached_claim(&other, &e));
    assert_int_equal(e.code, ERR_EXISTS);
    attached_close(&other);
    attached_close(&p->file);
    assert_true(attached_open(&p->file, p->path, &e) && attached_claim(&p->file, &e));
    unlink(link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_save_that_we_did_not_see_stays_and_ours_is_not_taken_for_one),
        TEST(a_save_to_the_file_that_we_replaced_is_late_once),
        TEST(half_of_a_save_is_not_read),
        TEST(who_read_what_is_told_apart),
        TEST(a_reader_that_we_overtook_has_read_what_was_there),
        TEST(who_reads_behind_a_save_has_not_read_what_was_there),
        TEST(how_a_file_was_saved_is_told_apart),
        TEST(the_mode_of_the_file_stays),
        TEST(nothing_is_written_over_what_is_late),
        TEST(what_is_late_and_no_text_is_said),
        TEST(what_is_late_stays_when_we_go),
        TEST(what_a_kill_left_half_written_goes),
        TEST(one_keeps_a_file_however_it_is_called),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
