"""What a person sees: through a pseudo-terminal of several widths."""

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import termios
import time
import unicodedata

import pytest

ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class Terminal:
    """A program on a terminal."""

    def __init__(self, client, *arguments, width=80, program=None, **environment):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
        self.process = subprocess.Popen(
            [program or client.binary, *map(str, arguments)], stdin=slave, stdout=slave, stderr=slave, cwd=client.home,
            env={**client.environment, **environment}, start_new_session=True,
            # The terminal is the program's own: Ctrl-C interrupts it, and shells may read from it.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)
        self.text = ""
        self.seen = 0

    def read_until(self, wanted=None, within=60.0):
        """Reads until a text has come behind what was waited for before, or to the end."""
        start = self.seen
        deadline = time.monotonic() + within
        while wanted is None or wanted not in self.text[start:]:
            readable, _, _ = select.select([self.master], [], [], max(0, deadline - time.monotonic()))
            assert readable, f"waited for {wanted!r}, got {self.text!r}"
            try:
                chunk = os.read(self.master, 65536)
            except OSError:
                chunk = b""
            if not chunk:
                assert wanted is None, f"ended before {wanted!r}: {self.text!r}"
                break
            self.text += chunk.decode()
        self.seen = len(self.text) if wanted is None else self.text.index(wanted, start) + len(wanted)
        return self.text[start:]

    def type(self, keys):
        os.write(self.master, keys.encode())

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)


def screen(client, *arguments, width=80, **environment):
    terminal = Terminal(client, *arguments, width=width, **environment)
    try:
        return terminal.read_until().replace("\r\n", "\n")
    finally:
        terminal.close()


def columns(line):
    total = 0
    for character in ESCAPE.sub("", line):
        if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
            continue
        total += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return total


@pytest.fixture
def populated(client):
    client.ok("account", "create", "Kuura Konepaja", "--status", "current", "--y-tunnus", "9000012-6", "--employees", "412",
              "--revenue", "96.4M EUR", "--domain", "kuurakonepaja.example", "--industry", "Koneiden ja laitteiden valmistus",
              "--owner", "sales=aino.virtanen", "--owner", "delivery=eero.koski", "--description",
              "Toinen linja käynnistyy keväällä; huolto haluaa varaosapaketin ennen sitä ja toimitus uuden aikataulun.")
    client.ok("account", "create", "東京精密株式会社", "--status", "potential")
    client.ok("account", "create", "A\u0308a\u0308nekosken Höyry")
    client.ok("contact", "create", "Maximiliana Hämäläinen-Korhonen", "--account", "Kuura", "--title",
              "Hankintojen ja alihankinnan kehittämispäällikkö", "--email", "maximiliana.hamalainen-korhonen@kuurakonepaja.example")
    return client


@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize("language", ["fi", "en"])
def test_pages_and_lists_fit_the_terminal(populated, width, language):
    for arguments in [("account", "show", "Kuura"), ("account", "list"), ("contact", "list"), ("account", "history", "Kuura"),
                      ("contact", "show", "Maximiliana"), ("server", "info")]:
        text = screen(populated, *arguments, "--lang", language, width=width)
        for line in text.splitlines():
            assert columns(line) <= width, f"{arguments} at {width}: {line!r}"


def test_wide_and_combining_letters_stay_aligned(populated):
    text = ESCAPE.sub("", screen(populated, "account", "list", width=120))
    lines = [line for line in text.splitlines() if line and not line.endswith("in all.")]
    ids = [columns(line[:line.index(match.group(0))]) for line in lines[1:] if (match := re.search(r"01[0-9a-z]{24}", line))]
    assert len(ids) == 3 and len(set(ids)) == 1


def test_colour_is_for_terminals_and_never_with_no_color(populated):
    assert "\x1b[" in screen(populated, "account", "show", "Kuura")
    assert "\x1b[" not in screen(populated, "account", "show", "Kuura", NO_COLOR="1")
    assert "\x1b[" not in screen(populated, "account", "show", "Kuura", "--no-color")
    assert "\x1b[" not in screen(populated, "account", "show", "Kuura", TERM="dumb")
    assert "\x1b[" not in populated.ok("account", "show", "Kuura").out


def test_text_from_records_cannot_steer_the_terminal(client):
    client.ok("account", "create", "Kuura", "--description", "rivi\ntoinen")
    result = client.run("account", "update", "Kuura", "--tag", "a\x1b[2Jb")
    assert result.status in (0, 4)
    assert "\x1b[2J" not in screen(client, "account", "show", "Kuura")
    assert "\x1b[2J" not in screen(client, "account", "history", "Kuura")


def test_an_import_shows_how_far_it_is(client):
    (client.home / "m.mapping").write_text("punos-mapping 1\nlocale fi\n[account]\nkey crm = id\nname = display_name\n")
    (client.home / "a.csv").write_text("id;name\n" + "".join(f"{n};Yritys {n}\n" for n in range(60_000)))
    text = screen(client, "import", "a.csv", "--mapping", "m.mapping", width=80)
    assert "records" in text and "%" in text
    assert "60,000 created" in text
    for picture in re.split(r"[\r\n]+", text):
        assert columns(picture) <= 80


def test_the_shell_keeps_a_connection_history_and_completes_names(populated):
    shell = Terminal(populated, "shell")
    try:
        shell.read_until("home> ")
        shell.type("acc\t")
        shell.read_until("account ")
        shell.type("show Kuu\t")
        shell.read_until("'Kuura Konepaja'")
        shell.type("\r")
        assert "412" in shell.read_until("412")
        shell.read_until("home> ")
        shell.type("\x1b[A")
        shell.read_until("account show 'Kuura Konepaja'")
        shell.type("\x15account show eiole\r")
        shell.read_until("error:")
        shell.read_until("home> ")
        shell.type("\x04")
        shell.read_until()
        assert shell.process.wait(timeout=20) == 0
    finally:
        shell.close()
    assert "account show 'Kuura Konepaja'" in (populated.home / "state/punos/history").read_text()


def test_bash_completes_names_of_accounts(populated):
    script = populated.ok("--generate-completion-script", "bash").out
    test = script + """
COMP_WORDS=(punos account show Kuu); COMP_CWORD=3; COMP_LINE="punos account show Kuu"; COMP_POINT=22
_punos punos Kuu show
printf '%s\\n' "${COMPREPLY[@]}"
"""
    # From a file: the script is longer than an argument may be.
    file = populated.home / "completion.bash"
    file.write_text(test)
    done = subprocess.run(["bash", str(file)], capture_output=True, timeout=60, text=True, env={
        **populated.environment, "PATH": f"{os.path.dirname(populated.binary)}:{os.environ['PATH']}"})
    assert done.stdout.splitlines() == ["Kuura\\ Konepaja"], done.stderr


def test_completions_are_there_for_zsh_and_fish(client):
    assert client.ok("--generate-completion-script", "zsh").out.startswith("#compdef punos")
    assert "complete -c 'punos'" in client.ok("--generate-completion-script", "fish").out


def test_fish_completes_names_of_accounts(populated):
    if not shutil.which("fish"):
        pytest.skip("fish is not installed")
    script = populated.home / "punos.fish"
    script.write_text(populated.ok("--generate-completion-script", "fish").out)
    terminal = Terminal(
        populated, "--no-config", program="fish", PATH=f"{os.path.dirname(populated.binary)}:{os.environ['PATH']}")
    try:
        terminal.type(f"source {script}; echo re''ady\r")
        terminal.read_until("ready")
        terminal.type("punos account show Kuu\t")
        terminal.read_until("Konepaja")
        terminal.type("\r")
        terminal.read_until("412 people")
    finally:
        terminal.close()


def test_zsh_completes_names_of_accounts(populated):
    if not shutil.which("zsh"):
        pytest.skip("zsh is not installed")
    functions = populated.home / "functions"
    functions.mkdir()
    (functions / "_punos").write_text(populated.ok("--generate-completion-script", "zsh").out)
    terminal = Terminal(
        populated, "-f", program="zsh", PATH=f"{os.path.dirname(populated.binary)}:{os.environ['PATH']}")
    try:
        terminal.type(f"PS1='%# '; fpath=({functions} $fpath); autoload -Uz compinit; compinit -u -D; echo re''ady\r")
        terminal.read_until("ready")
        terminal.type("punos account show Kuu\t")
        terminal.read_until("Konepaja")
        terminal.type("\r")
        terminal.read_until("412 people")
    finally:
        terminal.close()


def test_help_speaks_finnish_on_the_terminal_and_fits_it(client):
    for width in [60, 80, 200]:
        for arguments in [(), ("account",), ("account", "update"), ("import",), ("registry", "import")]:
            text = screen(client, *arguments, "--help", width=width, LANG="fi_FI.UTF-8")
            assert "KÄYTTÖ: punos" in text and "OPTIONS" not in text and "Näytä ohje." in text
            for line in text.splitlines():
                # A word that is longer than its column is not cut.
                assert columns(line) <= width or " " not in line.strip(), f"{arguments} at {width}: {line!r}"
    assert "OVERVIEW" in screen(client, "account", "--help", "--lang", "en", LANG="fi_FI.UTF-8")


def test_a_misspelt_command_or_option_is_named_in_both_languages(client):
    result = client.run("account", "shw", "Kuura")
    assert result.status == 64 and "Did you mean: punos account show" in result.err
    finnish = client.run("account", "shw", "Kuura", "--lang", "fi")
    assert finnish.status == 64 and "Tarkoititko: punos account show" in finnish.err
    option = client.run("account", "list", "--limt", "3", "--lang", "fi")
    assert option.status == 64 and option.err.startswith("virhe: Tuntematon valitsin '--limt'")
    assert "error: Unknown option '--limt'" in client.run("account", "list", "--limt", "3").err


def test_an_expired_certificate_is_found_by_the_doctor(client, tmp_path):
    data = client.server.data
    key, request, certificate, extensions = (tmp_path / name for name in ["old-key.pem", "old.csr", "old.pem", "ext"])
    extensions.write_text("subjectAltName=URI:punos://acme/sales/aino.virtanen\nextendedKeyUsage=clientAuth\n")
    subprocess.run(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                    "-subj", "/CN=old", "-out", request], check=True, capture_output=True)
    subprocess.run(["openssl", "x509", "-req", "-in", request, "-CA", data / "pki/ca.pem", "-CAkey", data / "pki/ca-key.pem",
                    "-days", "-1", "-extfile", extensions, "-out", certificate], check=True, capture_output=True)
    client.add_context("old", certificate)
    result = client.run("account", "list", "--context", "old")
    assert result.status == 7 and "expired" in result.err
    doctor = client.run("doctor", "--context", "old")
    told = " ".join(doctor.out.split())
    assert doctor.status == 1 and "expired on" in told and "punosd cert issue" in told
    assert client.ok("doctor").out.count("✓") >= 5


def test_the_doctor_says_that_nothing_listens(client):
    client.server.stop()
    result = client.run("doctor")
    assert result.status == 1 and "nothing listens there" in " ".join(result.out.split())
