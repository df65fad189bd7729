"""Moves from stage to stage and the funnel on the command line."""

import csv
import datetime
import io
import zoneinfo

import pytest

from test_terminal import columns, screen

MET = [word for criterion in ("need-told", "contact-known", "purchase-open") for word in ("--confirm", criterion)]
HOME = zoneinfo.ZoneInfo("Europe/Helsinki")


def moves(client, account="Kuura Oy"):
    return client.ok("stage", "list", account, "--output", "jsonl").lines()


@pytest.fixture
def kuura(client):
    client.ok("account", "create", "Kuura Oy")
    return client


def test_a_move_is_of_the_beginning_of_its_day_and_one_of_today_is_of_now(kuura):
    kuura.ok("stage", "move", "Kuura Oy", "prospect", "--on", "2026-01-01")
    assert moves(kuura)[0]["movedTime"] == "2026-01-01T00:00:00Z"
    kuura.ok("stage", "move", "Kuura Oy", "evaluation", "--on", "2026-02-01T10:30:00+02:00", *MET)
    assert {move["movedTime"] for move in moves(kuura)} >= {"2026-02-01T08:30:00Z"}
    before = datetime.datetime.now(datetime.UTC)
    today = before.astimezone(HOME).date().isoformat()
    kuura.ok("stage", "move", "Kuura Oy", "prospect", "--backwards", "--reason", "erehdys", "--on", today)
    latest = max(datetime.datetime.fromisoformat(move["movedTime"]) for move in moves(kuura))
    assert before - datetime.timedelta(seconds=5) <= latest <= datetime.datetime.now(datetime.UTC)


@pytest.mark.parametrize("text", ["12", "foo", "2026-02-30", "", "huomenna"])
def test_what_is_neither_a_day_nor_a_moment_moves_nobody_and_the_option_is_named(kuura, text):
    refused = kuura.run("stage", "move", "Kuura Oy", "prospect", "--on", text, "--lang", "en")
    assert refused.status == 64 and "--on" in refused.err and "--as-of" not in refused.err
    assert "A day (2026-03-31) or a moment" in refused.err
    assert moves(kuura) == []


@pytest.mark.parametrize("language", ["en", "fi"])
def test_a_list_of_moves_on_a_narrow_terminal_has_all_that_a_move_is_taken_back_by(client, language):
    client.ok("account", "create", "Kuura Konepajateollisuus Oyj")
    client.ok("stage", "move", "Kuura Konepajateollisuus Oyj", "prospect", "--on", "2026-03-02")
    client.ok("stage", "move", "Kuura Konepajateollisuus Oyj", "evaluation", *MET)
    name = max(move["name"] for move in moves(client, "Kuura Konepajateollisuus Oyj"))
    short = name.removeprefix("accounts/").replace("/stageTransitions/", "/").replace("/stage_transitions/", "/")
    for command in (["stage", "list"], ["stage", "now", "Kuura Konepajateollisuus Oyj"]):
        text = screen(client, *command, "--lang", language)
        assert all(columns(line) <= 80 for line in text.splitlines()), text
        assert short in text and "…" not in text, text
    listed = screen(client, "stage", "list", "--lang", language)
    assert "Kuura" in listed and "Konepajateollisuus" in listed and {"en": "2 Mar 2026 02:00", "fi": "2.3.2026 klo 2.00"}[
        language] in listed.replace("\xa0", " "), listed
    said = client.ok("stage", "revert", short, "--reason", "erehdys", "--lang", "en").out
    assert said.startswith("Took back: ")
    rows = list(csv.DictReader(io.StringIO(client.ok("stage", "list", "--output", "csv").out)))
    assert {row["account"] for row in rows} == {"Kuura Konepajateollisuus Oyj"}


@pytest.fixture
def lost(client):
    """Customers that dropped out with purchases of large value in several currencies, each with an owner of its own."""
    for number, (amount, currency) in enumerate([(100_000, "EUR"), (300_000, "SEK"), (250_000, "USD"), (777_777, "NOK")]):
        name = f"Asiakas {number}"
        client.ok("account", "create", name, "--owner", f"sales=myyja.{number}")
        client.ok("stage", "move", name, "prospect", "--on", "2026-01-01")
        client.ok("purchase", "create", name, "Linja", "--set", f"value={amount} {currency}")
        client.ok("stage", "move", name, "former", "--on", "2026-02-01", "--reason", "ei rahaa")
    return client


@pytest.mark.parametrize("language", ["en", "fi"])
def test_a_funnel_on_a_narrow_terminal_cuts_no_amount_and_leaves_no_column_out(lost, language):
    text = screen(lost, "funnel", "--lang", language).replace("\xa0", " ")
    assert all(columns(line) <= 80 for line in text.splitlines()), text
    assert "…" not in text and "No room" not in text and "Tähän eivät" not in text, text
    group = {"en": ",", "fi": " "}[language]
    for amount in ("100 000 €", "300 000 SEK", "250 000 USD", "777 777 NOK"):
        assert amount.replace(" 000", f"{group}000").replace(" 777", f"{group}777") in text, (amount, text)
    headings = {"en": ["Came", "Went", "Dropped", "There", "Median", "Value", "lost"],
                "fi": ["Tuli", "Jatkoi", "Poistui", "Palasi", "Päivien", "Menetetty", "arvo"]}
    assert all(heading in text for heading in headings[language]), text
    # The share of those that left the stage who dropped out.
    assert {"en": "4 (100%)", "fi": "4 (100 %)"}[language] in text, text


def test_a_funnel_in_groups_says_that_there_are_more_and_shows_them_when_asked(lost):
    some = lost.ok("funnel", "--by", "owner", "--limit", "2", "--lang", "en").out
    assert "2 groups shown, and there are more: --limit shows up to 50." in " ".join(some.split())
    assert "2 ryhmää, ja niitä on lisää" in " ".join(
        lost.ok("funnel", "--by", "owner", "--limit", "2", "--lang", "fi").out.split())
    every = lost.ok("funnel", "--by", "owner", "--lang", "en").out
    assert "there are more" not in every and all(f"myyja.{number}" in every for number in range(4))


def test_a_funnel_for_spreadsheets_is_in_plain_numbers(lost):
    rows = list(csv.DictReader(io.StringIO(lost.ok("funnel", "--by", "owner", "--output", "csv", "--lang", "fi").out)))
    first = next(row for row in rows if row["scope"] == "all" and row["stage"] == "prospect")
    assert first["value_lost_SEK"] == "300000" and first["value_lost_NOK"] == "777777"
    assert float(first["drop_off"]) == 1.0 and first["dropped"] == "4" and float(first["median_days"]) == 31
    assert {row["segment"] for row in rows if row["scope"] == "segment"} == {f"myyja.{number}" for number in range(4)}


def test_what_the_rules_of_moves_refuse_is_told_in_finnish_with_the_way_out(kuura):
    kuura.ok("stage", "move", "Kuura Oy", "prospect", "--on", "2026-01-01")
    kuura.ok("stage", "move", "Kuura Oy", "evaluation", "--on", "2026-02-01", *MET)

    def told(*arguments):
        return " ".join(kuura.run(*arguments, "--lang", "fi").err.split())

    back = told("stage", "move", "Kuura Oy", "prospect")
    assert "vaihe on ennen vaihetta evaluation, jossa asiakas on; palaa taaksepäin (backwards, true)" in back, back
    assert "miksi siirrytään taaksepäin; syy puuttuu" in back, back
    first = min(move["name"] for move in moves(kuura))
    assert "ei ole asiakkaan viimeisin siirtymä. Peru ensin" in told("stage", "revert", first, "--reason", "x")
    kuura.ok("contact", "create", "Kaisa Virtanen", "--account", "Kuura Oy")
    alone = told("relationship", "create", "Kuura Oy", "--set", "kind=trusts", "--set", "from_contact=Kaisa Virtanen",
                 "--set", "to=Kaisa Virtanen")
    assert "sama henkilö on kummassakin päässä; nimeä kaksi eri henkilöä" in alone, alone
    for text in (back, alone):
        assert not any(word in text for word in (" the ", " and ", "–")), text
