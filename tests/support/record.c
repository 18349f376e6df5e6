/* Records moot demo as asciicast v2, with a viewer who plays along, and takes pictures on the
 * way. For scripts/record-demo.     record CAST PICTURES
 *
 * The viewer waits for what is on the screen and then for as long as one reads it; so the
 * recording is the same each time but for the moments at which things happen. */
#include "mem.h"
#include "picture.h"
#include "server_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    ROWS = 30,
    COLS = 100,
    PATIENCE = 40000, /* ms: for what is waited for */
    FRAME = 30,       /* ms of output that become one event */
    KEY = 110,        /* ms between two letters that are typed */
    PATH_ROOM = 300,
};

/* Once the screen shows `sees`: waits, then presses a key or types; then takes a picture. */
struct step {
    const char *sees;
    int64_t ms;
    const char *key, *text;
    const char *picture;
    const char *mark; /* where a player can go */
};

static const struct step steps[] = {
    {.sees = "1/9  A room", .mark = "A room"},
    {.sees = "2/9  Several at once", .mark = "Several at once"},
    {.sees = "Choose a card", .mark = "Your turn", .ms = 3500, .key = "j"},
    {.ms = 900, .key = "L"},
    {.sees = "Two people, one title", .mark = "Two changes", .ms = 4500, .key = "e"},
    {.sees = "ben was quicker", .ms = 2500, .text = " today"},
    {.ms = 1200, .key = "\r"},
    {.sees = "two changes", .ms = 5500, .key = "m"},
    {.sees = "5/9  Chat", .mark = "Chat"},
    {.sees = "n goes to the next room", .ms = 2500, .key = "n"},
    {.sees = "back to #lobby", .ms = 1500, .key = "i"},
    {.ms = 600, .text = "The second, yes :+1:"},
    {.ms = 500, .key = "\r"},
    {.ms = 1500, .key = "\x1b"},
    {.ms = 1200, .key = "]"},
    {.sees = "6/9  One text", .mark = "One text, four people", .ms = 3000, .key = "\x1bOQ"},
    {.ms = 1200, .key = "\r"},
    {.sees = "Carets in their colours", .ms = 1500, .key = "\x1b[B"},
    {.ms = 150, .key = "\x1b[B"},
    {.ms = 150, .key = "\x1b[F"},
    {.ms = 400, .text = " Like this!"},
    {.sees = "- [ ] ask for", .picture = "note.svg"},
    {.sees = "7/9  A cut link", .mark = "A cut link", .ms = 1500, .key = "\x1bq"},
    {.ms = 400, .key = "\x1b"},
    {.sees = "It is gone", .ms = 3500, .key = "l"},
    {.ms = 600, .key = "H"},
    {.ms = 1500, .key = "i"},
    {.ms = 400, .text = "I am in a tunnel."},
    {.ms = 500, .key = "\r"},
    {.ms = 800, .key = "\x1b"},
    {.sees = "The way is free", .ms = 2500, .key = "R"},
    {.sees = "8/9  And more", .mark = "And more"},
    {.sees = "w lists what", .ms = 2000, .key = "w"},
    {.sees = "C-f searches", .ms = 2500, .key = "\x1b"},
    {.ms = 700, .key = "\x06"},
    {.ms = 600, .text = "slow"},
    {.ms = 500, .key = "\r"},
    {.sees = "S shows how", .ms = 2500, .key = "\x1b"},
    {.ms = 700, .key = "S"},
    {.sees = "9/9  The end", .ms = 1500, .key = "\x1b"},
    {.sees = "9/9  The end", .mark = "The end", .ms = 6000, .key = "\x1b[19~"},
    {.ms = 6500, .picture = "screen.svg"}, /* the toast has gone */
    {.ms = 500, .text = ":quit"},
    {.ms = 600, .key = "\r"},
};

struct recorder {
    struct screen *s;
    FILE *cast;
    int64_t begun;
    size_t taken; /* bytes of the screen's output that are in the cast */
};

/* ---- the cast ---- */

/* What only asks or tells the terminal something, and would stay on if the player is stopped:
 * mouse, focus and paste reports, the clipboard. */
static size_t skipped(const char *at, size_t n)
{
    static const char *const reports[] = {"1000", "1002", "1003", "1004", "1006", "2004"};
    for (size_t i = 0; i < COUNT_OF(reports); i++) {
        char on[16];
        int len = snprintf(on, sizeof on, "\x1b[?%sh", reports[i]);
        if (n >= (size_t)len && memcmp(at, on, (size_t)len - 1) == 0 &&
            (at[len - 1] == 'h' || at[len - 1] == 'l'))
            return (size_t)len;
    }
    return 0;
}

static void put_json(FILE *f, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)bytes[i];
        size_t skip = c == 0x1b ? skipped(bytes + i, n - i) : 0;
        if (skip)
            i += skip - 1;
        else if (c == '"' || c == '\\')
            fprintf(f, "\\%c", c);
        else if (c == '\r' || c == '\n')
            fprintf(f, "\\%c", c == '\r' ? 'r' : 'n');
        else if (c < 0x20 || c == 0x7f)
            fprintf(f, "\\u%04x", c);
        else
            fputc(c, f);
    }
}

static void put_event(struct recorder *r, const char *kind, const char *bytes, size_t n)
{
    int64_t ms = clock_ms() - r->begun;
    fprintf(r->cast, "[%lld.%03lld, \"%s\", \"", (long long)(ms / 1000), (long long)(ms % 1000),
            kind);
    put_json(r->cast, bytes, n);
    fputs("\"]\n", r->cast);
}

/* Where the last whole character ends. */
static size_t whole(const char *bytes, size_t n)
{
    size_t back = 1;
    while (back <= 3 && back <= n && ((unsigned char)bytes[n - back] & 0xc0) == 0x80)
        back++;
    if (back > n)
        return n;
    unsigned char lead = (unsigned char)bytes[n - back];
    size_t need = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    return need > back ? n - back : n;
}

static void take(struct recorder *r)
{
    const char *bytes = r->s->raw + r->taken;
    size_t n = whole(bytes, r->s->raw_n - r->taken);
    if (n == 0)
        return;
    put_event(r, "o", bytes, n);
    r->taken += n;
}

/* ---- the viewer ---- */

/* False when the program has gone. */
static bool pass(struct recorder *r, int64_t ms)
{
    int64_t until = clock_ms() + ms;
    for (int64_t now; (now = clock_ms()) < until;) {
        int64_t frame = MIN(now + FRAME, until);
        while (clock_ms() < frame)
            if (!screen_pump(r->s, MAX(frame - clock_ms(), 0)))
                return false;
        take(r);
    }
    return true;
}

static bool sees(struct recorder *r, const char *text)
{
    int64_t until = clock_ms() + PATIENCE;
    while (!screen_shows(r->s, text))
        if (clock_ms() >= until || !pass(r, FRAME)) {
            fprintf(stderr, "record: never saw: %s\n%s", text, screen_text(r->s));
            return false;
        }
    return true;
}

static bool do_step(struct recorder *r, const struct step *step, const char *pictures)
{
    char path[PATH_ROOM];
    if (step->sees && !sees(r, step->sees))
        return false;
    if (step->mark)
        put_event(r, "m", step->mark, strlen(step->mark));
    if (!pass(r, step->ms))
        return false;
    if (step->key)
        screen_type(r->s, step->key);
    for (const char *c = step->text; c && *c; c++) {
        screen_type(r->s, (char[]){*c, '\0'});
        if (!pass(r, KEY))
            return false;
    }
    snprintf(path, sizeof path, "%s/%s", pictures, step->picture ? step->picture : "");
    return !step->picture || picture_write(r->s, path);
}

static bool record(struct recorder *r, const char *pictures)
{
    fprintf(r->cast,
            "{\"version\": 2, \"width\": %d, \"height\": %d, \"title\": \"moot demo\", "
            "\"env\": {\"TERM\": \"xterm-256color\"}}\n",
            COLS, ROWS);
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        if (!do_step(r, &steps[i], pictures))
            return false;
    while (!r->s->pty.ended && pass(r, FRAME))
        ;
    if (!screen_wait_end(r->s, PATIENCE))
        return false;
    take(r);
    return WIFEXITED(r->s->pty.status) && WEXITSTATUS(r->s->pty.status) == 0;
}

int main(int argc, char **argv)
{
    const char *const words[] = {rig_moot, "demo", NULL};
    struct env env;
    struct recorder r = {0};
    if (argc != 3) {
        fprintf(stderr, "usage: record CAST PICTURES\n");
        return 2;
    }
    env_init(&env, "/nonexistent");
    env_set(&env, "TZ", "UTC");
    r.cast = fopen(argv[1], "we");
    r.s = r.cast ? screen_start(words, env.v, ROWS, COLS) : NULL;
    r.begun = clock_ms();
    bool ok = r.s && record(&r, argv[2]);
    screen_free(r.s);
    env_finish(&env);
    if (r.cast)
        ok = fclose(r.cast) == 0 && ok;
    return ok ? 0 : 1;
}
