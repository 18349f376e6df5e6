/* Errors: one list holds each one's code, name on the wire, exit status, whether trying again
 * can help, and its sentence. */
#ifndef MOOT_ERR_H
#define MOOT_ERR_H

#include "str.h"

/* clang-format off */
/*      code             wire name        exit retry sentence */
#define ERR_LIST(X) \
    X(NONE,             "none",             0, 0, "No error.") \
    X(USAGE,            "usage",            2, 0, "The command line is wrong; the message says which part.") \
    X(MALFORMED,        "malformed",        1, 0, "The frame is not UTF-8, not JSON, nested too deeply, or not an object or array of objects.") \
    X(TOO_LARGE,        "too_large",        1, 0, "A frame, a list or a text is over its bound.") \
    X(UNKNOWN_TYPE,     "unknown_type",     1, 0, "No message has this type, or it may not come from this side.") \
    X(BAD_FIELD,        "bad_field",        1, 0, "A field is missing, unknown, given twice, of the wrong kind or out of range.") \
    X(OUT_OF_ORDER,     "out_of_order",     1, 0, "The message is not allowed at this point, as before hello.") \
    X(VERSION,          "version",          1, 0, "The protocol versions of the two ends do not match.") \
    X(NOT_SIGNED_IN,    "not_signed_in",    4, 0, "There is no token, or none that this server accepts.") \
    X(TOKEN_EXPIRED,    "token_expired",    4, 0, "The token has expired, or the session ended with it.") \
    X(REVOKED,          "revoked",          4, 0, "The token was revoked or the account disabled.") \
    X(FORBIDDEN,        "forbidden",        4, 0, "The role does not allow it; the message says which role does.") \
    X(NOT_FOUND,        "not_found",        3, 0, "There is no such room, card, note, version, person or token.") \
    X(EXISTS,           "exists",           5, 0, "The name is taken.") \
    X(CONFLICT,         "conflict",         5, 0, "Somebody changed it first.") \
    X(STALE,            "stale",            5, 0, "The edit is based on a version of the text too long ago; ask for what was missed.") \
    X(LIMIT,            "limit",            1, 0, "A bound on how many there may be is reached.") \
    X(RATE,             "rate",             1, 1, "Too many messages in too short a time.") \
    X(BUSY,             "busy",             1, 1, "The server has as much waiting for its disk as it will hold.") \
    X(STORE,            "store",            1, 1, "The server's database failed; nothing was saved.") \
    X(STORE_FULL,       "store_full",       1, 1, "The server's disk is full; nothing was saved.") \
    X(CLOSING,          "closing",          6, 1, "The server is going down for a restart.") \
    X(KICKED,           "kicked",           4, 0, "An admin ended the session; one may come back.") \
    X(REPLACED,         "replaced",         1, 0, "A newer connection uses the same client id.") \
    X(SLOW,             "slow",             6, 1, "The reader stayed too far behind and was cut off; it can resume.") \
    X(IDLE,             "idle",             6, 1, "Nothing was heard from the peer for too long.") \
    X(UNREACHABLE,      "unreachable",      6, 1, "The server cannot be reached.") \
    X(IO,               "io",               1, 0, "A file of this machine could not be read or written.") \
    X(INTERRUPTED,      "interrupted",    130, 0, "Interrupted by a signal.") \
    X(INTERNAL,         "internal",         1, 0, "A fault in moot itself.")
/* clang-format on */

enum err_code {
#define X(code, name, exit, retry, doc) ERR_##code,
    ERR_LIST(X)
#undef X
        ERR_COUNT
};

/* What a function that can fail fills in. Zeroed is no error. */
struct err {
    enum err_code code;
    char text[300]; /* what, why and what is allowed, in one plain sentence; UTF-8 */
};

/* Fills e (which may be NULL) and returns false: return fail(e, ERR_LIMIT, "...", ...). */
bool fail(struct err *e, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

const char *err_name(enum err_code code);     /* as on the wire */
int err_exit(enum err_code code);             /* exit status */
bool err_is_passing(enum err_code code);      /* trying the same again can help */
const char *err_sentence(enum err_code code); /* for the manual */
/* The code with that wire name; ERR_INTERNAL for one this version does not know. */
enum err_code err_from_name(struct str name);

#endif
