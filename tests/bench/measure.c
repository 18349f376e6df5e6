#include "measure.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t clock_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* The first number of /proc/PID/task/TID/schedstat: nanoseconds on a processor. */
static int64_t thread_cpu_ns(pid_t pid, const char *tid)
{
    char path[320], line[128];
    snprintf(path, sizeof(path), "/proc/%d/task/%s/schedstat", (int)pid, tid);
    FILE *f = fopen(path, "re");
    int64_t ns = f && fgets(line, sizeof(line), f) ? strtoll(line, NULL, 10) : 0;
    if (f)
        fclose(f);
    return ns;
}

int64_t own_cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

int64_t process_cpu_ns(pid_t pid)
{
    char path[64];
    int64_t sum = 0;
    snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
    DIR *threads = opendir(path);
    if (!threads)
        return -1;
    for (struct dirent *d; (d = readdir(threads));) {
        if (d->d_name[0] != '.')
            sum += thread_cpu_ns(pid, d->d_name);
    }
    closedir(threads);
    return sum;
}

int64_t process_rss_kib(pid_t pid)
{
    char path[64], line[128];
    int64_t kib = -1;
    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    FILE *f = fopen(path, "re");
    while (f && kib < 0 && fgets(line, sizeof(line), f)) {
        if (strncmp(line, "VmRSS:", 6) == 0)
            kib = strtoll(line + 6, NULL, 10);
    }
    if (f)
        fclose(f);
    return kib;
}

void latency_clear(struct latency *l)
{
    memset(l, 0, sizeof(*l));
}

void latency_add(struct latency *l, int64_t us)
{
    l->count[us < 0 ? 0 : us > LATENCY_MAX_US ? LATENCY_MAX_US : us]++;
    l->n++;
}

int64_t latency_percentile(const struct latency *l, int percent)
{
    uint64_t wanted = (l->n * (uint64_t)percent + 99) / 100, seen = 0;
    if (l->n == 0)
        return 0;
    for (int64_t us = 0; us <= LATENCY_MAX_US; us++) {
        seen += l->count[us];
        if (seen >= wanted)
            return us;
    }
    return LATENCY_MAX_US;
}
