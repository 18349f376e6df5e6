#include "emoji.h"
#include "width.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void table_is_sorted_and_of_what_can_be_shown(void **state)
{
    (void)state;
    assert_true(emoji_count > 300);
    for (size_t i = 0; i < emoji_count; i++) {
        const struct emoji *e = &emoji_table[i];
        if (i && str_cmp(e[-1].name, e->name) >= 0)
            fail_msg("%s is out of order", e->name.p);
        if (!width_is_emoji(e->text) || width_of(e->text) != 2)
            fail_msg("%s: %s is no emoji of two columns", e->name.p, e->text.p);
        if (!str_eq(emoji_named(e->name), e->text))
            fail_msg("%s is not found", e->name.p);
        if (!str_eq(emoji_named(emoji_name(e->text)), e->text))
            fail_msg("%s has no name that leads back", e->text.p);
    }
}

static void names_are_found_where_they_stand(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name;
    } rows[] = {
        {":tada:", "tada"},
        {":tada: yes", "tada"},
        {":+1::", "+1"},
        {"tada:", ""},
        {":", ""},
        {"::", ""},
        {":nosuchname:", ""},
        {":tada", ""},
        {": tada:", ""},
        {":Tada:", ""},
        {"", ""},
        {":aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!str_is(emoji_at(str_of(rows[i].text)), rows[i].name))
            fail_msg("%s", rows[i].text);
}

static void a_reaction_is_written_one_way(void **state)
{
    (void)state;
    assert_true(str_is(emoji_of(STR(":tada:")), "🎉"));
    assert_true(str_is(emoji_of(STR("🎉")), "🎉"));
    assert_true(str_is(emoji_of(STR(":shipit:")), ":shipit:"));
    assert_true(str_is(emoji_of(STR(":tada::")), ":tada::"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_is_sorted_and_of_what_can_be_shown),
        cmocka_unit_test(names_are_found_where_they_stand),
        cmocka_unit_test(a_reaction_is_written_one_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
