/* A token that is replaced while moot runs. */
#include "screens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TOKEN_BYTES = 2000, ID_BYTES = 64 };

struct token {
    char text[TOKEN_BYTES], id[ID_BYTES]; /* id: as `moot admin token revoke` takes it */
};

static struct token new_token(struct world *w, const char *user)
{
    struct token t = {0};
    const char *args[] = {"admin", "token", user, "--ttl", "1d", "--json", NULL};
    struct run r = moot_says(&w->me, NULL, args);
    assert_int_equal(sscanf(strstr(r.out, "\"token\":\""), "\"token\":\"%1999[^\"]", t.text),
                     1);
    assert_int_equal(sscanf(strstr(r.out, "\"token_id\":\""), "\"token_id\":\"%63[^\"]", t.id),
                     1);
    run_finish(&r);
    return t;
}

static void revoke_token(struct world *w, const struct token *t)
{
    struct run r =
        moot_says(&w->me, NULL, (const char *[]){"admin", "token", "revoke", t->id, NULL});
    run_finish(&r);
}

/* As a program does that gets tokens: a new file takes the place of the old one. */
static void put_token(struct world *w, const struct token *t)
{
    char path[300], fresh[310];
    snprintf(path, sizeof path, "%s/token", w->ana.home);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0 && write(fd, t->text, strlen(t->text)) == (ssize_t)strlen(t->text));
    assert_int_equal(close(fd), 0);
    assert_int_equal(rename(fresh, path), 0);
    env_set(&w->ana.env, "MOOT_TOKEN", "");
    env_set(&w->ana.env, "MOOT_TOKEN_FILE", path);
}

static void a_new_token_is_taken_without_leaving(void **state)
{
    struct world *w = *state;
    struct token first = new_token(w, "ana"), second = new_token(w, "ana");
    put_token(w, &first);
    w->hers = screen_online(&w->ana, 24, 80);
    put_token(w, &second);
    assert_true(screen_wait(w->hers, "Signed in anew", 3 * SOON));
    revoke_token(w, &first); /* what it came with is not needed any more */
    say(w->hers, "still here");
    all_saved(w->hers);
    assert_false(screen_shows(w->hers, "reconnect"));
    struct token third = new_token(w, "ana");
    revoke_token(w, &second);
    assert_true(screen_wait(w->hers, "revoked", SOON));
    put_token(w, &third); /* and nobody presses a key */
    assert_true(screen_wait(w->hers, " online", 3 * SOON));
    quit(w->hers);
}

static void the_token_of_somebody_else_changes_nobody(void **state)
{
    struct world *w = *state;
    struct token hers = new_token(w, "ana"), other = new_token(w, "bo");
    put_token(w, &hers);
    w->hers = screen_online(&w->ana, 24, 80);
    put_token(w, &other);
    assert_true(screen_wait(w->hers, "not for ana", 3 * SOON));
    say(w->hers, "it is me");
    all_saved(w->hers);
    revoke_token(w, &hers);
    assert_true(screen_wait(w->hers, "revoked", SOON));
    focus_board(w->hers);
    screen_type(w->hers, "R");
    assert_true(screen_wait(w->hers, "is bo's now", SOON));
    screen_type(w->hers, ":quit\r");
    assert_true(screen_wait_end(w->hers, SOON));
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(a_new_token_is_taken_without_leaving),
        WITH_WORLD(the_token_of_somebody_else_changes_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
