/* What keys and mouse do to messages. Ana is the owner of #core; the chat has messages 20 to
 * 38, hers is 33. */
#include "screen_test.h"
#include "wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    struct screen_kit *k = open_screen_of(state, 100, 40);
    kit_keys(k, "i");
    kit_forget(k);
    return 0;
}

/* Somebody's event of #core; fields as JSON in which ' stands for ". */
static void others(struct screen_kit *k, const char *type, const char *fields)
{
    k->seq++;
    kit_frame(k,
              "{'type':'%s','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'elsewhere1','id':%d,%s}",
              type, k->seq, (long long)k->now, k->seq, fields);
}

/* The first cell of a text on the screen. */
static void find(struct screen_kit *k, const char *text, int *x, int *y)
{
    struct buf out = {0};
    struct str rest = str_of(kit_screen(k, &out));
    *x = *y = -1;
    for (int row = 0; rest.p && *y < 0; row++) {
        struct str line = str_cut(&rest, '\n');
        const char *at = memmem(line.p, line.n, text, strlen(text));
        if (!at)
            continue;
        *y = row;
        *x = (int)glyphs_width((struct str){line.p, (size_t)(at - line.p)});
    }
    if (*y < 0)
        fail_msg("\"%s\" is not on the screen:\n%s", text, buf_cstr(&out));
    buf_finish(&out);
}

static void click(struct screen_kit *k, const char *text)
{
    int x, y;
    find(k, text, &x, &y);
    kit_mouse(k, MOUSE_PRESS, 1, x, y);
    kit_mouse(k, MOUSE_RELEASE, 1, x, y);
}

static int64_t selected(const struct screen_kit *k)
{
    return k->model.here->chat.at;
}

static void keys_select_from_the_newest_up(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "C-Up");
    assert_int_equal(selected(k), 38);
    kit_keys(k, "k k Down");
    assert_int_equal(selected(k), 36);
    kit_keys(k, "g");
    assert_int_equal(selected(k), 20);
    kit_keys(k, "k G j");
    assert_int_equal(selected(k), 38);
    kit_keys(k, "C-Up C-Up C-Up C-Down"); /* the key that began goes on */
    assert_int_equal(selected(k), 33);
    kit_keys(k, "Esc");
    assert_int_equal(selected(k), 0);
    kit_type(k, "typed");
    shows(k, "typed");
    kit_keys(k, "Esc C-Up"); /* from the board, too */
    assert_int_equal(selected(k), 38);
}

static void answer_goes_to_what_was_selected(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "C-Up k r");
    shows(k, "answers dmitri can somebody look at 42?");
    kit_type(k, "I do");
    kit_keys(k, "Enter");
    sends(k, "\"text\":\"I do\",\"reply\":36");
    shows_not(k, "answers dmitri");
    shows(k, "\u21b3 dmitri can somebody look at 42?");
    kit_type(k, "more");
    kit_keys(k, "Enter");
    sent_not(k, "\"reply\"");
}

static void escape_ends_an_answer_and_keeps_the_words(void **state)
{
    struct screen_kit *k = *state;
    kit_type(k, "begun");
    kit_keys(k, "C-Up r Esc");
    shows_not(k, "answers cleo");
    shows(k, "begun");
    kit_keys(k, "Enter");
    sent_not(k, "\"reply\"");
}

static void up_in_an_empty_line_edits_the_last_own(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Up");
    shows(k, "edits two lines:");
    kit_keys(k, "C-End");
    kit_type(k, "!");
    kit_keys(k, "Enter");
    sends(k, "\"type\":\"message.edit\"");
    shows(k, "second! (edited)");
    shows(k, "to #core");
}

static void the_keys_of_an_edit_and_of_an_answer_are_told(void **state)
{
    struct screen_kit *k = *state;
    shows(k, "Enter send  M-Enter new line  Esc board");
    kit_keys(k, "Up");
    shows(k, "Enter save  Esc leave as it was");
    kit_keys(k, "Esc C-Up k r");
    shows(k, "Enter answer  Esc answer nothing");
    kit_keys(k, "Esc");
    shows(k, "Enter send");
}

static void enter_shows_all_of_a_folded_message(void **state)
{
    struct screen_kit *k = *state;
    struct buf text = {0};
    for (int i = 0; i < 60; i++)
        buf_fmt(&text, "row %d of it\\n", i);
    k->seq++;
    kit_frame(k,
              "{'type':'message','room':'#core','seq':%d,'time':%lld,'author':'bo','client':"
              "'elsewhere1','id':9,'text':'%s see #42'}",
              k->seq, (long long)k->now, buf_cstr(&text));
    buf_finish(&text);
    kit_keys(k, "C-Up");
    shows(k, "row 59 of it");
    shows(k, "more lines: z shows them");
    kit_keys(k, "Enter");
    shows_not(k, "more lines");
    shows(k, "row 8 of it");
    kit_keys(k, "Enter"); /* and now to where it leads */
    assert_int_equal(k->model.here->card, 42);
}

static void up_while_editing_writes_nothing_over(void **state)
{
    struct screen_kit *k = *state;
    line_history_add(&k->model.here->sent, STR("an older one"));
    kit_keys(k, "Up");
    shows(k, "edits two lines:");
    kit_keys(k, "Up Up Up");
    shows(k, "edits two lines:");
    shows_not(k, "an older one");
}

static void an_edit_gives_back_what_was_being_written(void **state)
{
    struct screen_kit *k = *state;
    kit_type(k, "a draft");
    kit_keys(k, "C-Up k k e");
    shows(k, "edits two lines:");
    shows_not(k, "a draft");
    kit_keys(k, "Esc");
    shows(k, "a draft");
    kit_keys(k, "C-Up k k e Enter");
    shows(k, "a draft");
}

static void others_messages_are_not_edited(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "C-Up e");
    shows(k, "Only cleo may edit that message.");
    sent_not(k, "message.edit");
}

static void deleting_asks_first(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "C-Up d");
    shows(k, "Delete this message?");
    shows(k, "It does not come back.");
    kit_keys(k, "Esc");
    shows_not(k, "Delete this message?");
    sent_not(k, "message.delete");
    kit_keys(k, "d d");
    sends(k, "\"type\":\"message.delete\"");
    shows(k, "deleted by ana");
    kit_keys(k, "r"); /* may be answered, but no more */
    kit_keys(k, "Esc C-Up p");
    sent_not(k, "message.pin");
}

static void an_edit_down_to_nothing_asks_to_delete(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Up C-End");
    for (int i = 0; i < 3; i++)
        kit_keys(k, "C-u Backspace");
    kit_keys(k, "Enter");
    shows(k, "Delete this message?");
    kit_keys(k, "d");
    sends(k, "\"type\":\"message.delete\"");
}

static void reactions_toggle_by_key_by_picker_and_by_click(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "C-Up =");
    sends(k, "\"emoji\":\"\U0001F44D\"}");
    shows(k, "\U0001F44D ana");
    kit_keys(k, "+");
    kit_type(k, "rocket");
    kit_keys(k, "Enter");
    sends(k, "\"emoji\":\"\U0001F680\"}");
    kit_keys(k, "Esc");
    shows(k, "\U0001F680 1");
    click(k, "\U0001F680 1");
    sends(k, "\"emoji\":\"\U0001F680\",\"gone\":true");
    kit_keys(k, "C-Up =");
    sends(k, "\"emoji\":\"\U0001F680\"}"); /* the last that was used */
}

static void picking_an_emoji_locks_no_card(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "C-Up +");
    sent_not(k, "\"lock\"");
}

static void command_reacts_by_name_and_says_what_is_none(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "C-Up :");
    kit_type(k, "message react :tada:");
    kit_keys(k, "Enter");
    sends(k, "\"emoji\":\"\U0001F389\"");
    kit_keys(k, ":");
    kit_type(k, "message react wow");
    kit_keys(k, "Enter");
    sent_not(k, "message.react");
    shows(k, "one emoji, or a name");
}

static void an_own_emoji_is_taken_as_it_is(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "C-Up +");
    kit_type(k, ":ship_it:");
    shows(k, "as it is");
    kit_keys(k, "Enter");
    sends(k, "\"emoji\":\":ship_it:\"");
}

static void pins_are_listed_and_gone_to(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "C-Up P");
    shows(k, "Nothing is pinned here.");
    others(k, "message.pinned", "'message':20,'writer':'bo'");
    others(k, "message.pinned", "'message':5,'writer':'bo'");
    kit_keys(k, "P");
    shows(k, "bo: the build is green again");
    long long id = kit_asked(k, "\"history\"");
    assert_true(id > 0); /* 5 is not known here */
    kit_frame(
        k,
        "{'type':'history.page','re':%lld,'room':'#core','messages':[{'seq':5,'time':1000,"
        "'author':'cleo','text':'of old','pinned':true}],'more':false}",
        id);
    shows(k, "cleo: of old");
    kit_type(k, "green");
    kit_keys(k, "Enter");
    assert_int_equal(selected(k), 20);
    kit_keys(k, "p");
    sends(k, "\"message\":20,\"gone\":true");
}

static void an_answer_leads_to_its_original(void **state)
{
    struct screen_kit *k = *state;
    others(k, "message", "'text':'it was this','reply':20,'to':'bo'");
    shows(k, "\u21b3 bo the build is green again");
    click(k, "\u21b3 bo");
    assert_int_equal(selected(k), 20);
    kit_keys(k, "G Enter");
    assert_int_equal(selected(k), 20);
}

/* What an answer answers may be older than all that is here: it is asked for by itself. */
static void original_that_is_not_loaded_is_quoted_all_the_same(void **state)
{
    struct screen_kit *k = *state;
    others(k, "message", "'text':'still so','reply':3,'to':'bo'");
    sends(k, "\"before\":4,\"limit\":1");
    long long id = 0;
    others(k, "message", "'text':'x'"); /* asks no second time */
    id = kit_asked(k, "\"history\"");
    assert_int_equal(id, 0);
}

static void links_are_opened_and_cards_gone_to(void **state)
{
    struct screen_kit *k = *state;
    others(k, "message", "'text':'see https://x.example/a'");
    kit_keys(k, "C-Up Enter");
    bool opened = false;
    vec_each (e, &k->out.items)
        opened = opened || (e->kind == EFFECT_OPEN && str_is(e->bytes, "https://x.example/a"));
    assert_true(opened);
    others(k, "message", "'text':'#42 and https://x.example/b'");
    kit_keys(k, "G Enter");
    shows(k, "Go to");
    kit_keys(k, "Enter");
    assert_int_equal(k->model.here->card, 42);
}

static void links_lead_to_their_addresses(void **state)
{
    struct screen_kit *k = *state;
    others(k, "message", "'text':'see https://x.example/a and [words](https://x.example/b)'");
    shows(k, "words[1]");
    leads(k, "see ", "");
    leads(k, "https://x.example/a", "https://x.example/a");
    leads(k, " and ", "");
    leads(k, "words[1]", "https://x.example/b");
    leads(k, "https://x.example/b", "https://x.example/b");
    kit_keys(k, "C-Up"); /* selected, it does too */
    leads(k, "words[1]", "https://x.example/b");
    kit_keys(k, "Esc F1"); /* covered, it does not */
    shows_not(k, "words[1]");
    kit_keys(k, "F1");
    leads(k, "words[1]", "https://x.example/b");
}

static void copying_takes_the_text_as_it_was_written(void **state)
{
    struct screen_kit *k = *state;
    others(k, "message", "'text':'**bold** `x`'");
    kit_keys(k, "C-Up y");
    bool copied = false;
    vec_each (e, &k->out.items)
        copied = copied || (e->kind == EFFECT_COPY && str_is(e->bytes, "**bold** `x`"));
    assert_true(copied);
}

static void long_message_unfolds_and_keeps_to_the_screen(void **state)
{
    struct screen_kit *k = *state;
    struct buf text = {0};
    buf_fmt(&text, "'text':'");
    for (int i = 1; i <= 60; i++)
        buf_fmt(&text, "%d\\n", i);
    buf_fmt(&text, "'");
    others(k, "message", buf_cstr(&text));
    buf_finish(&text);
    shows(k, "\u2026 44 more lines");
    click(k, "\u2026 44 more");
    shows_not(k, "more lines");
    kit_keys(k, "C-Up z");
    shows(k, "\u2026 44 more lines");
}

static void click_selects_and_again_leaves(void **state)
{
    struct screen_kit *k = *state;
    click(k, "can somebody");
    assert_int_equal(selected(k), 36);
    click(k, "can somebody");
    assert_int_equal(selected(k), 0);
}

static void what_is_selected_may_go_and_get_its_number(void **state)
{
    struct screen_kit *k = *state;
    kit_type(k, "mine");
    kit_keys(k, "Enter C-Up");
    assert_true(selected(k) < 0);
    struct buf out = {0};
    const char *id = strstr(kit_sent(k, &out), "\"id\":");
    kit_frame(k, "{'type':'ok','re':%lld,'room':'#core','seq':41}", strtoll(id + 5, NULL, 10));
    kit_frame(k,
              "{'type':'message','room':'#core','seq':41,'time':1,'author':'ana','client':'%s',"
              "'id':%lld,'text':'mine'}",
              k->model.session.client, strtoll(id + 5, NULL, 10));
    buf_finish(&out);
    assert_int_equal(selected(k), 41);
    kit_keys(k, "e");
    shows(k, "edits mine");
}

static void refused_edit_comes_back_to_the_line(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Up C-End");
    kit_type(k, " more");
    kit_keys(k, "Enter");
    struct buf out = {0};
    const char *id = strstr(kit_sent(k, &out), "\"id\":");
    kit_frame(k, "{'type':'error','re':%lld,'code':'forbidden','message':'no'}",
              strtoll(id + 5, NULL, 10));
    buf_finish(&out);
    shows(k, "- second more");
    shows_not(k, "(edited)");
}

static void why_the_server_takes_nothing_stands_below_until_it_does(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Esc");
    kit_type(k, "ihello");
    kit_keys(k, "Enter");
    long long id = kit_asked(k, "message.post");
    shows_not(k, "the disk is full");
    kit_frame(k,
              "{'type':'error','re':%lld,'code':'store_full','message':'the disk is full',"
              "'retry':true}",
              id);
    shows(k, "1 unsaved  ● online  the disk is full");
    kit_frame(k, "{'type':'ok','re':%lld,'room':'#core','seq':41}", id);
    shows_not(k, "the disk is full");
}

static const char *line_of(const struct screen_kit *k)
{
    return buf_cstr(&k->model.here->input.text);
}

static void tab_completes_emoji_and_numbers(void **state)
{
    struct screen_kit *k = *state;
    kit_type(k, ":tad");
    kit_keys(k, "Tab");
    assert_string_equal(line_of(k), ":tada: ");
    kit_type(k, "see #42");
    kit_keys(k, "Tab");
    assert_string_equal(line_of(k), ":tada: see #42 ");
    kit_type(k, "@he");
    kit_keys(k, "Tab");
    assert_string_equal(line_of(k), ":tada: see #42 @here ");
}

static void a_card_is_named_by_a_word_of_its_title(void **state)
{
    struct screen_kit *k = *state;
    kit_type(k, "as in #CHARac");
    kit_keys(k, "Tab");
    assert_string_equal(line_of(k), "as in #42 ");
    kit_type(k, "#nothing");
    kit_keys(k, "Tab");
    assert_string_equal(line_of(k), "as in #42 #nothing");
}

static void candidates_are_shown_and_tab_goes_through_them(void **state)
{
    struct screen_kit *k = *state;
    kit_type(k, ":smile");
    kit_keys(k, "Tab");
    shows(k, "smiley");
    char first[64];
    snprintf(first, sizeof first, "%s", line_of(k));
    kit_keys(k, "Tab");
    assert_string_not_equal(line_of(k), first);
    assert_memory_equal(line_of(k), ":smile", 6);
    kit_type(k, "x");
    shows_not(k, "smiley ");
}

static void a_word_begins_behind_a_bracket_too(void **state)
{
    struct screen_kit *k = *state;
    kit_type(k, "(@b");
    kit_keys(k, "Tab");
    assert_string_equal(line_of(k), "(@bo ");
    kit_type(k, "**:tada");
    kit_keys(k, "Tab");
    assert_string_equal(line_of(k), "(@bo **:tada: ");
}

static void colon_at_a_words_end_completes_nothing(void **state)
{
    struct screen_kit *k = *state;
    kit_type(k, "note:");
    kit_keys(k, "Tab");
    assert_string_equal(line_of(k), "note:");
    assert_int_equal(k->model.focus,
                     FOCUS_CHAT); /* what is typed next is no key of the board */
}

static const struct effect *find_effect(const struct screen_kit *k, enum effect_kind kind)
{
    vec_each (e, &k->out.items)
        if (e->kind == kind)
            return e;
    return NULL;
}

static void editor_gets_the_line_and_gives_it_back(void **state)
{
    struct screen_kit *k = *state;
    kit_type(k, "begun");
    kit_keys(k, "M-e");
    const struct effect *e = find_effect(k, EFFECT_EDITOR);
    assert_non_null(e);
    assert_true(str_is(e->bytes, "begun"));
    struct input in = {.kind = INPUT_EDITED, .now = k->now, .text = STR("first\nsecond")};
    update(&k->model, &in, &k->out);
    assert_string_equal(line_of(k), "first\nsecond");
    shows(k, "second");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, close_screen)
    const struct CMUnitTest tests[] = {
        T(keys_select_from_the_newest_up),
        T(answer_goes_to_what_was_selected),
        T(escape_ends_an_answer_and_keeps_the_words),
        T(up_in_an_empty_line_edits_the_last_own),
        T(the_keys_of_an_edit_and_of_an_answer_are_told),
        T(enter_shows_all_of_a_folded_message),
        T(up_while_editing_writes_nothing_over),
        T(an_edit_gives_back_what_was_being_written),
        T(others_messages_are_not_edited),
        T(deleting_asks_first),
        T(an_edit_down_to_nothing_asks_to_delete),
        T(reactions_toggle_by_key_by_picker_and_by_click),
        T(picking_an_emoji_locks_no_card),
        T(command_reacts_by_name_and_says_what_is_none),
        T(an_own_emoji_is_taken_as_it_is),
        T(pins_are_listed_and_gone_to),
        T(an_answer_leads_to_its_original),
        T(original_that_is_not_loaded_is_quoted_all_the_same),
        T(links_are_opened_and_cards_gone_to),
        T(links_lead_to_their_addresses),
        T(copying_takes_the_text_as_it_was_written),
        T(long_message_unfolds_and_keeps_to_the_screen),
        T(click_selects_and_again_leaves),
        T(what_is_selected_may_go_and_get_its_number),
        T(refused_edit_comes_back_to_the_line),
        T(why_the_server_takes_nothing_stands_below_until_it_does),
        T(tab_completes_emoji_and_numbers),
        T(a_card_is_named_by_a_word_of_its_title),
        T(candidates_are_shown_and_tab_goes_through_them),
        T(a_word_begins_behind_a_bracket_too),
        T(colon_at_a_words_end_completes_nothing),
        T(editor_gets_the_line_and_gives_it_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
