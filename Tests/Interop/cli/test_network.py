"""Interactions, relationships, paths and maps on the command line."""

import collections
import csv
import datetime
import json
import pathlib
import statistics
import xml.etree.ElementTree as ElementTree

import pytest

MAPPINGS = pathlib.Path(__file__).parent / "mappings"


def kuura(client):
    """An account with two people, of whom one is known to one of ours."""
    client.ok("account", "create", "Kuura Konepaja", "--status", "current", "--id", "kuura")
    for name, title in [("Liisa Korhonen", "CFO"), ("Pekka Virtanen", "CEO")]:
        client.ok("contact", "create", name, "--account", "kuura", "--title", title)
    client.ok("interaction", "create", "kuura", "Kick-off", "--set", "time=2099-01-01T09:00:00Z", "--set", "channel=MEETING")
    client.ok("relationship", "create", "kuura", "--set", "kind=TRUSTS", "--set", "from_teammate.principal=aino",
              "--set", "to=Liisa Korhonen")
    client.ok("relationship", "create", "kuura", "--set", "kind=REPORTS_TO", "--set", "from_contact=Liisa Korhonen",
              "--set", "to=Pekka Virtanen", "--set", "strength=0.5")


def test_a_path_and_its_reasons_are_told(client):
    kuura(client)
    told = client.ok("path", "Pekka Virtanen").out
    assert "aino → Liisa Korhonen (CFO) → Pekka Virtanen (CEO)" in told and "40" in told
    assert "usually means this much" in told
    path = json.loads(client.ok("path", "Pekka Virtanen", "--output", "json").out)["paths"][0]
    assert [step["to"]["displayName"] for step in path["steps"]] == ["Liisa Korhonen", "Pekka Virtanen"]
    assert "aino" in client.ok("relationship", "strength", "teammates/aino", "Liisa Korhonen").out
    assert "ketjua" in client.ok("path", "Pekka Virtanen", "--steps", "1", "--lang", "fi").out


def test_reasons_are_told_in_finnish_and_as_of_a_day(client):
    kuura(client)
    client.ok("interaction", "create", "kuura", "Visit", "--set", "time=2026-01-10T09:00:00Z", "--set", "channel=MEETING",
              "--set", "contacts=Liisa Korhonen", "--set", "teammates.principal=aino")
    told = client.ok("path", "Pekka Virtanen", "--lang", "fi").out
    assert "suhteesta aino → Liisa Korhonen sanotaan: luottaa" in told.replace("\n", " ").replace("  ", " ")
    ask = ["relationship", "strength", "teammates/aino", "Liisa Korhonen", "--output", "json"]
    assert client.ok(*ask, "--as-of", "2026-01-09").json().get("interactions", 0) == 0
    assert client.ok(*ask, "--as-of", "2026-01-10").json()["interactions"] == 1
    refused = client.run(*ask, "--as-of", "3")
    assert refused.status == 64 and "--as-of" in refused.err


def test_a_rhythm_is_told_by_the_accounts_name(client):
    kuura(client)
    for day in ("2026-01-10", "2026-01-11", "2026-01-14"):
        client.ok("interaction", "create", "kuura", "Visit", "--set", f"time={day}T09:00:00Z")
    told = client.ok("interaction", "rhythm", "kuura", "--as-of", "2026-01-12", "--lang", "fi").out
    assert "Rytmi: Kuura Konepaja" in told and "1 päivä\n" in told and "kanava ei tiedossa" in told
    assert "1 day\n" in client.ok("interaction", "rhythm", "kuura", "--as-of", "2026-01-12").out
    assert client.ok("interaction", "rhythm", "kuura", "--as-of", "2026-01-12", "--output", "json").json()["interactions"] == "2"


def test_a_map_is_drawn_in_the_terminal_and_written_as_a_picture(client):
    kuura(client)
    drawn = client.ok("map", "kuura").out
    assert "○ Pekka Virtanen, CEO" in drawn and "└─ ○ Liisa Korhonen, CFO  ← aino ●●●" in drawn
    client.ok("map", "kuura", "--svg", client.home / "kuura.svg")
    assert ElementTree.parse(client.home / "kuura.svg").getroot().tag.endswith("svg")


@pytest.fixture
def northwind(client, shared_data):
    """Northwind's orders as they are, imported; those that are readable, and the lines of the others with why."""
    folder = shared_data("northwind")
    client.run("import", folder / "customers.csv", "--mapping", MAPPINGS / "northwind-customers.mapping", "--problems",
               client.home / "p.csv")
    arguments = ["import", folder / "orders.csv", "--mapping", MAPPINGS / "northwind-orders.mapping", "--problems",
                 client.home / "o.csv", "--lang", "en"]
    accounts = {row["externalIds"][0]["id"] for row in client.accounts()}
    wanted, refused = [], {}
    with open(folder / "orders.csv", newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        header = next(reader)
        for row in reader:
            if len(row) != len(header):
                refused[reader.line_num] = f"{len(row)} fields where the header has {len(header)}"
            elif row[1] not in accounts:
                refused[reader.line_num] = row[1]
            else:
                wanted.append(dict(zip(header, row)))
    return arguments, wanted, refused


def test_northwinds_readable_orders_become_interactions_and_twice_changes_nothing(client, northwind):
    arguments, wanted, refused = northwind
    assert len(wanted) + len(refused) == 830
    for outcome in ("created", "already so"):
        done = client.run(*arguments)
        assert done.status == 2
        assert f"{len(wanted):,} {outcome}" in done.out and f"{len(refused):,} rows refused" in done.out
    listed = json.loads(client.ok("interaction", "list", "--limit", "0", "--output", "json").out)
    assert {row["externalIds"][0]["id"]: row["time"][:10] for row in listed} == {
        row["orderID"]: row["orderDate"][:10] for row in wanted}
    assert all(row["channel"] == "CHANNEL_ORDER" for row in listed)


def test_northwinds_other_orders_are_named_with_their_line_and_reason(client, northwind):
    arguments, _, refused = northwind
    client.run(*arguments)
    with open(client.home / "o.csv", newline="") as file:
        named = {int(row["line"]): row["reason"] for row in csv.DictReader(file) if row["outcome"] == "refused"}
    assert sorted(named) == sorted(refused)
    assert all(reason in named[line] for line, reason in refused.items())


def test_the_rhythm_of_northwinds_customers_is_what_the_file_says(client, northwind):
    arguments, wanted, _ = northwind
    client.run(*arguments)
    by_customer = collections.defaultdict(list)
    for row in wanted:
        by_customer[row["customerID"]].append(datetime.date.fromisoformat(row["orderDate"][:10]))
    for customer, days in by_customer.items():
        rhythm = client.ok("interaction", "rhythm", f"ext:northwind:{customer}", "--output", "json").json()
        touched = sorted(set(days))
        gaps = [(later - earlier).days for earlier, later in zip(touched, touched[1:])]
        assert (int(rhythm["interactions"]), int(rhythm["days"])) == (len(days), len(touched)), customer
        assert rhythm["lastTime"][:10] == touched[-1].isoformat()
        assert rhythm.get("medianGapDays") == (statistics.median(gaps) if gaps else None)
        assert rhythm.get("longestGapDays") == (max(gaps) if gaps else None)
