/* Whole texts are added to and edited outside of a pane. Ana is in #core; note 20 is "Release
 * plan", note 21 "Minutes". */
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void command(struct screen_kit *k, const char *text)
{
    update(&k->model,
           &(struct input){.kind = INPUT_COMMAND, .now = k->now, .text = str_of(text)},
           &k->out);
}

static void edited(struct screen_kit *k, const char *text)
{
    update(&k->model,
           &(struct input){.kind = INPUT_EDITED, .now = k->now, .text = str_of(text)}, &k->out);
}

static void toast_has(struct screen_kit *k, const char *part)
{
    vec_each (t, &k->model.toasts)
        if (strstr(t->text, part))
            return;
    fail_msg("\"%s\" is in no toast", part);
}

static const struct effect *effect_of(struct screen_kit *k, enum effect_kind kind)
{
    const struct effect *found = NULL;
    vec_each (e, &k->out.items)
        if (e->kind == kind)
            found = e;
    return found;
}

static void a_line_comes_to_the_end_of_a_note(void **state)
{
    struct screen_kit *k = *state;
    command(k, "note append #20 and test it");
    kit_text(k, 20, 3, "Build it");
    kit_tick(k, 200);
    sent(k, "\"type\":\"note.edit\"");
    sent(k, "[8,\"\\nand test it\\n\"]");
    toast_has(k, "Release plan: added to.");
}

static void the_editor_gets_the_text_and_what_comes_back_is_merged(void **state)
{
    struct screen_kit *k = *state;
    command(k, "note edit Release plan");
    kit_text(k, 20, 3, "one\ntwo\n");
    const struct effect *e = effect_of(k, EFFECT_EDITOR);
    assert_non_null(e);
    assert_true(str_is(e->bytes, "one\ntwo\n"));
    kit_edited(k, "bo", 20, 4, "['zero\\n']");
    edited(k, "one\nTWO"); /* the shell takes the last newline off */
    kit_tick(k, 200);
    sent(k, "\"base\":4,\"op\":[9,\"TWO\",{\"d\":3}]");
    toast_has(k, "Release plan: changed.");
    edited(k, "hello"); /* not the note's any more */
    assert_string_equal(buf_cstr(&k->model.here->input.text), "hello");
}

static void an_editor_that_failed_has_no_second_answer(void **state)
{
    struct screen_kit *k = *state;
    command(k, "note edit #20");
    kit_text(k, 20, 3, "one\n");
    update(
        &k->model,
        &(struct input){.kind = INPUT_NOTICE, .now = k->now, .text = STR("the editor failed")},
        &k->out);
    assert_int_equal(k->model.errands.n, 0);
    kit_forget(k);
    edited(k, "for the chat");
    struct buf out = {0};
    assert_null(strstr(kit_sent(k, &out), "note.edit"));
    buf_finish(&out);
}

static void what_cannot_be_done_is_said_before_anything_is_written(void **state)
{
    struct screen_kit *k = *state;
    struct err full = {.code = ERR_IO, .text = "the disk is full"};
    session_disk(&k->model.session, &full);
    command(k, "note edit #20");
    toast_has(k, "disk is full");
    assert_int_equal(k->model.errands.n, 0);
    session_disk(&k->model.session, &(struct err){0});
    kit_cut(k, ERR_UNREACHABLE, "gone");
    command(k, "note append #20 too late");
    toast_has(k, "it is not on this machine, and there is no link. Your text: press : and Up.");
}

/* While the editor was open somebody took ana out of the room. */
static void what_was_edited_for_a_room_that_is_gone_is_put_aside(void **state)
{
    struct screen_kit *k = *state;
    command(k, "note edit #20");
    kit_text(k, 20, 3, "one\n");
    kit_frame(k, "{'type':'room.role','room':'#core','role':'none','public':false,'seq':99,"
                 "'author':'bo'}");
    edited(k, "one\nprecious");
    kit_tick(k, 200);
    const struct effect *e = effect_of(k, EFFECT_REFUSED);
    assert_non_null(e);
    assert_non_null(memmem(e->bytes.p, e->bytes.n, "precious", 8));
    toast_has(k, "kept in refused.jsonl");
}

/* The disk went bad while the editor was open. */
static void what_the_outbox_does_not_take_is_put_aside(void **state)
{
    struct screen_kit *k = *state;
    struct err full = {.code = ERR_IO, .text = "the disk is full"};
    command(k, "note edit #20");
    kit_text(k, 20, 3, "one\n");
    session_disk(&k->model.session, &full);
    edited(k, "one\nprecious");
    const struct effect *e = effect_of(k, EFFECT_REFUSED);
    assert_non_null(e);
    assert_non_null(memmem(e->bytes.p, e->bytes.n, "precious", 8));
    toast_has(k, "is as it was: ");
}

#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, open_wide_screen, close_screen)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_KIT(a_line_comes_to_the_end_of_a_note),
        WITH_KIT(the_editor_gets_the_text_and_what_comes_back_is_merged),
        WITH_KIT(an_editor_that_failed_has_no_second_answer),
        WITH_KIT(what_cannot_be_done_is_said_before_anything_is_written),
        WITH_KIT(what_was_edited_for_a_room_that_is_gone_is_put_aside),
        WITH_KIT(what_the_outbox_does_not_take_is_put_aside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
