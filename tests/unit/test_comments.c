/* Comments in the card view: how they stand there, and what is done to them. */
#include "screen_test.h"
#include "wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void comments_stand_on_their_card_newest_first(void **state)
{
    struct screen_kit *k = *state;
    for (int i = 1; i <= 2; i++) {
        k->seq++;
        kit_frame(k,
                  "{'type':'message','room':'#core','seq':%d,'time':%lld,'author':'bo',"
                  "'client':'elsewhere1','id':%d,'text':'remark %d','task':12}",
                  k->seq, (long long)k->now, 800 + i, i);
    }
    kit_keys(k, "Enter");
    kit_keys(k, "G");
    shows(k, "Comments    2");
    struct buf out = {0};
    const char *screen = kit_screen(k, &out);
    assert_true(strstr(screen, "bo now  remark 2") < strstr(screen, "bo now  remark 1"));
    buf_finish(&out);
}

/* As moot run leaves it. */
static void a_long_comment_shows_its_end_and_unfolds(void **state)
{
    struct screen_kit *k = *state;
    struct buf text = {0};
    for (int i = 0; i < 60; i++)
        buf_fmt(&text, "row %d of it\\n", i);
    kit_frame(k,
              "{'type':'message','room':'#core','seq':%d,'time':%lld,'author':'bo','client':"
              "'elsewhere1','id':9,'text':'failed: make\\n```\\n%s```','task':12}",
              ++k->seq, (long long)k->now, buf_cstr(&text));
    buf_finish(&text);
    kit_keys(k, "Enter G k");
    shows(k, "row 59 of it");
    shows(k, "more lines: z shows them");
    kit_keys(k, "z");
    shows_not(k, "more lines");
    kit_keys(k, "z");
    shows(k, "more lines");
    kit_keys(k, "Enter");
    shows_not(k, "more lines");
}

static void what_a_program_says_is_seen_to_be_that(void **state)
{
    struct screen_kit *k = *state;
    kit_frame(k,
              "{'type':'member','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'elsewhere1','id':800,'user':'ci','role':'member','bot':true}",
              ++k->seq, (long long)k->now);
    kit_frame(k,
              "{'type':'message','room':'#core','seq':%d,'time':%lld,'author':'ci',"
              "'client':'elsewhere1','id':801,'text':'built','task':12}",
              ++k->seq, (long long)k->now);
    kit_keys(k, "Enter G");
    shows(k, "ci bot now  built");
}

/* ---- pages of the server ---- */

static void page_of_comments(struct screen_kit *k, int from, int to, const char *more)
{
    struct buf items = {0};
    for (int i = from; i <= to; i++)
        buf_fmt(&items, "%s{'seq':%d,'time':%lld,'author':'bo','text':'remark %d','task':12}",
                i > from ? "," : "", i, (long long)k->now - 60000, i);
    kit_frame(k, "{'type':'history.page','re':%lld,'room':'#core','messages':[%.*s],'more':%s}",
              kit_asked(k, "\"history\""), STR_ARG(buf_str(&items)), more);
    buf_finish(&items);
}

static void cannot(struct screen_kit *k, const char *question)
{
    kit_frame(k, "{'type':'error','re':%lld,'code':'disk','message':'The disk is ill.'}",
              kit_asked(k, question));
}

static void comments_are_asked_of_the_server_in_pages(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Enter");
    sent(k, "\"type\":\"history\"");
    sent(k, "\"room\":\"#core\",\"task\":12");
    page_of_comments(k, 10, 12, "true");
    shows(k, "Comments    3+");
    shows(k, "bo 1m  remark 12");
    kit_keys(k, "j j j j j j j j j j j j j");
    shows(k, "older ones");
    kit_forget(k);
    while (k->model.here->card_pane.at.id != CARD_ROW_OLDER)
        kit_keys(k, "k");
    kit_keys(k, "Enter");
    sent(k, "\"before\":10,\"task\":12");
    page_of_comments(k, 8, 9, "false");
    kit_keys(k, "g");
    shows(k, "Comments    5");
    kit_keys(k, "G");
    shows_not(k, "older ones");
}

/* Those that the chat holds show meanwhile, and the person can ask again. */
static void what_the_server_cannot_read_of_a_card_is_not_waited_for(void **state)
{
    struct screen_kit *k = *state;
    kit_frame(k,
              "{'type':'message','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'elsewhere1','id':800,'text':'in the chat','task':12}",
              ++k->seq, (long long)k->now);
    kit_keys(k, "Enter");
    cannot(k, "\"history\"");
    cannot(k, "\"activity\"");
    kit_forget(k);
    kit_keys(k, "G");
    shows(k, "The disk is ill.");
    shows(k, "in the chat");
    shows(k, "the server did not give it");
    sent_not(k, "\"type\":\"history\"");
    sent_not(k, "\"type\":\"activity\"");
    kit_keys(k, "Esc Enter");
    sent(k, "\"type\":\"history\"");
    sent(k, "\"type\":\"activity\"");
}

static void older_comments_are_asked_for_again_when_that_failed(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Enter");
    page_of_comments(k, 10, 12, "true");
    k->model.here->card_pane.at.id = CARD_ROW_OLDER;
    kit_keys(k, "Enter");
    cannot(k, "\"history\"");
    shows(k, "older ones");
    kit_forget(k);
    k->model.here->card_pane.at.id = CARD_ROW_OLDER;
    kit_keys(k, "Enter");
    sent(k, "\"before\":10,\"task\":12");
}

static void a_comment_that_comes_stands_above_the_page(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Enter");
    page_of_comments(k, 10, 12, "false");
    k->seq++;
    kit_frame(k,
              "{'type':'message','room':'#core','seq':%d,'time':%lld,'author':'cleo',"
              "'client':'elsewhere1','id':801,'text':'the newest','task':12}",
              k->seq, (long long)k->now);
    shows(k, "Comments    4");
    shows(k, "cleo now  the newest");
}

static void a_comment_that_is_changed_or_deleted_is_so_here_too(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Enter");
    page_of_comments(k, 10, 12, "false");
    k->seq++;
    kit_frame(k,
              "{'type':'message.edited','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'elsewhere1','id':801,'message':11,'task':12,'writer':'bo',"
              "'text':'another remark'}",
              k->seq, (long long)k->now);
    shows(k, "bo 1m  another remark");
    k->seq++;
    kit_frame(k,
              "{'type':'message.deleted','room':'#core','seq':%d,'time':%lld,'author':'cleo',"
              "'client':'elsewhere1','id':802,'message':12,'task':12,'writer':'bo'}",
              k->seq, (long long)k->now);
    shows(k, "bo 1m  deleted by cleo");
    shows_not(k, "remark 12");
}

/* ---- what is done to comments ---- */

static void select_comment(struct screen_kit *k, int number)
{
    kit_keys(k, "g");
    for (int i = 0; i < 30 && card_pane_said(&k->model.here->card_pane) != number; i++)
        kit_keys(k, "j");
    assert_int_equal(card_pane_said(&k->model.here->card_pane), number);
}

/* 10: bo's, with a link and a card; 11: ana's answer to it. */
static void two_comments(struct screen_kit *k)
{
    kit_keys(k, "Enter");
    kit_frame(k,
              "{'type':'history.page','re':%lld,'room':'#core','messages':["
              "{'seq':10,'time':%lld,'author':'bo','task':12,"
              "'text':'**look** at https://x.org/a and #14'},"
              "{'seq':11,'time':%lld,'author':'ana','task':12,'text':'I did',"
              "'reply':10,'to':'bo','edited':%lld,"
              "'reactions':[{'emoji':'\U0001f44d','user':'bo','seq':12}]}],'more':false}",
              kit_asked(k, "\"history\""), (long long)k->now - 60000, (long long)k->now - 60000,
              (long long)k->now);
    kit_forget(k);
}

static void comments_look_as_in_the_chat(void **state)
{
    struct screen_kit *k = *state;
    two_comments(k);
    shows(k, "bo 1m  look at https://x.org/a and #14");
    shows(k, "ana 1m  \u21b3 bo look at https://x.org/a and #14");
    shows(k, "I did (edited)");
    shows(k, "\U0001f44d 1");
    select_comment(k, 11);
    shows(k, "\U0001f44d bo");
}

static void links_of_comments_lead_to_their_addresses(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Enter");
    kit_frame(k,
              "{'type':'history.page','re':%lld,'room':'#core','messages':["
              "{'seq':10,'time':%lld,'author':'bo','task':12,'text':'look at https://x.org/a "
              "and [words](https://x.org/b)'}],'more':false}",
              kit_asked(k, "\"history\""), (long long)k->now - 60000);
    leads(k, "look at ", "");
    leads(k, "https://x.org/a", "https://x.org/a");
    leads(k, "words[1]", "https://x.org/b");
    leads(k, "https://x.org/b", "https://x.org/b");
    select_comment(k, 10); /* whose link is selected by itself */
    leads(k, "https://x.org/a", "https://x.org/a");
    leads(k, " and ", "");
}

static void a_comment_has_the_verbs_of_messages(void **state)
{
    struct screen_kit *k = *state;
    two_comments(k);
    select_comment(k, 10);
    kit_keys(k, "r");
    shows(k, "Answer bo");
    kit_type(k, "so did I");
    kit_keys(k, "Enter");
    sent(k, "\"text\":\"so did I\",\"task\":12,\"reply\":10");
    kit_keys(k, "e"); /* is bo's */
    shows(k, "Only bo may edit that message");
    kit_keys(k, "p");
    sent(k, "\"message.pin\"");
    shows(k, "(pinned)");
    kit_keys(k, "+");
    kit_type(k, "tada");
    kit_keys(k, "Enter");
    sent(k, "\"message.react\"");
    shows(k, "\U0001f389");
    select_comment(k, 11);
    kit_keys(k, "u");
    shows(k, "Unread from here on");
    kit_forget(k);
    kit_keys(k, "e");
    shows(k, "Edit the comment");
    kit_type(k, ", yes");
    kit_keys(k, "Enter");
    sent(k, "\"message\":11,\"text\":\"I did, yes\"");
    shows(k, "I did, yes");
    kit_keys(k, "d");
    shows(k, "Delete this message?");
    kit_keys(k, "Enter");
    sent(k, "\"message.delete\"");
    shows(k, "deleted by ana");
}

static void what_a_comment_names_is_gone_to(void **state)
{
    struct screen_kit *k = *state;
    size_t opened = 0;
    two_comments(k);
    select_comment(k, 10);
    kit_keys(k, "Enter");
    vec_each (e, &k->out.items)
        opened += e->kind == EFFECT_OPEN && str_is(e->bytes, "https://x.org/a");
    assert_int_equal(opened, 1);
    select_comment(k, 11);
    kit_keys(k, "Enter"); /* what it answers stands here too */
    assert_int_equal(card_pane_said(&k->model.here->card_pane), 10);
    assert_int_equal(k->model.focus, FOCUS_BESIDE);
    kit_keys(k, "l Enter");
    assert_int_equal(k->model.here->card_pane.card, 14);
}

static void a_comment_that_leads_nowhere_says_so(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Enter");
    page_of_comments(k, 10, 12, "false");
    select_comment(k, 11);
    kit_keys(k, "Enter");
    shows(k, "leads nowhere");
}

/* What was begun in one box does not stand in another. */
static void an_edit_that_is_left_is_no_new_comment(void **state)
{
    struct screen_kit *k = *state;
    two_comments(k);
    select_comment(k, 11);
    kit_keys(k, "e");
    kit_type(k, " not");
    kit_keys(k, "Esc c");
    shows_not(k, "I did not");
    kit_keys(k, "Esc e");
    shows(k, "I did not");
    kit_keys(k, "C-u");
    kit_type(k, "I did");
    kit_forget(k);
    kit_keys(k, "Enter");
    sent_not(k, "message.edit"); /* nothing changed */
}

/* A click on what leads somewhere goes there; anywhere else it selects. */
static void a_click_on_a_comment_selects_and_on_a_card_goes_there(void **state)
{
    struct screen_kit *k = *state;
    struct buf out = {0};
    two_comments(k);
    const char *screen = kit_screen(k, &out), *at = strstr(screen, "bo 1m  look"), *line = at;
    int row = 0;
    for (const char *p = screen; p < at; p++)
        if (*p == '\n') {
            row++;
            line = p + 1;
        }
    struct str before = {line, (size_t)(at - line)};
    int x = glyphs_width(before);
    buf_finish(&out);
    kit_mouse(k, MOUSE_PRESS, 1, x, row);
    assert_int_equal(card_pane_said(&k->model.here->card_pane), 10);
    assert_int_equal(k->model.here->card_pane.card, 12);
    kit_mouse(k, MOUSE_PRESS, 1, x + (int)strlen("bo 1m  look at https://x.org/a and #"), row);
    assert_int_equal(k->model.here->card_pane.card, 14);
}

static void after_a_cut_the_newest_page_is_asked_for_again(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Enter");
    page_of_comments(k, 10, 12, "false");
    kit_cut(k, ERR_UNREACHABLE, "the wire");
    shows(k, "remark 12"); /* what was read stays readable */
    kit_forget(k);
    kit_back(k);
    sent(k, "\"room\":\"#core\",\"task\":12");
    page_of_comments(k, 10, 13, "false");
    shows(k, "Comments    4");
}

/* ---- writing them ---- */

static void a_comment_is_written_and_stands_there_at_once(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Enter c");
    shows(k, "Comment on card 12");
    kit_type(k, "first line");
    kit_keys(k, "M-Enter");
    kit_type(k, "second");
    kit_keys(k, "Enter");
    sent(k, "\"text\":\"first line\\nsecond\",\"task\":12");
    shows(k, "~");
    shows(k, "ana now  first line");
}

static void a_comment_that_is_left_is_there_when_one_comes_back(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "c");
    kit_type(k, "half a thou");
    kit_keys(k, "Esc j c");
    shows_not(k, "half a thou");
    kit_keys(k, "Esc k c");
    shows(k, "half a thou");
    kit_type(k, "ght");
    kit_keys(k, "Enter c");
    sent(k, "half a thought");
    assert_int_equal(k->model.line.text.n, 0);
}

static void says_line(const struct lineedit *l, const char *text)
{
    struct str is = lineedit_text(l);
    if (!str_is(is, text))
        fail_msg("the line is '%.*s', not '%s'", STR_ARG(is), text);
}

static void the_line_of_a_comment_does_what_that_of_the_chat_does(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "c");
    kit_type(k, "see @b");
    kit_keys(k, "Tab");
    says_line(&k->model.line, "see @bo ");
    kit_type(k, ":tada");
    kit_keys(k, "Tab");
    says_line(&k->model.line, "see @bo :tada: ");
    kit_type(k, ":smi");
    kit_keys(k, "Tab");
    shows(k, "smile  smile_cat"); /* what else it may be */
    kit_keys(k, "C-u");
    kit_type(k, "#14");
    kit_keys(k, "Tab Enter");
    sent(k, "\"text\":\"#14 \",\"task\":12");
    kit_keys(k, "c C-p");
    says_line(&k->model.line, "#14 ");
    kit_keys(k, "C-n");
    assert_int_equal(k->model.line.text.n, 0);
    kit_keys(k, "Esc i C-p"); /* one history for all that was said in the room */
    says_line(&k->model.here->input, "#14 ");
}

static bool in_editor(const struct screen_kit *k, const char *text)
{
    vec_each (e, &k->out.items)
        if (e->kind == EFFECT_EDITOR && str_is(e->bytes, text))
            return true;
    return false;
}

static void edited(struct screen_kit *k, const char *text)
{
    struct input in = {.kind = INPUT_EDITED, .now = k->now, .text = str_of(text)};
    update(&k->model, &in, &k->out);
}

static void a_comment_is_written_in_an_editor(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "c");
    kit_type(k, "begun");
    kit_keys(k, "M-e");
    assert_true(in_editor(k, "begun"));
    edited(k, "begun\nand ended");
    kit_forget(k);
    kit_keys(k, "Enter");
    sent(k, "\"text\":\"begun\\nand ended\",\"task\":12");
    kit_keys(k, "c M-e Esc"); /* its line was closed meanwhile */
    edited(k, "for later");
    assert_int_equal(k->model.here->input.text.n, 0);
    kit_keys(k, "c");
    shows(k, "for later");
    kit_keys(k, "C-u Esc a"); /* a title is no text for an editor */
    kit_type(k, "title");
    kit_keys(k, "M-e");
    assert_false(in_editor(k, "title"));
}

static void who_writes_a_comment_is_seen(void **state)
{
    struct screen_kit *k = *state;
    kit_keys(k, "Enter");
    kit_frame(k,
              "{'type':'typing','room':'#core','user':'bo','session':8,'on':true,'task':12}");
    shows(k, "Comments    none yet  bo is typing");
    kit_frame(k,
              "{'type':'typing','room':'#core','user':'bo','session':8,'on':true,'task':31}");
    shows_not(k, "none yet  bo");
}

int main(void)
{
#define ONE(name) cmocka_unit_test_setup_teardown(name, open_screen, close_screen)
    const struct CMUnitTest tests[] = {
        ONE(comments_stand_on_their_card_newest_first),
        ONE(a_long_comment_shows_its_end_and_unfolds),
        ONE(what_a_program_says_is_seen_to_be_that),
        ONE(comments_are_asked_of_the_server_in_pages),
        ONE(what_the_server_cannot_read_of_a_card_is_not_waited_for),
        ONE(older_comments_are_asked_for_again_when_that_failed),
        ONE(a_comment_that_comes_stands_above_the_page),
        ONE(a_comment_that_is_changed_or_deleted_is_so_here_too),
        ONE(comments_look_as_in_the_chat),
        ONE(links_of_comments_lead_to_their_addresses),
        ONE(a_comment_has_the_verbs_of_messages),
        ONE(what_a_comment_names_is_gone_to),
        ONE(a_comment_that_leads_nowhere_says_so),
        ONE(an_edit_that_is_left_is_no_new_comment),
        ONE(a_click_on_a_comment_selects_and_on_a_card_goes_there),
        ONE(after_a_cut_the_newest_page_is_asked_for_again),
        ONE(a_comment_is_written_and_stands_there_at_once),
        ONE(a_comment_that_is_left_is_there_when_one_comes_back),
        ONE(the_line_of_a_comment_does_what_that_of_the_chat_does),
        ONE(a_comment_is_written_in_an_editor),
        ONE(who_writes_a_comment_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
