#ifndef PUNOS_CRAWBENCH_H
#define PUNOS_CRAWBENCH_H
#include <stddef.h>

/* Decodes each of `count` encoded accounts with libprotobuf-c and its usual heap, and frees it. Seconds. */
double raw_decode(const unsigned char *const *bytes, const size_t *sizes, int count);

/* Encodes each of `count` accounts, decoded beforehand, with libprotobuf-c. Seconds. */
double raw_encode(const unsigned char *const *bytes, const size_t *sizes, int count);

#endif
