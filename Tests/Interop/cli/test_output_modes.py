"""Every command that prints something prints it in the form that was asked for."""

import csv
import io
import json

import pytest

# What is shown, by commands that change nothing.
COMMANDS = [
    ("account", "list"), ("account", "show", "Kuura"), ("account", "history", "Kuura"), ("contact", "list"),
    ("contact", "show", "Liisa"), ("contact", "history", "Liisa"), ("contact", "data", "Liisa"), ("commitment", "list"),
    ("commitment", "show", "weekly report"), ("commitment", "history", "weekly report"), ("interaction", "list"),
    ("interaction", "rhythm", "Kuura"), ("relationship", "list"),
    ("relationship", "strength", "teammates/aino.virtanen", "Liisa"), ("path", "Liisa"), ("map", "Kuura"),
    ("understanding", "Kuura"), ("questions", "Kuura"), ("insight", "list"), ("insight", "rank", "Kuura"),
    ("signal", "list"), ("search", "Kuura"), ("watch", "--after", "0", "--count", "3"), ("server", "info"),
    ("context", "list"), ("context", "show"), ("doctor",), ("version",), ("purchase", "list"), ("purchase", "summary"),
    ("committee", "list"), ("committee", "coverage", "Kuura"), ("stage", "list"), ("stage", "now", "Kuura"),
    ("journey", "list"), ("funnel",), ("value", "list"), ("value", "ladder", "Kuura"), ("feedback", "list"),
    ("experience", "Kuura"), ("handover", "list"), ("handover", "measures"), ("registry", "differences"),
]
FORMATS = ["table", "json", "jsonl", "csv", "markdown"]


@pytest.fixture
def tenant(client):
    client.ok("account", "create", "Kuura", "--status", "current", "--employees", "412")
    client.ok("contact", "create", "Liisa Korhonen", "--account", "Kuura", "--title", "Toimitusjohtaja, \"hankinnat\"")
    client.ok("commitment", "create", "Kuura", "Weekly report | all", "--set", "due_date=2099-12-20")
    client.ok("interaction", "create", "Kuura", "Kick-off", "--set", "time=2026-05-20T09:00:00Z", "--set", "channel=MEETING",
              "--set", "contacts=Liisa Korhonen")
    client.ok("relationship", "create", "Kuura", "--set", "kind=TRUSTS", "--set", "from_teammate.principal=aino.virtanen",
              "--set", "to=Liisa Korhonen")
    client.ok("account", "update", "Kuura", "--employees", "413")
    client.ok("commitment", "update", "weekly report", "--set", "status=kept")
    client.ok("purchase", "create", "Kuura", "Mill control", "--set", "value=120000 EUR")
    return client


def fault(format, out):
    """Why an output is not what its form promises; None where it is."""
    if format == "json":
        json.loads(out)
    elif format == "jsonl":
        for line in out.splitlines():
            if not isinstance(json.loads(line), dict):
                return f"a line that is no object: {line}"
    elif format == "csv":
        rows = list(csv.reader(io.StringIO(out, newline=""), strict=True))
        if not rows or len(rows[0]) < 2 or not all(heading.replace("_", "a").isalnum() for heading in rows[0] if heading):
            return "no heading"
        if any(len(row) != len(rows[0]) for row in rows):
            return "rows of another width than the heading"
    elif format == "markdown":
        lines = [line for line in out.splitlines() if line]
        starts = ("#", "|", "- ", "_", "**", "```")
        if lines and not lines[0].startswith(starts):
            return f"begins with {lines[0]!r}"
        tables = [number for number, line in enumerate(lines) if line.startswith("|") and set(line) <= set("|-: ")]
        if lines and lines[0].startswith("|") and tables[:1] != [1]:
            return "a table without its heading"
    elif not out.strip():
        return "nothing"
    return None


@pytest.mark.parametrize("format", FORMATS)
def test_every_command_prints_the_form_that_was_asked_for(tenant, format):
    problems = []
    for command in COMMANDS:
        result = tenant.run(*command, "--output", format)
        if result.status != 0:
            problems.append(f"{command} ended with {result.status}: {result.err}")
            continue
        try:
            found = fault(format, result.out)
        except (ValueError, csv.Error) as error:
            found = str(error)
        if found:
            problems.append(f"{' '.join(command)}: {found}\n{result.out[:300]}")
    assert not problems, "\n".join(problems)


def test_a_watch_as_a_table_has_one_heading(tenant):
    rows = list(csv.DictReader(io.StringIO(tenant.ok("watch", "--after", "0", "--count", "3", "--output", "csv").out)))
    assert len(rows) == 3 and rows[0]["revision"] == "1" and rows[0]["title"] == "Kuura"
    lines = tenant.ok("watch", "--after", "0", "--count", "3", "--output", "markdown").out.splitlines()
    assert len(lines) == 5 and lines[0].startswith("| Revision |") and lines[1].startswith("| ---: |")


def test_lists_are_in_the_order_that_a_finn_expects(client):
    for name in ["Zeta", "Öljy", "aalto", "Äänekoski", "Åbo"]:
        client.ok("account", "create", name, "--tag", "nordic")
        client.ok("purchase", "create", name, f"{name} tarvitsee")
    expected = ["aalto", "Zeta", "Åbo", "Äänekoski", "Öljy"]

    def names(*arguments):
        return [account["displayName"] for account in client.ok(
            "account", "list", *arguments, "--output", "jsonl", "--limit", "0").lines()]

    assert names() == expected
    assert names("--order-by", "display_name") == expected
    assert names("--order-by", "display_name desc") == expected[::-1]
    assert names("--filter", "tags:nordic") == expected
    assert names("--filter", "tags:nordic", "--order-by", "display_name desc") == expected[::-1]
    titles = [purchase["title"] for purchase in client.ok("purchase", "list", "--output", "jsonl").lines()]
    assert titles == [f"{name} tarvitsee" for name in expected]
    shown = client.ok("account", "list", "--lang", "fi").out
    assert sorted(expected, key=shown.index) == expected


def test_an_import_tells_programs_of_each_record(client):
    (client.home / "m.mapping").write_text("punos-mapping 1\nlocale fi\n[account]\nkey crm = id\nname = display_name\n")
    (client.home / "a.csv").write_text("id;name\n1;Kuura\n2;Lumo\n")
    outcomes = client.ok("import", "a.csv", "--mapping", "m.mapping", "--output", "json").json()
    assert [(one["line"], one["outcome"]) for one in outcomes] == [(2, "created"), (3, "created")]
    again = client.ok("import", "a.csv", "--mapping", "m.mapping", "--output", "jsonl").lines()
    assert [one["outcome"] for one in again] == ["unchanged", "unchanged"]
