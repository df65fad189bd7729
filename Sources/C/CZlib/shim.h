#ifndef PUNOS_CZLIB_SHIM_H
#define PUNOS_CZLIB_SHIM_H
#include <zlib.h>
#endif
