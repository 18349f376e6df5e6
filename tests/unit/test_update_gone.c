/* Rooms that are somebody's no more: what becomes of the screen, and of what was being written.
 */
#include "screen_place.h"
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ana writes in #core, which is on screen, and is in #ops, too. */
static int set_up(void **state)
{
    struct screen_kit *k = open_screen_of(state, 80, 24);
    kit_keys(k, "i");
    kit_type(k, "half a sentence");
    kit_forget(k);
    return 0;
}

static void sends_nothing(struct screen_kit *k)
{
    struct buf b = {0};
    assert_string_equal(kit_sent(k, &b), "");
    buf_finish(&b);
}

static void taken_out(struct screen_kit *k)
{
    kit_frame(k,
              "{'type':'member','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'bosclient','id':9,'user':'ana','role':'none'}",
              ++k->seq, (long long)k->now);
    kit_frame(k,
              "{'type':'room.role','room':'#core','role':'none','public':false,'seq':%d,"
              "'author':'bo'}",
              k->seq);
    kit_frame(k, "{'type':'error','room':'#core','code':'forbidden','message':'#core: you are "
                 "not in this room any more','retry':false}");
}

static void let_in(struct screen_kit *k)
{
    kit_frame(k,
              "{'type':'room.role','room':'#core','role':'member','public':false,'seq':%d,"
              "'author':'bo'}",
              ++k->seq);
}

static const char *line_of(struct screen_kit *k, const char *room)
{
    struct room_view *v = model_view(&k->model, str_of(room));
    return v ? buf_cstr(&v->input.text) : NULL;
}

static bool drops_cache(const struct screen_kit *k, const char *room)
{
    vec_each (e, &k->out.items)
        if (e->kind == EFFECT_CACHE_GONE && str_is(e->room, room))
            return true;
    return false;
}

static void who_is_taken_out_while_writing_reads_that_and_loses_nothing(void **state)
{
    struct screen_kit *k = *state;
    taken_out(k);
    assert_string_equal(k->model.here->name, "#ops");
    struct buf sent = {0};
    assert_null(strstr(kit_sent(k, &sent), "\"room\":\"#core\"")); /* that one types no more */
    buf_finish(&sent);
    assert_true(drops_cache(k, "#core"));
    shows(k, "bo took you out of #core.");
    shows(k, "What you were writing is kept");
    shows_not(k, "not in this room any more");
    kit_forget(k);
    kit_type(k, " and a quick end");
    shows(k, "bo took you out of #core.");
    kit_keys(k, "Enter");
    shows_not(k, "bo took you out of #core.");
    sends_nothing(k);
    assert_string_equal(line_of(k, "#ops"), "");
    let_in(k);
    assert_string_equal(line_of(k, "#core"), "half a sentence");
}

/* Two of them, in one room: more than one message may have. */
static void what_is_too_long_for_one_message_comes_as_two(void **state)
{
    struct screen_kit *k = *state;
    struct buf first = {0}, second = {0};
    while (first.n < TEXT_MAX)
        buf_add_c(&first, 'a');
    for (int i = 0; i < 100; i++)
        buf_add_c(&second, 'b');
    taken_out(k);
    kit_keys(k, "Enter");
    model_keep_draft(&k->model, STR("#fresh"), buf_str(&first));
    model_keep_draft(&k->model, STR("#fresh"), buf_str(&second));
    struct room_view *v = model_open(&k->model, STR("#fresh"), &k->out);
    assert_string_equal(buf_cstr(&v->input.text), buf_cstr(&first));
    lineedit_set(&v->input, (struct str){0}); /* it was sent */
    kit_tick(k, 1);
    assert_true(str_eq(str_trim(lineedit_text(&v->input)), buf_str(&second)));
    buf_finish(&first);
    buf_finish(&second);
}

/* Of which Enter is a part. */
static void who_writes_a_note_reads_that_too(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Esc :");
    kit_type(k, "note 20");
    kit_keys(k, "Enter");
    kit_text(k, 20, 5, "one\n");
    kit_type(k, "a word");
    taken_out(k);
    kit_forget(k);
    kit_type(k, "a");
    kit_keys(k, "Enter");
    kit_type(k, "quick end");
    shows(k, "bo took you out of #core.");
    shows(k, "Esc goes on.");
    sends_nothing(k);
    kit_keys(k, "Esc");
    shows_not(k, "Esc goes on.");
    assert_string_equal(k->model.here->name, "#ops");
}

static void a_room_that_is_not_there_after_a_gap_goes_too(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Esc");
    kit_cut(k, ERR_UNREACHABLE, "gone");
    kit_tick(k, BACKOFF_MAX_MS);
    update(&k->model, &(struct input){.kind = INPUT_OPENED, .now = k->now}, &k->out);
    kit_frame(k, "{'type':'welcome','version':1,'server':'mootd','user':'ana','admin':false,"
                 "'session':5,'time':1,'heartbeat':25,'rooms':[{'room':'#ops','role':'member',"
                 "'public':true,'seq':3,'members':1}]}");
    assert_null(model_view(&k->model, STR("#core")));
    assert_string_equal(k->model.here->name, "#ops");
    shows(k, "You are no longer in #core.");
    let_in(k);
    assert_string_equal(line_of(k, "#core"), "half a sentence");
}

/* One that waits to be made or joined is not gone because the server does not know it yet. */
static void a_room_that_is_still_to_be_made_stays(void **state)
{
    struct screen_kit *k = *state;
    kit_cut(k, ERR_UNREACHABLE, "gone");
    kit_keys(k, "Esc M-j");
    kit_type(k, "#else");
    kit_keys(k, "Enter");
    kit_back(k);
    assert_string_equal(k->model.here->name, "#else");
}

static void what_was_sent_and_is_refused_is_kept_where_it_was_to_be_said(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Enter");
    long long id = kit_asked(k, "\"message.post\"");
    taken_out(k);
    kit_frame(k,
              "{'type':'error','re':%lld,'code':'forbidden','message':'you are not in #core',"
              "'retry':false}",
              id);
    let_in(k);
    assert_string_equal(line_of(k, "#core"), "half a sentence");
}

static void it_is_kept_over_restarts(void **state)
{
    struct screen_kit *k = *state;
    struct screen_kit *next = NEW(struct screen_kit);
    struct buf kept = {0};
    struct str here;
    taken_out(k);
    place_write(&k->model, &kept);
    kit_init(next, 80, 24);
    session_close_room(&next->model.session, STR("#core"), &next->out);
    place_read(&next->model, buf_str(&kept), &here);
    place_drafts(&next->model, buf_str(&kept));
    buf_clear(&kept);
    place_write(&next->model, &kept);
    assert_non_null(strstr(buf_cstr(&kept), "draft #core half a sentence\n"));
    buf_finish(&kept);
    kit_finish(next);
    free(next);
}

static void a_comment_that_was_begun_is_kept(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Esc c");
    kit_type(k, "half a remark");
    taken_out(k);
    assert_int_equal(k->model.prompt, PROMPT_NONE);
    assert_int_equal(k->model.drafts.n, 1);
    assert_string_equal(buf_cstr(&k->model.drafts.v[0].text), "half a remark");
}

/* With no room left nothing is done without a word. */
static void where_there_is_no_room_that_is_said(void **state)
{
    static const char *const keys[] = {
        "i",   "a",     "Enter", "N",   "d",   "w",
        "S",   "C-f",   "T",     "/",   "M-u", ": t o p i c Enter",
        "M-w", "Space", "P",     "M-g", "u"};
    struct screen_kit *k = *state;
    kit_keys(k, "Esc");
    taken_out(k);
    kit_keys(k, "Enter");
    kit_frame(k, "{'type':'room.role','room':'#ops','role':'none','public':false,'seq':9,"
                 "'author':'bo'}");
    assert_null(k->model.here);
    shows_not(k, "filter");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        k->model.toasts.n = 0;
        k->model.focus = FOCUS_BOARD;
        kit_keys(k, keys[i]);
        if (!k->model.toasts.n)
            fail_msg("%s does nothing without a word", keys[i]);
        assert_non_null(strstr(k->model.toasts.v[0].text, ":room create"));
    }
}

static void who_leaves_is_not_asked_to_read_it(void **state)
{
    struct screen_kit *k = *state;
    kit_frame(k,
              "{'type':'member','room':'#core','seq':%d,'time':%lld,'author':'ana',"
              "'client':'elsewhere1','id':9,'user':'ana','role':'none'}",
              ++k->seq, (long long)k->now);
    assert_false(k->model.dialog.is_open);
    shows(k, "You left #core. What you were writing is kept");
}

static void a_room_that_was_left_is_not_told_that_one_looks_elsewhere(void **state)
{
    struct screen_kit *k = *state;
    struct buf sent = {0};
    kit_frame(k, "{'type':'snapshot','room':'#ops','seq':3,'public':true,'more':false,'part':0,"
                 "'next_number':1,'members':[{'user':'ana','role':'member','online':true}]}");
    kit_frame(k, "{'type':'synced','room':'#ops','seq':3}");
    kit_tick(k, 1000);
    kit_forget(k);
    taken_out(k);
    const char *all = kit_sent(k, &sent);
    assert_non_null(strstr(all, "{\"type\":\"looking\",\"room\":\"#ops\""));
    assert_null(strstr(all, "{\"type\":\"looking\",\"room\":\"#core\""));
    buf_finish(&sent);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, close_screen)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_is_taken_out_while_writing_reads_that_and_loses_nothing),
        TEST(what_is_too_long_for_one_message_comes_as_two),
        TEST(who_writes_a_note_reads_that_too),
        TEST(a_room_that_is_not_there_after_a_gap_goes_too),
        TEST(a_room_that_is_still_to_be_made_stays),
        TEST(what_was_sent_and_is_refused_is_kept_where_it_was_to_be_said),
        TEST(it_is_kept_over_restarts),
        TEST(a_comment_that_was_begun_is_kept),
        TEST(where_there_is_no_room_that_is_said),
        TEST(who_leaves_is_not_asked_to_read_it),
        TEST(a_room_that_was_left_is_not_told_that_one_looks_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
