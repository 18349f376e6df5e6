/* What every store promises about a search. */
#include "contract_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct store_task card(int64_t number, const char *title, const char *values)
{
    return (struct store_task){.number = number,
                               .title = str_of(title),
                               .column = STR("Todo"),
                               .key = STR("V"),
                               .values = str_of(values)};
}

/* #a: ana's chat, a card with a label, a comment on it, its description, a note; #b: chat. */
static struct store *filled(void **state)
{
    struct store *s = store_in(state);
    struct store_note note = {2, STR("Release plan"), false, KIT_TIME(6), STR("ana")};
    kit_ok(s, kit_room("#a", 1));
    kit_ok(s, kit_message("#a", 2, 2, "the build is green, see http://ci.example/7"));
    kit_ok(s, kit_message("#a", 3, 3, "Größe der Tür: 東京都 `make check`"));
    kit_ok(s, kit_task("#a", 4, 4, MSG_TASK_ADDED,
                       card(1, "Fix the login page", "label\t0\t\t\turgent\n")));
    kit_ok(s, kit_answer("#a", 5, 5, 1, 0, "the build broke on the login"));
    kit_ok(s, kit_note("#a", 6, 6, MSG_NOTE_CREATED, note));
    kit_ok(s, kit_edit("#a", 7, 7, 2, 1, "[\"ship the build on Friday\"]"));
    kit_ok(s, kit_edit("#a", 8, 8, 1, 1, "[\"nobody can sign in\"]"));
    kit_ok(s, kit_message("#a", 9, 9, "green green grass, @ben"));
    kit_ok(s, kit_room("#b", 10));
    kit_ok(s, kit_message("#b", 2, 11, "the build of b"));
    return s;
}

static struct store_job *question(const char *query, const char *rooms)
{
    struct store_job *j = store_job_new(JOB_SEARCH);
    struct str left = str_keep(&j->arena, str_of(rooms));
    j->search = (struct store_search){
        .query = str_of(query), .now = KIT_TIME(0) + INT64_C(86400000), .limit = 50};
    j->search.rooms.v = arena_alloc(&j->arena, 8 * sizeof *j->search.rooms.v);
    while (left.n)
        j->search.rooms.v[j->search.rooms.n++] = str_cut(&left, ' ');
    return j;
}

/* "#a 5: excerpt with [marks]" */
static void print_item(struct buf *out, const struct found_item *item)
{
    size_t byte = 0;
    buf_fmt(out, "%.*s %d: ", STR_ARG(item->room), (int)item->seq);
    for (int64_t at = 0; byte < item->excerpt.n; at++) {
        for (size_t i = 0; i < item->marks.n; i++)
            if (item->marks.v[i].at == at)
                buf_add_c(out, '[');
        do
            buf_add_c(out, item->excerpt.p[byte++]);
        while (byte < item->excerpt.n && (item->excerpt.p[byte] & 0xc0) == 0x80);
        for (size_t i = 0; i < item->marks.n; i++)
            if (item->marks.v[i].at + item->marks.v[i].chars == at + 1)
                buf_add_c(out, ']');
    }
}

static void print_items(struct buf *out, const struct store_job *j)
{
    for (size_t i = 0; i < j->found_items.n; i++) {
        if (i)
            buf_fmt(out, " | ");
        print_item(out, &j->found_items.v[i]);
    }
}

static void expect(struct store *s, struct store_job *q, const char *want)
{
    struct store_job *j = kit_run(s, q);
    struct buf got = {0};
    print_items(&got, j);
    if (j->err.code != ERR_NONE)
        fail_msg("%.*s: %s", STR_ARG(j->search.query), j->err.text);
    if (!str_is(buf_str(&got), want))
        fail_msg("%.*s: got \"%s\", wanted \"%s\"", STR_ARG(j->search.query), buf_cstr(&got),
                 want);
    buf_finish(&got);
    store_job_free(j);
}

static void query_finds_what_it_says(void **state)
{
    struct store *s = filled(state);
    static const struct {
        const char *query, *rooms, *want;
    } rows[] = {
        {"grass", "#a", "#a 9: green green [grass], @ben"},
        {"GREEN", "#a",
         "#a 9: [green] [green] grass, @ben | #a 2: the build is [green], see "
         "http://ci.example/7"},
        {"build", "#a #b",
         "#a 6: ship the [build] on Friday | #a 5: the [build] broke on the login | #a 2: the "
         "[build] is green, see http://ci.example/7 | #b 2: the [build] of b"},
        {"build", "#b", "#b 2: the [build] of b"},
        {"build", "#nowhere", ""},
        {"build", "", ""},
        {"build login", "#a", "#a 5: the [build] broke on the [login]"},
        {"build -login -ship -green", "#a", ""},
        {"build -login -green", "#a", "#a 6: ship the [build] on Friday"},
        {"\"build broke\"", "#a", "#a 5: the [build broke] on the login"},
        {"\"broke build\"", "#a", ""},
        {"build -\"build broke\" kind:comment", "#a", ""},
        {"logi*", "#a",
         "#a 5: the build broke on the [login] | #a 4: Fix the [login] page · "
         "urgent"},
        {"logi", "#a", ""},
        {"\"the log\"*", "#a",
         "#a 5: the build broke on [the login] | #a 4: Fix [the login] "
         "page · urgent"},
        {"grosse", "#a", "#a 3: [Größe] der Tür: 東京都 `make check`"},
        {"gr\xc3\xb6sse tur", "#a", "#a 3: [Größe] der [Tür]: 東京都 `make check`"},
        {"東京", "#a", "#a 3: Größe der Tür: [東京]都 `make check`"},
        {"京都", "#a", "#a 3: Größe der Tür: 東[京都] `make check`"},
        {"東都", "#a", ""},
        {"urgent", "#a", "#a 4: Fix the login page · [urgent]"},
        {"from:ana green", "#a",
         "#a 9: [green] [green] grass, @ben | #a 2: the build is "
         "[green], see http://ci.example/7"},
        {"from:ben green", "#a", ""},
        {"-from:ana green", "#a", ""},
        {"on:1", "#a",
         "#a 5: the build broke on the login | #a 4: Fix the login page · urgent"},
        {"on:2", "#a", "#a 6: Release plan"},
        {"has:link", "#a", "#a 2: the build is green, see http://ci.example/7"},
        {"has:code", "#a", "#a 3: Größe der Tür: 東京都 `make check`"},
        {"has:mention", "#a", "#a 9: green green grass, @ben"},
        {"green -has:mention", "#a", "#a 2: the build is [green], see http://ci.example/7"},
        {"kind:note", "#a", "#a 6: Release plan"},
        {"kind:card sign", "#a", "#a 4: nobody can [sign] in"},
        {"kind:card kind:note", "#a", "#a 6: Release plan | #a 4: Fix the login page · urgent"},
        {"-kind:chat build", "#a",
         "#a 6: ship the [build] on Friday | #a 5: the [build] broke on the login"},
        {"green before:1d", "#a", ""},
        {"green after:1d", "#a",
         "#a 9: [green] [green] grass, @ben | #a 2: the build is "
         "[green], see http://ci.example/7"},
        {"green after:23h", "#a", ""},
        {"release", "#a", "#a 6: [Release] plan"},
        {"http://ci.example", "#a", "#a 2: the build is green, see [http://ci.example]/7"},
    };
    kit_ok(s, store_job_new(JOB_INDEX_TEXTS));
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        expect(s, question(rows[i].query, rows[i].rooms), rows[i].want);
    kit_index(s);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        expect(s, question(rows[i].query, rows[i].rooms), rows[i].want);
}

/* Whether the index of words has it as it was, has it as it is, or has it not. */
enum indexed { NEVER, BEFORE, ALWAYS };

static void find_changed_message(struct store *s, enum indexed when)
{
    struct store_change edit = {CHANGE_TEXT, 9, .text = STR("blue sky")};
    if (when != NEVER)
        kit_index(s);
    kit_ok(s, kit_change("#a", 10, 12, edit));
    if (when == ALWAYS)
        kit_index(s);
    expect(s, question("grass", "#a"), "");
    expect(s, question("has:mention", "#a"), "");
    expect(s, question("blue", "#a"), "#a 9: [blue] sky");
    edit.text = STR("grey sky");
    kit_ok(s, kit_change("#a", 11, 13, edit));
    if (when == ALWAYS)
        kit_index(s);
    expect(s, question("blue", "#a"), "");
    expect(s, question("sky", "#a"), "#a 9: grey [sky]");
    kit_ok(s, kit_change("#a", 12, 14,
                         (struct store_change){.kind = CHANGE_DELETE, .message = 9}));
    if (when == ALWAYS)
        kit_index(s);
    expect(s, question("sky", "#a"), "");
    expect(s, question("from:ana grey", "#a"), "");
    kit_ok(s, kit_change("#a", 13, 15,
                         (struct store_change){CHANGE_REACTION, 2, .emoji = STR(":x:")}));
    expect(s, question("green", "#a"), "#a 2: the build is [green], see http://ci.example/7");
    kit_index(s);
    expect(s, question("sky", "#a"), "");
    expect(s, question("grass", "#a"), "");
    expect(s, question("green", "#a"), "#a 2: the build is [green], see http://ci.example/7");
}

static void changed_message_is_found_by_its_new_words_alone(void **state)
{
    find_changed_message(filled(state), ALWAYS);
}

static void message_changed_since_it_was_indexed_too(void **state)
{
    find_changed_message(filled(state), BEFORE);
}

static void message_that_was_never_indexed_too(void **state)
{
    find_changed_message(filled(state), NEVER);
}

static void find_renamed(struct store *s, enum indexed when)
{
    if (when != NEVER)
        kit_index(s);
    struct store_note note = {2, STR("Launch"), true, KIT_TIME(6), STR("ana")};
    kit_ok(s, kit_task("#a", 10, 12, MSG_TASK_EDITED,
                       card(1, "Mend the door", "assignee\t0\t\t\tben\n")));
    kit_ok(s, kit_task("#a", 11, 13, MSG_TASK_MOVED,
                       card(1, "Mend the door", "assignee\t0\t\t\tben\n")));
    kit_ok(s, kit_note("#a", 12, 14, MSG_NOTE_RENAMED, note));
    if (when == ALWAYS)
        kit_index(s);
    expect(s, question("urgent", "#a"), "");
    expect(s, question("page", "#a"), "");
    expect(s, question("door ben", "#a"), "#a 4: Mend the [door] · [ben]");
    expect(s, question("release", "#a"), "");
    struct store_job *j = kit_run(s, question("launch", "#a"));
    assert_int_equal(j->found_items.n, 1);
    const struct found_item *item = j->found_items.v;
    assert_int_equal(item->kind, FOUND_NOTE);
    assert_int_equal(item->number, 2);
    assert_int_equal(item->time, KIT_TIME(6));
    assert_true(item->archived);
    assert_true(str_is(item->title, "Launch"));
    assert_true(str_is(item->author, "ana"));
    store_job_free(j);
}

static void card_and_note_are_found_by_what_they_are_called_now(void **state)
{
    find_renamed(filled(state), ALWAYS);
}

static void those_renamed_since_they_were_indexed_too(void **state)
{
    find_renamed(filled(state), BEFORE);
}

static void those_that_were_never_indexed_too(void **state)
{
    find_renamed(filled(state), NEVER);
}

/* By its name, which the index does not have as it is, and by its text, which it has. */
static void one_thing_is_found_once(void **state)
{
    struct store *s = filled(state);
    kit_index(s);
    kit_ok(s, kit_task("#a", 10, 12, MSG_TASK_EDITED, card(1, "Nobody is in", "")));
    expect(s, question("nobody", "#a"), "#a 4: [Nobody] is in");
    expect(s, question("nobody sign", "#a"), "#a 4: [nobody] can [sign] in");
    kit_index(s);
    expect(s, question("nobody", "#a"), "#a 4: [Nobody] is in");
}

static void text_is_found_as_it_was_indexed_last(void **state)
{
    struct store *s = filled(state);
    kit_index(s);
    kit_ok(s, kit_edit("#a", 10, 12, 2, 2, "[9,{\"d\":6}]")); /* "ship the on Friday" */
    kit_ok(s, kit_edit("#a", 11, 13, 2, 3, "[\"We \"]"));
    kit_index(s);
    expect(s, question("ship", "#a"), "#a 6: We [ship] the on Friday");
    expect(s, question("build kind:note", "#a"), "");
}

/* The index has half of it. */
static void results_come_in_pages(void **state)
{
    struct store *s = filled(state);
    for (int i = 0; i < 30; i++) {
        if (i == 15)
            kit_index(s);
        char text[40];
        snprintf(text, sizeof text, "needle number%d", i);
        kit_ok(s, kit_message("#a", 10 + i, 12 + i, text));
    }
    struct store_job *q = question("needle", "#a #b");
    q->search.limit = 2;
    q->search.offset = 28;
    struct store_job *j = kit_run(s, q);
    assert_int_equal(j->found_items.n, 2);
    assert_int_equal(j->found_items.v[0].seq, 11);
    assert_false(j->more);
    store_job_free(j);
    q = question("needle", "#a");
    q->search.limit = 2;
    q->search.until = KIT_TIME(30);
    j = kit_run(s, q);
    assert_int_equal(j->found_items.n, 2);
    assert_int_equal(j->found_items.v[0].seq, 30);
    assert_true(j->more);
    assert_false(j->capped);
    store_job_free(j);
}

static void best_come_first_when_they_are_asked_for(void **state)
{
    struct store *s = filled(state);
    kit_ok(s, kit_message("#a", 10, 12,
                          "a long message that has the word grass in it somewhere but is about "
                          "other things and goes on and on until nobody wants to read it"));
    struct store_job *j = kit_run(s, question("grass", "#a"));
    assert_int_equal(j->found_items.v[0].seq, 10);
    store_job_free(j);
    struct store_job *q = question("grass", "#a");
    q->search.order = ORDER_RELEVANCE;
    j = kit_run(s, q);
    assert_int_equal(j->found_items.n, 2);
    assert_int_equal(j->found_items.v[0].seq, 9);
    store_job_free(j);
}

static void malformed_query_is_refused(void **state)
{
    struct store *s = filled(state);
    kit_refused(s, question("\"open", "#a"), ERR_USAGE);
}

/* What it shows of a long text is around the place, and short. */
static void excerpt_is_around_the_place(void **state)
{
    struct store *s = filled(state);
    struct buf text = {0};
    for (int i = 0; i < 200; i++)
        buf_fmt(&text, "word%d\n%s", i, i == 150 ? "needle " : "");
    kit_ok(s, kit_message("#a", 10, 12, buf_cstr(&text)));
    struct store_job *j = kit_run(s, question("needle", "#a"));
    assert_int_equal(j->found_items.n, 1);
    struct str got = j->found_items.v[0].excerpt;
    assert_true(got.n <= EXCERPT_CHARS_MAX + 8 && got.n > 100);
    assert_non_null(memmem(got.p, got.n, "word150 needle word151", 22));
    assert_true(str_starts(got, "…word"));
    assert_null(memchr(got.p, '\n', got.n));
    store_job_free(j);
    buf_finish(&text);
}

int store_contract_search_run(const char *name, struct store *(*open)(void))
{
    struct CMUnitTest tests[] = {
        ROW(query_finds_what_it_says),
        ROW(changed_message_is_found_by_its_new_words_alone),
        ROW(message_changed_since_it_was_indexed_too),
        ROW(message_that_was_never_indexed_too),
        ROW(card_and_note_are_found_by_what_they_are_called_now),
        ROW(those_renamed_since_they_were_indexed_too),
        ROW(those_that_were_never_indexed_too),
        ROW(one_thing_is_found_once),
        ROW(text_is_found_as_it_was_indexed_last),
        ROW(results_come_in_pages),
        ROW(best_come_first_when_they_are_asked_for),
        ROW(malformed_query_is_refused),
        ROW(excerpt_is_around_the_place),
    };
    return contract_run(name, open, tests, COUNT_OF(tests));
}
