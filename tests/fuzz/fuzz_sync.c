/* A team in one text whose every move the bytes choose: all end with the same text, and what
 * they typed is there. The first two bytes say what they do and how many they are. */
#include "fuzz.h"
#include "team.h"

#include <stdio.h>

enum { STEPS_MAX = 3000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct team_plan plan = {(enum team_work)(data[0] % (TEAM_ALL + 1)), 1 + data[1] % 5u,
                             size < STEPS_MAX ? size : STEPS_MAX};
    struct err e = {0};
    struct chance chance = {.bytes = data + 2, .n = size - 2};
    if (!team_run(chance, &plan, &e)) {
        fprintf(stderr, "%s\n", e.text);
        bug_on(true);
    }
    return 0;
}
