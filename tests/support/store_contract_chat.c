/* What every store promises about messages. */
#include "contract_kit.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The room #a with ana's messages 2 to 5: 3 is on card 7, 4 answers 2, 5 answers 3. */
static struct store *chat_in(void **state)
{
    struct store *s = store_in(state);
    kit_ok(s, kit_room("#a", 1));
    kit_ok(s, kit_message("#a", 2, 2, "two"));
    kit_ok(s, kit_answer("#a", 3, 3, 7, 0, "three"));
    kit_ok(s, kit_answer("#a", 4, 4, 0, 2, "four"));
    kit_ok(s, kit_answer("#a", 5, 5, 7, 3, "five"));
    return s;
}

static struct store_job *all_of(struct store *s)
{
    return kit_run(s, kit_read(JOB_HISTORY, "#a", SEQ_MAX, 100));
}

static void edited_message_says_what_it_says_now(void **state)
{
    struct store *s = chat_in(state);
    kit_ok(s, kit_change("#a", 6, 6, (struct store_change){CHANGE_TEXT, 2, .text = STR("2")}));
    kit_ok(s, kit_change("#a", 7, 7, (struct store_change){CHANGE_TEXT, 2, .text = STR("II")}));
    struct store_job *j = all_of(s);
    assert_str(j->messages.v[0].text, "II");
    assert_int_equal(j->messages.v[0].edited, KIT_TIME(7));
    assert_int_equal(j->messages.v[0].time, KIT_TIME(2));
    assert_str(j->messages.v[1].text, "three");
    assert_int_equal(j->messages.v[1].edited, 0);
    assert_int_equal(j->seq, 7);
    store_job_free(j);
    j = kit_run(s, kit_read(JOB_EVENTS, "#a", 1, 1)); /* and the log what was said */
    assert_non_null(memmem(j->events.v[0].json.p, j->events.v[0].json.n, "two", 3));
    store_job_free(j);
}

static void deleted_message_has_no_text_no_reaction_and_no_pin(void **state)
{
    struct store *s = chat_in(state);
    struct store_change thumb = {CHANGE_REACTION, 2, .emoji = STR("👍")};
    kit_ok(s, kit_change("#a", 6, 6, thumb));
    kit_ok(s, kit_change("#a", 7, 7, (struct store_change){.kind = CHANGE_PIN, .message = 2}));
    kit_ok(s,
           kit_change("#a", 8, 8, (struct store_change){.kind = CHANGE_DELETE, .message = 2}));
    struct store_job *j = all_of(s);
    assert_int_equal(j->messages.n, 4);
    assert_int_equal(j->messages.v[0].text.n, 0);
    assert_str(j->messages.v[0].deleted, "ana");
    assert_int_equal(j->messages.v[0].reactions.n, 0);
    assert_false(j->messages.v[0].pinned);
    assert_int_equal(j->messages.v[1].deleted.n, 0);
    store_job_free(j);
    j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    assert_int_equal(j->rooms.v[0].pins.n, 0);
    store_job_free(j);
}

static void reactions_are_a_set_in_the_order_of_their_events(void **state)
{
    struct store *s = chat_in(state);
    static const struct {
        const char *emoji;
        bool gone;
    } rows[] = {{"👍", false}, {":tada:", false}, {"👍", false},
                {"👍", true},  {"👍", false},      {"❤", true}};
    for (int64_t i = 0; i < (int64_t)COUNT_OF(rows); i++)
        kit_ok(s, kit_change("#a", 6 + i, 6 + i,
                             (struct store_change){CHANGE_REACTION, 2,
                                                   .emoji = str_of(rows[i].emoji),
                                                   .gone = rows[i].gone}));
    struct store_job *j = all_of(s);
    assert_int_equal(j->messages.v[0].reactions.n, 2);
    assert_str(j->messages.v[0].reactions.v[0].emoji, ":tada:");
    assert_int_equal(j->messages.v[0].reactions.v[0].seq, 7);
    assert_str(j->messages.v[0].reactions.v[1].emoji, "👍");
    assert_str(j->messages.v[0].reactions.v[1].user, "ana");
    assert_int_equal(j->messages.v[0].reactions.v[1].seq, 10);
    assert_int_equal(j->messages.v[1].reactions.n, 0);
    store_job_free(j);
}

static void pins_are_those_of_the_room(void **state)
{
    struct store *s = chat_in(state);
    kit_ok(s, kit_room("#b", 20));
    kit_ok(s, kit_change("#a", 6, 6, (struct store_change){.kind = CHANGE_PIN, .message = 4}));
    kit_ok(s, kit_change("#a", 7, 7, (struct store_change){.kind = CHANGE_PIN, .message = 2}));
    kit_ok(s, kit_change("#a", 8, 8, (struct store_change){.kind = CHANGE_PIN, .message = 2}));
    kit_ok(s, kit_change("#a", 9, 9, (struct store_change){.kind = CHANGE_PIN, .message = 3}));
    kit_ok(s,
           kit_change("#a", 10, 10,
                      (struct store_change){.kind = CHANGE_PIN, .message = 3, .gone = true}));
    struct store_job *j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    assert_int_equal(j->rooms.v[0].pins.n, 2);
    assert_int_equal(j->rooms.v[0].pins.v[0].message, 2);
    assert_int_equal(j->rooms.v[0].pins.v[0].time, KIT_TIME(7));
    assert_str(j->rooms.v[0].pins.v[0].author, "ana");
    assert_int_equal(j->rooms.v[0].pins.v[1].message, 4);
    store_job_free(j);
    j = kit_read(JOB_HISTORY, "#a", SEQ_MAX, 100);
    j->pinned = true;
    j = kit_run(s, j);
    assert_int_equal(j->messages.n, 2);
    assert_str(j->messages.v[0].text, "two");
    assert_true(j->messages.v[0].pinned);
    assert_str(j->messages.v[1].text, "four");
    store_job_free(j);
    j = kit_run(s, kit_read(JOB_ROOM, "#b", 0, 0));
    assert_int_equal(j->rooms.v[0].pins.n, 0);
    store_job_free(j);
}

struct want {
    int64_t text, reply, from, limit;
    bool up, more;
    const char *seqs;
};

static void pages_are_of_what_was_asked_for_from_either_end(void **state)
{
    struct store *s = chat_in(state);
    static const struct want rows[] = {
        {0, 0, SEQ_MAX, 100, false, false, "2345"},
        {0, 0, SEQ_MAX, 2, false, true, "45"},
        {0, 0, 4, 100, false, false, "23"},
        {0, 0, 0, 100, true, false, "2345"},
        {0, 0, 2, 2, true, true, "34"},
        {0, 0, 3, 2, true, false, "45"},
        {0, 0, 5, 2, true, false, ""},
        {7, 0, SEQ_MAX, 100, false, false, "35"},
        {7, 0, SEQ_MAX, 1, false, true, "5"},
        {7, 0, 3, 9, true, false, "5"},
        {0, 2, SEQ_MAX, 100, false, false, "4"},
        {0, 3, 0, 100, true, false, "5"},
        {0, 5, 0, 100, true, false, ""},
        {9, 0, 0, 100, true, false, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct store_job *j = kit_read(JOB_HISTORY, "#a", rows[i].from, rows[i].limit);
        char got[16] = "";
        j->text = rows[i].text;
        j->reply = rows[i].reply;
        j->up = rows[i].up;
        j = kit_run(s, j);
        assert_int_equal(j->err.code, ERR_NONE);
        for (size_t k = 0; k < j->messages.n; k++)
            got[k] = (char)('0' + j->messages.v[k].seq);
        if (strcmp(got, rows[i].seqs) != 0 || j->more != rows[i].more)
            fail_msg("row %zu gives \"%s\", more %d", i, got, j->more);
        store_job_free(j);
    }
}

/* What is said on a card is news of it, what is said beside it is not. */
static void a_card_names_the_newest_event_about_it(void **state)
{
    struct store *s = store_in(state);
    const struct store_task card = {
        .number = 7, .title = STR("Ship it"), .column = STR("Todo"), .key = STR("V")};
    kit_ok(s, kit_room("#a", 1));
    kit_ok(s, kit_task("#a", 2, 2, MSG_TASK_ADDED, card));
    kit_ok(s, kit_message("#a", 3, 3, "three"));
    struct store_job *j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    assert_int_equal(j->rooms.v[0].tasks.v[0].changed, 2);
    store_job_free(j);
    kit_ok(s, kit_answer("#a", 4, 4, 7, 0, "four"));
    kit_ok(s, kit_message("#a", 5, 5, "five"));
    j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    assert_int_equal(j->rooms.v[0].tasks.v[0].changed, 4);
    store_job_free(j);
}

/* By number or by time; of a whole chat, or of the comments on a card. */
static void page_around_a_place_has_both_sides_of_it(void **state)
{
    struct store *s = chat_in(state);
    static const struct {
        int64_t from, time, limit, text;
        const char *seqs;
        bool more, newer;
    } rows[] = {
        {4, 0, 2, 0, "34", true, true},
        {4, 0, 3, 0, "345", true, false},
        {4, 0, 100, 0, "2345", false, false},
        {2, 0, 2, 0, "23", false, true},
        {99, 0, 4, 0, "45", true, false},
        {1, 0, 4, 0, "2345", false, false},
        {4, 0, 1, 0, "4", true, true},
        {4, 0, 2, 7, "35", false, false},
        {0, KIT_TIME(4), 2, 0, "34", true, true},
        {0, KIT_TIME(3), 2, 0, "23", false, true},
        {0, 1, 2, 0, "23", false, true},
        {0, KIT_TIME(6), 4, 0, "45", true, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct store_job *j = kit_read(JOB_HISTORY, "#a", rows[i].from, rows[i].limit);
        char got[16] = "";
        j->around = true;
        j->time = rows[i].time;
        j->text = rows[i].text;
        j = kit_run(s, j);
        assert_int_equal(j->err.code, ERR_NONE);
        for (size_t k = 0; k < j->messages.n; k++)
            got[k] = (char)('0' + j->messages.v[k].seq);
        if (strcmp(got, rows[i].seqs) != 0 || j->more != rows[i].more ||
            j->newer != rows[i].newer)
            fail_msg("row %zu gives \"%s\", more %d, newer %d", i, got, j->more, j->newer);
        store_job_free(j);
    }
}

static void comments_that_are_not_deleted_are_counted(void **state)
{
    struct store *s = chat_in(state); /* 3 and 5 are comments on card 7 */
    struct store_job *j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    assert_int_equal(j->rooms.v[0].comments.n, 1);
    assert_int_equal(j->rooms.v[0].comments.v[0].card, 7);
    assert_int_equal(j->rooms.v[0].comments.v[0].n, 2);
    store_job_free(j);
    kit_ok(s,
           kit_change("#a", 6, 6, (struct store_change){.kind = CHANGE_DELETE, .message = 5}));
    j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    assert_int_equal(j->rooms.v[0].comments.v[0].n, 1);
    store_job_free(j);
    kit_ok(s,
           kit_change("#a", 7, 7, (struct store_change){.kind = CHANGE_DELETE, .message = 3}));
    j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    assert_int_equal(j->rooms.v[0].comments.n, 0);
    store_job_free(j);
}

static void answer_says_what_it_answers(void **state)
{
    struct store_job *j = all_of(chat_in(state));
    assert_int_equal(j->messages.v[2].reply, 2);
    assert_str(j->messages.v[2].to, "ana");
    assert_int_equal(j->messages.v[3].reply, 3);
    assert_int_equal(j->messages.v[3].task, 7);
    assert_int_equal(j->messages.v[0].reply, 0);
    store_job_free(j);
}

/* Reactions are read with their message: a thousand of them weigh as much as it does. */
static void page_counts_reactions_too(void **state)
{
    struct store *s = chat_in(state);
    for (int64_t i = 6; i < 30; i++) {
        char name[16];
        snprintf(name, sizeof name, ":e%d:", (int)i);
        kit_ok(s, kit_change("#a", i, i,
                             (struct store_change){CHANGE_REACTION, 4, .emoji = str_of(name)}));
    }
    struct store_job *j = kit_read(JOB_HISTORY, "#a", SEQ_MAX, 100);
    j->bytes_limit = 1000;
    j = kit_run(s, j);
    assert_int_equal(j->messages.n, 2);
    assert_true(j->more);
    store_job_free(j);
}

static void retry_of_a_change_is_answered_and_not_done_again(void **state)
{
    struct store *s = chat_in(state);
    struct store_change thumb = {CHANGE_REACTION, 2, .emoji = STR("👍")};
    kit_ok(s, kit_change("#a", 6, 6, thumb));
    thumb.gone = true;
    kit_ok(s, kit_change("#a", 7, 7, thumb));
    thumb.gone = false;
    struct store_job *j = kit_run(s, kit_change("#a", 8, 6, thumb));
    assert_true(j->found);
    assert_int_equal(j->seq, 6);
    store_job_free(j);
    j = all_of(s);
    assert_int_equal(j->messages.v[0].reactions.n, 0);
    store_job_free(j);
}

static struct store_job *marker_put(const char *user, int64_t turn, int64_t seq)
{
    struct store_job *j = kit_read(JOB_READ_PUT, "#a", 0, 0);
    j->author = str_keep(&j->arena, str_of(user));
    j->marker = (struct marker){turn, seq};
    return j;
}

static void assert_marker(struct store *s, size_t member, int64_t turn, int64_t seq)
{
    struct store_job *j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    assert_int_equal(j->rooms.v[0].members.v[member].read.turn, turn);
    assert_int_equal(j->rooms.v[0].members.v[member].read.seq, seq);
    store_job_free(j);
}

static void marker_goes_forward_and_back_only_by_a_turn(void **state)
{
    struct store *s = chat_in(state);
    assert_marker(s, 0, 0, 1); /* who makes a room has read that */
    kit_ok(s, marker_put("ana", 0, 4));
    kit_ok(s, marker_put("ana", 0, 2));
    assert_marker(s, 0, 0, 4);
    kit_ok(s, marker_put("ana", 1, 2));
    kit_ok(s, marker_put("ana", 0, 5));
    assert_marker(s, 0, 1, 2);
    kit_refused(s, marker_put("bo", 0, 2), ERR_NOT_FOUND);
}

static void marker_outlives_a_membership_and_begins_where_the_next_does(void **state)
{
    struct store *s = chat_in(state);
    kit_ok(s, kit_member("#a", 6, 6, "bo", ROLE_MEMBER));
    assert_marker(s, 1, 0, 6);
    kit_ok(s, marker_put("bo", 1, 3));
    kit_ok(s, kit_member("#a", 7, 7, "bo", ROLE_OBSERVER));
    assert_marker(s, 1, 1, 3);
    kit_ok(s, kit_member("#a", 8, 8, "bo", ROLE_NONE));
    kit_refused(s, marker_put("bo", 1, 8), ERR_NOT_FOUND);
    struct store_job *j = kit_run(s, kit_member("#a", 9, 9, "bo", ROLE_MEMBER));
    assert_int_equal(j->marker.turn, 1);
    assert_int_equal(j->marker.seq, 9);
    store_job_free(j);
    assert_marker(s, 1, 1, 9);
}

static void unread_are_messages_of_others_that_are_news(void **state)
{
    struct store *s = chat_in(state); /* on 7: 3, 5 */
    kit_ok(s, kit_message("#a", 6, 6, "for @bo"));
    kit_ok(s, kit_answer("#a", 7, 7, 7, 0, "@here"));
    kit_ok(s, kit_message("#a", 8, 8, "gone"));
    kit_ok(s, kit_change("#a", 9, 9, (struct store_change){CHANGE_DELETE, 8, .gone = false}));
    kit_ok(s, kit_change("#a", 10, 10,
                         (struct store_change){CHANGE_TEXT, 4, .text = STR("now @bo")}));
    static const struct {
        const char *user;
        int64_t from, unread, mentions;
    } rows[] = {{"bo", 0, 4, 3}, {"bo", 2, 3, 3},   {"bo", 4, 2, 2},  {"bo", 6, 1, 1},
                {"bo", 7, 0, 0}, {"cleo", 0, 4, 1}, {"ana", 0, 0, 0}, {"bo", 99, 0, 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct store_job *j = store_job_new(JOB_UNREAD);
        struct store_unread want[] = {{.room = STR("#a"), .read.seq = rows[i].from},
                                      {.room = STR("#none")}};
        j->author = str_of(rows[i].user);
        j->unread.v = want;
        j->unread.n = COUNT_OF(want);
        j = kit_run(s, j);
        if (want[0].unread != rows[i].unread || want[0].mentions != rows[i].mentions ||
            want[0].seq != 10 || want[1].seq != 0)
            fail_msg("row %zu: %lld unread, %lld mentions", i, (long long)want[0].unread,
                     (long long)want[0].mentions);
        store_job_free(j);
    }
}

/* bo does card 7 and reads the only note, 9; what ana did that concerns him. */
static void activity_of_what_concerns_somebody(void **state)
{
    struct store *s = chat_in(state); /* on 7: 3, 5 */
    static int64_t own[] = {7, 9};
    static const struct {
        int64_t since, seqs[8];
        const char *user;
    } rows[] = {{0, {3, 5, 6, 8, 9}, "bo"}, {KIT_TIME(6), {6, 8, 9}, "bo"}, {0, {0}, "ana"}};
    kit_ok(s, kit_message("#a", 6, 6, "for @bo"));
    kit_ok(s, kit_message("#a", 7, 7, "for @cleo"));
    kit_ok(s, kit_note(
                  "#a", 8, 8, MSG_NOTE_CREATED,
                  (struct store_note){.number = 9, .name = STR("plan"), .author = STR("ana")}));
    kit_ok(s, kit_member("#a", 9, 9, "bo", ROLE_MEMBER));
    kit_ok(s, kit_message("#a", 10, 10, "gone @bo"));
    kit_ok(s,
           kit_change("#a", 11, 11, (struct store_change){CHANGE_DELETE, 10, .gone = false}));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct store_job *j = kit_read(JOB_ACTIVITY, "#a", SEQ_MAX, 100);
        j->concerns = str_of(rows[i].user);
        j->numbers.v = own;
        j->numbers.n = COUNT_OF(own);
        j->since = rows[i].since;
        j = kit_run(s, j);
        size_t n = 0;
        while (rows[i].seqs[n])
            n++;
        assert_int_equal(j->events.n, n);
        for (size_t k = 0; k < n; k++)
            assert_int_equal(j->events.v[k].seq, rows[i].seqs[k]);
        store_job_free(j);
    }
}

int store_contract_chat_run(const char *name, struct store *(*open)(void))
{
    struct CMUnitTest tests[] = {
        ROW(edited_message_says_what_it_says_now),
        ROW(deleted_message_has_no_text_no_reaction_and_no_pin),
        ROW(reactions_are_a_set_in_the_order_of_their_events),
        ROW(pins_are_those_of_the_room),
        ROW(marker_goes_forward_and_back_only_by_a_turn),
        ROW(marker_outlives_a_membership_and_begins_where_the_next_does),
        ROW(unread_are_messages_of_others_that_are_news),
        ROW(activity_of_what_concerns_somebody),
        ROW(pages_are_of_what_was_asked_for_from_either_end),
        ROW(a_card_names_the_newest_event_about_it),
        ROW(page_around_a_place_has_both_sides_of_it),
        ROW(comments_that_are_not_deleted_are_counted),
        ROW(answer_says_what_it_answers),
        ROW(page_counts_reactions_too),
        ROW(retry_of_a_change_is_answered_and_not_done_again),
    };
    return contract_run(name, open, tests, COUNT_OF(tests));
}
