/* What a room keeps of its chat, by command line, against a real server. */
#include "steps.h"
#include "talk.h"
#include "wait.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { SAID = 104, KEPT = 100 }; /* messages; the first of them are events 3 and so on */

static void only_an_owner_sets_it_and_bad_words_are_refused(void **state)
{
    WALK(*state, {0, "room|create|core", NULL, 0, "", ""},
         {1, "room|join|core", NULL, 0, "", ""},
         {0, "room|retain|core", NULL, 0, "everything\n", ""},
         {1, "room|retain|core|--keep|90d", NULL, 4, "", "~owner"},
         {0, "room|invite|core|ana|--role|observer", NULL, 0, "", ""},
         {1, "room|retain|core|--off", NULL, 4, "", "~owner"},
         {0, "room|retain|core|--keep|0", NULL, 2, "", "~a time of 1h to 3650d"},
         {0, "room|retain|core|--keep|-5", NULL, 2, "", "~"},
         {0, "room|retain|core|--keep|99", NULL, 2, "", "~100 to 1000000"},
         {0, "room|retain|core|--keep|9999999d", NULL, 2, "", "~or off"},
         {0, "room|retain|core|--keep|59m", NULL, 2, "", "~1h to 3650d"},
         {0, "room|retain|core|--keep|soon", NULL, 2, "", "~'soon'"},
         {0, "room|retain|core|--keep|90d|--off", NULL, 2, "", "~which of them"},
         {0, "room|retain|@ana|--keep|90d", NULL, 4, "", "~nobody owns it"},
         {0, "room|retain|core", NULL, 0, "everything\n", ""}, );
}

static void what_is_kept_is_said_to_everybody(void **state)
{
    WALK(*state, {0, "room|create|core", NULL, 0, "", ""},
         {1, "room|join|core", NULL, 0, "", ""},
         {0, "room|topic|core|Release", NULL, 0, "", ""},
         {0, "room|retain|core|--keep|90d", NULL, 0, "", ""},
         {1, "room|retain|core", NULL, 0, "messages for 90 days\n", ""},
         {1, "room|show|core", NULL, 0,
          "#core\n  public, 2 members\n  topic  Release\n  keeps  messages for 90 days\n", ""},
         {1, "room|show|core|--json", NULL, 0,
          "{\"room\":\"#core\",\"public\":true,\"members\":2,\"topic\":\"Release\","
          "\"trimmed\":0,\"age\":7776000,\"count\":0}\n",
          ""},
         {1, "activity|core", NULL, 0, "~set that the chat keeps messages for 90 days", ""},
         {1, "tail|core|--events", NULL, 0, "~room.retention age=7776000", ""},
         {0, "room|retain|core|--off", NULL, 0, "", ""},
         {1, "room|retain|core|--json", NULL, 0, "{\"room\":\"#core\",\"age\":0,\"count\":0}\n",
          ""},
         {1, "activity|core", NULL, 0, "~set that the chat keeps everything", ""}, );
}

static void say(struct world *w)
{
    struct ws_client c;
    assert_true(talk_hello(&w->rig, &c, NULL, "abcdefgh"));
    for (int i = 1; i <= SAID; i++) {
        char message[160], answer[32];
        snprintf(message, sizeof message,
                 "{\"type\":\"message.post\",\"id\":%d,\"room\":\"#core\",\"text\":"
                 "\"secretword number %d\"}",
                 i, i);
        snprintf(answer, sizeof answer, "\"ok\",\"re\":%d,", i);
        assert_true(talk_ask(&c, message, answer));
    }
    ws_finish(&c);
}

static bool is_trimmed(void *arg)
{
    struct world *w = arg;
    struct run r = {0};
    moot(&w->ana, &r, "room|show|core|--json", NULL);
    bool is_so = strstr(r.out, "\"trimmed\":7");
    run_finish(&r);
    return is_so;
}

static bool file_has(const char *path, const char *words)
{
    char *bytes = malloc(8 << 20);
    int fd = open(path, O_RDONLY);
    ssize_t n = fd >= 0 ? read(fd, bytes, 8 << 20) : 0;
    bool has = n > 0 && memmem(bytes, (size_t)n, words, strlen(words));
    close(fd);
    free(bytes);
    return has;
}

static void mootd(const struct world *w, const char *verb, const char *says)
{
    struct run r = {0};
    const char *argv[] = {rig_mootd, "--data", w->rig.data, verb, NULL};
    assert_true(run_program(&r, argv, w->rig.env.v, NULL, SOON));
    if (r.status != 0 || !strstr(r.out, says))
        fail_msg("mootd %s: status %d\n%s%s", verb, r.status, r.out, r.err);
    run_finish(&r);
}

static void older_messages_leave_chat_search_and_disk(void **state)
{
    struct world *w = *state;
    char db[RIG_PATH_MAX + 16];
    snprintf(db, sizeof db, "%s/moot.db", w->rig.data);
    WALK(w, {0, "room|create|core", NULL, 0, "", ""}, {1, "room|join|core", NULL, 0, "", ""});
    say(w); /* events 3 to 106 */
    WALK(w, {0, "message|pin|core|4", NULL, 0, "", ""},
         {1, "send|core|--reply|3|an answer", NULL, 0, "", ""},
         {0, "task|add|core|A card", NULL, 0, "1\n", ""},
         {0, "search|number 1 in:core", NULL, 0, "~secretword number 1", ""},
         {0, "room|retain|core|--keep|100", NULL, 0, "", ""}, );
    if (!wait_for(is_trimmed, w, SOON))
        fail_msg("nothing was removed");
    WALK(w, {1, "tail|core", NULL, 0, "~: secretword number 2\n", ""},
         {1, "message|list|core|--pinned", NULL, 0, "~: secretword number 2", ""},
         {1, "message|edit|core|3|x", NULL, 3, "", "~removed by retention"},
         {1, "send|core|--reply|3|x", NULL, 3, "", "~removed by retention"},
         {1, "activity|core", NULL, 0, "~mootd removed 4 older messages of the chat", ""},
         {1, "tail|core|--events|--since|2", NULL, 0, "~message.removed", ""},
         {1, "room|show|core", NULL, 0, "~older messages, up to 7, were removed by retention",
          ""},
         {1, "message|list|core|--limit|1", NULL, 0, "~an answer", ""}, );
    static const int gone[] = {1, 3, 4, 5};
    for (size_t i = 0; i < COUNT_OF(gone); i++) {
        struct run r = {0};
        char words[40], question[60];
        snprintf(words, sizeof words, "secretword number %d\n", gone[i]);
        moot(&w->ana, &r, "tail|core|--limit|1000", NULL);
        assert_int_equal(r.status, 0);
        assert_null(strstr(r.out, words));
        run_finish(&r);
        snprintf(question, sizeof question, "search|\"number %d\" in:core", gone[i]);
        moot(&w->ana, &r, question, NULL);
        words[strlen(words) - 1] = '\0';
        assert_null(strstr(r.out, gone[i] == 1 ? "number 1 " : words));
        run_finish(&r);
    }
    assert_true(rig_down(&w->rig));
    mootd(w, "check", "agrees with itself");
    assert_true(file_has(db, "secretword number 50\""));
    assert_true(file_has(db, "secretword number 2\""));
    assert_false(file_has(db, "secretword number 3\""));
    assert_false(file_has(db, "secretword number 5\""));
    assert_true(rig_up(&w->rig));
    WALK(w, {1, "room|show|core", NULL, 0, "~keeps  the newest 100 messages", ""},
         {0, "room|retain|core|--off", NULL, 0, "", ""},
         {0, "send|core|and on", NULL, 0, "", ""}, );
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_an_owner_sets_it_and_bad_words_are_refused),
        TEST(what_is_kept_is_said_to_everybody),
        TEST(older_messages_leave_chat_search_and_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
