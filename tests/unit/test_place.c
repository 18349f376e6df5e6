/* What the screen keeps over restarts: where one was, what one was writing. */
#include "place_lines.h"
#include "screen_place.h"
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    struct screen_kit *k = open_screen_of(state, 100, 40);
    kit_keys(k, "i");
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

/* ---- two screens ---- */

/* One of two screens of a person on one machine, as the shell of each keeps its place. */
struct window {
    struct screen_kit kit;
    struct buf base;
};

static void save(struct window *w, struct buf *disk)
{
    struct buf mine = {0}, out = {0};
    place_write(&w->kit.model, &mine);
    place_merge(buf_str(&w->base), buf_str(&mine), buf_str(disk), &out);
    buf_finish(disk);
    *disk = out;
    buf_clear(&w->base);
    buf_add_str(&w->base, buf_str(&mine));
    place_adopt(&w->kit.model, &w->base, buf_str(disk));
    buf_finish(&mine);
}

static struct window *window(struct buf *disk)
{
    struct window *w = NEW(struct window);
    struct str here;
    kit_init_full(&w->kit, 100, 40);
    place_read(&w->kit.model, buf_str(disk), &here);
    place_drafts(&w->kit.model, buf_str(disk));
    place_write(&w->kit.model, &w->base);
    kit_keys(&w->kit, "i");
    return w;
}

static void close_window(struct window *w)
{
    kit_finish(&w->kit);
    buf_finish(&w->base);
    free(w);
}

static void writes(struct window *w, const char *text, struct buf *disk)
{
    kit_type(&w->kit, text);
    save(w, disk);
}

static void window_shows(const struct window *w, const char *text)
{
    assert_string_equal(line_of(&w->kit), text);
}

static void a_draft_is_on_both_screens_until_one_sends_it(void **state)
{
    (void)state;
    struct buf disk = {0};
    struct window *a = window(&disk), *b = window(&disk);
    writes(a, "half a thought", &disk);
    save(b, &disk);
    window_shows(b, "half a thought");
    kit_type(&b->kit, ", whole");
    kit_keys(&b->kit, "Enter");
    save(b, &disk);
    save(a, &disk);
    window_shows(a, "");
    assert_null(strstr(buf_cstr(&disk), "thought"));
    close_window(a);
    close_window(b);
    buf_finish(&disk);
}

static void an_empty_line_takes_no_draft_away(void **state)
{
    (void)state;
    struct buf disk = {0};
    struct window *a = window(&disk), *b = window(&disk);
    writes(a, "precious", &disk);
    close_window(a);            /* killed */
    kit_keys(&b->kit, "Esc ]"); /* what it keeps has changed, and not the draft */
    save(b, &disk);
    struct window *later = window(&disk);
    window_shows(later, "precious");
    close_window(later);
    close_window(b);
    buf_finish(&disk);
}

static void two_that_were_begun_in_one_room_are_both_kept(void **state)
{
    (void)state;
    struct buf disk = {0};
    struct window *a = window(&disk), *b = window(&disk);
    kit_type(&a->kit, "one");
    kit_type(&b->kit, "two");
    save(a, &disk);
    save(b, &disk);
    save(a, &disk);
    window_shows(a, "one");
    window_shows(b, "two");
    close_window(a);
    close_window(b);
    struct window *c = window(&disk);
    window_shows(c, "two"); /* the newer one first, */
    kit_keys(&c->kit, "Enter");
    save(c, &disk);
    window_shows(c, "one"); /* and the other when that is sent */
    kit_keys(&c->kit, "Enter");
    save(c, &disk);
    window_shows(c, "");
    close_window(c);
    buf_finish(&disk);
}

static void what_is_not_written_yet_is_not_lost_by_looking(void **state)
{
    (void)state;
    struct buf disk = {0};
    struct window *a = window(&disk), *b = window(&disk);
    kit_type(&b->kit, "two");
    writes(a, "one", &disk);
    place_adopt(&b->kit.model, &b->base, buf_str(&disk));
    save(b, &disk);
    assert_non_null(strstr(buf_cstr(&disk), "one"));
    assert_non_null(strstr(buf_cstr(&disk), "two"));
    close_window(a);
    close_window(b);
    buf_finish(&disk);
}

static void what_rings_is_set_for_both(void **state)
{
    (void)state;
    struct buf disk = {0};
    struct window *a = window(&disk), *b = window(&disk);
    a->kit.model.here->level = NOTIFY_MUTE;
    save(a, &disk);
    kit_type(&b->kit, "x");
    save(b, &disk);
    assert_int_equal(b->kit.model.here->level, NOTIFY_MUTE);
    b->kit.model.here->level = NOTIFY_DEFAULT;
    save(b, &disk);
    save(a, &disk);
    assert_int_equal(a->kit.model.here->level, NOTIFY_DEFAULT);
    close_window(a);
    close_window(b);
    buf_finish(&disk);
}

static void a_comment_that_is_left_is_there_on_the_other_screen(void **state)
{
    (void)state;
    struct buf disk = {0};
    struct window *a = window(&disk), *b = window(&disk);
    kit_keys(&a->kit, "Esc c");
    writes(a, "on the card", &disk);
    kit_keys(&a->kit, "Esc");
    save(a, &disk);
    save(b, &disk);
    kit_keys(&b->kit, "Esc c");
    assert_string_equal(buf_cstr(&b->kit.model.line.text), "on the card");
    kit_keys(&b->kit, "Enter");
    save(b, &disk);
    save(a, &disk);
    assert_null(strstr(buf_cstr(&disk), "on the card"));
    kit_keys(&a->kit, "c");
    assert_string_equal(buf_cstr(&a->kit.model.line.text), "");
    close_window(a);
    close_window(b);
    buf_finish(&disk);
}

/* It may be a newer moot that runs beside this one. */
static void lines_of_another_version_stay(void **state)
{
    (void)state;
    struct buf disk = {0};
    buf_add_str(&disk, STR("later #core words\nnotify #gone mute\n"));
    struct window *a = window(&disk);
    writes(a, "x", &disk);
    assert_non_null(strstr(buf_cstr(&disk), "later #core words\nnotify #gone mute\n"));
    close_window(a);
    buf_finish(&disk);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, close_screen)
    const struct CMUnitTest tests[] = {
        T(a_draft_and_what_it_answers_are_kept),
        T(comments_that_were_begun_are_kept),
        T(an_edit_is_kept_and_so_is_what_it_came_upon),
        T(emoji_that_were_used_are_kept),
        T(lines_that_make_no_sense_are_passed_over),
        cmocka_unit_test(a_draft_is_on_both_screens_until_one_sends_it),
        cmocka_unit_test(an_empty_line_takes_no_draft_away),
        cmocka_unit_test(two_that_were_begun_in_one_room_are_both_kept),
        cmocka_unit_test(what_is_not_written_yet_is_not_lost_by_looking),
        cmocka_unit_test(what_rings_is_set_for_both),
        cmocka_unit_test(a_comment_that_is_left_is_there_on_the_other_screen),
        cmocka_unit_test(lines_of_another_version_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
