"""What is installed: programs, pages, completions, the unit, the server's user and folder."""

import gzip
import json
import os
import pathlib
import shutil
import stat
import subprocess

import pytest

from punoscli import ROOT, binaries

BIN = binaries()
if BIN.name == "debug":
    pytest.skip("packages are made of release builds", allow_module_level=True)
if os.geteuid() != 0 and not shutil.which("fakeroot"):
    pytest.skip("packages are made as root or with fakeroot", allow_module_level=True)
AS_ROOT = [] if os.geteuid() == 0 else ["fakeroot"]


def run(*command, **environment):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300, cwd=ROOT,
                          env={**os.environ, "PUNOS_BIN_DIR": str(BIN), **environment})
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    run(ROOT / "scripts/man-pages.py", BIN, folder)
    return folder


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("deb")
    # The content is looked at, not the size.
    return pathlib.Path(run(ROOT / "scripts/make-deb.sh", folder, DPKG_DEB_COMPRESSOR_LEVEL="0").split()[-1])


def dump(language):
    locale = {"en": "C.UTF-8", "fi": "fi_FI.UTF-8"}[language]
    return json.loads(run(BIN / "punos", "--experimental-dump-help", LC_ALL=locale))["command"]


def leaves(command, path):
    below = [c for c in command.get("subcommands", []) if c["commandName"] != "help"]
    if not below:
        yield path, command
    for child in below:
        yield from leaves(child, path + [child["commandName"]])


def plain(page):
    """A page's text as `man` shows it, in one line."""
    done = subprocess.run(["man", "-l", str(page)], capture_output=True, text=True, timeout=60, check=True,
                          env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "MANWIDTH": "200", "MANOPT": "--no-hyphenation --no-justification"})
    return " ".join(done.stdout.split())


@pytest.mark.parametrize("language, folder", [("en", "man1"), ("fi", "fi/man1")])
def test_every_command_and_option_is_in_a_manual_page(pages, language, folder):
    texts = {path.stem: plain(path) for path in (pages / folder).iterdir()}
    for path, command in leaves(dump(language), ["punos"]):
        text = texts["-".join(path[:2])]
        assert " ".join(path) in text
        assert " ".join(command["abstract"].split()) in text, path
        for argument in command.get("arguments", []):
            for name in argument.get("names", []):
                spelled = ("-" if name["kind"] == "short" else "--") + name["name"]
                assert spelled in text, (path, spelled)


def test_manual_pages_are_clean(pages):
    for path in pages.rglob("*.[18]"):
        done = subprocess.run(["groff", "-man", "-ww", "-Kutf8", "-Tutf8", "-z", str(path)], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, ""), path


def test_the_servers_page_has_its_commands(pages):
    text = plain(pages / "man8/punosd.8")
    for word in ["punosd init", "punosd serve", "punosd backup", "punosd restore", "punosd verify", "punosd cert issue"]:
        assert word in text


def test_installing_puts_everything_under_the_prefix(tmp_path):
    run(ROOT / "scripts/install-files.sh", BIN, tmp_path, "/usr/local")
    local = tmp_path / "usr/local"
    for path, mode in {"bin/punos": 0o755, "bin/punosd": 0o755, "lib/systemd/system/punosd.service": 0o644,
                       "share/man/man1/punos.1.gz": 0o644, "share/man/fi/man1/punos-account.1.gz": 0o644,
                       "share/man/man8/punosd.8.gz": 0o644, "share/bash-completion/completions/punos": 0o644,
                       "share/zsh/site-functions/_punos": 0o644, "share/fish/vendor_completions.d/punos.fish": 0o644,
                       "lib/sysusers.d/punos.conf": 0o644}.items():
        assert stat.S_IMODE((local / path).stat().st_mode) == mode, path
    assert "ExecStart=/usr/local/bin/punosd serve" in (local / "lib/systemd/system/punosd.service").read_text()
    assert [p.name for p in tmp_path.iterdir()] == ["usr"]


def test_what_is_shipped_needs_no_toolchain(package, tmp_path):
    run("dpkg-deb", "-x", package, tmp_path)
    for program in ["punos", "punosd"]:
        libraries = run("ldd", tmp_path / "usr/bin" / program)
        assert "swift" not in libraries.replace(str(tmp_path), "") and "not found" not in libraries
        assert program in run(tmp_path / "usr/bin" / program, "--version")
    depends = run("dpkg-deb", "-f", package, "Depends")
    assert "libssl3" in depends and "libnghttp2-14" in depends and "libsqlite3-0" in depends


def test_the_package_installs_with_its_user_and_a_folder_of_its_own(package, tmp_path):
    root = tmp_path / "root"
    (root / "var/lib/dpkg/updates").mkdir(parents=True)
    (root / "var/lib/dpkg/info").mkdir()
    (root / "var/lib/dpkg/status").write_text("")
    (root / "etc").mkdir()
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (root / "etc/group").write_text("root:x:0:\n")
    dpkg = AS_ROOT + ["dpkg", f"--root={root}", "--force-script-chrootless", "--force-depends", f"--log={tmp_path}/dpkg.log"]
    run(*dpkg, "-i", package)
    user = next(line.split(":") for line in (root / "etc/passwd").read_text().splitlines() if line.startswith("punos:"))
    assert user[5:] == ["/var/lib/punos", "/usr/sbin/nologin"]
    folder = (root / "var/lib/punos").stat()
    assert stat.S_IMODE(folder.st_mode) == 0o700
    if os.geteuid() == 0:
        assert folder.st_uid == int(user[2])
    unit = (root / "lib/systemd/system/punosd.service").read_text()
    assert "User=punos" in unit and "ConditionPathExists=/var/lib/punos/punosd.conf" in unit
    # Nothing that is installed may be written by anybody but its owner.
    for path in root.rglob("*"):
        if not path.is_symlink():
            assert not path.stat().st_mode & 0o022, path
    (root / "var/lib/punos/precious").write_text("x")
    run(*dpkg, "--purge", "punos")
    assert not (root / "usr/bin/punosd").exists()
    assert (root / "var/lib/punos/precious").exists()


def test_the_package_pleases_lintian(package):
    if not shutil.which("lintian"):
        pytest.skip("lintian is not installed")
    done = subprocess.run(["lintian", "--fail-on", "error,warning", "--tag-display-limit", "0", str(package)],
                          capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_unit_is_valid(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed")
    unit = (ROOT / "packaging/punosd.service").read_text().replace("/usr/bin/punosd", str(BIN / "punosd"))
    (tmp_path / "punosd.service").write_text(unit)
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(tmp_path / "punosd.service")],
                          capture_output=True, text=True, timeout=60)
    said = [line for line in done.stderr.splitlines() if "punosd.service" in line]
    assert said == []


def test_the_changelog_is_readable(package, tmp_path):
    run("dpkg-deb", "-x", package, tmp_path)
    text = gzip.decompress((tmp_path / "usr/share/doc/punos/changelog.gz").read_bytes()).decode()
    assert text.startswith("punos (")
