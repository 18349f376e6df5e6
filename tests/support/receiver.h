/* A receiver of outgoing hooks: an HTTP server on a free port of 127.0.0.1, in a thread, that
 * keeps what it is sent and answers as it is told. */
#ifndef MOOT_TEST_RECEIVER_H
#define MOOT_TEST_RECEIVER_H

#include "str.h"

struct receiver;
struct receiver *receiver_start(void);
void receiver_stop(struct receiver *r);
int receiver_port(const struct receiver *r);
/* What every request is answered with from now on; 0: it hangs up without a word. 200 at
 * first. */
void receiver_answers(struct receiver *r, int status);
/* True once n requests have come altogether. */
bool receiver_await(struct receiver *r, size_t n, int ms);
size_t receiver_count(struct receiver *r);
/* Request i as a copy: its head with the empty line, and the body behind it. The caller frees
 * both. */
void receiver_request(struct receiver *r, size_t i, char **head, char **body);
/* The value of a header, or NULL; the caller frees it. */
char *receiver_header(const char *head, const char *name);

#endif
