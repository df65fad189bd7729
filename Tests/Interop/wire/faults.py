"""What every fault test shares: a server of its own, and the look at it afterwards."""

import pytest

from conftest import server_command
from punoswire import peer, protos
from punoswire.peer import Peer
from punoswire.processes import ServerProcess, eventually

MIB = 1024
# What one hostile connection may add to the server's memory, KiB, above what it held before.
MEMORY_LIMIT = 24 * MIB
# Descriptors of ended connections must be gone this soon, seconds.
SETTLE_LIMIT = 5.0


class Target:
    """The attacked server, and connections to it."""

    def __init__(self, process: ServerProcess, certs, client=None):
        self.process = process
        self.certs = certs
        self.client = client
        self.peers = []
        self.memory_limit = MEMORY_LIMIT

    def peer(self, **options) -> Peer:
        made = Peer((self.process.host, self.process.port), peer.context(self.certs, self.client), **options)
        self.peers.append(made)
        return made

    def close_peers(self):
        for made in self.peers:
            made.close()
        self.peers.clear()

    def warm_up(self):
        """Brings the server to the memory that ordinary use needs, so that a test measures only the fault."""
        with Peer((self.process.host, self.process.port), peer.context(self.certs, self.client)) as warm:
            for size in (10, 1 << 20, 3 << 20):
                warm.good_call(size)
            big = protos.SimpleRequest(response_size=1, payload=protos.payload(3 << 20)).SerializeToString()
            stream = warm.headers(peer.call_headers())
            # Within what the connection's window takes at a time the server reads on and returns credit.
            body = peer.message(big)
            send_with_credit(warm, stream, body)
            assert warm.finished(stream).grpc_status == 0


def send_with_credit(connection: Peer, stream: int, body: bytes, end: bool = True):
    """Sends a body as the server's flow control allows, connection and stream window alike."""
    connection.until(lambda: connection.server_settings)
    initial = connection.server_settings.get(peer.INITIAL_WINDOW_SIZE, peer.DEFAULT_WINDOW)
    sent = 0

    def room():
        of_stream = initial + connection.credit.get(stream, 0) - sent
        of_connection = peer.DEFAULT_WINDOW + connection.credit.get(0, 0) - connection.data_sent
        return max(0, min(of_stream, of_connection))

    while sent < len(body):
        answer = connection.answer(stream)
        taken = connection.until(lambda: room() or answer.ended or answer.reset is not None)
        if not taken or connection.closed or answer.ended or answer.reset is not None:
            return
        part = body[sent:sent + min(room(), 16_384)]
        sent += len(part)
        connection.data_sent += len(part)
        connection.send(peer.frame(
            peer.DATA, peer.END_STREAM if end and sent == len(body) else 0, stream, part))
    connection.flush()


@pytest.fixture(scope="session")
def fault_process(certs):
    with ServerProcess(certs, command=server_command()) as process:
        Target(process, certs).warm_up()
        yield process


@pytest.fixture
def target(fault_process, certs):
    """The server that all fault tests share, watched around this one."""
    yield from watched(fault_process, certs)


@pytest.fixture
def fresh_target(certs):
    """A server of the test's own: memory that an earlier test left free would hide what this one takes."""
    with ServerProcess(certs, command=server_command()) as process:
        Target(process, certs).warm_up()
        yield from watched(process, certs)


def watched(process: ServerProcess, certs):
    """Watches the server around a test: it lives, serves, holds no more memory and no descriptor more."""
    made = Target(process, certs)
    before_descriptors = process.descriptors()
    before_memory = process.resident_kib()
    process.forget_peak()
    yield made
    peak = process.peak_kib()
    made.close_peers()
    assert process.alive(), f"the server ended with {process.process.returncode}:\n{process.log()[-4000:]}"
    growth = peak - before_memory
    assert growth <= made.memory_limit, f"memory rose by {growth} KiB (peak {peak} KiB)"
    with Peer((process.host, process.port), peer.context(certs)) as good:
        good.good_call()
    settled = eventually(lambda: process.descriptors() <= before_descriptors, SETTLE_LIMIT)
    assert settled, f"{process.descriptors()} descriptors open, {before_descriptors} before"
