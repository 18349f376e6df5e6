#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void open_plan(struct screen_kit *k, const char *text)
{
    kit_forget(k);
    command_line(k, "note Release plan");
    kit_text(k, 20, 3, text);
}

static void links_of_a_text_lead_to_their_addresses(void **state)
{
    struct screen_kit *k = *state;
    open_plan(k, "https://x.org/a and [words](https://x.org/b)\n`https://x.org/c`\n[x](y)");
    shows(k, "[words](https://x.org/b)");
    leads(k, "https://x.org/a", "https://x.org/a");
    leads(k, " and [", "");
    leads(k, "words", "https://x.org/b");
    leads(k, "](https://x.org/b)", "");
    leads(k, "https://x.org/c", "");
    kit_keys(k, "C-Home C-Space Down"); /* selected, they do too */
    leads(k, "words", "https://x.org/b");
}

static void a_link_over_rows_leads_there_on_each(void **state)
{
    struct screen_kit *k = *state;
    kit_resize(k, 40, 24);
    open_plan(k, "https://x.org/first/first/first/first/first/second/second/second/last");
    leads(k, "https://x.org/first",
          "https://x.org/first/first/first/first/first/second/second/second/last");
    leads(k, "/last", "https://x.org/first/first/first/first/first/second/second/second/last");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(links_of_a_text_lead_to_their_addresses,
                                        open_wide_screen, close_screen),
        cmocka_unit_test_setup_teardown(a_link_over_rows_leads_there_on_each, open_wide_screen,
                                        close_screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
