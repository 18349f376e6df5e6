/* How far our person has read: known at once, sent when there is a link, never back by itself.
 */
#include "session_kit.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Signed in, in #core up to event 9, of which the server has the marker {turn, read}. */
static void welcome(struct fixture *f, int turn, int read)
{
    char text[400];
    snprintf(text, sizeof text,
             "{\"type\":\"welcome\",\"version\":1,\"server\":\"mootd\",\"user\":\"ana\","
             "\"admin\":false,\"session\":5,\"time\":1,\"heartbeat\":25,\"revision\":2,"
             "\"rooms\":[{\"room\":\"#core\",\"role\":\"member\",\"public\":true,\"seq\":9,"
             "\"members\":1,\"read\":%d,\"turn\":%d}]}",
             read, turn);
    hear(f, text);
}

static void say(struct fixture *f, int seq, const char *author, const char *more)
{
    char text[300];
    snprintf(text, sizeof text,
             "{\"type\":\"message\",\"room\":\"#core\",\"seq\":%d,\"time\":1,\"author\":\"%s\","
             "\"client\":\"clientbobo\",\"id\":%d%s}",
             seq, author, seq, more);
    hear(f, text);
}

static struct replica *be_there(struct fixture *f, int turn, int read)
{
    struct replica *r = session_open_room(&f->s, STR("#core"), f->now, &f->out);
    link_up(f);
    welcome(f, turn, read);
    hear(f, SNAPSHOT);
    for (int seq = 4; seq <= 9; seq++)
        say(f, seq, "bo", ",\"text\":\"hello\"");
    hear(f, "{\"type\":\"synced\",\"room\":\"#core\",\"seq\":9}");
    effects_clear(&f->out);
    return r;
}

static int64_t asked(const struct replica *r)
{
    assert_int_not_equal(r->read.asked, 0);
    return r->read.asked;
}

static void store(struct fixture *f, const struct replica *r)
{
    char text[100];
    snprintf(text, sizeof text, "{\"type\":\"ok\",\"re\":%lld,\"room\":\"#core\"}",
             (long long)asked(r));
    hear(f, text);
}

static void one_is_under_way_and_the_later_ones_become_one(void **state)
{
    struct fixture *f = *state;
    struct replica *r = be_there(f, 0, 3);
    session_read(&f->s, r, 4, f->now, &f->out);
    assert_true(sent(f, "\"type\":\"read\",\"id\":"));
    assert_true(sent(f, "\"seq\":4"));
    effects_clear(&f->out);
    for (int seq = 5; seq <= 8; seq++)
        session_read(&f->s, r, seq, f->now, &f->out);
    session_read(&f->s, r, 6, f->now, &f->out); /* never back */
    assert_false(sent(f, "\"type\":\"read\""));
    store(f, r);
    assert_false(sent(f, "\"type\":\"read\"")); /* not so soon */
    pass(f, 2000);
    assert_true(sent(f, "\"seq\":8"));
}

static void what_was_read_offline_is_sent_and_takes_nothing_back(void **state)
{
    struct fixture *f = *state;
    struct replica *r = be_there(f, 0, 3);
    lose(f, ERR_UNREACHABLE);
    session_read(&f->s, r, 5, f->now, &f->out);
    session_retry_now(&f->s, f->now, &f->out);
    link_up(f);
    welcome(f, 0, 7); /* another session was further */
    assert_int_equal(r->read.mine.seq, 7);
    assert_false(sent(f, "\"type\":\"read\""));
    lose(f, ERR_UNREACHABLE);
    session_read(&f->s, r, 9, f->now, &f->out);
    session_retry_now(&f->s, f->now, &f->out);
    link_up(f);
    effects_clear(&f->out);
    welcome(f, 0, 7);
    assert_true(sent(f, "\"type\":\"read\""));
    assert_true(sent(f, "\"seq\":9"));
}

static void set_back_begins_a_turn_that_an_older_one_cannot_undo(void **state)
{
    struct fixture *f = *state;
    struct replica *r = be_there(f, 0, 9);
    session_read_back(&f->s, r, 5, f->now, &f->out);
    assert_true(sent(f, "\"seq\":5,\"turn\":1"));
    assert_int_equal(replica_unread(r).all, 4);
    hear(f, "{\"type\":\"unread\",\"room\":\"#core\",\"read\":9,\"seq\":9}");
    assert_int_equal(r->read.mine.seq, 5);
    /* Once more, while the first is under way: a turn of its own. */
    session_read_back(&f->s, r, 4, f->now, &f->out);
    store(f, r);
    assert_true(sent(f, "\"seq\":4,\"turn\":2"));
}

static void marker_of_another_log_is_given_up(void **state)
{
    struct fixture *f = *state;
    struct replica *r = session_open_room(&f->s, STR("#core"), f->now, &f->out);
    r->read.mine = (struct marker){.seq = 500}; /* from the file of an earlier run */
    link_up(f);
    welcome(f, 0, 3);
    assert_int_equal(r->read.mine.seq, 3);
}

static void server_without_markers_is_sent_none(void **state)
{
    struct fixture *f = *state;
    be_in_room(f);
    struct replica *r = session_room(&f->s, STR("#core"));
    session_read(&f->s, r, 3, f->now, &f->out);
    assert_int_equal(r->read.mine.seq, 3);
    assert_false(sent(f, "\"type\":\"read\""));
    assert_false(sent(f, "\"type\":\"rooms\""));
}

/* The lines begin at 4; the marker stands at 1, and 2 and 3 are not here. */
static void where_lines_end_the_server_counts(void **state)
{
    struct fixture *f = *state;
    struct replica *r = be_there(f, 0, 1);
    assert_int_equal(replica_unread(r).all, 6);
    hear(f, "{\"type\":\"unread\",\"room\":\"#core\",\"read\":1,\"seq\":8,\"unread\":7,"
            "\"mentions\":1}");
    assert_int_equal(replica_unread(r).all, 8); /* and that of event 9 */
    assert_int_equal(replica_unread(r).mentions, 1);
    /* One that is not here is deleted: it is counted again. */
    hear(f, "{\"type\":\"message.deleted\",\"room\":\"#core\",\"seq\":10,\"time\":1,"
            "\"author\":\"bo\",\"client\":\"clientbobo\",\"id\":10,\"message\":2,"
            "\"writer\":\"bo\"}");
    assert_true(sent(f, "\"type\":\"read\""));
    /* And once more, should the server not be able to answer now. */
    char error[200];
    snprintf(error, sizeof error,
             "{\"type\":\"error\",\"re\":%lld,\"code\":\"store_full\",\"message\":\"full\","
             "\"retry\":true}",
             (long long)f->s.next_id - 1);
    hear(f, error);
    effects_clear(&f->out);
    pass(f, 2000);
    assert_true(sent(f, "\"type\":\"read\""));
}

static void what_counts(void **state)
{
    struct fixture *f = *state;
    struct replica *r = be_there(f, 0, 9);
    static const struct {
        const char *author, *more;
        size_t all, mentions;
    } rows[] = {
        {"bo", ",\"text\":\"hello\"", 1, 0},
        {"ana", ",\"text\":\"mine\"", 1, 0},
        {"bo", ",\"text\":\"on a card\",\"task\":1", 1, 0},
        {"bo", ",\"text\":\"@ana: on a card\",\"task\":1", 2, 1},
        {"bo", ",\"text\":\"for @anabel\"", 3, 1},
        {"bo", ",\"text\":\"@here\"", 4, 2},
        {"bo", ",\"text\":\"so it is\",\"reply\":4,\"to\":\"ana\"", 5, 3},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        say(f, (int)(10 + i), rows[i].author, rows[i].more);
        if (replica_unread(r).all != rows[i].all ||
            replica_unread(r).mentions != rows[i].mentions)
            fail_msg("row %zu: %zu, %zu", i, replica_unread(r).all, replica_unread(r).mentions);
    }
    for (int i = 0; i < UNREAD_MAX + 5; i++)
        say(f, 17 + i, "bo", ",\"text\":\"flood\"");
    assert_int_equal(replica_unread(r).all, UNREAD_MAX);
}

static void who_comes_in_has_read_all_up_to_there(void **state)
{
    struct fixture *f = *state;
    be_there(f, 0, 9);
    hear(f, "{\"type\":\"room.role\",\"room\":\"#ops\",\"role\":\"member\",\"public\":true,"
            "\"seq\":40,\"author\":\"bo\",\"read\":40}");
    struct replica *r = session_open_room(&f->s, STR("#ops"), f->now, &f->out);
    assert_int_equal(r->read.mine.seq, 40);
    assert_int_equal(r->read.stored.seq, 40);
}

/* As when one begins a direct conversation that the other one has begun already. */
static void an_answer_about_a_room_one_is_in_moves_nothing_on(void **state)
{
    struct fixture *f = *state;
    struct replica *r = be_there(f, 1, 3);
    struct msg join = {.type = MSG_ROOM_JOIN, .request.room = STR("#core")};
    char text[100];
    struct err e;
    int64_t id = session_request(&f->s, &join, f->now, &f->out, &e);
    assert_true(id > 0);
    snprintf(text, sizeof text, "{\"type\":\"ok\",\"re\":%lld,\"room\":\"#core\",\"seq\":8}",
             (long long)id);
    hear(f, text);
    assert_int_equal(r->read.mine.turn, 1);
    assert_int_equal(r->read.mine.seq, 3);
}

/* It came, and was set back, before it was opened here: its role is known, not yet to the room.
 */
static void beginning_what_is_there_reads_nothing_of_it(void **state)
{
    struct fixture *f = *state;
    be_there(f, 1, 3);
    hear(f,
         "{\"type\":\"room.role\",\"room\":\"@ana+ben\",\"role\":\"member\",\"public\":false,"
         "\"seq\":1,\"author\":\"ben\",\"read\":1}");
    hear(f, "{\"type\":\"unread\",\"room\":\"@ana+ben\",\"read\":0,\"turn\":1,\"seq\":1}");
    struct msg m = {.type = MSG_ROOM_CREATE, .request.room = STR("@ana+ben")};
    char text[100];
    int64_t id = session_request(&f->s, &m, f->now, &f->out, NULL);
    assert_true(id > 0);
    struct replica *r = session_open_room(&f->s, STR("@ana+ben"), f->now, &f->out);
    snprintf(text, sizeof text, "{\"type\":\"ok\",\"re\":%lld,\"room\":\"@ana+ben\",\"seq\":1}",
             (long long)id);
    hear(f, text);
    assert_int_equal(r->read.mine.turn, 1);
    assert_int_equal(r->read.mine.seq, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_is_under_way_and_the_later_ones_become_one),
        TEST(what_was_read_offline_is_sent_and_takes_nothing_back),
        TEST(set_back_begins_a_turn_that_an_older_one_cannot_undo),
        TEST(marker_of_another_log_is_given_up),
        TEST(server_without_markers_is_sent_none),
        TEST(where_lines_end_the_server_counts),
        TEST(what_counts),
        TEST(who_comes_in_has_read_all_up_to_there),
        TEST(an_answer_about_a_room_one_is_in_moves_nothing_on),
        TEST(beginning_what_is_there_reads_nothing_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
