#include "opt.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

struct values {
    bool json, color;
    int64_t count, timeout, size;
    const char *room, *server;
};

#define AT(m) offsetof(struct values, m)

static const struct opt rows[] = {
    {.name = "json", .letter = 'j', .kind = OPT_FLAG, .offset = AT(json), .doc = "Print JSON."},
    {.name = "color",
     .kind = OPT_FLAG,
     .offset = AT(color),
     .fallback = "yes",
     .env = "TEST_COLOR",
     .in_file = true,
     .doc = "Colours. Off is calm."},
    {.name = "count",
     .letter = 'n',
     .kind = OPT_INT,
     .offset = AT(count),
     .min = -5,
     .max = 100,
     .fallback = "10",
     .arg = "N",
     .doc = "How many."},
    {.name = "timeout",
     .kind = OPT_DURATION,
     .offset = AT(timeout),
     .min = 1,
     .max = 3600000,
     .fallback = "10s",
     .arg = "TIME",
     .env = "TEST_TIMEOUT",
     .in_file = true,
     .doc = "How long it waits for an answer before it gives up and says so to whoever asked."},
    {.name = "size",
     .kind = OPT_SIZE,
     .offset = AT(size),
     .min = 1024,
     .max = 1 << 20,
     .arg = "SIZE",
     .doc = "How much."},
    {.name = "room",
     .letter = 'r',
     .kind = OPT_STR,
     .offset = AT(room),
     .min = 1,
     .max = 8,
     .arg = "ROOM",
     .env = "TEST_ROOM",
     .in_file = true,
     .doc = "The room."},
};

static struct opt_set new_set(struct values *v)
{
    struct opt_set s;
    memset(v, 0, sizeof *v);
    opt_init(&s, rows, COUNT_OF(rows), v);
    return s;
}

/* Reads a command line given as words; n_words, or -1 for an error. */
static int read_line(struct opt_set *s, char **argv, struct err *e)
{
    int argc = 0, n;
    while (argv[argc])
        argc++;
    return opt_read_argv(s, argc, argv, &n, e) ? n : -1;
}

#define LINE(...) ((char *[]){(char[]){"prog"}, __VA_ARGS__, NULL})
#define W(word) ((char[]){word})

static void defaults_are_set_first(void **state)
{
    (void)state;
    struct values v;
    struct opt_set s = new_set(&v);
    assert_true(v.color);
    assert_int_equal(v.count, 10);
    assert_int_equal(v.timeout, 10000);
    assert_null(v.room);
    opt_finish(&s);
}

static void options_are_taken_wherever_they_stand(void **state)
{
    (void)state;
    struct values v;
    struct opt_set s = new_set(&v);
    struct err e = {0};
    char **argv = LINE(W("add"), W("--count=7"), W("one"), W("-jr"), W("#a"), W("--no-color"),
                       W("-"), W("--timeout"), W("5m"), W("--"), W("--json"), W("-x"));
    assert_int_equal(read_line(&s, argv, &e), 5);
    assert_string_equal(argv[1], "add");
    assert_string_equal(argv[2], "one");
    assert_string_equal(argv[3], "-");
    assert_string_equal(argv[4], "--json");
    assert_string_equal(argv[5], "-x");
    assert_true(v.json);
    assert_false(v.color);
    assert_int_equal(v.count, 7);
    assert_int_equal(v.timeout, 300000);
    assert_string_equal(v.room, "#a");
    opt_finish(&s);
}

static void letter_may_carry_its_value(void **state)
{
    (void)state;
    struct values v;
    struct opt_set s = new_set(&v);
    struct err e;
    assert_int_equal(read_line(&s, LINE(W("-n-3"), W("-r"), W("--x")), &e), 0);
    assert_int_equal(v.count, -3);
    assert_string_equal(v.room, "--x");
    opt_finish(&s);
}

static void last_of_equals_wins(void **state)
{
    (void)state;
    struct values v;
    struct opt_set s = new_set(&v);
    struct err e;
    assert_int_equal(read_line(&s, LINE(W("-n1"), W("-n2"), W("--color=no"), W("--color")), &e),
                     0);
    assert_int_equal(v.count, 2);
    assert_true(v.color);
    opt_finish(&s);
}

static void front_stops_at_the_first_word(void **state)
{
    (void)state;
    struct values v;
    struct opt_set s = new_set(&v);
    struct err e;
    int first;
    assert_true(opt_read_argv_front(
        &s, 6, LINE(W("-r"), W("#a"), W("send"), W("--help"), W("x")), &first, &e));
    assert_int_equal(first, 3);
    assert_true(opt_read_argv_front(&s, 3, LINE(W("--"), W("-x")), &first, &e));
    assert_int_equal(first, 2);
    assert_true(opt_read_argv_front(&s, 2, LINE(W("-j")), &first, &e));
    assert_int_equal(first, 2);
    opt_finish(&s);
}

static void what_may_have_been_a_word_is_told_how_to_be_one(void **state)
{
    (void)state;
    static const struct {
        const char *arg;
        bool is_told;
    } args[] = {{"-x", true},       {"-1", true},         {"--fly", true},
                {"-jx", true},      {"-n1x", true},       {"-n", false},
                {"--count", false}, {"--count=x", false}, {"--no-fly", true}};
    for (size_t i = 0; i < COUNT_OF(args); i++) {
        struct values v;
        struct opt_set s = new_set(&v);
        struct err e = {0};
        char *copy = strdup(args[i].arg);
        assert_int_equal(read_line(&s, LINE(W("send"), copy), &e), -1);
        bool is_told = strstr(e.text, "; words that begin with - stand behind --");
        if (is_told != args[i].is_told)
            fail_msg("%s: %s", args[i].arg, e.text);
        free(copy);
        opt_finish(&s);
    }
}

static void wrong_command_line_is_told_what_is_allowed(void **state)
{
    (void)state;
    static const struct {
        const char *arg, *words;
    } bad[] = {
        {"--fly", "there is no option --fly"},
        {"--fly=1", "there is no option --fly"},
        {"-x", "there is no option -x"},
        {"-jx", "there is no option -x"},
        {"--no-count", "there is no option --no-count"},
        {"--no-color=1", "there is no option --no-color"},
        {"--count", "--count: needs a value"},
        {"-n", "-n: needs a value"},
        {"--count=", "'' is not a number from -5 to 100"},
        {"--count=101", "'101' is not a number from -5 to 100"},
        {"--count=1x", "'1x' is not a number"},
        {"--timeout=2h", "not a time from 1ms to 1h, as 500ms"},
        {"--timeout=30", "'30' is not a time"},
        {"--timeout=0", "'0' is not a time"},
        {"--size=1", "not a size from 1k to 1M"},
        {"--room=", "not UTF-8 text of 1 to 8 bytes"},
        {"--room=#toolongname", "of 1 to 8 bytes"},
        {"--room=\xff", "'\\xff' is not UTF-8"},
        {"--color=maybe", "--color: 'maybe' is not yes or no"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct values v;
        struct opt_set s = new_set(&v);
        struct err e = {0};
        char *copy = strdup(bad[i].arg);
        assert_int_equal(read_line(&s, LINE(copy), &e), -1);
        if (e.code != ERR_USAGE || !strstr(e.text, bad[i].words))
            fail_msg("%s: %s", bad[i].arg, e.text);
        free(copy);
        opt_finish(&s);
    }
}

static void stronger_source_is_not_overridden(void **state)
{
    (void)state;
    static const enum opt_source orders[][3] = {
        {OPT_FROM_SYSTEM_FILE, OPT_FROM_ENV, OPT_FROM_ARGV},
        {OPT_FROM_ARGV, OPT_FROM_ENV, OPT_FROM_SYSTEM_FILE},
        {OPT_FROM_ENV, OPT_FROM_ARGV, OPT_FROM_USER_FILE},
    };
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        struct values v;
        struct opt_set s = new_set(&v);
        struct err e;
        for (size_t k = 0; k < 3; k++) {
            bool strongest = orders[i][k] == OPT_FROM_ARGV;
            assert_true(opt_put(&s, STR("room"), strongest ? STR("argv") : STR("other"),
                                orders[i][k], &e));
        }
        assert_string_equal(v.room, "argv");
        opt_finish(&s);
    }
}

static void variables_are_read_and_named_in_errors(void **state)
{
    (void)state;
    struct values v;
    struct opt_set s = new_set(&v);
    struct err e = {0};
    setenv("TEST_ROOM", "#env", 1);
    setenv("TEST_COLOR", "", 1);
    assert_true(opt_read_env(&s, &e));
    assert_string_equal(v.room, "#env");
    assert_true(v.color);
    setenv("TEST_TIMEOUT", "soon", 1);
    assert_false(opt_read_env(&s, &e));
    assert_non_null(strstr(e.text, "TEST_TIMEOUT: 'soon' is not a time"));
    unsetenv("TEST_ROOM");
    unsetenv("TEST_COLOR");
    unsetenv("TEST_TIMEOUT");
    opt_finish(&s);
}

static void times_and_sizes_have_units(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        int64_t ms, bytes; /* -1: not one */
    } texts[] = {
        {"0", 0, 0},
        {"500ms", 500, -1},
        {"30s", 30000, -1},
        {"5m", 300000, 5242880},
        {"12h", 43200000, -1},
        {"7d", 604800000, -1},
        {"512", -1, 512},
        {"64k", -1, 65536},
        {"64K", -1, 65536},
        {"2G", -1, INT64_C(2) << 30},
        {"", -1, -1},
        {"s", -1, -1},
        {"-1s", -1, -1},
        {"1.5h", -1, -1},
        {"30 s", -1, -1},
        {"9999999999999d", -1, -1},
        {"9999999999999G", -1, -1},
        {"1ss", -1, -1},
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        int64_t ms = -1, bytes = -1;
        bool time = opt_duration(str_of(texts[i].in), &ms);
        bool size = opt_size(str_of(texts[i].in), &bytes);
        if (time != (texts[i].ms >= 0) || (time && ms != texts[i].ms))
            fail_msg("time \"%s\"", texts[i].in);
        if (size != (texts[i].bytes >= 0) || (size && bytes != texts[i].bytes))
            fail_msg("size \"%s\"", texts[i].in);
    }
}

static void help_shows_the_table_within_80_columns(void **state)
{
    (void)state;
    struct buf b = {0};
    opt_help(&b, rows, COUNT_OF(rows));
    const char *text = buf_cstr(&b);
    assert_non_null(strstr(text, "  -j, --json              Print JSON.\n"));
    assert_non_null(strstr(text, "      --[no-]color        Colours. Off is calm. Variable:"));
    assert_non_null(strstr(text, "  -n, --count N           How many. Default: 10.\n"));
    struct str rest = buf_str(&b);
    while (rest.n)
        assert_true(str_cut(&rest, '\n').n < 80);
    buf_finish(&b);
}

static void manual_has_an_item_for_each_option(void **state)
{
    (void)state;
    struct buf b = {0};
    opt_mdoc(&b, rows, COUNT_OF(rows), false);
    const char *text = buf_cstr(&b);
    assert_non_null(strstr(text, ".It Fl j , Fl -json\nPrint JSON.\n"));
    assert_non_null(strstr(text, ".It Fl n Ar N , Fl -count Ns = Ns Ar N\n"));
    assert_non_null(
        strstr(text, "Colours.\nOff is calm.\nOn unless\n.Fl -no-color\nis given."));
    buf_clear(&b);
    opt_mdoc(&b, rows, COUNT_OF(rows), true);
    text = buf_cstr(&b);
    assert_null(strstr(text, "json"));
    assert_non_null(strstr(text, ".It Ic room No = Ar ROOM\nThe room.\n"));
    buf_finish(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_set_first),
        cmocka_unit_test(options_are_taken_wherever_they_stand),
        cmocka_unit_test(letter_may_carry_its_value),
        cmocka_unit_test(last_of_equals_wins),
        cmocka_unit_test(front_stops_at_the_first_word),
        cmocka_unit_test(what_may_have_been_a_word_is_told_how_to_be_one),
        cmocka_unit_test(wrong_command_line_is_told_what_is_allowed),
        cmocka_unit_test(stronger_source_is_not_overridden),
        cmocka_unit_test(variables_are_read_and_named_in_errors),
        cmocka_unit_test(times_and_sizes_have_units),
        cmocka_unit_test(help_shows_the_table_within_80_columns),
        cmocka_unit_test(manual_has_an_item_for_each_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
