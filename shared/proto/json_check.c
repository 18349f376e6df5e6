#include "json_check.h"
#include "bounds.h"
#include "utf8.h"

#include <string.h>

struct scan {
    struct str all, rest;
    int depth;
    struct err *err;
};

static bool bad(struct scan *s, const char *why)
{
    return fail(s->err, ERR_MALFORMED, "the frame is malformed at byte %zu: %s",
                s->all.n - s->rest.n, why);
}

static void skip(struct scan *s, size_t n)
{
    s->rest.p += n;
    s->rest.n -= n;
}

/* The next byte, 0 at the end (a NUL in the text is refused wherever it stands). */
static char peek(const struct scan *s)
{
    return s->rest.n ? s->rest.p[0] : '\0';
}

static bool take(struct scan *s, char c)
{
    if (peek(s) != c)
        return false;
    skip(s, 1);
    return true;
}

static void skip_space(struct scan *s)
{
    while (s->rest.n && strchr(" \t\r\n", s->rest.p[0]) && s->rest.p[0])
        skip(s, 1);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool skip_digits(struct scan *s)
{
    bool any = false;
    for (; is_digit(peek(s)); any = true)
        skip(s, 1);
    return any;
}

static bool check_number(struct scan *s)
{
    take(s, '-');
    if (!take(s, '0') && !skip_digits(s))
        return bad(s, "not a number");
    if (take(s, '.') && !skip_digits(s))
        return bad(s, "a number ends in a dot");
    if (take(s, 'e') || take(s, 'E')) {
        if (!take(s, '-'))
            take(s, '+');
        if (!skip_digits(s))
            return bad(s, "a number ends in its exponent's mark");
    }
    return true;
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdefABCDEF";
    const char *at = c ? strchr(digits, c) : NULL;
    int i = at ? (int)(at - digits) : -1;
    return i > 15 ? i - 6 : i;
}

/* The four hex digits behind \u; -1 if they are not. */
static int take_hex4(struct scan *s)
{
    int v = 0;
    for (int i = 0; i < 4; i++) {
        int d = hex_digit(peek(s));
        if (d < 0)
            return -1;
        v = v << 4 | d;
        skip(s, 1);
    }
    return v;
}

static bool check_escape(struct scan *s)
{
    char c = peek(s);
    if (c && strchr("\"\\/bfnrt", c)) {
        skip(s, 1);
        return true;
    }
    if (!take(s, 'u'))
        return bad(s, "unknown escape in a string");
    int v = take_hex4(s);
    if (v < 0)
        return bad(s, "\\u needs four hex digits");
    if (v == 0)
        return bad(s, "NUL in a string");
    bool high = v >= 0xd800 && v < 0xdc00, low = v >= 0xdc00 && v < 0xe000;
    if (high) {
        int w = take(s, '\\') && take(s, 'u') ? take_hex4(s) : -1;
        low = w < 0xdc00 || w >= 0xe000;
    }
    return low ? bad(s, "half of a surrogate pair in a string") : true;
}

static bool check_string(struct scan *s)
{
    if (!take(s, '"'))
        return bad(s, "a string is missing");
    while (s->rest.n) {
        unsigned char c = (unsigned char)s->rest.p[0];
        uint32_t cp;
        size_t n = c < 0x80 ? 1 : utf8_next(s->rest, &cp);
        if (n == 0)
            return bad(s, "not UTF-8");
        if (c < 0x20)
            return bad(s, "control character in a string, not escaped");
        skip(s, n);
        if (c == '"')
            return true;
        if (c == '\\' && !check_escape(s))
            return false;
    }
    return bad(s, "a string does not end");
}

static bool check_value(struct scan *s);

static bool check_member(struct scan *s)
{
    skip_space(s);
    if (!check_string(s))
        return false;
    skip_space(s);
    if (!take(s, ':'))
        return bad(s, "':' is missing");
    return check_value(s);
}

/* Behind the opening bracket: items with commas between them, then the closing one. */
static bool check_items(struct scan *s, char close, bool (*item)(struct scan *))
{
    if (++s->depth > JSON_DEPTH_MAX)
        return fail(s->err, ERR_MALFORMED,
                    "the frame is nested too deeply, at most %d levels are allowed",
                    JSON_DEPTH_MAX);
    skip_space(s);
    if (!take(s, close)) {
        do {
            if (!item(s))
                return false;
            skip_space(s);
        } while (take(s, ','));
        if (!take(s, close))
            return bad(s, close == '}' ? "',' or '}' is missing" : "',' or ']' is missing");
    }
    s->depth--;
    return true;
}

static bool check_word(struct scan *s, const char *word)
{
    if (!str_starts(s->rest, word))
        return bad(s, "not a value");
    skip(s, strlen(word));
    return true;
}

static bool no_value(struct scan *s)
{
    if (s->rest.n == 0)
        return bad(s, "a value is missing");
    if (str_starts(s->rest, "\xef\xbb\xbf"))
        return bad(s, "a byte order mark may not stand here");
    return bad(s, "not a value");
}

static bool check_value(struct scan *s)
{
    skip_space(s);
    switch (peek(s)) {
    case '{':
        skip(s, 1);
        return check_items(s, '}', check_member);
    case '[':
        skip(s, 1);
        return check_items(s, ']', check_value);
    case '"':
        return check_string(s);
    case 't':
        return check_word(s, "true");
    case 'f':
        return check_word(s, "false");
    case 'n':
        return check_word(s, "null");
    case '-':
        return check_number(s);
    default:
        return is_digit(peek(s)) ? check_number(s) : no_value(s);
    }
}

bool json_check(struct str text, struct err *e)
{
    struct scan s = {.all = text, .rest = text, .err = e};
    if (!check_value(&s))
        return false;
    skip_space(&s);
    return s.rest.n == 0 || bad(&s, "something follows the end");
}
