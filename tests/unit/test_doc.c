#include "session_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MEMBER_SNAPSHOT                                                                        \
    "{\"type\":\"snapshot\",\"room\":\"#core\",\"seq\":3,\"public\":true,\"part\":0,"          \
    "\"more\":false,\"next_number\":3,\"columns\":[{\"name\":\"Todo\"}],\"tasks\":[{"          \
    "\"number\":1,\"title\":\"one\",\"column\":\"Todo\",\"key\":\"V\"}],\"notes\":[{"          \
    "\"number\":2,\"name\":\"plan\",\"version\":4,\"time\":9,\"author\":\"ben\"}],"            \
    "\"members\":[{\"user\":\"ana\",\"role\":\"member\",\"online\":true}]}"

#define EMPTY_NOTE_SNAPSHOT                                                                    \
    "{\"type\":\"snapshot\",\"room\":\"#core\",\"seq\":3,\"public\":true,\"part\":0,"          \
    "\"more\":false,\"next_number\":3,\"columns\":[{\"name\":\"Todo\"}],\"tasks\":[],"         \
    "\"notes\":[{\"number\":2,\"name\":\"draft\",\"version\":0,\"time\":9,\"author\":\"ana\"}" \
    "],"                                                                                       \
    "\"members\":[{\"user\":\"ana\",\"role\":\"member\",\"online\":true}]}"

static void be_in_note_room(struct fixture *f)
{
    session_open_room(&f->s, STR("#core"), f->now, &f->out);
    sign_in(f);
    hear(f, MEMBER_SNAPSHOT);
    hear(f, SYNCED);
}

static void hearf(struct fixture *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static void hearf(struct fixture *f, const char *fmt, ...)
{
    char json[2000];
    va_list args;
    va_start(args, fmt);
    vsnprintf(json, sizeof json, fmt, args);
    va_end(args);
    hear(f, json);
}

static struct doc *open_note(struct fixture *f)
{
    effects_clear(&f->out);
    return session_open_text(&f->s, STR("#core"), 2, f->now, &f->out);
}

/* A live note of version 4 that says "one two". */
static struct doc *live_note(struct fixture *f)
{
    be_in_note_room(f);
    struct doc *d = open_note(f);
    assert_true(sent(f, "\"type\":\"note.open\""));
    hearf(f,
          "{\"type\":\"note.text\",\"re\":%lld,\"room\":\"#core\",\"note\":2,\"version\":4,"
          "\"part\":0,\"more\":false,\"text\":\"one two\"}",
          (long long)f->s.next_id - 1);
    assert_int_equal(d->state, DOC_LIVE);
    return d;
}

static bool type_at(struct fixture *f, struct doc *d, size_t pos, const char *text)
{
    struct op o = {0};
    struct err e = {0};
    op_skip(&o, pos);
    op_insert(&o, str_of(text));
    effects_clear(&f->out);
    bool ok = session_edit(&f->s, d, &o, f->now, &f->out, &e);
    f->why = e;
    op_finish(&o);
    return ok;
}

/* ben's edit. */
static void other(struct fixture *f, int64_t seq, int64_t version, const char *op)
{
    hearf(f,
          "{\"type\":\"note.edited\",\"room\":\"#core\",\"seq\":%lld,\"time\":5,"
          "\"author\":\"ben\",\"client\":\"bensclient\",\"id\":%lld,\"note\":2,"
          "\"version\":%lld,\"op\":%s}",
          (long long)seq, (long long)seq, (long long)version, op);
}

static void own(struct fixture *f, int64_t seq, int64_t version, int64_t id, const char *op)
{
    hearf(f,
          "{\"type\":\"note.edited\",\"room\":\"#core\",\"seq\":%lld,\"time\":5,"
          "\"author\":\"ana\",\"client\":\"client01\",\"id\":%lld,\"note\":2,"
          "\"version\":%lld,\"op\":%s}",
          (long long)seq, (long long)id, (long long)version, op);
}

static void shows(const struct doc *d, const char *text)
{
    struct buf b = {0};
    assert_non_null(d->text);
    rope_read(d->text, 0, rope_chars(d->text), &b);
    assert_string_equal(buf_cstr(&b), text);
    buf_finish(&b);
}

static void an_edit_is_shown_kept_sent_and_saved(void **state)
{
    struct fixture *f = *state;
    struct doc *d = live_note(f);
    assert_true(type_at(f, d, 3, " and"));
    shows(d, "one and two");
    assert_false(doc_is_saved(d));
    assert_int_equal(session_unsaved(&f->s), 1);
    int64_t id = f->s.next_id - 1;
    assert_int_equal(count_of(f, EFFECT_KEEP), 1); /* before it is sent, by a turn */
    assert_int_equal(count_of(f, EFFECT_SEND), 0);
    assert_int_equal(session_next_tick(&f->s, f->now), f->now);
    pass(f, 0);
    assert_true(sent(f, "\"base\":4,\"op\":[3,\" and\"]"));
    other(f, 4, 5, "[\">\"]");
    shows(d, ">one and two");
    own(f, 5, 6, id, "[4,\" and\"]");
    shows(d, ">one and two");
    assert_true(doc_is_saved(d));
    assert_int_equal(d->sync.version, 6);
    assert_int_equal(count_of(f, EFFECT_KEPT_ALL), 1);
}

/* ---- what nobody looks at ---- */

static void answer_text(struct fixture *f, int version, const char *text)
{
    hearf(f,
          "{\"type\":\"note.text\",\"re\":%lld,\"room\":\"#core\",\"note\":2,\"version\":%d,"
          "\"part\":0,\"more\":false,\"text\":\"%s\"}",
          (long long)f->s.next_id - 1, version, text);
}

static void a_text_is_fetched_once_and_stays_up_to_date(void **state)
{
    struct fixture *f = *state;
    be_in_note_room(f);
    effects_clear(&f->out);
    assert_true(session_fetch_text(&f->s, STR("#core"), 2, f->now, &f->out));
    assert_true(sent(f, "\"type\":\"note.open\""));
    assert_false(
        session_fetch_text(&f->s, STR("#core"), 1, f->now, &f->out)); /* one at a time */
    answer_text(f, 4, "one two");
    assert_int_equal(count_of(f, EFFECT_CACHE), 1);
    effects_clear(&f->out);
    assert_true(session_fetch_text(&f->s, STR("#core"), 2, f->now, &f->out));
    assert_int_equal(count_of(f, EFFECT_SEND), 0); /* it is here */
    other(f, 4, 5, "[\">\"]");
    lose(f, ERR_UNREACHABLE);
    struct doc *d = open_note(f);
    shows(d, ">one two");
    assert_true(type_at(f, d, 4, " and"));
    shows(d, ">one and two");
}

static void a_text_of_the_cache_goes_along_with_what_is_heard(void **state)
{
    struct fixture *f = *state;
    session_open_room(&f->s, STR("#core"), f->now, &f->out);
    struct err e;
    assert_true(session_cached(&f->s, STR("#core"), STR(MEMBER_SNAPSHOT), &e));
    assert_true(session_cached(&f->s, STR("#core"), STR(SYNCED), &e));
    assert_true(session_cached(
        &f->s, STR("#core"),
        STR("{\"type\":\"note.text\",\"re\":1,\"room\":\"#core\",\"note\":2,\"version\":4,"
            "\"part\":0,\"more\":false,\"text\":\"one two\"}"),
        &e));
    sign_in(f);
    hear(f, "{\"type\":\"synced\",\"room\":\"#core\",\"seq\":3}");
    other(f, 4, 5, "[\">\"]");
    lose(f, ERR_UNREACHABLE);
    shows(open_note(f), ">one two");
}

static void what_cannot_be_fetched_is_left_alone(void **state)
{
    struct fixture *f = *state;
    be_in_note_room(f);
    effects_clear(&f->out);
    assert_true(session_fetch_text(&f->s, STR("#core"), 2, f->now, &f->out));
    hearf(f,
          "{\"type\":\"error\",\"re\":%lld,\"code\":\"store\",\"message\":\"broken\","
          "\"retry\":false}",
          (long long)f->s.next_id - 1);
    effects_clear(&f->out);
    pass(f, 2000);
    assert_false(sent(f, "\"type\":\"note.open\""));
    assert_true(session_fetch_text(&f->s, STR("#core"), 1, f->now, &f->out));
}

/* ---- what was typed into a note that is never made ---- */

static void keep(struct buf *outbox, const struct effects *out, size_t end, struct buf *aside)
{
    for (size_t i = 0; i < end; i++) {
        const struct effect *e = &out->items.v[i];
        if (e->kind == EFFECT_KEPT_ALL)
            buf_clear(outbox);
        if (e->kind != EFFECT_KEEP && e->kind != EFFECT_KEEP_LATER && e->kind != EFFECT_REFUSED)
            continue;
        buf_add_str(e->kind == EFFECT_REFUSED ? aside : outbox, e->bytes);
        buf_add_c(e->kind == EFFECT_REFUSED ? aside : outbox, '\n');
    }
}

static int64_t make_note(struct fixture *f)
{
    struct msg m = {.type = MSG_NOTE_CREATE};
    m.request.room = STR("#core");
    m.note_create.name = STR("draft");
    effects_clear(&f->out);
    return session_request(&f->s, &m, f->now, &f->out, NULL);
}

static void start_again(struct fixture *f, struct str records)
{
    session_finish(&f->s);
    session_init(&f->s, STR("client01"), 1, 8);
    while (records.n)
        assert_true(session_restore(&f->s, str_cut(&records, '\n'), NULL));
}

static void refuse_note(struct fixture *f, int64_t id)
{
    hearf(f,
          "{\"type\":\"error\",\"re\":%lld,\"code\":\"not_found\",\"message\":\"there is no "
          "room #core that you are in\",\"retry\":false}",
          (long long)id);
}

/* Makes a note offline, types into it, and crashes before effect `at` of the turn in which the
 * note is refused. False: it has no more than that. */
static bool crash_in_refusal(struct fixture *f, size_t at, struct buf *outbox,
                             struct buf *aside)
{
    int64_t id = make_note(f);
    keep(outbox, &f->out, f->out.items.n, aside);
    struct doc *d = session_open_text(&f->s, STR("#core"), -id, f->now, &f->out);
    assert_true(type_at(f, d, 0, "words of mine"));
    keep(outbox, &f->out, f->out.items.n, aside);
    sign_in(f);
    refuse_note(f, id);
    keep(outbox, &f->out, MIN(at, f->out.items.n), aside);
    return at < f->out.items.n;
}

static void a_crash_at_any_time_leaves_what_was_typed_into_a_refused_note(void **state)
{
    struct fixture *f = *state;
    bool again = true;
    for (size_t at = 0; again; at++) {
        struct buf outbox = {0}, aside = {0};
        start_again(f, (struct str){0});
        again = crash_in_refusal(f, at, &outbox, &aside);
        start_again(f, buf_str(&outbox));
        sign_in(f); /* which puts aside what was typed into nothing */
        keep(&outbox, &f->out, f->out.items.n, &aside);
        if (f->s.outbox.n) {
            refuse_note(f, f->s.outbox.v[0].id);
            keep(&outbox, &f->out, f->out.items.n, &aside);
        }
        assert_non_null(strstr(buf_cstr(&aside), "words of mine"));
        assert_int_equal(session_unsaved(&f->s), 0);
        buf_finish(&outbox);
        buf_finish(&aside);
    }
}

static bool holds_unsaved(const struct fixture *f, const char *text)
{
    struct buf all = {0};
    vec_each (d, &f->s.texts)
        session_print_unsaved(*d, &all);
    const char *at = strstr(buf_cstr(&all), text);
    bool once = at && !strstr(at + 1, text);
    buf_finish(&all);
    return once;
}

/* The note has come under its number before the answer, and was opened under it as well. */
static void two_docs_of_one_note_outlive_a_crash(void **state)
{
    struct fixture *f = *state;
    struct buf outbox = {0}, aside = {0};
    int64_t id = make_note(f);
    keep(&outbox, &f->out, f->out.items.n, &aside);
    session_open_room(&f->s, STR("#core"), f->now, &f->out);
    sign_in(f);
    hear(f, EMPTY_NOTE_SNAPSHOT);
    hear(f, SYNCED);
    struct doc *made = session_open_text(&f->s, STR("#core"), -id, f->now, &f->out),
               *seen = session_open_text(&f->s, STR("#core"), 2, f->now, &f->out);
    assert_ptr_not_equal(made, seen);
    assert_true(type_at(f, made, 0, "one"));
    keep(&outbox, &f->out, f->out.items.n, &aside);
    assert_true(type_at(f, seen, 0, "three"));
    keep(&outbox, &f->out, f->out.items.n, &aside);
    hearf(f, "{\"type\":\"ok\",\"re\":%lld,\"room\":\"#core\",\"seq\":4,\"number\":2}",
          (long long)id);
    keep(&outbox, &f->out, f->out.items.n, &aside);
    assert_true(type_at(f, made, 3, " two"));
    keep(&outbox, &f->out, f->out.items.n, &aside);
    assert_true(type_at(f, seen, 5, " four"));
    keep(&outbox, &f->out, f->out.items.n, &aside);
    start_again(f, buf_str(&outbox));
    assert_true(holds_unsaved(f, "\"text\":\"one two\""));
    assert_true(holds_unsaved(f, "\"text\":\"three four\""));
    buf_finish(&outbox);
    buf_finish(&aside);
}

/* ---- an answer that makes no sense ---- */

/* What was typed is in the file of what was refused before it leaves the other, the person is
 * told, and the text is fetched anew. */
static void expect_begun_anew(struct fixture *f, struct doc *d, const char *what)
{
    struct buf outbox = {0}, aside = {0};
    keep(&outbox, &f->out, f->out.items.n, &aside);
    if (!strstr(buf_cstr(&aside), "\" and\"") || f->refused != 1)
        fail_msg("%s: told %zu times, put aside: %s", what, f->refused, buf_cstr(&aside));
    assert_true(doc_is_saved(d));
    assert_int_equal(session_unsaved(&f->s), 0);
    assert_true(sent(f, "\"type\":\"note.open\""));
    answer_text(f, 5, "another text");
    shows(d, "another text");
    assert_int_equal(d->state, DOC_LIVE);
    assert_true(type_at(f, d, 7, " new"));
    pass(f, 1000);
    if (count_of(f, EFFECT_KEEP))
        pass(f, 0);
    assert_true(sent(f, "\"base\":5"));
    buf_finish(&outbox);
    buf_finish(&aside);
}

/* What was missed is asked for. */
static void come_back(struct fixture *f)
{
    session_retry_now(&f->s, f->now, &f->out);
    session_opened(&f->s, f->now, &f->out);
    hear(f, WELCOME);
    hear(f, "{\"type\":\"synced\",\"room\":\"#core\",\"seq\":3}");
    assert_true(sent(f, "\"since\":4"));
}

static void a_text_that_differs_from_the_servers_begins_anew(void **state)
{
    static const struct {
        const char *what, *op;
        bool is_own;
    } rows[] = {
        {"our edit came as another", "[3,\" or\"]", true},
        {"an edit that goes beyond its end", "[1000,\"x\"]", false},
        {"an edit that cannot be read", "[1,-8]", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        void *own_state = NULL;
        set_up(&own_state);
        struct fixture *f = own_state;
        struct doc *d = live_note(f);
        assert_true(type_at(f, d, 3, " and"));
        int64_t id = f->s.next_id - 1;
        pass(f, 0);
        if (rows[i].is_own)
            own(f, 4, 5, id, rows[i].op);
        else
            other(f, 4, 5, rows[i].op);
        expect_begun_anew(f, d, rows[i].what);
        tear_down(&own_state);
    }
}

/* Types without a link, and hears then that others made a text of more than 500 letters
 * meanwhile, from version `from` on. */
static struct doc *miss_changes(struct fixture *f, int from)
{
    struct doc *d = live_note(f);
    lose(f, ERR_UNREACHABLE);
    assert_true(type_at(f, d, 3, " and"));
    come_back(f);
    hearf(f,
          "{\"type\":\"note.changes\",\"re\":%lld,\"room\":\"#core\",\"note\":2,\"from\":%d,"
          "\"to\":5,\"more\":false,\"op\":[500,\"x\"]}",
          (long long)f->s.next_id - 1, from);
    return d;
}

/* The edits that were missed lead to another text than the one that was typed into. */
static void what_was_missed_and_does_not_fit_begins_the_text_anew(void **state)
{
    struct fixture *f = *state;
    struct doc *d = miss_changes(f, 4);
    expect_begun_anew(f, d, "what was missed");
}

static void an_answer_that_makes_no_sense_costs_the_link_and_no_word(void **state)
{
    struct fixture *f = *state;
    struct doc *d = miss_changes(f, 3);
    assert_int_equal(count_of(f, EFFECT_DISCONNECT), 1);
    assert_int_equal(f->refused, 0);
    assert_false(doc_is_saved(d));
    shows(d, "one and two");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_edit_is_shown_kept_sent_and_saved),
        TEST(a_text_is_fetched_once_and_stays_up_to_date),
        TEST(a_text_of_the_cache_goes_along_with_what_is_heard),
        TEST(what_cannot_be_fetched_is_left_alone),
        TEST(a_crash_at_any_time_leaves_what_was_typed_into_a_refused_note),
        TEST(two_docs_of_one_note_outlive_a_crash),
        cmocka_unit_test(a_text_that_differs_from_the_servers_begins_anew),
        TEST(what_was_missed_and_does_not_fit_begins_the_text_anew),
        TEST(an_answer_that_makes_no_sense_costs_the_link_and_no_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
