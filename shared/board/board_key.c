/* Fractional keys: strings of digits 0-9A-Za-z, read as fractions in base 62, sort by bytes.
 *
 * Halving the gap each time costs a digit for every six insertions, and people do not insert at
 * random: they append, or put things on top, or always below the same card. So a key that is
 * free on one side counts instead of halving. The run of z (upwards) or 0 (downwards) at its
 * front says how wide the counter behind it is, run + 2 digits: 3,800 keys of two digits, then
 * 230,000 of four, and so on. Between two keys the same counting goes on behind what they have
 * in common. When a key gets long that way, halving takes over for what is left. */
#include "board.h"

#include <string.h>

enum {
    BASE = 62,
    MIDDLE = BASE / 2,
    ROOMY_MAX = 32, /* a longer key is made by halving */
    DIGITS_MAX = 2 * BOARD_KEY_MAX + 8,
};

struct digits {
    unsigned char v[DIGITS_MAX];
    size_t n;
};

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 36;
    return -1;
}

bool board_key_is_valid(struct str key)
{
    if (key.n == 0 || key.n > BOARD_KEY_MAX || key.p[key.n - 1] == '0')
        return false;
    for (size_t i = 0; i < key.n; i++) {
        if (digit_of(key.p[i]) < 0)
            return false;
    }
    return true;
}

static struct digits digits_of(struct str key)
{
    struct digits d = {.n = key.n};
    for (size_t i = 0; i < key.n; i++)
        d.v[i] = (unsigned char)digit_of(key.p[i]);
    return d;
}

/* What stands behind the first n digits. */
static struct digits tail_of(const struct digits *d, size_t n)
{
    struct digits t = {.n = d->n - n};
    memcpy(t.v, d->v + n, t.n);
    return t;
}

static struct digits head_and(const struct digits *d, size_t n, struct digits tail)
{
    struct digits r = {.n = n};
    memcpy(r.v, d->v, n);
    size_t more = MIN(tail.n, DIGITS_MAX - n);
    memcpy(r.v + n, tail.v, more);
    r.n += more;
    return r;
}

static struct digits one_digit(int digit)
{
    return (struct digits){.v = {(unsigned char)digit}, .n = 1};
}

static void strip(struct digits *d)
{
    while (d->n && d->v[d->n - 1] == 0)
        d->n--;
}

static size_t run_of(const struct digits *d, unsigned char digit)
{
    size_t run = 0;
    while (run < d->n && d->v[run] == digit)
        run++;
    return run;
}

/* The next count above d, with no bound above. */
static struct digits count_up(const struct digits *d)
{
    if (d->n == 0)
        return one_digit(MIDDLE);
    size_t run = run_of(d, BASE - 1);
    struct digits r = *d;
    r.n = MIN(2 * run + 2, (size_t)DIGITS_MAX);
    if (r.n > d->n)
        memset(r.v + d->n, 0, r.n - d->n);
    size_t i = r.n - 1;
    while (r.v[i] == BASE - 1)
        r.v[i--] = 0;
    r.v[i]++;
    strip(&r);
    return r;
}

/* The next count below d, which is above zero. */
static struct digits count_down(const struct digits *d)
{
    if (d->n == 0)
        return one_digit(MIDDLE);
    size_t run = run_of(d, 0);
    struct digits r = *d;
    r.n = MIN(2 * run + 2, (size_t)DIGITS_MAX);
    if (r.n > d->n)
        memset(r.v + d->n, 0, r.n - d->n);
    size_t i = r.n - 1;
    while (r.v[i] == 0)
        r.v[i--] = BASE - 1;
    r.v[i]--;
    if (r.v[run] == 0) /* one more zero in front: as many digits as its counter is wide */
        while (r.n < MIN(2 * run + 4, (size_t)DIGITS_MAX))
            r.v[r.n++] = BASE - 1;
    strip(&r);
    return r;
}

/* The shortest about half-way above d, with no bound above. */
static struct digits halve_up(const struct digits *d)
{
    size_t run = run_of(d, BASE - 1);
    int digit = run < d->n ? d->v[run] : 0;
    return head_and(d, run, one_digit((digit + BASE) / 2));
}

/* The shortest about half-way between zero and d. */
static struct digits halve_down(const struct digits *d)
{
    size_t run = run_of(d, 0);
    if (run == d->n)
        return head_and(d, run, one_digit(MIDDLE));
    if (d->v[run] > 1)
        return head_and(d, run, one_digit(d->v[run] / 2));
    if (d->n > run + 1)
        return head_and(d, run + 1, (struct digits){0});
    struct digits zero_and_half = {.v = {0, MIDDLE}, .n = 2};
    return head_and(d, run, zero_and_half);
}

typedef struct digits step_fn(const struct digits *d);

/* Both ends given. What they have in common stands in front of the result. */
static struct digits between(const struct digits *low, const struct digits *high, step_fn *up,
                             step_fn *down)
{
    size_t same = 0;
    while (same < low->n && same < high->n && low->v[same] == high->v[same])
        same++;
    struct digits rest;
    if (same == low->n) {
        rest = tail_of(high, same);
        return head_and(low, same, down(&rest));
    }
    int a = low->v[same], b = high->v[same];
    if (b - a >= 2)
        return head_and(low, same, one_digit((a + b) / 2));
    if (high->n > same + 1)
        return head_and(high, same + 1, (struct digits){0});
    rest = tail_of(low, same + 1);
    return head_and(low, same + 1, up(&rest));
}

static struct digits choose(const struct digits *low, const struct digits *high, step_fn *up,
                            step_fn *down)
{
    if (high->n == 0)
        return up(low);
    if (low->n == 0)
        return down(high);
    return between(low, high, up, down);
}

bool board_key_between(struct str low, struct str high, char *out, struct err *e)
{
    if ((low.n && !board_key_is_valid(low)) || (high.n && !board_key_is_valid(high)))
        return fail(e, ERR_BAD_FIELD,
                    "an order key has 1 to %d digits 0-9A-Za-z, the last not 0", BOARD_KEY_MAX);
    if (low.n && high.n && str_cmp(low, high) >= 0)
        return fail(e, ERR_BAD_FIELD, "order keys %.*s and %.*s leave nothing between them",
                    STR_ARG(low), STR_ARG(high));
    struct digits a = digits_of(low), b = digits_of(high);
    struct digits r = choose(&a, &b, count_up, count_down);
    if (r.n > ROOMY_MAX)
        r = choose(&a, &b, halve_up, halve_down);
    if (r.n > BOARD_KEY_MAX)
        return fail(e, ERR_LIMIT,
                    "there is no room left between these two cards: move one of "
                    "them away and back first");
    for (size_t i = 0; i < r.n; i++)
        out[i] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[r.v[i]];
    out[r.n] = '\0';
    return true;
}
