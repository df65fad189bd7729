"""What a person does with single commands."""

import json
import os
import stat


def create(client, name="Kuura Konepaja", *more):
    return client.ok("account", "create", name, "--output", "json", *more).json()


def test_contexts_are_kept_in_a_file_that_only_their_owner_can_read(client):
    path = client.home / "config/punos/contexts.json"
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert json.loads(path.read_text())["current"] == "home"
    assert "home" in client.ok("context", "list").out
    assert client.run("account", "list", "--context", "hom").status == 78


def test_an_unknown_context_names_the_nearest(client):
    result = client.run("account", "list", "--context", "hoem")
    assert result.status == 78
    assert "Did you mean home?" in result.err


def test_the_server_says_who_is_asking(client):
    info = client.ok("server", "info", "--output", "json").json()
    assert (info["tenant"], info["team"], info["principal"]) == ("acme", "sales", "aino.virtanen")


def test_an_account_is_created_shown_changed_deleted_and_brought_back(client):
    created = create(client, "Kuura Konepaja", "--status", "current", "--y-tunnus", "90000126", "--employees", "412")
    assert created["identifiers"][0]["value"] == "9000012-6"
    shown = client.ok("account", "show", "Kuura").out
    assert "Kuura Konepaja" in shown and "412 people" in shown
    client.ok("account", "update", "9000012-6", "--employees", "420", "--reason", "counted")
    history = client.ok("account", "history", "Kuura", "--output", "jsonl").lines()
    assert [change["operation"] for change in history] == ["OPERATION_UPDATED", "OPERATION_CREATED"]
    assert history[0]["reason"] == "counted" and history[0]["team"] == "sales"
    assert [(d["path"], d["before"], d["after"]) for d in history[0]["differences"]] == [("employees", "412", "420")]
    client.ok("account", "delete", created["name"])
    assert client.run("account", "show", created["name"]).status == 3
    client.ok("account", "undelete", created["name"])
    assert "420" in client.ok("account", "show", created["name"]).out


def test_a_dry_run_changes_nothing(client):
    client.ok("account", "create", "Kuura", "--dry-run")
    assert client.accounts() == []
    create(client)
    out = client.ok("account", "update", "Kuura", "--employees", "5", "--dry-run").out
    assert "Would change" in out and "5" in out
    assert "employees" not in client.accounts()[0]
    client.ok("account", "delete", "Kuura", "--dry-run")
    assert len(client.accounts()) == 1


def test_every_faulty_field_is_named_at_once(client):
    result = client.run("account", "create", "Huono", "--y-tunnus", "9000012-5", "--country", "QQ", "--founded", "12")
    assert result.status == 4
    assert "identifiers[0].value" in result.err and "country" in result.err and "founded_year" in result.err
    assert client.accounts() == []


def test_a_value_that_does_not_fit_is_told_with_its_field_and_what_it_wants(client):
    create(client)
    client.ok("contact", "create", "Liisa Korhonen", "--account", "Kuura")

    def refused(*arguments):
        result = client.run(*arguments)
        assert result.status in (4, 64), result
        return " ".join(result.err.split())

    member = ["committee", "add", "Kuura", "Liisa Korhonen", "--role", "user", "--set"]
    assert "“abc” does not fit influence: a number from 0 to 1 was expected." in refused(*member, "influence=abc", "--lang", "en")
    assert "”abc” ei sovi kenttään influence; odotettiin: luku väliltä 0–1." in refused(*member, "influence=abc", "--lang", "fi")
    assert "influence: 5.0 came; expected 0 to 1" in refused(*member, "influence=5", "--lang", "en")
    assert "last_contact_time: a day (2026-03-31) or a moment" in refused(*member, "last_contact_time=eilen", "--lang", "en")
    assert "valid_to" in (text := refused(*member, "valid_to=31.3.2026", "--lang", "en")) and "YYYY-MM-DD" in text
    assert "stance has no value “ehkä”" in refused(*member, "stance=ehkä", "--lang", "en")


def test_an_exact_id_is_found_whatever_letters_it_has(client):
    journey = ["journey", "create", "--id", "mid", "Keskikoko", "--set", "stages.id=a", "--set", "stages.title=A",
               "--set", "stages.id=b", "--set", "stages.title=B"]
    client.ok(*journey)
    client.ok("journey", "create", "--id", "other", "Mid", *journey[5:])
    assert "Keskikoko" in client.ok("journey", "show", "mid").out
    assert "Keskikoko" in client.ok("journey", "show", "keskikoko").out
    assert client.ok("journey", "show", "other", "--output", "json").json()["title"] == "Mid"
    client.ok("journey", "delete", "mid")
    client.ok("journey", "undelete", "mid")
    assert "Keskikoko" in client.ok("journey", "show", "mid").out
    assert client.run("journey", "show", "nowhere").status == 3


def test_a_stale_etag_is_a_conflict(client):
    first = create(client)
    client.ok("account", "update", "Kuura", "--employees", "5")
    result = client.run("account", "update", "Kuura", "--employees", "6", "--etag", first["etag"])
    assert result.status == 5
    assert "Read the record again" in result.err


def test_an_ambiguous_name_shows_the_candidates(client):
    create(client, "Kuura Konepaja")
    create(client, "Kuura Kuljetus")
    result = client.run("account", "show", "Kuura")
    assert result.status == 5
    assert "Kuura Konepaja" in result.err and "Kuura Kuljetus" in result.err
    assert client.run("account", "show", "kuura konepaja").status == 0


def test_an_account_is_found_by_id_external_id_business_id_domain_and_name(client):
    created = create(
        client, "Kuura Konepaja", "--y-tunnus", "9000012-6", "--domain", "kuura.example", "--ext", "crm=SF-1001")
    for name in [created["name"], created["name"].split("/")[1], "ext:crm:SF-1001", "9000012-6", "kuura.example", "Kuura", "konepaja"]:
        view = client.ok("account", "show", name, "--output", "json").json()
        assert view["name"] == created["name"], name


def test_a_person_belongs_to_the_account_and_is_seen_there(client):
    create(client)
    client.ok("contact", "create", "Liisa Korhonen", "--account", "Kuura", "--title", "Toimitusjohtaja",
              "--email", "liisa@kuura.example", "--phone", "+358401234100")
    out = client.ok("account", "show", "Kuura").out
    assert "Liisa Korhonen" in out and "Toimitusjohtaja" in out and "liisa@kuura.example" in out
    assert "Kuura Konepaja" in client.ok("contact", "show", "Liisa").out


def test_finnish_is_spoken_by_locale_and_by_choice(client):
    create(client, "Kuura Konepaja", "--status", "nykyinen")
    assert "nykyinen asiakas" in client.ok("account", "show", "Kuura", LANG="fi_FI.UTF-8").out
    assert "nykyinen asiakas" in client.ok("account", "show", "Kuura", "--lang", "fi").out
    assert "current customer" in client.ok("account", "show", "Kuura", "--lang", "en", LANG="fi_FI.UTF-8").out
    assert client.run("account", "show", "accounts/eiole", "--lang", "fi").err.startswith("virhe:")


def test_output_is_a_table_json_lines_csv_or_markdown(client):
    create(client, "Kuura, Konepaja", "--employees", "1234")
    assert "Kuura, Konepaja" in client.ok("account", "list").out
    assert client.ok("account", "list", "--output", "json").json()[0]["displayName"] == "Kuura, Konepaja"
    assert client.ok("account", "list", "--output", "jsonl").lines()[0]["employees"] == "1234"
    assert '"Kuura, Konepaja"' in client.ok("account", "list", "--output", "csv").out
    assert client.ok("account", "list", "--output", "markdown").out.startswith("| Name |")
    assert client.ok("account", "show", "Kuura", "--output", "markdown").out.startswith("# Kuura, Konepaja")


def test_no_server_says_what_to_do(client):
    client.server.stop()
    result = client.run("account", "list")
    assert result.status == 7
    assert "punos doctor" in result.err


def test_a_person_without_a_certificate_file_is_told_which_one(client):
    (client.home / "config/punos/contexts.json").write_text(json.dumps({
        "current": "x", "contexts": [{"name": "x", "endpoint": "127.0.0.1:1", "ca": "/nowhere/ca.pem",
                                      "cert": "/nowhere/c.pem", "key": "/nowhere/k.pem"}]}))
    result = client.run("account", "list")
    assert result.status == 78 and "/nowhere/ca.pem" in result.err


def test_a_broken_pipe_ends_quietly(client):
    import subprocess
    for index in range(40):
        create(client, f"Yritys numero {index}", "--description", "x" * 5000)
    process = subprocess.Popen([client.binary, "account", "list", "--output", "jsonl", "--limit", "0"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=client.environment)
    process.stdout.read(10)
    process.stdout.close()
    errors = process.stderr.read()
    assert process.wait(timeout=30) == 141
    assert errors == b""
