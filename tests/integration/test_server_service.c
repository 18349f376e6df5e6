/* mootd as a service: where its log goes, when it says that it is ready, and that its end under
 * load takes nothing with it. */
#include "talk.h"
#include "wait.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { PATH = RIG_PATH_MAX + 32 };

static int init(void **state)
{
    struct server_rig *r = calloc(1, sizeof *r);
    *state = r;
    return r && rig_init(r) ? 0 : -1;
}

static int finish(void **state)
{
    rig_finish(*state);
    free(*state);
    return 0;
}

/* ---- the log ---- */

struct wanted {
    const char *path, *text;
};

static bool file_has(void *arg)
{
    const struct wanted *w = arg;
    static char text[65536];
    int fd = open(w->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    return strstr(text, w->text);
}

static bool comes_to_have(const char *path, const char *text)
{
    struct wanted w = {path, text};
    return wait_for(file_has, &w, SOON);
}

static void log_file_is_opened_anew_when_it_was_moved(void **state)
{
    struct server_rig *r = *state;
    char path[PATH], old[PATH], option[PATH + 16];
    snprintf(path, sizeof path, "%s/mootd.log", r->dir);
    snprintf(old, sizeof old, "%s/mootd.log.1", r->dir);
    snprintf(option, sizeof option, "--log-file=%s", path);
    r->args[0] = option;
    assert_true(rig_up(r));
    assert_true(comes_to_have(path, "Z info net.listen Listening on unix:"));
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0007, 0);
    assert_int_equal(rename(path, old), 0);
    assert_int_equal(kill(r->pid, SIGHUP), 0);
    assert_true(comes_to_have(path, "net.reload")); /* that opens it too */
    assert_int_equal(rename(path, old), 0);
    assert_int_equal(kill(r->pid, SIGUSR1), 0);
    assert_true(comes_to_have(path, ""));
    assert_true(rig_down(r));
    assert_true(comes_to_have(path, "net.end"));
    struct wanted none = {old, "net.end"};
    assert_false(file_has(&none));
}

static void log_that_cannot_be_written_is_said_at_the_start(void **state)
{
    struct server_rig *r = *state;
    struct run out = {0};
    const char *argv[] = {rig_mootd, "--data", r->data, "--log-file=/no/such/folder/x", NULL};
    assert_true(run_program(&out, argv, r->env.v, NULL, SOON));
    assert_int_equal(out.status, 1);
    assert_non_null(strstr(out.err, "/no/such/folder/x"));
    run_finish(&out);
}

static void journal_gets_priorities(void **state)
{
    struct server_rig *r = *state;
    struct stat st;
    char stream[64];
    int fd = open(r->log, O_WRONLY | O_CREAT | O_APPEND, 0600); /* standard error to be */
    assert_int_equal(fstat(fd, &st), 0);
    close(fd);
    snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
    env_set(&r->env, "JOURNAL_STREAM", stream);
    assert_true(rig_up(r));
    assert_true(comes_to_have(r->log, "<6>mootd: listening on unix:"));
    assert_true(rig_down(r));
    assert_true(comes_to_have(r->log, "\n<6>info net.drain Going down"));
    env_set(&r->env, "JOURNAL_STREAM", "1:1"); /* somebody else's */
    assert_true(rig_up(r));
    assert_true(comes_to_have(r->log, "\nmootd: listening on unix:"));
}

static void service_manager_is_told_when_it_is_ready(void **state)
{
    struct server_rig *r = *state;
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    char said[64] = "";
    snprintf(at.sun_path, sizeof at.sun_path, "%s/notify", r->dir);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    env_set(&r->env, "NOTIFY_SOCKET", at.sun_path);
    assert_true(rig_up(r));
    struct pollfd p = {.fd = fd, .events = POLLIN};
    assert_int_equal(poll(&p, 1, SOON), 1);
    assert_true(recv(fd, said, sizeof said - 1, 0) > 0);
    assert_string_equal(said, "READY=1");
    close(fd);
}

/* ---- the drain ---- */

enum { WRITERS = 6, AT_ONCE = 32, POSTS_MAX = 20000, ENOUGH = 300 };

enum fate { UNASKED, UNANSWERED, STORED, REFUSED };

/* Shared with the writers. */
struct tally {
    volatile int stored;
    volatile bool was_told[WRITERS];
    volatile char fate[WRITERS][POSTS_MAX];
};

static bool post(struct ws_client *c, int writer, int id)
{
    char text[160];
    snprintf(text, sizeof text,
             "{\"type\":\"message.post\",\"room\":\"#lobby\",\"id\":%d,\"text\":\"<%d.%d>\"}",
             id, writer, id);
    return ws_send_text(c, str_of(text));
}

static void take_answer(struct tally *t, int writer, struct str text, int *waiting)
{
    static const char *const kinds[] = {"{\"type\":\"ok\",\"re\":",
                                        "{\"type\":\"error\",\"re\":"};
    for (int i = 0; i < 2; i++) {
        int64_t id = 0;
        const char *at = memmem(text.p, text.n, kinds[i], strlen(kinds[i]));
        if (!at)
            continue;
        id = strtoll(at + strlen(kinds[i]), NULL, 10);
        t->fate[writer][id] = i == 0 ? STORED : REFUSED;
        if (i == 0)
            __atomic_add_fetch(&t->stored, 1, __ATOMIC_SEQ_CST);
        (*waiting)--;
    }
    if (memmem(text.p, text.n, "\"bye\"", 5) && memmem(text.p, text.n, "closing", 7) &&
        memmem(text.p, text.n, "\"retry_ms\":1000", 15))
        t->was_told[writer] = true;
}

/* Keeps AT_ONCE posts under way until the server hangs up. A frame holds one message or an
 * array of them, which does not matter to memmem(). */
static void write_on(const struct server_rig *r, struct tally *t, int writer)
{
    struct ws_client c;
    struct str text;
    char client[32];
    int id = 1, waiting = 0;
    snprintf(client, sizeof client, "writer0000%d", writer);
    if (!talk_hello(r, &c, NULL, client))
        _exit(1);
    for (;;) {
        while (waiting < AT_ONCE && id < POSTS_MAX) {
            t->fate[writer][id] = UNANSWERED;
            if (!post(&c, writer, id++))
                break;
            waiting++;
        }
        if (!ws_next_text(&c, &text))
            break;
        take_answer(t, writer, text, &waiting);
    }
    _exit(c.close_code == 1001 ? 0 : 1);
}

static bool is_enough(void *arg)
{
    return ((struct tally *)arg)->stored >= ENOUGH;
}

static int count(const char *text, const char *what)
{
    int n = 0;
    for (const char *at = text; (at = strstr(at, what)); at++)
        n++;
    return n;
}

static void assert_fates(const struct tally *t, const char *log, int writer)
{
    for (int id = 1; id < POSTS_MAX && t->fate[writer][id] != UNASKED; id++) {
        char text[32];
        snprintf(text, sizeof text, "<%d.%d>", writer, id);
        int n = count(log, text), fate = t->fate[writer][id];
        if ((fate == STORED && n != 1) || (fate == REFUSED && n != 0) || n > 1)
            fail_msg("%s, %s, is there %d times", text,
                     fate == STORED ? "stored" : "not stored", n);
    }
}

static void end_under_load_loses_nothing_that_was_acknowledged(void **state)
{
    struct server_rig *r = *state;
    struct person me;
    pid_t writers[WRITERS];
    int status;
    struct run log = {0};
    struct tally *t =
        mmap(NULL, sizeof *t, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(t != MAP_FAILED && rig_up(r) && rig_me(r, &me));
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = fork();
        if (writers[i] == 0)
            write_on(r, t, i);
    }
    assert_true(wait_for(is_enough, t, 3 * SOON));
    assert_true(rig_down(r));
    for (int i = 0; i < WRITERS; i++) {
        assert_int_equal(waitpid(writers[i], &status, 0), writers[i]);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || !t->was_told[i])
            fail_msg("writer %d: status 0x%x, told %d", i, status, t->was_told[i]);
    }
    assert_true(rig_up(r));
    assert_true(
        rig_moot_run(&me, &log, NULL, (const char *[]){"tail", "lobby", "--json", NULL}));
    for (int i = 0; i < WRITERS; i++)
        assert_fates(t, log.out, i);
    run_finish(&log);
    person_finish(&me);
    munmap(t, sizeof *t);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, init, finish)
    const struct CMUnitTest tests[] = {
        T(log_file_is_opened_anew_when_it_was_moved),
        T(log_that_cannot_be_written_is_said_at_the_start),
        T(journal_gets_priorities),
        T(service_manager_is_told_when_it_is_ready),
        T(end_under_load_loses_nothing_that_was_acknowledged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
