#include "hist.h"

#include "mem.h"

#include <assert.h>

#define DECADE(k)                                                                              \
    100 * (k) / 10, 125 * (k) / 10, 160 * (k) / 10, 200 * (k) / 10, 250 * (k) / 10,            \
        315 * (k) / 10, 400 * (k) / 10, 500 * (k) / 10, 630 * (k) / 10, 800 * (k) / 10
static const uint64_t bounds[] = {DECADE(1),     DECADE(10),     DECADE(100),     DECADE(1000),
                                  DECADE(10000), DECADE(100000), DECADE(1000000), 100000000};
static_assert(COUNT_OF(bounds) == HIST_BOUNDS, "a bound for each cell but the last");

uint64_t hist_bound(size_t i)
{
    return bounds[i];
}

void hist_add(struct hist *h, uint64_t value)
{
    size_t low = 0, high = HIST_BOUNDS;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (value <= bounds[mid])
            high = mid;
        else
            low = mid + 1;
    }
    h->cells[low]++;
    h->n++;
    h->sum += value;
}

struct hist hist_since(const struct hist *now, const struct hist *then)
{
    struct hist d = {.n = now->n - then->n, .sum = now->sum - then->sum};
    for (size_t i = 0; i < HIST_CELLS; i++)
        d.cells[i] = now->cells[i] - then->cells[i];
    return d;
}

uint64_t hist_quantile(const struct hist *h, double q)
{
    double wanted = q * (double)h->n, seen = 0;
    if (h->n == 0)
        return 0;
    for (size_t i = 0; i < HIST_BOUNDS; i++) {
        double here = (double)h->cells[i];
        if (here > 0 && seen + here >= wanted) {
            double from = i ? (double)bounds[i - 1] : 0, to = (double)bounds[i];
            return (uint64_t)(from + (to - from) * (wanted - seen) / here);
        }
        seen += here;
    }
    return bounds[HIST_BOUNDS - 1];
}
