/* Snapshots, chat, people, and what is written for the cache. */
#include "replica_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Bytes that are allocated now; a sanitizer has an allocator of its own, which counts them. */
#if defined(__SANITIZE_ADDRESS__)
size_t __sanitizer_get_current_allocated_bytes(void); /* its header comes with clang alone */

static size_t allocated(void)
{
    return __sanitizer_get_current_allocated_bytes();
}
#else
#include <malloc.h>
static size_t allocated(void)
{
    return mallinfo2().uordblks;
}
#endif

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
    task = (struct task_item){
        .number = number + 1, .title = str_of(title), .column = STR("Todo"), .key = STR("V")};
    if (number == 0) {
        columns[0].name = STR("Todo");
        member = (struct member_item){.user = STR("ana"), .role = ROLE_MEMBER, .online = true};
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

static void page_of(struct fixture *f, int64_t re, int64_t from, int64_t to, bool more,
                    bool newer)
{
    struct message_item *items = calloc((size_t)(to - from + 1), sizeof *items);
    struct msg m = {.type = MSG_HISTORY_PAGE};
    for (int64_t i = from; i <= to; i++)
        items[i - from] = (struct message_item){
            .seq = i, .time = 1, .author = STR("ben"), .text = STR("text")};
    m.history_page.head.re = re;
    m.history_page.room = STR("#core");
    m.history_page.messages.v = items;
    m.history_page.messages.n = (size_t)(to - from + 1);
    m.history_page.more = more;
    m.history_page.newer = newer;
    must_apply(f, &m);
    free(items);
}

static void page(struct fixture *f, int64_t re, int64_t from, int64_t to, bool more)
{
    page_of(f, re, from, to, more, false);
}

static void older_chat_goes_in_front(void **state)
{
    struct fixture *f = *state;
    struct msg m = part(100, 0, false, "x");
    must_apply(f, &m);
    f->seq = 100;
    said(f, "live", 0);
    replica_asked(f->r, ASKED_OLDER, 5);
    page(f, 5, 81, 100, true);
    replica_asked(f->r, ASKED_OLDER, 6);
    page(f, 6, 61, 80, true);
    assert_int_equal(f->r->lines.n, 41);
    assert_int_equal(f->r->lines.v[0]->seq, 61);
    assert_int_equal(replica_oldest(f->r), 61);
    replica_asked(f->r, ASKED_OLDER, 7);
    page(f, 7, 1, 60, false);
    assert_false(f->r->has_older);
}

static void room_in_which_nothing_was_said_has_an_empty_page(void **state)
{
    struct fixture *f = *state;
    struct msg m = part(1, 0, false, "x");
    must_apply(f, &m);
    replica_asked(f->r, ASKED_OLDER, 5);
    page(f, 5, 1, 0, false);
    assert_false(f->r->has_older);
    assert_int_equal(replica_oldest(f->r), 1);
}

static void pages_that_were_not_asked_for_are_passed_over(void **state)
{
    struct fixture *f = *state;
    struct msg m = part(100, 0, false, "x");
    must_apply(f, &m);
    page(f, 5, 81, 100, true); /* somebody else's question */
    assert_int_equal(f->r->lines.n, 0);
    replica_asked(f->r, ASKED_OLDER, 6);
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
    replica_asked(f->r, ASKED_OLDER, 5);
    page(f, 5, 90, 100, true);
    replica_asked(f->r, ASKED_OLDER, 6);
    page(f, 6, 85, 95, true);
    assert_int_equal(f->r->lines.n, 16);
}

static void copy_to(void *arg, const struct msg *m)
{
    struct fixture *f = arg;
    struct msg copy = *m;
    if (m->type == MSG_HISTORY_PAGE)
        replica_asked(f->r, ASKED_OLDER, m->answer.re);
    must_apply(f, &copy);
}

/* The lines as runs: "61-80 91-101". */
static const char *runs(const struct fixture *f)
{
    static char text[200];
    size_t n = 0;
    text[0] = '\0';
    for (size_t i = 0, first = 0; i < f->r->lines.n; i++) {
        bool ends =
            i + 1 == f->r->lines.n || f->r->lines.v[i + 1]->seq != f->r->lines.v[i]->seq + 1;
        if (ends)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%lld-%lld", n ? " " : "",
                                  (long long)f->r->lines.v[first]->seq,
                                  (long long)f->r->lines.v[i]->seq);
        first = ends ? i + 1 : first;
    }
    return text;
}

/* Message 1000 is the newest; 981 to 1000 are here. */
static void have_present(struct fixture *f)
{
    struct msg m = part(1000, 0, false, "x");
    must_apply(f, &m);
    f->seq = 1000;
    replica_asked(f->r, ASKED_OLDER, 5);
    page(f, 5, 981, 1000, true);
}

static void around(struct fixture *f, int64_t from, int64_t to, bool more)
{
    replica_asked(f->r, ASKED_AROUND, 6);
    page_of(f, 6, from, to, more, to < 1000);
}

static void stretch_of_the_past_grows_until_it_meets_the_present(void **state)
{
    struct fixture *f = *state;
    have_present(f);
    around(f, 500, 519, true);
    assert_string_equal(runs(f), "500-519 981-1000");
    assert_int_equal(f->r->past, 20);
    assert_int_equal(replica_oldest(f->r), 500);
    assert_true(replica_covers(f->r, 510));
    assert_false(replica_covers(f->r, 520));
    assert_false(replica_covers(f->r, 499));
    assert_true(replica_covers(f->r, 981));
    replica_asked(f->r, ASKED_OLDER, 7);
    page(f, 7, 490, 499, true);
    replica_asked(f->r, ASKED_NEWER, 8);
    page(f, 8, 515, 540, true);
    assert_string_equal(runs(f), "490-540 981-1000");
    assert_int_equal(f->r->past, 51);
    said(f, "live", 0);
    replica_asked(f->r, ASKED_NEWER, 9);
    page(f, 9, 541, 985, true);
    assert_string_equal(runs(f), "490-1001");
    assert_int_equal(f->r->past, 0);
    assert_int_equal(replica_oldest(f->r), 490);
    assert_true(f->r->has_older);
}

static void another_stretch_takes_the_place_of_the_first(void **state)
{
    struct fixture *f = *state;
    have_present(f);
    around(f, 500, 519, true);
    around(f, 1, 20, false);
    assert_string_equal(runs(f), "1-20 981-1000");
    assert_false(f->r->has_older);
    assert_false(replica_covers(f->r, 21));
    replica_leave_past(f->r);
    assert_string_equal(runs(f), "981-1000");
    assert_true(f->r->has_older);
    assert_int_equal(replica_oldest(f->r), 981);
    around(f, 970, 990, true);
    assert_string_equal(runs(f), "970-1000");
    assert_int_equal(f->r->past, 0);
    assert_int_equal(replica_oldest(f->r), 970);
}

/* What is kept on disk is the present alone. */
static void stretch_of_the_past_is_not_written(void **state)
{
    struct fixture *f = *state;
    struct fixture copy = {.r = replica_new(STR("#core"))};
    have_present(f);
    around(f, 500, 519, true);
    replica_write(f->r, 1000, copy_to, &copy);
    assert_string_equal(runs(&copy), "981-1000");
    assert_true(copy.r->has_older);
    replica_free(copy.r);
}

/* However much is said, and however far one reads: what is looked at stays, and so does the
 * newest. */
static void lines_that_are_kept_are_bounded(void **state)
{
    enum { MORE = CHAT_KEPT + CHAT_SLACK + 1 };
    struct fixture *f = *state;
    struct msg m = part(1000000, 0, false, "x");
    must_apply(f, &m);
    f->seq = 1000000;
    replica_asked(f->r, ASKED_OLDER, 5);
    page(f, 5, 1000001 - MORE, 1000000, true);
    replica_trim(f->r, 1000000 - 10);
    assert_string_equal(runs(f), "990001-1000000");
    assert_int_equal(replica_oldest(f->r), 990001);
    replica_asked(f->r, ASKED_OLDER, 6);
    page(f, 6, 980001, 990000, true);
    replica_trim(f->r, 985001);
    assert_string_equal(runs(f), "982501-987500 995001-1000000");
    assert_false(replica_covers(f->r, 990000));
    assert_true(replica_check(f->r, NULL));
    replica_asked(f->r, ASKED_NEWER, 7);
    page(f, 7, 987501, 989999, true);
    replica_trim(f->r, 989999);
    assert_string_equal(runs(f), "987499-989999 995001-1000000");
    replica_trim(f->r, 0);
    assert_true(replica_check(f->r, NULL));
}

static void own_lines_are_not_unread(void **state)
{
    struct fixture *f = *state;
    created(f);
    said(f, "theirs", 0);
    said(f, "mine", 77);
    said(f, "theirs again", 0);
    assert_int_equal((int)replica_unread(f->r).all, 2);
    f->r->read.mine.seq = f->seq - 1;
    assert_int_equal((int)replica_unread(f->r).all, 1);
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
    const struct showing *s = replica_showing(f->r, STR("ben"));
    assert_true(replica_person(f->r, STR("ben"))->online);
    assert_true(s && s->typing_until > 1000 && s->cursor == 42);
    state_of(f, MSG_PRESENCE, "ben", false);
    assert_false(replica_person(f->r, STR("ben"))->online);
    assert_null(replica_showing(f->r, STR("ben")));
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

/* The largest room to be expected; 23 MB, and 26 with what malloc() adds. */
static void ten_thousand_cards_and_a_hundred_thousand_lines_are_small(void **state)
{
    struct fixture *f = *state;
    char key[16], text[80];
    size_t before = allocated();
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
    size_t used = allocated() - before;
    assert_int_equal(f->r->lines.n, 100000);
    assert_in_range(used, 1, (size_t)26 * 1024 * 1024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(half_a_snapshot_changes_nothing),
        TEST(a_snapshot_replaces_all_but_what_waits),
        TEST(what_a_snapshot_contains_waits_no_longer),
        TEST(an_answer_behind_the_snapshot_is_taken_too),
        TEST(older_chat_goes_in_front),
        TEST(room_in_which_nothing_was_said_has_an_empty_page),
        TEST(pages_that_were_not_asked_for_are_passed_over),
        TEST(overlapping_pages_do_not_double_lines),
        TEST(stretch_of_the_past_grows_until_it_meets_the_present),
        TEST(another_stretch_takes_the_place_of_the_first),
        TEST(stretch_of_the_past_is_not_written),
        TEST(lines_that_are_kept_are_bounded),
        TEST(own_lines_are_not_unread),
        TEST(whoever_leaves_takes_typing_and_cursor_along),
        TEST(without_a_link_nobody_is_here),
        TEST(what_is_written_makes_an_equal_replica),
        TEST(ten_thousand_cards_and_a_hundred_thousand_lines_are_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
