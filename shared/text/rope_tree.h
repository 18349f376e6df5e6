/* The tree over the leaves of a rope, and the finger.
 *
 *     struct rope ── root ── … ── bottom node ── leaf (bytes)
 *
 * A node holds, for each child, how many code points, bytes and newlines are below it. All
 * leaves are equally deep; a text of one leaf has no node. The finger is the leaf edited last
 * and the way to it from the root. Only that leaf is ever written to, and its edits are not
 * entered into the nodes above before the finger leaves: until then they hold what the leaf
 * counted when the finger came (`was`). tree_find() makes up for that, so reading needs no
 * writing. When the finger leaves, a leaf that has become small joins a neighbour; so the
 * leaf under the finger may be empty, and no other is, unless it is the only one. */
#ifndef MOOT_ROPE_TREE_H
#define MOOT_ROPE_TREE_H

#include "rope.h"
#include "rope_leaf.h"

enum {
    NODE_CHILDREN = 32,
    DEPTH_MAX = 12, /* a node has at least two children, most have many more */
};

struct node {
    uint32_t n;
    uint32_t count[UNITS][NODE_CHILDREN];
    void *child[NODE_CHILDREN]; /* nodes, or leaves in the bottom ones */
};

struct rope {
    struct leaf *leaf; /* the finger */
    size_t start;      /* code points in front of it */
    struct sum was;    /* what the nodes above hold of it */
    struct sum total;  /* of the text, with `was` for the finger */
    size_t height;     /* levels of nodes; 0 is the bottom one */
    void *root;        /* a node, or the only leaf */
    struct step {
        struct node *node;
        uint32_t slot;
    } path[DEPTH_MAX];    /* by level: the finger is below child[slot] of node */
    size_t leaves, nodes; /* that exist */
};

/* Into an empty rope, and out of any. */
void tree_init(struct rope *r);
void tree_finish(struct rope *r);

/* What the text counts now. */
size_t tree_total(const struct rope *r, enum unit unit);

/* Puts the finger on the leaf of the code point at pos; at the end of the text, on the last. */
void tree_seek(struct rope *r, size_t pos);
/* A new, empty leaf behind the finger, which moves there. */
void tree_grow(struct rope *r);
/* Moves what is behind the gap of the finger's leaf to a new leaf; the finger stays. */
void tree_split(struct rope *r);
/* To the next leaf of the same node, which there is after the two above. */
void tree_step(struct rope *r);

/* A leaf, and what is in front of it. */
struct place {
    const struct leaf *leaf;
    struct sum before;
};
/* The leaf in which unit number `want` is, counted from 0; the last one when there are not
 * that many. */
struct place tree_find(const struct rope *r, enum unit unit, size_t want);

/* Reads a text piece by piece from pos on. */
struct reader {
    const struct rope *rope;
    size_t pos;       /* behind the piece */
    struct str piece; /* borrowed until the rope changes */
    size_t chars;     /* of it */
};
/* The next piece; false at the end. */
bool tree_next(struct reader *at);

/* Sums, sizes, order, finger. */
bool tree_check(const struct rope *r);

#endif
