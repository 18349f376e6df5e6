/* A day of a team's chat, replayed by script between real clients: ana and bo at their screens,
 * cleo by commands with a linear moot to read along, and a program by a hook. Each row is what
 * one of them does and what the others then show. At the end all have the same log, and it is
 * what was said. */
#include "screens.h"
#include "ws_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define COUNT_OF(a) (sizeof(a) / sizeof(*(a)))

#define CANCEL "\003" /* C-c: Esc that needs no pause behind it */
#define ENTER "\r"
#define UP "\033[A"
#define C_UP "\033[1;5A" /* selects the newest message */
#define M_J "\033j"
#define M_N "\033n"
#define M_W "\033w"
#define C_F "\006"
#define ERASE "\025" /* C-u */

enum way { KEYS, CHAT, BOARD, COMMAND, HOOK, CARD_HOOK, RESTART };
enum { WORDS_MAX = 10 };

struct step {
    const char *who;
    enum way way;
    /* KEYS: as typed; CHAT, BOARD: the same, with the focus there. COMMAND: words parted by
     * '|', in which {text} is the number of the message that says so. HOOK: what is posted.
     * RESTART: the screen ends and is opened again.
     */
    const char *what;
    /* What their own screen, ana's, bo's and cleo's lines show then; NULL: nothing of it. */
    const char *shows, *ana, *bo, *cleo;
    const char *gone; /* and what no screen shows any more */
};

struct day {
    struct world *w;
    struct person bo, cleo;
    struct screen *ana_sees, *bo_sees, *cleo_hears;
    size_t heard; /* bytes of cleo's lines that were looked at */
    char hook[200], card_hook[200];
};

/* clang-format off */
static const struct step morning[] = {
    {"ana", CHAT, "good morning, team" ENTER, .bo = "good morning, team", .cleo = "ana: good morning, team"},
    {"bo", CHAT, "morning" ENTER, .ana = " morning", .cleo = "bo: morning"},
    {"cleo", COMMAND, "send|#team|the build is red", .ana = "the build is red", .bo = "the build is red", .cleo = "the build is red"},
    {"ci", HOOK, "tests: 3 failed", .ana = "tests: 3 failed", .bo = "tests: 3 failed", .cleo = "ci (bot): tests: 3 failed"},

    /* topic, by key and by command */
    {"ana", BOARD, ":topic Release 0.2" ENTER, .shows = "Release 0.2", .bo = "Release 0.2", .cleo = "Release 0.2"},
    {"ana", COMMAND, "room|topic|#team|Release 0.3", .ana = "Release 0.3", .bo = "Release 0.3", .gone = "Release 0.2"},

    /* edit */
    {"ana", CHAT, UP ERASE "good morning, all" ENTER, .bo = "good morning, all", .cleo = "good morning, all", .gone = "morning, team"},
    {"cleo", COMMAND, "message|edit|#team|{the build is red}|the build is red again", .ana = "red again", .bo = "red again", .cleo = "red again"},

    /* reply, by key to the newest message, and by command */
    {"bo", CHAT, C_UP "r" "I look at them" ENTER, .ana = "I look at them", .cleo = "I look at them"},
    {"cleo", COMMAND, "send|--reply|{the build is red again}|#team|it was me", .ana = "it was me", .bo = "it was me", .cleo = "it was me"},

    /* react, once more, and take back */
    {"ana", CHAT, C_UP "+" "tada" ENTER, .shows = "\U0001f389 ana", .bo = "\U0001f389 1", .cleo = "ana reacted"},
    {"ana", KEYS, CANCEL, .shows = NULL},
    {"bo", CHAT, C_UP "+" ":tada:" ENTER, .ana = "\U0001f389 2"},
    {"bo", KEYS, CANCEL, .shows = NULL},
    {"cleo", COMMAND, "message|react|#team|{I look at them}|:eyes:", .ana = "\U0001f440 1", .bo = "\U0001f440 1"},
    {"cleo", COMMAND, "message|react|--remove|#team|{I look at them}|:eyes:", .gone = "\U0001f440"},
    {"bo", CHAT, C_UP "=" CANCEL, .ana = "\U0001f389 1"},

    /* pin and unpin */
    {"ana", CHAT, C_UP "p", .bo = "pinned", .cleo = "pinned"},
    {"ana", KEYS, "P", .shows = "it was me"},
    {"ana", KEYS, CANCEL CANCEL, .shows = NULL},
    {"cleo", COMMAND, "message|unpin|#team|{it was me}", .cleo = "pin"},
    {"cleo", COMMAND, "message|pin|#team|{good morning, all}", .cleo = "pinned"},

    /* delete, by key and by command; the log says by whom */
    {"bo", CHAT, "what a mess" ENTER, .ana = "what a mess", .cleo = "what a mess"},
    {"bo", CHAT, C_UP "d" "d", .ana = "deleted by", .gone = "what a mess"},
    {"bo", KEYS, CANCEL, .shows = NULL},
    {"cleo", COMMAND, "send|#team|wrong window", .ana = "wrong window", .bo = "wrong window"},
    {"cleo", COMMAND, "message|delete|#team|{wrong window}", .gone = "wrong window"},
};

static const struct step noon[] = {
    /* mentions and @here, by each way, of somebody who looks elsewhere */
    {"bo", BOARD, "]", .shows = "#lobby  \u25cf"},
    {"ana", CHAT, "@bo: are they green?" ENTER, .bo = "mentioned you in #team", .cleo = "are they green?"},
    {"cleo", COMMAND, "send|#team|@here lunch", .ana = "lunch", .bo = "@2"},
    {"ci", HOOK, "@bo tests: all green", .ana = "all green", .bo = "@3"},
    {"bo", KEYS, M_N, .shows = "all green", .gone = "@3"},

    /* comments on a card: by key, by command, answered, reacted to, pinned, edited, deleted */
    {"ana", BOARD, "a" "Ship it" ENTER, .shows = "Ship it", .bo = "Ship it", .cleo = "added #1"},
    {"ana", KEYS, "c" "who does the notes?" ENTER, .cleo = "who does the notes?"},
    {"cleo", COMMAND, "task|comment|#team|1|I do", .cleo = "I do"},
    {"cleo", COMMAND, "task|comment|--reply|{who does the notes?}|#team|1|until noon", .cleo = "until noon"},
    {"bo", KEYS, ":task open 1" ENTER, .shows = "until noon"},
    {"ana", KEYS, ENTER, .shows = "until noon"},
    {"cleo", COMMAND, "message|react|#team|{I do}|:heart:", .ana = "\u2764", .bo = "\u2764"},
    {"cleo", COMMAND, "message|edit|#team|{I do}|I do them", .ana = "I do them", .bo = "I do them"},
    {"bo", BOARD, ":task comment 1 thank you" ENTER, .ana = "thank you", .cleo = "thank you"},
    {"cleo", COMMAND, "message|delete|#team|{until noon}", .gone = "until noon"},
    {"ana", KEYS, "jjjjjjjjj", .shows = "r answer"},
    {"ana", KEYS, "r" "whenever" ENTER, .bo = "whenever", .cleo = "whenever"},
    {"ana", KEYS, "+" ":rocket:" ENTER, .bo = "\U0001f680", .cleo = "\U0001f680"},
    {"ana", KEYS, "p", .cleo = "pinned"},
    {"ci", CARD_HOOK, "deployed", .ana = "deployed", .bo = "deployed", .cleo = "deployed"},
    {"ana", KEYS, CANCEL, .shows = NULL},
    {"bo", KEYS, CANCEL, .shows = NULL},
};

static const struct step afternoon[] = {
    /* to one, to several, and while one is away; begun by key and by command */
    {"ana", BOARD, M_J "@bo" ENTER, .shows = "F1 help"},
    {"ana", CHAT, "between us" ENTER, .bo = "ana: between us"},
    {"bo", BOARD, M_N "i" "yes?" ENTER, .ana = "yes?"},
    {"cleo", COMMAND, "send|@ana+bo|the three of us", .ana = "cleo in @bo+cleo", .bo = "cleo in @ana+cleo"},
    {"bo", BOARD, M_N "i" "all here" ENTER, .ana = "bo in @bo+cleo", .cleo = "all here"},
    {"bo", RESTART, "away", .shows = NULL},
    {"ana", CHAT, "are you there" ENTER, .shows = "are you there"},
    {"cleo", COMMAND, "send|@bo|when you are back", .shows = NULL},
    {"cleo", COMMAND, "send|#team|@bo: one more thing", .cleo = "one more thing"},
    {"bo", RESTART, "back", .shows = "2 new"},
    {"bo", BOARD, M_W, .shows = "one more thing"},
    {"bo", KEYS, CANCEL, .shows = NULL},

    /* search, and go where the word was said */
    {"ana", BOARD, C_F "nowhere" ENTER, .shows = "Nothing was found."},
    {"ana", KEYS, CANCEL, .shows = NULL},
    {"ana", BOARD, C_F "failed" ENTER, .shows = "3 failed"},
    {"ana", KEYS, ENTER, .shows = "I look at them"},

    /* a draft is there after the end of the screen */
    {"ana", CHAT, "I wanted to say", .shows = "I wanted to say"},
    {"ana", RESTART, "away", .shows = NULL},
    {"ana", RESTART, "back", .shows = "I wanted to say"},
    {"ana", CHAT, ", thank you" ENTER, .cleo = "I wanted to say, thank you"},
};

static const struct step evening[] = {
    /* invited and gone, by key and by command; a room that is mute rings and counts nothing */
    {"ana", BOARD, ":room create #party private" ENTER, .shows = "#party"},
    {"ana", KEYS, ":invite bo" ENTER, .bo = "#party"},
    {"ana", COMMAND, "room|invite|#party|cleo", .cleo = "#party"},
    {"cleo", COMMAND, "send|#party|who brings what?", .bo = "1", .ana = "who brings what?"},
    {"bo", BOARD, ":join #party" ENTER, .shows = "who brings what?"},
    {"bo", BOARD, ":notify mute" ENTER, .shows = "mute"},
    {"bo", KEYS, ":join #team" ENTER, .shows = "#team"},
    {"cleo", COMMAND, "send|#party|@bo: cake?", .ana = "cake?"},
    {"cleo", COMMAND, "send|#team|@bo: cake?", .bo = "cake?", .gone = "@1"},
    {"bo", BOARD, ":join #party" ENTER, .shows = "cake?"},
    {"bo", BOARD, ":leave" ENTER, .shows = "Leave"},
    {"bo", KEYS, "y", .gone = NULL},
    {"cleo", COMMAND, "room|leave|#party", .cleo = NULL},
    {"ana", BOARD, ":room list" ENTER, .shows = "#party"},
};
/* clang-format on */

/* What is in the log of #team at the end: who, on which card, and what it says now. */
static const struct {
    const char *author, *card, *text, *more;
} said[] = {
    {"ana", "0", "good morning, all", "\"pinned\":true"},
    {"bo", "0", "morning", NULL},
    {"cleo", "0", "the build is red again", NULL},
    {"ci", "0", "tests: 3 failed", NULL},
    {"bo", "0", "I look at them", "\"to\":\"ci\""},
    {"cleo", "0", "it was me", "\"to\":\"cleo\""},
    {"bo", "0", "", "\"deleted\":\"bo\""},
    {"cleo", "0", "", "\"deleted\":\"cleo\""},
    {"ana", "0", "@bo: are they green?", NULL},
    {"cleo", "0", "@here lunch", NULL},
    {"ci", "0", "@bo tests: all green", NULL},
    {"ana", "1", "who does the notes?", NULL},
    {"cleo", "1", "I do them", "\u2764"},
    {"cleo", "1", "", "\"deleted\":\"cleo\""},
    {"bo", "1", "thank you", "\"pinned\":true"},
    {"ana", "1", "whenever", NULL},
    {"ci", "1", "deployed", NULL},
    {"cleo", "0", "@bo: one more thing", NULL},
    {"ana", "0", "I wanted to say, thank you", NULL},
    {"cleo", "0", "@bo: cake?", NULL},
};

/* ---- people ---- */

static const struct person *person(const struct day *d, const char *who)
{
    return strcmp(who, "ana") == 0 ? &d->w->ana : strcmp(who, "bo") == 0 ? &d->bo : &d->cleo;
}

static struct screen **screen(struct day *d, const char *who)
{
    return strcmp(who, "ana") == 0 ? &d->ana_sees : &d->bo_sees;
}

static struct screen *sits_down(const struct person *p, int rows, int cols)
{
    const char *const argv[] = {rig_moot, "--room", "#team", NULL};
    struct screen *s = screen_start(argv, p->env.v, rows, cols);
    assert_non_null(s);
    assert_true(screen_wait(s, "online", SOON));
    return s;
}

/* ---- what one does ---- */

/* The number of the newest message in #team that says so. */
static long number_of(struct day *d, const char *text, size_t n)
{
    struct run r = moot_says(&d->w->ana, NULL,
                             (const char *const[]){"message", "list", "#team", "--json", NULL});
    char wanted[200];
    long number = 0;
    snprintf(wanted, sizeof wanted, "\"text\":\"%.*s\"", (int)n, text);
    for (char *rest = r.out, *line; (line = strsep(&rest, "\n"));) {
        const char *seq = strstr(line, "\"seq\":");
        if (seq && strstr(line, wanted))
            number = strtol(seq + 6, NULL, 10);
    }
    run_finish(&r);
    if (!number)
        fail_msg("nobody said %s", wanted);
    return number;
}

static void by_command(struct day *d, const struct step *s)
{
    char copy[300], number[24], *rest = copy;
    const char *words[WORDS_MAX + 1] = {0};
    snprintf(copy, sizeof copy, "%s", s->what);
    for (size_t n = 0; rest && n < WORDS_MAX; n++) {
        char *word = strsep(&rest, "|");
        words[n] = word;
        if (word[0] == '{') {
            snprintf(number, sizeof number, "%ld", number_of(d, word + 1, strlen(word) - 2));
            words[n] = number;
        }
    }
    struct run r = moot_says(person(d, s->who), NULL, words);
    run_finish(&r);
}

static void make_hook(struct day *d, const char *const args[], char out[200])
{
    struct run r = moot_says(&d->w->me, NULL, args);
    const char *at = strstr(r.out, "/hooks/");
    assert_non_null(at);
    snprintf(out, 200, "%.*s", (int)strcspn(at, "\n"), at);
    run_finish(&r);
}

static void by_hook(struct day *d, const struct step *s)
{
    const char *hook = s->way == HOOK ? d->hook : d->card_hook;
    if (!d->card_hook[0] && s->way == CARD_HOOK) {
        make_hook(
            d,
            (const char *const[]){"admin", "hook", "add", "--card", "1", "#team", "ci", NULL},
            d->card_hook);
        hook = d->card_hook;
    }
    struct ws_client c;
    struct buf request = {0};
    const struct ws_dial dial = {.port = d->w->rig.port};
    buf_fmt(&request, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n%s", hook,
            strlen(s->what), s->what);
    assert_true(ws_connect(&c, &dial));
    assert_true(ws_send_raw(&c, buf_str(&request)));
    assert_true(ws_read_http(&c));
    assert_int_equal(c.status, 200);
    buf_finish(&request);
    ws_finish(&c);
}

static void restart(struct day *d, const struct step *s)
{
    struct screen **at = screen(d, s->who);
    bool is_ana = strcmp(s->who, "ana") == 0;
    if (strcmp(s->what, "away") == 0) {
        pty_signal(&(*at)->pty, SIGTERM);
        assert_true(screen_wait_end(*at, SOON));
        assert_true(screen_is_restored(*at));
        screen_free(*at);
        *at = NULL;
    } else {
        *at = sits_down(person(d, s->who), is_ana ? WIDE_ROWS : 24, is_ana ? WIDE_COLS : 80);
    }
}

/* ---- what the others see ---- */

struct heard {
    const char *text;
    size_t from;
};

static bool is_heard(struct screen *s, void *arg)
{
    const struct heard *h = arg;
    return s->raw && strstr(s->raw + h->from, h->text);
}

static void holds(const struct step *s, bool ok)
{
    if (!ok)
        fail_msg("%s did: %s", s->who, s->what);
}

static void sees(const struct step *s, struct screen *at, const char *text)
{
    if (at && text)
        holds(s, screen_wait(at, text, SOON));
}

static void loses(const struct step *s, struct screen *at, const char *text)
{
    if (at && text)
        holds(s, screen_wait_gone(at, text, SOON));
}

static void hears(struct day *d, const struct step *s)
{
    struct heard h = {s->cleo, d->heard};
    if (s->cleo)
        holds(s, screen_wait_until(d->cleo_hears, is_heard, &h, s->cleo, SOON));
    screen_pump(d->cleo_hears, 0);
    d->heard = d->cleo_hears->raw_n;
}

static void all_see(struct day *d, const struct step *s)
{
    if (s->shows)
        sees(s, *screen(d, s->who), s->shows);
    sees(s, d->ana_sees, s->ana);
    sees(s, d->bo_sees, s->bo);
    hears(d, s);
    loses(s, d->ana_sees, s->gone);
    loses(s, d->bo_sees, s->gone);
}

static void passes(struct day *d, const struct step *steps, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct step *s = &steps[i];
        switch (s->way) {
        case CHAT:
            focus_chat(*screen(d, s->who));
            screen_type(*screen(d, s->who), s->what);
            break;
        case BOARD:
            focus_board(*screen(d, s->who));
            screen_type(*screen(d, s->who), s->what);
            break;
        case KEYS:
            screen_type(*screen(d, s->who), s->what);
            break;
        case COMMAND:
            by_command(d, s);
            break;
        case HOOK:
        case CARD_HOOK:
            by_hook(d, s);
            break;
        case RESTART:
            restart(d, s);
            break;
        }
        all_see(d, s);
    }
}

/* ---- morning and evening ---- */

static int begin(void **state)
{
    void *world = NULL;
    struct day *d = calloc(1, sizeof *d);
    *state = d;
    if (!d || world_set_up(&world) != 0)
        return -1;
    d->w = world;
    struct run r =
        moot_says(&d->w->ana, NULL, (const char *const[]){"room", "create", "#team", NULL});
    run_finish(&r);
    assert_true(rig_person(&d->w->rig, &d->bo, "bo"));
    assert_true(rig_person(&d->w->rig, &d->cleo, "cleo"));
    const struct person *const others[] = {&d->bo, &d->cleo};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        r = moot_says(others[i], NULL, (const char *const[]){"room", "join", "#team", NULL});
        run_finish(&r);
    }
    make_hook(d, (const char *const[]){"admin", "hook", "add", "#team", "ci", NULL}, d->hook);
    d->ana_sees = sits_down(&d->w->ana, WIDE_ROWS, WIDE_COLS);
    d->bo_sees = sits_down(&d->bo, 24, 80);
    d->cleo_hears =
        screen_start((const char *const[]){rig_moot, "--linear", "--room", "#team", NULL},
                     d->cleo.env.v, 24, 80);
    assert_non_null(d->cleo_hears);
    assert_true(screen_wait(d->cleo_hears, "ana, bo", SOON));
    d->heard = d->cleo_hears->raw_n;
    return 0;
}

static int end(void **state)
{
    struct day *d = *state;
    void *world = d->w;
    screen_free(d->ana_sees);
    screen_free(d->bo_sees);
    screen_free(d->cleo_hears);
    person_finish(&d->bo);
    person_finish(&d->cleo);
    free(d);
    return world_tear_down(&world);
}

static char *log_of(const struct person *p, const char *room)
{
    struct run r = moot_says(p, NULL, (const char *const[]){"tail", room, "--json", NULL});
    char *log = strdup(r.out);
    run_finish(&r);
    return log;
}

static void has(const char *line, const char *fmt, const char *value)
{
    char part[200];
    snprintf(part, sizeof part, "%s%s", fmt, value);
    if (!strstr(line, part))
        fail_msg("%s is not in %s", part, line);
}

static void the_log_is_what_was_said(struct day *d)
{
    char *log = log_of(&d->w->ana, "#team"), *rest = log;
    for (size_t i = 0; i < COUNT_OF(said); i++) {
        char text[200];
        const char *line = strsep(&rest, "\n");
        snprintf(text, sizeof text, "\"%s\"", said[i].text);
        if (!line || !*line)
            fail_msg("the log ends before \"%s\"", said[i].text);
        has(line, "\"text\":", text);
        snprintf(text, sizeof text, "\"%s\"", said[i].author);
        has(line, "\"author\":", text);
        has(line, "\"task\":", said[i].card);
        has(line, "", said[i].more ? said[i].more : "");
    }
    if (rest && *rest)
        fail_msg("more than was said: %s", rest);
    free(log);
}

/* A direct conversation has the names of the others for each. */
static void both_have_the_same(const struct person *a, const char *room, const struct person *b,
                               const char *its_name)
{
    char *mine = log_of(a, room), *theirs = log_of(b, its_name);
    assert_int_not_equal(mine[0], '\0');
    assert_string_equal(mine, theirs);
    free(mine);
    free(theirs);
}

static void is_listed(const struct person *p, const char *room, bool wanted)
{
    struct run r = moot_says(p, NULL, (const char *const[]){"room", "list", NULL});
    if ((strstr(r.out, room) != NULL) != wanted)
        fail_msg("%s lists:\n%s", p->name, r.out);
    run_finish(&r);
}

static void a_day_of_a_team(void **state)
{
    struct day *d = *state;
    passes(d, morning, COUNT_OF(morning));
    passes(d, noon, COUNT_OF(noon));
    passes(d, afternoon, COUNT_OF(afternoon));
    passes(d, evening, COUNT_OF(evening));
    the_log_is_what_was_said(d);
    both_have_the_same(&d->w->ana, "#team", &d->bo, "#team");
    both_have_the_same(&d->w->ana, "#team", &d->cleo, "#team");
    both_have_the_same(&d->w->ana, "@bo", &d->bo, "@ana");
    both_have_the_same(&d->w->ana, "@bo+cleo", &d->cleo, "@ana+bo");
    both_have_the_same(&d->bo, "@cleo", &d->cleo, "@bo");
    is_listed(&d->w->ana, "#party", true);
    is_listed(&d->bo, "#party", false);
    is_listed(&d->cleo, "#party", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_day_of_a_team, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
