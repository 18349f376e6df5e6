#include "man.h"
#include "msg.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static void print_moot(struct buf *out)
{
    buf_add_str(out, STR(".It of moot\n"));
}

static void print_mootd(struct buf *out)
{
    buf_add_str(out, STR(".It of mootd\n"));
}

static const struct man_table tables[] = {
    {"OPTIONS", "moot", print_moot},
    {"OPTIONS", "mootd", print_mootd},
};
static const struct man_value values[] = {{"TITLE_MAX", 500, NULL}, {"DATE", 0, "Today"}};
static const struct man_source source = {tables, COUNT_OF(tables), values, COUNT_OF(values)};

static void template_is_filled_in(void **state)
{
    (void)state;
    static const struct {
        const char *page, *text, *filled;
    } rows[] = {
        {"moot.1", "", ""},
        {"moot.1", ".Sh NAME\n\nplain", ".Sh NAME\n\nplain\n"},
        {"moot.1", "@OPTIONS@\n", ".It of moot\n"},
        {"moot.conf.5", "@OPTIONS@\n", ".It of moot\n"},
        {"mootd.8", "@OPTIONS@\n", ".It of mootd\n"},
        {"mootd.8", "a\n@OPTIONS moot@\nb\n", "a\n.It of moot\nb\n"},
        {"moot.1", "at most @TITLE_MAX@ bytes, @DATE@\n", "at most 500 bytes, Today\n"},
        {"moot.1", "@TITLE_MAX@\n", "500\n"},
        {"moot.1", "ana@@host\n", "ana@host\n"},
    };
    const struct man_source *sources[] = {&source};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf out = {0};
        struct err e = {0};
        if (!man_fill(&out, str_of(rows[i].text), rows[i].page, sources, 1, &e))
            fail_msg("%s: %s", rows[i].text, e.text);
        assert_string_equal(buf_cstr(&out), rows[i].filled);
        buf_finish(&out);
    }
}

static void unknown_name_is_an_error_with_its_line(void **state)
{
    (void)state;
    static const char *const texts[] = {"a\n@NOBODY@\n", "a\nb @NOBODY@ c\n"};
    const struct man_source *sources[] = {&source};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct buf out = {0};
        struct err e = {0};
        assert_false(man_fill(&out, str_of(texts[i]), "moot.1", sources, 1, &e));
        assert_string_equal(e.text, "moot.1: line 2: nobody knows @NOBODY@");
        buf_finish(&out);
    }
}

static void lone_sign_is_an_error(void **state)
{
    (void)state;
    const struct man_source *sources[] = {&source};
    struct buf out = {0};
    struct err e = {0};
    assert_false(man_fill(&out, STR("ana@host\n"), "moot.1", sources, 1, &e));
    buf_finish(&out);
}

/* ---- what the protocol's tables print ---- */

static struct buf print_all(void)
{
    struct buf out = {0};
    for (size_t i = 0; i < man_proto.n_tables; i++)
        man_proto.tables[i].print(&out);
    return out;
}

static void assert_once(const char *text, const char *what)
{
    const char *at = strstr(text, what);
    if (!at || strstr(at + 1, what))
        fail_msg("%s stands %s", what, at ? "twice" : "nowhere");
}

static void every_message_is_described_once(void **state)
{
    (void)state;
    struct buf out = print_all();
    for (int t = MSG_NONE + 1; t < MSG_COUNT; t++) {
        char item[80];
        snprintf(item, sizeof item, ".It Ic %s Pq", msg_table[t].name);
        assert_once(buf_cstr(&out), item);
    }
    buf_finish(&out);
}

static void every_field_of_a_message_stands_in_its_example(void **state)
{
    (void)state;
    struct buf out = print_all();
    for (int t = MSG_NONE + 1; t < MSG_COUNT; t++) {
        char item[80];
        snprintf(item, sizeof item, ".It Ic %s Pq", msg_table[t].name);
        const char *from = strstr(buf_cstr(&out), item);
        const char *end = strstr(from, "\n.Ed");
        for (size_t i = 0; i < msg_table[t].shape.n; i++) {
            const struct field *f = &msg_table[t].shape.fields[i];
            char field[80], key[80];
            snprintf(field, sizeof field, ".It Va %s Pq", f->name);
            snprintf(key, sizeof key, "\"%s\":", f->name);
            const char *row = strstr(from, field), *example = strstr(from, key);
            if (!row || row > end)
                fail_msg("%s: no row for %s", msg_table[t].name, f->name);
            /* An error that answers a request names no room. */
            bool is_left_out =
                f->optional &&
                (f->kind == FIELD_BOOL || f->max == RETENTION_COUNT_MAX || /* age is given */
                 (t == MSG_ERROR && strcmp(f->name, "room") == 0));
            if ((!example || example > end) && !is_left_out)
                fail_msg("%s: no %s in the example", msg_table[t].name, f->name);
        }
    }
    buf_finish(&out);
}

static void every_bound_is_listed(void **state)
{
    (void)state;
    struct buf out = print_all();
#define X(name, most, doc) assert_once(buf_cstr(&out), ".It Dv " #name " Pq");
    BOUND_LIST(X)
#undef X
    buf_finish(&out);
}

static void every_error_of_the_wire_is_listed(void **state)
{
    (void)state;
    struct buf out = print_all();
    assert_once(buf_cstr(&out), ".It Er malformed\n");
    assert_once(buf_cstr(&out), ".It Er internal\n");
    assert_null(strstr(buf_cstr(&out), ".It Er unreachable\n"));
    buf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(template_is_filled_in),
        cmocka_unit_test(unknown_name_is_an_error_with_its_line),
        cmocka_unit_test(lone_sign_is_an_error),
        cmocka_unit_test(every_message_is_described_once),
        cmocka_unit_test(every_field_of_a_message_stands_in_its_example),
        cmocka_unit_test(every_bound_is_listed),
        cmocka_unit_test(every_error_of_the_wire_is_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
