/* A real mootd whose disk fills up and has room again. */
#include "talk.h"
#include "wait.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_disk_is_said_until_there_is_room_and_loses_nothing),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
