/* The messages about notes and other texts; for msg.h. */
#ifndef MOOT_MSG_NOTE_H
#define MOOT_MSG_NOTE_H

#include "msg_head.h"

/* Parts of messages. */
struct note_item {
    int64_t number;
    struct str name;
    bool archived;
    int64_t version, time; /* of the text; time of its last edit in ms, or of its creation */
    struct str author;     /* of the same */
};
struct version_item {
    int64_t version, time;
    struct str author;
    struct str op; /* JSON */
};
struct run_item {
    struct str author;
    int64_t version, time; /* the newest that added to the run */
    int64_t chars;
};

/* A note is named by its number or by -ID, as a card. */
struct msg_note_create {
    struct request_head head;
    struct str name;
};
struct msg_note_rename {
    struct request_head head;
    int64_t note;
    struct str name;
};
struct msg_note_archive {
    struct request_head head;
    int64_t note;
};
struct msg_note_restore {
    struct request_head head;
    int64_t note;
};
struct msg_note_edit {
    struct request_head head;
    int64_t note;  /* number of the note, or of the card whose description it is */
    int64_t base;  /* version that the operation begins at */
    struct str op; /* JSON, see op_parse() */
};

struct msg_note_created {
    struct event_head head;
    int64_t note;
    struct str name;
};
struct msg_note_renamed {
    struct event_head head;
    int64_t note;
    struct str name;
};
struct msg_note_archived {
    struct event_head head;
    int64_t note;
};
struct msg_note_restored {
    struct event_head head;
    int64_t note;
};
struct msg_note_edited {
    struct event_head head;
    int64_t note, version; /* the version that this made */
    struct str op;
    int64_t done, boxes; /* of a card's description, as it is now; see task_item */
};

struct msg_note_caret {
    struct state_head head;
    int64_t note;          /* 0: in no text */
    int64_t version;       /* of the text that the positions are in */
    int64_t caret, anchor; /* code points; what is selected lies between them */
    int64_t top;           /* the first one on screen */
    struct str client;     /* from the server */
};

struct msg_note_open {
    struct request_head head;
    int64_t note;
    int64_t since;  /* version that is known; -1: none */
    int64_t flight; /* id of an own edit whose answer never came; 0: none */
};
/* Answers note.open and note.at; in parts. */
struct msg_note_text {
    struct answer_head head;
    struct str room;
    int64_t note, version, time; /* time of that version in ms; 0 for version 0 */
    int64_t part;
    bool more;
    struct str text;
};
/* Answers note.open, one for each run of operations. */
struct msg_note_changes {
    struct answer_head head;
    struct str room;
    int64_t note;
    int64_t from, to; /* versions; equal when nothing was missed, or in front of the last piece
                         of a run that is too long for one message */
    int64_t flight;   /* this is the edit with that id; 0: it is not */
    struct str op;
    bool more;
};
struct msg_note_at {
    struct request_head head;
    int64_t note;
    int64_t version; /* -1: the newest, or the one that `time` says */
    int64_t time;    /* the newest version of that time, ms since 1970; 0: not asked */
};
struct msg_note_log {
    struct request_head head;
    int64_t note, before, limit;
};
struct msg_note_versions {
    struct answer_head head;
    struct str room;
    int64_t note;
    LIST_OF(struct version_item) versions; /* oldest first */
    bool more;                             /* there are older ones */
};
struct msg_note_blame {
    struct request_head head;
    int64_t note;
};
struct msg_note_runs {
    struct answer_head head;
    struct str room;
    int64_t note, version;
    int64_t part;
    bool more;
    LIST_OF(struct run_item) runs;
};

#endif
