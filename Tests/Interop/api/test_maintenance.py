"""Looking after an installation: backup, restore, verify, settings, metrics."""

import importlib.util
import json
import re
import shutil
import socket
import urllib.request

import grpc
import pytest


@pytest.fixture(scope="module", autouse=True)
def modules(stubs):
    global account_pb2
    from punos.v1 import account_pb2


def make(client, name):
    return client.accounts.CreateAccount(account_pb2.CreateAccountRequest(
        account=account_pb2.Account(display_name=name, status="STATUS_CURRENT"))).name


def names(client):
    return [a.display_name for a in client.accounts.ListAccounts(account_pb2.ListAccountsRequest()).accounts]


def test_a_backup_of_a_running_server_is_restored_as_it_was(own_punos, tmp_path):
    with own_punos.client() as client:
        make(client, "Before")
        said = own_punos.punosd("backup", "--data", own_punos.data, "--to", tmp_path / "copy")
        assert "Backed up" in said.stdout
        make(client, "After")
    own_punos.stop()
    shutil.move(own_punos.data / "store", tmp_path / "lost")
    restore = ["restore", "--data", own_punos.data, "--from", tmp_path / "copy"]
    assert "--erasures" in own_punos.punosd(*restore, check=False).stderr, "whose erasures is asked for"
    wrong = own_punos.punosd(*restore, "--erasures", tmp_path / "nowhere", check=False)
    assert wrong.returncode == 1 and "no register of erasures" in wrong.stdout + wrong.stderr
    assert not (own_punos.data / "store").exists()
    said = own_punos.punosd(*restore, "--erasures", tmp_path / "lost")
    assert "Restored" in said.stdout and "No erasure" in said.stdout
    own_punos.start()
    with own_punos.client() as client:
        assert names(client) == ["Before"]


def test_a_path_that_is_too_long_for_a_socket_is_named_with_what_to_do(own_punos, tmp_path):
    own_punos.stop()
    deep = tmp_path / ("pitkä" * 20)
    deep.mkdir()
    shutil.move(own_punos.data, deep / "data")
    said = own_punos.punosd("serve", "--data", deep / "data", check=False)
    assert said.returncode != 0 and "path is too long" in said.stderr and "symbolic link" in said.stderr
    assert "unixDomainSocket" not in said.stdout + said.stderr


def test_verify_says_that_all_is_well_running_or_not(own_punos):
    with own_punos.client() as client:
        for n in range(20):
            make(client, f"Account {n}")
    assert "All is well: 20 commits" in own_punos.punosd("verify", "--data", own_punos.data).stdout
    own_punos.stop()
    assert "All is well: 20 commits" in own_punos.punosd("verify", "--data", own_punos.data).stdout


def test_verify_names_what_is_wrong_and_what_to_do(own_punos):
    import sqlite3
    with own_punos.client() as client:
        make(client, "Account")
    own_punos.stop()
    with sqlite3.connect(own_punos.data / "store" / "tables.db") as database:
        database.execute("DELETE FROM entries")
    said = own_punos.punosd("verify", "--data", own_punos.data, check=False)
    assert said.returncode == 1 and "is missing from index account.display_name" in said.stdout
    assert "move tables.db, tables.db-wal and tables.db-shm away" in said.stdout
    for path in (own_punos.data / "store").glob("tables.db*"):
        path.unlink()
    assert "All is well" in own_punos.punosd("verify", "--data", own_punos.data).stdout
    own_punos.start()
    with own_punos.client() as client:
        assert names(client) == ["Account"]


def test_two_servers_never_open_one_store(own_punos):
    said = own_punos.punosd("serve", "--data", own_punos.data, "--listen", "127.0.0.1:0", check=False)
    assert said.returncode == 1
    assert "lock" in (said.stdout + said.stderr)


def test_an_unknown_setting_stops_the_start_with_the_nearest_known_one(own_punos):
    said = own_punos.punosd("serve", "--data", own_punos.data, "--lisen", "x:1", check=False)
    assert said.returncode != 0 and "listen" in said.stderr


def test_metrics_count_calls_by_method_and_code(own_punos):
    own_punos.stop()
    own_punos.start("--metrics-listen", "127.0.0.1:0", "--log-format", "json")
    with own_punos.client() as client:
        make(client, "Secret Customer")
    lines = [json.loads(line) for line in own_punos.log().splitlines() if line.startswith("{")]
    address = next(line["metrics"] for line in lines if line["message"] == "serving")
    text = urllib.request.urlopen(f"http://{address}/metrics", timeout=10).read().decode()
    assert re.search(
        r'punos_calls_total\{service="punos.v1.AccountService",method="CreateAccount",code="OK"\} 1\n', text), text
    assert "punos_store_unapplied_commits" in text and "Secret" not in text


def test_readiness_is_told_to_systemd(own_punos, tmp_path):
    own_punos.stop()
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(path)
        systemd.settimeout(30)
        environment = own_punos.environment
        own_punos.environment = lambda: environment() | {"NOTIFY_SOCKET": path}
        own_punos.start()
        assert b"READY=1" in systemd.recv(1024)
        own_punos.stop()
        assert b"STOPPING=1" in systemd.recv(1024)


def test_health_and_reflection_answer_without_a_certificate(punos, stubs):
    with punos.anonymous() as client:
        status = client.channel.unary_unary("/grpc.health.v1.Health/Check")(b"")
        assert status == b"\x08\x01", "SERVING"
        for package in ("v1", "v1alpha"):
            # The generated module would be shadowed by grpcio's own package "grpc": load it by its file.
            kind = messages_of(stubs / "grpc" / "reflection" / package / "reflection_pb2.py")
            ask = client.channel.stream_stream(
                f"/grpc.reflection.{package}.ServerReflection/ServerReflectionInfo",
                request_serializer=kind.ServerReflectionRequest.SerializeToString,
                response_deserializer=kind.ServerReflectionResponse.FromString)
            questions = [kind.ServerReflectionRequest(list_services="*"),
                         kind.ServerReflectionRequest(file_containing_symbol="punos.v1.AccountService.GetAccount")]
            services, files = ask(iter(questions))
            assert "punos.v1.AccountService" in [s.name for s in services.list_services_response.service]
            assert len(files.file_descriptor_response.file_descriptor_proto) > 3


def test_health_is_told_for_each_service_and_for_the_ability_to_write(punos):
    with punos.anonymous() as client:
        check = client.channel.unary_unary("/grpc.health.v1.Health/Check")
        for service in ("punos.v1.AccountService", "punos.v1.ContactService", "punos.v1.writes"):
            assert check(bytes([0x0A, len(service)]) + service.encode()) == b"\x08\x01", service
        with pytest.raises(grpc.RpcError) as unknown:
            check(b"\x0a\x07nowhere")
        assert unknown.value.code() == grpc.StatusCode.NOT_FOUND
        # Who watches a service that is not there is told so, and when it comes.
        watch = client.channel.unary_stream("/grpc.health.v1.Health/Watch")
        assert next(watch(b"\x0a\x07nowhere")) == b"\x08\x03", "SERVICE_UNKNOWN"
        assert next(watch(b"\x0a\x0fpunos.v1.writes")) == b"\x08\x01"


def messages_of(path):
    spec = importlib.util.spec_from_file_location(f"{path.parent.name}_reflection", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_health_can_be_watched_and_says_when_the_server_goes(own_punos):
    with own_punos.anonymous() as client:
        watch = client.channel.unary_stream("/grpc.health.v1.Health/Watch")(b"")
        assert next(watch) == b"\x08\x01"
        own_punos.stop()
        assert next(watch) == b"\x08\x02", "NOT_SERVING"
