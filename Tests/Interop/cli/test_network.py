"""Interactions, relationships, paths and maps on the command line."""

import csv
import json
import pathlib
import xml.etree.ElementTree as ElementTree

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


def test_a_map_is_drawn_in_the_terminal_and_written_as_a_picture(client):
    kuura(client)
    drawn = client.ok("map", "kuura").out
    assert "○ Pekka Virtanen, CEO" in drawn and "└─ ○ Liisa Korhonen, CFO  ← aino ●●●" in drawn
    client.ok("map", "kuura", "--svg", client.home / "kuura.svg")
    assert ElementTree.parse(client.home / "kuura.svg").getroot().tag.endswith("svg")


def test_northwinds_readable_orders_become_interactions_and_twice_changes_nothing(client, shared_data):
    folder = shared_data("northwind")
    client.run("import", folder / "customers.csv", "--mapping", MAPPINGS / "northwind-customers.mapping", "--problems",
               client.home / "p.csv")
    arguments = ["import", folder / "orders.csv", "--mapping", MAPPINGS / "northwind-orders.mapping", "--problems",
                 client.home / "o.csv"]
    for _ in range(2):
        assert client.run(*arguments).status == 2
    accounts = {row["externalIds"][0]["id"] for row in client.accounts()}
    with open(folder / "orders.csv", newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        header = next(reader)
        wanted = [row for row in reader if len(row) == len(header) and row[1] in accounts]
    listed = json.loads(client.ok("interaction", "list", "--limit", "0", "--output", "json").out)
    assert {row["externalIds"][0]["id"]: row["time"][:10] for row in listed} == {row[0]: row[3][:10] for row in wanted}
    assert all(row["channel"] == "CHANNEL_ORDER" for row in listed)
