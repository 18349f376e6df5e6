#include "blame.h"
#include "store_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { NOTE = 3, SNAPSHOT_EVERY = 3 };

/* Somebody types into the note; every few versions a snapshot goes along. */
static void write_note(struct store *s, int64_t seq)
{
    static const char *const ops[] = {
        "[\"two lines\\nof t\xc3\xa9xt\"]",
        "[4,\"long \"]",
        "[\"Three\",{\"d\":3}]",
        "[]",
        "[11,\"er\"]",
        "[{\"d\":6}]",
        "[2,\"x\",{\"d\":1}]",
        "[1,\"y\"]",
    };
    struct rope *rope = rope_new();
    struct blame *blame = blame_new();
    struct op op = {0};
    struct buf text = {0}, printed = {0};
    for (int64_t v = 1; v <= (int64_t)COUNT_OF(ops); v++) {
        struct store_job *j = kit_edit("#a", seq + v, seq + v + 1, NOTE, v, ops[v - 1]);
        if (v > 1 && (v - 1) % SNAPSHOT_EVERY == 0)
            kit_keep(j, v - 1, buf_cstr(&text), buf_cstr(&printed));
        kit_ok(s, j);
        assert_true(op_parse(&op, str_of(ops[v - 1]), OP_MAX, NULL));
        assert_true(op_check(&op, rope_chars(rope), NULL));
        op_apply(&op, rope);
        blame_apply(blame, &op, STR("ana"), v, KIT_TIME(seq + v));
        buf_clear(&text);
        buf_clear(&printed);
        rope_read(rope, 0, rope_chars(rope), &text);
        blame_print(blame, &printed);
    }
    rope_free(rope);
    blame_free(blame);
    op_finish(&op);
    buf_finish(&text);
    buf_finish(&printed);
}

/* Events 14 to 29. */
static void live_with_notes(struct store *s)
{
    struct store_note plan = {NOTE, STR("plan"), false, KIT_TIME(14), STR("ana")};
    struct store_note other = {4, STR("other"), false, KIT_TIME(15), STR("ana")};
    kit_ok(s, kit_note("#a", 14, 15, MSG_NOTE_CREATED, plan));
    kit_ok(s, kit_note("#a", 15, 16, MSG_NOTE_CREATED, other));
    plan.name = STR("plans");
    kit_ok(s, kit_note("#a", 16, 17, MSG_NOTE_RENAMED, plan));
    other.archived = true;
    kit_ok(s, kit_note("#a", 17, 18, MSG_NOTE_ARCHIVED, other));
    plan.archived = true;
    kit_ok(s, kit_note("#a", 18, 19, MSG_NOTE_ARCHIVED, plan));
    plan.archived = false;
    kit_ok(s, kit_note("#a", 19, 20, MSG_NOTE_RESTORED, plan));
    write_note(s, 19); /* to event 27 */
    kit_ok(s, kit_edit("#a", 28, 29, 2, 1, "[\"of a card\"]"));
    kit_ok(s, kit_edit("#a", 29, 30, 2, 2, "[2,\" late\"]"));
}

/* Events 30 to 37. */
static void live_with_messages(struct store *s)
{
    struct store_change edit = {.kind = CHANGE_TEXT, .message = 13, .text = STR("hi")};
    struct store_change thumb = {.kind = CHANGE_REACTION, .message = 13, .emoji = STR("👍")};
    struct store_change party = {.kind = CHANGE_REACTION, .message = 13, .emoji = STR(":x:")};
    struct store_change pin = {.kind = CHANGE_PIN, .message = 13};
    kit_ok(s, kit_answer("#a", 30, 31, 2, 0, "on a card"));
    kit_ok(s, kit_answer("#a", 31, 32, 2, 30, "an answer"));
    kit_ok(s, kit_change("#a", 32, 33, edit));
    kit_ok(s, kit_change("#a", 33, 34, thumb));
    kit_ok(s, kit_change("#a", 34, 35, party));
    kit_ok(s, kit_change("#a", 35, 36, pin));
    pin.message = 2;
    kit_ok(s, kit_change("#a", 36, 37, pin));
    pin.kind = CHANGE_DELETE;
    kit_ok(s, kit_change("#a", 37, 38, pin));
}

void kit_live(struct store *s)
{
    struct store_task one = {
        .number = 1, .title = STR("one"), .column = STR("Todo"), .key = STR("V")};
    struct store_task two = {
        .number = 2, .title = STR("two"), .column = STR("Todo"), .key = STR("W")};
    kit_ok(s, kit_room("#a", 1));
    kit_ok(s, kit_message("#a", 2, 2, "hello"));
    kit_ok(s, kit_member("#a", 3, 0, "bo", ROLE_MEMBER));
    kit_ok(s, kit_member("#a", 4, 4, "cy", ROLE_OBSERVER));
    kit_ok(s, kit_member("#a", 5, 5, "cy", ROLE_NONE));
    kit_ok(s, kit_task("#a", 6, 6, MSG_TASK_ADDED, one));
    kit_ok(s, kit_task("#a", 7, 7, MSG_TASK_ADDED, two));
    kit_index(s);
    one.title = STR("eins");
    one.values = STR("title\t8\tana\t" KIT_CLIENT "\t\n");
    kit_ok(s, kit_task("#a", 8, 8, MSG_TASK_EDITED, one));
    one.column = STR("Done");
    one.key = STR("k");
    kit_ok(s, kit_task("#a", 9, 9, MSG_TASK_MOVED, one));
    two.archived = true;
    kit_ok(s, kit_task("#a", 10, 10, MSG_TASK_ARCHIVED, two));
    two.archived = false;
    two.column = STR("Doing");
    kit_ok(s, kit_task("#a", 11, 11, MSG_TASK_RESTORED, two));
    one.archived = true;
    kit_ok(s, kit_task("#a", 12, 12, MSG_TASK_ARCHIVED, one));
    kit_ok(s, kit_message("#a", 13, 13, "bye"));
    kit_ok(s, kit_room("#b", 14));
    live_with_notes(s);
    live_with_messages(s);
}
