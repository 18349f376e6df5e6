/* What every store does the same way in a search: it hands over the texts that may be meant,
 * newest first; here they are checked, put in order, and made into the answer. */
#ifndef MOOT_STORE_SEARCH_H
#define MOOT_STORE_SEARCH_H

#include "hit.h"
#include "store.h"

/* clang-format off */
/* The rows of the index of words. They are made in one place, since what is taken out of it has
 * to be what was put in, word for word: whoever changes this, or what a word or a tag is, adds a
 * step to store_schema.c that fills the index anew. `part` is 1 for the text of a card or note. */
#define SEARCH_SEQ_BITS 42
#define SEARCH_TEXT(part) \
    "CASE WHEN " part " THEN (SELECT x.text FROM search_texts x WHERE x.room = e.room AND x.number = e.number)" \
    " WHEN e.kind = 'message' THEN coalesce((SELECT iif(m.deleted IS NULL, m.text, '') FROM messages m" \
    "  WHERE m.room = e.room AND m.seq = e.seq), iif(json_valid(e.json), json_extract(e.json, '$.text'), ''))" \
    " WHEN e.kind = 'task.added' THEN (SELECT moot_card(t.title, t.fields) FROM tasks t" \
    "  WHERE t.room = e.room AND t.number = e.number)" \
    " WHEN e.kind = 'note.created' THEN (SELECT n.name FROM notes n" \
    "  WHERE n.room = e.room AND n.number = e.number)" \
    " END"
/* What the index has: of what was changed since, what it said before. */
#define SEARCH_HAS(part) \
    "coalesce(iif(" part ", NULL, (SELECT c.text FROM search_changed c" \
    " WHERE c.room = e.room AND c.seq = e.seq)), " SEARCH_TEXT(part) ")"
/* The LIMIT keeps each text from being read three times. */
#define SEARCH_ROWS(part, text, which) \
    "SELECT id, moot_words(text), moot_tags(kind, author, number, text) FROM" \
    " (SELECT (e.room << 44) | (e.seq << 2) | " part " AS id," \
    " iif(e.kind = 'message.removed', 'message', e.kind) AS kind, e.author, e.number, " \
    text " AS text FROM events e WHERE " which " LIMIT -1) WHERE text <> ''"
#define SEARCH_KINDS "e.kind IN ('message', 'task.added', 'note.created')"
/* And what the index has until it is told that it is gone. */
#define SEARCH_KEPT "e.kind IN ('message', 'message.removed', 'task.added', 'note.created')"
#define SEARCH_TEXTS "e.kind IN ('task.added', 'note.created')"
/* All texts but those of cards and notes, which are marked as stale. */
#define SEARCH_FILL \
    "INSERT INTO search (rowid, words, tags) " SEARCH_ROWS("0", SEARCH_TEXT("0"), SEARCH_KINDS) ";" \
    "INSERT INTO search_stale (room, number)" \
    " SELECT DISTINCT room, number FROM events INDEXED BY events_text WHERE version IS NOT NULL;"
/* clang-format on */

/* One thing that was found. Its strings are in the job's arena. */
struct finding {
    struct found_item item;
    int64_t score;
};
struct finder {
    struct query q;
    struct store_job *j;
    VEC(struct finding) all;
    struct hit hit;
    size_t wanted; /* how many are enough, newest first */
    /* One that is read in parts: */
    size_t room;      /* the one under way, of those that are asked for */
    struct str name;  /* its name */
    size_t most, had; /* how many of it are enough, and how many there were before */
    int64_t first;    /* the first event of it that may be meant */
    int64_t below;    /* id of what was looked at last, without the room; 0: it is not begun */
    int64_t took;     /* ms: all parts */
};

/* Reads the query of a JOB_SEARCH; j->err when it is none. */
bool finder_begin(struct finder *f, struct store_job *j);
/* A thing, and the text by which it may be found; what is borrowed is copied. False: it is not
 * what is looked for. Two texts of one thing, handed over one after the other, are found once:
 * by the second, if that is found. */
bool finder_take(struct finder *f, const struct found_item *thing, struct str text,
                 bool is_title);
/* Orders what was taken and answers the job; f is as after finder_finish(). */
void finder_end(struct finder *f);
void finder_finish(struct finder *f);
void finder_free(struct finder *f);

/* What the event of a card, note or message is, by its type and number. FOUND_ANY: nothing that
 * is ever found. */
enum found_kind search_kind(enum msg_type type, int64_t number);
/* What a card is found by: its title, labels and people. values: card_print(). */
void search_card(struct buf *out, struct str title, struct str values);
/* The whole text out of a JOB_TEXT that was answered; false, and j->err, when an edit does not
 * fit. */
bool search_whole(struct store_job *j, struct buf *out);

#endif
