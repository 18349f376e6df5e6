/* The verbs of moot against a real server: what they print, and how they end. */
#include "steps.h"
#include "wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEXT_BYTES_MAX = 16384 };

static void cards_are_added_moved_and_shown(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core", NULL, 0, "", ""},
        {0, "task|add|core|Fix the build", NULL, 0, "1\n", ""},
        {0, "task|add|#core|Second|--column|Doing", NULL, 0, "2\n", ""},
        {0, "task|add|core|-|--top", "From a pipe\n", 0, "3\n", ""},
        {0, "task|list|core", NULL, 0,
         "    3  Todo        From a pipe\n"
         "    1  Todo        Fix the build\n"
         "    2  Doing       Second\n",
         ""},
        {0, "task|list|core|--column|doing", NULL, 0, "    2  Doing       Second\n", ""},
        {0, "task|move|core|1|Done", NULL, 0, "", ""},
        {0, "task|move|core|#2|Done|--top", NULL, 0, "", ""},
        {0, "task|edit|core|2|Second, better", NULL, 0, "", ""},
        {0, "task|show|core|2", NULL, 0, "    2  Done        Second, better\n", ""},
        {0, "task|list|core|--column|Done", NULL, 0,
         "    2  Done        Second, better\n    1  Done        Fix the build\n", ""},
        {0, "task|archive|core|2", NULL, 0, "", ""},
        {0, "task|show|core|2", NULL, 3, "", NULL},
        {0, "task|restore|core|2", NULL, 0, "", ""},
        {0, "task|show|core|2", NULL, 0, "    2  Done        Second, better\n", ""},
        {0, "--room|core|task|show|1", NULL, 0, "    1  Done        Fix the build\n", ""},
    };
    walk(*state, steps, COUNT_OF(steps));
}

static void json_has_stable_names(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core|--json", NULL, 0, "{\"room\":\"#core\",\"seq\":1,\"number\":0}\n",
         ""},
        {0, "task|add|core|A \"quoted\" one|--json", NULL, 0,
         "{\"room\":\"#core\",\"seq\":2,\"number\":1}\n", ""},
        {0, "task|list|core|--json", NULL, 0,
         "~{\"room\":\"#core\",\"number\":1,\"title\":\"A \\\"quoted\\\" "
         "one\",\"column\":\"Todo\",",
         ""},
        {0, "send|core|hello there|--json", NULL, 0,
         "{\"room\":\"#core\",\"seq\":3,\"number\":0}\n", ""},
        {0, "tail|core|--json", NULL, 0, "~{\"room\":\"#core\",\"seq\":3,\"time\":1", ""},
        {0, "tail|core|--json", NULL, 0, "~\"text\":\"hello there\",\"task\":0,", ""},
        {0, "tail|core|--json|--events", NULL, 0, "~\"type\":\"task.added\"", ""},
        {0, "room|list|--json", NULL, 0,
         "~\"room\":\"#core\",\"role\":\"owner\",\"public\":true", ""},
        {0, "room|members|core|--json", NULL, 0, "~\"role\":\"owner\",\"online\":false,", ""},
        {0, "admin|user|list|--json", NULL, 0,
         "~{\"user\":\"ana\",\"admin\":false,\"disabled\":false,", ""},
        {0, "admin|stats|--json", NULL, 0, "~{\"name\":\"", ""},
        {0, "admin|busy|--json", NULL, 0,
         "~{\"kind\":\"room\",\"name\":\"#core\",\"hour\":", ""},
        {0, "admin|minutes|--json", NULL, 0, "", ""},
        {0, "admin|minutes|17", NULL, 2, "", "~is no time"},
        {0, "admin|disable|ana", NULL, 0, "", ""},
        {1, "who", NULL, 4, "", "~disabled"},
        {0, "admin|enable|ana", NULL, 0, "", ""},
        {1, "who", NULL, 0, NULL, ""},
        {0, "admin|notice|hello|there", NULL, 0, "", "~says: hello there"},
        {0, "admin|kick|nobody", NULL, 3, "", NULL},
        {0, "admin|audit|--limit|2|--json", NULL, 0,
         "~\"act\":\"user.set\",\"subject\":\"ana\",\"words\":\"no admin, enabled\"}", ""},
        {0, "admin|token|list|--json", NULL, 0, "~\"user\":\"ana\"", ""},
    };
    walk(*state, steps, COUNT_OF(steps));
}

static void each_kind_of_failure_has_its_status(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core|--private", NULL, 0, "", ""},
        /* usage */
        {0, "frobnicate", NULL, 2, "", "~there is no verb"},
        {0, "send|core", NULL, 2, "", "~usage: moot send ROOM TEXT..."},
        {0, "send|Core Team|x", NULL, 2, "", "~no name of a room"},
        {0, "task|move|core|one|Done", NULL, 2, "", "~no number of a card"},
        {0, "tail|core|--limit|many", NULL, 2, "", "~--limit"},
        {0, "who|--server|http://example.org", NULL, 2, "", "~wss://HOST:PORT"},
        /* not found */
        {0, "send|nowhere|x", NULL, 3, "", NULL},
        {0, "tail|nowhere", NULL, 3, "", NULL},
        {0, "task|list|nowhere", NULL, 3, "", NULL},
        {0, "task|show|core|99", NULL, 3, "", NULL},
        {0, "task|move|core|99|Done", NULL, 3, "", NULL},
        {0, "admin|user|set|nobody|--admin", NULL, 3, "", NULL},
        /* not allowed */
        {1, "admin|stats", NULL, 4, "", NULL},
        {1, "room|join|core", NULL, 3, "", NULL}, /* that it is there is private, too */
        /* conflict */
        {0, "room|create|core", NULL, 5, "", NULL},
        {0, "admin|user|add|ana", NULL, 5, "", NULL},
        /* failed */
        {0, "send|core|-", "", 1, "", "~empty"},
        {0, "send|core|-", "\xff\xfe", 1, "", "~not UTF-8"},
        /* unreachable */
        {0, "who|--server|unix:/nonexistent|--timeout|50ms", NULL, 6, "", "~/nonexistent"},
        {0, "who|--server|ws://127.0.0.1:1|--timeout|50ms", NULL, 6, "", "~127.0.0.1:1"},
    };
    walk(*state, steps, COUNT_OF(steps));
}

static void a_bad_token_is_not_signed_in(void **state)
{
    struct world *w = *state;
    env_set(&w->ana.env, "MOOT_TOKEN", "not.a.token");
    WALK(w, {1, "who", NULL, 4, "", NULL});
    env_unset(&w->ana.env, "MOOT_TOKEN");
    WALK(w, {1, "who", NULL, 4, "", NULL});
}

static void a_message_may_be_long_but_not_too_long(void **state)
{
    struct world *w = *state;
    char *text = calloc(1, TEXT_BYTES_MAX + 2);
    memset(text, 'x', TEXT_BYTES_MAX);
    struct run r;
    moot(&w->me, &r, "send|lobby|-", text);
    assert_int_equal(r.status, 0);
    run_finish(&r);
    text[TEXT_BYTES_MAX] = 'y';
    moot(&w->me, &r, "send|lobby|-", text);
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.err, "16384"));
    run_finish(&r);
    free(text);
}

static void tail_shows_what_is_asked_for(void **state)
{
    struct world *w = *state;
    WALK(w, {0, "room|create|core", NULL, 0, "", ""}, {0, "send|core|one", NULL, 0, "", ""},
         {0, "send|core|two", NULL, 0, "", ""}, {0, "task|add|core|card", NULL, 0, "1\n", ""},
         {0, "send|core|-", "three\nand more\n", 0, "", ""});
    struct run r;
    moot(&w->me, &r, "tail|core", NULL);
    const char *one = strstr(r.out, ": one\n"), *two = strstr(r.out, ": two\n"),
               *three = strstr(r.out, ": three\n    and more\n");
    assert_true(one && two && three && one < two && two < three);
    run_finish(&r);
    moot(&w->me, &r, "tail|core|--since|2", NULL);
    assert_null(strstr(r.out, ": one\n"));
    assert_non_null(strstr(r.out, ": two\n"));
    run_finish(&r);
    moot(&w->me, &r, "tail|core|--limit|2", NULL);
    assert_null(strstr(r.out, ": one\n"));
    assert_non_null(strstr(r.out, ": two\n"));
    assert_non_null(strstr(r.out, ": three\n"));
    run_finish(&r);
}

static void what_others_wrote_cannot_reach_the_terminal_raw(void **state)
{
    struct world *w = *state;
    WALK(w, {1, "send|lobby|\x1b]0;title\x07 \xe2\x80\xae reversed", NULL, 0, "", ""});
    struct run r;
    moot(&w->me, &r, "tail|lobby", NULL);
    assert_null(strchr(r.out, '\x1b'));
    assert_null(strstr(r.out, "\xe2\x80\xae"));
    assert_non_null(strstr(r.out, "\\x1b]0;title\\x07 \\u{202e} reversed"));
    run_finish(&r);
}

static void rooms_have_members_and_roles(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core|--private", NULL, 0, "", ""},
        {1, "send|core|let me in", NULL, 3, "", NULL},
        {0, "room|invite|core|ana|--role|observer", NULL, 0, "", ""},
        {1, "tail|core", NULL, 0, "", ""},
        {1, "send|core|still not", NULL, 4, "", NULL},
        {0, "room|invite|core|ana", NULL, 0, "", ""},
        {1, "send|core|now I can", NULL, 0, "", ""},
        {0, "room|members|core", NULL, 0, "~ana                   member", ""},
        {1, "room|list", NULL, 0, "~#core", ""},
        {1, "room|invite|core|ana|--role|owner", NULL, 4, "", NULL},
        {0, "room|remove|core|ana", NULL, 0, "", ""},
        {1, "send|core|gone", NULL, 3, "", NULL},
        {0, "room|create|open", NULL, 0, "", ""},
        {1, "room|join|open", NULL, 0, "", ""},
        {1, "send|open|hi", NULL, 0, "", ""},
        {1, "room|leave|open", NULL, 0, "", ""},
        {0, "room|invite|core|ana|--role|king", NULL, 2, "", "~observer, member or owner"},
    };
    walk(*state, steps, COUNT_OF(steps));
}

/* The one line of output that follows. */
static void moot_says(const struct person *p, const char *line, char *out, size_t size)
{
    struct run r;
    moot(p, &r, line, NULL);
    assert_int_equal(r.status, 0);
    snprintf(out, size, "%.*s", (int)strcspn(r.out, "\n"), r.out);
    run_finish(&r);
}

static void an_invitation_signs_in_for_good_and_once(void **state)
{
    struct world *w = *state;
    char line[256], link[3000];
    struct person kim;
    assert_true(rig_person(&w->rig, &kim, "kim"));
    env_unset(&kim.env, "MOOT_TOKEN");
    env_unset(&kim.env, "MOOT_SERVER");
    snprintf(line, sizeof line, "admin|invite|kim|--ttl|5m|--url|%s", w->rig.tcp_url);
    moot_says(&w->me, line, link, sizeof link);
    assert_non_null(strstr(link, "/#"));
    struct run r;
    snprintf(line, sizeof line, "who|--server|%s", w->rig.tcp_url);
    moot(&kim, &r, line, NULL);
    assert_int_equal(r.status, 4);
    assert_non_null(strstr(r.err, "moot join LINK does that"));
    run_finish(&r);
    moot(&kim, &r, "join|-", link);
    if (r.status != 0)
        fail_msg("join: %d %s", r.status, r.err);
    assert_string_equal(r.out, "");
    run_finish(&r);
    moot(&kim, &r, "send|lobby|here I am", NULL);
    assert_int_equal(r.status, 0);
    run_finish(&r);
    moot(&kim, &r, "join|-", link);
    assert_int_equal(r.status, 4);
    run_finish(&r);
    person_finish(&kim);
}

static void a_revoked_token_is_the_end(void **state)
{
    struct world *w = *state;
    char list[4096], line[256];
    WALK(w, {1, "who", NULL, 0, NULL, ""});
    moot_says(&w->me, "admin|token|list|--json", list, sizeof list);
    char *id = strstr(list, "\"token_id\":\"");
    assert_non_null(id);
    id += strlen("\"token_id\":\"");
    id[strcspn(id, "\"")] = '\0';
    snprintf(line, sizeof line, "admin|token|revoke|%s", id);
    WALK(w, {0, line, NULL, 0, "", ""}, {1, "who", NULL, 4, "", NULL},
         {0, "admin|token|revoke|0123456789abcdef", NULL, 3, "", NULL});
}

static void accounts_are_made_and_shut(void **state)
{
    static const struct step steps[] = {
        {0, "admin|user|add|ben", NULL, 0, "", ""},
        {0, "admin|user|list", NULL, 0, "~ben", ""},
        {0, "admin|user|set|ana|--admin", NULL, 0, "", ""},
        {1, "admin|stats", NULL, 0, NULL, ""},
        {0, "admin|user|set|ana|--disabled", NULL, 0, "", ""},
        {1, "who", NULL, 4, "", NULL},
        {0, "admin|user|set|ana|--no-disabled", NULL, 0, "", ""},
        {1, "admin|stats", NULL, 0, NULL, ""}, /* is still an admin */
    };
    walk(*state, steps, COUNT_OF(steps));
}

static void without_a_server_help_and_completion_are_there(void **state)
{
    static const struct step steps[] = {
        {0, "--help", NULL, 0, "~Verbs", ""},
        {0, "--version", NULL, 0, "~moot ", ""},
        {0, "help|task|add", NULL, 0, "~--column", ""},
        {0, "task|--help", NULL, 0, "~task archive ROOM NUMBER", ""},
        {0, "send|--help", NULL, 0, "~Usage: moot send", ""},
        {0, "completion|bash", NULL, 0, "~complete -o default -F _moot moot", ""},
        {0, "completion|zsh", NULL, 0, "~#compdef moot", ""},
        {0, "completion|fish", NULL, 0, "~complete -c moot", ""},
        {0, "completion|csh", NULL, 2, "", NULL},
    };
    struct world *w = *state;
    rig_kill(&w->rig);
    walk(w, steps, COUNT_OF(steps));
}

static void shell(const struct world *w, struct run *r, const char *script)
{
    struct env env = w->me.env;
    const char *argv[] = {"/bin/bash", "-c", script, "bash", rig_moot, NULL};
    if (!run_program(r, argv, env.v, NULL, 3 * SOON))
        fail_msg("no bash");
}

static void output_that_cannot_be_written_is_a_failure(void **state)
{
    struct run r;
    shell(*state, &r, "\"$1\" help >/dev/full");
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.err, "standard output"));
    run_finish(&r);
    /* A reader that had enough is no news. */
    shell(*state, &r, "for i in {1..50}; do \"$1\" completion bash; done | head -n 1");
    assert_int_equal(r.status, 0);
    assert_string_equal(r.err, "");
    run_finish(&r);
}

static void completion_scripts_are_good_bash(void **state)
{
    struct run r;
    shell(*state, &r,
          "eval \"$(\"$1\" completion bash)\"; COMP_WORDS=(moot task a); COMP_CWORD=2; _moot; "
          "echo \"${COMPREPLY[*]}\"; COMP_WORDS=(moot task add --c); COMP_CWORD=3; _moot; "
          "echo \"${COMPREPLY[*]}\"");
    assert_string_equal(r.out, "add assign archive\n--ca-file --config --column\n");
    run_finish(&r);
}

/* ---- over restarts ---- */

/* Starts moot and does not wait for it. */
static pid_t begin(const struct person *p, const char *line)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct run r;
        moot(p, &r, line, NULL);
        _exit(r.status);
    }
    return pid;
}

static int end(pid_t pid)
{
    int how = 0;
    waitpid(pid, &how, 0);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, what)); at++)
        n++;
    return n;
}

static void a_message_outlasts_a_restart_of_the_server(void **state)
{
    struct world *w = *state;
    assert_true(rig_down(&w->rig));
    pid_t first = begin(&w->me, "send|lobby|patience|--timeout|30s");
    pid_t second = begin(&w->ana, "task|add|lobby|patience too|--timeout|30s");
    assert_true(rig_up(&w->rig));
    assert_int_equal(end(first), 0);
    assert_int_equal(end(second), 0);
    struct run r;
    moot(&w->me, &r, "tail|lobby|--events", NULL);
    assert_int_equal(count(r.out, "patience"), 2);
    run_finish(&r);
}

struct growing {
    const char *path, *wanted;
    char text[65536];
};

static bool has_come(void *arg)
{
    struct growing *g = arg;
    int fd = open(g->path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, g->text, sizeof g->text - 1) : 0;
    if (fd >= 0)
        close(fd);
    g->text[n > 0 ? n : 0] = '\0';
    return strstr(g->text, g->wanted) != NULL;
}

static void tail_follows_over_a_kill_and_prints_each_message_once(void **state)
{
    struct world *w = *state;
    char path[128], script[256];
    snprintf(path, sizeof path, "%s/followed", w->rig.dir);
    snprintf(script, sizeof script, "exec \"%s\" tail lobby --follow --json >%s 2>/dev/null",
             rig_moot, path);
    pid_t pid = fork();
    if (pid == 0) {
        execve("/bin/bash", (char *[]){(char[]){"bash"}, (char[]){"-c"}, script, NULL},
               w->me.env.v);
        _exit(127);
    }
    struct growing g = {.path = path, .wanted = "\"before\""};
    WALK(w, {1, "send|lobby|before", NULL, 0, "", ""});
    assert_true(wait_for(has_come, &g, SOON));
    rig_kill(&w->rig);
    assert_true(rig_up(&w->rig));
    WALK(w, {1, "send|lobby|after", NULL, 0, "", NULL});
    g.wanted = "\"after\"";
    assert_true(wait_for(has_come, &g, SOON));
    assert_int_equal(count(g.text, "\"before\""), 1);
    assert_int_equal(count(g.text, "\"after\""), 1);
    kill(pid, SIGINT);
    int how;
    waitpid(pid, &how, 0);
    assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGINT); /* a shell says 130 */
}

/* Waits until it is printed. */
static bool comes(struct growing *g, const char *wanted)
{
    g->wanted = wanted;
    return wait_for(has_come, g, SOON);
}

static void tail_tells_of_changes_and_ends_when_one_is_taken_out(void **state)
{
    struct world *w = *state;
    char path[128], script[256];
    WALK(w, {0, "room|create|core", NULL, 0, "", ""}, {1, "room|join|core", NULL, 0, "", ""},
         {0, "send|core|before", NULL, 0, "", ""});
    snprintf(path, sizeof path, "%s/followed", w->rig.dir);
    snprintf(script, sizeof script, "exec \"%s\" tail core --follow >%s 2>&1", rig_moot, path);
    pid_t pid = fork();
    if (pid == 0) {
        execve("/bin/bash", (char *[]){(char[]){"bash"}, (char[]){"-c"}, script, NULL},
               w->ana.env.v);
        _exit(127);
    }
    struct growing g = {.path = path};
    bool is_told = comes(&g, "before");
    WALK(w, {0, "message|edit|core|3|after", NULL, 0, "", ""});
    is_told = is_told && comes(&g, " edited message 3: after\n");
    WALK(w, {0, "message|delete|core|3", NULL, 0, "", ""},
         {1, "send|core|mine", NULL, 0, "", ""}, {0, "message|delete|core|6", NULL, 0, "", ""});
    is_told = is_told && comes(&g, " deleted message 3\n") &&
              comes(&g, " deleted message 6 of ana\n");
    WALK(w, {0, "room|remove|core|ana", NULL, 0, "", ""});
    is_told = is_told && comes(&g, "you are not in #core any more");
    kill(pid, is_told ? 0 : SIGKILL);
    int how;
    waitpid(pid, &how, 0);
    assert_true(is_told && WIFEXITED(how) && WEXITSTATUS(how) == 4);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(cards_are_added_moved_and_shown),
        TEST(json_has_stable_names),
        TEST(each_kind_of_failure_has_its_status),
        TEST(a_bad_token_is_not_signed_in),
        TEST(a_message_may_be_long_but_not_too_long),
        TEST(tail_shows_what_is_asked_for),
        TEST(tail_tells_of_changes_and_ends_when_one_is_taken_out),
        TEST(what_others_wrote_cannot_reach_the_terminal_raw),
        TEST(rooms_have_members_and_roles),
        TEST(an_invitation_signs_in_for_good_and_once),
        TEST(a_revoked_token_is_the_end),
        TEST(accounts_are_made_and_shut),
        TEST(without_a_server_help_and_completion_are_there),
        TEST(output_that_cannot_be_written_is_a_failure),
        TEST(completion_scripts_are_good_bash),
        TEST(a_message_outlasts_a_restart_of_the_server),
        TEST(tail_follows_over_a_kill_and_prints_each_message_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
