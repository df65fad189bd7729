#include "CRawBench.h"
#include <protobuf-c/protobuf-c.h>
#include <stdlib.h>
#include <time.h>
#include "punos/bench/v1/bench.pb-c.h"

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double raw_decode(const unsigned char *const *bytes, const size_t *sizes, int count) {
  double start = now();
  for (int i = 0; i < count; i++) {
    ProtobufCMessage *m =
        protobuf_c_message_unpack(&punos__bench__v1__bench_account__descriptor, NULL, sizes[i], bytes[i]);
    protobuf_c_message_free_unpacked(m, NULL);
  }
  return now() - start;
}

double raw_encode(const unsigned char *const *bytes, const size_t *sizes, int count) {
  ProtobufCMessage **messages = malloc(sizeof *messages * (size_t)count);
  if (messages == NULL) return 0;
  for (int i = 0; i < count; i++)
    messages[i] =
        protobuf_c_message_unpack(&punos__bench__v1__bench_account__descriptor, NULL, sizes[i], bytes[i]);
  double start = now();
  for (int i = 0; i < count; i++) {
    size_t size = protobuf_c_message_get_packed_size(messages[i]);
    unsigned char *out = malloc(size);
    if (out != NULL) protobuf_c_message_pack(messages[i], out);
    free(out);
  }
  double spent = now() - start;
  for (int i = 0; i < count; i++) protobuf_c_message_free_unpacked(messages[i], NULL);
  free(messages);
  return spent;
}
