/* What every store promises about accounts, tokens, hooks, and what admins did. */
#include "contract_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void account_keeps_its_beginning(void **state)
{
    struct store *s = store_in(state);
    kit_ok(s, kit_user("ana", true, false, 20));
    struct store_job *later = kit_user("ana", false, true, 10);
    later->user.created = 1000;
    kit_ok(s, later);
    struct store_job *j = kit_run(s, store_job_new(JOB_BOOT));
    assert_false(j->users.v[0].admin);
    assert_true(j->users.v[0].disabled);
    assert_int_equal(j->users.v[0].created, 5);
    assert_int_equal(j->users.v[0].seen, 20);
    store_job_free(j);
}

static void boot_brings_revoked_tokens_until_they_end(void **state)
{
    struct store *s = store_in(state);
    static const struct store_token tokens[] = {
        {{"ended", 5}, {"ana", 3}, 1, 100, false, false, {NULL, 0}},
        {{"live", 4}, {"ana", 3}, 2, 900, false, false, {NULL, 0}},
        {{"valid", 5}, {"ana", 3}, 3, 900, false, false, {NULL, 0}},
        {{"endless", 7}, {"ana", 3}, 4, 0, false, false, {NULL, 0}},
    };
    for (size_t i = 0; i < COUNT_OF(tokens); i++) {
        kit_ok(s, kit_token(JOB_TOKEN_PUT, tokens[i]));
        if (i != 2)
            kit_ok(s, kit_token(JOB_TOKEN_REVOKE, tokens[i]));
    }
    struct store_job *j = store_job_new(JOB_BOOT);
    j->from = 500;
    kit_run(s, j);
    assert_int_equal(j->tokens.n, 2);
    for (size_t i = 0; i < j->tokens.n; i++)
        assert_true(str_is(j->tokens.v[i].id, "live") || str_is(j->tokens.v[i].id, "endless"));
    store_job_free(j);
    j = kit_run(s, store_job_new(JOB_TOKENS));
    assert_int_equal(j->tokens.n, 4);
    assert_str(j->tokens.v[2].id, "valid");
    assert_false(j->tokens.v[2].revoked);
    assert_int_equal(j->tokens.v[2].expires, 900);
    store_job_free(j);
}

static void token_id_is_taken_once(void **state)
{
    struct store *s = store_in(state);
    struct store_token t = {STR("id"), STR("ana"), 1, 2, false, false, {NULL, 0}};
    kit_ok(s, kit_token(JOB_TOKEN_PUT, t));
    kit_refused(s, kit_token(JOB_TOKEN_PUT, t), ERR_EXISTS);
}

static void unknown_token_is_not_revoked(void **state)
{
    struct store_token t = {.id = STR("none")};
    kit_refused(store_in(state), kit_token(JOB_TOKEN_REVOKE, t), ERR_NOT_FOUND);
}

static void invite_is_good_once(void **state)
{
    struct store *s = store_in(state);
    struct store_token invite = {STR("inv"), STR("bo"), 1, 50, false, true, {NULL, 0}};
    kit_ok(s, kit_token(JOB_TOKEN_PUT, invite));
    kit_ok(s, kit_invite("inv", "bo", "tok1"));
    kit_refused(s, kit_invite("inv", "bo", "tok2"), ERR_REVOKED);
    struct store_job *j = kit_run(s, store_job_new(JOB_TOKENS));
    assert_int_equal(j->tokens.n, 2);
    assert_str(j->tokens.v[0].id, "inv");
    assert_true(j->tokens.v[0].revoked);
    assert_str(j->tokens.v[1].id, "tok1");
    assert_false(j->tokens.v[1].revoked);
    store_job_free(j);
    j = kit_run(s, store_job_new(JOB_BOOT));
    assert_int_equal(j->users.n, 1);
    assert_str(j->users.v[0].name, "bo");
    assert_int_equal(j->tokens.n, 1);
    store_job_free(j);
}

static void revoked_invite_is_not_good(void **state)
{
    struct store *s = store_in(state);
    struct store_token invite = {STR("inv"), STR("bo"), 1, 50, false, true, {NULL, 0}};
    kit_ok(s, kit_token(JOB_TOKEN_PUT, invite));
    kit_ok(s, kit_token(JOB_TOKEN_REVOKE, invite));
    kit_refused(s, kit_invite("inv", "bo", "tok1"), ERR_REVOKED);
}

static void unknown_invite_is_used_up_too(void **state)
{
    struct store *s = store_in(state);
    kit_ok(s, kit_invite("inv", "bo", "tok1"));
    kit_refused(s, kit_invite("inv", "bo", "tok2"), ERR_REVOKED);
}

static void invite_leaves_an_account_that_is_there_alone(void **state)
{
    struct store *s = store_in(state);
    kit_ok(s, kit_user("bo", true, false, 20));
    kit_ok(s, kit_invite("inv", "bo", "tok1"));
    struct store_job *j = kit_run(s, store_job_new(JOB_BOOT));
    assert_int_equal(j->users.n, 1);
    assert_true(j->users.v[0].admin);
    assert_int_equal(j->users.v[0].created, 5);
    store_job_free(j);
}

static void invite_for_a_taken_token_changes_nothing(void **state)
{
    struct store *s = store_in(state);
    kit_ok(s, kit_invite("inv1", "bo", "tok1"));
    kit_refused(s, kit_invite("inv2", "cy", "tok1"), ERR_EXISTS);
    struct store_job *j = kit_run(s, store_job_new(JOB_BOOT));
    assert_int_equal(j->users.n, 1);
    store_job_free(j);
    kit_ok(s, kit_invite("inv2", "cy", "tok2"));
}

static struct store_job *with_audit(struct store_job *j, const char *act)
{
    j->audit = (struct store_audit){
        .time = 7, .author = STR("ana"), .act = str_of(act), .words = STR("why")};
    return j;
}

static void what_was_done_is_noted_with_it_or_not_at_all(void **state)
{
    struct store *s = store_in(state);
    struct store_token t = {STR("id"), STR("bo"), 1, 2, false, false, {NULL, 0}};
    kit_ok(s, with_audit(kit_user("bo", true, false, 20), "one"));
    kit_ok(s, kit_user("bo", true, false, 21)); /* nobody's act */
    kit_ok(s, with_audit(kit_token(JOB_TOKEN_PUT, t), "two"));
    kit_refused(s, with_audit(kit_token(JOB_TOKEN_PUT, t), "refused"), ERR_EXISTS);
    kit_ok(s, with_audit(store_job_new(JOB_AUDIT_PUT), "three"));
    struct store_job *j = kit_read(JOB_AUDIT, "", INT64_MAX, 2);
    kit_run(s, j);
    assert_int_equal(j->audits.n, 2);
    assert_true(j->more);
    assert_str(j->audits.v[0].act, "three");
    assert_str(j->audits.v[1].act, "two");
    assert_str(j->audits.v[1].words, "why");
    int64_t before = j->audits.v[1].number;
    store_job_free(j);
    j = kit_run(s, kit_read(JOB_AUDIT, "", before, 2));
    assert_int_equal(j->audits.n, 1);
    assert_false(j->more);
    assert_str(j->audits.v[0].act, "one");
    assert_int_equal(j->audits.v[0].time, 7);
    store_job_free(j);
}

static void a_bot_and_the_scopes_of_a_token_are_kept(void **state)
{
    struct store *s = store_in(state);
    struct store_job *bot = kit_user("ci", false, false, 20);
    bot->user.bot = true;
    kit_ok(s, bot);
    kit_ok(s, kit_user("ci", false, true, 30)); /* says nothing of it: it stays */
    struct store_token t = {STR("id"), STR("ci"), 1, 2, false, false, STR("read,chat")};
    kit_ok(s, kit_token(JOB_TOKEN_PUT, t));
    struct store_job *j = kit_run(s, store_job_new(JOB_BOOT));
    assert_true(j->users.v[0].bot);
    assert_true(j->users.v[0].disabled);
    store_job_free(j);
    j = kit_run(s, store_job_new(JOB_TOKENS));
    assert_str(j->tokens.v[0].scopes, "read,chat");
    store_job_free(j);
}

static struct store_job *hook_job(enum store_job_kind kind, const char *id)
{
    struct store_job *j = store_job_new(kind);
    j->hook = (struct store_hook){.id = str_of(id),
                                  .user = STR("ci"),
                                  .room = STR("#a"),
                                  .hash = STR("abc"),
                                  .task = 4,
                                  .url = STR("https://x"),
                                  .kinds = STR("message"),
                                  .author = STR("root"),
                                  .created = 5,
                                  .seq = 6};
    return j;
}

static void a_hook_is_kept_moved_and_dropped(void **state)
{
    struct store *s = store_in(state);
    kit_ok(s, kit_room("#a", 1));
    kit_ok(s, hook_job(JOB_HOOK_ADD, "one"));
    kit_ok(s, hook_job(JOB_HOOK_ADD, "two"));
    struct store_job *set = hook_job(JOB_HOOK_SET, "two");
    set->hook =
        (struct store_hook){.id = STR("two"), .seq = 9, .failing = 100, .stopped = true};
    kit_ok(s, set);
    kit_ok(s, hook_job(JOB_HOOK_DROP, "one"));
    struct store_job *j = kit_run(s, store_job_new(JOB_BOOT));
    assert_int_equal(j->hooks.n, 1);
    const struct store_hook *k = j->hooks.v;
    assert_str(k->id, "two");
    assert_str(k->user, "ci");
    assert_str(k->room, "#a");
    assert_str(k->hash, "abc");
    assert_str(k->url, "https://x");
    assert_str(k->kinds, "message");
    assert_str(k->author, "root");
    assert_int_equal(k->task, 4);
    assert_int_equal(k->created, 5);
    assert_int_equal(k->seq, 9);
    assert_int_equal(k->failing, 100);
    assert_true(k->stopped);
    store_job_free(j);
}

static void a_hook_that_is_gone_does_not_come_back(void **state)
{
    struct store *s = store_in(state);
    kit_ok(s, kit_room("#a", 1));
    kit_ok(s, hook_job(JOB_HOOK_ADD, "one"));
    kit_refused(s, hook_job(JOB_HOOK_ADD, "one"), ERR_INTERNAL);
    kit_ok(s, hook_job(JOB_HOOK_DROP, "one"));
    kit_refused(s, hook_job(JOB_HOOK_DROP, "one"), ERR_NOT_FOUND);
    kit_ok(s, hook_job(JOB_HOOK_SET, "one")); /* was under way */
    struct store_job *j = kit_run(s, store_job_new(JOB_BOOT));
    assert_int_equal(j->hooks.n, 0);
    store_job_free(j);
}

static void a_hook_needs_its_room(void **state)
{
    kit_refused(store_in(state), hook_job(JOB_HOOK_ADD, "one"), ERR_INTERNAL);
}

int store_contract_account_run(const char *name, struct store *(*open)(void))
{
    struct CMUnitTest tests[] = {
        ROW(account_keeps_its_beginning),
        ROW(boot_brings_revoked_tokens_until_they_end),
        ROW(token_id_is_taken_once),
        ROW(unknown_token_is_not_revoked),
        ROW(invite_is_good_once),
        ROW(revoked_invite_is_not_good),
        ROW(unknown_invite_is_used_up_too),
        ROW(invite_leaves_an_account_that_is_there_alone),
        ROW(invite_for_a_taken_token_changes_nothing),
        ROW(what_was_done_is_noted_with_it_or_not_at_all),
        ROW(a_bot_and_the_scopes_of_a_token_are_kept),
        ROW(a_hook_is_kept_moved_and_dropped),
        ROW(a_hook_that_is_gone_does_not_come_back),
        ROW(a_hook_needs_its_room),
    };
    return contract_run(name, open, tests, COUNT_OF(tests));
}
