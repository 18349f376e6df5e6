/* moot doctor: what the terminal, and tmux in between, let through; and the lines of tmux.conf
 * that would help. */
#include "cli.h"
#include "codec.h"
#include "hyperlink.h"
#include "notify_bytes.h"
#include "verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* One thing that was looked at. fix: a line of a config file that would help; empty: none. */
static void report(struct cli *c, const char *what, bool good, const char *words,
                   const char *fix)
{
    struct print *out = &c->out;
    if (out->json) {
        print_fmt(out, "{\"check\":\"%s\",\"ok\":%s,\"text\":", what, good ? "true" : "false");
        codec_quote(&out->bytes, str_of(words));
        print_fmt(out, ",\"fix\":");
        codec_quote(&out->bytes, str_of(fix));
        print_fmt(out, "}\n");
        return;
    }
    print_fmt(out, "%-4s %-14s ", good ? "ok" : "!", what);
    print_text(out, str_of(words), 0);
    print_fmt(out, "\n");
    if (fix[0])
        print_fmt(out, "%20s %s\n", "", fix);
}

static const char *env(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "";
}

/* ---- the terminal ---- */

static void look_at_terminal(struct cli *c)
{
    struct winsize size = {0};
    const char *term = env("TERM"), *ssh = env("SSH_CONNECTION");
    bool dumb = !term[0] || strcmp(term, "dumb") == 0;
    bool is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    report(c, "terminal", !dumb,
           str_fmt(&c->arena, "TERM=%s%s%s", term, ssh[0] ? ", over ssh" : "",
                   env("TMUX")[0]  ? ", in tmux"
                   : env("STY")[0] ? ", in screen"
                                   : "")
               .p,
           dumb ? "TERM=xterm-256color, or what the terminal is" : "");
    report(c, "characters", is_utf8,
           str_fmt(&c->arena, "%s; moot draws with %s", nl_langinfo(CODESET),
                   is_utf8 ? "lines and signs" : "ASCII")
               .p,
           is_utf8 ? "" : "export LC_CTYPE=C.UTF-8");
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
        report(c, "size", size.ws_col >= 80 && size.ws_row >= 24,
               str_fmt(&c->arena, "%dx%d", size.ws_col, size.ws_row).p, "");
}

/* ---- tmux ---- */

/* What a program prints first, without its newline; false when it cannot be asked. */
static bool first_line(const char *const argv[], char *out, size_t size)
{
    int fds[2], status;
    if (pipe2(fds, O_CLOEXEC) < 0)
        return false;
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, STDIN_FILENO);
        dup2(fds[1], STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    close(fds[1]);
    ssize_t n = pid > 0 ? read(fds[0], out, size - 1) : -1;
    close(fds[0]);
    out[n > 0 ? n : 0] = '\0';
    out[strcspn(out, "\n")] = '\0';
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

static const struct {
    const char *flag, *option, *good, *good_too, *why, *fix;
} tmux_options[] = {
    {"-gv", "allow-passthrough", "on", "all", "OSC 9, 777 and 99 reach the terminal",
     "set -g allow-passthrough on"},
    {"-gv", "set-titles", "on", "on", "the count in the window's title is seen",
     "set -g set-titles on"},
    {"-gv", "monitor-bell", "on", "on", "a bell marks the window", "set -g monitor-bell on"},
    {"-gv", "focus-events", "on", "on", "moot knows whether it is looked at",
     "set -g focus-events on"},
    {"-sv", "set-clipboard", "on", "external", "what is copied reaches the clipboard",
     "set -s set-clipboard on"},
    {"-gv", "mouse", "on", "on", "clicks and the wheel reach moot", "set -g mouse on"},
};

/* "3.3a", "next-3.5": is it 3.4 or newer? */
static bool passes_links_on(const char *version)
{
    int major = 0, minor = 0;
    version += strcspn(version, "0123456789");
    return sscanf(version, "%d.%d", &major, &minor) == 2 &&
           (major > 3 || (major == 3 && minor >= 4));
}

/* Links that reach tmux: it drops those that it does not know to be good for its terminal. */
static void look_at_tmux_links(struct cli *c)
{
    static const char *const about[] = {"tmux", "display-message", "-p",
                                        "#{version} #{client_termfeatures}", NULL};
    char value[300];
    if (!first_line(about, value, sizeof value))
        return;
    char *features = value + strcspn(value, " ");
    bool good = strstr(features, "hyperlinks");
    *features = '\0';
    bool could = passes_links_on(value);
    report(c, "tmux", good,
           good    ? "links reach the terminal"
           : could ? "it drops links; with this line the terminal gets them"
                   : str_fmt(&c->arena,
                             "version %s drops links; one from 3.4 on can pass them on", value)
                         .p,
           !good && could ? "set -as terminal-features ',*:hyperlinks'" : "");
}

static void look_at_tmux(struct cli *c)
{
    char value[80];
    for (size_t i = 0; i < COUNT_OF(tmux_options); i++) {
        const char *const argv[] = {"tmux", "show-options", tmux_options[i].flag,
                                    tmux_options[i].option, NULL};
        if (!first_line(argv, value, sizeof value))
            continue; /* a version that has no such option */
        bool good = strcmp(value, tmux_options[i].good) == 0 ||
                    strcmp(value, tmux_options[i].good_too) == 0;
        report(c, "tmux", good,
               str_fmt(&c->arena, "%s %s: %s%s", tmux_options[i].option, value,
                       good ? "" : "with on, ", tmux_options[i].why)
                   .p,
               good ? "" : tmux_options[i].fix);
    }
}

/* One's own tmux stands before ssh and cannot be asked from here. */
static void guess_at_tmux(struct cli *c)
{
    enum notify_between between = notify_between(env("TMUX"), env("STY"), env("TERM"));
    if (!env("SSH_CONNECTION")[0] || env("TMUX")[0] || env("STY")[0])
        return;
    if (between == BETWEEN_TMUX)
        report(c, "tmux", true,
               "at the near end of ssh, by TERM; moot doctor says over there what helps", "");
    else if (between == BETWEEN_SCREEN)
        report(c, "screen", true,
               "at the near end of ssh, by TERM; if it is a tmux, its tmux.conf should say so",
               "set -g default-terminal tmux-256color");
}

/* ---- links ---- */

/* Does moot send any? Says so. */
static bool look_at_links(struct cli *c)
{
    struct hyperlink_case about = {.is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
                                   .is_ascii = c->options.moot.ascii,
                                   .term = env("TERM"),
                                   .colorterm = env("COLORTERM"),
                                   .vte_version = env("VTE_VERSION"),
                                   .tmux = env("TMUX"),
                                   .sty = env("STY")};
    struct err e = {0};
    bool ok = hyperlinks_from_name(str_of(c->options.moot.hyperlinks), &about.wanted, &e);
    const char *obstacle = ok ? hyperlink_obstacle(&about, &c->arena) : e.text;
    report(c, "links", ok,
           !ok        ? obstacle
           : obstacle ? str_fmt(&c->arena, "not sent to the terminal: %s", obstacle).p
                      : "sent to the terminal (OSC 8), which may open them",
           "");
    return !obstacle;
}

/* ---- trying ---- */

static void pause_for(long ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    while (nanosleep(&t, &t) < 0 && errno == EINTR)
        ;
}

/* One way after the other, each announced, so that the person sees which of them arrive. */
static void try_ways(struct cli *c)
{
    static const struct {
        enum notify_way way;
        const char *name;
    } ways[] = {{BY_BELL, "bell"},
                {BY_OSC9, "osc9"},
                {BY_OSC777, "osc777"},
                {BY_OSC99, "osc99"},
                {BY_TITLE, "title"}};
    print_fmt(&c->out, "\nTrying each way; those that you notice are good for notify-by:\n");
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        struct buf bytes = {0};
        print_fmt(&c->out, "  %s\n", ways[i].name);
        print_flush(&c->out);
        notify_bytes(&bytes, ways[i].way, notify_between(env("TMUX"), env("STY"), env("TERM")),
                     STR("moot"), str_of(ways[i].name));
        if (ways[i].way == BY_TITLE) /* the old one is kept, and put back below */
            buf_fmt(&bytes, "\033[22;0t\033]2;moot: %s\a", ways[i].name);
        buf_add_str(&c->out.bytes, buf_str(&bytes));
        print_flush(&c->out);
        buf_finish(&bytes);
        pause_for(1500);
    }
    print_fmt(&c->out, "\033[23;0t");
}

/* ---- the server ---- */

static void look_at_server(struct cli *c)
{
    struct err e = {0};
    bool ok = cli_connect(c, &e);
    report(c, "server", ok,
           ok ? str_fmt(&c->arena, "%s, signed in as %s", c->options.moot.server,
                        conversation_session(c->talk)->user)
                    .p
              : e.text,
           "");
}

bool doctor_run(struct cli *c, struct err *e)
{
    (void)e;
    setlocale(LC_CTYPE, "");
    look_at_terminal(c);
    bool sends_links = look_at_links(c);
    if (env("TMUX")[0])
        look_at_tmux(c);
    if (env("TMUX")[0] && sends_links)
        look_at_tmux_links(c);
    guess_at_tmux(c);
    print_flush(&c->out); /* what is known is shown while a server is waited for */
    look_at_server(c);
    if (!c->out.json && isatty(STDOUT_FILENO))
        try_ways(c);
    return true;
}
