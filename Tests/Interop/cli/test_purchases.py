"""Purchases, committees, stages and funnels on the command line; Maven's opportunities against its own files."""

import collections
import csv
import datetime
import io
import pathlib
import re
import statistics

import pytest

from punoscli import ROOT
from test_terminal import columns, screen

DOCUMENT = ROOT / "docs" / "purchases.md"
MAPPINGS = pathlib.Path(__file__).parent / "mappings"
NO_ACCOUNT = "Not known"


def opportunities(folder):
    """Every opportunity as the files have it, with its agent's manager and region and its product's right name."""
    with open(folder / "sales_teams.csv", newline="") as file:
        teams = {row["sales_agent"]: row for row in csv.DictReader(file)}
    with open(folder / "sales_pipeline.csv", newline="") as file:
        for row in csv.DictReader(file):
            team = teams[row["sales_agent"]]
            yield row | {"manager": team["manager"], "regional_office": team["regional_office"]}


def figures(rows):
    """What a summary must say of opportunities, from the file alone."""
    won = [row for row in rows if row["deal_stage"] == "Won"]
    lost = [row for row in rows if row["deal_stage"] == "Lost"]
    days = lambda some: [
        (datetime.date.fromisoformat(row["close_date"]) - datetime.date.fromisoformat(row["engage_date"])).days
        for row in some]
    return {
        "purchases": len(rows), "won": len(won), "lost": len(lost), "open": len(rows) - len(won) - len(lost),
        "winRate": len(won) / len(won + lost) if won + lost else None,
        "wonCycleDays": statistics.mean(days(won)) if won else None,
        "lostCycleDays": statistics.mean(days(lost)) if lost else None,
        "value": sum(int(row["close_value"]) for row in won)}


def told(group):
    values = {value["currency"]: value for value in group.get("values", [])}
    return {
        "purchases": int(group.get("purchases", 0)), "won": int(group.get("won", 0)), "lost": int(group.get("lost", 0)),
        "open": int(group.get("open", 0)), "winRate": group.get("winRate"), "wonCycleDays": group.get("wonCycleDays"),
        "lostCycleDays": group.get("lostCycleDays"),
        "value": int(values.get("USD", {}).get("won", {}).get("units", 0))}


def same(told, expected):
    assert told.keys() == expected.keys()
    for name, value in expected.items():
        if isinstance(value, float):
            assert told[name] == pytest.approx(value, abs=1e-9), name
        else:
            assert told[name] == value, name


@pytest.fixture
def maven(client, shared_data):
    """Maven's accounts and opportunities, imported as somebody with a spreadsheet would."""
    folder = shared_data("maven-crm")
    client.ok("import", folder / "accounts.csv", "--mapping", MAPPINGS / "maven-accounts.mapping", "--problems",
              client.home / "p.csv")
    client.ok("account", "create", NO_ACCOUNT, "--ext", f"maven={NO_ACCOUNT}")
    rows = list(opportunities(folder))
    with open(client.home / "pipeline.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    arguments = ["import", client.home / "pipeline.csv", "--mapping", MAPPINGS / "maven-pipeline.mapping", "--problems",
                 client.home / "p.csv"]
    return arguments, rows


def test_mavens_opportunities_become_purchases_whose_sums_are_those_of_the_file(client, maven):
    arguments, rows = maven
    assert len(rows) == 8800
    assert "8,800 created" in client.ok(*arguments, "--lang", "en").out
    summary = client.ok("purchase", "summary", "--output", "json").json()
    same(told(summary["total"]), figures(rows))
    # What the document promises of it, and the mapping that it shows.
    document = DOCUMENT.read_text()
    promised = re.search(r"Maven's ([\d,]+) opportunities imported so give ([\d,]+) won and ([\d,]+) lost", document)
    total = told(summary["total"])
    assert [int(number.replace(",", "")) for number in promised.groups()] == [total["purchases"], total["won"], total["lost"]]
    shown = re.search(r"```\n(\[purchase\]\n.*?)```", document, re.S).group(1)
    assert set(shown.splitlines()) <= set((MAPPINGS / "maven-pipeline.mapping").read_text().splitlines())
    groupings = {
        "owner": "sales_agent", "manager": "manager", "region": "regional_office", "product": "product",
        "account": "account"}
    for grouping, column in groupings.items():
        expected = collections.defaultdict(list)
        for row in rows:
            expected[row[column].replace("GTXPro", "GTX Pro") or NO_ACCOUNT].append(row)
        answer = client.ok("purchase", "summary", "--by", grouping, "--output", "json").json()
        assert sorted(group["title"] for group in answer["groups"]) == sorted(expected), grouping
        for group in answer["groups"]:
            same(told(group), figures(expected[group["title"]]))
    assert "8,800 already so" in client.ok(*arguments, "--lang", "en").out


def test_mavens_pipeline_goes_in_as_it_is_and_what_has_no_account_is_named(client, shared_data):
    folder = shared_data("maven-crm")
    client.ok("import", folder / "accounts.csv", "--mapping", MAPPINGS / "maven-accounts.mapping", "--problems",
              client.home / "p.csv")
    arguments = ["import", folder / "sales_pipeline.csv", "--mapping", MAPPINGS / "maven-pipeline-as-it-is.mapping",
                 "--problems", client.home / "q.csv", "--lang", "en"]
    done = client.run(*arguments)
    homed, homeless = [], []
    with open(folder / "sales_pipeline.csv", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), 2):
            (homed if row["account"] else homeless).append((line, row))
    assert done.status == 2 and f"{len(homed):,} created" in done.out and f"{len(homeless):,} rows refused" in done.out
    with open(client.home / "q.csv", newline="") as file:
        refused = list(csv.DictReader(file))
    assert [(int(row["line"]), row["column"]) for row in refused] == [(line, "account") for line, _ in homeless]
    assert all(row["reason"].startswith(told["opportunity_id"]) for row, (_, told) in zip(refused, homeless))
    # What is refused was never decided, so that nothing of the value won is missing.
    assert {row["deal_stage"] for _, row in homeless} == {"Engaging", "Prospecting"}
    summary = client.ok("purchase", "summary", "--output", "json").json()
    same(told(summary["total"]), figures([row for _, row in homed]))
    again = client.run(*arguments)
    assert again.status == 2 and f"{len(homed):,} already so" in again.out


def test_purchases_committees_stages_and_funnels_are_worked_with_from_the_command_line(client):
    client.ok("account", "create", "Kuura Oy")
    client.ok("contact", "create", "Kaisa Virtanen", "--account", "Kuura Oy")
    client.ok("contact", "create", "Pekka Laine", "--account", "Kuura Oy")
    client.ok("purchase", "create", "Kuura Oy", "Mill control", "--set", "type=renewal", "--set", "value=120000 EUR",
              "--ext", "crm=7")
    added = client.ok("committee", "add", "Kuura Oy", "Kaisa Virtanen", "--role", "economic_buyer", "--role", "user",
                      "--purchase", "ext:crm:7", "--set", "stance=against", "--set", "influence=0.9", "--lang", "en")
    assert "Added Kaisa Virtanen" in added.out
    client.ok("committee", "add", "Kuura Oy", "Pekka Laine", "--role", "champion", "--set", "coverage=deep")
    page = " ".join(client.ok("committee", "coverage", "Kuura Oy", "--purchase", "ext:crm:7", "--lang", "en").out.split())
    assert "is against us, and nobody talks to them" in page and "→ Meet Kaisa Virtanen before the decision" in page
    finnish = " ".join(
        client.ok("committee", "coverage", "Kuura Oy", "--purchase", "ext:crm:7", "--lang", "fi").out.split())
    assert "on meitä vastaan, eikä kukaan puhu hänelle" in finnish and "→ Tapaa ennen päätöstä Kaisa Virtanen" in finnish
    assert not re.search(r"\b(nobody|contact|their|weighs|score|known)\b", finnish)
    # Each finding says what its weight is made of and whom it is seen from, by what people call them.
    assert "Their word weighs 90 %." in page
    assert page.count("Seen from: ") >= 4 and "Seen from: Mill control" in page and "Seen from: Kaisa Virtanen" in page
    assert finnish.count("Näkyy tästä: ") == page.count("Seen from: ")
    client.ok("committee", "add", "Kuura Oy", "Pekka Laine", "--role", "user", "--purchase", "ext:crm:7", "--set",
              "valid_to=2999-01-01")
    seats = " ".join(client.ok("committee", "coverage", "Kuura Oy", "--purchase", "ext:crm:7", "--lang", "en").out.split())
    assert "Committee 2 • Kaisa" in seats and "Pekka Laine, champion, user (Mill control)" in seats
    listed = client.ok("committee", "list", "--lang", "en", "--filter", "role = USER").out
    assert re.search("Pekka Laine +user +Mill control", listed), listed
    shown = client.ok("account", "show", "Kuura Oy", "--lang", "en").out
    assert re.search("Pekka Laine +user +Mill control", shown), shown
    findings = client.ok("committee", "coverage", "Kuura Oy", "--purchase", "ext:crm:7", "--output", "json").json()
    assert findings["findings"][0]["kind"] in ("KIND_OPPONENT_UNCOVERED", "KIND_SINGLE_CONTACT")
    client.ok("stage", "move", "Kuura Oy", "prospect", "--on", "2026-01-01")
    refused = client.run("stage", "move", "Kuura Oy", "evaluation", "--lang", "en")
    assert refused.status == 4 and "need-told" in refused.err
    moved = client.ok("stage", "move", "Kuura Oy", "evaluation", "--confirm", "need-told", "--lang", "en").out
    assert "Moved: Prospect → Evaluation." in moved
    now = client.ok("stage", "now", "Kuura Oy", "--lang", "en").out
    assert now.startswith("Evaluation") and "open: --confirm criteria-known" in now
    funnel = client.ok("funnel", "--output", "json").json()
    assert funnel["stages"][0]["converted"] == "1"
    assert "Prospect" in client.ok("funnel", "--lang", "en").out
    client.ok("account", "create", "Routa Oy")
    client.ok("stage", "move", "Routa Oy", "prospect", "--on", "2026-01-01")
    client.ok("stage", "move", "Routa Oy", "former", "--on", "2026-02-01", "--reason", "no budget")
    assert "dropped out" in client.ok("funnel", "--lang", "en").out
    assert "heistä poistui 1 (50 %)" in client.ok("funnel", "--lang", "fi").out
    latest = client.ok("stage", "list", "Kuura Oy", "--output", "jsonl").lines()
    name = next(move["name"] for move in latest if move["toStage"] == "evaluation")
    assert "Peruttiin" in client.ok("stage", "revert", name, "--reason", "erehdys", "--lang", "fi").out
    assert client.ok("journey", "in-use", "--output", "json").json()["name"] == "journeys/default-b2b"


def test_what_is_exported_of_decisions_and_stages_comes_back_as_it_was(client):
    client.ok("account", "create", "Kuura Oy", "--id", "kuura")
    client.ok("stage", "move", "kuura", "prospect", "--on", "2026-01-01")
    client.ok("stage", "move", "kuura", "former", "--on", "2026-02-01", "--reason", "no budget")
    moves = client.ok("stage", "list", "kuura", "--output", "jsonl").lines()
    for move in moves:
        client.ok("stage", "delete", move["name"])
    lines = client.home / "moves.jsonl"
    import json
    lines.write_text("".join(json.dumps({"stage_transition": move | {"name": move["name"] + "-again"}}) + "\n"
                             for move in reversed(moves)))
    client.ok("import", lines)
    again = client.ok("stage", "list", "kuura", "--output", "jsonl").lines()
    kept = ["toStage", "fromStage", "move", "movedTime", "reason", "daysInStage"]
    assert [[move.get(field) for field in kept] for move in again] == [[move.get(field) for field in kept] for move in moves]


@pytest.fixture
def sums(client):
    """Purchases won in several currencies, of two types."""
    client.ok("account", "create", "Kuura Oy")
    for number, (amount, kind) in enumerate([
            ("120100.25 EUR", "renewal"), ("0 SEK", "renewal"), ("10000000 MUR", "renewal"), ("3300000.5 USD", "new")]):
        client.ok("purchase", "create", "Kuura Oy", f"Osto {number}", "--set", f"type={kind}", "--set", f"value={amount}",
                  "--set", "status=won", "--set", "opened_date=2026-01-01", "--set", "decided_date=2026-01-08", "--set",
                  f"owner=myyja.{number}")
    return client


def test_a_summary_for_spreadsheets_has_exact_numbers_and_a_column_for_each_currency(sums):
    rows = list(csv.DictReader(io.StringIO(
        sums.ok("purchase", "summary", "--by", "type", "--output", "csv", "--lang", "fi").out)))
    by_key = {row["key"]: row for row in rows}
    total = by_key[""]
    assert total["won_value_USD"] == "3300000.5" and total["won_value_EUR"] == "120100.25"
    assert total["won_value_SEK"] == "0" and total["won_value_MUR"] == "10000000"
    assert total["purchases"] == "4" and float(total["win_rate"]) == 1.0 and float(total["won_cycle_days"]) == 7.0
    assert by_key["TYPE_RENEWAL"]["won_value_USD"] == "" and by_key["TYPE_RENEWAL"]["won"] == "3"


@pytest.mark.parametrize("language", ["en", "fi"])
def test_a_summary_on_a_narrow_terminal_shows_every_sum_whole_the_largest_first(sums, language):
    text = screen(sums, "purchase", "summary", "--by", "type", "--lang", language).replace("\xa0", " ")
    assert all(columns(line) <= 80 for line in text.splitlines()), text
    assert "…" not in text and "SEK" not in text, text
    group, mark = {"en": ",.", "fi": " ,"}[language]
    amounts = ["10 MMUR", f"3{mark}3 MUSD", f"120{group}100{mark}25 €"]
    places = [text.rindex(amount) for amount in amounts]
    assert places == sorted(places), text
    assert {"en": "renewal", "fi": "uusinta"}[language] in text and "TYPE_" not in text, text
    # A column that has no room is named.
    narrow = " ".join(screen(sums, "purchase", "summary", "--by", "type", "--lang", language, width=60).split())
    assert {"en": "No room here for: Purchases, Undecided", "fi": "Tähän eivät mahdu: Ostoja, Jäi tekemättä"}[language] in narrow
    assert "120" in narrow and "…" not in narrow, narrow


def test_a_summary_says_that_there_are_more_groups_than_it_shows(sums):
    assert "2 groups shown, and there are more: --limit" in " ".join(
        sums.ok("purchase", "summary", "--by", "owner", "--limit", "2", "--lang", "en").out.split())
    assert "there are more" not in sums.ok("purchase", "summary", "--by", "owner", "--lang", "en").out


def test_an_import_opens_a_decided_purchase_again_however_often_it_is_repeated(client):
    client.ok("account", "create", "Kuura Oy", "--ext", "crm=k")
    mapping = client.home / "p.mapping"
    mapping.write_text("punos-mapping 1\nlocale en-US\n[purchase]\nkey crm = id\naccount = account | lookup account crm\n"
                       "title = title\nstage = status\nclosed = decided_date\n")
    table = client.home / "p.csv"
    table.write_text("id,account,title,stage,closed\n7,k,Linja,open,\n")
    arguments = ["import", table, "--mapping", mapping, "--problems", client.home / "bad.csv", "--lang", "en"]
    assert "1 created" in client.ok(*arguments).out
    client.ok("purchase", "update", "ext:crm:7", "--set", "status=lost", "--set", "decided_date=2026-05-05", "--set",
              "reasons.kind=price", "--set", "winner=Muu Oy")
    assert "1 changed" in client.ok(*arguments).out
    now = client.ok("purchase", "show", "ext:crm:7", "--output", "json").json()
    assert now["status"] == "STATUS_OPEN" and not {"decidedDate", "reasons", "winner"} & set(now)
    assert "1 already so" in client.ok(*arguments).out
