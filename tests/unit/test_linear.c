/* What the linear mode says. Ana is in #core, whose chat has messages 20 to 38; hers is 33. */
#include "linear_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

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
    lines_clear(s);
    lines_by_bo(s, "message", "'text':'first\\r\\nsecond\\r\\n'");
    says(s, "12:00 bo: first\n  second\n");
    lines_clear(s);
    lines_by_bo(s, "message", "'text':'so I see','reply':33,'to':'ana'");
    says(s, "12:00 bo answers ana, \"two lines:...\": so I see\n");
    lines_clear(s);
    lines_by_bo(s, "message", "'text':'looks good','task':14");
    says(s, "12:00 bo on card 14, Release 0.2: looks good\n");
    lines_clear(s);
    says_nothing(s);
}

static void what_a_program_says_is_marked_as_that(void **state)
{
    struct lines *s = *state;
    lines_clear(s);
    lines_event(s, "member", "ana", "elsewhere2", "'user':'ci','role':'member','bot':true");
    lines_event(s, "message", "ci", "elsewhere3", "'text':'the build is red'");
    says(s, "12:00 ci (bot): the build is red\n");
    lines_type(s, "/who");
    says(s, "  ci (bot), not here\n");
}

/* A script that knows nothing of the question must not answer it. */
static void a_line_that_is_no_answer_does_not_answer(void **state)
{
    struct lines *s = *state;
    lines_type(s, "/message select 33");
    lines_type(s, "/message delete");
    says(s, "Delete");
    kit_forget(&s->k);
    lines_type(s, "done with it");
    says(s, "it was not sent");
    assert_true(s->k.model.dialog.is_open);
    lines_type(s, "/topic");
    assert_false(s->k.model.dialog.is_open);
    lines_type(s, "/message react");
    assert_true(s->k.model.picker.is_open);
    lines_type(s, "/task add A card");
    assert_false(s->k.model.picker.is_open);
    struct buf sent = {0};
    assert_null(strstr(kit_sent(&s->k, &sent), "message.delete"));
    assert_non_null(strstr(kit_sent(&s->k, &sent), "\"title\":\"A card\""));
    buf_finish(&sent);
}

/* Whatever its key is: that of leaving is y. */
static void the_words_of_a_choice_answer(void **state)
{
    struct lines *s = *state;
    struct buf sent = {0};
    kit_forget(&s->k);
    lines_type(s, "/leave");
    lines_type(s, "stay");
    assert_false(s->k.model.dialog.is_open);
    assert_null(strstr(kit_sent(&s->k, &sent), "room.leave"));
    lines_type(s, "/leave");
    lines_type(s, "leave");
    assert_false(s->k.model.dialog.is_open);
    assert_non_null(strstr(kit_sent(&s->k, &sent), "room.leave"));
    buf_finish(&sent);
}

static void what_was_typed_here_is_not_said_again(void **state)
{
    struct lines *s = *state;
    lines_clear(s);
    lines_event(s, "message", "ana", "kitkitkitkit", "'text':'typed here'");
    says_nothing(s);
    lines_event(s, "message", "ana", "elsewhere2", "'text':'typed there'");
    says(s, "ana: typed there\n");
}

static void many_messages_at_once_are_counted(void **state)
{
    struct lines *s = *state;
    lines_clear(s);
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
    lines_clear(s);
    lines_by_bo(s, "message.edited",
                "'message':31,'writer':'bo','text':'let us ask the clock'");
    says(s, "12:00 bo edited a message of 11:02: let us ask the clock\n");
    lines_by_bo(s, "message.reacted", "'message':33,'writer':'ana','emoji':'\U0001F44D'");
    says(s, "12:00 bo reacted with \U0001F44D to \"two lines:...\" of ana, 11:30\n");
    lines_by_bo(s, "message.deleted", "'message':32,'writer':'bo'");
    says(s, "12:00 bo deleted a message, 11:03\n");
    lines_event(s, "message.reacted", "ana", "kitkitkitkit",
                "'message':38,'writer':'cleo','emoji':':ok:'");
    says(s, "12:00 You reacted with :ok: to \"I will, after lunch\" of cleo, 11:58\n");
}

static void nothing_of_others_reaches_a_terminal_raw(void **state)
{
    struct lines *s = *state;
    lines_clear(s);
    lines_by_bo(s, "message", "'text':'a\\u001b]0;x\\u0007b\\u009b31m\\u202ec\\rd\\u2028e'");
    says(s, "a\\x1b]0;x\\x07b");
    lines_by_bo(s, "task.edited", "'task':12,'title':'t\\u202ex'");
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
    lines_clear(s);
    s->k.model.ascii = true;
    lines_by_bo(s, "message", "'text':'done \U0001F389 \u00fc\u4e2d'");
    says(s, "bo: done :tada: ??\n");
}

static void other_rooms_say_that_there_is_something(void **state)
{
    struct lines *s = *state;
    lines_clear(s);
    kit_frame(&s->k, "{'type':'snapshot','room':'#ops','seq':3,'public':true,'more':false,"
                     "'part':0,'next_number':1,'members':[{'user':'ana','role':'member',"
                     "'online':true},{'user':'bo','role':'member','online':true}]}");
    kit_frame(&s->k, "{'type':'synced','room':'#ops','seq':3}");
    lines_clear(s);
    for (int i = 4; i < 6; i++)
        kit_frame(&s->k,
                  "{'type':'message','room':'#ops','seq':%d,'time':%lld,'author':'bo',"
                  "'client':'elsewhere1','id':%d,'text':'disk is full @ana'}",
                  i, (long long)s->k.now, i);
    says(s, "bo mentioned you in #ops: disk is full @ana\n");
    says(s, "#ops: 2 unread messages. /join #ops goes there.\n");
    lines_clear(s);
    says_nothing(s);
    lines_type(s, "/room list");
    says(s, "  #ops, 2 unread, 2 mentions\n");
    lines_type(s, "/join #ops");
    says(s, "This is #ops. 2 or more unread messages.\n"); /* it has older ones */
    says(s, "bo: disk is full @ana\n");
}

/* ---- the board ---- */

static void what_others_do_to_the_board_is_said_once(void **state)
{
    struct lines *s = *state;
    lines_clear(s);
    lines_by_bo(s, "task.moved", "'task':14,'column':'Done','key':'C'");
    says(s, "12:00 bo moved #14 'Release 0.2' to Done\n");
    lines_clear(s);
    lines_by_bo(s, "task.edited", "'task':14,'changes':[{'field':'assignee','value':'ana'}]");
    says(s, "bo gave you #14 'Release 0.2'\n");
    says_not(s, "assignee");
}

static void what_came_while_the_link_was_gone_is_counted(void **state)
{
    struct lines *s = *state;
    kit_cut(&s->k, ERR_UNREACHABLE, "gone");
    lines_clear(s);
    kit_tick(&s->k, BACKOFF_MAX_MS);
    lines_give(s, &(struct input){.kind = INPUT_OPENED});
    kit_frame(&s->k,
              "{'type':'welcome','version':1,'server':'mootd 0.1','user':'ana','admin':false,"
              "'session':9,'time':%lld,'expires':0,'heartbeat':25,'revision':1,'rooms':["
              "{'room':'#core','role':'owner','public':false,'seq':42,'members':4}]}",
              (long long)s->k.now);
    lines_by_bo(s, "task.moved", "'task':14,'column':'Done','key':'C'");
    lines_by_bo(s, "message", "'text':'are you there?'");
    says_not(s, "moved");
    kit_frame(&s->k, "{'type':'synced','room':'#core','seq':42}");
    says(s, "bo: are you there?\n1 other change came meanwhile; /activity lists");
}

static void the_board_is_read_out(void **state)
{
    struct lines *s = *state;
    lines_clear(s);
    lines_type(s, "/task list Doing");
    says(s, "Doing, 2 cards:\n  14  Release 0.2\n  42  Wide");
    says_not(s, "Todo");
    lines_type(s, "/task list");
    says(s, "Todo, 4 cards:\n");
    lines_clear(s);
    lines_type(s, "/task show 14");
    says(s, "Card 14\nTitle: Release 0.2\nColumn: Doing\nPriority: none\n");
    lines_type(s, "/task list Nowhere");
    says(s, "There is no column \"Nowhere\" here.\n");
}

static void commands_do_what_they_do_on_the_screen(void **state)
{
    struct lines *s = *state;
    kit_forget(&s->k);
    lines_type(s, "/task move 14 Done");
    sent(&s->k, "\"type\":\"task.move\"");
    lines_type(s, "/task assign 14 bo");
    sent(&s->k, "\"assignee\"");
    lines_type(s, "/undo");
    sent(&s->k, "\"undoes\"");
    lines_clear(s);
    lines_type(s, "/task mvoe 14");
    says(s, "several commands begin with \"task\"");
}

/* The screen's selection cannot be seen here. */
static void a_card_that_was_not_named_is_asked_for(void **state)
{
    struct lines *s = *state;
    lines_clear(s);
    kit_forget(&s->k);
    lines_type(s, "/task archive");
    says(s, "Which card? /task archive takes its number");
    struct buf out = {0};
    assert_null(strstr(kit_sent(&s->k, &out), "task.archive"));
    buf_finish(&out);
    lines_type(s, "/task show 42");
    lines_type(s, "/task archive");
    sent(&s->k, "\"task.archive\",\"id\"");
    sent(&s->k, "\"task\":42");
}

static void what_only_a_screen_can_show_says_so(void **state)
{
    struct lines *s = *state;
    lines_clear(s);
    lines_type(s, "/stats");
    says(s, "stats needs the screen.\n");
    kit_keys(&s->k, "F6 F2");
    says(s, "needs the screen");
    front_is(s, "#core> ");
}

static void notes_are_listed_and_read_out(void **state)
{
    struct lines *s = *state;
    lines_clear(s);
    lines_type(s, "/note list");
    says(s, "  21  Minutes, by ana 08:00\n  20  Release plan, by bo 11:00\n");
    says_not(s, "Old plan");
    lines_type(s, "/notes all");
    says(s, "  22  Old plan, by cleo 2026-02-02 02:40, put away\n");
    lines_clear(s);
    lines_type(s, "/note cat Release plan");
    kit_text(&s->k, 20, 3, "Build it\nand test it");
    says(s, "Release plan:\n  Build it\n  and test it\n");
    assert_int_equal(s->k.model.errands.n, 0);
    front_is(s, "#core> ");
}

/* ---- the link ---- */

static void the_state_of_the_link_is_said(void **state)
{
    struct lines *s = *state;
    lines_clear(s);
    kit_cut(&s->k, ERR_UNREACHABLE, "the server has gone");
    says(s, "Offline: the server has gone. Trying again in ");
    says(s, " s; /retry does it now.");
    lines_clear(s);
    lines_type(s, "kept for later");
    says(s, "1 change is not saved yet.\n");
    lines_type(s, "and this");
    says(s, "2 changes are not saved yet.\n");
    kit_back(&s->k);
    says(s, "Online again.\n");
    lines_clear(s);
    lines_event(s, "message", "ana", "kitkitkitkit", "'text':'x'");
}

static void a_slow_answer_is_mentioned_and_its_end_too(void **state)
{
    struct lines *s = *state;
    lines_clear(s);
    lines_type(s, "hello");
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

static void a_server_that_does_not_answer_is_not_called_online(void **state)
{
    struct lines *s = *state;
    kit_pass(&s->k, PING_EVERY_MS);
    lines_clear(s);
    kit_tick(&s->k, SILENT_SAY_MS);
    says(s, "No answer from the server for 3 s.\n");
    lines_clear(s);
    kit_tick(&s->k, 1000);
    says_nothing(s);
    kit_frame(&s->k, "{'type':'sign.of.life'}");
    says(s, "The server answers again.\n");
}

static void why_the_server_takes_nothing_is_said_once(void **state)
{
    struct lines *s = *state;
    lines_clear(s);
    lines_type(s, "hello");
    for (int i = 0; i < 3; i++) {
        kit_frame(&s->k,
                  "{'type':'error','re':%lld,'code':'store_full','message':'the disk is full',"
                  "'retry':true}",
                  kit_asked(&s->k, "message.post"));
        kit_pass(&s->k, LINEAR_UNSAVED_MS);
    }
    says(s, "1 change is not saved yet.\nThe server says: the disk is full\n");
    lines_clear(s);
    kit_pass(&s->k, LINEAR_UNSAVED_MS);
    says_nothing(s);
}

static void what_cannot_be_kept_is_said_before_it_is_written(void **state)
{
    struct lines *s = *state;
    struct err full = {.code = ERR_IO, .text = "the outbox cannot be written: disk full"};
    lines_clear(s);
    session_disk(&s->k.model.session, &full);
    kit_tick(&s->k, 1);
    says(s, "disk full. Nothing new is taken until it can be kept; reading goes on.\n");
    front_is(s, "#core (read only)> ");
    lines_type(s, "hello");
    says(s, "the outbox cannot be written: disk full\n");
    lines_by_bo(s, "message", "'text':'still here'");
    says(s, "bo: still here\n");
    lines_clear(s);
    session_disk(&s->k.model.session, &(struct err){0});
    kit_tick(&s->k, 1);
    says(s, "What you write can be kept again.\n");
    front_is(s, "#core> ");
}

/* ---- people ---- */

static void who_comes_and_goes_is_said_when_it_lasts(void **state)
{
    struct lines *s = *state;
    lines_clear(s);
    kit_frame(&s->k, "{'type':'presence','room':'#core','user':'bo','session':8,"
                     "'online':false}");
    says_nothing(s);
    kit_pass(&s->k, LINEAR_SETTLE_MS);
    says(s, "bo is gone.\n");
    lines_clear(s);
    kit_frame(&s->k, "{'type':'presence','room':'#core','user':'bo','session':8,"
                     "'online':true}");
    linear_settle(&s->l);
    kit_pass(&s->k, LINEAR_SETTLE_MS);
    says(s, "bo is here.\n");
    lines_clear(s);
    /* One who is back within a moment was not away. */
    kit_frame(&s->k, "{'type':'presence','room':'#core','user':'bo','session':8,"
                     "'online':false}");
    linear_settle(&s->l);
    kit_frame(&s->k, "{'type':'presence','room':'#core','user':'bo','session':8,"
                     "'online':true}");
    linear_settle(&s->l);
    kit_pass(&s->k, LINEAR_SETTLE_MS);
    says_nothing(s);
}

static void typing_is_said_briefly_and_not_at_all_if_one_likes(void **state)
{
    struct lines *s = *state;
    lines_clear(s);
    for (int i = 0; i < 2; i++) {
        kit_frame(&s->k, "{'type':'typing','room':'#core','user':'bo','session':8,'on':true}");
        if (i == 0)
            says(s, "bo is typing.\n");
        else
            says_nothing(s);
        lines_clear(s);
    }
    lines_type(s, "/typing show");
    lines_clear(s);
    kit_frame(&s->k, "{'type':'typing','room':'#core','user':'cleo','session':9,'on':true}");
    says_nothing(s);
}

static void who_lists_people(void **state)
{
    struct lines *s = *state;
    lines_clear(s);
    lines_type(s, "/who");
    says(s, "3 of 4 people are here:\n  ana, online (you)\n  bo, online\n");
    says(s, "  dmitri, not here\n");
}

/* ---- questions ---- */

static void a_conflict_is_asked_in_words(void **state)
{
    struct lines *s = *state;
    kit_forget(&s->k);
    lines_type(s, "/task edit 12 Mine");
    long long id = kit_asked(&s->k, "task.edit");
    lines_clear(s);
    lines_by_bo(s, "task.edited", "'task':12,'title':'Theirs'");
    kit_frame(&s->k,
              "{'type':'conflict','re':%lld,'room':'#core','task':12,'field':'title',"
              "'value':'Theirs','author':'bo','seq':%d}",
              id, s->k.seq);
    kit_frame(&s->k, "{'type':'error','re':%lld,'code':'conflict','message':'bo did'}", id);
    says(s, "bo changed the title of card 12 too. /conflict decides.\n");
    lines_clear(s);
    lines_type(s, "/conflict");
    says(s, "Yours: Mine\nTheirs: Theirs\n");
    says(s, "keep mine (m), take theirs (t), edit (e), later (Esc)");
    front_is(s, "Which? ");
    lines_type(s, "theirs");
    says(s, "Theirs stays.");
    front_is(s, "#core> ");
}

static void a_list_is_read_out_and_answered_by_a_line(void **state)
{
    struct lines *s = *state;
    lines_clear(s);
    kit_forget(&s->k);
    lines_type(s, "/task move 14");
    says(s, "type some letters of one, Enter takes it");
    says(s, "  Done");
    lines_type(s, "Done");
    sent(&s->k, "\"column\":\"Done\"");
    lines_type(s, "/task move 14");
    lines_type(s, "");
    front_is(s, "#core> ");
}

static void a_message_is_selected_and_answered(void **state)
{
    struct lines *s = *state;
    lines_clear(s);
    kit_forget(&s->k);
    lines_type(s, "/message select 38");
    says(s, "38  11:58 cleo: I will, after lunch\n");
    lines_type(s, "/message reply");
    says(s, "What you write now answers that message.\n");
    front_is(s, "#core answer> ");
    lines_type(s, "thanks");
    sent(&s->k, "\"reply\":38");
    front_is(s, "#core> ");
}

/* ---- the line ---- */

static void a_line_is_a_message_unless_it_begins_with_one_slash(void **state)
{
    struct lines *s = *state;
    kit_forget(&s->k);
    lines_type(s, "hello :tada: /x");
    sent(&s->k, "\"text\":\"hello :tada: /x\"");
    lines_type(s, "//etc/passwd");
    sent(&s->k, "\"text\":\"/etc/passwd\"");
    kit_forget(&s->k);
    lines_type(s, "");
    lines_type(s, "   ");
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

#define WITH_LINES(test) cmocka_unit_test_setup_teardown(test, lines_open, lines_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LINES(coming_in_says_where_and_what_is_unread),
        WITH_LINES(a_message_is_a_line_with_time_and_name),
        WITH_LINES(what_a_program_says_is_marked_as_that),
        WITH_LINES(what_was_typed_here_is_not_said_again),
        WITH_LINES(a_line_that_is_no_answer_does_not_answer),
        WITH_LINES(the_words_of_a_choice_answer),
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
        WITH_LINES(a_server_that_does_not_answer_is_not_called_online),
        WITH_LINES(a_slow_answer_is_mentioned_and_its_end_too),
        WITH_LINES(why_the_server_takes_nothing_is_said_once),
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
