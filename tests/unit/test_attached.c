/* A file that an editor and we replace at the same time: nothing that was saved is lost, and
 * nothing is taken for saved that was not. */
#include "attached.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
    assert_false(attached_late(&p->file, &p->late));
    assert_true(read_theirs(p));
    expect_text(p, "one\ntwo\ntheirs\n");
}

static void a_save_to_the_file_that_we_replaced_is_late_once(void **state)
{
    struct place *p = *state;
    assert_true(write_ours(p, "one\ntwo\n"));
    save(p->file.aside, "one\nlate\n");
    assert_true(attached_heard(&p->file));
    assert_true(attached_late(&p->file, &p->late));
    assert_string_equal(buf_cstr(&p->late), "one\nlate\n");
    attached_late_taken(&p->file);
    assert_false(attached_late(&p->file, &p->late));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_save_that_we_did_not_see_stays_and_ours_is_not_taken_for_one),
        TEST(a_save_to_the_file_that_we_replaced_is_late_once),
        TEST(half_of_a_save_is_not_read),
        TEST(who_read_what_is_told_apart),
        TEST(a_reader_that_we_overtook_has_read_what_was_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
