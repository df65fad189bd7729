#!/usr/bin/env python3
"""How long a folder of handovers takes to sync: with nothing changed, with a hundred files edited, with a hundred records
edited on the server, and with fifty on each side at once.

  .venv-interop/bin/python Benchmarks/handovers/bench_sync.py [HANDOVERS] [EDITED]

Starts a server of its own, makes the handovers, syncs them into an empty folder, then measures. Prints elapsed and
processor seconds of the client, what is asked of it, and beside each what writing as many files to the disk takes.
"""
import os
import pathlib
import re
import resource
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests/Interop/cli"), str(ROOT / "Tests/Interop/api")]

from punosapi.installation import Client as Stubs, generate_stubs  # noqa: E402
from punoscli import Client, Server  # noqa: E402

# What a team waits for without thinking of it, for 1,000 handovers on an ordinary machine.
IDLE_WITHIN = 5.0
EDITED_WITHIN = 10.0

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
EDITED = int(sys.argv[2]) if len(sys.argv) > 2 else 100


def stubs(server, folder):
    """The API for a stock client, as the sales team."""
    import grpc
    folder.mkdir()
    generate_stubs(folder)
    sys.path.insert(0, str(folder))
    base = server.data / "clients" / f"{server.tenant}-sales-aino.virtanen"
    return Stubs(server.address, grpc.ssl_channel_credentials(
        (server.data / "pki/ca.pem").read_bytes(), pathlib.Path(f"{base}-key.pem").read_bytes(),
        pathlib.Path(f"{base}.pem").read_bytes()))


def upsert(api, handovers):
    from punos.v1 import handover_pb2, handover_pb2_grpc
    answer = handover_pb2_grpc.HandoverServiceStub(api.channel).BatchUpsertHandovers(
        handover_pb2.BatchUpsertHandoversRequest(handovers=handovers))
    assert all(result.name for result in answer.results), answer.results[0].error


def handover(number, line="A line of text."):
    text = "A line of text.\n" * 4
    return {"name": f"accounts/a{number % 100}/handovers/h{number}", "title": f"Handover {number}", "to_team": "delivery",
            "summary": "What the receiver should know first.\n" * 3,
            "items": [{"id": f"i{i}", "kind": 1 + i % 9, "title": f"Item {i}", "text": text if i else f"{line}\n{text}"}
                      for i in range(20)]}


def fill(api):
    """Handovers with twenty items each, in a hundred accounts."""
    from punos.v1 import account_pb2
    for number in range(100):
        api.accounts.CreateAccount(account_pb2.CreateAccountRequest(
            account_id=f"a{number}", account={"display_name": f"Customer {number}", "status": "STATUS_CURRENT"}))
    for start in range(0, COUNT, 100):
        upsert(api, [handover(number) for number in range(start, min(COUNT, start + 100))])


def timed(what, client, folder, within=None):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    told = client.ok("handover", "sync", folder).out.splitlines()[-1]
    elapsed = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    asked = "" if within is None else f"   asked under {within:.0f} s: " + ("kept" if elapsed < within else "NOT kept")
    print(f"{what:34} {elapsed:7.2f} s elapsed {busy:7.2f} s processor   {told}{asked}", flush=True)


def plain(folder, count):
    """Writing files as large as these, safely, without any sync: what the disk alone takes."""
    folder.mkdir()
    start = time.monotonic()
    for number in range(count):
        with open(folder / f"{number}.md", "wb") as file:
            file.write(b"x" * 4000)
            file.flush()
            os.fsync(file.fileno())
    print(f"{f'the disk alone, {count} files':34} {time.monotonic() - start:7.2f} s elapsed", flush=True)


def edit(paths):
    for path in paths:
        path.write_text(path.read_text().replace("A line of text.", "Another line.", 1))


def number_of(path):
    return int(re.search(r"^name: \S*/h(\d+)$", path.read_text(), re.M).group(1))


def main():
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        server = Server(scratch)
        try:
            client = Client(server, scratch / "home")
            with stubs(server, scratch / "stubs") as api:
                fill(api)
                folder = scratch / "folder"
                timed(f"first, {COUNT} files", client, folder)
                timed("nothing changed", client, folder, IDLE_WITHIN)
                paths = sorted(folder.rglob("*.md"))
                edit(paths[:EDITED])
                timed(f"{EDITED} files edited", client, folder, EDITED_WITHIN)
                upsert(api, [handover(number_of(path), "A line of the server.") for path in paths[EDITED:2 * EDITED]])
                timed(f"{EDITED} records edited", client, folder, EDITED_WITHIN)
                half = EDITED // 2
                edit(paths[2 * EDITED:2 * EDITED + half])
                upsert(api, [handover(number_of(path), "A line of the server.") for path in paths[3 * EDITED:3 * EDITED + half]])
                timed(f"{half} of each", client, folder, EDITED_WITHIN)
                timed("nothing changed", client, folder, IDLE_WITHIN)
                plain(scratch / "plain", EDITED)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
