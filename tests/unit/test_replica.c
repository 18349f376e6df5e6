#include "replica.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define OWN STR("ownclient")

/* A room as ana knows it, and the server's numbering. */
struct fixture {
    struct replica *r;
    int64_t seq, id;
};

static int set_up(void **state)
{
    struct fixture *f = NEW(struct fixture);
    f->r = replica_new(STR("#core"));
    strcpy(f->r->user, "ana");
    f->r->role = ROLE_MEMBER;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    struct err e = {0};
    bool ok = replica_check(f->r, &e);
    if (!ok)
        print_error("%s\n", e.text);
    replica_free(f->r);
    free(f);
    return ok ? 0 : -1;
}

/* ---- what the server says ---- */

static bool apply(struct fixture *f, struct msg *m, struct err *e)
{
    return replica_apply(f->r, m, OWN, 1000, e);
}

static void must_apply(struct fixture *f, struct msg *m)
{
    struct err e = {0};
    if (!apply(f, m, &e))
        fail_msg("%s", e.text);
}

/* Own ones carry the id that they answer. */
static struct msg event(struct fixture *f, enum msg_type type, int64_t own_id)
{
    struct msg m = {.type = type};
    m.event = (struct event_head){.room = STR("#core"),
                                  .seq = ++f->seq,
                                  .time = 5000 + f->seq,
                                  .author = own_id ? STR("ana") : STR("ben"),
                                  .client = own_id ? OWN : STR("otherone"),
                                  .id = own_id ? own_id : f->seq};
    return m;
}

static void created(struct fixture *f)
{
    struct column_item columns[] = {{STR("Todo")}, {STR("Doing")}, {STR("Done")}};
    struct msg m = event(f, MSG_ROOM_CREATED, 0);
    m.room_created.columns.v = columns;
    m.room_created.columns.n = COUNT_OF(columns);
    must_apply(f, &m);
}

static void added(struct fixture *f, int64_t number, const char *title, const char *key,
                  int64_t own_id)
{
    struct msg m = event(f, MSG_TASK_ADDED, own_id);
    m.task_added.task = number;
    m.task_added.title = str_of(title);
    m.task_added.column = STR("Todo");
    m.task_added.key = str_of(key);
    must_apply(f, &m);
}

static void said(struct fixture *f, const char *text, int64_t own_id)
{
    struct msg m = event(f, MSG_MESSAGE, own_id);
    m.message.text = str_of(text);
    must_apply(f, &m);
}

/* ---- what we ask for ---- */

static struct msg request(struct fixture *f, enum msg_type type)
{
    struct msg m = {.type = type};
    m.request.id = ++f->id;
    m.request.room = STR("#core");
    return m;
}

static int64_t ask(struct fixture *f, struct msg *m)
{
    struct err e = {0};
    if (!replica_request(f->r, m, 2000, &e))
        fail_msg("%s", e.text);
    return m->request.id;
}

static int64_t ask_add(struct fixture *f, const char *title, int64_t after)
{
    struct msg m = request(f, MSG_TASK_ADD);
    m.task_add.title = str_of(title);
    m.task_add.after = after;
    return ask(f, &m);
}

static int64_t ask_edit(struct fixture *f, int64_t task, const char *title)
{
    struct msg m = request(f, MSG_TASK_EDIT);
    m.task_edit.task = task;
    m.task_edit.title = str_of(title);
    return ask(f, &m);
}

static int64_t ask_move(struct fixture *f, int64_t task, const char *column, int64_t after)
{
    struct msg m = request(f, MSG_TASK_MOVE);
    m.task_move.task = task;
    m.task_move.column = str_of(column);
    m.task_move.after = after;
    return ask(f, &m);
}

static int64_t ask_archive(struct fixture *f, int64_t task)
{
    struct msg m = request(f, MSG_TASK_ARCHIVE);
    m.task_archive.task = task;
    return ask(f, &m);
}

/* Titles of a column, joined by blanks. */
static const char *column(const struct fixture *f, int i)
{
    static char out[400];
    out[0] = '\0';
    vec_each (c, &f->r->board.columns.v[i].cards) {
        strcat(out, (*c)->title);
        strcat(out, " ");
    }
    return out;
}

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

static void the_inverse_takes_back_what_was_asked(void **state)
{
    struct fixture *f = *state;
    struct arena a = {0};
    struct msg back, m = request(f, MSG_TASK_MOVE);
    created(f);
    added(f, 1, "one", "F", 0);
    added(f, 2, "two", "V", 0);
    added(f, 3, "three", "k", 0);
    m.task_move.task = 2;
    m.task_move.column = STR("Done");
    m.task_move.after = AFTER_END;
    ask(f, &m);
    assert_string_equal(column(f, 0), "one three ");
    assert_true(replica_inverse(f->r, &m, &back, &a));
    back.request = (struct request_head){++f->id, STR("#core")};
    ask(f, &back);
    assert_string_equal(column(f, 0), "one two three ");
    arena_finish(&a);
}

static void every_kind_has_its_inverse(void **state)
{
    struct fixture *f = *state;
    struct arena a = {0};
    struct msg back, m;
    created(f);
    added(f, 1, "one", "F", 0);
    m = request(f, MSG_TASK_EDIT);
    m.request.id = ask_edit(f, 1, "other");
    assert_true(replica_inverse(f->r, &m, &back, &a));
    assert_int_equal(back.type, MSG_TASK_EDIT);
    assert_true(str_is(back.task_edit.title, "one"));
    m.request.id = ask_archive(f, 1);
    assert_true(replica_inverse(f->r, &m, &back, &a));
    assert_int_equal(back.type, MSG_TASK_RESTORE);
    assert_int_equal(back.task_restore.task, 1);
    m.request.id = ask_add(f, "new", 0);
    assert_true(replica_inverse(f->r, &m, &back, &a));
    assert_int_equal(back.type, MSG_TASK_ARCHIVE);
    assert_int_equal(back.task_archive.task, -m.request.id);
    m.request.id = 999;
    assert_false(replica_inverse(f->r, &m, &back, &a));
    arena_finish(&a);
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

/* ---- snapshots ---- */

static struct msg part(int64_t seq, int64_t number, bool more, const char *title)
{
    static struct column_item columns[1];
    static struct task_item task;
    static struct member_item member;
    struct msg m = {.type = MSG_SNAPSHOT};
    m.snapshot = (struct msg_snapshot){.room = STR("#core"),
                                       .seq = seq,
                                       .part = number,
                                       .more = more,
                                       .next_number = number + 2};
    task = (struct task_item){number + 1, str_of(title), STR("Todo"), STR("V")};
    if (number == 0) {
        columns[0].name = STR("Todo");
        member = (struct member_item){STR("ana"), ROLE_MEMBER, true};
        m.snapshot.columns.v = columns;
        m.snapshot.columns.n = 1;
        m.snapshot.members.v = &member;
        m.snapshot.members.n = 1;
    }
    m.snapshot.tasks.v = &task;
    m.snapshot.tasks.n = 1;
    return m;
}

static void half_a_snapshot_changes_nothing(void **state)
{
    struct fixture *f = *state;
    created(f);
    added(f, 1, "old", "V", 0);
    struct msg first = part(50, 0, true, "new");
    must_apply(f, &first);
    assert_string_equal(column(f, 0), "old ");
    replica_unlink(f->r);
    assert_int_equal(f->r->seq, 2);
    struct msg second = part(50, 1, false, "newer");
    struct err e = {0};
    assert_false(apply(f, &second, &e));
    assert_string_equal(column(f, 0), "old ");
}

static void a_snapshot_replaces_all_but_what_waits(void **state)
{
    struct fixture *f = *state;
    created(f);
    said(f, "before", 0);
    int64_t id = ask_add(f, "mine", AFTER_END);
    struct msg one = part(50, 0, true, "new"), two;
    must_apply(f, &one);
    two = part(50, 1, false, "newer");
    must_apply(f, &two);
    assert_string_equal(column(f, 0), "new newer mine ");
    assert_int_equal(f->r->role, ROLE_MEMBER);
    assert_int_equal(f->r->lines.n, 0);
    assert_true(f->r->has_older);
    f->seq = 50;
    added(f, 9, "mine", "W", id);
    assert_string_equal(column(f, 0), "new newer mine ");
}

static void what_a_snapshot_contains_waits_no_longer(void **state)
{
    struct fixture *f = *state;
    created(f);
    int64_t id = ask_add(f, "mine", AFTER_END);
    replica_saved(f->r, id, 2, 1);
    assert_int_equal(f->r->pending.n, 1); /* its event is not here yet */
    struct msg m = part(50, 0, false, "mine");
    must_apply(f, &m);
    assert_string_equal(column(f, 0), "mine ");
    assert_int_equal(f->r->pending.n, 0);
    assert_int_equal(replica_number_of(f->r, -id), 1);
}

static void an_answer_behind_the_snapshot_is_taken_too(void **state)
{
    struct fixture *f = *state;
    created(f);
    int64_t id = ask_add(f, "mine", AFTER_END);
    struct msg m = part(50, 0, false, "mine");
    must_apply(f, &m);
    assert_string_equal(column(f, 0), "mine mine "); /* nobody can tell yet */
    replica_saved(f->r, id, 2, 1);
    assert_string_equal(column(f, 0), "mine ");
}

/* ---- chat ---- */

static void page(struct fixture *f, int64_t re, int64_t from, int64_t to, bool more)
{
    struct message_item *items = calloc((size_t)(to - from + 1), sizeof *items);
    struct msg m = {.type = MSG_HISTORY_PAGE};
    for (int64_t i = from; i <= to; i++)
        items[i - from] = (struct message_item){i, 1, STR("ben"), STR("text")};
    m.history_page.head.re = re;
    m.history_page.room = STR("#core");
    m.history_page.messages.v = items;
    m.history_page.messages.n = (size_t)(to - from + 1);
    m.history_page.more = more;
    must_apply(f, &m);
    free(items);
}

static void older_chat_goes_in_front(void **state)
{
    struct fixture *f = *state;
    struct msg m = part(100, 0, false, "x");
    must_apply(f, &m);
    f->seq = 100;
    said(f, "live", 0);
    replica_asked(f->r, 5);
    page(f, 5, 81, 100, true);
    replica_asked(f->r, 6);
    page(f, 6, 61, 80, true);
    assert_int_equal(f->r->lines.n, 41);
    assert_int_equal(f->r->lines.v[0]->seq, 61);
    assert_int_equal(replica_oldest(f->r), 61);
    replica_asked(f->r, 7);
    page(f, 7, 1, 60, false);
    assert_false(f->r->has_older);
}

static void pages_that_were_not_asked_for_are_passed_over(void **state)
{
    struct fixture *f = *state;
    struct msg m = part(100, 0, false, "x");
    must_apply(f, &m);
    page(f, 5, 81, 100, true); /* somebody else's question */
    assert_int_equal(f->r->lines.n, 0);
    replica_asked(f->r, 6);
    struct msg later = part(200, 0, false, "x");
    must_apply(f, &later);
    page(f, 6, 81, 100, true); /* of before the gap */
    assert_int_equal(f->r->lines.n, 0);
}

static void overlapping_pages_do_not_double_lines(void **state)
{
    struct fixture *f = *state;
    struct msg m = part(100, 0, false, "x");
    must_apply(f, &m);
    replica_asked(f->r, 5);
    page(f, 5, 90, 100, true);
    replica_asked(f->r, 6);
    page(f, 6, 85, 95, true);
    assert_int_equal(f->r->lines.n, 16);
}

static void own_lines_are_not_unread(void **state)
{
    struct fixture *f = *state;
    created(f);
    said(f, "theirs", 0);
    said(f, "mine", 77);
    said(f, "theirs again", 0);
    assert_int_equal(replica_unread(f->r), 2);
    f->r->read_seq = f->seq - 1;
    assert_int_equal(replica_unread(f->r), 1);
}

/* ---- people ---- */

static void state_of(struct fixture *f, enum msg_type type, const char *user, bool on)
{
    struct msg m = {.type = type};
    m.state = (struct state_head){STR("#core"), str_of(user), 7};
    if (type == MSG_PRESENCE)
        m.presence.online = on;
    else if (type == MSG_TYPING)
        m.typing.on = on;
    else
        m.cursor.task = on ? 42 : 0;
    must_apply(f, &m);
}

static void whoever_leaves_takes_typing_and_cursor_along(void **state)
{
    struct fixture *f = *state;
    created(f);
    state_of(f, MSG_PRESENCE, "ben", true);
    state_of(f, MSG_TYPING, "ben", true);
    state_of(f, MSG_CURSOR, "ben", true);
    const struct person *p = replica_person(f->r, STR("ben"));
    assert_true(p->online && p->typing_until > 1000 && p->cursor == 42);
    state_of(f, MSG_PRESENCE, "ben", false);
    p = replica_person(f->r, STR("ben"));
    assert_true(!p->online && p->typing_until == 0 && p->cursor == 0);
}

static void without_a_link_nobody_is_here(void **state)
{
    struct fixture *f = *state;
    created(f);
    state_of(f, MSG_PRESENCE, "ben", true);
    state_of(f, MSG_PRESENCE, "guest", true);
    replica_unlink(f->r);
    assert_false(replica_person(f->r, STR("ben"))->online);
    assert_null(replica_person(f->r, STR("guest"))); /* no member: no reason to be listed */
}

/* ---- writing and size ---- */

static void copy_to(void *arg, const struct msg *m)
{
    struct fixture *f = arg;
    struct msg copy = *m;
    if (m->type == MSG_HISTORY_PAGE)
        replica_asked(f->r, m->answer.re);
    must_apply(f, &copy);
}

static void what_is_written_makes_an_equal_replica(void **state)
{
    struct fixture *f = *state;
    struct fixture copy = {.r = replica_new(STR("#core"))};
    char key[16], title[20];
    created(f);
    for (int i = 1; i <= 1300; i++) {
        snprintf(key, sizeof key, "%dV", 1000 + i);
        snprintf(title, sizeof title, "card %d", i);
        added(f, i, title, key, 0);
        said(f, title, 0);
    }
    ask_edit(f, 3, "not confirmed");
    replica_write(f->r, 700, copy_to, &copy);
    replica_refused(f->r, f->id);
    assert_true(board_is_equal(&f->r->board, &copy.r->board));
    assert_int_equal(copy.r->seq, f->r->seq);
    assert_int_equal(copy.r->board.next_number, f->r->board.next_number);
    assert_int_equal(copy.r->lines.n, 700);
    assert_true(copy.r->has_older);
    assert_int_equal(copy.r->lines.v[699]->seq, f->seq);
    assert_int_equal(copy.r->people.n, f->r->people.n);
    replica_free(copy.r);
}

static void ten_thousand_cards_and_a_hundred_thousand_lines_are_small(void **state)
{
    struct fixture *f = *state;
    char key[16], text[80];
    created(f);
    for (int i = 1; i <= 10000; i++) {
        snprintf(key, sizeof key, "%dV", 10000 + i);
        snprintf(text, sizeof text, "card %d with a title of about fifty characters", i);
        added(f, i, text, key, 0);
    }
    for (int i = 0; i < 100000; i++) {
        snprintf(text, sizeof text, "line %d as people write them, about sixty characters", i);
        said(f, text, 0);
    }
#if !defined(__SANITIZE_ADDRESS__)
    size_t used = mallinfo2().uordblks;
    assert_true(used < (size_t)20 * 1024 * 1024);
#endif
    assert_int_equal(f->r->lines.n, 100000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

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
        TEST(an_event_that_is_not_the_next_changes_nothing),
        TEST(an_event_that_fits_no_board_is_a_fault_and_changes_nothing),
        TEST(half_a_snapshot_changes_nothing),
        TEST(a_snapshot_replaces_all_but_what_waits),
        TEST(what_a_snapshot_contains_waits_no_longer),
        TEST(an_answer_behind_the_snapshot_is_taken_too),
        TEST(older_chat_goes_in_front),
        TEST(pages_that_were_not_asked_for_are_passed_over),
        TEST(overlapping_pages_do_not_double_lines),
        TEST(own_lines_are_not_unread),
        TEST(whoever_leaves_takes_typing_and_cursor_along),
        TEST(without_a_link_nobody_is_here),
        TEST(what_is_written_makes_an_equal_replica),
        TEST(ten_thousand_cards_and_a_hundred_thousand_lines_are_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
