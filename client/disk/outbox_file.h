/* The outbox on disk: a file of JSON Lines for each client id, held by the process that uses
 * it.
 *
 * First record {"client":ID,"server":URL,"user":NAME}, then what the session keeps. The lock
 * (flock) ends with the process, however it ends; a file that has requests or unsaved edits of
 * texts and no holder is somebody's crash, and is adopted by the next process. */
#ifndef MOOT_OUTBOX_FILE_H
#define MOOT_OUTBOX_FILE_H

#include "err.h"

struct outbox_file;

/* Begins a new file in folder dir, which must exist, under that client id, or a new one where
 * it is empty. Fails with ERR_IO in words when that cannot be written. */
struct outbox_file *outbox_new(const char *dir, struct str server, struct str user,
                               struct str client, struct err *e);
/* A file for this server with requests in it that no process holds; NULL when there is none.
 * user: those of another account are let be; empty: anybody's. Files left behind without
 * requests are removed on the way. */
struct outbox_file *outbox_adopt(const char *dir, struct str server, struct str user);
/* Lets the file go; it is removed when nothing waits in it. */
void outbox_close(struct outbox_file *f); /* NULL is fine */

struct str outbox_client(const struct outbox_file *f);
struct str outbox_user(const struct outbox_file *f); /* empty while not known */
const char *outbox_file_path(const struct outbox_file *f);
/* From now on it is this account's. */
void outbox_set_user(struct outbox_file *f, struct str user);

/* Hands over every record that was there when the file was adopted, in order. A record for
 * which `take` returns false, and a torn one at the end, is put aside in a file of the same
 * name with the ending .broken, never deleted. Returns how many were. */
size_t outbox_read(struct outbox_file *f, bool (*take)(void *arg, struct str json), void *arg);

/* Appends a record; on disk when it returns true (sync) or soon (not sync). When it fails the
 * record is held back and written before the next one; see outbox_retry(). */
bool outbox_keep(struct outbox_file *f, struct str json, bool sync, struct err *e);
/* Tries again to write what was held back; true when nothing is. */
bool outbox_retry(struct outbox_file *f, struct err *e);
/* Nothing waits any more: back to the first record. */
void outbox_empty(struct outbox_file *f);

/* For who has to know, after a crash, whether something was kept: sets a mark behind the last
 * record. outbox_was_kept() says whether anything came behind it, also when another process has
 * adopted and sent what was there; false when there is no such mark. Call it before adopting
 * anything oneself. */
bool outbox_mark(struct outbox_file *f, struct err *e);
bool outbox_was_kept(const char *path);
/* The mark goes when the file is closed; this is for one that a crash has left. */
void outbox_forget_mark(const char *path);
/* Is it there, and does a process hold it? One that has not even a first record is gone. */
enum outbox_state { OUTBOX_GONE, OUTBOX_FREE, OUTBOX_HELD };
enum outbox_state outbox_look(const char *path);

/* Appends one line to a file of what the server refused for good, so that a person finds again
 * what was written: {"why":SENTENCE,"request":{…}}. */
bool outbox_put_aside(const char *path, struct str json, struct str why, struct err *e);

#endif
