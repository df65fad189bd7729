#ifndef PUNOS_CSQLITE_SHIM_H
#define PUNOS_CSQLITE_SHIM_H
#include <sqlite3.h>
#endif
