/* One field of one message: where it lies, and whether its value may stand there. For the
 * codec, msg_check() and --json. */
#ifndef MOOT_FIELD_H
#define MOOT_FIELD_H

#include "msg.h"

/* Where a value stands, for the words of an error. */
struct place {
    const char *type; /* message */
    const char *list; /* the list that the item is in, or NULL */
    size_t index;     /* of the item */
    const char *field;
};

/* "message.post: text", "hello: rooms[3].since". */
struct place_name {
    char text[128];
};
struct place_name place_name(const struct place *at);

/* What the offsets of head and shape count from. */
static inline void *msg_body(const struct msg *m)
{
    return (char *)(uintptr_t)m + offsetof(struct msg, request);
}

static inline const void *field_in(const struct field *f, const void *base)
{
    return (const char *)base + f->offset;
}

/* The value of an int, bool or enum field. */
int64_t field_number(const struct field *f, const void *base);
void field_set_number(const struct field *f, void *base, int64_t v);
struct str field_str(const struct field *f, const void *base);
void field_set_str(const struct field *f, void *base, struct str s);
struct list field_list(const struct field *f, const void *base);
void field_set_list(const struct field *f, void *base, struct list l);

/* True when the value is what a message without the field has. */
bool field_is_fallback(const struct field *f, const void *base);
/* True when an encoder leaves the field out. */
bool field_is_left_out(const struct field *f, const void *base);

/* Bounds and rules of one value; the items of a list are for the caller. */
bool field_check(const struct field *f, const void *base, const struct place *at,
                 struct err *e);
/* Just the count of a list's items. */
bool field_check_count(const struct field *f, size_t n, const struct place *at, struct err *e);

/* Refuses another version than ours. */
bool version_check(const char *type, int64_t version, struct err *e);

#endif
