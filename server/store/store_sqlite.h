/* Inside of the SQLite store: connections, statements and words for what went wrong. */
#ifndef MOOT_STORE_SQLITE_H
#define MOOT_STORE_SQLITE_H

#include "store.h"
#include "store_search.h"

struct sqlite3;
struct sqlite3_stmt;

/* clang-format off */
#define SQL_IS_DELETED " kind = 'message' AND EXISTS (SELECT 1 FROM messages m" \
                       " WHERE m.room = e.room AND m.seq = e.seq AND m.deleted IS NOT NULL)"
/* The index of what is about one card or text wants to hear that the number is not 0. The
 * planner takes that for a narrower choice than the number itself, unless it is told that it is
 * none, and walks through all that the room has. */
#define IS_ABOUT(e, value) \
    e "number = " value " AND likelihood(" e "number > 0, 1.0)"
/* What the columns of an event say, as they stand and as its json has them: `mootd check` compares
 * them, and --repair takes them from the json. */
#define SQL_EVENT_COLUMNS "(time, kind, author, client, request, number, version, reply)"
#define SQL_EVENT_VALUES(e) \
    "json_extract(" e "json, '$.time'), json_extract(" e "json, '$.type')," \
    " json_extract(" e "json, '$.author'), json_extract(" e "json, '$.client')," \
    " CASE WHEN json_extract(" e "json, '$.client') <> '" STORE_OWN_CLIENT "'" \
    "  THEN json_extract(" e "json, '$.id') END," \
    " coalesce(json_extract(" e "json, '$.task'), json_extract(" e "json, '$.note'), 0)," \
    " CASE json_extract(" e "json, '$.type') WHEN 'note.edited'" \
    "  THEN json_extract(" e "json, '$.version') END," \
    " CASE json_extract(" e "json, '$.type')" \
    "  WHEN 'message' THEN json_extract(" e "json, '$.reply')" \
    "  WHEN 'message.edited' THEN json_extract(" e "json, '$.message')" \
    "  WHEN 'message.deleted' THEN json_extract(" e "json, '$.message')" \
    "  WHEN 'message.reacted' THEN json_extract(" e "json, '$.message')" \
    "  WHEN 'message.pinned' THEN json_extract(" e "json, '$.message') END"
/* A message as it is now. The index is that of the condition. */
#define MESSAGES(from, which, order) \
    "SELECT e.seq, e.json, m.text, m.edited, m.deleted, EXISTS (SELECT 1 FROM pins p" \
    " WHERE p.room = e.room AND p.message = e.seq) FROM " from \
    " LEFT JOIN messages m ON m.room = e.room AND m.seq = e.seq" \
    " WHERE e.room = ?1 AND e.kind = 'message' AND " which order " LIMIT ?3"
#define DOWN " AND e.seq < ?2 ORDER BY e.seq DESC"
#define UP " AND e.seq > ?2 ORDER BY e.seq"
#define IN_CHAT "events e INDEXED BY events_message", "1"
#define ON_CARD "events e INDEXED BY events_comment", IS_ABOUT("e.", "?4")
#define IN_REPLY "events e INDEXED BY events_reply", "e.reply = ?4"
#define PINNED "pins q CROSS JOIN events e ON e.room = q.room AND e.seq = q.message", "q.room = ?1"
/* The pair above is one argument until it is handed on. */
#define MESSAGES_OF(pair, order) MESSAGES(pair, order)

/* What retention looks at, and what it may take away. */
#define TRIM_FROM " FROM events e INDEXED BY events_message WHERE room = ?1 AND kind = 'message'"
#define TRIM_MAY_GO \
    "(number = 0 AND NOT EXISTS (SELECT 1 FROM pins p WHERE p.room = e.room AND p.message = e.seq))"
#define SQL_MEMBERS \
    "SELECT m.room, m.user, m.role, coalesce(k.turn, 0), coalesce(k.seq, 0) FROM members m" \
    " LEFT JOIN markers k ON k.room = m.room AND k.user = m.user"

/* What stands in the index of words (see add_search in store_schema.c). */
#define SQL_LIST(X) \
    /* transactions */ \
    X(BEGIN_WRITE, "BEGIN IMMEDIATE") \
    X(BEGIN_READ, "BEGIN") \
    X(COMMIT, "COMMIT") \
    X(ROLLBACK, "ROLLBACK") \
    /* writes */ \
    X(FIND_DONE, "SELECT r.name, e.seq, e.number FROM events e JOIN rooms r ON r.id = e.room" \
                 " WHERE e.author = ?1 AND e.client = ?2 AND e.request = ?3") \
    X(FIND_ROOM, "SELECT id, is_public, (SELECT max(seq) FROM events WHERE room = rooms.id)," \
                 " topic, keep_age, keep_count, trimmed FROM rooms WHERE name = ?1") \
    X(ADD_ROOM, "INSERT INTO rooms (name, is_public) VALUES (?1, ?2)") \
    X(SET_TOPIC, "UPDATE rooms SET topic = ?2 WHERE id = ?1") \
    X(SET_RETENTION, "UPDATE rooms SET keep_age = ?2, keep_count = ?3 WHERE id = ?1") \
    X(SET_TRIMMED, "UPDATE rooms SET trimmed = ?2 WHERE id = ?1") \
    X(RAISE_TRIMMED, "UPDATE rooms SET trimmed = max(trimmed, ?2) WHERE id = ?1") \
    X(TRIM_PICK, "SELECT seq" TRIM_FROM " AND seq > ?2 AND seq <= ?3 AND " TRIM_MAY_GO " ORDER BY seq") \
    X(TRIM_EVENT, "SELECT json FROM events WHERE room = ?1 AND seq = ?2") \
    X(TRIM_CHANGES, "SELECT seq FROM events INDEXED BY events_reply WHERE room = ?1 AND reply = ?2" \
                    " AND kind <> 'message'") \
    X(TRIM_PUT, "UPDATE events SET kind = 'message.removed', number = 0, reply = NULL, json = ?3" \
                " WHERE room = ?1 AND seq = ?2") \
    X(FORGET_MESSAGE, "DELETE FROM messages WHERE room = ?1 AND seq = ?2") \
    X(ADD_EVENT, "INSERT INTO events (room, seq, time, kind, author, client, request, number," \
                 " json, version, reply)" \
                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, 0), ?8, ?9, nullif(?10, 0)," \
                 " nullif(?11, 0))") \
    X(EDIT_MESSAGE, "INSERT INTO messages (room, seq, text, edited) VALUES (?1, ?2, ?3, ?4)" \
                    " ON CONFLICT DO UPDATE SET text = excluded.text, edited = excluded.edited") \
    X(DROP_MESSAGE, "INSERT INTO messages (room, seq, edited, deleted) VALUES (?1, ?2, 0, ?3)" \
                    " ON CONFLICT DO UPDATE SET text = NULL, deleted = excluded.deleted") \
    X(ADD_REACTION, "INSERT INTO reactions (room, message, emoji, user, seq)" \
                    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING") \
    X(DROP_REACTION, "DELETE FROM reactions" \
                     " WHERE room = ?1 AND message = ?2 AND emoji = ?3 AND user = ?4") \
    X(DROP_REACTIONS, "DELETE FROM reactions WHERE room = ?1 AND message = ?2") \
    X(ADD_PIN, "INSERT INTO pins (room, message, time, author) VALUES (?1, ?2, ?3, ?4)" \
               " ON CONFLICT DO NOTHING") \
    X(DROP_PIN, "DELETE FROM pins WHERE room = ?1 AND message = ?2") \
    X(PUT_MEMBER, "INSERT INTO members (room, user, role) VALUES (?1, ?2, ?3)" \
                  " ON CONFLICT DO UPDATE SET role = excluded.role") \
    X(DROP_MEMBER, "DELETE FROM members WHERE room = ?1 AND user = ?2") \
    X(PUT_MARKER, "INSERT INTO markers (room, user, turn, seq) VALUES (?1, ?2, ?3, ?4)" \
                  " ON CONFLICT DO UPDATE SET turn = excluded.turn, seq = excluded.seq" \
                  " WHERE (turn, seq) < (excluded.turn, excluded.seq)") \
    X(COME_TO, "INSERT INTO markers (room, user, turn, seq) VALUES (?1, ?2, 0, ?3)" \
               " ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)") \
    X(MARKER, "SELECT turn, seq FROM markers WHERE room = ?1 AND user = ?2") \
    X(IS_MEMBER, "SELECT 1 FROM members WHERE room = ?1 AND user = ?2") \
    X(DROP_COLUMNS, "DELETE FROM columns WHERE room = ?1") \
    X(ADD_COLUMN, "INSERT INTO columns (room, place, name, most) VALUES (?1, ?2, ?3, ?4)") \
    X(SEND_TASKS, "UPDATE tasks SET column = ?3 WHERE room = ?1 AND column = ?2") \
    X(PLACE_TASK, "UPDATE tasks SET key = ?3 WHERE room = ?1 AND number = ?2") \
    X(PUT_TASK, "INSERT INTO tasks (room, number, title, column, key, archived, fields)" \
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET" \
                " title = excluded.title, column = excluded.column, key = excluded.key," \
                " archived = excluded.archived, fields = excluded.fields") \
    X(PUT_NOTE, "INSERT INTO notes (room, number, name, archived, time, author)" \
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET" \
                " name = excluded.name, archived = excluded.archived") \
    X(ADD_SNAPSHOT, "INSERT INTO snapshots (room, number, version, time, text, blame)" \
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING") \
    X(PUT_USER, "INSERT INTO users (name, admin, disabled, created, seen, bot)" \
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET" \
                " admin = excluded.admin, disabled = excluded.disabled," \
                " seen = max(seen, excluded.seen)") \
    X(MAKE_USER, "INSERT INTO users (name, admin, disabled, created, seen, bot)" \
                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING") \
    X(FIND_TOKEN, "SELECT revoked FROM tokens WHERE id = ?1") \
    X(ADD_TOKEN, "INSERT INTO tokens (id, user, issued, expires, revoked, invite, scopes)" \
                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)") \
    X(REVOKE_TOKEN, "UPDATE tokens SET revoked = 1 WHERE id = ?1") \
    X(FIND_HOOK, "SELECT 1 FROM hooks WHERE id = ?1") \
    X(ADD_HOOK, "INSERT INTO hooks (id, user, room, hash, task, url, kinds, author, created," \
                " seq, failing, stopped)" \
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)") \
    X(SET_HOOK, "UPDATE hooks SET seq = ?2, failing = ?3, stopped = ?4 WHERE id = ?1") \
    X(DROP_HOOK, "DELETE FROM hooks WHERE id = ?1") \
    X(SEARCH_MADE, "SELECT min(seq) FROM events INDEXED BY events_about" \
                   " WHERE room = ?1 AND " IS_ABOUT("", "?2")) \
    X(SEARCH_MARK, "INSERT INTO search_behind (room, seq) VALUES (?1, ?2 - 1) ON CONFLICT DO NOTHING") \
    X(SEARCH_KEEP, "INSERT INTO search_changed (room, seq, text)" \
                   " SELECT e.room, e.seq, coalesce(" SEARCH_TEXT("0") ", '')" \
                   " FROM events e WHERE e.room = ?1 AND e.seq = ?2 AND NOT EXISTS" \
                   " (SELECT 1 FROM search_behind b WHERE b.room = ?1 AND b.seq < ?2)" \
                   " ON CONFLICT DO NOTHING") \
    X(SEARCH_ADD, "INSERT INTO search (rowid, words, tags) " \
                  SEARCH_ROWS("?3", SEARCH_TEXT("?3"), "e.room = ?1 AND e.seq = ?2")) \
    X(SEARCH_DROP, "INSERT INTO search (search, rowid, words, tags) SELECT 'delete', * FROM (" \
                   SEARCH_ROWS("?3", SEARCH_HAS("?3"), "e.room = ?1 AND e.seq = ?2") ")") \
    X(SEARCH_NEXT_BEHIND, "SELECT room, seq, 0 FROM search_behind LIMIT 1") \
    X(SEARCH_BYTES, "SELECT seq, iif(" SEARCH_KINDS ", length(CAST(json AS BLOB)), 0) FROM events e" \
                    " WHERE room = ?1 AND seq > ?2 ORDER BY seq") \
    X(SEARCH_ADD_UP_TO, "INSERT INTO search (rowid, words, tags) " \
                        SEARCH_ROWS("0", SEARCH_TEXT("0"), "e.room = ?1 AND e.seq > ?2 AND e.seq <= ?3" \
                                    " AND " SEARCH_KINDS)) \
    X(SEARCH_HAS_UP_TO, "UPDATE search_behind SET seq = ?2 WHERE room = ?1") \
    X(SEARCH_HAS_ALL, "DELETE FROM search_behind WHERE room = ?1") \
    X(SEARCH_NEXT_CHANGED, "SELECT room, seq, length(text) FROM search_changed LIMIT 1") \
    X(SEARCH_UNCHANGED, "DELETE FROM search_changed WHERE room = ?1 AND seq = ?2") \
    X(SEARCH_CARD_CHANGES, "SELECT moot_card(title, fields) IS NOT moot_card(?3, ?4)" \
                           " FROM tasks WHERE room = ?1 AND number = ?2") \
    X(SEARCH_NOTE_CHANGES, "SELECT name IS NOT ?3 FROM notes WHERE room = ?1 AND number = ?2") \
    X(SEARCH_STALE, "INSERT INTO search_stale (room, number) VALUES (?1, ?2) ON CONFLICT DO NOTHING") \
    X(SEARCH_NEXT_STALE, "SELECT s.room, s.number, r.name FROM search_stale s" \
                         " JOIN rooms r ON r.id = s.room LIMIT 1") \
    X(SEARCH_FRESH, "DELETE FROM search_stale WHERE room = ?1 AND number = ?2") \
    X(SEARCH_PUT_TEXT, "INSERT INTO search_texts (room, number, version, text)" \
                       " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET" \
                       " version = excluded.version, text = excluded.text") \
    X(PUT_MINUTE, "INSERT INTO minutes (time, figures) VALUES (?1, ?2)" \
                  " ON CONFLICT DO UPDATE SET figures = excluded.figures") \
    X(DROP_MINUTES, "DELETE FROM minutes WHERE time < ?1") \
    X(ADD_AUDIT, "INSERT INTO audit (time, author, act, subject, words) VALUES (?1, ?2, ?3, ?4, ?5)") \
    /* reads */ \
    X(TRIM_BOUND, "SELECT seq FROM events INDEXED BY events_message WHERE room = ?1" \
                  " AND kind = 'message' AND number = 0 ORDER BY seq DESC LIMIT 1 OFFSET ?2") \
    X(TRIM_LOOK, "SELECT seq, time, " TRIM_MAY_GO TRIM_FROM " AND seq > ?2 ORDER BY seq") \
    X(TRIM_COUNT, "SELECT count(*) FROM (SELECT 1 FROM events INDEXED BY events_reply WHERE room = ?1" \
                  " AND reply = ?2 AND kind <> 'message' LIMIT ?3)") \
    X(MINUTES_FROM, "SELECT time, figures FROM minutes WHERE time >= ?1 ORDER BY time LIMIT ?2") \
    X(ALL_USERS, "SELECT name, admin, disabled, created, seen, bot FROM users ORDER BY name") \
    X(ALL_ROOMS, "SELECT id, name, is_public," \
                 " (SELECT max(seq) FROM events WHERE room = rooms.id), keep_age, keep_count" \
                 " FROM rooms ORDER BY id") \
    X(ALL_MEMBERS, SQL_MEMBERS " ORDER BY m.room, m.user") \
    X(REFUSED_TOKENS, "SELECT id, user, issued, expires, revoked, invite, scopes FROM tokens" \
                      " WHERE revoked = 1 AND (expires = 0 OR expires > ?1)") \
    X(ALL_TOKENS, "SELECT id, user, issued, expires, revoked, invite, scopes FROM tokens" \
                  " ORDER BY issued, id") \
    X(ALL_HOOKS, "SELECT h.id, h.user, r.name, h.hash, h.task, h.url, h.kinds, h.author," \
                 " h.created, h.seq, h.failing, h.stopped FROM hooks h" \
                 " JOIN rooms r ON r.id = h.room ORDER BY h.created, h.id") \
    X(LOG_NAME, "SELECT value FROM marks WHERE name = 'log'") \
    X(AUDIT_BEFORE, "SELECT number, time, author, act, subject, words FROM audit WHERE number < ?1" \
                    " ORDER BY number DESC LIMIT ?2") \
    X(ROOM_MEMBERS, SQL_MEMBERS " WHERE m.room = ?1 ORDER BY m.user") \
    X(ROOM_COLUMNS, "SELECT name, most FROM columns WHERE room = ?1 ORDER BY place") \
    X(ROOM_TASKS, "SELECT number, title, column, key, archived, fields, (SELECT max(e.seq)" \
                  " FROM events e INDEXED BY events_about WHERE e.room = t.room" \
                  " AND " IS_ABOUT("e.", "t.number") ")" \
                  " FROM tasks t WHERE room = ?1 ORDER BY number") \
    X(ROOM_NOTES, "SELECT number, name, archived, time, author FROM notes WHERE room = ?1" \
                  " ORDER BY number") \
    X(TEXT_BEHIND, "SELECT min(number) FROM events INDEXED BY events_text" \
                   " WHERE room = ?1 AND number > ?2 AND version IS NOT NULL") \
    X(TEXT_VERSION, "SELECT max(version) FROM events INDEXED BY events_text" \
                    " WHERE room = ?1 AND number = ?2 AND version IS NOT NULL") \
    X(TEXT_NEWEST, "SELECT version, time, author, json ->> '$.done', json ->> '$.boxes'" \
                   " FROM events INDEXED BY events_text" \
                   " WHERE room = ?1 AND number = ?2 AND version IS NOT NULL" \
                   " ORDER BY version DESC LIMIT 1") \
    X(COMMENTS, "SELECT number, count(*) FROM events INDEXED BY events_comment" \
                " WHERE room = ?1 AND number > 0 AND kind = 'message' AND NOT EXISTS" \
                " (SELECT 1 FROM messages AS m WHERE m.room = events.room" \
                " AND m.seq = events.seq AND m.deleted IS NOT NULL)" \
                " GROUP BY number ORDER BY number") \
    X(SNAPSHOT_AT, "SELECT version, time, text, blame FROM snapshots" \
                   " WHERE room = ?1 AND number = ?2 AND version <= ?3 AND time <= ?4" \
                   " ORDER BY version DESC LIMIT 1") \
    X(SNAPSHOTS, "SELECT version FROM snapshots WHERE room = ?1 AND number = ?2" \
                 " ORDER BY version") \
    X(EDITS_UP, "SELECT version, time, author, client, request, json FROM events" \
                " INDEXED BY events_text WHERE room = ?1 AND number = ?2" \
                " AND version >= ?3 AND version <= ?4 ORDER BY version") \
    X(EDITS_DOWN, "SELECT version, time, author, client, request, json FROM events" \
                  " INDEXED BY events_text WHERE room = ?1 AND number = ?2" \
                  " AND version <= ?3 ORDER BY version DESC") \
    X(NEWEST_ID, "SELECT max(request) FROM events WHERE author = ?1 AND client = ?2") \
    X(EVENTS_AFTER, "SELECT seq, json FROM events WHERE room = ?1 AND seq > ?2 ORDER BY seq") \
    X(ACTIVITY_BEFORE, "SELECT seq, kind, author, number, json, version," SQL_IS_DELETED ", time FROM events e" \
                       " WHERE room = ?1 AND seq < ?2 ORDER BY seq DESC") \
    X(ACTIVITY_ABOUT, "SELECT seq, kind, author, number, json, version," SQL_IS_DELETED ", time FROM events e" \
                      " INDEXED BY events_about WHERE room = ?1 AND " IS_ABOUT("", "?3") \
                      " AND seq < ?2 ORDER BY seq DESC") \
    X(WROTE_ON, "SELECT 1 FROM events INDEXED BY events_text WHERE room = ?1 AND number = ?2" \
                " AND version = ?3 AND author = ?4 AND time <= ?5") \
    X(SEARCH, "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid BETWEEN ?2 AND ?3" \
              " ORDER BY rowid DESC") \
    /* what the index does not have as it is now; both halves come in that order */ \
    X(SEARCH_PENDING, "SELECT seq, " SEARCH_TEXT("0") " FROM events e WHERE room = ?1 AND seq >" \
                      " (SELECT seq FROM search_behind WHERE room = ?1)" \
                      " AND seq >= ?2 AND seq < ?3 AND " SEARCH_KINDS " UNION ALL" \
                      " SELECT c.seq, " SEARCH_TEXT("0") " FROM search_changed c CROSS JOIN events e" \
                      " ON e.room = c.room AND e.seq = c.seq" \
                      " WHERE c.room = ?1 AND c.seq >= ?2 AND c.seq < ?3" \
                      " ORDER BY 1 DESC") \
    X(SEARCH_DOC, "SELECT e.kind, e.time, e.author, e.number, " SEARCH_TEXT("?3") ", coalesce(" \
                  "(SELECT t.title FROM tasks t WHERE t.room = e.room AND t.number = e.number)," \
                  "(SELECT n.name FROM notes n WHERE n.room = e.room AND n.number = e.number))," \
                  " coalesce((SELECT t.archived FROM tasks t WHERE t.room = e.room AND t.number = e.number)," \
                  "(SELECT n.archived FROM notes n WHERE n.room = e.room AND n.number = e.number))" \
                  " FROM events e WHERE e.room = ?1 AND e.seq = ?2") \
    X(EVENT_TIME, "SELECT time FROM events WHERE room = ?1 AND seq = ?2") \
    X(SEARCH_ALL, SEARCH_ROWS("0", SEARCH_HAS("0"), SEARCH_KEPT " AND e.seq <= coalesce(" \
                              "(SELECT b.seq FROM search_behind b WHERE b.room = e.room), e.seq)") \
                  " UNION ALL " SEARCH_ROWS("1", SEARCH_HAS("1"), SEARCH_TEXTS)) \
    X(SEARCH_INSTANCES, "SELECT doc, col, \"offset\", term FROM search_words") \
    X(SEARCH_LAST_ROOM, "SELECT coalesce(max(id), 0) FROM rooms") \
    X(ROOM_NAME, "SELECT name FROM rooms WHERE id = ?1") \
    X(CHECK_SEARCH_TEXTS, "SELECT r.name || ', text ' || t.number FROM" \
                          " (SELECT DISTINCT room, number FROM events INDEXED BY events_text" \
                          "  WHERE version IS NOT NULL) t JOIN rooms r ON r.id = t.room" \
                          " LEFT JOIN search_texts x ON x.room = t.room AND x.number = t.number" \
                          " WHERE NOT EXISTS (SELECT 1 FROM search_stale s" \
                          "  WHERE s.room = t.room AND s.number = t.number)" \
                          " AND x.version IS NOT (SELECT max(e.version) FROM events e" \
                          "  INDEXED BY events_text WHERE e.room = t.room AND e.number = t.number" \
                          "  AND e.version IS NOT NULL) LIMIT 20") \
    X(FIGURES, "SELECT (SELECT count(*) FROM rooms), (SELECT count(*) FROM events)") \
    X(MESSAGES_DOWN, MESSAGES_OF(IN_CHAT, DOWN)) \
    X(MESSAGES_UP, MESSAGES_OF(IN_CHAT, UP)) \
    X(COMMENTS_DOWN, MESSAGES_OF(ON_CARD, DOWN)) \
    X(COMMENTS_UP, MESSAGES_OF(ON_CARD, UP)) \
    X(REPLIES_DOWN, MESSAGES_OF(IN_REPLY, DOWN)) \
    X(REPLIES_UP, MESSAGES_OF(IN_REPLY, UP)) \
    X(PINNED_DOWN, MESSAGES_OF(PINNED, DOWN)) \
    X(PINNED_UP, MESSAGES_OF(PINNED, UP)) \
    X(UNREAD, "SELECT e.author, e.number, coalesce(m.text, json_extract(e.json, '$.text'))," \
              " coalesce(json_extract(e.json, '$.to'), '') FROM" \
              " (SELECT * FROM events INDEXED BY events_message WHERE room = ?1" \
              "  AND kind = 'message' AND seq > ?2 ORDER BY seq DESC LIMIT ?3) e" \
              " LEFT JOIN messages m ON m.room = e.room AND m.seq = e.seq" \
              " WHERE m.deleted IS NULL") \
    X(REACTIONS, "SELECT emoji, user, seq FROM reactions WHERE room = ?1 AND message = ?2" \
                 " ORDER BY seq") \
    X(ROOM_PINS, "SELECT message, time, author FROM pins WHERE room = ?1 ORDER BY message") \
    X(CHECK_PAGES, "PRAGMA integrity_check(20)") \
    X(CHECK_TABLES, "SELECT s.name FROM sqlite_schema s WHERE s.type = 'table' AND s.rootpage > 0" \
                    " AND (SELECT i.integrity_check FROM pragma_integrity_check(s.name) i LIMIT 1)" \
                    " <> 'ok'") \
    X(ALL_NAMED, "SELECT type, name FROM sqlite_schema WHERE type IN ('table', 'index')") \
    X(HAS_NAMED, "SELECT 1 FROM sqlite_schema WHERE type = ?1 AND name = ?2") \
    X(CHECK_LINKS, "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT 20") \
    X(CHECK_MESSAGES, "SELECT r.name || ', event ' || c.seq FROM" \
                      " (SELECT room, seq FROM messages UNION SELECT room, message FROM reactions" \
                      " UNION SELECT room, message FROM pins) c JOIN rooms r ON r.id = c.room" \
                      " WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.room = c.room" \
                      " AND e.seq = c.seq AND e.kind = 'message') LIMIT 20") \
    X(CHECK_MARKERS, "SELECT k.user || ' in room ' || r.name || ', at event ' || k.seq" \
                     " FROM markers k JOIN rooms r ON r.id = k.room" \
                     " WHERE k.seq > (SELECT max(seq) FROM events WHERE room = k.room) LIMIT 20") \
    X(CHECK_SNAPSHOTS, "SELECT r.name || ', text ' || s.number || ', version ' || s.version" \
                       " FROM snapshots s JOIN rooms r ON r.id = s.room WHERE NOT EXISTS" \
                       " (SELECT 1 FROM events e INDEXED BY events_text WHERE e.room = s.room" \
                       " AND e.number = s.number AND e.version = s.version) LIMIT 20") \
    X(CHECK_EVENTS, "SELECT r.name || ', event ' || e.seq FROM events e JOIN rooms r ON r.id = e.room" \
                    " WHERE json_valid(e.json) AND" \
                    " (e.time, e.kind, e.author, e.client, e.request, e.number, e.version, e.reply) IS NOT" \
                    " (SELECT " SQL_EVENT_VALUES("e.") ") LIMIT 20") \
    /* repairs and imports */ \
    X(IMPORT_EVENT, "INSERT INTO events (room, seq, json, time, kind, author, client, request, number," \
                    " version, reply) SELECT ?1, ?2, json, " SQL_EVENT_VALUES("") \
                    " FROM (SELECT ?3 AS json)") \
    X(SET_PUBLIC, "UPDATE rooms SET is_public = ?2 WHERE id = ?1") \
    X(WIPE_MESSAGES, "DELETE FROM messages WHERE room = ?1") \
    X(WIPE_REACTIONS, "DELETE FROM reactions WHERE room = ?1") \
    X(WIPE_PINS, "DELETE FROM pins WHERE room = ?1") \
    X(PUT_MESSAGE, "INSERT INTO messages (room, seq, text, edited, deleted)" \
                   " VALUES (?1, ?2, nullif(?3, ''), ?4, nullif(?5, ''))") \
    X(WIPE_MEMBERS, "DELETE FROM members WHERE room = ?1") \
    X(MAKE_MARKERS, "INSERT OR IGNORE INTO markers SELECT m.room, m.user, 0, e.seq FROM members m" \
                    " JOIN (SELECT author, max(seq) AS seq FROM events WHERE room = ?1" \
                    "  GROUP BY author) e ON e.author = m.user WHERE m.room = ?1") \
    X(CUT_MARKERS, "UPDATE markers SET seq = (SELECT max(seq) FROM events WHERE room = ?1)" \
                   " WHERE room = ?1 AND seq > (SELECT max(seq) FROM events WHERE room = ?1)") \
    X(WIPE_TASKS, "DELETE FROM tasks WHERE room = ?1") \
    X(WIPE_NOTES, "DELETE FROM notes WHERE room = ?1") \
    X(DROP_SNAPSHOT, "DELETE FROM snapshots WHERE room = ?1 AND number = ?2 AND version = ?3") \
    X(DROP_SNAPSHOTS, "DELETE FROM snapshots WHERE room = ?1 AND NOT EXISTS" \
                      " (SELECT 1 FROM events e INDEXED BY events_text WHERE e.room = ?1" \
                      " AND e.number = snapshots.number AND e.version = snapshots.version)")
/* clang-format on */

enum sql {
#define X(name, text) SQL_##name,
    SQL_LIST(X)
#undef X
        SQL_COUNT
};

/* A file that must stay where it was found. */
struct place {
    char *path;
    uint64_t device, inode; /* inode 0: not seen yet */
};

/* One connection with every statement prepared on it the first time it is wanted. */
struct conn {
    struct sqlite3 *db;
    struct sqlite3_stmt *stmt[SQL_COUNT];
    struct place places[2]; /* CONN_WRITE: the database and its write-ahead log */
    int64_t until; /* by sqlite_clock(): a read that can go on later goes on later then */
};

/* ms, by a clock that nobody sets. */
int64_t sqlite_clock(void);

struct store_sqlite {
    struct store base;
    struct conn writer, reader;
    int64_t behind;  /* writer: how many events with words the index does not have, about */
    bool is_held;    /* the reader is in a transaction that outlives the job */
    int64_t read_ms; /* READ_MS */
};

/* Opens the file that path names, and none that it is a link to; the folder may be behind
 * links. Answers as sqlite3_open_v2(). */
int conn_file(struct conn *c, const char *path, int flags);
/* How a connection is opened: CONN_CHECK sees a file as it is, changes and migrates nothing. */
enum conn_use { CONN_WRITE, CONN_READ, CONN_CHECK };
bool conn_open(struct conn *c, const char *path, enum conn_use use, struct err *e);
/* As CONN_CHECK, with a schema of any version. */
bool conn_open_any(struct conn *c, const char *path, int64_t *version, struct err *e);
void conn_close(struct conn *c);

/* The statement, reset and ready to be bound; NULL when it cannot be prepared (see conn_fail).
 */
struct sqlite3_stmt *conn_sql(struct conn *c, enum sql id);
/* Values to ?at. Strings are borrowed until the statement is stepped for the last time. */
void sql_put(struct sqlite3_stmt *st, int at, struct str s);
void sql_put_int(struct sqlite3_stmt *st, int at, int64_t v);
/* Steps: 1 a row is there, 0 there is none (any more), -1 failed. After 0 and -1 the statement
 * is reset. */
int sql_next(struct sqlite3_stmt *st);
/* Runs a statement that gives no rows. */
bool sql_run(struct sqlite3_stmt *st);
/* For a statement of which the rest is not wanted. */
void sql_end(struct sqlite3_stmt *st);
/* Whether there is one, whatever is in it: 1, 0, or -1 on failure. */
int sql_has_row(struct sqlite3_stmt *st);
/* Column `at` of the row; the string is a copy in the arena. */
struct str sql_str(struct sqlite3_stmt *st, int at, struct arena *a);
/* The same, borrowed until the next step; false for what is no text in valid UTF-8, as in a
 * damaged file. */
bool sql_utf8(struct sqlite3_stmt *st, int at, struct str *out);
int64_t sql_int(struct sqlite3_stmt *st, int at);

/* What the last failure on c was, in words: "DOING: why (the system's words); what to do".
 * False. ERR_STORE_FULL when the disk is full, else ERR_STORE. */
bool conn_fail(struct conn *c, const char *doing, struct err *e);
/* True when the last failure was the fault of the row itself, not of the database. */
bool conn_is_refusal(struct conn *c);
/* False when the database or its log was deleted, moved or replaced under the server: SQLite
 * would go on writing into a file that nobody finds again. Moved back, it is well again. */
bool conn_is_in_place(struct conn *c, struct err *e);
/* Forgets the transaction, if one is open. */
void conn_rollback(struct conn *c);

/* store_sqlite_read.c: struct store's read(). */
void store_sqlite_read(struct store *s, struct store_job *j);
/* store_sqlite_hook.c. The writes of a job that was not refused; false when SQLite failed. What
 * is refused is in j->err. */
bool sqlite_write_hook(struct conn *c, struct store_job *j);
bool sqlite_read_hooks(struct conn *c, struct store_job *j);
/* store_sqlite_text.c: notes and texts of a room that was found. False when SQLite failed; what
 * is refused is in j->err. */
bool sqlite_read_notes(struct conn *c, int64_t room, struct arena *a, struct store_room *out);
bool sqlite_read_texts(struct conn *c, int64_t room, struct arena *a, struct store_room *out);
bool sqlite_read_comments(struct conn *c, int64_t room, struct arena *a,
                          struct store_room *out);
bool sqlite_read_text(struct conn *c, int64_t room, struct store_job *j);
bool sqlite_read_edits(struct conn *c, int64_t room, struct store_job *j);
bool sqlite_read_snapshots(struct conn *c, int64_t room, struct store_job *j);
/* store_sqlite_trim.c: JOB_TRIMMABLE of a room that was found, and EFFECT_TRIM. */
bool sqlite_read_trimmable(struct conn *c, int64_t room, struct store_job *j);
bool sqlite_trim(struct conn *c, int64_t room, struct store_job *j);
/* store_sqlite_chat.c: messages and pins of a room that was found, and what is written of them.
 */
bool sqlite_read_history(struct conn *c, int64_t room, struct store_job *j);
bool sqlite_set_retention(struct conn *c, int64_t room, struct retention k);
bool sqlite_set_trimmed(struct conn *c, int64_t room, int64_t upto);
bool sqlite_read_pins(struct conn *c, int64_t room, struct arena *a, struct store_room *out);
bool sqlite_change_message(struct conn *c, int64_t room, const struct store_append *a);
bool sqlite_add_pin(struct conn *c, int64_t room, const struct store_pin *p);
/* All that became of a message of which no table has anything. */
bool sqlite_put_message(struct conn *c, int64_t room, const struct message_item *m);
/* The number that a statement finds for a card, note or text of the room; false when there is
 * none, or SQLite failed. */
bool sqlite_number_of(struct conn *c, enum sql what, int64_t room, int64_t number,
                      int64_t *out);
/* The newest version of a text, 0 for one that was never edited. */
bool sqlite_text_version(struct conn *c, int64_t room, int64_t number, int64_t *version);

/* store_sqlite_index.c: the index of words. The functions that its statements call. */
bool sqlite_search_functions(struct conn *c);
/* Behind an event that may be found: marks that the index does not have it yet. */
bool sqlite_search_said(struct conn *c, int64_t room, int64_t seq);
/* Before a change of what an event says: keeps what the index has of it. */
bool sqlite_search_keep(struct conn *c, int64_t room, int64_t seq);
/* Puts the card or the note, and does the same before it, if its words change. */
bool sqlite_search_task(struct conn *c, int64_t room, const struct store_task *t);
bool sqlite_search_note(struct conn *c, int64_t room, const struct store_note *n);
bool sqlite_search_edited(struct conn *c, int64_t room, int64_t number);
/* JOB_INDEX, which says in j->work how many events it took; JOB_INDEX_TEXTS. */
bool sqlite_search_index(struct conn *c, struct store_job *j);
bool sqlite_search_index_texts(struct conn *c, struct store_job *j);
bool sqlite_search_remake(struct conn *c);
/* store_sqlite_search.c */
bool sqlite_read_search(struct conn *c, struct store_job *j);
/* store_sqlite_words.c */
/* The first event of the room at that time (ms) or later, newest + 1 for none. */
bool sqlite_seq_at(struct conn *c, int64_t room, int64_t newest, int64_t time, int64_t *seq);
/* Faults of the index: a line for each, as store_sqlite_verify(). */
bool sqlite_search_verify(struct conn *c, struct buf *report, size_t *faults);

/* Writes of the tables beside the log, within a transaction. */
bool sqlite_put_member(struct conn *c, int64_t room, struct str user, enum role role);
/* The same by the event that j appends, with what that does to the person's marker. */
bool sqlite_let_member(struct conn *c, int64_t room, struct str user, enum role role,
                       struct store_job *j);
/* store_sqlite_unread.c: JOB_READ_PUT, and JOB_UNREAD. */
bool sqlite_put_marker(struct conn *c, struct store_job *j);
bool sqlite_read_unread(struct conn *c, struct store_job *j);
bool sqlite_put_task(struct conn *c, int64_t room, const struct store_task *t);
bool sqlite_put_note(struct conn *c, int64_t room, const struct store_note *n);
bool sqlite_add_snapshot(struct conn *c, int64_t room, const struct store_snapshot *s);
bool sqlite_put_column(struct conn *c, int64_t room, size_t place,
                       const struct store_column *col);
bool sqlite_make_user(struct conn *c, const struct store_user *u); /* if there is none */
bool sqlite_add_room(struct conn *c, struct str name, bool is_public, int64_t *room);
bool sqlite_set_topic(struct conn *c, int64_t room, struct str topic);
/* Room 0 when there is none. */
bool sqlite_find_room(struct conn *c, struct str name, int64_t *room, int64_t *newest);

/* A store that can only be read, of a file that is left as it is. */
struct store *store_sqlite_open_check(const char *path, struct err *e);
/* From now on every read sees the database as it is at this moment. */
bool store_sqlite_hold(struct store *s, struct err *e);
/* store_sqlite_verify.c: SQLite's own checks of pages, indexes and references, and what a row
 * can be asked alone: a line for each fault, also for what cannot be looked at. *faults counts
 * them. */
void store_sqlite_verify(struct store *s, struct buf *report, size_t *faults);
/* The first part of it: is the file whole, with all tables and indexes of this version? */
void sqlite_verify_file(struct conn *c, struct buf *report, size_t *faults);

#endif
