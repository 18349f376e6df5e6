#include "store_kit.h"

#include "codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Fills the append from the event, as the hub does. */
static struct store_job *append(struct msg *m, const char *room, int64_t seq, int64_t id)
{
    struct store_job *j = store_job_new(JOB_APPEND);
    m->event = (struct event_head){
        .room = str_of(room),
        .seq = seq,
        .time = KIT_TIME(seq),
        .author = STR("ana"),
        .client = id ? STR(KIT_CLIENT) : STR(STORE_OWN_CLIENT),
        .id = id ? id : seq,
    };
    struct buf json = {0};
    codec_encode(&json, m);
    j->append = (struct store_append){
        .room = str_keep(&j->arena, str_of(room)),
        .seq = seq,
        .type = m->type,
        .author = m->event.author,
        .client = m->event.client,
        .id = id,
        .time = m->event.time,
        .json = str_keep(&j->arena, buf_str(&json)),
    };
    buf_finish(&json);
    return j;
}

struct store_job *kit_room(const char *room, int64_t id)
{
    static const struct column_item items[] = {
        {.name = {"Todo", 4}}, {.name = {"Doing", 5}}, {.name = {"Done", 4}}};
    static const struct store_column names[] = {
        {.name = {"Todo", 4}}, {.name = {"Doing", 5}}, {.name = {"Done", 4}}};
    struct msg m = {.type = MSG_ROOM_CREATED};
    m.room_created.is_public = true;
    m.room_created.columns.v = (struct column_item *)items;
    m.room_created.columns.n = COUNT_OF(items);
    struct store_job *j = append(&m, room, 1, id);
    j->append.effect = EFFECT_ROOM;
    j->append.is_public = true;
    j->append.columns.v = (struct store_column *)names;
    j->append.columns.n = COUNT_OF(names);
    return j;
}

struct store_job *kit_message(const char *room, int64_t seq, int64_t id, const char *text)
{
    struct msg m = {.type = MSG_MESSAGE};
    m.message.text = str_of(text);
    return append(&m, room, seq, id);
}

struct store_job *kit_answer(const char *room, int64_t seq, int64_t id, int64_t task,
                             int64_t reply, const char *text)
{
    struct msg m = {.type = MSG_MESSAGE};
    m.message.text = str_of(text);
    m.message.task = task;
    m.message.reply = reply;
    m.message.to = reply ? STR("ana") : (struct str){0};
    struct store_job *j = append(&m, room, seq, id);
    j->append.number = task;
    j->append.reply = reply;
    return j;
}

struct store_job *kit_change(const char *room, int64_t seq, int64_t id,
                             struct store_change change)
{
    static const enum msg_type types[] = {
        [CHANGE_TEXT] = MSG_MESSAGE_EDITED,
        [CHANGE_DELETE] = MSG_MESSAGE_DELETED,
        [CHANGE_REACTION] = MSG_MESSAGE_REACTED,
        [CHANGE_PIN] = MSG_MESSAGE_PINNED,
    };
    struct msg m = {.type = types[change.kind]};
    m.message_edited.message = change.message;
    m.message_edited.writer = STR("ana");
    if (change.kind == CHANGE_TEXT)
        m.message_edited.text = change.text;
    if (change.kind == CHANGE_REACTION)
        m.message_reacted.emoji = change.emoji;
    if (change.kind == CHANGE_REACTION)
        m.message_reacted.gone = change.gone;
    if (change.kind == CHANGE_PIN)
        m.message_pinned.gone = change.gone;
    struct store_job *j = append(&m, room, seq, id);
    j->append.effect = EFFECT_MESSAGE;
    j->append.change = change;
    return j;
}

struct store_job *kit_member(const char *room, int64_t seq, int64_t id, const char *user,
                             enum role role)
{
    struct msg m = {.type = MSG_MEMBER};
    m.member.user = str_of(user);
    m.member.role = role;
    struct store_job *j = append(&m, room, seq, id);
    j->append.effect = EFFECT_MEMBER;
    j->append.member =
        (struct store_member){.user = str_keep(&j->arena, str_of(user)), .role = role};
    return j;
}

struct store_job *kit_task(const char *room, int64_t seq, int64_t id, enum msg_type type,
                           struct store_task after)
{
    struct msg m = {.type = type};
    if (type == MSG_TASK_ADDED || type == MSG_TASK_RESTORED) {
        m.task_added.task = after.number;
        m.task_added.title = after.title;
        m.task_added.column = after.column;
        m.task_added.key = after.key;
    } else if (type == MSG_TASK_MOVED) {
        m.task_moved.task = after.number;
        m.task_moved.column = after.column;
        m.task_moved.key = after.key;
    } else if (type == MSG_TASK_EDITED) {
        m.task_edited.task = after.number;
        m.task_edited.title = after.title;
    } else {
        m.task_archived.task = after.number;
    }
    struct store_job *j = append(&m, room, seq, id);
    j->append.effect = EFFECT_TASK;
    j->append.task = after;
    j->append.number = after.number;
    return j;
}

struct store_job *kit_note(const char *room, int64_t seq, int64_t id, enum msg_type type,
                           struct store_note after)
{
    struct msg m = {.type = type};
    if (type == MSG_NOTE_CREATED) {
        m.note_created.note = after.number;
        m.note_created.name = after.name;
    } else if (type == MSG_NOTE_RENAMED) {
        m.note_renamed.note = after.number;
        m.note_renamed.name = after.name;
    } else if (type == MSG_NOTE_ARCHIVED) {
        m.note_archived.note = after.number;
    } else {
        m.note_restored.note = after.number;
    }
    struct store_job *j = append(&m, room, seq, id);
    j->append.effect = EFFECT_NOTE;
    j->append.note = after;
    j->append.number = after.number;
    return j;
}

struct store_job *kit_edit(const char *room, int64_t seq, int64_t id, int64_t text,
                           int64_t version, const char *op)
{
    struct msg m = {.type = MSG_NOTE_EDITED};
    m.note_edited.note = text;
    m.note_edited.version = version;
    m.note_edited.op = str_of(op);
    struct store_job *j = append(&m, room, seq, id);
    j->append.effect = EFFECT_TEXT;
    j->append.number = text;
    j->append.text = (struct store_text){
        .number = text, .version = version, .time = KIT_TIME(seq), .author = STR("ana")};
    return j;
}

struct store_job *kit_keep(struct store_job *edit, int64_t version, const char *text,
                           const char *blame)
{
    struct store_append *a = &edit->append;
    a->snapshot = (struct store_snapshot){
        .number = a->number,
        .version = version,
        .time = KIT_TIME(a->seq - (a->text.version - version)),
        .text = str_of(text),
        .blame = str_of(blame),
    };
    return edit;
}

struct store_job *kit_topic(const char *room, int64_t seq, int64_t id, const char *topic)
{
    struct msg m = {.type = MSG_ROOM_TOPIC};
    m.room_topic.topic = str_of(topic);
    struct store_job *j = append(&m, room, seq, id);
    j->append.effect = EFFECT_TOPIC;
    j->append.topic = str_of(topic);
    return j;
}

struct store_job *kit_keep_chat(const char *room, int64_t seq, int64_t id,
                                struct retention keep)
{
    struct msg m = {.type = MSG_ROOM_RETENTION};
    m.room_retention.keep = keep;
    struct store_job *j = append(&m, room, seq, id);
    j->append.effect = EFFECT_RETENTION;
    j->append.keep = keep;
    return j;
}

struct store_job *kit_trim(const char *room, int64_t seq, int64_t upto, int64_t n)
{
    struct msg m = {.type = MSG_CHAT_TRIMMED};
    m.chat_trimmed.upto = upto;
    m.chat_trimmed.until = KIT_TIME(upto);
    m.chat_trimmed.messages = n;
    struct store_job *j = append(&m, room, seq, 0);
    j->append.effect = EFFECT_TRIM;
    j->append.upto = upto;
    return j;
}

int64_t kit_trimmed(struct store *s)
{
    struct store_task card = {1, STR("A card"), STR("Todo"), STR("V"), .values = {0}};
    kit_ok(s, kit_room("#a", 1));
    kit_ok(s, kit_message("#a", 2, 2, "secret-one was said"));
    kit_ok(s, kit_message("#a", 3, 3, "secret-two"));
    kit_ok(s, kit_message("#a", 4, 4, "kept by its pin"));
    kit_ok(s, kit_answer("#a", 5, 5, 1, 0, "on a card"));
    kit_ok(s, kit_answer("#a", 6, 6, 0, 2, "answers secret-one"));
    kit_index(s);
    kit_ok(s, kit_change("#a", 7, 7,
                         (struct store_change){CHANGE_TEXT, 2, .text = STR("secret-edit")}));
    kit_ok(s, kit_change("#a", 8, 8,
                         (struct store_change){CHANGE_REACTION, 2, .emoji = STR(":skull:")}));
    kit_ok(s,
           kit_change("#a", 9, 9, (struct store_change){.kind = CHANGE_DELETE, .message = 3}));
    kit_ok(s,
           kit_change("#a", 10, 10, (struct store_change){.kind = CHANGE_PIN, .message = 4}));
    kit_ok(s,
           kit_change("#a", 11, 11, (struct store_change){.kind = CHANGE_PIN, .message = 2}));
    kit_ok(s,
           kit_change("#a", 12, 12,
                      (struct store_change){.kind = CHANGE_PIN, .message = 2, .gone = true}));
    kit_ok(s, kit_member("#a", 13, 13, "bo", ROLE_MEMBER));
    kit_ok(s, kit_task("#a", 14, 14, MSG_TASK_ADDED, card));
    kit_ok(s, kit_keep_chat("#a", 15, 15, (struct retention){.count = 100}));
    kit_ok(s, kit_message("#a", 16, 16, "the newest"));
    kit_ok(s, kit_trim("#a", 17, 3, 2));
    return 17;
}

struct store_job *kit_user(const char *name, bool admin, bool disabled, int64_t seen)
{
    struct store_job *j = store_job_new(JOB_USER_PUT);
    j->user = (struct store_user){str_of(name), admin, disabled, .created = 5, .seen = seen};
    return j;
}

struct store_job *kit_token(enum store_job_kind kind, struct store_token token)
{
    struct store_job *j = store_job_new(kind);
    j->token = token;
    return j;
}

struct store_job *kit_invite(const char *invite, const char *user, const char *token)
{
    struct store_job *j = store_job_new(JOB_INVITE_USE);
    j->invite = str_of(invite);
    j->user = (struct store_user){.name = str_of(user), .created = 7};
    j->token = (struct store_token){str_of(token), str_of(user), .issued = 9, .expires = 99};
    return j;
}

struct store_job *kit_read(enum store_job_kind kind, const char *room, int64_t from,
                           int64_t limit)
{
    struct store_job *j = store_job_new(kind);
    j->room = str_of(room);
    j->from = from;
    j->limit = limit;
    j->bytes_limit = 1 << 20;
    return j;
}

struct store_job *kit_text(const char *room, int64_t text, int64_t version, int64_t until)
{
    struct store_job *j = kit_read(JOB_TEXT, room, 0, 0);
    j->text = text;
    j->version = version;
    j->until = until;
    return j;
}

struct store_job *kit_edits(const char *room, int64_t text, int64_t from, int64_t limit)
{
    struct store_job *j = kit_read(JOB_EDITS, room, from, limit);
    j->text = text;
    return j;
}

struct store_job *kit_lookup(const char *author, int64_t id)
{
    struct store_job *j = store_job_new(JOB_LOOKUP);
    j->author = str_of(author);
    j->client = STR(KIT_CLIENT);
    j->id = id;
    return j;
}

struct store_job *kit_run(struct store *s, struct store_job *j)
{
    if (store_is_write(j->kind))
        s->write(s, &j, 1);
    else
        store_read(s, j);
    return j;
}

int64_t kit_ok(struct store *s, struct store_job *j)
{
    kit_run(s, j);
    if (j->err.code != ERR_NONE)
        fail_msg("%s: %s", err_name(j->err.code), j->err.text);
    int64_t seq = j->seq;
    store_job_free(j);
    return seq;
}

void kit_refused(struct store *s, struct store_job *j, enum err_code code)
{
    kit_run(s, j);
    if (j->err.code != code)
        fail_msg("wanted %s, got %s: %s", err_name(code), err_name(j->err.code), j->err.text);
    store_job_free(j);
}

void kit_index(struct store *s)
{
    static const enum store_job_kind kinds[] = {JOB_INDEX, JOB_INDEX_TEXTS};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        bool more = true;
        while (more) {
            struct store_job *j = kit_run(s, store_job_new(kinds[i]));
            assert_int_equal(j->err.code, ERR_NONE);
            more = j->more;
            store_job_free(j);
        }
    }
}

int64_t kit_newest(struct store *s, const char *room)
{
    struct store_job *j = kit_run(s, kit_read(JOB_ROOM, room, 0, 0));
    int64_t seq = j->err.code == ERR_NONE ? j->rooms.v[0].seq : -1;
    if (j->err.code == ERR_NOT_FOUND)
        seq = 0;
    store_job_free(j);
    return seq;
}
