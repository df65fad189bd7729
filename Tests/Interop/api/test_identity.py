"""Who may call: a client certificate with exactly one URI that names tenant, team and principal."""

import subprocess

import grpc
import pytest
from punosapi.errors import refused
from punosapi.installation import Client

Code = grpc.StatusCode
SOMEBODY = "punos://kuura/sales/aino"


@pytest.fixture(scope="module", autouse=True)
def modules(stubs):
    global account_pb2, server_pb2
    from punos.v1 import account_pb2, server_pb2


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


@pytest.fixture
def certified(punos, tmp_path):
    """A client whose certificate, of the installation's own authority, has these alternative names."""

    def make(*names):
        key, request, certificate, extensions = (tmp_path / name for name in ["key", "request", "certificate", "extensions"])
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=x", "-keyout",
                key, "-out", request)
        lines = [f"{kind}.{index} = {value}" for index, (kind, value) in enumerate(names, 1)]
        extensions.write_text("\n".join(
            ["extendedKeyUsage = clientAuth", *(["subjectAltName = @names", "[names]"] if lines else []), *lines]) + "\n")
        openssl("x509", "-req", "-in", request, "-CA", punos.data / "pki/ca.pem", "-CAkey", punos.data / "pki/ca-key.pem",
                "-days", "1", "-extfile", extensions, "-out", certificate)
        return Client(punos.target, grpc.ssl_channel_credentials(
            (punos.data / "pki/ca.pem").read_bytes(), key.read_bytes(), certificate.read_bytes()))

    return make


def ask(client):
    with client:
        return client.server.GetServerInfo(server_pb2.GetServerInfoRequest())


def test_one_uri_among_other_names_says_who_calls(certified):
    answer = ask(certified(("DNS", "crm.example"), ("URI", SOMEBODY), ("email", "aino@example.com")))
    assert (answer.tenant, answer.team, answer.principal) == ("kuura", "sales", "aino")


@pytest.mark.parametrize("names", [
    [], [("DNS", "crm.example")], [("URI", SOMEBODY), ("URI", "punos://kuura/service/eero")],
    [("URI", SOMEBODY), ("URI", SOMEBODY)], [("URI", SOMEBODY), ("URI", "https://example.com/aino")]],
    ids=["no-names", "no-uri", "two", "the-same-twice", "one-of-another-kind"])
def test_a_certificate_without_exactly_one_uri_is_refused_with_what_to_do(certified, names):
    with refused(Code.UNAUTHENTICATED) as refusal:
        ask(certified(*names))
    assert refusal.reason == "AMBIGUOUS_CERTIFICATE"
    count = sum(kind == "URI" for kind, _ in names)
    assert f"exactly one URI name; it has {count}" in refusal.message and "punosd cert issue" in refusal.message


def test_a_uri_behind_many_other_names_counts_too(certified):
    many = [("DNS", f"host-{index}.example") for index in range(100)]
    with refused(Code.UNAUTHENTICATED) as refusal:
        ask(certified(("URI", SOMEBODY), *many, ("URI", "punos://kuura/service/eero")))
    assert refusal.reason == "AMBIGUOUS_CERTIFICATE"


@pytest.mark.parametrize("uri, expected", [
    ("https://example.com/aino", "punos://TENANT/TEAM/NAME"), ("punos://kuura/sales", "three parts"),
    ("punos://Kuura/sales/aino", "a tenant"), ("punos://kuura/sales team/aino", "a team"), ("punos://kuura/sales/", "a name")])
def test_a_uri_that_names_no_user_is_refused_with_what_was_expected(certified, uri, expected):
    with refused(Code.UNAUTHENTICATED) as refusal:
        ask(certified(("URI", uri)))
    assert refusal.reason == "UNREADABLE_CERTIFICATE"
    assert expected in refusal.message and "punosd cert issue" in refusal.message


def test_every_change_carries_who_the_certificate_names(certified):
    from punos.v1 import change_pb2
    with certified(("URI", "punos://who-calls/service/sanna.lahti")) as client:
        made = client.accounts.CreateAccount(account_pb2.CreateAccountRequest(
            account=account_pb2.Account(display_name="Kuura", status="STATUS_CURRENT")))
        changes = client.changes.GetHistory(change_pb2.GetHistoryRequest(name=made.name)).changes
    assert [(change.principal, change.team) for change in changes] == [("sanna.lahti", "service")]
