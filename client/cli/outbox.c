/* moot outbox: what the screen has entered and the server has not yet stored. An entry is named
 * by the first letters of its client id and its number there, or, as all that was typed into a
 * text is one entry, by the room and number of the text. */
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

/* A request, or what is unsaved of a text: the other one is NULL. */
struct entry {
    const struct session *s;
    const struct waiting *request;
    struct doc *text;
};

static struct str entry_name(struct cli *c, const struct entry *e)
{
    if (e->request)
        return str_fmt(&c->arena, "%.*s.%lld", CLIENT_SHOWN, e->s->client,
                       (long long)e->request->id);
    return str_fmt(&c->arena, "%.*s.%s.%lld", CLIENT_SHOWN, e->s->client, e->text->room,
                   (long long)e->text->number);
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

/* What was typed is shown as far as it fits a line, more or less. */
static void print_typed(struct cli *c, struct doc *d)
{
    enum { SHOWN = 60 };
    struct op o = {0};
    session_text_unsaved(d, &o);
    struct str text = buf_str(&o.text);
    bool is_all = text.n <= SHOWN;
    size_t n = is_all ? text.n : SHOWN;
    while (n > 0 && n < text.n && ((unsigned char)text.p[n] & 0xc0) == 0x80)
        n--;
    print_fmt(&c->out, "note.edit note=%lld added=%zu removed=%zu text=", (long long)d->number,
              op_inserted(&o), op_deleted(&o));
    print_text(&c->out, (struct str){text.p, n}, 0);
    print_fmt(&c->out, is_all ? "" : " ...");
    op_finish(&o);
}

static void print_json(struct cli *c, const struct entry *e, struct str name)
{
    struct buf json = {0};
    if (e->request)
        buf_add(&json, e->request->json, e->request->n);
    else
        session_print_unsaved(e->text, &json);
    print_fmt(&c->out, "{\"entry\":\"%.*s\",%.*s\n", STR_ARG(name), (int)json.n - 1,
              json.p + 1);
    buf_finish(&json);
}

static void print_entry(struct cli *c, const struct entry *e)
{
    struct str name = entry_name(c, e);
    if (c->out.json) { /* the request as it is kept, with one name more */
        print_json(c, e, name);
        return;
    }
    print_fmt(&c->out, "%-12.*s  %-12s  ", STR_ARG(name),
              e->request ? e->request->room : e->text->room);
    if (e->request)
        print_words(c, e->request);
    else
        print_typed(c, e->text);
    print_fmt(&c->out, "\n");
}

static int is_outbox(const struct dirent *d)
{
    size_t n = strlen(d->d_name), ending = strlen(ENDING);
    return n > ending && strcmp(d->d_name + n - ending, ENDING) == 0;
}

typedef void entry_fn(struct cli *c, const struct entry *e);

static bool is_waiting(struct doc *d)
{
    struct op o = {0};
    session_text_unsaved(d, &o);
    bool yes = !op_is_empty(&o);
    op_finish(&o);
    return yes;
}

/* The entries of one outbox, in a session it was read into; returns how many there are. */
static size_t entries_of(struct cli *c, struct session *s, entry_fn *each)
{
    size_t n = s->outbox.n;
    vec_each (w, &s->outbox)
        if (each)
            each(c, &(struct entry){.s = s, .request = w});
    vec_each (d, &s->texts) {
        if (!is_waiting(*d))
            continue;
        n++;
        if (each)
            each(c, &(struct entry){.s = s, .text = *d});
    }
    return n;
}

/* Calls each for every entry of every outbox of the server; returns how many there were. */
static size_t each_entry(struct cli *c, entry_fn *each)
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
        total += entries_of(c, &s, each);
        session_finish(&s);
        buf_finish(&text);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    return total;
}

static off_t size_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? st.st_size : 0;
}

bool outbox_list_run(struct cli *c, struct err *e)
{
    (void)e;
    struct str refused = outbox_path(c, "refused.jsonl");
    each_entry(c, print_entry);
    if (size_of(refused.p))
        cli_say("what was refused for good is in %s", refused.p);
    return true;
}

/* ---- sending ---- */

static void run_errand(struct errand *t, struct net *n, int64_t deadline)
{
    while (!errand_is_done(t) && net_now(n) < deadline) {
        net_turn(n, MIN(deadline, errand_next_tick(t, net_now(n))));
        errand_tick(t, net_now(n));
    }
}

/* Every outbox that no running moot holds, one after the other; user as outbox_adopt() takes
 * it. One that stays as it is would be found first again. */
static bool send_all(struct cli *c, struct str user, const char *refused, struct err *e)
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
    bool sent = true;
    while (sent && net_now(n) < deadline &&
           (f = outbox_adopt(dir.p, str_of(o->server), user))) {
        struct errand *t = errand_new(n, f, &url, buf_str(&token), o->ca_file, refused,
                                      (struct errand_listener){0});
        run_errand(t, n, deadline);
        sent = errand_has_sent_all(t);
        errand_free(t);
    }
    net_free(n);
    buf_finish(&token);
    return true;
}

bool cli_keep(struct cli *c, struct err *e)
{
    struct str dir = outbox_path(c, "outbox");
    if (!path_in(&c->arena, PATH_STATE, "moot").n)
        return fail(e, ERR_IO,
                    "there is no folder to keep what is not sent yet in: neither HOME "
                    "nor XDG_STATE_HOME names one");
    if (!path_make_parent(str_fmt(&c->arena, "%s/x", dir.p).p, e) ||
        !send_all(c, (struct str){0}, outbox_path(c, "refused.jsonl").p, e))
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
    if (!cli_connect(c, e))
        return false;
    struct str user = str_keep(&c->arena, str_of(conversation_session(c->talk)->user));
    if (!send_all(c, user, refused.p, e))
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

struct drop {
    const char *entry;
    struct str record; /* what the file has to say from now on; empty: it is not there */
};

/* Prints the entry if it is the one. */
static void drop_one(struct cli *c, const struct entry *e, struct drop *d)
{
    struct buf record = {0};
    if (!str_is(entry_name(c, e), d->entry))
        return;
    print_entry(c, e);
    if (e->request)
        buf_fmt(&record, "{\"done\":%lld}", (long long)e->request->id);
    else
        session_forget_text(e->s, e->text, &record);
    d->record = str_keep(&c->arena, buf_str(&record));
    buf_finish(&record);
}

/* Takes the entry out of the file, if it is there. */
static bool drop_from(struct cli *c, struct outbox_file *f, struct drop *d, struct err *e)
{
    struct session s;
    bool ok = true;
    session_init(&s, outbox_client(f), 1, 0);
    outbox_read(f, take_record, &s);
    size_t n = entries_of(c, &s, NULL);
    vec_each (w, &s.outbox)
        drop_one(c, &(struct entry){.s = &s, .request = w}, d);
    vec_each (t, &s.texts)
        if (is_waiting(*t))
            drop_one(c, &(struct entry){.s = &s, .text = *t}, d);
    if (d->record.n)
        ok = outbox_keep(f, d->record, true, e);
    if (ok && d->record.n && n == 1)
        outbox_empty(f);
    session_finish(&s);
    return ok;
}

bool outbox_drop_run(struct cli *c, struct err *e)
{
    struct str dir = outbox_path(c, "outbox");
    VEC(struct outbox_file *) held = {0};
    struct outbox_file *f;
    struct drop d = {.entry = c->words[0].p};
    bool ok = true;
    /* A file that is held is not adopted again, so this comes to each of them. */
    while (ok && d.record.n == 0 &&
           (f = outbox_adopt(dir.p, str_of(c->options.moot.server), (struct str){0}))) {
        vec_push(&held, f);
        ok = drop_from(c, f, &d, e);
    }
    vec_each (h, &held)
        outbox_close(*h);
    vec_finish(&held);
    if (ok && d.record.n == 0)
        return fail(e, ERR_NOT_FOUND,
                    "there is no entry %s in an outbox that no running moot holds",
                    c->words[0].p);
    return ok;
}
