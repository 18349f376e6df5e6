/* The table of verbs: dispatch, help, completion and the manual are read off it. */
#ifndef MOOT_VERB_H
#define MOOT_VERB_H

#include "opt.h"

struct cli;

struct verb {
    const char *path;    /* "task add": noun and verb; "send": a verb alone */
    const char *words;   /* what follows: "ROOM TEXT...", "[ROOM]"; "" for nothing */
    const char *options; /* names out of verb_option_rows, parted by spaces; "" for none */
    bool room_by_option; /* ROOM may be left out where an option or variable names it */
    bool (*run)(struct cli *c, struct err *e);
    const char *doc; /* one sentence */
};

/* In place of an option's own words. */
struct verb_option_doc {
    const char *verb, *option, *doc;
};

extern const struct verb verb_table[];
extern const struct verb_option_doc verb_option_docs[];
extern const size_t verb_option_doc_count;
extern const size_t verb_count;
extern const struct opt verb_option_rows[];
extern const size_t verb_option_count;

/* How many words a verb takes; most is SIZE_MAX when the last may repeat. */
void verb_arity(const struct verb *v, size_t *least, size_t *most);

/* Does the verb take this option of its own? */
bool verb_takes(const struct verb *v, const char *option);

/* The verb that the words begin with, the longest path that fits; *used words are its path.
 * NULL if there is none; then *used says how many words are the beginning of some path. */
const struct verb *verb_find(const struct str *words, size_t n, size_t *used);

/* Says what is wrong with words that are no verb, with the nearest name that is one. */
void verb_unknown(const struct str *words, size_t n, size_t used, struct err *e);

/* The rows of the options that hold for every verb, and the verb's own behind them, in words
 * that fit it. */
const struct opt *verb_options(const struct verb *v, struct arena *a, size_t *n);

/* --help: of everything, of the verbs whose path begins with `words`, of one verb. */
void verb_help_all(struct buf *out);
void verb_help_group(struct buf *out, const struct str *words, size_t n);
void verb_help(struct buf *out, const struct verb *v);

/* The table as mdoc list items, for moot(1). */
void verb_mdoc(struct buf *out);

/* The script that a shell reads for completion: "bash", "zsh", "fish". False for another. */
bool completion_script(struct buf *out, struct str shell);

#endif
