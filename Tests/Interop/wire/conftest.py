"""Servers and certificates for the whole run; nothing listens on a fixed port."""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
# grpcio's own notes about broken connections would bury what a test says about them.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")

import grpc  # noqa: E402
import pytest  # noqa: E402

from punoswire import certificates  # noqa: E402
from punoswire.processes import ServerProcess, reference_command  # noqa: E402
from punoswire.protos import Stub  # noqa: E402

# To try the tests themselves: PUNOS_INTEROP_REFERENCE=1 puts grpcio's server where ours would be.
REFERENCE = os.environ.get("PUNOS_INTEROP_REFERENCE") == "1"
MESSAGE_OPTIONS = [("grpc.max_receive_message_length", 8 << 20)]


def server_command():
    return reference_command() if REFERENCE else None


@pytest.fixture(scope="session")
def certs(tmp_path_factory):
    return certificates.make(tmp_path_factory.mktemp("certs"))


@pytest.fixture(scope="session")
def server(certs):
    """The server under test, without client certificates."""
    with ServerProcess(certs, command=server_command()) as process:
        yield process


@pytest.fixture(scope="session")
def mutual_server(certs):
    """The server under test, client certificates required."""
    with ServerProcess(certs, client_ca=certs / "ca.crt", command=server_command()) as process:
        yield process


@pytest.fixture
def connect(certs):
    """Opens grpcio channels of the test's own, and closes them after it."""
    channels = []

    def open_channel(process, client=None, options=()):
        channel = grpc.secure_channel(
            process.target, certificates.channel_credentials(certs, client),
            # Without a pool of its own a channel would share its connection with earlier tests.
            options=[*MESSAGE_OPTIONS, ("grpc.use_local_subchannel_pool", 1), *options])
        channels.append(channel)
        return Stub(channel)

    yield open_channel
    for channel in channels:
        channel.close()
