#include "link_slots.h"

#include "hyperlink.h"

void link_slots_finish(struct link_slots *s)
{
    for (size_t i = 0; i < LINK_SLOTS; i++)
        buf_finish(&s->v[i].address);
    buf_finish(&s->scratch);
    *s = (struct link_slots){0};
}

void link_slots_next(struct link_slots *s)
{
    for (size_t i = 0; i < LINK_SLOTS; i++) {
        s->v[i].was = s->v[i].is;
        s->v[i].is = false;
    }
}

/* Where the address is, or else may go; NULL: nowhere. */
static struct link_slot *find(struct link_slots *s, struct str address)
{
    struct link_slot *free_one = NULL;
    for (size_t i = 0; i < LINK_SLOTS; i++) {
        struct link_slot *slot = &s->v[i];
        if (str_eq(buf_str(&slot->address), address))
            return slot;
        if (!free_one && !slot->was && !slot->is)
            free_one = slot;
    }
    return free_one;
}

int link_slots_take(struct link_slots *s, struct str address)
{
    buf_clear(&s->scratch);
    if (!hyperlink_address(address, &s->scratch))
        return 0;
    struct str wanted = buf_str(&s->scratch);
    struct link_slot *slot = find(s, wanted);
    if (!slot)
        return 0;
    if (!str_eq(buf_str(&slot->address), wanted)) {
        buf_clear(&slot->address);
        buf_add_str(&slot->address, wanted);
    }
    slot->is = true;
    return (int)(slot - s->v) + 1;
}

struct str link_slots_address(const struct link_slots *s, int slot)
{
    return slot >= 1 && slot <= LINK_SLOTS ? buf_str(&s->v[slot - 1].address) : (struct str){0};
}
