#!/usr/bin/env python3
"""How long a folder of handovers takes to sync: with nothing changed, and with a hundred files edited.

  .venv-interop/bin/python Benchmarks/handovers/bench_sync.py [HANDOVERS] [EDITED]

Starts a server of its own, makes the handovers, syncs them into an empty folder, then measures. Prints elapsed and
processor seconds of the client.
"""
import pathlib
import resource
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests/Interop/cli"), str(ROOT / "Tests/Interop/api")]

from punosapi.installation import Client as Stubs, generate_stubs  # noqa: E402
from punoscli import Client, Server  # noqa: E402

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
EDITED = int(sys.argv[2]) if len(sys.argv) > 2 else 100


def fill(server, folder):
    """Handovers with twenty items each, in a hundred accounts."""
    import grpc
    folder.mkdir()
    generate_stubs(folder)
    sys.path.insert(0, str(folder))
    from punos.v1 import account_pb2, handover_pb2, handover_pb2_grpc
    base = server.data / "clients" / f"{server.tenant}-sales-aino.virtanen"
    credentials = grpc.ssl_channel_credentials(
        (server.data / "pki/ca.pem").read_bytes(), pathlib.Path(f"{base}-key.pem").read_bytes(),
        pathlib.Path(f"{base}.pem").read_bytes())
    with Stubs(server.address, credentials) as api:
        for number in range(100):
            api.accounts.CreateAccount(account_pb2.CreateAccountRequest(
                account_id=f"a{number}", account={"display_name": f"Customer {number}", "status": "STATUS_CURRENT"}))
        for start in range(0, COUNT, 100):
            answer = handover_pb2_grpc.HandoverServiceStub(api.channel).BatchUpsertHandovers(handover_pb2.BatchUpsertHandoversRequest(handovers=[
                {"name": f"accounts/a{n % 100}/handovers/h{n}", "title": f"Handover {n}", "to_team": "delivery",
                 "summary": "What the receiver should know first.\n" * 3,
                 "items": [{"id": f"i{i}", "kind": 1 + i % 9, "title": f"Item {i}", "text": "A line of text.\n" * 4}
                           for i in range(20)]} for n in range(start, min(COUNT, start + 100))]))
            assert all(result.name for result in answer.results), answer.results[0].error


def timed(what, client, folder):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    told = client.ok("handover", "sync", folder).out.splitlines()[-1]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{what:24} {time.monotonic() - start:7.2f} s elapsed {busy:7.2f} s processor   {told}", flush=True)


def main():
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        server = Server(scratch)
        try:
            client = Client(server, scratch / "home")
            fill(server, scratch / "stubs")
            folder = scratch / "folder"
            timed(f"first, {COUNT} files", client, folder)
            timed("nothing changed", client, folder)
            for path in sorted(path for path in folder.rglob("*.md"))[:EDITED]:
                path.write_text(path.read_text().replace("A line of text.", "Another line.", 1))
            timed(f"{EDITED} files edited", client, folder)
            timed("nothing changed", client, folder)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
