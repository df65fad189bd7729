"""Insights, signals and understanding on the command line."""

import time


def account(client):
    return client.ok("account", "create", "Kuura Konepaja", "--status", "current", "--output", "json").json()["name"]


def insight(client, claim="They decide in March", *more):
    return client.ok(
        "insight", "create", "Kuura", claim, "--set", "dimension=decision", "--output", "json", *more).json()


def test_an_insight_is_claimed_ranked_and_reviewed(client):
    account(client)
    insight(client, "They decide in March", "--set", "impact=decisive", "--set", "source_kind=registry")
    insight(client, "They like blue", "--set", "impact=minor")
    ranked = client.ok("insight", "rank", "Kuura").out
    assert ranked.index("They decide in March") < ranked.index("They like blue")
    assert "*" in ranked
    assert "Still holds" in client.ok("insight", "review", "They like blue").out
    assert "Retired" in client.ok("insight", "review", "They like blue", "--retire").out
    assert "blue" not in client.ok("insight", "rank", "Kuura").out


def test_confirming_ones_own_claim_says_what_to_do_instead(client):
    account(client)
    insight(client)
    result = client.run("insight", "confirm", "They decide in March")
    assert result.status != 0
    assert "ReviewInsight" in result.err


def test_stale_insights_are_listed_with_whom_to_ask(client):
    account(client)
    insight(client, "They decide in March", "--set", "observed_time=2020-01-01")
    listed = client.ok("insight", "stale", "--output", "csv").out.splitlines()
    assert listed[0].startswith("claim,stale_days,owner,team")
    assert listed[1].startswith("They decide in March,") and "aino.virtanen,Sales" in listed[1]


def test_the_understanding_of_an_account_shows_every_dimension_and_what_to_ask(client):
    account(client)
    insight(client, "The board decides", "--set", "topic=decision_maker")
    english = client.ok("understanding", "Kuura").out
    for words in ("business", "decision", "experience", "end customers", "value", "Ask next", "Known by one team alone"):
        assert words in english, words
    finnish = client.ok("understanding", "Kuura", "--lang", "fi").out
    assert "asiakkaan asiakkaat" in finnish and "Kysy seuraavaksi" in finnish
    answer = client.ok("understanding", "Kuura", "--output", "json").json()
    assert len(answer["dimensions"]) == 5
    assert "Kuura Konepaja" in client.ok("understanding", "--filter", "status = CURRENT").out


def test_questions_are_asked_in_the_users_language(client):
    account(client)
    english = client.ok("questions", "Kuura", "--limit", "3").out
    assert english.count("?") == 3 and "Nobody of ours knows it" in english
    assert "Kukaan meistä ei tiedä sitä" in client.ok("questions", "Kuura", "--lang", "fi").out


def test_a_computed_signal_is_taken_care_of(client):
    account(client)
    client.ok("commitment", "create", "Kuura", "A spare part a day", "--set", "due_date=2026-01-31")
    deadline = time.monotonic() + 10
    while not (signals := client.ok("signal", "list", "Kuura", "--output", "jsonl").lines()):
        assert time.monotonic() < deadline, "no signal was raised"
    assert signals[0]["kind"] == "KIND_COMMITMENT_OVERDUE"
    name = signals[0]["name"]
    assert "take care" in client.ok("signal", "ack", name, "Calling them").out
    shown = client.ok("signal", "show", name).out
    assert "Calling them" in shown and "taken care of" in shown
    assert "Dismissed" in client.ok("signal", "dismiss", name, "Agreed by phone").out
    assert client.ok("signal", "list", "--filter", "state = OPEN", "--output", "jsonl").lines() == []


def test_a_word_that_is_no_choice_names_the_choices(client):
    account(client)
    result = client.run("insight", "rank", "Kuura", "--for", "marketing")
    assert result.status == 64
    assert "delivery" in result.err
