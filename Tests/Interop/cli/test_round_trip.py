"""Out of one tenant and into an empty one: equal, field for field, with every field that there is."""

import json
import re

from punoscli import ROOT, Client, Server

OUTPUT_ONLY = {"etag", "revision", "createTime", "updateTime"}

EMPTY = {"name", "deleteTime"}  # Given by the server, or only of deleted records.

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


def exported(client):
    path = client.home / "all.jsonl"
    client.ok("export", path)
    return [{kind: {k: v for k, v in record.items() if k not in OUTPUT_ONLY} for kind, record in json.loads(line).items()}
            for line in open(path, encoding="utf-8")]


def test_the_records_have_every_field_of_the_schema():
    for message, record in [("Account", ACCOUNTS[1]), ("Contact", CONTACTS[0])]:
        assert fields(message) - OUTPUT_ONLY - EMPTY <= set(record), f"give {message} the new fields here"


def test_every_field_goes_out_and_comes_in_equal(client, tmp_path):
    path = client.home / "in.jsonl"
    lines = [json.dumps({"account": a}, ensure_ascii=False) for a in ACCOUNTS] + [
        json.dumps({"contact": c}, ensure_ascii=False) for c in CONTACTS]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert "2 created" in client.ok("import", path).out
    first = exported(client)
    given = {record["name"]: record for record in ACCOUNTS + CONTACTS}
    for line in first:
        for record in line.values():
            assert record == given[record["name"]]
    folder = tmp_path / "second"
    folder.mkdir()
    second = Server(folder, tenant="other")
    try:
        other = Client(second, folder / "home")
        other.ok("import", client.home / "all.jsonl")
        assert exported(other) == first
    finally:
        second.stop()
