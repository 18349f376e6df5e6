#ifndef MOOT_TEST_REPLICA_KIT_H
#define MOOT_TEST_REPLICA_KIT_H

#include "replica.h"

#define OWN STR("ownclient")

/* A room as ana knows it, and the server's numbering. */
struct fixture {
    struct replica *r;
    int64_t seq, id;
};

int set_up(void **state);
int tear_down(void **state);
bool apply(struct fixture *f, struct msg *m, struct err *e);
void must_apply(struct fixture *f, struct msg *m);
/* Own ones carry the id that they answer. */
struct msg event(struct fixture *f, enum msg_type type, int64_t own_id);
void created(struct fixture *f);
void added(struct fixture *f, int64_t number, const char *title, const char *key,
           int64_t own_id);
void said(struct fixture *f, const char *text, int64_t own_id);
struct msg request(struct fixture *f, enum msg_type type);
int64_t ask(struct fixture *f, struct msg *m);
int64_t ask_add(struct fixture *f, const char *title, int64_t after);
int64_t ask_edit(struct fixture *f, int64_t task, const char *title);
int64_t ask_move(struct fixture *f, int64_t task, const char *column, int64_t after);
int64_t ask_archive(struct fixture *f, int64_t task);
/* Titles of a column, joined by blanks. */
const char *column(const struct fixture *f, int i);

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
