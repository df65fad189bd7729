"""Starting what is under test, finding where it listens, and watching what it holds."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

from .protos import ROOT

# A server that has not said where it listens after this many seconds never will, even on a busy machine.
START_LIMIT = 30.0
# Between two looks at a condition that has no event to wait for (another process's memory, its log).
LOOK_INTERVAL = 0.02


def interop_binary() -> str:
    """The punos-interop to test: PUNOS_INTEROP_BIN, else the newest of SwiftPM's build directories."""
    named = os.environ.get("PUNOS_INTEROP_BIN")
    if named:
        return named
    found = [
        path for pattern in (".build/*/debug", ".build/*/release", ".build-release/*/release")
        for path in ROOT.glob(f"{pattern}/punos-interop") if path.is_file()]
    if not found:
        raise RuntimeError("no punos-interop: `swift build --product punos-interop`, or set PUNOS_INTEROP_BIN")
    return str(max(found, key=lambda path: path.stat().st_mtime))


def eventually(condition, seconds: float = 5.0):
    """Looks at `condition` until it is truthy or the time is over; returns what it said last."""
    end = time.monotonic() + seconds
    while True:
        result = condition()
        if result or time.monotonic() >= end:
            return result
        threading.Event().wait(LOOK_INTERVAL)


class ServerProcess:
    """A server with the command line of punos-interop: `--listen HOST:PORT --cert --key [--client-ca]`.

    It is started on port 0 and asked (by its first line of output) where it listens.
    """

    def __init__(self, certificates: pathlib.Path, client_ca: pathlib.Path | None = None, command=None,
                 extra: list[str] | None = None, host: str = "127.0.0.1"):
        self.host = host
        self.log_file = tempfile.NamedTemporaryFile(prefix="punos-interop-", suffix=".log", delete=False)
        arguments = [*(command or [interop_binary()]), "--listen", f"{host}:0",
                     "--cert", str(certificates / "server.crt"), "--key", str(certificates / "server.key")]
        if client_ca is not None:
            arguments += ["--client-ca", str(client_ca)]
        self.process = subprocess.Popen(
            arguments + (extra or []), stdout=subprocess.PIPE, stderr=self.log_file, text=True,
            env={**os.environ, "SWIFT_BACKTRACE": "enable=no"})
        self.pid = self.process.pid
        self.port = self._read_port()
        # Whatever it prints later joins its log; a pipe that nobody reads would stop the server one day.
        threading.Thread(target=self._drain, daemon=True).start()

    def _read_port(self) -> int:
        alarm = threading.Timer(START_LIMIT, self.process.kill)
        alarm.start()
        try:
            for line in self.process.stdout:
                found = re.search(r":(\d+)\s*$", line)
                if found:
                    return int(found.group(1))
            raise RuntimeError(f"the server ended without saying where it listens:\n{self.log()}")
        finally:
            alarm.cancel()

    def _drain(self):
        with open(self.log_file.name, "a") as log:
            for line in self.process.stdout:
                log.write(line)
                log.flush()

    @property
    def target(self) -> str:
        return f"{self.host}:{self.port}"

    def log(self) -> str:
        return pathlib.Path(self.log_file.name).read_text(errors="replace")

    def resident_kib(self) -> int:
        """Resident memory now, in KiB."""
        return self._status("VmRSS")

    def peak_kib(self) -> int:
        """The most memory that was resident since the start or the last `forget_peak`, in KiB."""
        return self._status("VmHWM")

    def _status(self, field: str) -> int:
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1])
        raise RuntimeError(f"the server (pid {self.pid}) is gone:\n{self.log()[-4000:]}")

    def forget_peak(self):
        """Lets `peak_kib` start again from what is resident now."""
        pathlib.Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def descriptors(self) -> int:
        """Open files, sockets and pipes; not the timers and event counters that event loops make when they need them."""
        count = 0
        for entry in os.listdir(f"/proc/{self.pid}/fd"):
            try:
                count += not os.readlink(f"/proc/{self.pid}/fd/{entry}").startswith("anon_inode:")
            except FileNotFoundError:
                pass  # Closed meanwhile.
        return count

    def cpu_seconds(self) -> float:
        """User and system time used so far."""
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def alive(self) -> bool:
        return self.process.poll() is None

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float) -> int:
        """The exit status; negative is the signal that ended it."""
        return self.process.wait(seconds)

    def close(self):
        if self.alive():
            self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        self.log_file.close()
        os.unlink(self.log_file.name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def reference_command(*arguments: str) -> list[str]:
    """The grpcio server in reference.py, with the command line of punos-interop."""
    return [sys.executable, str(pathlib.Path(__file__).with_name("reference.py")), *arguments]
