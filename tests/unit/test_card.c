/* The card view, its lists to pick from, and what comes of them. */
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Somebody changes fields of card 12; changes as JSON in which ' stands for ". */
static void others_edit(struct screen_kit *k, const char *changes)
{
    k->seq++;
    kit_frame(k,
              "{'type':'task.edited','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'elsewhere1','id':%d,'task':12,%s}",
              k->seq, (long long)k->now, k->seq, changes);
}

static void with_fields(struct screen_kit *k)
{
    others_edit(k, "'changes':[{'field':'priority','value':'high'},"
                   "{'field':'due','value':'2026-03-01'},{'field':'assignee','value':'cleo'},"
                   "{'field':'assignee','value':'ana'},{'field':'label','value':'bug'},"
                   "{'field':'label','value':'ui'},{'field':'blocker','value':'14'}]");
}

/* ---- reading ---- */

static void a_card_shows_all_it_carries(void **state)
{
    struct screen_kit *k = *state;
    with_fields(k);
    kit_keys(k, "Enter");
    kit_text(k, 12, 4, "Stop at *eight*.\n- [x] count\n- [ ] refuse\n");
    shows(k, " Card 12 ");
    shows(k, "Title       Parser: reject frames nested too deeply");
    shows(k, "Column      Todo");
    shows(k, "Priority    high");
    shows(k, "Due         2026-03-01  yesterday, overdue");
    shows(k, "Assignees   ana  cleo");
    shows(k, "Labels      bug  ui");
    shows(k, "Blocked by  #14 Release 0.2  Doing");
    shows(k, "Checklist   1/2");
    shows(k, "Stop at *eight*.");
    shows(k, "Comments    none yet");
    shows(k, "Esc close");
}

static void a_card_without_fields_says_so(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Enter");
    kit_text(k, 12, 0, "");
    shows(k, "Priority    none");
    shows(k, "Due         no day");
    shows(k, "Assignees   nobody");
    shows(k, "Blocked by  nothing");
    shows(k, "Description nothing yet");
    shows_not(k, "Checklist");
}

static void a_blocker_that_was_put_away_is_told_from_an_open_one(void **state)
{
    struct screen_kit *k = *state;
    with_fields(k);
    kit_keys(k, "Enter");
    k->seq++;
    kit_frame(k,
              "{'type':'task.archived','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'elsewhere1','id':900,'task':14}",
              k->seq, (long long)k->now);
    shows(k, "#14 Release 0.2  put away");
}

static void others_changes_show_at_once_and_a_card_put_away_is_closed(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Enter");
    others_edit(k, "'title':'Parser: eight is enough'");
    shows(k, "Title       Parser: eight is enough");
    k->seq++;
    kit_frame(k,
              "{'type':'task.archived','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'elsewhere1','id':900,'task':12}",
              k->seq, (long long)k->now);
    shows(k, "Card 12 is not on the board any more.");
    shows_not(k, "Priority");
}

static void wide_screens_show_the_card_beside_the_board(void **state)
{
    struct screen_kit *k = *state;
    kit_resize(k, 200, 50);
    kit_keys(k, "Enter");
    shows(k, " Card 12 ");
    shows(k, "Todo 4");
    shows(k, "after lunch");
    kit_keys(k, "Esc");
    shows_not(k, " Card 12 ");
}

static void the_description_opens_over_the_card_and_closing_it_leads_back(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Enter");
    kit_text(k, 12, 0, "");
    kit_keys(k, "o");
    shows(k, "Nothing is written here yet.");
    kit_keys(k, "M-q");
    shows(k, "Title       Parser");
}

static void links_of_a_description_lead_to_their_addresses(void **state)
{
    struct screen_kit *k = *state;
    kit_resize(k, 200, 50);
    kit_keys(k, "Enter");
    kit_text(k, 12, 1, "see https://x.org/a.\nand [words](https://x.org/b)");
    shows(k, "see https://x.org/a.");
    leads(k, "see ", "");
    leads(k, "https://x.org/a", "https://x.org/a");
    leads(k, ".", "");
    leads(k, "words", "https://x.org/b");
    leads(k, "and [", "");
}

static void the_selection_is_seen_on_small_screens(void **state)
{
    struct screen_kit *k = *state;
    with_fields(k);
    kit_tick(k, TOAST_MS + 1); /* a toast tells that a card was given to us */
    kit_resize(k, 40, 8);
    kit_keys(k, "Enter");
    kit_keys(k, "j j j j j j");
    shows(k, "Blocked");
    kit_keys(k, "g");
    shows(k, "Title");
    kit_resize(k, 20, 5);
    kit_resize(k, 1, 1);
    kit_resize(k, 80, 24);
    shows(k, "Title       Parser");
}

/* ---- pages of the server ---- */

static void what_was_done_to_the_card_is_listed(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Enter");
    sent(k, "\"type\":\"activity\"");
    kit_frame(k,
              "{'type':'activity.page','re':%lld,'room':'#core','from':5,'events':["
              "{'type':'task.moved','room':'#core','seq':30,'time':%lld,'author':'bo',"
              "'client':'elsewhere1','id':41,'task':12,'column':'Todo','key':'A'}],'names':[],"
              "'more':false}",
              kit_asked(k, "\"activity\""), (long long)k->now - 5 * 60000);
    kit_keys(k, "G");
    shows(k, "bo 5m  moved #12 to Todo");
    others_edit(k, "'changes':[{'field':'priority','value':'high'}]");
    shows(k, "bo now  set #12: priority high");
}

/* ---- changing ---- */

static void priority_is_picked_from_a_list(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Enter j j Enter");
    shows(k, "Priority: card 12");
    shows(k, "urgent");
    kit_type(k, "hi");
    kit_keys(k, "Enter");
    sent(k, "\"changes\":[{\"field\":\"priority\",\"value\":\"high\"}]");
    sent(k, "\"seen\":40");
    shows(k, "~Priority    high");
    k->seq++;
    kit_frame(k,
              "{'type':'task.edited','room':'#core','seq':%d,'time':%lld,'author':'ana',"
              "'client':'kitkitkitkit','id':%lld,'task':12,"
              "'changes':[{'field':'priority','value':'high'}]}",
              k->seq, (long long)k->now, kit_asked(k, "task.edit"));
    shows(k, " Priority    high");
    shows_not(k, "~Priority");
}

static void labels_are_put_on_and_taken_off_several_at_once(void **state)
{
    struct screen_kit *k = *state;
    with_fields(k);
    kit_keys(k, "t");
    shows(k, "\xe2\x9c\x93 bug  1 card");
    kit_type(k, "new-one");
    shows(k, "new-one  a new label");
    kit_keys(k, "Tab");
    sent(k, "{\"field\":\"label\",\"value\":\"new-one\"}");
    kit_forget(k);
    kit_type(k, "bug");
    kit_keys(k, "Enter");
    sent(k, "{\"field\":\"label\",\"value\":\"bug\",\"gone\":true}");
    shows_not(k, "Labels: card");
}

static void a_label_that_cannot_be_is_not_offered(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "t");
    kit_type(k, "two words");
    shows(k, "Nothing fits.");
    kit_keys(k, "Enter");
    sent_not(k, "task.edit");
}

static void a_day_can_be_typed_as_people_say_it(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "b");
    shows(k, "tomorrow  2026-03-03");
    kit_type(k, "2w");
    shows(k, "2026-03-16  in 14 days");
    kit_keys(k, "Enter");
    sent(k, "{\"field\":\"due\",\"value\":\"2026-03-16\"}");
}

static void a_card_can_be_made_ones_own_and_given_up_by_one_key(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "m");
    sent(k, "{\"field\":\"assignee\",\"value\":\"ana\"}");
    kit_forget(k);
    kit_keys(k, "m");
    sent(k, "{\"field\":\"assignee\",\"value\":\"ana\",\"gone\":true}");
    kit_forget(k);
    kit_keys(k, "u");
    sent(k, "{\"field\":\"assignee\",\"value\":\"ana\"}");
}

static void blockers_are_found_by_any_of_their_words(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "B");
    shows_not(k, "#12 ");
    kit_type(k, "outbox");
    kit_keys(k, "Enter");
    sent(k, "{\"field\":\"blocker\",\"value\":\"31\"}");
}

static void a_selected_value_is_taken_off(void **state)
{
    struct screen_kit *k = *state;
    with_fields(k);
    kit_keys(k, "Enter j j j j l x");
    sent(k, "{\"field\":\"assignee\",\"value\":\"cleo\",\"gone\":true}");
    kit_forget(k);
    kit_keys(k, "k x");
    sent(k, "\"changes\":[{\"field\":\"due\"}]");
    shows(k, "Due         no day");
    kit_forget(k);
    kit_keys(k, "x g x"); /* nothing there any more, and a title stays */
    sent_not(k, "task.edit");
}

static void the_column_is_picked_too(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Enter j Enter");
    shows(k, "Todo  it is here");
    kit_type(k, "done");
    kit_keys(k, "Enter");
    sent(k, "\"task.move\"");
    shows(k, "~Column      Done");
}

static void a_click_on_a_field_edits_it(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Enter");
    kit_mouse(k, MOUSE_PRESS, 1, 20, 4); /* below the title: Title, Column, Priority, Due */
    shows(k, "Due: card 12");
    kit_mouse(k, MOUSE_PRESS, 1, 12, 9);
    sent(k, "{\"field\":\"due\"");
    kit_mouse(k, MOUSE_PRESS, 1, 20, 1);
    assert_int_equal(k->model.prompt, PROMPT_TITLE);
}

static void commands_do_the_same(void **state)
{
    static const struct {
        const char *command, *sent;
    } rows[] = {
        {"task assign 12 bo -cleo", "{\"field\":\"assignee\",\"value\":\"bo\"}"},
        {"task label 31 docs", "\"task\":31"},
        {"task due 12 friday", "{\"field\":\"due\",\"value\":\"2026-03-06\"}"},
        {"task priority 12 urgent", "{\"field\":\"priority\",\"value\":\"urgent\"}"},
        {"task block 12 #14", "{\"field\":\"blocker\",\"value\":\"14\"}"},
        {"task comment 12 looks good", "\"text\":\"looks good\",\"task\":12"},
    };
    struct screen_kit *k = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        kit_keys(k, ":");
        kit_type(k, rows[i].command);
        kit_keys(k, "Enter");
        sent(k, rows[i].sent);
    }
    kit_keys(k, ":");
    kit_type(k, "task due 12 sometime");
    kit_keys(k, "Enter");
    shows(k, "\"sometime\" is no due date");
}

static void names_in_a_list_are_completed_one_by_one(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, ":");
    kit_type(k, "task assign 12 bo -cl");
    kit_keys(k, "Tab");
    struct str line = lineedit_text(&k->model.line);
    assert_true(str_is(line, "task assign 12 bo -cleo "));
}

/* ---- locks ---- */

static void a_field_that_is_picked_is_locked_and_others_see_it(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "b");
    sent(k, "\"task\":12,\"field\":\"due\"");
    kit_frame(k, "{'type':'ok','re':%lld,'room':'#core'}", kit_asked(k, "\"lock\""));
    kit_keys(k, "Esc");
    sent(k, "\"unlock\"");
    kit_frame(k, "{'type':'locked','room':'#core','user':'bo','session':9,'task':12,"
                 "'field':'label','client':'bobobobobo','until':1772452900000}");
    kit_keys(k, "Enter");
    shows(k, "Labels      none");
    shows(k, "\xe2\x9c\x8e bo");
}

static void a_card_is_put_away_from_where_it_is_read(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Enter A");
    sent(k, "\"task.archive\"");
    shows_not(k, "Priority ");
}

int main(void)
{
#define ONE(name) cmocka_unit_test_setup_teardown(name, open_screen, close_screen)
    const struct CMUnitTest tests[] = {
        ONE(a_card_shows_all_it_carries),
        ONE(a_card_without_fields_says_so),
        ONE(a_blocker_that_was_put_away_is_told_from_an_open_one),
        ONE(others_changes_show_at_once_and_a_card_put_away_is_closed),
        ONE(wide_screens_show_the_card_beside_the_board),
        ONE(links_of_a_description_lead_to_their_addresses),
        ONE(the_description_opens_over_the_card_and_closing_it_leads_back),
        ONE(the_selection_is_seen_on_small_screens),
        ONE(what_was_done_to_the_card_is_listed),
        ONE(priority_is_picked_from_a_list),
        ONE(labels_are_put_on_and_taken_off_several_at_once),
        ONE(a_label_that_cannot_be_is_not_offered),
        ONE(a_day_can_be_typed_as_people_say_it),
        ONE(a_card_can_be_made_ones_own_and_given_up_by_one_key),
        ONE(blockers_are_found_by_any_of_their_words),
        ONE(a_selected_value_is_taken_off),
        ONE(the_column_is_picked_too),
        ONE(a_click_on_a_field_edits_it),
        ONE(commands_do_the_same),
        ONE(names_in_a_list_are_completed_one_by_one),
        ONE(a_field_that_is_picked_is_locked_and_others_see_it),
        ONE(a_card_is_put_away_from_where_it_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
