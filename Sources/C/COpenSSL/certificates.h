#ifndef PUNOS_COPENSSL_CERTIFICATES_H
#define PUNOS_COPENSSL_CERTIFICATES_H

/* What making certificates needs of OpenSSL and Swift cannot import: variadic functions and macros. */

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/* A new P-256 key, owned by the caller; NULL on failure. */
static inline EVP_PKEY *punos_evp_p256_generate(void) {
  return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
}

/* Adds an extension in OpenSSL's configuration syntax; 1 on success. The value must not come from a peer. */
static inline int punos_x509_add_extension(X509 *certificate, X509 *issuer, int nid, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
  if (extension == NULL) return 0;
  int added = X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  return added;
}

/* The bytes of a memory BIO, which keeps them; the length, or 0. */
static inline long punos_bio_memory(BIO *bio, char **bytes) {
  return BIO_get_mem_data(bio, bytes);
}

static inline BIO *punos_bio_reading(const void *bytes, int length) {
  return BIO_new_mem_buf(bytes, length);
}

#endif
