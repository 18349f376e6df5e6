/* What no client of ours sends: whatever it is, it is refused in words on the same connection,
 * and the board is as it was; or it is taken for what it can mean. */
#include "hub_rig.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Ana and bo in #lobby: cards 1 to 4 in Todo, 5 in Doing; 4 is archived. Events 4 to 9. */
static void start(struct hub_rig *r)
{
    rig_start(r);
    rig_enter(r, "ana", "#lobby");
    rig_enter(r, "bo", "#lobby");
    for (int i = 1; i <= 5; i++)
        rig_send(r, "ana",
                 "{'type':'task.add','id':%d,'room':'#lobby','title':'x','column':'%s'}", i,
                 i < 5 ? "Todo" : "Doing");
    rig_send(r, "ana", "{'type':'task.archive','id':6,'room':'#lobby','task':4}");
    rig_wait(r, 100);
    rig_skip(r, "ana");
    rig_skip(r, "bo");
}

/* Each row is refused by that error, in words that say that, and nobody else hears of it. */
static void expect_refused(const char *const rows[][3], size_t n, const char *who)
{
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < n; i++) {
        char expected[200];
        snprintf(expected, sizeof expected,
                 "{'type':'error','re':%zu,'code':'%s','message':'*%s*", i + 10, rows[i][1],
                 rows[i][2]);
        rig_send(&r, who, "{%s,'id':%zu,'room':'#lobby'}", rows[i][0], i + 10);
        rig_expect(&r, who, expected);
        rig_expect_nothing(&r, strcmp(who, "ana") == 0 ? "bo" : "ana");
    }
    rig_finish(&r);
}

#define REFUSED(rows) expect_refused(rows, COUNT_OF(rows), "ana")
#define CHANGE(field, value)                                                                   \
    "'type':'task.edit','task':1,'changes':[{'field':'" field "','value':'" value "'}]"

static void fields_that_are_not_there(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {CHANGE("colour", "red"), "bad_field", "no field colour: title, priority"},
        {CHANGE("Label", "x"), "bad_field", "no field Label"},
        {CHANGE("column", "Done"), "bad_field", "no field column"},
        {CHANGE("title", "x"), "bad_field", "a title is no change among others"},
        {"'type':'task.edit','task':1,'colour':'red'", "bad_field", "colour"},
        {"'type':'task.move','task':1,'column':'Done','key':'V'", "bad_field", "key"},
        {"'type':'task.edit','task':1,'changes':[{'value':'x'}]", "bad_field", "field"},
        {"'type':'task.edit','task':1,'changes':[{'field':'label','value':7}]", "bad_field",
         "value"},
        {"'type':'task.edit','task':1,'changes':{}", "bad_field", "changes"},
    };
    REFUSED(rows);
}

static void days_that_are_in_no_calendar(void **state)
{
    (void)state;
    static const char *const days[] = {
        "2026-02-30",       "2026-02-29", "2026-13-01",  "2026-00-10",
        "2026-01-00",       "1969-12-31", "0000-00-00",  "99999-01-01",
        "2026-1-1",         "26-01-01",   "-2026-01-01", "2026-01-01 ",
        "2026-01-01T00:00", "tomorrow",   "7d",          "1e9",
    };
    struct hub_rig r;
    start(&r);
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        rig_send(
            &r, "ana",
            "{'type':'task.edit','id':%zu,'room':'#lobby','task':1,'changes':[{'field':'due',"
            "'value':'%s'}]}",
            i + 10, days[i]);
        rig_expect(&r, "ana",
                   "{'type':'error',*'code':'bad_field',*as YYYY-MM-DD, from 1970 on*");
    }
    rig_expect_nothing(&r, "bo");
    rig_finish(&r);
}

static void names_with_control_characters(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"'type':'task.add','title':'a\\u0007b'", "bad_field", "title"},
        {"'type':'task.add','title':'a\\nb'", "bad_field", "title"},
        {"'type':'task.add','title':'\\u001b[2J'", "bad_field", "title"},
        {"'type':'task.edit','task':1,'title':'\\u007f'", "bad_field", "title"},
        {CHANGE("label", "a\\u0009b"), "bad_field", "value"},
        {CHANGE("assignee", "an\\u0008a"), "bad_field", "value"},
        {"'type':'column.add','name':'a\\rb'", "bad_field", "name"},
        {"'type':'column.edit','column':'Todo','name':'\\u001b]0;x\\u0007'", "bad_field",
         "name"},
        {"'type':'task.move','task':1,'column':'Do\\u0001ne'", "bad_field", "column"},
    };
    REFUSED(rows);
}

static void ten_thousand_labels(void **state)
{
    (void)state;
    struct hub_rig r;
    struct buf request = {0};
    start(&r);
    /* at once: more than a request may name, before anything is looked at */
    buf_fmt(&request, "{'type':'task.edit','id':10,'room':'#lobby','task':1,'changes':[");
    for (int i = 0; i < 10000; i++)
        buf_fmt(&request, "%s{'field':'label','value':'l%d'}", i ? "," : "", i);
    buf_fmt(&request, "]}");
    for (size_t i = 0; i < request.n; i++)
        request.p[i] = request.p[i] == '\'' ? '"' : request.p[i];
    rig_send_bytes(&r, "ana", buf_str(&request));
    rig_expect(&r, "ana", "{'type':'error',*}");
    buf_finish(&request);
    /* one after the other: as many as a card may have */
    int taken = 0;
    for (int i = 0; i < 10000 / 50; i++) {
        rig_skip(&r, "ana");
        rig_send(&r, "ana",
                 "{'type':'task.edit','id':%d,'room':'#lobby','task':1,'changes':[{'field':"
                 "'label','value':'n%d'}]}",
                 i + 20, i);
        taken += rig_hears(&r, "ana", "{'type':'ok',*}");
        rig_wait(&r, 20);
    }
    assert_int_equal(taken, 64);
    rig_skip(&r, "ana");
    rig_send(&r, "ana", "{" CHANGE("label", "more") ",'id':1000,'room':'#lobby'}");
    rig_expect(&r, "ana",
               "{'type':'error',*'code':'limit','message':'*at most 64 values of label*");
    rig_finish(&r);
}

static void cards_that_are_away_or_never_were(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"'type':'task.move','task':4,'column':'Done'", "conflict",
         "archived: restore it first"},
        {"'type':'task.edit','task':4,'title':'y'", "conflict", "archived"},
        {"'type':'task.archive','task':4", "conflict", "archived"},
        {"'type':'task.restore','task':1", "conflict", "is not archived"},
        {"'type':'task.move','task':99,'column':'Done'", "not_found", "no card 99"},
        {"'type':'task.move','task':-99,'column':'Done'", "not_found", ""},
        {"'type':'task.restore','task':99", "not_found", "no card 99"},
        {"'type':'task.move','task':0,'column':'Done'", "bad_field", "task"},
        {"'type':'task.move','task':9007199254740993,'column':'Done'", "bad_field", "task"},
        {"'type':'task.move','task':1,'column':'Later'", "not_found", "no column Later"},
        {"'type':'task.move','task':1,'column':''", "bad_field", "column"},
        {"'type':'task.move','task':1,'column':'Todo','after':1", "not_found", "card 1"},
        {"'type':'task.move','task':1,'column':'Todo','after':99", "not_found", "no card 99"},
        {"'type':'task.move','task':1,'column':'Todo','after':5", "not_found",
         "card 5 is not in column Todo"},
        {CHANGE("blocker", "99"), "not_found", "no card 99"},
        {CHANGE("blocker", "0"), "bad_field", "number of a card"},
        {CHANGE("assignee", "zoe"), "not_found", "no zoe in #lobby"},
    };
    REFUSED(rows);
}

/* The order is what matters least: nobody's move or card is lost for it. */
static void places_beside_cards_that_are_gone(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{'type':'task.add','id':10,'room':'#lobby','title':'y','after':4}");
    rig_expect(&r, "bo", "{'type':'task.added',*'task':6,*'column':'Todo','key':'V3'}");
    rig_send(&r, "bo", "{'type':'task.archive','id':1,'room':'#lobby','task':2}");
    rig_send(&r, "bo", "{'type':'task.archive','id':2,'room':'#lobby','task':3}");
    rig_skip(&r, "bo");
    rig_send(&r, "ana",
             "{'type':'task.move','id':11,'room':'#lobby','task':5,'column':'Todo','after':2}");
    rig_expect(&r, "bo", "{'type':'task.moved',*'task':5,'column':'Todo','key':'V2z'}");
    /* bo moves 1 away; ana, who has not seen it, puts 6 behind it */
    rig_send(&r, "bo", "{'type':'task.move','id':3,'room':'#lobby','task':1,'column':'Done'}");
    rig_skip(&r, "bo");
    rig_send(&r, "ana",
             "{'type':'task.move','id':12,'room':'#lobby','task':6,'column':'Todo','after':1,"
             "'seen':11}");
    rig_expect(&r, "bo", "{'type':'task.moved',*'task':6,'column':'Todo',*}");
    rig_send(
        &r, "ana",
        "{'type':'task.add','id':13,'room':'#lobby','title':'z','column':'Todo','after':1}");
    rig_expect(&r, "bo", "{'type':'task.added',*'column':'Todo',*}");
    rig_finish(&r);
}

static void circles_of_any_length(void **state)
{
    (void)state;
    struct hub_rig r;
    start(&r);
    rig_send(&r, "ana", "{" CHANGE("blocker", "1") ",'id':10,'room':'#lobby'}");
    rig_expect(&r, "ana", "{'type':'error',*'code':'conflict',*circle*");
    for (int i = 1; i < 5; i++) /* 1 waits for 2, 2 for 3, ...; 4 is archived and counts */
        if (i < 4)
            rig_send(
                &r, "ana",
                "{'type':'task.edit','id':%d,'room':'#lobby','task':%d,'changes':[{'field':"
                "'blocker','value':'%d'}]}",
                i + 10, i, i + 1);
    rig_skip(&r, "ana");
    rig_send(
        &r, "ana",
        "{'type':'task.edit','id':20,'room':'#lobby','task':3,'changes':[{'field':'blocker',"
        "'value':'1'}]}");
    rig_expect(&r, "ana",
               "{'type':'error',*'code':'conflict',*'message':'card 1 waits for card 3*");
    rig_skip(&r, "ana");
    rig_send(&r, "ana", "{'type':'task.restore','id':21,'room':'#lobby','task':4}");
    rig_expect(&r, "ana", "{'type':'ok',*}");
    rig_skip(&r, "ana");
    rig_send(
        &r, "ana",
        "{'type':'task.edit','id':22,'room':'#lobby','task':4,'changes':[{'field':'blocker',"
        "'value':'5'},{'field':'blocker','value':'1'}]}");
    rig_expect(&r, "ana", "{'type':'error',*'code':'conflict',*circle*");
    rig_expect_nothing(&r, "ana"); /* all of it or nothing */
    rig_finish(&r);
}

static void locks_for_others(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"'type':'lock','task':1,'field':'title','user':'ana'", "bad_field", "user"},
        {"'type':'lock','task':1,'field':'title','client':'clientofana'", "bad_field",
         "client"},
        {"'type':'lock','task':4,'field':'title'", "not_found", "card 4 of #lobby is put away"},
        {"'type':'lock','task':99,'field':'title'", "not_found", "no card 99"},
        {"'type':'lock','task':1,'field':'colour'", "bad_field", "no field colour"},
        {"'type':'locked','task':1,'field':'title','user':'ana','session':1,'client':"
         "'clientofana','until':9999999",
         "unknown_type", ""},
        {"'type':'unlock','task':1,'field':'title'", "not_found", ""},
    };
    expect_refused(rows, COUNT_OF(rows), "bo");
}

/* Old is a conflict if somebody set the field since; what is still to come counts as nothing.
 */
static void revisions_of_the_past_and_of_the_future(void **state)
{
    (void)state;
    static const struct {
        const char *seen, *answer;
    } rows[] = {
        {",'seen':9", "{'type':'conflict',*'value':'theirs','author':'bo','seq':10}"},
        {",'seen':1", "{'type':'conflict',*'value':'theirs',*}"},
        {",'seen':0", "{'type':'conflict',*'value':'theirs',*}"},
        {",'seen':9007199254740991", "{'type':'conflict',*'value':'theirs',*}"},
        {",'seen':-2", "{'type':'error',*'code':'bad_field',*seen*"},
        {",'seen':9007199254740993", "{'type':'error',*'code':'bad_field',*seen*"},
        {",'seen':'9'", "{'type':'error',*'code':'bad_field',*seen*"},
        {",'seen':10", "{'type':'ok',*}"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hub_rig r;
        start(&r);
        rig_send(&r, "bo",
                 "{'type':'task.edit','id':1,'room':'#lobby','task':1,'title':'theirs'}");
        rig_skip(&r, "ana");
        rig_send(&r, "ana",
                 "{'type':'task.edit','id':10,'room':'#lobby','task':1,'title':'mine'%s}",
                 rows[i].seen);
        rig_expect(&r, "ana", rows[i].answer);
        rig_finish(&r);
    }
}

static void observers_write_nothing(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "'type':'task.add','title':'x'",
        "'type':'task.edit','task':1,'title':'x'",
        CHANGE("label", "x"),
        "'type':'task.move','task':1,'column':'Done'",
        "'type':'task.archive','task':1",
        "'type':'task.restore','task':4",
        "'type':'column.add','name':'x'",
        "'type':'column.edit','column':'Todo','name':'x'",
        "'type':'column.move','column':'Todo'",
        "'type':'column.remove','column':'Todo','to':'Done'",
        "'type':'message.post','text':'x','task':1",
        "'type':'lock','task':1,'field':'title'",
        "'type':'note.create','name':'x'",
    };
    struct hub_rig r;
    start(&r);
    rig_join_admin(&r, "root");
    rig_send(&r, "root",
             "{'type':'member.set','id':1,'room':'#lobby','user':'bo','role':'observer'}");
    rig_wait(&r, 100);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        rig_skip(&r, "ana");
        rig_skip(&r, "bo");
        rig_send(&r, "bo", "{%s,'id':%zu,'room':'#lobby'}", rows[i], i + 10);
        rig_expect(&r, "bo", "{'type':'error',*'code':'forbidden',*}");
        rig_expect_nothing(&r, "ana");
    }
    rig_finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_that_are_not_there),
        cmocka_unit_test(days_that_are_in_no_calendar),
        cmocka_unit_test(names_with_control_characters),
        cmocka_unit_test(ten_thousand_labels),
        cmocka_unit_test(cards_that_are_away_or_never_were),
        cmocka_unit_test(places_beside_cards_that_are_gone),
        cmocka_unit_test(circles_of_any_length),
        cmocka_unit_test(locks_for_others),
        cmocka_unit_test(revisions_of_the_past_and_of_the_future),
        cmocka_unit_test(observers_write_nothing),
    };
    return cmocka_run_group_tests_name("hub_board_input", tests, NULL, NULL);
}
