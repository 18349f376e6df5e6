#include "codec.h"
#include "msg.h"
#include "sample.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

/* The table tests itself. */

static void each_field(void (*check)(const struct msg_row *row, const struct shape *in,
                                     const struct field *f))
{
    for (int t = MSG_NONE + 1; t < MSG_COUNT; t++) {
        const struct msg_row *row = &msg_table[t];
        struct shape head = msg_head(row);
        head.size = row->shape.size;
        const struct shape *shapes[] = {&head, &row->shape};
        for (size_t s = 0; s < COUNT_OF(shapes); s++) {
            for (size_t i = 0; i < shapes[s]->n; i++) {
                const struct field *f = &shapes[s]->fields[i];
                check(row, shapes[s], f);
                for (size_t k = 0; f->of && k < f->of->n; k++)
                    check(row, f->of, &f->of->fields[k]);
            }
        }
    }
}

static bool is_sentence(const char *doc)
{
    size_t n = doc ? strlen(doc) : 0;
    return n >= 9 && doc[n - 1] == '.' && (doc[0] < 'a' || doc[0] > 'z');
}

static void every_row_is_filled_in(void **state)
{
    (void)state;
    for (int t = MSG_NONE + 1; t < MSG_COUNT; t++) {
        const struct msg_row *row = &msg_table[t];
        if (!row->name || !is_sentence(row->doc) || !row->side || !row->shape.size)
            fail_msg("row %d (%s)", t, row->name ? row->name : "no name");
        assert_int_equal(row->shape.fields == NULL, row->shape.n == 0);
        bool asks = row->class == CLASS_REQUEST || row->class == CLASS_QUESTION;
        assert_true(!row->in_room || asks);
        assert_true(!asks || row->side == FROM_CLIENT);
        assert_true((row->class != CLASS_ANSWER && row->class != CLASS_EVENT) ||
                    row->side == FROM_SERVER);
        assert_true(row->class != CLASS_REQUEST || row->in_room);
    }
}

static void names_are_unique_and_found(void **state)
{
    (void)state;
    for (int t = MSG_NONE + 1; t < MSG_COUNT; t++)
        assert_int_equal(msg_from_name(str_of(msg_table[t].name)), t);
    assert_int_equal(msg_from_name(STR("")), MSG_NONE);
    assert_int_equal(msg_from_name(STR("task")), MSG_NONE);
    assert_int_equal(msg_from_name(STR("task.addedx")), MSG_NONE);
}

static size_t size_of_kind(enum field_kind k)
{
    switch (k) {
    case FIELD_BOOL:
        return sizeof(bool);
    case FIELD_INT:
        return sizeof(int64_t);
    case FIELD_STR:
    case FIELD_OP:
        return sizeof(struct str);
    case FIELD_ENUM:
        return sizeof(enum role);
    case FIELD_LIST:
    case FIELD_EVENTS:
        return sizeof(struct list);
    }
    return SIZE_MAX;
}

static void check_field(const struct msg_row *row, const struct shape *in,
                        const struct field *f)
{
    const char *bad = NULL;
    if (f->offset + size_of_kind(f->kind) > in->size)
        bad = "lies outside its struct";
    if (!is_sentence(f->doc))
        bad = "has no sentence";
    if (f->min > f->max || (f->kind != FIELD_INT && f->min < 0))
        bad = "has bounds the wrong way round";
    if (f->kind == FIELD_INT && (f->min < -SEQ_MAX || f->max > SEQ_MAX))
        bad = "can leave what JSON carries exactly";
    if ((f->kind == FIELD_LIST) != (f->of != NULL))
        bad = "is a list without items, or has items and is none";
    if ((f->kind == FIELD_ENUM) != (f->names != NULL))
        bad = "is an enum without names, or has names and is none";
    if (f->optional && f->kind == FIELD_INT && f->fallback == 0 && f->min > 0 && f->not_zero)
        bad = "has a fallback out of range";
    if (f->fallback && (!f->optional || f->fallback < f->min || f->fallback > f->max))
        bad = "has a fallback that is no use";
    if (f->server_only && row->side == FROM_CLIENT)
        bad = "is the server's own in a message of clients";
    if (bad)
        fail_msg("%s: %s %s", row->name, f->name, bad);
}

static void every_field_is_sound(void **state)
{
    (void)state;
    each_field(check_field);
}

static void no_message_has_a_field_twice(void **state)
{
    (void)state;
    for (int t = MSG_NONE + 1; t < MSG_COUNT; t++) {
        struct shape head = msg_head(&msg_table[t]), own = msg_table[t].shape;
        size_t n = head.n + own.n;
        assert_true(n < 63);
        for (size_t i = 0; i < n; i++) {
            const char *a = i < head.n ? head.fields[i].name : own.fields[i - head.n].name;
            assert_string_not_equal(a, "type");
            for (size_t k = i + 1; k < n; k++)
                assert_string_not_equal(a, k < head.n ? head.fields[k].name
                                                      : own.fields[k - head.n].name);
        }
    }
}

static void rules_and_classes_have_words(void **state)
{
    (void)state;
    for (int i = CLASS_CONTROL; i <= CLASS_STATE; i++)
        assert_non_null(msg_class_name((enum msg_class)i));
    for (int i = RIGHT_ANYONE; i <= RIGHT_ADMIN; i++)
        assert_non_null(msg_right_sentence((enum msg_right)i));
    for (int i = RULE_TEXT; i <= RULE_EMOJI; i++)
        assert_non_null(str_rule_sentence((enum str_rule)i));
}

static void role_names_go_both_ways(void **state)
{
    (void)state;
    for (int i = 0; i < ROLE_COUNT; i++) {
        enum role r = ROLE_COUNT;
        assert_true(role_from_name(str_of(role_name((enum role)i)), &r));
        assert_int_equal(r, i);
    }
    enum role r;
    assert_false(role_from_name(STR("king"), &r));
}

/* ---- rules ---- */

static void strings_follow_their_rule_or_not(void **state)
{
    (void)state;
    static const struct {
        enum str_rule rule;
        struct str s;
        bool follows;
    } rows[] = {
        {RULE_TEXT, STR_ROW("two\nlines\t\x1b"), true},
        {RULE_TEXT, STR_ROW("nul\0"), false},
        {RULE_TEXT, STR_ROW("\xff"), false},
        {RULE_LINE, STR_ROW("Größe 漢字 👩‍🚀"), true},
        {RULE_LINE, STR_ROW("two\nlines"), false},
        {RULE_LINE, STR_ROW("tab\t"), false},
        {RULE_LINE, STR_ROW("escape \x1b[0m"), false},
        {RULE_LINE, STR_ROW("\x7f"), false},
        {RULE_LINE, STR_ROW("\xc2\x85"), false},
        {RULE_LINE, STR_ROW("\u2028"), false},
        {RULE_LINE, STR_ROW("\xc3"), false},
        {RULE_USER, STR_ROW("ana"), true},
        {RULE_USER, STR_ROW("_Ana.B-2"), true},
        {RULE_USER, STR_ROW(""), false},
        {RULE_USER, STR_ROW(".ana"), false},
        {RULE_USER, STR_ROW("-ana"), false},
        {RULE_USER, STR_ROW("ana b"), false},
        {RULE_USER, STR_ROW("än"), false},
        {RULE_ROOM, STR_ROW("#core"), true},
        {RULE_ROOM, STR_ROW("#0.a_b-c"), true},
        {RULE_ROOM, STR_ROW("#"), false},
        {RULE_ROOM, STR_ROW("core"), false},
        {RULE_ROOM, STR_ROW("#.x"), false},
        {RULE_ROOM, STR_ROW("#-x"), false},
        {RULE_ROOM, STR_ROW("#Core"), false},
        {RULE_ROOM, STR_ROW("##x"), false},
        {RULE_ROOM, STR_ROW("#../etc"), false},
        {RULE_CLIENT, STR_ROW("abcDEF12"), true},
        {RULE_CLIENT, STR_ROW("abcDEF1"), false},
        {RULE_CLIENT, STR_ROW("abcdef-1"), false},
        {RULE_ASCII, STR_ROW("eyJ.x-y_z=~!"), true},
        {RULE_ASCII, STR_ROW("a b"), false},
        {RULE_ASCII, STR_ROW("a\x7f"), false},
        {RULE_ASCII, STR_ROW("é"), false},
        {RULE_EMOJI, STR_ROW("👍"), true},
        {RULE_EMOJI, STR_ROW("👍🏽"), true},
        {RULE_EMOJI, STR_ROW("❤"), true},
        {RULE_EMOJI, STR_ROW("❤️"), true},
        {RULE_EMOJI, STR_ROW("👩‍🚀"), true},
        {RULE_EMOJI, STR_ROW("🇩🇪"), true},
        {RULE_EMOJI, STR_ROW("1️⃣"), true},
        {RULE_EMOJI, STR_ROW("🏴󠁧󠁢󠁥󠁮󠁧󠁿"), true},
        {RULE_EMOJI, STR_ROW("‼️"), true},
        {RULE_EMOJI, STR_ROW(":tada:"), true},
        {RULE_EMOJI, STR_ROW(":+1:"), true},
        {RULE_EMOJI, STR_ROW("::"), false},
        {RULE_EMOJI, STR_ROW(":Tada:"), false},
        {RULE_EMOJI, STR_ROW(":a b:"), false},
        {RULE_EMOJI, STR_ROW("ok"), false},
        {RULE_EMOJI, STR_ROW("1"), false},
        {RULE_EMOJI, STR_ROW("漢"), false},
        {RULE_EMOJI, STR_ROW("👍👍"), false},
        {RULE_EMOJI, STR_ROW("👍 "), false},
        {RULE_EMOJI, STR_ROW("👍\u0301"), false},
        {RULE_EMOJI, STR_ROW("\u202e"), false},
        {RULE_EMOJI, STR_ROW("\u200d"), false},
        {RULE_EMOJI, STR_ROW("\ufe0f"), false},
        {RULE_EMOJI, STR_ROW("👍\xff"), false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_follows(rows[i].s, rows[i].rule) != rows[i].follows)
            fail_msg("rule %d: \"%.*s\"", rows[i].rule, STR_ARG(rows[i].s));
}

/* ---- checks ---- */

static struct msg good_post(void)
{
    return (struct msg){
        .type = MSG_MESSAGE_POST,
        .message_post = {.head = {.id = 1, .room = STR("#core")}, .text = STR("hi")}};
}

static void assert_refused(const struct msg *m, enum msg_side from, enum err_code code,
                           const char *words)
{
    struct err e = {0};
    assert_false(msg_check(m, from, &e));
    assert_int_equal(e.code, code);
    if (!strstr(e.text, words))
        fail_msg("\"%s\" does not say \"%s\"", e.text, words);
}

static void good_request_passes_the_check(void **state)
{
    (void)state;
    struct msg m = good_post();
    struct err e = {0};
    assert_true(msg_check(&m, FROM_CLIENT, &e));
}

static void check_names_the_field_and_the_bound(void **state)
{
    (void)state;
    static char big[TEXT_MAX + 1];
    memset(big, 'x', sizeof big);
    struct msg m = good_post();
    m.message_post.text = (struct str){big, sizeof big};
    assert_refused(&m, FROM_CLIENT, ERR_TOO_LARGE,
                   "message.post: text: 16385 bytes, at most 16384");
    m = good_post();
    m.message_post.text = STR("");
    assert_refused(&m, FROM_CLIENT, ERR_BAD_FIELD, "at least 1");
    m = good_post();
    m.request.id = 0;
    assert_refused(&m, FROM_CLIENT, ERR_BAD_FIELD,
                   "id: 0 is out of range, 1 to 9007199254740991");
    m = good_post();
    m.request.room = STR("core");
    assert_refused(&m, FROM_CLIENT, ERR_BAD_FIELD, "room: must be '#', then letters");
}

static void check_knows_who_may_send_what(void **state)
{
    (void)state;
    struct msg m = good_post();
    assert_refused(&m, FROM_SERVER, ERR_UNKNOWN_TYPE, "may not come from the server");
    m = (struct msg){.type = MSG_TYPING,
                     .typing = {.head = {.room = STR("#core")}, .on = true}};
    struct err e;
    assert_true(msg_check(&m, FROM_CLIENT, &e));
    assert_refused(&m, FROM_SERVER, ERR_BAD_FIELD, "typing: user");
    m.state.user = STR("eve");
    assert_refused(&m, FROM_CLIENT, ERR_BAD_FIELD, "user: only the server sets it");
    m.type = MSG_COUNT;
    assert_refused(&m, FROM_CLIENT, ERR_UNKNOWN_TYPE, "no message number");
}

static void check_looks_into_lists(void **state)
{
    (void)state;
    struct room_since rooms[] = {{.room = STR("#core")}, {.room = STR("#ci"), .since = -2}};
    struct msg m = {.type = MSG_HELLO,
                    .hello = {.version = PROTOCOL_VERSION,
                              .client = STR("abcdefgh"),
                              .rooms = {.v = rooms, .n = 2}}};
    assert_refused(&m, FROM_CLIENT, ERR_BAD_FIELD, "hello: rooms[1].since: -2 is out of range");
    m.hello.rooms.n = ROOMS_PER_HELLO_MAX + 1;
    assert_refused(&m, FROM_CLIENT, ERR_TOO_LARGE, "rooms: 257 items, at most 256");
    m.hello.version = 2;
    assert_refused(&m, FROM_CLIENT, ERR_VERSION, "version 2");
}

static void card_reference_may_be_negative_but_not_zero(void **state)
{
    (void)state;
    struct msg m = {.type = MSG_TASK_ARCHIVE,
                    .task_archive = {.head = {.id = 9, .room = STR("#core")}, .task = -3}};
    struct err e;
    assert_true(msg_check(&m, FROM_CLIENT, &e));
    m.task_archive.task = 0;
    assert_refused(&m, FROM_CLIENT, ERR_BAD_FIELD, "without 0");
    struct msg cursor = {.type = MSG_CURSOR, .cursor = {.head = {.room = STR("#core")}}};
    assert_true(msg_check(&cursor, FROM_CLIENT, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_filled_in),
        cmocka_unit_test(names_are_unique_and_found),
        cmocka_unit_test(every_field_is_sound),
        cmocka_unit_test(no_message_has_a_field_twice),
        cmocka_unit_test(rules_and_classes_have_words),
        cmocka_unit_test(role_names_go_both_ways),
        cmocka_unit_test(strings_follow_their_rule_or_not),
        cmocka_unit_test(good_request_passes_the_check),
        cmocka_unit_test(check_names_the_field_and_the_bound),
        cmocka_unit_test(check_knows_who_may_send_what),
        cmocka_unit_test(check_looks_into_lists),
        cmocka_unit_test(card_reference_may_be_negative_but_not_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
