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

/* ---- connecting ---- */

static void hello_names_rooms_and_what_was_seen(void **state)
{
    struct fixture *f = *state;
    be_in_room(f);
    lose(f, ERR_UNREACHABLE);
    session_retry_now(&f->s, f->now, &f->out);
    assert_int_equal(count_of(f, EFFECT_CONNECT), 1);
    session_opened(&f->s, f->now, &f->out);
    assert_true(sent(f, "\"client\":\"client01\""));
    assert_true(sent(f, "{\"room\":\"#core\",\"since\":3,\"snapshot\":true}"));
}

static void retries_grow_with_jitter_and_never_end(void **state)
{
    struct fixture *f = *state;
    int64_t longest = 0, sum = 0;
    link_up(f);
    for (int i = 1; i < 40; i++) {
        int64_t bound = i < 7 ? BACKOFF_FIRST_MS << (i - 1) : BACKOFF_MAX_MS;
        lose(f, ERR_UNREACHABLE);
        assert_int_equal(f->s.state, SESSION_WAITING);
        int64_t wait = f->s.retry_at - f->now;
        assert_true(wait > 0 && wait <= bound);
        longest = MAX(longest, wait);
        sum += wait;
        assert_int_equal(session_next_tick(&f->s, f->now), f->s.retry_at);
        pass(f, wait);
        assert_int_equal(count_of(f, EFFECT_CONNECT), 1);
    }
    assert_true(longest > BACKOFF_MAX_MS / 2);
    assert_true(sum / 39 < BACKOFF_MAX_MS * 3 / 4); /* spread over the whole range */
}

static void a_link_that_held_starts_the_backoff_anew(void **state)
{
    struct fixture *f = *state;
    link_up(f);
    for (int i = 0; i < 8; i++) {
        lose(f, ERR_UNREACHABLE);
        pass(f, BACKOFF_MAX_MS);
    }
    session_opened(&f->s, f->now, &f->out);
    hear(f, WELCOME);
    f->now += ONLINE_FOR_MS;
    lose(f, ERR_UNREACHABLE);
    assert_true(f->s.retry_at - f->now <= BACKOFF_FIRST_MS);
}

static void a_refused_token_stops_the_retries(void **state)
{
    struct fixture *f = *state;
    enum err_code codes[] = {ERR_NOT_SIGNED_IN, ERR_TOKEN_EXPIRED, ERR_REVOKED, ERR_VERSION};
    link_up(f);
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        lose(f, codes[i]);
        assert_int_equal(f->s.state, SESSION_REFUSED);
        assert_int_equal(session_next_tick(&f->s, f->now), INT64_MAX);
        pass(f, 1000000);
        assert_int_equal(count_of(f, EFFECT_CONNECT), 0);
        session_retry_now(&f->s, f->now, &f->out); /* a person may */
        assert_int_equal(f->s.state, SESSION_CONNECTING);
    }
}

/* Whichever end is the older one. */
static void another_version_is_told_with_what_to_do(void **state)
{
    struct fixture *f = *state;
    static const char *const heard[] = {
        "{\"type\":\"error\",\"code\":\"version\",\"message\":\"hello: version 1 of "
        "the protocol, this end speaks 2\"}",
        "{\"type\":\"welcome\",\"version\":2,\"unknown\":true}",
        "{\"type\":\"welcome\",\"version\":0}"};
    static const char *const says[] = {"this end speaks 2", "version 2 of the protocol",
                                       "version 0 of the protocol"};
    for (size_t i = 0; i < COUNT_OF(heard); i++) {
        link_up(f);
        hear(f, heard[i]);
        if (i == 0) /* the server hangs up; else we do */
            lose(f, ERR_UNREACHABLE);
        assert_int_equal(f->s.state, SESSION_REFUSED);
        assert_non_null(strstr(f->s.why.text, says[i]));
        assert_non_null(strstr(f->s.why.text, "moot --version and mootd --version tell"));
        session_stop(&f->s, &f->out);
        f->s.state = SESSION_STOPPED;
    }
}

static void a_server_that_says_nothing_is_given_up(void **state)
{
    struct fixture *f = *state;
    link_up(f);
    pass(f, CONNECT_WITHIN_MS);
    assert_int_equal(count_of(f, EFFECT_DISCONNECT), 1);
    assert_int_equal(f->s.state, SESSION_WAITING);
}

static void silence_ends_the_link(void **state)
{
    struct fixture *f = *state;
    sign_in(f);
    pass(f, SILENT_MAX_MS - 1);
    assert_int_equal(f->s.state, SESSION_ONLINE);
    pass(f, 1);
    assert_int_equal(count_of(f, EFFECT_DISCONNECT), 1);
    assert_int_equal(f->s.why.code, ERR_IDLE);
}

static void a_late_answer_is_known_before_that(void **state)
{
    struct fixture *f = *state;
    char pong[60];
    sign_in(f);
    pass(f, 1); /* asks */
    pass(f, SILENT_SAY_MS - 1);
    assert_int_equal(session_silence(&f->s, f->now), 0);
    assert_int_equal(session_silence_at(&f->s, f->now), f->now + 1);
    pass(f, 1);
    assert_int_equal(session_silence(&f->s, f->now), SILENT_SAY_MS);
    assert_int_equal(session_silence_at(&f->s, f->now), f->now + 1000);
    snprintf(pong, sizeof pong, "{\"type\":\"pong\",\"re\":%lld,\"time\":1}",
             (long long)f->s.ping_id);
    hear(f, pong);
    assert_int_equal(session_silence(&f->s, f->now), 0);
    assert_int_equal(session_silence_at(&f->s, f->now), INT64_MAX); /* nothing is asked */
}

/* However lately it was pinged. */
static void the_link_is_tried_while_a_request_has_no_answer(void **state)
{
    struct fixture *f = *state;
    char text[100];
    be_in_room(f);
    pass(f, 1);
    snprintf(text, sizeof text, "{\"type\":\"pong\",\"re\":%lld,\"time\":1}",
             (long long)f->s.ping_id);
    hear(f, text);
    f->now += 10;
    int64_t id = post(f, "hello");
    pass(f, PING_ASKED_MS - 1);
    assert_false(sent(f, "\"ping\""));
    assert_int_equal(session_next_tick(&f->s, f->now), f->now + 1);
    pass(f, 1);
    assert_true(sent(f, "\"ping\""));
    pass(f, SILENT_SAY_MS - PING_ASKED_MS);
    assert_int_equal(session_silence(&f->s, f->now), SILENT_SAY_MS); /* since the request */
    snprintf(text, sizeof text, "{\"type\":\"ok\",\"re\":%lld,\"room\":\"#core\",\"seq\":4}",
             (long long)id);
    hear(f, text);
    assert_int_equal(session_silence(&f->s, f->now), 0);
}

static void the_way_there_and_back_is_measured(void **state)
{
    struct fixture *f = *state;
    char pong[60];
    sign_in(f);
    assert_int_equal(f->s.rtt_ms, -1);
    pass(f, 1);
    assert_true(sent(f, "\"ping\""));
    snprintf(pong, sizeof pong, "{\"type\":\"pong\",\"re\":%lld,\"time\":1}",
             (long long)f->s.ping_id);
    f->now += 42;
    hear(f, pong);
    assert_int_equal(f->s.rtt_ms, 42);
    pass(f, PING_EVERY_MS);
    assert_true(sent(f, "\"ping\""));
}

static void bye_says_when_to_come_back(void **state)
{
    struct fixture *f = *state;
    sign_in(f);
    hear(f, "{\"type\":\"bye\",\"code\":\"closing\",\"message\":\"down\",\"retry_ms\":9000}");
    lose(f, ERR_UNREACHABLE);
    assert_int_equal(f->s.state, SESSION_WAITING);
    assert_string_equal(f->s.why.text, "down");
    assert_true(f->s.retry_at - f->now > 9000 && f->s.retry_at - f->now <= 9500);
}

static void bye_for_good_is_final(void **state)
{
    struct fixture *f = *state;
    sign_in(f);
    hear(f, "{\"type\":\"bye\",\"code\":\"rate\",\"message\":\"too much\",\"retry_ms\":-1}");
    lose(f, ERR_UNREACHABLE);
    assert_int_equal(f->s.state, SESSION_REFUSED);
    assert_string_equal(f->s.why.text, "too much");
}

static void what_breaks_the_protocol_costs_the_link_only(void **state)
{
    static const char *const frames[] = {
        "",
        "{",
        "[1]",
        "{\"type\":\"message\",\"room\":\"#core\",\"seq\":99,\"time\":1,\"author\":\"ben\","
        "\"client\":\"client02\",\"id\":1,\"text\":\"early\"}",
        "{\"type\":\"synced\",\"room\":\"#core\",\"seq\":77}",
    };
    for (size_t i = 0; i < COUNT_OF(frames); i++) {
        struct fixture *f;
        set_up((void **)&f);
        be_in_room(f);
        hear(f, frames[i]);
        if (f->s.state != SESSION_WAITING || count_of(f, EFFECT_DISCONNECT) != 1)
            fail_msg("%s", frames[i]);
        tear_down((void **)&f);
    }
    (void)state;
}

static void another_account_gets_nothing_that_waits(void **state)
{
    struct fixture *f = *state;
    session_expect_user(&f->s, STR("ben"));
    assert_int_equal(post(f, "bens words"), 1);
    link_up(f);
    hear(f, WELCOME); /* calls us ana */
    assert_int_equal(f->s.state, SESSION_REFUSED);
    assert_false(sent(f, "bens words"));
    assert_non_null(strstr(f->s.why.text, "ben"));
    assert_int_equal(session_unsaved(&f->s), 1);
}

/* ---- rooms ---- */

static void chat_is_asked_for_when_there_is_none(void **state)
{
    struct fixture *f = *state;
    be_in_room(f);
    assert_true(sent(f, "\"history\""));
    assert_false(session_older(&f->s, STR("#core"), &f->out)); /* one at a time */
}

static void a_room_opened_late_is_opened_at_once(void **state)
{
    struct fixture *f = *state;
    sign_in(f);
    effects_clear(&f->out);
    session_open_room(&f->s, STR("#core"), f->now, &f->out);
    session_open_room(&f->s, STR("#core"), f->now, &f->out);
    assert_int_equal(count_of(f, EFFECT_SEND), 1);
    assert_true(sent(f, "\"open\""));
}

static void whoever_was_put_out_of_a_room_is_not_shown_it_as_current(void **state)
{
    struct fixture *f = *state;
    be_in_room(f);
    hear(f, "{\"type\":\"error\",\"code\":\"forbidden\",\"message\":\"not any more\","
            "\"room\":\"#core\"}");
    const struct replica *r = session_room(&f->s, STR("#core"));
    assert_false(r->synced);
    assert_int_equal(r->role, ROLE_NONE);
    assert_int_equal(f->s.state, SESSION_ONLINE);
}

static void a_server_with_an_older_state_is_taken_as_it_is(void **state)
{
    struct fixture *f = *state;
    be_in_room(f);
    hear(f, "{\"type\":\"message\",\"room\":\"#core\",\"seq\":4,\"time\":1,\"author\":\"ben\","
            "\"client\":\"client02\",\"id\":1,\"text\":\"lost with the backup\"}");
    lose(f, ERR_UNREACHABLE);
    session_retry_now(&f->s, f->now, &f->out);
    session_opened(&f->s, f->now, &f->out);
    hear(f, WELCOME); /* knows 3 events */
    assert_true(sent(f, "\"open\""));
    assert_int_equal(session_room(&f->s, STR("#core"))->seq, 0);
    assert_true(f->s.put_back);
    size_t told = f->messages;
    hear(f, "{\"type\":\"error\",\"re\":0,\"code\":\"conflict\",\"room\":\"#core\","
            "\"message\":\"#core has no event 4, its newest is 3: open it anew from 0\"}");
    assert_int_equal(f->messages, told); /* of hello: it is open anew already */
    hear(f, SNAPSHOT);
    hear(f, SYNCED);
    assert_int_equal(f->s.state, SESSION_ONLINE);
    assert_int_equal(session_room(&f->s, STR("#core"))->seq, 3);
}

static void a_follower_hears_each_event_once(void **state)
{
    struct fixture *f = *state;
    static const char event[] =
        "{\"type\":\"message\",\"room\":\"#core\",\"seq\":9,\"time\":1,\"author\":\"ben\","
        "\"client\":\"client02\",\"id\":1,\"text\":\"hi\"}";
    session_follow(&f->s, STR("#core"), 8, f->now, &f->out);
    sign_in(f);
    size_t before = f->messages;
    hear(f, event);
    hear(f, event);
    assert_int_equal(f->messages, before + 1);
    lose(f, ERR_UNREACHABLE);
    session_retry_now(&f->s, f->now, &f->out);
    session_opened(&f->s, f->now, &f->out);
    assert_true(sent(f, "\"since\":9"));
}

static void the_cache_brings_a_room_back_offline(void **state)
{
    struct fixture *f = *state, other;
    be_in_room(f);
    struct effects cached = {0};
    session_cache(&f->s, STR("#core"), &cached);
    session_init(&other.s, STR("client02"), 1, 1);
    session_expect_user(&other.s, STR("ana"));
    session_open_room(&other.s, STR("#core"), 0, &cached);
    for (size_t i = 0; i < cached.items.n; i++) {
        const struct effect *e = &cached.items.v[i];
        if (e->kind == EFFECT_CACHE)
            assert_true(session_cached(&other.s, e->room, e->bytes, NULL));
    }
    const struct replica *a = session_room(&f->s, STR("#core"));
    const struct replica *b = session_room(&other.s, STR("#core"));
    assert_true(board_is_equal(&a->board, &b->board));
    assert_int_equal(b->role, ROLE_MEMBER);
    assert_false(session_cached(&other.s, STR("#core"), STR("rubbish"), NULL));
    assert_int_equal(b->seq, 0);
    session_finish(&other.s);
    effects_finish(&cached);
}

/* The link stands, and what comes behind it is taken; a client that knows it asks anew. */
static void an_event_that_is_not_known_leaves_no_gap(void **state)
{
    struct fixture *f = *state;
    be_in_room(f);
    hear(f,
         "{\"type\":\"task.painted\",\"room\":\"#core\",\"seq\":4,\"time\":5,\"author\":\"bo\","
         "\"client\":\"client02\",\"id\":1,\"colour\":\"red\"}");
    hear(f, "{\"type\":\"message\",\"room\":\"#core\",\"seq\":5,\"time\":5,\"author\":\"bo\","
            "\"client\":\"client02\",\"id\":2,\"text\":\"hi\"}");
    struct replica *r = session_room(&f->s, STR("#core"));
    assert_int_equal(f->s.state, SESSION_ONLINE);
    assert_int_equal(r->seq, 5);
    assert_int_equal(r->lines.n, 1);
    struct session later;
    session_init(&later, STR("client02"), 1, 1);
    session_open_room(&later, STR("#core"), 0, &f->out);
    assert_true(session_cached(&later, STR("#core"), STR(SNAPSHOT), NULL));
#define HELD                                                                                   \
    "{\"type\":\"unknown\",\"room\":\"#core\",\"seq\":4,\"time\":5,\"author\":\"bo\","         \
    "\"client\":\"client02\",\"id\":1,\"what\":"
    assert_true(session_cached(&later, STR("#core"), STR(HELD "\"task.painted\"}"), NULL));
    assert_int_equal(session_room(&later, STR("#core"))->seq, 4);
    assert_true(session_cached(&later, STR("#core"), STR(SNAPSHOT), NULL));
    assert_false(session_cached(&later, STR("#core"), STR(HELD "\"room.topic\"}"), NULL));
    session_finish(&later);
}

static void the_outbox_has_a_bound(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < OUTBOX_MAX; i++)
        assert_true(post(f, "x") > 0);
    assert_int_equal(post(f, "one more"), 0);
    assert_int_equal(f->why.code, ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(hello_names_rooms_and_what_was_seen),
        TEST(retries_grow_with_jitter_and_never_end),
        TEST(a_link_that_held_starts_the_backoff_anew),
        TEST(a_refused_token_stops_the_retries),
        TEST(another_version_is_told_with_what_to_do),
        TEST(a_server_that_says_nothing_is_given_up),
        TEST(silence_ends_the_link),
        TEST(a_late_answer_is_known_before_that),
        TEST(the_link_is_tried_while_a_request_has_no_answer),
        TEST(the_way_there_and_back_is_measured),
        TEST(bye_says_when_to_come_back),
        TEST(bye_for_good_is_final),
        TEST(what_breaks_the_protocol_costs_the_link_only),
        TEST(another_account_gets_nothing_that_waits),
        TEST(chat_is_asked_for_when_there_is_none),
        TEST(a_room_opened_late_is_opened_at_once),
        TEST(whoever_was_put_out_of_a_room_is_not_shown_it_as_current),
        TEST(a_server_with_an_older_state_is_taken_as_it_is),
        TEST(a_follower_hears_each_event_once),
        TEST(the_cache_brings_a_room_back_offline),
        TEST(an_event_that_is_not_known_leaves_no_gap),
        TEST(the_outbox_has_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
