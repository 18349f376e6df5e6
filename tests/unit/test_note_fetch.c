/* Texts that are fetched before anyone opens them. */
#include "note_kit.h"

static void a_note_that_nobody_opened_can_be_read_and_edited_offline(void **state)
{
    struct screen_kit *k = *state;
    kit_forget(k);
    kit_tick(k, 500);
    expect_not_sent(k, "note.open");
    kit_tick(k, 1000);
    expect_sent(k, "\"type\":\"note.open\"");
    expect_sent(k, "\"note\":20");
    kit_text(k, 20, 3, "plan");
    kit_tick(k, 1000);
    kit_edited(k, "bo", 20, 4, "['the ']");
    kit_cut(k, ERR_UNREACHABLE, "gone");
    command(k, "note Release plan");
    expect(k, "the plan");
    kit_type(k, "All ");
    expect_text(k, "All the plan");
}

static void an_archived_note_and_an_empty_one_are_not_fetched(void **state)
{
    struct screen_kit *k = *state;
    kit_tick(k, 1500);
    kit_text(k, 20, 3, "plan");
    kit_forget(k);
    for (int i = 0; i < 10; i++)
        kit_tick(k, 5000);
    expect_not_sent(k, "note.open");
}

static void a_new_link_brings_it_up_to_date(void **state)
{
    struct screen_kit *k = *state;
    kit_tick(k, 1500);
    kit_text(k, 20, 3, "plan");
    kit_cut(k, ERR_UNREACHABLE, "gone");
    kit_forget(k);
    kit_keys(k, "R");
    struct input in = {.kind = INPUT_OPENED, .now = k->now};
    update(&k->model, &in, &k->out);
    kit_frame(k, "{'type':'welcome','version':1,'server':'mootd','user':'ana','admin':false,"
                 "'session':77,'time':1,'heartbeat':25,'rooms':[{'room':'#core','role':'owner',"
                 "'public':true,'seq':40,'members':4}]}");
    kit_frame(k, "{'type':'snapshot','room':'#core','seq':50,'public':true,'part':0,"
                 "'more':false,'next_number':44,'columns':[{'name':'Todo'}],'tasks':[],"
                 "'notes':[{'number':20,'name':'Release plan','version':9,'time':1772449200000,"
                 "'author':'bo'}],'members':[{'user':'ana','role':'owner','online':true}]}");
    kit_frame(k, "{'type':'synced','room':'#core','seq':50}");
    kit_tick(k, 1500);
    expect_sent(k, "\"note\":20,\"since\":3");
}

#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_KIT(a_note_that_nobody_opened_can_be_read_and_edited_offline),
        WITH_KIT(an_archived_note_and_an_empty_one_are_not_fetched),
        WITH_KIT(a_new_link_brings_it_up_to_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
