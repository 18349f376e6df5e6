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
    struct str method, path, query; /* query without its mark */
    struct str host, origin, upgrade, connection, authorization;
    struct str key, version, protocols;
    struct str content_type, content_length, content_encoding, transfer_encoding, expect,
        idempotency_key, webhook_id;
};

/* Length of the head at the front of bytes, its empty line included; 0 while that is missing.
 */
size_t http_head_length(struct str bytes);
/* Takes a whole head apart. Fails with a sentence on whatever is not clean HTTP/1.1, on a
 * header of the struct that comes twice, and on a body where no hook is posted to, or one of
 * which it is not clear where it ends. */
bool http_parse(struct str head, struct http_request *r, struct err *e);
/* May it have the body that it says it has? http_parse() asks it too. */
bool http_body_is_clear(const struct http_request *r, struct err *e);
/* The token of a request to /hooks/TOKEN; p is NULL for any other. */
struct str http_hook_token(const struct http_request *r);

enum http_body {
    BODY_MORE,  /* it has not come whole */
    BODY_WHOLE, /* out is all of it; what stands behind it is another request's */
    BODY_BAD,   /* the error says why */
};
/* Reads the body of a parsed request from the bytes behind the head, by Content-Length or in
 * chunks (RFC 9112, sections 6 and 7.1); without either it is empty. More than `most` bytes are
 * refused as soon as that is known, as ERR_TOO_LARGE. */
enum http_body http_body_read(const struct http_request *r, struct str bytes, size_t most,
                              struct buf *out, struct err *e);

/* Does a comma-separated list hold the word, whatever its case? */
bool http_list_has(struct str list, const char *word);

/* May a page from this Origin talk to us? Yes when its host and port are the ones the request
 * was sent to, or when it stands in the list (comma-separated, or "*" for all). */
bool http_origin_fits(struct str origin, struct str host, struct str allowed);

/* Why the upgrade in r cannot be done: its HTTP status and a sentence in e; 0 when it can. */
int http_upgrade_fault(const struct http_request *r, struct err *e);
/* The token of "Authorization: Bearer X"; empty when there is none. */
struct str http_bearer(struct str authorization);

/* The same with other headers than the status usually has (each ended by CRLF; NULL: those) and
 * a type of the body. */
void http_answer_as(struct buf *out, int status, const char *type, const char *extra,
                    struct str body);
/* Appends a complete answer with a plain-text body, after which the connection ends. A body of
 * the form "code: sentence" stands in the header Moot-Error too. */
void http_answer(struct buf *out, int status, struct str body);
/* Appends the same upgrade request in the plainest form, for whoever carries it out. The
 * request must have passed http_upgrade_fault(). */
void http_plain_upgrade(struct buf *out, const struct http_request *r);

#endif
