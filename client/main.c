/* moot: a verb of the command line, or the screen. */
#include "cli.h"
#include "linear_main.h"
#include "screen_main.h"
#include "term.h"
#include "tour.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_rules(const struct moot_options *o, struct shell_opts *out, struct err *e)
{
    const char *words = o->keywords ? o->keywords : "";
    snprintf(out->rules.keywords, sizeof out->rules.keywords, "%s", words);
    out->notify_command = o->notify_command;
    bool ok = notify_level_from_name(str_of(o->notify), false, &out->rules.level, e) &&
              notify_hours(str_of(o->quiet_hours ? o->quiet_hours : ""), &out->rules, e) &&
              notify_ways(str_of(o->notify_by), &out->notify_by, e) &&
              mark_read_from_name(str_of(o->mark_read), &out->mark_read, e) &&
              hyperlinks_from_name(str_of(o->hyperlinks), &out->hyperlinks, e);
    out->rules.counts = out->notify_by & BY_TITLE;
    return ok;
}

/* moot demo hands its screen a pipe this way, and to nothing else: what we start does not get
 * it.
 */
static int tour_pipe(void)
{
    int64_t fd;
    struct stat st;
    const char *value = getenv(TOUR_VARIABLE);
    if (!value || !str_int(str_of(value), STDERR_FILENO + 1, INT16_MAX, &fd) ||
        fstat((int)fd, &st) < 0 || !S_ISFIFO(st.st_mode))
        return -1;
    unsetenv(TOUR_VARIABLE);
    fcntl((int)fd, F_SETFD, FD_CLOEXEC);
    return (int)fd;
}

/* As asked for, or where there is a terminal on which a screen cannot be. */
static bool is_linear(const struct moot_options *o)
{
    return o->linear || (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !term_moves_cursor());
}

static int open_screen(struct cli *c)
{
    const struct moot_options *o = &c->options.moot;
    struct str room = {0};
    struct err e = {0};
    struct shell_opts opts = {0};
    if (!read_rules(o, &opts, &e) || (o->room && !cli_room(c, str_of(o->room), &room, &e)))
        return cli_complain(&e);
    opts.server = o->server;
    opts.room = room.n ? room.p : NULL;
    opts.sign_in = o;
    opts.ca_file = o->ca_file;
    opts.open = o->open;
    opts.tour_fd = tour_pipe();
    opts.light = str_is(str_of(o->theme), "light");
    opts.ascii = o->ascii;
    opts.color = o->color;
    opts.send_typing = o->send_typing;
    opts.show_typing = o->show_typing;
    opts.idle_ms = o->idle;
    return is_linear(o) ? linear_run(&opts) : screen_run(&opts);
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
