#include "store_schema.h"

#include "mem.h"
#include "store_search.h"

/* A room's newest sequence number and next card number are the largest ones in `events` and
 * `tasks`: a column for them would be one more page to write for each event.
 *
 * events is the log. Its primary key is its order, so a page of it is one run of leaves. A
 * retry is recognised by (author, client, request); request is NULL for what the server did
 * itself, which UNIQUE lets pass. events_message serves pages of chat without touching the
 * cards' events between them. */
static const char create_all[] =
    "CREATE TABLE rooms ("
    "  id INTEGER PRIMARY KEY,"
    "  name TEXT NOT NULL UNIQUE,"
    "  is_public INTEGER NOT NULL CHECK (is_public IN (0, 1))"
    ") STRICT;"

    "CREATE TABLE events ("
    "  room INTEGER NOT NULL REFERENCES rooms (id),"
    "  seq INTEGER NOT NULL CHECK (seq > 0),"
    "  time INTEGER NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  author TEXT NOT NULL,"
    "  client TEXT NOT NULL,"
    "  request INTEGER,"
    "  number INTEGER NOT NULL,"
    "  json TEXT NOT NULL,"
    "  PRIMARY KEY (room, seq)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE UNIQUE INDEX events_request ON events (author, client, request);"
    "CREATE INDEX events_message ON events (room, seq) WHERE kind = 'message';"

    "CREATE TABLE members ("
    "  room INTEGER NOT NULL REFERENCES rooms (id),"
    "  user TEXT NOT NULL,"
    "  role TEXT NOT NULL,"
    "  PRIMARY KEY (room, user)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE columns ("
    "  room INTEGER NOT NULL REFERENCES rooms (id),"
    "  place INTEGER NOT NULL,"
    "  name TEXT NOT NULL,"
    "  PRIMARY KEY (room, place)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE tasks ("
    "  room INTEGER NOT NULL REFERENCES rooms (id),"
    "  number INTEGER NOT NULL CHECK (number > 0),"
    "  title TEXT NOT NULL,"
    "  column TEXT NOT NULL,"
    "  key TEXT NOT NULL,"
    "  archived INTEGER NOT NULL CHECK (archived IN (0, 1)),"
    "  PRIMARY KEY (room, number)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE users ("
    "  name TEXT NOT NULL PRIMARY KEY,"
    "  admin INTEGER NOT NULL CHECK (admin IN (0, 1)),"
    "  disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),"
    "  created INTEGER NOT NULL,"
    "  seen INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE tokens ("
    "  id TEXT NOT NULL PRIMARY KEY,"
    "  user TEXT NOT NULL,"
    "  issued INTEGER NOT NULL,"
    "  expires INTEGER NOT NULL,"
    "  revoked INTEGER NOT NULL CHECK (revoked IN (0, 1)),"
    "  invite INTEGER NOT NULL CHECK (invite IN (0, 1))"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX tokens_revoked ON tokens (expires) WHERE revoked = 1;";

/* A text's newest version, when it was made and by whom are those of its newest edit: a table
 * for them would be one more page to write for each edit, and one more thing to disagree. The
 * operation stands in the event's json alone. events.version is NULL for what is no edit, and
 * costs nothing there. A snapshot is large and lies in a table with a rowid, so that its index
 * stays small. */
static const char add_texts[] =
    "ALTER TABLE events ADD COLUMN version INTEGER CHECK (version > 0);"
    "CREATE UNIQUE INDEX events_text ON events (room, number, version)"
    "  WHERE version IS NOT NULL;"

    "CREATE TABLE notes ("
    "  room INTEGER NOT NULL REFERENCES rooms (id),"
    "  number INTEGER NOT NULL CHECK (number > 0),"
    "  name TEXT NOT NULL,"
    "  archived INTEGER NOT NULL CHECK (archived IN (0, 1)),"
    "  time INTEGER NOT NULL,"
    "  author TEXT NOT NULL,"
    "  PRIMARY KEY (room, number)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE snapshots ("
    "  room INTEGER NOT NULL REFERENCES rooms (id),"
    "  number INTEGER NOT NULL CHECK (number > 0),"
    "  version INTEGER NOT NULL CHECK (version > 0),"
    "  time INTEGER NOT NULL,"
    "  text TEXT NOT NULL,"
    "  blame TEXT NOT NULL,"
    "  PRIMARY KEY (room, number, version)"
    ") STRICT;";

/* What else a card carries is one text: the store never asks for a single value. */
static const char add_values[] =
    "ALTER TABLE tasks ADD COLUMN fields TEXT NOT NULL DEFAULT '';";

/* events.number of a message is the card that it is a comment on. */
static const char add_comments[] =
    "CREATE INDEX events_comment ON events (room, number, seq, kind)"
    "  WHERE kind = 'message' AND number > 0;";

/* What is about one card or note: its comments, and all that was done to it. */
static const char add_about[] = "DROP INDEX events_comment;"
                                "CREATE INDEX events_about ON events (room, number, seq)"
                                "  WHERE number > 0;";

static const char add_limits[] =
    "ALTER TABLE columns ADD COLUMN most INTEGER NOT NULL DEFAULT 0 CHECK (most >= 0);";

/* What the server was like, minute by minute. A table of its own: nothing depends on it. */
static const char add_minutes[] = "CREATE TABLE minutes ("
                                  "  time INTEGER PRIMARY KEY,"
                                  "  figures TEXT NOT NULL"
                                  ") STRICT;";

/* A message that was never changed stands in its event alone: a row for each would be one more
 * page to write for each, and the text a second time. `messages` holds those that were edited
 * or deleted, as they are now; text is NULL of a deleted one, deleted is who did it. A
 * message's own event says what it answers; events.reply repeats that for the index. */
static const char add_changes[] =
    "ALTER TABLE events ADD COLUMN reply INTEGER CHECK (reply > 0);"
    "CREATE INDEX events_reply ON events (room, reply, seq) WHERE reply IS NOT NULL;"

    "CREATE TABLE messages ("
    "  room INTEGER NOT NULL REFERENCES rooms (id),"
    "  seq INTEGER NOT NULL CHECK (seq > 0),"
    "  text TEXT,"
    "  edited INTEGER NOT NULL,"
    "  deleted TEXT,"
    "  PRIMARY KEY (room, seq)"
    ") STRICT;"

    "CREATE TABLE reactions ("
    "  room INTEGER NOT NULL REFERENCES rooms (id),"
    "  message INTEGER NOT NULL CHECK (message > 0),"
    "  emoji TEXT NOT NULL,"
    "  user TEXT NOT NULL,"
    "  seq INTEGER NOT NULL,"
    "  PRIMARY KEY (room, message, emoji, user)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE pins ("
    "  room INTEGER NOT NULL REFERENCES rooms (id),"
    "  message INTEGER NOT NULL CHECK (message > 0),"
    "  time INTEGER NOT NULL,"
    "  author TEXT NOT NULL,"
    "  PRIMARY KEY (room, message)"
    ") STRICT, WITHOUT ROWID;";

/* What admins did to the server, and by what right people came in. */
static const char add_audit[] = "CREATE TABLE audit ("
                                "  number INTEGER PRIMARY KEY,"
                                "  time INTEGER NOT NULL,"
                                "  author TEXT NOT NULL,"
                                "  act TEXT NOT NULL,"
                                "  subject TEXT NOT NULL,"
                                "  words TEXT NOT NULL"
                                ") STRICT;";

/* The index of words. It keeps no text of its own (content=''): what is found is read where it
 * stands, and what is taken out is handed over once more. A row's id says what it is of: room,
 * event, and 1 for the text of a card or note in place of its name; so within a room their
 * order is that of time. The words come from words_print(), each of them letters and digits
 * alone: the simplest tokenizer leaves them as they are. `tags` are those of hit_tags().
 *
 * A text changes with every key, so it is in the index as of some version: search_texts has
 * what it said then, search_stale those that were edited since. */
static const char add_search[] =
    "CREATE VIRTUAL TABLE search USING fts5(words, tags, content = '', columnsize = 0,"
    "  tokenize = 'ascii', prefix = '2 3');"
    "INSERT INTO search (search, rank) VALUES ('automerge', 8);"
    "INSERT INTO search (search, rank) VALUES ('crisismerge', 64);"
    "CREATE VIRTUAL TABLE search_words USING fts5vocab(search, instance);"

    "CREATE TABLE search_texts ("
    "  room INTEGER NOT NULL REFERENCES rooms (id),"
    "  number INTEGER NOT NULL CHECK (number > 0),"
    "  version INTEGER NOT NULL CHECK (version > 0),"
    "  text TEXT NOT NULL,"
    "  PRIMARY KEY (room, number)"
    ") STRICT;"

    "CREATE TABLE search_stale ("
    "  room INTEGER NOT NULL REFERENCES rooms (id),"
    "  number INTEGER NOT NULL CHECK (number > 0),"
    "  PRIMARY KEY (room, number)"
    ") STRICT, WITHOUT ROWID;"

    SEARCH_FILL;

/* A sequence number says which event is meant only within one log: a database that was put back
 * goes on with numbers that have been others' before. So the log has a name, which a restore
 * changes. */
static const char add_marks[] = "CREATE TABLE marks ("
                                "  name TEXT NOT NULL PRIMARY KEY,"
                                "  value TEXT NOT NULL"
                                ") STRICT, WITHOUT ROWID;"
                                "INSERT INTO marks VALUES ('log', lower(hex(randomblob(8))));";

/* The index of words comes behind the events: of a room's log it has what stands up to and with
 * event `seq`; a room without a row is in it whole. search_changed has those that are in it as
 * they were before they were changed, with what they said then. */
static const char add_behind[] = "CREATE TABLE search_behind ("
                                 "  room INTEGER PRIMARY KEY REFERENCES rooms (id),"
                                 "  seq INTEGER NOT NULL"
                                 ") STRICT;"

                                 "CREATE TABLE search_changed ("
                                 "  room INTEGER NOT NULL REFERENCES rooms (id),"
                                 "  seq INTEGER NOT NULL CHECK (seq > 0),"
                                 "  text TEXT NOT NULL,"
                                 "  PRIMARY KEY (room, seq)"
                                 ") STRICT;";

/* A hook's token is not kept, only what it is known by. seq is how far an outgoing one is in
 * the log of its room. */
static const char add_hooks[] =
    "ALTER TABLE users ADD COLUMN bot INTEGER NOT NULL DEFAULT 0 CHECK (bot IN (0, 1));"
    "ALTER TABLE tokens ADD COLUMN scopes TEXT NOT NULL DEFAULT '';"
    "CREATE TABLE hooks ("
    "  id TEXT NOT NULL PRIMARY KEY,"
    "  user TEXT NOT NULL,"
    "  room INTEGER NOT NULL REFERENCES rooms (id),"
    "  hash TEXT NOT NULL,"
    "  task INTEGER NOT NULL,"
    "  url TEXT NOT NULL,"
    "  kinds TEXT NOT NULL,"
    "  author TEXT NOT NULL,"
    "  created INTEGER NOT NULL,"
    "  seq INTEGER NOT NULL,"
    "  failing INTEGER NOT NULL,"
    "  stopped INTEGER NOT NULL CHECK (stopped IN (0, 1))"
    ") STRICT, WITHOUT ROWID;";

/* How far members have read; see marker.h. None for a member is {0, 0}. Of those who were
 * members before, it is only known what they did last. */
static const char add_markers[] =
    "CREATE TABLE markers ("
    "  room INTEGER NOT NULL REFERENCES rooms (id),"
    "  user TEXT NOT NULL,"
    "  turn INTEGER NOT NULL CHECK (turn >= 0),"
    "  seq INTEGER NOT NULL CHECK (seq >= 0),"
    "  PRIMARY KEY (room, user)"
    ") STRICT, WITHOUT ROWID;"
    "INSERT INTO markers SELECT m.room, m.user, 0, e.seq FROM members m JOIN"
    "  (SELECT room, author, max(seq) AS seq FROM events GROUP BY room, author) e"
    "  ON e.room = m.room AND e.author = m.user;";

static const char add_topic[] = "ALTER TABLE rooms ADD COLUMN topic TEXT NOT NULL DEFAULT '';";

/* What a room keeps of its chat. The index of messages has all that tells which are beyond
 * that, so that they are found without reading one. What was done to a message goes with it:
 * events.reply of that is the message. */
static const char add_retention[] =
    "ALTER TABLE rooms ADD COLUMN keep_age INTEGER NOT NULL DEFAULT 0 CHECK (keep_age >= 0);"
    "ALTER TABLE rooms ADD COLUMN keep_count INTEGER NOT NULL DEFAULT 0 CHECK (keep_count >= "
    "0);"
    "ALTER TABLE rooms ADD COLUMN trimmed INTEGER NOT NULL DEFAULT 0 CHECK (trimmed >= 0);"
    "DROP INDEX events_message;"
    "CREATE INDEX events_message ON events (room, seq, number, time, kind)"
    "  WHERE kind = 'message';"
    "UPDATE events SET reply = json_extract(json, '$.message') WHERE kind IN"
    "  ('message.edited', 'message.deleted', 'message.reacted', 'message.pinned')"
    "  AND json_valid(json);";

/* The comments on a card, and how many each has, without a look at what else was done to it;
 * the answers to a message without what else was done to that. */
static const char find_comments[] =
    "CREATE INDEX events_comment ON events (room, number, seq, kind)"
    "  WHERE kind = 'message' AND number > 0;"
    "DROP INDEX events_reply;"
    "CREATE INDEX events_reply ON events (room, reply, kind, seq) WHERE reply IS NOT NULL;";

const struct store_step store_steps[] = {
    {1, "Makes rooms, their log, members, columns and cards, accounts and tokens.", create_all},
    {2, "Makes notes, the versions of texts, and snapshots of them.", add_texts},
    {3, "Gives cards fields besides their title.", add_values},
    {4, "Finds the comments on a card.", add_comments},
    {5, "Gives columns a limit.", add_limits},
    {6, "Finds all that was done to a card or note.", add_about},
    {7, "Keeps the server's figures of each minute.", add_minutes},
    {8, "Makes what becomes of messages: edits, deletions, reactions, pins, answers.",
     add_changes},
    {9, "Keeps what admins did.", add_audit},
    {10, "Makes the index of words, and fills it from what is there.", add_search},
    {11, "Gives the log a name.", add_marks},
    {12, "Takes what is said into the index of words later than it is said.", add_behind},
    {13, "Makes hooks, and tells bots from people.", add_hooks},
    {14, "Keeps how far members have read.", add_markers},
    {15, "Gives rooms a topic.", add_topic},
    {16, "Lets rooms keep their chat for a time.", add_retention},
    {17, "Finds comments and answers among all that is done to cards and messages.",
     find_comments},
};

const size_t store_steps_n = COUNT_OF(store_steps);
