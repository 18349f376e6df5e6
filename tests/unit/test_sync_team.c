/* Thousands of teams in one text. As a program it takes how many, and the first seed. */
#include "team.h"

#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct sessions {
    size_t count, first;
};

static void run(void **state, enum team_work work)
{
    const struct sessions *s = *state;
    for (size_t seed = s->first; seed < s->first + s->count; seed++) {
        struct chance plans = {.seed = seed};
        struct team_plan plan = {work, 2 + chance_below(&plans, 4),
                                 20 + chance_below(&plans, 150)};
        struct err e = {0};
        if (!team_run((struct chance){.seed = seed}, &plan, &e))
            fail_msg("seed %zu, %zu people, %zu steps: %s", seed, plan.people, plan.steps,
                     e.text);
    }
}

static void nothing_typed_is_lost_or_doubled(void **state)
{
    run(state, TEAM_EDITS);
}

static void own_text_stands_as_it_was_typed_undone_and_redone(void **state)
{
    run(state, TEAM_UNDOES);
}

static void all_end_with_the_same_text(void **state)
{
    run(state, TEAM_ALL);
}

int main(int argc, char **argv)
{
    static const size_t usual = 800;
    struct sessions s = {argc > 1 ? strtoull(argv[1], NULL, 10) : usual,
                         argc > 2 ? strtoull(argv[2], NULL, 10) : 1};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(nothing_typed_is_lost_or_doubled, &s),
        cmocka_unit_test_prestate(own_text_stands_as_it_was_typed_undone_and_redone, &s),
        cmocka_unit_test_prestate(all_end_with_the_same_text, &s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
