#include "server_net_head.h"

#include <libwebsockets.h>
#include <string.h>

/* A header's value, in one of the fields of b. */
static struct str header(struct lws *wsi, enum lws_token_indexes h, struct head_space *b,
                         char *buf, int size)
{
    int n = lws_hdr_copy(wsi, buf, size, h);
    b->is_cut |= n < 0;
    return n > 0 ? (struct str){buf, (size_t)n} : (struct str){0};
}

/* One that libwebsockets has no constant for; the name ends in a colon. */
static struct str own_header(struct lws *wsi, const char *name, struct head_space *b, char *buf,
                             int size)
{
    int length = (int)strlen(name), n = lws_hdr_custom_copy(wsi, buf, size, name, length);
    b->is_cut |= n < 0 && lws_hdr_custom_length(wsi, name, length) > 0;
    return n > 0 ? (struct str){buf, (size_t)n} : (struct str){0};
}

#define HEADER(token, field) header(wsi, WSI_TOKEN_##token, b, b->field, sizeof b->field)
#define OWN_HEADER(name, field) own_header(wsi, name ":", b, b->field, sizeof b->field)

void head_read_body(struct lws *wsi, struct http_request *r, struct head_space *b)
{
    r->query = HEADER(HTTP_URI_ARGS, query);
    r->content_type = HEADER(HTTP_CONTENT_TYPE, content_type);
    r->content_length = HEADER(HTTP_CONTENT_LENGTH, content_length);
    r->content_encoding = HEADER(HTTP_CONTENT_ENCODING, content_encoding);
    r->transfer_encoding = HEADER(HTTP_TRANSFER_ENCODING, transfer_encoding);
    r->expect = HEADER(HTTP_EXPECT, expect);
    r->idempotency_key = OWN_HEADER("idempotency-key", idempotency_key);
    r->webhook_id = OWN_HEADER("webhook-id", webhook_id);
}

void head_read(struct lws *wsi, struct http_request *r, struct head_space *b)
{
    bool is_get = lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) > 0;
    bool is_post = lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI) > 0;
    b->is_cut = false;
    *r = (struct http_request){.method = is_get    ? STR("GET")
                                         : is_post ? STR("POST")
                                                   : STR("?"),
                               .path = is_post ? HEADER(POST_URI, path) : HEADER(GET_URI, path),
                               .host = HEADER(HOST, host),
                               .origin = HEADER(ORIGIN, origin),
                               .upgrade = HEADER(UPGRADE, upgrade),
                               .connection = HEADER(CONNECTION, connection),
                               .key = HEADER(KEY, key),
                               .version = HEADER(VERSION, version),
                               .protocols = HEADER(PROTOCOL, protocols),
                               .authorization = HEADER(HTTP_AUTHORIZATION, authorization)};
}

int head_fault(const struct head_space *b, const struct http_request *r, struct buf *body)
{
    struct err e = {0};
    if (!b->is_cut && http_body_is_clear(r, &e))
        return 0;
    if (b->is_cut)
        fail(&e, ERR_TOO_LARGE, "A header of the request is too long.");
    buf_fmt(body, "%s: %s\n", err_name(e.code), e.text);
    return b->is_cut ? 431 : 400;
}
