#ifndef PUNOS_CMALLOC_SHIM_H
#define PUNOS_CMALLOC_SHIM_H
#include <malloc.h>
#endif
