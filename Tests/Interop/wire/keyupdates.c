// Asks a TLS 1.3 server for new keys, over and over, and never reads what it answers.
//
// Usage: keyupdates HOST PORT COUNT. Prints how many were sent before the server took no more for two seconds or
// ended the connection.
#include <errno.h>
#include <netdb.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <fcntl.h>

int main(int count, char **arguments) {
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
  if (count != 4 || getaddrinfo(arguments[1], arguments[2], &hints, &found) != 0) return 64;
  int raw = socket(found->ai_family, found->ai_socktype, 0);
  if (raw < 0 || connect(raw, found->ai_addr, found->ai_addrlen) != 0) return 1;
  SSL_CTX *context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_alpn_protos(context, (const unsigned char *)"\x02h2", 3);
  SSL *tls = SSL_new(context);
  SSL_set_fd(tls, raw);
  static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0";
  if (SSL_connect(tls) != 1 || SSL_write(tls, preface, sizeof preface) <= 0) return 1;
  fcntl(raw, F_SETFL, O_NONBLOCK);
  long sent = 0, wanted = atol(arguments[3]);
  while (sent < wanted) {
    if (SSL_key_update(tls, SSL_KEY_UPDATE_REQUESTED) != 1) break;
    int done;
    while ((done = SSL_do_handshake(tls)) != 1 && SSL_get_error(tls, done) == SSL_ERROR_WANT_WRITE) {
      struct pollfd writable = {.fd = raw, .events = POLLOUT};
      if (poll(&writable, 1, 2000) <= 0) goto out;
    }
    if (done != 1) break;
    sent += 1;
  }
out:
  printf("%ld\n", sent);
  return 0;
}
