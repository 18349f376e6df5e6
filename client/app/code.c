#include "code.h"

#include <string.h>

struct lang {
    const char *names;       /* words, with a blank on both sides of each */
    const char *keywords;    /* the same; NULL: lines are of one kind (diff) */
    const char *comment;     /* up to the end of the line */
    const char *quotes;      /* what opens and closes a string */
    const char *long_quotes; /* those of which a string goes on over line ends */
    bool blocks;             /* has comments between slash-star and star-slash */
    bool triples;            /* has strings between three quotes */
    bool any_case;           /* keywords */
};

/* clang-format off */
static const struct lang langs[CODE_LANGS] = {
    [CODE_C] = {
        .names = " c h cpp c++ cc hpp objc java cs ",
        .keywords = " auto bool break case char class const continue default delete do double else enum extern "
                    "false float for goto if inline int int64_t long namespace new NULL nullptr private public "
                    "register return short signed size_t sizeof static struct switch template this true typedef "
                    "uint32_t uint64_t uint8_t union unsigned using virtual void volatile while "
                    "#define #else #endif #if #ifdef #ifndef #include ",
        .comment = "//", .quotes = "\"'", .blocks = true},
    [CODE_SH] = {
        .names = " sh bash shell zsh console make makefile dockerfile yaml yml toml ini conf ",
        .keywords = " case cd do done echo elif else esac eval exec exit export fi for function if in local "
                    "read return set shift source sudo test then trap until while true false ",
        .comment = "#", .quotes = "\"'", .long_quotes = ""},
    [CODE_PYTHON] = {
        .names = " python py python3 ",
        .keywords = " False None True and as assert async await break class continue def del elif else except "
                    "finally for from global if import in is lambda nonlocal not or pass raise return self try "
                    "while with yield ",
        .comment = "#", .quotes = "\"'", .triples = true},
    [CODE_JS] = {
        .names = " js javascript ts typescript jsx tsx ",
        .keywords = " async await break case catch class const continue default delete do else enum export "
                    "extends false finally for from function if implements import in instanceof interface let "
                    "new null of return static super switch this throw true try type typeof undefined var void "
                    "while yield ",
        .comment = "//", .quotes = "\"'`", .long_quotes = "`", .blocks = true},
    [CODE_GO] = {
        .names = " go golang ",
        .keywords = " bool break byte case chan const continue default defer else error fallthrough false for "
                    "func go goto if import int int64 interface map nil package range return rune select string "
                    "struct switch true type uint64 var ",
        .comment = "//", .quotes = "\"'`", .long_quotes = "`", .blocks = true},
    [CODE_RUST] = {
        .names = " rust rs ",
        .keywords = " as async await bool break const continue crate dyn else enum extern false fn for i32 i64 if "
                    "impl in let loop match mod move mut pub ref return self Self static str struct super trait "
                    "true type u32 u64 u8 unsafe use usize where while ",
        .comment = "//", .quotes = "\"", .long_quotes = "\"", .blocks = true},
    [CODE_SQL] = {
        .names = " sql sqlite postgres postgresql mysql ",
        .keywords = " add all alter and as asc begin between by case check commit conflict create cross default "
                    "delete desc distinct drop else end exists explain foreign from full group having if in index "
                    "inner insert integer into is join key left like limit not null on or order outer primary "
                    "references returning rollback select set table text then trigger union unique update using "
                    "values view when where with ",
        .comment = "--", .quotes = "'\"", .long_quotes = "'", .blocks = true, .any_case = true},
    [CODE_JSON] = {
        .names = " json jsonl ",
        .keywords = " false null true ", .comment = "", .quotes = "\""},
    [CODE_DIFF] = {.names = " diff patch "},
};
/* clang-format on */

enum { WORD_MAX_BYTES = 32, TRIPLE_DOUBLE = 'D', TRIPLE_SINGLE = 'S' };

static bool is_listed(const char *words, struct str word, bool any_case)
{
    char key[WORD_MAX_BYTES + 3];
    if (word.n == 0 || word.n > WORD_MAX_BYTES || !words)
        return false;
    key[0] = key[word.n + 1] = ' ';
    for (size_t i = 0; i < word.n; i++) {
        char c = word.p[i];
        key[i + 1] = any_case && c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    return memmem(words, strlen(words), key, word.n + 2);
}

enum code_lang code_language(struct str name)
{
    for (int i = 1; i < CODE_LANGS; i++)
        if (is_listed(langs[i].names, name, true))
            return (enum code_lang)i;
    return CODE_NONE;
}

/* ---- a line ---- */

struct reader {
    struct str s;
    const struct lang *lang;
    size_t at, plain; /* what lies between the two is plain yet */
    char open;
    code_each_fn *each;
    void *arg;
};

static void emit(struct reader *r, enum code_kind kind, size_t start, size_t end)
{
    if (r->each && end > start)
        r->each(r->arg, kind, start, end);
}

static void take(struct reader *r, enum code_kind kind, size_t end)
{
    emit(r, CODE_PLAIN, r->plain, r->at);
    emit(r, kind, r->at, end);
    r->at = r->plain = end;
}

static bool is_at(const struct reader *r, size_t i, const char *word)
{
    size_t n = word ? strlen(word) : 0;
    return n && r->s.n - i >= n && memcmp(r->s.p + i, word, n) == 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (unsigned char)c >= 0x80;
}

/* Behind what closes the comment; the end of the line where nothing does. */
static void read_comment(struct reader *r, size_t from)
{
    const char *close = r->s.n > from ? memmem(r->s.p + from, r->s.n - from, "*/", 2) : NULL;
    r->open = close ? 0 : '*';
    take(r, CODE_COMMENT, close ? (size_t)(close - r->s.p) + 2 : r->s.n);
}

static void read_triple(struct reader *r, size_t from, char quote)
{
    char close[4] = {quote, quote, quote, 0};
    const char *end = r->s.n > from ? memmem(r->s.p + from, r->s.n - from, close, 3) : NULL;
    r->open = end ? 0 : quote == '"' ? TRIPLE_DOUBLE : TRIPLE_SINGLE;
    take(r, CODE_STRING, end ? (size_t)(end - r->s.p) + 3 : r->s.n);
}

static void read_string(struct reader *r, size_t from, char quote)
{
    size_t i = from;
    while (i < r->s.n && r->s.p[i] != quote)
        i += r->s.p[i] == '\\' && i + 1 < r->s.n ? 2 : 1;
    bool is_long = r->lang->long_quotes && strchr(r->lang->long_quotes, quote);
    r->open = i >= r->s.n && is_long ? quote : 0;
    take(r, CODE_STRING, MIN(i + 1, r->s.n));
}

static void read_word(struct reader *r)
{
    size_t end = r->at + 1;
    while (end < r->s.n && is_word(r->s.p[end]))
        end++;
    struct str word = {r->s.p + r->at, end - r->at};
    if (is_digit(word.p[0]))
        take(r, CODE_NUMBER, end);
    else if (is_listed(r->lang->keywords, word, r->lang->any_case))
        take(r, CODE_KEYWORD, end);
    else
        r->at = end;
}

/* What the line before left open. */
static void go_on(struct reader *r)
{
    char open = r->open;
    if (open == '*')
        read_comment(r, 0);
    else if (open == TRIPLE_DOUBLE || open == TRIPLE_SINGLE)
        read_triple(r, 0, open == TRIPLE_DOUBLE ? '"' : '\'');
    else if (open)
        read_string(r, 0, open);
}

static bool is_comment(const struct reader *r)
{
    bool joined = r->lang->comment[0] == '#' && r->at && is_word(r->s.p[r->at - 1]);
    return is_at(r, r->at, r->lang->comment) && !joined;
}

static void read_one(struct reader *r)
{
    char c = r->s.p[r->at];
    char triple[4] = {c, c, c, 0};
    if (is_comment(r))
        take(r, CODE_COMMENT, r->s.n);
    else if (r->lang->blocks && is_at(r, r->at, "/*"))
        read_comment(r, r->at + 2);
    else if (r->lang->triples && strchr(r->lang->quotes, c) && is_at(r, r->at, triple))
        read_triple(r, r->at + 3, c);
    else if (c && strchr(r->lang->quotes, c))
        read_string(r, r->at + 1, c);
    else if (is_word(c) || c == '#')
        read_word(r);
    else
        r->at++;
}

static enum code_kind diff_kind(struct str line)
{
    if (line.n == 0)
        return CODE_PLAIN;
    if (str_starts(line, "@@"))
        return CODE_KEYWORD;
    if (str_starts(line, "+++") || str_starts(line, "---") || str_starts(line, "diff "))
        return CODE_COMMENT;
    return line.p[0] == '+' ? CODE_ADDED : line.p[0] == '-' ? CODE_REMOVED : CODE_PLAIN;
}

void code_line(struct str line, enum code_lang lang, char *open, code_each_fn *each, void *arg)
{
    struct reader r = {
        .s = line, .lang = &langs[lang], .open = *open, .each = each, .arg = arg};
    if (!r.lang->keywords) {
        emit(&r, lang == CODE_DIFF ? diff_kind(line) : CODE_PLAIN, 0, line.n);
        return;
    }
    go_on(&r);
    while (r.at < line.n)
        read_one(&r);
    r.at = line.n;
    take(&r, CODE_PLAIN, line.n);
    *open = r.open;
}
