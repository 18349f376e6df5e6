#include "replica_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* ---- pending actions ---- */

static void an_own_card_shows_at_once_and_keeps_its_place(void **state)
{
    struct fixture *f = *state;
    created(f);
    added(f, 1, "one", "V", 0);
    int64_t id = ask_add(f, "mine", AFTER_END);
    assert_string_equal(column(f, 0), "one mine ");
    assert_true(replica_card_is_pending(f->r, -id));
    added(f, 2, "mine", "W", id);
    assert_string_equal(column(f, 0), "one mine ");
    assert_false(replica_card_is_pending(f->r, 2));
    assert_int_equal(f->r->pending.n, 0);
}

static void the_servers_key_corrects_a_wrong_guess(void **state)
{
    struct fixture *f = *state;
    created(f);
    added(f, 1, "one", "V", 0);
    int64_t id = ask_add(f, "mine", AFTER_END);
    added(f, 2, "theirs", "Z", 0); /* was first */
    assert_string_equal(column(f, 0), "one theirs mine ");
    added(f, 3, "mine", "W", id); /* the server put it in between */
    assert_string_equal(column(f, 0), "one mine theirs ");
}

static void what_waits_for_a_new_card_follows_its_number(void **state)
{
    struct fixture *f = *state;
    created(f);
    int64_t id = ask_add(f, "mine", AFTER_END);
    ask_edit(f, -id, "better");
    ask_move(f, -id, "Doing", 0);
    assert_string_equal(column(f, 1), "better ");
    added(f, 7, "mine", "V", id);
    assert_string_equal(column(f, 1), "better ");
    assert_int_equal(replica_number_of(f->r, -id), 7);
    assert_int_equal(replica_number_of(f->r, 7), 7);
    assert_int_equal(replica_number_of(f->r, -99), -99);
    assert_true(replica_card_is_pending(f->r, 7));
    assert_true(replica_card_is_pending(f->r, -id));
}

static void others_changes_come_in_below_ours(void **state)
{
    struct fixture *f = *state;
    created(f);
    added(f, 1, "one", "V", 0);
    int64_t id = ask_edit(f, 1, "mine");
    struct msg m = event(f, MSG_TASK_EDITED, 0);
    m.task_edited.task = 1;
    m.task_edited.title = STR("theirs");
    must_apply(f, &m);
    assert_string_equal(column(f, 0), "mine ");
    replica_refused(f->r, id);
    assert_string_equal(column(f, 0), "theirs ");
}

static void a_refused_add_takes_what_leans_on_it_off_the_screen(void **state)
{
    struct fixture *f = *state;
    created(f);
    int64_t id = ask_add(f, "mine", AFTER_END);
    int64_t second = ask_edit(f, -id, "better");
    replica_refused(f->r, id);
    assert_string_equal(column(f, 0), "");
    assert_int_equal(f->r->pending.n, 1);
    replica_refused(f->r, second);
    assert_int_equal(f->r->pending.n, 0);
}

static void what_fits_no_more_waits_unseen(void **state)
{
    struct fixture *f = *state;
    created(f);
    added(f, 1, "one", "V", 0);
    int64_t id = ask_edit(f, 1, "mine");
    struct msg gone = event(f, MSG_TASK_ARCHIVED, 0);
    gone.task_archived.task = 1;
    must_apply(f, &gone);
    assert_int_equal(f->r->pending.n, 1);
    struct msg back = event(f, MSG_TASK_RESTORED, 0);
    back.task_restored.task = 1;
    back.task_restored.title = STR("one");
    back.task_restored.column = STR("Todo");
    back.task_restored.key = STR("V");
    must_apply(f, &back);
    assert_string_equal(column(f, 0), "mine ");
    replica_refused(f->r, id);
    assert_string_equal(column(f, 0), "one ");
}

static void a_request_that_does_not_fit_is_refused_here(void **state)
{
    struct fixture *f = *state;
    struct err e = {0};
    created(f);
    struct msg m = request(f, MSG_TASK_ARCHIVE);
    m.task_archive.task = 12;
    assert_false(replica_request(f->r, &m, 0, &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
    assert_int_equal(f->r->pending.n, 0);
}

static void in_an_unknown_room_everything_may_fit(void **state)
{
    struct fixture *f = *state;
    int64_t id = ask_add(f, "early", AFTER_END);
    assert_int_equal(f->r->pending.n, 1);
    created(f);
    assert_string_equal(column(f, 0), "early ");
    added(f, 1, "early", "V", id);
    assert_string_equal(column(f, 0), "early ");
}

static void somebody_elses_event_with_our_ids_is_not_ours(void **state)
{
    struct fixture *f = *state;
    created(f);
    struct msg post = request(f, MSG_MESSAGE_POST);
    post.message_post.text = STR("mine");
    int64_t id = ask(f, &post);
    struct msg m = event(f, MSG_MESSAGE, id);
    m.event.author = STR("mallory");
    m.message.text = STR("not yours");
    must_apply(f, &m);
    assert_int_equal(f->r->pending.n, 1);
    said(f, "mine", id);
    assert_int_equal(f->r->pending.n, 0);
}

/* ---- undo ---- */

/* The only request that takes back request id. */
static struct msg inverse_of(struct fixture *f, int64_t id, struct arena *a)
{
    struct requests back = {0};
    assert_int_equal(replica_inverses(f->r, id, &back, a), 1);
    struct msg m = back.v[0];
    vec_finish(&back);
    return m;
}

static void the_inverse_takes_back_what_was_asked(void **state)
{
    struct fixture *f = *state;
    struct arena a = {0};
    created(f);
    added(f, 1, "one", "F", 0);
    added(f, 2, "two", "V", 0);
    added(f, 3, "three", "k", 0);
    struct msg back = inverse_of(f, ask_move(f, 2, "Done", AFTER_END), &a);
    assert_string_equal(column(f, 0), "one three ");
    back.request = (struct request_head){.id = ++f->id, .room = STR("#core")};
    ask(f, &back);
    assert_string_equal(column(f, 0), "one two three ");
    arena_finish(&a);
}

static void every_kind_has_its_inverse(void **state)
{
    struct fixture *f = *state;
    struct arena a = {0};
    struct requests none = {0};
    created(f);
    added(f, 1, "one", "F", 0);
    struct msg back = inverse_of(f, ask_edit(f, 1, "other"), &a);
    assert_int_equal(back.type, MSG_TASK_EDIT);
    assert_true(str_is(back.task_edit.title, "one"));
    back = inverse_of(f, ask_archive(f, 1), &a);
    assert_int_equal(back.type, MSG_TASK_RESTORE);
    assert_int_equal(back.task_restore.task, 1);
    int64_t id = ask_add(f, "new", 0);
    back = inverse_of(f, id, &a);
    assert_int_equal(back.type, MSG_TASK_ARCHIVE);
    assert_int_equal(back.task_archive.task, -id);
    assert_int_equal(replica_inverses(f->r, 999, &none, &a), 0);
    arena_finish(&a);
}

static void columns_have_inverses_too(void **state)
{
    struct fixture *f = *state;
    struct arena a = {0};
    struct requests back = {0};
    struct msg m = request(f, MSG_COLUMN_REMOVE);
    created(f);
    added(f, 1, "one", "F", 0);
    added(f, 2, "two", "V", 0);
    m.column_remove.column = STR("Todo");
    m.column_remove.to = STR("Done");
    int64_t id = ask(f, &m);
    assert_string_equal(column(f, 0), "");
    assert_int_equal(replica_inverses(f->r, id, &back, &a), 3);
    for (size_t i = 0; i < back.n; i++) {
        back.v[i].request = (struct request_head){.id = ++f->id, .room = STR("#core")};
        ask(f, &back.v[i]);
    }
    assert_string_equal(f->r->board.columns.v[0].name, "Todo");
    assert_string_equal(column(f, 0), "one two ");
    vec_finish(&back);
    arena_finish(&a);
}

/* A thousand cards are moved at once: that the server agrees must not cost a thousand moves
 * each time. */
static void an_answer_that_agrees_takes_nothing_back(void **state)
{
    struct fixture *f = *state;
    created(f);
    added(f, 1, "one", "F", 0);
    added(f, 2, "two", "V", 0);
    int64_t first = ask_move(f, 1, "Done", AFTER_END), second = ask_move(f, 2, "Done", 1);
    const struct card *two = board_card(&f->r->board, 2);
    uint64_t version = f->r->board_version;
    struct msg m = event(f, MSG_TASK_MOVED, first);
    m.task_moved.task = 1;
    m.task_moved.column = STR("Done");
    m.task_moved.key = str_of(board_card(&f->r->board, 1)->key);
    must_apply(f, &m);
    assert_int_equal(f->r->board_version, version);
    assert_int_equal(f->r->pending.n, 1);
    m = event(f, MSG_TASK_MOVED, second); /* and one that does not */
    m.task_moved.task = 2;
    m.task_moved.column = STR("Done");
    m.task_moved.key = STR("zz");
    must_apply(f, &m);
    assert_string_equal(two->key, "zz");
    assert_int_equal(f->r->pending.n, 0);
    assert_string_equal(column(f, 2), "one two ");
}

/* A field that is confirmed that way is ours from that event on. */
static void an_answer_that_agrees_leaves_its_stamp(void **state)
{
    struct fixture *f = *state;
    created(f);
    added(f, 1, "one", "F", 0);
    struct msg m = event(f, MSG_TASK_EDITED, ask_edit(f, 1, "other"));
    m.task_edited.task = 1;
    m.task_edited.title = STR("other");
    must_apply(f, &m);
    assert_int_equal(card_stamp_of(board_card(&f->r->board, 1), CARD_TITLE)->seq, f->seq);
}

/* ---- order ---- */

static void an_event_that_is_not_the_next_changes_nothing(void **state)
{
    struct fixture *f = *state;
    struct err e = {0};
    created(f);
    said(f, "one", 0);
    f->seq--;
    struct msg again = event(f, MSG_MESSAGE, 0);
    again.message.text = STR("one");
    must_apply(f, &again); /* seen before */
    f->seq++;
    struct msg early = event(f, MSG_MESSAGE, 0);
    assert_false(apply(f, &early, &e));
    assert_int_equal(e.code, ERR_OUT_OF_ORDER);
    assert_int_equal(f->r->lines.n, 1);
    assert_int_equal(f->r->seq, 2);
}

static void an_event_that_fits_no_board_is_a_fault_and_changes_nothing(void **state)
{
    struct fixture *f = *state;
    struct err e = {0};
    created(f);
    added(f, 1, "one", "V", 0);
    ask_edit(f, 1, "mine");
    struct msg m = event(f, MSG_TASK_ARCHIVED, 0);
    m.task_archived.task = 5;
    assert_false(apply(f, &m, &e));
    assert_int_equal(e.code, ERR_INTERNAL);
    assert_string_equal(column(f, 0), "mine ");
    assert_int_equal(f->r->seq, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_own_card_shows_at_once_and_keeps_its_place),
        TEST(the_servers_key_corrects_a_wrong_guess),
        TEST(what_waits_for_a_new_card_follows_its_number),
        TEST(others_changes_come_in_below_ours),
        TEST(a_refused_add_takes_what_leans_on_it_off_the_screen),
        TEST(what_fits_no_more_waits_unseen),
        TEST(a_request_that_does_not_fit_is_refused_here),
        TEST(in_an_unknown_room_everything_may_fit),
        TEST(somebody_elses_event_with_our_ids_is_not_ours),
        TEST(the_inverse_takes_back_what_was_asked),
        TEST(every_kind_has_its_inverse),
        TEST(columns_have_inverses_too),
        TEST(an_answer_that_agrees_takes_nothing_back),
        TEST(an_answer_that_agrees_leaves_its_stamp),
        TEST(an_event_that_is_not_the_next_changes_nothing),
        TEST(an_event_that_fits_no_board_is_a_fault_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
