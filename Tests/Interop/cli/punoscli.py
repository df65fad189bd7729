"""A real punosd on a port of its own and in a temporary folder, and the client's commands against it."""

import dataclasses
import json
import os
import pathlib
import re
import select
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
READY = re.compile(rb"punosd is ready at (\S+)")
READY_WITHIN = 30.0
COMMAND_WITHIN = 120.0


def binaries() -> pathlib.Path:
    """The folder with punosd and punos: PUNOS_BIN_DIR, or what was built last for use or for tests."""
    given = os.environ.get("PUNOS_BIN_DIR")
    candidates = [pathlib.Path(given)] if given else [ROOT / ".build-release/release", ROOT / ".build/debug"]
    for folder in candidates:
        if (folder / "punosd").exists() and (folder / "punos").exists():
            return folder.resolve()
    raise RuntimeError(f"punosd and punos are in none of {[str(c) for c in candidates]}: build them, or set PUNOS_BIN_DIR")


@dataclasses.dataclass
class Result:
    status: int
    out: str
    err: str

    def json(self):
        return json.loads(self.out)

    def lines(self):
        return [json.loads(line) for line in self.out.splitlines() if line]


class Server:
    """A running punosd."""

    def __init__(self, folder: pathlib.Path, tenant: str = "acme"):
        self.folder = folder
        self.data = folder / "data"
        self.tenant = tenant
        self.bin = binaries()
        self.process = None
        self.address = ""
        # The server refuses settings it does not know: the tests' own are kept from it.
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("PUNOS_")}
        subprocess.run(
            [self.bin / "punosd", "init", "--data", self.data, "--tenant", tenant, "--team", "sales", "--admin",
             "aino.virtanen", "--listen", "127.0.0.1:0"],
            check=True, capture_output=True, timeout=COMMAND_WITHIN, env=self.environment)
        self.start()

    def start(self, listen: str | None = None):
        log = open(self.folder / "server.log", "ab")
        command = [self.bin / "punosd", "serve", "--data", self.data]
        if listen:
            command += ["--listen", listen]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=self.environment)
        seen = b""
        deadline = time.monotonic() + READY_WITHIN
        while True:
            left = deadline - time.monotonic()
            readable, _, _ = select.select([self.process.stdout], [], [], max(0, left))
            chunk = os.read(self.process.stdout.fileno(), 4096) if readable else b""
            seen += chunk
            match = READY.search(seen)
            if match:
                self.address = match.group(1).decode()
                return
            if not chunk:
                raise RuntimeError("punosd did not get ready:\n" + (self.folder / "server.log").read_text())

    def stop(self) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=30)
        self.process.stdout.close()
        self.process = None
        return status

    def credential(self, team: str, name: str) -> pathlib.Path:
        """The certificate of a person; its key is beside it."""
        folder = self.folder / "people"
        subprocess.run(
            [self.bin / "punosd", "cert", "issue", "--data", self.data, "--tenant", self.tenant, "--team", team,
             "--name", name, "--out", folder],
            check=True, capture_output=True, timeout=COMMAND_WITHIN, env=self.environment)
        return folder / f"{self.tenant}-{team}-{name}.pem"


class Client:
    """The client with contexts of its own."""

    def __init__(self, server: Server, home: pathlib.Path, context: bool = True):
        self.server = server
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        self.binary = str(server.bin / "punos")
        self.environment = {
            "HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TZ": "Europe/Helsinki",
            "XDG_STATE_HOME": str(home / "state"), "XDG_CONFIG_HOME": str(home / "config"), "TERM": "xterm",
        }
        if context:
            certificate = server.data / "clients" / f"{server.tenant}-sales-aino.virtanen.pem"
            self.add_context("home", certificate)

    def add_context(self, name: str, certificate: pathlib.Path, server: Server | None = None):
        """Makes a server known, the client's own where none is named."""
        server = server or self.server
        key = certificate.with_name(certificate.stem + "-key.pem")
        self.ok("context", "add", name, "--endpoint", server.address, "--ca", server.data / "pki/ca.pem",
                "--cert", certificate, "--key", key, "--force")

    def run(self, *arguments, **environment) -> Result:
        done = subprocess.run(
            [self.binary, *map(str, arguments)], capture_output=True, timeout=COMMAND_WITHIN, cwd=self.home,
            env={**self.environment, **environment})
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    def ok(self, *arguments, **environment) -> Result:
        result = self.run(*arguments, **environment)
        assert result.status == 0, f"punos {' '.join(map(str, arguments))} ended with {result.status}\n{result.out}\n{result.err}"
        return result

    def accounts(self) -> list[dict]:
        return self.ok("account", "list", "--limit", "0", "--output", "jsonl").lines()

    def contacts(self) -> list[dict]:
        return self.ok("contact", "list", "--limit", "0", "--output", "jsonl").lines()
