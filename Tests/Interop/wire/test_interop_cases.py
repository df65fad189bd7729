"""Stock grpcio as the client of our server: the public specification's fourteen cases, over TLS and mutual TLS."""

import grpc
import pytest

from conftest import REFERENCE, server_command
from punoswire import cases, protos
from punoswire.processes import ServerProcess, reference_command

MESSAGE_LIMIT = 4 << 20
named = pytest.mark.parametrize("case", cases.ALL, ids=lambda case: case.__name__)


@named
def test_grpcio_passes_over_tls(server, connect, case):
    case(connect(server))


@named
def test_grpcio_passes_over_mutual_tls(mutual_server, connect, case):
    case(connect(mutual_server, client="client"))


def test_the_cases_find_a_server_that_answers_wrongly(certs, connect):
    """What never fails proves nothing: each case but the two that only cancel must fail here."""
    blind = {"cancel_after_begin", "timeout_on_sleeping_server"}
    with ServerProcess(certs, command=reference_command("--wrong")) as wrong:
        stub = connect(wrong)
        passed = set()
        for case in cases.ALL:
            try:
                case(stub)
                passed.add(case.__name__)
            except (AssertionError, grpc.RpcError):
                pass
    assert passed == blind


def test_half_duplex_answers_after_the_last_request(server, connect):
    requests = cases.Requests()
    answers = connect(server).half_duplex(iter(requests), timeout=cases.CASE_LIMIT)
    for size in cases.RESPONSE_SIZES:
        requests.send(cases.output_request(size))
    requests.end()
    assert [len(answer.payload.body) for answer in answers] == cases.RESPONSE_SIZES


def test_gzip_requests_are_read(server, connect):
    stub = connect(server)
    request = protos.SimpleRequest(
        response_size=cases.LARGE_RESPONSE, payload=protos.payload(cases.LARGE_REQUEST),
        expect_compressed=protos.BoolValue(value=True))
    answer = stub.unary(request, compression=grpc.Compression.Gzip, timeout=cases.CASE_LIMIT)
    assert len(answer.payload.body) == cases.LARGE_RESPONSE
    # grpcio leaves a message as it is where compressing would make it longer: so with the one of eight bytes.
    streamed = [protos.StreamingInputCallRequest(
        payload=protos.payload(size), expect_compressed=protos.BoolValue(value=size > 100))
        for size in cases.REQUEST_SIZES]
    total = stub.input(iter(streamed), compression=grpc.Compression.Gzip, timeout=cases.CASE_LIMIT)
    assert total.aggregated_payload_size == sum(cases.REQUEST_SIZES)


@pytest.mark.skipif(REFERENCE, reason="grpcio's server does not see whether a request was compressed")
def test_a_request_that_should_have_been_compressed_is_refused(server, connect):
    request = protos.SimpleRequest(payload=protos.payload(1_000), expect_compressed=protos.BoolValue(value=True))
    cases.refused(
        lambda: connect(server).unary(request, timeout=cases.CASE_LIMIT), grpc.StatusCode.INVALID_ARGUMENT)


def test_gzip_answers_are_read_by_grpcio(server, connect):
    stub = connect(server)
    answer = stub.unary(
        protos.SimpleRequest(response_size=cases.LARGE_RESPONSE, response_compressed=protos.BoolValue(value=True)),
        timeout=cases.CASE_LIMIT)
    assert answer.payload.body == bytes(cases.LARGE_RESPONSE)
    request = protos.StreamingOutputCallRequest(response_parameters=[
        protos.ResponseParameters(size=size, compressed=protos.BoolValue(value=index % 2 == 0))
        for index, size in enumerate(cases.RESPONSE_SIZES)])
    sizes = [len(part.payload.body) for part in stub.output(request, timeout=cases.CASE_LIMIT)]
    assert sizes == cases.RESPONSE_SIZES


def test_messages_of_four_mebibytes_pass_and_larger_ones_are_refused(server, connect):
    stub = connect(server)

    def request_of(total: int):
        """A request whose encoded length is exactly `total` bytes."""
        request = protos.SimpleRequest(payload=protos.payload(total))
        request.payload.body = bytes(total - (request.ByteSize() - total))
        assert request.ByteSize() == total
        return request

    assert stub.unary(request_of(MESSAGE_LIMIT), timeout=cases.CASE_LIMIT).payload.body == b""
    cases.refused(
        lambda: stub.unary(request_of(MESSAGE_LIMIT + 1), timeout=cases.CASE_LIMIT),
        grpc.StatusCode.RESOURCE_EXHAUSTED)
    answer = stub.unary(protos.SimpleRequest(response_size=MESSAGE_LIMIT - 64), timeout=cases.CASE_LIMIT)
    assert len(answer.payload.body) == MESSAGE_LIMIT - 64
    up_and_down = [protos.StreamingOutputCallRequest(
        response_parameters=[protos.ResponseParameters(size=MESSAGE_LIMIT - 64)],
        payload=protos.payload(MESSAGE_LIMIT - 64)) for _ in range(3)]
    sizes = [len(part.payload.body) for part in stub.duplex(iter(up_and_down), timeout=cases.CASE_LIMIT)]
    assert sizes == [MESSAGE_LIMIT - 64] * 3
