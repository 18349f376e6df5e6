/* The messages of a search over chat, cards, comments and notes. */
#ifndef MOOT_MSG_SEARCH_H
#define MOOT_MSG_SEARCH_H

#include "msg_head.h"

/* What is found. FOUND_ANY: in a question any of it. */
enum found_kind { FOUND_ANY, FOUND_CHAT, FOUND_COMMENT, FOUND_CARD, FOUND_NOTE, FOUND_COUNT };
const char *found_name(enum found_kind k);
bool found_from_name(struct str name, enum found_kind *out);

enum search_order { ORDER_TIME, ORDER_RELEVANCE, ORDER_COUNT };
const char *search_order_name(enum search_order o);
bool search_order_from_name(struct str name, enum search_order *out);

struct mark_item {
    int64_t at, chars; /* code points of the excerpt */
};
struct found_item {
    enum found_kind kind;
    struct str room;
    int64_t seq;    /* of the message; of a card or note: of the event that made it */
    int64_t number; /* of the card or note that it is or that it is about; 0: of none */
    int64_t time;   /* ms, when that was */
    struct str author;
    struct str title;   /* of the card or note; empty: of none */
    struct str excerpt; /* one line */
    LIST_OF(struct mark_item) marks;
    bool archived; /* the card or note is */
};
struct msg_search {
    struct request_head head;
    struct str query;
    struct str in; /* only in that room; empty: all that one is in */
    enum search_order order;
    int64_t offset, limit;
    int64_t
        until; /* ms: nothing newer, so that a next page begins where the last one ended; 0 */
    int64_t zone; /* minutes that the clock of who asks is before UTC */
};
struct msg_search_page {
    struct answer_head head;
    LIST_OF(struct found_item) items; /* the newest or the best first */
    int64_t until;                    /* what to name in the question for the next page */
    bool more;
    bool capped; /* there are more results than can be listed */
};

#endif
