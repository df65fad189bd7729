"""A punosd of its own for the whole run, and clients generated from proto/ by stock tools."""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
os.environ.setdefault("GRPC_VERBOSITY", "NONE")

import pytest  # noqa: E402

from punosapi.installation import Installation, generate_stubs  # noqa: E402
from punosapi.recording import not_called  # noqa: E402


def pytest_sessionfinish(session, exitstatus):
    """A run of all tests calls every method of the API: one that is called nowhere is as good as untested."""
    every = {path.name for path in pathlib.Path(__file__).parent.glob("test_*.py")}
    ran = {item.path.name for item in session.items}
    whole = ran == every and not session.config.option.keyword and "::" not in "".join(session.config.args)
    if exitstatus != 0 or not whole:
        return
    missing = not_called()
    print("\nno test calls " + ", ".join(missing) if missing else "\nevery method of the API was called")
    if missing:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session", autouse=True)
def stubs(tmp_path_factory):
    """Python modules made from proto/, importable as punos.v1…"""
    folder = tmp_path_factory.mktemp("stubs")
    generate_stubs(folder)
    sys.path.insert(0, str(folder))
    return folder


@pytest.fixture(scope="session")
def punos(stubs, tmp_path_factory):
    """A running server that all tests share; each test uses a tenant of its own."""
    with Installation(tmp_path_factory.mktemp("punos")) as installation:
        installation.start()
        yield installation


@pytest.fixture
def api(punos):
    """Stubs as a person of sales in a fresh tenant."""
    with punos.client(tenant=punos.new_tenant()) as client:
        yield client


@pytest.fixture
def own_punos(stubs, tmp_path):
    """A server of the test's own, to be stopped, killed and started again."""
    with Installation(tmp_path / "punos") as installation:
        installation.start()
        yield installation
