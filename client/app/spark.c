#include "spark.h"

#include <string.h>

size_t spark_read(struct str series, uint64_t out[SPARK_MAX])
{
    size_t n = 0;
    while (series.n) {
        int64_t v;
        if (!str_int(str_cut(&series, ' '), 0, INT64_MAX, &v))
            break;
        if (n == SPARK_MAX)
            memmove(out, out + 1, --n * sizeof *out);
        out[n++] = (uint64_t)v;
    }
    return n;
}

void spark(struct buf *out, const uint64_t *v, size_t n, bool ascii)
{
    static const char *const bars[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char signs[] = " .:-=+*#@";
    uint64_t most = 1;
    for (size_t i = 0; i < n; i++)
        most = MAX(most, v[i]);
    for (size_t i = 0; i < n; i++) {
        /* rounded up: what is not 0 shows */
        size_t at = (size_t)(((double)v[i] * 8 + (double)most - 1) / (double)most);
        at = v[i] ? MIN(MAX(at, (size_t)1), (size_t)8) : 0;
        if (ascii)
            buf_add_c(out, signs[at]);
        else
            buf_add_str(out, str_of(bars[at]));
    }
}

static bool ends_in(struct str name, const char *end)
{
    size_t n = strlen(end);
    return name.n >= n && memcmp(name.p + name.n - n, end, n) == 0;
}

void spark_figure(struct buf *out, struct str name, int64_t value)
{
    double v = (double)value;
    if (ends_in(name, "_bytes") || ends_in(name, "bytes_in") || ends_in(name, "bytes_out")) {
        static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
        size_t u = 0;
        for (; v >= 1024 && u + 1 < sizeof units / sizeof *units; u++)
            v /= 1024;
        buf_fmt(out, u ? "%.1f %s" : "%.0f %s", v, units[u]);
    } else if (ends_in(name, "_us")) {
        buf_fmt(out,
                value < 1000      ? "%.0f us"
                : value < 1000000 ? "%.1f ms"
                                  : "%.2f s",
                value < 1000      ? v
                : value < 1000000 ? v / 1e3
                                  : v / 1e6);
    } else if (ends_in(name, "_seconds")) {
        if (value >= 86400)
            buf_fmt(out, "%lld d ", (long long)value / 86400);
        buf_fmt(out, "%02lld:%02lld:%02lld", (long long)value / 3600 % 24,
                (long long)value / 60 % 60, (long long)value % 60);
    } else {
        buf_fmt(out, "%lld", (long long)value);
    }
}
