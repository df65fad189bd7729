"""Many calls at once, cancelled at once, late all at once: on one connection of stock grpcio."""

import os
import random
import threading
import time

import grpc
import pytest

from conftest import REFERENCE
from punoswire import cases, certificates, protos
from punoswire.cases import Requests, output_request
from punoswire.processes import eventually
from punoswire.protos import Stub

CALLS = 1_000
# Printed with a failure; PUNOS_WIRE_SEED repeats a run.
SEED = int(os.environ.get("PUNOS_WIRE_SEED", random.randrange(1 << 32)))


def codes_of(futures) -> dict:
    """How many calls ended with which status, after all have ended."""
    counted = {}
    for future in futures:
        try:
            future.result(timeout=cases.CASE_LIMIT)
            code = grpc.StatusCode.OK
        except grpc.FutureCancelledError:
            code = grpc.StatusCode.CANCELLED
        except grpc.RpcError as error:
            code = error.code()
        counted[code] = counted.get(code, 0) + 1
    return counted


def test_a_thousand_concurrent_calls_on_one_connection_all_get_their_own_answer(server, connect):
    stub = connect(server)
    before = server.descriptors()
    stub.empty(protos.Empty(), timeout=cases.CASE_LIMIT)
    with_connection = server.descriptors()
    futures = [stub.unary.future(protos.SimpleRequest(response_size=size), timeout=cases.CASE_LIMIT)
               for size in range(CALLS)]
    for size, future in enumerate(futures):
        assert len(future.result(timeout=cases.CASE_LIMIT).payload.body) == size
    assert with_connection - before <= 1
    assert server.descriptors() == with_connection, "more than one connection was used"


def test_a_hundred_streams_run_at_the_same_time(server, connect):
    """All hundred are open before the first is served: no stream waits for another to end."""
    stub = connect(server)
    streams = []
    for _ in range(100):
        requests = Requests()
        streams.append((requests, stub.duplex(iter(requests), timeout=cases.CASE_LIMIT)))
    for size in (10, 20_000, 3):
        for requests, _ in streams:
            requests.send(output_request(size))
        for _, answers in streams:
            assert len(next(answers).payload.body) == size
    for requests, answers in streams:
        requests.end()
        assert list(answers) == []


def test_a_storm_of_cancels_leaves_a_server_that_serves(server, connect):
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    stub = connect(server)
    stub.empty(protos.Empty(), timeout=cases.CASE_LIMIT)
    server.forget_peak()
    memory = server.resident_kib()
    for _ in range(5):
        futures, streams = [], []
        for _ in range(200):
            futures.append(stub.unary.future(
                protos.SimpleRequest(response_size=chance.randrange(200_000)), timeout=cases.CASE_LIMIT))
            if chance.random() < 0.3:
                streams.append(stub.output(protos.StreamingOutputCallRequest(response_parameters=[
                    protos.ResponseParameters(size=5_000, interval_us=chance.randrange(20_000))
                    for _ in range(20)]), timeout=cases.CASE_LIMIT))
        for stream in streams:
            if chance.random() < 0.5:
                next(stream)
            stream.cancel()
        chance.shuffle(futures)
        for future in futures[::2]:
            future.cancel()
        counted = codes_of(futures)
        assert set(counted) <= {grpc.StatusCode.OK, grpc.StatusCode.CANCELLED}, counted
        assert counted.get(grpc.StatusCode.OK, 0) >= 100, counted
    stub.empty(protos.Empty(), timeout=cases.CASE_LIMIT)
    growth = server.peak_kib() - memory
    assert growth < 64 * 1024, f"{growth} KiB"


def test_a_storm_of_deadlines_ends_every_call_in_time(server, connect):
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    stub = connect(server)
    stub.empty(protos.Empty(), timeout=cases.CASE_LIMIT)
    began = time.monotonic()
    results = []

    def run():
        for _ in range(15):
            request = protos.StreamingOutputCallRequest(response_parameters=[
                protos.ResponseParameters(size=10, interval_us=10_000_000)])
            try:
                list(stub.output(request, timeout=chance.uniform(0.001, 0.1)))
                results.append(grpc.StatusCode.OK)
            except grpc.RpcError as error:
                results.append(error.code())

    threads = [threading.Thread(target=run) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(cases.CASE_LIMIT)
    assert results == [grpc.StatusCode.DEADLINE_EXCEEDED] * 600
    assert time.monotonic() - began < 20
    stub.empty(protos.Empty(), timeout=cases.CASE_LIMIT)


@pytest.mark.skipif(REFERENCE, reason="grpcio's handlers sleep in threads")
def test_after_the_storms_nothing_goes_on(server, connect):
    """Handlers whose calls were cancelled or late must have stopped: an idle server uses no processor."""
    connect(server).empty(protos.Empty(), timeout=cases.CASE_LIMIT)

    def quiet():
        used = server.cpu_seconds()
        threading.Event().wait(0.25)
        return server.cpu_seconds() - used <= 0.02

    assert eventually(quiet, 10)


def test_connections_that_went_leave_no_descriptor(server, certs):
    before = server.descriptors()
    for _ in range(60):
        with grpc.secure_channel(
                server.target, certificates.channel_credentials(certs),
                options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
            Stub(channel).empty(protos.Empty(), timeout=cases.CASE_LIMIT)
    assert eventually(lambda: server.descriptors() <= before), f"{server.descriptors()} open, {before} before"
