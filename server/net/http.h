/* The little HTTP that mootd speaks before a connection becomes a WebSocket (RFC 9112, RFC 6455
 * section 4). Pure: bytes in, a request or an answer out. */
#ifndef MOOT_HTTP_H
#define MOOT_HTTP_H

#include "err.h"

enum {
    HTTP_HEAD_MAX = 8 * 1024, /* bytes of a request's head, the token in it included */
    HTTP_HEADERS_MAX = 64,
};

/* The parts of a request that matter here; all of it borrowed from the head. A header that was
 * not sent is empty with p == NULL. */
struct http_request {
    struct str method, path; /* path without the query */
    struct str host, origin, upgrade, connection, authorization;
    struct str key, version, protocols;
};

/* Length of the head at the front of bytes, its empty line included; 0 while that is missing.
 */
size_t http_head_length(struct str bytes);
/* Takes a whole head apart. Fails with a sentence on whatever is not clean HTTP/1.1, on a
 * header of the struct that comes twice, and on a request with a body. */
bool http_parse(struct str head, struct http_request *r, struct err *e);
/* Does a comma-separated list hold the word, whatever its case? */
bool http_list_has(struct str list, const char *word);

/* May a page from this Origin talk to us? Yes when its host and port are the ones the request
 * was sent to, or when it stands in the list (comma-separated, or "*" for all). */
bool http_origin_fits(struct str origin, struct str host, struct str allowed);

/* Why the upgrade in r cannot be done: its HTTP status and a sentence in e; 0 when it can. */
int http_upgrade_fault(const struct http_request *r, struct err *e);
/* The token of "Authorization: Bearer X"; empty when there is none. */
struct str http_bearer(struct str authorization);

/* Appends a complete answer with a plain-text body, after which the connection ends. A body of
 * the form "code: sentence" stands in the header Moot-Error too. */
void http_answer(struct buf *out, int status, struct str body);
/* Appends the same upgrade request in the plainest form, for whoever carries it out. The
 * request must have passed http_upgrade_fault(). */
void http_plain_upgrade(struct buf *out, const struct http_request *r);

#endif
