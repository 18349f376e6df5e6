/* moot demo: a private server with people on it, and moot on top. */
#include "cli.h"
#include "verbs.h"

bool demo_run(struct cli *c, struct err *e)
{
    (void)c;
    return fail(e, ERR_INTERNAL, "not there yet");
}
