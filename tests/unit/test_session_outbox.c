/* Requests: kept, sent, answered, put off. */
#include "session_kit.h"

#include "codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* ---- the outbox ---- */

static void a_request_is_kept_before_it_is_sent(void **state)
{
    struct fixture *f = *state;
    be_in_room(f);
    assert_true(post(f, "hi") > 0);
    assert_true(place(f, EFFECT_KEEP) < place(f, EFFECT_SEND));
    assert_int_equal(session_unsaved(&f->s), 1);
}

static void an_answered_request_is_kept_no_longer(void **state)
{
    struct fixture *f = *state;
    char ok[100];
    be_in_room(f);
    int64_t one = post(f, "one"), two = post(f, "two");
    snprintf(ok, sizeof ok, "{\"type\":\"ok\",\"re\":%lld,\"room\":\"#core\",\"seq\":4}",
             (long long)one);
    hear(f, ok);
    assert_int_equal(count_of(f, EFFECT_KEEP_LATER), 1);
    assert_int_equal(session_room(&f->s, STR("#core"))->pending.n, 2); /* no event yet */
    snprintf(ok, sizeof ok, "{\"type\":\"ok\",\"re\":%lld,\"room\":\"#core\",\"seq\":5}",
             (long long)two);
    hear(f, ok);
    assert_int_equal(count_of(f, EFFECT_KEPT_ALL), 1);
    assert_int_equal(session_unsaved(&f->s), 0);
}

static void what_was_not_answered_is_sent_again_in_order(void **state)
{
    struct fixture *f = *state;
    be_in_room(f);
    post(f, "one");
    lose(f, ERR_UNREACHABLE);
    post(f, "two"); /* offline */
    assert_int_equal(count_of(f, EFFECT_SEND), 0);
    session_retry_now(&f->s, f->now, &f->out);
    session_opened(&f->s, f->now, &f->out);
    hear(f, WELCOME);
    struct buf all = {0};
    vec_each (e, &f->out.items)
        if (e->kind == EFFECT_SEND)
            buf_add_str(&all, e->bytes);
    const char *first = strstr(buf_cstr(&all), "\"text\":\"one\"");
    const char *second = strstr(buf_cstr(&all), "\"text\":\"two\"");
    assert_true(first && second && first < second);
    buf_finish(&all);
}

static void only_a_window_of_requests_is_under_way(void **state)
{
    struct fixture *f = *state;
    be_in_room(f);
    for (int i = 0; i < WINDOW + 10; i++)
        post(f, "x");
    assert_int_equal(f->s.in_flight, WINDOW);
    int64_t first = f->s.outbox.v[0].id;
    char ok[80];
    snprintf(ok, sizeof ok, "{\"type\":\"ok\",\"re\":%lld}", (long long)first);
    hear(f, ok);
    assert_int_equal(f->s.in_flight, WINDOW);
    assert_int_equal(count_of(f, EFFECT_SEND), 1);
}

static void a_flood_is_sent_at_the_pace_that_servers_allow(void **state)
{
    struct fixture *f = *state;
    int64_t start = f->now, answered = 0;
    char ok[80];
    for (int i = 0; i < 2000; i++)
        assert_true(post(f, "x") > 0);
    sign_in(f);
    for (int turns = 0; session_unsaved(&f->s); turns++) {
        assert_true(turns < 5000);
        while (f->s.in_flight) {
            snprintf(ok, sizeof ok, "{\"type\":\"ok\",\"re\":%lld}",
                     (long long)f->s.outbox.v[0].id);
            hear(f, ok);
            answered++;
        }
        assert_true(answered <= SEND_BURST + (f->now - start) * SEND_PER_SECOND / 1000 + 1);
        int64_t next = session_next_tick(&f->s, f->now);
        if (session_unsaved(&f->s))
            pass(f, MAX(next - f->now, 0));
    }
    assert_true(f->now - start < 5000);
}

static void a_passing_error_puts_the_request_off(void **state)
{
    struct fixture *f = *state;
    be_in_room(f);
    int64_t id = post(f, "later");
    char error[120];
    snprintf(error, sizeof error,
             "{\"type\":\"error\",\"re\":%lld,\"code\":\"store_full\",\"message\":\"full\","
             "\"retry\":true}",
             (long long)id);
    hear(f, error);
    assert_int_equal(session_unsaved(&f->s), 1);
    assert_int_equal(f->refused, 0);
    assert_false(sent(f, "later"));
    assert_string_equal(f->s.put_off.text, "full");
    pass(f, BACKOFF_FIRST_MS);
    assert_true(sent(f, "later"));
    assert_int_equal(f->s.put_off.code, ERR_STORE_FULL); /* until it is stored */
    snprintf(error, sizeof error, "{\"type\":\"ok\",\"re\":%lld,\"seq\":4}", (long long)id);
    hear(f, error);
    assert_int_equal(f->s.put_off.code, ERR_NONE);
}

static void a_final_error_gives_the_words_back(void **state)
{
    struct fixture *f = *state;
    be_in_room(f);
    int64_t id = post(f, "what I wrote");
    char error[120];
    snprintf(
        error, sizeof error,
        "{\"type\":\"error\",\"re\":%lld,\"code\":\"forbidden\",\"message\":\"you may not\"}",
        (long long)id);
    hear(f, error);
    assert_int_equal(f->refused, 1);
    assert_string_equal(f->refused_text, "what I wrote");
    assert_string_equal(f->why.text, "you may not");
    assert_true(place(f, EFFECT_REFUSED) < place(f, EFFECT_KEEP)); /* aside, then done */
    assert_int_equal(session_unsaved(&f->s), 0);
    assert_int_equal(session_room(&f->s, STR("#core"))->pending.n, 0);
}

/* "There is no message room.retain" would be taken for a fault of one's own. */
static void what_an_older_server_does_not_know_is_said_as_that(void **state)
{
    struct fixture *f = *state;
    static const struct {
        int64_t revision;
        const char *words;
    } rows[] = {
        {PROTOCOL_REVISION, "no such thing"},
        {PROTOCOL_REVISION - 1, "this server is too old for that (no such thing)"},
    };
    be_in_room(f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        f->s.revision = rows[i].revision;
        char error[120];
        snprintf(error, sizeof error,
                 "{\"type\":\"error\",\"re\":%lld,\"code\":\"unknown_type\","
                 "\"message\":\"no such thing\"}",
                 (long long)post(f, "x"));
        hear(f, error);
        assert_string_equal(f->why.text, rows[i].words);
    }
}

static void what_leans_on_a_request_that_was_put_off_waits_with_it(void **state)
{
    struct fixture *f = *state;
    struct msg add = {.type = MSG_TASK_ADD}, edit = {.type = MSG_TASK_EDIT};
    char error[140];
    be_in_room(f);
    add.request.room = edit.request.room = STR("#core");
    add.task_add.title = STR("new");
    add.task_add.after = AFTER_END;
    int64_t id = session_request(&f->s, &add, f->now, &f->out, NULL);
    edit.task_edit.task = -id;
    edit.task_edit.title = STR("better");
    int64_t second = session_request(&f->s, &edit, f->now, &f->out, NULL);
    snprintf(
        error, sizeof error,
        "{\"type\":\"error\",\"re\":%lld,\"code\":\"busy\",\"message\":\"x\",\"retry\":true}",
        (long long)id);
    hear(f, error);
    snprintf(error, sizeof error,
             "{\"type\":\"error\",\"re\":%lld,\"code\":\"not_found\",\"message\":\"no card\"}",
             (long long)second);
    hear(f, error);
    assert_int_equal(f->refused, 0);
    assert_int_equal(session_unsaved(&f->s), 2);
}

static void an_own_event_is_as_good_as_ok(void **state)
{
    struct fixture *f = *state;
    be_in_room(f);
    int64_t id = post(f, "hi");
    char event[200];
    snprintf(event, sizeof event,
             "{\"type\":\"message\",\"room\":\"#core\",\"seq\":4,\"time\":1,\"author\":\"ana\","
             "\"client\":\"client01\",\"id\":%lld,\"text\":\"hi\"}",
             (long long)id);
    hear(f, event);
    assert_int_equal(session_unsaved(&f->s), 0);
    size_t told = f->messages;
    hear(f, event); /* again: nobody hears of it */
    assert_int_equal(f->messages, told);
}

static void what_was_kept_is_put_back(void **state)
{
    struct fixture *f = *state;
    static const char *const records[] = {
        "{\"type\":\"task.add\",\"id\":4,\"room\":\"#core\",\"title\":\"new\"}",
        "{\"type\":\"task.edit\",\"id\":6,\"room\":\"#core\",\"task\":-4,\"title\":\"better\"}",
        "{\"type\":\"message.post\",\"id\":7,\"room\":\"#core\",\"text\":\"hi\"}",
        "{\"done\":4,\"number\":1}",
        "{\"done\":7}",
    };
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        struct err e = {0};
        if (!session_restore(&f->s, str_of(records[i]), &e))
            fail_msg("%s: %s", records[i], e.text);
    }
    assert_int_equal(session_unsaved(&f->s), 1);
    assert_true(f->s.next_id > 7 + 100); /* some may have been sent that left no record */
    be_in_room(f);                       /* in which the card has its number */
    const struct replica *r = session_room(&f->s, STR("#core"));
    assert_string_equal(board_card(&r->board, 1)->title, "better");
}

/* What the first sent while its disk was full is on the server and in no record. */
static void a_second_crash_does_not_come_to_the_ids_of_the_first(void **state)
{
    struct fixture *f = *state;
    static const char record[] =
        "{\"type\":\"message.post\",\"id\":7,\"room\":\"#core\",\"text\":\"hi\"}";
    int64_t first[10], second[COUNT_OF(first)];
    assert_true(session_restore(&f->s, str_of(record), NULL));
    for (size_t i = 0; i < COUNT_OF(first); i++)
        first[i] = post(f, "before the second crash");
    session_finish(&f->s);
    session_init(&f->s, STR("client01"), 1, 8);
    assert_true(session_restore(&f->s, str_of(record), NULL));
    for (size_t i = 0; i < COUNT_OF(second); i++)
        second[i] = post(f, "after it");
    for (size_t i = 0; i < COUNT_OF(first); i++) {
        for (size_t k = 0; k < COUNT_OF(second); k++)
            assert_int_not_equal(first[i], second[k]);
    }
}

static void records_that_are_none_fail(void **state)
{
    struct fixture *f = *state;
    static const char *const records[] = {
        "",
        "x",
        "{\"done\":}",
        "{\"done\":0}",
        "{\"done\":1",
        "{\"done\":1}x",
        "{\"type\":\"ping\",\"id\":3}",
        "{\"type\":\"message.post\",\"id\":3,\"room\":\"#core\"}",
        "{\"type\":\"ok\",\"re\":3}",
    };
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        if (session_restore(&f->s, str_of(records[i]), NULL))
            fail_msg("%s", records[i]);
    }
    assert_int_equal(session_unsaved(&f->s), 0);
}

static void a_broken_disk_refuses_before_it_accepts(void **state)
{
    struct fixture *f = *state;
    struct err full = {.code = ERR_IO, .text = "the disk is full"}, well = {0};
    be_in_room(f);
    session_disk(&f->s, &full);
    assert_int_equal(post(f, "hi"), 0);
    assert_string_equal(f->why.text, "the disk is full");
    assert_int_equal(f->out.items.n, 0);
    session_disk(&f->s, &well);
    assert_true(post(f, "hi") > 0);
}

static void what_does_not_pass_the_table_is_not_sent(void **state)
{
    struct fixture *f = *state;
    be_in_room(f);
    assert_int_equal(post(f, ""), 0);
    assert_int_equal(f->why.code, ERR_BAD_FIELD);
    assert_int_equal(session_unsaved(&f->s), 0);
}

/* ---- what somebody else's change stands against ---- */

static int64_t retitle(struct fixture *f, const char *title)
{
    struct msg m = {.type = MSG_TASK_EDIT};
    m.request.room = STR("#core");
    m.task_edit.task = 1;
    m.task_edit.seen = 3;
    m.task_edit.title = str_of(title);
    effects_clear(&f->out);
    return session_request(&f->s, &m, f->now, &f->out, NULL);
}

static void refuse_as_conflict(struct fixture *f, int64_t id)
{
    char json[200];
    snprintf(json, sizeof json,
             "{\"type\":\"error\",\"re\":%lld,\"code\":\"conflict\",\"message\":\"bo did\"}",
             (long long)id);
    hear(f, json);
}

static void a_request_in_conflict_is_held_until_a_person_decides(void **state)
{
    struct fixture *f = *state;
    struct arena a = {0};
    struct msg held;
    be_in_room(f);
    f->asks = true;
    int64_t id = retitle(f, "mine");
    refuse_as_conflict(f, id);
    assert_int_equal(f->asked, 1);
    assert_int_equal(f->refused, 0);
    assert_int_equal(f->out.items.n, 0); /* it stays in the file as it is */
    assert_int_equal(session_unsaved(&f->s), 1);
    assert_true(session_disputed(&f->s, id, &a, &held));
    assert_true(str_is(held.task_edit.title, "mine"));
    arena_finish(&a);
    effects_clear(&f->out);
    session_drop_disputed(&f->s, id, NULL, &f->out);
    assert_int_equal(count_of(f, EFFECT_REFUSED), 0);
    assert_int_equal(count_of(f, EFFECT_KEEP), 1); /* that it is done */
    assert_int_equal(session_unsaved(&f->s), 0);
    assert_int_equal(session_room(&f->s, STR("#core"))->pending.n, 0);
}

static void what_is_held_stops_nothing_and_is_not_sent_again(void **state)
{
    struct fixture *f = *state;
    be_in_room(f);
    f->asks = true;
    int64_t id = retitle(f, "mine");
    refuse_as_conflict(f, id);
    assert_true(post(f, "other words") > 0);
    assert_true(sent(f, "other words"));
    lose(f, ERR_UNREACHABLE);
    session_retry_now(&f->s, f->now, &f->out);
    session_opened(&f->s, f->now, &f->out);
    hear(f, WELCOME);
    assert_true(sent(f, "other words"));
    assert_false(sent(f, "mine"));
    assert_int_equal(f->s.in_flight, 1);
}

static void words_that_gave_way_are_put_aside(void **state)
{
    struct fixture *f = *state;
    struct err why = {.code = ERR_CONFLICT, .text = "bo's was taken"};
    be_in_room(f);
    f->asks = true;
    int64_t id = retitle(f, "mine");
    refuse_as_conflict(f, id);
    session_drop_disputed(&f->s, id, &why, &f->out);
    assert_int_equal(count_of(f, EFFECT_REFUSED), 1);
    assert_true(place(f, EFFECT_REFUSED) < place(f, EFFECT_KEEP));
}

static void with_nobody_to_ask_a_conflict_is_a_refusal(void **state)
{
    struct fixture *f = *state;
    be_in_room(f);
    int64_t id = retitle(f, "mine");
    refuse_as_conflict(f, id);
    assert_int_equal(f->refused, 1);
    assert_int_equal(session_unsaved(&f->s), 0);
    session_drop_disputed(&f->s, id, NULL, &f->out); /* there is none: nothing happens */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_is_kept_before_it_is_sent),
        TEST(an_answered_request_is_kept_no_longer),
        TEST(what_was_not_answered_is_sent_again_in_order),
        TEST(only_a_window_of_requests_is_under_way),
        TEST(a_flood_is_sent_at_the_pace_that_servers_allow),
        TEST(a_passing_error_puts_the_request_off),
        TEST(a_final_error_gives_the_words_back),
        TEST(what_an_older_server_does_not_know_is_said_as_that),
        TEST(what_leans_on_a_request_that_was_put_off_waits_with_it),
        TEST(an_own_event_is_as_good_as_ok),
        TEST(what_was_kept_is_put_back),
        TEST(a_second_crash_does_not_come_to_the_ids_of_the_first),
        TEST(records_that_are_none_fail),
        TEST(a_broken_disk_refuses_before_it_accepts),
        TEST(what_does_not_pass_the_table_is_not_sent),
        TEST(a_request_in_conflict_is_held_until_a_person_decides),
        TEST(what_is_held_stops_nothing_and_is_not_sent_again),
        TEST(words_that_gave_way_are_put_aside),
        TEST(with_nobody_to_ask_a_conflict_is_a_refusal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
