/* What the contracts of stores share: each test has a new store of the kind that is asked. */
#ifndef MOOT_CONTRACT_KIT_H
#define MOOT_CONTRACT_KIT_H

#include "store_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define assert_str(got, want)                                                                  \
    do {                                                                                       \
        struct str got_ = (got);                                                               \
        if (!str_is(got_, (want)))                                                             \
            fail_msg("got \"%.*s\", wanted \"%s\"", STR_ARG(got_), (want));                    \
    } while (0)

#define ROW(name) cmocka_unit_test_setup_teardown(name, open_one, close_one)

int open_one(void **state);
int close_one(void **state);
/* The store of the test under way. */
struct store *store_in(void **state);
/* Runs them as a group of that name; says how many failed. */
int contract_run(const char *name, struct store *(*open)(void), struct CMUnitTest *tests,
                 size_t n);

#endif
