/* What the board shows of a card's fields. */
#include "badges.h"
#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void set(struct screen_kit *k, int card, const char *changes)
{
    k->seq++;
    kit_frame(k,
              "{'type':'task.edited','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'elsewhere1','id':%d,'task':%d,'changes':[%s]}",
              k->seq, (long long)k->now, k->seq, card, changes);
    kit_tick(k, TOAST_MS + 1);
}

static void set_all(struct screen_kit *k)
{
    set(k, 12,
        "{'field':'blocker','value':'14'},{'field':'priority','value':'high'},"
        "{'field':'due','value':'2026-03-01'},{'field':'assignee','value':'bo'},"
        "{'field':'assignee','value':'cleo'},{'field':'label','value':'bug'},"
        "{'field':'label','value':'protocol'}");
}

static void a_card_without_fields_takes_no_row_for_them(void **state)
{
    struct screen_kit *k = *state;
    shows(k, "7 Man pages from\n People 3 of 4  \xe2\x94\x82 31 Write the page");
}

static void fields_stand_below_the_title(void **state)
{
    struct screen_kit *k = *state;
    kit_resize(k, 120, 30);
    set_all(k);
    shows(k, "\xe2\x8a\x98 \xe2\x96\xb3 -1d B C bug protocol");
}

/* The words that a width leaves of them. */
static void words_at(struct screen_kit *k, int width, char *out, size_t n)
{
    const struct replica *r = model_replica(&k->model);
    struct badges found;
    card_badges(r, board_card(&r->board, 12), 20514 /* 2026-03-02 */, width, &found);
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < found.n; i++)
        at += (size_t)snprintf(out + at, n - at, "%s%s", i ? " " : "",
                               found.v[i].kind == BADGE_SAID       ? "\"n"
                               : found.v[i].kind == BADGE_BLOCKED  ? "X"
                               : found.v[i].kind == BADGE_PRIORITY ? "^"
                                                                   : found.v[i].text);
}

static void less_important_ones_go_first_where_it_is_narrow(void **state)
{
    static const struct {
        int width;
        const char *words;
    } rows[] = {{40, "X ^ -1d B C bug protocol"},
                {24, "X ^ -1d B C bug protocol"},
                {23, "X ^ -1d B C bug"},
                {14, "X ^ -1d B C"},
                {8, "X ^ -1d"},
                {6, "X ^ B"},
                {3, "X ^"},
                {0, ""}};
    struct screen_kit *k = *state;
    set_all(k);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char words[200];
        words_at(k, rows[i].width, words, sizeof words);
        if (strcmp(words, rows[i].words) != 0)
            fail_msg("%d columns show \"%s\"", rows[i].width, words);
    }
}

static void many_people_are_counted(void **state)
{
    struct screen_kit *k = *state;
    char words[200];
    set(k, 12,
        "{'field':'assignee','value':'ana'},{'field':'assignee','value':'bo'},"
        "{'field':'assignee','value':'cleo'},{'field':'assignee','value':'dmitri'},"
        "{'field':'assignee','value':'eve'}");
    words_at(k, 30, words, sizeof words);
    assert_string_equal(words, "A B C +2");
}

static void checklists_and_comments_are_counted(void **state)
{
    struct screen_kit *k = *state;
    char words[200];
    k->seq++;
    kit_frame(k,
              "{'type':'note.edited','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'elsewhere1','id':801,'note':12,'version':1,'op':['- [x] a\\n- [ ] b'],"
              "'done':1,'boxes':2}",
              k->seq, (long long)k->now);
    words_at(k, 30, words, sizeof words);
    assert_string_equal(words, "1/2");
    for (int i = 0; i < 3; i++) {
        k->seq++;
        kit_frame(k,
                  "{'type':'message','room':'#core','seq':%d,'time':%lld,'author':'bo',"
                  "'client':'elsewhere1','id':%d,'text':'so','task':12}",
                  k->seq, (long long)k->now, 810 + i);
    }
    words_at(k, 30, words, sizeof words);
    assert_string_equal(words, "1/2 \"n");
    assert_int_equal(replica_counts(model_replica(&k->model), 12).comments, 3);
    k->seq++;
    kit_frame(k,
              "{'type':'message.deleted','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'elsewhere1','id':820,'message':%d,'task':12,'writer':'bo'}",
              k->seq, (long long)k->now, k->seq - 1);
    assert_int_equal(replica_counts(model_replica(&k->model), 12).comments, 2);
    kit_tick(k, TOAST_MS + 1);
    shows(k, "1/2 \xe2\x9d\x9d"
             "2");
}

static void a_blocker_that_was_put_away_blocks_no_more(void **state)
{
    struct screen_kit *k = *state;
    char words[200];
    set(k, 12, "{'field':'blocker','value':'14'}");
    words_at(k, 30, words, sizeof words);
    assert_string_equal(words, "X");
    k->seq++;
    kit_frame(k,
              "{'type':'task.archived','room':'#core','seq':%d,'time':%lld,'author':'bo',"
              "'client':'elsewhere1','id':900,'task':14}",
              k->seq, (long long)k->now);
    words_at(k, 30, words, sizeof words);
    assert_string_equal(words, "");
}

static void the_selected_card_is_seen_whole_with_its_fields(void **state)
{
    struct screen_kit *k = *state;
    for (int card = 40; card >= 31; card -= card == 40 ? 2 : 7)
        set(k, card, "{'field':'label','value':'late'}");
    kit_keys(k, "G");
    shows(k, "40 Colours on a");
    shows(k, "late");
}

int main(void)
{
#define ONE(name) cmocka_unit_test_setup_teardown(name, open_screen, close_screen)
    const struct CMUnitTest tests[] = {
        ONE(a_card_without_fields_takes_no_row_for_them),
        ONE(fields_stand_below_the_title),
        ONE(less_important_ones_go_first_where_it_is_narrow),
        ONE(many_people_are_counted),
        ONE(checklists_and_comments_are_counted),
        ONE(a_blocker_that_was_put_away_blocks_no_more),
        ONE(the_selected_card_is_seen_whole_with_its_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
