/* A question that is put to the person: a few rows to read, and what can be done about it, each
 * an action with its keys. A part of the screen: it knows no model and no colours. */
#ifndef MOOT_DIALOG_H
#define MOOT_DIALOG_H

#include "action.h"
#include "form.h"

enum { DIALOG_CHOICES_MAX = 6 };

struct dialog_choice {
    enum action_id action;
    const char *label;
};

/* Zeroed is closed. */
struct dialog {
    bool is_open;
    struct str title;
    struct form body; /* its rows cannot be selected */
    struct dialog_choice choices[DIALOG_CHOICES_MAX];
    size_t n, at;
};

/* Opens it, empty; what was there is forgotten. */
void dialog_open(struct dialog *d, struct str title);
void dialog_close(struct dialog *d);
/* The first choice is the one that Enter means at the beginning. */
void dialog_offer(struct dialog *d, enum action_id action, const char *label);
void dialog_step(struct dialog *d, int by); /* round and round */
bool dialog_offers(const struct dialog *d, enum action_id action);
/* What Enter means; ACTION_NONE when it is closed or offers nothing. */
enum action_id dialog_chosen(const struct dialog *d);

#endif
