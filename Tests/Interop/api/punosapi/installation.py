"""Makes an installation with punosd, starts it on a free port, and opens stock gRPC clients to it."""

import importlib
import itertools
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time

import grpc

from punosapi.recording import RecordingChannel

ROOT = pathlib.Path(__file__).resolve().parents[4]
START_LIMIT = 30.0
_tenants = itertools.count(1)


def binary(name: str) -> str:
    """A program to test: in PUNOS_BIN_DIR, else the newest of SwiftPM's build directories."""
    folder = os.environ.get("PUNOS_BIN_DIR")
    if folder:
        return str(pathlib.Path(folder) / name)
    found = [
        path for pattern in (".build/*/debug", ".build/*/release", ".build-release/*/release")
        for path in ROOT.glob(f"{pattern}/{name}") if path.is_file()]
    if not found:
        raise RuntimeError(f"no {name}: `swift build --product {name}`, or set PUNOS_BIN_DIR")
    return str(max(found, key=lambda path: path.stat().st_mtime))


def generate_stubs(folder: pathlib.Path):
    protos = sorted(str(path.relative_to(ROOT / "proto")) for path in (ROOT / "proto").rglob("*.proto"))
    subprocess.run(
        [sys.executable, "-m", "grpc_tools.protoc", f"-I{ROOT / 'proto'}", f"--python_out={folder}",
         f"--grpc_python_out={folder}", *protos],
        check=True)


def eventually(condition, seconds: float = 10.0):
    """Looks at what another process does until it is so, or the time is over."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        threading.Event().wait(0.02)
    return True


class Client:
    """Stubs of every service over one channel."""

    def __init__(self, target, credentials, options=()):
        from punos.v1 import (
            account_pb2_grpc, account_view_pb2_grpc, business_claim_pb2_grpc, change_pb2_grpc, commitment_pb2_grpc,
            contact_pb2_grpc, insight_pb2_grpc, interaction_pb2_grpc, network_pb2_grpc, relationship_pb2_grpc,
            rhythm_pb2_grpc, search_pb2_grpc, server_pb2_grpc, signal_pb2_grpc, understanding_pb2_grpc)
        self.channel = RecordingChannel(grpc.secure_channel(
            target, credentials, options=[("grpc.use_local_subchannel_pool", 1), *options]))
        self.accounts = account_pb2_grpc.AccountServiceStub(self.channel)
        self.contacts = contact_pb2_grpc.ContactServiceStub(self.channel)
        self.views = account_view_pb2_grpc.AccountViewServiceStub(self.channel)
        self.changes = change_pb2_grpc.ChangeServiceStub(self.channel)
        self.searching = search_pb2_grpc.SearchServiceStub(self.channel)
        self.interactions = interaction_pb2_grpc.InteractionServiceStub(self.channel)
        self.relationships = relationship_pb2_grpc.RelationshipServiceStub(self.channel)
        self.network = network_pb2_grpc.NetworkServiceStub(self.channel)
        self.rhythms = rhythm_pb2_grpc.RhythmServiceStub(self.channel)
        self.commitments = commitment_pb2_grpc.CommitmentServiceStub(self.channel)
        self.business_claims = business_claim_pb2_grpc.BusinessClaimServiceStub(self.channel)
        self.insights = insight_pb2_grpc.InsightServiceStub(self.channel)
        self.insight_reviews = insight_pb2_grpc.InsightReviewServiceStub(self.channel)
        self.signals = signal_pb2_grpc.SignalServiceStub(self.channel)
        self.signal_handling = signal_pb2_grpc.SignalHandlingServiceStub(self.channel)
        self.understanding = understanding_pb2_grpc.UnderstandingServiceStub(self.channel)
        self.server = server_pb2_grpc.ServerServiceStub(self.channel)

    def service(self, name):
        """The stub of a service of punos.v1 by its name, such as CommitmentService."""
        import punos.v1
        for file in sorted(pathlib.Path(punos.v1.__path__[0]).glob("*_pb2_grpc.py")):
            stub = getattr(importlib.import_module(f"punos.v1.{file.stem}"), f"{name}Stub", None)
            if stub is not None:
                return stub(self.channel)
        raise LookupError(f"no service of punos.v1 is called {name}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.channel.close()


class Installation:
    def __init__(self, folder: pathlib.Path):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.process = None
        self.target = None
        self.log_path = self.folder / "punosd.log"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.punosd("init", "--data", self.data, "--tenant", "kuura", "--admin", "admin",
                    "--listen", "127.0.0.1:0")

    def punosd(self, *arguments, check=True):
        return subprocess.run(
            [binary("punosd"), *map(str, arguments)], check=check, capture_output=True, text=True,
            env=self.environment())

    @staticmethod
    def environment():
        return {key: value for key, value in os.environ.items() if not key.startswith("PUNOS_")} | {
            "SWIFT_BACKTRACE": os.environ.get("SWIFT_BACKTRACE", "enable=no")}

    def start(self, *settings):
        log = open(self.log_path, "a")
        self.process = subprocess.Popen(
            [binary("punosd"), "serve", "--data", str(self.data), *settings], stdout=subprocess.PIPE,
            stderr=log, text=True, env=self.environment())
        alarm = threading.Timer(START_LIMIT, self.process.kill)
        alarm.start()
        try:
            for line in self.process.stdout:
                found = re.search(r"ready at (\S+)", line)
                if found:
                    self.target = found.group(1)
                    return self
            raise RuntimeError(f"punosd ended before it was ready:\n{self.log()}")
        finally:
            alarm.cancel()

    def log(self) -> str:
        return self.log_path.read_text()

    def stop(self, how=signal.SIGTERM) -> int:
        self.process.send_signal(how)
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        return code

    def new_tenant(self) -> str:
        return f"tenant-{next(_tenants)}"

    def certificate(self, tenant="kuura", team="sales", name="aino"):
        base = self.data / "clients" / f"{tenant}-{team}-{name}"
        if not base.with_suffix(".pem").exists():
            self.punosd("cert", "issue", "--data", self.data, "--tenant", tenant, "--team", team, "--name", name)
        return pathlib.Path(f"{base}.pem"), pathlib.Path(f"{base}-key.pem")

    def credentials(self, **who):
        certificate, key = self.certificate(**who)
        return grpc.ssl_channel_credentials(
            (self.data / "pki" / "ca.pem").read_bytes(), key.read_bytes(), certificate.read_bytes())

    def client(self, **who) -> Client:
        return Client(self.target, self.credentials(**who))

    def anonymous(self) -> Client:
        return Client(self.target, grpc.ssl_channel_credentials((self.data / "pki" / "ca.pem").read_bytes()))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.stop(signal.SIGKILL)
