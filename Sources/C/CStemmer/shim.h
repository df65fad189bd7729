#ifndef PUNOS_CSTEMMER_SHIM_H
#define PUNOS_CSTEMMER_SHIM_H
#include <libstemmer.h>
#endif
