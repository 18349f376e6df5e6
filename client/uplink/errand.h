/* Sends what a crashed process left in its outbox: a short session of its own under the client
 * id of that process. */
#ifndef MOOT_ERRAND_H
#define MOOT_ERRAND_H

#include "client_net.h"

struct errand;
struct outbox_file;

/* Who hears of what the server does not want, with its reason, once it is in the file for that.
 */
struct errand_listener {
    void (*refused)(void *arg, struct str why); /* NULL: nobody */
    void *arg;
};

/* Takes the file. refused: path of the file for what the server does not want. */
struct errand *errand_new(struct net *n, struct outbox_file *f, const struct url *url,
                          struct str token, const char *ca_file, const char *refused,
                          struct errand_listener l);
void errand_free(struct errand *t); /* NULL is fine */
void errand_tick(struct errand *t, int64_t now);
int64_t errand_next_tick(const struct errand *t, int64_t now);
/* All is sent, or it is no use to go on; then the file keeps what is not. */
bool errand_is_done(const struct errand *t);
bool errand_has_sent_all(const struct errand *t);

#endif
