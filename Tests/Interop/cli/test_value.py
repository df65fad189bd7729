"""Value and experience from the command line: the ladder, the summary to give away, scores with their bounds."""

import json


def create_driver(client, *more):
    return client.ok(
        "value", "create", "Kuura", "--set", "statement=Machines run when we need them", "--set", "rung=economic",
        "--set", "position=sets apart", "--set", "metric=unplanned downtime", "--set", "unit=h/month",
        "--set", "baseline.value=40", "--set", "baseline.date=2026-01-15",
        "--set", "promised.value=10", "--set", "promised.date=2026-06-30",
        "--set", 'realised=[{"value": 22, "date": "2026-04-10"}]',
        "--set", 'customer_weights=[{"weight": 0.9, "date": "2026-06-01"}]',
        "--set", 'guesses=[{"weight": 0.3, "date": "2026-05-01", "note": "GUESSED"}]', *more)


def test_the_ladder_is_shown_with_weights_guesses_and_what_came_of_promises(client):
    client.ok("account", "create", "Kuura", "--status", "current")
    create_driver(client)
    page = client.ok("value", "ladder", "Kuura", "--date", "2026-08-01").out
    for told in ("Machines run when we need them", "weighs 0.9", "we guessed 0.3", "gap 0.6", "missed", "Sets us apart"):
        assert told in page.replace("0.90", "0.9").replace("0.30", "0.3").replace("0.60", "0.6"), page
    ladder, = client.ok("value", "ladder", "Kuura", "--date", "2026-05-01", "-o", "json").json()
    assert ladder["rungs"][0]["drivers"][0]["realisedPercent"] == 60
    assert "Arvoportaat" in client.ok("value", "ladder", "Kuura", "--lang", "fi").out
    assert client.ok("value", "list", "Kuura").out.count("Machines run") == 1
    assert "customer_weight" in client.ok("value", "ladder", "Kuura", "-o", "csv").out


def test_a_summary_is_written_for_the_customer_and_the_sender_is_told_what_is_not_in_it(client, tmp_path):
    client.ok("account", "create", "Kuura", "--status", "current")
    create_driver(client)
    create_driver(client, "--set", "sharing=internal", "--set", "statement=SECRET")
    file = tmp_path / "kuura.html"
    told = client.ok("value", "summary", "Kuura", "--form", "html", "--to-file", str(file), "--sender", "Our Company").out
    assert "left out: 1" in told
    page = file.read_text()
    assert page.startswith("<!DOCTYPE html>") and "Our Company" in page
    assert "SECRET" not in page and "GUESSED" not in page
    assert client.ok("value", "summary", "Kuura", "--language", "fi").out.startswith("# Arvoyhteenveto: Kuura")


def test_scores_are_told_with_their_bounds_and_a_warning_where_answers_are_few(client):
    client.ok("account", "create", "Kuura", "--status", "current")
    for score, expected in ((9, 9), (6, 9), (10, 8)):
        client.ok("feedback", "create", "Kuura", "--set", "measure=nps", "--set", f"score={score}", "--set",
                  f"expected_score={expected}", "--set", "time=2026-05-01", "--set", "touchpoint=installation")
    page = client.ok("experience", "Kuura", "--from", "2026-01-01", "--to", "2026-07-01").out
    assert "NPS 33" in page and "small sample" in page and "installation" in page
    assert "Pieni otos" in client.ok("experience", "--from", "2026-01-01", "--to", "2026-07-01", "--lang", "fi").out
    told, = json.loads(client.ok("experience", "Kuura", "--from", "2026-01-01", "--to", "2026-07-01", "-o", "json").out)
    assert told["scores"][0]["interval"]["method"] == "METHOD_ADJUSTED_WALD"
    refused = client.run("feedback", "create", "Kuura", "--set", "measure=csat", "--set", "score=7", "--set", "time=2026-05-01")
    assert refused.status == 4 and "CSAT goes from 1 to 5" in refused.err


def test_segments_are_kept_by_the_same_commands_as_every_kind(client):
    client.ok("account", "create", "Kuura", "--status", "current")
    client.ok("segment", "create", "Kuura", "--set", "title=Municipal housing", "--set", "trend=shifting", "--set",
              'expectations=[{"text": "Delivery in a week"}]')
    listed = client.ok("segment", "list", "Kuura").out
    assert "Municipal housing" in listed and "shifting" in listed
    assert "Municipal housing" in client.ok("account", "show", "Kuura").out
