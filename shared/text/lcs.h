/* What two sequences of numbers have in common, in order. */
#ifndef MOOT_LCS_H
#define MOOT_LCS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* n numbers below some bound, and for each whether it is in one sequence only. */
struct lcs_side {
    const uint32_t *v;
    bool *odd; /* n of them, zeroed by the caller, set by lcs() */
    size_t n;
};

/* Marks what has to leave a and enter b; what is left unmarked is the same in both. It is the
 * least that does it (Myers 1986, in linear space) unless that takes more comparisons than
 * *work, from which those made are taken off; then it is somewhat more, and *work is passed by
 * a small multiple of the lengths at most. `kinds`: all numbers are below. Each side has fewer
 * than 2^30. */
void lcs(struct lcs_side a, struct lcs_side b, size_t kinds, int64_t *work);

#endif
