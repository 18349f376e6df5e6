/* Runs of moot against a real server, as rows: what is typed, and what must come of it. */
#ifndef MOOT_TEST_STEPS_H
#define MOOT_TEST_STEPS_H

#include "server_rig.h"

#define COUNT_OF(a) (sizeof(a) / sizeof(*(a)))

struct world {
    struct server_rig rig;
    struct person me, ana;
};

/* For cmocka: a server and two people for each test. */
int set_up(void **state);
int tear_down(void **state);

/* Runs moot with the words of line, which are parted by '|'. */
void moot(const struct person *p, struct run *r, const char *line, const char *input);

/* One run and what must come of it. out "~x" means that x stands somewhere; NULL anything. */
struct step {
    bool as_ana;
    const char *line, *input;
    int status;
    const char *out, *err;
};
void walk(struct world *w, const struct step *steps, size_t n);

#define WALK(w, ...)                                                                           \
    walk(w, (const struct step[]){__VA_ARGS__}, COUNT_OF(((const struct step[]){__VA_ARGS__})))

#endif
