/* moot demo --people: a crowd at work, cut off now and then, and at the end what came of it. */
#include "demo_check.h"
#include "demo_note.h"
#include "demo_stage.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    USUAL_PEOPLE = 20,
    FIRST_CARDS = 12,
    SHARE = 5, /* people on one way to the server, cut together */
    WAYS_MAX = (CROWD_MOST + SHARE - 1) / SHARE,
    CUT_EVERY_MS = 25000, /* a way, and longer for each further one, so that they drift apart */
    CUT_LATER_MS = 3700,
    CUT_FOR_MS = 1500,
    STOP_WITHIN_MS = 90000,
    END_WITHIN_MS = 90000,
    TURN_MS = 250,
};

struct way {
    struct str path;
    pid_t pid;      /* 0: it is cut */
    int64_t change; /* ms: when that is over */
};

struct member {
    pid_t pid;
    int orders;
    bool ended;
    int how;
    struct buf token;
    struct rusage used;
};

struct soak {
    struct stage stage;
    int64_t people, cuts, begun, worked;
    struct member members[CROWD_MOST];
    struct way ways[WAYS_MAX];
    int64_t n_ways;
    int sums[2];
    struct crowd_sums told[CROWD_MOST];
    int64_t n_told;
    pid_t client; /* 0: without */
    bool interrupted;
    struct rusage server;
    bool sound; /* mootd check said so */
};

static int64_t clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- beginning ---- */

/* Something to begin with. */
static bool add_cards(struct conversation *t, struct err *e)
{
    static const char *const columns[] = {"Todo", "Todo", "Doing", "Done"};
    struct msg_ok ok;
    for (size_t i = 0; i < FIRST_CARDS; i++) {
        struct msg m = {.type = MSG_TASK_ADD};
        m.task_add.head.room = STR(TOUR_ROOM);
        m.task_add.title = STR("One of the first");
        m.task_add.column = str_of(columns[i % COUNT_OF(columns)]);
        m.task_add.after = AFTER_END;
        if (!conversation_request(t, &m, &ok, e))
            return false;
    }
    return true;
}

static bool seed(struct soak *s, struct err *e)
{
    int64_t timeout = s->stage.c->options.moot.timeout;
    struct conversation *t = conversation_new(s->stage.url.p, STR(""), NULL, timeout);
    bool ok = conversation_start(t, e) && conversation_open(t, STR(TOUR_ROOM), e) &&
              demo_note_make(t, STR(TOUR_ROOM), e) && add_cards(t, e);
    for (int64_t i = 0; ok && i < s->people; i++) {
        char name[CROWD_NAME_MAX + 1];
        crowd_name(i, name);
        ok = demo_account(t, name, &s->members[i].token, e);
    }
    conversation_free(t);
    return ok;
}

static bool open_ways(struct soak *s, struct err *e)
{
    s->n_ways = (s->people + SHARE - 1) / SHARE;
    for (int64_t i = 0; i < s->n_ways; i++) {
        struct way *w = &s->ways[i];
        char name[16];
        snprintf(name, sizeof name, "way%d", (int)i);
        w->path = stage_path(&s->stage, name);
        w->change = clock_ms() + CUT_EVERY_MS + i * CUT_LATER_MS;
        if (!stage_relay(&s->stage, w->path.p, &w->pid, e))
            return false;
    }
    return true;
}

static int play(const struct soak *s, int64_t who, int orders)
{
    struct arena *a = &s->stage.c->arena;
    struct err e = {0};
    struct crowd_part part = {.who = who,
                              .url = str_fmt(a, "unix:%s", s->ways[who / SHARE].path.p).p,
                              .token = buf_str(&s->members[who].token),
                              .orders = orders,
                              .sums = s->sums[1],
                              .timeout = s->stage.c->options.moot.timeout};
    crowd_name(who, part.name);
    part.lines = str_fmt(a, "%s/%s.lines", s->stage.folder, part.name).p;
    part.room = str_fmt(a, "%s/%s.room", s->stage.folder, part.name).p;
    if (crowd_play(&part, &e))
        return 0;
    if (e.code != ERR_CLOSING)
        cli_say("%s: %s", part.name, e.text);
    return 1;
}

static bool start_member(struct soak *s, int64_t who, struct err *e)
{
    int ends[2];
    struct member *m = &s->members[who];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return fail(e, ERR_IO, "pipe: %s", strerror(errno));
    m->pid = stage_fork(&s->stage, true);
    if (m->pid == 0) {
        for (int64_t i = 0; i < who; i++)
            close(s->members[i].orders);
        close(ends[1]);
        _exit(play(s, who, ends[0]));
    }
    close(ends[0]);
    m->orders = ends[1];
    return m->pid > 0 || fail(e, ERR_IO, "fork: %s", strerror(errno));
}

static bool start_crowd(struct soak *s, struct err *e)
{
    bool ok = open_ways(s, e);
    if (ok && pipe2(s->sums, O_CLOEXEC) < 0)
        ok = fail(e, ERR_IO, "pipe: %s", strerror(errno));
    for (int64_t i = 0; ok && i < s->people; i++)
        ok = start_member(s, i, e);
    s->begun = clock_ms();
    return ok;
}

/* ---- work ---- */

static void end_way(struct way *w)
{
    kill(w->pid, SIGKILL);
    waitpid(w->pid, NULL, 0);
    w->pid = 0;
}

/* Cuts the ways whose time has come, and mends those that were cut for long enough. */
static void turn_ways(struct soak *s, bool all_mended)
{
    int64_t now = clock_ms();
    struct err passed;
    for (int64_t i = 0; i < s->n_ways; i++) {
        struct way *w = &s->ways[i];
        if (now < w->change && !(all_mended && !w->pid))
            continue;
        if (!w->pid) {
            stage_relay(&s->stage, w->path.p, &w->pid, &passed);
            w->change = now + CUT_EVERY_MS + i * CUT_LATER_MS;
        } else if (!all_mended) {
            end_way(w);
            s->cuts++;
            w->change = now + CUT_FOR_MS * (1 + i % 3);
        }
    }
}

static void collect(struct soak *s)
{
    for (int64_t i = 0; i < s->people; i++) {
        struct member *m = &s->members[i];
        if (!m->ended && wait4(m->pid, &m->how, WNOHANG, &m->used) == m->pid)
            m->ended = true;
    }
}

static bool all_ended(const struct soak *s, bool yes)
{
    for (int64_t i = 0; i < s->people; i++)
        if (s->members[i].ended != yes)
            return false;
    return true;
}

/* Without a screen whoever interrupts us means us. */
static void read_signals(struct soak *s)
{
    struct signalfd_siginfo info;
    if (s->client) {
        stage_signals(&s->stage, s->client);
        return;
    }
    while (read(s->stage.signals, &info, sizeof info) == sizeof info)
        s->interrupted = s->interrupted || info.ssi_signo != SIGCHLD;
}

/* Waits for something to happen, but not for long. */
static void turn(struct soak *s, int fd)
{
    struct pollfd fds[] = {{.fd = s->stage.signals, .events = POLLIN},
                           {.fd = fd, .events = POLLIN}};
    poll(fds, COUNT_OF(fds), TURN_MS);
    read_signals(s);
    collect(s);
}

static bool work(struct soak *s, struct err *e)
{
    int64_t minutes = s->stage.c->options.minutes;
    int64_t until = minutes ? s->begun + minutes * 60000 : INT64_MAX;
    if (!minutes && !stage_client(&s->stage, s->stage.url.p, -1, &s->client, e))
        return false;
    while (clock_ms() < until && !s->interrupted && all_ended(s, false)) {
        if (s->client && stage_client_ended(&s->stage, s->client))
            break;
        turn(s, -1);
        turn_ways(s, false);
    }
    s->client = 0;
    s->worked = clock_ms() - s->begun;
    return !s->interrupted || fail(e, ERR_CLOSING, "interrupted");
}

/* ---- the end of it ---- */

static void order_all(const struct soak *s, const char *line)
{
    for (int64_t i = 0; i < s->people; i++)
        if (write(s->members[i].orders, line, strlen(line)) < 0)
            continue; /* that one has gone, and will be missed */
}

/* Everybody says what was done, once it is stored. */
static void hear_sums(struct soak *s)
{
    int64_t until = clock_ms() + STOP_WITHIN_MS;
    struct crowd_sums sums;
    fcntl(s->sums[0], F_SETFL, O_NONBLOCK);
    while (s->n_told < s->people && clock_ms() < until && !all_ended(s, true)) {
        turn(s, s->sums[0]);
        turn_ways(s, true);
        while (read(s->sums[0], &sums, sizeof sums) == sizeof sums) {
            s->told[sums.who] = sums;
            s->n_told++;
        }
    }
}

static void wait_for_all(struct soak *s)
{
    int64_t until = clock_ms() + END_WITHIN_MS;
    while (clock_ms() < until && !all_ended(s, true)) {
        turn(s, -1);
        turn_ways(s, true);
    }
}

/* What the server's own check says of its database. */
static bool is_sound(const struct soak *s)
{
    const char *data = stage_path(&s->stage, "data").p;
    int how = 1;
    pid_t pid = stage_fork(&s->stage, true);
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        execlp(s->stage.server.p, "mootd", "check", "--data", data, NULL);
        _exit(127);
    }
    return pid > 0 && waitpid(pid, &how, 0) == pid && WIFEXITED(how) && WEXITSTATUS(how) == 0;
}

static bool check(struct soak *s, struct check *c, struct err *e)
{
    char goal[64];
    *c = (struct check){.url = s->stage.url.p,
                        .timeout = s->stage.c->options.moot.timeout,
                        .sums = s->told,
                        .people = s->people,
                        .folder = s->stage.folder};
    order_all(s, "s");
    hear_sums(s);
    bool ok = check_begin(c, e);
    snprintf(goal, sizeof goal, "%lld %lld\n", (long long)c->seq, (long long)c->version);
    order_all(s, goal);
    wait_for_all(s);
    ok = ok && check_log(c, e) && check_note(c, e) && check_rooms(c, e);
    stage_end_server(&s->stage, &s->server);
    s->sound = is_sound(s);
    return ok;
}

/* ---- what is said ---- */

static double seconds(const struct rusage *u)
{
    return (double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) +
           (double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1e6;
}

static double megabytes(const struct rusage *u)
{
    return (double)u->ru_maxrss / 1024;
}

static struct crowd_sums sum_of(const struct soak *s)
{
    struct crowd_sums all = {0};
    for (int64_t i = 0; i < s->people; i++) {
        const struct crowd_sums *one = &s->told[i];
        all.said += one->said;
        all.added += one->added;
        all.moved += one->moved;
        all.retitled += one->retitled;
        all.reacted += one->reacted;
        all.lines += one->lines;
        all.letters += one->letters;
        all.conflicts += one->conflicts;
    }
    return all;
}

static void say_work(const struct soak *s, struct print *out)
{
    struct crowd_sums all = sum_of(s);
    print_fmt(out,
              "%lld people worked for %lld s; %lld times the links of five of them were cut\n",
              (long long)s->people, (long long)s->worked / 1000, (long long)s->cuts);
    print_fmt(out,
              "they made %lld messages, %lld cards, %lld moves, %lld reactions, %lld titles "
              "(%lld more "
              "were refused: somebody was first)\n",
              (long long)all.said, (long long)all.added, (long long)all.moved,
              (long long)all.reacted, (long long)all.retitled, (long long)all.conflicts);
    print_fmt(out, "and typed %lld letters in %lld lines of a note\n", (long long)all.letters,
              (long long)all.lines);
}

static void say_checks(const struct soak *s, const struct check *c, struct print *out)
{
    print_fmt(out, "checked that each of %lld messages and %lld cards is in the log once\n",
              (long long)c->messages, (long long)c->cards);
    print_fmt(
        out,
        "checked that each of %lld lines is in the note once, and none of %lld taken out\n",
        (long long)c->standing, (long long)c->taken_out);
    print_fmt(
        out,
        "%lld of %lld clients have the server's room: %lld events, %lld versions of the note\n",
        (long long)c->same, (long long)s->people, (long long)c->seq, (long long)c->version);
    print_fmt(out, "mootd check: %s\n", s->sound ? "no fault" : "FAULTS");
}

static void say_cost(const struct soak *s, struct print *out)
{
    double most = 0, memory = 0, all = 0, time = (double)MAX(s->worked, 1) / 1000;
    for (int64_t i = 0; i < s->people; i++) {
        const struct rusage *u = &s->members[i].used;
        most = MAX(most, seconds(u));
        memory = MAX(memory, megabytes(u));
        all += seconds(u);
    }
    print_fmt(out, "mootd: %.2f s of a processor (%.2f %%), at most %.1f MB\n",
              seconds(&s->server), 100 * seconds(&s->server) / time, megabytes(&s->server));
    print_fmt(out, "a client: at most %.2f s, on average %.2f s (%.2f %%), at most %.1f MB\n",
              most, all / (double)s->people, 100 * all / (double)s->people / time, memory);
}

/* Adds what the people themselves found wrong, and who did not come to an end. */
static void add_faults(const struct soak *s, struct check *c)
{
    for (int64_t i = 0; i < s->people; i++) {
        const struct member *m = &s->members[i];
        char name[CROWD_NAME_MAX + 1];
        crowd_name(i, name);
        if (s->told[i].wrong[0])
            buf_fmt(&c->faults, "%s: %s\n", name, s->told[i].wrong);
        if (!m->ended || !WIFEXITED(m->how) || WEXITSTATUS(m->how))
            buf_fmt(&c->faults, "%s did not come to an end\n", name);
    }
    if (s->n_told < s->people)
        buf_fmt(&c->faults, "%lld of %lld people told what they did\n", (long long)s->n_told,
                (long long)s->people);
    if (!s->sound)
        buf_fmt(&c->faults, "mootd check finds faults\n");
}

static bool report(struct soak *s, struct check *c, struct err *e)
{
    struct print *out = &s->stage.c->out;
    add_faults(s, c);
    say_work(s, out);
    say_checks(s, c, out);
    say_cost(s, out);
    struct str rest = buf_str(&c->faults);
    size_t n = 0;
    for (; rest.n; n++) {
        struct str line = str_cut(&rest, '\n');
        cli_say("%.*s", STR_ARG(line));
    }
    return !n || fail(e, ERR_INTERNAL, "not everything is as it has to be: %zu faults", n);
}

static void finish(struct soak *s)
{
    for (int64_t i = 0; i < s->people; i++) {
        if (!s->members[i].ended)
            stage_end(s->members[i].pid);
        buf_finish(&s->members[i].token);
    }
    for (int64_t i = 0; i < s->n_ways; i++)
        stage_end(s->ways[i].pid);
    stage_close(&s->stage);
}

bool demo_soak(struct cli *c, struct err *e)
{
    if (c->options.minutes && c->n_words)
        return fail(e, ERR_USAGE, "with --minutes nothing is opened that could take \"%.*s\"",
                    STR_ARG(c->words[0]));
    struct soak *s = NEW(struct soak);
    struct check checked = {0};
    s->people = c->options.people ? c->options.people : USUAL_PEOPLE;
    bool ok = stage_open(&s->stage, c, e) && seed(s, e) && start_crowd(s, e) &&
              !stage_was_told_to_end(e) && work(s, e) && check(s, &checked, e);
    ok = ok && report(s, &checked, e);
    finish(s);
    buf_finish(&checked.faults);
    free(s);
    return ok;
}
