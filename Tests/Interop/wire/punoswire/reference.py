#!/usr/bin/env python3
"""grpc.testing.TestService on grpcio: what our client is tested against, and what the tests are tested with.

Same command line as punos-interop. With `--wrong` every answer is off in some way, so that a client which
checks nothing is found out.
"""

import argparse
import os
import pathlib
import signal
import sys
import threading
from concurrent import futures

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import grpc  # noqa: E402

from punoswire import protos  # noqa: E402

ECHO_INITIAL = "x-grpc-test-echo-initial"
ECHO_TRAILING = "x-grpc-test-echo-trailing-bin"
# Calls that may be inside a handler at a time; above the hundred streams that a client opens.
WORKERS = 128
MESSAGE_LIMIT = 4 << 20


class TestService(grpc.GenericRpcHandler):
    def __init__(self, wrong: bool):
        self.wrong = wrong
        make = {
            "EmptyCall": (grpc.unary_unary_rpc_method_handler, self.empty, protos.Empty),
            "UnaryCall": (grpc.unary_unary_rpc_method_handler, self.unary, protos.SimpleRequest),
            "CacheableUnaryCall": (grpc.unary_unary_rpc_method_handler, self.unary, protos.SimpleRequest),
            "StreamingOutputCall": (
                grpc.unary_stream_rpc_method_handler, self.output, protos.StreamingOutputCallRequest),
            "StreamingInputCall": (
                grpc.stream_unary_rpc_method_handler, self.input, protos.StreamingInputCallRequest),
            "FullDuplexCall": (
                grpc.stream_stream_rpc_method_handler, self.duplex, protos.StreamingOutputCallRequest),
            "HalfDuplexCall": (
                grpc.stream_stream_rpc_method_handler, self.half_duplex, protos.StreamingOutputCallRequest),
        }
        self.handlers = {
            f"/{protos.SERVICE}/{name}": kind(
                handler, request_deserializer=request.FromString,
                response_serializer=lambda message: message.SerializeToString())
            for name, (kind, handler, request) in make.items()}

    def service(self, details):
        return self.handlers.get(details.method)

    def begin(self, context):
        """Echoes metadata; in wrong mode it leaves that out."""
        if self.wrong:
            return
        for name, value in context.invocation_metadata():
            if name == ECHO_INITIAL:
                context.send_initial_metadata(((name, value),))
            elif name == ECHO_TRAILING:
                context.set_trailing_metadata(((name, value),))

    def status(self, request, context):
        if request.HasField("response_status") and request.response_status.code != 0:
            if self.wrong:
                context.abort(grpc.StatusCode.DATA_LOSS, "wrong on purpose")
            codes = {code.value[0]: code for code in grpc.StatusCode}
            context.abort(codes[request.response_status.code], request.response_status.message)

    def body(self, size: int):
        return protos.payload(size + 1 if self.wrong else size)

    def empty(self, request, context):
        self.begin(context)
        if self.wrong:
            context.abort(grpc.StatusCode.UNAVAILABLE, "wrong on purpose")
        return protos.Empty()

    def unary(self, request, context):
        self.begin(context)
        if request.response_compressed.value:
            context.set_compression(grpc.Compression.Gzip)
        self.status(request, context)
        return protos.SimpleResponse(payload=self.body(request.response_size))

    def stream(self, request, context):
        self.status(request, context)
        for parameters in request.response_parameters:
            if parameters.interval_us > 0:
                threading.Event().wait(parameters.interval_us / 1e6)
            if not context.is_active():
                return
            yield protos.StreamingOutputCallResponse(payload=self.body(parameters.size))

    def output(self, request, context):
        self.begin(context)
        if any(parameters.compressed.value for parameters in request.response_parameters):
            context.set_compression(grpc.Compression.Gzip)
        yield from self.stream(request, context)

    def input(self, requests, context):
        self.begin(context)
        total = sum(len(request.payload.body) for request in requests)
        return protos.StreamingInputCallResponse(aggregated_payload_size=total + 1 if self.wrong else total)

    def duplex(self, requests, context):
        self.begin(context)
        if self.wrong:
            yield protos.StreamingOutputCallResponse(payload=protos.payload(3))
        for request in requests:
            yield from self.stream(request, context)

    def half_duplex(self, requests, context):
        self.begin(context)
        for request in list(requests):
            yield from self.stream(request, context)


class UnimplementedIsWrong(grpc.GenericRpcHandler):
    """In wrong mode also what nobody serves is served."""

    def service(self, details):
        return grpc.unary_unary_rpc_method_handler(lambda request, context: b"")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--listen", required=True)
    parser.add_argument("--cert", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--client-ca")
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    read = lambda path: pathlib.Path(path).read_bytes()  # noqa: E731
    credentials = grpc.ssl_server_credentials(
        [(read(options.key), read(options.cert))],
        root_certificates=read(options.client_ca) if options.client_ca else None,
        require_client_auth=bool(options.client_ca))
    server = grpc.server(
        futures.ThreadPoolExecutor(WORKERS),
        handlers=[TestService(options.wrong)] + ([UnimplementedIsWrong()] if options.wrong else []),
        options=[("grpc.max_receive_message_length", MESSAGE_LIMIT),
                 ("grpc.so_reuseport", 0)])
    port = server.add_secure_port(options.listen, credentials)
    server.start()
    host = options.listen.rpartition(":")[0]
    print(f"listening on {host}:{port}", flush=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    signal.sigwait([signal.SIGTERM])
    server.stop(5).wait()
    os._exit(0)  # Handlers that sleep in their threads would hold the interpreter back.


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    main()
