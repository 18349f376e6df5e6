/* Columns of the board: requests, events, what is refused, and what a restart finds. */
#include "hub_rig.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_enter(r, "ana", "#lobby");
    rig_enter(r, "bo", "#lobby");
    rig_wait(r, 100);
    rig_skip(r, "ana");
    rig_skip(r, "bo");
}

static void columns_are_worked_on_and_all_are_told(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"'type':'column.add','name':'Next','limit':2,'after':'todo'",
         "{'type':'column.added',*'column':'Next','place':1,'limit':2}"},
        {"'type':'column.edit','column':'next','name':'Soon'",
         "{'type':'column.edited',*'column':'Next','name':'Soon'}"},
        {"'type':'column.edit','column':'Soon','limit':0",
         "{'type':'column.edited',*'column':'Soon','limit':0}"},
        {"'type':'column.move','column':'Soon','first':true",
         "{'type':'column.moved',*'column':'Soon','place':0}"},
        {"'type':'column.move','column':'Soon'",
         "{'type':'column.moved',*'column':'Soon','place':3}"},
        {"'type':'task.add','title':'one','column':'Soon'", "{'type':'task.added',*}"},
        {"'type':'column.remove','column':'Soon','to':'Done'",
         "{'type':'column.removed',*'column':'Soon','to':'Done','key':'V'}"},
    };
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        rig_send(&r, "ana", "{%s,'id':%zu,'room':'#lobby'}", rows[i][0], i + 1);
        rig_expect(&r, "bo", rows[i][1]);
        rig_skip(&r, "ana");
    }
    rig_restart(&r); /* the store has it all */
    rig_enter(&r, "ana", "#lobby");
    rig_send(&r, "ana",
             "{'type':'task.move','id':20,'room':'#lobby','task':1,'column':'Done'}");
    rig_expect_later(&r, "ana", "{'type':'task.moved',*'column':'Done',*}");
    rig_finish(&r);
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"'type':'column.add','name':'DONE'", "exists"},
        {"'type':'column.add','name':'a\\u0007b'", "bad_field"},
        {"'type':'column.add','name':'x','after':'Nope'", "not_found"},
        {"'type':'column.add','name':'x','after':'Todo','first':true", "bad_field"},
        {"'type':'column.add','name':'x','limit':20001", "bad_field"},
        {"'type':'column.edit','column':'Nope','limit':1", "not_found"},
        {"'type':'column.edit','column':'Todo'", "bad_field"},
        {"'type':'column.edit','column':'Todo','name':'done'", "exists"},
        {"'type':'column.move','column':'Todo','after':'Todo'", "bad_field"},
        {"'type':'column.move','column':'Nope'", "not_found"},
        {"'type':'column.remove','column':'Todo'", "bad_field"},
        {"'type':'column.remove','column':'Todo','to':'todo'", "bad_field"},
        {"'type':'column.remove','column':'Nope','to':'Todo'", "not_found"},
        {"'type':'column.remove','column':'Todo','to':'Nope'", "not_found"},
    };
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char expected[100];
        rig_skip(&r, "ana");
        rig_send(&r, "ana", "{%s,'id':%zu,'room':'#lobby'}", rows[i][0], i + 10);
        snprintf(expected, sizeof expected, "{'type':'error',*'code':'%s',*}", rows[i][1]);
        rig_expect(&r, "ana", expected);
        rig_expect_nothing(&r, "bo");
    }
    rig_finish(&r);
}

/* Moves the card that was moved longest ago, which stands at an end, between the other two:
 * their gap gets ever narrower. Returns the card that it goes behind. */
static int narrow(int order[3], int moved_at[4], int now, int *card)
{
    bool first = moved_at[order[0]] < moved_at[order[2]];
    int middle = order[1], after = first ? middle : order[0];
    *card = first ? order[0] : order[2];
    order[first ? 0 : 2] = middle;
    order[1] = *card;
    moved_at[*card] = now;
    return after;
}

static void there_is_always_room_between_two_cards(void **state)
{
    (void)state;
    struct hub_rig r;
    int order[3] = {1, 2, 3}, moved_at[4] = {0, 0, 1, 0}, keyed = 0;
    start(&r);
    for (int i = 1; i <= 3; i++)
        rig_send(&r, "ana", "{'type':'task.add','id':%d,'room':'#lobby','title':'x'}", i);
    for (int i = 4; i < 800; i++) {
        int card, after = narrow(order, moved_at, i, &card);
        rig_skip(&r, "ana");
        rig_skip(&r, "bo");
        rig_send(&r, "ana",
                 "{'type':'task.move','id':%d,'room':'#lobby','task':%d,'column':'Todo',"
                 "'after':%d}",
                 i, card, after);
        rig_expect(&r, "ana", "{'type':'ok',*}");
        keyed += rig_hears(&r, "bo", "{'type':'column.keyed',*'column':'Todo'}");
        rig_wait(&r, 20);
    }
    assert_in_range(keyed, 5, 100);
    rig_restart(&r); /* the tables know the keys, too */
    rig_enter(&r, "ana", "#lobby");
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_worked_on_and_all_are_told),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(there_is_always_room_between_two_cards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
