/* The bounds of the protocol. Every one of them stands in moot-protocol(7). */
#ifndef MOOT_BOUNDS_H
#define MOOT_BOUNDS_H

enum {
    PROTOCOL_VERSION = 1,
    FRAME_IN_MAX = 64 * 1024,    /* bytes of one message from a client */
    FRAME_OUT_MAX = 1024 * 1024, /* bytes of one message from the server */
    FRAME_OBJECTS_MAX = 64,      /* objects in one frame from a client */
    JSON_DEPTH_MAX = 8,          /* nested arrays and objects */
    USER_NAME_MAX = 32,          /* bytes */
    ROOM_NAME_MAX = 64,          /* bytes, '#' included */
    CLIENT_ID_MAX = 32,          /* bytes, letters and digits */
    COLUMN_NAME_MAX = 64,        /* bytes */
    TITLE_MAX = 500,             /* bytes of a card's title */
    TEXT_MAX = 16 * 1024,        /* bytes of a chat message */
    TOKEN_MAX = 2048,            /* bytes of a token */
    KEY_MAX = 48,                /* bytes of a card's order key */
    ROOMS_PER_HELLO_MAX = 256,
    COLUMNS_MAX = 32,          /* of one board */
    TASKS_MAX = 20000,         /* cards of one board, archived ones not counted */
    MEMBERS_MAX = 10000,       /* of one room */
    ROOMS_MAX = 10000,         /* of one server */
    HISTORY_MAX = 200,         /* messages in one page of history */
    SNAPSHOT_PART_MAX = 500,   /* cards or members in one part of a snapshot */
    AGENT_MAX = 64,            /* bytes of the name of a program and its version */
    USERS_MAX = 10000,         /* accounts of one server */
    TOKENS_MAX = 10000,        /* tokens that one list shows */
    TOKEN_ID_MAX = 64,         /* bytes */
    TTL_MAX = 366 * 24 * 3600, /* seconds that a token may live */
    STATS_MAX = 256,           /* figures in one answer */
    STAT_NAME_MAX = 64,        /* bytes */
    ERROR_CODE_MAX = 32,       /* bytes */
    ERROR_TEXT_MAX = 300,      /* bytes of the sentence of an error */
};

#define SEQ_MAX ((INT64_C(1) << 53) - 1) /* largest number that JSON carries exactly */

#endif
