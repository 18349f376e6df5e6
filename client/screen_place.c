#include "screen_place.h"
#include "utf8.h"

static void write_escaped(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\n')
            buf_add(out, "\\n", 2);
        else if (s.p[i] == '\\')
            buf_add(out, "\\\\", 2);
        else
            buf_add_c(out, s.p[i]);
    }
}

static void read_escaped(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool escape = s.p[i] == '\\' && i + 1 < s.n;
        if (escape)
            i++;
        buf_add_c(out, escape && s.p[i] == 'n' ? '\n' : s.p[i]);
    }
}

void place_write(const struct model *m, struct buf *out)
{
    if (m->here)
        buf_fmt(out, "here %s\n", m->here->name);
    vec_each (v, &m->views) {
        const struct replica *r = session_room(&m->session, str_of((*v)->name));
        if (r)
            buf_fmt(out, "read %s %lld\n", (*v)->name, (long long)r->read_seq);
        if ((*v)->level)
            buf_fmt(out, "notify %s %s\n", (*v)->name, notify_level_name((*v)->level));
        if ((*v)->input.text.n == 0)
            continue;
        buf_fmt(out, "draft %s ", (*v)->name);
        write_escaped(out, lineedit_text(&(*v)->input));
        buf_add_c(out, '\n');
    }
}

void place_read(struct model *m, struct str text, struct str *here)
{
    *here = (struct str){0};
    while (text.n) {
        struct str line = str_cut(&text, '\n'), word = str_cut(&line, ' ');
        struct str room = str_cut(&line, ' ');
        int64_t seq;
        if (room.n > ROOM_NAME_MAX || !str_follows(room, RULE_ROOM))
            continue;
        if (str_is(word, "here"))
            *here = room;
        else if (str_is(word, "read") && str_int(line, 0, SEQ_MAX, &seq))
            model_read_mark(m, room, seq);
    }
}

void place_drafts(struct model *m, struct str text)
{
    while (text.n) {
        struct str line = str_cut(&text, '\n'), word = str_cut(&line, ' ');
        struct room_view *v = model_view(m, str_cut(&line, ' '));
        if (v && str_is(word, "notify"))
            notify_level_from_name(line, true, &v->level, NULL);
        if (!v || v->input.text.n || !str_is(word, "draft") || !utf8_is_valid(line))
            continue;
        struct buf draft = {0};
        read_escaped(&draft, line);
        lineedit_set(&v->input, buf_str(&draft));
        buf_finish(&draft);
    }
}
