#include "duty.h"

#include "bounds.h"
#include "peer.h"
#include "store_backup.h"
#include "store_check.h"
#include "store_claim.h"
#include "store_export.h"
#include "store_repair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void print(struct buf *said)
{
    fwrite(buf_cstr(said), 1, said->n, stdout);
    buf_finish(said);
}

static const char *db_of(const struct server_opts *o, struct arena *a)
{
    return str_fmt(a, "%s/moot.db", o->data).p;
}

/* The account that runs this, and whose it is if that came to it by sudo. */
static const struct store_by *by(struct arena *a)
{
    struct store_by *by = arena_alloc(a, sizeof *by);
    struct timespec now;
    char name[33];
    bool is_admin;
    struct str sudo = str_of(getenv("SUDO_USER"));
    peer_account(getuid(), name, &is_admin);
    clock_gettime(CLOCK_REALTIME, &now);
    by->time = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    by->author = str_keep(a, str_of(name));
    if (getuid() == 0 && sudo.n > 0 && sudo.n <= USER_NAME_MAX && str_follows(sudo, RULE_USER))
        by->author = str_fmt(a, "%s (sudo: %.*s)", name, STR_ARG(sudo));
    return by;
}

static bool check(const struct server_opts *o, char *const words[], size_t n, struct err *e)
{
    struct arena a = {0};
    struct buf said = {0};
    (void)words, (void)n;
    const char *db = db_of(o, &a);
    int claim = o->repair ? store_claim(o->data, e) : -1;
    bool ok = !o->repair || (claim >= 0 && store_repair(db, by(&a), &said, e));
    ok = ok && store_check(db, &said, e);
    if (ok)
        buf_fmt(&said, "The database agrees with itself.\n");
    if (claim >= 0)
        close(claim);
    print(&said);
    arena_finish(&a);
    return ok;
}

static bool backup(const struct server_opts *o, char *const words[], size_t n, struct err *e)
{
    struct arena a = {0};
    struct buf said = {0};
    (void)n;
    bool ok = store_backup(db_of(o, &a), words[0], &said, e);
    print(&said);
    arena_finish(&a);
    return ok;
}

static bool restore(const struct server_opts *o, char *const words[], size_t n, struct err *e)
{
    struct arena a = {0};
    struct buf said = {0};
    (void)n;
    int claim = store_folder_make(o->data, e) ? store_claim(o->data, e) : -1;
    bool ok = claim >= 0 && store_restore(words[0], db_of(o, &a), by(&a), &said, e);
    if (claim >= 0)
        close(claim);
    print(&said);
    arena_finish(&a);
    return ok;
}

static bool migrate(const struct server_opts *o, char *const words[], size_t n, struct err *e)
{
    struct arena a = {0};
    struct buf said = {0};
    (void)words, (void)n;
    int claim = o->dry_run ? -1 : store_claim(o->data, e);
    bool ok =
        (o->dry_run || claim >= 0) && store_migrate(db_of(o, &a), o->dry_run, by(&a), &said, e);
    if (claim >= 0)
        close(claim);
    print(&said);
    arena_finish(&a);
    return ok;
}

/* To standard output goes nothing but the export. */
static bool export_rooms(const struct server_opts *o, char *const words[], size_t n,
                         struct err *e)
{
    struct arena a = {0};
    struct buf said = {0};
    bool ok = store_export(db_of(o, &a), words, n - 1, words[n - 1], &said, e);
    print(&said);
    arena_finish(&a);
    return ok;
}

static bool import(const struct server_opts *o, char *const words[], size_t n, struct err *e)
{
    struct arena a = {0};
    struct buf said = {0};
    (void)n;
    int claim = store_folder_make(o->data, e) ? store_claim(o->data, e) : -1;
    bool ok = claim >= 0 && store_import(words[0], db_of(o, &a), by(&a), &said, e);
    if (claim >= 0)
        close(claim);
    print(&said);
    arena_finish(&a);
    return ok;
}

/* clang-format off */
const struct duty duties[] = {
    {"check", "", 0, 0, "prove that the database agrees with itself",
     "Proves, without changing anything, that the database agrees with itself: pages and indexes,\n"
     "the log without holes, the tables beside the log with what the log says, and every text that\n"
     "was kept whole with a replay of its edits from the first on.\n"
     "It names each fault with its room and event or text, and goes on.\n"
     "A server may run meanwhile.\n"
     ".Pp\n"
     "With\n"
     ".Fl -repair ,\n"
     "refused while a server runs on the data, everything that follows from the log is made anew first:\n"
     "indexes, the tables beside the log, kept texts; after a copy is kept as\n"
     ".Pa moot.db.before-repair-TIME .\n"
     "Where pages of the file cannot be read, or tables are missing, a new one is begun with the log, the\n"
     "accounts, their tokens and the hooks, if these are whole, and it says what of the rest was lost.\n"
     "A room whose log itself is damaged is left alone; for that there is\n"
     ".Cm restore .\n",
     check},
    {"backup", "FILE", 1, 1, "copy the database while a server runs, and prove the copy",
     "Copies the database as it is at one moment; a server may run meanwhile.\n"
     "The copy is checked as by\n"
     ".Cm check\n"
     "and only then gets the name\n"
     ".Ar FILE ,\n"
     "in place of an older backup if there is one: under that name there is never half a copy.\n"
     "What an interrupted one leaves is\n"
     ".Ar FILE Ns Pa .part ;\n"
     "the next one takes it over.\n"
     "The secret that signs tokens is not in it.\n",
     backup},
    {"restore", "FILE", 1, 1, "put a backup in the place of the database",
     "Puts a checked copy of\n"
     ".Ar FILE ,\n"
     "a backup of this or an older version, in the place of the database.\n"
     "What was there is kept beside it as\n"
     ".Pa moot.db.before-restore-TIME .\n"
     "Refused while a server runs on the data.\n"
     "Clients forget what they had seen, since it may not be in the backup, and keep what they had not sent.\n",
     restore},
    {"migrate", "", 0, 0, "bring the database of an older version to this one's schema",
     "Says which steps the database lacks to be of this version and takes them, after keeping a copy as\n"
     ".Pa moot.db.before-migrate-TIME .\n"
     "Starting the server takes the same steps without a copy.\n"
     "With\n"
     ".Fl -dry-run\n"
     "the steps are tried on a copy, which is checked and dropped; a server may run meanwhile.\n",
     migrate},
    {"export", "[ROOM...] FILE", 1, 1000, "write rooms as text: JSON Lines, and Markdown to read",
     "Writes the named rooms, with or without their\n"
     ".Ql # ,\n"
     "or all of them and the accounts, as they are at one moment; a server may run meanwhile.\n"
     "A room of which an event cannot be read is refused.\n"
     ".Ar FILE\n"
     "gets one line of JSON for each event, as in\n"
     ".Xr moot-protocol 7 ,\n"
     "from which\n"
     ".Cm import\n"
     "makes the same rooms again;\n"
     ".Ql -\n"
     "is standard output.\n"
     "When it is a folder, or ends in a slash, that file is\n"
     ".Pa moot.jsonl\n"
     "in it, and beside it each room has a folder with\n"
     ".Pa chat.md , board.md ,\n"
     "the notes, and the descriptions of cards.\n"
     "Tokens are not exported.\n",
     export_rooms},
    {"import", "FILE", 1, 1, "add the rooms of an export",
     "Adds the rooms and accounts of an export, all or nothing, after keeping a copy as\n"
     ".Pa moot.db.before-import-TIME .\n"
     "Every event is checked, and the result as by\n"
     ".Cm check .\n"
     "A room that is there already is refused; an account that is there stays as it is.\n"
     "Refused while a server runs on the data.\n",
     import},
};
/* clang-format on */

const size_t duty_count = COUNT_OF(duties);

const struct duty *duty_find(char *const words[], size_t n, struct err *e)
{
    for (size_t i = 0; i < duty_count; i++) {
        const struct duty *d = &duties[i];
        if (strcmp(words[0], d->name) != 0)
            continue;
        if (n - 1 >= d->words_min && n - 1 <= d->words_max)
            return d;
        fail(e, ERR_USAGE, "it is: mootd [options] %s%s%s", d->name, *d->args ? " " : "",
             d->args);
        return NULL;
    }
    fail(e, ERR_USAGE, "%s is nothing that mootd does; see mootd --help.", words[0]);
    return NULL;
}

void duty_help(struct buf *out)
{
    for (size_t i = 0; i < duty_count; i++) {
        const struct duty *d = &duties[i];
        size_t width = strlen(d->name) + 1 + strlen(d->args);
        buf_fmt(out, "       mootd [options] %s %s%*s  %s\n", d->name, d->args,
                width < 21 ? (int)(21 - width) : 0, "", d->sentence);
    }
}

void duty_mdoc(struct buf *out)
{
    for (size_t i = 0; i < duty_count; i++) {
        const struct duty *d = &duties[i];
        buf_fmt(out, ".It Cm %s", d->name);
        struct str rest = str_of(d->args);
        while (rest.n) {
            struct str word = str_cut(&rest, ' ');
            bool may_lack = word.p[0] == '[';
            buf_fmt(out, may_lack ? " Oo Ar %.*s Oc" : " Ar %.*s", (int)word.n - 2 * may_lack,
                    word.p + may_lack);
        }
        buf_fmt(out, "\n%s", d->doc);
    }
}
