/* moot note outline: the headings of a text. */
#include "note.h"

#include "codec.h"
#include "outline.h"
#include "verbs.h"

static void print_heading(struct cli *c, const struct heading *h, struct str title)
{
    if (c->out.json) {
        print_fmt(&c->out, "{\"line\":%zu,\"level\":%d,\"title\":", h->line + 1, h->level);
        codec_quote(&c->out.bytes, title);
        print_fmt(&c->out, "}\n");
        return;
    }
    print_fmt(&c->out, "%5zu  %*s", h->line + 1, 2 * (h->level - 1), "");
    print_text(&c->out, title, 0);
    print_fmt(&c->out, "\n");
}

static void print_outline(struct cli *c, struct str text)
{
    struct rope *r = rope_of(text);
    struct outline o = {0};
    struct buf title = {0};
    outline_of(r, &o);
    vec_each (h, &o.v) {
        buf_clear(&title);
        outline_title(r, h, &title);
        print_heading(c, h, buf_str(&title));
    }
    buf_finish(&title);
    outline_finish(&o);
    rope_free(r);
}

bool note_outline_run(struct cli *c, struct err *e)
{
    struct note_at at;
    int64_t version = -1, time = 0;
    struct buf text = {0};
    bool ok = (!c->options.at ||
               note_when(str_of(c->options.at), note_clock(), &version, &time, e)) &&
              note_find(c, &at, e) && note_fetch(c, &at, version, time, &text, NULL, e);
    if (ok)
        print_outline(c, buf_str(&text));
    buf_finish(&text);
    return ok;
}
