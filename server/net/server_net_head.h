/* The head of a request that came through TLS, out of libwebsockets. */
#ifndef MOOT_SERVER_NET_HEAD_H
#define MOOT_SERVER_NET_HEAD_H

#include "bounds.h"
#include "http.h"

struct lws;

/* What the parts of the request borrow from; to be wiped after use. */
struct head_space {
    bool is_cut; /* one did not fit, and what it says is not known */
    char path[256], host[256], origin[256], upgrade[64], connection[128], key[64], version[8],
        protocols[256], authorization[TOKEN_MAX + 64];
    char query[256], content_type[128], content_length[32], content_encoding[32],
        transfer_encoding[32], expect[32], idempotency_key[512], webhook_id[256];
};

void head_read(struct lws *wsi, struct http_request *r, struct head_space *b);
/* The rest of it, which is about a body and a hook. */
void head_read_body(struct lws *wsi, struct http_request *r, struct head_space *b);
/* The status for a head that is not whole, or has a body of which it is not clear where it
 * ends, and "code: sentence" in body; 0 for one that is fine. */
int head_fault(const struct head_space *b, const struct http_request *r, struct buf *body);

#endif
