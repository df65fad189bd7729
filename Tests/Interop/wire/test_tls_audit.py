"""What the auditors say of our TLS: sslyze against Mozilla's "modern" profile, and testssl.sh.

PUNOS_WIRE_AUDIT=full (as `make wire-audit` sets it) lets testssl.sh run everything it has, which takes minutes.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

from conftest import REFERENCE

pytestmark = pytest.mark.skipif(REFERENCE, reason="grpcio's TLS is not ours")
FULL = os.environ.get("PUNOS_WIRE_AUDIT") == "full"
# Protocols, cipher categories, forward secrecy; the vulnerabilities where there is time.
SHORT = ["-p", "-s", "-f"]
AUDIT_LIMIT = 900
FINDING = {"LOW", "MEDIUM", "HIGH", "CRITICAL", "WARN"}
# Findings about what a development certificate is not and what gRPC has no use for, each with its reason.
NOT_OURS = {
    "HSTS": "for browsers",
    "HPKP": "for browsers",
    "security_headers": "for browsers",
    "BREACH": "no secret is reflected next to compressed text; gRPC compresses single messages where asked",
    "OCSP_stapling": "a development authority has no responder",
    "cert_revocation": "a development authority has no responder",
    "cert_ocspURL": "a development authority has no responder",
    "cert_crlDistributionPoints": "a development authority has no list",
    "DNS_CAArecord": "localhost has no DNS",
    "cert_caIssuers": "a development authority has no web page",
    "cert_commonName": "SANs are what counts",
    "HTTP_status_code": "415 is the answer to a browser",
    "HTTP_clock_skew": "no Date header in gRPC",
    "engine_problem": "says that the auditor's own openssl knows no GOST",
}


def test_sslyze_finds_the_modern_profile(server, certs):
    result = subprocess.run(
        [sys.executable, "-m", "sslyze", "--mozilla_config", "modern", "--certinfo_ca_file", str(certs / "ca.crt"),
         server.target], capture_output=True, text=True, timeout=AUDIT_LIMIT)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr
    assert "OK - Compliant" in result.stdout, result.stdout[-3000:]


def openssl_that_asks_for_http2(folder):
    """The openssl that testssl.sh is to use. By itself its s_client names no protocol, and who does not ask for h2 is
    hung up on after the handshake: whether s_client calls that a connection then depends on who is faster."""
    program = folder / "openssl"
    program.write_text(
        '#!/bin/sh\nif [ "$1" = s_client ]; then shift; exec /usr/bin/openssl s_client -alpn h2 "$@"; fi\n'
        'exec /usr/bin/openssl "$@"\n')
    program.chmod(0o755)
    return program


def test_testssl_finds_nothing(server, certs, tmp_path):
    tool = shutil.which("testssl") or shutil.which("testssl.sh")
    assert tool, "no testssl.sh: run Tests/Interop/setup.sh --system"
    report = tmp_path / "report.json"
    subprocess.run(
        [tool, "--openssl", str(openssl_that_asks_for_http2(tmp_path)), "--quiet", "--color", "0", "--warnings", "off", "--ip", server.host, "--add-ca",
         str(certs / "ca.crt"), "--jsonfile", str(report), *([] if FULL else SHORT), server.target],
        capture_output=True, text=True, timeout=AUDIT_LIMIT, env={**os.environ, "TERM": "dumb"})
    findings = json.loads(pathlib.Path(report).read_text())
    said = {entry["id"]: entry for entry in findings}
    assert said["TLS1_3"]["severity"] == "OK", said["TLS1_3"]
    for old in ("SSLv2", "SSLv3", "TLS1", "TLS1_1", "TLS1_2"):
        assert "not offered" in said[old]["finding"], said[old]
    bad = [entry for entry in findings if entry["severity"] in FINDING
           and entry["id"].split(" ")[0] not in NOT_OURS]
    assert bad == [], json.dumps(bad, indent=1)
