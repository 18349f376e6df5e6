#include "store_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void broken_store_refuses_writes_until_mended(void **state)
{
    (void)state;
    struct store *s = store_mem_new();
    kit_ok(s, kit_room("#a", 1));
    store_mem_break(s, ERR_STORE_FULL);
    kit_refused(s, kit_message("#a", 2, 2, "lost"), ERR_STORE_FULL);
    assert_int_equal(kit_newest(s, "#a"), 1);
    store_mem_break(s, ERR_NONE);
    kit_ok(s, kit_message("#a", 2, 2, "kept"));
    assert_int_equal(kit_newest(s, "#a"), 2);
    s->close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_store_refuses_writes_until_mended),
    };
    return store_contract_run("store_mem contract", store_mem_new) +
           store_contract_account_run("store_mem accounts", store_mem_new) +
           store_contract_text_run("store_mem texts", store_mem_new) +
           store_contract_chat_run("store_mem chat", store_mem_new) +
           store_contract_trim_run("store_mem retention", store_mem_new) +
           store_contract_search_run("store_mem search", store_mem_new) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
