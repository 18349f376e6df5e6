/* What a message looks like once its marks are read, and how it is broken into rows. */
#include "chance.h"
#include "markdown.h"
#include "rich.h"
#include "wrap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Rows end with '|', bars are '>', indents '.'; what is more than plain stands in braces with a
 * letter, where it leads behind '='. */
static void spell(const struct rich *r, struct buf *out)
{
    static const char letters[MD_KINDS] = {
        [MD_HEADING] = 'H',  [MD_QUOTE] = 'Q',     [MD_LIST_MARK] = 'L', [MD_BOX_OPEN] = 'o',
        [MD_BOX_DONE] = 'x', [MD_DONE_TEXT] = 'D', [MD_STRONG] = 'S',    [MD_EMPHASIS] = 'E',
        [MD_STRUCK] = '~',   [MD_CODE] = 'C',      [MD_LINK] = 'A',      [MD_CARD] = '#',
        [MD_KEYWORD] = 'K',  [MD_STRING] = 's',    [MD_COMMENT] = 'c',   [MD_NUMBER] = 'n',
        [MD_ADDED] = '+',    [MD_REMOVED] = '-',
    };
    vec_each (l, &r->lines) {
        for (int i = 0; i < l->quote; i++)
            buf_add_c(out, '>');
        for (int i = 0; i < l->indent; i++)
            buf_add_c(out, '.');
        if (l->is_rule)
            buf_fmt(out, "---");
        for (size_t i = l->first; i < l->behind; i++) {
            const struct rich_piece *p = &r->pieces.v[i];
            char letter = p->tone >= TONE_MARKDOWN ? letters[p->tone - TONE_MARKDOWN]
                          : p->tone == TONE_PERSON ? '@'
                          : p->tone == TONE_WARN   ? '!'
                          : p->tone == TONE_DIM    ? 'd'
                                                   : 0;
            if (letter)
                buf_fmt(out, "{%c %.*s", letter, STR_ARG(p->text));
            else
                buf_add_str(out, p->text);
            if (p->goes == GOES_LINK)
                buf_fmt(out, "=%.*s", STR_ARG(p->to));
            if (p->goes == GOES_CARD)
                buf_fmt(out, "=%lld", (long long)p->number);
            if (letter)
                buf_add_c(out, '}');
        }
        buf_add_c(out, '|');
    }
}

static void expect(const char *text, int width, bool ascii, const char *want)
{
    struct rich_want how = {.ascii = ascii, .strokes = ascii, .me = STR("ana")};
    struct rich r = {0}, rows = {0};
    struct buf got = {0};
    rich_read(str_of(text), &how, &r);
    for (size_t i = 0; width && i < r.lines.n; i++)
        rich_wrap(&r, &r.lines.v[i], width, &rows);
    spell(width ? &rows : &r, &got);
    if (!str_is(buf_str(&got), want))
        fail_msg("%s\nlooks like %s\nand not   %s", text, buf_cstr(&got), want);
    rich_finish(&r);
    rich_finish(&rows);
    buf_finish(&got);
}

static void marks_become_looks(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"plain", "plain|"},
        {"", "|"},
        {"a\n\nb\n", "a||b|"},
        {"**bold** and *it* ~~gone~~", "{S bold} and {E it} {~ gone}|"},
        {"`code` ``a ` b`` `` ` ``", "{C code} {C a ` b} {C `}|"},
        {"2 * 3 * 4", "2 * 3 * 4|"},
        {"\\*no\\* \\n a\\", "*no* \\n a\\|"},
        {"# Big *thing*", "{H Big }{H thing}|"},
        {"- one\n  - two\n1. three", "{L \u2022} one|  {L \u2022} two|{L 1.} three|"},
        {"- [x] done", "{L \u2022} {x [x]} {D done}|"},
        {"> said\n> > more", ">{Q said}|>>{Q more}|"},
        {"> **b**", ">{S b}|"},
        {"---", "---|"},
        {"see https://a.b/c.", "see {A https://a.b/c=https://a.b/c}.|"},
        {"[here](https://a.b)", "{A here=https://a.b}{d [1]=https://a.b}|"},
        {"[a](u) [b](v)", "{A a=u}{d [1]=u} {A b=v}{d [2]=v}|"},
        {"on #42 @ben @ana @here", "on {# #42=42} {@ @ben} {! @ana} {! @here}|"},
        {"```c\nint x = 1; // n\n```\nout", "..{K int}{C  x = }{n 1}{C ; }{c // n}|out|"},
        {"```\n**no**\n```", "..{C **no**}|"},
        {"```diff\n+a\n-b\n c\n", "..{+ +a}|..{- -b}|..{C  c}|"},
        {":tada: and :nope: `:tada:`", "\U0001F389 and :nope: {C :tada:}|"},
        {"**:tada:**", "{S \U0001F389}|"},
        {"```", "```|"},
        {"~~~\n~~~", "~~~|~~~|"},
        {"```c\n```\n", "```c|```|"},
        {"#", "#|"},
        {"a\r\n```c\r\nint\r\n```\r\nb\r\n", "a|..{K int}|b|"},
        {"a\rb", "a\rb|"},
        {"\u200b \u200d", "{d (nothing that shows)}|"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        expect(rows[i].text, 0, false, rows[i].want);
}

static void ascii_shows_names(void **state)
{
    (void)state;
    expect("\U0001F389 :tada: caf\u00e9", 0, true, ":tada: :tada: caf\u00e9|");
    expect("- a", 0, true, "{L -} a|");
    expect("not ~~that~~ this", 0, true, "not ~~{~ that}~~ this|");
}

static void rows_break_at_blanks_and_hang_behind_bullets(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int width;
        const char *want;
    } rows[] = {
        {"one two three", 7, "one two|three|"},
        {"one two three", 100, "one two three|"},
        {"onetwothree", 4, "onet|woth|ree|"},
        {"one   two", 4, "one|two|"},
        {"a **bold one** b", 6, "a {S bold}|{S one} b|"},
        {"- one two three", 7, "{L \u2022} one|..two|..three|"},
        {"> one two", 6, ">{Q one}|>{Q two}|"},
        {"```\none two\n```", 6, "..{C one}|..{C two}|"},
        {"\u6f22\u5b57\u6f22", 4, "\u6f22\u5b57|\u6f22|"},
        {"\u6f22", 1, "\u6f22|"},
        {"  indented", 5, "  ind|ented|"},
        {"", 5, "|"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        expect(rows[i].text, rows[i].width, false, rows[i].want);
}

/* Whatever it is: it ends, all of it is shown or known to be a mark, and no row is too wide. */
static void any_text_is_read_and_fits(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "*",
        "_",
        "`",
        "```\n",
        "~~",
        "[",
        "](",
        ")",
        "#1",
        "@ana",
        ":tada:",
        "> ",
        "- ",
        "\n",
        " ",
        "a",
        "word ",
        "\u200b",
        "e\u0301\u0301",
        "\u202e",
        "\x1b",
        "\U0001F469\u200d\U0001F680",
        "https://x.y/",
        "\\",
        "<",
        "&",
        "1. ",
        "# ",
        "---\n",
        "\u6f22",
        "\xff",
    };
    struct chance c = {.seed = 7};
    for (int round = 0; round < 3000; round++) {
        struct buf text = {0};
        struct rich r = {0}, rows = {0};
        struct rich_want want = {.ascii = round % 5 == 0, .me = STR("ana")};
        int width = 1 + (int)chance_below(&c, 40);
        for (int n = (int)chance_below(&c, 60); n > 0; n--)
            buf_add_str(&text, str_of(parts[chance_below(&c, COUNT_OF(parts))]));
        rich_read(buf_str(&text), &want, &r);
        vec_each (l, &r.lines)
            rich_wrap(&r, l, width, &rows);
        vec_each (l, &rows.lines) {
            int used = 0;
            for (size_t i = l->first; i < l->behind; i++)
                used += glyphs_width(rows.pieces.v[i].text);
            /* One glyph may be wider than a narrow row: a control that is spelled out. */
            int room = MAX(width - 2 * l->quote - l->indent, 1);
            if (used > room && used > 32)
                fail_msg("a row of %d columns in %d", used, room);
        }
        rich_finish(&r);
        rich_finish(&rows);
        buf_finish(&text);
    }
}

/* The longest message, all of it marks: nobody waits for it. */
static void long_nonsense_is_linear(void **state)
{
    (void)state;
    static const char *const parts[] = {"*",     "_a_ ", "[",        "`",  "> ",
                                        "@ana ", ":a:",  "~~",       "\n", "\u0301",
                                        "#1 ",   "((((", "http://a "};
    for (size_t k = 0; k < COUNT_OF(parts); k++) {
        struct buf text = {0};
        struct rich r = {0}, rows = {0};
        struct rich_want want = {.me = STR("ana")};
        while (text.n < 16384)
            buf_add_str(&text, str_of(parts[k]));
        rich_read(buf_str(&text), &want, &r);
        vec_each (l, &r.lines)
            rich_wrap(&r, l, 60, &rows);
        assert_true(rows.lines.n <= 16385);
        rich_finish(&r);
        rich_finish(&rows);
        buf_finish(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_become_looks),
        cmocka_unit_test(ascii_shows_names),
        cmocka_unit_test(rows_break_at_blanks_and_hang_behind_bullets),
        cmocka_unit_test(any_text_is_read_and_fits),
        cmocka_unit_test(long_nonsense_is_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
