/* A server's Unix socket brought here by ssh: one process of ssh(1), that of the person, with
 * its config, agent, jump hosts and known hosts, forwards a socket in a folder of ours to the
 * socket over there. Nothing of ssh is done by us: what it asks, it asks on the terminal, and
 * what it says is handed on in its own words. */
#ifndef MOOT_TUNNEL_H
#define MOOT_TUNNEL_H

#include "client_net.h"

struct tunnel;

enum tunnel_state {
    TUNNEL_DOWN,
    TUNNEL_STARTING,
    TUNNEL_UP, /* tunnel_socket() can be connected to; whether somebody answers there is not
                  known */
};

/* u is an address of kind URL_SSH. Starts nothing. */
struct tunnel *tunnel_new(struct net *n, const struct url *u);
void tunnel_free(struct tunnel *t); /* NULL is fine; ends ssh */

enum tunnel_state tunnel_state(const struct tunnel *t);
const char *tunnel_socket(const struct tunnel *t);
bool tunnel_is_for(const struct tunnel *t, const struct url *u);

/* Starts ssh if it is down. may_ask: it may ask questions on the terminal, and its remarks go
 * to standard error as they come; otherwise it fails where it would have to ask.
 * ERR_UNREACHABLE when it cannot be started. changed(arg) is called, from net_turn(), whenever
 * the state is another one. */
bool tunnel_start(struct tunnel *t, bool may_ask, struct err *e);
void tunnel_tell(struct tunnel *t, void (*changed)(void *arg), void *arg);
/* Ends ssh, as when nothing comes through any more. */
void tunnel_stop(struct tunnel *t);
/* Why it is down, or what ssh said last of the way through it: its last words. */
void tunnel_why(const struct tunnel *t, struct err *e);

#endif
