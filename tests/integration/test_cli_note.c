/* The verbs of moot note against a real server. */
#include "steps.h"
#include "wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_MAX_HERE = 256 };

static void notes_are_made_listed_and_put_away(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core", NULL, 0, "", ""},
        {0, "task|add|core|A card", NULL, 0, "1\n", ""},
        {0, "note|new|core|Plan|B", NULL, 0, "2\n", ""},
        {0, "note|new|core|From a pipe|--from|-", "one\ntwo\n", 0, "3\n", ""},
        {0, "note|list|core", NULL, 0, "~    2  ", ""},
        {0, "note|list|core", NULL, 0, "~  Plan B\n", ""},
        {0, "note|cat|core|From a pipe", NULL, 0, "one\ntwo\n", ""},
        {0, "note|cat|core|from a PIPE", NULL, 0, "one\ntwo\n", ""}, /* as with columns */
        {0, "note|cat|core|#3", NULL, 0, "one\ntwo\n", ""},
        {0, "note|cat|core|Plan B", NULL, 0, "", ""},
        {0, "note|new|core|Plan B", NULL, 5, "", "~Plan B"},
        {0, "note|new|core|42", NULL, 2, "", "~number"},
        {0, "note|rename|core|2|Plan C", NULL, 0, "", ""},
        {0, "note|cat|core|Plan B", NULL, 3, "", "~no note 'Plan B'"},
        {0, "note|archive|core|Plan C", NULL, 0, "", ""},
        {0, "note|list|core|--all", NULL, 0, "~Plan C  (archived)\n", ""},
        {0, "note|append|core|2|still here", NULL, 0, "", ""},
        {0, "note|unarchive|core|2", NULL, 0, "", ""},
        {0, "note|cat|core|Plan C", NULL, 0, "still here\n", ""},
        {0, "note|cat|core|99", NULL, 3, "", "~no note or card 99"},
        {0, "note|cat|core|1", NULL, 0, "", ""},
        {0, "note|append|core|1|the card's description", NULL, 0, "", ""},
        {0, "note|cat|core|1", NULL, 0, "the card's description\n", ""},
        {0, "task|archive|core|1", NULL, 0, "", ""},
        {0, "note|cat|core|1", NULL, 0, "the card's description\n", ""},
        {0, "note|restore|core|1|0", NULL, 0, "", "~card 1 is as it was at version 0"},
    };
    walk(*state, steps, COUNT_OF(steps));
}

static void lines_are_appended_whatever_the_end_was(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core", NULL, 0, "", ""},
        {0, "note|new|core|N|--from|-", "no newline", 0, "1\n", ""},
        {0, "note|append|core|N|next", NULL, 0, "", ""},
        {0, "note|append|core|N|-", "two\nlines é😀\n", 0, "", ""},
        {0, "note|cat|core|N", NULL, 0, "no newline\nnext\ntwo\nlines é😀\n", ""},
        {0, "note|append|core|N|-", "", 1, "", "~empty"},
        {0, "note|append|core|N|-", "bad \xff\n", 1, "", "~UTF-8"},
        {0, "note|cat|core|N|--json", NULL, 0, "~\"version\":3,\"text\":\"no newline\\nnext\\n",
         ""},
    };
    walk(*state, steps, COUNT_OF(steps));
}

static void history_shows_who_did_what_and_brings_it_back(void **state)
{
    struct world *w = *state;
    static const struct step steps[] = {
        {0, "room|create|core", NULL, 0, "", ""},
        {1, "room|join|core", NULL, 0, "", ""},
        {0, "note|new|core|N|--from|-", "one\ntwo\nthree\n", 0, "1\n", ""},
        {1, "note|append|core|N|four", NULL, 0, "", ""},
        {0, "note|history|core|N", NULL, 0, "~      2  ", ""},
        {0, "note|history|core|N", NULL, 0, "~ana           +5 -0\n", ""},
        {0, "note|history|core|N|--json", NULL, 0, "~\"author\":\"ana\",\"added\":5,", ""},
        {0, "note|diff|core|N|1|--json", NULL, 0,
         "{\"from\":1,\"to\":2,\"kind\":\"added\",\"line\":4,\"text\":\"four\"}\n", ""},
        {0, "note|diff|core|N|2|--json", NULL, 0, "", ""},
        {0, "note|cat|core|N|--at|1", NULL, 0, "one\ntwo\nthree\n", ""},
        {0, "note|cat|core|N|--at|0", NULL, 0, "", ""},
        {0, "note|cat|core|N|--at|7", NULL, 3, "", NULL},
        {0, "note|cat|core|N|--at|soon", NULL, 2, "", "~neither a version"},
        {0, "note|diff|core|N|1", NULL, 0,
         "--- N  version 1\n+++ N  version 2\n@@ -1,3 +1,4 @@\n one\n two\n three\n+four\n",
         ""},
        {0, "note|diff|core|N|2|1", NULL, 0, "~-four\n", ""},
        {0, "note|diff|core|N|2", NULL, 0, "", ""},
        {0, "note|blame|core|N", NULL, 0, "~     2     4) four\n", ""},
        {0, "note|blame|core|N|--json", NULL, 0, "~\"author\":\"ana\",\"text\":\"four\"}\n",
         ""},
        {0, "note|restore|core|N|1", NULL, 0, "", NULL},
        {0, "note|cat|core|N", NULL, 0, "one\ntwo\nthree\n", ""},
        {0, "note|cat|core|N|--at|2", NULL, 0, "one\ntwo\nthree\nfour\n", ""},
        {0, "note|history|core|N|--limit|1|--all", NULL, 0, "~ +0 -5\n", ""},
    };
    walk(w, steps, COUNT_OF(steps));
}

static void the_outline_names_headings_and_their_lines(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core", NULL, 0, "", ""},
        {0, "note|new|core|N|--from|-", "# One\n\n## Two #\n```\n# no\n```\n### \x1b[m\n", 0,
         "1\n", ""},
        {0, "note|outline|core|N", NULL, 0, "    1  One\n    3    Two\n    7      \\x1b[m\n",
         ""},
        {0, "note|outline|core|N|--json", NULL, 0,
         "~{\"line\":3,\"level\":2,\"title\":\"Two\"}\n", ""},
        {0, "note|outline|core|N|--at|0", NULL, 0, "", ""},
        {0, "note|outline|core|9", NULL, 3, "", "~no note or card 9"},
    };
    walk(*state, steps, COUNT_OF(steps));
}

static void observers_read_and_are_told_why_they_may_not_write(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core|--private", NULL, 0, "", ""},
        {0, "room|invite|core|ana|--role|observer", NULL, 0, "", ""},
        {0, "note|new|core|N|--from|-", "text\n", 0, "1\n", ""},
        {1, "note|cat|core|N", NULL, 0, "text\n", ""},
        {1, "note|append|core|N|more", NULL, 4, "", "~observer"},
        {1, "note|new|core|Mine", NULL, 4, "", NULL},
        {0, "note|cat|core|N", NULL, 0, "text\n", ""},
    };
    walk(*state, steps, COUNT_OF(steps));
}

/* ---- files ---- */

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

/* As editors do that keep the old file until the new one is whole. */
static void append_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_APPEND);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void save_by_renaming(const char *path, const char *text)
{
    char other[PATH_MAX_HERE];
    snprintf(other, sizeof other, "%s.new", path);
    write_file(other, text);
    assert_int_equal(rename(other, path), 0);
}

static void read_file(const char *path, char *out, size_t size)
{
    FILE *f = fopen(path, "re");
    out[0] = '\0';
    if (!f)
        return;
    out[fread(out, 1, size - 1, f)] = '\0';
    fclose(f);
}

static bool file_is(const char *path, const char *text)
{
    char got[4096];
    read_file(path, got, sizeof got);
    return strcmp(got, text) == 0;
}

static void an_editor_of_ones_own_is_merged_with_others(void **state)
{
    struct world *w = *state;
    char script[PATH_MAX_HERE], editor[2 * PATH_MAX_HERE + 64];
    /* While the editor is open, somebody else adds a line. */
    snprintf(script, sizeof script, "%s/editor", w->rig.dir);
    FILE *f = fopen(script, "we");
    assert_non_null(f);
    fprintf(f,
            "#!/bin/sh\n%s note append core N 'from another terminal' || exit 9\n"
            "sed -i 's/two/TWO/' \"$1\"\n",
            rig_moot);
    fclose(f);
    chmod(script, 0700);
    snprintf(editor, sizeof editor, "%s", script);
    env_set(&w->me.env, "EDITOR", editor);
    WALK(w, {0, "room|create|core", NULL, 0, "", ""},
         {0, "note|new|core|N|--from|-", "one\ntwo\n", 0, "1\n", ""},
         {0, "note|edit|core|N", NULL, 0, "", ""},
         {0, "note|cat|core|N", NULL, 0, "one\nTWO\nfrom another terminal\n", ""});
    env_set(&w->me.env, "EDITOR", "false");
    WALK(w, {0, "note|edit|core|N", NULL, 1, "", "~nothing was changed"},
         {0, "note|cat|core|N", NULL, 0, "one\nTWO\nfrom another terminal\n", ""});
    env_set(&w->me.env, "EDITOR", "true");
    WALK(w, {0, "note|edit|core|N", NULL, 0, "", "~nothing was changed"});
}

static void notes_are_exported_to_files(void **state)
{
    struct world *w = *state;
    char line[PATH_MAX_HERE], path[PATH_MAX_HERE];
    snprintf(line, sizeof line, "note|export|core|%s/out", w->rig.dir);
    WALK(w, {0, "room|create|core", NULL, 0, "", ""},
         {0, "note|new|core|A/b|--from|-", "text\n", 0, "1\n", ""},
         {0, line, NULL, 0, NULL, ""});
    snprintf(path, sizeof path, "%s/out/1-A-b.md", w->rig.dir);
    assert_true(file_is(path, "text\n"));
    snprintf(line, sizeof line, "note|export|core|%s/out|--json", w->rig.dir);
    WALK(w, {0, line, NULL, 0, "~{\"number\":1,\"name\":\"A/b\",\"file\":\"/", ""},
         {0, line, NULL, 0, "~/out/1-A-b.md\"}\n", ""});
}

/* ---- attach ---- */

struct attached_run {
    struct world *w;
    const struct person *p;
    char path[PATH_MAX_HERE];
    pid_t pid;
    const char *wanted;
};

static void attach(struct attached_run *a, struct world *w, const struct person *p,
                   const char *file, const char *option)
{
    *a = (struct attached_run){.w = w, .p = p};
    snprintf(a->path, sizeof a->path, "%s/%s", w->rig.dir, file);
    const char *argv[] = {rig_moot, "note", "attach", "core", "N", a->path, option, NULL};
    a->pid = fork();
    if (a->pid == 0) {
        execve(rig_moot, (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)p->env.v);
        _exit(127);
    }
    assert_true(a->pid > 0);
}

static int detach(struct attached_run *a, int signal)
{
    int status = 0;
    kill(a->pid, signal);
    waitpid(a->pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static bool has_file(void *arg)
{
    struct attached_run *a = arg;
    return file_is(a->path, a->wanted);
}

static bool has_note(void *arg)
{
    struct attached_run *a = arg;
    struct run r;
    moot(a->p, &r, "note|cat|core|N", NULL);
    bool same = strcmp(r.out, a->wanted) == 0;
    run_finish(&r);
    return same;
}

static void expect_file(struct attached_run *a, const char *text)
{
    a->wanted = text;
    if (wait_for(has_file, a, SOON))
        return;
    char got[4096] = "";
    read_file(a->path, got, sizeof got);
    fail_msg("%s does not become\n%s but is\n%s", a->path, text, got);
}

static void expect_note(struct attached_run *a, const char *text)
{
    a->wanted = text;
    if (!wait_for(has_note, a, SOON))
        fail_msg("the note does not become\n%s", text);
}

static void begin(struct world *w, const char *text)
{
    WALK(w, {0, "room|create|core", NULL, 0, "", ""}, {1, "room|join|core", NULL, 0, "", ""},
         {0, "note|new|core|N|--from|-", text, 0, "1\n", ""});
}

static void a_file_and_a_note_follow_each_other(void **state)
{
    struct world *w = *state;
    struct attached_run a;
    begin(w, "one\n");
    attach(&a, w, &w->me, "n.md", NULL);
    expect_file(&a, "one\n");
    char again[PATH_MAX_HERE + 32];
    snprintf(again, sizeof again, "note|attach|core|N|%s", a.path);
    WALK(w, {0, again, NULL, 5, "", "~attached to a note already"},
         {1, again, NULL, 5, "", "~attached to a note already"});
    save_by_renaming(a.path, "one\ntwo\n");
    expect_note(&a, "one\ntwo\n");
    write_file(a.path, "zero\none\ntwo\n");
    expect_note(&a, "zero\none\ntwo\n");
    WALK(w, {1, "note|append|core|N|three", NULL, 0, "", ""});
    expect_file(&a, "zero\none\ntwo\nthree\n");
    assert_int_equal(detach(&a, SIGINT), 0);
}

/* The editor had read "one" and knows nothing of "two". */
static void an_editor_that_saves_what_it_read_long_ago_takes_nothing_back(void **state)
{
    struct world *w = *state;
    struct attached_run a;
    begin(w, "one\n");
    attach(&a, w, &w->me, "n.md", NULL);
    expect_file(&a, "one\n");
    WALK(w, {1, "note|append|core|N|two", NULL, 0, "", ""});
    expect_file(&a, "one\ntwo\n");
    save_by_renaming(a.path, "zero\none\n");
    expect_note(&a, "zero\none\ntwo\n");
    expect_file(&a, "zero\none\ntwo\n");
    /* Once more is meant. */
    save_by_renaming(a.path, "zero\none\n");
    expect_note(&a, "zero\none\n");
    assert_int_equal(detach(&a, SIGTERM), 0);
}

static bool has_size(void *arg)
{
    struct attached_run *a = arg;
    struct stat st;
    return stat(a->path, &st) == 0 && st.st_size == (off_t)strlen(a->wanted);
}

static void wait_unread(struct attached_run *a, const char *text)
{
    a->wanted = text; /* not by reading it */
    assert_true(wait_for(has_size, a, SOON));
}

/* It looks at nothing, so it knows no text at all. */
static void what_a_program_appends_comes_behind_what_others_wrote(void **state)
{
    struct world *w = *state;
    struct attached_run a;
    begin(w, "one\n");
    attach(&a, w, &w->me, "n.md", NULL);
    expect_file(&a, "one\n");
    WALK(w, {1, "note|append|core|N|two", NULL, 0, "", ""});
    wait_unread(&a, "one\ntwo\n");
    append_file(a.path, "three\n");
    expect_note(&a, "one\ntwo\nthree\n");
    WALK(w, {1, "note|append|core|N|four", NULL, 0, "", ""});
    wait_unread(&a, "one\ntwo\nthree\nfour\n");
    append_file(a.path, "five\n");
    expect_note(&a, "one\ntwo\nthree\nfour\nfive\n");
    assert_int_equal(detach(&a, SIGTERM), 0);
}

/* As people do who are asked whether they mean it. */
static void an_editor_that_saves_twice_takes_nothing_back(void **state)
{
    struct world *w = *state;
    struct attached_run a;
    begin(w, "one\n");
    attach(&a, w, &w->me, "n.md", NULL);
    expect_file(&a, "one\n");
    WALK(w, {1, "note|append|core|N|two", NULL, 0, "", ""});
    wait_unread(&a, "one\ntwo\n");
    write_file(a.path, "zero\none\n");
    wait_unread(&a, "zero\none\ntwo\n");
    write_file(a.path, "zero\none\n");
    wait_unread(&a, "zero\none\ntwo\n");
    expect_note(&a, "zero\none\ntwo\n");
    assert_int_equal(detach(&a, SIGTERM), 0);
}

/* Somebody else's new line is much like the one that is saved, which the editor never read. */
static void a_line_that_is_like_anothers_does_not_take_its_place(void **state)
{
    struct world *w = *state;
    struct attached_run a;
    begin(w, "one\n");
    attach(&a, w, &w->me, "n.md", NULL);
    expect_file(&a, "one\n");
    WALK(w, {1, "note|append|core|N|- [ ] call ana", NULL, 0, "", ""});
    wait_unread(&a, "one\n- [ ] call ana\n");
    save_by_renaming(a.path, "one\n- [ ] call bob\n");
    expect_file(&a, "one\n- [ ] call bob\n- [ ] call ana\n");
    assert_int_equal(detach(&a, SIGTERM), 0);
}

/* As an editor does that had the file open a moment before it was replaced. */
static void what_is_saved_to_the_file_that_was_replaced_comes_too(void **state)
{
    struct world *w = *state;
    struct attached_run a;
    char aside[PATH_MAX_HERE + 16];
    begin(w, "one\n");
    attach(&a, w, &w->me, "n.md", NULL);
    expect_file(&a, "one\n");
    snprintf(aside, sizeof aside, "%s/.n.md.moot", w->rig.dir);
    WALK(w, {1, "note|append|core|N|two", NULL, 0, "", ""});
    expect_file(&a, "one\ntwo\n");
    assert_true(file_is(aside, "one\n"));
    write_file(aside, "zero\none\n");
    expect_note(&a, "zero\none\ntwo\n");
    expect_file(&a, "zero\none\ntwo\n");
    /* what is no text is kept for the person to look at */
    WALK(w, {1, "note|append|core|N|three", NULL, 0, "", ""});
    expect_file(&a, "zero\none\ntwo\nthree\n");
    write_file(aside, "\xff\n");
    struct attached_run other = a;
    snprintf(other.path, sizeof other.path, "%s/n.md.late", w->rig.dir);
    expect_file(&other, "\xff\n");
    expect_note(&a, "zero\none\ntwo\nthree\n");
    assert_int_equal(detach(&a, SIGTERM), 0);
}

/* The third text is the first one again; that is not late, but meant. */
static void who_takes_back_what_he_saved_is_obeyed(void **state)
{
    struct world *w = *state;
    struct attached_run a;
    begin(w, "one\n");
    attach(&a, w, &w->me, "n.md", NULL);
    expect_file(&a, "one\n");
    save_by_renaming(a.path, "one\ntwo\n");
    expect_note(&a, "one\ntwo\n");
    save_by_renaming(a.path, "one\n");
    expect_note(&a, "one\n");
    assert_int_equal(detach(&a, SIGTERM), 0);
}

static void what_changed_while_detached_is_merged(void **state)
{
    struct world *w = *state;
    struct attached_run a;
    begin(w, "one\ntwo\n");
    attach(&a, w, &w->me, "n.md", NULL);
    expect_file(&a, "one\ntwo\n");
    save_by_renaming(a.path, "one\ntwo\nthree\n");
    expect_note(&a, "one\ntwo\nthree\n");
    expect_file(&a, "one\ntwo\nthree\n");
    assert_int_equal(detach(&a, SIGINT), 0);
    save_by_renaming(a.path, "ONE\ntwo\nthree\n");
    WALK(w, {1, "note|append|core|N|four", NULL, 0, "", ""});
    attach(&a, w, &w->me, "n.md", NULL);
    expect_note(&a, "ONE\ntwo\nthree\nfour\n");
    expect_file(&a, "ONE\ntwo\nthree\nfour\n");
    /* A kill at any moment doubles nothing. */
    for (int i = 0; i < 5; i++) {
        detach(&a, SIGKILL);
        attach(&a, w, &w->me, "n.md", NULL);
    }
    WALK(w, {1, "note|append|core|N|five", NULL, 0, "", ""});
    expect_file(&a, "ONE\ntwo\nthree\nfour\nfive\n");
    assert_int_equal(detach(&a, SIGINT), 0);
    /* Also what came last, and was taken out again. */
    save_by_renaming(a.path, "ONE\ntwo\nthree\nfour\n");
    attach(&a, w, &w->me, "n.md", NULL);
    expect_note(&a, "ONE\ntwo\nthree\nfour\n");
    assert_int_equal(detach(&a, SIGINT), 0);
}

static void two_texts_without_a_past_are_left_alone(void **state)
{
    struct world *w = *state;
    struct attached_run a;
    begin(w, "the note\n");
    snprintf(a.path, sizeof a.path, "%s/n.md", w->rig.dir);
    write_file(a.path, "the file\n");
    attach(&a, w, &w->me, "n.md", NULL);
    int status;
    waitpid(a.pid, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 5);
    assert_true(file_is(a.path, "the file\n"));
    attach(&a, w, &w->me, "n.md", "--theirs");
    expect_file(&a, "the note\n");
    assert_int_equal(detach(&a, SIGINT), 0);
    char kept[PATH_MAX_HERE + 8];
    snprintf(kept, sizeof kept, "%s.orig", a.path);
    assert_true(file_is(kept, "the file\n"));
}

static void a_file_that_is_no_text_is_left_alone_until_it_is(void **state)
{
    struct world *w = *state;
    struct attached_run a;
    begin(w, "one\n");
    attach(&a, w, &w->me, "n.md", NULL);
    expect_file(&a, "one\n");
    save_by_renaming(a.path, "one\n\xff\xfe\n");
    WALK(w, {1, "note|append|core|N|two", NULL, 0, "", ""});
    assert_true(file_is(a.path, "one\n\xff\xfe\n"));
    save_by_renaming(a.path, "one\nfixed\n");
    expect_file(&a, "one\nfixed\ntwo\n");
    assert_int_equal(detach(&a, SIGINT), 0);
}

static void a_server_that_was_killed_meanwhile_gets_what_was_saved(void **state)
{
    struct world *w = *state;
    struct attached_run a;
    begin(w, "one\n");
    attach(&a, w, &w->me, "n.md", NULL);
    expect_file(&a, "one\n");
    rig_kill(&w->rig);
    save_by_renaming(a.path, "one\nwhile it was down\n");
    assert_true(rig_up(&w->rig));
    expect_note(&a, "one\nwhile it was down\n");
    assert_int_equal(detach(&a, SIGINT), 0);
}

static bool has_ended(void *arg)
{
    siginfo_t how = {0};
    const struct attached_run *a = arg;
    return waitid(P_PID, (id_t)a->pid, &how, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           how.si_pid == a->pid;
}

static void who_is_taken_out_of_the_room_keeps_the_file_and_is_told(void **state)
{
    struct world *w = *state;
    struct attached_run a;
    begin(w, "one\n");
    attach(&a, w, &w->ana, "n.md", NULL);
    expect_file(&a, "one\n");
    WALK(w, {0, "room|remove|core|ana", NULL, 0, "", ""},
         {0, "note|append|core|N|two", NULL, 0, "", ""});
    assert_true(wait_for(has_ended, &a, SOON));
    assert_int_equal(detach(&a, 0), 4);
    assert_true(file_is(a.path, "one\n"));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(notes_are_made_listed_and_put_away),
        TEST(lines_are_appended_whatever_the_end_was),
        TEST(history_shows_who_did_what_and_brings_it_back),
        TEST(the_outline_names_headings_and_their_lines),
        TEST(observers_read_and_are_told_why_they_may_not_write),
        TEST(an_editor_of_ones_own_is_merged_with_others),
        TEST(notes_are_exported_to_files),
        TEST(a_file_and_a_note_follow_each_other),
        TEST(what_is_saved_to_the_file_that_was_replaced_comes_too),
        TEST(what_a_program_appends_comes_behind_what_others_wrote),
        TEST(an_editor_that_saves_twice_takes_nothing_back),
        TEST(an_editor_that_saves_what_it_read_long_ago_takes_nothing_back),
        TEST(a_line_that_is_like_anothers_does_not_take_its_place),
        TEST(who_takes_back_what_he_saved_is_obeyed),
        TEST(what_changed_while_detached_is_merged),
        TEST(two_texts_without_a_past_are_left_alone),
        TEST(a_file_that_is_no_text_is_left_alone_until_it_is),
        TEST(a_server_that_was_killed_meanwhile_gets_what_was_saved),
        TEST(who_is_taken_out_of_the_room_keeps_the_file_and_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
