"""Files that are not what they should be: named with line and column, and nothing half imported."""

import csv

import pytest

MAPPING = """punos-mapping 1
locale fi

[account]
key crm = id
name = display_name
staff = employees
"""


@pytest.fixture
def mapping(client):
    path = client.home / "m.mapping"
    path.write_text(MAPPING)
    return path


def revision(client):
    return client.ok("server", "info", "--output", "json").json().get("revision", "0")


def refused(client, *arguments):
    """Runs an import that must refuse the file as a whole."""
    before = revision(client)
    result = client.run("import", *arguments)
    assert result.status == 65, (result.out, result.err)
    told = " ".join(result.err.split())
    assert "nothing was imported" in told.lower()
    assert revision(client) == before
    return told


@pytest.mark.parametrize("content, said", [
    (b"PK\x03\x04" + bytes(range(256)) * 8, "Excel workbook or a zip archive"),
    (b"\x1f\x8b\x08\x00" + bytes(200), "gzip"),
    (b"%PDF-1.7\n" + b"x" * 200, "PDF"),
    (b"", "empty"),
    (b'{"account":{"displayName":"Kuura"}}\n{"account":{"displayName":"Lumo"}}\n', "JSON"),
    (b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Liisa\r\nEND:VCARD\r\n", "vCard"),
])
def test_a_table_that_is_none_is_named_for_what_it_is(client, mapping, content, said):
    path = client.home / "a.csv"
    path.write_bytes(content)
    assert said in refused(client, path, "--mapping", mapping)


@pytest.mark.parametrize("name, content, said", [
    ("a.vcf", b"id;name\n1;Kuura\n", "BEGIN:VCARD was expected where: a.vcf, line 1"),
    ("a.vcf", b"PK\x03\x04" + bytes(200), "zip archive"), ("a.vcf", b"", "empty"),
    ("a.jsonl", b"PK\x03\x04" + bytes(200), "zip archive"), ("a.jsonl", b"\n\n", "empty"),
    ("a.jsonl", b"id;name;staff\n1;Kuura;10\n", "not JSON lines"),
    ("a.json", b'\n[{"account":{"displayName":"Kuura"}}]\n', "where: a.json, line 2"),
])
def test_cards_and_lines_that_are_none_are_named_for_what_is_missing(client, name, content, said):
    (client.home / name).write_bytes(content)
    assert said in refused(client, name)


def test_a_bad_file_is_told_of_in_finnish(client, mapping):
    told = client.run("import", "eiole.csv", "--mapping", mapping, "--lang", "fi")
    assert told.status == 65 and "Tiedostoa ei voi avata: sitä ei ole." in told.err and "Mitään ei tuotu." in told.err
    (client.home / "a.csv").write_text('id;name;staff\n1;"Kuura;10\n')
    told = client.run("import", "a.csv", "--mapping", mapping, "--lang", "fi")
    assert told.status == 65 and "Lainausmerkki avataan" in told.err


def test_a_row_of_ten_megabytes_is_named_and_the_others_arrive(client, mapping):
    path = client.home / "a.csv"
    with open(path, "w") as file:
        file.write("id;name;staff\n1;Kuura;10\n2;" + "x" * 10_000_000 + ";20\n3;Lumo;30\n")
    result = client.run("import", path, "--mapping", mapping)
    assert result.status == 2
    rows = list(csv.DictReader(open(str(path) + ".problems.csv", newline="")))
    assert [(row["line"], row["outcome"]) for row in rows] == [("3", "refused")]
    assert "bytes" in rows[0]["reason"]
    assert sorted(a["displayName"] for a in client.accounts()) == ["Kuura", "Lumo"]


def test_a_quoted_field_of_ten_megabytes_is_an_open_quote(client, mapping):
    path = client.home / "a.csv"
    with open(path, "w") as file:
        file.write('id;name;staff\n1;Kuura;10\n2;"' + "x\n" * 5_000_000 + '";20\n')
    said = refused(client, path, "--mapping", mapping)
    assert "line 3, column 2" in said


def test_a_quote_that_never_closes_is_named_where_it_opens(client, mapping):
    path = client.home / "a.csv"
    path.write_text('id;name;staff\n1;Kuura;10\n2;"Lumo;20\n3;Halla;30\n')
    assert "line 3, column 2" in refused(client, path, "--mapping", mapping)


def test_a_column_that_is_mapped_twice_is_named_with_both_lines(client, mapping):
    mapping.write_text(MAPPING + "name = tags\n")
    path = client.home / "a.csv"
    path.write_text("id;name;staff\n1;Kuura;10\n")
    said = refused(client, path, "--mapping", mapping)
    assert "line 8" in said and "already on line 6" in said


def test_a_column_that_is_in_the_file_twice_is_named_when_it_is_mapped(client, mapping):
    path = client.home / "a.csv"
    path.write_text("id;name;staff;name\n1;Kuura;10;Lumo\n")
    assert "name" in refused(client, path, "--mapping", mapping)


def test_a_column_that_is_not_in_the_file_is_named(client, mapping):
    path = client.home / "a.csv"
    path.write_text("id;nimi;staff\n1;Kuura;10\n")
    assert "name" in refused(client, path, "--mapping", mapping)


def test_a_locale_that_the_numbers_do_not_fit_is_named_with_line_and_column(client, mapping):
    mapping.write_text(MAPPING.replace("locale fi", "locale en-US"))
    path = client.home / "a.csv"
    path.write_text("id;name;staff\n" + "".join(f"{n};Yritys {n};1.{n:03},5\n" for n in range(1, 9)))
    said = refused(client, path, "--mapping", mapping)
    assert "en-US" in said and "line 2, column 3" in said


def test_text_in_an_encoding_that_cannot_be_is_named(client, mapping):
    path = client.home / "a.csv"
    path.write_bytes("id;name;staff\n1;Kuura;10\n".encode("utf-32"))
    assert "UTF-32" in refused(client, path, "--mapping", mapping)
