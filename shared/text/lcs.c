/* A path through the table of a against b: a step right leaves one of a, a step down takes one
 * of b, a diagonal keeps one of both. Two fronts, one from each corner, hold for each diagonal
 * (x - y) how far the best path of so many steps gets; where they meet is a point of a
 * shortest path, and the two halves are done in the same way. */
#include "lcs.h"

#include "mem.h"

#include <stdlib.h>

enum {
    /* After so many steps without meeting, the search goes on from where a front got to. That
     * costs at most about four times as many comparisons for each number of both sides. */
    STEPS_LEAST = 32,
    STEPS_MOST = 4096,
    STEP_COST = 4,
};

/* What is left to compare: a[x..x_end) with b[y..y_end). */
struct box {
    int32_t x, x_end, y, y_end;
};

struct front {
    int32_t *far; /* x by diagonal; negative diagonals too */
    int32_t lo, hi;
};

struct walk {
    const uint32_t *a, *b;
    bool *a_odd, *b_odd;         /* as they are numbered in a and b */
    const uint32_t *a_at, *b_at; /* index there */
    struct front fore, back;
    int32_t steps_max;
    int64_t work; /* comparisons made */
};

struct point {
    int32_t x, y;
};

/* One step more: the front reaches one diagonal further out on each side, as far as the box
 * has them; where it has not, the parity of the diagonals still changes. */
static void widen(struct front *f, int32_t least, int32_t most, int32_t never)
{
    if (f->lo > least)
        f->far[--f->lo - 1] = never;
    else
        f->lo++;
    if (f->hi < most)
        f->far[++f->hi + 1] = never;
    else
        f->hi--;
}

static bool is_within(const struct front *f, int32_t d)
{
    return f->lo <= d && d <= f->hi;
}

/* True when it met the other front; where is in *at. */
static bool step_fore(struct walk *w, const struct box *k, bool can_meet, struct point *at)
{
    struct front *f = &w->fore;
    widen(f, k->x - k->y_end, k->x_end - k->y, -1);
    for (int32_t d = f->hi; d >= f->lo; d -= 2) {
        int32_t x = MAX(f->far[d - 1] + 1, f->far[d + 1]), y = x - d;
        w->work -= x - 1;
        while (x < k->x_end && y < k->y_end && w->a[x] == w->b[y]) {
            x++;
            y++;
        }
        w->work += x;
        f->far[d] = x;
        *at = (struct point){x, y};
        if (can_meet && is_within(&w->back, d) && w->back.far[d] <= x)
            return true;
    }
    return false;
}

static bool step_back(struct walk *w, const struct box *k, bool can_meet, struct point *at)
{
    struct front *f = &w->back;
    widen(f, k->x - k->y_end, k->x_end - k->y, INT32_MAX);
    for (int32_t d = f->hi; d >= f->lo; d -= 2) {
        int32_t x = MIN(f->far[d - 1], f->far[d + 1] - 1), y = x - d;
        w->work += x + 1;
        while (x > k->x && y > k->y && w->a[x - 1] == w->b[y - 1]) {
            x--;
            y--;
        }
        w->work -= x;
        f->far[d] = x;
        *at = (struct point){x, y};
        if (can_meet && is_within(&w->fore, d) && x <= w->fore.far[d])
            return true;
    }
    return false;
}

/* How many numbers of both sides lie between a corner and the point on a front that is
 * furthest from it; that one in *best. Points outside the box are pulled in. */
static int32_t furthest(const struct front *f, const struct box *k, struct point from,
                        struct point *best)
{
    int32_t most = -1;
    for (int32_t d = f->hi; d >= f->lo; d -= 2) {
        int32_t x = MAX(MIN(MIN(f->far[d], k->x_end), k->y_end + d), MAX(k->x, k->y + d));
        int32_t way = abs(x - from.x) + abs(x - d - from.y);
        if (way > most) {
            most = way;
            *best = (struct point){x, x - d};
        }
    }
    return most;
}

static struct point give_up(const struct walk *w, const struct box *k)
{
    struct point fore = {0}, back = {0};
    int32_t a = furthest(&w->fore, k, (struct point){k->x, k->y}, &fore);
    int32_t b = furthest(&w->back, k, (struct point){k->x_end, k->y_end}, &back);
    return a >= b ? fore : back;
}

static struct point middle(struct walk *w, const struct box *k)
{
    int32_t first = k->x - k->y, last = k->x_end - k->y_end;
    bool is_odd = (first - last) & 1;
    struct point at;
    w->fore.lo = w->fore.hi = first;
    w->fore.far[first] = k->x;
    w->back.lo = w->back.hi = last;
    w->back.far[last] = k->x_end;
    for (int32_t steps = 0; steps < w->steps_max; steps++) {
        if (step_fore(w, k, is_odd, &at) || step_back(w, k, !is_odd, &at))
            return at;
    }
    return give_up(w, k);
}

/* What is the same at both ends needs no search. */
static void trim(const struct walk *w, struct box *k)
{
    while (k->x < k->x_end && k->y < k->y_end && w->a[k->x] == w->b[k->y]) {
        k->x++;
        k->y++;
    }
    while (k->x < k->x_end && k->y < k->y_end && w->a[k->x_end - 1] == w->b[k->y_end - 1]) {
        k->x_end--;
        k->y_end--;
    }
}

static void mark(const struct walk *w, struct box k)
{
    for (; k.x < k.x_end; k.x++)
        w->a_odd[w->a_at[k.x]] = true;
    for (; k.y < k.y_end; k.y++)
        w->b_odd[w->b_at[k.y]] = true;
}

static int32_t size(const struct box *k)
{
    return k->x_end - k->x + k->y_end - k->y;
}

/* The smaller half by calling itself, the larger one in the loop: so it nests but log n deep.
 */
static void compare(struct walk *w, struct box k)
{
    for (;;) {
        trim(w, &k);
        if (k.x == k.x_end || k.y == k.y_end) {
            mark(w, k);
            return;
        }
        struct point at = middle(w, &k);
        struct box left = {k.x, at.x, k.y, at.y}, right = {at.x, k.x_end, at.y, k.y_end};
        bug_on(size(&left) == 0 || size(&right) == 0);
        if (size(&left) < size(&right)) {
            compare(w, left);
            k = right;
        } else {
            compare(w, right);
            k = left;
        }
    }
}

/* What the other side has nowhere is marked at once; the rest goes to out, and where it came
 * from to `at`. */
static size_t sift(struct lcs_side s, const bool *in_other, uint32_t *out, uint32_t *at)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        s.odd[i] = !in_other[s.v[i]];
        if (s.odd[i])
            continue;
        out[n] = s.v[i];
        at[n++] = (uint32_t)i;
    }
    return n;
}

static bool *kinds_of(struct lcs_side s, size_t kinds)
{
    bool *in = mem_new(kinds + 1);
    for (size_t i = 0; i < s.n; i++)
        in[s.v[i]] = true;
    return in;
}

static void search(struct walk *w, size_t n, size_t m, int64_t work)
{
    size_t diagonals = n + m + 3;
    int32_t *far = mem_new(2 * diagonals * sizeof *far);
    w->fore.far = far + m + 1;
    w->back.far = far + diagonals + m + 1;
    int64_t steps = work / STEP_COST / (int64_t)(n + m + 1);
    w->steps_max = (int32_t)MIN(MAX(steps, STEPS_LEAST), STEPS_MOST);
    compare(w, (struct box){0, (int32_t)n, 0, (int32_t)m});
    free(far);
}

void lcs(struct lcs_side a, struct lcs_side b, size_t kinds, int64_t *work)
{
    bug_on(a.n >= 1 << 30 || b.n >= 1 << 30);
    uint32_t *numbers = mem_new((a.n + b.n + 1) * 2 * sizeof *numbers);
    uint32_t *a_at = numbers + a.n, *b_v = a_at + a.n, *b_at = b_v + b.n;
    bool *in_a = kinds_of(a, kinds), *in_b = kinds_of(b, kinds);
    size_t n = sift(a, in_b, numbers, a_at), m = sift(b, in_a, b_v, b_at);
    struct walk w = {
        .a = numbers, .b = b_v, .a_odd = a.odd, .b_odd = b.odd, .a_at = a_at, .b_at = b_at};
    search(&w, n, m, *work);
    *work = MAX(*work - w.work, 0);
    free(in_a);
    free(in_b);
    free(numbers);
}
