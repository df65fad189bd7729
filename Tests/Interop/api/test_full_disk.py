"""A server whose disk is full: it says so, reads on, and takes writes again when there is room."""

import errno
import os
import subprocess

import grpc
import pytest

from punosapi.installation import Installation, eventually

DISK_BYTES = 48 << 20
# Of an account's description: a few of them are more than what the files have left of the space they already take.
TEXT_BYTES = 10_000
MOST_WRITES = 5_000
WRITES = b"\x0a\x0fpunos.v1.writes"
SERVING, NOT_SERVING = b"\x08\x01", b"\x08\x02"


@pytest.fixture
def small_disk(tmp_path):
    """A file system of its own, small enough to be filled."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)], capture_output=True, text=True)
    if mounted.returncode != 0:
        reason = f"a small disk cannot be mounted here: {mounted.stderr.strip()}"
        if os.environ.get("CI") == "true" and os.geteuid() == 0:
            pytest.fail(reason)
        pytest.skip(reason)
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(folder):
    """Takes all the room there is with one file."""
    path = folder / "ballast"
    with open(path, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4_096))
        except OSError as problem:
            assert problem.errno == errno.ENOSPC
    return path


def test_a_full_disk_stops_writes_only_and_is_noticed_when_it_has_room(stubs, small_disk):
    from punos.v1 import account_pb2

    def make(client, name):
        return client.accounts.CreateAccount(account_pb2.CreateAccountRequest(
            account=account_pb2.Account(display_name=name, status="STATUS_CURRENT", description="x" * TEXT_BYTES))).name

    def names(client):
        return {a.display_name for a in client.accounts.ListAccounts(account_pb2.ListAccountsRequest()).accounts}

    with Installation(small_disk / "punos") as installation:
        installation.start()
        with installation.client() as client:
            status = client.channel.unary_unary("/grpc.health.v1.Health/Check")
            first = make(client, "Before")
            # A list has the tables catch up with the log; with a full disk it shows as much as they have.
            assert "Before" in names(client)
            assert status(WRITES) == SERVING
            ballast = fill(small_disk)
            with pytest.raises(grpc.RpcError) as refused:
                for number in range(MOST_WRITES):
                    make(client, f"Account {number}")
            assert "DISK_FULL" in str(refused.value.trailing_metadata()) or "full" in refused.value.details()
            assert client.accounts.GetAccount(account_pb2.GetAccountRequest(name=first)).display_name == "Before"
            assert "Before" in names(client), "lists go on"
            assert eventually(lambda: status(WRITES) == NOT_SERVING)
            assert status(b"") == SERVING, "the server as a whole goes on"
            ballast.unlink()
            assert eventually(lambda: status(WRITES) == SERVING), "nobody had to write for it"
            make(client, "After")
            assert {"Before", "After"} <= names(client)
        assert installation.stop() == 0
