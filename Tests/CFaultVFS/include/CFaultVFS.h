#ifndef PUNOS_CFAULTVFS_H
#define PUNOS_CFAULTVFS_H

// A SQLite file layer over the system's that fails when told to. For tests.

enum punos_fault_kind {
  PUNOS_FAULT_NONE = 0,
  PUNOS_FAULT_EIO = 1,         // a write or truncation fails
  PUNOS_FAULT_ENOSPC = 2,      // a write finds the disk full
  PUNOS_FAULT_SHORT_WRITE = 3, // half of a write is done, then it fails
  PUNOS_FAULT_SYNC = 4,        // a sync fails
  PUNOS_FAULT_READ = 5         // a read fails
};

// Makes the layer known to SQLite as "punos-fault". Returns SQLITE_OK. Safe to call again.
int punos_fault_register(void);

// Arms a fault on files whose name contains `name`: it comes at the `at`-th (from 0) call it concerns from now on, and at every
// one after it where `forever` is not 0. Returns nothing; NONE disarms.
void punos_fault_arm(int kind, long at, int forever, const char *name);

// How many calls the armed fault has concerned since it was armed, whether they failed or not.
long punos_fault_calls(void);

// How often it has struck.
long punos_fault_strikes(void);

#endif
