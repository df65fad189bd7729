// Full TLS 1.3 handshakes against HOST PORT for some seconds, from several processes; prints how many there were.
//
// Usage: handshakes HOST PORT SECONDS PROCESSES. Each connection offers ALPN h2, shakes hands and closes; no session
// is resumed and no certificate is checked: this measures the server.
#include <netdb.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static int connected(const char *host, const char *port) {
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
  if (getaddrinfo(host, port, &hints, &found) != 0) return -1;
  int made = socket(found->ai_family, found->ai_socktype, 0);
  if (made >= 0 && connect(made, found->ai_addr, found->ai_addrlen) != 0) {
    close(made);
    made = -1;
  }
  freeaddrinfo(found);
  return made;
}

// The number of handshakes that succeeded until `end`; failures end the process with a message.
static long run(SSL_CTX *context, const char *host, const char *port, double end) {
  long done = 0;
  while (now() < end) {
    int raw = connected(host, port);
    SSL *tls = SSL_new(context);
    if (raw < 0 || tls == NULL || SSL_set_fd(tls, raw) != 1 || SSL_connect(tls) != 1) {
      fprintf(stderr, "handshake %ld failed\n", done);
      exit(1);
    }
    SSL_shutdown(tls);
    SSL_free(tls);
    close(raw);
    done += 1;
  }
  return done;
}

int main(int count, char **arguments) {
  if (count != 5) {
    fprintf(stderr, "usage: handshakes HOST PORT SECONDS PROCESSES\n");
    return 64;
  }
  double end = now() + atof(arguments[3]);
  int processes = atoi(arguments[4]);
  int results[2];
  if (processes < 1 || pipe(results) != 0) return 64;
  for (int index = 0; index < processes; index++) {
    if (fork() == 0) {
      SSL_CTX *context = SSL_CTX_new(TLS_client_method());
      SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
      SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
      SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384");
      SSL_CTX_set_alpn_protos(context, (const unsigned char *)"\x02h2", 3);
      long done = run(context, arguments[1], arguments[2], end);
      return write(results[1], &done, sizeof done) == sizeof done ? 0 : 1;
    }
  }
  long total = 0;
  for (int index = 0; index < processes; index++) {
    int status = 0;
    long done = 0;
    wait(&status);
    if (status != 0 || read(results[0], &done, sizeof done) != sizeof done) return 1;
    total += done;
  }
  printf("%ld\n", total);
  return 0;
}
