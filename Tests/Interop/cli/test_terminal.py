"""What a person sees: through a pseudo-terminal of several widths."""

import codecs
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

import everything
import test_round_trip
from punoscli import Server
from test_output_modes import COMMANDS

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
        # A terminal's bytes come in pieces that may end within a letter.
        self.decode = codecs.getincrementaldecoder("utf-8")().decode

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
            self.text += self.decode(chunk)
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


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("language", ["fi", "en"])
def test_whatever_is_shown_fits_the_terminal(client, width, language):
    test_round_trip.given(client)
    everything.live(client)
    named = {"weekly report": "kuura/lupaus", "Kuura": "accounts/kuura", "Liisa": "contacts/liisa"}
    shown = [[named.get(word, word) if command[0] != "search" else word for word in command] for command in COMMANDS]
    shown += [[kind, "show", f"kuura/{name}"] for kind, name in [
        ("purchase", "linja"), ("insight", "sanottu"), ("handover", "siirto"), ("value", "kaynti"), ("interaction", "palaveri")]]
    shown += [["journey", "show", "journeys/oma"], ["insight", "delete", "kuura/sanottu"], ["search", "huolto"]]
    wide = []
    for arguments in shown:
        for line in screen(client, *arguments, "--lang", language, width=width).splitlines():
            if columns(line) > width:
                wide.append(f"{' '.join(arguments)}: {line!r}")
    assert not wide, "\n".join(wide)


def starts(lines, wanted):
    """At which column of a screen each line has what is wanted; lines without it have none."""
    return [columns(line[:match.start()]) for line in lines if (match := re.search(wanted, line))]


def second_column_is_aligned(text, width):
    """Whether the second column of a list begins at the same place in every line that has one."""
    lines = [line for line in text.splitlines() if line and not line.endswith("in all.")]
    assert len(lines) == 4 and all(columns(line) <= width for line in lines)
    second = columns(lines[0][:re.search(r"\S  +\S", lines[0]).end() - 1])
    found = 0
    for line in lines:
        if columns(line) <= second:
            continue
        prefix = ""
        for character in line:
            if columns(prefix + character) > second:
                break
            prefix += character
        # A wide letter across the border would make the part before it narrower; two blanks part the columns.
        if columns(prefix) != second or not prefix.endswith("  "):
            return False
        found += 1
    return found >= 3


@pytest.mark.parametrize("width", [60, 80, 200])
def test_wide_and_combining_letters_stay_aligned(populated, width):
    populated.ok("contact", "create", "漢字 花子", "--account", "東京精密株式会社", "--title", "部長")
    populated.ok("contact", "create", "A\u0308ssa\u0308 O\u0308rn", "--account", "Kuura", "--title", "Johtaja")
    populated.ok("account", "update", "Höyry", "--status", "potential")
    for arguments in [("account", "list"), ("contact", "list")]:
        text = ESCAPE.sub("", screen(populated, *arguments, width=width))
        assert second_column_is_aligned(text, width), f"{arguments} at {width}:\n{text}"


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_page_of_an_account_with_wide_names_is_aligned(populated, width):
    populated.ok("contact", "create", "漢字 花子", "--account", "東京精密株式会社", "--title", "部長", "--email", "hanako@tokyo.example")
    populated.ok("contact", "create", "A\u0308ssa\u0308 O\u0308rn", "--account", "東京精密株式会社", "--title", "Johtaja",
                 "--email", "assa@tokyo.example")
    text = ESCAPE.sub("", screen(populated, "account", "show", "東京精密株式会社", width=width))
    assert all(columns(line) <= width for line in text.splitlines())
    people = [line for line in text.splitlines() if "@tokyo" in line or "部長" in line or "Johtaja" in line]
    found = starts(people, "部長|Johtaja")
    assert len(found) == 2 and len(set(found)) == 1, text


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
    # How fast it is, and how much time is left.
    assert re.search(r"\d records/s  \S.* left", text), text
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


def test_the_shell_keeps_its_history_when_it_is_killed_and_survives_an_interrupt(populated):
    shell = Terminal(populated, "shell")
    try:
        shell.read_until("home> ")
        # From the first change on: whether the watch begins before or after the update must not matter.
        shell.type("watch --after 0\r")
        shell.read_until("\n")
        populated.ok("account", "update", "Kuura", "--employees", "413")
        # The watch runs: it shows what happens.
        shell.read_until("413")
        shell.type("\x03")
        shell.read_until("home> ")
        shell.type("account show Kuura\r")
        shell.read_until("413")
        shell.read_until("home> ")
        assert shell.process.poll() is None
        shell.process.kill()
        shell.process.wait()
    finally:
        shell.close()
    history = (populated.home / "state/punos/history").read_text().splitlines()
    assert history[-2:] == ["watch --after 0", "account show Kuura"]


def test_every_interrupt_ends_the_command_that_runs(populated):
    shell = Terminal(populated, "shell")
    try:
        shell.read_until("home> ")
        for _ in range(30):
            shell.type("watch --after 0\r")
            shell.read_until("created")
            shell.type("\x03")
            shell.read_until("home> ")
        # One that comes before the command has begun ends it as well, and none is left for the next.
        shell.type("watch --after 0\r\x03")
        shell.read_until("home> ")
        shell.type("account show Kuura\r")
        shell.read_until("412")
        shell.read_until("home> ")
    finally:
        shell.close()


def test_the_shell_ends_behind_the_command_during_which_the_end_was_typed(populated):
    shell = Terminal(populated, "shell")
    try:
        shell.read_until("home> ")
        shell.type("watch --after 0 --kind contact --count 2\r")
        shell.read_until("Hämäläinen")
        shell.type("account show Kuura\n\x04")
        shell.read_until("account show")
        assert shell.process.poll() is None
        populated.ok("contact", "create", "Liisa Korhonen", "--account", "Kuura")
        shell.read_until("Liisa Korhonen")
        # What was typed ahead is done first.
        assert "412" in shell.read_until()
        assert shell.process.wait(timeout=20) == 0
    finally:
        shell.close()


def test_the_shell_completes_from_the_context_it_was_begun_with(populated, tmp_path):
    folder = tmp_path / "second"
    folder.mkdir()
    second = Server(folder, tenant="other")
    try:
        populated.add_context("b", second.data / "clients/other-sales-aino.virtanen.pem", server=second)
        populated.ok("account", "create", "Kuutamo", "--context", "b")
        shell = Terminal(populated, "shell", "--context", "b")
        try:
            shell.read_until("b> ")
            shell.type("understanding Kuu\t")
            shell.read_until("Kuutamo")
            shell.type("\x15account show --context home Kuu\t")
            shell.read_until("'Kuura Konepaja'")
            shell.type("\x15\x04")
            shell.read_until()
            assert "Konepaja" not in shell.text[:shell.text.index("--context home")]
        finally:
            shell.close()
        done = complete(populated, "punos account show --context b Kuu")
        assert done == ["Kuutamo"]
    finally:
        second.stop()


def test_commands_of_the_shell_share_one_connection(populated):
    process = subprocess.Popen([populated.binary, "shell"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               env=populated.environment, text=True)
    process.stdin.write("account list\naccount list\n")
    process.stdin.flush()
    seen = ""
    while seen.count("3 in all.") < 2:
        line = process.stdout.readline()
        assert line, seen
        seen += line
    open_connections = connections(process.pid, populated.server.address)
    out, _ = process.communicate("account list\n", timeout=60)
    assert "3 in all." in out and process.returncode == 0
    assert len(open_connections) == 1


def connections(pid, address):
    """The sockets of a process that lead to an address."""
    port = int(address.rsplit(":", 1)[1])
    inodes = set()
    for descriptor in os.listdir(f"/proc/{pid}/fd"):
        try:
            target = os.readlink(f"/proc/{pid}/fd/{descriptor}")
        except FileNotFoundError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[len("socket:["):-1])
    found = []
    for line in open(f"/proc/{pid}/net/tcp").read().splitlines()[1:]:
        fields = line.split()
        if fields[9] in inodes and int(fields[2].split(":")[1], 16) == port:
            found.append(fields[1])
    return found


def complete(client, line):
    """What bash offers behind a command line."""
    words = line.split()
    test = client.ok("--generate-completion-script", "bash").out + f"""
COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; COMP_LINE="{line}"; COMP_POINT={len(line)}
_punos punos {words[-1]} {words[-2]}
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    # From a file: the script is longer than an argument may be.
    file = client.home / "completion.bash"
    file.write_text(test)
    done = subprocess.run(["bash", str(file)], capture_output=True, timeout=60, text=True, env={
        **client.environment, "PATH": f"{os.path.dirname(client.binary)}:{os.environ['PATH']}"})
    return done.stdout.splitlines()


def test_bash_completes_names_of_accounts(populated):
    assert complete(populated, "punos account show Kuu") == ["Kuura\\ Konepaja"]


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
    assert result.status == 6 and "expired" in result.err and "punosd cert issue" in result.err
    finnish = client.run("account", "list", "--context", "old", "--lang", "fi")
    assert finnish.status == 6 and "Palvelin ei tunne sinua" in finnish.err
    doctor = client.run("doctor", "--context", "old")
    told = " ".join(doctor.out.split())
    assert doctor.status == 1 and "expired on" in told and "punosd cert issue" in told
    assert client.ok("doctor").out.count("✓") >= 5


def test_a_certificate_of_another_authority_is_named_as_what_is_wrong(client, tmp_path):
    folder = tmp_path / "stranger"
    folder.mkdir()
    stranger = Server(folder, tenant="other")
    stranger.stop()
    client.add_context("stranger", stranger.data / "clients/other-sales-aino.virtanen.pem")
    result = client.run("account", "list", "--context", "stranger")
    told = " ".join(result.err.split())
    assert result.status == 6 and "refused this client's certificate" in told and "punosd cert issue" in told, told
    # An import does not wait for a server that will not have it.
    (client.home / "a.jsonl").write_text('{"account": {"displayName": "Kuura"}}\n')
    assert client.run("import", "a.jsonl", "--context", "stranger").status == 6
    doctor = client.run("doctor", "--context", "stranger")
    assert doctor.status == 1 and "refused this client's certificate" in " ".join(doctor.out.split())


def test_the_watch_fits_the_terminal(populated):
    populated.ok("account", "update", "Kuura", "--employees", "500", "--reason", "Laskettu uudelleen tilikauden päätteeksi, " * 4)
    for width in [60, 80, 200]:
        text = screen(populated, "watch", "--after", "0", "--count", "6", width=width)
        assert "Laskettu" in text and "500" in text
        for line in text.splitlines():
            assert columns(line) <= width, f"{width}: {line!r}"


def test_a_list_on_a_terminal_that_nobody_reads_any_more_ends(populated):
    terminal = Terminal(populated, "watch", "--after", "0")
    terminal.read_until("Kuura")
    os.close(terminal.master)
    # The terminal is gone: the system says so, and the watch does not live on.
    assert terminal.process.wait(timeout=30) != 0


def test_the_doctor_says_that_nothing_listens(client):
    client.server.stop()
    result = client.run("doctor")
    assert result.status == 1 and "nothing listens there" in " ".join(result.out.split())
