#!/usr/bin/env python3
"""How long the coverage of a committee takes, and the funnel over all accounts, from a big store.

Every account moves through the journey; the first ones have a committee of twelve, with what passed between them and us.
Times are the caller's, over TLS, one call at a time, and the server's processor time for each call beside them.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = ROOT / ".build-release" / "release"
TICK = os.sysconf("SC_CLK_TCK")
sys.path.insert(0, str(ROOT / "Tests" / "Interop" / "api"))
os.environ.setdefault("PUNOS_BIN_DIR", str(BIN))

from punosapi.installation import Installation, generate_stubs  # noqa: E402

CALLS = 1_000
ROUNDS = 5
PROMISED = {"coverage": "99th 5 ms", "funnel": "2 s"}


class Kept(Installation):
    """An installation that may be there already, from the run before."""

    def punosd(self, *arguments, check=True):
        if arguments[0] == "init" and self.data.exists():
            return None
        return super().punosd(*arguments, check=check)


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def settle(pid):
    """Waits until nothing is done behind the scenes any more."""
    last = cpu_seconds(pid)
    while True:
        time.sleep(2)
        now = cpu_seconds(pid)
        if now - last < 0.02:
            return
        last = now


def measured(pid, calls):
    """Times of calls in ms, sorted, and the server's processor time for each in ms."""
    before = cpu_seconds(pid)
    times = []
    for call in calls:
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1_000)
    return sorted(times), (cpu_seconds(pid) - before) * 1_000 / len(times)


def coverage(client, pid, committees):
    from punos.v1 import coverage_pb2
    service = client.service("CoverageService")
    requests = [
        coverage_pb2.AnalyzeCoverageRequest(account=f"accounts/a{number * 7_919 % committees:09d}")
        for number in range(CALLS)]
    found = len(service.AnalyzeCoverage(requests[0]).findings)
    times, cpu = measured(pid, [lambda request=request: service.AnalyzeCoverage(request) for request in requests])
    print(f"coverage of a committee ({found} findings): median {statistics.median(times):.2f} ms, "
          f"99th {times[int(CALLS * 0.99)]:.2f} ms, slowest {times[-1]:.2f} ms, server CPU {cpu:.2f} ms "
          f"(promised: {PROMISED['coverage']})")


def funnels(client, pid):
    from punos.v1 import lifecycle_pb2
    service = client.service("LifecycleService")
    year = {"from_date": "2025-01-01", "to_date": "2026-01-01"}
    cut = {"from_date": "2025-01-15", "to_date": "2026-01-15"}
    for label, request in (
            ("a year", year), ("a year from the middle of a month", cut), ("all years", {}),
            ("a year by industry", year | {"group_by": "GROUPING_INDUSTRY"}),
            ("a year by owner", year | {"group_by": "GROUPING_OWNER"})):
        message = lifecycle_pb2.GetFunnelRequest(**request)
        began = time.perf_counter()
        answer = service.GetFunnel(message, timeout=120)
        first = time.perf_counter() - began
        times, cpu = measured(pid, [lambda: service.GetFunnel(message, timeout=120)] * ROUNDS)
        entered = sum(stage.entered for stage in answer.stages)
        print(f"funnel, {label}: {entered:,} moves, {len(answer.bottlenecks)} bottlenecks; first {first:.3f} s, "
              f"median {statistics.median(times) / 1_000:.3f} s, slowest {times[-1] / 1_000:.3f} s, "
              f"server CPU {cpu / 1_000:.3f} s (promised: {PROMISED['funnel']})", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--committees", type=int, default=2_000)
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for the data, kept for the next run")
    options = parser.parse_args()
    folder = options.keep or pathlib.Path(tempfile.mkdtemp(prefix="punos-bench-"))
    try:
        with tempfile.TemporaryDirectory() as stubs:
            generate_stubs(pathlib.Path(stubs))
            sys.path.insert(0, stubs)
            with Kept(folder / f"accounts-{options.accounts}") as installation:
                if not (installation.folder / "loaded").exists():
                    subprocess.run(
                        [BIN / "decide-bench", "--store", installation.data / "store", "--tenant", "bench",
                         "--accounts", str(options.accounts), "--committees", str(options.committees)], check=True)
                    (installation.folder / "loaded").touch()
                began = time.monotonic()
                installation.start()
                print(f"ready after {time.monotonic() - began:.2f} s", flush=True)
                settle(installation.process.pid)
                with installation.client(tenant="bench") as client:
                    coverage(client, installation.process.pid, min(options.committees, options.accounts))
                    funnels(client, installation.process.pid)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
