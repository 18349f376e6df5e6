#include "contract_kit.h"

struct setting {
    struct store *(*open)(void);
    struct store *s;
};

int open_one(void **state)
{
    struct setting *t = *state;
    t->s = t->open();
    return t->s ? 0 : -1;
}

int close_one(void **state)
{
    struct setting *t = *state;
    t->s->close(t->s);
    return 0;
}

struct store *store_in(void **state)
{
    return ((struct setting *)*state)->s;
}

int contract_run(const char *name, struct store *(*open)(void), struct CMUnitTest *tests,
                 size_t n)
{
    struct setting setting = {.open = open};
    for (size_t i = 0; i < n; i++)
        tests[i].initial_state = &setting;
    return _cmocka_run_group_tests(name, tests, n, NULL, NULL);
}
