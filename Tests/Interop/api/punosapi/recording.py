"""Notes which methods of the API a test run has called."""

import pathlib

import grpc

CALLED = set()


class _Method:
    """A method of a stub that notes every call of it."""

    def __init__(self, method, name):
        self._method, self._name = method, name

    def __call__(self, *arguments, **named):
        CALLED.add(self._name)
        return self._method(*arguments, **named)

    def __getattr__(self, attribute):
        CALLED.add(self._name)
        return getattr(self._method, attribute)


class RecordingChannel(grpc.Channel):
    """A channel whose calls are noted in CALLED, each as /package.Service/Method."""

    def __init__(self, channel):
        self._channel = channel

    def unary_unary(self, method, *arguments, **named):
        return _Method(self._channel.unary_unary(method, *arguments, **named), method)

    def unary_stream(self, method, *arguments, **named):
        return _Method(self._channel.unary_stream(method, *arguments, **named), method)

    def stream_unary(self, method, *arguments, **named):
        return _Method(self._channel.stream_unary(method, *arguments, **named), method)

    def stream_stream(self, method, *arguments, **named):
        return _Method(self._channel.stream_stream(method, *arguments, **named), method)

    def subscribe(self, callback, try_to_connect=None):
        self._channel.subscribe(callback, try_to_connect)

    def unsubscribe(self, callback):
        self._channel.unsubscribe(callback)

    def close(self):
        self._channel.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def methods():
    """Every method of punos.v1 as its descriptors have it: (service, method), in order."""
    from google.protobuf import descriptor_pool
    import importlib
    import punos.v1
    found = []
    for path in sorted(pathlib.Path(punos.v1.__path__[0]).glob("*_pb2.py")):
        importlib.import_module(f"punos.v1.{path.stem}")
        file = descriptor_pool.Default().FindFileByName(f"punos/v1/{path.stem.removesuffix('_pb2')}.proto")
        for service in file.services_by_name.values():
            found += [(service, method) for method in service.methods]
    return found


def not_called():
    """The methods of punos.v1 that no call of this run was for."""
    names = {f"/{service.full_name}/{method.name}" for service, method in methods()}
    return sorted(names - CALLED)
