/* Fields of cards over the wire: what is refused, what merges, who is told of a conflict. */
#include "hub_rig.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Ana and bo are in #lobby, which has cards 1 and 2 (events 4 and 5). */
static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_enter(r, "ana", "#lobby");
    rig_enter(r, "bo", "#lobby");
    rig_send(r, "ana", "{'type':'task.add','id':1,'room':'#lobby','title':'one'}");
    rig_send(r, "ana", "{'type':'task.add','id':2,'room':'#lobby','title':'two'}");
    rig_wait(r, 100);
    rig_skip(r, "ana");
    rig_skip(r, "bo");
}

static void changes_are_told_to_all_as_they_were_made(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana",
             "{'type':'task.edit','id':3,'room':'#lobby','task':1,'title':'uno','changes':["
             "{'field':'due','value':'2026-12-24'},{'field':'assignee','value':'bo'},"
             "{'field':'blocker','value':'2'}]}");
    rig_expect(&r, "ana", "{'type':'ok','re':3,*,'seq':6,'number':1}");
    rig_expect(&r, "bo",
               "{'type':'task.edited',*,'task':1,'title':'uno','changes':["
               "{'field':'due','value':'2026-12-24'},{'field':'assignee','value':'bo'},"
               "{'field':'blocker','value':'2'}]}");
    rig_finish(&r);
}

static void the_second_is_told_what_the_first_made_of_it(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana",
             "{'type':'task.edit','id':3,'room':'#lobby','task':1,'seen':5,'changes':["
             "{'field':'priority','value':'high'}]}");
    rig_skip(&r, "bo");
    rig_send(&r, "bo",
             "{'type':'task.edit','id':1,'room':'#lobby','task':1,'seen':5,'changes':["
             "{'field':'priority','value':'low'},{'field':'label','value':'bug'}]}");
    rig_expect(&r, "bo",
               "{'type':'conflict','re':1,'room':'#lobby','task':1,'field':'priority',"
               "'value':'high','author':'ana','seq':6}");
    rig_expect(&r, "bo",
               "{'type':'error','re':1,'code':'conflict','message':'ana meanwhile set the "
               "priority of card 1 to high'}");
    /* Nothing of it was done; another field goes through; and so does who has seen it. */
    rig_send(&r, "bo",
             "{'type':'task.edit','id':2,'room':'#lobby','task':1,'seen':5,'changes':["
             "{'field':'due','value':'2026-12-24'}]}");
    rig_expect(&r, "bo", "{'type':'ok','re':2,*,'seq':7,*}");
    rig_skip(&r, "bo");
    rig_send(&r, "bo",
             "{'type':'task.edit','id':3,'room':'#lobby','task':1,'seen':6,'changes':["
             "{'field':'priority','value':'low'}]}");
    rig_expect(&r, "bo", "{'type':'ok','re':3,*,'seq':8,*}");
    rig_finish(&r);
}

static void titles_conflict_too_and_one_s_own_edits_do_not(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana",
             "[{'type':'task.edit','id':3,'room':'#lobby','task':1,'seen':5,'title':'a'},"
             "{'type':'task.edit','id':4,'room':'#lobby','task':1,'seen':5,'title':'b'}]");
    rig_expect(&r, "ana", "{'type':'ok','re':3,*}");
    rig_skip(&r, "ana");
    rig_skip(&r, "bo");
    rig_send(&r, "bo",
             "{'type':'task.edit','id':1,'room':'#lobby','task':1,'seen':5,'title':'c'}");
    rig_expect(&r, "bo", "{'type':'conflict',*'field':'title','value':'b',*'seq':7}");
    rig_finish(&r);
}

static void nobody_is_told_of_a_value_that_is_not_stored(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "bo", "{'type':'message.post','id':1,'room':'#lobby','text':'hi'}");
    rig_skip(&r, "bo");
    r.hold_store = true;
    rig_send(&r, "ana",
             "{'type':'task.edit','id':3,'room':'#lobby','task':1,'seen':6,'changes':["
             "{'field':'due','value':'2026-12-24'}]}");
    rig_send(&r, "bo",
             "{'type':'task.edit','id':2,'room':'#lobby','task':1,'seen':6,'changes':["
             "{'field':'due','value':'2026-12-31'}]}");
    rig_expect_nothing(&r, "bo");
    rig_run_jobs(&r, 1);
    rig_expect(&r, "bo", "{'type':'conflict','re':2,*'value':'2026-12-24',*}");
    rig_finish(&r);
}

static void what_makes_no_sense_is_refused_in_words(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"'changes':[{'field':'colour','value':'red'}]",
         "'bad_field',*no field colour: title,*"},
        {"'changes':[{'field':'due','value':'2026-02-30'}]", "'bad_field',*YYYY-MM-DD*"},
        {"'changes':[{'field':'priority','value':'low','gone':true}]",
         "'bad_field',*has one value*"},
        {"'changes':[{'field':'assignee','value':'zoe'}]", "'not_found',*no zoe in #lobby*"},
        {"'changes':[{'field':'blocker','value':'99'}]", "'not_found',*no card 99*"},
        {"'changes':[{'field':'blocker','value':'1'}]", "'conflict',*circle*"},
        {"'changes':[]", "'bad_field',*nothing to change*"},
        {"'changes':[{'field':'label','value':'two words'}]", "'bad_field',*no space*"},
    };
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char request[300], answer[300];
        snprintf(request, sizeof request,
                 "{'type':'task.edit','id':%zu,'room':'#lobby','task':1,%s}", i + 1,
                 rows[i][0]);
        snprintf(answer, sizeof answer, "{'type':'error','re':%zu,'code':%s}", i + 1,
                 rows[i][1]);
        rig_send(&r, "bo", "%s", request);
        rig_expect(&r, "bo", answer);
    }
    rig_finish(&r);
}

static void who_comes_later_gets_the_fields_too(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana",
             "{'type':'task.edit','id':3,'room':'#lobby','task':1,'changes':["
             "{'field':'label','value':'bug'},{'field':'priority','value':'low'}]}");
    rig_send(&r, "bo", "{'type':'close','id':1,'room':'#lobby'}");
    rig_skip(&r, "bo");
    rig_send(&r, "bo", "{'type':'open','id':2,'room':'#lobby','since':0,'snapshot':true}");
    rig_expect(&r, "bo", "{'type':'ok','re':2,*}");
    rig_expect(&r, "bo",
               "{'type':'snapshot',*'number':1,*'fields':[{'field':'priority','value':'low'},"
               "{'field':'label','value':'bug'}]*}");
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_told_to_all_as_they_were_made),
        cmocka_unit_test(the_second_is_told_what_the_first_made_of_it),
        cmocka_unit_test(titles_conflict_too_and_one_s_own_edits_do_not),
        cmocka_unit_test(nobody_is_told_of_a_value_that_is_not_stored),
        cmocka_unit_test(what_makes_no_sense_is_refused_in_words),
        cmocka_unit_test(who_comes_later_gets_the_fields_too),
    };
    return cmocka_run_group_tests_name("hub_field", tests, NULL, NULL);
}
