#ifndef PUNOS_CSQLITE_SHIM_H
#define PUNOS_CSQLITE_SHIM_H
#include <sqlite3.h>

/// Turns SQLite's count of its memory off: it takes a lock of the whole process for every allocation of every thread,
/// and nobody reads it. Takes effect before the library is first used; later it does nothing.
static inline int punos_sqlite_leave_memory_uncounted(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
#endif
