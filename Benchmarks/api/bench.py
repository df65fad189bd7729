#!/usr/bin/env python3
"""What a call costs the server, from a store of a million accounts, over TLS 1.3 with a client certificate.

For calls the server has a core of its own and the caller the other; for writing they share both. Server CPU is read from /proc, before and after. nghttpd, driven by
h2load with as much at a time, is the floor: it serves a static file of the answer's size in the same run.
"""

import argparse
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = ROOT / ".build-release" / "release"
TICK = os.sysconf("SC_CLK_TCK")


def pinned(core, *command):
    return ["taskset", "-c", str(core), *map(str, command)]


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def resident_mb(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


# Interactions of one account that come one after the other where the history of a customer is brought in.
TOGETHER = 40
# Seconds.
LONGEST_SETTLING = 120

# What a call costs is measured with a core for each side.
SERVER_CORE, CALLER_CORE = 0, 1
# How many contacts a second are written is asked of the machine: log, tables and calls have a thread each.
ALL_CORES = "0-" + str((os.cpu_count() or 1) - 1)


class Punosd:
    def __init__(self, data, cores=SERVER_CORE):
        self.data = data
        self.cores = cores

    def __enter__(self):
        began = time.monotonic()
        self.process = subprocess.Popen(
            pinned(self.cores, BIN / "punosd", "serve", "--data", self.data, "--listen", "127.0.0.1:0"),
            stdout=subprocess.PIPE, stderr=open(self.data.parent / "punosd.log", "a"), text=True)
        line = self.process.stdout.readline()
        self.started = time.monotonic() - began
        self.target = re.search(r"ready at (\S+)", line).group(1)
        self.pid = self.process.pid
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def settle(self):
        """Waits until nothing is done behind the scenes any more, or for so long that what is done is done at leisure: after
        a load, search is indexed for minutes, and signals are looked for in every account at a slow pace."""
        last = cpu_seconds(self.pid)
        deadline = time.monotonic() + LONGEST_SETTLING
        while time.monotonic() < deadline:
            time.sleep(2)
            now = cpu_seconds(self.pid)
            if now - last < 0.02:
                return
            last = now

    def writes(self, method, **options):
        """Writes new records, a thousand a call and four calls at a time, while the tables follow."""
        # Numbers of this second: data that is kept holds those of earlier runs.
        first = int(time.time()) % 100_000 * 100_000 + 1
        before = cpu_seconds(self.pid)
        figures = self.calls(method, ALL_CORES, **{"seconds": 10, "parallel": 4, "from": first, **options})
        # What is durable is not all done: the server's processor time counts until the tables have caught up.
        self.settle()
        figures["cpu_us"] = (cpu_seconds(self.pid) - before) * 1e6 / figures["sum"]
        return figures

    def calls(self, method, cores=CALLER_CORE, **options):
        client = self.data / "clients" / "bench-sales-admin"
        flags = [text for name, value in options.items() for text in (f"--{name}", str(value))]
        before = cpu_seconds(self.pid)
        said = subprocess.run(
            pinned(cores, BIN / "api-bench", "calls", "--method", method, "--connect", self.target, "--ca",
                   self.data / "pki" / "ca.pem", "--cert", f"{client}.pem", "--key", f"{client}-key.pem", *flags),
            capture_output=True, text=True)
        if said.returncode:
            sys.exit(said.stderr)
        figures = {name: int(value) for name, value in (line.split() for line in said.stdout.splitlines())}
        figures["cpu_us"] = (cpu_seconds(self.pid) - before) * 1e6 / figures["calls"]
        figures["size"] = figures["sum"] // figures["calls"]
        return figures


def nghttpd(folder, data, size):
    """Server CPU per request of nghttpd serving a static file, µs."""
    (folder / "www").mkdir(exist_ok=True)
    (folder / "www" / "file").write_bytes(os.urandom(size))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        pinned(0, "nghttpd", "-a", "127.0.0.1", "-d", folder / "www", port, data / "pki" / "server-key.pem",
               data / "pki" / "server.pem"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        before = cpu_seconds(server.pid)
        said = subprocess.run(
            pinned(1, "h2load", "-D", "4", "-c", "8", "-m", "8", f"https://127.0.0.1:{port}/file"),
            capture_output=True, text=True).stdout
        done = int(re.search(r"(\d+) succeeded", said).group(1))
        return (cpu_seconds(server.pid) - before) * 1e6 / done
    finally:
        server.terminate()
        server.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--employers", type=int, default=0,
                        help="contacts written to the big store work at one of so many of its accounts")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for the data, kept for the next run")
    options = parser.parse_args()
    folder = options.keep or pathlib.Path(tempfile.mkdtemp(prefix="punos-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    empty, big = folder / "empty", folder / f"accounts-{options.accounts}"
    try:
        for data in (empty, big):
            if not (data / "pki" / "ca-key.pem").exists():
                subprocess.run([BIN / "punosd", "init", "--data", data, "--tenant", "bench"], check=True,
                               stdout=subprocess.DEVNULL)
        if not (big / "loaded").exists():
            subprocess.run([BIN / "api-bench", "load", "--store", big / "store", "--tenant", "bench", "--accounts",
                            str(options.accounts)], check=True)
            (big / "loaded").touch()
        report(empty, big, folder, options)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


def line(what, asked, seen):
    print(f"{what:58} {asked:>24} {seen}", flush=True)


def report(empty, big, folder, options):
    accounts = options.accounts
    line("", "asked", "seen")
    with Punosd(empty) as server:
        server.settle()
        line("memory, empty store, idle", "under 40 MB", f"{resident_mb(server.pid):.0f} MB")
    with Punosd(empty, ALL_CORES) as server:
        small = server.writes("BatchUpsertContacts")
        line("contacts/s, empty store", "40000 or more", rate(small))
    with Punosd(big) as server:
        line("ready, big store", "within 1 s", f"{server.started:.2f} s")
        server.settle()
        line("memory, big store, idle", "under 300 MB", f"{resident_mb(server.pid):.0f} MB")
        for method, asked in (("GetAccount", 25), ("GetAccountView", 120)):
            report_reads(server, method, asked, folder, big, accounts)
    with Punosd(big, ALL_CORES) as server:
        server.settle()
        large = server.writes("BatchUpsertContacts")
        share = large["sum_per_second"] / small["sum_per_second"]
        line(f"contacts/s, {accounts} accounts", "half of the empty store's", f"{rate(large)}, {share:.2f} of it")
        if options.employers:
            working = server.writes("BatchUpsertContacts", employers=min(options.employers, accounts))
            line(f"contacts/s who work at one of {options.employers}", "-", rate(working))
        line(f"interactions/s, {accounts} accounts", "50000 or more",
             rate(server.writes("BatchUpsertInteractions", accounts=accounts)))
        line(f"interactions/s, {TOGETHER} of an account together", "-",
             rate(server.writes("BatchUpsertInteractions", accounts=accounts, together=TOGETHER)))
        # The server looks now and then for memory that a burst left behind.
        time.sleep(15)
        line("memory, after writing", "under 300 MB", f"{resident_mb(server.pid):.0f} MB")


def rate(figures):
    return f"{figures['sum_per_second']} (server CPU {figures['cpu_us']:.1f} µs each)"


def report_reads(server, method, asked, folder, big, accounts):
    full = server.calls(method, accounts=accounts)
    floor = nghttpd(folder, big, full["size"])
    half = server.calls(method, accounts=accounts, rate=max(1, full["per_second"] // 2))
    line(f"{method}, {full['size']} bytes", f"{asked} µs CPU or less",
         f"{full['cpu_us']:.1f} µs, {full['per_second']} calls/s; nghttpd {floor:.1f} µs, ratio {full['cpu_us'] / floor:.1f}")
    line(f"{method}, half as many a second", "-", f"p50 {half['p50_us']} µs, p99 {half['p99_us']} µs")


if __name__ == "__main__":
    main()
