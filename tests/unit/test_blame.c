#include "blame.h"
#include "chance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { MINUTE = 60 * 1000 };

static void parse_op(struct op *o, const char *json)
{
    struct err e = {0};
    if (!op_parse(o, str_of(json), OP_MAX, &e))
        fail_msg("%s: %s", json, e.text);
}

static void assert_prints(const struct blame *b, const char *want)
{
    struct buf out = {0};
    blame_print(b, &out);
    assert_string_equal(buf_cstr(&out), want);
    buf_finish(&out);
}

/* Edits, one a version and each so many minutes after the first, and what they leave. */
static void each_run_names_who_wrote_it_and_when(void **state)
{
    (void)state;
    struct row {
        const char *what;
        struct edit {
            const char *author, *json;
            int minute;
        } edits[5];
        const char *want;
    } rows[] = {
        {"nothing", {{0}}, ""},
        {"one goes on typing",
         {{"ana", "[\"ab\"]", 0}, {"ana", "[2,\"c\"]", 1}},
         "3 2 60000 ana\n"},
        {"in the middle of one's own",
         {{"ana", "[\"ab\"]", 0}, {"ana", "[1,\"c\"]", 1}},
         "3 2 60000 ana\n"},
        {"ten minutes are close",
         {{"ana", "[\"ab\"]", 0}, {"ana", "[\"c\"]", 10}},
         "3 2 600000 ana\n"},
        {"eleven are not",
         {{"ana", "[\"ab\"]", 0}, {"ana", "[\"c\"]", 11}},
         "1 2 660000 ana\n2 1 0 ana\n"},
        {"another author",
         {{"ana", "[\"ab\"]", 0}, {"bo", "[1,\"c\"]", 0}},
         "1 1 0 ana\n1 2 0 bo\n1 1 0 ana\n"},
        {"what was parted meets again",
         {{"ana", "[\"ab\"]", 0}, {"bo", "[1,\"c\"]", 0}, {"bo", "[1,{\"d\":1}]", 0}},
         "2 1 0 ana\n"},
        {"behind another's",
         {{"ana", "[\"ab\"]", 0}, {"bo", "[2,\"c\"]", 0}, {"ana", "[2,\"d\"]", 0}},
         "3 3 0 ana\n1 2 0 bo\n"},
        {"in front of one's own",
         {{"ana", "[\"ab\"]", 0}, {"bo", "[\"c\"]", 0}, {"ana", "[1,\"d\"]", 0}},
         "1 2 0 bo\n3 3 0 ana\n"},
        {"at the very start",
         {{"ana", "[\"ab\"]", 0}, {"bo", "[\"c\"]", 0}, {"ana", "[\"d\"]", 0}},
         "1 3 0 ana\n1 2 0 bo\n2 1 0 ana\n"},
        {"a deletion over several",
         {{"ana", "[\"abc\"]", 0}, {"bo", "[3,\"def\"]", 0}, {"cy", "[2,{\"d\":2}]", 0}},
         "2 1 0 ana\n2 2 0 bo\n"},
        {"all deleted",
         {{"ana", "[\"abc\"]", 0}, {"bo", "[{\"d\":3}]", 0}, {"bo", "[\"x\"]", 0}},
         "1 3 0 bo\n"},
        {"a replacement",
         {{"ana", "[\"abc\"]", 0}, {"bo", "[1,\"XY\",{\"d\":1}]", 0}},
         "1 1 0 ana\n2 2 0 bo\n1 1 0 ana\n"},
        {"one that closes a gap in time",
         {{"ana", "[\"a\"]", 0}, {"ana", "[1,\"b\"]", 18}, {"ana", "[1,\"c\"]", 9}},
         "3 3 540000 ana\n"},
    };
    for (struct row *r = rows; r < rows + COUNT_OF(rows); r++) {
        struct blame *b = blame_new();
        struct op o = {0};
        for (int i = 0; i < 5 && r->edits[i].author; i++) {
            parse_op(&o, r->edits[i].json);
            blame_apply(b, &o, str_of(r->edits[i].author), i + 1,
                        (int64_t)r->edits[i].minute * MINUTE);
        }
        print_message("%s\n", r->what);
        assert_prints(b, r->want);
        op_finish(&o);
        blame_free(b);
    }
}

static void what_is_printed_can_be_parsed(void **state)
{
    (void)state;
    static const char form[] = "3 1 0 ana\n1 2 9007199254740991 J\xc3\xb6rg X\n2 0 5 \n";
    struct err e = {0};
    struct blame *b = blame_parse(str_of(form), 6, &e);
    assert_non_null(b);
    assert_int_equal(blame_chars(b), 6);
    assert_int_equal(blame_runs(b), 3);
    assert_prints(b, form);
    blame_free(b);
    b = blame_parse((struct str){0}, 0, &e);
    assert_non_null(b);
    blame_free(b);
}

static void any_other_form_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "\n",
        "6 1 0 ana",
        "5 1 0 ana\n",
        "7 1 0 ana\n",
        "6 1 0\n",
        "6 1 ana\n",
        "0 1 0 a\n6 1 0 a\n",
        "-6 1 0 ana\n",
        "+6 1 0 ana\n",
        "06 1 0 ana\n",
        "6 -0 0 ana\n",
        "6  1 0 ana\n",
        " 6 1 0 ana\n",
        "6 1 9007199254740992 ana\n",
        "6 9007199254740992 0 ana\n",
        "6 1 0 ana\n\n",
        "6 1 0 ana\n0 1 0 b\n",
        "6 1 0 \x1b[0m\n",
        "6 1 0 a\tb\n",
        "6 1 0 \xff\n",
        "6 1 0 \xc3\n",
        "99999999999999999999 1 0 a\n",
        "18446744073709551622 1 0 a\n",
        "4294967302 1 0 a\n",
        "6 1 0 a-name-of-more-than-the-thirty-two-bytes\n",
        "6\n1\n0\nana\n",
        "6 1 0 ana\r\n",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct err e = {0};
        struct blame *b = blame_parse(str_of(rows[i]), 6, &e);
        if (b)
            fail_msg("taken: %s", rows[i]);
        assert_int_equal(e.code, ERR_BAD_FIELD);
    }
}

/* ---- against an array of code points ---- */

enum { MODEL_MAX = 4096, AUTHORS = 4 };

struct point {
    int64_t version, time;
    uint8_t author;
};

struct model {
    struct point v[MODEL_MAX];
    size_t n;
};

static const char *const names[AUTHORS] = {"ana", "bo", "cy", ""};

static void model_apply(struct model *m, const struct op *o, struct point as)
{
    struct op_at at = {0};
    struct op_part part;
    size_t pos = 0;
    while (op_next(o, &at, &part)) {
        struct point *p = m->v + pos;
        if (part.kind == OP_DELETE) {
            memmove(p, p + part.chars, (m->n - pos - part.chars) * sizeof *p);
            m->n -= part.chars;
        } else if (part.kind == OP_INSERT) {
            memmove(p + part.chars, p, (m->n - pos) * sizeof *p);
            m->n += part.chars;
            for (size_t i = 0; i < part.chars; i++)
                p[i] = as;
        }
        pos += part.kind == OP_DELETE ? 0 : part.chars;
    }
}

struct walk {
    const struct model *model;
    size_t at, runs;
    struct blame_run last;
};

/* Every code point has its author; a run is as new as its newest one that is still known. */
static void check_run(void *arg, const struct blame_run *run)
{
    struct walk *w = arg;
    assert_true(run->chars > 0);
    for (size_t i = 0; i < run->chars; i++) {
        const struct point *p = &w->model->v[w->at++];
        assert_true(str_is(run->author, names[p->author]));
        assert_true(p->version <= run->version);
    }
    int64_t apart = run->time - w->last.time;
    if (w->runs++ > 0 && str_eq(run->author, w->last.author))
        assert_true(apart > BLAME_JOIN_MS || apart < -BLAME_JOIN_MS);
    w->last = *run;
}

static void random_op(struct chance *c, size_t chars, struct op *o)
{
    op_clear(o);
    for (size_t left = chars, i = 1 + chance_below(c, 4); i > 0; i--) {
        size_t skip = chance_below(c, left + 1), gone = chance_is(c, 10) ? 400 : 4;
        op_skip(o, skip);
        left -= skip;
        if (chance_is(c, 65) && chars + op_inserted(o) < MODEL_MAX - 8)
            op_insert(o, (struct str){"xxxxxxxx", 1 + chance_below(c, 3)});
        gone = chance_is(c, 50) ? chance_below(c, MIN(left, gone) + 1) : 0;
        op_delete(o, gone);
        left -= gone;
    }
}

static void reparse(struct blame **b)
{
    struct buf out = {0};
    struct err e = {0};
    blame_print(*b, &out);
    struct blame *again = blame_parse(buf_str(&out), blame_chars(*b), &e);
    assert_non_null(again);
    blame_free(*b);
    *b = again;
    buf_finish(&out);
}

/* One of them is printed and parsed now and then: it goes on like the other. */
static void it_agrees_with_an_array_of_code_points(void **state)
{
    (void)state;
    struct chance c = {.seed = 1};
    static struct model m;
    struct blame *b = blame_new(), *twin = blame_new();
    struct buf x = {0}, y = {0};
    struct op o = {0};
    int64_t time = 0;
    for (int i = 1; i < 6000; i++) {
        struct point as = {i, time += (int64_t)chance_below(&c, 20 * MINUTE),
                           (uint8_t)chance_below(&c, AUTHORS)};
        random_op(&c, m.n, &o);
        model_apply(&m, &o, as);
        blame_apply(b, &o, str_of(names[as.author]), as.version, as.time);
        blame_apply(twin, &o, str_of(names[as.author]), as.version, as.time);
        if (i % 20 > 0 && i > 300)
            continue;
        struct walk w = {.model = &m};
        size_t half = chance_below(&c, blame_runs(b) + 1);
        struct blame *copy = blame_copy(b); /* in two parts, of a copy */
        blame_some(copy, 0, half, check_run, &w);
        blame_some(copy, half, SIZE_MAX, check_run, &w);
        blame_free(copy);
        assert_int_equal(w.at, m.n);
        assert_int_equal(blame_chars(b), m.n);
        assert_int_equal(blame_runs(b), w.runs);
        reparse(&twin);
        buf_clear(&x);
        buf_clear(&y);
        blame_print(b, &x);
        blame_print(twin, &y);
        assert_true(str_eq(buf_str(&x), buf_str(&y)));
    }
    buf_finish(&x);
    buf_finish(&y);
    op_finish(&o);
    blame_free(b);
    blame_free(twin);
}

static void many_names_and_many_runs_are_taken(void **state)
{
    (void)state;
    struct blame *b = blame_new();
    struct op o = {0};
    for (int i = 0; i < 10000; i++) {
        char name[16];
        snprintf(name, sizeof name, "user%d", i);
        op_clear(&o);
        op_skip(&o, (size_t)i / 2);
        op_insert(&o, STR("abc"));
        blame_apply(b, &o, str_of(name), i + 1, 0);
    }
    reparse(&b);
    assert_int_equal(blame_chars(b), 30000);
    assert_true(blame_runs(b) >= 10000);
    op_clear(&o);
    op_skip(&o, 1);
    op_delete(&o, 29998);
    blame_apply(b, &o, STR("ana"), 10001, 0);
    assert_int_equal(blame_runs(b), 2);
    op_finish(&o);
    blame_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_run_names_who_wrote_it_and_when),
        cmocka_unit_test(what_is_printed_can_be_parsed),
        cmocka_unit_test(any_other_form_is_refused),
        cmocka_unit_test(it_agrees_with_an_array_of_code_points),
        cmocka_unit_test(many_names_and_many_runs_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
