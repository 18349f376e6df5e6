#include "text_kit.h"
#include "utf8.h"

#include <stdlib.h>

/* ---- random ---- */

size_t kit_size(struct chance *c, size_t most)
{
    size_t n = most;
    for (size_t halve = chance_below(c, 6); halve > 0 && n > 4; halve--)
        n /= 2;
    return chance_below(c, n + 1);
}

size_t kit_cases(size_t usual)
{
    const char *s = getenv("MOOT_CASES");
    int64_t times = 1;
    if (s && !str_int(str_of(s), 1, 1000000, &times))
        times = 1;
    return usual * (size_t)times;
}

static const char *const rare[] = {
    "\n",
    "\r\n",
    "\t",
    "\"",
    "\\",
    "/",
    "\x01",
    "\x1f",
    "\x7f",
    "\xc2\x80",
    "\xc3\xa9",
    "e\xcc\x81",
    "a\xcc\x81\xcc\xa3\xcd\x9c",
    "\xdf\xbf",
    "\xe0\xa0\x80",
    "\xe4\xb8\xad",
    "\xed\x9f\xbf",
    "\xee\x80\x80",
    "\xef\xbb\xbf",
    "\xef\xbf\xbf",
    "\xf0\x90\x80\x80",
    "\xf0\x9d\x84\x9e",
    "\xf4\x8f\xbf\xbf",
    "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa",
    "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd",
    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7",
    "\xe2\x9d\xa4\xef\xb8\x8f",
    "\xd7\xa9\xd6\xb0",
    "\xe2\x80\xae",
};

void kit_text(struct chance *c, size_t chars, struct buf *out)
{
    size_t foreign = chance_below(c, 3) * 20; /* of a hundred */
    while (chars > 0) {
        bool is_rare = chance_below(c, 100) < foreign;
        char letter[] = {(char)('a' + chance_below(c, 26)), '\0'};
        struct str s = str_of(is_rare ? rare[chance_below(c, COUNT_OF(rare))] : letter);
        uint32_t cp;
        for (size_t n; chars > 0 && (n = utf8_next(s, &cp)) > 0; chars--) {
            buf_add(out, s.p, n);
            s.p += n;
            s.n -= n;
        }
    }
}

void kit_op(struct chance *c, size_t chars, size_t edits, struct op *out)
{
    struct buf text = {0};
    size_t left = chars;
    op_clear(out);
    for (; edits > 0; edits--) {
        size_t skip =
            chance_below(c, 8) ? chance_below(c, MIN(left, 2 * left / edits + 2) + 1) : 0;
        op_skip(out, skip);
        left -= skip;
        buf_clear(&text);
        if (chance_below(c, 5) < 3)
            kit_text(c, 1 + kit_size(c, 12), &text);
        op_insert(out, buf_str(&text));
        size_t n = chance_below(c, 5) < 3 ? kit_size(c, MIN(left, 12)) : 0;
        if (chance_below(c, 200) == 0)
            n = left;
        op_delete(out, n);
        left -= n;
    }
    buf_finish(&text);
}

/* ---- the twin ---- */

void twin_finish(struct twin *t)
{
    vec_finish(t);
}

void twin_clear(struct twin *t)
{
    t->n = 0;
}

void twin_add(struct twin *t, struct str text, uint32_t id)
{
    uint32_t cp;
    for (size_t n; (n = utf8_next(text, &cp)) > 0; id++) {
        vec_push(t, (struct twin_char){id, cp});
        text.p += n;
        text.n -= n;
    }
}

/* What an operation does at each place of a text: what it inserts in front of the code point
 * there, and whether it deletes it. */
struct place {
    struct str inserted;
    uint32_t id; /* of the first code point that is inserted */
    bool is_deleted;
};

static struct place *places_of(const struct op *o, size_t chars, uint32_t id)
{
    struct place *places = mem_new((chars + 1) * sizeof *places);
    struct op_at at = {0};
    struct op_part p;
    size_t i = 0;
    while (op_next(o, &at, &p)) {
        if (p.kind == OP_INSERT) {
            bug_on(places[i].inserted.n);
            places[i].inserted = p.text;
            places[i].id = id;
            id += p.chars;
            continue;
        }
        bug_on(p.chars > chars - i);
        for (size_t end = i + p.chars; i < end; i++)
            places[i].is_deleted = p.kind == OP_DELETE;
    }
    return places;
}

void twin_merge(const struct twin *before, const struct op *left, uint32_t left_id,
                const struct op *right, uint32_t right_id, struct twin *after)
{
    struct place *l = places_of(left, before->n, left_id);
    struct place *r = places_of(right, before->n, right_id);
    twin_clear(after);
    for (size_t i = 0; i <= before->n; i++) {
        twin_add(after, l[i].inserted, l[i].id);
        twin_add(after, r[i].inserted, r[i].id);
        if (i < before->n && !l[i].is_deleted && !r[i].is_deleted)
            vec_push(after, before->v[i]);
    }
    free(l);
    free(r);
}

void twin_apply(const struct twin *before, const struct op *o, uint32_t id, struct twin *after)
{
    static const struct op nothing;
    twin_merge(before, o, id, &nothing, 0, after);
}

static bool *ids_of(const struct twin *t, size_t ids)
{
    bool *has = mem_new(ids);
    for (size_t i = 0; i < t->n; i++)
        has[t->v[i].id] = true;
    return has;
}

static size_t id_end(const struct twin *t)
{
    size_t end = 0;
    for (size_t i = 0; i < t->n; i++)
        end = MAX(end, (size_t)t->v[i].id + 1);
    return end;
}

void twin_diff(const struct twin *from, const struct twin *to, struct op *out)
{
    size_t ids = MAX(id_end(from), id_end(to)), i = 0, j = 0;
    bool *was = ids_of(from, ids), *stays = ids_of(to, ids);
    op_clear(out);
    while (i < from->n || j < to->n) {
        if (j < to->n && !was[to->v[j].id]) {
            char utf8[4];
            op_insert(out, (struct str){utf8, utf8_put(utf8, to->v[j++].cp)});
        } else if (i < from->n && !stays[from->v[i].id]) {
            op_delete(out, 1);
            i++;
        } else {
            bug_on(i == from->n || j == to->n || from->v[i].id != to->v[j].id);
            op_skip(out, 1);
            i++, j++;
        }
    }
    free(was);
    free(stays);
}

void twin_print(const struct twin *t, struct buf *out)
{
    for (size_t i = 0; i < t->n; i++) {
        char utf8[4];
        buf_add(out, utf8, utf8_put(utf8, t->v[i].cp));
    }
}
