"""`make demo` on programs that are built: it shows what it promises, ends well, and leaves nothing behind."""

import os
import pathlib
import subprocess
import tempfile
import time

import pytest

from punoscli import ROOT, binaries

# The second run's promise; the programs are built before.
WITHIN = 60.0

# What a narrow terminal shows of a line.
COLUMNS = 80


@pytest.fixture
def temporary():
    """A folder with a short name: the path of a socket has room for about a hundred bytes."""
    with tempfile.TemporaryDirectory() as folder:
        yield pathlib.Path(folder)


def test_the_demo_shows_search_an_account_its_history_and_a_watch_and_leaves_nothing(temporary, tmp_path):
    folder = temporary
    home = tmp_path / "home"
    home.mkdir()
    before = set(pathlib.Path(ROOT).iterdir())
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "TMPDIR": str(folder),
        "PUNOS_BIN_DIR": str(binaries())}
    start = time.monotonic()
    done = subprocess.run(
        [ROOT / "scripts/demo.sh"], env=environment, capture_output=True, timeout=WITHIN, text=True, start_new_session=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert time.monotonic() - start < WITHIN
    for shown in [
        "$ punos search konepajan", "$ punos account show Kuura", "$ punos watch Kuura", "$ punos account history Kuura",
        "Kolmas linja tilattu", "431", "Liisa Korhonen", "Done."]:
        assert shown in done.stdout, f"the demo does not show {shown}:\n{done.stdout}"
    wide = [line for line in done.stdout.splitlines() if len(line) > COLUMNS]
    assert not wide, "\n".join(wide)
    watched = done.stdout.split("$ punos watch Kuura")[1].split("$ punos account history")[0]
    assert "Kolmas linja tilattu" in watched.replace("--reason 'Kolmas linja tilattu'", ""), "the watch shows no change"
    assert list(folder.iterdir()) == [] and list(home.iterdir()) == []
    assert set(pathlib.Path(ROOT).iterdir()) == before
    left = subprocess.run(["pgrep", "-f", str(folder)], capture_output=True, text=True).stdout
    assert left == "", f"the demo leaves processes behind: {left}"
