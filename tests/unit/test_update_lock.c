/* Who edits what, on the screen. */
#include "screen_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    struct screen_kit *k = NEW(struct screen_kit);
    kit_init_full(k, 80, 24);
    *state = k;
    return 0;
}

static int tear_down(void **state)
{
    kit_finish(*state);
    free(*state);
    return 0;
}

static void expect_sent(struct screen_kit *k, const char *part)
{
    struct buf out = {0};
    if (!strstr(kit_sent(k, &out), part))
        fail_msg("\"%s\" was not sent, but:\n%s", part, buf_cstr(&out));
    buf_finish(&out);
}

static void expect_not_sent(struct screen_kit *k, const char *part)
{
    struct buf out = {0};
    if (strstr(kit_sent(k, &out), part))
        fail_msg("\"%s\" was sent:\n%s", part, buf_cstr(&out));
    buf_finish(&out);
}

static void expect_shown(struct screen_kit *k, const char *part)
{
    struct buf out = {0};
    if (!strstr(kit_screen(k, &out), part))
        fail_msg("\"%s\" is not on the screen:\n%s", part, buf_cstr(&out));
    buf_finish(&out);
}

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
    expect_sent(k, "\"task\":12,\"field\":\"title\"");
    kit_frame(k, "{'type':'ok','re':%lld,'room':'#core'}", kit_asked(k, "lock"));
    kit_forget(k);
    for (int i = 0; i < 3; i++) { /* with signs of life */
        kit_tick(k, LOCK_EVERY_MS / 3);
        kit_frame(k,
                  "{'type':'presence','room':'#core','user':'bo','session':9,'online':true}");
    }
    expect_not_sent(k, "\"lock\"");
    kit_type(k, "x");
    expect_sent(k, "\"lock\"");
    kit_keys(k, "Esc");
    expect_sent(k, "\"unlock\"");
}

static void who_loses_the_lock_is_told_and_keeps_the_text(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "e");
    kit_frame(k, "{'type':'ok','re':%lld,'room':'#core'}", kit_asked(k, "lock"));
    kit_type(k, "mine");
    lock_told(k, "bo", "bobobobobo");
    expect_shown(k, "bo took over the title of card 12.");
    assert_int_equal(k->model.prompt, PROMPT_TITLE);
    kit_forget(k);
    kit_keys(k, "M-t");
    expect_sent(k, "\"take\":true");
    kit_keys(k, "Enter");
    expect_sent(k, "mine");
}

static void title_that_another_edits_can_be_written_all_the_same(void **state)
{
    struct screen_kit *k = *state;
    lock_told(k, "bo", "bobobobobo");
    expect_shown(k, "bo");
    kit_keys(k, "e");
    kit_frame(k,
              "{'type':'error','re':%lld,'code':'conflict','message':'bo edits it; take it "
              "over with take'}",
              kit_asked(k, "lock"));
    expect_shown(k, "bo edits it. Write on");
    kit_type(k, "x");
    kit_keys(k, "Enter");
    expect_sent(k, "\"task.edit\"");
}

/* Nobody shall see a pencil for minutes because somebody looked in for a moment. */
static void a_lock_that_is_left_before_it_is_ours_is_let_go(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "e");
    kit_keys(k, "Esc");
    expect_sent(k, "\"unlock\"");
    kit_frame(k, "{'type':'error','re':%lld,'code':'conflict','message':'bo has it'}",
              kit_asked(k, "unlock"));
    struct buf out = {0};
    assert_null(strstr(kit_screen(k, &out), "bo has it"));
    buf_finish(&out);
}

int main(void)
{
#define ONE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ONE(editing_a_title_takes_its_lock_and_lets_it_go),
        ONE(who_loses_the_lock_is_told_and_keeps_the_text),
        ONE(title_that_another_edits_can_be_written_all_the_same),
        ONE(a_lock_that_is_left_before_it_is_ours_is_let_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
