"""The messages of grpc.testing, read from proto/ at run time: no generated Python lies about to go stale."""

import os
import pathlib
import tempfile

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from grpc_tools import protoc

ROOT = pathlib.Path(__file__).resolve().parents[4]
SERVICE = "grpc.testing.TestService"


def _load() -> dict:
    """Compiles proto/grpc/testing/*.proto and returns the message classes by their short name."""
    base = pathlib.Path(os.environ.get("PUNOS_INTEROP_PROTO", ROOT / "proto"))
    files = sorted(str(path.relative_to(base)) for path in (base / "grpc/testing").glob("*.proto"))
    if not files:
        raise RuntimeError(f"no grpc/testing/*.proto under {base}")
    with tempfile.NamedTemporaryFile(suffix=".binpb") as out:
        code = protoc.main(
            ["protoc", f"-I{base}", "--include_imports", f"--descriptor_set_out={out.name}", *files])
        if code != 0:
            raise RuntimeError(f"protoc failed with {code} on {files}")
        described = descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(out.name).read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in described.file:
        pool.Add(file)
    found = {}
    for file in described.file:
        if file.package == "grpc.testing":
            for message in file.message_type:
                full = pool.FindMessageTypeByName(f"grpc.testing.{message.name}")
                found[message.name] = message_factory.GetMessageClass(full)
    return found


_MESSAGES = _load()
Empty = _MESSAGES["Empty"]
BoolValue = _MESSAGES["BoolValue"]
Payload = _MESSAGES["Payload"]
EchoStatus = _MESSAGES["EchoStatus"]
SimpleRequest = _MESSAGES["SimpleRequest"]
SimpleResponse = _MESSAGES["SimpleResponse"]
StreamingInputCallRequest = _MESSAGES["StreamingInputCallRequest"]
StreamingInputCallResponse = _MESSAGES["StreamingInputCallResponse"]
ResponseParameters = _MESSAGES["ResponseParameters"]
StreamingOutputCallRequest = _MESSAGES["StreamingOutputCallRequest"]
StreamingOutputCallResponse = _MESSAGES["StreamingOutputCallResponse"]


def payload(size: int):
    """A payload of `size` zero bytes, as the interop specification sends them."""
    return Payload(body=bytes(size))


class Stub:
    """The methods of TestService on a grpcio channel, plus two that no server offers."""

    def __init__(self, channel):
        def method(kind, name, request, response, service=SERVICE):
            return getattr(channel, kind)(
                f"/{service}/{name}",
                request_serializer=request.SerializeToString,
                response_deserializer=response.FromString)

        self.empty = method("unary_unary", "EmptyCall", Empty, Empty)
        self.unary = method("unary_unary", "UnaryCall", SimpleRequest, SimpleResponse)
        self.cacheable = method("unary_unary", "CacheableUnaryCall", SimpleRequest, SimpleResponse)
        self.output = method(
            "unary_stream", "StreamingOutputCall", StreamingOutputCallRequest, StreamingOutputCallResponse)
        self.input = method(
            "stream_unary", "StreamingInputCall", StreamingInputCallRequest, StreamingInputCallResponse)
        self.duplex = method(
            "stream_stream", "FullDuplexCall", StreamingOutputCallRequest, StreamingOutputCallResponse)
        self.half_duplex = method(
            "stream_stream", "HalfDuplexCall", StreamingOutputCallRequest, StreamingOutputCallResponse)
        self.unimplemented = method("unary_unary", "UnimplementedCall", Empty, Empty)
        self.unimplemented_service = method(
            "unary_unary", "UnimplementedCall", Empty, Empty, "grpc.testing.UnimplementedService")
