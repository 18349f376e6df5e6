/* Hooks: which there are. */
#ifndef MOOT_HOOK_H
#define MOOT_HOOK_H

#include "hub_state.h"

/* From the store's list at the start, or one that was just made. */
void hook_load(struct hub *h, const struct store_hook *from);
/* NULL for an id that is not known. */
struct hook *hook_find(const struct hub *h, struct str id);
void hook_forget(struct hub *h, struct hook *k);
void hooks_free(struct hub *h);
static inline bool hook_is_outgoing(const struct hook *k)
{
    return k->row.url.n > 0;
}
/* Is it an address that events may be sent to: http or https, a host, no password in it? */
bool hook_url_fits(struct str url, struct err *e);
/* What others than who set the address are shown of it, in the arena: its host. Many receivers
 * know their senders by a secret in the path or behind it. */
struct str hook_url_shown(struct str url, struct arena *a);
/* Appends names of events, parted by commas, once each name is known to be one. */
bool hook_kinds_fit(struct str kinds, struct buf *out, struct err *e);

#endif
