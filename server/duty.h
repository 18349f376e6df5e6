/* What mootd does besides serving: one row a word of the command line. */
#ifndef MOOT_DUTY_H
#define MOOT_DUTY_H

#include "opts.h"

struct duty {
    const char *name;
    const char *args; /* as the usage shows them; empty for none */
    size_t words_min, words_max;
    const char *sentence; /* for --help */
    const char *doc;      /* for the manual, mdoc */
    /* Does it, with what it found on stdout. */
    bool (*run)(const struct server_opts *o, char *const words[], size_t n, struct err *e);
};

extern const struct duty duties[];
extern const size_t duty_count;

/* Finds the duty that words[0] names and checks how many words follow it. */
const struct duty *duty_find(char *const words[], size_t n, struct err *e);

/* The duties as --help shows them, and as an mdoc list. */
void duty_help(struct buf *out);
void duty_mdoc(struct buf *out);

#endif
