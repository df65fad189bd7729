#ifndef PUNOS_CSQLITE_SHIM_H
#define PUNOS_CSQLITE_SHIM_H
#include <sqlite3.h>

/// Turns SQLite's count of its memory off: it takes a lock of the whole process for every allocation of every thread,
/// and nobody reads it. Takes effect before the library is first used; later it does nothing.
static inline int punos_sqlite_leave_memory_uncounted(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

/// Binds where `SELECT fts5(?1)` writes the address of its interface. SQLite keeps the type's name as an address and
/// looks at it later, so it must be a static text; Swift's lives for the length of the call only.
static inline int punos_sqlite_bind_fts5_place(sqlite3_stmt *statement, void *place) {
  return sqlite3_bind_pointer(statement, 1, place, "fts5_api_ptr", 0);
}

/// Whether the last connection to close a file in WAL mode copies the write-ahead log into it first.
static inline int punos_sqlite_checkpoint_on_close(sqlite3 *handle, int does) {
  return sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !does, (int *)0);
}

/// A write-ahead log's file as `LogGathering` has it: SQLite's own part first, as its file layers do it; the file below it
/// follows in the same memory.
typedef struct punos_gathered_file {
  sqlite3_file base;
  /// What is written and not handed on: so many bytes for this place of the file. NULL until something is written.
  void *buffer;
  sqlite3_int64 start;
  int count;
  /// The next write is the page that ends a transaction.
  int ends_transaction;
  /// Where the last write ended; -1: nobody knows.
  sqlite3_int64 end;
} punos_gathered_file;
#endif
