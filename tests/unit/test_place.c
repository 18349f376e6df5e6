/* What the screen keeps over restarts: where one was, what one was writing. */
#include "screen_kit.h"
#include "screen_place.h"

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
    kit_init_full(k, 100, 40);
    kit_keys(k, "i");
    *state = k;
    return 0;
}

static int tear_down(void **state)
{
    kit_finish(*state);
    free(*state);
    return 0;
}

/* A screen of the same person's, started later on what the first one kept. */
static struct screen_kit *later(const struct screen_kit *k)
{
    struct screen_kit *next = NEW(struct screen_kit);
    struct buf kept = {0};
    struct str here;
    kit_init_full(next, 100, 40);
    place_write(&k->model, &kept);
    place_read(&next->model, buf_str(&kept), &here);
    place_drafts(&next->model, buf_str(&kept));
    assert_string_equal(next->model.here->name, "#core");
    buf_finish(&kept);
    kit_keys(next, "i");
    return next;
}

static void finish(struct screen_kit *k)
{
    kit_finish(k);
    free(k);
}

static const char *line_of(const struct screen_kit *k)
{
    return buf_cstr(&k->model.here->input.text);
}

/* One that was left, and one that was being written when the end came. */
static void comments_that_were_begun_are_kept(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Esc c");
    kit_type(k, "half a thought");
    kit_keys(k, "M-Enter");
    kit_type(k, "\\ and more");
    kit_keys(k, "Esc j c");
    kit_type(k, "another");
    struct screen_kit *next = later(k);
    kit_keys(next, "Esc c");
    assert_string_equal(buf_cstr(&next->model.line.text), "half a thought\n\\ and more");
    kit_keys(next, "Esc j c");
    assert_string_equal(buf_cstr(&next->model.line.text), "another");
    finish(next);
}

static void a_draft_and_what_it_answers_are_kept(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "C-Up k r");
    kit_type(k, "a \\n b");
    kit_keys(k, "M-Enter");
    kit_type(k, "second");
    struct screen_kit *next = later(k);
    assert_string_equal(line_of(next), "a \\n b\nsecond");
    kit_forget(next);
    kit_keys(next, "Enter");
    struct buf out = {0};
    assert_non_null(strstr(kit_sent(next, &out), "second\",\"reply\":36"));
    buf_finish(&out);
    finish(next);
}

static void an_edit_is_kept_and_so_is_what_it_came_upon(void **state)
{
    struct screen_kit *k = *state;
    kit_type(k, "unsent");
    kit_keys(k, "C-Up g j j j j j e"); /* the one own message, 33 */
    assert_int_equal(k->model.here->chat.editing, 33);
    kit_type(k, " more");
    struct screen_kit *next = later(k);
    assert_string_equal(line_of(next), "two lines:\n  - first\n  - second more");
    kit_forget(next);
    kit_keys(next, "Enter");
    struct buf out = {0};
    assert_non_null(strstr(kit_sent(next, &out), "\"message.edit\""));
    assert_non_null(strstr(buf_cstr(&out), "\"message\":33"));
    buf_finish(&out);
    assert_string_equal(line_of(next), "unsent");
    finish(next);
}

static void emoji_that_were_used_are_kept(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "C-Up +");
    kit_type(k, "tada");
    kit_keys(k, "Enter");
    struct screen_kit *next = later(k);
    kit_forget(next);
    kit_keys(next, "C-Up =");
    struct buf out = {0};
    assert_non_null(strstr(kit_sent(next, &out), "\"emoji\":\"\U0001f389\""));
    buf_finish(&out);
    finish(next);
}

/* The file may be anybody's: an older moot's, a newer one's, half of one. */
static void lines_that_make_no_sense_are_passed_over(void **state)
{
    struct screen_kit *k = *state;
    static const char *const bad[] = {"",
                                      "draft",
                                      "draft #core",
                                      "comment #core",
                                      "comment #core 12 x new text",
                                      "comment #core 12 0 new \xff",
                                      "draft #nowhere text",
                                      "draft #core \xff\xfe",
                                      "editing #core",
                                      "editing #core x y",
                                      "editing #core 0 y",
                                      "editing #core -3 y",
                                      "editing #core 99999999999999999999 y",
                                      "answering #core",
                                      "answering #core x",
                                      "answering #core -1",
                                      "emoji",
                                      "emoji \xff",
                                      "emoji a b c d\x01",
                                      "emoji  ",
                                      "notify #core loud",
                                      "later #core words"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct str here, text = str_of(bad[i]);
        place_read(&k->model, text, &here);
        place_drafts(&k->model, text);
        const struct chat_pane *p = &k->model.here->chat;
        if (*line_of(k) || p->answering || p->editing || k->model.emoji.n || here.n)
            fail_msg("\"%s\" was taken", bad[i]);
    }
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(a_draft_and_what_it_answers_are_kept),        T(comments_that_were_begun_are_kept),
        T(an_edit_is_kept_and_so_is_what_it_came_upon), T(emoji_that_were_used_are_kept),
        T(lines_that_make_no_sense_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
