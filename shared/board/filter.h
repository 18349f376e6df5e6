/* Which cards of a board are wanted: words, all of which must hold for a card.
 *
 *     @ana label:bug due:<7d -blocked column:"In work" "login page"
 *
 * filter_terms[] is the language; a word that is none of it is looked for in the title, the
 * labels and the names of those it is assigned to, without regard to case. A '-' in front of a
 * word wants the cards for which it does not hold. */
#ifndef MOOT_FILTER_H
#define MOOT_FILTER_H

#include "board.h"

struct filter_word;

struct filter_words {
    struct filter_word **v;
    size_t n, cap;
};
struct filter {
    struct filter_words words;
    struct arena arena;
};

struct filter_term {
    const char *form; /* as a person writes it */
    const char *doc;
};
extern const struct filter_term filter_terms[];
extern const size_t filter_terms_n;

/* What words mean depends on who asks and when. today: YYYY-MM-DD. */
struct filter_asker {
    struct str user, today;
    /* The text of a saved filter, borrowed for the call; p NULL: there is none. May be NULL. */
    struct str (*saved)(void *arg, struct str name);
    void *saved_arg;
};

enum {
    FILTERS_MAX = 100,    /* that a person saves */
    FILTER_NAME_MAX = 32, /* bytes */
    FILTER_TEXT_MAX = 1000,
};
/* May a filter be saved under that name? ERR_USAGE: no, and what is allowed. */
bool filter_name_check(struct str name, struct err *e);

/* Parses text into f, zeroed or finished before. Fails with ERR_USAGE, which says what is wrong
 * with which word and what is allowed; f is then as it was. */
bool filter_parse(struct filter *f, struct str text, struct filter_asker who, struct err *e);
/* The same while somebody types: the last word may be the beginning of a name or number
 * (`@an` takes what @ana would), and while it says nothing yet it is passed over and e says
 * what it lacks. */
bool filter_parse_typed(struct filter *f, struct str text, struct filter_asker who,
                        struct err *e);
/* A filter without words takes every card. */
bool filter_takes(const struct filter *f, const struct board *b, const struct card *c);
void filter_finish(struct filter *f);

#endif
