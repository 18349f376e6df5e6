/* moot demo: a private server with people on it, and moot on top, which gives the tour. The
 * server, the teammates, the way between moot and the server, and the folder end with the moot
 * that was opened, however that ends. */
#include "demo_crowd.h"
#include "demo_stage.h"
#include "demo_team.h"
#include "verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CUES_MAX = 4096 }; /* bytes at once, and of a line */

/* One of the tour's people. */
struct member {
    pid_t pid;
    int cues; /* we write */
    struct buf token;
};

struct demo {
    struct stage stage;
    struct str way; /* to the server, for the client: a path; it can be cut */
    pid_t relay, client;
    struct member team[TOUR_PEOPLE];
    struct buf me; /* what the server calls us */
    int cues[2];   /* a pipe from the client; -1: no tour */
    struct buf in; /* of it: what is no whole line yet */
    int64_t run;   /* of the newest cue */
};

/* ---- the people ---- */

static int play(const struct demo *d, int who, int cues)
{
    struct err bad;
    struct demo_part part = {.who = (enum tour_who)who,
                             .url = d->stage.url.p,
                             .token = buf_str(&d->team[who].token),
                             .me = buf_str(&d->me),
                             .cues = cues,
                             .timeout = d->stage.c->options.moot.timeout};
    return demo_play(&part, &bad) ? 0 : 1;
}

static bool start_member(struct demo *d, int who, struct err *e)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return fail(e, ERR_IO, "pipe: %s", strerror(errno));
    struct member *m = &d->team[who];
    m->pid = stage_fork(&d->stage, true);
    if (m->pid == 0)
        _exit(play(d, who, ends[0]));
    close(ends[0]);
    m->cues = ends[1];
    return m->pid > 0 || fail(e, ERR_IO, "fork: %s", strerror(errno));
}

static bool start_relay(struct demo *d, struct err *e)
{
    return stage_relay(&d->stage, d->way.p, &d->relay, e);
}

/* The people of the tour, and what it takes to be led through it. */
static bool start_tour(struct demo *d, struct err *e)
{
    bool ok = start_relay(d, e);
    for (int i = 1; ok && i < TOUR_PEOPLE; i++)
        ok = start_member(d, i, e);
    if (ok && pipe2(d->cues, O_CLOEXEC) < 0)
        ok = fail(e, ERR_IO, "pipe: %s", strerror(errno));
    return ok;
}

/* The link of the client, and of nobody else. */
static void cut(struct demo *d)
{
    if (d->relay <= 0)
        return;
    kill(d->relay, SIGKILL);
    waitpid(d->relay, NULL, 0);
    d->relay = 0;
}

static void mend(struct demo *d)
{
    struct err passed;
    if (d->relay == 0)
        start_relay(d, &passed);
}

/* What concerns the link is ours; the people find out by themselves what is theirs. */
static void take_cue(struct demo *d, struct str line)
{
    struct tour_cue cue;
    if (!tour_cue_read(line, &cue))
        return;
    enum tour_deed deed = tour_cue_beat(&cue)->deed;
    if (deed == TOUR_CUT)
        cut(d);
    else if (deed == TOUR_MEND || cue.run != d->run)
        mend(d);
    d->run = cue.run;
    for (int i = 1; i < TOUR_PEOPLE; i++)
        if (write(d->team[i].cues, line.p, line.n + 1) < 0)
            continue; /* that one has gone; the others play on */
}

static void read_cues(struct demo *d)
{
    char bytes[CUES_MAX];
    ssize_t n = read(d->cues[0], bytes, sizeof bytes);
    if (n <= 0 || d->in.n + (size_t)n > CUES_MAX) {
        close(d->cues[0]);
        d->cues[0] = -1;
        return;
    }
    buf_add(&d->in, bytes, (size_t)n);
    for (const char *end; d->in.n && (end = memchr(d->in.p, '\n', d->in.n));) {
        struct str line = {d->in.p, (size_t)(end - d->in.p)};
        take_cue(d, line);
        buf_drop(&d->in, line.n + 1);
    }
}

/* ---- its life ---- */

static void wait_for_client(struct demo *d)
{
    while (!stage_client_ended(&d->stage, d->client)) {
        struct pollfd fds[] = {{.fd = d->stage.signals, .events = POLLIN},
                               {.fd = d->cues[0], .events = POLLIN}};
        poll(fds, COUNT_OF(fds), -1);
        if (fds[0].revents)
            stage_signals(&d->stage, d->client);
        if (fds[1].revents)
            read_cues(d);
    }
}

static bool seed(struct demo *d, struct err *e)
{
    struct buf tokens[TOUR_PEOPLE] = {0};
    bool ok = demo_seed(d->stage.url.p, tokens, &d->me, d->stage.c->options.moot.timeout, e);
    for (int i = 1; i < TOUR_PEOPLE; i++)
        d->team[i].token = tokens[i];
    return ok;
}

static bool open_client(struct demo *d, struct err *e)
{
    const struct stage *s = &d->stage;
    bool tour = d->cues[1] >= 0;
    const char *url = tour ? str_fmt(&s->c->arena, "unix:%s", d->way.p).p : s->url.p;
    if (!stage_client(s, url, d->cues[1], &d->client, e))
        return false;
    wait_for_client(d);
    return true;
}

static void finish(struct demo *d)
{
    for (int i = 1; i < TOUR_PEOPLE; i++) {
        stage_end(d->team[i].pid);
        buf_finish(&d->team[i].token);
    }
    stage_end(d->relay);
    buf_finish(&d->me);
    buf_finish(&d->in);
    stage_close(&d->stage);
}

bool demo_run(struct cli *c, struct err *e)
{
    if (c->options.people || c->options.minutes)
        return demo_soak(c, e);
    struct demo d = {.cues = {-1, -1}};
    bool ok = stage_open(&d.stage, c, e);
    d.way = stage_path(&d.stage, "way");
    ok = ok && seed(&d, e) && (!c->options.team || start_tour(&d, e)) &&
         !stage_was_told_to_end(e) && open_client(&d, e);
    finish(&d);
    return ok;
}
