"""Our client against grpcio's server: the same fourteen cases, gzip, the longest messages and storms, over TLS and mutual
TLS; and what it says of failures.
"""

import subprocess

import pytest

from conftest import REFERENCE
from punoswire import cases
from punoswire.processes import ServerProcess, interop_binary, reference_command

pytestmark = pytest.mark.skipif(REFERENCE, reason="this tests our own client")
CASE_NAMES = [case.__name__ for case in cases.ALL]
# Beside the specification's fourteen: gzip both ways, 4 MiB, a thousand calls at once, storms of cancels and deadlines.
STORMS = ["gzip_both_ways", "longest_messages", "thousand_calls", "cancel_storm", "deadline_storm"]
# The specification's cases of compression need a server that sees whether a request was compressed: grpcio's does not.
COMPRESSED = ["client_compressed_unary", "server_compressed_unary", "client_compressed_streaming",
              "server_compressed_streaming"]
CLIENT_LIMIT = 60


@pytest.fixture(scope="module")
def reference(certs):
    with ServerProcess(certs, command=reference_command()) as process:
        yield process


@pytest.fixture(scope="module")
def mutual_reference(certs):
    with ServerProcess(certs, client_ca=certs / "ca.crt", command=reference_command()) as process:
        yield process


def run(case: str, target: str, certs, client=None, ca="ca") -> subprocess.CompletedProcess:
    own = ["--cert", str(certs / f"{client}.crt"), "--key", str(certs / f"{client}.key")] if client else []
    return subprocess.run(
        [interop_binary(), "client", "--case", case, "--connect", target, "--ca", str(certs / f"{ca}.crt"), *own],
        capture_output=True, text=True, timeout=CLIENT_LIMIT)


def passes(result):
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("case", CASE_NAMES + STORMS + ["server_compressed_unary", "server_compressed_streaming"])
def test_our_client_passes_against_grpcio(reference, certs, case):
    passes(run(case, reference.target, certs))


@pytest.mark.parametrize("case", CASE_NAMES)
def test_our_client_passes_against_grpcio_over_mutual_tls(mutual_reference, certs, case):
    passes(run(case, mutual_reference.target, certs, client="client"))


@pytest.mark.parametrize("case", CASE_NAMES + STORMS + COMPRESSED)
def test_our_client_passes_against_our_server(server, certs, case):
    passes(run(case, server.target, certs))


def test_our_client_finds_a_server_that_answers_wrongly(certs):
    """Only what ends before an answer could be looked at may pass; the specification looks at no size when cancelling."""
    blind = {"cancel_after_begin", "timeout_on_sleeping_server"}
    with ServerProcess(certs, command=reference_command("--wrong")) as wrong:
        passed = {case for case in CASE_NAMES if run(case, wrong.target, certs).returncode == 0}
    assert blind <= passed <= blind | {"cancel_after_first_response"}


@pytest.mark.parametrize("case, ca, client, words", [
    ("empty_unary", "wrong-ca", None, ["certificate"]),
    ("no_such_case", "ca", None, ["no_such_case"]),
])
def test_a_failure_says_where_and_what(reference, certs, case, ca, client, words):
    result = run(case, reference.target, certs, client, ca)
    said = result.stdout + result.stderr
    assert result.returncode not in (0, None) and result.returncode > 0, said
    for word in words:
        assert word in said
    if case == "empty_unary":
        assert reference.target in said


def test_a_server_that_is_not_there_is_named_in_the_failure(certs, tmp_path):
    with ServerProcess(certs, command=reference_command()) as gone:
        target = gone.target
    result = run("empty_unary", target, certs)
    assert result.returncode > 0
    assert target in result.stdout + result.stderr
