/* What a program that runs in the background owes to whoever started it: a log that can be read
 * and rotated, and a word when it is ready. */
#ifndef MOOT_SERVICE_H
#define MOOT_SERVICE_H

#include "err.h"
#include "log.h"

/* Lets the log go to the file at path, made with mode 0640 if missing, or to standard error
 * when path is NULL; there, when that is the journal, each line begins with its priority as
 * "<6>" (sd-daemon(3)). May be called again, as after the file was moved away; when that fails
 * the log stays where it is. */
bool service_log_to(struct log *l, const char *path, struct err *e);

/* Tells the service manager, if there is one, as "READY=1" (sd_notify(3)). */
void service_say(const char *state);

#endif
