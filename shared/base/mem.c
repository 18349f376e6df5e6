#include "mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BLOCK = 16 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t size;
    _Alignas(max_align_t) unsigned char bytes[];
};

noreturn void mem_bug(const char *file, int line, const char *what)
{
    fprintf(stderr, "bug: %s:%d: %s\n", file, line, what);
    abort();
}

void *mem_new(size_t n)
{
    void *p = calloc(1, n ? n : 1);
    if (!p) {
        fprintf(stderr, "out of memory: %zu bytes\n", n);
        abort();
    }
    return p;
}

void *mem_grow(void *p, size_t n)
{
    void *q = realloc(p, n ? n : 1);
    if (!q) {
        fprintf(stderr, "out of memory: %zu bytes\n", n);
        abort();
    }
    return q;
}

void *arena_alloc(struct arena *a, size_t n)
{
    size_t align = _Alignof(max_align_t);
    bug_on(n > SIZE_MAX / 2);
    n = (n + align - 1) / align * align;
    if (!a->block || a->block->size - a->used < n) {
        size_t size = n > ARENA_BLOCK ? n : ARENA_BLOCK;
        struct arena_block *b = mem_grow(NULL, sizeof *b + size);
        b->next = a->block;
        b->size = size;
        a->block = b;
        a->used = 0;
    }
    void *p = a->block->bytes + a->used;
    a->used += n;
    return memset(p, 0, n);
}

void arena_clear(struct arena *a)
{
    struct arena_block *keep = NULL;
    while (a->block) {
        struct arena_block *b = a->block;
        a->block = b->next;
        if (!keep && b->size == ARENA_BLOCK)
            keep = b;
        else
            free(b);
    }
    if (keep)
        keep->next = NULL;
    *a = (struct arena){.block = keep};
}

void arena_finish(struct arena *a)
{
    arena_clear(a);
    free(a->block);
    *a = (struct arena){0};
}

void *vec_room(void *v, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return v;
    *cap = *cap ? *cap * 2 : 8;
    return mem_grow(v, *cap * size);
}
