/* What an admin does with the data of a server that runs, or that was ended for it. */
#include "steps.h"
#include "wait.h"

#include <fcntl.h>
#include <glob.h>
#include <pwd.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { WORDS_MAX = 8, FILE_MAX = 300 };

/* Runs mootd with these words on the rig's data; expects the status, and the words somewhere.
 */
static void mootd(const struct world *w, int status, const char *says,
                  const char *const words[])
{
    struct run r = {0};
    const char *argv[WORDS_MAX + 4] = {rig_mootd, "--data", w->rig.data};
    for (size_t i = 0; i < WORDS_MAX && words[i]; i++)
        argv[3 + i] = words[i];
    assert_true(run_program(&r, argv, w->rig.env.v, NULL, SOON));
    if (r.status != status || !(strstr(r.out, says) || strstr(r.err, says)))
        fail_msg("mootd %s: status %d\n--- out:\n%s--- err:\n%s", words[0], r.status, r.out,
                 r.err);
    run_finish(&r);
}

#define MOOTD(w, status, says, ...)                                                            \
    mootd(w, status, says, (const char *const[WORDS_MAX]){__VA_ARGS__})

static void path_in(const struct world *w, char out[FILE_MAX], const char *name)
{
    snprintf(out, FILE_MAX, "%s/%s", w->rig.dir, name);
}

/* What is done while no server runs stands with the rest of what admins did: who, what, when.
 */
static void assert_noted(const struct world *w, const char *act)
{
    struct run r = {0};
    char line[400];
    const struct passwd *account = getpwuid(getuid());
    assert_non_null(account);
    snprintf(line, sizeof line, " %s %s", account->pw_name, act);
    moot(&w->me, &r, "admin|audit", NULL);
    if (r.status != 0 || !strstr(r.out, line))
        fail_msg("\"%s\" is not in\n%s", line, r.out);
    run_finish(&r);
}

static void backup_of_a_running_server_brings_the_day_back(void **state)
{
    struct world *w = *state;
    char file[FILE_MAX], kept[FILE_MAX];
    path_in(w, file, "backup.db");
    WALK(w, {.line = "room|create|#core", .out = NULL},
         {.line = "send|#core|before the backup", .out = NULL},
         {.line = "task|add|#core|a card", .out = NULL});
    MOOTD(w, 0, "it agrees with itself", "backup", file);
    WALK(w, {.line = "send|#core|after the backup", .out = NULL});
    MOOTD(w, 5, "in use by a running mootd", "restore", file);
    MOOTD(w, 0, "agrees with itself", "check");
    assert_true(rig_down(&w->rig));
    MOOTD(w, 0, "before-restore", "restore", file);
    assert_true(rig_up(&w->rig));
    WALK(w, {.line = "tail|#core", .out = "~before the backup"},
         {.line = "task|list|#core", .out = "~a card"},
         {.line = "send|#core|and on", .out = NULL});
    MOOTD(w, 0, "agrees with itself", "check");
    char act[FILE_MAX + 10];
    snprintf(act, sizeof act, "restore %s\n", file);
    assert_noted(w, act);
    snprintf(kept, sizeof kept, "%s/moot.db.before-restore-*", w->rig.data);
    glob_t found = {0};
    assert_int_equal(glob(kept, 0, NULL, &found), 0);
    assert_int_equal(found.gl_pathc, 1);
    globfree(&found);
}

/* Runs SQL on the database as sqlite3(1) would, past the server. */
static void damage(const struct world *w, const char *sql)
{
    char path[FILE_MAX];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/moot.db", w->rig.data);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* From a running server to a new one. */
static void export_moves_rooms_to_another_server(void **state)
{
    struct world *w = *state;
    struct world other = {0};
    char folder[FILE_MAX], file[FILE_MAX];
    path_in(w, folder, "export/");
    path_in(w, file, "export/core/chat.md");
    WALK(w, {.line = "room|create|#core", .out = NULL},
         {.line = "send|#core|said there", .out = NULL},
         {.line = "task|add|#core|a card", .out = NULL});
    MOOTD(w, 0, "2 rooms", "export", folder);
    MOOTD(w, 0, "\"said there\"", "export", "#core", "-");
    MOOTD(w, 3, "no room #nope", "export", "#nope", "-");
    MOOTD(w, 5, "in use by a running mootd", "import", folder);
    assert_int_equal(access(file, R_OK), 0);
    assert_true(rig_init(&other.rig));
    MOOTD(&other, 0, "it agrees with itself", "import", folder);
    assert_true(rig_up(&other.rig) && rig_me(&other.rig, &other.me));
    WALK(&other, {.line = "tail|#core", .out = "~said there"},
         {.line = "task|list|#core", .out = "~a card"},
         {.line = "send|#core|said here", .out = NULL});
    MOOTD(&other, 0, "agrees with itself", "check");
    char act[FILE_MAX + 60];
    snprintf(act, sizeof act, "import %s: 5 events and 2 accounts", folder);
    assert_noted(&other, act);
    person_finish(&other.me);
    rig_finish(&other.rig);
}

static void damaged_tables_are_named_and_mended(void **state)
{
    struct world *w = *state;
    WALK(w, {.line = "room|create|#core", .out = NULL},
         {.line = "task|add|#core|a card", .out = NULL},
         {.line = "task|move|#core|1|Doing", .out = NULL});
    MOOTD(w, 5, "in use by a running mootd", "check", "--repair");
    assert_true(rig_down(&w->rig));
    damage(w, "UPDATE tasks SET title = 'another card', column = 'Done';"
              "UPDATE events SET number = 7 WHERE kind = 'task.moved'");
    MOOTD(w, 1, "room #core: card 1 has another title", "check");
    MOOTD(w, 1, "room: #core, event 3", "check");
    MOOTD(w, 0, "before-repair", "check", "--repair");
    MOOTD(w, 0, "agrees with itself", "check");
    assert_true(rig_up(&w->rig));
    WALK(w, {.line = "task|list|#core", .out = "~Doing       a card"});
    assert_noted(w, "repair \n");
    WALK(w, {.line = "admin|audit|--json", .out = "~\"act\":\"repair\",\"subject\":\"\""});
}

static void second_server_on_the_same_data_is_refused(void **state)
{
    struct world *w = *state;
    MOOTD(w, 5, "in use by a running mootd", "--socket", "none", "--listen", "127.0.0.1:0");
    MOOTD(w, 5, "in use by a running mootd", "migrate");
    MOOTD(w, 0, "schema", "migrate", "--dry-run");
    WALK(w, {.line = "room|create|#core", .out = NULL});
}

static void what_is_asked_wrongly_is_said(void **state)
{
    struct world *w = *state;
    char file[FILE_MAX];
    path_in(w, file, "letter");
    int fd = open(file, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(fd, "my grandmother", 14), 14);
    close(fd);
    MOOTD(w, 2, "backup FILE", "backup");
    MOOTD(w, 2, "check", "check", "more");
    MOOTD(w, 5, "no backup of moot", "backup", file);
    MOOTD(w, 1, "No such file", "backup", "/no/such/folder/file");
    assert_true(rig_down(&w->rig));
    MOOTD(w, 1, "no database", "restore", file);
    assert_true(rig_up(&w->rig));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(backup_of_a_running_server_brings_the_day_back, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(export_moves_rooms_to_another_server, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(damaged_tables_are_named_and_mended, set_up, tear_down),
        cmocka_unit_test_setup_teardown(second_server_on_the_same_data_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_asked_wrongly_is_said, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
