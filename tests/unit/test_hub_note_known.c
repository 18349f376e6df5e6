/* Edits that raced, through the library and through the hub: operation by operation what
 * another implementation made of them. */
#include "hub_rig.h"
#include "known_edits.h"
#include "op.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const people[] = {"ana", "bo", "cleo"};

static const char *moved(size_t i)
{
    return known_edits[i].moved ? known_edits[i].moved : known_edits[i].op;
}

static void read_op(struct op *o, const char *json)
{
    struct err e = {0};
    if (!op_parse(o, str_of(json), OP_OUT_MAX, &e))
        fail_msg("%s: %s", json, e.text);
}

/* As moot writes it: control characters may be escaped in two ways. */
static const char *printed(const char *json, struct buf *out)
{
    struct op o = {0};
    read_op(&o, json);
    buf_clear(out);
    op_print(&o, out);
    op_finish(&o);
    return buf_cstr(out);
}

static void another_implementation_moves_them_to_the_same(void **state)
{
    (void)state;
    struct op o = {0}, past = {0}, next = {0}, expected = {0};
    struct rope *text = rope_new();
    for (size_t i = 0; i < COUNT_OF(known_edits); i++) {
        read_op(&o, known_edits[i].op);
        for (size_t v = (size_t)known_edits[i].base; v < i; v++) {
            read_op(&past, moved(v));
            op_transform(&o, &past, OP_LEFT, &next);
            op_swap(&o, &next);
        }
        read_op(&expected, moved(i));
        if (!op_eq(&o, &expected))
            fail_msg("edit %zu: not %s", i, moved(i));
        assert_true(op_check(&o, rope_chars(text), NULL));
        op_apply(&o, text);
    }
    struct buf got = {0}, json = {0};
    rope_read(text, 0, rope_chars(text), &got);
    op_clear(&o);
    op_insert(&o, buf_str(&got));
    op_print(&o, &json);
    buf_clear(&got);
    buf_fmt(&got, "[%s]", known_text);
    struct buf expected_json = {0};
    assert_string_equal(buf_cstr(&json), printed(buf_cstr(&got), &expected_json));
    op_finish(&o);
    op_finish(&past);
    op_finish(&next);
    op_finish(&expected);
    buf_finish(&got);
    buf_finish(&json);
    buf_finish(&expected_json);
    rope_free(text);
}

static void send_edit(struct hub_rig *r, size_t i)
{
    struct buf frame = {0};
    buf_fmt(&frame,
            "{\"type\":\"note.edit\",\"id\":%zu,\"room\":\"#lobby\",\"note\":1,"
            "\"base\":%d,\"op\":%s}",
            10 + i, known_edits[i].base, known_edits[i].op);
    rig_send_bytes(r, people[i % COUNT_OF(people)], buf_str(&frame));
    buf_finish(&frame);
}

static void the_server_commits_them_as_another_does(void **state)
{
    (void)state;
    struct hub_rig r;
    struct buf expected = {0}, op = {0}, all = {0};
    rig_start(&r);
    for (size_t i = 0; i < COUNT_OF(people); i++)
        rig_enter(&r, people[i], "#lobby");
    rig_send(&r, "ana", "{'type':'note.create','id':1,'room':'#lobby','name':'Plan'}");
    rig_enter(&r, "dan", "#lobby");
    for (size_t i = 0; i < COUNT_OF(known_edits); i++) {
        if (i == COUNT_OF(known_edits) / 2)
            rig_wait(&r, 1000);
        send_edit(&r, i);
        buf_clear(&expected);
        buf_fmt(&expected, "{'type':'note.edited',*'author':'%s',*'version':%zu,'op':%s}",
                people[i % COUNT_OF(people)], i + 1, printed(moved(i), &op));
        rig_expect_later(&r, "dan", buf_cstr(&expected));
    }
    buf_fmt(&all, "[%s]", known_text);
    const char *text = printed(buf_cstr(&all), &op);
    buf_clear(&expected);
    buf_fmt(&expected, "{'type':'note.text','re':7,*'version':%zu,*'text':%.*s}",
            COUNT_OF(known_edits), (int)strlen(text) - 2, text + 1);
    rig_send(&r, "dan", "{'type':'note.open','id':7,'room':'#lobby','note':1}");
    rig_expect(&r, "dan", buf_cstr(&expected));
    buf_finish(&expected);
    buf_finish(&op);
    buf_finish(&all);
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_implementation_moves_them_to_the_same),
        cmocka_unit_test(the_server_commits_them_as_another_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
