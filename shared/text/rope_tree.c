#include "rope_tree.h"

#include <stdlib.h>
#include <string.h>

/* Nodes with fewer children join a neighbour if both fit into three quarters of one. */
enum { NODE_SMALL = NODE_CHILDREN / 2 };

static struct leaf *new_leaf(struct rope *r)
{
    r->leaves++;
    return leaf_new();
}

static struct node *new_node(struct rope *r)
{
    struct node *node = mem_grow(NULL, sizeof *node);
    node->n = 0;
    r->nodes++;
    return node;
}

static void free_leaf(struct rope *r, struct leaf *l)
{
    r->leaves--;
    free(l);
}

static void free_node(struct rope *r, struct node *node)
{
    r->nodes--;
    free(node);
}

void tree_init(struct rope *r)
{
    *r = (struct rope){0};
    r->root = r->leaf = new_leaf(r);
}

static void free_below(struct rope *r, void *top, size_t height)
{
    if (height == 0) {
        free_leaf(r, top);
        return;
    }
    struct node *node = top;
    for (size_t i = 0; i < node->n; i++)
        free_below(r, node->child[i], height - 1);
    free_node(r, node);
}

void tree_finish(struct rope *r)
{
    free_below(r, r->root, r->height);
    *r = (struct rope){0};
}

/* ---- sums; the counts wrap, so that adding takes away too ---- */

static void sum_add(struct sum *to, const struct sum *more)
{
    for (size_t u = 0; u < UNITS; u++)
        to->of[u] += more->of[u];
}

static void sum_take(struct sum *from, const struct sum *less)
{
    for (size_t u = 0; u < UNITS; u++)
        from->of[u] -= less->of[u];
}

static struct sum node_sum(const struct node *node)
{
    struct sum sum = {0};
    for (size_t u = 0; u < UNITS; u++) {
        for (size_t i = 0; i < node->n; i++)
            sum.of[u] += node->count[u][i];
    }
    return sum;
}

static void count_set(struct node *node, size_t slot, const struct sum *to)
{
    for (size_t u = 0; u < UNITS; u++)
        node->count[u][slot] = to->of[u];
}

static void count_add(struct node *node, size_t slot, const struct sum *more)
{
    for (size_t u = 0; u < UNITS; u++)
        node->count[u][slot] += more->of[u];
}

/* What the leaf under the finger counts more than the nodes above it know. */
static struct sum unknown(const struct rope *r)
{
    struct sum sum = leaf_sum(r->leaf);
    sum_take(&sum, &r->was);
    return sum;
}

size_t tree_total(const struct rope *r, enum unit unit)
{
    return r->total.of[unit] + leaf_sum(r->leaf).of[unit] - r->was.of[unit];
}

static void tell(struct rope *r)
{
    struct sum more = unknown(r);
    for (size_t level = 0; level < r->height; level++)
        count_add(r->path[level].node, r->path[level].slot, &more);
    sum_add(&r->total, &more);
    r->was = leaf_sum(r->leaf);
}

/* ---- children of a node ---- */

/* Makes room for n children at a slot, or closes the gap of n there. */
static void node_shift(struct node *node, size_t from, size_t to)
{
    size_t n = node->n - from;
    for (size_t u = 0; u < UNITS; u++)
        memmove(node->count[u] + to, node->count[u] + from, n * sizeof *node->count[u]);
    memmove(node->child + to, node->child + from, n * sizeof *node->child);
    node->n = (uint32_t)(to + n);
}

static void node_put(struct node *node, size_t slot, void *child, const struct sum *sum)
{
    node_shift(node, slot, slot + 1);
    node->child[slot] = child;
    count_set(node, slot, sum);
}

/* Moves the children from a slot on to the end of another node. */
static void node_move(struct node *from, size_t slot, struct node *to)
{
    size_t n = from->n - slot;
    for (size_t u = 0; u < UNITS; u++)
        memcpy(to->count[u] + to->n, from->count[u] + slot, n * sizeof *from->count[u]);
    memcpy(to->child + to->n, from->child + slot, n * sizeof *from->child);
    to->n += (uint32_t)n;
    from->n = (uint32_t)slot;
}

/* ---- growing ---- */

/* A new root above the old one. */
static void heighten(struct rope *r)
{
    bug_on(r->height == DEPTH_MAX);
    struct node *root = new_node(r);
    node_put(root, 0, r->root, &r->total);
    r->path[r->height++] = (struct step){root, 0};
    r->root = root;
}

/* Cuts the full node of the path in two, the one above having a free slot. A node that is
 * full because it grows at its end keeps more, so that texts written from front to back leave
 * full nodes behind. */
static void split_node(struct rope *r, size_t level)
{
    struct step *step = &r->path[level], *above = &r->path[level + 1];
    struct node *right = new_node(r);
    size_t at = step->slot == NODE_CHILDREN - 1 ? NODE_CHILDREN * 3 / 4 : NODE_CHILDREN / 2;
    node_move(step->node, at, right);
    struct sum left_sum = node_sum(step->node), right_sum = node_sum(right);
    count_set(above->node, above->slot, &left_sum);
    node_put(above->node, above->slot + 1, right, &right_sum);
    if (step->slot >= at) {
        *step = (struct step){right, step->slot - (uint32_t)at};
        above->slot++;
    }
}

/* Gives the node of the path a free slot. */
static void make_place(struct rope *r, size_t level)
{
    if (level < r->height && r->path[level].node->n < NODE_CHILDREN)
        return;
    if (level >= r->height) {
        heighten(r);
        return;
    }
    make_place(r, level + 1);
    split_node(r, level);
}

/* Puts a leaf behind the finger. */
static void attach(struct rope *r, struct leaf *l)
{
    tell(r);
    make_place(r, 0);
    struct sum sum = leaf_sum(l);
    node_put(r->path[0].node, r->path[0].slot + 1, l, &sum);
    for (size_t level = 1; level < r->height; level++)
        count_add(r->path[level].node, r->path[level].slot, &sum);
    sum_add(&r->total, &sum);
}

void tree_step(struct rope *r)
{
    tell(r);
    r->start += leaf_chars(r->leaf);
    r->leaf = r->path[0].node->child[++r->path[0].slot];
    r->was = leaf_sum(r->leaf);
}

void tree_grow(struct rope *r)
{
    attach(r, new_leaf(r));
    tree_step(r);
}

void tree_split(struct rope *r)
{
    struct leaf *right = new_leaf(r);
    leaf_move_tail(r->leaf, right);
    attach(r, right);
}

/* ---- shrinking ---- */

static void drop_child(struct node *node, size_t slot)
{
    node_shift(node, slot + 1, slot);
}

/* Two neighbours of a node have become one: the count of the right one goes to the left. */
static void join_counts(struct node *node, size_t slot)
{
    for (size_t u = 0; u < UNITS; u++)
        node->count[u][slot] += node->count[u][slot + 1];
    drop_child(node, slot + 1);
}

static bool join_leaves(struct rope *r, struct node *node, size_t slot)
{
    const uint32_t *bytes = node->count[UNIT_BYTES];
    if (slot + 1 >= node->n || bytes[slot] + bytes[slot + 1] > LEAF_FILL)
        return false;
    leaf_append(node->child[slot], node->child[slot + 1]);
    free_leaf(r, node->child[slot + 1]);
    join_counts(node, slot);
    return true;
}

static bool join_nodes(struct rope *r, struct node *node, size_t slot)
{
    if (slot + 1 >= node->n)
        return false;
    struct node *left = node->child[slot], *right = node->child[slot + 1];
    if (left->n + right->n > NODE_CHILDREN * 3 / 4)
        return false;
    node_move(right, 0, left);
    free_node(r, right);
    join_counts(node, slot);
    return true;
}

/* The nodes of the path from a level on: the lower one has lost a child. */
static void settle_nodes(struct rope *r)
{
    for (size_t level = 0; level + 1 < r->height; level++) {
        struct node *node = r->path[level].node;
        if (node->n >= NODE_SMALL)
            return;
        struct step above = r->path[level + 1];
        if (node->n == 0) {
            drop_child(above.node, above.slot);
            free_node(r, node);
        } else if (!join_nodes(r, above.node, above.slot) &&
                   (above.slot == 0 || !join_nodes(r, above.node, above.slot - 1))) {
            return;
        }
    }
}

static void lower(struct rope *r)
{
    while (r->height) {
        struct node *root = r->root;
        if (root->n > 1)
            return;
        r->root = root->child[0];
        r->height--;
        free_node(r, root);
    }
}

/* The finger is about to leave: its leaf joins a neighbour if both fit into one, an empty one
 * goes. The path is of no use afterwards. */
static void settle(struct rope *r)
{
    if (r->height == 0)
        return;
    struct node *node = r->path[0].node;
    uint32_t slot = r->path[0].slot;
    if (leaf_bytes(r->leaf) == 0) {
        free_leaf(r, r->leaf);
        drop_child(node, slot);
    } else if (!join_leaves(r, node, slot) && (slot == 0 || !join_leaves(r, node, slot - 1))) {
        return;
    }
    settle_nodes(r);
    lower(r);
}

/* ---- finding ---- */

/* The child in which unit number *want is, or the last one; *want is counted from there then.
 */
static uint32_t node_slot(const struct node *node, enum unit unit, size_t *want)
{
    const uint32_t *count = node->count[unit];
    uint32_t i = 0;
    for (; i + 1 < node->n && *want >= count[i]; i++)
        *want -= count[i];
    return i;
}

void tree_seek(struct rope *r, size_t pos)
{
    tell(r);
    settle(r);
    void *at = r->root;
    size_t left = pos;
    for (size_t level = r->height; level-- > 0;) {
        struct node *node = at;
        uint32_t slot = node_slot(node, UNIT_CHARS, &left);
        r->path[level] = (struct step){node, slot};
        at = node->child[slot];
    }
    r->leaf = at;
    r->start = pos - left;
    r->was = leaf_sum(r->leaf);
}

static struct sum finger_start(const struct rope *r)
{
    struct sum sum = {0};
    for (size_t level = 0; level < r->height; level++) {
        const struct step *step = &r->path[level];
        for (size_t u = 0; u < UNITS; u++) {
            for (size_t i = 0; i < step->slot; i++)
                sum.of[u] += step->node->count[u][i];
        }
    }
    return sum;
}

/* As the nodes know it. */
static struct place descend(const struct rope *r, enum unit unit, size_t want)
{
    struct place p = {0};
    const void *at = r->root;
    for (size_t level = r->height; level-- > 0;) {
        const struct node *node = at;
        uint32_t slot = node_slot(node, unit, &want);
        for (size_t u = 0; u < UNITS; u++) {
            for (uint32_t i = 0; i < slot; i++)
                p.before.of[u] += node->count[u][i];
        }
        at = node->child[slot];
    }
    p.leaf = at;
    return p;
}

struct place tree_find(const struct rope *r, enum unit unit, size_t want)
{
    struct place finger = {r->leaf, finger_start(r)};
    size_t start = finger.before.of[unit];
    if (want < start)
        return descend(r, unit, want);
    size_t here = leaf_sum(r->leaf).of[unit];
    if (want - start < here)
        return finger;
    struct place p = descend(r, unit, want - here + r->was.of[unit]);
    if (p.leaf != r->leaf) {
        struct sum more = unknown(r);
        sum_add(&p.before, &more);
    }
    return p;
}

/* ---- for tests ---- */

static bool check_below(const struct rope *r, const void *top, size_t height, struct sum *sum,
                        size_t leaves_nodes[2])
{
    if (height == 0) {
        const struct leaf *l = top;
        *sum = l == r->leaf ? r->was : leaf_sum(l);
        leaves_nodes[0]++;
        return leaf_check(l) && (leaf_bytes(l) || l == r->leaf || r->height == 0);
    }
    const struct node *node = top;
    bool is_sound = node->n > 0 && node->n <= NODE_CHILDREN;
    leaves_nodes[1]++;
    *sum = node_sum(node);
    for (size_t i = 0; is_sound && i < node->n; i++) {
        struct sum below;
        is_sound = check_below(r, node->child[i], height - 1, &below, leaves_nodes);
        for (size_t u = 0; u < UNITS; u++)
            is_sound = is_sound && below.of[u] == node->count[u][i];
    }
    return is_sound;
}

static bool check_finger(const struct rope *r)
{
    const void *at = r->root;
    for (size_t level = r->height; level-- > 0;) {
        const struct step *step = &r->path[level];
        if (step->node != at || step->slot >= step->node->n)
            return false;
        at = step->node->child[step->slot];
    }
    return at == r->leaf && r->start == finger_start(r).of[UNIT_CHARS];
}

bool tree_check(const struct rope *r)
{
    struct sum sum;
    size_t leaves_nodes[2] = {0};
    return r->height <= DEPTH_MAX && check_finger(r) &&
           check_below(r, r->root, r->height, &sum, leaves_nodes) &&
           memcmp(&sum, &r->total, sizeof sum) == 0 && leaves_nodes[0] == r->leaves &&
           leaves_nodes[1] == r->nodes;
}
