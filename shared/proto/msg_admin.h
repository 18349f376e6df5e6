/* The messages of admins that are not about accounts and tokens; for msg.h. */
#ifndef MOOT_MSG_ADMIN_H
#define MOOT_MSG_ADMIN_H

#include "msg_head.h"

/* To everybody who is connected. */
struct msg_admin_notice {
    struct request_head head;
    struct str text;
};
struct msg_notice {
    int64_t time;
    struct str author, text;
};
struct msg_admin_kick {
    struct request_head head;
    struct str user, text; /* text: why; may be empty */
};

struct audit_item {
    int64_t number, time; /* number: going up */
    struct str author, act, subject, words;
};
struct msg_admin_audit {
    struct request_head head;
    int64_t before, limit;
};
struct msg_audit_list {
    struct answer_head head;
    LIST_OF(struct audit_item) acts; /* newest first */
    bool more;
};

#endif
