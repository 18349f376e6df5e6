/* moot: a verb of the command line, or the screen. */
#include "cli.h"

#include <signal.h>

int main(int argc, char **argv)
{
    struct cli c;
    int status = 0;
    signal(SIGPIPE, SIG_IGN); /* a reader that leaves is told by write(2) */
    if (cli_read(&c, argc, argv, &status))
        status = c.verb ? cli_run(&c) : 2;
    cli_finish(&c);
    return status;
}
