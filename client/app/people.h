/* What the screen knows of its own person as the others see it, and of how it shows them. */
#ifndef MOOT_PEOPLE_H
#define MOOT_PEOPLE_H

#include "replica.h"

enum {
    IDLE_AFTER_MS = 5 * 60 * 1000, /* without a key for so long a person is idle, by default */
    CURSOR_EVERY_MS = 100,         /* at most so often others are told where we are */
    TYPING_EVERY_MS = 10000,       /* so often they are told again that one types */
    TYPING_AFTER_MS = 8000,        /* without a key for so long is not typing */
    TYPING_FROM = 4,               /* bytes of text before anybody is told */
    POINTER_EVERY_MS = 50,         /* at most so often a pointer is sent */
    POINTER_RENEW_MS = 4000,       /* and so often while it rests */
    FOLLOW_LOST_MS =
        10000, /* one who is not to be found for so long is not followed any more */
};

/* What the person wants of it. */
struct people_opts {
    int64_t idle_ms; /* 0: never idle */
    bool send_typing, show_typing;
};

/* Where one types: in a room's chat, on a card of it, or in a text. */
struct typing_place {
    char room[ROOM_NAME_MAX + 1];
    int64_t task, note;
};

/* What the others were told that we have on screen. */
struct told_look {
    char room[ROOM_NAME_MAX + 1];
    int64_t task, note;
    char follows[USER_NAME_MAX + 1];
};

/* Our mouse pointer, while it is shared. */
struct own_pointer {
    bool on;
    bool known;                   /* where it is */
    int x, y;                     /* cell */
    char room[ROOM_NAME_MAX + 1]; /* where the others were told of it; empty: nowhere yet */
    struct pointing sent;
    int64_t sent_at; /* ms */
    bool is_news;    /* it has moved since */
};

/* The person after whom our view goes. */
struct following {
    char user[USER_NAME_MAX + 1]; /* empty: nobody */
    int64_t lost_at;              /* ms, since when that one is not to be found; 0: is here */
    int64_t cursor;               /* as it was when we went there last */
    size_t top, caret;
};

struct people {
    struct people_opts opts;
    bool hidden; /* others' cursors, carets and pointers are not shown */

    enum status chosen; /* STATUS_ONLINE: nothing was */
    char words[STATUS_WORDS_MAX + 1];
    int64_t chosen_at, key_at; /* ms */

    bool is_typing; /* others were told so */
    struct typing_place typing;
    int64_t typed_at, typing_sent_at;

    int64_t cursor_sent, cursor_sent_at;
    char cursor_room[ROOM_NAME_MAX + 1];
    struct told_look look;
    int64_t look_sent_at;
    struct following following;
    struct own_pointer pointer;
};

#endif
