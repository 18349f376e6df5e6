#include "rope_tree.h"

#include <stdlib.h>
#include <string.h>

struct rope *rope_new(void)
{
    struct rope *r = NEW(struct rope);
    tree_init(r);
    return r;
}

void rope_free(struct rope *r)
{
    if (!r)
        return;
    tree_finish(r);
    free(r);
}

struct rope *rope_of(struct str text)
{
    struct rope *r = rope_new();
    rope_insert(r, 0, text);
    return r;
}

struct rope *rope_copy(const struct rope *r)
{
    struct rope *copy = rope_new();
    for (struct reader at = {.rope = r}; tree_next(&at);)
        rope_insert(copy, rope_chars(copy), at.piece);
    return copy;
}

void rope_set(struct rope *r, struct str text)
{
    tree_finish(r);
    tree_init(r);
    rope_insert(r, 0, text);
}

/* ---- inserting ---- */

/* Puts the finger on a leaf in which, or at the end of which, pos is. */
static void reach(struct rope *r, size_t pos)
{
    if (pos - r->start <= leaf_chars(r->leaf))
        return;
    bug_on(pos > rope_chars(r));
    tree_seek(r, pos);
}

/* Room at the gap of a leaf that is too full. Where the end of it is near, the rest moves on
 * and is edited in front, so that typing leaves full leaves behind. */
static void make_room(struct rope *r)
{
    size_t head = r->leaf->head, tail = LEAF_BYTES - r->leaf->tail;
    if (tail == 0)
        return;
    tree_split(r);
    if (head >= LEAF_BYTES / 2 && tail < LEAF_BYTES / 4)
        tree_step(r);
}

static void insert_much(struct rope *r, struct str text)
{
    bug_on(text.n > UINT32_MAX - rope_bytes(r));
    make_room(r);
    while (text.n > leaf_room(r->leaf)) {
        size_t used = leaf_bytes(r->leaf);
        size_t n = leaf_fitting(text, used < LEAF_FILL ? LEAF_FILL - used : 0);
        leaf_put(r->leaf, (struct str){text.p, n});
        text.p += n;
        text.n -= n;
        if (LEAF_BYTES - r->leaf->tail)
            tree_split(r);
        tree_grow(r);
    }
    leaf_put(r->leaf, text);
}

/* Not inlined, so that the usual key needs no stack frame; delete_anywhere() likewise. */
static __attribute__((noinline)) void insert_anywhere(struct rope *r, size_t pos,
                                                      struct str text)
{
    reach(r, pos);
    if (text.n == 0)
        return;
    leaf_part(r->leaf, pos - r->start);
    if (text.n <= leaf_room(r->leaf))
        leaf_put(r->leaf, text);
    else
        insert_much(r, text);
}

void rope_insert(struct rope *r, size_t pos, struct str text)
{
    /* One key, where the last one was. */
    struct leaf *l = r->leaf;
    if (text.n == 1 && pos - r->start == l->head_chars && leaf_room(l)) {
        l->bytes[l->head++] = *text.p;
        l->head_chars++;
        l->newlines = (uint16_t)(l->newlines + (*text.p == '\n'));
        return;
    }
    insert_anywhere(r, pos, text);
}

/* ---- deleting ---- */

static __attribute__((noinline)) void delete_anywhere(struct rope *r, size_t pos, size_t chars)
{
    bug_on(pos > rope_chars(r) || chars > rope_chars(r) - pos);
    while (chars) {
        if (pos - r->start >= leaf_chars(r->leaf))
            tree_seek(r, pos);
        size_t at = pos - r->start;
        size_t n = MIN(chars, leaf_chars(r->leaf) - at);
        leaf_cut(r->leaf, at, n);
        chars -= n;
    }
}

void rope_delete(struct rope *r, size_t pos, size_t chars)
{
    size_t at = pos - r->start, here = leaf_chars(r->leaf);
    if (at <= here && chars <= here - at)
        leaf_cut(r->leaf, at, chars);
    else
        delete_anywhere(r, pos, chars);
}
