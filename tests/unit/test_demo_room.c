/* What the crowd of moot demo is judged by: when two rooms are the same, and who wrote what. */
#include "demo_crowd.h"
#include "demo_room.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HEAD                                                                                   \
    "column Todo 0\ncard 1 A first\n--- note ---\n- ana-1: hello\n\n" DEMO_ROOM_CHAT "\n"

static void same(const char *a, const char *b, const char *differs)
{
    struct err e = {0};
    bool yes = demo_room_same(str_of(a), str_of(b), &e);
    bool back = demo_room_same(str_of(b), str_of(a), NULL);
    assert_int_equal(yes, differs == NULL);
    assert_int_equal(back, yes);
    if (differs && !strstr(e.text, differs))
        fail_msg("%s\nshould name %s", e.text, differs);
}

static void rooms_are_the_same_but_for_chat_that_one_has_not_loaded(void **state)
{
    (void)state;
    same(HEAD "1 ana hi\n2 ben ho\n", HEAD "1 ana hi\n2 ben ho\n", NULL);
    same(HEAD "1 ana hi\n2 ben ho\n", HEAD "2 ben ho\n", NULL);
    same(HEAD "1 ana hi\n", HEAD, NULL);
}

static void whatever_differs_is_named(void **state)
{
    (void)state;
    same(HEAD "1 ana hi\n2 ben ho\n", HEAD "1 ana hi\n2 ben hu\n", "2 ben h");
    same(HEAD "1 ana hi\n2 ben ho\n3 kim he\n", HEAD "1 ana hi\n3 kim he\n", "ana hi");
    same(HEAD "1 ana hi\n2 ben ho\n", HEAD "1 ana hi\n", "ben ho");
    same(HEAD, "column Todo 0\ncard 1 A second\n" DEMO_ROOM_CHAT "\n", "card 1 A first");
    same(HEAD, "column Todo 0\ncard 1 A first\n", "---");
}

static void a_sign_says_who_wrote_and_for_the_how_manieth_time(void **state)
{
    (void)state;
    struct buf text = {0};
    struct str name;
    int64_t n;
    crowd_sign(&text, "ana2", 17);
    buf_fmt(&text, "a word");
    assert_true(crowd_signed(buf_str(&text), &name, &n));
    assert_true(str_is(name, "ana2"));
    assert_int_equal(n, 17);
    assert_false(crowd_signed(STR("One of the first"), &name, &n));
    assert_false(crowd_signed(STR("## What is new: 3"), &name, &n));
    assert_false(crowd_signed(STR("ana-: no number"), &name, &n));
    buf_finish(&text);
}

static void nobody_has_the_name_of_another(void **state)
{
    (void)state;
    char a[CROWD_NAME_MAX + 1], b[CROWD_NAME_MAX + 1];
    for (int64_t i = 0; i < CROWD_MOST; i++)
        for (int64_t j = 0; j < i; j++) {
            crowd_name(i, a);
            crowd_name(j, b);
            assert_string_not_equal(a, b);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rooms_are_the_same_but_for_chat_that_one_has_not_loaded),
        cmocka_unit_test(whatever_differs_is_named),
        cmocka_unit_test(a_sign_says_who_wrote_and_for_the_how_manieth_time),
        cmocka_unit_test(nobody_has_the_name_of_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
