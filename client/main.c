/* moot: a verb of the command line, or the screen. */
#include "cli.h"
#include "screen_main.h"
#include "token_file.h"

#include <signal.h>

static int open_screen(struct cli *c)
{
    const struct moot_options *o = &c->options.moot;
    struct buf token = {0};
    struct str room = {0};
    struct err e = {0};
    if (!token_find(o, &token, &e) || (o->room && !cli_room(c, str_of(o->room), &room, &e))) {
        buf_finish(&token);
        return cli_complain(&e);
    }
    int status = screen_run(&(struct screen_opts){
        .server = o->server,
        .room = room.n ? room.p : NULL,
        .token = buf_str(&token),
        .ca_file = o->ca_file,
        .light = str_is(str_of(o->theme), "light"),
        .ascii = o->ascii,
        .color = o->color,
        .send_typing = o->send_typing,
        .show_typing = o->show_typing,
        .idle_ms = o->idle,
    });
    buf_finish(&token);
    return status;
}

int main(int argc, char **argv)
{
    struct cli c;
    int status = 0;
    signal(SIGPIPE, SIG_IGN); /* a reader that leaves is told by write(2) */
    if (cli_read(&c, argc, argv, &status))
        status = c.verb ? cli_run(&c) : open_screen(&c);
    cli_finish(&c);
    return status;
}
