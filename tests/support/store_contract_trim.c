/* What every store promises about retention. */
#include "store_kit.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct setting {
    struct store *(*open)(void);
    struct store *s;
};

static int open_one(void **state)
{
    struct setting *t = *state;
    t->s = t->open();
    return t->s ? 0 : -1;
}

static int close_one(void **state)
{
    struct setting *t = *state;
    t->s->close(t->s);
    return 0;
}

/* The chat of #a as text: "2 two; 4 four". */
static void print_chat(struct store *s, struct buf *out)
{
    struct store_job *j = kit_run(s, kit_read(JOB_HISTORY, "#a", SEQ_MAX, 100));
    for (size_t i = 0; i < j->messages.n; i++)
        buf_fmt(out, "%s%lld %.*s", i ? "; " : "", (long long)j->messages.v[i].seq,
                STR_ARG(j->messages.v[i].text));
    store_job_free(j);
}

static void assert_chat(struct store *s, const char *want)
{
    struct buf got = {0};
    print_chat(s, &got);
    assert_string_equal(buf_cstr(&got), want);
    buf_finish(&got);
}

static void assert_log_lacks(struct store *s, const char *word)
{
    struct store_job *j = kit_run(s, kit_read(JOB_EVENTS, "#a", 0, 1000));
    for (size_t i = 0; i < j->events.n; i++) {
        struct str json = j->events.v[i].json;
        if (memmem(json.p, json.n, word, strlen(word)))
            fail_msg("\"%s\" stands in %.*s", word, STR_ARG(json));
    }
    store_job_free(j);
}

static void assert_found(struct store *s, const char *word, size_t n)
{
    struct store_job *j = store_job_new(JOB_SEARCH);
    struct str room = STR("#a");
    j->search = (struct store_search){
        .query = str_of(word), .now = KIT_TIME(0) + 86400000, .limit = 50};
    j->search.rooms.v = &room;
    j->search.rooms.n = 1;
    store_read(s, j);
    assert_int_equal(j->err.code, ERR_NONE);
    assert_int_equal(j->found_items.n, n);
    store_job_free(j);
}

static void only_what_nobody_pinned_and_is_on_no_card_goes(void **state)
{
    struct store *s = ((struct setting *)*state)->s;
    int64_t seq = kit_trimmed(s);
    assert_chat(s, "4 kept by its pin; 5 on a card; 6 answers secret-one; 16 the newest");
    static const char *const gone[] = {"secret-one", "secret-two", "secret-edit", ":skull:"};
    for (size_t i = 0; i < COUNT_OF(gone) - 1; i++)
        assert_found(s, gone[i] + 7, i == 0); /* the answer has the word */
    assert_log_lacks(s, "secret-two");
    assert_log_lacks(s, "secret-edit");
    assert_log_lacks(s, ":skull:");
    struct store_job *j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    assert_int_equal(j->rooms.v->trimmed, 3);
    assert_int_equal(j->rooms.v->keep.count, 100);
    assert_int_equal(j->rooms.v->pins.n, 1);
    assert_int_equal(j->rooms.v->seq, seq);
    store_job_free(j);
    j = kit_read(JOB_HISTORY, "#a", SEQ_MAX, 100);
    j->reply = 2;
    j = kit_run(s, j);
    assert_int_equal(j->messages.n, 1); /* whoever answered it still does */
    store_job_free(j);
}

/* The log goes on being one: each event has its place, its person and its request. */
static void what_went_is_a_removed_message_in_its_place(void **state)
{
    struct store *s = ((struct setting *)*state)->s;
    kit_trimmed(s);
    static const struct {
        int64_t seq;
        const char *end;
    } rows[] = {
        {2, "\"author\":\"ana\",\"client\":\"" KIT_CLIENT "\",\"id\":2}"},
        {3, "\"author\":\"ana\",\"client\":\"" KIT_CLIENT "\",\"id\":3}"},
        {7, "\"id\":7,\"message\":2}"}, /* its edit, */
        {8, "\"id\":8,\"message\":2}"}, /* a reaction, */
        {9, "\"id\":9,\"message\":3}"}, /* and that it was deleted */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct store_job *j = kit_run(s, kit_read(JOB_EVENTS, "#a", rows[i].seq - 1, 1));
        struct str json = j->events.v->json;
        if (!str_starts(json, "{\"type\":\"message.removed\"") ||
            !memmem(json.p, json.n, rows[i].end, strlen(rows[i].end)))
            fail_msg("event %lld is %.*s", (long long)rows[i].seq, STR_ARG(json));
        store_job_free(j);
        j = kit_run(s, kit_lookup("ana", rows[i].seq));
        assert_true(j->found);
        assert_int_equal(j->seq, rows[i].seq);
        store_job_free(j);
    }
}

static struct store_job *look(struct store *s, struct retention keep, int64_t before,
                              int64_t limit)
{
    struct store_job *j = kit_read(JOB_TRIMMABLE, "#a", 0, limit);
    j->trim.keep = keep;
    j->trim.before = before;
    j->trim.scan = j->trim.most = 1000;
    return kit_run(s, j);
}

static void a_look_finds_the_oldest_beyond_age_or_count(void **state)
{
    struct store *s = ((struct setting *)*state)->s;
    static const struct {
        struct retention keep;
        int64_t before, limit, upto, n, next;
        bool more;
    } rows[] = {
        {{.age = 3600}, KIT_TIME(6), 100, 5, 2, KIT_TIME(6), false},
        {{.age = 3600}, KIT_TIME(100), 100, 7, 4, 0, false},
        {{.age = 3600}, KIT_TIME(100), 2, 5, 2, KIT_TIME(6), true},
        {{.age = 3600}, KIT_TIME(2), 100, 0, 0, KIT_TIME(2), false},
        {{.count = 2}, 0, 100, 5, 2, 0, false}, /* of five, two are left and a pin */
        {{.count = 5}, 0, 100, 0, 0, 0, false},
        {{.count = 1}, 0, 1, 2, 1, KIT_TIME(5), true},
    };
    kit_ok(s, kit_room("#a", 1));
    kit_ok(s, kit_message("#a", 2, 2, "two"));
    kit_ok(s, kit_message("#a", 3, 3, "pinned"));
    kit_ok(s, kit_answer("#a", 4, 4, 7, 0, "on a card"));
    for (int64_t seq = 5; seq <= 7; seq++)
        kit_ok(s, kit_message("#a", seq, seq, "more"));
    kit_ok(s, kit_change("#a", 8, 8, (struct store_change){.kind = CHANGE_PIN, .message = 3}));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct store_job *j = look(s, rows[i].keep, rows[i].before, rows[i].limit);
        if (j->trim.upto != rows[i].upto || j->trim.n != rows[i].n || j->more != rows[i].more ||
            j->seq != 8 || (rows[i].keep.age && j->trim.next != rows[i].next) ||
            (j->trim.n && j->trim.until != KIT_TIME(rows[i].upto)))
            fail_msg("row %zu: %lld of them up to %lld, next %lld", i, (long long)j->trim.n,
                     (long long)j->trim.upto, (long long)j->trim.next);
        store_job_free(j);
    }
    kit_refused(s, kit_read(JOB_TRIMMABLE, "#nope", 0, 1), ERR_NOT_FOUND);
}

/* However long the way is to what may go, a look takes no longer than it is told. */
static void a_look_that_ends_early_is_gone_on_with(void **state)
{
    struct store *s = ((struct setting *)*state)->s;
    static const struct {
        int64_t from, bound, first, upto, n, at;
        bool more;
    } rows[] = {
        {0, 0, 0, 0, 0, 5, true},
        {5, 8, 6, 8, 2, 8, false},
        {8, 0, 0, 0, 0, 0, false},
    };
    kit_ok(s, kit_room("#a", 1));
    for (int64_t seq = 2; seq <= 10; seq++)
        kit_ok(s, kit_answer("#a", seq, seq, seq < 6 || seq == 7, 0, "x"));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct store_job *j = kit_read(JOB_TRIMMABLE, "#a", rows[i].from, 100);
        j->trim = (struct store_trim){
            .keep.count = 2, .scan = 4, .most = 100, .bound = rows[i].bound};
        const struct store_trim *t = &kit_run(s, j)->trim;
        assert_int_equal(t->bound, 8);
        assert_int_equal(t->first, rows[i].first);
        assert_int_equal(t->upto, rows[i].upto);
        assert_int_equal(t->n, rows[i].n);
        assert_int_equal(t->at, rows[i].at);
        assert_int_equal(j->more, rows[i].more);
        store_job_free(j);
    }
}

static void an_unpinned_message_goes_the_next_time(void **state)
{
    struct store *s = ((struct setting *)*state)->s;
    int64_t seq = kit_trimmed(s);
    struct store_change unpin = {.kind = CHANGE_PIN, .message = 4, .gone = true};
    kit_ok(s, kit_change("#a", seq + 1, seq + 1, unpin));
    kit_ok(s, kit_trim("#a", seq + 2, 4, 1));
    assert_chat(s, "5 on a card; 6 answers secret-one; 16 the newest");
    assert_log_lacks(s, "kept by its pin");
    kit_ok(s, kit_trim("#a", seq + 3, 6, 1));
    assert_chat(s, "5 on a card; 16 the newest");
    assert_log_lacks(s, "secret-one");
}

static void what_is_gone_is_not_unread(void **state)
{
    struct store *s = ((struct setting *)*state)->s;
    kit_trimmed(s);
    struct store_unread u = {.room = STR("#a"), .read = {0, 1}};
    struct store_job *j = store_job_new(JOB_UNREAD);
    j->author = STR("bo");
    j->unread.v = &u;
    j->unread.n = 1;
    store_read(s, j);
    assert_int_equal(u.unread, 3); /* 4, 6 and 16 */
    store_job_free(j);
}

#define ROW(name) cmocka_unit_test_setup_teardown(name, open_one, close_one)

int store_contract_trim_run(const char *name, struct store *(*open)(void))
{
    struct setting setting = {.open = open};
    struct CMUnitTest tests[] = {
        ROW(only_what_nobody_pinned_and_is_on_no_card_goes),
        ROW(what_went_is_a_removed_message_in_its_place),
        ROW(a_look_finds_the_oldest_beyond_age_or_count),
        ROW(a_look_that_ends_early_is_gone_on_with),
        ROW(an_unpinned_message_goes_the_next_time),
        ROW(what_is_gone_is_not_unread),
    };
    for (size_t i = 0; i < COUNT_OF(tests); i++)
        tests[i].initial_state = &setting;
    return _cmocka_run_group_tests(name, tests, COUNT_OF(tests), NULL, NULL);
}
