#ifndef PUNOS_COPENSSL_SHIM_H
#define PUNOS_COPENSSL_SHIM_H
#include <openssl/ssl.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <openssl/bio.h>
#include <openssl/pem.h>

/* OpenSSL's function-like macros, which Swift cannot import, one function each. */

static inline int punos_SSL_CTX_set_min_proto_version(SSL_CTX *context, int version) {
  return (int)SSL_CTX_set_min_proto_version(context, version);
}

static inline int punos_SSL_CTX_set_max_proto_version(SSL_CTX *context, int version) {
  return (int)SSL_CTX_set_max_proto_version(context, version);
}

static inline int punos_SSL_CTX_set1_groups_list(SSL_CTX *context, const char *groups) {
  return (int)SSL_CTX_set1_groups_list(context, groups);
}

static inline void punos_SSL_CTX_set_mode(SSL_CTX *context, long mode) {
  SSL_CTX_set_mode(context, mode);
}

static inline void punos_SSL_CTX_disable_session_cache(SSL_CTX *context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static inline void punos_SSL_CTX_set_read_ahead(SSL_CTX *context) {
  SSL_CTX_set_read_ahead(context, 1);
}

/* No compression, no renegotiation, no session tickets. */
static inline void punos_SSL_CTX_set_strict_options(SSL_CTX *context) {
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
}

/* RFC 2253, with UTF-8 as it is and control characters escaped. */
static inline unsigned long punos_subject_flags(void) {
  return XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;
}

static inline int punos_SSL_set_tlsext_host_name(SSL *ssl, const char *name) {
  return (int)SSL_set_tlsext_host_name(ssl, name);
}

/* What a memory BIO holds; valid until the BIO is next touched. */
static inline long punos_BIO_get_mem_data(BIO *bio, char **data) {
  return BIO_get_mem_data(bio, data);
}

static inline void punos_BIO_reset(BIO *bio) {
  (void)BIO_reset(bio);
}

/* An empty memory BIO says "try again", not "end of file". */
static inline void punos_BIO_set_mem_eof_retry(BIO *bio) {
  BIO_set_mem_eof_return(bio, -1);
}

static inline int punos_ERR_is_system(unsigned long code) {
  return ERR_SYSTEM_ERROR(code);
}

/* The URI entries of a subject alternative name: how many, and each as bytes. */
static inline int punos_GENERAL_NAMES_count(GENERAL_NAMES *names) {
  return sk_GENERAL_NAME_num(names);
}

static inline const unsigned char *punos_GENERAL_NAMES_uri(GENERAL_NAMES *names, int index, int *length) {
  GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
  if (name == NULL || name->type != GEN_URI) return NULL;
  *length = ASN1_STRING_length(name->d.uniformResourceIdentifier);
  return ASN1_STRING_get0_data(name->d.uniformResourceIdentifier);
}

#endif
