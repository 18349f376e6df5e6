/* Inside of the store without a disk. */
#ifndef MOOT_STORE_MEM_H
#define MOOT_STORE_MEM_H

#include "store.h"

#include <pthread.h>

/* The default hash falls through its cases without saying so, which clang minds. */
#undef HASH_FUNCTION
#define HASH_FUNCTION HASH_FNV
#include <uthash.h>

/* Version v was made by the event with number edits.v[v - 1] in the room's log. */
struct mem_text {
    int64_t number;
    VEC(int64_t) edits;
    VEC(struct store_snapshot) snapshots; /* by version */
};

/* What became of a message that was changed, as it is now. */
struct mem_said {
    int64_t seq, edited;
    struct str text, deleted;
    VEC(struct reaction_item) reactions;
};

/* A room's log is the appends themselves, event seq at log.v[seq - 1]. */
struct mem_room {
    struct str name;
    bool is_public;
    struct str topic;
    struct retention keep;
    int64_t trimmed;
    VEC(struct store_append) log;
    VEC(struct store_member) members;
    VEC(struct store_member) left; /* who were members, with their markers */
    VEC(struct store_column) columns;
    VEC(struct store_task) tasks; /* these three by number */
    VEC(struct store_note) notes;
    VEC(struct mem_text) texts;
    VEC(struct mem_said) said; /* these two by message */
    VEC(struct store_pin) pins;
    int64_t next_number;
    UT_hash_handle hh;
};

/* What one client of one person has had committed. */
struct mem_done {
    int64_t id, seq, number;
    struct str room;
};
struct mem_client {
    struct str key; /* author, NUL, client */
    int64_t newest;
    VEC(struct mem_done) done;
    UT_hash_handle hh;
};

struct mem {
    struct store base;
    pthread_mutex_t lock; /* write() and read() may come from two threads */
    struct arena arena;   /* every string in here */
    struct mem_room *rooms;
    struct mem_client *clients;
    VEC(struct store_user) users;
    VEC(struct store_token) tokens;
    VEC(struct store_hook) hooks;
    VEC(struct minute_item) minutes;
    VEC(struct store_audit) audits; /* by number, from 1 */
    enum err_code broken;
};

/* NULL when there is none. */
struct mem_room *mem_room_find(const struct mem *m, struct str name);
struct mem_text *mem_text_find(const struct mem_room *r, int64_t number);
/* Its place, or that of the first behind it. */
size_t mem_text_place(const struct mem_room *r, int64_t number);
struct mem_client *mem_client_find(const struct mem *m, struct str author, struct str client);
const struct mem_done *mem_done_find(const struct mem_client *c, int64_t id);
/* Fills in that the job's request was committed before; false when d is NULL. */
bool mem_answer(struct store_job *j, const struct mem_done *d);

/* store_mem_chat.c */
void mem_change_message(struct mem *m, struct mem_room *r, const struct store_append *a);
void mem_read_history(const struct mem_room *r, struct store_job *j);
void mem_read_pins(const struct mem_room *r, struct arena *a, struct store_room *out);
void mem_read_comments(const struct mem_room *r, struct arena *a, struct store_room *out);
void mem_trim(struct mem *m, struct mem_room *r, int64_t above, int64_t upto);
void mem_read_trimmable(const struct mem *m, struct store_job *j);
bool mem_is_deleted(const struct mem_room *r, int64_t message);
void mem_read_unread(const struct mem *m, struct store_job *j);
void mem_forget_said(struct mem_room *r);

/* store_mem_search.c */
void mem_read_search(const struct mem *m, struct store_job *j);
/* What became of message m, into it; the bytes that this adds. */
size_t mem_add_changes(const struct mem_room *r, struct arena *a, struct message_item *m);
/* JOB_TEXT; t may be NULL. */
void mem_read_text(const struct mem_room *r, const struct mem_text *t, struct store_job *j);

/* struct store's read(), in store_mem_read.c. */
void mem_read(struct store *s, struct store_job *j);

#endif
