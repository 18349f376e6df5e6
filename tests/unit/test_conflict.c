/* Two people who changed the same field: the second is asked. */
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static size_t put_aside(const struct screen_kit *k)
{
    size_t n = 0;
    vec_each (e, &k->out.items)
        n += e->kind == EFFECT_REFUSED;
    return n;
}

static void retitle(struct screen_kit *k, const char *title)
{
    kit_keys(k, "e C-u");
    kit_type(k, title);
    kit_keys(k, "Enter");
}

/* Bo was faster: the event, and what the server says to ours. */
static void lose_to_bo(struct screen_kit *k, const char *field, const char *value)
{
    long long id = kit_asked(k, "task.edit");
    k->seq++;
    kit_frame(k,
              "{'type':'task.edited','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'elsewhere1','id':%d,'task':12,%s%s%s}",
              k->seq, (long long)k->now, k->seq,
              strcmp(field, "title") == 0 ? "'title':'" : "'changes':[{'field':'",
              strcmp(field, "title") == 0 ? value : field,
              strcmp(field, "title") == 0 ? "'" : "','value':'2026-04-01'}]");
    kit_frame(k,
              "{'type':'conflict','re':%lld,'room':'#core','task':12,'field':'%s',"
              "'value':'%s','author':'bo','seq':%d}",
              id, field, value, k->seq);
    kit_frame(k,
              "{'type':'error','re':%lld,'code':'conflict','message':'bo meanwhile set the "
              "%s of card 12 to %s'}",
              id, field, value);
}

static void quiet(struct screen_kit *k)
{
    kit_tick(k, CONFLICT_QUIET_MS);
}

static void both_values_and_who_wrote_the_other_are_shown(void **state)
{
    struct screen_kit *k = *state;
    retitle(k, "What I wrote");
    lose_to_bo(k, "title", "What bo wrote");
    quiet(k);
    shows(k, "Card 12: two changes");
    shows(k, "bo changed the title while you did.");
    shows(k, "Yours       What I wrote");
    shows(k, "Theirs      What bo wrote");
    shows(k, "m keep mine   t take theirs   e edit   Esc later");
    shows(k, "1 unsaved");
    shows(k, "1 to decide");
}

static void when_it_was_written_is_asked_of_the_log(void **state)
{
    struct screen_kit *k = *state;
    retitle(k, "What I wrote");
    lose_to_bo(k, "title", "What bo wrote");
    sent(k, "\"type\":\"activity\"");
    sent(k, "\"before\":42");
    kit_frame(k,
              "{'type':'activity.page','re':%lld,'room':'#core','from':41,'events':["
              "{'type':'task.edited','room':'#core','seq':41,'time':%lld,'author':'bo',"
              "'client':'elsewhere1','id':41,'task':12,'title':'What bo wrote'}],'names':[],"
              "'more':true}",
              kit_asked(k, "activity"), (long long)k->now - 5 * 60000);
    quiet(k);
    shows(k, "bo changed the title 5m ago while you did.");
}

static void mine_is_sent_again_over_what_was_seen_now(void **state)
{
    struct screen_kit *k = *state;
    retitle(k, "What I wrote");
    lose_to_bo(k, "title", "What bo wrote");
    quiet(k);
    kit_forget(k);
    kit_keys(k, "m");
    sent(k, "\"seen\":41,\"title\":\"What I wrote\"");
    shows_not(k, "two changes");
    shows_not(k, "to decide");
    shows(k, "~12 What I wrote");
    shows(k, "1 unsaved");
    assert_int_equal(put_aside(k), 0);
    kit_forget(k);
    kit_keys(k, "u"); /* back to what bo wrote, not to what was before */
    sent(k, "\"title\":\"What bo wrote\"");
}

static void theirs_leaves_nothing_unsaved_and_mine_can_be_brought_back(void **state)
{
    struct screen_kit *k = *state;
    retitle(k, "What I wrote");
    lose_to_bo(k, "title", "What bo wrote");
    quiet(k);
    kit_keys(k, "t");
    shows_not(k, "unsaved");
    shows(k, " 12 What bo wrote");
    assert_int_equal(put_aside(k), 1);
    kit_keys(k, ": Up");
    shows(k, ":task edit 12 What I wrote");
}

static void a_third_text_can_be_written(void **state)
{
    struct screen_kit *k = *state;
    retitle(k, "What I wrote");
    lose_to_bo(k, "title", "What bo wrote");
    quiet(k);
    kit_forget(k);
    kit_keys(k, "e");
    assert_int_equal(k->model.prompt, PROMPT_TITLE);
    kit_type(k, ", and bo");
    kit_keys(k, "Enter");
    sent(k, "\"seen\":41,\"title\":\"What I wrote, and bo\"");
    shows_not(k, "to decide");
}

static void leaving_the_third_text_leads_back_to_the_question(void **state)
{
    struct screen_kit *k = *state;
    retitle(k, "What I wrote");
    lose_to_bo(k, "title", "What bo wrote");
    quiet(k);
    kit_keys(k, "e Esc");
    quiet(k);
    shows(k, "Card 12: two changes");
}

/* While it waits for later, its keys mean nothing to a question about something else. */
static void another_question_does_not_decide_it(void **state)
{
    struct screen_kit *k = *state;
    retitle(k, "Mine");
    lose_to_bo(k, "title", "Theirs");
    quiet(k);
    kit_keys(k, "Esc : l e a v e Enter");
    shows(k, "Leave #core?");
    kit_forget(k);
    kit_keys(k, "m t e M-n");
    shows(k, "Leave #core?");
    assert_int_equal(kit_asked(k, "task.edit"), 0);
    kit_keys(k, "Esc");
    shows(k, "1 to decide");
}

static void it_can_be_decided_later(void **state)
{
    struct screen_kit *k = *state;
    retitle(k, "What I wrote");
    lose_to_bo(k, "title", "What bo wrote");
    quiet(k);
    kit_keys(k, "Esc");
    quiet(k);
    shows_not(k, "two changes");
    shows(k, "!12 What I wrote");
    shows(k, "1 to decide");
    kit_keys(k, "!");
    shows(k, "Card 12: two changes");
    kit_keys(k, "Esc Enter");
    shows(k, "!Title       What I wrote");
}

static void nobody_is_asked_while_writing(void **state)
{
    struct screen_kit *k = *state;
    retitle(k, "What I wrote");
    kit_keys(k, "i");
    kit_type(k, "met");
    lose_to_bo(k, "title", "What bo wrote");
    quiet(k);
    shows_not(k, "two changes");
    shows(k, "bo changed the title of card 12 too. :conflict");
    kit_type(k, "eor");
    assert_true(str_is(lineedit_text(&k->model.here->input), "meteor"));
    kit_keys(k, "Esc");
    quiet(k);
    shows(k, "Card 12: two changes");
}

static void a_key_that_was_meant_for_the_board_answers_nothing(void **state)
{
    struct screen_kit *k = *state;
    retitle(k, "What I wrote");
    kit_keys(k, "j");
    lose_to_bo(k, "title", "What bo wrote");
    kit_keys(k, "k t"); /* opens the labels: the question waits */
    shows(k, "Labels: card 12");
    kit_keys(k, "Esc");
    quiet(k);
    shows(k, "Card 12: two changes");
}

static void several_are_asked_about_one_after_the_other(void **state)
{
    struct screen_kit *k = *state;
    retitle(k, "What I wrote");
    lose_to_bo(k, "title", "What bo wrote");
    kit_keys(k, "b");
    kit_type(k, "friday");
    kit_keys(k, "Enter");
    lose_to_bo(k, "due", "2026-04-01");
    quiet(k);
    shows(k, "2 to decide");
    shows(k, "Theirs      What bo wrote");
    kit_keys(k, "m");
    quiet(k);
    shows(k, "bo changed the due while you did.");
    shows(k, "Yours       2026-03-06");
    shows(k, "Theirs      2026-04-01");
    kit_keys(k, "e");
    shows(k, "Due: card 12");
    kit_type(k, "2026-03-20");
    kit_keys(k, "Enter");
    sent(k, "\"seen\":42,\"changes\":[{\"field\":\"due\",\"value\":\"2026-03-20\"}]");
    shows_not(k, "to decide");
}

/* ---- several fields of one request ---- */

/* Title, priority, due day and a label at once, as from an outbox of another client. */
static void change_all(struct screen_kit *k)
{
    struct change_item changes[] = {{STR("priority"), STR("urgent"), false},
                                    {STR("due"), STR("2026-03-06"), false},
                                    {STR("label"), STR("docs"), false}};
    struct msg q = {.type = MSG_TASK_EDIT};
    q.request.room = STR("#core");
    q.task_edit.task = 12;
    q.task_edit.seen = k->seq;
    q.task_edit.title = STR("What I wrote");
    q.task_edit.changes.v = changes;
    q.task_edit.changes.n = COUNT_OF(changes);
    assert_true(session_request(&k->model.session, &q, k->now, &k->out, NULL));
}

static void refuse_all(struct screen_kit *k)
{
    static const char *const fields[][2] = {
        {"title", "What bo wrote"}, {"priority", "low"}, {"due", "2026-04-01"}};
    long long id = kit_asked(k, "task.edit");
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        kit_frame(k,
                  "{'type':'conflict','re':%lld,'room':'#core','task':12,'field':'%s',"
                  "'value':'%s','author':'bo','seq':%d}",
                  id, fields[i][0], fields[i][1], k->seq);
    kit_frame(k, "{'type':'error','re':%lld,'code':'conflict','message':'bo did'}", id);
}

/* Bo sets all three, and ours is refused for each. */
static void lose_all_to_bo(struct screen_kit *k)
{
    k->seq++;
    kit_frame(k,
              "{'type':'task.edited','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'elsewhere1','id':1,'task':12,'title':'What bo wrote','changes':["
              "{'field':'priority','value':'low'},{'field':'due','value':'2026-04-01'}]}",
              k->seq, (long long)k->now);
    refuse_all(k);
}

/* The fields in the order of the request: mine, edited, theirs. */
static void decide_all(struct screen_kit *k)
{
    quiet(k);
    shows(k, "3 to decide");
    shows(k, "Yours       What I wrote");
    shows(k, "Theirs      What bo wrote");
    kit_keys(k, "m");
    quiet(k);
    shows(k, "Yours       urgent");
    shows(k, "Theirs      low");
    kit_keys(k, "e");
    kit_type(k, "high");
    kit_keys(k, "Enter");
    quiet(k);
    shows(k, "Yours       2026-03-06");
    shows(k, "Theirs      2026-04-01");
    kit_forget(k);
    kit_keys(k, "t");
}

static void each_field_of_one_request_is_decided_by_itself(void **state)
{
    struct screen_kit *k = *state;
    change_all(k);
    lose_all_to_bo(k);
    decide_all(k);
    sent(k, "\"seen\":41,\"title\":\"What I wrote\",\"changes\":["
            "{\"field\":\"priority\",\"value\":\"high\"},"
            "{\"field\":\"label\",\"value\":\"docs\"}]");
    shows_not(k, "to decide");
    shows(k, "1 unsaved");
    kit_keys(k, ": Up"); /* the day that gave way */
    shows(k, ":task due 12 2026-03-06");
}

/* The link is cut between the question and the answer, and the refusal comes once more. */
static void each_field_is_asked_about_again_after_the_link_was_cut(void **state)
{
    struct screen_kit *k = *state;
    change_all(k);
    kit_cut(k, ERR_UNREACHABLE, "the wire");
    kit_forget(k);
    kit_back(k);
    sent(k, "\"title\":\"What I wrote\"");
    lose_all_to_bo(k);
    quiet(k);
    kit_keys(k, "m");
    kit_cut(k, ERR_UNREACHABLE, "the wire");
    kit_forget(k);
    kit_back(k);
    shows(k, "2 to decide"); /* what was decided stays so */
    quiet(k);
    kit_keys(k, "m");
    quiet(k);
    kit_forget(k);
    kit_keys(k, "m");
    sent(k, "\"title\":\"What I wrote\",\"changes\":["
            "{\"field\":\"priority\",\"value\":\"urgent\"},"
            "{\"field\":\"due\",\"value\":\"2026-03-06\"},"
            "{\"field\":\"label\",\"value\":\"docs\"}]");
    shows_not(k, "to decide");
}

static void of_two_changes_of_ones_own_the_later_is_asked_about(void **state)
{
    struct screen_kit *k = *state;
    retitle(k, "First");
    long long first = kit_asked(k, "task.edit");
    retitle(k, "Second");
    lose_to_bo(k, "title", "What bo wrote");
    kit_frame(k,
              "{'type':'conflict','re':%lld,'room':'#core','task':12,'field':'title',"
              "'value':'What bo wrote','author':'bo','seq':%d}",
              first, k->seq);
    kit_frame(k, "{'type':'error','re':%lld,'code':'conflict','message':'bo did'}", first);
    quiet(k);
    shows(k, "Yours       Second");
    shows(k, "1 to decide");
    shows(k, "1 unsaved");
    kit_keys(k, "m");
    shows_not(k, "to decide");
}

static void the_answer_is_kept_while_there_is_no_connection(void **state)
{
    struct screen_kit *k = *state;
    retitle(k, "What I wrote");
    lose_to_bo(k, "title", "What bo wrote");
    quiet(k);
    kit_cut(k, ERR_UNREACHABLE, "the wire");
    kit_forget(k);
    kit_keys(k, "m");
    size_t kept = 0;
    vec_each (e, &k->out.items)
        kept += e->kind == EFFECT_KEEP &&
                memmem(e->bytes.p, e->bytes.n, "What I wrote", 12) != NULL;
    assert_int_equal(kept, 1);
    shows(k, "1 unsaved");
}

static void a_click_answers(void **state)
{
    struct screen_kit *k = *state;
    retitle(k, "What I wrote");
    lose_to_bo(k, "title", "What bo wrote");
    quiet(k);
    struct buf out = {0};
    const char *screen = kit_screen(k, &out), *at = strstr(screen, "t take theirs");
    int row = 0;
    for (const char *p = screen; p < at; p++)
        row += *p == '\n';
    buf_finish(&out);
    kit_mouse(k, MOUSE_PRESS, 1, 22, row);
    shows(k, " 12 What bo wrote");
}

/* ---- moves ---- */

static void moved(struct screen_kit *k, const char *who, const char *client, const char *to,
                  int seen)
{
    k->seq++;
    kit_frame(k,
              "{'type':'task.moved','room':'#core','seq':%d,'time':%lld,'author':'%s',"
              "'client':'%s','id':%lld,'task':12,'column':'%s','key':'Z','seen':%d}",
              k->seq, (long long)k->now, who, client,
              strcmp(who, "ana") == 0 ? kit_asked(k, "task.move") : 700 + k->seq, to, seen);
}

static void who_lost_a_race_of_moves_is_told(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "L");
    sent(k, "\"column\":\"Doing\",\"after\":0,\"seen\":40");
    moved(k, "ana", "kitkitkitkit", "Doing", 40);
    moved(k, "bo", "elsewhere1", "Done", 40); /* had not seen it */
    shows(k, "bo moved #12 to Done before seeing that");
    kit_tick(k, TOAST_ERROR_MS + 1);
    kit_keys(k, "T"); /* kept to be looked at again */
    shows(k, "bo moved #12 to Done");
}

static void who_moves_a_card_on_is_nothing_to_be_told(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "L");
    moved(k, "ana", "kitkitkitkit", "Doing", 40);
    moved(k, "bo", "elsewhere1", "Done", 41);
    shows_not(k, "before seeing");
    kit_keys(k, "h");
    moved(k, "bo", "elsewhere1", "Todo", 40); /* it was the other one's by then */
    shows_not(k, "before seeing");
}

static void order_within_a_column_is_nothing_to_be_told(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "L");
    moved(k, "ana", "kitkitkitkit", "Doing", 40);
    moved(k, "bo", "elsewhere1", "Doing", 40);
    shows_not(k, "before seeing");
}

int main(void)
{
#define ONE(name) cmocka_unit_test_setup_teardown(name, open_screen, close_screen)
    const struct CMUnitTest tests[] = {
        ONE(both_values_and_who_wrote_the_other_are_shown),
        ONE(when_it_was_written_is_asked_of_the_log),
        ONE(mine_is_sent_again_over_what_was_seen_now),
        ONE(theirs_leaves_nothing_unsaved_and_mine_can_be_brought_back),
        ONE(a_third_text_can_be_written),
        ONE(leaving_the_third_text_leads_back_to_the_question),
        ONE(another_question_does_not_decide_it),
        ONE(it_can_be_decided_later),
        ONE(nobody_is_asked_while_writing),
        ONE(a_key_that_was_meant_for_the_board_answers_nothing),
        ONE(several_are_asked_about_one_after_the_other),
        ONE(each_field_of_one_request_is_decided_by_itself),
        ONE(each_field_is_asked_about_again_after_the_link_was_cut),
        ONE(of_two_changes_of_ones_own_the_later_is_asked_about),
        ONE(the_answer_is_kept_while_there_is_no_connection),
        ONE(a_click_answers),
        ONE(who_lost_a_race_of_moves_is_told),
        ONE(who_moves_a_card_on_is_nothing_to_be_told),
        ONE(order_within_a_column_is_nothing_to_be_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
