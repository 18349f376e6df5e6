#include "fault_vfs.h"

#include "mem.h"

#include <sqlite3.h>
#include <stdlib.h>

#define VFS_NAME "moot-fault"

/* The real file's memory stands right behind this. */
struct fault_file {
    sqlite3_file base;
    struct fault_vfs *fault;
    sqlite3_file *real;
};

static struct fault_file *file_of(sqlite3_file *f)
{
    return (struct fault_file *)f;
}

/* Does this operation fail? */
static bool fails(struct fault_vfs *f)
{
    if (f->left < 0)
        return false;
    if (f->left-- > 0)
        return false;
    f->left = f->for_good ? 0 : -1;
    f->fired = true;
    return true;
}

static int write_error(const struct fault_vfs *f, int otherwise)
{
    return f->kind == FAULT_FULL ? SQLITE_FULL : otherwise;
}

static int file_close(sqlite3_file *f)
{
    return file_of(f)->real->pMethods->xClose(file_of(f)->real);
}

static int file_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
    if (fails(file_of(f)->fault))
        return SQLITE_IOERR_READ;
    return file_of(f)->real->pMethods->xRead(file_of(f)->real, p, n, at);
}

static int file_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
    sqlite3_file *real = file_of(f)->real;
    if (!fails(file_of(f)->fault))
        return real->pMethods->xWrite(real, p, n, at);
    real->pMethods->xWrite(real, p, n / 2, at);
    return write_error(file_of(f)->fault, SQLITE_IOERR_WRITE);
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 n)
{
    if (fails(file_of(f)->fault))
        return SQLITE_IOERR_TRUNCATE;
    return file_of(f)->real->pMethods->xTruncate(file_of(f)->real, n);
}

static int file_sync(sqlite3_file *f, int flags)
{
    (void)flags;
    return fails(file_of(f)->fault) ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int file_size(sqlite3_file *f, sqlite3_int64 *n)
{
    return file_of(f)->real->pMethods->xFileSize(file_of(f)->real, n);
}

static int file_lock(sqlite3_file *f, int how)
{
    return file_of(f)->real->pMethods->xLock(file_of(f)->real, how);
}

static int file_unlock(sqlite3_file *f, int how)
{
    return file_of(f)->real->pMethods->xUnlock(file_of(f)->real, how);
}

static int file_check_lock(sqlite3_file *f, int *out)
{
    return file_of(f)->real->pMethods->xCheckReservedLock(file_of(f)->real, out);
}

static int file_control(sqlite3_file *f, int op, void *arg)
{
    return file_of(f)->real->pMethods->xFileControl(file_of(f)->real, op, arg);
}

static int file_sector(sqlite3_file *f)
{
    return file_of(f)->real->pMethods->xSectorSize(file_of(f)->real);
}

static int file_device(sqlite3_file *f)
{
    return file_of(f)->real->pMethods->xDeviceCharacteristics(file_of(f)->real);
}

static int file_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
    if (extend && fails(file_of(f)->fault))
        return write_error(file_of(f)->fault, SQLITE_IOERR_SHMSIZE);
    return file_of(f)->real->pMethods->xShmMap(file_of(f)->real, page, size, extend, out);
}

static int file_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
    return file_of(f)->real->pMethods->xShmLock(file_of(f)->real, at, n, flags);
}

static void file_shm_barrier(sqlite3_file *f)
{
    file_of(f)->real->pMethods->xShmBarrier(file_of(f)->real);
}

static int file_shm_unmap(sqlite3_file *f, int drop)
{
    return file_of(f)->real->pMethods->xShmUnmap(file_of(f)->real, drop);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_device,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

/* What the VFS holds: the caller's faults and the real VFS. */
struct fault_disk {
    struct fault_vfs *fault;
    sqlite3_vfs *real;
};

static int disk_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out)
{
    struct fault_disk *d = v->pAppData;
    *file_of(f) =
        (struct fault_file){.fault = d->fault, .real = (sqlite3_file *)(file_of(f) + 1)};
    if (fails(d->fault))
        return SQLITE_CANTOPEN;
    int rc = d->real->xOpen(d->real, name, file_of(f)->real, flags, out);
    if (file_of(f)->real->pMethods)
        f->pMethods = &methods;
    return rc;
}

void fault_vfs_install(struct fault_vfs *f)
{
    struct fault_disk *d = NEW(struct fault_disk);
    d->fault = f;
    d->real = sqlite3_vfs_find(NULL);
    sqlite3_vfs *v = NEW(sqlite3_vfs);
    *v = *d->real;
    v->zName = VFS_NAME;
    v->pNext = NULL;
    v->pAppData = d;
    v->szOsFile = (int)sizeof(struct fault_file) + d->real->szOsFile;
    v->xOpen = disk_open;
    bug_on(sqlite3_vfs_register(v, 1) != SQLITE_OK);
}

void fault_vfs_remove(void)
{
    sqlite3_vfs *v = sqlite3_vfs_find(VFS_NAME);
    bug_on(!v);
    sqlite3_vfs_unregister(v);
    free(v->pAppData);
    free(v);
}
