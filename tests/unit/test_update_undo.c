/* Taking back what one did to the board, of every kind, and what others did in between. */
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    open_screen_of(state, 100, 30);
    return 0;
}

static void expect_sent(struct screen_kit *k, const char *part, bool is_sent)
{
    struct buf out = {0};
    if ((strstr(kit_sent(k, &out), part) != NULL) != is_sent)
        fail_msg("\"%s\" was %ssent:\n%s", part, is_sent ? "not " : "", buf_cstr(&out));
    buf_finish(&out);
}

static void command(struct screen_kit *k, const char *text)
{
    kit_keys(k, ":");
    kit_type(k, text);
    kit_keys(k, "Enter");
}

static void bo_does(struct screen_kit *k, const char *type, const char *rest)
{
    k->seq++;
    kit_frame(k,
              "{'type':'%s','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'elsewhere1','id':%d,%s}",
              type, k->seq, (long long)k->now, 100 + k->seq, rest);
}

static void refuse(struct screen_kit *k, long long id, const char *code)
{
    kit_frame(k, "{'type':'error','re':%lld,'code':'%s','message':'it cannot be'}", id, code);
}

/* Columns and the cards in them, as "Todo(12 31) Doing() ". */
static const char *board(struct screen_kit *k, struct buf *out)
{
    const struct board *b = &model_replica(&k->model)->board;
    buf_clear(out);
    vec_each (col, &b->columns) {
        buf_fmt(out, "%s%s", col->name, col->limit ? "!" : "");
        char before = '(';
        vec_each (c, &col->cards) {
            buf_fmt(out, "%c%lld", before, (long long)(*c)->number);
            before = ' ';
        }
        buf_fmt(out, "%s) ", before == '(' ? "(" : "");
    }
    return buf_cstr(out);
}

static void whatever_was_done_is_taken_back_and_done_again(void **state)
{
    static const char *const commands[] = {
        "task add Another",   "task edit 12 Other words",
        "task move 12 Done",  "task archive 31",
        "column add Later",   "column rename Soon",
        "column limit 2",     "column right",
        "column remove Done",
    };
    struct buf before = {0}, after = {0}, now = {0};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        struct screen_kit k;
        kit_init_full(&k, 100, 30);
        board(&k, &before);
        command(&k, commands[i]);
        board(&k, &after);
        kit_keys(&k, "u");
        if (strcmp(board(&k, &now), buf_cstr(&before)) != 0)
            fail_msg("%s, taken back: %s", commands[i], buf_cstr(&now));
        assert_string_equal(board_card(&model_replica(&k.model)->board, 12)->title,
                            "Parser: reject frames nested too deeply");
        kit_keys(&k, "C-r");
        /* a card that was added is another one when it is added again: it comes back */
        if (strcmp(board(&k, &now), buf_cstr(&after)) != 0)
            fail_msg("%s, done again: %s and not %s", commands[i], buf_cstr(&now),
                     buf_cstr(&after));
        kit_keys(&k, "u");
        assert_string_equal(board(&k, &now), buf_cstr(&before));
        kit_finish(&k);
    }
    buf_finish(&before);
    buf_finish(&after);
    buf_finish(&now);
}

static void what_is_taken_back_is_named(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "d");
    long long id = kit_asked(k, "\"task.archive\"");
    shows(k, "u takes it back");
    kit_keys(k, "u");
    shows(k, "Taken back: archived card 12. C-r does it again.");
    shows_not(k, "u takes it back"); /* it would take back something else */
    char part[40];
    snprintf(part, sizeof part, "\"undoes\":-%lld", id);
    expect_sent(k, part, true);
}

/* Who takes back right behind it means the message. */
static void a_deleted_message_is_not_taken_for_an_act_on_the_board(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "d i C-Up k k d d Esc Esc");
    shows(k, "deleted by ana");
    kit_forget(k);
    kit_keys(k, "u");
    shows(k, "The deleted message does not come back. u again takes");
    shows(k, "back: archived card 12.");
    expect_sent(k, "task.restore", false);
    kit_keys(k, "u");
    expect_sent(k, "task.restore", true);
    shows(k, "Taken back: archived card 12.");
    shows_not(k, "does not come back");
}

/* What came on the board behind it is taken back at once. */
static void an_act_behind_a_deleted_message_is_taken_back(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "i C-Up k k d d Esc Esc d u");
    expect_sent(k, "task.restore", true);
}

static void a_column_comes_back_with_its_cards_as_one(void **state)
{
    struct screen_kit *k = *state;
    struct buf now = {0};
    command(k, "column remove Done");
    shows(k, "Removed the column Todo. u takes it back.");
    assert_string_equal(board(k, &now), "Doing(14 42) Done(3 7 12 31 38 40) ");
    bo_does(k, "task.moved", "'task':31,'column':'Doing','key':'Z'");
    kit_forget(k);
    kit_keys(k, "u");
    assert_string_equal(board(k, &now), "Todo(12 38 40) Doing(14 42 31) Done(3 7) ");
    shows(k, "bo moved #31");
    expect_sent(k, "\"batch\":", true);
    kit_keys(k, "C-r");
    assert_string_equal(board(k, &now), "Doing(14 42 31) Done(3 7 12 38 40) ");
    buf_finish(&now);
}

static void others_are_named_and_what_they_did(void **state)
{
    static const struct {
        const char *mine, *type, *theirs, *toast; /* NULL: it is taken back all the same */
    } rows[] = {
        {"task add Another", "task.edited", "'task':43,'title':'Mine now'", "bo set #43"},
        {"task edit 12 Other", "task.edited", "'task':12,'title':'Mine now'", "bo set #12"},
        {"task edit 12 Other", "task.edited",
         "'task':12,'changes':[{'field':'label','value':'bug'}]", NULL},
        {"task edit 12 Other", "task.moved", "'task':12,'column':'Done','key':'Z'", NULL},
        {"task edit 12 Other", "task.archived", "'task':12", "bo archived #12"},
        {"task move 12 Done", "task.moved", "'task':12,'column':'Doing','key':'Z'",
         "bo moved #12"},
        {"task move 12 Done", "column.edited", "'column':'Todo','name':'First','limit':-1",
         NULL},
        {"column rename First", "column.edited", "'column':'First','name':'Top','limit':-1",
         "bo renamed the column First to Top"},
        {"column limit 3", "column.removed", "'column':'Todo','to':'Done','key':'x'",
         "bo removed the column Todo"},
        {"column add Later", "task.moved", "'task':12,'column':'Later','key':'Z'",
         "there are cards in Later"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct screen_kit k;
        kit_init_full(&k, 200, 30);
        command(&k, rows[i].mine);
        /* ours is stored first */
        k.seq++;
        long long id = k.model.session.next_id - 1;
        if (str_starts(str_of(rows[i].mine), "task add"))
            kit_frame(&k,
                      "{'type':'task.added','room':'#core','seq':%d,'time':1,'author':'ana',"
                      "'client':'kitkitkitkit','id':%lld,'task':43,'title':'Another',"
                      "'column':'Todo','key':'A1'}",
                      k.seq, id);
        else if (str_starts(str_of(rows[i].mine), "column add"))
            kit_frame(&k,
                      "{'type':'column.added','room':'#core','seq':%d,'time':1,'author':'ana',"
                      "'client':'kitkitkitkit','id':%lld,'column':'Later','place':1}",
                      k.seq, id);
        else if (str_starts(str_of(rows[i].mine), "column rename"))
            kit_frame(&k,
                      "{'type':'column.edited','room':'#core','seq':%d,'time':1,'author':'ana',"
                      "'client':'kitkitkitkit','id':%lld,'column':'Todo','name':'First',"
                      "'limit':-1}",
                      k.seq, id);
        else
            k.seq--;
        bo_does(&k, rows[i].type, rows[i].theirs);
        kit_forget(&k);
        kit_keys(&k, "Esc u");
        if (rows[i].toast)
            shows(&k, rows[i].toast);
        expect_sent(&k, "\"undoes\"", !rows[i].toast);
        kit_finish(&k);
    }
}

static void what_was_refused_is_not_taken_back(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "d");
    refuse(k, kit_asked(k, "\"task.archive\""), "forbidden");
    kit_keys(k, "Esc u");
    shows(k, "Nothing of yours to take back.");
    kit_keys(k, "d u");
    refuse(k, kit_asked(k, "\"task.restore\""), "conflict");
    shows(k, "Not taken back: it cannot be");
    kit_keys(k, "Esc C-r");
    shows(k, "Nothing to do again.");
}

static void an_undo_does_not_overwrite_what_is_under_way(void **state)
{
    struct screen_kit *k = *state;
    command(k, "task edit 12 Other");
    bo_does(k, "message", "'text':'hello'");
    kit_forget(k);
    kit_keys(k, "u");
    expect_sent(k, "\"seen\":41,\"title\":\"Parser", true);
}

/* It came in between: nobody is asked to choose, theirs stays and is named. */
static void an_undo_in_conflict_leaves_theirs(void **state)
{
    struct screen_kit *k = *state;
    command(k, "task edit 12 Other");
    kit_forget(k);
    kit_keys(k, "u");
    long long id = kit_asked(k, "\"task.edit\"");
    kit_frame(k,
              "{'type':'conflict','re':%lld,'room':'#core','task':12,'field':'title',"
              "'value':'Theirs','author':'bo','seq':41}",
              id);
    kit_frame(k,
              "{'type':'error','re':%lld,'code':'conflict','message':'bo meanwhile set the "
              "title of card 12 to Theirs'}",
              id);
    assert_int_equal(model_conflicts(&k->model), 0);
    shows(k, "Not taken back: bo meanwhile set");
}

static void a_hundred_steps_are_kept(void **state)
{
    struct screen_kit *k = *state;
    for (int i = 0; i < UNDO_MAX + 3; i++)
        kit_keys(k, i % 2 ? "H" : "L");
    for (int i = 0; i < UNDO_MAX; i++)
        kit_keys(k, "u");
    assert_int_equal(k->model.here->undo.steps.n, 0);
    assert_int_equal(k->model.here->redo.steps.n, UNDO_MAX);
    kit_keys(k, "Esc u");
    shows(k, "Nothing of yours to take back.");
    kit_keys(k, "L"); /* and then there is nothing to do again */
    assert_int_equal(k->model.here->redo.steps.n, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, close_screen)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whatever_was_done_is_taken_back_and_done_again),
        TEST(what_is_taken_back_is_named),
        TEST(a_deleted_message_is_not_taken_for_an_act_on_the_board),
        TEST(an_act_behind_a_deleted_message_is_taken_back),
        TEST(a_column_comes_back_with_its_cards_as_one),
        TEST(others_are_named_and_what_they_did),
        TEST(what_was_refused_is_not_taken_back),
        TEST(an_undo_does_not_overwrite_what_is_under_way),
        TEST(an_undo_in_conflict_leaves_theirs),
        TEST(a_hundred_steps_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
