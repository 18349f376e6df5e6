/* A WebSocket client for tests: blocking with deadlines, and able to send what no honest client
 * would. It checks nothing of what it sends and everything of what it gets. */
#ifndef MOOT_WS_CLIENT_H
#define MOOT_WS_CLIENT_H

#include "str.h"

enum {
    WS_CONTINUATION = 0,
    WS_TEXT = 1,
    WS_BINARY = 2,
    WS_CLOSE = 8,
    WS_PING = 9,
    WS_PONG = 10
};

/* Where and how to knock. NULL members take the usual value in brackets. */
struct ws_dial {
    const char *unix_path;     /* a Unix socket, or else */
    int port;                  /* a port of 127.0.0.1 */
    int fd;                    /* a connection that stands already, taken over [none] */
    const char *token;         /* Authorization: Bearer [none] */
    const char *path;          /* [/ws] */
    const char *protocol;      /* [moot.v1]; "" leaves the header out */
    const char *origin;        /* [none] */
    const char *extra_headers; /* whole lines with CRLF [none] */
    const char *tail;          /* bytes sent right behind the request [none] */
    int timeout_ms;            /* of every wait [5000] */
};

struct ws_client {
    int fd;
    int timeout_ms;
    int status;         /* of the HTTP answer: 101 is in; 0: there was none */
    struct buf head;    /* the answer's head */
    struct buf got;     /* read and not yet used */
    struct buf payload; /* of the frame or message returned last */
    int close_code;     /* of the server's close frame; 0: none yet */
    bool ended;         /* the server has closed the connection */
};

/* A connection without a word said on it; false when nobody listens. */
bool ws_connect(struct ws_client *c, const struct ws_dial *d);
/* ws_connect() and the upgrade. True when the answer is 101 and right in every part. When it is
 * another, c->status says which and c->payload holds the body. */
bool ws_open(struct ws_client *c, const struct ws_dial *d);
/* Gives everything back, whatever state c is in. Says no goodbye. */
void ws_finish(struct ws_client *c);

/* A frame as one likes it. */
struct ws_frame {
    int opcode;
    bool more; /* not the last of its message (FIN off) */
    bool unmasked;
    int rsv; /* the three reserved bits: 4 is RSV1 */
    struct str payload;
    uint64_t claim; /* length in the header [payload.n] */
};
/* False when the connection does not take it within the timeout. */
bool ws_send_frame(struct ws_client *c, const struct ws_frame *f);
bool ws_send_text(struct ws_client *c, struct str text);
bool ws_send_raw(struct ws_client *c, struct str bytes);

/* The next frame: its opcode, its bytes in c->payload. Pings are answered and passed over
 * unless wanted; the server's frames must be whole, unmasked and without reserved bits. -1 when
 * nothing came in time, the server hung up (c->ended) or broke the protocol. */
int ws_next_frame(struct ws_client *c);
/* The next text message, put together from its frames; false as for -1, and on a close. */
bool ws_next_text(struct ws_client *c, struct str *text);
/* Reads text messages until one holds `part`; false when none came in time. */
bool ws_await(struct ws_client *c, const char *part, struct str *text);
/* Reads until the server closes: true when it did so in time; c->close_code says how. */
bool ws_await_close(struct ws_client *c);

/* The rest of an HTTP answer: status in c->status, body in c->payload. */
bool ws_read_http(struct ws_client *c);

#endif
