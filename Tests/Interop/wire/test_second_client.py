"""A second stock client, which shares no code with gRPC-core: Debian's grpc-go."""

import os
import pathlib
import shutil
import subprocess

import pytest

from punoswire.protos import ROOT

DEBIAN_GO = pathlib.Path("/usr/share/gocode")
BUILD_LIMIT = 300


@pytest.fixture(scope="session")
def go_client(tmp_path_factory):
    """Builds Tests/Interop/go from Debian's packages alone; the result is kept beside the Python environment."""
    for tool in ("go", "protoc", "protoc-gen-go"):
        assert shutil.which(tool), f"no {tool}: run Tests/Interop/setup.sh --system"
    assert (DEBIAN_GO / "src/google.golang.org/grpc").is_dir(), "no grpc-go: run Tests/Interop/setup.sh --system"
    source = ROOT / "Tests/Interop/go/main.go"
    protos = sorted((ROOT / "proto/grpc/testing").glob("*.proto"))
    kept = ROOT / ".venv-interop/go-client"
    newest = max(path.stat().st_mtime for path in [source, *protos])
    if kept.exists() and kept.stat().st_mtime > newest:
        return kept
    work = tmp_path_factory.mktemp("go")
    out = work / "src/punos.test/testing"
    out.mkdir(parents=True)
    names = [str(path.relative_to(ROOT / "proto")) for path in protos]
    mapped = ",".join(f"M{name}=punos.test/testing" for name in names)
    subprocess.run(
        ["protoc", f"-I{ROOT / 'proto'}", f"--go_out=plugins=grpc,import_path=testing,{mapped}:{work / 'src'}", *names],
        check=True)
    for generated in (work / "src").rglob("*.pb.go"):
        if generated.parent != out:
            shutil.move(generated, out / generated.name)
    program = work / "src/punos.test/client"
    program.mkdir()
    shutil.copy(source, program)
    kept.parent.mkdir(exist_ok=True)
    subprocess.run(
        ["go", "build", "-o", str(kept), "punos.test/client"], check=True, timeout=BUILD_LIMIT,
        env={**os.environ, "GO111MODULE": "off", "GOPATH": f"{work}:{DEBIAN_GO}", "GOFLAGS": ""})
    return kept


def run(*arguments):
    result = subprocess.run([str(argument) for argument in arguments], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stdout + result.stderr


def test_grpc_go_calls_over_tls(go_client, server, certs):
    run(go_client, server.target, certs / "ca.crt")


def test_grpc_go_calls_over_mutual_tls(go_client, mutual_server, certs):
    run(go_client, mutual_server.target, certs / "ca.crt", certs / "client.crt", certs / "client.key")
