/* Programs that post into a room: requests to /hooks/TOKEN of a real mootd, as data. */
#include "steps.h"
#include "wait.h"
#include "ws_client.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A hook into the lobby, by the bot "ci". */
static char *make_hook(const struct world *w, const char *options)
{
    struct run r;
    char line[200];
    snprintf(line, sizeof line, "admin|hook|add|#lobby|ci%s", options);
    moot(&w->me, &r, line, NULL);
    if (r.status != 0)
        fail_msg("%s", r.err);
    const char *at = strstr(r.out, "/hooks/");
    assert_non_null(at);
    char *path = strndup(at, strcspn(at, "\n"));
    run_finish(&r);
    return path;
}

/* Sends `request`, in which PATH stands for the hook's; the status, and the body in c. */
static int ask(const struct world *w, bool over_unix, const char *path, const char *request,
               struct ws_client *c)
{
    const struct ws_dial d = {.port = w->rig.port,
                              .unix_path = over_unix ? w->rig.socket : NULL};
    struct buf b = {0};
    const char *at = strstr(request, "PATH");
    buf_fmt(&b, "%.*s%s%s", (int)(at - request), request, path, at + 4);
    assert_true(ws_connect(c, &d));
    assert_true(ws_send_raw(c, buf_str(&b)));
    buf_finish(&b);
    return ws_read_http(c) ? c->status : -1;
}

static int post(const struct world *w, const char *path, const char *headers, const char *text,
                char body[512])
{
    struct ws_client c;
    struct buf request = {0};
    buf_fmt(&request, "POST PATH HTTP/1.1\r\nHost: x\r\n%sContent-Length: %zu\r\n\r\n%s",
            headers, strlen(text), text);
    int status = ask(w, false, path, buf_cstr(&request), &c);
    snprintf(body, 512, "%s", buf_cstr(&c.payload));
    buf_finish(&request);
    ws_finish(&c);
    return status;
}

#define POST "POST PATH HTTP/1.1\r\nHost: x\r\n"
#define JSON "Content-Type: application/json\r\n"

static const struct {
    const char *what, *request;
    int status;
    const char *says;
} requests[] = {
    {"text", POST "Content-Length: 5\r\n\r\nhello", 200, "{\"room\":\"#lobby\",\"seq\":"},
    {"JSON", POST JSON "Content-Length: 24\r\n\r\n{\"text\":\"green\",\"x\":[1]}", 200,
     "\"seq\":"},
    {"chunks", POST "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", 200, "\"seq\":"},
    {"words that are not waited for",
     POST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi", 200, "\"seq\":"},
    {"another request behind it",
     POST "Content-Length: 2\r\n\r\nhiGET /healthz HTTP/1.1\r\n\r\n", 200, "\"seq\":"},
    {"nothing", POST "\r\n", 400, "no text"},
    {"a newline", POST "Content-Length: 1\r\n\r\n\n", 400, "no text"},
    {"bytes", POST "Content-Length: 2\r\n\r\n\xff\xfe", 400, "bad_field"},
    {"JSON without text", POST JSON "Content-Length: 8\r\n\r\n{\"x\":1} ", 400,
     "text: missing"},
    {"JSON that is no object", POST JSON "Content-Length: 2\r\n\r\n[]", 400, "object"},
    {"no JSON", POST JSON "Content-Length: 5\r\n\r\nhello", 400, "malformed"},
    {"a card that is none", POST JSON "Content-Length: 21\r\n\r\n{\"text\":\"x\",\"task\":0}",
     400, "task"},
    {"a card that is not there",
     POST JSON "Content-Length: 23\r\n\r\n{\"text\":\"x\",\"task\":812}", 404, "812"},
    {"compressed", POST "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi", 415,
     "compressed"},
    {"too much", POST "Content-Length: 65537\r\n\r\n", 413, "at most 65536"},
    {"two lengths", POST "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nhi", 400,
     "malformed"},
    {"no POST", "GET PATH HTTP/1.1\r\nHost: x\r\n\r\n", 405, "posted to"},
    {"another token", "POST /hooks/x#PATH HTTP/1.1\r\nHost: x\r\n\r\n", 404, "no such hook"},
    {"no token", "POST /hooks/?PATH HTTP/1.1\r\nHost: x\r\n\r\n", 404, "no such hook"},
};

static void a_delivery_is_posted_or_refused_in_words(void **state)
{
    struct world *w = *state;
    char *path = make_hook(w, "");
    for (size_t n = 0; n < 2 * COUNT_OF(requests); n++) {
        struct ws_client c;
        size_t i = n / 2;
        int status = ask(w, n % 2, path, requests[i].request, &c);
        while (status == 100) /* go on, says the server first */
            status = ws_read_http(&c) ? c.status : -1;
        if (status != requests[i].status || !strstr(buf_cstr(&c.payload), requests[i].says))
            fail_msg("%s: %d %s", requests[i].what, status, buf_cstr(&c.payload));
        ws_finish(&c);
    }
    WALK(w, {.line = "tail|#lobby", .out = "~ci: hello\n"},
         {.line = "tail|#lobby", .out = "~ci: green\n"},
         {.line = "tail|#lobby", .out = "~ci: hi\n"});
    free(path);
}

static void a_hook_posts_on_a_card(void **state)
{
    struct world *w = *state;
    char *path = make_hook(w, ""), at_one[200], body[512];
    WALK(w, {.line = "task|add|#lobby|Build", .out = "1\n"},
         {.line = "task|add|#lobby|Ship", .out = "2\n"});
    snprintf(at_one, sizeof at_one, "%s?task=1", path);
    assert_int_equal(post(w, at_one, "", "by the address", body), 200);
    assert_int_equal(post(w, path, JSON, "{\"text\":\"by JSON\",\"task\":1}", body), 200);
    assert_int_equal(post(w, at_one, JSON, "{\"text\":\"x\",\"task\":2}", body), 400);
    free(path);
    path = make_hook(w, "|--card|2");
    assert_int_equal(post(w, path, "", "by the hook", body), 200);
    snprintf(at_one, sizeof at_one, "%s?task=1", path);
    assert_int_equal(post(w, at_one, "", "elsewhere", body), 400);
    WALK(w, {.line = "task|comments|#lobby|1", .out = "~by the address\n"},
         {.line = "task|comments|#lobby|1", .out = "~by JSON\n"},
         {.line = "task|comments|#lobby|2", .out = "~by the hook\n"});
    free(path);
}

static void a_retry_with_its_key_is_posted_once_also_after_a_crash(void **state)
{
    struct world *w = *state;
    char *path = make_hook(w, ""), first[512], again[512];
    assert_int_equal(post(w, path, "Idempotency-Key: run 7\r\n", "once", first), 200);
    assert_int_equal(post(w, path, "Idempotency-Key: run 7\r\n", "once", again), 200);
    assert_string_equal(first, again);
    rig_kill(&w->rig);
    assert_true(rig_up(&w->rig));
    assert_int_equal(post(w, path, "Idempotency-Key: run 7\r\n", "once", again), 200);
    assert_string_equal(first, again);
    assert_int_equal(post(w, path, "Idempotency-Key: run 8\r\n", "once", again), 200);
    assert_string_not_equal(first, again);
    free(path);
}

static bool has_line(const char *lines, const char *line)
{
    for (const char *at = lines; (at = strstr(at, line)); at++)
        if (at[strlen(line)] == '\n')
            return true;
    return false;
}

/* What the server tells of itself has this line. */
static bool tells(const struct world *w, const char *line)
{
    struct ws_client c;
    bool does = ws_connect(&c, &(struct ws_dial){.port = w->rig.port}) &&
                ws_send_raw(&c, STR("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")) &&
                ws_read_http(&c) && strstr(buf_cstr(&c.payload), line);
    ws_finish(&c);
    return does;
}

static void what_was_posted_and_what_was_refused_is_counted(void **state)
{
    struct world *w = *state;
    char *path = make_hook(w, ""), body[512];
    assert_int_equal(post(w, path, "", "posted", body), 200);
    assert_int_equal(post(w, path, "", "", body), 400);
    WALK(w, {.line = "room|remove|#lobby|ci"});
    assert_int_equal(post(w, path, "", "x", body), 403);
    assert_true(tells(w, "\nmoot_hook_posts_total 1\n"));
    assert_true(tells(w, "\nmoot_hook_refused_total 2\n"));
    free(path);
}

/* Or given up on the disk. */
static bool has_taken_it(void *arg)
{
    return tells(arg, "\nmoot_appends_waiting 1\n") ||
           tells(arg, "\nmoot_hook_refused_total 1\n");
}

static bool is_down(void *arg)
{
    const struct server_rig *r = arg;
    struct ws_client c;
    bool is_up = ws_connect(&c, &(struct ws_dial){.port = r->port});
    ws_finish(&c);
    return !is_up;
}

/* Another program has the database when the server is told to end: what was taken is answered
 * by what became of it, for who hears that it was not posted sends it again. (On a slow machine
 * the server may have given up on the disk before; then it was not posted.) */
static void what_was_taken_is_answered_when_the_server_goes_down(void **state)
{
    struct world *w = *state;
    struct ws_client c;
    struct run r;
    sqlite3 *db;
    char *path = make_hook(w, ""), text[RIG_PATH_MAX + 64], body[512];
    assert_int_equal(post(w, path, "", "first", body), 200);
    snprintf(text, sizeof text, "%s/moot.db", w->rig.data);
    assert_int_equal(sqlite3_open(text, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    snprintf(text, sizeof text, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nlast",
             path);
    assert_true(ws_connect(&c, &(struct ws_dial){.port = w->rig.port}));
    assert_true(ws_send_raw(&c, str_of(text)));
    assert_true(wait_for(has_taken_it, w, SOON));
    assert_int_equal(kill(w->rig.pid, SIGTERM), 0);
    assert_true(wait_for(is_down, &w->rig, SOON));
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_true(ws_read_http(&c));
    assert_true(rig_down(&w->rig) && rig_up(&w->rig));
    moot(&w->me, &r, "tail|#lobby", NULL);
    if (has_line(r.out, "ci: last") != (c.status == 200))
        fail_msg("answered %d %s, and in the room: %s", c.status, buf_cstr(&c.payload), r.out);
    run_finish(&r);
    ws_finish(&c);
    free(path);
}

static void a_flood_is_refused_in_words_and_others_are_not_hurt(void **state)
{
    struct world *w = *state;
    char *path = make_hook(w, ""), *other = make_hook(w, ""), body[512];
    int refused = 0;
    for (int i = 0; i < 200; i++) {
        int status = post(w, path, "", "again", body);
        assert_true(status == 200 || status == 429);
        refused += status == 429;
        assert_true(status == 200 || strstr(body, "a second"));
    }
    assert_true(refused > 20);
    assert_int_equal(post(w, other, "", "not me", body), 200);
    WALK(w, {.as_ana = true, .line = "send|#lobby|nor me"});
    free(path);
    free(other);
}

/* Once it is revoked it is as unknown as any. */
static void a_hook_ends_when_it_is_revoked_or_its_bot_is_put_out(void **state)
{
    struct world *w = *state;
    char *path = make_hook(w, ""), body[512], line[100];
    struct run r;
    WALK(w, {.line = "room|remove|#lobby|ci"});
    assert_int_equal(post(w, path, "", "x", body), 403);
    WALK(w, {.line = "room|invite|#lobby|ci"});
    assert_int_equal(post(w, path, "", "x", body), 200);
    moot(&w->me, &r, "admin|hook|list", NULL);
    snprintf(line, sizeof line, "admin|hook|revoke|%.16s", r.out);
    run_finish(&r);
    WALK(w, {.line = line}, {.line = "admin|hook|list", .out = ""},
         {.line = "admin|audit", .out = "~hook.revoke ci"});
    assert_int_equal(post(w, path, "", "x", body), 404);
    assert_non_null(strstr(body, "There is no such hook."));
    free(path);
}

/* There would be a hook of which nobody has the address. */
static void an_address_that_is_none_makes_no_hook(void **state)
{
    struct world *w = *state;
    char *path = make_hook(w, "|--url|https://moot.example.org"); /* as curl is told it */
    free(path);
    WALK(
        w,
        {.line = "admin|hook|add|#lobby|other|--url|ftp://x", .status = 2, .err = "~no server"},
        {.line = "admin|hook|add|#lobby|other|--url|https://moot.example.org:7700",
         .out = "~https://moot.example.org:7700/hooks/"},
        {.line = "admin|bot|list", .out = "~other"});
    struct run r;
    moot(&w->me, &r, "admin|hook|list", NULL);
    assert_null(strstr(strstr(strstr(r.out, "other") + 1, "\n"), "other")); /* one only */
    run_finish(&r);
}

static void a_bot_does_what_its_scopes_name(void **state)
{
    struct world *w = *state;
    struct run r;
    moot(&w->me, &r, "admin|bot|add|ci|--scope|read,board", NULL);
    assert_int_equal(r.status, 0);
    struct person bot;
    assert_true(rig_person(&w->rig, &bot, "zoe"));
    r.out[strcspn(r.out, "\n")] = '\0';
    env_set(&bot.env, "MOOT_TOKEN", r.out);
    run_finish(&r);
    WALK(w, {.line = "admin|bot|list", .out = "~ci"},
         {.line = "admin|token|ci", .status = 2, .err = "~scopes"},
         {.line = "admin|bot|add|ana|--scope|read", .status = 5, .err = "~person"},
         {.line = "admin|bot|add|x|--scope|all", .status = 2, .err = "~read, chat, board"},
         {.line = "room|invite|#lobby|ci"}, {.line = "room|members|#lobby", .out = "~bot"});
    moot(&bot, &r, "task|add|#lobby|Built", NULL);
    assert_string_equal(r.out, "1\n");
    run_finish(&r);
    moot(&bot, &r, "send|#lobby|not mine to say", NULL);
    assert_int_equal(r.status, 4);
    assert_non_null(strstr(r.err, "scope chat"));
    run_finish(&r);
    person_finish(&bot);
}

#define ROW(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(a_delivery_is_posted_or_refused_in_words),
        ROW(a_hook_posts_on_a_card),
        ROW(a_retry_with_its_key_is_posted_once_also_after_a_crash),
        ROW(what_was_posted_and_what_was_refused_is_counted),
        ROW(what_was_taken_is_answered_when_the_server_goes_down),
        ROW(a_flood_is_refused_in_words_and_others_are_not_hurt),
        ROW(a_hook_ends_when_it_is_revoked_or_its_bot_is_put_out),
        ROW(an_address_that_is_none_makes_no_hook),
        ROW(a_bot_does_what_its_scopes_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
