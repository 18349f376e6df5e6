/* The messages of the wire: a struct for each, one table that says all there is to know about
 * them, and nothing else. codec.h turns them into JSON and back, hub and client handle them,
 * and moot-protocol(7) is printed from the table.
 *
 * To add a message: a line in MSG_LIST, its struct, a member of union in struct msg, its rows
 * in msg_table.c, and a handler. */
#ifndef MOOT_MSG_H
#define MOOT_MSG_H

#include "msg_admin.h"
#include "msg_board.h"
#include "msg_chat.h"
#include "msg_head.h"
#include "msg_hook.h"
#include "msg_note.h"
#include "msg_people.h"
#include "msg_search.h"
#include "retention.h"
#include "scope.h"

/* clang-format off */
/*      constant         name on the wire     member and struct */
#define MSG_LIST(X) \
    /* the connection */ \
    X(HELLO,             "hello",             hello) \
    X(WELCOME,           "welcome",           welcome) \
    X(OPEN,              "open",              open) \
    X(CLOSE,             "close",             close) \
    X(SNAPSHOT,          "snapshot",          snapshot) \
    X(SYNCED,            "synced",            synced) \
    X(ROOM_ROLE,         "room.role",         room_role) \
    X(STATUS_SET,        "status.set",        status_set) \
    X(UNREAD,            "unread",            unread) \
    X(RENEW,             "renew",             renew) \
    X(RENEWED,           "renewed",           renewed) \
    X(PING,              "ping",              ping) \
    X(PONG,              "pong",              pong) \
    X(OK,                "ok",                ok) \
    X(CONFLICT,          "conflict",          conflict) \
    X(ERROR,             "error",             error) \
    X(NOTICE,            "notice",            notice) \
    X(BYE,               "bye",               bye) \
    /* requests that become events */ \
    X(ROOM_CREATE,       "room.create",       room_create) \
    X(ROOM_JOIN,         "room.join",         room_join) \
    X(ROOM_LEAVE,        "room.leave",        room_leave) \
    X(MEMBER_SET,        "member.set",        member_set) \
    X(TOPIC_SET,         "topic.set",         topic_set) \
    X(ROOM_RETAIN,       "room.retain",       room_retain) \
    X(MESSAGE_POST,      "message.post",      message_post) \
    X(MESSAGE_EDIT,      "message.edit",      message_edit) \
    X(MESSAGE_DELETE,    "message.delete",    message_delete) \
    X(MESSAGE_REACT,     "message.react",     message_react) \
    X(MESSAGE_PIN,       "message.pin",       message_pin) \
    X(TASK_ADD,          "task.add",          task_add) \
    X(TASK_EDIT,         "task.edit",         task_edit) \
    X(TASK_MOVE,         "task.move",         task_move) \
    X(TASK_ARCHIVE,      "task.archive",      task_archive) \
    X(TASK_RESTORE,      "task.restore",      task_restore) \
    X(COLUMN_ADD,        "column.add",        column_add) \
    X(COLUMN_EDIT,       "column.edit",       column_edit) \
    X(COLUMN_MOVE,       "column.move",       column_move) \
    X(COLUMN_REMOVE,     "column.remove",     column_remove) \
    X(NOTE_CREATE,       "note.create",       note_create) \
    X(NOTE_RENAME,       "note.rename",       note_rename) \
    X(NOTE_ARCHIVE,      "note.archive",      note_archive) \
    X(NOTE_RESTORE,      "note.restore",      note_restore) \
    X(NOTE_EDIT,         "note.edit",         note_edit) \
    /* events */ \
    X(ROOM_CREATED,      "room.created",      room_created) \
    X(MEMBER,            "member",            member) \
    X(ROOM_TOPIC,        "room.topic",        room_topic) \
    X(ROOM_RETENTION,    "room.retention",    room_retention) \
    X(CHAT_TRIMMED,      "chat.trimmed",      chat_trimmed) \
    X(MESSAGE,           "message",           message) \
    X(MESSAGE_EDITED,    "message.edited",    message_edited) \
    X(MESSAGE_DELETED,   "message.deleted",   message_deleted) \
    X(MESSAGE_REACTED,   "message.reacted",   message_reacted) \
    X(MESSAGE_PINNED,    "message.pinned",    message_pinned) \
    X(MESSAGE_REMOVED,   "message.removed",   message_removed) \
    X(TASK_ADDED,        "task.added",        task_added) \
    X(TASK_EDITED,       "task.edited",       task_edited) \
    X(TASK_MOVED,        "task.moved",        task_moved) \
    X(TASK_ARCHIVED,     "task.archived",     task_archived) \
    X(TASK_RESTORED,     "task.restored",     task_restored) \
    X(COLUMN_ADDED,      "column.added",      column_added) \
    X(COLUMN_EDITED,     "column.edited",     column_edited) \
    X(COLUMN_MOVED,      "column.moved",      column_moved) \
    X(COLUMN_REMOVED,    "column.removed",    column_removed) \
    X(COLUMN_KEYED,      "column.keyed",      column_keyed) \
    X(NOTE_CREATED,      "note.created",      note_created) \
    X(NOTE_RENAMED,      "note.renamed",      note_renamed) \
    X(NOTE_ARCHIVED,     "note.archived",     note_archived) \
    X(NOTE_RESTORED,     "note.restored",     note_restored) \
    X(NOTE_EDITED,       "note.edited",       note_edited) \
    X(UNKNOWN,           "unknown",           unknown) \
    /* states */ \
    X(PRESENCE,          "presence",          presence) \
    X(TYPING,            "typing",            typing) \
    X(CURSOR,            "cursor",            cursor) \
    X(LOOKING,           "looking",           looking) \
    X(POINTER,           "pointer",           pointer) \
    X(NOTE_CARET,        "note.caret",        note_caret) \
    X(LOCKED,            "locked",            locked) \
    /* questions and their answers */ \
    X(HISTORY,           "history",           history) \
    X(HISTORY_PAGE,      "history.page",      history_page) \
    X(ACTIVITY,          "activity",          activity) \
    X(ACTIVITY_PAGE,     "activity.page",     activity_page) \
    X(SEARCH,            "search",            search) \
    X(SEARCH_PAGE,       "search.page",       search_page) \
    X(ROOMS,             "rooms",             rooms) \
    X(ROOM_LIST,         "room.list",         room_list) \
    X(MEMBERS,           "members",           members) \
    X(MEMBER_LIST,       "member.list",       member_list) \
    X(NOTE_OPEN,         "note.open",         note_open) \
    X(NOTE_TEXT,         "note.text",         note_text) \
    X(NOTE_CHANGES,      "note.changes",      note_changes) \
    X(NOTE_AT,           "note.at",           note_at) \
    X(NOTE_LOG,          "note.log",          note_log) \
    X(NOTE_VERSIONS,     "note.versions",     note_versions) \
    X(NOTE_BLAME,        "note.blame",        note_blame) \
    X(NOTE_RUNS,         "note.runs",         note_runs) \
    X(LOCK,              "lock",              lock) \
    X(UNLOCK,            "unlock",            unlock) \
    X(STATUS,            "status",            status) \
    X(READ,              "read",              read) \
    X(INVITE_ACCEPT,     "invite.accept",     invite_accept) \
    X(TOKEN,             "token",             token) \
    /* for admins */ \
    X(ADMIN_USERS,       "admin.users",       admin_users) \
    X(USER_LIST,         "user.list",         user_list) \
    X(ADMIN_USER_SET,    "admin.user.set",    admin_user_set) \
    X(ADMIN_TOKEN,       "admin.token",       admin_token) \
    X(ADMIN_INVITE,      "admin.invite",      admin_invite) \
    X(ADMIN_TOKENS,      "admin.tokens",      admin_tokens) \
    X(TOKEN_LIST,        "token.list",        token_list) \
    X(ADMIN_REVOKE,      "admin.revoke",      admin_revoke) \
    X(ADMIN_NOTICE,      "admin.notice",      admin_notice) \
    X(ADMIN_KICK,        "admin.kick",        admin_kick) \
    X(ADMIN_AUDIT,       "admin.audit",       admin_audit) \
    X(AUDIT_LIST,        "audit.list",        audit_list) \
    X(ADMIN_HOOK_ADD,    "admin.hook.add",    admin_hook_add) \
    X(HOOK,              "hook",              hook) \
    X(ADMIN_HOOKS,       "admin.hooks",       admin_hooks) \
    X(HOOK_LIST,         "hook.list",         hook_list) \
    X(ADMIN_HOOK_REVOKE, "admin.hook.revoke", admin_hook_revoke) \
    X(ADMIN_HOOK_RESUME, "admin.hook.resume", admin_hook_resume) \
    X(ADMIN_STATS,       "admin.stats",       admin_stats) \
    X(STATS,             "stats",             stats) \
    X(ADMIN_BUSY,        "admin.busy",        admin_busy) \
    X(BUSY,              "busy",              busy) \
    X(ADMIN_MINUTES,     "admin.minutes",     admin_minutes) \
    X(MINUTES,           "minutes",           minutes)
/* clang-format on */

enum msg_type {
    MSG_NONE,
#define X(code, name, member) MSG_##code,
    MSG_LIST(X)
#undef X
        MSG_COUNT
};

/* Parts of messages. */
struct room_since {
    struct str room;
    int64_t since; /* last sequence number seen; 0 for none; -1: from the present on */
    bool snapshot; /* a snapshot will do instead of many events */
};
struct room_item {
    struct str room;
    enum role role;
    bool is_public;
    int64_t seq; /* of its newest event */
    int64_t members;
    struct marker read;       /* how far the receiver has read it */
    int64_t unread, mentions; /* behind that, up to seq; in room.list only */
};
struct member_item {
    struct str user;
    enum role role;
    bool online;
    enum status status; /* these three in member.list only */
    struct str words;
    int64_t since;
    bool bot;
};
/* What a number of the room stands for now. */
struct named_item {
    int64_t number;
    struct str name; /* title of the card, or name of the note */
    bool note;
};
struct user_item {
    struct str user;
    bool admin, disabled;
    int64_t created, seen; /* ms; seen 0: never */
    bool bot;
};
struct token_item {
    struct str token_id, user;
    int64_t issued, expires; /* ms */
    bool revoked, invite;
    struct str scopes; /* empty: it is good for all */
};
struct stat_item {
    struct str name;
    int64_t value;
};
/* How much went on in a room, or by a person: numbers parted by spaces, the oldest first. */
struct busy_item {
    struct str name;
    int64_t hour, day; /* events in the last hour, and 24 hours */
    struct str minutes, hours;
};
struct minute_item {
    int64_t time;       /* ms, of its beginning */
    struct str figures; /* "name value name value" */
};

/* The messages. */
struct msg_hello {
    int64_t version;
    struct str client;
    struct str agent;
    LIST_OF(struct room_since) rooms;
};
struct msg_welcome {
    int64_t version;
    struct str server, user;
    bool admin;
    int64_t session, time, expires, heartbeat, revision;
    struct str log; /* which the sequence numbers belong to; may be empty */
    LIST_OF(struct room_item) rooms;
};
struct msg_open {
    struct request_head head;
    int64_t since;
    bool snapshot;
};
struct msg_close {
    struct request_head head;
};
struct msg_snapshot {
    struct str room;
    int64_t seq;
    bool is_public, more;
    int64_t part;
    int64_t next_number; /* of the next card */
    struct str log;      /* as in welcome */
    struct str topic;    /* empty: none */
    struct retention keep;
    int64_t trimmed; /* up to which event messages were removed; 0: none were */
    LIST_OF(struct column_item) columns;
    LIST_OF(struct task_item) tasks;
    LIST_OF(struct note_item) notes;
    LIST_OF(struct member_item) members;
    LIST_OF(struct pin_item) pins;
};
struct msg_synced {
    struct str room;
    int64_t seq;
};
struct msg_room_role {
    struct str room;
    enum role role;
    bool is_public;
    int64_t seq;
    struct str author;
    struct marker read; /* the receiver's */
};
struct msg_renew {
    struct request_head head;
    struct str token;
};
struct msg_renewed {
    struct answer_head head;
    int64_t expires;
};
struct msg_ping {
    struct request_head head;
};
struct msg_pong {
    struct answer_head head;
    int64_t time;
};
struct msg_ok {
    struct answer_head head;
    struct str room;
    int64_t seq, number;
};
/* In front of the error that refuses a task.edit: somebody else set the field meanwhile. */
struct msg_conflict {
    struct answer_head head;
    struct str room;
    int64_t task;
    struct str field, value, author; /* as it is now, and who set it */
    int64_t seq;                     /* by which event: what to name as seen from now on */
};
struct msg_error {
    struct answer_head head;
    struct str code, message;
    bool retry;
    struct str room; /* of an error that answers no request: it is not open (any more) */
};
struct msg_bye {
    struct str code, message;
    int64_t retry_ms; /* -1: do not come back by yourself */
};

struct msg_room_create {
    struct request_head head;
    bool is_public;
};
struct msg_room_join {
    struct request_head head;
};
struct msg_room_leave {
    struct request_head head;
};
struct msg_member_set {
    struct request_head head;
    struct str user;
    enum role role;
};
struct msg_topic_set {
    struct request_head head;
    struct str topic; /* empty: none */
};
struct msg_room_retain {
    struct request_head head;
    struct retention keep;
};
struct msg_room_created {
    struct event_head head;
    bool is_public;
    LIST_OF(struct column_item) columns;
};
struct msg_member {
    struct event_head head;
    struct str user;
    enum role role; /* ROLE_NONE: is no member any more */
    bool bot;
};
struct msg_room_topic {
    struct event_head head;
    struct str topic; /* empty: none */
};
/* An event of a type that this version does not know, as a newer server has them:
 * codec_decode() makes it of one that has all that stands at the front of an event. It keeps
 * its place in the room's log, and nothing else follows from it. */
struct msg_unknown {
    struct event_head head;
    struct str what; /* the type that it came as */
};
struct msg_room_retention {
    struct event_head head;
    struct retention keep;
};
struct msg_activity {
    struct request_head head;
    int64_t before, limit;
    int64_t about;   /* only what is about that card or note; 0: everything */
    struct str user; /* only what that person did; empty: everybody */
    enum activity kind;
    bool mine;     /* only what concerns the asker */
    int64_t since; /* ms: nothing older; 0: everything */
};
struct msg_activity_page {
    struct answer_head head;
    struct str room;
    int64_t from;               /* all of the log from here up to `before` was looked at */
    LIST_OF(struct str) events; /* as JSON, for codec_decode(); oldest first */
    LIST_OF(struct named_item) names;
    bool more; /* there is log in front of `from` */
};
struct msg_rooms {
    struct request_head head;
    bool mine; /* only those that one is in */
};
struct msg_room_list {
    struct answer_head head;
    LIST_OF(struct room_item) rooms;
};
struct msg_members {
    struct request_head head;
};
struct msg_member_list {
    struct answer_head head;
    struct str room;
    LIST_OF(struct member_item) members;
};
struct msg_invite_accept {
    struct request_head head;
};
struct msg_token {
    struct answer_head head;
    struct str user, token, token_id;
    int64_t expires;
};

struct msg_admin_users {
    struct request_head head;
};
struct msg_user_list {
    struct answer_head head;
    LIST_OF(struct user_item) users;
};
struct msg_admin_user_set {
    struct request_head head;
    struct str user;
    bool admin, disabled, bot;
};
struct msg_admin_token {
    struct request_head head;
    struct str user;
    int64_t ttl; /* seconds */
    struct str scopes;
};
struct msg_admin_invite {
    struct request_head head;
    struct str user;
    int64_t ttl;
};
struct msg_admin_tokens {
    struct request_head head;
};
struct msg_token_list {
    struct answer_head head;
    LIST_OF(struct token_item) tokens;
};
struct msg_admin_revoke {
    struct request_head head;
    struct str token_id;
};
struct msg_admin_stats {
    struct request_head head;
};
struct msg_stats {
    struct answer_head head;
    LIST_OF(struct stat_item) stats;
};

struct msg_admin_busy {
    struct request_head head;
    int64_t limit;
};
struct msg_busy {
    struct answer_head head;
    LIST_OF(struct busy_item) rooms, people; /* the busiest of the last hour first */
};
struct msg_admin_minutes {
    struct request_head head;
    int64_t since, limit;
};
struct msg_minutes {
    struct answer_head head;
    LIST_OF(struct minute_item) minutes; /* oldest first */
    bool more;
};

/* Any message. Strings and lists borrow: from the arena that codec_decode() was given, or from
 * whoever filled the struct in. */
struct msg {
    enum msg_type type;
    union {
        struct request_head request;
        struct answer_head answer;
        struct event_head event;
        struct state_head state;
#define X(code, name, member) struct msg_##member member;
        MSG_LIST(X)
#undef X
    };
};

/* ---- the table ---- */

enum field_kind {
    FIELD_BOOL,
    FIELD_INT,
    FIELD_STR,
    FIELD_ENUM,
    FIELD_LIST,
    FIELD_EVENTS, /* a list of struct str, each an event as a JSON object, from a server.
                     Whether it is one is for who decodes it to see */
    FIELD_OP,     /* an operation on a text: a struct str with its JSON without spaces, of which
                     only the shape has been checked. max counts its bytes */
};

/* What a string must be made of, besides its length. */
enum str_rule {
    RULE_TEXT,   /* any UTF-8 without NUL */
    RULE_LINE,   /* no control characters: one line */
    RULE_USER,   /* a-z A-Z 0-9 . _ -, not beginning with a dot or minus */
    RULE_ROOM,   /* '#', then a-z 0-9 . _ -, the first of them a letter or digit; or as in
                    direct.h */
    RULE_CLIENT, /* letters and digits, at least 8 */
    RULE_ASCII,  /* printable ASCII without space: tokens, ids, keys */
    RULE_EMOJI,  /* one emoji, or a name of a-z 0-9 _ + - between colons */
};

struct field {
    const char *name;
    enum field_kind kind;
    enum str_rule rule;     /* FIELD_STR */
    bool optional;          /* may be left out; then it has the value `fallback` or is empty */
    bool server_only;       /* in a message from both sides: the server must set it, a client
                               must not */
    bool not_zero;          /* FIELD_INT: 0 is out of range */
    size_t offset;          /* of the member in the struct */
    int64_t min, max;       /* value of an int, bytes of a string, items of a list */
    int64_t fallback;       /* for bool, int, enum */
    const struct shape *of; /* FIELD_LIST: what the items are */
    const char *const *names; /* FIELD_ENUM: by value, max is the last */
    const char *doc;          /* for the manual */
};

struct shape {
    const char *name;
    size_t size;
    const struct field *fields;
    size_t n;
};

struct msg_row {
    const char *name; /* "type" on the wire */
    enum msg_class class;
    enum msg_side side;
    enum msg_right right;
    enum scope scope;       /* what a token with scopes must have for it */
    bool in_room;           /* a request or question with a room */
    enum activity activity; /* what an event is to somebody who asks what was done */
    struct shape shape;     /* its own fields, after those of the class */
    const char *doc;
};

extern const struct msg_row msg_table[MSG_COUNT];
extern const struct shape delivery_text_shape;

/* The fields that every message of a class has, first on the wire. For requests and questions
 * without a room, only "id". */
struct shape msg_head(const struct msg_row *row);
const char *msg_class_name(enum msg_class c);
const char *msg_right_sentence(enum msg_right r);

/* MSG_NONE when there is no such name. */
enum msg_type msg_from_name(struct str name);

bool str_follows(struct str s, enum str_rule rule);
const char *str_rule_sentence(enum str_rule rule);

/* Checks every field of m against its row, as decoding would: an encoder's own guard, and how a
 * local command is checked before it is sent. */
bool msg_check(const struct msg *m, enum msg_side from, struct err *e);

#endif
