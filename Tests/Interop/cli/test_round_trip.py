"""Out of one tenant and into an empty one: equal, field for field, with every field that there is."""

import json
import re
import time

import everything
from punoscli import ROOT, Client, Server

OUTPUT_ONLY = {"etag", "revision", "createTime", "updateTime"}

EMPTY = {"name", "deleteTime"}  # Given by the server, or only of deleted records.

# Fields that no record here has: of losses with a value, and of what is withheld from the reader.
ELSEWHERE = {"lostHundredths", "lostCurrency", "otherLosses", "withheld"}

# Signals come by themselves within about a second: an export is whole when two in a row are the same.
SETTLED_AFTER = 1.0
SETTLED_WITHIN = 30.0

ACCOUNTS = [
    {"name": "accounts/emo", "displayName": "Emo Oy", "externalIds": [{"system": "crm", "id": "E"}]},
    {"name": "accounts/kuura", "displayName": "Kuura \"Konepaja\", \\ 株式会社 \U0001f600", "status": "STATUS_CURRENT",
     "names": [{"text": "Kuura Konepaja Oy", "type": "TYPE_LEGAL", "validFrom": "2001-05-02"},
               {"text": "Kuura Metalli", "type": "TYPE_FORMER", "validFrom": "1990-01-01", "validTo": "2001-05-02"},
               {"text": "Kuuran Huolto", "type": "TYPE_TRADING"}],
     "identifiers": [{"type": "TYPE_Y_TUNNUS", "value": "9000012-6"}, {"type": "TYPE_VAT", "value": "FI90000126"},
                     {"type": "TYPE_LEI", "value": "549300A0JPRWG1KI7U06"}, {"type": "TYPE_DUNS", "value": "123456789"},
                     {"type": "TYPE_OTHER", "value": "556677-8899", "issuer": "Bolagsverket"}],
     "industries": [{"scheme": "SCHEME_TOL_2008", "code": "28990", "title": "Koneet"}, {"scheme": "SCHEME_OWN", "title": "oma"}],
     "employees": "412", "revenue": {"amount": {"currency": "EUR", "units": "96400000", "nanos": 120000000}, "year": 2025},
     "foundedYear": 1990, "country": "FI",
     "addresses": [{"label": "visiting", "lines": ["Uusikatu 2", "2. krs"], "postalCode": "33200", "city": "Tampere",
                    "region": "Pirkanmaa", "country": "FI"}, {"label": "postal", "lines": ["PL 1"]}],
     "domains": ["kuura.example", "xn--hyry-6qaa.example"], "phones": ["+35831234567"],
     "parents": [{"account": "accounts/emo", "share": 0.6666666666666666, "validFrom": "2010-01-01", "validTo": "2030-01-01"}],
     "owners": [{"team": "sales", "principal": "aino.virtanen", "validFrom": "2020-01-01"},
                {"team": "delivery", "principal": "eero.koski", "validFrom": "2021-01-01", "validTo": "2022-01-01"}],
     "tags": ["avain", "a b", "ä"], "attributes": {
         "text": {"text": "rivi 1\nrivi 2\tsarkain"}, "number": {"number": -0.1}, "flag": {"flag": False},
         "date": {"date": "2026-03-15"}, "money": {"money": {"currency": "SEK", "units": "-5", "nanos": -500000000}}},
     "externalIds": [{"system": "crm", "id": "K 1"}, {"system": "laskutus", "id": "20010"}],
     "description": "Ensimmäinen rivi.\nToinen \u2028 rivi, a\u0308.",
     "sources": [{"path": "revenue", "source": "Laskutus", "observedTime": "2026-01-31T10:11:12.123456789Z",
                  "cleaning": ["amount read as fi writes it"]}],
     "registryClaims": [{"registry": "prh-ytj", "path": "names.legal", "value": "Kuura Oy", "observedTime": "2026-03-01T00:00:00Z"}]},
]
CONTACTS = [
    {"name": "contacts/liisa", "displayName": "Liisa Korhonen", "givenName": "Liisa", "familyName": "Korhonen",
     "employments": [{"account": "accounts/kuura", "title": "Toimitusjohtaja", "department": "Johto", "role": "päättäjä",
                      "validFrom": "2015-01-01"},
                     {"account": "accounts/emo", "title": "Hallitus", "validFrom": "2010-01-01", "validTo": "2015-01-01"}],
     "emails": [{"address": "liisa@kuura.example", "label": "work"}], "phones": [{"number": "+358401234100", "label": "mobile"}],
     "addresses": [{"label": "home", "lines": ["Kotitie 1"], "postalCode": "33100", "city": "Tampere", "country": "FI"}],
     "language": "fi", "preferredChannel": "CHANNEL_EMAIL", "profession": "insinööri", "ageGroup": "45-54",
     "tags": ["golf"], "attributes": {"vip": {"flag": True}}, "externalIds": [{"system": "crm", "id": "L"}],
     "description": "Puhuu suoraan.", "sources": [{"path": "emails", "source": "CRM"}]},
]


def fields(message):
    """The fields of a message as the schema has them, in JSON's spelling."""
    for path in (ROOT / "proto/punos/v1").glob("*.proto"):
        match = re.search(rf"^message {message} \{{(.*?)^\}}", path.read_text(), re.S | re.M)
        if match:
            body = re.sub(r"^  (?:option|enum|message|reserved)\b.*?^  \}", "", match.group(1), flags=re.S | re.M)
            names = re.findall(r"^\s+(?:repeated |optional )?[\w.<>, ]+ (\w+) = \d+", body, re.M)
            return {re.sub(r"_(\w)", lambda m: m.group(1).upper(), name) for name in names}
    raise AssertionError(f"there is no message {message}")


def exported(client, *options, given_anew=OUTPUT_ONLY):
    path = client.home / "all.jsonl"
    client.ok("export", path, *options)
    return [{kind: {k: v for k, v in record.items() if k not in given_anew} for kind, record in json.loads(line).items()}
            for line in open(path, encoding="utf-8")]


def test_the_records_have_every_field_of_the_schema():
    for message, record in [("Account", ACCOUNTS[1]), ("Contact", CONTACTS[0])]:
        assert fields(message) - OUTPUT_ONLY - EMPTY <= set(record), f"give {message} the new fields here"


def settled(client):
    """The export of a tenant in which the server has found what it finds."""
    end = time.monotonic() + SETTLED_WITHIN
    last, since = exported(client), time.monotonic()
    while time.monotonic() - since < SETTLED_AFTER:
        assert time.monotonic() < end, "the tenant does not come to rest"
        now = exported(client)
        if now != last:
            last, since = now, time.monotonic()
    return last


def given(client):
    path = client.home / "in.jsonl"
    everything.write(path, [("account", a) for a in ACCOUNTS] + [("contact", c) for c in CONTACTS])
    client.ok("import", path)


def second_tenant(folder):
    folder.mkdir()
    server = Server(folder, tenant="other")
    return server, Client(server, folder / "home")


def by_name(lines):
    return {record["name"]: (kind, record) for line in lines for kind, record in line.items()}


def journeys_told(client):
    """What is told of journeys and of accounts on them, without what another server gives anew."""
    def bare(value):
        if isinstance(value, list):
            return [bare(item) for item in value]
        return {k: bare(v) for k, v in value.items() if k not in OUTPUT_ONLY} if isinstance(value, dict) else value

    questions = [("stage", "now", account) for account in ("kuura", "emo")]
    questions += [("funnel", "--journey", journey, "--by", "country") for journey in ("journeys/oma", "journeys/muuttuva")]
    return [bare(json.loads(client.ok(*question, "--output", "json").out)) for question in questions]


def test_accounts_and_contacts_come_out_as_they_were_told(client):
    given(client)
    records = by_name(exported(client))
    for told in ACCOUNTS + CONTACTS:
        assert records[told["name"]][1] == told


def test_everything_that_teams_know_goes_out_and_comes_in_equal(client, tmp_path):
    given(client)
    everything.live(client)
    first = settled(client)
    message = {kind: "".join(part.capitalize() for part in kind.split("_")) for line in first for kind in line}
    assert set(message) == {"account", "contact"} | {kind for kind, _ in everything.LINES}
    for kind, name in message.items():
        told = {field for line in first for field in line.get(kind, {})}
        assert fields(name) - OUTPUT_ONLY - EMPTY - ELSEWHERE <= told, f"let everything.py have every field of {name}"
    server, other = second_tenant(tmp_path / "second")
    try:
        done = other.ok("import", client.home / "all.jsonl", "--reason", "Muutto")
        assert by_name(settled(other)) == by_name(first), done.out
        assert journeys_told(other) == journeys_told(client)
        again = other.ok("import", client.home / "all.jsonl")
        assert not re.search(r"[1-9]\d* (created|changed)", again.out), again.out
        history = other.ok("handover", "history", "kuura/siirto", "--output", "json").out
        assert "Import of an export: Muutto" in history
    finally:
        server.stop()


def test_what_only_the_server_writes_is_not_taken_from_a_file_that_is_no_export(client):
    given(client)
    handover = {**dict(everything.LINES)["handover"], "state": "STATE_ACCEPTED", "acceptedBy": "eero.koski", "template": "",
                "purchase": "", "name": everything.inside("handovers", "keksitty"), "externalIds": []}
    path = client.home / "invented.jsonl"
    everything.write(path, [("contact", everything.OLLI), ("handover", handover)])
    client.ok("import", path)
    (line,) = client.ok("handover", "list", "--output", "jsonl").lines()
    assert line["state"] == "STATE_DRAFT" and "acceptedBy" not in line


def with_deleted(client):
    """The records of an export with deleted ones, and the names of those that are deleted."""
    records = by_name(exported(client, "--deleted"))
    deleted = {name for name, (_, record) in records.items() if record.pop("deleteTime", None)}
    return records, deleted


def test_deleted_records_move_house_too_and_stay_deleted(client, tmp_path):
    given(client)
    path = client.home / "more.jsonl"
    everything.write(path, [("contact", everything.OLLI), everything.LINES[1]])
    client.ok("import", path)
    client.ok("contact", "delete", "contacts/olli", "--reason", "Väärä henkilö")
    client.ok("commitment", "delete", "kuura/lupaus")
    client.ok("account", "delete", "emo")
    # The id that a deleted record has may have gone to another one meanwhile.
    client.ok("contact", "create", "Olga Ahonen", "--account", "kuura", "--ext", "erp=olli")
    first, deleted = with_deleted(client)
    assert {name.rsplit("/", 1)[1] for name in deleted} >= {"olli", "emo"}
    assert all("deleteTime" not in line for line in open(client.home / "all.jsonl") if "olga" in line.lower())
    server, other = second_tenant(tmp_path / "second")
    try:
        rehearsed = other.ok("import", client.home / "all.jsonl", "--dry-run")
        assert with_deleted(other) == ({}, set()), rehearsed.out
        done = other.ok("import", client.home / "all.jsonl", "--reason", "Muutto")
        assert with_deleted(other) == (first, deleted), done.out
        again = other.ok("import", client.home / "all.jsonl")
        assert not re.search(r"[1-9]\d* (created|changed)", again.out), again.out
        other.ok("account", "undelete", "accounts/emo")
        other.ok("contact", "undelete", "contacts/olli")
        assert with_deleted(other)[1] == deleted - {"accounts/emo", "contacts/olli"}
    finally:
        server.stop()


def test_what_an_export_refers_to_and_lacks_is_left_open_and_stops_nothing(client, tmp_path):
    given(client)
    client.ok("account", "delete", "emo")
    first = by_name(exported(client))
    assert "accounts/emo" not in first and first["accounts/kuura"][1]["parents"][0]["account"] == "accounts/emo"
    server, other = second_tenant(tmp_path / "second")
    try:
        other.ok("import", client.home / "all.jsonl")
        assert by_name(exported(other)) == first
    finally:
        server.stop()


def when_it_was_deleted_is_given_anew(records):
    """And so is what follows from it: when an account that was deleted left its stage. What a deleted move says of it is of no
    meaning."""
    deleted = {name for name, (_, record) in records.items() if "deleteTime" in record}
    for name, (_, record) in records.items():
        if name in deleted:
            record["deleteTime"] = "then"
        if name in deleted or "/".join(name.split("/")[:2]) in deleted:
            record.pop("leftTime", None), record.pop("latest", None)


def test_moves_move_house_whatever_has_become_of_their_journey_and_account(client, tmp_path):
    """A deleted move that others went past, a journey that is gone, an account that is deleted."""
    given(client)
    path = client.home / "more.jsonl"
    everything.write(path, [line for line in everything.LINES if line[0] == "journey"])
    client.ok("import", path)
    client.ok("stage", "move", "kuura", "start", "--on", "2026-01-01")
    client.ok("stage", "move", "kuura", "end", "--reason", "Lähti", "--on", "2026-02-01")
    client.ok("stage", "delete", everything.latest_move(client, "kuura"))
    client.ok("stage", "move", "kuura", "use", "--confirm", "tapaaminen", "--confirm", "henkilo", "--on", "2026-03-01")
    client.ok("stage", "move", "emo", "alku", "--journey", "muuttuva")
    client.ok("stage", "revert", everything.latest_move(client, "emo"), "--reason", "Väärä polku")
    client.ok("journey", "delete", "muuttuva")
    client.ok("account", "create", "Mennyt Oy")
    client.ok("stage", "move", "Mennyt Oy", "start")
    client.ok("account", "delete", "Mennyt Oy")
    for options in [(), ("--deleted",)]:
        first = by_name(exported(client, *options))
        moves = [record for kind, record in first.values() if kind == "stage_transition"]
        assert len(moves) == (5 if options else 3)
        server, other = second_tenant(tmp_path / f"second{len(options)}")
        try:
            done = other.ok("import", client.home / "all.jsonl", "--reason", "Muutto")
            there = by_name(exported(other, *options))
            for records in (first, there):
                when_it_was_deleted_is_given_anew(records)
            assert there == first, done.out
        finally:
            server.stop()
