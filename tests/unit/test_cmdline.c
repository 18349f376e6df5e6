#include "cmdline.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *line;
    enum action_id action;
    const char *first, *second;
} good[] = {
    {"", ACTION_NONE, "", ""},
    {" : ", ACTION_NONE, "", ""},
    {"quit", ACTION_QUIT, "", ""},
    {":q", ACTION_QUIT, "", ""},
    {"join #ops", ACTION_JOIN, "#ops", ""},
    {"task move 12 In Progress ", ACTION_TASK_MOVE, "12", "In Progress"},
    {"task add  Fix  it", ACTION_TASK_ADD, "Fix  it", ""},
    {"task add", ACTION_TASK_ADD, "", ""},
    {"room create #x public", ACTION_ROOM_CREATE, "#x", "public"},
    {"invite ana", ACTION_INVITE, "ana", ""},
};

static void lines_are_taken_apart_by_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct command c;
        struct err e = {0};
        if (!cmdline_parse(str_of(good[i].line), &c, &e))
            fail_msg("\"%s\": %s", good[i].line, e.text);
        assert_int_equal(c.action, good[i].action);
        assert_true(str_is(c.args[0], good[i].first));
        assert_true(str_is(c.args[1], good[i].second));
    }
}

static void wrong_lines_are_refused_with_a_sentence(void **state)
{
    (void)state;
    const char *bad[] = {"nonsense", "join", "task show", "quit now", "r"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct command c;
        struct err e = {0};
        if (cmdline_parse(str_of(bad[i]), &c, &e))
            fail_msg("\"%s\" was accepted", bad[i]);
        assert_int_equal(e.code, ERR_USAGE);
        assert_true(strlen(e.text) > 10);
    }
}

static void words_of_other_programs_lead_to_ours(void **state)
{
    static const struct {
        const char *line, *says;
    } rows[] = {{"msg ana hi", "\"msg\": here that is dm"},
                {":wq", "\"wq\": here that is quit"},
                {"w", "\"w\": what is written is saved by itself"},
                {"part", "here that is leave"}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct command c;
        struct err e = {0};
        assert_false(cmdline_parse(str_of(rows[i].line), &c, &e));
        if (!strstr(e.text, rows[i].says))
            fail_msg("%s: %s", rows[i].line, e.text);
    }
}

static void a_colon_and_a_name_are_meant_as_a_command(void **state)
{
    static const char *const meant[] = {":quit",     ":q",    ":wq",   ":q!",
                                        ":quit now", ":task", ":note", ":help"};
    static const char *const said[] = {"quit", ":D", ":tada:", ":shrug", ": quit", ":quit\nnow",
                                       ":",    "",   ":left",  ":ta",    " :quit", "a :quit"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(meant); i++)
        if (!cmdline_is_meant(str_of(meant[i])))
            fail_msg("\"%s\" is taken for words", meant[i]);
    for (size_t i = 0; i < COUNT_OF(said); i++)
        if (cmdline_is_meant(str_of(said[i])))
            fail_msg("\"%s\" is taken for a command", said[i]);
}

static void offer_rooms(void *arg, enum arg_kind kind, struct completions *c, struct str begun)
{
    (void)arg;
    if (kind == ARG_ROOM) {
        completions_offer(c, begun, STR("#core"));
        completions_offer(c, begun, STR("#cops"));
        completions_offer(c, begun, STR("#ops"));
    }
    if (kind == ARG_USERS) {
        completions_offer(c, begun, STR("ana"));
        completions_offer(c, begun, STR("bo"));
    }
    if (kind == ARG_COLUMN) {
        completions_offer(c, begun, STR("In Progress"));
        completions_offer(c, begun, STR("Done"));
    }
}

static const struct {
    const char *line;
    size_t from, n;
    const char *common;
} completions[] = {
    {"task a", 0, 3, "task a"},
    {":task mo", 1, 1, "task move"},
    {"task assign 12 ana -b", 20, 1, "bo"},
    {"task due 12 fr", 12, 1, "friday"},
    {"join #c", 5, 2, "#co"},
    {"join ", 5, 3, "#"},
    {"task move 12 in P", 13, 1, "In Progress"},
    {"invite ana ow", 11, 1, "owner"},
    {"focus b", 6, 1, "board"},
    {"quit ", 0, 0, ""},
};

static void words_are_completed_by_what_they_are(void **state)
{
    (void)state;
    struct completions c = {0};
    for (size_t i = 0; i < COUNT_OF(completions); i++) {
        cmdline_complete(str_of(completions[i].line), offer_rooms, NULL, &c);
        if (c.words.n != completions[i].n || c.from != completions[i].from ||
            !str_is(completions_common(&c), completions[i].common))
            fail_msg("\"%s\": %zu from %zu, %.*s", completions[i].line, c.words.n, c.from,
                     STR_ARG(completions_common(&c)));
    }
    completions_finish(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_taken_apart_by_the_table),
        cmocka_unit_test(wrong_lines_are_refused_with_a_sentence),
        cmocka_unit_test(words_of_other_programs_lead_to_ours),
        cmocka_unit_test(a_colon_and_a_name_are_meant_as_a_command),
        cmocka_unit_test(words_are_completed_by_what_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
