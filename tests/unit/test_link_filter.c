#include "link_filter.h"

#include "chance.h"
#include "utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Marks of the numbers 1 and 2, which have addresses, and of 240, which has none. */
#define M1 "\U000e0100"
#define M2 "\U000e0101"
#define M240 "\U000e01ef"
#define IN1 "\033]8;id=1;https://a/\033\\"
#define IN2 "\033]8;id=2;https://b/\033\\"
#define OUT "\033]8;;\033\\"
/* That of what is struck, and what comes of it. */
#define MS "\U000e0001"
#define STRIKE "\033[9m"
#define UNSTRIKE "\033[29m"

static bool combines(uint32_t cp)
{
    return cp >= 0x300 && cp < 0x370;
}

static void give_addresses(struct link_slots *s)
{
    assert_int_equal(link_slots_take(s, STR("https://a/")), 1);
    assert_int_equal(link_slots_take(s, STR("https://b/")), 2);
}

static void complain(const char *what, struct str got, struct str wanted)
{
    struct buf a = {0}, b = {0};
    utf8_escape(&a, got);
    utf8_escape(&b, wanted);
    fail_msg("%s:\n  %s\nis not\n  %s", what, buf_cstr(&a), buf_cstr(&b));
}

static void marks_become_links(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        struct str in, out;
    } rows[] = {
        {"nothing", STR_ROW(""), STR_ROW("")},
        {"plain", STR_ROW("ab\033[1;5Hc\033[K\u4e2d"), STR_ROW("ab\033[1;5Hc\033[K\u4e2d")},
        {"one cell", STR_ROW("ab" M1 "c"), STR_ROW("a" IN1 "b" OUT "c")},
        {"a run", STR_ROW("a" M1 "b" M1 "c" M1), STR_ROW(IN1 "abc" OUT)},
        {"two links", STR_ROW("a" M1 "b" M2), STR_ROW(IN1 "a" IN2 "b" OUT)},
        {"wide", STR_ROW("\u4e2d" M1 "\u6587"), STR_ROW(IN1 "\u4e2d" OUT "\u6587")},
        {"combining", STR_ROW("xe\u0301\u0302" M1 "y"),
         STR_ROW("x" IN1 "e\u0301\u0302" OUT "y")},
        {"struck", STR_ROW("ab" MS "c" MS "d"), STR_ROW("a" STRIKE "bc" UNSTRIKE "d")},
        {"struck, and plain behind", STR_ROW("a" MS "bcde"),
         STR_ROW(STRIKE "a" UNSTRIKE "bcde")},
        {"a struck link", STR_ROW("a" MS M1 "b" M1), STR_ROW(STRIKE IN1 "a" UNSTRIKE "b" OUT)},
        {"colours end it", STR_ROW("a" MS "\033[1mb" MS),
         STR_ROW(STRIKE "a" UNSTRIKE "\033[1m" STRIKE "b" UNSTRIKE)},
        {"so do moves", STR_ROW("e\u0301" MS "\r\n"),
         STR_ROW(STRIKE "e\u0301" UNSTRIKE "\r\n")},
        {"nothing is struck", STR_ROW(MS "a"), STR_ROW("a")},
        {"colours go on", STR_ROW("a" M1 "\033[1;38;5;4mb" M1),
         STR_ROW(IN1 "a\033[1;38;5;4mb" OUT)},
        {"moves go on", STR_ROW("a" M1 "\r\n\033[4;2Hb" M1 "\bc" M1),
         STR_ROW(IN1 "a\r\n\033[4;2Hb\bc" OUT)},
        {"sets go on", STR_ROW("a" M1 "\033(B\033[m\017b" M1),
         STR_ROW(IN1 "a\033(B\033[m\017b" OUT)},
        {"a move, then no link", STR_ROW("a" M1 "\033[2dx"), STR_ROW(IN1 "a\033[2d" OUT "x")},
        {"clearing", STR_ROW("a" M1 "\033[Kb" M1), STR_ROW(IN1 "a" OUT "\033[K" IN1 "b" OUT)},
        {"erasing", STR_ROW("a" M1 "\033[5X"), STR_ROW(IN1 "a" OUT "\033[5X")},
        {"inserting", STR_ROW("a" M1 "\033[5@"), STR_ROW(IN1 "a" OUT "\033[5@")},
        {"repeating", STR_ROW("a" M1 "b\033[5b"), STR_ROW(IN1 "a" OUT "b\033[5b")},
        {"modes", STR_ROW("a" M1 "\033[?7l"), STR_ROW(IN1 "a" OUT "\033[?7l")},
        {"tab", STR_ROW("a" M1 "\tb" M1), STR_ROW(IN1 "a" OUT "\t" IN1 "b" OUT)},
        {"bell", STR_ROW("a" M1 "\a"), STR_ROW(IN1 "a" OUT "\a")},
        {"scrolling", STR_ROW("a" M1 "\033M"), STR_ROW(IN1 "a" OUT "\033M")},
        {"a title", STR_ROW("a" M1 "\033]2;x;y\ab" M1),
         STR_ROW(IN1 "a" OUT "\033]2;x;y\a" IN1 "b" OUT)},
        {"what is in a title is no cell", STR_ROW("a\033]2;b" M1 "\033\\c" M1),
         STR_ROW("a\033]2;b" M1 "\033\\" IN1 "c" OUT)},
        {"a title that breaks off", STR_ROW("\033]2;b\033[1mc" M1),
         STR_ROW("\033]2;b\033[1m" IN1 "c" OUT)},
        {"no address", STR_ROW("a" M240 "b"), STR_ROW("ab")},
        {"no address within a link", STR_ROW("a" M1 "b" M240 "c" M1),
         STR_ROW(IN1 "a" OUT "b" IN1 "c" OUT)},
        {"a mark behind nothing", STR_ROW(M1 "\033[m" M2 "a" M1 M2),
         STR_ROW("\033[m" IN1 "a" OUT)},
        {"no UTF-8",
         STR_ROW("\xff"
                 "a" M1 "\xe4\xb8"
                 "b" M1 "\xc3"),
         STR_ROW("\xff" IN1 "a" OUT "\xe4\xb8" IN1 "b" OUT "\xc3")},
        {"a long sequence",
         STR_ROW("a" M1 "\033[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1"
                 ";1;1;1;1mb" M1),
         STR_ROW(IN1 "a" OUT
                     "\033[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1"
                     ";1;1;1;1m" IN1 "b" OUT)},
    };
    struct link_slots slots = {0};
    give_addresses(&slots);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct link_filter whole = {.slots = &slots, .combines = combines},
                           bytes = {.slots = &slots, .combines = combines};
        struct buf out = {0}, slow = {0};
        link_filter_frame(&whole, rows[i].in, &out);
        for (size_t k = 0; k < rows[i].in.n; k++)
            link_filter_feed(&bytes, (struct str){rows[i].in.p + k, 1}, &slow);
        link_filter_settle(&bytes, &slow);
        if (!str_eq(buf_str(&out), rows[i].out))
            complain(rows[i].what, buf_str(&out), rows[i].out);
        if (!str_eq(buf_str(&slow), rows[i].out))
            complain(rows[i].what, buf_str(&slow), rows[i].out);
        buf_finish(&out);
        buf_finish(&slow);
        link_filter_finish(&whole);
        link_filter_finish(&bytes);
    }
    link_slots_finish(&slots);
}

static void a_frame_leaves_no_link_open(void **state)
{
    (void)state;
    struct link_slots slots = {0};
    give_addresses(&slots);
    struct link_filter f = {.slots = &slots, .combines = combines};
    struct buf out = {0};
    link_filter_frame(&f, STR("a" M1), &out);
    link_filter_frame(&f, STR("b"), &out);
    link_filter_frame(&f, STR("c" M1), &out);
    assert_string_equal(buf_cstr(&out), IN1 "a" OUT "b" IN1 "c" OUT);
    buf_finish(&out);
    link_filter_finish(&f);
    link_slots_finish(&slots);
}

/* ---- by chance ---- */

struct story {
    struct buf in, wanted;
    int open;
};

static void want_link(struct story *s, int slot)
{
    static const char *const links[] = {OUT, IN1, IN2};
    if (slot != s->open)
        buf_add_str(&s->wanted, str_of(links[slot]));
    s->open = slot;
}

static void tell_cell(struct story *s, struct chance *c)
{
    static const char *const cells[] = {
        "a", " ", "z", "e\u0301", "o\u0302\u0323", "\u4e2d", "\U0001f600", "\u2502", "\ufffd"};
    static const char *const marks[] = {"", M1, M2, M240};
    struct str cell = str_of(cells[chance_below(c, COUNT_OF(cells))]);
    size_t slot = chance_below(c, COUNT_OF(marks));
    buf_add_str(&s->in, cell);
    buf_add_str(&s->in, str_of(marks[slot]));
    want_link(s, slot == 3 ? 0 : (int)slot);
    buf_add_str(&s->wanted, cell);
}

static void tell_control(struct story *s, struct chance *c)
{
    static const struct {
        const char *bytes;
        bool goes_on;
    } controls[] = {{"\033[m", true},
                    {"\033[38;5;75;4m", true},
                    {"\033[12;40H", true},
                    {"\033[7d", true},
                    {"\r", true},
                    {"\n", true},
                    {"\b", true},
                    {"\017", true},
                    {"\033(B", true},
                    {"\033[K", false},
                    {"\033[J", false},
                    {"\033[3P", false},
                    {"\033[4l", false},
                    {"\033[?25h", false},
                    {"\t", false},
                    {"\033M", false},
                    {"\0337", false},
                    {"\033]2;t\a", false},
                    {"\033]2;t\033\\", false},
                    {"\033P1;2q\033\\", false},
                    {"\a", false}};
    size_t i = chance_below(c, COUNT_OF(controls));
    buf_add_str(&s->in, str_of(controls[i].bytes));
    if (!controls[i].goes_on)
        want_link(s, 0);
    buf_add_str(&s->wanted, str_of(controls[i].bytes));
}

static void feed_in_pieces(struct link_filter *f, struct str in, struct chance *c,
                           struct buf *out)
{
    while (in.n) {
        size_t n = 1 + chance_below(c, MIN(in.n, (size_t)7));
        link_filter_feed(f, (struct str){in.p, n}, out);
        in = (struct str){in.p + n, in.n - n};
    }
    link_filter_settle(f, out);
}

static void every_cell_leads_where_its_mark_says(void **state)
{
    (void)state;
    struct link_slots slots = {0};
    give_addresses(&slots);
    for (uint64_t seed = 0; seed < 3000; seed++) {
        struct chance c = {.seed = seed};
        struct link_filter f = {.slots = &slots, .combines = combines};
        struct story s = {0};
        struct buf out = {0};
        for (size_t i = chance_below(&c, 60); i > 0; i--)
            if (chance_is(&c, 70))
                tell_cell(&s, &c);
            else
                tell_control(&s, &c);
        want_link(&s, 0);
        feed_in_pieces(&f, buf_str(&s.in), &c, &out);
        if (!str_eq(buf_str(&out), buf_str(&s.wanted)))
            complain("a story", buf_str(&out), buf_str(&s.wanted));
        buf_finish(&out);
        buf_finish(&s.in);
        buf_finish(&s.wanted);
        link_filter_finish(&f);
    }
    link_slots_finish(&slots);
}

/* Any bytes at all: cut in any way they become the same, and without a mark nothing else. */
static void what_holds_no_mark_passes_as_it_is(void **state)
{
    (void)state;
    static const char rich[] = "\033[]P\\;18mHK?\a\r\n()ab\xf3\xa0\x84\x80\x81\xcc\x81\xe4\xff";
    struct link_slots slots = {0};
    give_addresses(&slots);
    for (uint64_t seed = 0; seed < 5000; seed++) {
        struct chance c = {.seed = seed};
        struct link_filter whole = {.slots = &slots, .combines = combines},
                           cut = {.slots = &slots, .combines = combines};
        struct buf in = {0}, out = {0}, again = {0};
        bool plain = chance_is(&c, 50);
        for (size_t i = chance_below(&c, 120); i > 0; i--) {
            char b = chance_is(&c, 80) ? rich[chance_below(&c, sizeof rich)]
                                       : (char)chance_below(&c, 256);
            buf_add_c(&in, plain && b == '\xf3' ? 'x' : b);
        }
        link_filter_feed(&whole, buf_str(&in), &out);
        link_filter_settle(&whole, &out);
        feed_in_pieces(&cut, buf_str(&in), &c, &again);
        if (!str_eq(buf_str(&out), buf_str(&again)))
            complain("cut elsewhere", buf_str(&again), buf_str(&out));
        buf_add_str(&out, buf_str(&whole.part)); /* of a sequence that has no end yet */
        if (plain && !str_eq(buf_str(&out), buf_str(&in)))
            complain("no mark", buf_str(&out), buf_str(&in));
        buf_finish(&in);
        buf_finish(&out);
        buf_finish(&again);
        link_filter_finish(&whole);
        link_filter_finish(&cut);
    }
    link_slots_finish(&slots);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_become_links),
        cmocka_unit_test(a_frame_leaves_no_link_open),
        cmocka_unit_test(every_cell_leads_where_its_mark_says),
        cmocka_unit_test(what_holds_no_mark_passes_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
