#include "activity.h"

#include "board_field.h"
#include "codec.h"

int64_t activity_about(const struct msg *m)
{
    switch ((int)m->type) {
    case MSG_MESSAGE:
        return m->message.task;
    case MSG_MESSAGE_EDITED:
        return m->message_edited.task;
    case MSG_MESSAGE_DELETED:
        return m->message_deleted.task;
    case MSG_MESSAGE_REACTED:
        return m->message_reacted.task;
    case MSG_MESSAGE_PINNED:
        return m->message_pinned.task;
    case MSG_TASK_ADDED:
        return m->task_added.task;
    case MSG_TASK_EDITED:
        return m->task_edited.task;
    case MSG_TASK_MOVED:
        return m->task_moved.task;
    case MSG_TASK_ARCHIVED:
        return m->task_archived.task;
    case MSG_TASK_RESTORED:
        return m->task_restored.task;
    case MSG_NOTE_CREATED:
        return m->note_created.note;
    case MSG_NOTE_RENAMED:
        return m->note_renamed.note;
    case MSG_NOTE_ARCHIVED:
        return m->note_archived.note;
    case MSG_NOTE_RESTORED:
        return m->note_restored.note;
    case MSG_NOTE_EDITED:
        return m->note_edited.note;
    default:
        return 0;
    }
}

struct named_item activity_thing(const struct replica *r, const struct named_item *names,
                                 size_t n, int64_t number)
{
    for (size_t i = 0; i < n; i++)
        if (names[i].number == number)
            return names[i];
    const struct note *note = r ? replica_note(r, number) : NULL;
    const struct card *c = r ? board_card(&r->board, number) : NULL;
    if (note)
        return (struct named_item){number, note->name, true};
    return (struct named_item){number, str_of(c ? c->title : ""), false};
}

void activity_events(const struct msg_activity_page *page, struct arena *a,
                     struct msg_list *out)
{
    out->n = 0;
    out->v = arena_alloc(a, page->events.n * sizeof *out->v);
    for (size_t i = 0; i < page->events.n; i++) {
        struct msg_list one;
        struct err e = {0};
        int64_t re;
        if (codec_decode(page->events.v[i], FROM_SERVER, a, &one, &re, &e) && one.n == 1 &&
            msg_table[one.v->type].class == CLASS_EVENT)
            out->v[out->n++] = *one.v;
    }
}

/* "#2 'Ship it'", or of a note "'Plan'"; what is not known any more is its number alone. */
static void add_thing(struct named_item thing, struct buf *out)
{
    if (!thing.note)
        buf_fmt(out, "#%lld%s", (long long)thing.number, thing.name.n ? " " : "");
    if (thing.name.n)
        buf_fmt(out, "'%.*s'", STR_ARG(thing.name));
}

/* before: the one that was said last; its field is not named again. */
static void add_change(const struct change_item *c, const struct change_item *before,
                       struct buf *out)
{
    bool goes_on = before && c->value.n && before->value.n && c->gone == before->gone &&
                   str_eq(c->field, before->field);
    if (goes_on)
        buf_add_str(out, c->value);
    else if (!c->value.n)
        buf_fmt(out, "no %.*s", STR_ARG(c->field));
    else
        buf_fmt(out, "%s%.*s %.*s", c->gone ? "no more " : "", STR_ARG(c->field),
                STR_ARG(c->value));
}

static void say_edited(const struct msg_task_edited *m, struct named_item thing,
                       struct buf *out)
{
    if (str_eq(m->title, thing.name)) /* it is said behind that */
        thing.name = (struct str){0};
    buf_add_str(out, STR("set "));
    add_thing(thing, out);
    buf_add_str(out, STR(": "));
    if (m->title.n)
        buf_fmt(out, "title '%.*s'%s", STR_ARG(m->title), m->changes.n ? ", " : "");
    for (size_t i = 0; i < m->changes.n; i++) {
        if (i)
            buf_add_str(out, STR(", "));
        add_change(&m->changes.v[i], i ? &m->changes.v[i - 1] : NULL, out);
    }
}

static void say_member(const struct msg_member *m, struct buf *out)
{
    bool self = str_eq(m->user, m->head.author);
    if (m->role == ROLE_NONE && self)
        buf_add_str(out, STR("left the room"));
    else if (m->role == ROLE_NONE)
        buf_fmt(out, "took %.*s out of the room", STR_ARG(m->user));
    else if (self)
        buf_fmt(out, "joined as %s", role_name(m->role));
    else
        buf_fmt(out, "made %.*s %s", STR_ARG(m->user), role_name(m->role));
}

static void say_retention(struct retention k, struct buf *out)
{
    char words[RETENTION_WORDS_MAX];
    retention_words(k, words);
    if (k.count)
        buf_fmt(out, "set that the chat keeps %s: older ones are removed", words);
    else if (k.age)
        buf_fmt(out, "set that the chat keeps messages for %s: older ones are removed", words);
    else
        buf_add_str(out, STR("set that the chat keeps everything"));
}

static void say_column_edited(const struct msg_column_edited *m, struct buf *out)
{
    if (m->name.n)
        buf_fmt(out, "renamed the column %.*s to %.*s", STR_ARG(m->column), STR_ARG(m->name));
    else if (m->limit > 0)
        buf_fmt(out, "limited the column %.*s to %lld", STR_ARG(m->column),
                (long long)m->limit);
    else
        buf_fmt(out, "took the limit off the column %.*s", STR_ARG(m->column));
}

/* A verb in front of the thing. */
static const char *verb_of(enum msg_type type)
{
    switch ((int)type) {
    case MSG_TASK_ADDED:
    case MSG_NOTE_CREATED:
        return "added";
    case MSG_TASK_MOVED:
        return "moved";
    case MSG_TASK_ARCHIVED:
    case MSG_NOTE_ARCHIVED:
        return "archived";
    case MSG_TASK_RESTORED:
    case MSG_NOTE_RESTORED:
        return "restored";
    case MSG_NOTE_RENAMED:
        return "renamed a note to";
    case MSG_NOTE_EDITED:
        return "wrote in";
    case MSG_MESSAGE:
        return "commented on";
    default:
        return NULL;
    }
}

static void say_thing(const struct msg *m, struct named_item thing, struct buf *out)
{
    struct str text = m->type == MSG_MESSAGE ? m->message.text : (struct str){0};
    struct str first = str_cut(&text, '\n');
    if (m->type == MSG_NOTE_RENAMED)
        thing.name = m->note_renamed.name; /* it may have another by now */
    buf_fmt(out, "%s ", verb_of(m->type));
    add_thing(thing, out);
    if (m->type == MSG_TASK_MOVED)
        buf_fmt(out, " to %.*s", STR_ARG(m->task_moved.column));
    if (m->type == MSG_MESSAGE)
        buf_fmt(out, ": %.*s", STR_ARG(first));
}

bool activity_say(const struct msg *m, struct named_item thing, struct buf *out)
{
    switch ((int)m->type) {
    case MSG_ROOM_CREATED:
        buf_add_str(out, STR("made the room"));
        return true;
    case MSG_MEMBER:
        say_member(&m->member, out);
        return true;
    case MSG_ROOM_TOPIC:
        if (m->room_topic.topic.n)
            buf_fmt(out, "set the topic: %.*s", STR_ARG(m->room_topic.topic));
        else
            buf_add_str(out, STR("took the topic off"));
        return true;
    case MSG_ROOM_RETENTION:
        say_retention(m->room_retention.keep, out);
        return true;
    case MSG_CHAT_TRIMMED:
        buf_fmt(out, "removed %lld older %s of the chat", (long long)m->chat_trimmed.messages,
                m->chat_trimmed.messages == 1 ? "message" : "messages");
        return true;
    case MSG_TASK_EDITED:
        say_edited(&m->task_edited, thing, out);
        return true;
    case MSG_COLUMN_ADDED:
        buf_fmt(out, "added the column %.*s", STR_ARG(m->column_added.column));
        return true;
    case MSG_COLUMN_EDITED:
        say_column_edited(&m->column_edited, out);
        return true;
    case MSG_COLUMN_MOVED:
        buf_fmt(out, "moved the column %.*s", STR_ARG(m->column_moved.column));
        return true;
    case MSG_COLUMN_REMOVED:
        buf_fmt(out, "removed the column %.*s; its cards are in %.*s",
                STR_ARG(m->column_removed.column), STR_ARG(m->column_removed.to));
        return true;
    default:
        if (!verb_of(m->type) || (m->type == MSG_MESSAGE && !m->message.task))
            return false;
        say_thing(m, thing, out);
        return true;
    }
}
