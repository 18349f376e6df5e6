#include "outbox_file.h"

#include "codec.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENDING ".jsonl"

enum {
    CLIENT_CHARS = 22,                   /* 130 bits */
    FILE_BYTES_MAX = 1024 * 1024 * 1024, /* a longer one is not ours */
    PATHS_MAX = 4096,
};

struct outbox_file {
    int fd;
    char *path;
    char client[CLIENT_ID_MAX + 1], user[USER_NAME_MAX + 1];
    char *server;
    size_t written;   /* bytes of the file that hold whole records */
    struct buf held;  /* records that the disk did not take */
    struct buf found; /* what was in the file when it was opened */
    size_t records;   /* requests and edits that may wait */
    bool is_marked;   /* by us */
};

/* ---- the first record ---- */

static void head_of(const struct outbox_file *f, struct buf *out)
{
    buf_fmt(out, "{\"client\":\"%s\",\"server\":", f->client);
    codec_quote(out, str_of(f->server));
    buf_fmt(out, ",\"user\":\"%s\"}\n", f->user);
}

/* Takes a name in front of `end` off s. */
static bool take_name(struct str *s, char end, char *out, size_t max)
{
    struct str name = str_cut(s, end);
    if (!s->p || name.n > max)
        return false;
    memcpy(out, name.p, name.n);
    out[name.n] = '\0';
    return true;
}

static bool take_literal(struct str *s, struct str literal)
{
    if (s->n < literal.n || memcmp(s->p, literal.p, literal.n) != 0)
        return false;
    *s = (struct str){s->p + literal.n, s->n - literal.n};
    return true;
}

/* We wrote it, so it looks as we write it. */
static bool read_head(struct outbox_file *f, struct str line)
{
    struct buf server = {0};
    codec_quote(&server, str_of(f->server));
    bool ok = take_literal(&line, STR("{\"client\":\"")) &&
              take_name(&line, '"', f->client, CLIENT_ID_MAX) &&
              take_literal(&line, STR(",\"server\":")) &&
              take_literal(&line, buf_str(&server)) &&
              take_literal(&line, STR(",\"user\":\"")) &&
              take_name(&line, '"', f->user, USER_NAME_MAX) && str_is(line, "}") &&
              str_follows(str_of(f->client), RULE_CLIENT);
    buf_finish(&server);
    return ok;
}

static const char user_front[] = "{\"user\":\"";

/* A record of our own: the account became known later. */
static bool read_user(struct outbox_file *f, struct str line)
{
    return take_literal(&line, str_of(user_front)) &&
           take_name(&line, '"', f->user, USER_NAME_MAX) && str_is(line, "}");
}

/* ---- files ---- */

static bool disk_failed(const struct outbox_file *f, struct err *e)
{
    return fail(e, ERR_IO,
                "the outbox %s cannot be written: %s; what you enter now would not "
                "survive a crash",
                f->path, strerror(errno));
}

static void outbox_free(struct outbox_file *f)
{
    if (f->fd >= 0)
        close(f->fd);
    free(f->path);
    free(f->server);
    buf_finish(&f->held);
    buf_finish(&f->found);
    free(f);
}

static struct outbox_file *file_of(const char *dir, const char *name, struct str server)
{
    struct outbox_file *f = NEW(struct outbox_file);
    struct buf path = {0};
    buf_fmt(&path, "%s/%s", dir, name);
    f->path = str_dup(buf_str(&path));
    f->server = str_dup(server);
    f->fd = -1;
    buf_finish(&path);
    return f;
}

/* Held by us, and still the file of that name: its last holder may just have removed it. */
static bool lock(struct outbox_file *f)
{
    struct stat here, there;
    return flock(f->fd, LOCK_EX | LOCK_NB) == 0 && fstat(f->fd, &here) == 0 &&
           stat(f->path, &there) == 0 && here.st_ino == there.st_ino && S_ISREG(here.st_mode) &&
           here.st_size <= FILE_BYTES_MAX;
}

static bool read_all(struct outbox_file *f)
{
    char chunk[16 * 1024];
    ssize_t n;
    while ((n = read(f->fd, chunk, sizeof chunk)) > 0)
        buf_add(&f->found, chunk, (size_t)n);
    return n == 0;
}

static void sync_folder(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

static void new_client(char out[CLIENT_CHARS + 1])
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ab";
    unsigned char random[CLIENT_CHARS];
    bug_on(getrandom(random, sizeof random, 0) != sizeof random);
    for (size_t i = 0; i < sizeof random; i++)
        out[i] = letters[random[i] % 64];
    out[CLIENT_CHARS] = '\0';
}

/* Writes bytes behind what is there, or nothing at all. */
static bool append(struct outbox_file *f, struct str bytes, bool sync)
{
    size_t done = 0;
    while (done < bytes.n) {
        ssize_t n = pwrite(f->fd, bytes.p + done, bytes.n - done, (off_t)(f->written + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    if (done == bytes.n && (!sync || fdatasync(f->fd) == 0)) {
        f->written += bytes.n;
        return true;
    }
    int saved = errno;
    if (ftruncate(f->fd, (off_t)f->written) < 0)
        saved = errno;
    errno = saved;
    return false;
}

struct outbox_file *outbox_new(const char *dir, struct str server, struct str user,
                               struct str client, struct err *e)
{
    char fresh[CLIENT_CHARS + 1], name[CLIENT_ID_MAX + sizeof ENDING];
    new_client(fresh);
    if (client.n == 0)
        client = str_of(fresh);
    snprintf(name, sizeof name, "%.*s%s", STR_ARG(client), ENDING);
    struct outbox_file *f = file_of(dir, name, server);
    memcpy(f->client, client.p, MIN(client.n, (size_t)CLIENT_ID_MAX));
    memcpy(f->user, user.p ? user.p : "", MIN(user.n, (size_t)USER_NAME_MAX));
    f->fd = open(f->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    struct buf head = {0};
    head_of(f, &head);
    /* Who looks for files without a holder may hold it for a moment, and then lets it be. */
    bool ok = f->fd >= 0 && flock(f->fd, LOCK_EX) == 0 && append(f, buf_str(&head), true);
    buf_finish(&head);
    if (ok) {
        sync_folder(dir);
        return f;
    }
    disk_failed(f, e);
    if (f->fd >= 0)
        unlink(f->path);
    outbox_free(f);
    return NULL;
}

/* ---- marks ----
 *
 * A file of the same name with the ending .mark holds how long the outbox was, or, once another
 * process has the outbox, whether it was longer then. */

static const char kept[] = "kept", not_kept[] = "not kept";

static char *mark_path(const char *path)
{
    struct buf mark = {0};
    buf_fmt(&mark, "%s.mark", path);
    char *name = str_dup(buf_str(&mark));
    buf_finish(&mark);
    return name;
}

static bool write_mark(const char *path, struct str text)
{
    char *mark = mark_path(path);
    int fd = open(mark, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n && fdatasync(fd) == 0;
    if (fd >= 0)
        close(fd);
    free(mark);
    return ok;
}

/* Returns what stands in the mark: nothing when there is none. */
static struct str read_mark(const char *path, char *out, size_t max)
{
    char *mark = mark_path(path);
    int fd = open(mark, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, out, max) : 0;
    if (fd >= 0)
        close(fd);
    free(mark);
    return (struct str){out, n > 0 ? (size_t)n : 0};
}

static bool is_longer(const char *path, struct str mark)
{
    struct stat st;
    int64_t bytes;
    return str_int(mark, 0, INT64_MAX, &bytes) && stat(path, &st) == 0 && st.st_size > bytes;
}

/* The file is ours now and will change: what the mark is for is said before. */
static void settle_mark(const struct outbox_file *f)
{
    char text[32];
    int64_t bytes;
    struct str mark = read_mark(f->path, text, sizeof text);
    if (str_int(mark, 0, INT64_MAX, &bytes))
        write_mark(f->path, str_of(is_longer(f->path, mark) ? kept : not_kept));
}

bool outbox_mark(struct outbox_file *f, struct err *e)
{
    char text[32];
    snprintf(text, sizeof text, "%zu", f->written);
    f->is_marked = true;
    return write_mark(f->path, str_of(text)) || disk_failed(f, e);
}

bool outbox_was_kept(const char *path)
{
    char text[32], again[32];
    bool was_kept = is_longer(path, read_mark(path, text, sizeof text));
    struct str mark = read_mark(path, again, sizeof again); /* settled by now? */
    return str_is(mark, kept) || (was_kept && !str_is(mark, not_kept));
}

void outbox_forget_mark(const char *path)
{
    char *mark = mark_path(path);
    unlink(mark);
    free(mark);
}

/* The end of a process between the two steps of outbox_empty() leaves that; nobody adopts it.
 */
static bool has_head(int fd)
{
    char head[1024];
    ssize_t n = pread(fd, head, sizeof head, 0);
    return n < 0 || n == (ssize_t)sizeof head || memchr(head, '\n', (size_t)n);
}

enum outbox_state outbox_look(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return OUTBOX_GONE;
    bool is_free = flock(fd, LOCK_SH | LOCK_NB) == 0;
    enum outbox_state state = !is_free ? OUTBOX_HELD : has_head(fd) ? OUTBOX_FREE : OUTBOX_GONE;
    close(fd);
    return state;
}

/* ---- adopting ---- */

/* A request, or an edit of a text; a draft without an operation says that nothing is unsaved.
 */
static bool may_wait(struct str line)
{
    static const char op[] = "\"op\":";
    return str_starts(line, "{\"type\":") || str_starts(line, "{\"more\":") ||
           (str_starts(line, "{\"draft\":") && memmem(line.p, line.n, op, strlen(op)));
}

/* Opens, locks and reads the file; false when it is none of our business. */
static bool take_over(struct outbox_file *f)
{
    f->fd = open(f->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (f->fd < 0 || !lock(f) || !read_all(f))
        return false;
    struct str rest = buf_str(&f->found);
    struct str head = str_cut(&rest, '\n');
    if (!rest.p || !read_head(f, head))
        return false;
    while (rest.p && rest.n) {
        struct str line = str_cut(&rest, '\n');
        f->records += may_wait(line);
        read_user(f, line);
    }
    f->written = f->found.n;
    settle_mark(f);
    return true;
}

static bool is_outbox_name(const char *name)
{
    size_t n = strlen(name), ending = strlen(ENDING);
    return n > ending && strcmp(name + n - ending, ENDING) == 0;
}

static bool is_for(const struct outbox_file *f, struct str user)
{
    return user.n == 0 || !f->user[0] || str_is(user, f->user);
}

static struct outbox_file *try_adopt(const char *dir, const char *name, struct str server,
                                     struct str user)
{
    struct outbox_file *f = file_of(dir, name, server);
    bool ours = take_over(f);
    if (ours && f->records && is_for(f, user))
        return f;
    if (ours && f->records == 0)
        unlink(f->path);
    outbox_free(f);
    return NULL;
}

struct outbox_file *outbox_adopt(const char *dir, struct str server, struct str user)
{
    struct outbox_file *f = NULL;
    DIR *d = opendir(dir);
    if (!d)
        return NULL;
    for (struct dirent *entry; !f && (entry = readdir(d));) {
        if (is_outbox_name(entry->d_name))
            f = try_adopt(dir, entry->d_name, server, user);
    }
    closedir(d);
    return f;
}

void outbox_close(struct outbox_file *f)
{
    if (!f)
        return;
    outbox_retry(f, NULL);
    if (f->records == 0 && f->held.n == 0)
        unlink(f->path);
    if (f->is_marked)
        outbox_forget_mark(f->path);
    outbox_free(f);
}

const char *outbox_file_path(const struct outbox_file *f)
{
    return f->path;
}

struct str outbox_client(const struct outbox_file *f)
{
    return str_of(f->client);
}

struct str outbox_user(const struct outbox_file *f)
{
    return str_of(f->user);
}

void outbox_set_user(struct outbox_file *f, struct str user)
{
    if (str_is(user, f->user) || user.n > USER_NAME_MAX)
        return;
    memset(f->user, 0, sizeof f->user);
    memcpy(f->user, user.p, user.n);
    struct buf record = {0};
    buf_fmt(&record, "%s%s\"}", user_front, f->user);
    outbox_keep(f, buf_str(&record), false, NULL);
    buf_finish(&record);
}

/* ---- reading ---- */

static void set_aside(const struct outbox_file *f, struct str line)
{
    struct buf path = {0};
    buf_fmt(&path, "%s.broken", f->path);
    int fd = open(buf_cstr(&path), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd >= 0) {
        struct buf with_end = {0};
        buf_add_str(&with_end, line);
        buf_add_c(&with_end, '\n');
        if (write(fd, with_end.p, with_end.n) == (ssize_t)with_end.n)
            fdatasync(fd);
        buf_finish(&with_end);
        close(fd);
    }
    buf_finish(&path);
}

size_t outbox_read(struct outbox_file *f, bool (*take)(void *arg, struct str json), void *arg)
{
    size_t broken = 0;
    struct str rest = buf_str(&f->found);
    str_cut(&rest, '\n'); /* the first record */
    while (rest.n) {
        struct str line = str_cut(&rest, '\n');
        bool torn = !rest.p;
        if (!torn && (str_starts(line, user_front) || take(arg, line)))
            continue;
        set_aside(f, line);
        broken++;
        if (torn && ftruncate(f->fd, (off_t)(f->written - line.n)) == 0)
            f->written -= line.n;
    }
    buf_finish(&f->found);
    return broken;
}

/* ---- writing ---- */

bool outbox_retry(struct outbox_file *f, struct err *e)
{
    if (f->held.n == 0)
        return true;
    if (!append(f, buf_str(&f->held), true))
        return disk_failed(f, e);
    buf_clear(&f->held);
    return true;
}

bool outbox_keep(struct outbox_file *f, struct str json, bool sync, struct err *e)
{
    struct buf line = {0};
    buf_add_str(&line, json);
    buf_add_c(&line, '\n');
    f->records += may_wait(json);
    bool ok = outbox_retry(f, e) && (append(f, buf_str(&line), sync) || disk_failed(f, e));
    if (!ok)
        buf_add_str(&f->held, buf_str(&line));
    buf_finish(&line);
    return ok;
}

void outbox_empty(struct outbox_file *f)
{
    struct buf head = {0};
    head_of(f, &head);
    f->records = 0;
    buf_clear(&f->held);
    /* With its last user in the first record the file may be longer than it was: then the old
     * bytes are a part of it. A crash between the two leaves a file without requests. */
    if (ftruncate(f->fd, 0) == 0) {
        f->written = 0;
        if (!append(f, buf_str(&head), false))
            buf_add_str(&f->held, buf_str(&head));
    }
    buf_finish(&head);
}

bool outbox_put_aside(const char *path, struct str json, struct str why, struct err *e)
{
    struct buf line = {0};
    buf_fmt(&line, "{\"why\":");
    codec_quote(&line, why);
    buf_fmt(&line, ",\"request\":");
    buf_add_str(&line, json);
    buf_fmt(&line, "}\n");
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write(fd, line.p, line.n) == (ssize_t)line.n && fdatasync(fd) == 0;
    if (!ok)
        fail(e, ERR_IO, "%s cannot be written: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    buf_finish(&line);
    return ok;
}
