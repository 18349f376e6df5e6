#include "checklist.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void lines_that_begin_with_a_box_are_counted(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int done, all;
    } rows[] = {
        {"", 0, 0},
        {"- [ ] to do", 0, 1},
        {"- [x] done\n- [X] done too\n- [ ] not yet\n", 2, 3},
        {"  * [ ] indented\n1. [x] numbered\n12) [ ] so too", 1, 3},
        {"> - [x] quoted", 1, 1},
        {"- [ ]", 0, 1},
        {"- [y] no box\n-[ ] nor this\n[ ] nor that\n- []\n- [ ]x", 0, 0},
        {"text - [ ] in a line", 0, 0},
        {"1234567890. [ ] no number", 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct checklist c = {0};
        checklist_count(str_of(rows[i].text), &c);
        if (c.done != rows[i].done || c.all != rows[i].all)
            fail_msg("\"%s\": %d of %d", rows[i].text, (int)c.done, (int)c.all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_begin_with_a_box_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
