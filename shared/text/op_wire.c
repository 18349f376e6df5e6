/* The text form of operations: a JSON array of numbers, strings and {"d":n}. */
#include "op_word.h"
#include "utf8.h"

#include <string.h>

/* ---- printing ---- */

static size_t digits(uint32_t n)
{
    size_t i = 1;
    for (; n >= 10; n /= 10)
        i++;
    return i;
}

static void add_number(struct buf *out, uint32_t n)
{
    size_t len = digits(n);
    buf_reserve(out, len);
    for (size_t i = len; i-- > 0; n /= 10)
        out->p[out->n + i] = (char)('0' + n % 10);
    out->n += len;
}

/* What stands behind the backslash, 'u' for four hex digits; 0: the byte stands as it is. */
static char escape_of(char c)
{
    switch (c) {
    case '"':
    case '\\':
        return c;
    case '\b':
        return 'b';
    case '\t':
        return 't';
    case '\n':
        return 'n';
    case '\f':
        return 'f';
    case '\r':
        return 'r';
    default:
        return (unsigned char)c < 0x20 ? 'u' : 0;
    }
}

/* Bytes of the first code point of s, which is not empty, in the text form. */
static size_t printed(struct str s, size_t *n)
{
    char escape = escape_of(s.p[0]);
    *n = op_offset(s, 1);
    return !escape ? *n : escape == 'u' ? 6 : 2;
}

static void add_escape(struct buf *out, char c)
{
    char escape = escape_of(c);
    buf_add_c(out, '\\');
    buf_add_c(out, escape);
    if (escape != 'u')
        return;
    buf_add(out, "00", 2);
    buf_add_c(out, (char)('0' + (c >> 4)));
    buf_add_c(out, "0123456789abcdef"[c & 15]);
}

static void add_string(struct buf *out, struct str s)
{
    size_t from = 0;
    buf_add_c(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (!escape_of(s.p[i]))
            continue;
        buf_add(out, s.p + from, i - from);
        add_escape(out, s.p[i]);
        from = i + 1;
    }
    buf_add(out, s.p + from, s.n - from);
    buf_add_c(out, '"');
}

void op_print(const struct op *o, struct buf *out)
{
    struct op_at at = {0};
    struct op_part part;
    buf_add_c(out, '[');
    for (bool is_first = true; op_next(o, &at, &part); is_first = false) {
        if (!is_first)
            buf_add_c(out, ',');
        if (part.kind == OP_INSERT) {
            add_string(out, part.text);
        } else if (part.kind == OP_SKIP) {
            add_number(out, part.chars);
        } else {
            buf_add_str(out, STR("{\"d\":"));
            add_number(out, part.chars);
            buf_add_c(out, '}');
        }
    }
    buf_add_c(out, ']');
}

/* ---- splitting ---- */

/* The front so far. A skip is held until something behind it fits as well. */
struct cut {
    struct op *front;
    size_t room;     /* bytes left */
    size_t held;     /* code points of the skip in front of this part */
    size_t produced; /* code points skipped and inserted by the front */
};

/* Takes bytes for the held skip and a part, each with the comma or bracket behind it. */
static bool cut_takes(struct cut *c, size_t bytes)
{
    size_t need = bytes + 1 + (c->held ? digits((uint32_t)c->held) + 1 : 0);
    if (need > c->room)
        return false;
    c->room -= need;
    op_skip(c->front, c->held);
    c->produced += c->held;
    c->held = 0;
    return true;
}

/* As much of the text as fits; returns how many bytes of it that is. */
static size_t cut_text(struct cut *c, struct str s)
{
    size_t held = c->held ? digits((uint32_t)c->held) + 1 : 0, fixed = held + 3, used = 0,
           i = 0;
    for (size_t n, more; i < s.n; i += n, used += more) {
        more = printed((struct str){s.p + i, s.n - i}, &n);
        if (fixed + used + more > c->room)
            break;
    }
    if (i == 0 || !cut_takes(c, used + 2))
        return 0;
    struct str part = {s.p, i};
    op_insert(c->front, part);
    c->produced += utf8_chars(part);
    return i;
}

/* False when the part did not fit, or not all of it; then the part is what is left. */
static bool cut_part(struct cut *c, struct op_part *part)
{
    if (part->kind == OP_SKIP) {
        c->held += part->chars;
    } else if (part->kind == OP_DELETE) {
        if (!cut_takes(c, digits(part->chars) + strlen("{\"d\":}")))
            return false;
        op_delete(c->front, part->chars);
    } else {
        size_t n = cut_text(c, part->text);
        part->text.p += n;
        part->text.n -= n;
        return part->text.n == 0;
    }
    return true;
}

static void add_part(struct op *o, const struct op_part *part)
{
    if (part->kind == OP_SKIP)
        op_skip(o, part->chars);
    else if (part->kind == OP_INSERT)
        op_insert(o, part->text);
    else
        op_delete(o, part->chars);
}

void op_split(const struct op *o, size_t wire, struct op *front, struct op *rest)
{
    bug_on(wire < 64 || front == o || rest == o || front == rest);
    op_clear(front);
    op_clear(rest);
    struct cut c = {.front = front, .room = wire - 1};
    struct op_at at = {0};
    struct op_part part;
    while (op_next(o, &at, &part)) {
        if (cut_part(&c, &part))
            continue;
        op_skip(rest, c.produced + c.held);
        do {
            add_part(rest, &part);
        } while (op_next(o, &at, &part));
    }
}

/* ---- parsing ---- */

struct scan {
    struct str all, rest;
    struct op *out;
    size_t part;    /* number of the one being read, from 1 */
    uint64_t chars; /* consumed so far */
    uint64_t inserted;
    struct err *err;
};

static bool bad(struct scan *s, const char *why)
{
    return fail(s->err, ERR_BAD_FIELD, "the operation is wrong at byte %zu, in part %zu: %s",
                s->all.n - s->rest.n, s->part, why);
}

static void skip(struct scan *s, size_t n)
{
    s->rest.p += n;
    s->rest.n -= n;
}

/* The next byte; 0 at the end, and for a NUL, which is right nowhere. */
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
    while (peek(s) == ' ' || peek(s) == '\t' || peek(s) == '\n' || peek(s) == '\r')
        skip(s, 1);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool parse_number(struct scan *s, uint32_t *out)
{
    uint32_t n = 0;
    size_t i = 0;
    for (; i < s->rest.n && is_digit(s->rest.p[i]) && n <= NOTE_MAX; i++)
        n = n * 10 + (uint32_t)(s->rest.p[i] - '0');
    char after = i < s->rest.n ? s->rest.p[i] : '\0';
    bool is_whole = after != '.' && after != 'e' && after != 'E';
    if (i == 0 || s->rest.p[0] == '0' || n > NOTE_MAX || !is_whole)
        return fail(
            s->err, ERR_BAD_FIELD,
            "the operation is wrong at byte %zu: the number of part %zu is no whole one "
            "from 1 to %d",
            s->all.n - s->rest.n, s->part, NOTE_MAX);
    skip(s, i);
    *out = n;
    return true;
}

static int hex_digit(char c)
{
    if (is_digit(c))
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four hex digits of \u; -1 if they are not. */
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

/* Behind \u. A pair of surrogates is one code point. */
static bool parse_hex(struct scan *s)
{
    int v = take_hex4(s);
    if (v < 0)
        return bad(s, "\\u needs four hex digits");
    if (v == 0)
        return bad(s, "NUL in a string");
    if (v >= 0xd800 && v < 0xdc00) {
        int low = take(s, '\\') && take(s, 'u') ? take_hex4(s) : -1;
        v = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((v - 0xd800) << 10) + low - 0xdc00 : -1;
    }
    char utf8[4];
    size_t n = v < 0 ? 0 : utf8_put(utf8, (uint32_t)v);
    if (n == 0)
        return bad(s, "half of a surrogate pair in a string");
    buf_add(&s->out->text, utf8, n);
    return true;
}

static bool parse_escape(struct scan *s)
{
    static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    if (take(s, 'u'))
        return parse_hex(s);
    const char *at = peek(s) ? strchr(names, peek(s)) : NULL;
    if (!at)
        return bad(s, "unknown escape in a string");
    skip(s, 1);
    buf_add_c(&s->out->text, bytes[at - names]);
    return true;
}

/* Bytes that stand for themselves: all but '"', '\' and what may not stand in a string. */
static size_t plain_run(struct str s)
{
    size_t i = 0;
    while (i < s.n) {
        unsigned char c = (unsigned char)s.p[i];
        uint32_t cp;
        size_t n = 1;
        if (c >= 0x80)
            n = utf8_next((struct str){s.p + i, s.n - i}, &cp);
        else if (c < 0x20 || c == '"' || c == '\\')
            n = 0;
        if (n == 0)
            break;
        i += n;
    }
    return i;
}

static bool bad_byte(struct scan *s)
{
    if (s->rest.n == 0)
        return bad(s, "a string does not end");
    if (peek(s) == '\0')
        return bad(s, "NUL in a string");
    return bad(s, (unsigned char)peek(s) < 0x20 ? "control character in a string, not escaped"
                                                : "not UTF-8");
}

/* Behind the opening quote; appends to the text of the operation. */
static bool parse_string(struct scan *s)
{
    for (;;) {
        size_t n = plain_run(s->rest);
        buf_add(&s->out->text, s->rest.p, n);
        skip(s, n);
        if (take(s, '"'))
            return true;
        if (!take(s, '\\'))
            return bad_byte(s);
        if (!parse_escape(s))
            return false;
    }
}

static bool parse_insert(struct scan *s)
{
    struct op *o = s->out;
    size_t start = o->text.n;
    if (!parse_string(s))
        return false;
    size_t n = o->text.n - start;
    if (n == 0)
        return bad(s, "an empty string");
    size_t chars = utf8_chars((struct str){o->text.p + start, n});
    s->inserted += chars;
    if (s->inserted > NOTE_MAX)
        return fail(
            s->err, ERR_BAD_FIELD,
            "part %zu of the operation makes it insert %llu code points, at most %d are "
            "allowed",
            s->part, (unsigned long long)s->inserted, NOTE_MAX);
    op_reserve(o, 2);
    o->parts[o->n++] = word(OP_INSERT, chars);
    o->parts[o->n++] = word(WORD_BYTES, n);
    return true;
}

static bool parse_length(struct scan *s, enum op_kind kind)
{
    uint32_t n = 0;
    if (!parse_number(s, &n))
        return false;
    s->chars += n;
    if (s->chars > NOTE_MAX)
        return fail(s->err, ERR_BAD_FIELD,
                    "part %zu of the operation ends at code point %llu, a text has at most %d",
                    s->part, (unsigned long long)s->chars, NOTE_MAX);
    op_reserve(s->out, 1);
    s->out->parts[s->out->n++] = word(kind, n);
    return true;
}

/* Behind the opening brace. */
static bool parse_delete(struct scan *s)
{
    struct buf *text = &s->out->text;
    size_t start = text->n;
    skip_space(s);
    if (!take(s, '"'))
        return bad(s, "an object has the key \"d\"");
    if (!parse_string(s))
        return false;
    bool is_known = text->n == start + 1 && text->p[start] == 'd';
    text->n = start;
    if (!is_known)
        return bad(s, "an object has no key but \"d\"");
    skip_space(s);
    if (!take(s, ':'))
        return bad(s, "':' is missing");
    skip_space(s);
    if (!parse_length(s, OP_DELETE))
        return false;
    skip_space(s);
    return take(s, '}') || bad(s, "an object has one key, \"d\", and ends with '}'");
}

/* Kind of the part that was read last; WORD_BYTES in front of the first. */
static uint32_t last_kind(const struct op *o)
{
    if (o->n == 0)
        return WORD_BYTES;
    uint32_t kind = word_kind(o->parts[o->n - 1]);
    return kind == WORD_BYTES ? OP_INSERT : kind;
}

static bool parse_part(struct scan *s)
{
    uint32_t before = last_kind(s->out);
    bool good;
    s->part++;
    skip_space(s);
    if (take(s, '"'))
        good = parse_insert(s);
    else if (take(s, '{'))
        good = parse_delete(s);
    else if (is_digit(peek(s)) || peek(s) == '-')
        good = parse_length(s, OP_SKIP);
    else
        return bad(s, "a part is a number, a string or {\"d\":n}");
    if (!good)
        return false;
    uint32_t kind = last_kind(s->out);
    if (kind == before)
        return bad(s, "two neighbours of one kind are one part");
    if (kind == OP_INSERT && before == OP_DELETE)
        return bad(s, "an insertion stands in front of a deletion at the same place");
    return true;
}

static bool parse_parts(struct scan *s)
{
    skip_space(s);
    if (!take(s, '['))
        return bad(s, "an operation is an array");
    skip_space(s);
    if (!take(s, ']')) {
        do {
            if (!parse_part(s))
                return false;
            skip_space(s);
        } while (take(s, ','));
        if (!take(s, ']'))
            return bad(s, "',' or ']' is missing");
        if (last_kind(s->out) == OP_SKIP)
            return bad(s, "a skip at the end is left out");
    }
    skip_space(s);
    return s->rest.n == 0 || bad(s, "something follows the end");
}

bool op_parse(struct op *o, struct str json, size_t max, struct err *e)
{
    op_clear(o);
    if (json.n > max)
        return fail(e, ERR_TOO_LARGE, "the operation has %zu bytes, at most %zu are allowed",
                    json.n, max);
    struct scan s = {.all = json, .rest = json, .out = o, .err = e};
    if (parse_parts(&s))
        return true;
    op_clear(o);
    return false;
}
