"""The fourteen cases of the public gRPC interop specification, with grpcio as the client."""

import queue

import grpc

from . import protos
from .protos import Stub, payload

# No case takes longer than this, seconds, on the busiest machine; a call that hangs must not hang the run.
CASE_LIMIT = 30.0
REQUEST_SIZES = [27_182, 8, 1_828, 45_904]
RESPONSE_SIZES = [31_415, 9, 2_653, 58_979]
LARGE_REQUEST = 271_828
LARGE_RESPONSE = 314_159
ECHO_INITIAL = "x-grpc-test-echo-initial"
ECHO_TRAILING = "x-grpc-test-echo-trailing-bin"
ECHO_METADATA = ((ECHO_INITIAL, "test_initial_metadata_value"), (ECHO_TRAILING, b"\xab\xab\xab"))
# Tabs, line breaks and a character outside the basic plane must survive the percent-encoding.
SPECIAL_MESSAGE = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"


class Requests:
    """A request stream fed by hand; `None` ends it."""

    def __init__(self):
        self.queue = queue.Queue()

    def send(self, request):
        self.queue.put(request)

    def end(self):
        self.queue.put(None)

    def __iter__(self):
        return iter(self.queue.get, None)


def output_request(*sizes: int, body: int = 0, **fields):
    return protos.StreamingOutputCallRequest(
        response_parameters=[protos.ResponseParameters(size=size) for size in sizes],
        payload=payload(body), **fields)


def refused(call, code: grpc.StatusCode) -> grpc.RpcError:
    """Runs `call` and expects that it ends with `code`."""
    try:
        call()
    except grpc.RpcError as error:
        assert error.code() == code, f"expected {code}, got {error.code()}: {error.details()}"
        return error
    raise AssertionError(f"expected {code}, but the call succeeded")


def empty_unary(stub: Stub):
    assert stub.empty(protos.Empty(), timeout=CASE_LIMIT) == protos.Empty()


def large_unary(stub: Stub):
    answer = stub.unary(
        protos.SimpleRequest(response_size=LARGE_RESPONSE, payload=payload(LARGE_REQUEST)), timeout=CASE_LIMIT)
    assert answer.payload.body == bytes(LARGE_RESPONSE)


def client_streaming(stub: Stub):
    answer = stub.input(
        (protos.StreamingInputCallRequest(payload=payload(size)) for size in REQUEST_SIZES), timeout=CASE_LIMIT)
    assert answer.aggregated_payload_size == sum(REQUEST_SIZES)


def server_streaming(stub: Stub):
    answers = stub.output(output_request(*RESPONSE_SIZES), timeout=CASE_LIMIT)
    assert [len(answer.payload.body) for answer in answers] == RESPONSE_SIZES


def ping_pong(stub: Stub):
    requests = Requests()
    answers = stub.duplex(iter(requests), timeout=CASE_LIMIT)
    for up, down in zip(REQUEST_SIZES, RESPONSE_SIZES):
        requests.send(output_request(down, body=up))
        assert len(next(answers).payload.body) == down
    requests.end()
    assert list(answers) == []
    assert answers.code() == grpc.StatusCode.OK


def empty_stream(stub: Stub):
    answers = stub.duplex(iter([]), timeout=CASE_LIMIT)
    assert list(answers) == []
    assert answers.code() == grpc.StatusCode.OK


def cancel_after_begin(stub: Stub):
    requests = Requests()
    call = stub.input.future(iter(requests), timeout=CASE_LIMIT)
    call.cancel()
    assert call.cancelled()
    requests.end()


def cancel_after_first_response(stub: Stub):
    requests = Requests()
    answers = stub.duplex(iter(requests), timeout=CASE_LIMIT)
    requests.send(output_request(RESPONSE_SIZES[0], body=REQUEST_SIZES[0]))
    assert len(next(answers).payload.body) == RESPONSE_SIZES[0]
    answers.cancel()
    refused(lambda: next(answers), grpc.StatusCode.CANCELLED)
    requests.end()


def timeout_on_sleeping_server(stub: Stub):
    requests = Requests()
    requests.send(protos.StreamingOutputCallRequest(
        response_parameters=[protos.ResponseParameters(size=31_415, interval_us=5_000_000)],
        payload=payload(REQUEST_SIZES[0])))
    answers = stub.duplex(iter(requests), timeout=0.001)
    refused(lambda: list(answers), grpc.StatusCode.DEADLINE_EXCEEDED)
    requests.end()


def status_code_and_message(stub: Stub):
    status = protos.EchoStatus(code=2, message="test status message")
    error = refused(
        lambda: stub.unary(protos.SimpleRequest(response_status=status), timeout=CASE_LIMIT),
        grpc.StatusCode.UNKNOWN)
    assert error.details() == status.message
    answers = stub.duplex(iter([output_request(response_status=status)]), timeout=CASE_LIMIT)
    error = refused(lambda: list(answers), grpc.StatusCode.UNKNOWN)
    assert error.details() == status.message


def special_status_message(stub: Stub):
    status = protos.EchoStatus(code=2, message=SPECIAL_MESSAGE)
    error = refused(
        lambda: stub.unary(protos.SimpleRequest(response_status=status), timeout=CASE_LIMIT),
        grpc.StatusCode.UNKNOWN)
    assert error.details() == SPECIAL_MESSAGE


def unimplemented_method(stub: Stub):
    refused(lambda: stub.unimplemented(protos.Empty(), timeout=CASE_LIMIT), grpc.StatusCode.UNIMPLEMENTED)


def unimplemented_service(stub: Stub):
    refused(lambda: stub.unimplemented_service(protos.Empty(), timeout=CASE_LIMIT), grpc.StatusCode.UNIMPLEMENTED)


def custom_metadata(stub: Stub):
    _, call = stub.unary.with_call(
        protos.SimpleRequest(response_size=LARGE_RESPONSE, payload=payload(LARGE_REQUEST)),
        metadata=ECHO_METADATA, timeout=CASE_LIMIT)
    _check_echo(call)
    answers = stub.duplex(
        iter([output_request(LARGE_RESPONSE, body=LARGE_REQUEST)]), metadata=ECHO_METADATA, timeout=CASE_LIMIT)
    assert [len(answer.payload.body) for answer in answers] == [LARGE_RESPONSE]
    _check_echo(answers)


def _check_echo(call):
    initial = dict(call.initial_metadata())
    trailing = dict(call.trailing_metadata())
    assert initial.get(ECHO_INITIAL) == "test_initial_metadata_value", initial
    assert trailing.get(ECHO_TRAILING) == b"\xab\xab\xab", trailing


ALL = [
    empty_unary, large_unary, client_streaming, server_streaming, ping_pong, empty_stream, cancel_after_begin,
    cancel_after_first_response, timeout_on_sleeping_server, status_code_and_message, special_status_message,
    unimplemented_method, unimplemented_service, custom_metadata,
]
