/* Is a text what a query looks for, how well, and where? Every store asks here, so that all
 * find the same; an index only saves it the reading of the rest. */
#ifndef MOOT_HIT_H
#define MOOT_HIT_H

#include "query.h"

/* Something that can be found. */
struct hit_text {
    enum found_kind kind;
    struct str author, text;
    int64_t number, time; /* card or note that it is about, or 0; ms */
    bool is_title;        /* the text is the name of a thing */
};

/* Code points of the excerpt: where a mark begins and how many it has. */
struct hit_mark {
    size_t at, n;
};
struct hit {
    struct buf excerpt; /* one line; "…" stands where text was left out */
    struct hit_mark marks[MARKS_MAX];
    size_t marks_n;
};

/* How good it is, at least 1; 0: it is not what q looks for. in: is not asked for here. */
int64_t hit_score(const struct query *q, const struct hit_text *t);
/* Whether the text has the words of q, and none that it may not have; filters are not asked. */
bool hit_has_words(const struct query *q, struct str text);
/* A piece of the text around the first place that q looks for. h is zeroed or was used before;
 * hit_finish() frees it. */
void hit_excerpt(struct hit *h, const struct query *q, struct str text);
void hit_finish(struct hit *h);

/* The tags of a text, for an index: one word for its kind, author, number and each thing it
 * has. */
void hit_tags(struct buf *out, const struct hit_text *t);
/* The tag that stands for a filter with `indexed`. */
void hit_tag(struct buf *out, const struct query_filter *f);

#endif
