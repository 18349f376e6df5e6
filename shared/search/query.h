/* What somebody looks for, in one line:
 *
 *     login "release notes" -draft head* from:ana in:#core on:42 after:7d has:link kind:note
 *
 * query_keys[] are the names in front of a colon. All words must hold; of several from:, in:,
 * on: or kind: one is enough; a '-' in front wants what the word does not hold for. */
#ifndef MOOT_QUERY_H
#define MOOT_QUERY_H

#include "err.h"
#include "msg_search.h"

enum {
    QUERY_TERMS_MAX = 16, /* words, phrases and names with a colon, together */
    QUERY_WORDS_MAX = 32, /* words, those of phrases counted */
    QUERY_PREFIX_MIN = 2, /* letters in front of a '*' */
};

/* What a text has in it, as bits. */
enum has_bit {
    HAS_LINK = 1,
    HAS_CODE = 2,
    HAS_MENTION = 4,
    HAS_CARD = 8,
    HAS_CHECKLIST = 16,
    HAS_END = 32,
};
unsigned has_of(struct str text);
const char *has_name(unsigned bit);

/* A word, or words that stand side by side. */
struct query_term {
    struct str *words; /* folded */
    size_t n;
    bool negated;
    bool is_prefix; /* the last word is the beginning of one */
};

enum query_key {
    KEY_FROM,
    KEY_IN,
    KEY_ON,
    KEY_BEFORE,
    KEY_AFTER,
    KEY_HAS,
    KEY_KIND,
    KEY_COUNT
};
struct query_key_row {
    const char *name;
    const char *form; /* as a person writes it */
    const char *doc;
    bool indexed; /* by itself enough to look for */
};
extern const struct query_key_row query_keys[KEY_COUNT];

struct query_filter {
    enum query_key key;
    bool negated;
    struct str value; /* of from: and in: */
    int64_t number;   /* of on:; ms of before: and after:; bit of has:; enum found_kind */
};

struct query {
    struct arena arena;
    struct query_term terms[QUERY_TERMS_MAX];
    size_t terms_n;
    struct query_filter filters[QUERY_TERMS_MAX];
    size_t filters_n;
};

/* Days and hours are counted from when somebody asks. */
struct query_time {
    int64_t now;  /* ms since 1970 */
    int64_t zone; /* minutes that the clock of who asks is before UTC */
};

/* Parses text into q, zeroed or finished before. Fails with ERR_USAGE, which says what is wrong
 * where and what is allowed; q is then empty. */
bool query_parse(struct query *q, struct str text, struct query_time t, struct err *e);
void query_finish(struct query *q);

/* Does any of the filters of that key, which are not negated, say this? Or is there none. */
bool query_allows(const struct query *q, enum query_key key, struct str value, int64_t number);

#endif
