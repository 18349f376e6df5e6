/* Searching on the screen. */
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    open_screen_of(state, 120, 24);
    return 0;
}

static void command(struct screen_kit *k, const char *line)
{
    kit_keys(k, ":");
    kit_type(k, line);
    kit_keys(k, "Enter");
}

#define FOUND(kind, seq, number, title, excerpt)                                               \
    "{'kind':'" kind "','room':'#core','seq':" #seq ",'number':" #number                       \
    ",'time':1700000000000,'author':'bo','title':'" title "','excerpt':'" excerpt              \
    "','marks':[{'at':4,'chars':5}]}"

static void page(struct screen_kit *k, const char *items, const char *rest)
{
    kit_frame(k, "{'type':'search.page','re':%lld,'items':[%s],'until':1700000000009,%s}",
              kit_asked(k, "search"), items, rest);
}

static void search_asks_and_lists(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "C-f");
    shows(k, "Search:");
    shows(k, "from:NAME"); /* what one may write */
    kit_type(k, "login from:bo");
    kit_keys(k, "Enter");
    sent(k, "\"query\":\"login from:bo\"");
    shows(k, "Searching");
    page(k, FOUND("comment", 4, 12, "Fix the build", "the login page"),
         "'more':false,'capped':false");
    shows(k, "on #12 Fix the build");
    shows(k, "the login page");
    kit_keys(k, "q");
    assert_false(is_shown(k, "the login page"));
}

/* What was searched for is changed by / and e; C-f begins anew. */
static void another_search_begins_with_an_empty_line(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "C-f");
    kit_type(k, "login");
    kit_keys(k, "Enter");
    kit_forget(k);
    kit_keys(k, "C-f");
    kit_type(k, "logout");
    kit_keys(k, "Enter");
    sent(k, "\"query\":\"logout\"");
    kit_keys(k, "/");
    shows(k, "Search: logout");
}

static void fault_is_shown_while_one_types(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "C-f");
    kit_type(k, "form:ana");
    shows(k, "'form:ana' (character 1): only from:");
    kit_keys(k, "Enter"); /* the line stays */
    shows(k, "Search: form:ana");
    kit_keys(k, "C-u");
    assert_false(is_shown(k, "(character 1)"));
    kit_type(k, "login");
    kit_keys(k, "Enter");
    sent(k, "\"query\":\"login\"");
}

static void servers_refusal_is_shown_once(void **state)
{
    struct screen_kit *k = *state;
    command(k, "search login in:#gone");
    kit_frame(k,
              "{'type':'error','re':%lld,'code':'not_found','message':'there is no room #gone "
              "that you are in','retry':false}",
              kit_asked(k, "search"));
    shows(k, "there is no room #gone");
}

static void next_page_is_asked_for_near_the_end(void **state)
{
    struct screen_kit *k = *state;
    command(k, "search login");
    page(k, FOUND("chat", 4, 0, "x", "the login page"), "'more':true,'capped':false");
    sent(k, "\"offset\":1");
    sent(k, "\"until\":1700000000009");
    page(k, FOUND("chat", 3, 0, "x", "the other page"), "'more':false,'capped':true");
    shows(k, "the other page");
    shows(k, "There is more: say more words");
}

static void best_come_first_on_request(void **state)
{
    struct screen_kit *k = *state;
    command(k, "search login");
    page(k, FOUND("chat", 4, 0, "x", "the login page"), "'more':false,'capped':false");
    kit_keys(k, "o");
    sent(k, "\"order\":\"relevance\"");
    shows(k, "best first");
}

static void enter_goes_to_what_was_found(void **state)
{
    struct screen_kit *k = *state;
    command(k, "search login");
    page(
        k,
        FOUND("chat", 30, 0, "x", "the login page") "," FOUND(
            "chat", 25, 0, "x", "gone login") "," FOUND("card", 5, 42, "Wide", "the wide card"),
        "'more':false,'capped':false");
    kit_keys(k, "Enter");
    assert_int_equal(k->model.focus, FOCUS_CHAT);
    assert_int_equal(k->model.here->chat.at, 30);
    shows(k, "I looked at the reconnect logic");
    k->model.focus = FOCUS_BESIDE;
    kit_keys(k, "j Enter");
    shows(k, "That message is not there any more.");
    k->model.focus = FOCUS_BESIDE;
    kit_keys(k, "j Enter");
    assert_int_equal(k->model.here->card, 42);
    assert_int_equal(k->model.focus, FOCUS_BOARD);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, close_screen)
    const struct CMUnitTest tests[] = {
        T(search_asks_and_lists),
        T(another_search_begins_with_an_empty_line),
        T(fault_is_shown_while_one_types),
        T(servers_refusal_is_shown_once),
        T(next_page_is_asked_for_near_the_end),
        T(best_come_first_on_request),
        T(enter_goes_to_what_was_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
