/* The limits that docs/admin.md names are those of the sources. */
#include "bounds.h"
#include "man.h"
#include "str.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool value_of(struct str name, int64_t *out)
{
    static const struct {
        const char *name;
        int64_t value;
    } bounds[] = {
#define X(bound, most, doc) {#bound, most},
        BOUND_LIST(X)
#undef X
    };
    for (size_t i = 0; i < COUNT_OF(bounds); i++)
        if (str_is(name, bounds[i].name)) {
            *out = bounds[i].value;
            return true;
        }
    for (size_t i = 0; i < man_server.n_values; i++)
        if (str_is(name, man_server.values[i].name)) {
            *out = man_server.values[i].value;
            return true;
        }
    return false;
}

/* "| words | 400 | `NAME` |" */
static bool is_limit(struct str line, struct str *name, int64_t *most)
{
    str_cut(&line, '|');
    str_cut(&line, '|');
    struct str number = str_trim(str_cut(&line, '|'));
    *name = str_trim(str_cut(&line, '|'));
    if (name->n < 3 || name->p[0] != '`' || !str_int(number, 0, INT64_MAX, most))
        return false;
    *name = (struct str){name->p + 1, name->n - 2};
    return true;
}

static void limits_in_the_docs_are_true(void **state)
{
    (void)state;
    char line[400];
    size_t limits = 0;
    FILE *f = fopen(ADMIN_DOC, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        struct str name;
        int64_t most, value;
        if (!is_limit(str_of(line), &name, &most))
            continue;
        limits++;
        if (!value_of(name, &value) || value != most)
            fail_msg("%s: it is %lld", line, (long long)value);
    }
    fclose(f);
    assert_true(limits > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_in_the_docs_are_true),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
