"""Certificates for one test run, made by certs/make-dev-certs.sh, and grpcio's view of them."""

import pathlib
import subprocess

import grpc

from .protos import ROOT


def make(directory: pathlib.Path) -> pathlib.Path:
    """A directory with everything `make-dev-certs.sh --variants` writes."""
    subprocess.run(
        [str(ROOT / "certs/make-dev-certs.sh"), str(directory), "--variants"], check=True, stdout=subprocess.DEVNULL)
    return directory


def channel_credentials(directory: pathlib.Path, client: str | None = None) -> grpc.ChannelCredentials:
    """What a grpcio client needs: the authority and, where `client` names one, a certificate of its own."""
    own = {}
    if client is not None:
        own = {"private_key": (directory / f"{client}.key").read_bytes(),
               "certificate_chain": (directory / f"{client}.crt").read_bytes()}
    return grpc.ssl_channel_credentials((directory / "ca.crt").read_bytes(), **own)
