#!/usr/bin/env python3
"""What a call costs the server, beside the cheapest server there is; see README.md here.

    bench-wire.py [--rounds 5] [--calls 100000] [--only unary,streaming,handshakes]

Drives punos-interop (PUNOS_INTEROP_BIN, else the newest release build) and nghttpd with the same h2load lines, server
on core 0, load on core 1, A and B by turns, and prints medians. Needs h2load, nghttpd, openssl and a C compiler.
"""

import argparse
import contextlib
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SERVER_CORE, LOAD_CORE = "0", "1"
SERVICE = "/grpc.testing.TestService/"
GRPC = ["-H", "content-type: application/grpc", "-H", "te: trailers"]
START_LIMIT = 20.0
# A unary answer of 900 bytes of payload is this long with its protobuf and gRPC prefixes.
PAYLOAD, ANSWER = 900, 911
SHAPES = [(8, 32), (64, 8)]


# ── protobuf by hand, so that nothing needs installing ─────────────────────


def varint(value: int) -> bytes:
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number: int, content: bytes | int) -> bytes:
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def message(body: bytes) -> bytes:
    return b"\0" + len(body).to_bytes(4, "big") + body


def bodies(directory: pathlib.Path) -> dict[str, pathlib.Path]:
    """The request bodies of every measurement, as files for h2load."""
    def down(count, size):
        return message(b"".join(field(2, field(1, size)) for _ in range(count)))

    def up(count, size):
        return message(field(1, field(2, bytes(size)))) * count

    made = {
        "unary": message(field(2, PAYLOAD)),
        "down-small": down(1_000, 100), "down-large": down(64, 65_536),
        "up-small": up(1_000, 100), "up-large": up(64, 65_536),
    }
    paths = {}
    for name, content in made.items():
        paths[name] = directory / name
        paths[name].write_bytes(content)
    return paths


# ── servers ────────────────────────────────────────────────────────────────


def punos_binary() -> str:
    named = os.environ.get("PUNOS_INTEROP_BIN")
    if named:
        return named
    found = [path for pattern in (".build-release/*/release", ".build/*/release")
             for path in ROOT.glob(f"{pattern}/punos-interop")]
    if not found:
        sys.exit("no release build: scripts/build-release.sh punos-interop")
    return str(max(found, key=lambda path: path.stat().st_mtime))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, name: str, command: list[str], port: int | None):
        self.name = name
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            ["taskset", "-c", SERVER_CORE, *command], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if port is None else self.log, stderr=self.log)
        self.port = self._printed_port() if port is None else port
        self._await_listening()

    def _printed_port(self) -> int:
        alarm = threading.Timer(START_LIMIT, self.process.kill)
        alarm.start()
        for line in self.process.stdout:
            found = re.search(rb":(\d+)\s*$", line)
            if found:
                alarm.cancel()
                return int(found.group(1))
        sys.exit(f"{self.name} did not say where it listens")

    def _await_listening(self):
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            threading.Event().wait(0.02)
        sys.exit(f"{self.name} does not listen")

    def cpu_seconds(self) -> float:
        """Time on a processor, of all threads that live; in nanoseconds' steps, unlike /proc/PID/stat."""
        total = 0
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
        return total / 1e9

    def close(self):
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        self.process.kill()
        self.process.wait()


def h2load(server: Server, path: str, connections: int, streams: int, calls: int, *extra: str):
    """One line of load; returns (server CPU seconds, wall seconds, bytes of DATA that came back)."""
    before, began = server.cpu_seconds(), time.monotonic()
    result = subprocess.run(
        ["taskset", "-c", LOAD_CORE, "h2load", "-t", "1", "-c", str(connections), "-m", str(streams), "-n", str(calls),
         *extra, f"https://127.0.0.1:{server.port}{path}"], capture_output=True, text=True)
    wall, cpu = time.monotonic() - began, server.cpu_seconds() - before
    succeeded = re.search(r"(\d+) succeeded", result.stdout)
    protocol = re.search(r"TLS Protocol: (\S+)", result.stdout)
    if not succeeded or int(succeeded.group(1)) != calls or not protocol or protocol.group(1) != "TLSv1.3":
        sys.exit(f"{server.name}: not every call succeeded over TLS 1.3:\n{result.stdout}{result.stderr}")
    data = re.search(r"\((\d+)\) data", result.stdout)
    return cpu, wall, int(data.group(1)) if data else 0


def median_of(rows: list[float]) -> str:
    return f"{statistics.median(rows):.2f} ({min(rows):.2f}–{max(rows):.2f})"


# ── measurements ───────────────────────────────────────────────────────────


# What is promised of a call with async handlers, beside nghttpd under the same load.
PROMISED_RATIO = 2.0


def unary(punos: Server, floor: Server, files, rounds: int, calls: int, floor_gets: bool):
    print(f"\n## Unary call, answer of {ANSWER} bytes: server CPU per call, µs; median (lowest–highest)\n")
    print("| connections × streams | punos-interop | nghttpd | ratio | calls/s punos | calls/s nghttpd |")
    print("|---|---|---|---|---|---|")
    post = [*GRPC, "-d", str(files["unary"])]
    medians = []
    for connections, streams in SHAPES:
        ours, theirs, ratios, rates = [], [], [], ([], [])
        for round_number in range(-1, rounds):  # The round before the first warms both up.
            cpu_a, wall_a, data = h2load(punos, SERVICE + "UnaryCall", connections, streams, calls, *post)
            if data != calls * ANSWER:
                sys.exit(f"punos-interop answered {data} bytes instead of {calls * ANSWER}: not the answers asked for")
            cpu_b, wall_b, _ = h2load(floor, "/answer", connections, streams, calls, *([] if floor_gets else post))
            if round_number >= 0:
                ours.append(cpu_a / calls * 1e6)
                theirs.append(cpu_b / calls * 1e6)
                ratios.append(cpu_a / cpu_b)
                rates[0].append(calls / wall_a)
                rates[1].append(calls / wall_b)
        print(f"| {connections} × {streams} | {median_of(ours)} | {median_of(theirs)} | {median_of(ratios)} "
              f"| {statistics.median(rates[0]):.0f} | {statistics.median(rates[1]):.0f} |", flush=True)
        medians.append(statistics.median(ratios))
    kept = all(ratio <= PROMISED_RATIO for ratio in medians)
    print(f"\nPromised: at most {PROMISED_RATIO:.1f} × nghttpd under the same lines of load"
          f"{' (here it was spared the request body)' if floor_gets else ''}. "
          f"{'Kept' if kept else 'MISSED'}: {', '.join(f'{ratio:.2f}' for ratio in medians)}.", flush=True)


STREAMS = [  # name, method, body, messages a call, bytes a message, calls
    ("down, 100 B messages", "StreamingOutputCall", "down-small", 1_000, 100, 400),
    ("down, 64 KiB messages", "StreamingOutputCall", "down-large", 64, 65_536, 200),
    ("up, 100 B messages", "StreamingInputCall", "up-small", 1_000, 100, 400),
    ("up, 64 KiB messages", "StreamingInputCall", "up-large", 64, 65_536, 200),
]


def streaming(punos: Server, files, rounds: int):
    print("\n## Streams on 4 connections × 4, windows of 16 MiB; median (lowest–highest)\n")
    print("| direction | messages/s | MB/s | server CPU per message, µs |")
    print("|---|---|---|---|")
    for name, method, body, count, size, calls in STREAMS:
        rates, costs = [], []
        for round_number in range(-1, rounds):
            cpu, wall, data = h2load(
                punos, SERVICE + method, 4, 4, calls, *GRPC, "-d", str(files[body]), "-w", "24", "-W", "24")
            if body.startswith("down") and data < calls * count * size:
                sys.exit(f"punos-interop streamed {data} bytes instead of {calls * count * size}")
            if round_number >= 0:
                rates.append(calls * count / wall)
                costs.append(cpu / (calls * count) * 1e6)
        megabytes = [rate * size / 1e6 for rate in rates]
        print(f"| {name} | {statistics.median(rates):.0f} | {median_of(megabytes)} | {median_of(costs)} |", flush=True)


def handshakes(punos: Server, certs: pathlib.Path, work: pathlib.Path, rounds: int):
    program = work / "handshakes"
    subprocess.run(
        ["cc", "-O2", "-o", str(program), str(HERE / "handshakes.c"), "-lssl", "-lcrypto"], check=True)
    port = free_port()
    plain = Server("openssl s_server", [
        "openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", str(certs / "server.crt"), "-key",
        str(certs / "server.key"), "-tls1_3", "-groups", "X25519:P-256:P-384", "-num_tickets", "0", "-alpn", "h2",
        "-quiet", "-www"], port)
    print("\n## Full TLS 1.3 handshakes (P-256 certificate, X25519, no tickets); median (lowest–highest)\n")
    print("| server | handshakes/s, 4 clients | server CPU per handshake, µs |")
    print("|---|---|---|")
    seconds = 2.0
    results = {server.name: ([], []) for server in (punos, plain)}
    for _ in range(rounds):
        for server in (punos, plain):
            before, began = server.cpu_seconds(), time.monotonic()
            done = int(subprocess.run(
                ["taskset", "-c", LOAD_CORE, str(program), "127.0.0.1", str(server.port), str(seconds), "4"],
                check=True, capture_output=True, text=True).stdout)
            results[server.name][0].append(done / (time.monotonic() - began))
            results[server.name][1].append((server.cpu_seconds() - before) / done * 1e6)
    plain.close()
    for name, (rates, costs) in results.items():
        print(f"| {name} | {median_of(rates)} | {median_of(costs)} |", flush=True)
    ratios = [ours / theirs for ours, theirs in zip(results[punos.name][1], results[plain.name][1])]
    print(f"\nA handshake's CPU beside {plain.name}: {median_of(ratios)} ×", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--only", default="unary,streaming,handshakes")
    parser.add_argument("--floor-gets", action="store_true", help="spare nghttpd the request body and its headers")
    options = parser.parse_args()
    only = options.only.split(",")
    for tool in ("h2load", "nghttpd", "openssl", "taskset"):
        if not shutil.which(tool):
            sys.exit(f"no {tool}: Tests/Interop/setup.sh --system")
    with tempfile.TemporaryDirectory() as directory, contextlib.ExitStack() as stack:
        work = pathlib.Path(directory)
        certs = work / "certs"
        subprocess.run([ROOT / "certs/make-dev-certs.sh", certs], check=True, stdout=subprocess.DEVNULL)
        pair = ["--cert", str(certs / "server.crt"), "--key", str(certs / "server.key")]
        files = bodies(work)
        (work / "www").mkdir()
        (work / "www/answer").write_bytes(b"a" * ANSWER)
        port = free_port()
        floor = Server("nghttpd", [
            "nghttpd", "-a", "127.0.0.1", "-d", str(work / "www"), "--workers", "1", "--max-concurrent-streams", "100",
            str(port), str(certs / "server.key"), str(certs / "server.crt")], port)
        stack.callback(floor.close)
        punos = Server("punos-interop", [punos_binary(), "--listen", "127.0.0.1:0", *pair], None)
        stack.callback(punos.close)
        print(f"{os.cpu_count()} cores, server on core {SERVER_CORE}, load on core {LOAD_CORE}, "
              f"load average {os.getloadavg()[0]:.1f}, {options.rounds} rounds by turns")
        if "unary" in only:
            unary(punos, floor, files, options.rounds, options.calls, options.floor_gets)
        if "streaming" in only:
            streaming(punos, files, options.rounds)
        if "handshakes" in only:
            handshakes(punos, certs, work, options.rounds)


if __name__ == "__main__":
    main()
