/* Pointers: what is sent of one's own, and where others' stand on a screen of another size. */
#include "layout_point.h"
#include "sample.h"
#include "screen_kit.h"
#include "utf8.h"
#include "view.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static size_t count(struct screen_kit *k, const char *what)
{
    struct buf out = {0};
    size_t n = 0;
    for (const char *at = kit_sent(k, &out); (at = strstr(at, what)); at++)
        n++;
    buf_finish(&out);
    return n;
}

static bool effect_of(struct screen_kit *k, struct str bytes)
{
    vec_each (e, &k->out.items)
        if (e->kind == EFFECT_MOTION && str_eq(e->bytes, bytes))
            return true;
    return false;
}

static void move(struct screen_kit *k, int x, int y)
{
    kit_mouse(k, MOUSE_MOVE, 0, x, y);
}

static void on(struct screen_kit *k, int width, int height)
{
    kit_init_full(k, width, height);
    kit_keys(k, "^");
    assert_true(effect_of(k, STR("on")));
    kit_tick(k, 100);
    kit_forget(k);
}

static void it_is_off_until_a_key_says_so_and_the_status_line_says_it_is_on(void **state)
{
    (void)state;
    struct screen_kit k;
    struct buf out = {0};
    kit_init_full(&k, 80, 24);
    move(&k, 20, 3);
    assert_int_equal(count(&k, "\"pointer\""), 0);
    assert_null(strstr(kit_screen(&k, &out), "pointer shown"));
    kit_keys(&k, "^");
    assert_true(effect_of(&k, STR("on")));
    assert_non_null(strstr(kit_screen(&k, &out), "pointer shown"));
    kit_forget(&k);
    kit_keys(&k, "M-p");
    assert_true(effect_of(&k, (struct str){0}));
    assert_int_equal(count(&k, "\"at\":\"off\""), 1);
    buf_finish(&out);
    kit_finish(&k);
}

static void it_is_sent_twenty_times_a_second_and_the_newest_wins(void **state)
{
    (void)state;
    struct screen_kit k;
    on(&k, 80, 24);
    for (int i = 0; i < 1000; i++) {
        k.now++;
        move(&k, 18 + i % 50, 1 + i / 50 % 10);
    }
    assert_in_range(count(&k, "\"type\":\"pointer\""), 15, 21);
    move(&k, 24, 1);
    kit_tick(&k, POINTER_EVERY_MS);
    struct buf out = {0};
    const char *sent = kit_sent(&k, &out), *last = NULL;
    for (const char *at = sent; (at = strstr(at, "\"type\":\"pointer\"")); at++)
        last = at;
    assert_non_null(last);
    assert_non_null(strstr(last, "\"at\":\"card\",\"task\":12,\"place\":3"));
    buf_finish(&out);
    kit_finish(&k);
}

static void one_that_rests_is_said_again_before_it_is_forgotten(void **state)
{
    (void)state;
    struct screen_kit k;
    on(&k, 80, 24);
    move(&k, 24, 1);
    kit_forget(&k);
    kit_pass(&k, 20000);
    assert_in_range(count(&k, "\"type\":\"pointer\""), 3, 5);
    kit_finish(&k);
}

static void it_ends_with_the_connection(void **state)
{
    (void)state;
    struct screen_kit k;
    on(&k, 80, 24);
    kit_cut(&k, ERR_UNREACHABLE, "gone");
    assert_true(effect_of(&k, (struct str){0}));
    assert_false(k.model.people.pointer.on);
    kit_finish(&k);
}

static void it_ends_with_the_program(void **state)
{
    (void)state;
    struct screen_kit k;
    on(&k, 80, 24);
    move(&k, 24, 1);
    kit_keys(&k, "q");
    assert_true(effect_of(&k, (struct str){0}));
    kit_finish(&k);
}

static void in_another_room_it_is_gone_from_this_one(void **state)
{
    (void)state;
    struct screen_kit k;
    on(&k, 80, 24);
    kit_frame(&k,
              "{'type':'snapshot','room':'#ops','seq':3,'public':true,'more':false,'part':0,"
              "'next_number':9,'columns':[{'name':'Todo'}],'members':["
              "{'user':'ana','role':'member','online':true}]}");
    move(&k, 24, 1);
    kit_keys(&k, "]");
    kit_tick(&k, 100);
    assert_int_equal(count(&k, "\"room\":\"#core\",\"at\":\"off\""), 1);
    assert_int_equal(count(&k, "\"room\":\"#ops\",\"at\":\"column\""), 1);
    kit_finish(&k);
}

static void observers_and_old_servers_get_a_word(void **state)
{
    (void)state;
    struct screen_kit k;
    struct buf out = {0};
    kit_init_full(&k, 80, 24);
    model_replica(&k.model)->role = ROLE_OBSERVER;
    kit_keys(&k, "^");
    assert_non_null(strstr(kit_screen(&k, &out), "Observers"));
    model_replica(&k.model)->role = ROLE_MEMBER;
    k.model.session.revision = 0;
    kit_keys(&k, "^");
    assert_non_null(strstr(kit_screen(&k, &out), "too old"));
    assert_false(k.model.people.pointer.on);
    buf_finish(&out);
    kit_finish(&k);
}

/* ---- on the others' screens ---- */

static void bo_points(struct screen_kit *k, const char *rest)
{
    kit_frame(k, "{'type':'pointer','room':'#core','user':'bo','session':8,%s}", rest);
}

static void it_is_a_mark_with_initials_until_there_is_no_news(void **state)
{
    (void)state;
    struct screen_kit k;
    struct buf out = {0};
    kit_init_full(&k, 80, 24);
    bo_points(&k, "'at':'card','task':12,'place':0");
    assert_non_null(strstr(kit_screen(&k, &out), "12 P◄Bser:"));
    assert_non_null(strstr(kit_screen(&k, &out), "points"));
    kit_pass(&k, POINTER_SHOWN_MS - 1000);
    assert_non_null(strstr(kit_screen(&k, &out), "◄B"));
    kit_pass(&k, 1001);
    assert_null(strstr(kit_screen(&k, &out), "◄B"));
    bo_points(&k, "'at':'card','task':12,'place':0");
    kit_keys(&k, "X");
    assert_null(strstr(kit_screen(&k, &out), "◄B"));
    kit_keys(&k, "X");
    assert_non_null(strstr(kit_screen(&k, &out), "◄B"));
    kit_frame(&k, "{'type':'presence','room':'#core','user':'bo','session':8,'online':false}");
    assert_null(strstr(kit_screen(&k, &out), "◄B"));
    buf_finish(&out);
    kit_finish(&k);
}

static void what_is_not_there_or_not_in_sight_shows_nothing(void **state)
{
    (void)state;
    static const char *const unknown[] = {
        "'at':'card','task':4711,'place':3",
        "'at':'card','task':-3",
        "'at':'column','column':'Nope'",
        "'at':'message','message':999999,'place':2097152",
        "'at':'note','note':77,'place':5",
        "'at':'note','note':20,'version':9007199254740991,'place':2097152",
        "'at':'nowhere'",
        "'at':'off'"};
    struct screen_kit k;
    struct buf out = {0};
    kit_init_full(&k, 80, 24);
    for (size_t i = 0; i < COUNT_OF(unknown); i++) {
        bo_points(&k, unknown[i]);
        assert_null(strstr(kit_screen(&k, &out), "◄B"));
    }
    bo_points(&k, "'at':'card','task':12,'place':2097152"); /* behind its end */
    assert_non_null(strstr(kit_screen(&k, &out), "B"));
    bo_points(&k, "'at':'message','message':36,'place':2097152");
    assert_non_null(strstr(kit_screen(&k, &out), "◄B"));
    buf_finish(&out);
    kit_finish(&k);
}

enum { SAID_MAX = 240 };

/* What a thing is called, so that two screens can be compared. */
static void say(const struct pointing *p, char out[SAID_MAX])
{
    snprintf(out, SAID_MAX, "%d card %lld message %lld note %lld column %s place %lld",
             (int)p->at, (long long)p->task, (long long)p->message, (long long)p->note,
             p->column, (long long)p->place);
}

static void ask(struct screen_kit *k, int x, int y, struct pointing *out)
{
    struct layout l;
    layout_of(&k->model, &l);
    struct point_map map = {.m = &k->model, .l = &l};
    point_at(&map, x, y, out);
    point_map_finish(&map);
}

static bool find(struct screen_kit *k, const struct pointing *p, int *x, int *y)
{
    struct layout l;
    layout_of(&k->model, &l);
    struct point_map map = {.m = &k->model, .l = &l};
    struct showing s = {.session = 8, .pointing = *p};
    bool found = point_spot(&map, &s, x, y);
    point_map_finish(&map);
    return found;
}

/* What is pointed at on one screen and found on another is there the same thing, and the same
 * letter of it. */
static void compare(struct screen_kit *from, struct screen_kit *to, const char *what)
{
    size_t seen = 0, letters = 0;
    for (int y = 0; y < from->model.height; y++)
        for (int x = 0; x < from->model.width; x++) {
            struct pointing here, there;
            char a[SAID_MAX], b[SAID_MAX];
            int tx, ty;
            ask(from, x, y, &here);
            if (here.at == POINTED_NOWHERE || here.at == POINTED_NOTE ||
                !find(to, &here, &tx, &ty))
                continue;
            assert_in_range(tx, 0, to->model.width - 1);
            assert_in_range(ty, 0, to->model.height - 1);
            seen++;
            ask(to, tx, ty, &there);
            bool is_letter = here.place >= 0;
            letters += is_letter;
            if (here.at == POINTED_COLUMN && there.at == POINTED_CARD)
                continue; /* the empty part of a column may be less there */
            here.place = there.place = is_letter ? here.place : 0;
            say(&here, a);
            ask(to, tx, ty, &there);
            there.place = is_letter ? there.place : 0;
            say(&there, b);
            bool is_end = is_letter && there.at == here.at && there.place < here.place;
            if (strcmp(a, b) != 0 && !is_end)
                fail_msg("%s (%d,%d): %s became (%d,%d): %s", what, x, y, a, tx, ty, b);
        }
    if (seen < 100 || letters < 50)
        fail_msg("%s: only %zu places, %zu letters", what, seen, letters);
}

static void a_place_is_the_same_on_screens_of_other_sizes(void **state)
{
    (void)state;
    static const struct {
        int w, h;
    } sizes[] = {{80, 24}, {200, 50}, {130, 40}, {60, 20}, {100, 18}};
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        for (size_t k = 0; k < COUNT_OF(sizes); k++) {
            struct screen_kit a, b;
            char what[60];
            kit_init_full(&a, sizes[i].w, sizes[i].h);
            kit_init_full(&b, sizes[k].w, sizes[k].h);
            snprintf(what, sizeof what, "%dx%d to %dx%d", sizes[i].w, sizes[i].h, sizes[k].w,
                     sizes[k].h);
            compare(&a, &b, what);
            kit_finish(&a);
            kit_finish(&b);
        }
}

static void open_plan(struct screen_kit *k, int width, int height)
{
    struct buf text = {0};
    kit_init_full(k, width, height);
    kit_keys(k, ":");
    kit_type(k, "note Release plan");
    kit_keys(k, "Enter");
    for (int i = 0; i < 40; i++)
        buf_fmt(&text, "row %02d has some words in it that break on small screens only\n", i);
    kit_text(k, 20, 3, buf_cstr(&text));
    buf_finish(&text);
}

static void a_place_in_a_text_is_the_same_and_moves_with_edits(void **state)
{
    (void)state;
    struct screen_kit a, b;
    struct pointing p;
    struct buf out = {0};
    open_plan(&a, 200, 50);
    open_plan(&b, 60, 24);
    for (int y = 2; y < 10; y++)
        for (int x = 115; x < 190; x += 3) {
            int tx, ty;
            size_t place;
            ask(&a, x, y, &p);
            if (p.at != POINTED_NOTE)
                continue;
            kit_frame(&b,
                      "{'type':'pointer','room':'#core','user':'bo','session':8,'at':'note',"
                      "'note':20,'version':3,'place':%lld}",
                      (long long)p.place);
            assert_true(doc_pointer(b.model.here->note.doc, 8, &place));
            assert_int_equal(place, p.place);
            if (!find(&b, &p, &tx, &ty))
                continue;
            struct pointing there;
            ask(&b, tx, ty, &there);
            assert_int_equal(there.place, p.place);
        }
    kit_frame(&b, "{'type':'pointer','room':'#core','user':'bo','session':8,'at':'note',"
                  "'note':20,'version':3,'place':0}");
    assert_non_null(strstr(kit_screen(&b, &out), "r◄B 00"));
    kit_edited(&b, "cleo", 20, 4, "['new ']");
    assert_non_null(strstr(kit_screen(&b, &out), "new r◄B 00"));
    buf_finish(&out);
    kit_finish(&a);
    kit_finish(&b);
}

static void anything_may_come_from_a_server(void **state)
{
    (void)state;
    struct screen_kit k;
    uint64_t seed = 7;
    struct arena a = {0};
    struct buf out = {0};
    open_plan(&k, 80, 24);
    for (int i = 0; i < 400; i++) {
        struct msg m;
        sample_msg(&m, i % 2 ? MSG_POINTER : MSG_LOOKING, FROM_SERVER, &seed, &a);
        m.state.room = STR("#core");
        m.state.user = STR("bo");
        assert_true(replica_apply(model_replica(&k.model), &m, (struct str){0}, k.now, NULL));
        kit_tick(&k, 1);
        kit_screen(&k, &out);
        arena_clear(&a);
    }
    struct err e;
    assert_true(replica_check(model_replica(&k.model), &e));
    arena_finish(&a);
    buf_finish(&out);
    kit_finish(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_off_until_a_key_says_so_and_the_status_line_says_it_is_on),
        cmocka_unit_test(it_is_sent_twenty_times_a_second_and_the_newest_wins),
        cmocka_unit_test(one_that_rests_is_said_again_before_it_is_forgotten),
        cmocka_unit_test(it_ends_with_the_connection),
        cmocka_unit_test(it_ends_with_the_program),
        cmocka_unit_test(in_another_room_it_is_gone_from_this_one),
        cmocka_unit_test(observers_and_old_servers_get_a_word),
        cmocka_unit_test(it_is_a_mark_with_initials_until_there_is_no_news),
        cmocka_unit_test(what_is_not_there_or_not_in_sight_shows_nothing),
        cmocka_unit_test(a_place_is_the_same_on_screens_of_other_sizes),
        cmocka_unit_test(a_place_in_a_text_is_the_same_and_moves_with_edits),
        cmocka_unit_test(anything_may_come_from_a_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
