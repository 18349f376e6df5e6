/* What a saved file was made of: rows of what the file had before. */
#include "made_from.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

enum { STEPS = 8, NOW = 1000000, LONG = 60 * 1000 };

/* What happened to the file, one after the other. */
enum what {
    END,
    OURS,      /* we wrote text */
    READ,      /* somebody read it, for long */
    GLANCED,   /* somebody read it just now */
    IN_PLACE,  /* an editor saved text in place */
    LOADED,    /* and somebody had read the file just before */
    BY_NEW,    /* another one saved it by putting a new file there */
    BY_SCRIPT, /* as a script does, that had read it just before */
};

struct step {
    enum what what;
    const char *text;
};

struct row {
    const char *name;
    struct step steps[STEPS];
    const char *saved;
    enum habit habit;
    const char *base;
};

static void take(struct past *p, const struct step *s)
{
    struct str text = str_of(s->text);
    if (s->what == OURS)
        past_keep(p, text, HAD_OURS, HABIT_UNKNOWN);
    else if (s->what == IN_PLACE)
        past_keep(p, text, HAD_SAVED, HABIT_IN_PLACE);
    else if (s->what == LOADED)
        past_keep(p, text, HAD_SAVED, HABIT_IN_PLACE_READ);
    else if (s->what == BY_SCRIPT)
        past_keep(p, text, HAD_SAVED, HABIT_NEW_READ);
    else if (s->what == BY_NEW)
        past_keep(p, text, HAD_SAVED, HABIT_NEW);
    else
        past_see_reader(p, NOW);
    if (s->what == READ)
        past_see_reader(p, NOW + LONG);
}

static const struct row rows[] = {
    /* Four of each: name, what happened, what is saved and how, what that was made of. */
    {"the newest, when an editor has it",
     {{OURS, "a\n"}, {READ, 0}},
     "a\nx\n",
     HABIT_IN_PLACE,
     "a\n"},
    {"an older one, when the newest is not in it",
     {{OURS, "a\n"}, {READ, 0}, {OURS, "a\nothers\n"}, {READ, 0}},
     "a\nx\n",
     HABIT_IN_PLACE,
     "a\n"},
    {"not what nobody read, however like it is",
     {{OURS, "a\n"}, {READ, 0}, {OURS, "a\n- [ ] call ana\n"}},
     "a\n- [ ] call bob\n",
     HABIT_IN_PLACE,
     "a\n"},
    {"what nobody read, when something was appended",
     {{OURS, "a\n"}, {READ, 0}, {OURS, "a\nothers\n"}},
     "a\nothers\nx\n",
     HABIT_IN_PLACE,
     "a\nothers\n"},
    {"and when the last line has no end",
     {{OURS, "a\n"}, {READ, 0}, {OURS, "a\nwhat others wrote"}},
     "a\nwhat others wrotex\n",
     HABIT_IN_PLACE,
     "a\nwhat others wrote"},
    {"but one letter that somebody types is no appending",
     {{OURS, "a\n"}, {READ, 0}, {OURS, "a\nt"}},
     "a\ntime to go\n",
     HABIT_IN_PLACE,
     "a\n"},
    {"a script reads and writes at once",
     {{OURS, "a\n"}, {READ, 0}, {OURS, "a\nx1 x2\n"}, {GLANCED, 0}},
     "a\nx1 x3 x2\n",
     HABIT_NEW_READ,
     "a\nx1 x2\n"},
    {"a script that takes out what just came",
     {{OURS, "a\n"}, {READ, 0}, {OURS, "a\nothers\n"}, {GLANCED, 0}},
     "a\n",
     HABIT_NEW_READ,
     "a\nothers\n"},
    {"also what came since it saved",
     {{OURS, "a\n"}, {READ, 0}, {BY_SCRIPT, "a\nb\n"}, {OURS, "a\nb\nothers\n"}, {GLANCED, 0}},
     "a\nb\n",
     HABIT_NEW_READ,
     "a\nb\nothers\n"},
    {"an editor that saves twice while somebody reads does not",
     {{OURS, "a\n"}, {READ, 0}, {BY_NEW, "a\nb\n"}, {OURS, "a\nb\nothers\n"}, {GLANCED, 0}},
     "a\nb\n",
     HABIT_NEW_READ,
     "a\nb\n"},
    {"an editor that reads for its backup knows nothing of it",
     {{OURS, "a\n"}, {READ, 0}, {OURS, "a\n- [ ] call ana\n"}, {GLANCED, 0}},
     "a\n- [ ] call bob\n",
     HABIT_IN_PLACE_READ,
     "a\n"},
    {"a script that inserts in place has the lines that came",
     {{OURS, "a\n"}, {READ, 0}, {OURS, "a\nothers\n"}, {GLANCED, 0}},
     "x\na\nothers\n",
     HABIT_IN_PLACE_READ,
     "a\nothers\n"},
    {"who loads it, goes on behind what came, and saves at once",
     {{OURS, "a\nb\n"}, {READ, 0}, {OURS, "a\nb\nothers\n"}, {GLANCED, 0}},
     "a\nmine\nb\nothers too\n",
     HABIT_IN_PLACE_READ,
     "a\nb\nothers\n"},
    {"but not who writes the same word elsewhere",
     {{OURS, "a\nb\n"}, {READ, 0}, {OURS, "a\nb\nothers\n"}, {GLANCED, 0}},
     "a\nothers too\nb\n",
     HABIT_IN_PLACE_READ,
     "a\nb\n"},
    {"who takes back what he saved is not late",
     {{OURS, "a\n"}, {READ, 0}, {IN_PLACE, "a\nx\n"}},
     "a\n",
     HABIT_IN_PLACE,
     "a\nx\n"},
    {"nor when others wrote meanwhile",
     {{OURS, "a\n"}, {READ, 0}, {IN_PLACE, "a\nx\n"}, {OURS, "a\nx\nothers\n"}, {READ, 0}},
     "a\n",
     HABIT_IN_PLACE,
     "a\nx\n"},
    {"nor when he writes something else instead",
     {{OURS, "a\n"},
      {READ, 0},
      {OURS, "a\no\n"},
      {READ, 0},
      {IN_PLACE, "a\no\nsome long sentence\n"}},
     "a\no\nno\n",
     HABIT_IN_PLACE,
     "a\no\nsome long sentence\n"},
    {"who takes out what he has seen coming",
     {{OURS, "a\n"}, {READ, 0}, {OURS, "a\nothers\n"}, {READ, 0}},
     "a\n",
     HABIT_IN_PLACE,
     "a\nothers\n"},
    {"but not what came long before",
     {{OURS, "a\n"},
      {READ, 0},
      {OURS, "a\nb\n"},
      {READ, 0},
      {OURS, "a\nb\nothers\n"},
      {READ, 0}},
     "a\n",
     HABIT_IN_PLACE,
     "a\n"},
    {"who saves what he has, without a change, takes nothing out",
     {{OURS, "a\n"}, {READ, 0}, {IN_PLACE, "a\nx\n"}, {OURS, "a\nx\nothers\n"}, {READ, 0}},
     "a\nx\n",
     HABIT_IN_PLACE,
     "a\nx\n"},
    {"what is there still when we were killed takes nothing out",
     {{OURS, "a\n"}, {READ, 0}, {OURS, "a\nothers\n"}, {READ, 0}},
     "a\n",
     HABIT_UNKNOWN,
     "a\n"},
    {"also when something was saved behind it, elsewhere",
     {{OURS, "a\n"}, {READ, 0}, {IN_PLACE, "a\nx\n"}},
     "a\n",
     HABIT_UNKNOWN,
     "a\n"},
    {"a stale editor beside one that saves in another way",
     {{OURS, "a\n"}, {READ, 0}, {IN_PLACE, "a\none thing\n"}},
     "a\nand another\n",
     HABIT_NEW,
     "a\n"},
    {"also beside one that makes backups",
     {{OURS, "a\n"}, {READ, 0}, {LOADED, "a\none thing\n"}},
     "a\nand another\n",
     HABIT_IN_PLACE,
     "a\n"},
    {"also when both began with the same heading",
     {{OURS, "a\n"},
      {READ, 0},
      {LOADED, "a\n# On Monday\none thing that takes many words to say\n"}},
     "a\n# On Monday\nand another\n",
     HABIT_IN_PLACE,
     "a\n"},
    {"but an editor that had just loaded the file when it saved has what it saved",
     {{OURS, "a\nb\n"},
      {READ, 0},
      {LOADED, "x\na\nb and a lot of words behind it\na line\ny z\n"}},
     "x\na\na line\ny z\nmore\n",
     HABIT_IN_PLACE,
     "x\na\nb and a lot of words behind it\na line\ny z\n"},
    {"also who takes out most of it and what others wrote before",
     {{OURS, "a\n"},
      {READ, 0},
      {OURS, "a\nothers\n"},
      {READ, 0},
      {IN_PLACE,
       "a\nothers\na long line of several words that goes\none that is longer, and stays\n"}},
     "a\none that is longer, and stays\n",
     HABIT_IN_PLACE,
     "a\nothers\na long line of several words that goes\none that is longer, and stays\n"},
    {"a stale editor beside another of its kind, when others wrote meanwhile",
     {{OURS, "a\n"}, {READ, 0}, {OURS, "a\nothers\n"}, {READ, 0}, {BY_NEW, "a\nx\nothers\n"}},
     "a\ny\n",
     HABIT_NEW,
     "a\n"},
    {"also beside one that only took something out",
     {{OURS, "a\nb\n"},
      {READ, 0},
      {OURS, "a\nb\nothers\n"},
      {READ, 0},
      {BY_NEW, "a\nothers\n"}},
     "a\nb\ny\n",
     HABIT_NEW,
     "a\nb\n"},
    {"also when that one had saved an old text itself",
     {{OURS, "a\n"},
      {READ, 0},
      {OURS, "a\nlong words of others\n"},
      {READ, 0},
      {IN_PLACE, "a\nmine\n"},
      {OURS, "a\nmine\nlong words of others\nand some more\n"},
      {READ, 0}},
     "a\nlong words of others\ny\n",
     HABIT_IN_PLACE,
     "a\nlong words of others\n"},
    {"but who has what he saved takes out what others wrote",
     {{OURS, "a\n"},
      {READ, 0},
      {OURS, "a\nmany words of others\n"},
      {READ, 0},
      {BY_NEW, "a\nmy own\nmany words of others\n"}},
     "a\nmy own\n",
     HABIT_NEW,
     "a\nmy own\nmany words of others\n"},
    {"what an editor saved that did not see what came",
     {{OURS, "a\n"},
      {READ, 0},
      {OURS, "a\nothers\n"},
      {IN_PLACE, "a\nx\n"},
      {OURS, "a\nx\nothers\n"}},
     "a\nx\ny\n",
     HABIT_IN_PLACE,
     "a\nx\n"},
    {"a word that is there still, however the words around it are like others",
     {{OURS, "a\nmonday\n"}, {READ, 0}, {OURS, "a\nmeeting monday\n"}, {READ, 0}},
     "a\nmellow meeting monday payday\n",
     HABIT_IN_PLACE,
     "a\nmeeting monday\n"},
};

static void expect_base(struct past *p, const char *name, const char *saved, enum habit habit,
                        const char *wanted)
{
    struct buf base = {0};
    made_from(p, str_of(saved), habit, &base);
    if (strcmp(buf_cstr(&base), wanted) != 0)
        fail_msg("%s: '%s' is taken for made of '%s', not of '%s'", name, saved,
                 buf_cstr(&base), wanted);
    buf_finish(&base);
}

static void a_save_is_made_of_what_somebody_had(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct past p = {.in_doubt = rows[i].habit == HABIT_UNKNOWN};
        for (size_t k = 0; k < STEPS && rows[i].steps[k].what; k++)
            take(&p, &rows[i].steps[k]);
        expect_base(&p, rows[i].name, rows[i].saved, rows[i].habit, rows[i].base);
        past_finish(&p);
    }
}

/* Others' words came back into the file; he has read it, and takes them out again. */
static void once_more_is_meant_by_who_has_read_it(void **state)
{
    (void)state;
    static const struct step steps[] = {{OURS, "a\n"}, {READ, 0}, {IN_PLACE, "a\nx\n"}},
                             back[] = {{IN_PLACE, "a\nx\n"}, {OURS, "a\nx\nothers\n"}},
                             seen = {READ, 0};
    struct past p = {0};
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        take(&p, &steps[i]);
    take(&p, &back[1]);
    expect_base(&p, "late", "a\nx\n", HABIT_IN_PLACE, "a\nx\n");
    take(&p, &back[0]);
    take(&p, &back[1]);
    expect_base(&p, "saved twice", "a\nx\n", HABIT_IN_PLACE, "a\nx\n");
    take(&p, &back[0]);
    take(&p, &back[1]);
    take(&p, &seen);
    expect_base(&p, "read and saved", "a\nx\n", HABIT_IN_PLACE, "a\nx\nothers\n");
    past_finish(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_save_is_made_of_what_somebody_had),
        cmocka_unit_test(once_more_is_meant_by_who_has_read_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
