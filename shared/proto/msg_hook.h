/* Hooks: programs that post into a room over HTTP, and are told over HTTP what happens there;
 * for msg.h. */
#ifndef MOOT_MSG_HOOK_H
#define MOOT_MSG_HOOK_H

#include "msg_head.h"

/* One that has a url is outgoing, any other incoming. */
struct hook_item {
    struct str hook; /* its id */
    struct str user; /* the bot that it is in the room */
    struct str room;
    int64_t task;     /* incoming: the card that it posts on; 0: the chat, or as it says */
    struct str url;   /* outgoing: to where */
    struct str kinds; /* and names of events, parted by commas */
    struct str author;
    int64_t created; /* ms; when and by whom it was made */
    int64_t seq;     /* outgoing: all up to this event was delivered, or not wanted */
    int64_t failing; /* ms; since when deliveries fail; 0: they do not */
    bool stopped;
    struct str trouble; /* why they fail */
};
struct msg_admin_hook_add {
    struct request_head head;
    struct str user, url, kinds;
    int64_t task;
};
struct msg_hook {
    struct answer_head head;
    struct str hook, secret; /* incoming: the token in its address; outgoing: the signing key */
};
struct msg_admin_hooks {
    struct request_head head;
};
struct msg_hook_list {
    struct answer_head head;
    LIST_OF(struct hook_item) hooks;
};
struct msg_admin_hook_revoke {
    struct request_head head;
    struct str hook;
};
struct msg_admin_hook_resume {
    struct request_head head;
    struct str hook;
};

/* What is posted to an incoming hook as JSON. */
struct delivery_text {
    struct str text;
    int64_t task; /* 0: none is named */
};

#endif
