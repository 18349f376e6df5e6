/* Boards that other programs exported. */
#include "csv.h"
#include "import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static void expect(struct str got, const char *want)
{
    if (!str_is(got, want))
        fail_msg("'%.*s' and not '%s'", STR_ARG(got), want);
}

/* The rows of a file with '|' between values and '/' behind rows; or the error. */
static void expect_rows(const char *text, const char *want)
{
    struct arena a = {0};
    struct csv_row row = {0};
    struct err e = {0};
    struct buf got = {0};
    struct str rest = str_of(text);
    size_t line = 1;
    while (csv_next(&rest, &line, &a, &row, &e)) {
        for (size_t i = 0; i < row.n; i++)
            buf_fmt(&got, "%s%.*s", i ? "|" : "", STR_ARG(row.v[i]));
        buf_add_c(&got, '/');
    }
    if (e.code)
        buf_fmt(&got, "%s", e.text);
    assert_string_equal(buf_cstr(&got), want);
    free(row.v);
    buf_finish(&got);
    arena_finish(&a);
}

static void rows_are_read_as_spreadsheets_write_them(void **state)
{
    (void)state;
    expect_rows("a,b\nc,d\n", "a|b/c|d/");
    expect_rows("a,b\r\nc,d", "a|b/c|d/");
    expect_rows("a,,\n\n\n,b", "a||/|b/");
    expect_rows("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n", "a,b|say \"hi\"|two\nlines/");
    expect_rows("", "");
    expect_rows("a\n\"b", "a/line 2: a quote is not closed");
    expect_rows("a\n\"b\n\"c,d", "a/line 3: text follows a closing quote");
}

static void the_heading_says_what_is_where(void **state)
{
    (void)state;
    struct import i = {0};
    assert_true(import_csv(STR("\xef\xbb\xbf"
                               "Status,Card Name,Tags,Estimate,Due Date,members\n"
                               "Doing,Ship it,\"bug, ui;\",5,2026-12-24,ana\n"
                               "Done,Sign it\n"),
                           &i, NULL));
    assert_int_equal(i.cards.n, 2);
    assert_int_equal(i.columns.n, 2);
    expect(i.columns.v[0], "Doing");
    expect(i.cards.v[0].title, "Ship it");
    expect(i.cards.v[0].column, "Doing");
    expect(i.cards.v[0].due, "2026-12-24");
    assert_int_equal(i.cards.v[0].labels.n, 2);
    expect(i.cards.v[0].labels.v[1], "ui");
    expect(i.cards.v[0].people.v[0], "ana");
    expect(i.cards.v[1].title, "Sign it");
    assert_int_equal(i.ignored.n, 1);
    expect(i.ignored.v[0], "Estimate");
    import_finish(&i);
}

static void expect_refused(bool (*read)(struct str, struct import *, struct err *),
                           const char *text, const char *part)
{
    struct import i = {0};
    struct err e = {0};
    assert_false(read(str_of(text), &i, &e));
    if (!strstr(e.text, part))
        fail_msg("'%s' says nothing of '%s'", e.text, part);
    import_finish(&i);
}

static void what_is_no_export_is_refused_in_words(void **state)
{
    (void)state;
    expect_refused(import_csv, "", "empty");
    expect_refused(import_csv, "a,b\n1,2\n", "names no title");
    expect_refused(import_csv, "title,list\nx,y\n,z\n", "line 3: no title");
    expect_refused(import_trello, "{", "not JSON");
    expect_refused(import_trello, "{}", "no board as Trello exports it");
    expect_refused(import_trello, "{\"cards\":{},\"lists\":[]}", "no board");
    expect_refused(import_trello, "[[[[", "not JSON");
}

static void a_trello_board_keeps_lists_labels_people_and_checklists(void **state)
{
    (void)state;
    struct import i = {0};
    assert_true(import_trello(
        STR("{\"lists\":[{\"id\":\"l1\",\"name\":\"To do\"},"
            "{\"id\":\"l2\",\"name\":\"Old\",\"closed\":true}],"
            "\"members\":[{\"id\":\"m1\",\"username\":\"ana\"}],"
            "\"checklists\":[{\"id\":\"k1\",\"name\":\"Steps\",\"checkItems\":["
            "{\"name\":\"one\",\"state\":\"complete\"},{\"name\":\"two\",\"state\":\"x\"}]}],"
            "\"cards\":[{\"name\":\"Ship\",\"desc\":\"How\",\"idList\":\"l1\","
            "\"due\":\"2026-12-24T10:00:00.000Z\",\"idMembers\":[\"m1\",\"gone\"],"
            "\"labels\":[{\"name\":\"bug\"},{\"name\":\"\",\"color\":\"red\"}],"
            "\"idChecklists\":[\"k1\",\"k9\"]},"
            "{\"name\":\"Old one\",\"idList\":\"l2\"},"
            "{\"name\":7,\"idList\":[],\"labels\":3}]}"),
        &i, NULL));
    assert_int_equal(i.columns.n, 1);
    assert_int_equal(i.cards.n, 3);
    const struct import_card *ship = &i.cards.v[0];
    expect(ship->column, "To do");
    expect(ship->labels.v[0], "bug");
    expect(ship->labels.v[1], "red");
    assert_int_equal(ship->people.n, 1);
    expect(ship->people.v[0], "ana");
    assert_non_null(strstr(ship->description.p, "- [x] one\n- [ ] two\n"));
    assert_false(ship->archived);
    assert_true(i.cards.v[1].archived);
    expect(i.cards.v[2].title, "");
    import_finish(&i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_as_spreadsheets_write_them),
        cmocka_unit_test(the_heading_says_what_is_where),
        cmocka_unit_test(what_is_no_export_is_refused_in_words),
        cmocka_unit_test(a_trello_board_keeps_lists_labels_people_and_checklists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
