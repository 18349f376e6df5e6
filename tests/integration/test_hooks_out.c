/* Programs that are told what happens in a room: a real mootd and a real receiver. */
#include "hook_key.h"
#include "receiver.h"
#include "steps.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { SOON_MS = 20000 };

/* A server whose hooks may send to this machine, and a receiver. */
struct place {
    struct world *w;
    struct receiver *receiver;
    char key[80];
};

static void begin(struct place *p, struct world *w)
{
    struct run r;
    char line[200];
    p->w = w;
    p->receiver = receiver_start();
    assert_true(rig_down(&w->rig));
    w->rig.args[0] = "--hooks-private";
    assert_true(rig_up(&w->rig));
    snprintf(line, sizeof line,
             "admin|hook|add|#lobby|ci|http://127.0.0.1:%d/in?x=1|--kinds|message,task.added",
             receiver_port(p->receiver));
    moot(&w->me, &r, line, NULL);
    if (r.status != 0 || strncmp(r.out, "whsec_", 6) != 0)
        fail_msg("%s%s", r.out, r.err);
    snprintf(p->key, sizeof p->key, "%.*s", (int)strcspn(r.out, "\n"), r.out);
    run_finish(&r);
}

static void end(struct place *p)
{
    receiver_stop(p->receiver);
}

/* As any receiver would, with the key that was shown and nothing else. */
static void assert_signed(const struct place *p, const char *head, const char *body)
{
    unsigned char key[32], mac[32];
    char want[64] = "v1,";
    size_t n;
    char *id = receiver_header(head, "webhook-id"),
         *time = receiver_header(head, "webhook-timestamp"),
         *signature = receiver_header(head, "webhook-signature");
    assert_true(id && time && signature);
    assert_int_equal(sodium_base642bin(key, sizeof key, p->key + 6, strlen(p->key + 6), NULL,
                                       &n, NULL, sodium_base64_VARIANT_ORIGINAL),
                     0);
    const struct str pieces[] = {str_of(id), STR("."), str_of(time), STR("."), str_of(body)};
    hook_hmac((struct str){(const char *)key, n}, pieces, COUNT_OF(pieces), mac);
    sodium_bin2base64(want + 3, sizeof want - 3, mac, sizeof mac,
                      sodium_base64_VARIANT_ORIGINAL);
    assert_string_equal(signature, want);
    free(id);
    free(time);
    free(signature);
}

static void assert_sent(const struct place *p, size_t i, const char *part)
{
    char *head, *body;
    if (!receiver_await(p->receiver, i + 1, SOON_MS))
        fail_msg("%s was not sent", part);
    receiver_request(p->receiver, i, &head, &body);
    if (!strstr(body, part))
        fail_msg("request %zu: wanted %s: %s", i, part, body);
    assert_memory_equal(head, "POST /in?x=1 HTTP/1.1\r\n", 23);
    char *type = receiver_header(head, "content-type");
    assert_string_equal(type, "application/json");
    assert_signed(p, head, body);
    free(type);
    free(head);
    free(body);
}

static void what_happens_is_sent_in_order_and_signed(void **state)
{
    struct place p;
    begin(&p, *state);
    WALK(p.w, {.as_ana = true, .line = "send|#lobby|first \"words\""},
         {.line = "note|new|#lobby|Plan", .out = "1\n"},
         {.line = "task|add|#lobby|Build", .out = "2\n"}, {.line = "send|#lobby|third"});
    assert_sent(&p, 0, "\"type\":\"message\",\"room\":\"#lobby\"");
    assert_sent(&p, 0, "\"text\":\"first \\\"words\\\"\"");
    assert_sent(&p, 1, "\"type\":\"task.added\"");
    assert_sent(&p, 2, "\"third\"");
    WALK(p.w, {.line = "admin|hook|list", .out = "~message,task.added to http://127.0.0.1:"});
    end(&p);
}

static void a_receiver_that_fails_is_tried_again_in_order(void **state)
{
    struct place p;
    begin(&p, *state);
    receiver_answers(p.receiver, 503);
    WALK(p.w, {.line = "send|#lobby|one"}, {.line = "send|#lobby|two"});
    assert_sent(&p, 0, "\"one\"");
    WALK(p.w, {.line = "admin|hook|list", .out = "~, fails since "});
    receiver_answers(p.receiver, 0); /* hangs up */
    assert_sent(&p, 1, "\"one\"");
    receiver_answers(p.receiver, 200);
    assert_sent(&p, 2, "\"one\"");
    assert_sent(&p, 3, "\"two\"");
    end(&p);
}

/* The server is killed again and again in the middle: every event comes, none before the one in
 * front of it. */
static void nothing_is_lost_when_the_server_is_killed(void **state)
{
    struct place p;
    char line[64], part[64];
    enum { ROUNDS = 4, EACH = 5 };
    begin(&p, *state);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < EACH; i++) {
            snprintf(line, sizeof line, "send|#lobby|number %d", round * EACH + i);
            WALK(p.w, {.line = line});
        }
        receiver_answers(p.receiver, round % 2 ? 200 : 503);
        rig_kill(&p.w->rig);
        assert_true(rig_up(&p.w->rig));
    }
    receiver_answers(p.receiver, 200);
    WALK(p.w, {.line = "send|#lobby|the end"});
    int expected = 0;
    for (size_t i = 0; expected < ROUNDS * EACH; i++) {
        char *head, *body;
        assert_true(receiver_await(p.receiver, i + 1, SOON_MS));
        receiver_request(p.receiver, i, &head, &body);
        snprintf(part, sizeof part, "\"number %d\"", expected);
        const char *text = strstr(body, "\"number ");
        assert_non_null(text);
        int got = (int)strtol(text + 8, NULL, 10);
        if (got > expected)
            fail_msg("number %d came before %d", got, expected);
        expected += got == expected;
        free(head);
        free(body);
    }
    end(&p);
}

static void an_address_of_this_machine_takes_an_option(void **state)
{
    struct world *w = *state;
    struct receiver *receiver = receiver_start();
    char line[200];
    snprintf(line, sizeof line, "admin|hook|add|#lobby|ci|http://127.0.0.1:%d/",
             receiver_port(receiver));
    WALK(w, {.line = line, .out = "~whsec_"}, {.line = "send|#lobby|one"},
         {.line = "send|#lobby|two"});
    struct run r = {0};
    do { /* the first try fails soon */
        run_finish(&r);
        moot(&w->me, &r, "admin|hook|list", NULL);
    } while (!strstr(r.out, "fails since"));
    assert_non_null(strstr(r.out, "hooks-private"));
    run_finish(&r);
    assert_int_equal(receiver_count(receiver), 0);
    receiver_stop(receiver);
}

static void a_hook_that_is_gone_waits_to_be_resumed(void **state)
{
    struct place p;
    char line[100];
    struct run r = {0};
    begin(&p, *state);
    receiver_answers(p.receiver, 410);
    WALK(p.w, {.line = "send|#lobby|one"});
    assert_sent(&p, 0, "\"one\"");
    do {
        run_finish(&r);
        moot(&p.w->me, &r, "admin|hook|list", NULL);
    } while (!strstr(r.out, "stopped"));
    snprintf(line, sizeof line, "admin|hook|resume|%.16s", r.out);
    run_finish(&r);
    receiver_answers(p.receiver, 200);
    WALK(p.w, {.line = "send|#lobby|two"}, {.line = "admin|audit", .out = "~hook.stop ci"},
         {.line = line});
    assert_sent(&p, 1, "\"one\"");
    assert_sent(&p, 2, "\"two\"");
    end(&p);
}

#define ROW(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(what_happens_is_sent_in_order_and_signed),
        ROW(a_receiver_that_fails_is_tried_again_in_order),
        ROW(nothing_is_lost_when_the_server_is_killed),
        ROW(an_address_of_this_machine_takes_an_option),
        ROW(a_hook_that_is_gone_waits_to_be_resumed),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
