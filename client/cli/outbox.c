/* moot outbox: what the screen has entered and the server has not yet stored. */
#include "cli.h"
#include "verbs.h"

bool outbox_list_run(struct cli *c, struct err *e)
{
    (void)c;
    return fail(e, ERR_INTERNAL, "not there yet");
}

bool outbox_send_run(struct cli *c, struct err *e)
{
    (void)c;
    return fail(e, ERR_INTERNAL, "not there yet");
}

bool outbox_drop_run(struct cli *c, struct err *e)
{
    (void)c;
    return fail(e, ERR_INTERNAL, "not there yet");
}
