#include "cache_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct fixture {
    char dir[64];
    struct buf read;
    const char *bad;
};

static int set_up(void **state)
{
    struct fixture *f = NEW(struct fixture);
    snprintf(f->dir, sizeof f->dir, "%s", "/tmp/moot-cache-XXXXXX");
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
    if (f->bad && str_is(json, f->bad))
        return false;
    buf_add_str(&f->read, json);
    buf_add_c(&f->read, ' ');
    return true;
}

static const char *read_back(struct fixture *f, const char *room)
{
    struct cache *c = cache_open(f->dir);
    buf_clear(&f->read);
    bool ok = cache_read(c, str_of(room), take, f);
    cache_close(c);
    return ok ? buf_cstr(&f->read) : "bad";
}

static void what_is_added_is_there_the_next_time(void **state)
{
    struct fixture *f = *state;
    struct cache *c = cache_open(f->dir);
    cache_begin(c, STR("#a"));
    cache_add(c, STR("#a"), STR("1"));
    cache_add(c, STR("#b"), STR("x"));
    cache_flush(c);
    cache_add(c, STR("#a"), STR("2"));
    cache_close(c);
    assert_string_equal(read_back(f, "#a"), "1 2 ");
    assert_string_equal(read_back(f, "#b"), "x ");
    assert_string_equal(read_back(f, "#c"), "");
}

static void a_new_beginning_replaces_the_old_at_once(void **state)
{
    struct fixture *f = *state;
    struct cache *c = cache_open(f->dir);
    cache_add(c, STR("#a"), STR("old"));
    cache_flush(c);
    cache_begin(c, STR("#a"));
    cache_add(c, STR("#a"), STR("new"));
    assert_string_equal(read_back(f, "#a"), "old "); /* not half and half */
    cache_flush(c);
    assert_string_equal(read_back(f, "#a"), "new ");
    cache_close(c);
}

static void a_second_process_only_reads(void **state)
{
    struct fixture *f = *state;
    struct cache *first = cache_open(f->dir), *second = cache_open(f->dir);
    cache_add(first, STR("#a"), STR("1"));
    cache_flush(first);
    cache_add(second, STR("#a"), STR("2"));
    cache_begin(second, STR("#a"));
    cache_flush(second);
    cache_close(second);
    cache_close(first);
    assert_string_equal(read_back(f, "#a"), "1 ");
}

static void a_file_that_is_no_good_is_forgotten(void **state)
{
    struct fixture *f = *state;
    struct cache *c = cache_open(f->dir);
    cache_add(c, STR("#a"), STR("1"));
    cache_add(c, STR("#a"), STR("rubbish"));
    cache_close(c);
    f->bad = "rubbish";
    assert_string_equal(read_back(f, "#a"), "bad");
    assert_string_equal(read_back(f, "#a"), "");
}

static void a_torn_file_is_forgotten(void **state)
{
    struct fixture *f = *state;
    char path[100];
    snprintf(path, sizeof path, "%s/room-a.jsonl", f->dir);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs("1\n2", out);
    fclose(out);
    assert_string_equal(read_back(f, "#a"), "bad");
}

static void nothing_follows_a_bad_file_before_it_begins_anew(void **state)
{
    struct fixture *f = *state;
    struct cache *c = cache_open(f->dir);
    cache_add(c, STR("#a"), STR("rubbish"));
    cache_flush(c);
    f->bad = "rubbish";
    assert_false(cache_read(c, STR("#a"), take, f));
    cache_add(c, STR("#a"), STR("event 7"));
    cache_flush(c);
    assert_string_equal(read_back(f, "#a"), "");
    cache_begin(c, STR("#a"));
    cache_add(c, STR("#a"), STR("snapshot"));
    cache_close(c);
    assert_string_equal(read_back(f, "#a"), "snapshot ");
}

static void a_file_grows_only_so_far(void **state)
{
    struct fixture *f = *state;
    struct cache *c = cache_open(f->dir);
    char line[1000];
    memset(line, 'x', sizeof line);
    for (int i = 0; i < CACHE_GROWTH_MAX / 1000; i++)
        cache_add(c, STR("#a"), (struct str){line, sizeof line});
    cache_flush(c);
    assert_true(cache_has_grown(c, STR("#a")));
    cache_begin(c, STR("#a"));
    cache_add(c, STR("#a"), STR("1"));
    cache_flush(c);
    assert_false(cache_has_grown(c, STR("#a")));
    cache_close(c);
}

static void list(void *arg, struct str room)
{
    take(arg, room);
}

static void rooms_are_listed_and_the_account_is_known(void **state)
{
    struct fixture *f = *state;
    struct cache *c = cache_open(f->dir);
    cache_add(c, STR("#core"), STR("1"));
    cache_set_user(c, STR("ana"));
    cache_flush(c);
    cache_rooms(c, list, f);
    assert_string_equal(buf_cstr(&f->read), "#core ");
    struct buf user = {0};
    cache_user(c, &user);
    assert_string_equal(buf_cstr(&user), "ana");
    buf_finish(&user);
    cache_close(c);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_added_is_there_the_next_time),
        TEST(a_new_beginning_replaces_the_old_at_once),
        TEST(a_second_process_only_reads),
        TEST(a_file_that_is_no_good_is_forgotten),
        TEST(a_torn_file_is_forgotten),
        TEST(nothing_follows_a_bad_file_before_it_begins_anew),
        TEST(a_file_grows_only_so_far),
        TEST(rooms_are_listed_and_the_account_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
