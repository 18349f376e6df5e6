/* A real mootd whose disk fills up and has room again. */
#include "talk.h"
#include "wait.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { ROUNDS = 20, AT_ONCE = 8 };

static int health(const struct server_rig *r)
{
    struct ws_client c;
    int status = 0;
    if (ws_connect(&c, &(struct ws_dial){.unix_path = r->socket}) &&
        ws_send_raw(&c, STR("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")) && ws_read_http(&c))
        status = c.status;
    ws_finish(&c);
    return status;
}

/* No file of the server's may grow beyond n bytes, which is what it sees of a full disk. */
static void limit_files(const struct server_rig *r, rlim_t n)
{
    struct rlimit l;
    assert_int_equal(prlimit(r->pid, RLIMIT_FSIZE, NULL, &l), 0);
    l.rlim_cur = n;
    assert_int_equal(prlimit(r->pid, RLIMIT_FSIZE, &l, NULL), 0);
}

static void post(struct ws_client *c, int id)
{
    char text[128];
    snprintf(text, sizeof text,
             "{\"type\":\"message.post\",\"id\":%d,\"room\":\"#lobby\",\"text\":\"say %d\"}",
             id, id);
    assert_true(ws_send_text(c, str_of(text)));
}

/* True when the request was carried out; *is_full when it was refused for the full disk. */
static bool is_done(struct ws_client *c, int id, bool *is_full)
{
    char ok[48], error[48];
    struct str text;
    snprintf(ok, sizeof ok, "{\"type\":\"ok\",\"re\":%d,", id);
    snprintf(error, sizeof error, "{\"type\":\"error\",\"re\":%d,", id);
    while (ws_next_text(c, &text)) {
        *is_full = str_starts(text, error) && memmem(text.p, text.n, "store_full", 10);
        if (str_starts(text, ok))
            return true;
        if (str_starts(text, error))
            return false;
    }
    fail_msg("request %d was not answered", id);
    return false;
}

static void full_disk_is_said_until_there_is_room_and_loses_nothing(void **state)
{
    const struct server_rig *r = *state;
    struct ws_client c;
    struct str page;
    bool is_full = false;
    int id = 1;
    assert_true(talk_hello(r, &c, NULL, "abcdefgh"));
    assert_int_equal(health(r), 200);
    post(&c, id);
    assert_true(is_done(&c, id, &is_full));
    limit_files(r, 1); /* its log does not grow either */
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < AT_ONCE; i++)
            post(&c, ++id);
        for (int i = AT_ONCE; i-- > 0;) {
            assert_false(is_done(&c, id - i, &is_full));
            assert_true(is_full || i < AT_ONCE - 1); /* the first one's reason is the disk */
        }
        assert_int_equal(health(r), 503); /* until something was stored */
    }
    limit_files(r, RLIM_INFINITY);
    post(&c, ++id);
    assert_true(is_done(&c, id, &is_full));
    assert_int_equal(health(r), 200);
    assert_true(
        ws_send_text(&c, STR("{\"type\":\"history\",\"id\":9999,\"room\":\"#lobby\"}")));
    assert_true(ws_await(&c, "history.page", &page));
    assert_non_null(memmem(page.p, page.n, "\"text\":\"say 1\"},{", 17));
    ws_finish(&c);
}

/* Not that it did not answer: it did. */
static void verb_says_why_the_server_takes_nothing(void **state)
{
    struct server_rig *r = *state;
    struct person me;
    struct run out = {0};
    assert_true(rig_me(r, &me));
    limit_files(r, 1);
    const char *argv[] = {"--timeout=1s", "send", "lobby", "x", NULL};
    assert_true(rig_moot_run(&me, &out, NULL, argv));
    limit_files(r, RLIM_INFINITY);
    if (out.status != 1 || !strstr(out.err, "moot: nothing was saved: the disk is full"))
        fail_msg("%d: %s", out.status, out.err);
    run_finish(&out);
    assert_true(rig_moot_run(&me, &out, NULL, argv));
    assert_int_equal(out.status, 0);
    run_finish(&out);
    person_finish(&me);
}

/* ---- a small disk ---- */

enum { DISK_BYTES = 3 * 1024 * 1024, TEXT = 8000 };

/* A disk of its own for the data, which not everybody may have. */
static bool mount_disk(struct server_rig *r)
{
    char options[48];
    snprintf(options, sizeof options, "size=%d,mode=0700", DISK_BYTES);
    mkdir(r->data, 0700);
    return mount("moot", r->data, "tmpfs", 0, options) == 0;
}

static bool is_big_post_done(struct ws_client *c, int id, bool *is_full)
{
    static char text[TEXT + 200];
    int n =
        snprintf(text, sizeof text,
                 "{\"type\":\"message.post\",\"id\":%d,\"room\":\"#lobby\",\"text\":\"", id);
    memset(text + n, 'x', TEXT);
    snprintf(text + n + TEXT, sizeof text - (size_t)(n + TEXT), "\"}");
    assert_true(ws_send_text(c, str_of(text)));
    return is_done(c, id, is_full);
}

static struct server_rig small;

struct writing {
    struct ws_client *c;
    int id;
};

static bool is_taken_again(void *arg)
{
    struct writing *w = arg;
    bool is_full;
    return is_big_post_done(w->c, ++w->id, &is_full);
}

static void on_a_full_disk_people_read_and_meet_and_write_again_when_there_is_room(void **state)
{
    struct server_rig *r = &small;
    struct ws_client ana, bo;
    struct str text;
    bool is_full = false;
    char ballast[RIG_PATH_MAX + 16];
    int id = 0, fd;
    (void)state;
    assert_true(rig_init(r));
    assert_true(mount_disk(r));
    assert_true(rig_up(r));
    char *token = talk_token(r, "bo", 60);
    struct ws_dial as_bo = {.port = r->port, .token = token};
    assert_true(talk_hello(r, &bo, &as_bo, "bobobobo")); /* has an account from now on */
    ws_finish(&bo);
    assert_true(talk_hello(r, &ana, NULL, "anaanaana"));
    snprintf(ballast, sizeof ballast, "%.*s/ballast", RIG_PATH_MAX - 1, r->data);
    fd = open(ballast, O_WRONLY | O_CREAT, 0600);
    while (write(fd, ballast, sizeof ballast) > 0)
        ;
    close(fd);
    while (is_big_post_done(&ana, ++id, &is_full))
        assert_true(id < 1000);
    assert_true(is_full);
    assert_int_equal(health(r), 503);

    /* somebody comes, is seen, reads, and is seen typing */
    assert_true(talk_hello(r, &bo, &as_bo, "bobobobo"));
    assert_true(ws_await(&ana, "\"online\":true", &text));
    assert_true(talk_ask(&bo, "{\"type\":\"history\",\"id\":1,\"room\":\"#lobby\",\"limit\":5}",
                         "history.page"));
    assert_true(
        ws_send_text(&bo, STR("{\"type\":\"typing\",\"room\":\"#lobby\",\"on\":true}")));
    assert_true(ws_await(&ana, "\"on\":true", &text));
    assert_false(is_big_post_done(&ana, ++id, &is_full));
    assert_true(is_full);

    assert_int_equal(unlink(ballast), 0);
    assert_true(wait_for(is_taken_again, &(struct writing){&ana, id}, SOON));
    assert_int_equal(health(r), 200);
    ws_finish(&ana);
    ws_finish(&bo);
    free(token);
    assert_true(rig_down(r));
}

static int take_disk_away(void **state)
{
    (void)state;
    rig_kill(&small);
    umount2(small.data, MNT_DETACH);
    rig_finish(&small);
    return 0;
}

static int start(void **state)
{
    static struct server_rig r;
    *state = &r;
    signal(SIGXFSZ, SIG_DFL); /* whatever it is in the shell that runs this */
    return rig_start(&r) ? 0 : -1;
}

static int stop(void **state)
{
    struct server_rig *r = *state;
    bool ok = rig_down(r);
    if (!ok)
        rig_show_log(r);
    rig_finish(r);
    return ok ? 0 : -1;
}

/* Whether this machine lets us have a disk. */
static bool may_mount(void)
{
    struct server_rig r;
    bool may = rig_init(&r) && mount_disk(&r);
    if (may)
        umount(r.data);
    rig_finish(&r);
    return may;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_disk_is_said_until_there_is_room_and_loses_nothing),
        cmocka_unit_test(verb_says_why_the_server_takes_nothing),
    };
    const struct CMUnitTest on_a_disk[] = {
        cmocka_unit_test_teardown(
            on_a_full_disk_people_read_and_meet_and_write_again_when_there_is_room,
            take_disk_away),
    };
    int failed = cmocka_run_group_tests(tests, start, stop);
    if (may_mount())
        return failed + cmocka_run_group_tests(on_a_disk, NULL, NULL);
    puts("NOT TRIED: a full disk of its own takes the right to mount one");
    return failed;
}
