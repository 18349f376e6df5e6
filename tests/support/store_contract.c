/* What every store promises (store.h), as tests. */
#include "contract_kit.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Room #a with `n` messages "text 2", "text 3"... behind its first event. */
static void fill(struct store *s, int64_t n)
{
    kit_ok(s, kit_room("#a", 1));
    for (int64_t seq = 2; seq < n + 2; seq++) {
        char text[32];
        snprintf(text, sizeof text, "text %d", (int)seq);
        kit_ok(s, kit_message("#a", seq, seq, text));
    }
}

static void event_comes_back_as_it_was_written(void **state)
{
    struct store *s = store_in(state);
    kit_ok(s, kit_room("#a", 1));
    struct store_job *w = kit_run(s, kit_message("#a", 2, 2, "hello"));
    assert_int_equal(w->seq, 2);
    struct store_job *r = kit_run(s, kit_read(JOB_EVENTS, "#a", 1, 10));
    assert_int_equal(r->events.n, 1);
    assert_int_equal(r->events.v[0].seq, 2);
    assert_true(str_eq(r->events.v[0].json, w->append.json));
    assert_false(r->more);
    store_job_free(w);
    store_job_free(r);
}

static void wrong_sequence_number_fails_alone(void **state)
{
    struct store *s = store_in(state);
    struct store_job *jobs[] = {
        kit_room("#a", 1), kit_message("#a", 3, 2, "ahead"), kit_message("#a", 1, 3, "behind"),
        kit_message("#b", 2, 4, "no such room"), kit_message("#a", 2, 5, "right")};
    s->write(s, jobs, COUNT_OF(jobs));
    static const enum err_code want[] = {ERR_NONE, ERR_CONFLICT, ERR_CONFLICT, ERR_CONFLICT,
                                         ERR_NONE};
    for (size_t i = 0; i < COUNT_OF(jobs); i++) {
        assert_int_equal(jobs[i]->err.code, want[i]);
        store_job_free(jobs[i]);
    }
    assert_int_equal(kit_newest(s, "#a"), 2);
    assert_int_equal(kit_newest(s, "#b"), 0);
}

static void assert_found(struct store *s, struct store_job *j, int64_t seq)
{
    kit_run(s, j);
    assert_int_equal(j->err.code, ERR_NONE);
    assert_true(j->found);
    assert_int_equal(j->seq, seq);
    assert_str(j->found_room, "#a");
    store_job_free(j);
}

static void retry_is_answered_and_not_stored_again(void **state)
{
    struct store *s = store_in(state);
    fill(s, 3);
    assert_found(s, kit_message("#a", 5, 2, "text 2"), 2);
    assert_found(s, kit_message("#a", 2, 2, "text 2"), 2);
    assert_found(s, kit_message("#elsewhere", 1, 3, "text 3"), 3);
    assert_int_equal(kit_newest(s, "#a"), 4);
    assert_int_equal(kit_newest(s, "#elsewhere"), 0);
}

static void retry_in_the_same_group_is_found(void **state)
{
    struct store *s = store_in(state);
    fill(s, 0);
    struct store_job *jobs[] = {kit_message("#a", 2, 2, "x"), kit_message("#a", 3, 2, "x"),
                                kit_message("#a", 3, 3, "y")};
    s->write(s, jobs, COUNT_OF(jobs));
    assert_false(jobs[0]->found);
    assert_true(jobs[1]->found);
    assert_int_equal(jobs[1]->seq, 2);
    assert_int_equal(jobs[2]->seq, 3);
    for (size_t i = 0; i < COUNT_OF(jobs); i++)
        store_job_free(jobs[i]);
}

static void the_servers_own_events_are_never_retries(void **state)
{
    struct store *s = store_in(state);
    fill(s, 0);
    kit_ok(s, kit_member("#a", 2, 0, "bo", ROLE_MEMBER));
    assert_int_equal(kit_ok(s, kit_member("#a", 3, 0, "cy", ROLE_MEMBER)), 3);
}

static void retry_gets_the_number_of_its_card(void **state)
{
    struct store *s = store_in(state);
    fill(s, 0);
    struct store_task t = {
        .number = 4, .title = STR("title"), .column = STR("Todo"), .key = STR("V")};
    kit_ok(s, kit_task("#a", 2, 2, MSG_TASK_ADDED, t));
    struct store_job *again = kit_run(s, kit_task("#a", 3, 2, MSG_TASK_ADDED, t));
    assert_true(again->found);
    assert_int_equal(again->number, 4);
    store_job_free(again);
}

static void new_room_has_its_columns_and_owner(void **state)
{
    struct store *s = store_in(state);
    kit_ok(s, kit_room("#a", 1));
    struct store_job *j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    assert_int_equal(j->rooms.n, 1);
    const struct store_room *r = j->rooms.v;
    assert_str(r->name, "#a");
    assert_true(r->is_public);
    assert_int_equal(r->seq, 1);
    assert_int_equal(r->next_number, 1);
    assert_int_equal(r->columns.n, 3);
    assert_str(r->columns.v[0].name, "Todo");
    assert_str(r->columns.v[2].name, "Done");
    assert_int_equal(r->members.n, 1);
    assert_str(r->members.v[0].user, "ana");
    assert_int_equal(r->members.v[0].role, ROLE_OWNER);
    assert_int_equal(r->tasks.n, 0);
    store_job_free(j);
}

static void assert_topic(struct store *s, const char *topic)
{
    struct store_job *j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    assert_str(j->rooms.v->topic, topic);
    store_job_free(j);
}

static void a_topic_comes_changes_and_goes(void **state)
{
    struct store *s = store_in(state);
    kit_ok(s, kit_room("#a", 1));
    assert_topic(s, "");
    kit_ok(s, kit_topic("#a", 2, 2, "Release 0.2 on Friday"));
    assert_topic(s, "Release 0.2 on Friday");
    kit_ok(s, kit_topic("#a", 3, 3, "Release 0.3"));
    assert_topic(s, "Release 0.3");
    kit_ok(s, kit_topic("#a", 4, 4, ""));
    assert_topic(s, "");
}

/* Who began it is one of them, and no owner. */
static void people_of_a_direct_conversation_are_its_members(void **state)
{
    struct store *s = store_in(state);
    kit_ok(s, kit_room("@ana+bo+cy", 1));
    struct store_job *j = kit_run(s, kit_read(JOB_ROOM, "@ana+bo+cy", 0, 0));
    const struct store_room *r = j->rooms.v;
    assert_int_equal(r->members.n, 3);
    for (size_t i = 0; i < r->members.n; i++)
        assert_int_equal(r->members.v[i].role, ROLE_MEMBER);
    assert_str(r->members.v[0].user, "ana");
    assert_str(r->members.v[2].user, "cy");
    store_job_free(j);
}

static void members_come_change_and_go(void **state)
{
    struct store *s = store_in(state);
    kit_ok(s, kit_room("#a", 1));
    kit_ok(s, kit_member("#a", 2, 2, "bo", ROLE_MEMBER));
    kit_ok(s, kit_member("#a", 3, 3, "cy", ROLE_MEMBER));
    kit_ok(s, kit_member("#a", 4, 4, "bo", ROLE_OBSERVER));
    kit_ok(s, kit_member("#a", 5, 5, "cy", ROLE_NONE));
    kit_ok(s, kit_member("#a", 6, 6, "nobody", ROLE_NONE));
    struct store_job *j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    assert_int_equal(j->rooms.v[0].members.n, 2);
    assert_str(j->rooms.v[0].members.v[1].user, "bo");
    assert_int_equal(j->rooms.v[0].members.v[1].role, ROLE_OBSERVER);
    store_job_free(j);
}

static void cards_are_as_the_last_event_left_them(void **state)
{
    struct store *s = store_in(state);
    kit_ok(s, kit_room("#a", 1));
    struct store_task one = {
        .number = 1, .title = STR("one"), .column = STR("Todo"), .key = STR("V")};
    struct store_task two = {
        .number = 2, .title = STR("two"), .column = STR("Todo"), .key = STR("W")};
    kit_ok(s, kit_task("#a", 2, 2, MSG_TASK_ADDED, one));
    kit_ok(s, kit_task("#a", 3, 3, MSG_TASK_ADDED, two));
    one.title = STR("erste");
    kit_ok(s, kit_task("#a", 4, 4, MSG_TASK_EDITED, one));
    one.column = STR("Done");
    one.key = STR("k");
    kit_ok(s, kit_task("#a", 5, 5, MSG_TASK_MOVED, one));
    two.archived = true;
    kit_ok(s, kit_task("#a", 6, 6, MSG_TASK_ARCHIVED, two));
    struct store_job *j = kit_run(s, kit_read(JOB_ROOM, "#a", 0, 0));
    const struct store_room *r = j->rooms.v;
    assert_int_equal(r->tasks.n, 2);
    assert_int_equal(r->tasks.v[0].number, 1);
    assert_str(r->tasks.v[0].title, "erste");
    assert_str(r->tasks.v[0].column, "Done");
    assert_str(r->tasks.v[0].key, "k");
    assert_false(r->tasks.v[0].archived);
    assert_true(r->tasks.v[1].archived);
    assert_int_equal(r->next_number, 3);
    store_job_free(j);
}

static void any_gap_is_read_in_pages(void **state)
{
    struct store *s = store_in(state);
    fill(s, 22);
    int64_t from = 0, pages = 0;
    bool more = true;
    while (more) {
        struct store_job *j = kit_run(s, kit_read(JOB_EVENTS, "#a", from, 10));
        for (size_t i = 0; i < j->events.n; i++)
            assert_int_equal(j->events.v[i].seq, ++from);
        more = j->more;
        pages++;
        store_job_free(j);
    }
    assert_int_equal(from, 23);
    assert_int_equal(pages, 3);
}

static void page_of_events_keeps_to_its_bytes(void **state)
{
    struct store *s = store_in(state);
    fill(s, 9);
    struct store_job *j = kit_read(JOB_EVENTS, "#a", 1, 100);
    j->bytes_limit = 1;
    kit_run(s, j);
    assert_int_equal(j->events.n, 1);
    assert_true(j->more);
    size_t one = j->events.v[0].json.n;
    store_job_free(j);
    j = kit_read(JOB_EVENTS, "#a", 1, 100);
    j->bytes_limit = 3 * one;
    kit_run(s, j);
    assert_int_equal(j->events.n, 3);
    store_job_free(j);
}

static void nothing_is_after_the_newest_event(void **state)
{
    struct store *s = store_in(state);
    fill(s, 2);
    static const int64_t from[] = {3, 4, SEQ_MAX, INT64_MAX};
    for (size_t i = 0; i < COUNT_OF(from); i++) {
        struct store_job *j = kit_run(s, kit_read(JOB_EVENTS, "#a", from[i], 10));
        assert_int_equal(j->err.code, ERR_NONE);
        assert_int_equal(j->events.n, 0);
        assert_false(j->more);
        store_job_free(j);
    }
}

static void history_is_chat_alone_oldest_first(void **state)
{
    struct store *s = store_in(state);
    kit_ok(s, kit_room("#a", 1));
    kit_ok(s, kit_message("#a", 2, 2, "first \"quoted\"\nline"));
    kit_ok(s, kit_member("#a", 3, 3, "bo", ROLE_MEMBER));
    kit_ok(s, kit_message("#a", 4, 4, "second"));
    kit_ok(s, kit_message("#a", 5, 5, "third"));
    struct store_job *j = kit_run(s, kit_read(JOB_HISTORY, "#a", 5, 2));
    assert_int_equal(j->messages.n, 2);
    assert_str(j->messages.v[0].text, "first \"quoted\"\nline");
    assert_str(j->messages.v[0].author, "ana");
    assert_int_equal(j->messages.v[0].seq, 2);
    assert_str(j->messages.v[1].text, "second");
    assert_false(j->more);
    store_job_free(j);
    j = kit_run(s, kit_read(JOB_HISTORY, "#a", SEQ_MAX, 2));
    assert_int_equal(j->messages.n, 2);
    assert_str(j->messages.v[0].text, "second");
    assert_true(j->more);
    store_job_free(j);
}

/* A page of long messages would take the reader from everybody else for as long as thousands
 * of short ones. */
static void page_of_history_keeps_to_its_bytes(void **state)
{
    struct store *s = store_in(state);
    kit_ok(s, kit_room("#a", 1));
    for (int64_t i = 2; i <= 6; i++)
        kit_ok(s, kit_message("#a", i, i, "0123456789012345678901234567890123456789"));
    static const struct {
        size_t bytes, n;
    } rows[] = {{1, 1}, {200, 2}, {100000, 5}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct store_job *j = kit_read(JOB_HISTORY, "#a", SEQ_MAX, 10);
        j->bytes_limit = rows[i].bytes;
        j = kit_run(s, j);
        assert_int_equal(j->err.code, ERR_NONE);
        assert_int_equal(j->messages.n, rows[i].n);
        assert_int_equal(j->messages.v[rows[i].n - 1].seq, 6);
        assert_int_equal(j->more, rows[i].n < 5);
        store_job_free(j);
    }
}

static void unknown_room_is_refused(void **state)
{
    static const enum store_job_kind kinds[] = {JOB_ROOM, JOB_EVENTS, JOB_HISTORY};
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        kit_refused(store_in(state), kit_read(kinds[i], "#nowhere", 0, 10), ERR_NOT_FOUND);
}

static void lookup_finds_a_request_and_the_clients_newest(void **state)
{
    struct store *s = store_in(state);
    fill(s, 4);
    struct store_job *j = kit_run(s, kit_lookup("ana", 3));
    assert_true(j->found);
    assert_int_equal(j->seq, 3);
    assert_str(j->found_room, "#a");
    assert_int_equal(j->newest_id, 5);
    store_job_free(j);
    j = kit_run(s, kit_lookup("ana", 99));
    assert_false(j->found);
    assert_int_equal(j->newest_id, 5);
    store_job_free(j);
    j = kit_run(s, kit_lookup("bo", 3));
    assert_false(j->found);
    assert_int_equal(j->newest_id, 0);
    store_job_free(j);
}

static void boot_brings_accounts_and_rooms(void **state)
{
    struct store *s = store_in(state);
    fill(s, 2);
    kit_ok(s, kit_room("#b", 9));
    kit_ok(s, kit_member("#b", 2, 10, "bo", ROLE_MEMBER));
    kit_ok(s, kit_user("ana", true, false, 20));
    struct store_job *j = kit_run(s, store_job_new(JOB_BOOT));
    assert_int_equal(j->rooms.n, 2);
    assert_str(j->rooms.v[0].name, "#a");
    assert_int_equal(j->rooms.v[0].seq, 3);
    assert_int_equal(j->rooms.v[0].members.n, 1);
    assert_str(j->rooms.v[1].name, "#b");
    assert_int_equal(j->rooms.v[1].members.n, 2);
    assert_int_equal(j->users.n, 1);
    assert_str(j->users.v[0].name, "ana");
    assert_true(j->users.v[0].admin);
    assert_int_equal(j->users.v[0].seen, 20);
    store_job_free(j);
}

/* ---- what was done ---- */

/* Two cards, chat and a comment, and a note in which ana writes twice. */

static void fill_activity(struct store *s)
{
    struct store_note note = {3, STR("plan"), false, KIT_TIME(7), STR("ana")};
    kit_ok(s, kit_room("#a", 1));
    kit_ok(s, kit_task("#a", 2, 2, MSG_TASK_ADDED,
                       (struct store_task){1, STR("x"), STR("Todo"), STR("V"), false, {0}, 0}));
    kit_ok(s, kit_message("#a", 3, 3, "only chat"));
    kit_ok(s, kit_task("#a", 4, 4, MSG_TASK_ADDED,
                       (struct store_task){2, STR("y"), STR("Todo"), STR("W"), false, {0}, 0}));
    struct store_job *comment = kit_message("#a", 5, 5, "on the card");
    comment->append.number = 1;
    kit_ok(s, comment);
    kit_ok(s, kit_note("#a", 6, 6, MSG_NOTE_CREATED, note));
    kit_ok(s, kit_edit("#a", 7, 7, 3, 1, "[\"a\"]"));
    kit_ok(s, kit_edit("#a", 8, 8, 3, 2, "[\"b\"]"));
    kit_ok(s, kit_message("#a", 9, 9, "more chat"));
}

struct wanted {
    int64_t from, limit, about;
    enum activity kind;
    const char *author;
    int64_t seqs[8]; /* until 0 */
    bool more;
};

static void check_activity(struct store *s, const struct wanted *w)
{
    struct store_job *q = kit_read(JOB_ACTIVITY, "#a", w->from, w->limit);
    q->text = w->about;
    q->activity = w->kind;
    q->author = str_of(w->author ? w->author : "");
    struct store_job *j = kit_run(s, q);
    assert_int_equal(j->err.code, ERR_NONE);
    size_t n = 0;
    while (w->seqs[n])
        n++;
    assert_int_equal(j->events.n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(j->events.v[i].seq, w->seqs[i]);
    assert_int_equal(j->more, w->more);
    store_job_free(j);
}

static void activity_is_what_was_asked_for(void **state)
{
    struct store *s = store_in(state);
    static const struct wanted rows[] = {
        {SEQ_MAX, 10, 0, ACTIVITY_ALL, NULL, {1, 2, 4, 5, 6, 8}, false},
        {SEQ_MAX, 2, 0, ACTIVITY_ALL, NULL, {6, 8}, true},
        {6, 10, 0, ACTIVITY_ALL, NULL, {1, 2, 4, 5}, false},
        {SEQ_MAX, 10, 1, ACTIVITY_ALL, NULL, {2, 5}, false},
        {SEQ_MAX, 10, 3, ACTIVITY_ALL, NULL, {6, 8}, false},
        {SEQ_MAX, 10, 0, ACTIVITY_COMMENTS, NULL, {5}, false},
        {SEQ_MAX, 10, 0, ACTIVITY_CARDS, NULL, {2, 4}, false},
        {SEQ_MAX, 10, 0, ACTIVITY_MEMBERS, NULL, {1}, false},
        {SEQ_MAX, 10, 0, ACTIVITY_ALL, "ana", {1, 2, 4, 5, 6, 8}, false},
        {SEQ_MAX, 10, 0, ACTIVITY_ALL, "nobody", {0}, false},
    };
    fill_activity(s);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check_activity(s, &rows[i]);
    kit_refused(s, kit_read(JOB_ACTIVITY, "#nowhere", 1, 1), ERR_NOT_FOUND);
}

/* Of those who write at the same time the log has each one's edits between the others'. */
static void activity_has_one_event_for_each_writer_of_a_text(void **state)
{
    struct store *s = store_in(state);
    static const struct wanted rows[] = {
        {SEQ_MAX, 3, 0, ACTIVITY_ALL, NULL, {2, 40, 41}, true},
        {SEQ_MAX, 3, 3, ACTIVITY_ALL, NULL, {2, 40, 41}, false},
        {SEQ_MAX, 3, 0, ACTIVITY_ALL, "bo", {41}, false},
        {20, 10, 0, ACTIVITY_ALL, NULL, {1, 2, 18, 19}, false},
    };
    kit_ok(s, kit_room("#a", 1));
    kit_ok(s, kit_note("#a", 2, 2, MSG_NOTE_CREATED,
                       (struct store_note){3, STR("plan"), false, KIT_TIME(2), STR("ana")}));
    for (int64_t seq = 3; seq <= 41; seq++) {
        struct store_job *j = kit_edit("#a", seq, seq, 3, seq - 2, "[\"a\"]");
        if (seq % 2)
            j->append.author = STR("bo");
        kit_ok(s, j);
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check_activity(s, &rows[i]);
}

int store_contract_run(const char *name, struct store *(*open)(void))
{
    struct CMUnitTest tests[] = {
        ROW(event_comes_back_as_it_was_written),
        ROW(wrong_sequence_number_fails_alone),
        ROW(retry_is_answered_and_not_stored_again),
        ROW(retry_in_the_same_group_is_found),
        ROW(the_servers_own_events_are_never_retries),
        ROW(retry_gets_the_number_of_its_card),
        ROW(new_room_has_its_columns_and_owner),
        ROW(members_come_change_and_go),
        ROW(a_topic_comes_changes_and_goes),
        ROW(people_of_a_direct_conversation_are_its_members),
        ROW(cards_are_as_the_last_event_left_them),
        ROW(any_gap_is_read_in_pages),
        ROW(page_of_events_keeps_to_its_bytes),
        ROW(nothing_is_after_the_newest_event),
        ROW(history_is_chat_alone_oldest_first),
        ROW(page_of_history_keeps_to_its_bytes),
        ROW(activity_is_what_was_asked_for),
        ROW(activity_has_one_event_for_each_writer_of_a_text),
        ROW(unknown_room_is_refused),
        ROW(lookup_finds_a_request_and_the_clients_newest),
        ROW(boot_brings_accounts_and_rooms),
    };
    return contract_run(name, open, tests, COUNT_OF(tests));
}
