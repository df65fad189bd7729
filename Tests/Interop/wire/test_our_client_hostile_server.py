"""Our client and servers that are broken, hostile or no gRPC servers at all: it ends with an error, never with a crash."""

import contextlib
import socket
import ssl
import struct
import subprocess
import threading

import hpack
import pytest

from conftest import REFERENCE
from punoswire import peer
from punoswire.peer import (
    DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PUSH_PROMISE, RST_STREAM, SETTINGS, WINDOW_UPDATE, frame, message)
from punoswire.processes import interop_binary

pytestmark = pytest.mark.skipif(REFERENCE, reason="this tests our own client")
CLIENT_LIMIT = 60


def block(*fields) -> bytes:
    return hpack.Encoder().encode(fields, huffman=False)


ANSWER = block((":status", "200"), ("content-type", "application/grpc"))
START = frame(HEADERS, END_HEADERS, 1, ANSWER)


def trailers(*fields) -> bytes:
    return frame(HEADERS, END_HEADERS | END_STREAM, 1, block(*fields))


OK = trailers(("grpc-status", "0"))
HELLO = frame(SETTINGS, 0, 0)
# What the server says: what begins with HELLO greets first, and says the rest once a request is there.
SAID = {
    "nothing and closes": b"",
    "bytes that are no frames": b"\xff" * 500,
    "an HTTP/1.1 answer": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "a GOAWAY": HELLO + frame(GOAWAY, 0, 0, struct.pack(">LL", 0, 11) + b"go away"),
    "a reset": HELLO + frame(RST_STREAM, 0, 1, struct.pack(">L", 2)),
    "a refusal for ever": HELLO + frame(RST_STREAM, 0, 1, struct.pack(">L", 7)),
    "an HTML page": HELLO + frame(HEADERS, END_HEADERS, 1, block((":status", "503"), ("content-type", "text/html")))
    + frame(DATA, END_STREAM, 1, b"<h1>no</h1>"),
    "a redirect": HELLO + frame(HEADERS, END_HEADERS | END_STREAM, 1, block((":status", "302"), ("location", "/"))),
    "no status": HELLO + frame(HEADERS, END_HEADERS, 1, block(("content-type", "application/grpc"))),
    "a status that is no number": HELLO + START + trailers(("grpc-status", "zero")),
    "a status out of range": HELLO + START + trailers(("grpc-status", "99999999999999999999")),
    "a message that decodes to nothing": HELLO + START + trailers(("grpc-status", "2"), ("grpc-message", "%zz%F0%9F")),
    "details that are no base64": HELLO + START
    + trailers(("grpc-status", "2"), ("grpc-status-details-bin", "!!!")),
    "no trailers": HELLO + START + frame(DATA, END_STREAM, 1, message(b"")),
    "no message": HELLO + START + OK,
    "two messages": HELLO + START + frame(DATA, 0, 1, message(b"") * 2) + OK,
    "a length of 4 GiB": HELLO + START + frame(DATA, 0, 1, b"\0\xff\xff\xff\xff" + b"x" * 100) + OK,
    "half a message": HELLO + START + frame(DATA, 0, 1, b"\0\0\0\0\x09abc") + OK,
    "broken protobuf": HELLO + START + frame(DATA, 0, 1, message(b"\x0a\x7f")) + OK,
    "gzip that was not announced": HELLO + START + frame(DATA, 0, 1, message(b"x", compressed=True)) + OK,
    "an unknown encoding": HELLO + frame(HEADERS, END_HEADERS, 1, block(
        (":status", "200"), ("content-type", "application/grpc"), ("grpc-encoding", "snappy")))
    + frame(DATA, 0, 1, b"\1\0\0\0\x03abc") + OK,
    "a push": HELLO + frame(PUSH_PROMISE, END_HEADERS, 1, struct.pack(">L", 2) + block((":status", "200"))),
    "data before headers": HELLO + frame(DATA, 0, 1, message(b"")),
    "a stream nobody opened": HELLO + frame(HEADERS, END_HEADERS, 7, ANSWER),
    "an even stream": HELLO + frame(HEADERS, END_HEADERS, 2, ANSWER),
    "metadata without measure": HELLO + b"".join([
        frame(HEADERS, 0, 1, block((":status", "200"), ("content-type", "application/grpc"), ("x", "v" * 16_000))),
        *[frame(peer.CONTINUATION, 0, 1, block(("y", "v" * 16_000))) for _ in range(50)]]),
    "settings that are none": peer.settings_frame((peer.INITIAL_WINDOW_SIZE, 0xFFFF_FFFF)),
    "a window that overflows": HELLO + frame(WINDOW_UPDATE, 0, 0, struct.pack(">L", 0x7FFF_FFFF)) * 2,
    "a thousand settings": HELLO * 5_001,
}


@contextlib.contextmanager
def server(certs, said: bytes, version=ssl.TLSVersion.TLSv1_3, plain=False, certificate="server", alpn=("h2",),
           client_ca=None, silent=False):
    """Says the same to every connection, until the client has had enough."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = context.maximum_version = version
    if alpn:
        context.set_alpn_protocols(list(alpn))
    if client_ca:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(certs / f"{client_ca}.crt")
    context.load_cert_chain(certs / f"{certificate}.crt", certs / f"{certificate}.key")
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection):
        with contextlib.suppress(OSError, ssl.SSLError):
            connection.settimeout(CLIENT_LIMIT)
            if plain:
                connection.sendall(b"220 mail.example ESMTP\r\n")
                connection.recv(1)
                return
            with context.wrap_socket(connection, server_side=True) as secure:
                came = b""
                if not said.startswith(HELLO):  # It does not even greet.
                    secure.sendall(said)
                    return
                secure.sendall(HELLO)
                # The request of stream 1 has begun when its HEADERS frame is there.
                while b"\x01\x04\0\0\0\x01" not in came and b"\x01\x05\0\0\0\x01" not in came:
                    part = secure.recv(65_536)
                    if not part:
                        return
                    came += part
                secure.sendall(said[len(HELLO):])
                secure.settimeout(CLIENT_LIMIT if silent else 2)
                while secure.recv(65_536):
                    pass

    def accept():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def fails_well(certs, target, client=None, options=()):
    own = ["--cert", str(certs / f"{client}.crt"), "--key", str(certs / f"{client}.key")] if client else []
    result = subprocess.run(
        [interop_binary(), "client", "--case", "empty_unary", "--connect", target, "--ca", str(certs / "ca.crt"),
         *own, *options],
        capture_output=True, text=True, timeout=CLIENT_LIMIT)
    said = result.stdout + result.stderr
    assert result.returncode > 0, f"ended with {result.returncode}: {said[-2000:]}"
    assert len(said.strip()) > 20, said
    assert "Fatal error" not in said and "Crash" not in said, said[-2000:]
    return said


@pytest.mark.parametrize("what", SAID)
def test_a_server_that_says_the_wrong_thing_is_an_error(certs, what):
    with server(certs, SAID[what]) as target:
        fails_well(certs, target)


def test_a_server_of_tls_1_2_is_refused_and_named(certs):
    with server(certs, b"", version=ssl.TLSVersion.TLSv1_2) as target:
        assert target in fails_well(certs, target)


def test_a_server_without_tls_is_refused_and_named(certs):
    with server(certs, b"", plain=True) as target:
        assert target in fails_well(certs, target)


def test_a_server_with_another_name_is_refused_and_the_name_is_said(certs):
    """A client's certificate carries no server name at all."""
    with server(certs, b"", certificate="client-no-uri") as target:
        assert "certificate" in fails_well(certs, target)


@pytest.mark.parametrize("settings, client, words", [
    ({"client_ca": "ca"}, None, "none was given"),
    ({"client_ca": "ca"}, "client-expired", "its certificate has expired"),
    ({"client_ca": "ca"}, "client-wrong-ca", "come from a CA that the server trusts"),
    ({"version": ssl.TLSVersion.TLSv1_2}, None, "does not speak TLS 1.3"),
    ({"alpn": ()}, None, "is no gRPC server"),
    ({"plain": True}, None, "does not speak TLS"),
    ({"certificate": "client-no-uri"}, None, "names"),
], ids=["no_certificate", "expired", "wrong_ca", "old_tls", "no_alpn", "no_tls", "wrong_name"])
def test_each_failure_of_a_secure_connection_says_what_to_do(certs, settings, client, words):
    with server(certs, HELLO, **settings) as target:
        said = fails_well(certs, target, client)
        assert words in said and target in said, said


def test_a_server_that_gives_no_sign_of_life_is_given_up(certs):
    """It greets, takes the call, and is never heard of again: no deadline would be needed to find out."""
    with server(certs, HELLO, silent=True) as target:
        said = fails_well(certs, target, options=["--keepalive-after", "0.1", "--keepalive-timeout", "1"])
        assert "no sign of life" in said, said
