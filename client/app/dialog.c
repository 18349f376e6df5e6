#include "dialog.h"

void dialog_close(struct dialog *d)
{
    form_finish(&d->body);
    *d = (struct dialog){0};
}

void dialog_open(struct dialog *d, struct str title)
{
    dialog_close(d);
    d->is_open = true;
    d->title = str_keep(&d->body.arena, title);
}

void dialog_offer(struct dialog *d, enum action_id action, const char *label)
{
    bug_on(d->n == DIALOG_CHOICES_MAX);
    d->choices[d->n++] = (struct dialog_choice){action, label};
}

void dialog_step(struct dialog *d, int by)
{
    int n = (int)d->n;
    if (n)
        d->at = (size_t)((((int)d->at + by) % n + n) % n);
}

bool dialog_offers(const struct dialog *d, enum action_id action)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->choices[i].action == action)
            return d->is_open;
    return false;
}

enum action_id dialog_chosen(const struct dialog *d)
{
    return d->is_open && d->n ? d->choices[d->at].action : ACTION_NONE;
}
