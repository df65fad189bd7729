"""What a person sees while the server goes away and comes back."""

import re
import signal
import subprocess
import threading

from test_terminal import Terminal

MAPPING = "punos-mapping 1\nlocale fi\n[account]\nkey crm = id\nname = display_name\n"


def test_the_shell_goes_on_when_the_server_is_back(client):
    client.ok("account", "create", "Kuura Konepaja")
    shell = Terminal(client, "shell")
    try:
        shell.read_until("home> ")
        shell.type("account list\r")
        shell.read_until("1 in all.")
        shell.read_until("home> ")
        address = client.server.address
        client.server.stop()
        shell.type("account list\r")
        shell.read_until("error:")
        assert "punos doctor" in shell.read_until("home> ")
        client.server.start(listen=address)
        shell.type("account list\r")
        shell.read_until("1 in all.")
        # Ctrl-D means the end to the line editor only.
        shell.read_until("home> ")
        shell.type("\x04")
        shell.read_until()
        assert shell.process.wait(timeout=20) == 0
    finally:
        shell.close()


def test_an_import_waits_for_the_server_and_loses_nothing(client):
    count = 100_000
    (client.home / "m.mapping").write_text(MAPPING)
    (client.home / "a.csv").write_text("id;name\n" + "".join(f"{n};Yritys {n}\n" for n in range(count)))
    process = subprocess.Popen(
        [client.binary, "import", "a.csv", "--mapping", "m.mapping"], cwd=client.home, env=client.environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # As soon as the first rows are there the client is held still and the server goes away; the server comes back when
    # the client says that it waits.
    while not client.ok("account", "list", "--limit", "1", "--output", "jsonl").out:
        assert process.poll() is None, "the import ended before the server could go away"
    process.send_signal(signal.SIGSTOP)
    address = client.server.address
    client.server.stop()
    process.send_signal(signal.SIGCONT)
    said = threading.Event()
    heard = []

    def listen():
        for line in process.stderr:
            heard.append(line.decode())
            if "trying again" in heard[-1]:
                said.set()

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        assert said.wait(timeout=60), heard
        client.server.start(listen=address)
        out = process.stdout.read().decode()
        assert process.wait(timeout=120) == 0, heard
    finally:
        process.kill()
        listener.join()
        process.stdout.close()
        process.stderr.close()
    done = re.search(r"([\d,]+) created, ([\d,]+) changed, ([\d,]+) already so", out)
    created, changed, same = (int(part.replace(",", "")) for part in done.groups())
    # A batch whose answer was lost on the way is sent again, and is already so.
    assert (created + same, changed) == (count, 0)
    assert len(client.accounts()) == count


def test_an_interrupted_import_says_so_on_the_terminal_and_goes_on(client):
    count = 150_000
    (client.home / "m.mapping").write_text(MAPPING)
    (client.home / "a.csv").write_text("id;name\n" + "".join(f"{n};Yritys {n}\n" for n in range(count)))
    terminal = Terminal(client, "import", "a.csv", "--mapping", "m.mapping", width=60)
    journals = client.home / "state/punos/imports"
    try:
        # The bar shows that rows are on their way; the journal that some have arrived.
        terminal.read_until("records")
        while not list(journals.glob("*.json")):
            assert terminal.process.poll() is None, terminal.text
        terminal.type("\x03")
        terminal.process.wait(timeout=30)
        assert terminal.process.returncode != 0
    finally:
        terminal.close()
    second = Terminal(client, "import", "a.csv", "--mapping", "m.mapping", "--lang", "fi", width=60)
    try:
        text = second.read_until()
        assert second.process.wait(timeout=60) == 0
    finally:
        second.close()
    assert "jatketaan rivin" in text
    assert len(client.accounts()) == count
