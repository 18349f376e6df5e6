/* What the linear mode says. Ana is in #core, whose chat has messages 20 to 38; hers is 33. */
#include "linear.h"
#include "screen_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

struct lines {
    struct screen_kit k;
    struct linear l;
};

static int set_up(void **state)
{
    struct lines *s = NEW(struct lines);
    setenv("TZ", "UTC", 1);
    tzset();
    kit_init_full(&s->k, 100, 40);
    linear_init(&s->l, &s->k.model);
    linear_settle(&s->l);
    kit_tick(&s->k, LINEAR_SETTLE_MS);
    linear_settle(&s->l);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct lines *s = *state;
    linear_finish(&s->l);
    kit_finish(&s->k);
    free(s);
    return 0;
}

static void clear(struct lines *s)
{
    linear_settle(&s->l);
    buf_clear(&s->l.said);
}

/* Among what was said since the last clear(). */
static void says(struct lines *s, const char *part)
{
    linear_settle(&s->l);
    if (!strstr(buf_cstr(&s->l.said), part))
        fail_msg("\"%s\" was not said, but:\n%s", part, buf_cstr(&s->l.said));
}

static void says_not(struct lines *s, const char *part)
{
    linear_settle(&s->l);
    if (strstr(buf_cstr(&s->l.said), part))
        fail_msg("\"%s\" was said:\n%s", part, buf_cstr(&s->l.said));
}

static void says_nothing(struct lines *s)
{
    linear_settle(&s->l);
    if (s->l.said.n)
        fail_msg("this was said:\n%s", buf_cstr(&s->l.said));
}

static void give(void *arg, const struct input *in)
{
    struct lines *s = arg;
    struct input now = *in;
    now.now = s->k.now;
    update(&s->k.model, &now, &s->k.out);
    linear_settle(&s->l);
}

static void line(struct lines *s, const char *text)
{
    linear_typed(&s->l, str_of(text), give, s);
}

/* An event of #core by somebody; rest: its own members, as JSON. */
static void event(struct lines *s, const char *type, const char *who, const char *client,
                  const char *rest)
{
    struct screen_kit *k = &s->k;
    k->seq++;
    kit_frame(k,
              "{'type':'%s','room':'#core','seq':%d,'time':%lld,'author':'%s','client':'%s',"
              "'id':%d,%s}",
              type, k->seq, (long long)k->now, who, client, 1000 + k->seq, rest);
}

static void by_bo(struct lines *s, const char *type, const char *rest)
{
    event(s, type, "bo", "elsewhere1", rest);
}

static void sent(struct lines *s, const char *part)
{
    struct buf out = {0};
    if (!strstr(kit_sent(&s->k, &out), part))
        fail_msg("\"%s\" was not sent, but:\n%s", part, buf_cstr(&out));
    buf_finish(&out);
}

static void front_is(struct lines *s, const char *text)
{
    struct buf front = {0}, back = {0};
    linear_line(&s->l, &front, &back);
    assert_string_equal(buf_cstr(&front), text);
    buf_finish(&front);
    buf_finish(&back);
}

/* ---- rooms and messages ---- */

static void coming_in_says_where_and_what_is_unread(void **state)
{
    struct lines *s = *state;
    says(s, "This is #core. 7 unread messages.\n");
    says(s, "11:56 dmitri: can somebody look at 42?\n");
    says(s, "Here with you: bo, cleo.\n");
    assert_null(strstr(buf_cstr(&s->l.said), "\x1b"));
}

static void a_message_is_a_line_with_time_and_name(void **state)
{
    struct lines *s = *state;
    clear(s);
    by_bo(s, "message", "'text':'first\\nsecond'");
    says(s, "12:00 bo: first\n  second\n");
    clear(s);
    by_bo(s, "message", "'text':'so I see','reply':33,'to':'ana'");
    says(s, "12:00 bo answers ana, \"two lines:...\": so I see\n");
    clear(s);
    by_bo(s, "message", "'text':'looks good','task':14");
    says(s, "12:00 bo on card 14, Release 0.2: looks good\n");
    clear(s);
    says_nothing(s);
}

static void what_a_program_says_is_marked_as_that(void **state)
{
    struct lines *s = *state;
    clear(s);
    event(s, "member", "ana", "elsewhere2", "'user':'ci','role':'member','bot':true");
    event(s, "message", "ci", "elsewhere3", "'text':'the build is red'");
    says(s, "12:00 ci (bot): the build is red\n");
    line(s, "/who");
    says(s, "  ci (bot), not here\n");
}

/* A script that knows nothing of the question must not answer it. */
static void a_line_that_is_no_answer_does_not_answer(void **state)
{
    struct lines *s = *state;
    line(s, "/message select 33");
    line(s, "/message delete");
    says(s, "Delete");
    kit_forget(&s->k);
    line(s, "done with it");
    says(s, "it was not sent");
    assert_true(s->k.model.dialog.is_open);
    line(s, "/topic");
    assert_false(s->k.model.dialog.is_open);
    line(s, "/message react");
    assert_true(s->k.model.picker.is_open);
    line(s, "/task add A card");
    assert_false(s->k.model.picker.is_open);
    struct buf sent = {0};
    assert_null(strstr(kit_sent(&s->k, &sent), "message.delete"));
    assert_non_null(strstr(kit_sent(&s->k, &sent), "\"title\":\"A card\""));
    buf_finish(&sent);
}

static void what_was_typed_here_is_not_said_again(void **state)
{
    struct lines *s = *state;
    clear(s);
    event(s, "message", "ana", "kitkitkitkit", "'text':'typed here'");
    says_nothing(s);
    event(s, "message", "ana", "elsewhere2", "'text':'typed there'");
    says(s, "ana: typed there\n");
}

static void many_messages_at_once_are_counted(void **state)
{
    struct lines *s = *state;
    clear(s);
    kit_fill(&s->k, 0, 100);
    buf_clear(&s->l.said);
    kit_cut(&s->k, ERR_UNREACHABLE, "gone");
    linear_settle(&s->l);
    s->l.printed = 38; /* all of them came while the link was away */
    kit_back(&s->k);
    says(s, "100 new messages; these are the last 20.");
    says(s, "Message number 99,");
    says(s, "Message number 80,");
    says_not(s, "Message number 79,");
}

static void what_becomes_of_messages_is_said(void **state)
{
    struct lines *s = *state;
    clear(s);
    by_bo(s, "message.edited", "'message':31,'writer':'bo','text':'let us ask the clock'");
    says(s, "12:00 bo edited a message of 11:02: let us ask the clock\n");
    by_bo(s, "message.reacted", "'message':33,'writer':'ana','emoji':'\U0001F44D'");
    says(s, "12:00 bo reacted with \U0001F44D to \"two lines:...\" of ana, 11:30\n");
    by_bo(s, "message.deleted", "'message':32,'writer':'bo'");
    says(s, "12:00 bo deleted a message, 11:03\n");
    event(s, "message.reacted", "ana", "kitkitkitkit",
          "'message':38,'writer':'cleo','emoji':':ok:'");
    says(s, "12:00 You reacted with :ok: to \"I will, after lunch\" of cleo, 11:58\n");
}

static void nothing_of_others_reaches_a_terminal_raw(void **state)
{
    struct lines *s = *state;
    clear(s);
    by_bo(s, "message", "'text':'a\\u001b]0;x\\u0007b\\u009b31m\\u202ec\\rd\\u2028e'");
    says(s, "a\\x1b]0;x\\x07b");
    by_bo(s, "task.edited", "'task':12,'title':'t\\u202ex'");
    says(s, "set #12: title 't\\u{202e}x'");
    const char *said = buf_cstr(&s->l.said);
    for (const char *p = said; *p; p++)
        assert_true(*p == '\n' || (unsigned char)*p >= ' ');
    assert_null(strstr(said, "\xe2\x80\xae"));
    assert_null(strstr(said, "\xc2\x9b"));
}

static void where_only_ascii_shows_the_rest_is_named(void **state)
{
    struct lines *s = *state;
    clear(s);
    s->k.model.ascii = true;
    by_bo(s, "message", "'text':'done \U0001F389 \u00fc\u4e2d'");
    says(s, "bo: done :tada: ??\n");
}

static void other_rooms_say_that_there_is_something(void **state)
{
    struct lines *s = *state;
    clear(s);
    kit_frame(&s->k, "{'type':'snapshot','room':'#ops','seq':3,'public':true,'more':false,"
                     "'part':0,'next_number':1,'members':[{'user':'ana','role':'member',"
                     "'online':true},{'user':'bo','role':'member','online':true}]}");
    kit_frame(&s->k, "{'type':'synced','room':'#ops','seq':3}");
    clear(s);
    for (int i = 4; i < 6; i++)
        kit_frame(&s->k,
                  "{'type':'message','room':'#ops','seq':%d,'time':%lld,'author':'bo',"
                  "'client':'elsewhere1','id':%d,'text':'disk is full @ana'}",
                  i, (long long)s->k.now, i);
    says(s, "bo mentioned you in #ops\n");
    says(s, "#ops: 2 unread messages. /join #ops goes there.\n");
    clear(s);
    says_nothing(s);
    line(s, "/join #ops");
    says(s, "This is #ops. 2 or more unread messages.\n"); /* it has older ones */
    says(s, "bo: disk is full @ana\n");
}

/* ---- the board ---- */

static void what_others_do_to_the_board_is_said_once(void **state)
{
    struct lines *s = *state;
    clear(s);
    by_bo(s, "task.moved", "'task':14,'column':'Done','key':'C'");
    says(s, "12:00 bo moved #14 'Release 0.2' to Done\n");
    clear(s);
    by_bo(s, "task.edited", "'task':14,'changes':[{'field':'assignee','value':'ana'}]");
    says(s, "bo gave you #14 'Release 0.2'\n");
    says_not(s, "assignee");
}

static void what_came_while_the_link_was_gone_is_counted(void **state)
{
    struct lines *s = *state;
    kit_cut(&s->k, ERR_UNREACHABLE, "gone");
    clear(s);
    kit_tick(&s->k, BACKOFF_MAX_MS);
    give(s, &(struct input){.kind = INPUT_OPENED});
    kit_frame(&s->k,
              "{'type':'welcome','version':1,'server':'mootd 0.1','user':'ana','admin':false,"
              "'session':9,'time':%lld,'expires':0,'heartbeat':25,'revision':1,'rooms':["
              "{'room':'#core','role':'owner','public':false,'seq':42,'members':4}]}",
              (long long)s->k.now);
    by_bo(s, "task.moved", "'task':14,'column':'Done','key':'C'");
    by_bo(s, "message", "'text':'are you there?'");
    says_not(s, "moved");
    kit_frame(&s->k, "{'type':'synced','room':'#core','seq':42}");
    says(s, "bo: are you there?\n1 other change came meanwhile; /activity lists");
}

static void the_board_is_read_out(void **state)
{
    struct lines *s = *state;
    clear(s);
    line(s, "/task list Doing");
    says(s, "Doing, 2 cards:\n  14  Release 0.2\n  42  Wide");
    says_not(s, "Todo");
    line(s, "/task list");
    says(s, "Todo, 4 cards:\n");
    clear(s);
    line(s, "/task show 14");
    says(s, "Card 14\nTitle: Release 0.2\nColumn: Doing\nPriority: none\n");
    line(s, "/task list Nowhere");
    says(s, "There is no column \"Nowhere\" here.\n");
}

static void commands_do_what_they_do_on_the_screen(void **state)
{
    struct lines *s = *state;
    kit_forget(&s->k);
    line(s, "/task move 14 Done");
    sent(s, "\"type\":\"task.move\"");
    line(s, "/task assign 14 bo");
    sent(s, "\"assignee\"");
    line(s, "/undo");
    sent(s, "\"undoes\"");
    clear(s);
    line(s, "/task mvoe 14");
    says(s, "several commands begin with \"task\"");
}

/* The screen's selection cannot be seen here. */
static void a_card_that_was_not_named_is_asked_for(void **state)
{
    struct lines *s = *state;
    clear(s);
    kit_forget(&s->k);
    line(s, "/task archive");
    says(s, "Which card? /task archive takes its number");
    struct buf out = {0};
    assert_null(strstr(kit_sent(&s->k, &out), "task.archive"));
    buf_finish(&out);
    line(s, "/task show 42");
    line(s, "/task archive");
    sent(s, "\"task.archive\",\"id\"");
    sent(s, "\"task\":42");
}

static void what_only_a_screen_can_show_says_so(void **state)
{
    struct lines *s = *state;
    clear(s);
    line(s, "/stats");
    says(s, "stats needs the screen.\n");
    kit_keys(&s->k, "F6 F2");
    says(s, "needs the screen");
    front_is(s, "#core> ");
}

static void notes_are_listed_and_read_out(void **state)
{
    struct lines *s = *state;
    clear(s);
    line(s, "/note list");
    says(s, "  21  Minutes, by ana 08:00\n  20  Release plan, by bo 11:00\n");
    says_not(s, "Old plan");
    line(s, "/notes all");
    says(s, "  22  Old plan, by cleo 2026-02-02 02:40, put away\n");
    clear(s);
    line(s, "/note cat Release plan");
    kit_text(&s->k, 20, 3, "Build it\nand test it");
    says(s, "Release plan:\n  Build it\n  and test it\n");
    assert_int_equal(s->k.model.errands.n, 0);
    front_is(s, "#core> ");
}

/* ---- the link ---- */

static void the_state_of_the_link_is_said(void **state)
{
    struct lines *s = *state;
    clear(s);
    kit_cut(&s->k, ERR_UNREACHABLE, "the server has gone");
    says(s, "Offline: the server has gone. Trying again in ");
    says(s, " s; /retry does it now.");
    clear(s);
    line(s, "kept for later");
    says(s, "1 change is not saved yet.\n");
    line(s, "and this");
    says(s, "2 changes are not saved yet.\n");
    kit_back(&s->k);
    says(s, "Online again.\n");
    clear(s);
    event(s, "message", "ana", "kitkitkitkit", "'text':'x'");
}

static void a_slow_answer_is_mentioned_and_its_end_too(void **state)
{
    struct lines *s = *state;
    clear(s);
    line(s, "hello");
    says_nothing(s);
    kit_tick(&s->k, LINEAR_UNSAVED_MS);
    says(s, "1 change is not saved yet.\n");
    long long id = kit_asked(&s->k, "message.post");
    s->k.seq++;
    kit_frame(&s->k,
              "{'type':'message','room':'#core','seq':%d,'time':%lld,'author':'ana',"
              "'client':'kitkitkitkit','id':%lld,'text':'hello'}",
              s->k.seq, (long long)s->k.now, id);
    says(s, "All is saved.\n");
    says_not(s, "ana: hello");
}

static void what_cannot_be_kept_is_said_before_it_is_written(void **state)
{
    struct lines *s = *state;
    struct err full = {.code = ERR_IO, .text = "the outbox cannot be written: disk full"};
    clear(s);
    session_disk(&s->k.model.session, &full);
    kit_tick(&s->k, 1);
    says(s, "disk full. Nothing new is taken until it can be kept; reading goes on.\n");
    front_is(s, "#core (read only)> ");
    line(s, "hello");
    says(s, "the outbox cannot be written: disk full\n");
    by_bo(s, "message", "'text':'still here'");
    says(s, "bo: still here\n");
    clear(s);
    session_disk(&s->k.model.session, &(struct err){0});
    kit_tick(&s->k, 1);
    says(s, "What you write can be kept again.\n");
    front_is(s, "#core> ");
}

/* ---- people ---- */

static void who_comes_and_goes_is_said_when_it_lasts(void **state)
{
    struct lines *s = *state;
    clear(s);
    kit_frame(&s->k, "{'type':'presence','room':'#core','user':'bo','session':8,"
                     "'online':false}");
    says_nothing(s);
    kit_tick(&s->k, LINEAR_SETTLE_MS);
    says(s, "bo is gone.\n");
    clear(s);
    kit_frame(&s->k, "{'type':'presence','room':'#core','user':'bo','session':8,"
                     "'online':true}");
    linear_settle(&s->l);
    kit_tick(&s->k, LINEAR_SETTLE_MS);
    says(s, "bo is here.\n");
    clear(s);
    /* One who is back within a moment was not away. */
    kit_frame(&s->k, "{'type':'presence','room':'#core','user':'bo','session':8,"
                     "'online':false}");
    linear_settle(&s->l);
    kit_frame(&s->k, "{'type':'presence','room':'#core','user':'bo','session':8,"
                     "'online':true}");
    linear_settle(&s->l);
    kit_tick(&s->k, LINEAR_SETTLE_MS);
    says_nothing(s);
}

static void typing_is_said_briefly_and_not_at_all_if_one_likes(void **state)
{
    struct lines *s = *state;
    clear(s);
    for (int i = 0; i < 2; i++) {
        kit_frame(&s->k, "{'type':'typing','room':'#core','user':'bo','session':8,'on':true}");
        if (i == 0)
            says(s, "bo is typing.\n");
        else
            says_nothing(s);
        clear(s);
    }
    line(s, "/typing show");
    clear(s);
    kit_frame(&s->k, "{'type':'typing','room':'#core','user':'cleo','session':9,'on':true}");
    says_nothing(s);
}

static void who_lists_people(void **state)
{
    struct lines *s = *state;
    clear(s);
    line(s, "/who");
    says(s, "3 of 4 people are here:\n  ana, online (you)\n  bo, online\n");
    says(s, "  dmitri, not here\n");
}

/* ---- questions ---- */

static void a_conflict_is_asked_in_words(void **state)
{
    struct lines *s = *state;
    kit_forget(&s->k);
    line(s, "/task edit 12 Mine");
    long long id = kit_asked(&s->k, "task.edit");
    clear(s);
    by_bo(s, "task.edited", "'task':12,'title':'Theirs'");
    kit_frame(&s->k,
              "{'type':'conflict','re':%lld,'room':'#core','task':12,'field':'title',"
              "'value':'Theirs','author':'bo','seq':%d}",
              id, s->k.seq);
    kit_frame(&s->k, "{'type':'error','re':%lld,'code':'conflict','message':'bo did'}", id);
    says(s, "bo changed the title of card 12 too. /conflict decides.\n");
    clear(s);
    line(s, "/conflict");
    says(s, "Yours: Mine\nTheirs: Theirs\n");
    says(s, "keep mine (m), take theirs (t), edit (e), later (Esc)");
    front_is(s, "Which? ");
    line(s, "theirs");
    says(s, "Theirs stays.");
    front_is(s, "#core> ");
}

static void a_list_is_read_out_and_answered_by_a_line(void **state)
{
    struct lines *s = *state;
    clear(s);
    kit_forget(&s->k);
    line(s, "/task move 14");
    says(s, "type some letters of one, Enter takes it");
    says(s, "  Done");
    line(s, "Done");
    sent(s, "\"column\":\"Done\"");
    line(s, "/task move 14");
    line(s, "");
    front_is(s, "#core> ");
}

static void a_message_is_selected_and_answered(void **state)
{
    struct lines *s = *state;
    clear(s);
    kit_forget(&s->k);
    line(s, "/message select 38");
    says(s, "38  11:58 cleo: I will, after lunch\n");
    line(s, "/message reply");
    says(s, "What you write now answers that message.\n");
    front_is(s, "#core answer> ");
    line(s, "thanks");
    sent(s, "\"reply\":38");
    front_is(s, "#core> ");
}

/* ---- the line ---- */

static void a_line_is_a_message_unless_it_begins_with_one_slash(void **state)
{
    struct lines *s = *state;
    kit_forget(&s->k);
    line(s, "hello :tada: /x");
    sent(s, "\"text\":\"hello :tada: /x\"");
    line(s, "//etc/passwd");
    sent(s, "\"text\":\"/etc/passwd\"");
    kit_forget(&s->k);
    line(s, "");
    line(s, "   ");
    struct buf out = {0};
    assert_null(strstr(kit_sent(&s->k, &out), "message.post"));
    buf_finish(&out);
}

static void the_line_being_written_is_one_row(void **state)
{
    struct lines *s = *state;
    kit_paste(&s->k, "one\ntwo");
    front_is(s, "#core> one\\ntwo");
    assert_true(linear_is_writing(&s->l));
    kit_keys(&s->k, "C-u Backspace End C-u");
    kit_type(&s->k, "/");
    front_is(s, "#core> /");
    kit_keys(&s->k, "Esc");
    front_is(s, "#core> ");
    assert_false(linear_is_writing(&s->l));
}

#define WITH_LINES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LINES(coming_in_says_where_and_what_is_unread),
        WITH_LINES(a_message_is_a_line_with_time_and_name),
        WITH_LINES(what_a_program_says_is_marked_as_that),
        WITH_LINES(what_was_typed_here_is_not_said_again),
        WITH_LINES(a_line_that_is_no_answer_does_not_answer),
        WITH_LINES(many_messages_at_once_are_counted),
        WITH_LINES(what_becomes_of_messages_is_said),
        WITH_LINES(nothing_of_others_reaches_a_terminal_raw),
        WITH_LINES(where_only_ascii_shows_the_rest_is_named),
        WITH_LINES(other_rooms_say_that_there_is_something),
        WITH_LINES(what_others_do_to_the_board_is_said_once),
        WITH_LINES(what_came_while_the_link_was_gone_is_counted),
        WITH_LINES(the_board_is_read_out),
        WITH_LINES(commands_do_what_they_do_on_the_screen),
        WITH_LINES(a_card_that_was_not_named_is_asked_for),
        WITH_LINES(what_only_a_screen_can_show_says_so),
        WITH_LINES(notes_are_listed_and_read_out),
        WITH_LINES(the_state_of_the_link_is_said),
        WITH_LINES(a_slow_answer_is_mentioned_and_its_end_too),
        WITH_LINES(what_cannot_be_kept_is_said_before_it_is_written),
        WITH_LINES(who_comes_and_goes_is_said_when_it_lasts),
        WITH_LINES(typing_is_said_briefly_and_not_at_all_if_one_likes),
        WITH_LINES(who_lists_people),
        WITH_LINES(a_conflict_is_asked_in_words),
        WITH_LINES(a_list_is_read_out_and_answered_by_a_line),
        WITH_LINES(a_message_is_selected_and_answered),
        WITH_LINES(a_line_is_a_message_unless_it_begins_with_one_slash),
        WITH_LINES(the_line_being_written_is_one_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
