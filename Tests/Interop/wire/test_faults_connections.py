"""wire-faults rows 1, 2, 18, 19 and 20: handshakes, silence, cut connections, the end, and new certificates."""

import os
import select
import shutil
import socket
import ssl
import subprocess
import time

import hpack
import pytest

from conftest import REFERENCE, server_command
from faults import Target, fault_process, target  # noqa: F401
from punoswire import peer, protos
from punoswire.peer import Peer, call_headers, message
from punoswire.processes import ServerProcess, eventually

# A peer that says nothing is let go after 10 s; the rest is what a busy machine may add.
SILENCE_LIMIT, SILENCE_SLACK = 10.0, 2.0
# Connections from one address, from ServerConfiguration.
CONNECTIONS_PER_ADDRESS = 512
# punos-interop gives calls ten seconds at SIGTERM; the rest is slack.
GRACE_LIMIT = 20.0


def logged_since(process, mark: int, *words: str) -> str | None:
    """The first line of the log after `mark` that holds every word, in any case."""
    for line in process.log()[mark:].splitlines():
        if all(word.lower() in line.lower() for word in words):
            return line
    return None


# ── row 1 ──────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def mutual_process(certs):
    with ServerProcess(certs, client_ca=certs / "ca.crt", command=server_command()) as process:
        yield process


def attempt_call(process, tls) -> tuple[bool, tuple[str, int]]:
    """Tries a call; was it answered, and from which address was it tried?"""
    raw = socket.create_connection((process.host, process.port), peer.ANSWER_LIMIT)
    local = raw.getsockname()
    try:
        with tls.wrap_socket(raw, server_hostname="localhost") as secure:
            # In TLS 1.3 the client is done before the server has looked at its certificate.
            secure.sendall(peer.PREFACE + peer.settings_frame() + peer.frame(
                peer.HEADERS, peer.END_HEADERS, 1, hpack.Encoder().encode(call_headers("EmptyCall")))
                + peer.frame(peer.DATA, peer.END_STREAM, 1, message(b"")))
            came = b""
            while part := secure.recv(65_536):
                came += part
                if b"grpc-status" in came or came.find(b"\x01\x04\x00\x00\x00\x01") >= 0:
                    return True, local
    except (ssl.SSLError, ConnectionError):
        pass
    finally:
        raw.close()
    return False, local


@pytest.mark.parametrize("client, words", [
    (None, ["certificate"]),
    ("client-expired", ["expired"]),
    ("client-wrong-ca", ["certificate"]),
    ("client-wrong-purpose", ["purpose"]),
])
def test_row_1_a_client_without_a_good_certificate_is_refused_before_any_call(mutual_process, certs, client, words):
    mark = len(mutual_process.log())
    answered, local = attempt_call(mutual_process, peer.context(certs, client))
    assert not answered
    if REFERENCE:
        return
    line = eventually(lambda: logged_since(mutual_process, mark, f"{local[0]}:{local[1]}", *words))
    assert line, f"no reason for {local} in:\n{mutual_process.log()[mark:]}"


def test_row_1_a_client_with_a_good_certificate_is_served(mutual_process, certs):
    answered, _ = attempt_call(mutual_process, peer.context(certs, "client"))
    assert answered


def test_row_1_tls_1_2_is_refused_and_the_reason_is_logged(target):
    mark = len(target.process.log())
    context = peer.context(target.certs, version=ssl.TLSVersion.TLSv1_2)
    answered, local = attempt_call(target.process, context)
    assert not answered
    if REFERENCE:
        return
    line = eventually(lambda: logged_since(target.process, mark, f"{local[0]}:{local[1]}", "protocol"))
    assert line, target.process.log()[mark:]


@pytest.mark.parametrize("alpn", [("http/1.1",), ()], ids=["http/1.1", "nothing"])
def test_row_1_a_client_that_does_not_offer_h2_is_not_served(target, alpn):
    answered, _ = attempt_call(target.process, peer.context(target.certs, alpn=alpn))
    assert not answered


def test_row_1_plain_text_is_refused(target):
    with socket.create_connection((target.process.host, target.process.port), peer.ANSWER_LIMIT) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        plain.settimeout(peer.ANSWER_LIMIT)
        try:
            while plain.recv(4_096):
                pass
        except ConnectionError:
            pass


@pytest.mark.skipif(REFERENCE, reason="what OpenSSL offers by default is not grpcio's")
def test_row_1_early_data_is_refused(target, tmp_path):
    """s_client tries 0-RTT with a ticket, where one was given at all; either way the server must take none."""
    address = f"{target.process.host}:{target.process.port}"
    session, early = tmp_path / "session.pem", tmp_path / "early"
    early.write_bytes(peer.PREFACE)
    base = ["openssl", "s_client", "-connect", address, "-alpn", "h2", "-tls1_3",
            "-CAfile", str(target.certs / "ca.crt")]
    first = subprocess.run([*base, "-sess_out", str(session)], input=b"Q\n", capture_output=True, timeout=30)
    assert b"Verify return code: 0" in first.stdout or b"Verification: OK" in first.stdout
    if not session.exists():
        assert b"Max Early Data: 0" in first.stdout or b"Early data was not sent" in first.stdout
        return
    again = subprocess.run(
        [*base, "-sess_in", str(session), "-early_data", str(early)], input=b"Q\n", capture_output=True, timeout=30)
    assert b"Early data was accepted" not in again.stdout


# ── row 2 ──────────────────────────────────────────────────────────────────


@pytest.mark.skipif(REFERENCE, reason="grpcio waits for minutes")
def test_row_2_silence_is_closed_within_ten_seconds(target):
    address = (target.process.host, target.process.port)
    began = time.monotonic()
    silent = socket.create_connection(address)
    half = socket.create_connection(address)
    half.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")  # The beginning of a ClientHello.
    dripping = socket.create_connection(address)
    without_preface = target.peer(start=False)
    half_preface = target.peer(start=False)
    half_preface.send(peer.PREFACE[:10])
    waiting = {silent, half, dripping}
    try:
        for one in waiting:
            one.settimeout(0.25)
        hello = iter(b"\x16\x03\x01\x02\x00\x01" + bytes(500))
        while waiting and time.monotonic() - began < SILENCE_LIMIT + SILENCE_SLACK:
            for one in list(waiting):
                try:
                    if one is dripping:
                        one.send(bytes([next(hello)]))  # A byte a while is as good as silence.
                    if one.recv(100) == b"":
                        waiting.discard(one)
                except TimeoutError:
                    pass
                except ConnectionError:
                    waiting.discard(one)
        assert not waiting, f"{len(waiting)} connections are still open after {time.monotonic() - began:.1f} s"
        rest = SILENCE_LIMIT + SILENCE_SLACK - (time.monotonic() - began)
        assert without_preface.until_closed(max(0.1, rest))
        assert half_preface.until_closed(0.5)
        assert time.monotonic() - began > 2, "closed at once: a slow client could never connect"
    finally:
        for one in (silent, half, dripping):
            one.close()


def test_row_2_connections_from_one_address_have_a_limit(target):
    """Past 512 a connection is closed at once; those that stand go on, and when they end others may come."""
    target.memory_limit = 64 * 1024
    standing = target.peer()
    standing.good_call()
    address = (target.process.host, target.process.port)
    held, refused = [], 0
    try:
        for _ in range(CONNECTIONS_PER_ADDRESS + 40):
            held.append(socket.create_connection(address, peer.ANSWER_LIMIT))
        ended = select.poll()
        for one in held:
            ended.register(one, select.POLLIN | select.POLLHUP)
        refused = len(eventually(lambda: (lambda found: found if len(found) >= 40 else [])(ended.poll(0))) or [])
        standing.good_call()
    finally:
        for one in held:
            one.close()
    assert 40 <= refused <= 60, f"{refused} of {CONNECTIONS_PER_ADDRESS + 40} were refused"


# ── row 18 ─────────────────────────────────────────────────────────────────


def record_of_a_call() -> bytes:
    """What a client sends for one streamed call, as plain HTTP/2."""
    body = protos.StreamingOutputCallRequest(response_parameters=[
        protos.ResponseParameters(size=50_000), protos.ResponseParameters(size=10, interval_us=20_000)])
    return (peer.PREFACE + peer.settings_frame((peer.INITIAL_WINDOW_SIZE, peer.WINDOW))
            + peer.frame(peer.HEADERS, peer.END_HEADERS, 1, hpack.Encoder().encode(call_headers("FullDuplexCall")))
            + peer.frame(peer.DATA, 0, 1, message(body.SerializeToString()))
            + peer.frame(peer.DATA, peer.END_STREAM, 1, message(body.SerializeToString())))


def test_row_18_a_connection_cut_at_any_byte_leaves_nothing_behind(target):
    said = record_of_a_call()
    for cut in range(len(said)):
        connection = target.peer(start=False)
        connection.send(said[:cut])
        connection.flush()
        if cut % 2:
            connection.abort()
        target.close_peers()


def test_row_18_a_handshake_cut_at_any_byte_leaves_nothing_behind(target):
    hello, unused = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = peer.context(target.certs).wrap_bio(unused, hello, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    said = hello.read()
    for cut in range(0, len(said), 3):
        with socket.create_connection((target.process.host, target.process.port)) as raw:
            raw.sendall(said[:cut])


def test_row_18_calls_in_flight_end_with_their_connection(target):
    cpu = target.process.cpu_seconds()
    for _ in range(10):
        connection = target.peer()
        request = protos.StreamingOutputCallRequest(response_parameters=[
            protos.ResponseParameters(size=100, interval_us=1_000) for _ in range(8_000)])
        for _ in range(10):
            connection.call("StreamingOutputCall", request.SerializeToString())
        assert connection.until(lambda: len(connection.answers) >= 10, 5), "the calls did not begin"
        connection.abort()
    # A hundred handlers that went on would each wake a thousand times a second.
    with target.peer() as quiet:
        quiet.good_call()
        used = target.process.cpu_seconds()
        began = time.monotonic()
        quiet.until(lambda: False, 1.0)
        share = (target.process.cpu_seconds() - used) / (time.monotonic() - began)
    assert share < 0.2, f"{share:.0%} of a core is still used after every client has gone ({used - cpu:.2f} s before)"


# ── row 19 ─────────────────────────────────────────────────────────────────


def test_row_19_sigterm_lets_calls_in_flight_finish_and_ends_with_0(certs):
    with ServerProcess(certs, command=server_command()) as process:
        target = Target(process, certs)
        connection = target.peer()
        slow = protos.StreamingOutputCallRequest(response_parameters=[
            protos.ResponseParameters(size=10, interval_us=400_000) for _ in range(4)])
        streaming = connection.call("StreamingOutputCall", slow.SerializeToString())
        open_call = connection.headers(call_headers("StreamingInputCall"))
        idle = target.peer()
        idle.good_call()
        connection.until(lambda: len(connection.answer(streaming).messages()) >= 1)
        process.terminate()
        assert connection.until(lambda: connection.goaway), "no GOAWAY"
        assert connection.goaway[0][1] == peer.NO_ERROR
        if not REFERENCE:
            assert connection.goaway[0][0] == 0x7FFF_FFFF, "the first GOAWAY must not cut calls on their way"
        answer = connection.finished(streaming)
        assert answer.grpc_status == 0 and len(answer.messages()) == 4
        connection.data(open_call, message(b""), end=True)
        assert connection.finished(open_call).grpc_status == 0
        assert connection.goaway[-1][0] in (open_call, 0x7FFF_FFFF)
        with pytest.raises(OSError):
            eventually(lambda: socket.create_connection((process.host, process.port), 1).close(), 3)
        idle.until_closed()
        connection.until_closed()
        target.close_peers()
        assert process.wait(peer.ANSWER_LIMIT) == 0, process.log()[-2000:]


def test_row_19_a_server_without_calls_ends_at_once(certs):
    with ServerProcess(certs, command=server_command()) as process:
        target = Target(process, certs)
        idle = target.peer()
        idle.good_call()
        began = time.monotonic()
        process.terminate()
        assert idle.until_closed()
        assert process.wait(peer.ANSWER_LIMIT) == 0
        assert time.monotonic() - began < 5


def test_row_19_a_peer_that_does_not_answer_holds_the_end_up_for_the_grace_only(certs):
    with ServerProcess(certs, command=server_command()) as process:
        target = Target(process, certs)
        target.peer().good_call()  # Nobody reads this connection any more.
        process.terminate()
        assert process.wait(GRACE_LIMIT) == 0
        target.close_peers()


# ── row 20 ─────────────────────────────────────────────────────────────────


def serial_seen(process, certs) -> int:
    with Peer((process.host, process.port), peer.context(certs)) as connection:
        connection.good_call()
        return int(connection.tls.getpeercert()["serialNumber"], 16)


def serial_of(path) -> int:
    out = subprocess.run(["openssl", "x509", "-in", str(path), "-noout", "-serial"], capture_output=True, check=True)
    return int(out.stdout.split(b"=")[1], 16)


def replace(directory, name: str, content: bytes):
    """As operators do it: written beside, then moved over."""
    beside = directory / (name + ".new")
    beside.write_bytes(content)
    os.replace(beside, directory / name)


@pytest.mark.skipif(REFERENCE, reason="grpcio reads its files once")
def test_row_20_a_replaced_certificate_serves_new_handshakes_and_a_broken_one_is_refused(certs, tmp_path):
    live = tmp_path / "live"
    live.mkdir()
    for name in ("server.crt", "server.key", "ca.crt"):
        shutil.copy(certs / name, live / name)
    old, new = serial_of(certs / "server.crt"), serial_of(certs / "server-next.crt")
    with ServerProcess(live) as process:
        assert serial_seen(process, certs) == old
        with Peer((process.host, process.port), peer.context(certs)) as standing:
            standing.good_call()
            replace(live, "server.crt", (certs / "server-next.crt").read_bytes())
            replace(live, "server.key", (certs / "server-next.key").read_bytes())
            assert eventually(lambda: serial_seen(process, certs) == new, peer.ANSWER_LIMIT)
            standing.good_call()  # Connections that stand go on.
            for broken, what in (
                    ("server.crt", b"-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n"),
                    ("server.key", (certs / "client.key").read_bytes()),
                    ("server.crt", b"")):
                mark = len(process.log())
                good = (live / broken).read_bytes()
                replace(live, broken, what)
                said = eventually(
                    lambda: serial_seen(process, certs) == new and logged_since(process, mark, "certificate"),
                    peer.ANSWER_LIMIT)
                assert said, f"nothing in the log about a broken {broken}:\n{process.log()[mark:]}"
                assert " error" in said.lower() or " warn" in said.lower() or " critical" in said.lower(), said
                replace(live, broken, good)
            (live / "server.crt").unlink()
            assert serial_seen(process, certs) == new


# ── what the server asks of silent and old connections ─────────────────────


@pytest.mark.skipif(REFERENCE, reason="grpcio has other settings")
def test_a_peer_that_gives_no_sign_of_life_is_let_go_and_one_that_does_stays(certs):
    options = ["--keepalive-after", "0.1", "--keepalive-timeout", "1"]
    with ServerProcess(certs, extra=options) as process:
        address, tls = (process.host, process.port), peer.context(certs)
        with Peer(address, tls) as dead, Peer(address, tls) as living:
            dead.answer_pings = False
            for connection in (dead, living):
                connection.until(lambda: connection.server_settings)

            def both():
                living.until(lambda: False, 0.01)
                dead.until(lambda: dead.closed, 0.05)
                return dead.closed

            assert eventually(both, 10), "a peer that answers no PING is still connected"
            assert not living.closed
            assert any(frame.type == peer.PING for frame in living.frames)
            living.good_call()
            assert "no sign of life" in process.log()


@pytest.mark.skipif(REFERENCE, reason="grpcio logs elsewhere")
def test_a_handshake_that_the_peer_breaks_off_is_logged_with_its_address(target):
    mark = len(target.process.log())
    with socket.create_connection((target.process.host, target.process.port), peer.ANSWER_LIMIT) as broken:
        local = broken.getsockname()
        broken.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")  # The beginning of a ClientHello.
    line = eventually(lambda: logged_since(
        target.process, mark, f"{local[0]}:{local[1]}", "handshake failed", "before the handshake was complete"))
    assert line, target.process.log()[mark:]
    # Who only looks whether the port is open is no failure.
    with socket.create_connection((target.process.host, target.process.port), peer.ANSWER_LIMIT) as probe:
        local = probe.getsockname()
    target.peer().good_call()
    assert logged_since(target.process, mark, f"{local[0]}:{local[1]}") is None
