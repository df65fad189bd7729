#ifndef PUNOS_CPROTOBUFC_SHIM_H
#define PUNOS_CPROTOBUFC_SHIM_H
#include <protobuf-c/protobuf-c.h>
#endif
