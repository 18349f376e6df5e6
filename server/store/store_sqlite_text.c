/* Notes and texts out of the SQLite store. What is not whole is an error and never a shorter
 * answer: whoever reads would go on from a text that nobody wrote. */
#include "store_job.h"
#include "store_sqlite.h"

bool sqlite_number_of(struct conn *c, enum sql what, int64_t room, int64_t number, int64_t *out)
{
    struct sqlite3_stmt *st = conn_sql(c, what);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, number);
    int row = sql_next(st);
    if (row > 0) {
        *out = sql_int(st, 0);
        sql_end(st);
    }
    return row > 0;
}

bool sqlite_text_version(struct conn *c, int64_t room, int64_t number, int64_t *version)
{
    return sqlite_number_of(c, SQL_TEXT_VERSION, room, number, version);
}

bool sqlite_read_notes(struct conn *c, int64_t room, struct arena *a, struct store_room *out)
{
    VEC(struct store_note) notes = {0};
    struct sqlite3_stmt *st = conn_sql(c, SQL_ROOM_NOTES);
    sql_put_int(st, 1, room);
    int row;
    while ((row = sql_next(st)) > 0)
        vec_push(&notes, (struct store_note){
                             .number = sql_int(st, 0),
                             .name = sql_str(st, 1, a),
                             .archived = sql_int(st, 2),
                             .time = sql_int(st, 3),
                             .author = sql_str(st, 4, a),
                         });
    if (notes.n)
        out->next_number = MAX(out->next_number, notes.v[notes.n - 1].number + 1);
    STORE_KEEP(a, &out->notes, &notes);
    return row == 0;
}

/* ---- how far the texts are ---- */

/* The first text with a larger number that was ever edited; 0 when there is none. */
static bool next_text(struct conn *c, int64_t room, int64_t *number)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_TEXT_BEHIND);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, *number);
    int row = sql_next(st);
    if (row > 0) {
        *number = sql_int(st, 0);
        sql_end(st);
    }
    return row > 0;
}

static bool newest_edit(struct conn *c, int64_t room, struct arena *a, struct store_text *t)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_TEXT_NEWEST);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, t->number);
    int row = sql_next(st);
    if (row > 0) {
        t->version = sql_int(st, 0);
        t->time = sql_int(st, 1);
        t->author = sql_str(st, 2, a);
        t->boxes = (struct checklist){sql_int(st, 3), sql_int(st, 4)};
        sql_end(st);
    }
    return row >= 0;
}

bool sqlite_read_texts(struct conn *c, int64_t room, struct arena *a, struct store_room *out)
{
    VEC(struct store_text) texts = {0};
    struct store_text t = {0};
    bool ok;
    while ((ok = next_text(c, room, &t.number)) && t.number > 0) {
        if (!(ok = newest_edit(c, room, a, &t)))
            break;
        vec_push(&texts, t);
    }
    STORE_KEEP(a, &out->texts, &texts);
    return ok;
}

/* ---- how much was said on cards ---- */

bool sqlite_read_comments(struct conn *c, int64_t room, struct arena *a, struct store_room *out)
{
    VEC(struct store_comments) comments = {0};
    struct sqlite3_stmt *st = conn_sql(c, SQL_COMMENTS);
    sql_put_int(st, 1, room);
    int row;
    while ((row = sql_next(st)) > 0)
        vec_push(&comments, (struct store_comments){sql_int(st, 0), sql_int(st, 1)});
    STORE_KEEP(a, &out->comments, &comments);
    return row == 0;
}

/* ---- edits ---- */

/* The edit in this row, which has to be of version `wanted`. Adds to *bytes what it takes. */
static bool edit_of(struct sqlite3_stmt *st, struct store_job *j, int64_t wanted,
                    struct store_edit *out, size_t *bytes)
{
    struct str author, client, json;
    if (sql_int(st, 0) != wanted)
        return store_refuse_hole(j, wanted);
    if (!sql_utf8(st, 2, &author) || !sql_utf8(st, 3, &client) || !sql_utf8(st, 5, &json))
        return store_refuse_edit(j, wanted, "it is no text in UTF-8");
    *out = (struct store_edit){
        .version = wanted,
        .time = sql_int(st, 1),
        .author = str_keep(&j->arena, author),
        .client = str_keep(&j->arena, client),
        .id = sql_int(st, 4),
    };
    *bytes += json.n;
    return store_op_of(j, json, wanted, &out->op);
}

/* ---- a text ---- */

/* Version 0 when none is kept that early. */
static bool read_snapshot(struct conn *c, int64_t room, struct store_job *j)
{
    struct store_snapshot *s = &j->snapshot;
    struct str text, blame;
    struct sqlite3_stmt *st = conn_sql(c, SQL_SNAPSHOT_AT);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, j->text);
    sql_put_int(st, 3, j->version);
    sql_put_int(st, 4, j->until ? j->until : INT64_MAX);
    *s = (struct store_snapshot){.number = j->text};
    int row = sql_next(st);
    if (row <= 0)
        return row == 0;
    s->version = sql_int(st, 0);
    s->time = sql_int(st, 1);
    if (sql_utf8(st, 2, &text) && sql_utf8(st, 3, &blame)) {
        s->text = str_keep(&j->arena, text);
        s->blame = str_keep(&j->arena, blame);
    } else {
        store_refuse_snapshot(j, s->version);
    }
    sql_end(st);
    return true;
}

/* The edit that made the snapshot is looked at too: when it is not there, the log has lost its
 * end. */
bool sqlite_read_text(struct conn *c, int64_t room, struct store_job *j)
{
    if (!read_snapshot(c, room, j))
        return false;
    if (j->err.code != ERR_NONE)
        return true;
    VEC(struct store_edit) edits = {0};
    int64_t whole = j->snapshot.version, wanted = MAX(whole, 1);
    size_t bytes = 0;
    struct sqlite3_stmt *st = conn_sql(c, SQL_EDITS_UP);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, j->text);
    sql_put_int(st, 3, wanted);
    sql_put_int(st, 4, j->version);
    int row;
    while ((row = sql_next(st)) > 0) {
        struct store_edit edit;
        if (!edit_of(st, j, wanted, &edit, &bytes) || (j->until && edit.time > j->until))
            break;
        if (wanted++ > whole)
            vec_push(&edits, edit);
    }
    if (row > 0)
        sql_end(st);
    if (row == 0 && wanted == whole)
        store_refuse_hole(j, whole);
    STORE_KEEP(&j->arena, &j->edits, &edits);
    return row >= 0;
}

/* ---- pages of edits ---- */

static void turn(struct store_job *j)
{
    for (size_t i = 0; i < j->edits.n / 2; i++) {
        struct store_edit swap = j->edits.v[i];
        j->edits.v[i] = j->edits.v[j->edits.n - 1 - i];
        j->edits.v[j->edits.n - 1 - i] = swap;
    }
}

/* The rows of st are the edits `from` to `to`, both with them, by steps of `step`. */
static bool read_page(struct sqlite3_stmt *st, struct store_job *j, int64_t from, int64_t to,
                      int step)
{
    VEC(struct store_edit) edits = {0};
    size_t bytes = 0, most = (size_t)MAX(j->limit, 0);
    int row;
    while ((row = sql_next(st)) > 0) {
        struct store_edit edit;
        j->more = edits.n == most || (edits.n && bytes >= j->bytes_limit);
        if (j->more || !edit_of(st, j, from, &edit, &bytes))
            break;
        vec_push(&edits, edit);
        from += step;
    }
    if (row > 0)
        sql_end(st);
    else if (row == 0 && from != to + step)
        store_refuse_hole(j, from);
    STORE_KEEP(&j->arena, &j->edits, &edits);
    return row >= 0;
}

bool sqlite_read_edits(struct conn *c, int64_t room, struct store_job *j)
{
    int64_t newest;
    if (!sqlite_text_version(c, room, j->text, &newest))
        return false;
    bool up = j->from >= 0;
    int64_t first = up ? MIN(j->from, newest) + 1 : MIN(newest, -(j->from + 1));
    struct sqlite3_stmt *st = conn_sql(c, up ? SQL_EDITS_UP : SQL_EDITS_DOWN);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, j->text);
    sql_put_int(st, 3, first);
    if (up)
        sql_put_int(st, 4, newest);
    bool ok = up ? read_page(st, j, first, newest, 1) : read_page(st, j, first, 1, -1);
    if (!up)
        turn(j);
    return ok;
}

bool sqlite_read_snapshots(struct conn *c, int64_t room, struct store_job *j)
{
    VEC(int64_t) versions = {0};
    struct sqlite3_stmt *st = conn_sql(c, SQL_SNAPSHOTS);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, j->text);
    int row;
    while ((row = sql_next(st)) > 0)
        vec_push(&versions, sql_int(st, 0));
    STORE_KEEP(&j->arena, &j->versions, &versions);
    return row == 0;
}
