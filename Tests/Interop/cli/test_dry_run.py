"""Whatever changes something can be rehearsed, and a rehearsal changes nothing."""

import json

import everything
import test_round_trip

# What a kind is created with beside its title, and where its title is no argument.
CREATED_WITH = {
    "commitment": ["kuura", "Lupaus"], "value": ["kuura", "Arvo", "--set", "rung=functional"],
    "feedback": ["kuura", "Kysely", "--set", "time=2026-03-05", "--set", "measure=nps", "--set", "score=9"],
    "segment": ["kuura", "Asukkaat"], "purchase": ["kuura", "Varaosat"],
    "committee": ["kuura", "--set", "contact=contacts/olli", "--set", "role=champion"], "stage": [],
    "journey": ["Polku", "--set", 'stages=[{"id":"a","title":"A","next":["b"]},{"id":"b","title":"B","isEnd":true}]'],
    "relationship": ["kuura", "--set", "kind=KNOWS", "--set", "from_contact=contacts/liisa", "--set", "to=contacts/olli"],
    "interaction": ["kuura", "Puhelu", "--set", "time=2026-05-20T09:00:00Z", "--set", "channel=PHONE"],
    "business": ["kuura", "Laajentaa Ouluun", "--set", "topic=strategy"],
    "insight": ["kuura", "Haluaa vähemmän toimittajia", "--set", "dimension=business"],
    "signal": ["kuura", "Uusi johtaja", "--set", "kind=competitor"],
    "handover": ["kuura", "--set", "title=Huoltoon", "--set", "to_team=service"], 
    "handover-template": ["Pohja 2", "--set", 'items=[{"id":"a","kind":"KIND_NEED","title":"A"}]'],
}
NAMES = {
    "account": "accounts/kuura", "contact": "contacts/liisa", "commitment": "kuura/lupaus", "value": "kuura/kaynti", "feedback": "kuura/nps",
    "segment": "kuura/rakentajat", "purchase": "kuura/linja", "committee": "kuura/liisa", "relationship": "kuura/tuttu",
    "interaction": "kuura/palaveri", "business": "kuura/kasvu", "insight": "kuura/sanottu", "signal": "kuura/kilpailija",
    "handover": "kuura/siirto", "handover-template": "handoverTemplates/pohja", "journey": "journeys/tyhja",
}


def leaves(command, path=()):
    """Every command, with the names of its options."""
    path = (*path, command["commandName"])
    below = [c for c in command.get("subcommands", []) if c["commandName"] != "help"]
    if not below:
        yield " ".join(path[1:]), {n["name"] for a in command.get("arguments", []) for n in a.get("names", [])}
    for inner in below:
        yield from leaves(inner, path)


# Commands that only read, or change nothing but what is on this machine's screen.
READING = {"list", "show", "history", "data", "ladder", "summary", "coverage", "now", "in-use", "strength", "rhythm", "rank", "stale",
           "ready", "timeline", "measures", "differences", "info"}
READING_ALONE = {"experience", "funnel", "path", "map", "understanding", "questions", "search", "watch", "export", "doctor", "shell",
                 "version"}


def test_every_command_that_changes_something_takes_a_dry_run(client):
    commands = dict(leaves(client.ok("--experimental-dump-help").json()["command"]))
    assert len(commands) > 100
    changing = {c for c in commands if c.split()[-1] not in READING and c not in READING_ALONE}
    assert [c for c in sorted(changing) if "dry-run" not in commands[c]] == []
    assert [c for c in sorted(set(commands) - changing) if "dry-run" in commands[c]] == []


def rehearsals(latest_move):
    """Every changing command on a tenant that has everything, as words behind `punos`."""
    yield ["account", "create", "Uusi Oy", "--status", "current"]
    yield ["contact", "create", "Uusi Henkilö", "--account", "kuura"]
    yield ["account", "update", "accounts/kuura", "--employees", "7"]
    yield ["contact", "update", "contacts/liisa", "--title", "Pomo", "--account", "accounts/kuura"]
    for command, words in CREATED_WITH.items():
        if words:
            yield [command, "create", *words]
    for command, name in NAMES.items():
        yield [command, "delete", name]
        if command not in ("account", "contact"):
            yield [command, "update", name, "--clear", "external_ids"]
    yield ["account", "undelete", "accounts/poistettu"]
    yield ["contact", "erase", "contacts/olli", "--reason", "pyysi"]
    yield ["contact", "erase", "contacts/olli", "--reason", "pyysi", "--yes"]
    yield ["committee", "add", "kuura", "Olli Ahonen", "--role", "user"]
    yield ["stage", "move", "kuura", "use", "--confirm", "tapaaminen"]
    yield ["stage", "revert", latest_move, "--reason", "vahinko"]
    yield ["insight", "confirm", "kuura/sanottu", "Niin on", "--context", "service"]
    yield ["insight", "dispute", "kuura/sanottu", "Ei ole", "--context", "delivery"]
    yield ["insight", "review", "kuura/sanottu"]
    yield ["signal", "ack", "kuura/uusi"]
    yield ["signal", "dismiss", "kuura/uusi", "Ei haittaa"]
    yield ["signal", "reopen", "kuura/kilpailija"]
    yield ["handover", "suggest", "kuura/toinen"]
    yield ["handover", "offer", "kuura/toinen"]
    yield ["handover", "query", "kuura/kolmas", "tarve", "Milloin?", "--context", "delivery"]
    yield ["handover", "accept", "kuura/kolmas", "tarve", "--context", "delivery"]
    yield ["handover", "reject", "kuura/kolmas", "tarve", "Ei meille", "--context", "delivery"]
    yield ["handover", "return", "kuura/kolmas", "Puutteita", "--context", "delivery"]
    yield ["handover", "answer", "kuura/kolmas", "tarve", "Syksyllä"]
    yield ["handover", "close", "kuura/toinen", "--outcome", "Tehty"]
    yield ["handover", "learned", "kuura/kolmas", "tarve", "Lupa puuttuu", "--context", "delivery"]
    yield ["handover", "sync", "luovutukset"]


def test_a_dry_run_of_any_command_changes_nothing(client):
    test_round_trip.given(client)
    everything.live(client)
    path = client.home / "more.jsonl"
    everything.write(path, [
        ("account", {"name": "accounts/poistettu", "displayName": "Poistettu", "status": "STATUS_CURRENT"}),
        ("signal", {"name": everything.inside("signals", "uusi"), "title": "Uusi merkki", "kind": "KIND_COMPETITOR"}),
        ("journey", {"name": "journeys/tyhja", "title": "Tyhjä", "stages": [{"id": id, "title": id} for id in ("alku", "jatko")]}),
        *[("handover", {
            "name": everything.inside("handovers", name), "title": name, "fromTeam": "sales", "toTeam": "delivery",
            "items": [{"id": "tarve", "kind": "KIND_NEED", "title": "Tarve", "text": "Linja", "templateItem": "tarve"}]})
          for name in ("toinen", "kolmas")]])
    client.ok("import", path)
    client.ok("handover", "offer", "kuura/kolmas")
    client.ok("handover", "query", "kuura/kolmas", "tarve", "Mihin mennessä?", "--context", "delivery")
    client.ok("account", "delete", "accounts/poistettu")
    test_round_trip.settled(client)
    # The last move was taken back: the one before it is the latest.
    latest = sorted(move["name"] for move in client.ok("stage", "list", "kuura", "--output", "jsonl").lines())[-2]

    def revision():
        return client.ok("server", "info", "--output", "json").json()["revision"]

    before, failures = revision(), []
    for words in rehearsals(latest):
        result = client.run(*words, "--dry-run")
        if result.status != 0 or not result.out.strip():
            failures.append(f"{' '.join(words)} ended with {result.status}: {result.out}{result.err}")
        if revision() != before:
            failures.append(f"{' '.join(words)} changed something")
            before = revision()
    assert not failures, "\n".join(failures)
    contexts = (client.home / "config/punos/contexts.json").read_text()
    for words in [["context", "use", "service"], ["context", "remove", "service"]]:
        assert client.ok(*words, "--dry-run").out.strip()
    assert (client.home / "config/punos/contexts.json").read_text() == contexts
