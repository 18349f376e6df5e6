/* Messages on a replica: what is confirmed, and what waits of ours on top of it. */
#include "replica_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* All lines as they show: "2:ben:text", then ! for what waits, ~ edited, reactions, the one who
 * deleted it. */
static const char *chat(const struct fixture *f)
{
    static char out[2000];
    size_t n = 0;
    out[0] = 0;
    for (size_t i = 0; i < replica_lines(f->r); i++) {
        const struct line *l = replica_line(f->r, i);
        n += (size_t)snprintf(out + n, sizeof out - n, "%s%lld:%.*s:%.*s%s%s", i ? " " : "",
                              (long long)l->seq, STR_ARG(l->author), STR_ARG(l->text),
                              l->waits ? "!" : "", l->edited ? "~" : "");
        vec_each (x, &l->reactions)
            n += (size_t)snprintf(out + n, sizeof out - n, "[%s %s]", x->emoji, x->user);
        if (l->deleted[0])
            n += (size_t)snprintf(out + n, sizeof out - n, "deleted by %s", l->deleted);
        if (replica_is_pinned(f->r, l->seq))
            n += (size_t)snprintf(out + n, sizeof out - n, "^");
    }
    return out;
}

static int64_t ask_post(struct fixture *f, const char *text, int64_t reply)
{
    struct msg m = request(f, MSG_MESSAGE_POST);
    m.message_post.text = str_of(text);
    m.message_post.reply = reply;
    return ask(f, &m);
}

static int64_t ask_text(struct fixture *f, int64_t message, const char *text)
{
    struct msg m = request(f, MSG_MESSAGE_EDIT);
    m.message_edit.message = message;
    m.message_edit.text = str_of(text);
    return ask(f, &m);
}

static int64_t ask_delete(struct fixture *f, int64_t message)
{
    struct msg m = request(f, MSG_MESSAGE_DELETE);
    m.message_delete.message = message;
    return ask(f, &m);
}

static int64_t ask_react(struct fixture *f, int64_t message, const char *emoji, bool gone)
{
    struct msg m = request(f, MSG_MESSAGE_REACT);
    m.message_react.message = message;
    m.message_react.emoji = str_of(emoji);
    m.message_react.gone = gone;
    return ask(f, &m);
}

static int64_t ask_pin(struct fixture *f, int64_t message, bool gone)
{
    struct msg m = request(f, MSG_MESSAGE_PIN);
    m.message_pin.message = message;
    m.message_pin.gone = gone;
    return ask(f, &m);
}

static void edited(struct fixture *f, int64_t message, const char *text, int64_t own_id)
{
    struct msg m = event(f, MSG_MESSAGE_EDITED, own_id);
    m.message_edited.message = message;
    m.message_edited.text = str_of(text);
    must_apply(f, &m);
}

static void deleted(struct fixture *f, int64_t message, int64_t own_id)
{
    struct msg m = event(f, MSG_MESSAGE_DELETED, own_id);
    m.message_deleted.message = message;
    must_apply(f, &m);
}

static void reacted(struct fixture *f, int64_t message, const char *emoji, bool gone,
                    int64_t own_id)
{
    struct msg m = event(f, MSG_MESSAGE_REACTED, own_id);
    m.message_reacted.message = message;
    m.message_reacted.emoji = str_of(emoji);
    m.message_reacted.gone = gone;
    must_apply(f, &m);
}

static void pinned(struct fixture *f, int64_t message, bool gone, int64_t own_id)
{
    struct msg m = event(f, MSG_MESSAGE_PINNED, own_id);
    m.message_pinned.message = message;
    m.message_pinned.gone = gone;
    must_apply(f, &m);
}

static void events_change_what_was_said(void **state)
{
    struct fixture *f = *state;
    created(f);
    said(f, "two", 0);
    said(f, "three", 0);
    edited(f, 2, "TWO", 0);
    reacted(f, 3, "👍", false, 0);
    pinned(f, 2, false, 0);
    assert_string_equal(chat(f), "2:ben:TWO~^ 3:ben:three[👍 ben]");
    reacted(f, 3, "👍", true, 0);
    deleted(f, 2, 0);
    assert_string_equal(chat(f), "2:ben:~deleted by ben 3:ben:three");
    edited(f, 99, "of nothing here", 0); /* older than what is loaded */
    assert_string_equal(chat(f), "2:ben:~deleted by ben 3:ben:three");
}

static void own_changes_show_at_once_and_stay(void **state)
{
    struct fixture *f = *state;
    created(f);
    said(f, "two", 0);
    int64_t edit = ask_text(f, 2, "2");
    int64_t thumb = ask_react(f, 2, "👍", false);
    int64_t pin = ask_pin(f, 2, false);
    assert_string_equal(chat(f), "2:ben:2!~[👍 ana]^");
    edited(f, 2, "2", edit);
    assert_string_equal(chat(f), "2:ben:2!~[👍 ana]^");
    reacted(f, 2, "👍", false, thumb);
    assert_string_equal(chat(f), "2:ben:2~[👍 ana]^");
    pinned(f, 2, false, pin);
    assert_string_equal(chat(f), "2:ben:2~[👍 ana]^");
}

static void refused_change_is_taken_back(void **state)
{
    struct fixture *f = *state;
    created(f);
    said(f, "two", 0);
    int64_t thumb = ask_react(f, 2, "👍", false);
    int64_t gone = ask_delete(f, 2);
    assert_string_equal(chat(f), "2:ben:!deleted by ana");
    replica_refused(f->r, gone);
    assert_string_equal(chat(f), "2:ben:two![👍 ana]");
    replica_refused(f->r, thumb);
    assert_string_equal(chat(f), "2:ben:two");
}

static void others_change_beneath_what_waits(void **state)
{
    struct fixture *f = *state;
    created(f);
    said(f, "two", 0);
    ask_react(f, 2, "👍", false);
    edited(f, 2, "II", 0);
    reacted(f, 2, "❤", false, 0);
    assert_string_equal(chat(f), "2:ben:II!~[❤ ben][👍 ana]");
    deleted(f, 2, 0);
    assert_string_equal(chat(f), "2:ben:!~deleted by ben");
}

/* Said, corrected, answered and reacted to while offline, under the ids of the requests. */
static void own_waiting_message_can_be_changed(void **state)
{
    struct fixture *f = *state;
    created(f);
    int64_t post = ask_post(f, "helo", 0);
    int64_t edit = ask_text(f, -post, "hello");
    int64_t answer = ask_post(f, "again", -post);
    ask_react(f, -answer, ":tada:", false);
    assert_string_equal(chat(f), "-1:ana:hello!~ -3:ana:again![:tada: ana]");
    assert_int_equal(replica_line(f->r, 1)->reply, -post);
    said(f, "helo", post);
    assert_string_equal(chat(f), "2:ana:hello!~ -3:ana:again![:tada: ana]");
    assert_int_equal(replica_number_of(f->r, -post), 2);
    edited(f, 2, "hello", edit);
    replica_saved(f->r, answer, 4, 4);
    said(f, "again", answer);
    assert_string_equal(chat(f), "2:ana:hello~ 4:ana:again![:tada: ana]");
}

static void answer_shows_whom_it_answers(void **state)
{
    struct fixture *f = *state;
    created(f);
    said(f, "root", 0);
    struct msg m = event(f, MSG_MESSAGE, 0);
    m.message.text = STR("answer");
    m.message.reply = 2;
    m.message.to = STR("ben");
    must_apply(f, &m);
    ask_post(f, "mine", 3);
    const struct line *mine = replica_line(f->r, 2);
    assert_int_equal(mine->reply, 2);
    assert_true(str_is(mine->to, "ben"));
}

static void page(struct fixture *f, int64_t re, struct message_item *items, size_t n)
{
    struct msg m = {.type = MSG_HISTORY_PAGE};
    m.history_page.head.re = re;
    m.history_page.room = STR("#core");
    m.history_page.messages.v = items;
    m.history_page.messages.n = n;
    m.history_page.more = false;
    must_apply(f, &m);
}

/* The page was read behind event 14; the events up to there come all the same. */
static void page_from_the_future_ends_as_the_log_does(void **state)
{
    struct fixture *f = *state;
    struct msg m = {.type = MSG_SNAPSHOT};
    m.snapshot.room = STR("#core");
    m.snapshot.seq = f->seq = 10;
    m.snapshot.next_number = 1;
    must_apply(f, &m);
    struct reaction_item reactions[] = {{STR("👍"), STR("ben"), 12}, {STR("❤"), STR("ben"), 14}};
    struct message_item item = {
        .seq = 5, .time = 1, .author = STR("ben"), .text = STR("newest"), .edited = 5013};
    item.reactions.v = reactions;
    item.reactions.n = 2;
    replica_asked(f->r, ASKED_OLDER, 1);
    page(f, 1, &item, 1);
    reacted(f, 5, "👍", true, 0); /* 11: was there, and is added again by 12 */
    assert_string_equal(chat(f), "5:ben:newest~[👍 ben][❤ ben]");
    reacted(f, 5, "👍", false, 0);
    edited(f, 5, "newest", 0);
    reacted(f, 5, "❤", false, 0);
    assert_string_equal(chat(f), "5:ben:newest~[👍 ben][❤ ben]");
}

static void far_lines_are_kept_up_to_date(void **state)
{
    struct fixture *f = *state;
    struct msg m = {.type = MSG_SNAPSHOT};
    m.snapshot.room = STR("#core");
    m.snapshot.seq = f->seq = 100;
    m.snapshot.next_number = 1;
    must_apply(f, &m);
    struct msg one = {.type = MSG_HISTORY_PAGE};
    struct message_item item = {.seq = 7, .time = 1, .author = STR("ben"), .text = STR("old")};
    one.history_page.messages.v = &item;
    one.history_page.messages.n = 1;
    replica_take_far(f->r, &one.history_page);
    edited(f, 7, "new", 0);
    ask_react(f, 7, "👍", false);
    assert_int_equal(replica_lines(f->r), 0);
    const struct line *l = replica_said(f->r, 7);
    assert_true(str_is(l->text, "new"));
    assert_true(line_has_reaction(l, STR("👍"), STR("ana")));
    for (int i = 0; i < 2 * FAR_KEPT; i++) {
        item.seq = 8 + i % 90;
        replica_take_far(f->r, &one.history_page);
    }
    assert_non_null(replica_said(f->r, 7));
    assert_null(replica_said(f->r, 99));
}

static void snapshot_brings_the_pins(void **state)
{
    struct fixture *f = *state;
    created(f);
    said(f, "two", 0);
    pinned(f, 2, false, 0);
    struct pin_item pins[] = {{5, 1, STR("ben")}, {9, 2, STR("cy")}};
    struct msg m = {.type = MSG_SNAPSHOT};
    m.snapshot.room = STR("#core");
    m.snapshot.seq = 50;
    m.snapshot.next_number = 1;
    m.snapshot.pins.v = pins;
    m.snapshot.pins.n = 2;
    must_apply(f, &m);
    assert_false(replica_is_pinned(f->r, 2));
    assert_true(replica_is_pinned(f->r, 9));
    assert_string_equal(f->r->pins.v[0].author, "ben");
}

static void into(void *arg, const struct msg *m)
{
    struct fixture *f = arg;
    struct err e = {0};
    if (m->type == MSG_HISTORY_PAGE)
        replica_asked(f->r, ASKED_OLDER, m->history_page.head.re);
    if (!replica_apply(f->r, m, (struct str){0}, 0, &e))
        fail_msg("%s", e.text);
}

static void cache_keeps_what_became_of_messages(void **state)
{
    struct fixture *f = *state, copy = {.r = replica_new(STR("#core"))};
    created(f);
    said(f, "two", 0);
    said(f, "three", 0);
    said(f, "four", 0);
    edited(f, 2, "II", 0);
    deleted(f, 3, 0);
    reacted(f, 4, "👍", false, 0);
    pinned(f, 4, false, 0);
    ask_delete(f, 4); /* what waits is no part of it */
    replica_write(f->r, 100, into, &copy);
    assert_string_equal(chat(&copy), "2:ben:II~ 3:ben:deleted by ben 4:ben:four[👍 ben]^");
    replica_free(copy.r);
}

static void deleted_lines_are_not_unread(void **state)
{
    struct fixture *f = *state;
    created(f);
    said(f, "two", 0);
    said(f, "three", 0);
    assert_int_equal((int)replica_unread(f->r).all, 2);
    deleted(f, 2, 0);
    assert_int_equal((int)replica_unread(f->r).all, 1);
}

/* As one who was offline for a day and wrote all the time. */
static void ten_thousand_that_wait_are_no_burden(void **state)
{
    struct fixture *f = *state;
    enum { MANY = 5000 };
    created(f);
    int64_t first = f->id + 1;
    for (int i = 0; i < MANY; i++)
        ask_post(f, "text", 0);
    for (int i = 0; i < MANY; i++)
        said(f, "text", first + i);
    assert_int_equal(replica_lines(f->r), MANY);
}

#define ROW(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(events_change_what_was_said),
        ROW(own_changes_show_at_once_and_stay),
        ROW(refused_change_is_taken_back),
        ROW(others_change_beneath_what_waits),
        ROW(own_waiting_message_can_be_changed),
        ROW(answer_shows_whom_it_answers),
        ROW(page_from_the_future_ends_as_the_log_does),
        ROW(far_lines_are_kept_up_to_date),
        ROW(snapshot_brings_the_pins),
        ROW(cache_keeps_what_became_of_messages),
        ROW(deleted_lines_are_not_unread),
        ROW(ten_thousand_that_wait_are_no_burden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
