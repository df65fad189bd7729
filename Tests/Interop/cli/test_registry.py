"""Public registries: what they add, where they differ, and that they overwrite nothing."""

import json
import time

import pytest

YTJ = {"totalResults": 2, "companies": [
    {"businessId": {"value": "9000012-6", "registrationDate": "1990-01-01"},
     "names": [{"name": "Kuura Konepaja Oy", "type": "1", "registrationDate": "2001-05-02", "version": 1},
               {"name": "Kuura Metalli Oy", "type": "1", "registrationDate": "1990-01-01", "endDate": "2001-05-02", "version": 2}],
     "mainBusinessLine": {"type": "28990", "typeCodeSet": "TOIMI3", "descriptions": [
         {"languageCode": "1", "description": "Koneiden valmistus"}]},
     "companyForms": [{"type": "16", "descriptions": [{"languageCode": "1", "description": "Osakeyhtiö"}]}],
     "addresses": [{"type": 1, "street": "Uusikatu", "buildingNumber": "2", "postCode": "33200",
                    "postOffices": [{"city": "TAMPERE", "languageCode": "1"}]}],
     "registrationDate": "1990-01-01", "lastModified": "2026-03-01 08:00:00"},
    {"businessId": {"value": "0112038-9"}, "names": [{"name": "Joku Muu Oyj", "type": "1"}]},
]}
LEI = "549300A0JPRWG1KI7U06"
GLEIF = f"""LEI,Entity.LegalName,Entity.LegalAddress.FirstAddressLine,Entity.LegalAddress.City,Entity.LegalAddress.Country,Entity.LegalAddress.PostalCode,Entity.RegistrationAuthority.RegistrationAuthorityEntityID,Entity.EntityStatus,Registration.LastUpdateDate
{LEI},Kuura Konepaja Oyj,Uusikatu 2,Tampere,FI,33200,9000012-6,ACTIVE,2026-02-03T08:00:00Z
7LTWFZYICNSX8D621K86,Beispiel AG,Weg 1,Frankfurt am Main,DE,60325,HRB 30000,INACTIVE,2024-01-01T00:00:00Z
"""


@pytest.fixture
def ytj(client):
    path = client.home / "ytj.json"
    path.write_text(json.dumps(YTJ))
    return path


@pytest.fixture
def kuura(client):
    """An account that believes another name and address than the registry."""
    client.ok("account", "create", "Kuura Konepaja", "--status", "current", "--y-tunnus", "9000012-6", "--legal-name", "Kuura Ky")
    mapping = client.home / "a.mapping"
    mapping.write_text("punos-mapping 1\nlocale fi\nsource CRM\n[account]\nkey crm = id\nname = display_name\n"
                       "y = identifiers.y_tunnus\nstreet = addresses[visiting].lines\ncity = addresses[visiting].city\n")
    table = client.home / "a.csv"
    table.write_text("id;name;y;street;city\n1;Kuura Konepaja;9000012-6;Vanhakatu 1;Turku\n")
    client.ok("import", table, "--mapping", mapping)


def account(client):
    return client.accounts()[0]


def test_a_registry_fills_in_what_is_missing_and_keeps_what_differs_apart(client, kuura, ytj):
    out = client.ok("registry", "import", ytj).out
    assert "2 companies, 1 of them accounts" in out
    now = account(client)
    assert [n["text"] for n in now["names"]] == ["Kuura Ky", "Kuura Metalli Oy"]
    assert now["addresses"][0]["city"] == "Turku"
    assert now["industries"][0]["code"] == "28990" and now["attributes"]["legal_form"]["text"] == "Osakeyhtiö"
    claims = {c["path"]: c for c in now["registryClaims"]}
    assert set(claims) == {"names.legal", "addresses[visiting]"}
    assert claims["names.legal"] == {"registry": "prh-ytj", "path": "names.legal", "value": "Kuura Konepaja Oy",
                                     "observedTime": "2026-03-01T00:00:00Z"}
    assert any(s["path"] == "industries" and s["source"] == "prh-ytj" for s in now["sources"])
    page = " ".join(client.ok("account", "show", "Kuura").out.split())
    assert "Registries say otherwise" in page and "Kuura Ky here, Kuura Konepaja Oy in the registry" in page
    assert "YTJ 2026-03-01" in page or "YTJ 1 Mar 2026" in page
    finnish = " ".join(client.ok("account", "show", "Kuura", "--lang", "fi").out.split())
    assert "Rekisterit kertovat toisin" in finnish and "YTJ 1.3.2026" in finnish


def test_a_registry_twice_changes_nothing(client, kuura, ytj):
    client.ok("registry", "import", ytj)
    before = account(client)
    out = client.ok("registry", "import", ytj).out
    assert "0 filled in, 1 with differences" in out
    assert account(client) == before


def test_a_dry_run_of_a_registry_shows_all_and_changes_nothing(client, kuura, ytj):
    before = account(client)
    out = client.ok("registry", "import", ytj, "--dry-run").out
    assert "legal name: Kuura Ky here" in out and "legal form: Osakeyhtiö" in out
    assert account(client) == before


def test_the_registrys_word_is_taken_when_somebody_says_so(client, kuura, ytj):
    client.ok("registry", "import", ytj)
    rows = client.ok("registry", "differences", "--output", "json").json()
    assert [(r["field"], r["registry"]) for r in rows] == [("names.legal", "prh-ytj"), ("addresses[visiting]", "prh-ytj")]
    before = account(client)
    assert "Would change" in client.ok("registry", "accept", "Kuura", "names.legal", "--dry-run").out
    assert account(client) == before
    client.ok("registry", "accept", "Kuura", "names.legal", "--reason", "checked")
    now = account(client)
    assert {n["text"]: n["type"] for n in now["names"]}["Kuura Konepaja Oy"] == "TYPE_LEGAL"
    assert {n["text"]: n["type"] for n in now["names"]}["Kuura Ky"] == "TYPE_FORMER"
    assert [c["path"] for c in now["registryClaims"]] == ["addresses[visiting]"]
    assert now["addresses"][0]["city"] == "Turku"
    assert client.run("registry", "accept", "Kuura", "names.legal").status == 3
    client.ok("registry", "accept", "Kuura")
    assert account(client)["addresses"][0]["city"] == "TAMPERE"
    assert "No registry says otherwise" in client.ok("registry", "differences").out


def signals(client, states):
    """The state of each registry difference's signal, once they are these, or when it takes too long."""
    deadline = time.monotonic() + 10
    while True:
        rows = client.ok("signal", "list", "Kuura", "--filter", "kind = REGISTRY_DIFFERENCE", "--output", "jsonl").lines()
        found = sorted(row["state"] for row in rows)
        if found == states or time.monotonic() > deadline:
            return found


def test_each_difference_is_a_signal_until_it_is_taken_over(client, kuura, ytj):
    client.ok("registry", "import", ytj)
    assert signals(client, ["STATE_OPEN"] * 2) == ["STATE_OPEN"] * 2
    assert "legal name" in client.ok("signal", "list", "Kuura").out
    client.ok("registry", "accept", "Kuura", "names.legal")
    assert signals(client, ["STATE_OPEN", "STATE_RESOLVED"]) == ["STATE_OPEN", "STATE_RESOLVED"]
    client.ok("registry", "accept", "Kuura")
    assert signals(client, ["STATE_RESOLVED"] * 2) == ["STATE_RESOLVED"] * 2
    # What is agreed on stays agreed on when the file is read again.
    client.ok("registry", "import", ytj)
    assert signals(client, ["STATE_RESOLVED"] * 2) == ["STATE_RESOLVED"] * 2


def test_gleif_adds_the_lei_and_contradicts_where_it_does(client, kuura, ytj):
    path = client.home / "gleif.csv"
    path.write_text(GLEIF)
    client.ok("registry", "import", ytj)
    client.ok("registry", "import", path)
    now = account(client)
    assert LEI in [i["value"] for i in now["identifiers"]]
    names = {c["registry"]: c["value"] for c in now["registryClaims"] if c["path"] == "names.legal"}
    assert names == {"prh-ytj": "Kuura Konepaja Oy", "gleif": "Kuura Konepaja Oyj"}
    result = client.run("registry", "accept", "Kuura", "names.legal")
    assert result.status == 5 and "differ among themselves" in result.err
    # By now the LEI finds it, too.
    assert "1 of them accounts" in client.ok("registry", "import", path, "--registry", "gleif").out


def test_a_registry_file_that_breaks_off_changes_nothing(client, kuura):
    before = account(client)
    path = client.home / "ytj.json"
    path.write_text(json.dumps(YTJ)[:-40])
    result = client.run("registry", "import", path)
    assert result.status == 65 and "Nothing was changed" in result.err
    path.write_bytes(b"PK\x03\x04" + bytes(300))
    result = client.run("registry", "import", path)
    assert result.status == 65 and "zip" in result.err
    path.write_text("a;b\n1;2\n")
    assert client.run("registry", "import", path).status == 65
    assert account(client) == before


def test_an_entry_that_cannot_be_read_goes_to_a_file_and_stops_nothing(client, kuura):
    broken = {"companies": [{"businessId": {"value": "1234567-8"}, "names": [{"name": "X", "type": "1"}]}] + YTJ["companies"]}
    path = client.home / "ytj.json"
    path.write_text(json.dumps(broken))
    result = client.run("registry", "import", path)
    assert result.status == 2 and "1 entry not used" in result.out
    assert "businessId" in (client.home / "ytj.json.problems.csv").read_text()
    assert account(client)["registryClaims"]


def test_differences_survive_a_round_trip_through_json_lines(client, kuura, ytj, tmp_path):
    from punoscli import Client, Server
    client.ok("registry", "import", ytj)
    client.ok("export", client.home / "all.jsonl")
    folder = tmp_path / "second"
    folder.mkdir()
    second = Server(folder, tenant="other")
    try:
        other = Client(second, folder / "home")
        other.ok("import", client.home / "all.jsonl")
        assert account(other)["registryClaims"] == account(client)["registryClaims"]
    finally:
        second.stop()
