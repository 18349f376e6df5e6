/* Texts in the simulator. What people type are code points that nobody else types, so that each
 * can be looked for. */
#ifndef MOOT_SIM_TEXT_H
#define MOOT_SIM_TEXT_H

#include "sim_actor.h"

enum { TOKEN_FIRST = 0xf0000, TYPED_MAX = 60000 };

struct token {
    int client; /* who typed it */
    char room[ROOM_NAME_MAX + 1];
    bool is_touched; /* somebody deleted it, or brought it back */
    bool is_aside;   /* the server did not take it, and it is on disk for the person */
    bool is_told;    /* and the person was told */
    bool is_twice;   /* sent twice without need, as no session of ours does */
    bool may_lack;   /* a crash took it before anybody but its author had seen it */
    int mark;        /* of whoever counts something */
    int found;       /* in the texts at the end */
    int logged;      /* insertions in the log */
};

struct tokens;
struct tokens *tokens_new(void);
void tokens_free(struct tokens *t);
struct token *token_of(struct tokens *t, uint32_t cp); /* NULL: none that was typed */
/* Calls each for every one in the bytes. */
void tokens_in(struct tokens *t, struct str bytes, void (*each)(struct token *k, void *arg),
               void *arg);

/* Does something with notes and texts. */
void actor_write(struct actor *c, const struct replica *r);
/* Opens all texts of the room, and those that are open are left so. */
void actor_open_texts(struct actor *c);
/* Its memory ends: what of it is nowhere else may be gone. Called when its disk is what it will
 * be afterwards, and the session is still there. */
void actor_forget_texts(struct actor *c);
void actor_put_text_aside(struct actor *c, struct str json);
void actor_sends_twice(struct actor *c, struct str json);
void actor_told_aside(struct actor *c, struct str op);
void actor_check_texts(struct actor *c);
/* What the log makes of the room's texts. */
struct text_truth;
struct text_truth *truth_of(struct sim *s, const struct room_log *log);
void truth_free(struct text_truth *t);
void actor_compare_texts(struct actor *c, const struct text_truth *t);
/* Every token of this room is where it has to be. */
void truth_check(struct sim *s, const struct text_truth *t);
void tokens_check(struct sim *s);

#endif
