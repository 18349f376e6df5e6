#include "op_word.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

/* Behind the last part: at the end, or in front of a skip with nothing behind it. */
static bool at_end(const struct op *o, size_t i)
{
    return i >= o->n || (i + 1 == o->n && word_kind(o->parts[i]) == OP_SKIP);
}

bool op_next(const struct op *o, struct op_at *at, struct op_part *part)
{
    if (at_end(o, at->word))
        return false;
    uint32_t w = o->parts[at->word++];
    *part = (struct op_part){.kind = (enum op_kind)word_kind(w), .chars = word_n(w)};
    if (part->kind == OP_INSERT) {
        part->text = (struct str){o->text.p + at->byte, word_n(o->parts[at->word++])};
        at->byte += part->text.n;
    }
    return true;
}

size_t op_offset(struct str text, size_t chars)
{
    size_t i = 0;
    while (i < text.n && chars > 0) {
        unsigned char c = (unsigned char)text.p[i];
        i += c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
        chars--;
    }
    return i;
}

/* ---- building ---- */

void op_reserve(struct op *o, size_t words)
{
    bug_on(words > SIZE_MAX / 16);
    size_t need = o->n + words;
    if (need <= o->cap)
        return;
    size_t cap = o->cap ? o->cap : 16;
    while (cap < need)
        cap *= 2;
    o->parts = mem_grow(o->parts, cap * sizeof *o->parts);
    o->cap = cap;
}

/* What kind the word is that stands `back` words in front of the end; -1: there is none. */
static int kind_back(const struct op *o, size_t back)
{
    return o->n < back ? -1 : (int)word_kind(o->parts[o->n - back]);
}

static void add_plain(struct op *o, enum op_kind kind, size_t chars)
{
    if (chars == 0)
        return;
    if (kind_back(o, 1) == (int)kind) {
        uint32_t *last = &o->parts[o->n - 1];
        *last = word(kind, MIN(chars, WORD_MAX) + (uint64_t)word_n(*last));
        return;
    }
    op_reserve(o, 1);
    o->parts[o->n++] = word(kind, chars);
}

void op_skip(struct op *o, size_t chars)
{
    add_plain(o, OP_SKIP, chars);
}

void op_delete(struct op *o, size_t chars)
{
    add_plain(o, OP_DELETE, chars);
}

void op_insert(struct op *o, struct str text)
{
    if (text.n == 0)
        return;
    bug_on(text.n > WORD_MAX - o->text.n);
    size_t chars = utf8_chars(text);
    buf_add_str(&o->text, text);

    op_reserve(o, 2);
    bool behind_delete = kind_back(o, 1) == OP_DELETE;
    uint32_t *end = o->parts + o->n - behind_delete;
    if (kind_back(o, 1 + behind_delete) == WORD_BYTES) {
        end[-2] += (uint32_t)chars;
        end[-1] += (uint32_t)text.n;
        return;
    }
    if (behind_delete)
        end[2] = end[0];
    end[0] = word(OP_INSERT, chars);
    end[1] = word(WORD_BYTES, text.n);
    o->n += 2;
}

void op_clear(struct op *o)
{
    o->n = 0;
    buf_clear(&o->text);
}

void op_finish(struct op *o)
{
    free(o->parts);
    buf_finish(&o->text);
    *o = (struct op){0};
}

void op_copy(struct op *to, const struct op *from)
{
    bug_on(to == from);
    op_clear(to);
    op_reserve(to, from->n);
    if (from->n)
        memcpy(to->parts, from->parts, from->n * sizeof *to->parts);
    to->n = from->n;
    buf_add_str(&to->text, buf_str(&from->text));
}

void op_swap(struct op *a, struct op *b)
{
    struct op was = *a;
    *a = *b;
    *b = was;
}

/* ---- facts ---- */

/* Words without a skip at the end. */
static size_t words(const struct op *o)
{
    return o->n - (kind_back(o, 1) == OP_SKIP);
}

bool op_is_empty(const struct op *o)
{
    return words(o) == 0;
}

bool op_eq(const struct op *a, const struct op *b)
{
    size_t n = words(a);
    return n == words(b) && (n == 0 || memcmp(a->parts, b->parts, n * sizeof *a->parts) == 0) &&
           str_eq(buf_str(&a->text), buf_str(&b->text));
}

size_t op_parts(const struct op *o)
{
    size_t n = words(o), parts = 0;
    for (size_t i = 0; i < n; i++)
        parts += word_kind(o->parts[i]) != WORD_BYTES;
    return parts;
}

static size_t sum_of(const struct op *o, uint32_t kind)
{
    size_t n = words(o), sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += word_kind(o->parts[i]) == kind ? word_n(o->parts[i]) : 0;
    return sum;
}

size_t op_consumed(const struct op *o)
{
    return sum_of(o, OP_SKIP) + sum_of(o, OP_DELETE);
}

size_t op_inserted(const struct op *o)
{
    return sum_of(o, OP_INSERT);
}

size_t op_deleted(const struct op *o)
{
    return sum_of(o, OP_DELETE);
}

size_t op_result(const struct op *o, size_t chars)
{
    return chars + op_inserted(o) - op_deleted(o);
}

/* ---- checks ---- */

/* Valid UTF-8 without NUL. */
static bool is_text(struct str s)
{
    uint32_t cp;
    for (size_t i = 0, n; i < s.n; i += n) {
        unsigned char c = (unsigned char)s.p[i];
        n = c > 0 && c < 0x80 ? 1 : utf8_next((struct str){s.p + i, s.n - i}, &cp);
        if (c == 0 || n == 0)
            return false;
    }
    return true;
}

bool op_check(const struct op *o, size_t chars, struct err *e)
{
    uint64_t consumed = 0, inserted = 0, deleted = 0;
    struct op_at at = {0};
    struct op_part p;
    for (size_t i = 1; op_next(o, &at, &p); i++) {
        if (p.kind == OP_INSERT) {
            inserted += p.chars;
            if (!is_text(p.text))
                return fail(e, ERR_BAD_FIELD,
                            "part %zu of the operation inserts what is not UTF-8 without NUL",
                            i);
            continue;
        }
        consumed += p.chars;
        deleted += p.kind == OP_DELETE ? p.chars : 0;
        if (consumed > chars)
            return fail(e, ERR_BAD_FIELD,
                        "part %zu of the operation ends at code point %llu, the text has %zu",
                        i, (unsigned long long)consumed, chars);
    }
    uint64_t after = chars - deleted + inserted;
    if (inserted && after > NOTE_MAX)
        return fail(e, ERR_LIMIT,
                    "the text would have %llu code points, at most %d are allowed",
                    (unsigned long long)after, NOTE_MAX);
    return true;
}

static bool insertion_is_sound(const struct op *o, size_t i, size_t byte)
{
    if (i + 1 >= o->n || word_kind(o->parts[i + 1]) != WORD_BYTES)
        return false;
    size_t n = word_n(o->parts[i + 1]);
    if (n == 0 || n > o->text.n - byte)
        return false;
    struct str text = {o->text.p + byte, n};
    return utf8_is_valid(text) && utf8_chars(text) == word_n(o->parts[i]);
}

bool op_is_sound(const struct op *o)
{
    uint32_t before = WORD_BYTES;
    size_t byte = 0;
    if (o->n > o->cap)
        return false;
    for (size_t i = 0; i < o->n; i++) {
        uint32_t kind = word_kind(o->parts[i]);
        bool in_order = kind != before && !(kind == OP_INSERT && before == OP_DELETE);
        if (!in_order || kind == WORD_BYTES || word_n(o->parts[i]) == 0)
            return false;
        if (kind == OP_INSERT) {
            if (!insertion_is_sound(o, i, byte))
                return false;
            byte += word_n(o->parts[++i]);
        }
        before = kind;
    }
    return byte == o->text.n;
}
