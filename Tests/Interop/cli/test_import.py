"""Files of every kind through `punos import`, and back through `punos export`."""

import csv
import json
import pathlib
import re
import signal
import subprocess
import time

MAPPINGS = pathlib.Path(__file__).parent / "mappings"
COUNTRIES = {"United States": "US", "Kenya": "KE", "Philipines": "PH", "Japan": "JP", "Italy": "IT", "Norway": "NO",
             "Korea": "KR", "Jordan": "JO", "Brazil": "BR", "Germany": "DE", "Panama": "PA", "Belgium": "BE",
             "Romania": "RO", "Poland": "PL", "China": "CN"}


def write(client, name, text, encoding="utf-8"):
    path = client.home / name
    path.write_bytes(text.encode(encoding))
    return path


def problems(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


SIMPLE = """punos-mapping 1
locale fi
country FI
source Testi

[account]
key crm = id
name = display_name
staff = employees
turnover = revenue.amount | money
constant revenue.amount.currency = EUR
"""


def test_maven_arrives_whole_with_its_misspellings_read_and_noted(client, shared_data):
    source = shared_data("maven-crm") / "accounts.csv"
    mapping = MAPPINGS / "maven-accounts.mapping"
    result = client.ok("import", source, "--mapping", mapping, "--problems", client.home / "p.csv")
    assert "85 created" in result.out
    rows = list(csv.DictReader(open(source)))
    accounts = {account["displayName"]: account for account in client.accounts()}
    assert sorted(accounts) == sorted(row["account"] for row in rows)
    assert sum(int(a["employees"]) for a in accounts.values()) == sum(int(row["employees"]) for row in rows)
    cents = sum(int(a["revenue"]["amount"].get("units", 0)) * 100 + int(a["revenue"]["amount"].get("nanos", 0)) // 10**7
                for a in accounts.values())
    assert cents == sum(round(float(row["revenue"]) * 100) * 10**6 for row in rows)
    names = {account["name"]: title for title, account in accounts.items()}
    for row in rows:
        account = accounts[row["account"]]
        assert account["foundedYear"] == int(row["year_established"])
        assert account["country"] == COUNTRIES[row["office_location"]], row
        assert account["industries"][0]["title"] == row["sector"].replace("technolgy", "technology")
        parents = [names[parent["account"]] for parent in account.get("parents", [])]
        assert parents == ([row["subsidiary_of"]] if row["subsidiary_of"] else [])
    misspelt = next(row["account"] for row in rows if row["office_location"] == "Philipines")
    source_of_country = next(s for s in accounts[misspelt]["sources"] if s["path"] == "country")
    assert source_of_country["source"] == "Maven CRM" and "Philipines" in source_of_country["cleaning"][0]


def test_maven_twice_changes_nothing(client, shared_data):
    source = shared_data("maven-crm") / "accounts.csv"
    arguments = ["import", source, "--mapping", MAPPINGS / "maven-accounts.mapping", "--problems", client.home / "p.csv"]
    client.ok(*arguments)
    before = client.accounts()
    revision = client.ok("server", "info", "--output", "json").json()["revision"]
    assert "85 already so" in client.ok(*arguments).out
    assert client.accounts() == before
    assert client.ok("server", "info", "--output", "json").json()["revision"] == revision


def test_northwind_names_its_broken_rows_and_shifts_none(client, shared_data):
    source = shared_data("northwind") / "customers.csv"
    result = client.run("import", source, "--mapping", MAPPINGS / "northwind-customers.mapping", "--problems",
                        client.home / "p.csv")
    assert result.status == 2
    with open(source, newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        header = next(reader)
        good, broken = [], []
        for row in reader:
            if len(row) == len(header):
                good.append(dict(zip(header, row)))
            else:
                broken.append(reader.line_num)
    assert len(broken) == 24
    refused = [row for row in problems(client.home / "p.csv") if row["outcome"] == "refused"]
    assert [int(row["line"]) for row in refused] == broken
    assert all("12 fields where the header has 11" in row["reason"] for row in refused)
    accounts = {a["externalIds"][0]["id"]: a for a in client.accounts()}
    contacts = {c["externalIds"][0]["id"]: c for c in client.contacts()}
    assert len(accounts) == len(contacts) == len(good)
    for row in good:
        account, contact = accounts[row["customerID"]], contacts[row["customerID"]]
        assert account["displayName"] == " ".join(row["companyName"].split())
        assert account["addresses"][0]["city"] == row["city"]
        assert account["addresses"][0].get("region", "") == ("" if row["region"] == "NULL" else row["region"])
        assert re.fullmatch("[A-Z]{2}", account["country"])
        assert contact["displayName"] == " ".join(row["contactName"].split())
        assert contact["employments"][0]["account"] == account["name"]
    by_country = {}
    for row in good:
        by_country.setdefault(row["country"], set()).add(accounts[row["customerID"]]["country"])
    assert all(len(codes) == 1 for codes in by_country.values())
    assert by_country["Finland"] == {"FI"} and by_country["UK"] == {"GB"} and by_country["USA"] == {"US"}


def test_the_five_samples_become_twelve_customers_with_every_systems_id(client):
    sample = pathlib.Path(__file__).resolve().parents[3] / "sample"
    for name in ["3-laskutus.csv", "4-delivery-projects.tsv", "1-sales-crm-accounts.csv", "2-sales-crm-contacts.csv",
                 "5-service-desk-people.csv"]:
        mapping = sample / (name.rsplit(".", 1)[0] + ".mapping")
        client.ok("import", sample / name, "--mapping", mapping, "--problems", client.home / "p.csv")
    accounts = client.accounts()
    assert len(accounts) == 12
    kuura = next(a for a in accounts if a["displayName"] == "Kuura Konepaja")
    assert {i["system"] for i in kuura["externalIds"]} == {"laskutus", "delivery", "sales-crm"}
    contacts = client.contacts()
    assert len(contacts) == 22
    juhani = [c for c in contacts if c["displayName"] == "Juhani Mäkelä"]
    assert len(juhani) == 1 and len(juhani[0]["phones"]) == 2


def test_a_dry_run_shows_creations_changes_and_refusals_and_changes_nothing(client):
    mapping = write(client, "m.mapping", SIMPLE)
    table = write(client, "a.csv", "id;name;staff;turnover\n1;Kuura;10;1 000,50\n2;Lumo;20;\n")
    out = client.ok("import", table, "--mapping", mapping, "--dry-run").out
    assert "would create Kuura" in out and "2 created" in out
    assert client.accounts() == []
    client.ok("import", table, "--mapping", mapping)
    write(client, "a.csv", "id;name;staff;turnover\n1;Kuura;12;1 000,50\n2;Lumo;20;\n3;;5;\n")
    result = client.run("import", table, "--mapping", mapping, "--dry-run")
    assert result.status == 2
    assert "would change Kuura" in result.out and "10 → 12" in result.out and "1 row refused" in result.out
    assert sorted(a["employees"] for a in client.accounts()) == ["10", "20"]


def test_a_quote_that_never_closes_imports_nothing(client):
    mapping = write(client, "m.mapping", SIMPLE)
    table = write(client, "a.csv", 'id;name;staff;turnover\n1;Kuura;10;1\n2;"Lumo;20;\n')
    result = client.run("import", table, "--mapping", mapping)
    assert result.status == 65 and "line 3, column 2" in result.err
    assert client.accounts() == []


def test_a_locale_that_does_not_fit_imports_nothing(client):
    mapping = write(client, "m.mapping", SIMPLE.replace("locale fi", "locale en-US"))
    rows = "".join(f"{n};Yritys {n};10;12.345,{n}1\n" for n in range(1, 9))
    table = write(client, "a.csv", "id;name;staff;turnover\n" + rows)
    result = client.run("import", table, "--mapping", mapping)
    assert result.status == 65 and "turnover" in result.err and "line 2" in result.err
    assert client.accounts() == []


def test_a_column_mapped_twice_is_named_with_its_lines(client):
    mapping = write(client, "m.mapping", SIMPLE + "name = tags\n")
    table = write(client, "a.csv", "id;name;staff;turnover\n1;Kuura;10;1\n")
    result = client.run("import", table, "--mapping", mapping)
    assert result.status == 65 and "line 12" in result.err and "mapped twice" in result.err
    assert client.accounts() == []


def test_a_file_that_is_not_what_its_name_says_is_refused(client):
    mapping = write(client, "m.mapping", SIMPLE)
    path = client.home / "a.csv"
    path.write_bytes(b"PK\x03\x04" + bytes(range(256)) * 8)
    result = client.run("import", path, "--mapping", mapping)
    assert result.status == 65
    assert client.accounts() == []


def test_the_same_record_twice_in_a_file_is_written_in_turn(client):
    mapping = write(client, "m.mapping", SIMPLE)
    table = write(client, "a.csv", "id;name;staff;turnover\n1;Kuura;10;1\n1;Kuura;11;1\n")
    assert "1 created, 1 changed" in client.ok("import", table, "--mapping", mapping).out
    assert [a["employees"] for a in client.accounts()] == ["11"]


def test_a_parent_may_come_after_its_child(client):
    mapping = write(client, "m.mapping", SIMPLE + "parent = parents.account | lookup account crm\n")
    table = write(client, "a.csv", "id;name;staff;turnover;parent\n1;Lapsi;10;;2\n2;Emo;20;;\n3;Orpo;1;;99\n")
    result = client.run("import", table, "--mapping", mapping)
    assert result.status == 2 and "2 created" in result.out
    accounts = {a["displayName"]: a for a in client.accounts()}
    assert accounts["Lapsi"]["parents"][0]["account"] == accounts["Emo"]["name"]
    assert [row["line"] for row in problems(str(table) + ".problems.csv")] == ["4"]


def test_encodings_are_found_and_said(client):
    mapping = write(client, "m.mapping", SIMPLE)
    for encoding, said in [("utf-8-sig", "UTF-8 with byte order mark"), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252")]:
        table = write(client, f"{encoding}.csv", f"id;name;staff;turnover\n{encoding};Äänekosken – Höyry;10;1\n", encoding)
        assert said in client.ok("import", table, "--mapping", mapping, "--no-match").out
    assert {a["displayName"] for a in client.accounts()} == {"Äänekosken – Höyry"}


def test_a_mapping_is_proposed_that_can_be_used(client):
    table = write(client, "a.csv", "Customer ID,Company,Business ID,Employees\n1,Kuura,9000012-6,10\n2,Lumo,9000423-1,20\n")
    proposal = client.ok("import", table, "--propose").out
    mapping = write(client, "m.mapping", proposal)
    client.ok("import", table, "--mapping", mapping)
    assert {a["displayName"]: a["identifiers"][0]["value"] for a in client.accounts()} == {
        "Kuura": "9000012-6", "Lumo": "9000423-1"}


def test_an_export_of_salesforce_is_known_by_its_columns(client):
    table = write(client, "a.csv", "Account ID,Account Name,Employees,Billing City,Billing Country\n001,Kuura,10,Oulu,Finland\n")
    client.ok("import", table, "--profile", "salesforce-accounts", "--locale", "en-US")
    account = client.accounts()[0]
    assert account["externalIds"] == [{"system": "salesforce", "id": "001"}]
    assert account["addresses"][0]["country"] == "FI"


OUTPUT_ONLY = {"etag", "revision", "createTime", "updateTime"}


def records(path):
    lines = [json.loads(line) for line in open(path)]
    return [{kind: {k: v for k, v in record.items() if k not in OUTPUT_ONLY}} for line in lines for kind, record in line.items()]


def test_everything_exported_as_json_lines_comes_back_equal_field_for_field(client, tmp_path, shared_data):
    from punoscli import Client, Server
    client.ok("import", shared_data("maven-crm") / "accounts.csv", "--mapping", MAPPINGS / "maven-accounts.mapping",
              "--problems", client.home / "p.csv")
    client.run("import", shared_data("northwind") / "customers.csv", "--mapping",
               MAPPINGS / "northwind-customers.mapping", "--problems", client.home / "p.csv")
    client.ok("account", "update", "ext:northwind:ALFKI", "--owner", "sales=aino.virtanen", "--attribute", "a=b",
              "--description", "Rivi 1\nRivi 2 \"lainaus\" 漢字", "--y-tunnus", "9000012-6")
    client.ok("export", client.home / "all.jsonl")
    folder = tmp_path / "second"
    folder.mkdir()
    second = Server(folder, tenant="other")
    try:
        other = Client(second, folder / "home")
        other.ok("import", client.home / "all.jsonl")
        other.ok("export", other.home / "all.jsonl")
        assert sorted(map(json.dumps, records(other.home / "all.jsonl"))) == sorted(
            map(json.dumps, records(client.home / "all.jsonl")))
    finally:
        second.stop()


def test_people_go_out_and_come_in_as_vcards(client):
    client.ok("account", "create", "Kuura Konepaja")
    client.ok("contact", "create", "Liisa Korhonen", "--given-name", "Liisa", "--family-name", "Korhonen", "--account",
              "Kuura", "--title", "Johtaja; tuotanto", "--email", "liisa@kuura.example", "--phone", "+358401234100")
    cards = client.ok("export", "--as", "vcard", "--kind", "contact").out
    assert "FN:Liisa Korhonen" in cards and "ORG:Kuura Konepaja" in cards
    path = write(client, "p.vcf", cards.replace("liisa@", "anna@").replace("Liisa", "Anna").replace("UID:", "UID:x"))
    client.ok("import", path)
    anna = next(c for c in client.contacts() if c["displayName"] == "Anna Korhonen")
    assert anna["employments"][0]["title"] == "Johtaja; tuotanto"
    assert anna["phones"][0]["number"] == "+358401234100"


def test_vcards_of_people_who_are_known_change_nothing(client):
    client.ok("account", "create", "Kuura Konepaja")
    path = client.home / "people.jsonl"
    kuura = client.accounts()[0]["name"]
    path.write_text(json.dumps({"contact": {
        "displayName": "Liisa Korhonen", "externalIds": [{"system": "crm", "id": "L"}],
        "emails": [{"address": "liisa@kuura.example", "label": "assistant"}],
        "phones": [{"number": "+358401234100", "label": "direct"}],
        "employments": [{"account": kuura, "title": "Johtaja", "role": "päättäjä", "validFrom": "2015-01-01"},
                        {"account": kuura, "title": "Harjoittelija", "validFrom": "2001-01-01", "validTo": "2002-01-01"}]}}) + "\n")
    client.ok("import", path)
    before = client.contacts()[0]
    client.ok("export", client.home / "p.vcf", "--as", "vcard", "--kind", "contact")
    client.ok("import", client.home / "p.vcf")
    after = client.contacts()[0]
    for field in ["employments", "emails", "phones"]:
        assert after[field] == before[field]


def test_a_spreadsheet_that_was_exported_and_edited_comes_back_to_its_records(client):
    client.ok("account", "create", "Kuura Konepaja", "--ext", "crm=1", "--status", "current", "--revenue", "96.4M EUR",
              "--employees", "412", "--owner", "sales=aino.virtanen", "--domain", "kuura.example")
    client.ok("account", "create", "Lumo")
    client.ok("contact", "create", "Liisa Korhonen", "--account", "Kuura", "--title", "Johtaja", "--email", "liisa@kuura.example")
    client.ok("contact", "create", "Olli Ahonen", "--account", "Lumo")
    for kind, before, after in [("account", "412", "431"), ("contact", "Johtaja", "Toimitusjohtaja")]:
        table = client.home / f"{kind}.csv"
        client.ok("export", table, "--as", "csv", "--kind", kind)
        mapping = write(client, f"{kind}.mapping", client.ok("import", table, "--propose").out)
        assert f"key punos = id" in mapping.read_text()
        table.write_text(table.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
        told = client.ok("import", table, "--mapping", mapping, "--source", "Taulukko").out
        assert re.search(r"0 created, [12] changed", told) and "kept as written" not in told, told
    kuura = next(a for a in client.accounts() if a["displayName"] == "Kuura Konepaja")
    assert kuura["employees"] == "431" and kuura["externalIds"] == [{"system": "crm", "id": "1"}] and "attributes" not in kuura
    liisa = next(c for c in client.contacts() if c["displayName"] == "Liisa Korhonen")
    assert {e["title"] for e in liisa["employments"]} >= {"Toimitusjohtaja"}
    client.ok("account", "delete", "Lumo")
    refused = client.run("import", client.home / "account.csv", "--mapping", client.home / "account.mapping", "--source", "Taulukko")
    assert refused.status == 2 and "was deleted" in problems(client.home / "account.csv.problems.csv")[0]["reason"]
    client.ok("import", client.home / "account.csv", "--mapping", client.home / "account.mapping", "--source", "Taulukko", "--revive")
    assert len(client.accounts()) == 2


def test_an_interrupted_import_goes_on_where_it_was(client):
    mapping = write(client, "m.mapping", SIMPLE)
    count = 24_000
    table = write(client, "a.csv", "id;name;staff;turnover\n" + "".join(
        f"{n};Yritys {n} Oy;{n % 500};{n},50\n" for n in range(count)))
    command = [client.binary, "import", str(table), "--mapping", str(mapping)]
    process = subprocess.Popen(command, env=client.environment, cwd=client.home, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    journals = client.home / "state/punos/imports"
    deadline = time.monotonic() + 60
    # Killed as soon as it has written down that a part of the rows is on the server.
    while not (journals.exists() and list(journals.glob("*.json"))):
        assert process.poll() is None, "the import ended before it could be interrupted"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    result = client.ok("import", table, "--mapping", mapping)
    match = re.search(r"going on after row ([\d,]+)", result.err)
    assert match and 0 < int(match.group(1).replace(",", "")) < count
    assert len(client.accounts()) == count
    assert not list(journals.glob("*.json"))
    assert f"{count:,} already so" in client.ok("import", table, "--mapping", mapping).out


def kill_at_the_next_journal(client, command):
    """Runs an import until it has written down that it got on, and kills it; the result of one that ended by itself."""
    journals = client.home / "state/punos/imports"

    def written():
        seen = set()
        for path in journals.glob("*.json"):
            try:
                seen.add((path.name, path.stat().st_ino))
            except FileNotFoundError:
                pass  # The import has just ended.
        return seen

    before = written()
    process = subprocess.Popen(command, env=client.environment, cwd=client.home, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 120
    while process.poll() is None and not written() - before:
        assert time.monotonic() < deadline
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    out, err = process.communicate()
    return process.returncode, out.decode(), err.decode()


def test_an_import_killed_at_every_journal_loses_no_row_and_forgets_no_refusal(client):
    """Rows that repeat a key, rows that refer to later ones, and rows that are refused: killed as often as it gets on."""
    mapping = write(client, "m.mapping", SIMPLE + "parent = parents.account | lookup account crm\n")
    rows, expected = [], {}
    for number in range(9000):
        parent = str(number + 4000) if number % 50 == 7 and 4500 <= number < 5000 else ""
        turnover = "paljon" if number % 100 == 3 else "1,50"
        rows.append(f"{number};Yritys {number};{number % 400};{turnover};{parent}")
        expected[str(number)] = str(number % 400)
        if number % 900 == 450:
            # The same record again, at once: the second is written on top of the first.
            rows.append(f"{number};Yritys {number};7777;1,50;")
            expected[str(number)] = "7777"
        if number % 700 == 11:
            rows.append(f"x{number};;1;1;")
    refused = [line for line, row in enumerate(rows, start=2) if row.startswith("x")]
    rows.append("y;Orpo;1;1;puuttuva")
    refused.append(len(rows) + 1)
    table = write(client, "a.csv", "id;name;staff;turnover;parent\n" + "\n".join(rows) + "\n")
    command = [client.binary, "import", str(table), "--mapping", str(mapping)]
    for attempt in range(200):
        status, out, err = kill_at_the_next_journal(client, command)
        if status != -signal.SIGKILL:
            break
    assert attempt > 2, "the import was never interrupted"
    assert status == 2, (out, err)
    accounts = {a["externalIds"][0]["id"]: a for a in client.accounts()}
    assert {key: account.get("employees") for key, account in accounts.items()} == expected
    for number in range(4507, 5000, 50):
        assert accounts[str(number)]["parents"][0]["account"] == accounts[str(number + 4000)]["name"], number
    told = problems(str(table) + ".problems.csv")
    assert sorted(int(row["line"]) for row in told if row["outcome"] == "refused") == refused
    kept = [row["line"] for row in told if row["outcome"] == "kept as written"]
    assert len(kept) == len(set(kept)) == 90
    assert f"{len(refused)} rows refused" in out and "90 values kept as written" in out
    total = sum(int(n.replace(",", "")) for n in re.search(
        r"([\d,]+) created, ([\d,]+) changed, ([\d,]+) already so", out).groups())
    assert total == len(rows) - len(refused)


def test_a_row_that_waits_for_the_end_of_the_file_holds_no_other_back(client):
    mapping = write(client, "m.mapping", SIMPLE + "parent = parents.account | lookup account crm\n")
    count = 30_000
    rows = [f"{n};Yritys {n};10;1;{count - 1 if n == 5 else ''}" for n in range(count)]
    table = write(client, "a.csv", "id;name;staff;turnover;parent\n" + "\n".join(rows) + "\n")
    command = [client.binary, "import", str(table), "--mapping", str(mapping)]
    reached = []
    for _ in range(3):
        status, _, _ = kill_at_the_next_journal(client, command)
        assert status == -signal.SIGKILL
        (journal,) = (client.home / "state/punos/imports").glob("*.json")
        told = json.loads(journal.read_text())
        reached.append(told["rows"])
        # Batches are answered in any order: the row that waits is among those that are open.
        assert any(first <= 5 <= last for first, last, *_ in told["left"])
    assert reached[0] > 5 and reached == sorted(reached)
    result = client.ok("import", table, "--mapping", mapping)
    assert "0 changed" in result.out
    accounts = {a["externalIds"][0]["id"]: a for a in client.accounts()}
    assert len(accounts) == count and accounts["5"]["parents"][0]["account"] == accounts[str(count - 1)]["name"]


def test_times_of_day_come_in_with_their_zone_or_as_clocks_here_show_them(client):
    client.ok("account", "create", "Kuura", "--ext", "crm=1")
    mapping = write(client, "i.mapping", """punos-mapping 1
locale fi

[interaction]
key crm = id
account = account | lookup account
subject = subject
aika = time
""")
    # The tests run in Helsinki, which is three hours ahead in summer and two in winter.
    times = {"1": ("20.5.2026 klo 9.30", "2026-05-20T06:30:00Z"), "2": ("2026-01-20 09:30:15", "2026-01-20T07:30:15Z"),
             "3": ("2026-05-20T09:00:00Z", "2026-05-20T09:00:00Z"), "4": ("20.5.2026", "2026-05-20T00:00:00Z"),
             "5": ("2026-05-20 09:00 -03:00", "2026-05-20T12:00:00Z")}
    table = write(client, "i.csv", "id;account;subject;aika\n" + "".join(
        f"{key};Kuura;Tapaaminen;{told}\n" for key, (told, _) in times.items()) + "6;Kuura;Tapaaminen;huomenna\n")
    result = client.run("import", table, "--mapping", mapping)
    assert result.status == 2
    (refused,) = problems(str(table) + ".problems.csv")
    assert (refused["line"], refused["column"]) == ("7", "aika") and "date and time" in refused["reason"]
    found = {i["externalIds"][0]["id"]: i["time"] for i in client.ok("interaction", "list", "--output", "jsonl").lines()}
    assert found == {key: moment for key, (_, moment) in times.items()}
    again = client.run("import", table, "--mapping", mapping)
    assert "5 already so" in again.out


def test_the_cleaning_of_a_purchase_is_in_its_provenance(client):
    client.ok("account", "create", "Kuura", "--ext", "crm=1")
    mapping = write(client, "p.mapping", PURCHASES.format(locale="fi") + "title = title\n")
    table = write(client, "p.csv", "id;account;need;value;opened;title\n1;Kuura;Kapasiteetti;1 234,50;2.1.2026;Linja\n")
    client.ok("import", table, "--mapping", mapping, "--source", "Vanha CRM")
    (purchase,) = client.ok("purchase", "list", "--output", "jsonl").lines()
    told = {source["path"]: source for source in purchase["sources"]}
    assert told["need"]["source"] == "Vanha CRM" and "cleaning" not in told["need"]
    assert told["value"]["cleaning"] == ["amount read as fi writes it"]
    assert told["opened_date"]["cleaning"] == ["read as fi writes dates"]
    assert "1 already so" in client.ok("import", table, "--mapping", mapping, "--source", "Vanha CRM").out


def test_a_request_id_holds_for_a_repeated_a_resumed_and_a_split_import(client):
    mapping = write(client, "m.mapping", SIMPLE)
    count = 12_000
    table = write(client, "a.csv", "id;name;staff;turnover\n" + "".join(f"{n};Yritys {n};{n};1\n" for n in range(count)))
    command = [client.binary, "import", str(table), "--mapping", str(mapping), "--request-id", "may"]
    status, _, _ = kill_at_the_next_journal(client, command)
    assert status == -signal.SIGKILL
    client.ok("import", table, "--mapping", mapping, "--request-id", "may")
    assert len(client.accounts()) == count
    revision = client.ok("server", "info", "--output", "json").json()["revision"]
    client.ok("import", table, "--mapping", mapping, "--request-id", "may", "--restart")
    assert client.ok("server", "info", "--output", "json").json()["revision"] == revision


def test_a_record_whose_parent_comes_later_is_taken_up_again_under_its_request_id(client):
    mapping = write(client, "m.mapping", SIMPLE + "parent = parents.account | lookup account crm\n")
    table = write(client, "a.csv", "id;name;staff;turnover;parent\n1;Lapsi;10;;2\n2;Emo;20;;\n")
    for _ in range(2):
        client.ok("import", table, "--mapping", mapping, "--request-id", "may")
        accounts = {a["displayName"]: a for a in client.accounts()}
        assert accounts["Lapsi"]["parents"][0]["account"] == accounts["Emo"]["name"]


PURCHASES = """punos-mapping 1
locale {locale}

[purchase]
key crm = id
account = account | lookup account
need = need
value = value | money
constant value.currency = EUR
opened = opened_date
"""


def test_a_locale_that_does_not_fit_purchases_or_the_end_of_a_long_file_imports_nothing(client):
    client.ok("account", "create", "Kuura", "--ext", "crm=1")
    def rows(value, opened, count=6):
        return "".join(f"{n};Kuura;Tarve {n};{value};{opened}\n" for n in range(count))

    heading = "id;account;need;value;opened\n"
    for value, opened, column in [("1.234,50", "2026-01-02", "value"), ("100", "25/12/2025", "opened")]:
        mapping = write(client, "p.mapping", PURCHASES.format(locale="en-US"))
        table = write(client, "p.csv", heading + rows(value, opened))
        result = client.run("import", table, "--mapping", mapping)
        assert result.status == 65 and column in result.err and "line 2" in result.err, result.err
        assert client.ok("purchase", "list", "--output", "jsonl").lines() == []
    mapping = write(client, "m.mapping", SIMPLE.replace("locale fi", "locale en-US"))
    text = "".join(f"{n};Yritys {n};10;\n" for n in range(3000)) + "".join(
        f"{n};Yritys {n};10;1.234,50\n" for n in range(3000, 3005))
    table = write(client, "long.csv", "id;name;staff;turnover\n" + text)
    result = client.run("import", table, "--mapping", mapping)
    assert result.status == 65 and "line 3002" in result.err
    assert len(client.accounts()) == 1


def test_a_slip_in_a_value_is_no_matter_of_the_locale(client):
    mapping = write(client, "m.mapping", SIMPLE)
    table = write(client, "a.csv", "id;name;staff;turnover\n1;Kuura;10;1,5\n2;Lumo;20;1.5\n3;Routa;noin 30;2,5\n")
    result = client.ok("import", table, "--mapping", mapping)
    assert "3 created" in result.out and "2 values kept as written" in result.out


def test_what_is_wrong_with_a_file_is_told_in_finnish(client):
    mapping = write(client, "m.mapping", SIMPLE + "name = tags\n")
    table = write(client, "a.csv", "id;name;staff;turnover\n1;Kuura;kymmenen;1\n2;;3;1\n3;Lumo;3\n")
    result = client.run("import", table, "--mapping", mapping, "--lang", "fi")
    assert result.status == 65 and "rivi 12: sarake ”name” on kuvattu kahdesti" in " ".join(result.err.split())
    mapping = write(client, "m.mapping", SIMPLE)
    result = client.run("import", table, "--mapping", mapping, "--lang", "fi")
    assert result.status == 2
    reasons = [row["reason"] for row in problems(str(table) + ".problems.csv")]
    assert len(reasons) == 3
    english = ["not a", "has no", "fields", "left", "where", "the "]
    assert not [reason for reason in reasons if any(word in reason for word in english)], reasons
    faulty = client.run("account", "create", "Huono", "--y-tunnus", "9000012-5", "--country", "QQ", "--lang", "fi")
    assert faulty.status == 4 and "tarkistusnumero" in faulty.err and "maatunnus" in faulty.err
    assert "expected" not in faulty.err


def test_exports_of_well_known_systems_arrive_as_their_owners_know_them(client):
    exports = pathlib.Path(__file__).parent / "exports"
    for profile in ["salesforce-accounts", "hubspot-companies", "pipedrive-organizations", "dynamics-accounts",
                    "salesforce-contacts", "hubspot-contacts", "pipedrive-people", "dynamics-contacts"]:
        source = exports / f"{profile}.csv"
        client.ok("import", source, "--profile", profile, "--locale", "en-US", "--problems", client.home / "p.csv")
    expected = json.loads((exports / "expected.json").read_text())
    accounts = {a["externalIds"][0]["system"]: a for a in client.accounts()}
    contacts = {c["externalIds"][0]["system"]: c for c in client.contacts()}
    for system, wanted in expected["accounts"].items():
        assert picked(accounts[system], wanted) == wanted, system
    for system, wanted in expected["contacts"].items():
        assert picked(contacts[system], wanted) == wanted, system


def picked(record, wanted):
    """Those members of a record that are wanted, members of members too."""
    if isinstance(wanted, dict) and isinstance(record, dict):
        return {key: picked(record.get(key), value) for key, value in wanted.items()}
    if isinstance(wanted, list) and isinstance(record, list) and len(wanted) == len(record):
        return [picked(one, other) for one, other in zip(record, wanted)]
    return record


def test_what_was_deleted_is_named_with_its_line_and_comes_back_only_when_asked_for(client):
    client.ok("account", "create", "Kuura", "--ext", "crm=1")
    client.ok("account", "create", "Lumo", "--ext", "crm=2")
    client.ok("commitment", "create", "Kuura", "Raportti", "--ext", "crm=R1")
    client.ok("export", client.home / "all.jsonl")
    lines = [json.loads(line) for line in open(client.home / "all.jsonl")]
    name = next(l["account"]["name"] for l in lines if l.get("account", {}).get("displayName") == "Kuura")
    line = 1 + next(i for i, l in enumerate(lines) if l.get("account", {}).get("displayName") == "Kuura")
    client.ok("account", "delete", name, "--reason", "Asiakas lähti")
    for options in [["--dry-run"], []]:
        result = client.run("import", client.home / "all.jsonl", *options)
        assert result.status == 2 and "--revive" in result.out, result.out
        told = problems(client.home / "all.jsonl.problems.csv")
        assert told[0]["line"] == str(line) and f"{name} was deleted" in told[0]["reason"]
        assert [a["displayName"] for a in client.accounts()] == ["Lumo"]
    revision = client.ok("server", "info", "--output", "json").json()["revision"]
    rehearsed = client.ok("import", client.home / "all.jsonl", "--revive", "--dry-run")
    assert "would bring back Kuura" in rehearsed.out and "1 changed, 1 already so" in rehearsed.out
    assert client.ok("server", "info", "--output", "json").json()["revision"] == revision
    done = client.ok("import", client.home / "all.jsonl", "--revive", "--reason", "Asiakas palasi", "--request-id", "r")
    assert "1 changed, 1 already so" in done.out
    assert sorted(a["displayName"] for a in client.accounts()) == ["Kuura", "Lumo"]
    assert [c["title"] for c in client.ok("commitment", "list", "--output", "jsonl").lines()] == ["Raportti"]
    assert "Asiakas palasi" in client.ok("account", "history", name).out
    again = client.ok("import", client.home / "all.jsonl", "--revive")
    assert "0 changed, 2 already so" in again.out


def test_a_row_that_brings_something_back_is_written_as_the_file_says(client):
    client.ok("account", "create", "Kuura", "--ext", "crm=1", "--employees", "10")
    client.ok("export", client.home / "all.jsonl")
    record = json.loads(open(client.home / "all.jsonl").readline())["account"]
    client.ok("account", "delete", record["name"])
    record = {key: value for key, value in record.items() if key != "etag"}
    lines = write(client, "new.jsonl", json.dumps({"account": {**record, "employees": "12"}}) + "\n")
    refused = client.run("import", lines, "--lang", "fi")
    assert refused.status == 2 and "pysyy poistettuna" in refused.out
    assert "on poistettu ja pysyy poistettuna" in problems(str(lines) + ".problems.csv")[0]["reason"]
    client.ok("import", lines, "--revive")
    assert [a["employees"] for a in client.accounts()] == ["12"]


def test_a_dry_run_counts_what_refers_to_records_that_the_same_file_would_bring(client):
    client.ok("account", "create", "Kuura", "--ext", "crm=1")
    people = [{"contact": {"name": "contacts/liisa", "displayName": "Liisa", "externalIds": [{"system": "crm", "id": "L"}],
                           "emails": [{"address": "liisa@kuura.example"}]}}]
    inside = "accounts/ext:crm:1"
    known = [
        {"purchase": {"name": f"{inside}/purchases/-", "externalIds": [{"system": "crm", "id": "P"}], "title": "Linja",
                      "criteria": [{"text": "Huolto", "contact": "contacts/ext:crm:L"}]}},
        {"interaction": {"name": f"{inside}/interactions/-", "externalIds": [{"system": "crm", "id": "I"}],
                         "subject": "Palaveri", "time": "2026-03-03T09:00:00Z", "channel": "CHANNEL_MEETING",
                         "contacts": ["contacts/email:liisa@kuura.example"]}},
        {"stage_transition": {"name": f"{inside}/stageTransitions/-", "externalIds": [{"system": "crm", "id": "S"}],
                              "journey": "journeys/oma", "toStage": "start", "movedTime": "2026-01-01T00:00:00Z"}},
        {"journey": {"name": "journeys/oma", "title": "Oma", "stages": [
            {"id": "start", "title": "Alku", "next": ["end"]}, {"id": "end", "title": "Loppu", "isEnd": True}]}},
    ]
    lost = {"interaction": {"name": f"{inside}/interactions/-", "externalIds": [{"system": "crm", "id": "J"}],
                            "subject": "Kahvit", "time": "2026-03-04T09:00:00Z", "channel": "CHANNEL_MEETING",
                            "contacts": ["contacts/liisa", "contacts/tuntematon"]}}
    path = write(client, "all.jsonl", "".join(json.dumps(line) + "\n" for line in [*known, lost, *people]))
    for options in [["--dry-run"], []]:
        result = client.run("import", path, *options)
        assert result.status == 2
        counted = dict(re.findall(r"^  ([a-z]+) +(\d+) created", result.out, re.M))
        assert counted == {"contacts": "1", "purchases": "1", "interactions": "1", "journeys": "1", "moves": "1"}, result.out
        (refused,) = problems(str(path) + ".problems.csv")
        assert refused["line"] == "5" and "contacts[1]" in refused["reason"]


def test_the_cleaning_of_kinds_without_provenance_is_in_their_history(client):
    client.ok("account", "create", "Kuura", "--ext", "crm=1")
    mapping = write(client, "c.mapping", """punos-mapping 1
locale fi

[commitment]
key crm = id
account = account | lookup account
text = title
due = due_date
""")
    table = write(client, "c.csv", "id;account;text;due\n1;Kuura;Raportti;2.1.2026\n2;Kuura;Käynti;2026-01-03\n"
                                   "3;Kuura;  Huolto ;3.1.2026\n2;Kuura;Käynti;4.1.2026\n")
    client.ok("import", table, "--mapping", mapping, "--source", "Vanha CRM", "--reason", "Muutto")

    def reasons(key):
        return [c["reason"] for c in client.ok("commitment", "history", f"ext:crm:{key}", "--output", "jsonl").lines()]

    assert reasons(1) == ["Muutto · From Vanha CRM; cleaned: due_date read as fi writes dates"]
    assert reasons(2) == ["Muutto · From Vanha CRM; cleaned: due_date read as fi writes dates",
                          "Muutto · From Vanha CRM"]
    assert reasons(3) == ["Muutto · From Vanha CRM; cleaned: title blanks removed; due_date read as fi writes dates"]
    shorter = write(client, "d.csv", "id;account;text;due\n1;Kuura;Raportti;2.1.2026\n")
    assert "1 already so" in client.ok("import", shorter, "--mapping", mapping, "--source", "Vanha CRM").out
    assert len(reasons(1)) == 1
