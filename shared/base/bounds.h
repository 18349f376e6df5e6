/* The bounds of the protocol: one list, from which moot-protocol(7) prints them too. */
#ifndef MOOT_BOUNDS_H
#define MOOT_BOUNDS_H

#include <assert.h>

enum {
    PROTOCOL_VERSION = 1,
    TYPE_NAME_MAX = 64, /* bytes of a message's type */
    /* What was added to that version since, which a client must not send to a server that does
     * not know of it. 1: status, looking, pointer, the places of typing and note.caret,
     * admin.notice, admin.kick, admin.audit. 2: read, rooms.mine, activity.mine,
     * activity.since. 3: direct conversations. 4: bots, scopes and hooks. 5: topic.set.
     * 6: history.around, history.time. 7: room.retain. */
    PROTOCOL_REVISION = 7,
};

/* clang-format off */
/*    name                 most               what is counted */
#define BOUND_LIST(X) \
    X(FRAME_IN_MAX,        128 * 1024,        "Bytes of one WebSocket message from a client.") \
    X(FRAME_OUT_MAX,       1024 * 1024,       "Bytes of one WebSocket message from the server.") \
    X(FRAME_OBJECTS_MAX,   64,                "Objects in one array from a client.") \
    X(JSON_DEPTH_MAX,      8,                 "Arrays and objects nested in each other.") \
    X(USER_NAME_MAX,       32,                "Bytes of a person's name.") \
    X(ROOM_NAME_MAX,       231,               "Bytes of a room's name, '#' or '@' included.") \
    X(TEAM_NAME_MAX,       64,                "Bytes of one that begins with '#'.") \
    X(DIRECT_MAX,          7,                 "People of a direct conversation; at least 2.") \
    X(CLIENT_ID_MAX,       32,                "Letters and digits of a client id; at least 8.") \
    X(COLUMN_NAME_MAX,     64,                "Bytes of a column's name.") \
    X(TOPIC_MAX,           300,               "Bytes of a room's topic.") \
    X(RETENTION_AGE_MAX,   3650 * 24 * 3600,  "Seconds that a room may keep its messages; at least 3600.") \
    X(RETENTION_COUNT_MAX, 1000000,           "Messages that it may keep, the newest; at least 100.") \
    X(TITLE_MAX,           500,               "Bytes of a card's title.") \
    X(FIELD_NAME_MAX,      16,                "Bytes of the name of a card's field.") \
    X(CARD_VALUES_MAX,     64,                "Values of one field of a card.") \
    X(CARD_FIELDS_MAX,     194,               "Values of all fields of a card.") \
    X(CARD_CHANGES_MAX,    64,                "Changes of fields in one request.") \
    X(CARD_LABEL_MAX,      32,                "Bytes of a label.") \
    X(TEXT_MAX,            16 * 1024,         "Bytes of a chat message.") \
    X(STATUS_WORDS_MAX,    80,                "Bytes of what a person says of being away.") \
    X(STATUS_AGE_MAX,      366 * 24 * 3600,   "Seconds for which a status may say that it has been so.") \
    X(POINTER_WHOLE,       1000,              "How far x and y of a pointer count: from one side of the thing to the other.") \
    X(EMOJI_MAX,           32,                "Bytes of a reaction: an emoji, or a name between colons.") \
    X(EMOJIS_MAX,          20,                "Different reactions on one message.") \
    X(REACTIONS_MAX,       1000,              "Reactions on one message, of all people together.") \
    X(PINS_MAX,            100,               "Pinned messages of one room.") \
    X(TOKEN_MAX,           2048,              "Bytes of a token.") \
    X(TOKEN_ID_MAX,        64,                "Bytes of a token's id.") \
    X(TTL_MAX,             366 * 24 * 3600,   "Seconds that a token may live.") \
    X(KEY_MAX,             48,                "Bytes of a card's order key.") \
    X(AGENT_MAX,           64,                "Bytes of the name and version of a program.") \
    X(ROOMS_PER_HELLO_MAX, 256,               "Rooms in one hello.") \
    X(COLUMNS_MAX,         32,                "Columns of one board.") \
    X(TASKS_MAX,           20000,             "Cards of one board, archived ones not counted.") \
    X(MEMBERS_MAX,         10000,             "Members of one room.") \
    X(ROOMS_MAX,           10000,             "Rooms of one server.") \
    X(USERS_MAX,           10000,             "Accounts of one server.") \
    X(TOKENS_MAX,          10000,             "Tokens in one list.") \
    X(HISTORY_MAX,         200,               "Messages in one page of history.") \
    X(UNREAD_MAX,          100,               "Unread messages of one room that are counted; so many stands for that many or more.") \
    X(UNREAD_SCAN,         1000,              "Messages of one room, the newest, that are looked at to count the unread ones.") \
    X(ACTIVITY_MAX,        200,               "Events in one page of what was done.") \
    X(QUERY_MAX,           500,               "Bytes of what is searched for.") \
    X(SEARCH_PAGE_MAX,     100,               "Results in one page of a search.") \
    X(SEARCH_FOUND_MAX,    2000,              "Results of one search that can be listed, the newest; the best are chosen from them.") \
    X(EXCERPT_CHARS_MAX,   240,               "Code points of the piece of text that a result shows.") \
    X(MARKS_MAX,           16,                "Places marked in it.") \
    X(SNAPSHOT_PART_MAX,   500,               "Cards, and members, in one part of a snapshot.") \
    X(NOTE_NAME_MAX,       128,               "Bytes of a note's name.") \
    X(NOTES_MAX,           2000,              "Notes of one room, archived ones included.") \
    X(NOTE_MAX,            2 * 1024 * 1024,   "Code points of a note or of a card's description.") \
    X(CHECKLIST_MAX,       64 * 1024,         "Code points of a description whose boxes are counted.") \
    X(OP_MAX,              96 * 1024,         "Bytes of an operation in an edit, as JSON without spaces.") \
    X(OP_OUT_MAX,          512 * 1024,        "Bytes of an operation that the server sends.") \
    X(NOTE_BEHIND_MAX,     4096,              "Versions that the base of an edit may lie behind the text.") \
    X(NOTE_WORK_MAX,       1000000,           "Parts of an edit's operation, times the versions it lies behind.") \
    X(NOTE_WALK_MAX,       4000000,           "Parts met while an edit is moved: with each version its own and that one's, insertions twice.") \
    X(NOTE_PART_MAX,       128 * 1024,        "Bytes of text in one part of a note that is sent whole.") \
    X(VERSIONS_MAX,        500,               "Versions in one page of a note's history.") \
    X(RUNS_MAX,            4096,              "Runs in one part of the answer to who wrote what.") \
    X(BUSY_MAX,            100,               "Rooms, and people, in one answer of which are busiest.") \
    X(SERIES_MAX,          700,               "Bytes of a series of numbers.") \
    X(MINUTES_MAX,         1440,              "Minutes in one answer.") \
    X(FIGURES_MAX,         600,               "Bytes of one minute's figures.") \
    X(LOG_NAME_MAX,        32,                "Bytes of the name of the server's log.") \
    X(NOTICE_MAX,          500,               "Bytes of a notice of an admin.") \
    X(AUDIT_MAX,           500,               "Acts in one page of what admins did.") \
    X(AUDIT_TEXT_MAX,      600,               "Bytes of one thing that is said of such an act.") \
    X(HOOKS_MAX,           256,               "Hooks of one server.") \
    X(HOOK_URL_MAX,        1000,              "Bytes of the address that a hook sends events to.") \
    X(HOOK_KINDS_MAX,      500,               "Bytes of the names of the events that it sends.") \
    X(HOOK_BODY_MAX,       64 * 1024,         "Bytes of the body of a delivery to a hook.") \
    X(DELIVERIES_PER_SECOND, 5,            "Deliveries to one hook in a second, over time.") \
    X(DELIVERY_BURST,      100,               "Deliveries to one hook at once.") \
    X(STATS_MAX,           256,               "Figures in one answer.") \
    X(STAT_NAME_MAX,       64,                "Bytes of a figure's name.") \
    X(ERROR_CODE_MAX,      32,                "Bytes of an error's code.") \
    X(ERROR_TEXT_MAX,      300,               "Bytes of an error's sentence.")
/* clang-format on */

enum {
#define X(name, most, doc) name = most,
    BOUND_LIST(X)
#undef X
};

/* A control character takes six bytes in JSON: the longest text must fit a frame all the same.
 */
static_assert(FRAME_IN_MAX >= 6 * TEXT_MAX + 1024, "the longest message fits a frame");

#define SEQ_MAX ((INT64_C(1) << 53) - 1) /* largest number that JSON carries exactly */

#endif
