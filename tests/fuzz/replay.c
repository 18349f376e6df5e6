/* Runs a fuzz target over files and folders of files, once each: the gate's way to use a corpus
 * without libFuzzer. */
#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { INPUT_MAX = 4 << 20 };

static int replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return -1;
    }
    uint8_t *data = malloc(INPUT_MAX);
    size_t n = data ? fread(data, 1, INPUT_MAX, f) : 0;
    fclose(f);
    /* A copy of just the size, so that reading past the end is seen by the sanitizer. */
    uint8_t *exact = malloc(n ? n : 1);
    if (!data || !exact)
        abort();
    memcpy(exact, data, n);
    free(data);
    LLVMFuzzerTestOneInput(exact, n);
    free(exact);
    return 1;
}

static int replay_folder(const char *path)
{
    struct dirent **names;
    int n = scandir(path, &names, NULL, alphasort), done = 0;
    if (n < 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return -1;
    }
    for (int i = 0; i < n; i++) {
        char file[4096];
        snprintf(file, sizeof file, "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.' && done >= 0)
            done = replay_file(file) < 0 ? -1 : done + 1;
        free(names[i]);
    }
    free(names);
    return done;
}

int main(int argc, char **argv)
{
    int total = 0;
    for (int i = 1; i < argc; i++) {
        struct stat st;
        bool is_folder = stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode);
        int done = is_folder ? replay_folder(argv[i]) : replay_file(argv[i]);
        if (done < 0)
            return 1;
        total += done;
    }
    printf("%d inputs\n", total);
    return total > 0 ? 0 : 1;
}
