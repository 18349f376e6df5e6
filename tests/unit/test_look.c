/* A line of chat as rows: what stands around the text, folding, and text that means harm. */
#include "look.h"
#include "replica_kit.h"
#include "wrap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void says(struct fixture *f, const char *text, int64_t task, int64_t reply)
{
    struct msg m = event(f, MSG_MESSAGE, 0);
    m.message.text = str_of(text);
    m.message.task = task;
    m.message.reply = reply;
    m.message.to = reply ? STR("ben") : (struct str){0};
    must_apply(f, &m);
}

static void reacts(struct fixture *f, int64_t message, const char *emoji, const char *user)
{
    struct msg m = event(f, MSG_MESSAGE_REACTED, 0);
    m.event.author = str_of(user);
    m.message_reacted.message = message;
    m.message_reacted.emoji = str_of(emoji);
    must_apply(f, &m);
}

static struct look_want want_of(const struct fixture *f, int64_t message, int width)
{
    return (struct look_want){.r = f->r, .line = replica_said(f->r, message), .width = width};
}

/* The rows as text, each with a bar behind it. */
static void spell(const struct look *l, struct buf *out)
{
    vec_each (row, &l->rows.lines) {
        for (size_t i = row->first; i < row->behind; i++)
            buf_add_str(out, l->rows.pieces.v[i].text);
        buf_add_c(out, '|');
    }
}

static void expect(struct look_want want, const char *rows)
{
    struct look l = {0};
    struct buf got = {0};
    look_make(&want, &l);
    spell(&l, &got);
    if (!str_is(buf_str(&got), rows))
        fail_msg("got  %s\nwant %s", buf_cstr(&got), rows);
    vec_each (row, &l.rows.lines) {
        int width = 0;
        for (size_t i = row->first; i < row->behind; i++)
            width += glyphs_width(l.rows.pieces.v[i].text);
        assert_true(width <= want.width);
    }
    look_finish(&l);
    buf_finish(&got);
}

static void answer_names_what_it_answers(void **state)
{
    struct fixture *f = *state;
    created(f);
    says(f, "**Is** the build\nred?", 0, 0);
    says(f, "yes", 0, 2);
    expect(want_of(f, 3, 40), "\u21b3 ben Is the build|yes|");
    expect(want_of(f, 3, 12), "\u21b3 ben Is th\u2026|yes|");
    struct look_want plain = want_of(f, 3, 12);
    plain.ascii = true;
    expect(plain, "> ben Is th>|yes|");
    struct msg gone = event(f, MSG_MESSAGE_DELETED, 0);
    gone.message_deleted.message = 2;
    must_apply(f, &gone);
    expect(want_of(f, 3, 40), "\u21b3 ben (deleted)|yes|");
    expect(want_of(f, 2, 40), "deleted by ben|");
}

static void answer_to_what_is_not_loaded_names_the_person(void **state)
{
    struct fixture *f = *state;
    created(f);
    f->seq = 1;
    says(f, "yes", 0, 1); /* nothing is known of message 1 */
    expect(want_of(f, 2, 40), "\u21b3 ben |yes|");
}

static void comment_names_its_card_but_on_the_card(void **state)
{
    struct fixture *f = *state;
    created(f);
    says(f, "done", 42, 0);
    struct look_want w = want_of(f, 2, 40);
    expect(w, "#42 done|");
    w.on_card = true;
    expect(w, "done|");
}

static void marks_stand_behind_the_text(void **state)
{
    struct fixture *f = *state;
    created(f);
    says(f, "one", 0, 0);
    struct msg m = event(f, MSG_MESSAGE_EDITED, 0);
    m.message_edited.message = 2;
    m.message_edited.text = STR("two [x](http://y)");
    must_apply(f, &m);
    expect(want_of(f, 2, 40), "two x[1] (edited)|[1] http://y|");
    m = event(f, MSG_MESSAGE_PINNED, 0);
    m.message_pinned.message = 2;
    must_apply(f, &m);
    expect(want_of(f, 2, 20), "two x[1]|(edited, pinned)|[1] http://y|");
}

static void reactions_are_counted_and_of_a_selected_one_named(void **state)
{
    struct fixture *f = *state;
    created(f);
    says(f, "hi", 0, 0);
    reacts(f, 2, "👍", "ana");
    reacts(f, 2, ":tada:", "ben");
    reacts(f, 2, "👍", "cy");
    expect(want_of(f, 2, 40), "hi|👍 2  🎉 1|");
    struct look_want w = want_of(f, 2, 40);
    w.is_selected = true;
    expect(w, "hi|👍 ana, cy  🎉 ben|");
    w.ascii = true;
    expect(w, "hi|:+1: ana, cy  :tada: ben|");
    w = want_of(f, 2, 5);
    expect(w, "hi|👍 2|🎉 1|");
}

static void thousand_reactions_stay_a_few_rows(void **state)
{
    struct fixture *f = *state;
    created(f);
    says(f, "hi", 0, 0);
    for (int i = 0; i < REACTIONS_MAX; i++) {
        char user[16], emoji[16];
        snprintf(user, sizeof user, "u%d", i / EMOJIS_MAX);
        snprintf(emoji, sizeof emoji, ":e%d:", i % EMOJIS_MAX);
        reacts(f, 2, emoji, user);
    }
    struct look l = {0};
    struct look_want w = want_of(f, 2, 60);
    w.is_selected = true;
    look_make(&w, &l);
    assert_in_range(l.rows.lines.n, 2, 1 + EMOJIS_MAX);
    look_finish(&l);
}

/* What stands at the front of a row. */
static struct str first_of(const struct look *l, size_t row)
{
    return l->rows.pieces.v[l->rows.lines.v[row].first].text;
}

/* What a command printed last says what came of it. */
static void of_long_output_the_end_shows(void **state)
{
    struct fixture *f = *state;
    struct buf text = {0};
    created(f);
    buf_fmt(&text, "failed with 2 after 3 s: make\n```\n");
    for (int i = 1; i <= 100; i++)
        buf_fmt(&text, "%d\n", i);
    buf_fmt(&text, "```");
    says(f, buf_cstr(&text), 0, 0);
    buf_finish(&text);
    struct look l = {0};
    struct look_want w = want_of(f, 2, 60);
    look_make(&w, &l);
    assert_int_equal(l.rows.lines.n, LOOK_FOLDED + 1);
    assert_true(str_is(first_of(&l, 0), "failed with 2 after 3 s: make"));
    assert_true(str_is(first_of(&l, LOOK_HEAD_CODE), "\u2026 85 more lines"));
    assert_true(str_is(first_of(&l, LOOK_HEAD_CODE + 1), "89"));
    assert_true(str_is(first_of(&l, LOOK_FOLDED), "100"));
    look_finish(&l);
}

static void a_folded_message_names_the_keys_that_unfold_it(void **state)
{
    struct fixture *f = *state;
    struct buf text = {0};
    struct keymap keys;
    created(f);
    keymap_init(&keys);
    for (int i = 1; i <= 100; i++)
        buf_fmt(&text, "%d\n", i);
    says(f, buf_cstr(&text), 0, 0);
    buf_finish(&text);
    struct look l = {0};
    struct look_want w = want_of(f, 2, 60);
    w.keys = &keys;
    look_make(&w, &l);
    assert_true(str_is(first_of(&l, LOOK_HEAD), "\u2026 84 more lines: C-Up z shows them"));
    look_finish(&l);
    l = (struct look){0};
    w.is_selected = true;
    look_make(&w, &l);
    assert_true(str_is(first_of(&l, LOOK_HEAD), "\u2026 84 more lines: z shows them"));
    look_finish(&l);
    keymap_finish(&keys);
}

static void long_message_folds_and_unfolds(void **state)
{
    struct fixture *f = *state;
    struct buf text = {0};
    created(f);
    for (int i = 1; i <= 100; i++)
        buf_fmt(&text, "%d\n", i);
    says(f, buf_cstr(&text), 0, 0);
    buf_finish(&text);
    struct look l = {0};
    struct look_want w = want_of(f, 2, 40);
    look_make(&w, &l);
    assert_true(l.folds);
    assert_int_equal(l.rows.lines.n, LOOK_FOLDED + 1);
    assert_true(str_is(first_of(&l, LOOK_HEAD - 1), "8"));
    assert_true(str_is(first_of(&l, LOOK_HEAD), "\u2026 84 more lines"));
    assert_int_equal(l.rows.pieces.v[l.rows.lines.v[LOOK_HEAD].first].goes, GOES_UNFOLD);
    assert_true(str_is(first_of(&l, LOOK_HEAD + 1), "93"));
    assert_true(str_is(first_of(&l, LOOK_FOLDED), "100"));
    look_finish(&l);
    l = (struct look){0};
    w.is_open = true;
    look_make(&w, &l);
    assert_int_equal(l.rows.lines.n, 100);
    look_finish(&l);
}

/* The longest message made of each: it has rows, they fit, and nothing takes long. */
static void no_text_breaks_the_rows(void **state)
{
    static const char *const parts[] = {
        "@ana ", "\n",       "\u200b", "\u0301",   "\u202e\u2066", "\x1b[2J", "\t",
        "> ",    "**_~~`",   "[a](b)", ":tada:",   "#42 ",         "\u00ad",  "\u2028",
        "漢",    "👩\u200d🚀", "- ",     "```c\n/*", "\ufeff",       "a",       " ",
    };
    struct fixture *f = *state;
    created(f);
    for (size_t k = 0; k < COUNT_OF(parts); k++) {
        struct buf text = {0};
        while (text.n + strlen(parts[k]) <= TEXT_MAX)
            buf_add_str(&text, str_of(parts[k]));
        says(f, buf_cstr(&text), 1, 0);
        for (int width = 1; width < 80; width += 39) {
            struct look l = {0};
            struct look_want w = want_of(f, f->seq, width);
            look_make(&w, &l);
            assert_in_range(l.rows.lines.n, 1, LOOK_FOLD_FROM);
            vec_each (p, &l.rows.pieces)
                assert_true(p->text.n <= TEXT_MAX);
            look_finish(&l);
        }
        buf_finish(&text);
    }
}

static void targets_are_named_once(void **state)
{
    struct fixture *f = *state;
    created(f);
    says(f, "#42 http://a [b](http://c) #42 #7 http://a `#9` @ana", 0, 0);
    struct rich targets = {0};
    struct look_want w = want_of(f, 2, 40);
    look_targets(&w, &targets);
    assert_int_equal(targets.pieces.n, 4);
    assert_int_equal(targets.pieces.v[0].number, 42);
    assert_true(str_is(targets.pieces.v[1].to, "http://a"));
    assert_true(str_is(targets.pieces.v[2].to, "http://c"));
    assert_int_equal(targets.pieces.v[3].number, 7);
    rich_finish(&targets);
}

#define ROW(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(answer_names_what_it_answers),
        ROW(answer_to_what_is_not_loaded_names_the_person),
        ROW(comment_names_its_card_but_on_the_card),
        ROW(marks_stand_behind_the_text),
        ROW(reactions_are_counted_and_of_a_selected_one_named),
        ROW(thousand_reactions_stay_a_few_rows),
        ROW(of_long_output_the_end_shows),
        ROW(a_folded_message_names_the_keys_that_unfold_it),
        ROW(long_message_folds_and_unfolds),
        ROW(no_text_breaks_the_rows),
        ROW(targets_are_named_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
