#include "include/CFaultVFS.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  sqlite3_file base;
  sqlite3_file *real;
} fault_file;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int kind;
static long at, calls, strikes;
static int forever;
static char part[64];
static sqlite3_vfs *system_vfs;
static sqlite3_vfs fault_vfs;

void punos_fault_arm(int new_kind, long new_at, int new_forever, const char *name) {
  pthread_mutex_lock(&lock);
  kind = new_kind;
  at = new_at;
  forever = new_forever;
  calls = 0;
  strikes = 0;
  strncpy(part, name ? name : "", sizeof part - 1);
  pthread_mutex_unlock(&lock);
}

long punos_fault_calls(void) {
  pthread_mutex_lock(&lock);
  long value = calls;
  pthread_mutex_unlock(&lock);
  return value;
}

long punos_fault_strikes(void) {
  pthread_mutex_lock(&lock);
  long value = strikes;
  pthread_mutex_unlock(&lock);
  return value;
}

typedef struct {
  fault_file file;
  char name[512];
} named_file;

enum sort { SORT_WRITE, SORT_SYNC, SORT_READ };

static enum sort sort_of(int kind) {
  return kind == PUNOS_FAULT_SYNC ? SORT_SYNC : kind == PUNOS_FAULT_READ ? SORT_READ : SORT_WRITE;
}

// Whether this call fails. `sort`: which sort of call it is.
static int strikes_now(sqlite3_file *file, enum sort sort) {
  named_file *named = (named_file *)file;
  pthread_mutex_lock(&lock);
  int struck = 0;
  if (kind != PUNOS_FAULT_NONE && sort_of(kind) == sort && strstr(named->name, part)) {
    struck = forever ? calls >= at : calls == at;
    calls++;
    if (struck) strikes++;
  }
  int now = struck ? kind : PUNOS_FAULT_NONE;
  pthread_mutex_unlock(&lock);
  return now;
}

static sqlite3_file *real(sqlite3_file *file) { return ((fault_file *)file)->real; }

static int f_close(sqlite3_file *file) {
  int code = real(file)->pMethods ? real(file)->pMethods->xClose(real(file)) : SQLITE_OK;
  free(real(file));
  ((fault_file *)file)->real = NULL;
  return code;
}
static int f_read(sqlite3_file *f, void *p, int n, sqlite3_int64 o) {
  if (strikes_now(f, SORT_READ)) return SQLITE_IOERR_READ;
  return real(f)->pMethods->xRead(real(f), p, n, o);
}
static int f_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 o) {
  switch (strikes_now(f, SORT_WRITE)) {
  case PUNOS_FAULT_EIO: return SQLITE_IOERR_WRITE;
  case PUNOS_FAULT_ENOSPC: return SQLITE_FULL;
  case PUNOS_FAULT_SHORT_WRITE:
    real(f)->pMethods->xWrite(real(f), p, n / 2, o);
    return SQLITE_IOERR_WRITE;
  default: return real(f)->pMethods->xWrite(real(f), p, n, o);
  }
}
static int f_truncate(sqlite3_file *f, sqlite3_int64 n) {
  if (strikes_now(f, SORT_WRITE)) return SQLITE_IOERR_TRUNCATE;
  return real(f)->pMethods->xTruncate(real(f), n);
}
static int f_sync(sqlite3_file *f, int flags) {
  if (strikes_now(f, SORT_SYNC)) return SQLITE_IOERR_FSYNC;
  return real(f)->pMethods->xSync(real(f), flags);
}
static int f_size(sqlite3_file *f, sqlite3_int64 *n) { return real(f)->pMethods->xFileSize(real(f), n); }
static int f_lock(sqlite3_file *f, int l) { return real(f)->pMethods->xLock(real(f), l); }
static int f_unlock(sqlite3_file *f, int l) { return real(f)->pMethods->xUnlock(real(f), l); }
static int f_reserved(sqlite3_file *f, int *r) { return real(f)->pMethods->xCheckReservedLock(real(f), r); }
static int f_control(sqlite3_file *f, int op, void *p) { return real(f)->pMethods->xFileControl(real(f), op, p); }
static int f_sector(sqlite3_file *f) { return real(f)->pMethods->xSectorSize(real(f)); }
static int f_device(sqlite3_file *f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }
static int f_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **p) {
  return real(f)->pMethods->xShmMap(real(f), page, size, extend, p);
}
static int f_shm_lock(sqlite3_file *f, int offset, int n, int flags) {
  return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
}
static void f_shm_barrier(sqlite3_file *f) { real(f)->pMethods->xShmBarrier(real(f)); }
static int f_shm_unmap(sqlite3_file *f, int del) { return real(f)->pMethods->xShmUnmap(real(f), del); }

static const sqlite3_io_methods methods = {
    2,      f_close,    f_read,    f_write,  f_truncate, f_sync,    f_size,     f_lock,        f_unlock,
    f_reserved, f_control, f_sector, f_device, f_shm_map, f_shm_lock, f_shm_barrier, f_shm_unmap, NULL, NULL};

static int v_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
  (void)vfs;
  named_file *named = (named_file *)file;
  memset(named, 0, sizeof *named);
  strncpy(named->name, name ? name : "", sizeof named->name - 1);
  named->file.real = calloc(1, (size_t)system_vfs->szOsFile);
  if (!named->file.real) return SQLITE_NOMEM;
  int code = system_vfs->xOpen(system_vfs, name, named->file.real, flags, out);
  if (code != SQLITE_OK) {
    free(named->file.real);
    named->file.real = NULL;
    return code;
  }
  named->file.base.pMethods = &methods;
  return SQLITE_OK;
}

static int v_delete(sqlite3_vfs *v, const char *n, int s) { (void)v; return system_vfs->xDelete(system_vfs, n, s); }
static int v_access(sqlite3_vfs *v, const char *n, int f, int *r) { (void)v; return system_vfs->xAccess(system_vfs, n, f, r); }
static int v_full(sqlite3_vfs *v, const char *n, int l, char *o) { (void)v; return system_vfs->xFullPathname(system_vfs, n, l, o); }
static int v_random(sqlite3_vfs *v, int n, char *o) { (void)v; return system_vfs->xRandomness(system_vfs, n, o); }
static int v_sleep(sqlite3_vfs *v, int us) { (void)v; return system_vfs->xSleep(system_vfs, us); }
static int v_time(sqlite3_vfs *v, double *t) { (void)v; return system_vfs->xCurrentTime(system_vfs, t); }
static int v_error(sqlite3_vfs *v, int n, char *o) { (void)v; return system_vfs->xGetLastError(system_vfs, n, o); }
static int v_time64(sqlite3_vfs *v, sqlite3_int64 *t) { (void)v; return system_vfs->xCurrentTimeInt64(system_vfs, t); }

int punos_fault_register(void) {
  pthread_mutex_lock(&lock);
  int code = SQLITE_OK;
  if (!system_vfs) {
    system_vfs = sqlite3_vfs_find(NULL);
    fault_vfs.iVersion = 2;
    fault_vfs.szOsFile = sizeof(named_file);
    fault_vfs.mxPathname = system_vfs->mxPathname;
    fault_vfs.zName = "punos-fault";
    fault_vfs.xOpen = v_open;
    fault_vfs.xDelete = v_delete;
    fault_vfs.xAccess = v_access;
    fault_vfs.xFullPathname = v_full;
    fault_vfs.xRandomness = v_random;
    fault_vfs.xSleep = v_sleep;
    fault_vfs.xCurrentTime = v_time;
    fault_vfs.xGetLastError = v_error;
    fault_vfs.xCurrentTimeInt64 = v_time64;
    code = sqlite3_vfs_register(&fault_vfs, 0);
  }
  pthread_mutex_unlock(&lock);
  return code;
}
