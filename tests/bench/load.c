/* Puts a load on a server of rooms and prints what it cost, as lines of NAME=VALUE.
 *
 *     load --dialect moot --job steady --port 7700 --pid 4711 --secret FILE \
 *          --conns 1000 --rooms 1 --rate 100 --seconds 5 --repeat 3
 *
 * Jobs: steady (so many messages a second), flat (as many as the server delivers), durable
 * (writers that wait for each answer), idle (memory of connections), storm (sign-ins at once),
 * fill (messages and cards, to make a large room), notes (writers in one text), crowd
 * (everybody moves cursor and pointer, `rate` times a second each), week (see week.h). */
#include "load.h"

#include <getopt.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

const char *load_token(const struct load *l, const struct link *c)
{
    return l->tokens[c->index % l->users];
}

bool load_is_first_in_room(const struct load *l, const struct link *c)
{
    return c->index < l->rooms;
}

/* ---- deliveries ---- */

/* The time of sending stands in what was sent: behind T in a text, as the number of a card. */
static void take_sample(struct load *l, struct str text)
{
    const char *mark = l->cursors ? "\"task\":" : "\"text\":\"T";
    const char *at = memmem(text.p, text.n, mark, strlen(mark));
    if (at)
        latency_add(&l->latency, clock_ns() / 1000 - strtoll(at + strlen(mark), NULL, 10));
}

static bool is_counted(const struct load *l, struct str text)
{
    return text.n > l->counted_n && memcmp(text.p, l->counted, l->counted_n) == 0;
}

/* A frame may hold several messages. */
static size_t count_array(const struct load *l, struct str text)
{
    size_t n = 0;
    for (const char *at = text.p, *end = text.p + text.n;
         (at = memmem(at, (size_t)(end - at), l->counted, l->counted_n)) != NULL;
         at += l->counted_n)
        n++;
    return n;
}

void load_text(struct load *l, struct link *c, struct str text)
{
    if (l->on_frame && memmem(text.p, text.n, l->counted, l->counted_n)) {
        l->on_frame(l, c, text);
        return;
    }
    if (text.p[0] == '[') {
        l->deliveries += count_array(l, text);
        return;
    }
    if (!is_counted(l, text)) {
        l->dialect->text(l, c, text);
        return;
    }
    l->deliveries++;
    if (l->sample && c->index % 16 == 0)
        take_sample(l, text);
    if (l->on_seen && c->index == 0)
        l->on_seen(l, &l->links.v[l->turn++ % l->writers]);
}

void load_answered(struct load *l, struct link *c, bool ok)
{
    l->answers += ok;
    if (!l->on_answer || c->index >= l->writers)
        return;
    if (ok)
        latency_add(&l->latency, (clock_ns() - c->asked_ns) / 1000);
    l->on_answer(l, c);
}

/* ---- options ---- */

enum option_id {
    O_DIALECT = 256,
    O_JOB,
    O_ROOM,
    O_PORT,
    O_PID,
    O_SECRET,
    O_CONNS,
    O_ROOMS,
    O_WRITERS,
    O_WINDOW,
    O_MESSAGES,
    O_CARDS,
    O_USERS,
    O_RATE,
    O_SECONDS,
    O_REPEAT,
    O_NIGHT,
    O_CURSORS
};

static const struct option options[] = {
    {"dialect", 1, NULL, O_DIALECT},
    {"job", 1, NULL, O_JOB},
    {"room", 1, NULL, O_ROOM},
    {"port", 1, NULL, O_PORT},
    {"pid", 1, NULL, O_PID},
    {"secret", 1, NULL, O_SECRET},
    {"conns", 1, NULL, O_CONNS},
    {"rooms", 1, NULL, O_ROOMS},
    {"writers", 1, NULL, O_WRITERS},
    {"window", 1, NULL, O_WINDOW},
    {"messages", 1, NULL, O_MESSAGES},
    {"cards", 1, NULL, O_CARDS},
    {"users", 1, NULL, O_USERS},
    {"rate", 1, NULL, O_RATE},
    {"seconds", 1, NULL, O_SECONDS},
    {"repeat", 1, NULL, O_REPEAT},
    {"night", 1, NULL, O_NIGHT},
    {"cursors", 0, NULL, O_CURSORS},
    {NULL, 0, NULL, 0},
};

static bool take_number(struct load *l, int option, int64_t n)
{
    if (n < 0 || n > 100000000)
        return false;
    switch (option) {
    case O_PORT:
        l->port = (int)n;
        break;
    case O_PID:
        l->pid = (pid_t)n;
        break;
    case O_CONNS:
        l->conns = (size_t)n;
        break;
    case O_ROOMS:
        l->rooms = (size_t)n;
        break;
    case O_WRITERS:
        l->writers = (size_t)n;
        break;
    case O_WINDOW:
        l->window = (size_t)n;
        break;
    case O_MESSAGES:
        l->messages = (size_t)n;
        break;
    case O_CARDS:
        l->cards = (size_t)n;
        break;
    case O_USERS:
        l->users = (size_t)n;
        break;
    case O_RATE:
        l->rate = n;
        break;
    case O_SECONDS:
        l->seconds = n;
        break;
    case O_REPEAT:
        l->repeat = n;
        break;
    default:
        return false;
    }
    return true;
}

static bool take_option(struct load *l, int option, const char *value)
{
    switch (option) {
    case O_DIALECT:
        return (l->dialect = dialect_named(value)) != NULL;
    case O_JOB:
        l->job = value;
        return true;
    case O_ROOM:
        l->room = value;
        return true;
    case O_NIGHT:
        l->night = value;
        return true;
    case O_SECRET:
        return secret_load(value, l->secret);
    case O_CURSORS:
        l->cursors = true;
        return true;
    default:
        return value && take_number(l, option, strtoll(value, NULL, 10));
    }
}

static bool take_options(struct load *l, int argc, char **argv)
{
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (!take_option(l, option, optarg)) {
            fprintf(stderr, "load: %s is wrong\n", argv[optind - 1]);
            return false;
        }
    }
    if (!l->dialect || !l->job || l->conns == 0) {
        fprintf(stderr, "load: needs --dialect, --job, --port, --pid, --secret and --conns\n");
        return false;
    }
    return true;
}

static void make_tokens(struct load *l)
{
    l->users = l->users ? l->users : l->conns;
    l->tokens = mem_new(l->users * sizeof(*l->tokens));
    for (size_t i = 0; i < l->users; i++) {
        struct buf token = {0};
        char user[32];
        snprintf(user, sizeof(user), "u%05zu", i);
        token_make(&token, l->secret, user);
        l->tokens[i] = str_dup(buf_str(&token));
        buf_finish(&token);
    }
}

static void name_run(struct load *l)
{
    for (size_t i = 0; i < 8; i++)
        l->run[i] = (char)('a' + randombytes_uniform(26));
}

int main(int argc, char **argv)
{
    struct rlimit files;
    struct load *l = NEW(struct load);
    l->room = "#bench";
    l->seconds = 5;
    l->repeat = 1;
    l->window = 400;
    if (sodium_init() < 0 || !take_options(l, argc, argv))
        return 2;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    make_tokens(l);
    name_run(l);
    links_open(&l->links, l->conns, l->port);
    l->counted = l->cursors ? l->dialect->pointed : l->dialect->said;
    l->counted_n = strlen(l->counted);
    return job_run(l) ? 0 : 1;
}
