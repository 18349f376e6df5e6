/* moot outbox: what the screen has entered and the server has not yet stored. An entry is named
 * by the first letters of its client id and its number there. */
#include "outbox.h"
#include "cli.h"
#include "codec.h"
#include "errand.h"
#include "paths.h"
#include "token_file.h"
#include "verbs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FILE_MAX = 256 * 1024 * 1024, /* as in outbox_file.c */
    CLIENT_SHOWN = 6,
    ENTRY_MAX = 40, /* bytes of an entry's name */
};

#define ENDING ".jsonl"

struct str outbox_path(struct cli *c, const char *name)
{
    struct buf slug = {0};
    url_slug(str_of(c->options.moot.server), &slug);
    struct str base = path_in(&c->arena, PATH_STATE, "moot");
    struct str path = str_fmt(&c->arena, "%.*s/%s/%s", STR_ARG(base), buf_cstr(&slug), name);
    buf_finish(&slug);
    return path;
}

/* ---- reading, without asking whoever may hold the files ---- */

static bool read_file(const char *path, struct buf *out)
{
    char part[16 * 1024];
    ssize_t n = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    while (fd >= 0 && out->n < FILE_MAX && (n = read(fd, part, sizeof part)) > 0)
        buf_add(out, part, (size_t)n);
    if (fd >= 0)
        close(fd);
    return n == 0;
}

/* The records into a session that is never started, where what is done cancels out. A last line
 * without its end is just being written. */
static void restore(struct session *s, struct str text)
{
    str_cut(&text, '\n'); /* whose file it is */
    while (text.n) {
        struct str line = str_cut(&text, '\n');
        if (text.p)
            session_restore(s, line, NULL);
    }
}

static void entry_name(char out[ENTRY_MAX], const struct session *s, const struct waiting *w)
{
    snprintf(out, ENTRY_MAX, "%.*s.%lld", CLIENT_SHOWN, s->client, (long long)w->id);
}

static void print_words(struct cli *c, const struct waiting *w)
{
    struct arena a = {0};
    struct msg_list list;
    int64_t re;
    if (codec_decode((struct str){w->json, w->n}, FROM_CLIENT, &a, &list, &re, NULL) &&
        list.n == 1) {
        const struct shape *shape = &msg_table[w->type].shape;
        print_fmt(&c->out, "%s", msg_table[w->type].name);
        for (size_t i = 0; i < shape->n; i++)
            print_field(&c->out, &shape->fields[i], &list.v[0].request);
    }
    arena_finish(&a);
}

static void print_entry(struct cli *c, const struct session *s, const struct waiting *w)
{
    char name[ENTRY_MAX];
    entry_name(name, s, w);
    if (c->out.json) { /* the request as it is kept, with one name more */
        print_fmt(&c->out, "{\"entry\":\"%s\",%.*s\n", name, (int)w->n - 1, w->json + 1);
        return;
    }
    print_fmt(&c->out, "%-12s  %-12s  ", name, w->room);
    print_words(c, w);
    print_fmt(&c->out, "\n");
}

static int is_outbox(const struct dirent *d)
{
    size_t n = strlen(d->d_name), ending = strlen(ENDING);
    return n > ending && strcmp(d->d_name + n - ending, ENDING) == 0;
}

/* Calls each for every entry of every outbox of the server; returns how many there were. */
static size_t each_entry(struct cli *c, void (*each)(struct cli *c, const struct session *s,
                                                     const struct waiting *w))
{
    struct str dir = outbox_path(c, "outbox");
    struct dirent **names;
    size_t total = 0;
    int n = scandir(dir.p, &names, is_outbox, alphasort);
    for (int i = 0; i < n; i++) {
        struct buf text = {0};
        struct session s;
        size_t id = strlen(names[i]->d_name) - strlen(ENDING);
        session_init(&s, (struct str){names[i]->d_name, MIN(id, (size_t)CLIENT_ID_MAX)}, 1, 0);
        if (read_file(str_fmt(&c->arena, "%s/%s", dir.p, names[i]->d_name).p, &text))
            restore(&s, buf_str(&text));
        total += s.outbox.n;
        vec_each (w, &s.outbox)
            if (each)
                each(c, &s, w);
        session_finish(&s);
        buf_finish(&text);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    return total;
}

bool outbox_list_run(struct cli *c, struct err *e)
{
    (void)e;
    each_entry(c, print_entry);
    return true;
}

/* ---- sending ---- */

static off_t size_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? st.st_size : 0;
}

static void run_errand(struct errand *t, struct net *n, int64_t deadline)
{
    while (!errand_is_done(t) && net_now(n) < deadline) {
        net_turn(n, MIN(deadline, errand_next_tick(t, net_now(n))));
        errand_tick(t, net_now(n));
    }
}

/* Every outbox that no running moot holds, one after the other. */
static bool send_all(struct cli *c, const char *refused, struct err *e)
{
    const struct moot_options *o = &c->options.moot;
    struct url url;
    struct buf token = {0};
    if (!url_parse(str_of(o->server), &url, e) || !token_find(o, &token, e))
        return false;
    struct str dir = outbox_path(c, "outbox");
    struct net *n = net_new();
    struct outbox_file *f;
    int64_t deadline = net_now(n) + o->timeout;
    while (net_now(n) < deadline && (f = outbox_adopt(dir.p, str_of(o->server)))) {
        struct errand *t = errand_new(n, f, &url, buf_str(&token), o->ca_file, refused);
        run_errand(t, n, deadline);
        bool done = errand_is_done(t);
        errand_free(t);
        if (!done)
            break;
    }
    net_free(n);
    buf_finish(&token);
    return true;
}

bool cli_keep(struct cli *c, struct err *e)
{
    struct str dir = outbox_path(c, "outbox");
    if (!path_make_parent(str_fmt(&c->arena, "%s/x", dir.p).p, e) ||
        !send_all(c, outbox_path(c, "refused.jsonl").p, e))
        return false;
    c->kept =
        outbox_new(dir.p, str_of(c->options.moot.server), (struct str){0}, (struct str){0}, e);
    return c->kept != NULL;
}

bool outbox_send_run(struct cli *c, struct err *e)
{
    size_t before = each_entry(c, NULL);
    if (before == 0)
        return true;
    struct str refused = outbox_path(c, "refused.jsonl");
    off_t size = size_of(refused.p);
    /* Signs in first, so that what is wrong with that is told in its own words. */
    if (!cli_connect(c, e) || !send_all(c, refused.p, e))
        return false;
    size_t left = each_entry(c, NULL);
    cli_say("%zu sent", before - MIN(left, before));
    if (size_of(refused.p) > size)
        return fail(e, ERR_CONFLICT, "some were refused; they are in %s", refused.p);
    if (left)
        return fail(e, ERR_UNREACHABLE,
                    "%zu wait still: a moot that runs sends its own, else try again", left);
    return true;
}

/* ---- forgetting ---- */

static bool take_record(void *arg, struct str json)
{
    struct session *s = arg;
    return session_restore(s, json, NULL);
}

/* Prints the entry and takes it out of the file, if it is there. */
static bool drop_from(struct cli *c, struct outbox_file *f, const char *entry, bool *found,
                      struct err *e)
{
    struct session s;
    bool ok = true;
    session_init(&s, outbox_client(f), 1, 0);
    outbox_read(f, take_record, &s);
    for (size_t i = 0; i < s.outbox.n && !*found; i++) {
        char name[ENTRY_MAX], done[64];
        const struct waiting *w = &s.outbox.v[i];
        entry_name(name, &s, w);
        if (strcmp(name, entry) != 0)
            continue;
        print_entry(c, &s, w);
        snprintf(done, sizeof done, "{\"done\":%lld}", (long long)w->id);
        ok = outbox_keep(f, str_of(done), true, e);
        *found = true;
    }
    if (ok && *found && s.outbox.n == 1)
        outbox_empty(f);
    session_finish(&s);
    return ok;
}

bool outbox_drop_run(struct cli *c, struct err *e)
{
    struct str dir = outbox_path(c, "outbox");
    VEC(struct outbox_file *) held = {0};
    struct outbox_file *f;
    bool ok = true, found = false;
    /* A file that is held is not adopted again, so this comes to each of them. */
    while (ok && !found && (f = outbox_adopt(dir.p, str_of(c->options.moot.server)))) {
        vec_push(&held, f);
        ok = drop_from(c, f, c->words[0].p, &found, e);
    }
    vec_each (h, &held)
        outbox_close(*h);
    vec_finish(&held);
    if (ok && !found)
        return fail(e, ERR_NOT_FOUND,
                    "there is no entry %s in an outbox that no running moot holds",
                    c->words[0].p);
    return ok;
}
