#include "msg.h"

#include <assert.h>
#include <stddef.h>

/* The facts about every message. Encoding, decoding, checks, dispatch, samples and the manual
 * are read off these rows. A member of the wrong C type does not compile. */

#define PLACE(S, m, T) (offsetof(struct S, m) + 0 * _Generic(((struct S *)0)->m, T : 1))

/* Behind the doc any further member of struct field may be set. */
#define BOOL_AS(S, m, wire, ...)                                                               \
    {                                                                                          \
        .name = wire, .kind = FIELD_BOOL, .offset = PLACE(S, m, bool), .max = 1,               \
        .doc = __VA_ARGS__                                                                     \
    }
#define BOOL(S, m, ...) BOOL_AS(S, m, #m, __VA_ARGS__)
#define INT(S, m, lo, hi, ...)                                                                 \
    {                                                                                          \
        .name = #m, .kind = FIELD_INT, .offset = PLACE(S, m, int64_t), .min = lo, .max = hi,   \
        .doc = __VA_ARGS__                                                                     \
    }
#define INT_AS(S, m, wire, ...)                                                                \
    {                                                                                          \
        .name = wire, .kind = FIELD_INT, .offset = PLACE(S, m, int64_t), .max = SEQ_MAX,       \
        .doc = __VA_ARGS__                                                                     \
    }
#define TEXT_IN(S, m, made_of, lo, hi, ...)                                                    \
    {                                                                                          \
        .name = #m, .kind = FIELD_STR, .rule = made_of, .offset = PLACE(S, m, struct str),     \
        .min = lo, .max = hi, .doc = __VA_ARGS__                                               \
    }
#define OPERATION(S, m, hi, ...)                                                               \
    {                                                                                          \
        .name = #m, .kind = FIELD_OP, .offset = PLACE(S, m, struct str), .min = 2, .max = hi,  \
        .doc = __VA_ARGS__                                                                     \
    }
#define ROLE(S, m, lo, ...)                                                                    \
    {                                                                                          \
        .name = #m, .kind = FIELD_ENUM, .offset = PLACE(S, m, enum role), .min = lo,           \
        .max = ROLE_COUNT - 1, .names = role_names, .doc = __VA_ARGS__                         \
    }
#define ACTIVITY_KIND(S, m, ...)                                                               \
    {                                                                                          \
        .name = #m, .kind = FIELD_ENUM, .offset = PLACE(S, m, enum activity),                  \
        .max = ACTIVITY_COUNT - 1, .names = activity_names, .doc = __VA_ARGS__                 \
    }
#define EVENTS(S, m, hi, ...)                                                                  \
    {                                                                                          \
        .name = #m, .kind = FIELD_EVENTS, .max = hi,                                           \
        .offset =                                                                              \
            offsetof(struct S, m) + 0 * _Generic(((struct S *)0)->m.v, struct str * : 1),      \
        .doc = __VA_ARGS__                                                                     \
    }
#define ENUM(S, m, T, of, hi, ...)                                                             \
    {                                                                                          \
        .name = #m, .kind = FIELD_ENUM, .offset = PLACE(S, m, enum T), .max = hi, .names = of, \
        .doc = __VA_ARGS__                                                                     \
    }
#define LIST(S, m, item, hi, ...)                                                              \
    {                                                                                          \
        .name = #m, .kind = FIELD_LIST, .of = &item##_shape, .max = hi,                        \
        .offset =                                                                              \
            offsetof(struct S, m) + 0 * _Generic(((struct S *)0)->m.v, struct item * : 1),     \
        .doc = __VA_ARGS__                                                                     \
    }

/* The kinds of value that stand in many rows. */
#define USER(S, m, ...) TEXT_IN(S, m, RULE_USER, 1, USER_NAME_MAX, __VA_ARGS__)
#define ROOM(S, m, ...) TEXT_IN(S, m, RULE_ROOM, 2, ROOM_NAME_MAX, __VA_ARGS__)
#define CLIENT(S, m, ...) TEXT_IN(S, m, RULE_CLIENT, 8, CLIENT_ID_MAX, __VA_ARGS__)
#define TITLE(S, m, ...) TEXT_IN(S, m, RULE_LINE, 1, TITLE_MAX, __VA_ARGS__)
#define COLUMN(S, m, ...) TEXT_IN(S, m, RULE_LINE, 1, COLUMN_NAME_MAX, __VA_ARGS__)
#define TEXT(S, m, ...) TEXT_IN(S, m, RULE_TEXT, 1, TEXT_MAX, __VA_ARGS__)
#define KEY(S, m, ...) TEXT_IN(S, m, RULE_ASCII, 1, KEY_MAX, __VA_ARGS__)
#define TOKEN(S, m, ...) TEXT_IN(S, m, RULE_ASCII, 1, TOKEN_MAX, __VA_ARGS__)
#define TOKEN_ID(S, m, ...) TEXT_IN(S, m, RULE_ASCII, 1, TOKEN_ID_MAX, __VA_ARGS__)
#define AGENT(S, m, ...) TEXT_IN(S, m, RULE_LINE, 1, AGENT_MAX, __VA_ARGS__)
#define TIME(S, m, ...) INT(S, m, 0, SEQ_MAX, __VA_ARGS__)
#define SEQ(S, m, ...) INT(S, m, 1, SEQ_MAX, __VA_ARGS__)
#define COUNT(S, m, ...) INT(S, m, 0, SEQ_MAX, __VA_ARGS__)
#define CARD(S, m, ...) INT(S, m, 1, SEQ_MAX, __VA_ARGS__)
#define CARD_REF(S, m, ...) INT(S, m, -SEQ_MAX, SEQ_MAX, __VA_ARGS__)

#define TOPIC(S, m, ...) TEXT_IN(S, m, RULE_LINE, 1, TOPIC_MAX, __VA_ARGS__)
#define KEEP(S, age_name, count_name, more)                                                    \
    {.name = age_name,                                                                         \
     .kind = FIELD_INT,                                                                        \
     .offset = PLACE(S, keep.age, int64_t),                                                    \
     .max = RETENTION_AGE_MAX,                                                                 \
     OPTIONAL,                                                                                 \
     .doc = "For how many seconds a message is kept; left out: for any time" more "."},        \
    {                                                                                          \
        .name = count_name, .kind = FIELD_INT, .offset = PLACE(S, keep.count, int64_t),        \
        .max = RETENTION_COUNT_MAX, OPTIONAL,                                                  \
        .doc = "How many of the newest messages are kept; left out: any number" more "."       \
    }
#define WORDS(S, m, ...) TEXT_IN(S, m, RULE_LINE, 1, STATUS_WORDS_MAX, __VA_ARGS__)
#define PART(S, m, ...) INT(S, m, 0, POINTER_WHOLE, __VA_ARGS__)
#define CARD_FIELD(S, m, ...) TEXT_IN(S, m, RULE_ASCII, 1, FIELD_NAME_MAX, __VA_ARGS__)
#define CARD_VALUE(S, m, ...) TEXT_IN(S, m, RULE_LINE, 1, TITLE_MAX, __VA_ARGS__)
#define MESSAGE_REF(S, m, ...) INT(S, m, -SEQ_MAX, SEQ_MAX, __VA_ARGS__)
#define EMOJI(S, m, ...) TEXT_IN(S, m, RULE_EMOJI, 2, EMOJI_MAX, __VA_ARGS__)
#define NOTE_NAME(S, m, ...) TEXT_IN(S, m, RULE_LINE, 1, NOTE_NAME_MAX, __VA_ARGS__)

#define SCOPES(S, m, ...) TEXT_IN(S, m, RULE_ASCII, 1, SCOPES_MAX, __VA_ARGS__)
#define HOOK_ID(S, m, ...) TEXT_IN(S, m, RULE_ASCII, 1, TOKEN_ID_MAX, __VA_ARGS__)
#define URL(S, m, ...) TEXT_IN(S, m, RULE_ASCII, 1, HOOK_URL_MAX, __VA_ARGS__)
#define KINDS(S, m, ...) TEXT_IN(S, m, RULE_ASCII, 1, HOOK_KINDS_MAX, __VA_ARGS__)

#define OPTIONAL .optional = true

/* clang-format off */

static const char *const role_names[] = {
    [ROLE_NONE] = "none", [ROLE_OBSERVER] = "observer", [ROLE_MEMBER] = "member", [ROLE_OWNER] = "owner",
};
static_assert(COUNT_OF(role_names) == ROLE_COUNT, "a name for each role");
static const char *const status_names[] = {
    [STATUS_ONLINE] = "online", [STATUS_AWAY] = "away", [STATUS_DND] = "dnd", [STATUS_IDLE] = "idle",
};
static_assert(COUNT_OF(status_names) == STATUS_COUNT, "a name for each status");
static const char *const pointed_names[] = {
    [POINTED_OFF] = "off", [POINTED_NOWHERE] = "nowhere", [POINTED_CARD] = "card", [POINTED_COLUMN] = "column",
    [POINTED_MESSAGE] = "message", [POINTED_NOTE] = "note",
};
static_assert(COUNT_OF(pointed_names) == POINTED_COUNT, "a name for each");

static const char *const activity_names[] = {
    [ACTIVITY_ALL] = "all", [ACTIVITY_CARDS] = "cards", [ACTIVITY_COMMENTS] = "comments",
    [ACTIVITY_COLUMNS] = "columns", [ACTIVITY_NOTES] = "notes", [ACTIVITY_MEMBERS] = "members",
};
static_assert(COUNT_OF(activity_names) == ACTIVITY_COUNT, "a name for each kind of activity");
static const char *const found_names[] = {
    [FOUND_ANY] = "any", [FOUND_CHAT] = "chat", [FOUND_COMMENT] = "comment", [FOUND_CARD] = "card",
    [FOUND_NOTE] = "note",
};
static_assert(COUNT_OF(found_names) == FOUND_COUNT, "a name for each kind of what is found");
static const char *const order_names[] = {[ORDER_TIME] = "time", [ORDER_RELEVANCE] = "relevance"};
static_assert(COUNT_OF(order_names) == ORDER_COUNT, "a name for each order");

/* ---- what every message of a class has in front ---- */

static const struct field request_fields[] = {
    INT(request_head, id, 1, SEQ_MAX, "Made by the client, larger than all it used before with its client id."),
    ROOM(request_head, room, "The room it is about."),
    COUNT(request_head, batch, "The id of the first request of those that the person made as one, in each of them; left out: it stands alone. Handed on in the event.", OPTIONAL),
    INT(request_head, undoes, -SEQ_MAX, SEQ_MAX, "The event that it takes back: its number, or -ID for the event of this client's request ID; left out: none. Handed on in the event, and not checked.", OPTIONAL),
};
enum { QUESTION_HEAD = 2 }; /* questions have the first ones only */
static const struct field answer_fields[] = {
    INT(answer_head, re, 1, SEQ_MAX, "The id of the request that this answers."),
};
static const struct field error_fields[] = {
    INT(answer_head, re, 0, SEQ_MAX, "The id of the request that failed; left out when the error answers none.", OPTIONAL),
};
static const struct field event_fields[] = {
    ROOM(event_head, room, "The room it happened in."),
    SEQ(event_head, seq, "Its number in the room's log: 1 for the first, then without gaps."),
    TIME(event_head, time, "When the server took it, in milliseconds since 1970."),
    USER(event_head, author, "Who asked for it."),
    CLIENT(event_head, client, "The client id that the author's session gave in hello."),
    INT(event_head, id, 1, SEQ_MAX, "The id of the request; author, client and id together never repeat."),
    COUNT(event_head, batch, "What the request said: the id of the first of those that the author made as one.", OPTIONAL),
    INT(event_head, undoes, -SEQ_MAX, SEQ_MAX, "What the request said: the event that it takes back, or -ID for that of the author's request ID under the same client id.", OPTIONAL),
};
static const struct field state_fields[] = {
    ROOM(state_head, room, "The room it is about."),
    USER(state_head, user, "Whose state this is.", .server_only = true),
    SEQ(state_head, session, "The number of the connection it is about; one person may have several.", .server_only = true),
};

/* ---- parts of messages ---- */

#define SHAPE(item)                                                                            \
    static const struct shape item##_shape = {#item, sizeof(struct item), item##_fields,       \
                                              COUNT_OF(item##_fields)}

static const struct field room_since_fields[] = {
    ROOM(room_since, room, "The room to open."),
    INT(room_since, since, -1, SEQ_MAX, "The last sequence number seen; 0 for none, -1 for only what comes from now on.", OPTIONAL),
    BOOL(room_since, snapshot, "Whether a snapshot will do in place of many missed events.", OPTIONAL),
};
SHAPE(room_since);

static const struct field room_item_fields[] = {
    ROOM(room_item, room, "The room's name."),
    ROLE(room_item, role, ROLE_NONE, "The receiver's role there."),
    BOOL_AS(room_item, is_public, "public", "Whether anybody may join."),
    COUNT(room_item, seq, "The sequence number of its newest event."),
    COUNT(room_item, members, "How many members it has."),
    INT_AS(room_item, read.seq, "read", "How far the receiver has read it; see unread.", OPTIONAL),
    INT_AS(room_item, read.turn, "turn", "The turn of that.", OPTIONAL),
    INT(room_item, unread, 0, UNREAD_MAX, "In room.list: how many messages are unread, as in unread, up to seq.", OPTIONAL),
    INT(room_item, mentions, 0, UNREAD_MAX, "In room.list: how many of them concern the receiver by name.", OPTIONAL),
};
SHAPE(room_item);

static const struct field column_item_fields[] = {
    COLUMN(column_item, name, "The column's name."),
    INT(column_item, limit, 0, TASKS_MAX, "How many cards it should have at most; left out for no limit. It is advice: no card is refused for it.", OPTIONAL),
};
SHAPE(column_item);

static const struct field change_item_fields[] = {
    CARD_FIELD(change_item, field, "The field; see the table of a card's fields."),
    CARD_VALUE(change_item, value, "The value it gets; left out: the field is cleared.", OPTIONAL),
    BOOL(change_item, gone, "Of a field with several values: this one is taken off.", OPTIONAL),
};
SHAPE(change_item);

static const struct field task_item_fields[] = {
    CARD(task_item, number, "The card's number, which never changes and is never used again."),
    TITLE(task_item, title, "Its title."),
    COLUMN(task_item, column, "The column it is in."),
    KEY(task_item, key, "Its order within the column: cards are sorted by key, byte by byte, then by number."),
    COUNT(task_item, version, "The version of its description; left out for 0, the empty one.", OPTIONAL),
    COUNT(task_item, done, "How many boxes of its description are ticked; left out for none.", OPTIONAL),
    COUNT(task_item, boxes, "How many boxes its description has; left out for none.", OPTIONAL),
    COUNT(task_item, comments, "How many comments it has that were not deleted; left out for none.", OPTIONAL),
    COUNT(task_item, changed, "The newest event about it: a change of it, a comment, a reaction to one.", OPTIONAL),
    LIST(task_item, fields, change_item, CARD_FIELDS_MAX, "The values of its other fields.", OPTIONAL),
};
SHAPE(task_item);

static const struct field note_item_fields[] = {
    CARD(note_item, number, "The note's number; cards and notes are numbered from one counter."),
    NOTE_NAME(note_item, name, "Its name."),
    BOOL(note_item, archived, "Whether it is out of sight.", OPTIONAL),
    COUNT(note_item, version, "The version of its text: how many edits it had."),
    TIME(note_item, time, "When it was last edited, or made, in milliseconds since 1970."),
    USER(note_item, author, "Who did that."),
};
SHAPE(note_item);

static const struct field version_item_fields[] = {
    CARD(version_item, version, "The version that this edit made."),
    TIME(version_item, time, "When, in milliseconds since 1970."),
    USER(version_item, author, "Who did it."),
    OPERATION(version_item, op, OP_OUT_MAX, "What it did to the version before."),
};
SHAPE(version_item);

static const struct field run_item_fields[] = {
    USER(run_item, author, "Who wrote this run of the text."),
    CARD(run_item, version, "The newest version that added to it."),
    TIME(run_item, time, "When that was, in milliseconds since 1970."),
    CARD(run_item, chars, "How many code points it has."),
};
SHAPE(run_item);

static const struct field member_item_fields[] = {
    USER(member_item, user, "The member."),
    ROLE(member_item, role, ROLE_OBSERVER, "The role in this room."),
    BOOL(member_item, online, "Whether any connection of this person has the room open."),
    ENUM(member_item, status, status, status_names, STATUS_IDLE, "The status of one who is here, as in presence; in member.list only.", OPTIONAL),
    WORDS(member_item, words, "What the person says of it, as far as the list has room.", OPTIONAL),
    TIME(member_item, since, "When it began, in milliseconds since 1970.", OPTIONAL),
    BOOL(member_item, bot, "Whether it is a program.", OPTIONAL),
};
SHAPE(member_item);

static const struct field reaction_item_fields[] = {
    EMOJI(reaction_item, emoji, "The reaction."),
    USER(reaction_item, user, "Whose it is."),
    SEQ(reaction_item, seq, "The sequence number of the event that added it."),
};
SHAPE(reaction_item);

static const struct field mark_item_fields[] = {
    COUNT(mark_item, at, "The code point of the excerpt that it begins at."),
    COUNT(mark_item, chars, "How many it has."),
};
SHAPE(mark_item);

static const struct field found_item_fields[] = {
    ENUM(found_item, kind, found_kind, found_names, FOUND_COUNT - 1, "What it is."),
    ROOM(found_item, room, "The room it is in."),
    SEQ(found_item, seq, "The sequence number of the message, or of the event that made the card or note."),
    COUNT(found_item, number, "The card or note that it is or that it is about; left out: none.", OPTIONAL),
    TIME(found_item, time, "When it was said or made, in milliseconds since 1970."),
    USER(found_item, author, "Who said or made it."),
    TITLE(found_item, title, "The title of the card, the name of the note.", OPTIONAL),
    TEXT_IN(found_item, excerpt, RULE_LINE, 0, 4 * EXCERPT_CHARS_MAX + 8, "A piece of the text around the first place that was looked for, on one line."),
    LIST(found_item, marks, mark_item, MARKS_MAX, "The places in it that were looked for.", OPTIONAL),
    BOOL(found_item, archived, "Whether the card or note is archived.", OPTIONAL),
};
SHAPE(found_item);

static const struct field message_item_fields[] = {
    SEQ(message_item, seq, "The sequence number of its event."),
    TIME(message_item, time, "When it was taken, in milliseconds since 1970."),
    USER(message_item, author, "Who wrote it."),
    TEXT(message_item, text, "What it says; left out: it was deleted.", OPTIONAL),
    COUNT(message_item, task, "The card it is a comment on; left out: none.", OPTIONAL),
    COUNT(message_item, reply, "The message that it answers, which is no answer itself; left out: none.", OPTIONAL),
    USER(message_item, to, "Whom it answers: who wrote that message, or the answer to it that was answered.", OPTIONAL),
    TIME(message_item, edited, "When it was last edited; left out: never.", OPTIONAL),
    USER(message_item, deleted, "Who deleted it; left out: nobody.", OPTIONAL),
    BOOL(message_item, pinned, "Whether it is pinned.", OPTIONAL),
    LIST(message_item, reactions, reaction_item, REACTIONS_MAX, "The reactions to it, in the order in which they were added.", OPTIONAL),
};
SHAPE(message_item);

static const struct field named_item_fields[] = {
    CARD(named_item, number, "The number of a card or a note."),
    TITLE(named_item, name, "The title of the card, or the name of the note."),
    BOOL(named_item, note, "Whether it is a note.", OPTIONAL),
};
SHAPE(named_item);
static const struct field pin_item_fields[] = {
    SEQ(pin_item, message, "The sequence number of the message."),
    TIME(pin_item, time, "When it was pinned, in milliseconds since 1970."),
    USER(pin_item, author, "Who pinned it."),
};
SHAPE(pin_item);

static const struct field user_item_fields[] = {
    USER(user_item, user, "The account's name."),
    BOOL(user_item, admin, "Whether it is an admin of the server."),
    BOOL(user_item, disabled, "Whether it is kept out."),
    TIME(user_item, created, "When it was made, in milliseconds since 1970."),
    TIME(user_item, seen, "When it last signed in; left out for never.", OPTIONAL),
    BOOL(user_item, bot, "Whether it is that of a program.", OPTIONAL),
};
SHAPE(user_item);

static const struct field token_item_fields[] = {
    TOKEN_ID(token_item, token_id, "The token's id, which is not secret."),
    USER(token_item, user, "Whom it signs in."),
    TIME(token_item, issued, "When it was made, in milliseconds since 1970."),
    TIME(token_item, expires, "When it ends, in milliseconds since 1970; left out for never.", OPTIONAL),
    BOOL(token_item, revoked, "Whether it was revoked or, being an invite, used up."),
    BOOL(token_item, invite, "Whether it is an invite."),
    SCOPES(token_item, scopes, "What it is good for; left out: all that the account may do.", OPTIONAL),
};
SHAPE(token_item);
static const struct field audit_item_fields[] = {
    COUNT(audit_item, number, "Its number, larger than those before."),
    TIME(audit_item, time, "When, in milliseconds since 1970."),
    TEXT_IN(audit_item, author, RULE_LINE, 1, AUDIT_TEXT_MAX, "Who did it."),
    TEXT_IN(audit_item, act, RULE_ASCII, 1, STAT_NAME_MAX, "What was done: user.set, token.make, invite.make, invite.accept, token.revoke, kick, notice; restore, import, migrate and repair, which mootd does while no server runs; and others with time."),
    TEXT_IN(audit_item, subject, RULE_LINE, 1, AUDIT_TEXT_MAX, "To whom or what, if to any.", OPTIONAL),
    TEXT_IN(audit_item, words, RULE_LINE, 1, AUDIT_TEXT_MAX, "More about it.", OPTIONAL),
};
SHAPE(audit_item);

static const struct field hook_item_fields[] = {
    HOOK_ID(hook_item, hook, "The hook's id, which is not secret."),
    USER(hook_item, user, "The bot that it is in the room."),
    ROOM(hook_item, room, "The room."),
    COUNT(hook_item, task, "Of an incoming one: the only card that it posts on.", OPTIONAL),
    URL(hook_item, url, "Of an outgoing one: to where events are sent, for others than who made it the host alone and /... for the rest; an incoming one has none.", OPTIONAL),
    KINDS(hook_item, kinds, "And the names of those that are, parted by commas.", OPTIONAL),
    TEXT_IN(hook_item, author, RULE_LINE, 1, AUDIT_TEXT_MAX, "Who made it."),
    TIME(hook_item, created, "When, in milliseconds since 1970."),
    COUNT(hook_item, seq, "Of an outgoing one: all events up to this one are delivered, or not wanted.", OPTIONAL),
    TIME(hook_item, failing, "Since when deliveries fail, in milliseconds since 1970; left out: they do not.", OPTIONAL),
    BOOL(hook_item, stopped, "Whether it was given up, until admin.hook.resume.", OPTIONAL),
    TEXT_IN(hook_item, trouble, RULE_LINE, 1, AUDIT_TEXT_MAX, "Why the last delivery failed.", OPTIONAL),
};
SHAPE(hook_item);

static const struct field delivery_text_fields[] = {
    TEXT(delivery_text, text, "What is said."),
    CARD(delivery_text, task, "The card that it is said on; left out: none.", OPTIONAL),
};
const struct shape delivery_text_shape = {"delivery", sizeof(struct delivery_text), delivery_text_fields,
                                          COUNT_OF(delivery_text_fields)};

static const struct field stat_item_fields[] = {
    TEXT_IN(stat_item, name, RULE_ASCII, 1, STAT_NAME_MAX, "What is counted."),
    INT(stat_item, value, -SEQ_MAX, SEQ_MAX, "The figure."),
};
SHAPE(stat_item);

/* ---- the messages ---- */

static const struct field hello_fields[] = {
    INT(msg_hello, version, PROTOCOL_VERSION, PROTOCOL_VERSION, "The version of this protocol; it is checked before anything else."),
    CLIENT(msg_hello, client, "Made at random once, kept on disk and used again at every reconnect: requests are recognised by it."),
    AGENT(msg_hello, agent, "The client's name and version.", OPTIONAL),
    LIST(msg_hello, rooms, room_since, ROOMS_PER_HELLO_MAX, "The rooms to open at once.", OPTIONAL),
};
static const struct field welcome_fields[] = {
    INT(msg_welcome, version, PROTOCOL_VERSION, PROTOCOL_VERSION, "The version of this protocol."),
    AGENT(msg_welcome, server, "The server's name and version."),
    USER(msg_welcome, user, "Who the client is signed in as."),
    BOOL(msg_welcome, admin, "Whether that is an admin of the server."),
    SEQ(msg_welcome, session, "The number of this connection, which stands in its states."),
    TIME(msg_welcome, time, "The server's clock, in milliseconds since 1970."),
    TIME(msg_welcome, expires, "When the token and this session end; left out for never.", OPTIONAL),
    INT(msg_welcome, heartbeat, 1, 3600, "Seconds between the server's pings; a peer that is silent for 2.5 times as long is gone."),
    INT(msg_welcome, revision, 0, SEQ_MAX, "What the server knows beyond the first messages of this version; what is said of a message to have come with a later one must not be sent.", OPTIONAL),
    TEXT_IN(msg_welcome, log, RULE_ASCII, 1, LOG_NAME_MAX, "The name of the log that all sequence numbers belong to. When it is another than the client remembers, the database was put back to an older state: what is kept of rooms is to be forgotten, and they are to be opened from 0.", OPTIONAL),
    LIST(msg_welcome, rooms, room_item, ROOMS_MAX, "The rooms that the user is in, and their newest sequence numbers.", OPTIONAL),
};
static const struct field open_fields[] = {
    INT(msg_open, since, -1, SEQ_MAX, "The last sequence number seen; 0 for none, -1 for only what comes from now on.", OPTIONAL),
    BOOL(msg_open, snapshot, "Whether a snapshot will do in place of many missed events.", OPTIONAL),
};
static const struct field snapshot_fields[] = {
    ROOM(msg_snapshot, room, "The room."),
    COUNT(msg_snapshot, seq, "The last event that is contained; the next one has the number behind it."),
    BOOL_AS(msg_snapshot, is_public, "public", "Whether anybody may join."),
    COUNT(msg_snapshot, part, "0 for the first part, which replaces all that was known; the others add to it."),
    BOOL(msg_snapshot, more, "Whether more parts follow."),
    CARD(msg_snapshot, next_number, "The number that the next card or note will get."),
    TEXT_IN(msg_snapshot, log, RULE_ASCII, 1, LOG_NAME_MAX, "The log that seq belongs to, as in welcome; in the first part only.", OPTIONAL),
    TOPIC(msg_snapshot, topic, "What the room is about; in the first part only.", OPTIONAL),
    KEEP(msg_snapshot, "keep_age", "keep_count", "; in the first part only"),
    COUNT(msg_snapshot, trimmed, "Up to which event retention has removed messages, as chat.trimmed said last; in the first part only.", OPTIONAL),
    LIST(msg_snapshot, columns, column_item, COLUMNS_MAX, "The columns in their order; in the first part only.", OPTIONAL),
    LIST(msg_snapshot, tasks, task_item, SNAPSHOT_PART_MAX, "Cards that are not archived.", OPTIONAL),
    LIST(msg_snapshot, notes, note_item, SNAPSHOT_PART_MAX, "Notes, archived ones too.", OPTIONAL),
    LIST(msg_snapshot, members, member_item, SNAPSHOT_PART_MAX, "Members, and who of them was here when it was made.", OPTIONAL),
    LIST(msg_snapshot, pins, pin_item, PINS_MAX, "What is pinned, by sequence number; in the first part only.", OPTIONAL),
};
static const struct field synced_fields[] = {
    ROOM(msg_synced, room, "The room."),
    COUNT(msg_synced, seq, "The sequence number that the client is at now."),
};
static const struct field room_role_fields[] = {
    ROOM(msg_room_role, room, "The room."),
    ROLE(msg_room_role, role, ROLE_NONE, "The receiver's role from now on; none: is in the room no more."),
    BOOL_AS(msg_room_role, is_public, "public", "Whether anybody may join."),
    COUNT(msg_room_role, seq, "The sequence number of the event that says so to the room."),
    USER(msg_room_role, author, "Who asked for it."),
    INT_AS(msg_room_role, read.seq, "read", "How far the receiver has read it, as in unread: who comes into a room, all up to there.", OPTIONAL),
    INT_AS(msg_room_role, read.turn, "turn", "The turn of that.", OPTIONAL),
};
static const struct field renew_fields[] = {
    TOKEN(msg_renew, token, "The new token, for the same user."),
};
static const struct field renewed_fields[] = {
    TIME(msg_renewed, expires, "When the session ends now; left out for never.", OPTIONAL),
};
static const struct field pong_fields[] = {
    TIME(msg_pong, time, "The server's clock, in milliseconds since 1970."),
};
static const struct field ok_fields[] = {
    ROOM(msg_ok, room, "The room of the event that the request became, or that was opened or closed.", OPTIONAL),
    COUNT(msg_ok, seq, "The sequence number of that event; of open, that of the room's newest event.", OPTIONAL),
    COUNT(msg_ok, number, "The number of the card or note concerned; of status, for how many of the person's connections that have a room open it holds.", OPTIONAL),
};
static const struct field conflict_fields[] = {
    ROOM(msg_conflict, room, "The room."),
    CARD(msg_conflict, task, "The card."),
    CARD_FIELD(msg_conflict, field, "The field that two people set."),
    CARD_VALUE(msg_conflict, value, "What it is now; left out: it was cleared.", OPTIONAL),
    USER(msg_conflict, author, "Who set it."),
    SEQ(msg_conflict, seq, "By which event: who names it as seen may overwrite the value."),
};
static const struct field error_own_fields[] = {
    TEXT_IN(msg_error, code, RULE_ASCII, 1, ERROR_CODE_MAX, "Which error it is; see the table of errors."),
    TEXT_IN(msg_error, message, RULE_LINE, 1, ERROR_TEXT_MAX, "What is wrong, why, and what is allowed, in a sentence for people."),
    BOOL(msg_error, retry, "Whether sending the same again later can help.", OPTIONAL),
    ROOM(msg_error, room, "The room that is not open, or not any more; only in an error that answers no request.", OPTIONAL),
};
static const struct field bye_fields[] = {
    TEXT_IN(msg_bye, code, RULE_ASCII, 1, ERROR_CODE_MAX, "Why; see the table of errors."),
    TEXT_IN(msg_bye, message, RULE_LINE, 1, ERROR_TEXT_MAX, "The same in a sentence for people."),
    INT(msg_bye, retry_ms, -1, SEQ_MAX, "How long to wait before reconnecting, in milliseconds; -1: not until a person says so."),
};

static const struct field room_create_fields[] = {
    BOOL_AS(msg_room_create, is_public, "public", "Whether anybody may join; otherwise an owner adds people.", OPTIONAL, .fallback = true),
};
static const struct field member_set_fields[] = {
    USER(msg_member_set, user, "Whose role it is; the account must exist."),
    ROLE(msg_member_set, role, ROLE_NONE, "The new role; none takes the person out of the room."),
};
static const struct field topic_set_fields[] = {
    TOPIC(msg_topic_set, topic, "What the room is about; left out: nothing any more.", OPTIONAL),
};
static const struct field room_retain_fields[] = {
    KEEP(msg_room_retain, "age", "count", ""),
};
static const struct field message_post_fields[] = {
    TEXT(msg_message_post, text, "What to say; may have several lines."),
    CARD_REF(msg_message_post, task, "The card that it is a comment on, archived or not; left out: none. An answer to a comment is a comment on the same card.", OPTIONAL),
    MESSAGE_REF(msg_message_post, reply, "The message that it answers; left out: none. An answer to an answer answers the same message as that.", OPTIONAL),
};
static const struct field message_edit_fields[] = {
    MESSAGE_REF(msg_message_edit, message, "The message, which must be one's own.", .not_zero = true),
    TEXT(msg_message_edit, text, "What it says from now on."),
};
static const struct field message_delete_fields[] = {
    MESSAGE_REF(msg_message_delete, message, "The message.", .not_zero = true),
};
static const struct field message_react_fields[] = {
    MESSAGE_REF(msg_message_react, message, "The message.", .not_zero = true),
    EMOJI(msg_message_react, emoji, "The reaction."),
    BOOL(msg_message_react, gone, "Whether it is taken back.", OPTIONAL),
};
static const struct field message_pin_fields[] = {
    MESSAGE_REF(msg_message_pin, message, "The message.", .not_zero = true),
    BOOL(msg_message_pin, gone, "Whether it is pinned no more.", OPTIONAL),
};
static const struct field task_add_fields[] = {
    TITLE(msg_task_add, title, "The title of the card."),
    COLUMN(msg_task_add, column, "The column to add it to; left out: the first one.", OPTIONAL),
    CARD_REF(msg_task_add, after, "The card it goes behind, or where that stood if it was archived, or the end if it is in another column; 0: top of the column, left out: its end.", OPTIONAL, .fallback = AFTER_END),
};
static const struct field task_edit_fields[] = {
    CARD_REF(msg_task_edit, task, "The card.", .not_zero = true),
    INT(msg_task_edit, seen, -1, SEQ_MAX, "The number of the room's newest event that the sender knew; a field of one value that somebody else set after it is in conflict. One that is still to come counts as 0. Left out: whatever was there is overwritten.", OPTIONAL, .fallback = -1),
    TITLE(msg_task_edit, title, "The new title, if it gets one.", OPTIONAL),
    LIST(msg_task_edit, changes, change_item, CARD_CHANGES_MAX, "What else changes; all of it or nothing.", OPTIONAL),
};
static const struct field task_move_fields[] = {
    CARD_REF(msg_task_move, task, "The card.", .not_zero = true),
    COLUMN(msg_task_move, column, "The column it goes to."),
    CARD_REF(msg_task_move, after, "The card it goes behind, or where that stood if it was archived; 0: top of the column, left out: its end. One that left the column behind `seen` is the end, too.", OPTIONAL, .fallback = AFTER_END),
    COUNT(msg_task_move, seen, "The number of the room's newest event that the sender knew, for the event to say. The later of two moves stands all the same.", OPTIONAL),
};
static const struct field task_archive_fields[] = {
    CARD_REF(msg_task_archive, task, "The card.", .not_zero = true),
};
static const struct field task_restore_fields[] = {
    CARD_REF(msg_task_restore, task, "The card.", .not_zero = true),
};
static const struct field column_add_fields[] = {
    COLUMN(msg_column_add, name, "Its name; no other column of the board may have it, ASCII case ignored."),
    INT(msg_column_add, limit, 0, TASKS_MAX, "How many cards it should have at most; left out for no limit.", OPTIONAL),
    COLUMN(msg_column_add, after, "The column it goes behind; left out: the last one.", OPTIONAL),
    BOOL(msg_column_add, first, "Whether it goes in front of all others; not with after.", OPTIONAL),
};
static const struct field column_edit_fields[] = {
    COLUMN(msg_column_edit, column, "The column."),
    COLUMN(msg_column_edit, name, "Its new name, if it gets one.", OPTIONAL),
    INT(msg_column_edit, limit, LIMIT_STAYS, TASKS_MAX, "How many cards it should have at most from now on, 0 for no limit; left out, or -1: as before.", OPTIONAL, .fallback = LIMIT_STAYS),
};
static const struct field column_move_fields[] = {
    COLUMN(msg_column_move, column, "The column."),
    COLUMN(msg_column_move, after, "The column it goes behind; left out: the last one.", OPTIONAL),
    BOOL(msg_column_move, first, "Whether it goes in front of all others; not with after.", OPTIONAL),
};
static const struct field column_remove_fields[] = {
    COLUMN(msg_column_remove, column, "The column; not the last one of the board."),
    COLUMN(msg_column_remove, to, "The column that its cards go to, archived ones too."),
};
static const struct field note_create_fields[] = {
    NOTE_NAME(msg_note_create, name, "What to call it; no other note of the room that is not archived may be called so."),
};
static const struct field note_rename_fields[] = {
    CARD_REF(msg_note_rename, note, "The note; as with cards, -ID is the one that this client's request ID made.", .not_zero = true),
    NOTE_NAME(msg_note_rename, name, "Its new name."),
};
static const struct field note_archive_fields[] = {
    CARD_REF(msg_note_archive, note, "The note.", .not_zero = true),
};
static const struct field note_restore_fields[] = {
    CARD_REF(msg_note_restore, note, "The note.", .not_zero = true),
};
static const struct field note_edit_fields[] = {
    CARD_REF(msg_note_edit, note, "The note, or the card whose description it is.", .not_zero = true),
    COUNT(msg_note_edit, base, "The version of the text that the operation begins at."),
    OPERATION(msg_note_edit, op, OP_MAX, "What to do to it."),
};

static const struct field room_created_fields[] = {
    BOOL_AS(msg_room_created, is_public, "public", "Whether anybody may join."),
    LIST(msg_room_created, columns, column_item, COLUMNS_MAX, "The columns of its board, in their order."),
};
static const struct field room_topic_fields[] = {
    TOPIC(msg_room_topic, topic, "What the room is about from now on; left out: nothing.", OPTIONAL),
};
static const struct field unknown_fields[] = {
    TEXT_IN(msg_unknown, what, RULE_LINE, 1, TYPE_NAME_MAX, "The type that it had."),
};
static const struct field room_retention_fields[] = {
    KEEP(msg_room_retention, "age", "count", ""),
};
static const struct field chat_trimmed_fields[] = {
    SEQ(msg_chat_trimmed, upto, "The newest message that was removed. Of those up to it only comments on cards are left, and what was pinned."),
    TIME(msg_chat_trimmed, until, "When it was said, in milliseconds since 1970."),
    COUNT(msg_chat_trimmed, messages, "How many were removed."),
};
static const struct field message_removed_fields[] = {
    COUNT(msg_message_removed, message, "The message that something was done to, or that was said what it says; left out: it was a message itself.", OPTIONAL),
};
static const struct field member_fields[] = {
    USER(msg_member, user, "The person."),
    ROLE(msg_member, role, ROLE_NONE, "The role from now on; none: is in the room no more."),
    BOOL(msg_member, bot, "Whether it is a program.", OPTIONAL),
};
static const struct field message_fields[] = {
    TEXT(msg_message, text, "What was said."),
    COUNT(msg_message, task, "The card it is a comment on; left out: none.", OPTIONAL),
    COUNT(msg_message, reply, "The message that it answers, which is no answer itself; left out: none.", OPTIONAL),
    USER(msg_message, to, "Whom it answers.", OPTIONAL),
};
static const struct field message_edited_fields[] = {
    SEQ(msg_message_edited, message, "The sequence number of the message."),
    COUNT(msg_message_edited, task, "The card it is a comment on; left out: none.", OPTIONAL),
    USER(msg_message_edited, writer, "Who wrote it."),
    TEXT(msg_message_edited, text, "What it says now."),
};
static const struct field message_deleted_fields[] = {
    SEQ(msg_message_deleted, message, "The sequence number of the message."),
    COUNT(msg_message_deleted, task, "The card it is a comment on; left out: none.", OPTIONAL),
    USER(msg_message_deleted, writer, "Who wrote it."),
};
static const struct field message_reacted_fields[] = {
    SEQ(msg_message_reacted, message, "The sequence number of the message."),
    COUNT(msg_message_reacted, task, "The card it is a comment on; left out: none.", OPTIONAL),
    USER(msg_message_reacted, writer, "Who wrote it."),
    EMOJI(msg_message_reacted, emoji, "The reaction; the same one of the same person counts once."),
    BOOL(msg_message_reacted, gone, "Whether it was taken back.", OPTIONAL),
};
static const struct field message_pinned_fields[] = {
    SEQ(msg_message_pinned, message, "The sequence number of the message."),
    COUNT(msg_message_pinned, task, "The card it is a comment on; left out: none.", OPTIONAL),
    USER(msg_message_pinned, writer, "Who wrote it."),
    BOOL(msg_message_pinned, gone, "Whether it is pinned no more.", OPTIONAL),
};
static const struct field task_added_fields[] = {
    CARD(msg_task_added, task, "The number of the new card."),
    TITLE(msg_task_added, title, "Its title."),
    COLUMN(msg_task_added, column, "The column it is in."),
    KEY(msg_task_added, key, "Its order within the column."),
};
static const struct field task_edited_fields[] = {
    CARD(msg_task_edited, task, "The card."),
    TITLE(msg_task_edited, title, "Its title from now on, if it got one.", OPTIONAL),
    LIST(msg_task_edited, changes, change_item, CARD_CHANGES_MAX, "What else changed.", OPTIONAL),
};
static const struct field task_moved_fields[] = {
    CARD(msg_task_moved, task, "The card."),
    COLUMN(msg_task_moved, column, "The column it is in now."),
    KEY(msg_task_moved, key, "Its order within that column."),
    COUNT(msg_task_moved, seen, "The newest event that the mover knew, if that was said: who moved the card after it, and before this, was not seen.", OPTIONAL),
};
static const struct field task_archived_fields[] = {
    CARD(msg_task_archived, task, "The card, which is off the board now."),
};
static const struct field task_restored_fields[] = {
    CARD(msg_task_restored, task, "The card."),
    TITLE(msg_task_restored, title, "Its title."),
    COLUMN(msg_task_restored, column, "The column it is in."),
    KEY(msg_task_restored, key, "Its order within the column."),
    COUNT(msg_task_restored, version, "The version of its description; left out for 0, the empty one.", OPTIONAL),
    COUNT(msg_task_restored, done, "How many boxes of its description are ticked; left out for none.", OPTIONAL),
    COUNT(msg_task_restored, boxes, "How many boxes its description has; left out for none.", OPTIONAL),
    COUNT(msg_task_restored, comments, "How many comments it has that were not deleted; left out for none.", OPTIONAL),
    LIST(msg_task_restored, fields, change_item, CARD_FIELDS_MAX, "The values of its other fields.", OPTIONAL),
};
static const struct field column_added_fields[] = {
    COLUMN(msg_column_added, column, "Its name."),
    INT(msg_column_added, place, 0, COLUMNS_MAX - 1, "How many columns stand before it."),
    INT(msg_column_added, limit, 0, TASKS_MAX, "How many cards it should have at most; left out for no limit.", OPTIONAL),
};
static const struct field column_edited_fields[] = {
    COLUMN(msg_column_edited, column, "The column, by the name it had."),
    COLUMN(msg_column_edited, name, "Its name from now on, if it got another; its cards are in the column of that name then.", OPTIONAL),
    INT(msg_column_edited, limit, LIMIT_STAYS, TASKS_MAX, "Its limit from now on, 0 for none; left out, or -1: as before.", OPTIONAL, .fallback = LIMIT_STAYS),
};
static const struct field column_moved_fields[] = {
    COLUMN(msg_column_moved, column, "The column."),
    INT(msg_column_moved, place, 0, COLUMNS_MAX - 1, "How many columns stand before it now."),
};
static const struct field column_removed_fields[] = {
    COLUMN(msg_column_removed, column, "The column that is gone."),
    COLUMN(msg_column_removed, to, "The column that its cards are in now, behind those that were there, in the order they had."),
    KEY(msg_column_removed, key, "Their order there: the card that was the n-th, from 1, has as its key this one, then n in three digits of base 62 (0-9A-Za-z), then V."),
};
static const struct field column_keyed_fields[] = {
    COLUMN(msg_column_keyed, column, "The column. Its cards keep their order; of c cards the n-th, from 1, has as its key n times the whole part of 62*62*62/(c+1), in three digits of base 62 (0-9A-Za-z), then V."),
};
static const struct field note_created_fields[] = {
    CARD(msg_note_created, note, "The number of the new note, whose text is empty."),
    NOTE_NAME(msg_note_created, name, "Its name."),
};
static const struct field note_renamed_fields[] = {
    CARD(msg_note_renamed, note, "The note."),
    NOTE_NAME(msg_note_renamed, name, "Its name from now on."),
};
static const struct field note_archived_fields[] = {
    CARD(msg_note_archived, note, "The note, which is out of sight now."),
};
static const struct field note_restored_fields[] = {
    CARD(msg_note_restored, note, "The note."),
};
static const struct field note_edited_fields[] = {
    CARD(msg_note_edited, note, "The note, or the card whose description it is."),
    CARD(msg_note_edited, version, "The version that this made: one more than before."),
    OPERATION(msg_note_edited, op, OP_OUT_MAX, "What it did to the version before, possibly nothing."),
    COUNT(msg_note_edited, done, "Of a card's description: how many of its boxes are ticked now; left out for none.", OPTIONAL),
    COUNT(msg_note_edited, boxes, "Of a card's description: how many boxes, lines such as \"- [ ] this\", it has now; left out for none, and of one that is longer than CHECKLIST_MAX.", OPTIONAL),
};

static const struct field presence_fields[] = {
    BOOL(msg_presence, online, "True when the first of the person's connections opened the room, false when the last is gone."),
    ENUM(msg_presence, status, status, status_names, STATUS_IDLE, "What all connections of the person together say: dnd if any says so, else the most present of online, idle and away.", OPTIONAL),
    WORDS(msg_presence, words, "What the person says of being away or not to be disturbed.", OPTIONAL),
    TIME(msg_presence, since, "When the status began, in milliseconds since 1970; left out for online.", OPTIONAL),
};
static const struct field status_fields[] = {
    ENUM(msg_status, status, status, status_names, STATUS_IDLE, "What the person chose; or idle, when there was no key for a while and nothing was chosen.", OPTIONAL),
    WORDS(msg_status, words, "Words for the others, with away or dnd.", OPTIONAL),
    INT(msg_status, age, 0, STATUS_AGE_MAX, "For how many seconds it has been so already.", OPTIONAL),
    BOOL(msg_status, everywhere, "Whether a choice holds for all connections of the person that have a room open; the others are told by status.set. Not with idle.", OPTIONAL),
};
static const struct field status_set_fields[] = {
    ENUM(msg_status_set, status, status, status_names, STATUS_DND, "What was chosen.", OPTIONAL),
    WORDS(msg_status_set, words, "The words that go with it.", OPTIONAL),
};
static const struct field read_fields[] = {
    INT_AS(msg_read, read.seq, "seq", "The newest message that was read, or 0; not behind the room's newest event."),
    INT_AS(msg_read, read.turn, "turn", "Left out for 0. A greater one than is stored begins a new turn: it must be that plus 1, and is how a person sets the marker back.", OPTIONAL),
};
static const struct field unread_fields[] = {
    ROOM(msg_unread, room, "The room."),
    INT_AS(msg_unread, read.seq, "read", "Up to which event the receiver has read it."),
    INT_AS(msg_unread, read.turn, "turn", "Of two markers that of the greater turn holds, and in one turn the one that is further on.", OPTIONAL),
    COUNT(msg_unread, seq, "The event up to which was counted."),
    INT(msg_unread, unread, 0, UNREAD_MAX, "How many messages of others are behind the marker and were not deleted; of comments on cards only those that concern the receiver by name. UNREAD_MAX: so many or more.", OPTIONAL),
    INT(msg_unread, mentions, 0, UNREAD_MAX, "How many of these concern the receiver by name: they have @NAME or @here in them, or answer the receiver.", OPTIONAL),
};
static const struct field typing_fields[] = {
    BOOL(msg_typing, on, "Whether the person is typing a message."),
    CARD_REF(msg_typing, task, "The card, if it is a comment on one (revision 1).", OPTIONAL),
    CARD_REF(msg_typing, note, "The note or card, if it is its text that is written (revision 1).", OPTIONAL),
};
static const struct field looking_fields[] = {
    BOOL(msg_looking, shown, "Whether the room is what the person has on screen.", OPTIONAL),
    CARD_REF(msg_looking, task, "The card that is opened there; 0 for none, and for one named by minus an id that is not known to the server.", OPTIONAL),
    CARD_REF(msg_looking, note, "The note or card whose text is on screen; 0 in the same way.", OPTIONAL),
    USER(msg_looking, follows, "The person after whom this view goes.", OPTIONAL),
};
static const struct field pointer_fields[] = {
    ENUM(msg_pointer, at, pointed, pointed_names, POINTED_NOTE, "At what; off: the pointer is not shared any more, nowhere: at none of these, or at one that is not there."),
    CARD_REF(msg_pointer, task, "The card.", OPTIONAL),
    COLUMN(msg_pointer, column, "The column.", OPTIONAL),
    COUNT(msg_pointer, message, "The message, by the sequence number of its event.", OPTIONAL),
    CARD_REF(msg_pointer, note, "The note, or the card whose description it is.", OPTIONAL),
    COUNT(msg_pointer, version, "The version of that text.", OPTIONAL),
    INT(msg_pointer, place, -1, NOTE_MAX, "At which code point of the title, message or text; left out: at none.", OPTIONAL, .fallback = -1),
    PART(msg_pointer, x, "How far from the left side of the thing, of 1000.", OPTIONAL),
    PART(msg_pointer, y, "How far from its upper side.", OPTIONAL),
};
static const struct field cursor_fields[] = {
    CARD_REF(msg_cursor, task, "The card that is selected; 0 for none, and for one named by minus an id that is not known to the server."),
};
static const struct field note_caret_fields[] = {
    CLIENT(msg_note_caret, client, "The client id of that connection, by which its edits are known; left out by servers that do not tell it.", .server_only = true, OPTIONAL),
    CARD_REF(msg_note_caret, note, "The note or card whose text the person is in; 0 for none, and for one named by minus an id that is not known to the server."),
    COUNT(msg_note_caret, version, "The version of the text that the positions are in.", OPTIONAL),
    INT(msg_note_caret, caret, 0, NOTE_MAX, "Where the person types, in code points from the start.", OPTIONAL),
    INT(msg_note_caret, anchor, 0, NOTE_MAX, "The other end of what is selected; the same as caret: nothing is.", OPTIONAL),
    INT(msg_note_caret, top, 0, NOTE_MAX, "The first code point that the person has on screen (revision 1).", OPTIONAL),
};

static const struct field locked_fields[] = {
    CARD(msg_locked, task, "The card."),
    CARD_FIELD(msg_locked, field, "The field, or description."),
    CLIENT(msg_locked, client, "The client that has the lock; left out when it has ended.", OPTIONAL),
    TIME(msg_locked, until, "When it ends unless it is renewed, in milliseconds since 1970; left out when it has ended.", OPTIONAL),
};
static const struct field lock_fields[] = {
    CARD_REF(msg_lock, task, "The card.", .not_zero = true),
    CARD_FIELD(msg_lock, field, "The field that is edited, or description."),
    BOOL(msg_lock, take, "Whether to take it over from another who has it.", OPTIONAL),
};
static const struct field unlock_fields[] = {
    CARD_REF(msg_unlock, task, "The card.", .not_zero = true),
    CARD_FIELD(msg_unlock, field, "The field, or description."),
};

static const struct field history_fields[] = {
    INT(msg_history, before, 1, SEQ_MAX, "Only messages with a smaller sequence number; left out: the newest.", OPTIONAL, .fallback = SEQ_MAX),
    INT(msg_history, limit, 1, HISTORY_MAX, "At most so many; fewer come when they are long.", OPTIONAL, .fallback = 50),
    COUNT(msg_history, after, "The first messages behind this sequence number in place of the newest; left out: the newest. The first event of a room is no message, so 1 begins with the first message.", OPTIONAL),
    COUNT(msg_history, around, "The messages around this sequence number: those before it, and from it on, half and half (revision 6).", OPTIONAL),
    TIME(msg_history, time, "The same around the first message of this time, in milliseconds since 1970, or later (revision 6).", OPTIONAL),
    COUNT(msg_history, task, "Only comments on this card; left out: the whole chat.", OPTIONAL),
    COUNT(msg_history, reply, "Only answers to this message; left out: all.", OPTIONAL),
    BOOL(msg_history, pinned, "Whether only pinned messages are wanted.", OPTIONAL),
};
static const struct field history_page_fields[] = {
    ROOM(msg_history_page, room, "The room."),
    COUNT(msg_history_page, seq, "The sequence number of the newest event that it takes into account.", OPTIONAL),
    LIST(msg_history_page, messages, message_item, HISTORY_MAX, "The messages as they are now, oldest first."),
    BOOL(msg_history_page, more, "Whether there are older ones; of a question with after: newer ones."),
    BOOL(msg_history_page, newer, "Of a question with around or time: whether there are newer ones.", OPTIONAL),
};
static const struct field activity_fields[] = {
    INT(msg_activity, before, 1, SEQ_MAX, "Only events with a smaller sequence number; left out: the newest.", OPTIONAL, .fallback = SEQ_MAX),
    INT(msg_activity, limit, 1, ACTIVITY_MAX, "At most so many events; fewer come when they are long, or when a long stretch of the log holds none.", OPTIONAL, .fallback = 50),
    COUNT(msg_activity, about, "Only what is about the card or note of this number; left out: everything.", OPTIONAL),
    TEXT_IN(msg_activity, user, RULE_USER, 1, USER_NAME_MAX, "Only what this person did; left out: everybody.", OPTIONAL),
    ACTIVITY_KIND(msg_activity, kind, "Only this kind; left out: all.", OPTIONAL),
    BOOL(msg_activity, mine, "Only what others did that concerns the asker: messages by name, also in the chat, those of direct conversations, what was done to cards that the asker is assigned to now, was or is not any more, notes, and roles of the asker (revision 2).", OPTIONAL),
    TIME(msg_activity, since, "Nothing older than that, in milliseconds since 1970 (revision 2).", OPTIONAL),
};
static const struct field activity_page_fields[] = {
    ROOM(msg_activity_page, room, "The room."),
    SEQ(msg_activity_page, from, "The log was looked through from here on: what to name as \"before\" for older events."),
    EVENTS(msg_activity_page, events, ACTIVITY_MAX, "The events as they were sent when they happened, oldest first."),
    LIST(msg_activity_page, names, named_item, ACTIVITY_MAX, "What the cards and notes that the events are about are called now, archived ones too."),
    BOOL(msg_activity_page, more, "Whether there is log in front of \"from\"."),
};
static const struct field search_fields[] = {
    TEXT_IN(msg_search, query, RULE_LINE, 1, QUERY_MAX, "What to look for; see Searching."),
    TEXT_IN(msg_search, in, RULE_ROOM, 2, ROOM_NAME_MAX, "Only in this room; left out: in all that one is in.", OPTIONAL),
    ENUM(msg_search, order, search_order, order_names, ORDER_COUNT - 1, "The newest first, or the best.", OPTIONAL),
    INT(msg_search, offset, 0, SEARCH_FOUND_MAX, "How many results to leave out.", OPTIONAL),
    INT(msg_search, limit, 1, SEARCH_PAGE_MAX, "At most so many.", OPTIONAL, .fallback = 50),
    TIME(msg_search, until, "Nothing newer than this, in milliseconds since 1970; left out: everything. What the first page says, for the next.", OPTIONAL),
    INT(msg_search, zone, -1440, 1440, "By how many minutes one's clock is ahead of UTC, for days in the query.", OPTIONAL),
};
static const struct field search_page_fields[] = {
    LIST(msg_search_page, items, found_item, SEARCH_PAGE_MAX, "What was found."),
    TIME(msg_search_page, until, "Nothing newer was looked at; for the next page."),
    BOOL(msg_search_page, more, "Whether there is a next page."),
    BOOL(msg_search_page, capped, "Whether there are more results than can be listed."),
};
static const struct field rooms_fields[] = {
    BOOL(msg_rooms, mine, "Only those that one is in (revision 2).", OPTIONAL),
};
static const struct field room_list_fields[] = {
    LIST(msg_room_list, rooms, room_item, ROOMS_MAX, "The rooms, by name."),
};
static const struct field member_list_fields[] = {
    ROOM(msg_member_list, room, "The room."),
    LIST(msg_member_list, members, member_item, MEMBERS_MAX, "The members, by name."),
};
static const struct field note_open_fields[] = {
    CARD_REF(msg_note_open, note, "The note, or the card whose description it is.", .not_zero = true),
    INT(msg_note_open, since, -1, SEQ_MAX, "The version that is known; left out: none.", OPTIONAL, .fallback = -1),
    INT(msg_note_open, flight, 0, SEQ_MAX, "The id of an own edit of this text that was sent and not answered; only with since.", OPTIONAL),
};
static const struct field note_text_fields[] = {
    ROOM(msg_note_text, room, "The room."),
    CARD(msg_note_text, note, "The note or card."),
    COUNT(msg_note_text, version, "The version that this text is."),
    TIME(msg_note_text, time, "When that version was made, in milliseconds since 1970; left out for version 0.", OPTIONAL),
    COUNT(msg_note_text, part, "0 for the first part; the others are to be put behind it."),
    BOOL(msg_note_text, more, "Whether more parts follow."),
    TEXT_IN(msg_note_text, text, RULE_TEXT, 0, NOTE_PART_MAX, "The text, or this part of it."),
};
static const struct field note_changes_fields[] = {
    ROOM(msg_note_changes, room, "The room."),
    CARD(msg_note_changes, note, "The note or card."),
    COUNT(msg_note_changes, from, "The version that the operation begins at."),
    COUNT(msg_note_changes, to, "The version it leads to; the same as from: a piece, of which more follow, or nothing was missed."),
    INT(msg_note_changes, flight, 0, SEQ_MAX, "The id that note.open asked about, when this is that edit.", OPTIONAL),
    OPERATION(msg_note_changes, op, OP_OUT_MAX, "One edit, or several as one."),
    BOOL(msg_note_changes, more, "Whether more follow."),
};
static const struct field note_at_fields[] = {
    CARD_REF(msg_note_at, note, "The note, or the card whose description it is.", .not_zero = true),
    INT(msg_note_at, version, -1, SEQ_MAX, "The version wanted; left out: the newest.", OPTIONAL, .fallback = -1),
    TIME(msg_note_at, time, "In place of a version, not with one: the text as it was then, in milliseconds since 1970.", OPTIONAL),
};
static const struct field note_log_fields[] = {
    CARD_REF(msg_note_log, note, "The note, or the card whose description it is.", .not_zero = true),
    INT(msg_note_log, before, 1, SEQ_MAX, "Only smaller versions; left out: the newest ones.", OPTIONAL, .fallback = SEQ_MAX),
    INT(msg_note_log, limit, 1, VERSIONS_MAX, "At most so many; fewer come when they are long.", OPTIONAL, .fallback = 100),
};
static const struct field note_versions_fields[] = {
    ROOM(msg_note_versions, room, "The room."),
    CARD(msg_note_versions, note, "The note or card."),
    LIST(msg_note_versions, versions, version_item, VERSIONS_MAX, "The edits, oldest first."),
    BOOL(msg_note_versions, more, "Whether there are older ones."),
};
static const struct field note_blame_fields[] = {
    CARD_REF(msg_note_blame, note, "The note, or the card whose description it is.", .not_zero = true),
};
static const struct field note_runs_fields[] = {
    ROOM(msg_note_runs, room, "The room."),
    CARD(msg_note_runs, note, "The note or card."),
    COUNT(msg_note_runs, version, "The version that the runs are of."),
    COUNT(msg_note_runs, part, "0 for the first part; the others go on where it ends."),
    BOOL(msg_note_runs, more, "Whether more parts follow."),
    LIST(msg_note_runs, runs, run_item, RUNS_MAX, "Who wrote what, in the order of the text."),
};
static const struct field token_fields[] = {
    USER(msg_token, user, "Whom it signs in."),
    TOKEN(msg_token, token, "The token itself: a secret."),
    TOKEN_ID(msg_token, token_id, "Its id, by which it can be revoked."),
    TIME(msg_token, expires, "When it ends, in milliseconds since 1970; left out for never.", OPTIONAL),
};

static const struct field user_list_fields[] = {
    LIST(msg_user_list, users, user_item, USERS_MAX, "The accounts, by name."),
};
static const struct field admin_user_set_fields[] = {
    USER(msg_admin_user_set, user, "The account, made if there is none."),
    BOOL(msg_admin_user_set, admin, "Whether it is an admin of the server.", OPTIONAL),
    BOOL(msg_admin_user_set, disabled, "Whether it is kept out; open connections of it end.", OPTIONAL),
    BOOL(msg_admin_user_set, bot, "Whether it is that of a program; what it was made as, it stays (revision 4).", OPTIONAL),
};
static const struct field admin_token_fields[] = {
    USER(msg_admin_token, user, "Whom it signs in; the account must exist."),
    INT(msg_admin_token, ttl, 1, TTL_MAX, "Seconds until it ends."),
    SCOPES(msg_admin_token, scopes, "What it is good for, parted by commas: read, chat, board, notes, rooms; left out, which for a bot it may not be: all that the account may do (revision 4).", OPTIONAL),
};
static const struct field admin_invite_fields[] = {
    USER(msg_admin_invite, user, "Whom it invites; the account is made when it is accepted."),
    INT(msg_admin_invite, ttl, 1, TTL_MAX, "Seconds until it ends."),
};
static const struct field token_list_fields[] = {
    LIST(msg_token_list, tokens, token_item, TOKENS_MAX, "The tokens, newest first."),
};
static const struct field admin_revoke_fields[] = {
    TOKEN_ID(msg_admin_revoke, token_id, "The token's id."),
};
static const struct field busy_item_fields[] = {
    TEXT_IN(busy_item, name, RULE_ASCII, 1, ROOM_NAME_MAX, "The room, or the person."),
    COUNT(busy_item, hour, "Events of the last hour."),
    COUNT(busy_item, day, "Events of the last 24 hours."),
    TEXT_IN(busy_item, minutes, RULE_LINE, 1, SERIES_MAX, "Events in each of the last 60 minutes: numbers parted by spaces, that of the minute under way last."),
    TEXT_IN(busy_item, hours, RULE_LINE, 1, SERIES_MAX, "The same for each of the last 24 hours."),
};
SHAPE(busy_item);
static const struct field minute_item_fields[] = {
    TIME(minute_item, time, "When the minute began, in milliseconds since 1970."),
    TEXT_IN(minute_item, figures, RULE_LINE, 1, FIGURES_MAX, "Names and values, all parted by spaces."),
};
SHAPE(minute_item);
static const struct field admin_busy_fields[] = {
    INT(msg_admin_busy, limit, 1, BUSY_MAX, "At most so many rooms, and so many people.", OPTIONAL, .fallback = 20),
};
static const struct field busy_fields[] = {
    LIST(msg_busy, rooms, busy_item, BUSY_MAX, "Rooms with any event in the last 24 hours, the busiest of the last hour first; direct conversations are nobody else's business. Counted since the server started."),
    LIST(msg_busy, people, busy_item, BUSY_MAX, "The same of people."),
};
static const struct field admin_minutes_fields[] = {
    INT(msg_admin_minutes, since, 0, SEQ_MAX, "Only minutes that began then or later, in milliseconds since 1970.", OPTIONAL),
    INT(msg_admin_minutes, limit, 1, MINUTES_MAX, "At most so many.", OPTIONAL, .fallback = 60),
};
static const struct field minutes_fields[] = {
    LIST(msg_minutes, minutes, minute_item, MINUTES_MAX, "The minutes in which anything went on, oldest first."),
    BOOL(msg_minutes, more, "Whether there are later ones."),
};
static const struct field notice_fields[] = {
    TIME(msg_notice, time, "When it was given, in milliseconds since 1970."),
    USER(msg_notice, author, "The admin who gave it."),
    TEXT_IN(msg_notice, text, RULE_LINE, 1, NOTICE_MAX, "What it says."),
};
static const struct field admin_notice_fields[] = {
    TEXT_IN(msg_admin_notice, text, RULE_LINE, 1, NOTICE_MAX, "What it says."),
};
static const struct field admin_kick_fields[] = {
    USER(msg_admin_kick, user, "Whose connections end; not found when there are none."),
    TEXT_IN(msg_admin_kick, text, RULE_LINE, 1, NOTICE_MAX, "Why: the person is told.", OPTIONAL),
};
static const struct field admin_audit_fields[] = {
    INT(msg_admin_audit, before, 1, SEQ_MAX, "Only smaller numbers; left out: the newest.", OPTIONAL, .fallback = SEQ_MAX),
    INT(msg_admin_audit, limit, 1, AUDIT_MAX, "At most so many.", OPTIONAL, .fallback = 100),
};
static const struct field audit_list_fields[] = {
    LIST(msg_audit_list, acts, audit_item, AUDIT_MAX, "What was done, newest first."),
    BOOL(msg_audit_list, more, "Whether there is older."),
};
static const struct field admin_hook_add_fields[] = {
    USER(msg_admin_hook_add, user, "The bot that it is in the room: a member for an incoming hook, in any role for an outgoing one."),
    URL(msg_admin_hook_add, url, "For an outgoing hook: where to send events, over http or https.", OPTIONAL),
    KINDS(msg_admin_hook_add, kinds, "And names of events, parted by commas; left out: message.", OPTIONAL),
    COUNT(msg_admin_hook_add, task, "For an incoming hook: the only card that it posts on; left out: the chat, or the card that a delivery names.", OPTIONAL),
};
static const struct field hook_fields[] = {
    HOOK_ID(msg_hook, hook, "Its id, by which it can be revoked."),
    TOKEN(msg_hook, secret, "The token in its address, or the key of its signatures: a secret that is told only here."),
};
static const struct field hook_list_fields[] = {
    LIST(msg_hook_list, hooks, hook_item, HOOKS_MAX, "The hooks, oldest first."),
};
static const struct field admin_hook_revoke_fields[] = {
    HOOK_ID(msg_admin_hook_revoke, hook, "The hook's id."),
};
static const struct field admin_hook_resume_fields[] = {
    HOOK_ID(msg_admin_hook_resume, hook, "The hook's id."),
};
static const struct field stats_fields[] = {
    LIST(msg_stats, stats, stat_item, STATS_MAX, "The figures."),
};

#define MESSAGE(code, member, cls, from, who, ...)                                             \
    [MSG_##code] = {.name = name_##code, .class = CLASS_##cls, .side = FROM_##from, .right = RIGHT_##who,           \
                    .shape.name = #member, .shape.size = sizeof(struct msg_##member), .doc = __VA_ARGS__}
#define WITH(f) .shape.fields = f##_fields, .shape.n = COUNT_OF(f##_fields)
#define IN_ROOM .in_room = true
#define UNDER(name) .scope = SCOPE_##name
#define SHOWN_AS(kind) .activity = ACTIVITY_##kind

#define X(code, wire, member) static const char name_##code[] = wire;
MSG_LIST(X)
#undef X

const struct msg_row msg_table[MSG_COUNT] = {
    /*      constant       member          class     from    right */
    MESSAGE(HELLO,         hello,          CONTROL,  CLIENT, ANYONE,
            "Begins the session; must be the first message of a connection, and the only hello.", WITH(hello), UNDER(ANY)),
    MESSAGE(WELCOME,       welcome,        CONTROL,  SERVER, ANYONE,
            "Answers hello.", WITH(welcome)),
    MESSAGE(OPEN,          open,           QUESTION, CLIENT, OBSERVER,
            "Opens a room that hello did not name; answered by ok, then comes what was missed, then synced, then all that happens there.", WITH(open), IN_ROOM, UNDER(READ)),
    MESSAGE(CLOSE,         close,          QUESTION, CLIENT, SIGNED,
            "Ends the flow of a room's events and states; answered by ok.", IN_ROOM, UNDER(ANY)),
    MESSAGE(SNAPSHOT,      snapshot,       CONTROL,  SERVER, ANYONE,
            "The present state of a room, or a part of it, in place of the events that led there.", WITH(snapshot)),
    MESSAGE(SYNCED,        synced,         CONTROL,  SERVER, ANYONE,
            "What was missed in a room has been sent; what follows is live.", WITH(synced)),
    MESSAGE(ROOM_ROLE,     room_role,      CONTROL,  SERVER, ANYONE,
            "The receiver's own role in a room has changed, by somebody else or over another connection; the room need not be open.", WITH(room_role)),
    MESSAGE(STATUS_SET,    status_set,     CONTROL,  SERVER, ANYONE,
            "Another connection of the same person chose a status for all of them: what this one says of it from now on.", WITH(status_set)),
    MESSAGE(UNREAD,        unread,         CONTROL,  SERVER, ANYONE,
            "How far the receiver has read a room now: whenever that was stored, to all connections of the person; before the ok where one of them asked for it (revision 2).", WITH(unread)),
    MESSAGE(RENEW,         renew,          QUESTION, CLIENT, SIGNED,
            "Puts a new token in the place of one that is about to expire; answered by renewed.", WITH(renew), UNDER(ANY)),
    MESSAGE(RENEWED,       renewed,        ANSWER,   SERVER, ANYONE,
            "Answers renew.", WITH(renewed)),
    MESSAGE(PING,          ping,           QUESTION, CLIENT, INVITED,
            "Asks for a sign of life, to measure the way there and back; answered by pong.", UNDER(ANY)),
    MESSAGE(PONG,          pong,           ANSWER,   SERVER, ANYONE,
            "Answers ping.", WITH(pong)),
    MESSAGE(OK,            ok,             ANSWER,   SERVER, ANYONE,
            "The request was carried out and is on disk.", WITH(ok)),
    MESSAGE(CONFLICT,      conflict,       ANSWER,   SERVER, ANYONE,
            "Comes in front of the error conflict that refuses task.edit, one for each field in conflict.", WITH(conflict)),
    MESSAGE(ERROR,         error,          ANSWER,   SERVER, ANYONE,
            "The message was refused and changed nothing.", WITH(error_own)),
    MESSAGE(NOTICE,        notice,         CONTROL,  SERVER, ANYONE,
            "An admin has something to say to everybody who is connected.", WITH(notice)),
    MESSAGE(BYE,           bye,            CONTROL,  SERVER, ANYONE,
            "The server closes the connection next, and says why.", WITH(bye)),

    MESSAGE(ROOM_CREATE,   room_create,    REQUEST,  CLIENT, SIGNED,
            "Makes a room with the columns Todo, Doing and Done; its maker becomes its owner. A direct conversation may exist already, and all its people are members (revision 3).", WITH(room_create), IN_ROOM, UNDER(ROOMS)),
    MESSAGE(ROOM_JOIN,     room_join,      REQUEST,  CLIENT, SIGNED,
            "Joins a public room as a member.", IN_ROOM, UNDER(ROOMS)),
    MESSAGE(ROOM_LEAVE,    room_leave,     REQUEST,  CLIENT, OBSERVER,
            "Leaves a room; refused in a direct conversation.", IN_ROOM, UNDER(ROOMS)),
    MESSAGE(MEMBER_SET,    member_set,     REQUEST,  CLIENT, OWNER,
            "Gives a person a role in the room, or takes the person out of it; refused in a direct conversation.", WITH(member_set), IN_ROOM, UNDER(ROOMS)),
    MESSAGE(TOPIC_SET,     topic_set,      REQUEST,  CLIENT, MEMBER,
            "Says what the room is about (revision 5).", WITH(topic_set), IN_ROOM, UNDER(ROOMS)),
    MESSAGE(ROOM_RETAIN,   room_retain,    REQUEST,  CLIENT, OWNER,
            "Says how long the room keeps its chat, by age or by count; with neither it keeps everything, as it does at first; refused in a direct conversation (revision 7).", WITH(room_retain), IN_ROOM, UNDER(ROOMS)),
    MESSAGE(MESSAGE_POST,  message_post,   REQUEST,  CLIENT, MEMBER,
            "Says something in the room's chat, or on a card.", WITH(message_post), IN_ROOM, UNDER(CHAT)),
    MESSAGE(MESSAGE_EDIT,  message_edit,   REQUEST,  CLIENT, MEMBER,
            "Makes one's own message say something else; what it said stays in the log.", WITH(message_edit), IN_ROOM, UNDER(CHAT)),
    MESSAGE(MESSAGE_DELETE, message_delete, REQUEST, CLIENT, MEMBER,
            "Deletes a message, with its reactions and its pin: one's own, or as an owner of the room anybody's. It stays in the log.", WITH(message_delete), IN_ROOM, UNDER(CHAT)),
    MESSAGE(MESSAGE_REACT, message_react,  REQUEST,  CLIENT, MEMBER,
            "Adds a reaction to a message, or takes it back.", WITH(message_react), IN_ROOM, UNDER(CHAT)),
    MESSAGE(MESSAGE_PIN,   message_pin,    REQUEST,  CLIENT, MEMBER,
            "Pins a message, or takes its pin off.", WITH(message_pin), IN_ROOM, UNDER(CHAT)),
    MESSAGE(TASK_ADD,      task_add,       REQUEST,  CLIENT, MEMBER,
            "Adds a card to the board.", WITH(task_add), IN_ROOM, UNDER(BOARD)),
    MESSAGE(TASK_EDIT,     task_edit,      REQUEST,  CLIENT, MEMBER,
            "Changes fields of a card: all that are named, or none.", WITH(task_edit), IN_ROOM, UNDER(BOARD)),
    MESSAGE(TASK_MOVE,     task_move,      REQUEST,  CLIENT, MEMBER,
            "Moves a card to another place in its column or to another column.", WITH(task_move), IN_ROOM, UNDER(BOARD)),
    MESSAGE(TASK_ARCHIVE,  task_archive,   REQUEST,  CLIENT, MEMBER,
            "Takes a card off the board; it can be restored.", WITH(task_archive), IN_ROOM, UNDER(BOARD)),
    MESSAGE(TASK_RESTORE,  task_restore,   REQUEST,  CLIENT, MEMBER,
            "Puts an archived card back on the board, where it was.", WITH(task_restore), IN_ROOM, UNDER(BOARD)),
    MESSAGE(COLUMN_ADD,    column_add,     REQUEST,  CLIENT, MEMBER,
            "Adds a column to the board.", WITH(column_add), IN_ROOM, UNDER(BOARD)),
    MESSAGE(COLUMN_EDIT,   column_edit,    REQUEST,  CLIENT, MEMBER,
            "Gives a column another name or limit.", WITH(column_edit), IN_ROOM, UNDER(BOARD)),
    MESSAGE(COLUMN_MOVE,   column_move,    REQUEST,  CLIENT, MEMBER,
            "Moves a column to another place on the board.", WITH(column_move), IN_ROOM, UNDER(BOARD)),
    MESSAGE(COLUMN_REMOVE, column_remove,  REQUEST,  CLIENT, MEMBER,
            "Removes a column; its cards go to another.", WITH(column_remove), IN_ROOM, UNDER(BOARD)),
    MESSAGE(NOTE_CREATE,   note_create,    REQUEST,  CLIENT, MEMBER,
            "Makes a note with an empty text.", WITH(note_create), IN_ROOM, UNDER(NOTES)),
    MESSAGE(NOTE_RENAME,   note_rename,    REQUEST,  CLIENT, MEMBER,
            "Gives a note another name.", WITH(note_rename), IN_ROOM, UNDER(NOTES)),
    MESSAGE(NOTE_ARCHIVE,  note_archive,   REQUEST,  CLIENT, MEMBER,
            "Takes a note out of sight; it can be restored, and still be edited.", WITH(note_archive), IN_ROOM, UNDER(NOTES)),
    MESSAGE(NOTE_RESTORE,  note_restore,   REQUEST,  CLIENT, MEMBER,
            "Puts an archived note back.", WITH(note_restore), IN_ROOM, UNDER(NOTES)),
    MESSAGE(NOTE_EDIT,     note_edit,      REQUEST,  CLIENT, MEMBER,
            "Edits the text of a note or the description of a card; stale when the base lies too far behind.", WITH(note_edit), IN_ROOM, UNDER(NOTES)),

    MESSAGE(ROOM_CREATED,  room_created,   EVENT,    SERVER, ANYONE,
            "The room was made, and its author is its owner, or all who its name says are members; always its first event.", WITH(room_created), SHOWN_AS(MEMBERS)),
    MESSAGE(MEMBER,        member,         EVENT,    SERVER, ANYONE,
            "A person came into the room, left it, or has another role.", WITH(member), SHOWN_AS(MEMBERS)),
    MESSAGE(ROOM_TOPIC,    room_topic,     EVENT,    SERVER, ANYONE,
            "The room is about something else.", WITH(room_topic), SHOWN_AS(MEMBERS)),
    MESSAGE(UNKNOWN,       unknown,        EVENT,    SERVER, ANYONE,
            "Stands in a client's own files for an event whose type it did not know when that came. No server sends it.", WITH(unknown)),
    MESSAGE(ROOM_RETENTION, room_retention, EVENT,   SERVER, ANYONE,
            "The room keeps its chat for another time; with neither age nor count it keeps everything.", WITH(room_retention), SHOWN_AS(MEMBERS)),
    MESSAGE(CHAT_TRIMMED,  chat_trimmed,   EVENT,    SERVER, ANYONE,
            "Retention has removed messages: those up to upto that are no comments on cards and were not pinned, with all that was done to them. The server's own doing. Whoever keeps them drops them.", WITH(chat_trimmed), SHOWN_AS(MEMBERS)),
    MESSAGE(MESSAGE,       message,        EVENT,    SERVER, ANYONE,
            "Something was said in the chat, or on a card.", WITH(message), SHOWN_AS(COMMENTS)),
    MESSAGE(MESSAGE_EDITED, message_edited, EVENT,   SERVER, ANYONE,
            "A message says something else.", WITH(message_edited)),
    MESSAGE(MESSAGE_DELETED, message_deleted, EVENT, SERVER, ANYONE,
            "A message was deleted: nobody is to see any more what it said.", WITH(message_deleted)),
    MESSAGE(MESSAGE_REACTED, message_reacted, EVENT, SERVER, ANYONE,
            "A person reacted to a message, or took that back.", WITH(message_reacted)),
    MESSAGE(MESSAGE_PINNED, message_pinned, EVENT,   SERVER, ANYONE,
            "A message was pinned, or is pinned no more.", WITH(message_pinned)),
    MESSAGE(MESSAGE_REMOVED, message_removed, EVENT, SERVER, ANYONE,
            "Stands in the log where retention removed a message, or what was done to one: who and when is all that is left. It is only met when the log is read from further back: whoever has the message that is named drops it, and its pin.", WITH(message_removed)),
    MESSAGE(TASK_ADDED,    task_added,     EVENT,    SERVER, ANYONE,
            "A card was added.", WITH(task_added), SHOWN_AS(CARDS)),
    MESSAGE(TASK_EDITED,   task_edited,    EVENT,    SERVER, ANYONE,
            "A card has another title.", WITH(task_edited), SHOWN_AS(CARDS)),
    MESSAGE(TASK_MOVED,    task_moved,     EVENT,    SERVER, ANYONE,
            "A card has another place.", WITH(task_moved), SHOWN_AS(CARDS)),
    MESSAGE(TASK_ARCHIVED, task_archived,  EVENT,    SERVER, ANYONE,
            "A card was taken off the board.", WITH(task_archived), SHOWN_AS(CARDS)),
    MESSAGE(TASK_RESTORED, task_restored,  EVENT,    SERVER, ANYONE,
            "An archived card is back on the board.", WITH(task_restored), SHOWN_AS(CARDS)),
    MESSAGE(COLUMN_ADDED,  column_added,   EVENT,    SERVER, ANYONE,
            "A column was added.", WITH(column_added), SHOWN_AS(COLUMNS)),
    MESSAGE(COLUMN_EDITED, column_edited,  EVENT,    SERVER, ANYONE,
            "A column has another name or limit.", WITH(column_edited), SHOWN_AS(COLUMNS)),
    MESSAGE(COLUMN_MOVED,  column_moved,   EVENT,    SERVER, ANYONE,
            "A column has another place.", WITH(column_moved), SHOWN_AS(COLUMNS)),
    MESSAGE(COLUMN_REMOVED, column_removed, EVENT,   SERVER, ANYONE,
            "A column is gone, and its cards are in another.", WITH(column_removed), SHOWN_AS(COLUMNS)),
    MESSAGE(COLUMN_KEYED,  column_keyed,   EVENT,    SERVER, ANYONE,
            "The cards of a column have new keys, as those they had grew long. The server's own doing: nothing is moved.", WITH(column_keyed)),
    MESSAGE(NOTE_CREATED,  note_created,   EVENT,    SERVER, ANYONE,
            "A note was made.", WITH(note_created), SHOWN_AS(NOTES)),
    MESSAGE(NOTE_RENAMED,  note_renamed,   EVENT,    SERVER, ANYONE,
            "A note has another name.", WITH(note_renamed), SHOWN_AS(NOTES)),
    MESSAGE(NOTE_ARCHIVED, note_archived,  EVENT,    SERVER, ANYONE,
            "A note was taken out of sight.", WITH(note_archived), SHOWN_AS(NOTES)),
    MESSAGE(NOTE_RESTORED, note_restored,  EVENT,    SERVER, ANYONE,
            "An archived note is back.", WITH(note_restored), SHOWN_AS(NOTES)),
    MESSAGE(NOTE_EDITED,   note_edited,    EVENT,    SERVER, ANYONE,
            "A text was edited; who asked with an older base gets the operation as it was moved past what came between.", WITH(note_edited), SHOWN_AS(NOTES)),

    MESSAGE(PRESENCE,      presence,       STATE,    SERVER, ANYONE,
            "A person came, is gone, or has another status, oneself included; all who are here are told behind synced.", WITH(presence)),
    MESSAGE(TYPING,        typing,         STATE,    BOTH,   MEMBER,
            "A person is typing or stopped; without news for 30 seconds it has stopped.", WITH(typing), UNDER(CHAT)),
    MESSAGE(CURSOR,        cursor,         STATE,    BOTH,   OBSERVER,
            "The card that a person has selected.", WITH(cursor), UNDER(READ)),
    MESSAGE(LOOKING,       looking,        STATE,    BOTH,   OBSERVER,
            "What a person has on screen (revision 1).", WITH(looking), UNDER(READ)),
    MESSAGE(POINTER,       pointer,        STATE,    BOTH,   MEMBER,
            "Where the mouse pointer is of a person who shares it (revision 1); to be sent again within 5 seconds while it rests, and gone after 12 without news. It is thinned like all states, and the first to be left out for a slow reader.", WITH(pointer), UNDER(CHAT)),
    MESSAGE(NOTE_CARET,    note_caret,     STATE,    BOTH,   OBSERVER,
            "Where a person is in a text; later edits move it, and one's own edit moves one's caret to its end. Not behind the end of the text, nor of a version that it has not reached.", WITH(note_caret), UNDER(READ)),
    MESSAGE(LOCKED,        locked,         STATE,    SERVER, ANYONE,
            "A person edits a field of a card, or does not any more; those who do are told behind synced. Nothing is forbidden by it.", WITH(locked)),

    MESSAGE(HISTORY,       history,        QUESTION, CLIENT, OBSERVER,
            "Asks for a page of chat; answered by history.page.", WITH(history), IN_ROOM, UNDER(READ)),
    MESSAGE(HISTORY_PAGE,  history_page,   ANSWER,   SERVER, ANYONE,
            "Answers history.", WITH(history_page)),
    MESSAGE(ACTIVITY,      activity,       QUESTION, CLIENT, OBSERVER,
            "Asks what was done in a room; answered by activity.page. Edits of one text by one person come as one, the last, when each is within five minutes of the one before, also where others wrote in between; a sitting that two pages have comes in both.", WITH(activity), IN_ROOM, UNDER(READ)),
    MESSAGE(ACTIVITY_PAGE, activity_page,  ANSWER,   SERVER, ANYONE,
            "Answers activity.", WITH(activity_page)),
    MESSAGE(SEARCH,        search,         QUESTION, CLIENT, SIGNED,
            "Looks for words in the chat, cards, comments and notes of the rooms that one is in; answered by search.page. A text that is edited is found by what it said a moment ago.", WITH(search), UNDER(READ)),
    MESSAGE(SEARCH_PAGE,   search_page,    ANSWER,   SERVER, ANYONE,
            "Answers search.", WITH(search_page)),
    MESSAGE(ROOMS,         rooms,          QUESTION, CLIENT, SIGNED,
            "Asks for the rooms that one is in and the public ones; answered by room.list.", WITH(rooms), UNDER(READ)),
    MESSAGE(ROOM_LIST,     room_list,      ANSWER,   SERVER, ANYONE,
            "Answers rooms.", WITH(room_list)),
    MESSAGE(MEMBERS,       members,        QUESTION, CLIENT, OBSERVER,
            "Asks who is in a room; answered by member.list.", IN_ROOM, UNDER(READ)),
    MESSAGE(MEMBER_LIST,   member_list,    ANSWER,   SERVER, ANYONE,
            "Answers members.", WITH(member_list)),
    MESSAGE(NOTE_OPEN,     note_open,      QUESTION, CLIENT, OBSERVER,
            "Asks for a text, or for what was missed of it; answered by note.text or note.changes. Its edits come as events of the room, once that is open.", WITH(note_open), IN_ROOM, UNDER(READ)),
    MESSAGE(NOTE_TEXT,     note_text,      ANSWER,   SERVER, ANYONE,
            "Answers note.open and note.at with a text, in parts.", WITH(note_text)),
    MESSAGE(NOTE_CHANGES,  note_changes,   ANSWER,   SERVER, ANYONE,
            "Answers note.open with what was missed.", WITH(note_changes)),
    MESSAGE(NOTE_AT,       note_at,        QUESTION, CLIENT, OBSERVER,
            "Asks for a text as it was; answered by note.text.", WITH(note_at), IN_ROOM, UNDER(READ)),
    MESSAGE(NOTE_LOG,      note_log,       QUESTION, CLIENT, OBSERVER,
            "Asks for a page of a text's edits; answered by note.versions.", WITH(note_log), IN_ROOM, UNDER(READ)),
    MESSAGE(NOTE_VERSIONS, note_versions,  ANSWER,   SERVER, ANYONE,
            "Answers note.log.", WITH(note_versions)),
    MESSAGE(NOTE_BLAME,    note_blame,     QUESTION, CLIENT, OBSERVER,
            "Asks who wrote which part of a text; answered by note.runs.", WITH(note_blame), IN_ROOM, UNDER(READ)),
    MESSAGE(NOTE_RUNS,     note_runs,      ANSWER,   SERVER, ANYONE,
            "Answers note.blame.", WITH(note_runs)),
    MESSAGE(LOCK,          lock,           QUESTION, CLIENT, MEMBER,
            "Says that one edits a field, or still does (it ends after 2 minutes without this, 15 seconds after a lost connection of which the client id does not come back, and when the room is closed); conflict when another does. The room must be open. Answered by ok.", WITH(lock), IN_ROOM, UNDER(BOARD)),
    MESSAGE(UNLOCK,        unlock,         QUESTION, CLIENT, MEMBER,
            "Says that one does not edit the field any more; answered by ok.", WITH(unlock), IN_ROOM, UNDER(BOARD)),
    MESSAGE(STATUS,        status,         QUESTION, CLIENT, SIGNED,
            "Says whether the person is there, in place of what this connection said before; it ends with the connection, or 15 seconds later if the client id does not come back. A connection that never says so counts only while the person has no other. Answered by ok (revision 1).", WITH(status), UNDER(ANY)),
    MESSAGE(READ,          read,           QUESTION, CLIENT, OBSERVER,
            "Says how far the person has read the chat of a room that it is in. It is kept for the person, private, and goes only forward, but for a new turn: what is behind the stored marker changes nothing. Answered by ok once it is stored, with unread before it to all connections of the person (revision 2).", WITH(read), IN_ROOM, UNDER(READ)),
    MESSAGE(INVITE_ACCEPT, invite_accept,  QUESTION, CLIENT, INVITED,
            "Turns the invite that one connected with into an account and a token; answered by token."),
    MESSAGE(TOKEN,         token,          ANSWER,   SERVER, ANYONE,
            "Answers invite.accept, admin.token and admin.invite.", WITH(token)),

    MESSAGE(ADMIN_USERS,   admin_users,    QUESTION, CLIENT, ADMIN,
            "Asks for all accounts; answered by user.list."),
    MESSAGE(USER_LIST,     user_list,      ANSWER,   SERVER, ANYONE,
            "Answers admin.users.", WITH(user_list)),
    MESSAGE(ADMIN_USER_SET, admin_user_set, QUESTION, CLIENT, ADMIN,
            "Makes an account or changes it; answered by ok.", WITH(admin_user_set)),
    MESSAGE(ADMIN_TOKEN,   admin_token,    QUESTION, CLIENT, ADMIN,
            "Makes a token for somebody; answered by token.", WITH(admin_token)),
    MESSAGE(ADMIN_INVITE,  admin_invite,   QUESTION, CLIENT, ADMIN,
            "Makes an invite, which can be exchanged for a token once; answered by token.", WITH(admin_invite)),
    MESSAGE(ADMIN_TOKENS,  admin_tokens,   QUESTION, CLIENT, ADMIN,
            "Asks for the tokens that were made; answered by token.list."),
    MESSAGE(TOKEN_LIST,    token_list,     ANSWER,   SERVER, ANYONE,
            "Answers admin.tokens.", WITH(token_list)),
    MESSAGE(ADMIN_REVOKE,  admin_revoke,   QUESTION, CLIENT, ADMIN,
            "Makes a token worthless; connections that came by it end; answered by ok.", WITH(admin_revoke)),
    MESSAGE(ADMIN_NOTICE,  admin_notice,   QUESTION, CLIENT, ADMIN,
            "Says something to everybody who is connected; answered by ok (revision 1).", WITH(admin_notice)),
    MESSAGE(ADMIN_KICK,    admin_kick,     QUESTION, CLIENT, ADMIN,
            "Ends all other connections of a person, who may come back: to keep somebody out, disable the account. Answered by ok (revision 1).", WITH(admin_kick)),
    MESSAGE(ADMIN_AUDIT,   admin_audit,    QUESTION, CLIENT, ADMIN,
            "Asks what admins did; answered by audit.list (revision 1).", WITH(admin_audit)),
    MESSAGE(AUDIT_LIST,    audit_list,     ANSWER,   SERVER, ANYONE,
            "Answers admin.audit.", WITH(audit_list)),
    MESSAGE(ADMIN_HOOK_ADD, admin_hook_add, QUESTION, CLIENT, ADMIN,
            "Makes a hook; answered by hook (revision 4).", WITH(admin_hook_add), IN_ROOM),
    MESSAGE(HOOK,          hook,           ANSWER,   SERVER, ANYONE,
            "Answers admin.hook.add.", WITH(hook)),
    MESSAGE(ADMIN_HOOKS,   admin_hooks,    QUESTION, CLIENT, ADMIN,
            "Asks for the hooks of all rooms; answered by hook.list (revision 4)."),
    MESSAGE(HOOK_LIST,     hook_list,      ANSWER,   SERVER, ANYONE,
            "Answers admin.hooks.", WITH(hook_list)),
    MESSAGE(ADMIN_HOOK_REVOKE, admin_hook_revoke, QUESTION, CLIENT, ADMIN,
            "Ends a hook for good; answered by ok (revision 4).", WITH(admin_hook_revoke)),
    MESSAGE(ADMIN_HOOK_RESUME, admin_hook_resume, QUESTION, CLIENT, ADMIN,
            "Lets a hook that was stopped, or waits, go on where it was; answered by ok (revision 4).", WITH(admin_hook_resume)),
    MESSAGE(ADMIN_STATS,   admin_stats,    QUESTION, CLIENT, ADMIN,
            "Asks how the server is doing; answered by stats."),
    MESSAGE(STATS,         stats,          ANSWER,   SERVER, ANYONE,
            "Answers admin.stats.", WITH(stats)),
    MESSAGE(ADMIN_BUSY,    admin_busy,     QUESTION, CLIENT, ADMIN,
            "Asks in which rooms most goes on, and who does it; answered by busy.", WITH(admin_busy)),
    MESSAGE(BUSY,          busy,           ANSWER,   SERVER, ANYONE,
            "Answers admin.busy.", WITH(busy)),
    MESSAGE(ADMIN_MINUTES, admin_minutes,  QUESTION, CLIENT, ADMIN,
            "Asks for the figures that the server kept of each minute of the last 30 days; answered by minutes.", WITH(admin_minutes)),
    MESSAGE(MINUTES,       minutes,        ANSWER,   SERVER, ANYONE,
            "Answers admin.minutes.", WITH(minutes)),
};
/* clang-format on */

#define HEAD(f) ((struct shape){"head", 0, f##_fields, COUNT_OF(f##_fields)})

struct shape msg_head(const struct msg_row *row)
{
    struct shape head = {"head", 0, NULL, 0};
    switch (row->class) {
    case CLASS_CONTROL:
        break;
    case CLASS_REQUEST:
    case CLASS_QUESTION:
        head = HEAD(request);
        head.n = !row->in_room                  ? 1
                 : row->class == CLASS_QUESTION ? (size_t)QUESTION_HEAD
                                                : head.n;
        break;
    case CLASS_ANSWER:
        head = row == &msg_table[MSG_ERROR] ? HEAD(error) : HEAD(answer);
        break;
    case CLASS_EVENT:
        head = HEAD(event);
        break;
    case CLASS_STATE:
        head = HEAD(state);
        break;
    }
    return head;
}

const char *role_name(enum role r)
{
    return role_names[r];
}

bool role_from_name(struct str name, enum role *out)
{
    int i = str_which(name, role_names, ROLE_COUNT);
    if (i >= 0)
        *out = (enum role)i;
    return i >= 0;
}

const char *found_name(enum found_kind k)
{
    return found_names[k];
}

bool found_from_name(struct str name, enum found_kind *out)
{
    int i = str_which(name, found_names, COUNT_OF(found_names));
    if (i >= 0)
        *out = (enum found_kind)i;
    return i >= 0;
}

const char *search_order_name(enum search_order o)
{
    return order_names[o];
}

bool search_order_from_name(struct str name, enum search_order *out)
{
    int i = str_which(name, order_names, COUNT_OF(order_names));
    if (i >= 0)
        *out = (enum search_order)i;
    return i >= 0;
}

const char *activity_name(enum activity a)
{
    return activity_names[a];
}

bool activity_from_name(struct str name, enum activity *out)
{
    int i = str_which(name, activity_names, COUNT_OF(activity_names));
    if (i >= 0)
        *out = (enum activity)i;
    return i >= 0;
}

const char *status_name(enum status s)
{
    return status_names[s];
}

bool status_from_name(struct str name, enum status *out)
{
    int i = str_which(name, status_names, STATUS_COUNT);
    if (i >= 0)
        *out = (enum status)i;
    return i >= 0;
}
