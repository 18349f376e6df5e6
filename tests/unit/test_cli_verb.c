/* The table of verbs keeps its own rules, and finds what people mean. */
#include "cli.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t split(const char *line, struct str *words)
{
    size_t n = 0;
    struct str rest = str_of(line);
    while (rest.n)
        words[n++] = str_cut(&rest, ' ');
    return n;
}

static const struct verb *find(const char *line, size_t *used)
{
    struct str words[8];
    return verb_find(words, split(line, words), used);
}

static void every_path_is_found_and_stands_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < verb_count; i++) {
        size_t used;
        assert_ptr_equal(find(verb_table[i].path, &used), &verb_table[i]);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(verb_table[k].path, verb_table[i].path);
    }
}

static void every_option_of_a_verb_has_a_row_and_every_row_a_verb(void **state)
{
    (void)state;
    for (size_t i = 0; i < verb_count; i++) {
        struct arena a = {0};
        size_t n;
        verb_options(&verb_table[i], &a, &n); /* a name without a row is a bug */
        assert_true(n >= moot_option_count);
        arena_finish(&a);
    }
    for (size_t i = 0; i < verb_option_count; i++) {
        bool taken = false;
        for (size_t k = 0; k < verb_count; k++)
            taken |= verb_takes(&verb_table[k], verb_option_rows[i].name);
        if (!taken)
            fail_msg("no verb takes --%s", verb_option_rows[i].name);
    }
}

/* No help of one verb speaks of another; and what is said of an option for a verb is used. */
static void an_option_is_explained_for_the_verb_at_hand(void **state)
{
    (void)state;
    for (size_t i = 0; i < verb_option_doc_count; i++) {
        const struct verb_option_doc *d = &verb_option_docs[i];
        size_t used;
        const struct verb *v = find(d->verb, &used);
        if (!v || !verb_takes(v, d->option))
            fail_msg("%s takes no --%s", d->verb, d->option);
        struct buf out = {0};
        verb_help(&out, v);
        assert_non_null(strstr(buf_cstr(&out), d->option));
        buf_finish(&out);
    }
    for (size_t i = 0; i < verb_option_count; i++)
        for (size_t k = 0; k < verb_count; k++) {
            char of[80];
            snprintf(of, sizeof of, "; of %s,", verb_table[k].path);
            if (strstr(verb_option_rows[i].doc, of))
                fail_msg("--%s: %s", verb_option_rows[i].name, verb_option_rows[i].doc);
        }
}

static void the_same_option_differs_where_it_means_something_else(void **state)
{
    static const struct {
        const char *verb, *says;
    } rows[] = {{"who", "Those too who are not here."},
                {"note list", "Archived notes, too."},
                {"import", "Archived cards, too."},
                {"tail", "nothing of what was said"},
                {"column add", "How many cards it should have"}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf out = {0};
        size_t used;
        verb_help(&out, find(rows[i].verb, &used));
        if (!strstr(buf_cstr(&out), rows[i].says))
            fail_msg("%s: %s", rows[i].verb, buf_cstr(&out));
        buf_finish(&out);
    }
}

static void no_option_or_letter_is_given_out_twice(void **state)
{
    (void)state;
    for (size_t i = 0; i < verb_option_count; i++) {
        const struct opt *o = &verb_option_rows[i];
        for (size_t k = 0; k < moot_option_count; k++) {
            assert_string_not_equal(o->name, moot_option_rows[k].name);
            assert_true(!o->letter || o->letter != moot_option_rows[k].letter);
        }
        for (size_t k = 0; k < i; k++)
            assert_true(!o->letter || o->letter != verb_option_rows[k].letter);
    }
}

static void the_longest_path_wins(void **state)
{
    (void)state;
    static const struct {
        const char *line, *path;
        size_t used;
    } rows[] = {
        {"send #ci hello", "send", 1},
        {"task add #ci x", "task add", 2},
        {"admin token ana", "admin token", 2},
        {"admin token list", "admin token list", 3},
        {"admin user add ana", "admin user add", 3},
        {"outbox", "outbox", 1},
        {"outbox drop 4", "outbox drop", 2},
        {"task", NULL, 1},
        {"admin user", NULL, 2},
        {"admin", NULL, 1},
        {"nonsense", NULL, 0},
        {"task nonsense", NULL, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t used;
        const struct verb *v = find(rows[i].line, &used);
        const char *path = v ? v->path : NULL;
        if (used != rows[i].used || (path != rows[i].path && (!path || !rows[i].path)) ||
            (path && strcmp(path, rows[i].path) != 0))
            fail_msg("'%s' is '%s', %zu words", rows[i].line, path ? path : "-", used);
    }
}

static void a_slip_of_the_finger_is_understood(void **state)
{
    (void)state;
    static const struct {
        const char *line, *told;
    } rows[] = {
        {"snd #ci x", "did you mean 'send'?"},
        {"tial core", "did you mean 'tail'?"},
        {"task ad core x", "did you mean 'add'?"},
        {"taks list", "did you mean 'task'?"},
        {"admin tokn ana", "did you mean 'token'?"},
        {"frobnicate", "moot --help lists the verbs"},
        {"task frobnicate", "moot task --help lists the verbs"},
        {"task", "which verb?"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str words[8];
        size_t used, n = split(rows[i].line, words);
        struct err e = {0};
        assert_null(verb_find(words, n, &used));
        verb_unknown(words, n, used, &e);
        assert_int_equal(e.code, ERR_USAGE);
        if (!strstr(e.text, rows[i].told))
            fail_msg("'%s': %s", rows[i].line, e.text);
    }
}

static void a_verb_knows_how_many_words_it_takes(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        size_t least, most;
    } rows[] = {
        {"", 0, 0},
        {"ROOM", 1, 1},
        {"[ROOM]", 0, 1},
        {"ROOM TEXT...", 2, SIZE_MAX},
        {"[ARGUMENT...]", 0, SIZE_MAX},
        {"ROOM NUMBER COLUMN", 3, 3},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t least, most;
        verb_arity(&(struct verb){.words = rows[i].words}, &least, &most);
        assert_int_equal(least, rows[i].least);
        assert_int_equal(most, rows[i].most);
    }
}

/* Each run of blanks and line ends becomes one blank. */
static void unwrap(struct buf *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++) {
        bool is_blank = b->p[i] == ' ' || b->p[i] == '\n';
        if (!is_blank || (n && b->p[n - 1] != ' '))
            b->p[n++] = is_blank ? ' ' : b->p[i];
    }
    b->n = n;
}

static void help_names_every_verb_within_eighty_columns(void **state)
{
    (void)state;
    struct buf all = {0};
    verb_help_all(&all);
    for (struct str rest = buf_str(&all); rest.n;)
        assert_true(str_cut(&rest, '\n').n < 80);
    unwrap(&all);
    for (size_t i = 0; i < verb_count; i++) {
        struct buf one = {0};
        verb_help(&one, &verb_table[i]);
        unwrap(&one);
        assert_non_null(strstr(buf_cstr(&one), verb_table[i].doc));
        assert_non_null(strstr(buf_cstr(&all), verb_table[i].doc));
        buf_finish(&one);
    }
    buf_finish(&all);
}

static void the_manual_names_every_verb_and_its_options(void **state)
{
    (void)state;
    struct buf mdoc = {0};
    verb_mdoc(&mdoc);
    for (size_t i = 0; i < verb_count; i++) {
        struct buf it = {0};
        buf_fmt(&it, ".It Ic %s", verb_table[i].path);
        assert_non_null(strstr(buf_cstr(&mdoc), buf_cstr(&it)));
        buf_finish(&it);
    }
    assert_non_null(strstr(buf_cstr(&mdoc), "Oo Fl -since Ar SEQ Oc"));
    assert_non_null(strstr(buf_cstr(&mdoc), "Oo Fl -no-team Oc Oo Fl -people Ar N Oc"));
    buf_finish(&mdoc);
}

static void completion_knows_the_verbs_of_a_noun(void **state)
{
    (void)state;
    struct buf bash = {0};
    assert_true(completion_script(&bash, STR("bash")));
    assert_non_null(
        strstr(buf_cstr(&bash), "'task') next='list add show move edit assign label "));
    assert_non_null(strstr(buf_cstr(&bash),
                           "'admin') next='user bot hook token invite disable enable "
                           "kick notice audit stats busy minutes'"));
    assert_non_null(strstr(buf_cstr(&bash), "'admin user') next='list add set'"));
    buf_finish(&bash);
    struct buf other = {0};
    assert_false(completion_script(&other, STR("csh")));
    assert_int_equal(other.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_path_is_found_and_stands_once),
        cmocka_unit_test(every_option_of_a_verb_has_a_row_and_every_row_a_verb),
        cmocka_unit_test(an_option_is_explained_for_the_verb_at_hand),
        cmocka_unit_test(the_same_option_differs_where_it_means_something_else),
        cmocka_unit_test(no_option_or_letter_is_given_out_twice),
        cmocka_unit_test(the_longest_path_wins),
        cmocka_unit_test(a_slip_of_the_finger_is_understood),
        cmocka_unit_test(a_verb_knows_how_many_words_it_takes),
        cmocka_unit_test(help_names_every_verb_within_eighty_columns),
        cmocka_unit_test(the_manual_names_every_verb_and_its_options),
        cmocka_unit_test(completion_knows_the_verbs_of_a_noun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
