#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int64_t selected(const struct screen_kit *k)
{
    return k->model.here->card;
}

/* ---- the board ---- */

static void keys_walk_the_board(void **state)
{
    struct screen_kit *k = *state;
    assert_int_equal(selected(k), 12);
    kit_keys(k, "j");
    assert_int_equal(selected(k), 31);
    kit_keys(k, "l");
    assert_int_equal(selected(k), 42);
    kit_keys(k, "l G");
    assert_int_equal(selected(k), 7);
    kit_keys(k, "g h h Up");
    assert_int_equal(selected(k), 12);
    kit_keys(k, "h k");
    assert_int_equal(selected(k), 12);
}

static void card_is_added_below_the_selected_one(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "j a");
    kit_type(k, "Buy milk");
    kit_keys(k, "Enter");
    sent(k, "\"task.add\"");
    sent(k, "\"title\":\"Buy milk\",\"column\":\"Todo\",\"after\":31");
    assert_true(selected(k) < 0);
    shows(k, "~ + Buy milk");
    shows(k, "1 unsaved");
}

static void selection_follows_a_new_card_to_its_number(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "a x Enter");
    long long id = -selected(k);
    kit_frame(
        k,
        "{'type':'task.added','room':'#core','seq':41,'time':1772452800000,'author':'ana',"
        "'client':'kitkitkitkit','id':%lld,'task':43,'title':'x','column':'Todo','key':'AV'}",
        id);
    assert_int_equal(selected(k), 43);
}

static void escape_leaves_the_title_box_without_a_card(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "a");
    kit_type(k, "never mind");
    kit_keys(k, "Esc");
    sent_not(k, "task.add");
    assert_int_equal(k->model.prompt, PROMPT_NONE);
}

static void title_is_edited_where_it_stands(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "l e End");
    kit_type(k, " beta");
    shows(k, "Card 14");
    kit_keys(k, "Enter");
    sent(k, "\"task.edit\"");
    sent(k, "\"task\":14,\"seen\":40,\"title\":\"Release 0.2 beta\"");
}

static void unchanged_title_sends_nothing(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "e Enter");
    sent_not(k, "task.edit");
}

static const struct {
    const char *before, *keys, *sent;
} moves[] = {
    {"", "J", "\"task\":12,\"column\":\"Todo\",\"after\":31"},
    {"j", "K", "\"task\":31,\"column\":\"Todo\",\"after\":0"},
    {"j j", "K", "\"task\":38,\"column\":\"Todo\",\"after\":12"},
    {"", "L", "\"task\":12,\"column\":\"Doing\",\"after\":0"},
    {"j", "L", "\"task\":31,\"column\":\"Doing\",\"after\":14"},
    {"G", ">", "\"task\":40,\"column\":\"Doing\",\"after\":42"},
    {"l", "H", "\"task\":14,\"column\":\"Todo\",\"after\":0"},
};

static void keys_move_cards(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(moves); i++) {
        struct screen_kit k;
        kit_init_full(&k, 80, 24);
        kit_keys(&k, moves[i].before);
        int64_t card = selected(&k);
        kit_keys(&k, moves[i].keys);
        sent(&k, moves[i].sent);
        assert_int_equal(selected(&k), card);
        kit_finish(&k);
    }
}

static void edges_stop_a_card(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "K H");
    kit_keys(k, "l l G J L");
    sent_not(k, "task.move");
}

static void archive_is_offered_back_and_undo_takes_it(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "d");
    sent(k, "\"task.archive\"");
    shows(k, "Archived card 12. u takes it back.");
    assert_int_equal(selected(k), 31);
    kit_forget(k);
    kit_keys(k, "u");
    sent(k, "\"task.restore\"");
    assert_int_equal(selected(k), 12);
    kit_forget(k);
    kit_keys(k, "C-r");
    sent(k, "\"task.archive\"");
}

static void undo_goes_through_own_actions_backwards(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "L e End");
    kit_type(k, "!");
    kit_keys(k, "Enter");
    kit_forget(k);
    kit_keys(k, "u");
    sent(k, "\"title\":\"Parser: reject frames nested too deeply\"");
    kit_keys(k, "u");
    sent(k, "\"task\":12,\"column\":\"Todo\"");
    kit_keys(k, "u");
    shows(k, "Nothing of yours to take back.");
}

/* What ana did to card 42, what bo did then, and what she hears when she presses u. */
static void undo_leaves_alone_what_others_changed_since(void **state)
{
    static const struct {
        const char *keys, *event, *toast;
    } rows[] = {
        {"L", "'type':'task.moved','task':42,'column':'Done','key':'k'",
         "Left as it is: bo moved #42"},
        {"e x Enter", "'type':'task.edited','task':42,'title':'Their words'",
         "Left as it is: bo set #42"},
        {"e x Enter", "'type':'task.moved','task':42,'column':'Done','key':'k'", NULL},
        {"L", "'type':'task.edited','task':42,'title':'Their words'", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct screen_kit k;
        kit_init_full(&k, 80, 24);
        kit_keys(&k, "g");
        k.model.here->card = 42;
        kit_tick(&k, 1);
        kit_keys(&k, rows[i].keys);
        kit_frame(
            &k,
            "{%s,'room':'#core','seq':41,'time':1,'author':'bo','client':'elsewhere1','id':1}",
            rows[i].event);
        kit_forget(&k);
        kit_keys(&k, "u");
        if (rows[i].toast) {
            shows(&k, rows[i].toast);
            sent_not(&k, "\"task.");
        } else {
            sent(&k, "\"task.");
        }
        kit_finish(&k);
    }
}

static void selection_stays_on_a_card_that_others_move(void **state)
{
    struct screen_kit *k = *state;
    kit_frame(k, "{'type':'task.moved','room':'#core','seq':41,'time':1,'author':'bo',"
                 "'client':'elsewhere1','id':1,'task':12,'column':'Done','key':'Z'}");
    assert_int_equal(selected(k), 12);
    assert_int_equal(k->model.here->column, 2);
}

static void selection_goes_on_when_others_archive_the_card(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "j");
    kit_frame(k, "{'type':'task.archived','room':'#core','seq':41,'time':1,'author':'bo',"
                 "'client':'elsewhere1','id':1,'task':31}");
    assert_int_equal(selected(k), 38);
}

/* ---- the mouse ---- */

static void mouse_selects_and_drags(void **state)
{
    struct screen_kit *k = *state;
    kit_mouse(k, MOUSE_PRESS, 1, 40, 1);
    assert_int_equal(selected(k), 14);
    kit_mouse(k, MOUSE_DRAG, 1, 60, 3);
    kit_mouse(k, MOUSE_RELEASE, 1, 62, 9);
    sent(k, "\"task\":14,\"column\":\"Done\"");
    kit_mouse(k, MOUSE_PRESS, 1, 30, 20);
    assert_int_equal(k->model.focus, FOCUS_CHAT);
    kit_mouse(k, MOUSE_PRESS, 1, 3, 2);
    assert_string_equal(k->model.here->name, "#ops");
}

static void click_without_a_move_moves_nothing(void **state)
{
    struct screen_kit *k = *state;
    kit_mouse(k, MOUSE_PRESS, 1, 40, 2);
    kit_mouse(k, MOUSE_RELEASE, 1, 40, 2);
    sent_not(k, "task.move");
}

/* ---- the chat ---- */

static void message_is_sent_and_shown_at_once(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "i");
    kit_type(k, "hello");
    kit_keys(k, "M-Enter");
    kit_type(k, "world");
    kit_keys(k, "Enter");
    sent(k, "\"text\":\"hello\\nworld\"");
    shows(k, "world");
    assert_int_equal(k->model.here->input.text.n, 0);
}

static void blank_message_is_not_sent(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "i Space Space Enter");
    sent_not(k, "message.post");
}

static void typing_is_told_after_some_letters_and_ends(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "i a b c");
    sent_not(k, "\"typing\"");
    kit_keys(k, "d e f g");
    struct buf out = {0};
    const char *first = strstr(kit_sent(k, &out), "\"typing\"");
    assert_non_null(first);
    assert_null(strstr(first + 1, "\"typing\""));
    kit_forget(k);
    kit_tick(k, TYPING_AFTER_MS);
    sent(k, "\"on\":false");
    buf_finish(&out);
}

static void draft_stays_with_its_room(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "i");
    kit_type(k, "half a thou");
    kit_keys(k, "M-Down");
    assert_string_equal(k->model.here->name, "#ops");
    assert_int_equal(k->model.here->input.text.n, 0);
    kit_keys(k, "M-Up");
    shows(k, "half a thou");
}

static void scrolling_back_holds_still_while_others_write(void **state)
{
    struct screen_kit *k = *state;
    kit_fill(k, 0, 100);
    kit_keys(k, "i PgUp PgUp");
    struct buf before = {0}, after = {0};
    const char *text = strstr(kit_screen(k, &before), "Message number");
    char line[20];
    memcpy(line, text, sizeof line - 1);
    line[sizeof line - 1] = '\0';
    kit_frame(k, "{'type':'message','room':'#core','seq':141,'time':1772452800000,"
                 "'author':'bo','client':'elsewhere1','id':999,'text':'fresh'}");
    assert_non_null(strstr(kit_screen(k, &after), line));
    assert_null(strstr(buf_cstr(&after), "fresh"));
    shows(k, "1 new below");
    kit_keys(k, "End");
    shows(k, "fresh");
    buf_finish(&before);
    buf_finish(&after);
}

static void unread_messages_are_counted_where_nobody_looks(void **state)
{
    struct screen_kit *k = *state;
    kit_frame(k, "{'type':'snapshot','room':'#ops','seq':3,'public':true,'more':false,'part':0,"
                 "'next_number':1,'columns':[{'name':'Todo'}],'tasks':[],'members':[]}");
    kit_frame(k, "{'type':'synced','room':'#ops','seq':3}");
    for (int i = 0; i < 3; i++)
        kit_frame(k,
                  "{'type':'message','room':'#ops','seq':%d,'time':1772452800000,'author':'bo',"
                  "'client':'elsewhere1','id':%d,'text':'psst'}",
                  4 + i, 1 + i);
    shows(k, " #ops         3");
    kit_keys(k, "n");
    assert_string_equal(k->model.here->name, "#ops");
    shows(k, "psst");
    assert_int_equal(k->model.here->unread.all, 0);
}

static void nothing_is_read_while_the_window_is_not_looked_at(void **state)
{
    struct screen_kit *k = *state;
    struct input away = {.kind = INPUT_FOCUS, .now = k->now};
    update(&k->model, &away, &k->out);
    kit_frame(k, "{'type':'message','room':'#core','seq':41,'time':1772452800000,"
                 "'author':'bo','client':'elsewhere1','id':1,'text':'psst'}");
    assert_int_equal(k->model.here->unread.all, 1);
}

static void tab_completes_names_and_else_goes_on(void **state)
{
    struct screen_kit *k = *state;
    struct lineedit *input = &k->model.here->input;
    kit_keys(k, "i");
    kit_type(k, "hi @b");
    kit_keys(k, "Tab");
    assert_string_equal(buf_cstr(&input->text), "hi @bo ");
    kit_type(k, "and @");
    kit_keys(k, "Tab");
    struct str first = lineedit_text(input);
    assert_true(first.n > strlen("hi @bo and @") && first.p[first.n - 1] == ' ');
    kit_keys(k, "Enter Tab");
    assert_int_equal(k->model.focus, FOCUS_ROOMS);
    kit_keys(k, "i");
    kit_type(k, "bo");
    kit_keys(k, "Tab");
    assert_string_equal(buf_cstr(&input->text), "@bo ");
    kit_type(k, "xyz");
    kit_keys(k, "Tab"); /* a d that comes next is no key of the board */
    assert_int_equal(k->model.focus, FOCUS_CHAT);
    assert_string_equal(buf_cstr(&input->text), "@bo xyz");
    kit_keys(k, "F6");
    assert_int_equal(k->model.focus, FOCUS_ROOMS);
}

static void card_put_away_is_named_and_brought_back(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, ":");
    kit_type(k, "task archive 42");
    kit_keys(k, "Enter :");
    kit_type(k, "task show 42");
    kit_keys(k, "Enter");
    shows(k, "Card 42 is put away.");
    kit_keys(k, ":");
    kit_type(k, "task restore 42");
    kit_keys(k, "Enter");
    sent(k, "\"task.restore\"");
    assert_int_equal(k->model.here->card, 42);
}

static void room_that_one_left_goes_away(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, ": l e a v e Enter");
    shows(k, "Only an owner can let you in again.");
    sent_not(k, "\"room.leave\"");
    kit_keys(k, "y");
    sent(k, "\"room.leave\"");
    kit_frame(k, "{'type':'member','room':'#core','seq':41,'time':1,'author':'ana',"
                 "'client':'kitkitkitkit','id':1,'user':'ana','role':'none'}");
    assert_int_equal(k->model.views.n, 1);
    assert_string_equal(k->model.here->name, "#ops");
    shows(k, "You left #core.");
}

static void room_that_one_is_invited_to_appears(void **state)
{
    struct screen_kit *k = *state;
    kit_frame(k, "{'type':'room.role','room':'#new','role':'member','public':false,'seq':2,"
                 "'author':'bo'}");
    shows(k, " #new");
    shows(k, "bo invited you to #new");
    sent(k, "\"open\"");
    assert_string_equal(k->model.here->name, "#core");
    kit_frame(k, "{'type':'room.role','room':'#new','role':'none','public':false,'seq':3,"
                 "'author':'bo'}");
    assert_int_equal(k->model.views.n, 2);
}

/* ---- commands ---- */

static void commands_come_from_the_same_table(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, ":");
    kit_type(k, "task mo");
    kit_keys(k, "Tab");
    kit_type(k, "42 do");
    kit_keys(k, "Tab Tab Enter");
    sent(k, "\"task\":42,\"column\":\"Do");
    kit_keys(k, ":");
    kit_type(k, "invite eve observer");
    kit_keys(k, "Enter");
    sent(k, "\"member.set\"");
    sent(k, "\"user\":\"eve\",\"role\":\"observer\"");
    kit_keys(k, ":");
    kit_type(k, "room create #new");
    kit_keys(k, "Enter");
    sent(k, "\"room.create\"");
    sent(k, "\"room\":\"#new\"}"); /* public, as on the command line */
    assert_string_equal(k->model.here->name, "#new");
    kit_keys(k, ":");
    kit_type(k, "room create #own private");
    kit_keys(k, "Enter");
    sent(k, "\"room\":\"#own\",\"public\":false");
}

static void wrong_command_says_so_and_is_kept(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, ":");
    kit_type(k, "tusk move 1");
    kit_keys(k, "Enter");
    shows(k, "there is no command");
    kit_keys(k, ": Up");
    shows(k, ":tusk move 1");
    kit_keys(k, "Esc T"); /* a slip of the hand is no news */
    kit_tick(k, TOAST_ERROR_MS);
    shows_not(k, "there is no command");
}

static void paste_outside_a_line_runs_no_keys(void **state)
{
    struct screen_kit *k = *state;
    kit_paste(k, "dddd\nqqqq");
    sent_not(k, "task.archive");
    assert_int_equal(k->model.focus, FOCUS_CHAT);
    shows(k, "qqqq");
}

static void escape_leads_from_the_rooms_to_the_board(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Tab Tab");
    assert_int_equal(k->model.focus, FOCUS_ROOMS);
    shows(k, "Esc board");
    kit_keys(k, "Esc");
    assert_int_equal(k->model.focus, FOCUS_BOARD);
}

/* ---- the link ---- */

static void cut_link_shows_the_countdown_and_counts_what_waits(void **state)
{
    struct screen_kit *k = *state;
    kit_cut(k, ERR_UNREACHABLE, "the connection was lost");
    shows(k, "reconnecting in");
    kit_keys(k, "i");
    kit_type(k, "still here");
    kit_keys(k, "Enter");
    shows(k, "1 unsaved");
    shows(k, "still here");
}

static void silence_is_not_called_online(void **state)
{
    struct screen_kit *k = *state;
    shows(k, "online");
    kit_tick(k, PING_EVERY_MS);
    kit_tick(k, SILENT_SAY_MS);
    shows(k, "no answer for 3 s");
    shows_not(k, "online");
    assert_int_equal(model_next_tick(&k->model), k->now + 1000);
    kit_tick(k, 1000);
    shows(k, "no answer for 4 s");
    kit_frame(k, "{'type':'sign.of.life'}");
    shows(k, "online");
}

static void refusal_gives_the_text_back(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "i");
    kit_type(k, "precious words");
    kit_keys(k, "Enter");
    long long id = (long long)k->model.session.next_id - 1;
    kit_frame(k,
              "{'type':'error','re':%lld,'code':'forbidden','message':'observers cannot post'}",
              id);
    shows(k, "observers cannot post");
    assert_true(str_is(lineedit_text(&k->model.here->input), "precious words"));
}

static void selected_card_is_told_to_others_but_not_too_often(void **state)
{
    struct screen_kit *k = *state;
    k->now += 1000;
    kit_keys(k, "j");
    sent(k, "\"cursor\"");
    kit_forget(k);
    kit_keys(k, "j");
    sent_not(k, "\"cursor\"");
    kit_tick(k, CURSOR_EVERY_MS);
    sent(k, "\"task\":38");
}

int main(void)
{
#define ONE(name) cmocka_unit_test_setup_teardown(name, open_screen, close_screen)
    const struct CMUnitTest tests[] = {
        ONE(keys_walk_the_board),
        ONE(escape_leads_from_the_rooms_to_the_board),
        ONE(card_is_added_below_the_selected_one),
        ONE(selection_follows_a_new_card_to_its_number),
        ONE(escape_leaves_the_title_box_without_a_card),
        ONE(title_is_edited_where_it_stands),
        ONE(unchanged_title_sends_nothing),
        cmocka_unit_test(keys_move_cards),
        ONE(edges_stop_a_card),
        ONE(archive_is_offered_back_and_undo_takes_it),
        ONE(undo_goes_through_own_actions_backwards),
        cmocka_unit_test(undo_leaves_alone_what_others_changed_since),
        ONE(selection_stays_on_a_card_that_others_move),
        ONE(selection_goes_on_when_others_archive_the_card),
        ONE(mouse_selects_and_drags),
        ONE(click_without_a_move_moves_nothing),
        ONE(message_is_sent_and_shown_at_once),
        ONE(blank_message_is_not_sent),
        ONE(typing_is_told_after_some_letters_and_ends),
        ONE(draft_stays_with_its_room),
        ONE(scrolling_back_holds_still_while_others_write),
        ONE(unread_messages_are_counted_where_nobody_looks),
        ONE(nothing_is_read_while_the_window_is_not_looked_at),
        ONE(tab_completes_names_and_else_goes_on),
        ONE(card_put_away_is_named_and_brought_back),
        ONE(room_that_one_left_goes_away),
        ONE(room_that_one_is_invited_to_appears),
        ONE(commands_come_from_the_same_table),
        ONE(wrong_command_says_so_and_is_kept),
        ONE(paste_outside_a_line_runs_no_keys),
        ONE(silence_is_not_called_online),
        ONE(cut_link_shows_the_countdown_and_counts_what_waits),
        ONE(refusal_gives_the_text_back),
        ONE(selected_card_is_told_to_others_but_not_too_often),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
