#include "session.h"

#include "codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A session, the effects of the last step, and what its listener was told. */
struct fixture {
    struct session s;
    struct effects out;
    int64_t now;
    size_t messages, refused;
    enum msg_type last;
    char refused_text[100];
    struct err why;
};

static int set_up(void **state)
{
    struct fixture *f = NEW(struct fixture);
    session_init(&f->s, STR("client01"), 1, 7);
    f->now = 100000;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    session_finish(&f->s);
    effects_finish(&f->out);
    free(f);
    return 0;
}

static void on_message(void *arg, const struct msg *m)
{
    struct fixture *f = arg;
    f->messages++;
    f->last = m->type;
}

static void on_refused(void *arg, const struct msg *request, const struct err *why)
{
    struct fixture *f = arg;
    f->refused++;
    f->why = *why;
    if (request->type == MSG_MESSAGE_POST)
        snprintf(f->refused_text, sizeof f->refused_text, "%.*s",
                 STR_ARG(request->message_post.text));
}

/* ---- steps ---- */

static void hear(struct fixture *f, const char *json)
{
    effects_clear(&f->out);
    session_frame(&f->s, str_of(json), f->now,
                  (struct session_listener){on_message, f, on_refused}, &f->out);
}

static void tick(struct fixture *f, int64_t ms)
{
    f->now += ms;
    effects_clear(&f->out);
    session_tick(&f->s, f->now, &f->out);
}

#define WELCOME                                                                                \
    "{\"type\":\"welcome\",\"version\":1,\"server\":\"mootd\",\"user\":\"ana\","               \
    "\"admin\":false,\"session\":5,\"time\":1,\"heartbeat\":25,\"rooms\":["                    \
    "{\"room\":\"#core\",\"role\":\"member\",\"public\":true,\"seq\":3,\"members\":1}]}"
#define SNAPSHOT                                                                               \
    "{\"type\":\"snapshot\",\"room\":\"#core\",\"seq\":3,\"public\":true,\"part\":0,"          \
    "\"more\":false,\"next_number\":2,\"columns\":[{\"name\":\"Todo\"}],\"tasks\":[{"          \
    "\"number\":1,\"title\":\"one\",\"column\":\"Todo\",\"key\":\"V\"}],\"members\":[{"        \
    "\"user\":\"ana\",\"role\":\"member\",\"online\":true}]}"
#define SYNCED "{\"type\":\"synced\",\"room\":\"#core\",\"seq\":3}"

static void connect(struct fixture *f)
{
    session_start(&f->s, f->now, &f->out);
    session_opened(&f->s, f->now, &f->out);
}

static void sign_in(struct fixture *f)
{
    connect(f);
    hear(f, WELCOME);
    assert_int_equal(f->s.state, SESSION_ONLINE);
}

static void be_in_room(struct fixture *f)
{
    session_open_room(&f->s, STR("#core"), f->now, &f->out);
    sign_in(f);
    hear(f, SNAPSHOT);
    hear(f, SYNCED);
}

static void lose(struct fixture *f, enum err_code code)
{
    struct err why = {.code = code, .text = "gone"};
    effects_clear(&f->out);
    session_lost(&f->s, &why, f->now, &f->out);
}

static int64_t post(struct fixture *f, const char *text)
{
    struct msg m = {.type = MSG_MESSAGE_POST};
    struct err e = {0};
    m.request.room = STR("#core");
    m.message_post.text = str_of(text);
    effects_clear(&f->out);
    int64_t id = session_request(&f->s, &m, f->now, &f->out, &e);
    if (!id)
        f->why = e;
    return id;
}

/* ---- what came out ---- */

static size_t count(const struct fixture *f, enum effect_kind kind)
{
    size_t n = 0;
    vec_each (e, &f->out.items)
        n += e->kind == kind;
    return n;
}

static bool sent(const struct fixture *f, const char *part)
{
    vec_each (e, &f->out.items) {
        if (e->kind == EFFECT_SEND && memmem(e->bytes.p, e->bytes.n, part, strlen(part)))
            return true;
    }
    return false;
}

static size_t place(const struct fixture *f, enum effect_kind kind)
{
    for (size_t i = 0; i < f->out.items.n; i++) {
        if (f->out.items.v[i].kind == kind)
            return i;
    }
    fail_msg("effect %d is missing", (int)kind);
    return 0;
}

/* ---- connecting ---- */

static void hello_names_rooms_and_what_was_seen(void **state)
{
    struct fixture *f = *state;
    be_in_room(f);
    lose(f, ERR_UNREACHABLE);
    session_retry_now(&f->s, f->now, &f->out);
    assert_int_equal(count(f, EFFECT_CONNECT), 1);
    session_opened(&f->s, f->now, &f->out);
    assert_true(sent(f, "\"client\":\"client01\""));
    assert_true(sent(f, "{\"room\":\"#core\",\"since\":3,\"snapshot\":true}"));
}

static void retries_grow_with_jitter_and_never_end(void **state)
{
    struct fixture *f = *state;
    int64_t longest = 0, sum = 0;
    connect(f);
    for (int i = 1; i < 40; i++) {
        int64_t bound = i < 7 ? BACKOFF_FIRST_MS << (i - 1) : BACKOFF_MAX_MS;
        lose(f, ERR_UNREACHABLE);
        assert_int_equal(f->s.state, SESSION_WAITING);
        int64_t wait = f->s.retry_at - f->now;
        assert_true(wait > 0 && wait <= bound);
        longest = MAX(longest, wait);
        sum += wait;
        assert_int_equal(session_next_tick(&f->s, f->now), f->s.retry_at);
        tick(f, wait);
        assert_int_equal(count(f, EFFECT_CONNECT), 1);
    }
    assert_true(longest > BACKOFF_MAX_MS / 2);
    assert_true(sum / 39 < BACKOFF_MAX_MS * 3 / 4); /* spread over the whole range */
}

static void a_link_that_held_starts_the_backoff_anew(void **state)
{
    struct fixture *f = *state;
    connect(f);
    for (int i = 0; i < 8; i++) {
        lose(f, ERR_UNREACHABLE);
        tick(f, BACKOFF_MAX_MS);
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
    connect(f);
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        lose(f, codes[i]);
        assert_int_equal(f->s.state, SESSION_REFUSED);
        assert_int_equal(session_next_tick(&f->s, f->now), INT64_MAX);
        tick(f, 1000000);
        assert_int_equal(count(f, EFFECT_CONNECT), 0);
        session_retry_now(&f->s, f->now, &f->out); /* a person may */
        assert_int_equal(f->s.state, SESSION_CONNECTING);
    }
}

static void a_server_that_says_nothing_is_given_up(void **state)
{
    struct fixture *f = *state;
    connect(f);
    tick(f, CONNECT_WITHIN_MS);
    assert_int_equal(count(f, EFFECT_DISCONNECT), 1);
    assert_int_equal(f->s.state, SESSION_WAITING);
}

static void silence_ends_the_link(void **state)
{
    struct fixture *f = *state;
    sign_in(f);
    tick(f, SILENT_MAX_MS - 1);
    assert_int_equal(f->s.state, SESSION_ONLINE);
    tick(f, 1);
    assert_int_equal(count(f, EFFECT_DISCONNECT), 1);
    assert_int_equal(f->s.why.code, ERR_IDLE);
}

static void the_way_there_and_back_is_measured(void **state)
{
    struct fixture *f = *state;
    char pong[60];
    sign_in(f);
    assert_int_equal(f->s.rtt_ms, -1);
    tick(f, 1);
    assert_true(sent(f, "\"ping\""));
    snprintf(pong, sizeof pong, "{\"type\":\"pong\",\"re\":%lld,\"time\":1}",
             (long long)f->s.ping_id);
    f->now += 42;
    hear(f, pong);
    assert_int_equal(f->s.rtt_ms, 42);
    tick(f, PING_EVERY_MS);
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
        if (f->s.state != SESSION_WAITING || count(f, EFFECT_DISCONNECT) != 1)
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
    connect(f);
    hear(f, WELCOME); /* calls us ana */
    assert_int_equal(f->s.state, SESSION_REFUSED);
    assert_false(sent(f, "bens words"));
    assert_non_null(strstr(f->s.why.text, "ben"));
    assert_int_equal(session_unsaved(&f->s), 1);
}

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
    assert_int_equal(count(f, EFFECT_KEEP_LATER), 1);
    assert_int_equal(session_room(&f->s, STR("#core"))->pending.n, 2); /* no event yet */
    snprintf(ok, sizeof ok, "{\"type\":\"ok\",\"re\":%lld,\"room\":\"#core\",\"seq\":5}",
             (long long)two);
    hear(f, ok);
    assert_int_equal(count(f, EFFECT_KEPT_ALL), 1);
    assert_int_equal(session_unsaved(&f->s), 0);
}

static void what_was_not_answered_is_sent_again_in_order(void **state)
{
    struct fixture *f = *state;
    be_in_room(f);
    post(f, "one");
    lose(f, ERR_UNREACHABLE);
    post(f, "two"); /* offline */
    assert_int_equal(count(f, EFFECT_SEND), 0);
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
    assert_int_equal(count(f, EFFECT_SEND), 1);
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
            tick(f, MAX(next - f->now, 0));
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
    tick(f, BACKOFF_FIRST_MS);
    assert_true(sent(f, "later"));
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
    assert_int_equal(f->s.next_id, 8);
    be_in_room(f); /* in which the card has its number */
    const struct replica *r = session_room(&f->s, STR("#core"));
    assert_string_equal(board_card(&r->board, 1)->title, "better");
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
    assert_int_equal(count(f, EFFECT_SEND), 1);
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

static void the_outbox_has_a_bound(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < OUTBOX_MAX; i++)
        assert_true(post(f, "x") > 0);
    assert_int_equal(post(f, "one more"), 0);
    assert_int_equal(f->why.code, ERR_LIMIT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(hello_names_rooms_and_what_was_seen),
        TEST(retries_grow_with_jitter_and_never_end),
        TEST(a_link_that_held_starts_the_backoff_anew),
        TEST(a_refused_token_stops_the_retries),
        TEST(a_server_that_says_nothing_is_given_up),
        TEST(silence_ends_the_link),
        TEST(the_way_there_and_back_is_measured),
        TEST(bye_says_when_to_come_back),
        TEST(bye_for_good_is_final),
        TEST(what_breaks_the_protocol_costs_the_link_only),
        TEST(another_account_gets_nothing_that_waits),
        TEST(a_request_is_kept_before_it_is_sent),
        TEST(an_answered_request_is_kept_no_longer),
        TEST(what_was_not_answered_is_sent_again_in_order),
        TEST(only_a_window_of_requests_is_under_way),
        TEST(a_flood_is_sent_at_the_pace_that_servers_allow),
        TEST(a_passing_error_puts_the_request_off),
        TEST(a_final_error_gives_the_words_back),
        TEST(what_leans_on_a_request_that_was_put_off_waits_with_it),
        TEST(an_own_event_is_as_good_as_ok),
        TEST(what_was_kept_is_put_back),
        TEST(records_that_are_none_fail),
        TEST(a_broken_disk_refuses_before_it_accepts),
        TEST(what_does_not_pass_the_table_is_not_sent),
        TEST(chat_is_asked_for_when_there_is_none),
        TEST(a_room_opened_late_is_opened_at_once),
        TEST(whoever_was_put_out_of_a_room_is_not_shown_it_as_current),
        TEST(a_server_with_an_older_state_is_taken_as_it_is),
        TEST(a_follower_hears_each_event_once),
        TEST(the_cache_brings_a_room_back_offline),
        TEST(the_outbox_has_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
