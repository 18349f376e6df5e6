/* What each byte of a line is, by a letter under it. */
#include "chance.h"
#include "markdown.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

static char letter(enum md_kind kind)
{
    static const char letters[MD_KINDS] = {
        [MD_PLAIN] = '.',    [MD_HEADING] = 'H',  [MD_QUOTE] = 'Q',     [MD_LIST_MARK] = 'L',
        [MD_BOX_OPEN] = 'o', [MD_BOX_DONE] = 'x', [MD_DONE_TEXT] = 'D', [MD_STRONG] = 'S',
        [MD_EMPHASIS] = 'E', [MD_STRUCK] = '~',   [MD_CODE] = 'C',      [MD_FENCE] = 'F',
        [MD_LINK] = 'A',     [MD_MARKUP] = 'm',   [MD_RULE] = 'R',      [MD_CARD] = '#',
        [MD_USER] = '@',
    };
    return letters[kind];
}

/* The letters of a line; spans must be in order, not empty, and inside it. */
static void spell(struct str line, struct md_state *state, struct buf *out)
{
    struct md_spans spans = {0};
    size_t end = 0;
    markdown_line(line, state, &spans);
    for (size_t i = 0; i < line.n; i++)
        buf_add_c(out, '.');
    vec_each (s, &spans.spans) {
        assert_true(s->start >= end && s->start < s->end && s->end <= line.n);
        assert_true(s->kind > MD_PLAIN && s->kind < MD_KINDS);
        memset(out->p + s->start, letter(s->kind), s->end - s->start);
        end = s->end;
    }
    vec_finish(&spans.spans);
}

static void a_line_is_read_as_it_will_look(void **state)
{
    (void)state;
    static const struct {
        const char *line, *kinds;
    } rows[] = {
        {"", ""},
        {"plain, so", "........."},
        {"# Title", "m.HHHHH"},
        {"###### T", "mmmmmm.H"},
        {"####### T", "........."},
        {"#", "m"},
        {"#no", "..."},
        {"# a *b* c", "m.HHmHmHH"},
        {"> quoted", "QQQQQQQQ"},
        {"> > a `b`", "QQQQQQCCC"},
        {"> **b** c", "QQmmSmmQQ"},
        {"- a", "L.."},
        {"  * a", "..L.."},
        {"+ a", "L.."},
        {"-a", ".."},
        {"-", "L"},
        {"12. a", "LLL.."},
        {"1) a", "LL.."},
        {"1234567890. a", "............."},
        {"1.5 a", "....."},
        {"> - a", "QQL.Q"},
        {"- [ ] do", "L.ooo..."},
        {"- [x] did it", "L.xxx.DDDDDD"},
        {"- [X] a `b` #4", "L.xxx.DDCCCD##"},
        {"- [x] **b**", "L.xxx.mmDmm"},
        {"- [x](u)", "L.mAmmmm"},
        {"1. [ ] a", "LL.ooo.."},
        {"[ ] a", "....."},
        {"---", "RRR"},
        {"* * *", "RRRRR"},
        {"___ ", "RRRR"},
        {"--", ".."},
        {"a `b` c", "..CCC.."},
        {"``a`b``", "CCCCCCC"},
        {"a `b c", "......"},
        {"``a`", "...."},
        {"`*a*`", "CCCCC"},
        {"*a*", "mEm"},
        {"_a_", "mEm"},
        {"**a**", "mmSmm"},
        {"__a__", "mmSmm"},
        {"***a***", "mmmSmmm"},
        {"~~a~~", "mm~mm"},
        {"~a~", "..."},
        {"**a *b***", "mmSSmEmmm"},
        {"*a **b***", "mEEmmSmmm"},
        {"**a `*` b**", "mmSSCCCSSmm"},
        {"*a", ".."},
        {"**a*", "...."},
        {"2 * 3 * 4", "........."},
        {"* a*", "L..."},
        {"snake_case_is", "............."},
        {"_a_b", "...."},
        {"a*b*c", ".mEm."},
        {"****", "RRRR"},
        {"a ****", "......"},
        {"\\*a*", "...."},
        {"\\\\*a*", "..mEm"},
        {"*a\\*", "...."},
        {"a\\", ".."},
        {"*a `b* c`", "...CCCCCC"},
        {"[a](b)", "mAmmmm"},
        {"see [a b](http://c) x", "....mAAAmmmmmmmmmmm.."},
        {"[a] (b)", "......."},
        {"[a](b c)", "........"},
        {"[a](b", "....."},
        {"[[a](b)", ".mAmmmm"},
        {"[](b)", "mmmmm"},
        {"http://a.b/c_d?e=f", "AAAAAAAAAAAAAAAAAA"},
        {"(see https://a.b).", ".....AAAAAAAAAAA.."},
        {"https://a/(b)", "AAAAAAAAAAAAA"},
        {"<http://a>", ".AAAAAAAA."},
        {"xhttp://a", "........."},
        {"http://", "......."},
        {"*http://a*", "mAAAAAAAAm"},
        {"#42", "###"},
        {"see #42, #7.", "....###..##."},
        {"a#42", "...."},
        {"##42", "...."},
        {"#42a", "...."},
        {"#0", ".."},
        {"#1234567890", "..........."},
        {"(#1)", ".##."},
        {"@ana", "@@@@"},
        {"hi @ana-b.", "...@@@@@@."},
        {"ana@example.org", "..............."},
        {"@ a", "..."},
        {"@-a", "..."},
        {"@abcdefghijklmnopqrstuvwxyz0123456", ".................................."},
        {"\xc3\xa9*\xc3\xa9*", "..mEEm"},
        {"a ```b", "......"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct md_state s = {0};
        struct buf is = {0};
        spell(str_of(rows[i].line), &s, &is);
        if (!str_is(buf_str(&is), rows[i].kinds))
            fail_msg("\n%s\n%s, not\n%s", rows[i].line, buf_cstr(&is), rows[i].kinds);
        buf_finish(&is);
    }
}

static void a_link_leads_to_what_is_behind_it_or_to_itself(void **state)
{
    (void)state;
    static const struct {
        const char *line, *to[3];
    } rows[] = {
        {"https://a/b", {"https://a/b"}},
        {"x https://a, https://b.", {"https://a", "https://b"}},
        {"[x](https://a)", {"https://a"}},
        {"[x](https://a)[y](https://b)", {"https://a", "https://b"}},
        {"[x](https://a)https://b", {"https://a", "https://b"}},
        {"https://a[x](https://b)", {"https://a[x](https://b)"}},
        {"[https://a](https://b)", {"https://b"}},
        {"[x]()", {"x"}},
        {"[x](y)", {"y"}},
        {"*https://a* b", {"https://a"}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct md_state s = {0};
        struct md_spans spans = {0};
        struct str line = str_of(rows[i].line);
        size_t n = 0;
        markdown_line(line, &s, &spans);
        for (size_t k = 0; k < spans.spans.n; k++) {
            if (spans.spans.v[k].kind != MD_LINK)
                continue;
            struct str to = markdown_address(line, &spans, k);
            if (n == 3 || !rows[i].to[n] || !str_is(to, rows[i].to[n]))
                fail_msg("%s: link %zu leads to %.*s", rows[i].line, n, STR_ARG(to));
            n++;
        }
        assert_true(n == 3 || !rows[i].to[n]);
        vec_finish(&spans.spans);
    }
}

static void fences_go_over_lines(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        char kind;
    } rows[] = {
        {"a", '.'},     {"```c", 'F'}, {"# no title", 'C'}, {"``", 'C'},   {"~~~", 'C'},
        {"``` x", 'C'}, {"", '.'},     {"  ````  ", 'F'},   {"a", '.'},    {"~~~ `x`", 'F'},
        {"```", 'C'},   {"~~~~", 'F'}, {"`````", 'F'},      {"````", 'C'}, {"`````", 'F'},
        {"b", '.'},     {"  - ", 'L'},
    };
    struct md_state line = {0}, skipped = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf is = {0};
        spell(str_of(rows[i].line), &line, &is);
        markdown_skip(str_of(rows[i].line), &skipped);
        char kind = is.n ? is.p[is.n / 2] : '.';
        if (kind != rows[i].kind)
            fail_msg("line %zu, \"%s\": %c", i, rows[i].line, kind);
        assert_memory_equal(&line, &skipped, sizeof line);
        buf_finish(&is);
    }
}

/* Pieces that make a reader look ahead, over and over, for what never comes. */
static const char *const hostile[] = {
    "*",
    "**a",
    "*a **b ",
    "_",
    "_a ",
    "[",
    "[a](",
    "![",
    "`",
    "`a``b```c",
    "`` ",
    "~~",
    "~~a ",
    "\\",
    "http://",
    "http://a ",
    "#1",
    "#",
    "@a",
    "@",
    "> ",
    "- ",
    "*a `",
    "](",
    "[a](b",
    "***a ",
    "h",
    "(",
    "\xe4\xb8\xad*",
    "1. ",
};

/* The time is a minute with what is quadratic, and milliseconds with what is not. */
static void hostile_lines_take_linear_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(hostile); i++) {
        struct buf line = {0}, is = {0};
        struct md_state s = {0};
        while (line.n < 256 * 1024)
            buf_add_str(&line, str_of(hostile[i]));
        spell(buf_str(&line), &s, &is);
        buf_finish(&line);
        buf_finish(&is);
    }
}

static void any_line_gives_spans_in_order(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20000; seed++) {
        struct chance c = {.seed = seed};
        struct md_state s = {0};
        struct buf line = {0}, is = {0};
        for (size_t n = chance_below(&c, 16); n > 0; n--)
            buf_add_str(&line, chance_is(&c, 30)
                                   ? STR(" x")
                                   : str_of(hostile[chance_below(&c, COUNT_OF(hostile))]));
        spell(buf_str(&line), &s, &is);
        buf_finish(&line);
        buf_finish(&is);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_read_as_it_will_look),
        cmocka_unit_test(a_link_leads_to_what_is_behind_it_or_to_itself),
        cmocka_unit_test(fences_go_over_lines),
        cmocka_unit_test(hostile_lines_take_linear_time),
        cmocka_unit_test(any_line_gives_spans_in_order),
    };
    return cmocka_run_group_tests_name("markdown", tests, NULL, NULL);
}
