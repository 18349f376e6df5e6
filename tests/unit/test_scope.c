#include "msg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void names_become_scopes_and_back(void **state)
{
    (void)state;
    static const struct {
        const char *names, *printed;
    } rows[] = {
        {"read", "read"},
        {"chat,read", "read,chat"},
        {"read chat  board", "read,chat,board"},
        {"notes,rooms,notes", "notes,rooms"},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf b = {0};
        scope_set s;
        assert_true(scope_parse(str_of(rows[i].names), &s, NULL));
        scope_print(&b, s, ',');
        assert_string_equal(buf_cstr(&b), rows[i].printed);
        buf_finish(&b);
    }
}

static void an_unknown_scope_is_refused_with_those_there_are(void **state)
{
    (void)state;
    scope_set s;
    struct err e;
    assert_false(scope_parse(STR("read,admin"), &s, &e));
    assert_string_equal(e.text,
                        "there is no scope admin: read, chat, board, notes and rooms are all");
}

static void a_scope_is_good_for_what_it_names(void **state)
{
    (void)state;
    scope_set chat = SCOPE_BIT(CHAT);
    assert_true(scope_allows(chat, SCOPE_CHAT));
    assert_true(scope_allows(chat, SCOPE_ANY));
    assert_false(scope_allows(chat, SCOPE_READ));
    assert_false(scope_allows(chat, SCOPE_NONE));
    assert_false(scope_allows(~0U, SCOPE_NONE));
    assert_true(scope_allows(0, SCOPE_NONE));
}

/* A row that forgets its scope is closed to tokens with scopes, which no request of people
 * should be; what only admins may has none on purpose. */
static void every_message_of_a_client_has_its_scope(void **state)
{
    (void)state;
    for (int t = MSG_NONE + 1; t < MSG_COUNT; t++) {
        const struct msg_row *row = &msg_table[t];
        bool is_for_some = row->right == RIGHT_ADMIN || t == MSG_INVITE_ACCEPT;
        if ((row->side & FROM_CLIENT) && (row->scope == SCOPE_NONE) != is_for_some)
            fail_msg("%s", row->name);
        if (row->class == CLASS_REQUEST && row->scope == SCOPE_ANY)
            fail_msg("%s", row->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_become_scopes_and_back),
        cmocka_unit_test(an_unknown_scope_is_refused_with_those_there_are),
        cmocka_unit_test(a_scope_is_good_for_what_it_names),
        cmocka_unit_test(every_message_of_a_client_has_its_scope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
