"""Changes as they happen."""

import json
import os
import select
import subprocess
import time


def watch(client, *arguments):
    return subprocess.Popen([client.binary, "watch", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env=client.environment)


def line(process, within=20.0):
    """The next line of a process's output."""
    deadline = time.monotonic() + within
    text = b""
    while not text.endswith(b"\n"):
        readable, _, _ = select.select([process.stdout], [], [], max(0, deadline - time.monotonic()))
        assert readable, f"nothing came; so far {text!r}"
        byte = os.read(process.stdout.fileno(), 1)
        assert byte, process.stderr.read().decode()
        text += byte
    return text.decode()


def test_a_watch_prints_a_change_while_it_happens(client):
    created = client.ok("account", "create", "Kuura", "--output", "json").json()
    process = watch(client, "--output", "jsonl", "--after", "0")
    try:
        assert json.loads(line(process))["operation"] == "OPERATION_CREATED"
        client.ok("account", "update", "Kuura", "--employees", "7", "--reason", "seen")
        change = json.loads(line(process))
        assert (change["record"], change["reason"], change["principal"]) == (created["name"], "seen", "aino.virtanen")
    finally:
        process.kill()
        process.communicate()


def test_a_watch_resumes_after_a_revision_without_gap_or_repeat(client):
    for number in range(5):
        client.ok("account", "create", f"Yritys {number}")
    everything = client.ok("watch", "--after", "0", "--count", "5", "--output", "jsonl").lines()
    assert [int(change["revision"]) for change in everything] == [1, 2, 3, 4, 5]
    rest = client.ok("watch", "--after", "3", "--count", "2", "--output", "jsonl").lines()
    assert rest == everything[3:]


def test_a_watch_goes_on_when_the_server_is_back(client):
    client.ok("account", "create", "Kuura")
    process = watch(client, "--output", "jsonl", "--after", "0")
    try:
        line(process)
        address = client.server.address
        client.server.stop()
        client.server.start(listen=address)
        client.ok("account", "update", "Kuura", "--employees", "9")
        assert json.loads(line(process))["operation"] == "OPERATION_UPDATED"
    finally:
        process.kill()
        process.communicate()


def test_a_watch_of_one_field_shows_only_its_changes(client):
    client.ok("account", "create", "Kuura")
    client.ok("account", "update", "Kuura", "--tag", "x")
    client.ok("account", "update", "Kuura", "--employees", "9")
    changes = client.ok("watch", "Kuura", "--field", "employees", "--after", "1", "--count", "1", "--output", "jsonl").lines()
    assert changes[0]["differences"][0]["path"] == "employees"
