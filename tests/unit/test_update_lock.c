/* Who edits what, on the screen. */
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void lock_told(struct screen_kit *k, const char *who, const char *client)
{
    kit_frame(k,
              "{'type':'locked','room':'#core','user':'%s','session':9,'task':12,"
              "'field':'title','client':'%s','until':1772452900000}",
              who, client);
}

static void editing_a_title_takes_its_lock_and_lets_it_go(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "e");
    sent(k, "\"task\":12,\"field\":\"title\"");
    kit_frame(k, "{'type':'ok','re':%lld,'room':'#core'}", kit_asked(k, "lock"));
    kit_forget(k);
    for (int i = 0; i < 3; i++) { /* with signs of life */
        kit_tick(k, LOCK_EVERY_MS / 3);
        kit_frame(k,
                  "{'type':'presence','room':'#core','user':'bo','session':9,'online':true}");
    }
    sent_not(k, "\"lock\"");
    kit_type(k, "x");
    sent(k, "\"lock\"");
    kit_keys(k, "Esc");
    sent(k, "\"unlock\"");
}

static void who_loses_the_lock_is_told_and_keeps_the_text(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "e");
    kit_frame(k, "{'type':'ok','re':%lld,'room':'#core'}", kit_asked(k, "lock"));
    kit_type(k, "mine");
    lock_told(k, "bo", "bobobobobo");
    shows(k, "bo took over the title of card 12.");
    assert_int_equal(k->model.prompt, PROMPT_TITLE);
    kit_forget(k);
    kit_keys(k, "M-t");
    sent(k, "\"take\":true");
    kit_keys(k, "Enter");
    sent(k, "mine");
}

static void title_that_another_edits_can_be_written_all_the_same(void **state)
{
    struct screen_kit *k = *state;
    lock_told(k, "bo", "bobobobobo");
    shows(k, "bo");
    kit_keys(k, "e");
    kit_frame(k,
              "{'type':'error','re':%lld,'code':'conflict','message':'bo edits it; take it "
              "over with take'}",
              kit_asked(k, "lock"));
    shows(k, "bo edits it. Write on");
    kit_type(k, "x");
    kit_keys(k, "Enter");
    sent(k, "\"task.edit\"");
}

/* Nobody shall see a pencil for minutes because somebody looked in for a moment. */
static void a_lock_that_is_left_before_it_is_ours_is_let_go(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "e");
    kit_keys(k, "Esc");
    sent(k, "\"unlock\"");
    kit_frame(k, "{'type':'error','re':%lld,'code':'conflict','message':'bo has it'}",
              kit_asked(k, "unlock"));
    struct buf out = {0};
    assert_null(strstr(kit_screen(k, &out), "bo has it"));
    buf_finish(&out);
}

int main(void)
{
#define ONE(name) cmocka_unit_test_setup_teardown(name, open_screen, close_screen)
    const struct CMUnitTest tests[] = {
        ONE(editing_a_title_takes_its_lock_and_lets_it_go),
        ONE(who_loses_the_lock_is_told_and_keeps_the_text),
        ONE(title_that_another_edits_can_be_written_all_the_same),
        ONE(a_lock_that_is_left_before_it_is_ours_is_let_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
