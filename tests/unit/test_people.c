/* The others on the screen, and what the screen says of its own person. */
#include "screen_test.h"
#include "theme.h"
#include "view.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void start(struct screen_kit *k, int width, int height)
{
    kit_init_full(k, width, height);
}

static void command(struct screen_kit *k, const char *line)
{
    kit_keys(k, "F6 Esc Esc");
    kit_keys(k, ":");
    kit_type(k, line);
    kit_keys(k, "Enter");
}

static void is_now(struct screen_kit *k, const char *user, const char *rest)
{
    kit_frame(k, "{'type':'presence','room':'#core','user':'%s','session':8,'online':true%s}",
              user, rest);
}

/* ---- status ---- */

static void without_a_key_one_is_idle_and_with_one_back(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    kit_pass(&k, IDLE_AFTER_MS - 1000);
    sent_not(&k, "\"status\"");
    kit_pass(&k, 1000);
    sends(&k, "\"type\":\"status\"");
    kit_keys(&k, "j");
    sends(&k, "\"type\":\"status\"");
    kit_finish(&k);
}

static void the_tick_comes_when_one_becomes_idle(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    k.model.people.opts.idle_ms = 2000;
    assert_true(model_next_tick(&k.model) <= k.now + 2000);
    kit_finish(&k);
}

static void a_status_is_chosen_with_words_for_all_sessions(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    command(&k, "status away back at two");
    sends(&k, "\"status\":\"away\",\"words\":\"back at two\",\"everywhere\":true");
    shows(&k, "away");
    kit_pass(&k, IDLE_AFTER_MS * 2);
    sent_not(&k, "\"idle\""); /* what one chose stands above that */
    command(&k, "status online");
    sends(&k, "\"everywhere\":true");
    kit_finish(&k);
}

static void what_another_session_chose_is_kept_and_told_again(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    kit_frame(&k, "{'type':'status.set','status':'dnd','words':'release'}");
    shows(&k, "dnd");
    sends(&k, "\"status\":\"dnd\",\"words\":\"release\"");
    kit_cut(&k, ERR_UNREACHABLE, "gone");
    kit_forget(&k);
    kit_finish(&k);
}

static void words_that_are_too_long_are_refused_before_they_are_sent(void **state)
{
    (void)state;
    struct screen_kit k;
    char line[200] = "status away ";
    start(&k, 80, 24);
    memset(line + 12, 'x', STATUS_WORDS_MAX + 1);
    command(&k, line);
    sent_not(&k, "\"type\":\"status\"");
    shows(&k, "at most 80");
    command(&k, "status asleep");
    shows(&k, "online, away or dnd");
    kit_finish(&k);
}

static void marks_tell_statuses_apart_without_colors(void **state)
{
    (void)state;
    struct screen_kit k;
    struct buf out = {0};
    struct grid g = {0};
    struct theme ascii = {.depth = DEPTH_MONO, .ascii = true};
    start(&k, 100, 30);
    is_now(&k, "ana", "");
    is_now(&k, "bo", ",'status':'dnd'");
    kit_frame(&k,
              "{'type':'presence','room':'#core','user':'cleo','session':9,'online':true,"
              "'status':'idle','since':%lld}",
              (long long)(k.now - 7 * 60000));
    kit_frame(&k,
              "{'type':'presence','room':'#core','user':'dmitri','session':10,'online':true,"
              "'status':'away','words':'lunch'}");
    view(&k.model, &ascii, &g);
    grid_dump(&g, &out);
    const char *text = buf_cstr(&out);
    assert_non_null(strstr(text, "* ana"));
    assert_non_null(strstr(text, "! bo"));
    assert_non_null(strstr(text, "~ cleo"));
    assert_non_null(strstr(text, "idle 7m"));
    assert_non_null(strstr(text, "z dmitri"));
    assert_non_null(strstr(text, "lunch"));
    kit_pass(&k, 60000);
    shows(&k, "idle 8m");
    kit_frame(&k, "{'type':'presence','room':'#core','user':'bo','session':8,'online':false}");
    buf_clear(&out);
    view(&k.model, &ascii, &g);
    grid_dump(&g, &out);
    assert_non_null(strstr(buf_cstr(&out), "- bo"));
    grid_finish(&g);
    buf_finish(&out);
    kit_finish(&k);
}

static void an_old_server_is_sent_nothing_that_it_does_not_know(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    k.model.session.revision = 0;
    command(&k, "status away");
    shows(&k, "too old");
    shows_not(&k, "see you as");
    kit_pass(&k, IDLE_AFTER_MS);
    sent_not(&k, "\"type\":\"status\"");
    kit_finish(&k);
}

/* ---- typing ---- */

static void typing_is_sent_and_shown_only_as_the_switches_say(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    kit_keys(&k, "i");
    kit_type(&k, "hello");
    sends(&k, "\"type\":\"typing\",\"room\":\"#core\",\"on\":true");
    command(&k, "typing send");
    sends(&k, "\"on\":false");
    kit_keys(&k, "i");
    kit_type(&k, " there");
    sent_not(&k, "\"on\":true");
    kit_frame(&k, "{'type':'typing','room':'#core','user':'bo','session':8,'on':true}");
    shows(&k, "bo is typing");
    command(&k, "typing show");
    shows_not(&k, "bo is typing");
    shows_not(&k, "types │");
    kit_finish(&k);
}

static void who_types_a_command_writes_to_nobody(void **state)
{
    (void)state;
    static const char *const commands[] = {":task move 3 Done", ":topi", "/who is here"};
    static const char *const words[] = {":smile: hello", ":( not again", "see /etc"};
    struct screen_kit k;
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        start(&k, 80, 24);
        kit_keys(&k, "i");
        kit_type(&k, commands[i]);
        sent_not(&k, "\"type\":\"typing\"");
        kit_finish(&k);
        start(&k, 80, 24);
        kit_keys(&k, "i");
        kit_type(&k, words[i]);
        sends(&k, "\"type\":\"typing\",\"room\":\"#core\",\"on\":true");
        kit_finish(&k);
    }
}

static void who_types_on_a_card_or_in_a_note_is_said(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 80, 24);
    kit_frame(&k,
              "{'type':'typing','room':'#core','user':'bo','session':8,'on':true,'task':42}");
    shows(&k, "bo on 42 is typing");
    kit_frame(&k, "{'type':'typing','room':'#core','user':'bo','session':8,'on':true,"
                  "'note':20}");
    shows_not(&k, "is typing"); /* in the chat nothing comes of it */
    shows(&k, "types │");
    kit_pass(&k, TYPING_SHOWN_MS + 1);
    shows_not(&k, "types │");
    kit_finish(&k);
}

/* ---- several connections, colours, initials ---- */

static void one_connection_that_ends_leaves_what_another_shows(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 100, 30);
    kit_frame(&k, "{'type':'cursor','room':'#core','user':'bo','session':8,'task':0}");
    kit_frame(&k, "{'type':'cursor','room':'#core','user':'bo','session':18,'task':42}");
    kit_frame(&k, "{'type':'cursor','room':'#core','user':'bo','session':8,'task':14}");
    kit_frame(&k, "{'type':'cursor','room':'#core','user':'bo','session':8,'task':0}");
    const struct showing *s = replica_showing(model_replica(&k.model), STR("bo"));
    assert_true(s && s->session == 18 && s->cursor == 42);
    kit_finish(&k);
}

static void cursors_hide_by_a_key_and_pencils_stay(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 130, 40);
    kit_frame(&k, "{'type':'locked','room':'#core','user':'bo','session':8,'task':42,"
                  "'field':'title','client':'elsewhere1','until':2000000000000}");
    shows(&k, "reject C│");
    kit_keys(&k, "X");
    shows(&k, "✎ bo");
    shows_not(&k, "reject C│");
    kit_keys(&k, "X");
    shows(&k, "reject C│");
    kit_finish(&k);
}

static void who_has_a_card_open_stands_in_its_title(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 160, 40);
    kit_frame(&k, "{'type':'looking','room':'#core','user':'cleo','session':9,'shown':true,"
                  "'task':42}");
    command(&k, "task open 42");
    shows(&k, "C─");
    kit_frame(&k, "{'type':'looking','room':'#core','user':'cleo','session':9,'shown':true}");
    shows_not(&k, "C─");
    kit_finish(&k);
}

static struct replica *room_of(const char *const *members, size_t n)
{
    struct replica *r = replica_new(STR("#core"));
    for (size_t i = 0; i < n; i++) {
        struct msg m = {.type = MSG_MEMBER};
        m.event = (struct event_head){.room = STR("#core"),
                                      .seq = (int64_t)i + 1,
                                      .time = 1,
                                      .author = STR("ana"),
                                      .client = STR("clientclient"),
                                      .id = (int64_t)i + 1};
        m.member.user = str_of(members[i]);
        m.member.role = ROLE_MEMBER;
        assert_true(replica_apply(r, &m, (struct str){0}, 0, NULL));
    }
    replica_color_people(r);
    return r;
}

static void as_many_members_as_there_are_colors_differ(void **state)
{
    (void)state;
    static const char *const names[PEOPLE_COLORS] = {
        "ana", "bo", "cleo", "dmitri", "eve", "finn", "gus", "hal", "ines", "jo", "kim", "lea"};
    struct replica *r = room_of(names, PEOPLE_COLORS);
    bool taken[PEOPLE_COLORS] = {false};
    for (size_t i = 0; i < PEOPLE_COLORS; i++) {
        unsigned c = replica_color(r, str_of(names[i]));
        assert_true(c < PEOPLE_COLORS && !taken[c]);
        taken[c] = true;
    }
    replica_free(r);
}

static void colors_do_not_depend_on_the_order_of_joining(void **state)
{
    (void)state;
    static const char *const one[] = {"ana", "bo", "cleo", "dmitri", "eve", "finn", "gus"};
    static const char *const other[] = {"gus", "eve", "ana", "finn", "dmitri", "cleo", "bo"};
    struct replica *a = room_of(one, COUNT_OF(one)), *b = room_of(other, COUNT_OF(other));
    for (size_t i = 0; i < COUNT_OF(one); i++)
        assert_int_equal(replica_color(a, str_of(one[i])), replica_color(b, str_of(one[i])));
    assert_int_equal(replica_color(a, STR("stranger")), replica_color(b, STR("stranger")));
    replica_free(a);
    replica_free(b);
}

/* Nobody takes what a program says for a person's word. */
static void what_a_program_says_is_marked(void **state)
{
    (void)state;
    struct screen_kit k;
    start(&k, 120, 30);
    kit_frame(&k,
              "{'type':'member','room':'#core','seq':%d,'time':1,'author':'ana',"
              "'client':'clientana','id':900,'user':'ci','role':'member','bot':true}",
              k.seq + 1);
    kit_frame(&k,
              "{'type':'message','room':'#core','seq':%d,'time':%lld,'author':'ci',"
              "'client':'clientcici','id':1,'text':'green again'}",
              k.seq + 2, (long long)k.now);
    shows(&k, "ci bot");
    shows(&k, "green again");
    shows_not(&k, "bo bot");
    kit_finish(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_key_one_is_idle_and_with_one_back),
        cmocka_unit_test(the_tick_comes_when_one_becomes_idle),
        cmocka_unit_test(a_status_is_chosen_with_words_for_all_sessions),
        cmocka_unit_test(what_another_session_chose_is_kept_and_told_again),
        cmocka_unit_test(words_that_are_too_long_are_refused_before_they_are_sent),
        cmocka_unit_test(marks_tell_statuses_apart_without_colors),
        cmocka_unit_test(an_old_server_is_sent_nothing_that_it_does_not_know),
        cmocka_unit_test(typing_is_sent_and_shown_only_as_the_switches_say),
        cmocka_unit_test(who_types_a_command_writes_to_nobody),
        cmocka_unit_test(who_types_on_a_card_or_in_a_note_is_said),
        cmocka_unit_test(one_connection_that_ends_leaves_what_another_shows),
        cmocka_unit_test(cursors_hide_by_a_key_and_pencils_stay),
        cmocka_unit_test(who_has_a_card_open_stands_in_its_title),
        cmocka_unit_test(as_many_members_as_there_are_colors_differ),
        cmocka_unit_test(what_a_program_says_is_marked),
        cmocka_unit_test(colors_do_not_depend_on_the_order_of_joining),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
