#ifndef PUNOS_CCRYPTO_SHIM_H
#define PUNOS_CCRYPTO_SHIM_H
// The low-level calls are deprecated since OpenSSL 3, and still there: the new ones look the algorithm up by name for
// each digest, which takes longer than to digest a short text.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

/// SHA-256 of two runs of bytes, one after the other, into 32 bytes.
static inline void punos_sha256(const void *first, size_t first_count, const void *second, size_t second_count,
                                unsigned char *digest) {
  SHA256_CTX context;
  SHA256_Init(&context);
  if (first_count > 0) SHA256_Update(&context, first, first_count);
  if (second_count > 0) SHA256_Update(&context, second, second_count);
  SHA256_Final(digest, &context);
}
#endif
