/* Requests of outgoing hooks: POSTs over HTTP in a thread of their own, so that neither a slow
 * name server nor a slow receiver is waited for. post_curl.c is libcurl's only home. */
#ifndef MOOT_POST_H
#define MOOT_POST_H

#include "err.h"

enum {
    POST_WITHIN_MS = 15000, /* from the name of the host to the last byte of the answer */
    POST_CONNECT_MS = 5000,
    POSTS_AT_ONCE = 16, /* connections; what is more waits */
    POSTS_TO_A_HOST = 4,
    POST_ANSWER_MAX = 65536, /* bytes of an answer's body that are read, and forgotten */
    POST_HEADERS = 4,
};

/* Borrowed for the call. */
struct post {
    uint64_t tag;
    struct str url, body;
    struct str headers[POST_HEADERS]; /* whole lines without CRLF; unused ones empty */
};

struct post_answer {
    uint64_t tag;
    int status;          /* 0: there was none, and err says why */
    int64_t retry_after; /* seconds that the receiver asks for; 0: it does not */
    struct err err;
};

struct posts;
/* wake(arg) is called from the thread when an answer can be collected. is_private_ok: addresses
 * of this machine and its own networks are allowed. NULL when the system gives no thread. */
struct posts *posts_start(bool is_private_ok, void (*wake)(void *arg), void *arg);
void posts_submit(struct posts *p, const struct post *post);
/* False when there is none. */
bool posts_collect(struct posts *p, struct post_answer *out);
/* Breaks off what is under way, and joins the thread. */
void posts_stop(struct posts *p);

#endif
