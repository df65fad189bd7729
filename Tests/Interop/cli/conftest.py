"""A server and a client of its own for each test."""

import os
import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import pytest  # noqa: E402

from punoscli import ROOT, Client, Server  # noqa: E402

# Whoever runs the tests in the background has interrupts and hang-ups ignored, and the programs under test would inherit
# that.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def client(server, tmp_path):
    return Client(server, tmp_path / "home")


@pytest.fixture
def shared_data():
    """Gives a folder of real input; where it is absent the test is skipped, except in CI."""

    def folder(name):
        base = pathlib.Path(os.environ.get("PUNOS_SHARED_DATA", ROOT.parent / "shared/data"))
        if not (base / name).exists():
            if os.environ.get("CI") == "true":
                pytest.fail(f"{base / name} is not there")
            pytest.skip(f"{base / name} is not there")
        return base / name

    return folder
