/* What the outermost terminal gets of a screen that runs in tmux, over ssh: the bytes that
 * ring, recorded there. */
#include "screens.h"
#include "ssh_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The lines of a tmux.conf as `moot doctor` asks for them, one by one. */
#define PASSTHROUGH "set -g allow-passthrough on\n"
#define TITLES "set -g set-titles on\nset -g set-titles-string '#T'\n"
#define FOCUS "set -g focus-events on\n"

struct outermost {
    struct world *w;
    struct sshd sshd;
};

static int set_up(void **state)
{
    struct outermost *o = calloc(1, sizeof *o);
    void *world = NULL;
    if (!o || world_set_up(&world) != 0)
        return -1;
    o->w = world;
    sshd_make(&o->sshd, o->w->rig.dir, &o->w->rig.env);
    sshd_up(&o->sshd);
    *state = o;
    return 0;
}

static int tear_down(void **state)
{
    struct outermost *o = *state;
    void *world = o->w;
    char socket[100];
    struct run r;
    snprintf(socket, sizeof socket, "%s/tmux", o->w->rig.dir);
    const char *const argv[] = {"/usr/bin/tmux", "-S", socket, "kill-server", NULL};
    if (run_program(&r, argv, o->w->me.env.v, NULL, SOON))
        run_finish(&r);
    sshd_down(&o->sshd);
    free(o);
    return world_tear_down(&world);
}

/* A script that is ana's, whatever environment sshd and tmux give it. */
static void write_script(const struct outermost *o, const char *moot_words)
{
    char text[8000];
    size_t n = (size_t)snprintf(text, sizeof text, "#!/bin/sh\n");
    for (size_t i = 0; i < o->w->ana.env.n && n < sizeof text; i++)
        if (strncmp(o->w->ana.env.v[i], "TERM=", 5) != 0)
            n += (size_t)snprintf(text + n, sizeof text - n, "export '%s'\n",
                                  o->w->ana.env.v[i]);
    assert_true(n < sizeof text);
    put_file(o->w->rig.dir, "inside", 0700, "%s'%s' %s\n", text, rig_moot, moot_words);
}

/* ana's words of moot, in a tmux with that config, at the far end of ssh. */
static struct screen *through_ssh_and_tmux(struct outermost *o, const char *tmux_conf,
                                           const char *moot_words)
{
    const char *dir = o->w->rig.dir;
    char ssh[100], command[300];
    write_script(o, moot_words);
    put_file(dir, "tmux.conf", 0600, "%s", tmux_conf);
    snprintf(ssh, sizeof ssh, "%s/bin/ssh", dir);
    snprintf(command, sizeof command,
             "exec tmux -u -S %s/tmux -f %s/tmux.conf new-session %s/inside", dir, dir, dir);
    const char *const argv[] = {ssh, "-o", "ControlPath=none", "-tt", "box", command, NULL};
    o->w->hers = screen_start(argv, o->w->me.env.v, 24, 80);
    assert_non_null(o->w->hers);
    return o->w->hers;
}

/* The usual thing: one's own tmux, and in it ssh to the machine where moot is. */
static struct screen *through_tmux_and_ssh(struct outermost *o, const char *moot_words)
{
    const char *dir = o->w->rig.dir;
    char command[200], socket[100], conf[100];
    write_script(o, moot_words);
    put_file(dir, "tmux.conf", 0600, "%s", PASSTHROUGH);
    snprintf(socket, sizeof socket, "%s/tmux", dir);
    snprintf(conf, sizeof conf, "%s/tmux.conf", dir);
    snprintf(command, sizeof command, "%s/bin/ssh -o ControlPath=none -t box %s/inside", dir,
             dir);
    const char *const argv[] = {"/usr/bin/tmux", "-u",    "-S", socket, "-f", conf,
                                "new-session",   command, NULL};
    o->w->hers = screen_start(argv, o->w->me.env.v, 24, 80);
    assert_non_null(o->w->hers);
    return o->w->hers;
}

/* In #lobby, while #ops is a room of hers where I talk. */
static struct screen *chat(struct outermost *o, const char *tmux_conf, const char *notify_by)
{
    char words[200];
    struct run r =
        moot_says(&o->w->me, NULL, (const char *const[]){"room", "create", "#ops", NULL});
    run_finish(&r);
    r = moot_says(&o->w->ana, NULL, (const char *const[]){"room", "join", "#ops", NULL});
    run_finish(&r);
    snprintf(words, sizeof words, "--room '#lobby' --notify-by %s", notify_by);
    struct screen *s = through_ssh_and_tmux(o, tmux_conf, words);
    assert_true(screen_wait(s, "online", SOON));
    assert_true(screen_wait(s, "Todo", SOON));
    assert_true(screen_wait(s, "#ops", SOON));
    return s;
}

static void mention(struct outermost *o, const char *room, const char *text)
{
    struct run r = moot_says(&o->w->me, NULL, (const char *const[]){"send", room, text, NULL});
    run_finish(&r);
}

static bool was_written(struct screen *s, void *bytes)
{
    return s->raw && memmem(s->raw, s->raw_n, bytes, strlen(bytes)) != NULL;
}

static void receives(struct screen *s, const char *bytes)
{
    assert_true(screen_wait_until(s, was_written, (void *)bytes, bytes, SOON));
}

static bool has_rung(struct screen *s, void *bells)
{
    return s->bells > *(int *)bells;
}

static void each_way_arrives_whole(void **state)
{
    static const char *const heads[] = {"\033]9;#ops: ", "\033]777;notify;#ops;",
                                        "\033]99;;#ops: "};
    struct outermost *o = *state;
    const char *me = getpwuid(geteuid())->pw_name;
    struct screen *s = chat(o, PASSTHROUGH, "osc9,osc777,osc99,bell");
    int bells = s->bells;
    mention(o, "#ops", "@ana: look");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        char bytes[200];
        snprintf(bytes, sizeof bytes, "%s%s mentioned you in #ops: @ana: look\a", heads[i], me);
        receives(s, bytes);
    }
    assert_true(screen_wait_until(s, has_rung, &bells, "a bell", SOON));
}

static void the_title_goes_through_with_set_titles(void **state)
{
    struct outermost *o = *state;
    struct screen *s = chat(o, TITLES, "title");
    receives(s, "moot #lobby\a");
    mention(o, "#ops", "@ana: look");
    receives(s, "moot #lobby (1)\a");
}

static void what_is_looked_at_through_tmux_is_quiet(void **state)
{
    struct outermost *o = *state;
    struct screen *s = chat(o, PASSTHROUGH FOCUS, "osc9");
    mention(o, "#lobby", "@ana: seen");
    assert_true(screen_wait(s, "@ana: seen", SOON));
    screen_type(s, "\033[O"); /* the terminal's window has lost the keyboard */
    mention(o, "#lobby", "@ana: not seen");
    receives(s, "mentioned you in #lobby: @ana: not seen\a");
    assert_true(screen_wait(s, "@ana: not seen", SOON));
    assert_null(strstr(s->raw, "mentioned you in #lobby: @ana: seen\a"));
}

/* Without the line nothing but the bell arrives, and moot says which line it is. */
static void the_doctor_names_the_lines_that_are_missing(void **state)
{
    struct outermost *o = *state;
    struct screen *s = chat(o, "", "osc9,bell");
    int bells = s->bells;
    mention(o, "#ops", "@ana: look");
    assert_true(screen_wait_until(s, has_rung, &bells, "a bell", SOON));
    assert_null(strstr(s->raw, "\033]9;"));
    quit(s);
    screens_close(o->w);
    s = through_ssh_and_tmux(o, "", "doctor");
    assert_true(screen_wait(s, "over ssh, in tmux", SOON));
    assert_true(screen_wait(s, "set -g allow-passthrough on", SOON));
    assert_true(screen_wait(s, "set -g set-titles on", SOON));
    assert_true(screen_wait(s, "set -g focus-events on", SOON));
    assert_true(screen_wait(s, "sent to the terminal (OSC 8)", SOON));
    assert_true(screen_wait(s, "drops links", SOON));
}

static void the_doctor_tries_each_way_through_both(void **state)
{
    struct outermost *o = *state;
    struct screen *s = through_ssh_and_tmux(o, PASSTHROUGH TITLES, "doctor");
    receives(s, "\033]9;moot: osc9\a");
    receives(s, "\033]777;notify;moot;osc777\a");
    receives(s, "\033]99;;moot: osc99\a");
    receives(s, "moot: title\a");
    assert_null(strstr(s->raw, "set -g allow-passthrough on"));
    assert_null(strstr(s->raw, "set -g set-titles on"));
}

static void ssh_within_tmux_is_known_by_the_terminal(void **state)
{
    struct outermost *o = *state;
    struct screen *s = through_tmux_and_ssh(o, "doctor");
    assert_true(screen_wait(s, "at the near end of ssh", SOON));
    receives(s, "\033]9;moot: osc9\a");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_way_arrives_whole),
        TEST(the_title_goes_through_with_set_titles),
        TEST(what_is_looked_at_through_tmux_is_quiet),
        TEST(the_doctor_names_the_lines_that_are_missing),
        TEST(the_doctor_tries_each_way_through_both),
        TEST(ssh_within_tmux_is_known_by_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
