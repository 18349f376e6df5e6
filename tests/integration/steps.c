#include "steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 12 };

int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    *state = w;
    return w && rig_start(&w->rig) && rig_me(&w->rig, &w->me) &&
                   rig_person(&w->rig, &w->ana, "ana")
               ? 0
               : -1;
}

int tear_down(void **state)
{
    struct world *w = *state;
    person_finish(&w->me);
    person_finish(&w->ana);
    rig_finish(&w->rig);
    free(w);
    return 0;
}

void moot(const struct person *p, struct run *r, const char *line, const char *input)
{
    char copy[512], *rest = copy;
    const char *words[WORDS_MAX + 1] = {0};
    snprintf(copy, sizeof copy, "%s", line);
    for (size_t n = 0; rest && n < WORDS_MAX; n++)
        words[n] = strsep(&rest, "|");
    if (!rig_moot_run(p, r, input, words))
        fail_msg("moot cannot be run");
}

static bool fits(const char *text, const char *wanted)
{
    if (!wanted)
        return true;
    return wanted[0] == '~' ? strstr(text, wanted + 1) != NULL : strcmp(text, wanted) == 0;
}

void walk(struct world *w, const struct step *steps, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct step *s = &steps[i];
        struct run r;
        moot(s->as_ana ? &w->ana : &w->me, &r, s->line, s->input);
        if (r.status != s->status || !fits(r.out, s->out) || !fits(r.err, s->err))
            fail_msg("moot %s: status %d\n--- out:\n%s--- err:\n%s", s->line, r.status, r.out,
                     r.err);
        run_finish(&r);
    }
}
