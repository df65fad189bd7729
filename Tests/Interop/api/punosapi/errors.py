"""What a refused call says, unpacked."""

import contextlib

import grpc
import pytest


class Refusal:
    code = None
    message = ""
    reason = ""
    metadata = {}
    fields = {}
    resource = ""

    def read(self, error: grpc.RpcError):
        from google.rpc import error_details_pb2, status_pb2
        self.code = error.code()
        self.message = error.details()
        packed = dict(error.trailing_metadata() or []).get("grpc-status-details-bin")
        if packed is None:
            return
        status = status_pb2.Status()
        status.ParseFromString(packed)
        for detail in status.details:
            for kind in (error_details_pb2.ErrorInfo, error_details_pb2.BadRequest, error_details_pb2.ResourceInfo):
                if detail.Is(kind.DESCRIPTOR):
                    message = kind()
                    detail.Unpack(message)
                    self.take(message, error_details_pb2)

    def take(self, message, kinds):
        if isinstance(message, kinds.ErrorInfo):
            assert message.domain == "punos"
            self.reason, self.metadata = message.reason, dict(message.metadata)
        elif isinstance(message, kinds.BadRequest):
            self.fields = {violation.field: violation for violation in message.field_violations}
        else:
            self.resource = message.resource_name


@contextlib.contextmanager
def refused(code: grpc.StatusCode):
    refusal = Refusal()
    with pytest.raises(grpc.RpcError) as caught:
        yield refusal
    refusal.read(caught.value)
    assert refusal.code == code, f"{refusal.code}: {refusal.message}"
