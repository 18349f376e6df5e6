/* A chat that is kept for a time, on screen. The newest event of the kit's #core is k->seq. */
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    struct screen_kit *k = open_screen_of(state, 100, 30);
    kit_forget(k);
    return 0;
}

static void says(struct screen_kit *k, const char *text, int64_t reply)
{
    kit_frame(k,
              "{'type':'message','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'bosclient','id':%d,'text':'%s'%s%lld%s}",
              k->seq + 1, (long long)k->now, k->seq + 1, text, ",'reply':", (long long)reply,
              reply ? ",'to':'bo'" : "");
    k->seq++;
}

static void happens(struct screen_kit *k, const char *type, const char *fields)
{
    kit_frame(k,
              "{'type':'%s','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'bosclient','id':%d,%s}",
              type, k->seq + 1, (long long)k->now, k->seq + 1, fields);
    k->seq++;
}

/* Three lines: the first is answered by the third, the second is pinned. */
static int64_t fill(struct screen_kit *k)
{
    struct replica *r = session_room(&k->model.session, STR("#core"));
    char pin[80];
    r->has_older = false;
    says(k, "the first of them", 0);
    int64_t first = k->seq;
    says(k, "a pinned one", 0);
    snprintf(pin, sizeof pin, "'message':%lld,'writer':'bo'", (long long)k->seq);
    happens(k, "message.pinned", pin);
    says(k, "what was that?", first);
    return first;
}

static void trim(struct screen_kit *k, int64_t upto)
{
    char fields[120];
    snprintf(fields, sizeof fields, "'upto':%lld,'until':%lld,'messages':9", (long long)upto,
             (long long)k->now);
    happens(k, "chat.trimmed", fields);
}

static void what_is_removed_leaves_the_screen_and_it_says_why(void **state)
{
    struct screen_kit *k = *state;
    int64_t first = fill(k);
    shows(k, "the first of them");
    happens(k, "room.retention", "'age':7776000");
    shows(k, "bo set that the chat keeps messages for 90 days");
    shows(k, "the chat keeps messages for 90 days");
    k->model.toasts.n = 0;
    trim(k, first + 1);
    shows_not(k, "the first of them");
    shows(k, "a pinned one");
    shows(k, "what was that?");
    shows(k, "older messages were removed: those of 90 days are kept");
    shows(k, "\u21b3 bo (removed)");
    happens(k, "room.retention", "'count':0");
    k->model.toasts.n = 0;
    shows(k, "older messages were removed by retention");
    shows_not(k, "are kept");
}

static void an_empty_chat_says_it_too(void **state)
{
    struct screen_kit *k = *state;
    struct replica *r = session_room(&k->model.session, STR("#core"));
    fill(k);
    r->pins.n = 0;
    happens(k, "room.retention", "'count':100");
    k->model.toasts.n = 0;
    trim(k, k->seq);
    size_t left = 0;
    vec_each (l, &r->lines)
        left += !(*l)->task;
    assert_int_equal(left, 0);
    if (r->lines.n == 0)
        shows_not(k, "Nothing was said here yet");
    shows(k, "older messages were removed: the newest 100 are kept");
}

/* The log has of what was pinned, unpinned and removed meanwhile only that it is gone. */
static void what_was_removed_while_one_was_away_goes_with_its_pin(void **state)
{
    struct screen_kit *k = *state;
    struct replica *r = session_room(&k->model.session, STR("#core"));
    char fields[40];
    int64_t pinned = fill(k) + 1;
    assert_true(replica_is_pinned(r, pinned));
    snprintf(fields, sizeof fields, "'message':%lld", (long long)pinned);
    happens(k, "message.removed", fields);
    assert_false(replica_is_pinned(r, pinned));
    assert_null(replica_said(r, pinned));
    shows_not(k, "a pinned one");
}

/* Whoever reads the file of the room later does not find it either. */
static void the_cache_is_written_anew_without_it(void **state)
{
    struct screen_kit *k = *state;
    int64_t first = fill(k);
    effects_clear(&k->out);
    trim(k, first + 1);
    bool is_anew = false, has_it = false, has_other = false;
    for (size_t i = 0; i < k->out.items.n; i++) {
        const struct effect *e = &k->out.items.v[i];
        is_anew = is_anew || e->kind == EFFECT_CACHE_NEW;
        if (e->kind != EFFECT_CACHE)
            continue;
        has_it = has_it || memmem(e->bytes.p, e->bytes.n, "the first of them", 17);
        has_other = has_other || memmem(e->bytes.p, e->bytes.n, "a pinned one", 12);
    }
    assert_true(is_anew);
    assert_true(has_other);
    assert_false(has_it);
}

static void it_is_set_and_told_by_a_command(void **state)
{
    struct screen_kit *k = *state;
    static const struct {
        const char *line, *sent, *shown;
    } rows[] = {
        {"retain", NULL, "#core keeps everything; :retain 90d or"},
        {"retain 90d", "\"age\":7776000", NULL},
        {"retain 500", "\"count\":500", NULL},
        {"retain 5", NULL, "'5': what is kept is a time of 1h to 3650d"},
        {"retain off", "\"type\":\"room.retain\"", NULL},
    };
    k->model.session.revision = 7;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf out = {0};
        kit_forget(k);
        k->model.toasts.n = 0;
        kit_keys(k, ":");
        kit_type(k, rows[i].line);
        kit_keys(k, "Enter");
        bool is_sent = strstr(kit_sent(k, &out), rows[i].sent ? rows[i].sent : "room.retain");
        assert_int_equal(is_sent, rows[i].sent != NULL);
        buf_finish(&out);
        if (rows[i].shown)
            shows(k, rows[i].shown);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, close_screen)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_removed_leaves_the_screen_and_it_says_why),
        TEST(an_empty_chat_says_it_too),
        TEST(what_was_removed_while_one_was_away_goes_with_its_pin),
        TEST(the_cache_is_written_anew_without_it),
        TEST(it_is_set_and_told_by_a_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
