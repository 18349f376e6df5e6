#include "part_spots.h"

#include "wrap.h"

enum { DIALOG_WIDTH = 76, PICKER_WIDTH = 64, PICKER_ROWS = 14, GAP = 3 };

static int clamp(int v, int low, int high)
{
    return v < low ? low : v > high ? high : v;
}

void dialog_label(const struct dialog *d, size_t i, const struct keymap *keys, struct buf *out)
{
    struct buf names = {0};
    keymap_names(keys, d->choices[i].action, IN_DIALOG, &names);
    struct str rest = buf_str(&names), first = str_cut(&rest, ' ');
    if (first.n)
        buf_fmt(out, "%.*s ", STR_ARG(first));
    buf_fmt(out, "%s", d->choices[i].label);
    buf_finish(&names);
}

/* The choices side by side, in as many rows as they need. Returns how many. */
static int place_choices(const struct dialog *d, const struct keymap *keys, int width,
                         struct rect out[DIALOG_CHOICES_MAX])
{
    int x = 0, y = 0;
    for (size_t i = 0; i < d->n; i++) {
        struct buf label = {0};
        dialog_label(d, i, keys, &label);
        int w = MIN(glyphs_width(buf_str(&label)), width);
        buf_finish(&label);
        if (x && x + w > width) {
            x = 0;
            y++;
        }
        out[i] = (struct rect){x, y, w, 1};
        x += w + GAP;
    }
    return d->n ? y + 1 : 0;
}

void dialog_spots_of(const struct dialog *d, const struct keymap *keys, struct rect r,
                     struct dialog_spots *out)
{
    *out = (struct dialog_spots){0};
    int w = clamp(r.w - 2, MIN(r.w, 20), DIALOG_WIDTH), inner = MAX(w - 4, 1);
    form_lines_of(&d->body, inner, &out->lines);
    int choices = place_choices(d, keys, inner, out->choices);
    int h = MIN((int)out->lines.lines.n + choices + 3, r.h);
    out->box = (struct rect){r.x + (r.w - w) / 2, r.y + (r.h - h) / 3, w, h};
    int body = MAX(h - choices - 3, 0);
    out->body = (struct rect){out->box.x + 2, out->box.y + 1, inner, body};
    for (size_t i = 0; i < d->n; i++) {
        out->choices[i].x += out->body.x;
        out->choices[i].y += out->box.y + h - 1 - choices;
    }
}

void dialog_spots_finish(struct dialog_spots *s)
{
    form_lines_finish(&s->lines);
}

void picker_spots_of(const struct picker *p, struct rect r, struct picker_spots *out)
{
    int w = clamp(r.w - 2, MIN(r.w, 16), PICKER_WIDTH);
    int most = MIN((int)MIN(p->items.n + 1, (size_t)PICKER_ROWS), MAX(r.h - 3, 1));
    int h = MIN(MAX(most, 1) + 3, r.h);
    out->box = (struct rect){r.x + (r.w - w) / 2, r.y + (r.h - h) / 3, w, h};
    out->line = (struct rect){out->box.x + 2, out->box.y + 1, MAX(w - 4, 1), h > 2};
    out->list = (struct rect){out->box.x + 1, out->box.y + 2, MAX(w - 2, 1), MAX(h - 3, 0)};
    out->first = picker_first(p, out->list.h);
}
