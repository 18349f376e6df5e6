/* Options: one table serves the command line, the environment, the config file, --help,
 * completion and the manual. */
#ifndef MOOT_OPT_H
#define MOOT_OPT_H

#include "err.h"

enum opt_kind {
    OPT_FLAG,     /* bool; on the command line --name or --no-name, in a file yes or no */
    OPT_INT,      /* int64_t, min..max */
    OPT_STR,      /* const char *, min..max bytes; borrowed from argv or owned by the set */
    OPT_DURATION, /* int64_t milliseconds; written 500ms, 30s, 5m, 12h, 7d; min..max in ms */
    OPT_SIZE,     /* int64_t bytes; written 512, 64k, 16M, 2G */
};

struct opt {
    const char *name; /* long name; also the key in a config file */
    char letter;      /* short name, or 0 */
    enum opt_kind kind;
    size_t offset; /* of the member in the caller's struct */
    int64_t min, max;
    const char *fallback; /* text form of the default; NULL: left as it is */
    const char *arg;      /* what the manual calls the value: PATH, URL; NULL for flags */
    const char *env;      /* variable that gives it, or NULL */
    bool in_file;         /* may stand in a config file */
    const char *doc;      /* one sentence or two, for --help and the manual */
};

/* A table and who gave each value. Later sources do not override earlier, stronger ones. */
enum opt_source {
    OPT_FROM_DEFAULT,
    OPT_FROM_SYSTEM_FILE,
    OPT_FROM_USER_FILE,
    OPT_FROM_ENV,
    OPT_FROM_ARGV
};

enum { OPT_ROWS_MAX = 96 };

struct opt_set {
    const struct opt *rows;
    size_t n;
    void *values;                       /* the caller's struct */
    unsigned char source[OPT_ROWS_MAX]; /* by row: enum opt_source */
    struct arena arena;                 /* owns strings that did not come from argv */
};

/* Sets every member to its default. At most OPT_ROWS_MAX rows. */
void opt_init(struct opt_set *s, const struct opt *rows, size_t n, void *values);
void opt_finish(struct opt_set *s);

/* Sets one option from text; ignored when a stronger source gave it already. The error names
 * the option, the bound and what is allowed. */
bool opt_put(struct opt_set *s, struct str name, struct str value, enum opt_source from,
             struct err *e);
/* Reads the variables that the rows name. */
bool opt_read_env(struct opt_set *s, struct err *e);
/* Takes options off argv wherever they stand, up to "--": --name value, --name=value, -x value,
 * -xvalue, clustered flags. What is left (the words) is moved to the front in order; *n_words
 * says how many, argv[0] not counted, "--" removed. */
bool opt_read_argv(struct opt_set *s, int argc, char **argv, int *n_words, struct err *e);
/* As opt_read_argv, but stops at the first word: for "moot --server X send --help". */
bool opt_read_argv_front(struct opt_set *s, int argc, char **argv, int *first_word,
                         struct err *e);

/* The row with that name; NULL if there is none. */
const struct opt *opt_find(const struct opt_set *s, struct str name);
/* Appends the table as --help shows it. */
void opt_help(struct buf *out, const struct opt *rows, size_t n);
/* Appends the table as mdoc list items; file_only leaves out what cannot stand in a file. */
void opt_mdoc(struct buf *out, const struct opt *rows, size_t n, bool file_only);

/* Which of n names the value of an option is; -1 with an error that lists them all. */
int opt_which(const char *option, struct str value, const char *const *names, size_t n,
              struct err *e);
/* "30s" to milliseconds; "2G" to bytes. */
bool opt_duration(struct str s, int64_t *ms);
bool opt_size(struct str s, int64_t *bytes);

#endif
