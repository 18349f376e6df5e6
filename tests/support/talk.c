#include "talk.h"
#include "token.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

char *talk_token(const struct server_rig *r, const char *user, int64_t ttl)
{
    char path[RIG_PATH_MAX + 16];
    struct token_claims claims;
    struct buf token = {0};
    struct err e = {0};
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    snprintf(path, sizeof path, "%s/secret", r->data);
    struct token_keys *keys = token_keys_load(path, &e);
    int64_t now = (int64_t)t.tv_sec * 1000, issued = ttl < 0 ? now + (ttl - 1) * 1000 : now;
    bool ok = keys && token_mint(keys, str_of(user), issued, ttl < 0 ? 1 : ttl, false, 0,
                                 &claims, &token, &e);
    if (!ok)
        fprintf(stderr, "talk: %s\n", e.text);
    token_keys_free(keys);
    char *text = ok ? str_dup(buf_str(&token)) : NULL;
    buf_finish(&token);
    return text;
}

bool talk_hello(const struct server_rig *r, struct ws_client *c, const struct ws_dial *d,
                const char *client)
{
    struct buf hello = {0};
    struct ws_dial local = {.unix_path = r->socket};
    buf_fmt(&hello,
            "{\"type\":\"hello\",\"version\":1,\"client\":\"%s\",\"agent\":\"test 1\","
            "\"rooms\":[{\"room\":\"#lobby\",\"since\":-1}]}",
            client);
    bool ok = ws_open(c, d ? d : &local) && ws_send_text(c, buf_str(&hello)) &&
              ws_await(c, "\"welcome\"", NULL) && ws_await(c, "\"synced\"", NULL);
    buf_finish(&hello);
    return ok;
}

bool talk_ask(struct ws_client *c, const char *message, const char *part)
{
    return ws_send_text(c, str_of(message)) && ws_await(c, part, NULL);
}

bool talk_is_alive(struct ws_client *c, int id)
{
    char ping[64], pong[64];
    snprintf(ping, sizeof ping, "{\"type\":\"ping\",\"id\":%d}", id);
    snprintf(pong, sizeof pong, "\"re\":%d", id);
    return talk_ask(c, ping, pong);
}
