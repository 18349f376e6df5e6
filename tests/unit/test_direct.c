/* Names of direct conversations: which are good, what people mean by what they type, and what
 * they read. */
#include "direct.h"
#include "msg.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NAME_32 "zabcdefghijklmnopqrstuvwxyzabcde"

static void a_name_lists_its_people_in_order_and_each_once(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool is_good;
    } rows[] = {
        {"@ana+bo", true},
        {"@Ana+ana", true},
        {"@a+b+c+d+e+f+g", true},
        {"@_x.y-z+bo", true},
        {"@a+" NAME_32, true},
        {"@", false},
        {"@ana", false},
        {"@bo+ana", false},
        {"@ana+ana", false},
        {"@ana+bo+bo", false},
        {"@ana+cy+bo", false},
        {"@ana+", false},
        {"@ana+bo+", false},
        {"@+ana+bo", false},
        {"@ana++bo", false},
        {"@+", false},
        {"@@ana+bo", false},
        {"@ana+@bo", false},
        {"@ana+.bo", false},
        {"@ana+b o", false},
        {"@ana+bo\n", false},
        {"@a+b+c+d+e+f+g+h", false},
        {"@a+" NAME_32 "f", false},
        {"ana+bo", false},
        {"#ana+bo", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_follows(str_of(rows[i].name), RULE_ROOM) != rows[i].is_good)
            fail_msg("%s", rows[i].name);
    assert_false(direct_is_name((struct str){0}));
    assert_false(direct_is_name((struct str){"@ana\0+bo", 8}));
}

static void what_is_typed_names_the_others_in_any_order(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *room, *why;
    } rows[] = {
        {"@bo", "@ana+bo", NULL},
        {"bo", "@ana+bo", NULL},
        {"@ana+bo", "@ana+bo", NULL},
        {"@bo+ana", "@ana+bo", NULL},
        {"@cy+bo", "@ana+bo+cy", NULL},
        {"@cy+@bo", "@ana+bo+cy", NULL},
        {"@bo+bo", "@ana+bo", NULL},
        {"@Zoe", "@Zoe+ana", NULL},
        {"@b+c+d+e+f+g", "@ana+b+c+d+e+f+g", NULL},
        {"@b+c+d+e+f+g+h", NULL, "at most 7 people"},
        {"@ana", NULL, "somebody else"},
        {"@ana+ana", NULL, "somebody else"},
        {"@", NULL, "no name of a person"},
        {"", NULL, "no name of a person"},
        {"@bo+", NULL, "no name of a person"},
        {"@+bo", NULL, "no name of a person"},
        {"@bo cy", NULL, "'bo cy' is no name of a person"},
        {"@-x", NULL, "no name of a person"},
        {"@a" NAME_32, NULL, "no name of a person"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf room = {0};
        struct err e = {0};
        bool ok = direct_room(str_of(rows[i].typed), STR("ana"), &room, &e);
        if (rows[i].why ? ok || !strstr(e.text, rows[i].why)
                        : !ok || !str_is(buf_str(&room), rows[i].room))
            fail_msg("%s: %s%s", rows[i].typed, buf_cstr(&room), e.text);
        buf_finish(&room);
    }
}

static void one_reads_it_without_oneself(void **state)
{
    (void)state;
    static const struct {
        const char *room, *me, *label;
    } rows[] = {
        {"@ana+bo", "ana", "@bo"},       {"@ana+bo", "bo", "@ana"},
        {"@ana+bo+cy", "bo", "@ana+cy"}, {"@ana+bo", "anabel", "@ana+bo"},
        {"#core", "ana", "#core"},       {"", "ana", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf label = {0};
        room_label(str_of(rows[i].room), str_of(rows[i].me), &label);
        assert_string_equal(buf_cstr(&label), rows[i].label);
        buf_finish(&label);
    }
    assert_true(direct_has(STR("@ana+bo"), STR("bo")));
    assert_false(direct_has(STR("@anabel+bo"), STR("ana")));
    assert_false(direct_has(STR("#ana"), STR("ana")));
}

static void all_its_people_are_members_and_of_another_room_the_maker_is_owner(void **state)
{
    (void)state;
    struct founder f = {0};
    assert_true(founder_next(&f, STR("@ana+bo"), STR("bo")));
    assert_true(str_is(f.user, "ana") && f.role == ROLE_MEMBER);
    assert_true(founder_next(&f, STR("@ana+bo"), STR("bo")));
    assert_true(str_is(f.user, "bo") && f.role == ROLE_MEMBER);
    assert_false(founder_next(&f, STR("@ana+bo"), STR("bo")));
    f = (struct founder){0};
    assert_true(founder_next(&f, STR("#core"), STR("bo")));
    assert_true(str_is(f.user, "bo") && f.role == ROLE_OWNER);
    assert_false(founder_next(&f, STR("#core"), STR("bo")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_lists_its_people_in_order_and_each_once),
        cmocka_unit_test(what_is_typed_names_the_others_in_any_order),
        cmocka_unit_test(one_reads_it_without_oneself),
        cmocka_unit_test(all_its_people_are_members_and_of_another_room_the_maker_is_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
