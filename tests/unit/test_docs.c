/* What the documents say of the sources is true: the limits in docs/admin.md, the examples in
 * moot-protocol(7). */
#include "bounds.h"
#include "codec.h"
#include "man.h"
#include "metrics.h"
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

static void whole_file(const char *path, struct buf *out)
{
    char line[4096];
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f))
        buf_add_str(out, str_of(line));
    fclose(f);
}

static size_t times(const char *text, const char *what)
{
    size_t n = 0;
    for (; (text = strstr(text, what)); text++)
        n++;
    return n;
}

/* nginx speaks 1.0 to what is behind it unless it is told, and mootd 1.1 alone. */
static void proxy_of_the_docs_speaks_what_the_server_does(void **state)
{
    (void)state;
    struct buf page = {0};
    whole_file(ADMIN_DOC, &page);
    size_t passes = times(buf_cstr(&page), "proxy_pass ");
    assert_true(passes >= 2);
    assert_int_equal(times(buf_cstr(&page), "proxy_http_version 1.1;"), passes);
    buf_finish(&page);
}

/* A row of the table, or one of the histograms that the manual names. */
static bool is_metric(struct str name, const char *manual)
{
    static const char *const parts[] = {"_bucket", "_sum", "_count"};
    char va[80];
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        size_t n = strlen(parts[i]);
        if (name.n > n && memcmp(name.p + name.n - n, parts[i], n) == 0)
            name.n -= n;
    }
    for (size_t i = 0; i < metric_count; i++)
        if (str_is((struct str){name.p + 5, name.n - 5}, metric_table[i].name))
            return metric_table[i].kind != METRIC_RECENT;
    snprintf(va, sizeof va, ".It Va %.*s Pq histogram\n", STR_ARG(name));
    return strstr(manual, va) != NULL;
}

static void dashboard_asks_for_what_metrics_has(void **state)
{
    (void)state;
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_0123456789";
    struct buf json = {0}, manual = {0};
    size_t asked = 0;
    whole_file(DASHBOARD, &json);
    whole_file(SERVER_PAGE, &manual);
    for (const char *p = buf_cstr(&json); (p = strstr(p, "moot_")); p += 5, asked++) {
        struct str name = {p, strspn(p, letters)};
        if (!is_metric(name, buf_cstr(&manual)))
            fail_msg("%.*s is no metric", STR_ARG(name));
    }
    assert_true(asked > 10);
    buf_finish(&json);
    buf_finish(&manual);
}

/* "C: {...", with lines that go on with blanks; between them, "   (what happens)". */
static bool is_said(const char *line)
{
    return strncmp(line, "C: ", 3) == 0 || strncmp(line, "S: ", 3) == 0;
}

static void must_decode(struct str said)
{
    struct arena a = {0};
    struct msg_list out;
    struct err e = {0};
    int64_t re;
    enum msg_side from = said.p[0] == 'C' ? FROM_CLIENT : FROM_SERVER;
    if (!codec_decode(str_trim((struct str){said.p + 3, said.n - 3}), from, &a, &out, &re, &e))
        fail_msg("%.*s: %s", STR_ARG(said), e.text);
    arena_finish(&a);
}

static void examples_of_the_wire_are_messages(void **state)
{
    (void)state;
    char line[400];
    size_t examples = 0;
    struct buf said = {0};
    FILE *f = fopen(PROTOCOL_PAGE, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        bool goes_on = said.n && line[0] == ' ' && !strstr(line, "  (");
        if (said.n && !goes_on) {
            examples++;
            must_decode(buf_str(&said));
            buf_clear(&said);
        }
        if (goes_on || (is_said(line) && !strstr(line, " ... ")))
            buf_add_str(&said, str_of(line));
    }
    fclose(f);
    buf_finish(&said);
    assert_true(examples > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_in_the_docs_are_true),
        cmocka_unit_test(proxy_of_the_docs_speaks_what_the_server_does),
        cmocka_unit_test(dashboard_asks_for_what_metrics_has),
        cmocka_unit_test(examples_of_the_wire_are_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
