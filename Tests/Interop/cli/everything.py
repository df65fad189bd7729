"""A tenant with a record of every kind, between them with every field, and with what teams did to each other's records."""

import json

ACCOUNT = "accounts/kuura"
EVIDENCE = [{"kind": "KIND_DISCUSSION", "text": "Palaveri 3.3.", "record": "contacts/liisa", "url": "https://kuura.example/a",
             "observedTime": "2026-03-03T10:00:00Z", "principal": "eero.koski", "team": "delivery"}]


def ids(value):
    return [{"system": "crm", "id": value}]


def inside(collection, name):
    return f"{ACCOUNT}/{collection}/{name}"


def euros(units):
    return {"currency": "EUR", "units": str(units), "nanos": 250000000}


OLLI = {"name": "contacts/olli", "displayName": "Olli Ahonen", "employments": [{"account": ACCOUNT, "title": "Tuotantojohtaja"}]}

# Takes part in decisions, without a word of since when, and leaves.
MATTI = {"name": "contacts/matti", "displayName": "Matti Salo", "employments": [{"account": ACCOUNT, "validFrom": "2020-01-01"}]}
# As well; that she ever worked there is taken back.
SIRPA = {"name": "contacts/sirpa", "displayName": "Sirpa Niemi", "employments": [{"account": ACCOUNT}]}

LINES = [
    ("contact", OLLI),
    ("commitment", {
        "name": inside("commitments", "lupaus"), "title": "Varaosat 24 tunnissa", "externalIds": ids("C1"),
        "direction": "DIRECTION_OURS", "status": "STATUS_BROKEN", "team": "delivery", "owner": "eero.koski",
        "contact": "contacts/liisa", "promisedDate": "2026-01-02", "dueDate": "2026-02-01", "settledDate": "2026-02-10",
        "settlement": "Toimittaja myöhässä.", "description": "Rivi 1\nRivi 2", "evidence": EVIDENCE}),
    ("commitment", {"name": inside("commitments", "poistettu"), "title": "Poistettu ja palautettu", "direction": "DIRECTION_THEIRS"}),
    ("purchase", {
        "name": inside("purchases", "linja"), "title": "Uusi linja", "externalIds": ids("P1"), "type": "TYPE_TENDER",
        "status": "STATUS_LOST", "need": "Kapasiteetti loppuu.", "stage": "Vertailu",
        "stages": [{"title": "Vertailu", "description": "Kolme tarjousta", "exitCondition": "Hallitus päättää",
                    "contact": "contacts/liisa", "expectedDate": "2026-03-01", "enteredDate": "2026-02-01", "leftDate": "2026-03-02"}],
        "criteria": [{"text": "Huolto Tampereella", "weight": 0.5, "fit": 0.25, "mandatory": True, "contact": "contacts/liisa"}],
        "paperProcess": [{"title": "Sopimus", "contact": "contacts/liisa", "owner": "aino.virtanen", "usualDays": 14,
                          "dueDate": "2026-04-01", "doneDate": "2026-03-30"}],
        "pains": [{"statement": "Seisokit", "yearlyCost": euros(120000), "contact": "contacts/liisa"}],
        "value": euros(500000), "customerValue": euros(900000), "customerValueBasis": "Heidän laskelmansa",
        "competitors": [{"name": "Vastus Oy", "position": "POSITION_PREFERRED", "strengths": "Hinta", "weaknesses": "Huolto"}],
        "openedDate": "2026-01-15", "expectedDate": "2026-03-15", "neededDate": "2026-09-01", "decidedDate": "2026-03-20",
        "reasons": [{"kind": "KIND_PRICE", "text": "10 % kalliimpi", "contact": "contacts/liisa"}], "winner": "Vastus Oy",
        "product": "L-200", "owner": "aino.virtanen", "team": "sales", "manager": "pomo", "region": "Pirkanmaa",
        "description": "Kuvaus", "attributes": {"luokka": {"text": "A"}}, "evidence": EVIDENCE,
        "sources": [{"path": "value", "source": "CRM"}]}),
    ("committee_member", {
        "name": inside("committeeMembers", "liisa"), "externalIds": ids("M1"), "contact": "contacts/liisa",
        "purchase": inside("purchases", "linja"), "role": "ROLE_OTHER", "otherRole": "Hallituksen sihteeri",
        "moreRoles": ["ROLE_CHAMPION"], "stance": "STANCE_SUPPORTIVE", "influence": 0.75, "coverage": "COVERAGE_SEVERAL",
        "wantedCoverage": "COVERAGE_DEEP", "coveredBy": ["aino.virtanen"], "lastContactTime": "2026-03-01T08:00:00Z",
        "accessTo": ["contacts/olli"], "wants": "Rauhaa", "concerns": "Hinta", "validFrom": "2026-01-01", "validTo": "2026-12-31",
        "evidence": EVIDENCE}),
    ("contact", MATTI), ("contact", SIRPA),
    *[("committee_member", {"name": inside("committeeMembers", name), "contact": f"contacts/{name}", "role": "ROLE_USER"})
      for name in ("matti", "sirpa")],
    ("relationship", {
        "name": inside("relationships", "alainen"), "description": "Vanha työpari", "externalIds": ids("R1"),
        "kind": "KIND_REPORTS_TO", "fromContact": "contacts/olli", "to": "contacts/liisa", "strength": 0.5,
        "validFrom": "2020-01-01", "validTo": "2028-01-01", "evidence": EVIDENCE}),
    ("relationship", {"name": inside("relationships", "tuttu"), "kind": "KIND_KNOWS", "to": "contacts/liisa",
                      "fromTeammate": {"principal": "aino.virtanen", "team": "sales"}}),
    ("interaction", {
        "name": inside("interactions", "palaveri"), "subject": "Kevätpalaveri", "externalIds": ids("I1"),
        "time": "2026-03-03T09:00:00.5Z", "channel": "CHANNEL_MEETING", "setting": "SETTING_OFFLINE",
        "direction": "DIRECTION_MUTUAL", "contacts": ["contacts/liisa", "contacts/olli"],
        "teammates": [{"principal": "aino.virtanen", "team": "sales"}], "touchpoint": "Tehdaskierros", "stage": "Käyttö",
        "activity": "Huoltokierros", "sentiment": -0.25, "duration": "5400.500s", "notes": "Rivi\nToinen"}),
    ("value_driver", {
        "name": inside("valueDrivers", "kaynti"), "statement": "Linja käy", "externalIds": ids("V1"),
        "rung": "RUNG_FUNCTIONAL", "position": "POSITION_SETS_APART", "sharing": "SHARING_SHARED",
        "customerWeights": [{"weight": 0.5, "date": "2026-01-01", "voice": "Liisa", "note": "Sanoi"}],
        "guesses": [{"weight": 0.25, "date": "2026-01-02", "voice": "sales"}], "metric": "Käyttöaste", "unit": "%",
        "baseline": {"value": 80.5, "date": "2026-01-01", "source": "Mittaus"},
        "promised": {"value": 90, "date": "2026-12-31"}, "realised": [{"value": 85, "date": "2026-03-01"}],
        "commitment": inside("commitments", "lupaus"), "yearlyWorth": euros(75000), "confidence": 0.5, "evidence": EVIDENCE,
        "description": "Kuvaus"}),
    ("end_customer_segment", {
        "name": inside("endCustomerSegments", "rakentajat"), "title": "Rakentajat", "externalIds": ids("S1"),
        "description": "Kuvaus", "share": 0.5, "expectations": [{"text": "Nopea", "date": "2026-01-01", "source": "Kysely"}],
        "experiences": [{"text": "Hidas"}], "trend": "TREND_GROWING", "trendNote": "Kasvaa",
        "valueDrivers": [{"valueDriver": inside("valueDrivers", "kaynti"), "how": "Suoraan"}], "confidence": 0.5,
        "evidence": EVIDENCE}),
    ("feedback", {
        "name": inside("feedback", "nps"), "title": "Kevään kysely", "externalIds": ids("F1"), "time": "2026-03-05T00:00:00Z",
        "measure": "MEASURE_NPS", "voice": "VOICE_END_CUSTOMER", "score": 0, "expectedScore": 8, "text": "Hidasta",
        "expectation": "Nopeampaa", "touchpoint": "Toimitus", "stage": "Käyttö", "respondent": "contacts/olli",
        "segment": inside("endCustomerSegments", "rakentajat"), "team": "service", "survey": "Kevät 2026",
        "about": [inside("purchases", "linja")]}),
    ("business_claim", {
        "name": inside("businessClaims", "kasvu"), "claim": "Kasvaa Saksassa", "externalIds": ids("B1"),
        "topic": "TOPIC_STRATEGY", "validFrom": "2025-01-01", "validTo": "2027-01-01", "confidence": 0.75, "halfLifeDays": 90,
        "serves": ["PURPOSE_SALES"], "team": "sales", "owner": "aino.virtanen", "observedTime": "2026-01-01T00:00:00Z",
        "description": "Kuvaus", "evidence": EVIDENCE}),
    ("insight", {
        "name": inside("insights", "sanottu"), "claim": "Huolto ratkaisee", "externalIds": ids("N1"),
        "dimension": "DIMENSION_BUSINESS", "topic": "TOPIC_STRATEGY", "sourceKind": "KIND_DISCUSSION", "confidence": 0.5,
        "halfLifeDays": 30, "impact": "IMPACT_DECISIVE", "serves": ["PURPOSE_SALES"], "status": "STATUS_CURRENT", "team": "sales",
        "owner": "aino.virtanen", "observedTime": "2026-03-01T00:00:00Z", "contact": "contacts/liisa", "description": "Kuvaus",
        "evidence": EVIDENCE}),
    ("insight", {
        "name": inside("insights", "salattu"), "claim": "Yrityskauppa tulossa", "dimension": "DIMENSION_BUSINESS",
        "withholding": {"teams": ["sales"], "reason": "Salassapito", "untilDate": "2099-01-01", "untilStage": "use"}}),
    ("signal", {
        "name": inside("signals", "kilpailija"), "title": "Kilpailija tehtaalla", "externalIds": ids("G1"),
        "kind": "KIND_COMPETITOR", "severity": "SEVERITY_WARNING", "explanation": "Nähtiin autossa", "evidence": EVIDENCE,
        "dedupKey": "kilpailija-1", "contact": "contacts/olli", "raisedTime": "2026-03-04T00:00:00Z", "team": "sales",
        "owner": "aino.virtanen"}),
    ("handover_template", {
        "name": "handoverTemplates/pohja", "title": "Pohja", "externalIds": ids("T1"), "fromTeam": "sales",
        "toTeam": "delivery", "stage": "use", "description": "Kuvaus",
        "items": [{"id": "tarve", "kind": "KIND_NEED", "title": "Tarve", "prompt": "Mitä?", "required": True, "why": "Siksi",
                   "source": "SOURCE_PERSON"}]}),
    ("handover", {
        "name": inside("handovers", "siirto"), "title": "Kuura toimitukselle", "externalIds": ids("H1"), "fromTeam": "sales",
        "toTeam": "delivery", "fromPeople": ["aino.virtanen"], "toPeople": ["eero.koski"], "dueDate": "2099-01-01",
        "summary": "Yhteenveto", "template": "handoverTemplates/pohja", "purchase": inside("purchases", "linja"),
        "items": [{"id": "tarve", "kind": "KIND_NEED", "title": "Tarve", "text": "Käyvä linja", "required": True,
                   "links": ["contacts/liisa"], "evidence": EVIDENCE, "templateItem": "tarve"},
                  {"id": "riski", "kind": "KIND_RISK", "title": "Riski", "text": "Aikataulu"}]}),
    ("journey", {
        "name": "journeys/oma", "title": "Oma polku", "externalIds": ids("J1"), "isDefault": True, "description": "Kuvaus",
        "stages": [
            {"id": "start", "title": "Alku", "team": "sales", "description": "Kuvaus",
             "activities": [{"title": "Käynti", "team": "sales", "touchpoint": "Tehdas"}], "needs": ["Tieto"],
             "painPoints": ["Kiire"], "kpis": [{"title": "Käynnit", "unit": "kpl", "target": 2.5}],
             "exitCriteria": [{"id": "tapaaminen", "title": "Tavattu"}], "expectedDays": 30, "next": ["use"]},
            {"id": "use", "title": "Käyttö", "entryCriteria": [{"id": "henkilo", "title": "Tunnetaan", "check": "CHECK_CONTACT_KNOWN"}]},
            {"id": "end", "title": "Loppu", "isEnd": True}]}),
    ("stage_transition", {
        "name": inside("stageTransitions", "00000001"), "externalIds": ids("X1"), "journey": "journeys/oma", "toStage": "start",
        "movedTime": "2026-01-01T00:00:00Z", "team": "sales", "evidence": EVIDENCE}),
    ("journey", {
        "name": "journeys/muuttuva", "title": "Muuttuva polku", "stages": [
            {"id": "alku", "title": "Alku", "exitCriteria": [{"id": "sovittu", "title": "Sovittu"}]},
            {"id": "valissa", "title": "Välissä", "team": "sales"}, {"id": "jatko", "title": "Jatko"},
            {"id": "loppu", "title": "Loppu", "isEnd": True}]}),
]

# What becomes of the journey when accounts have gone their way on it: a stage and a criterion go, the order turns about.
CHANGES = [
    ("journey", {
        "name": "journeys/muuttuva", "title": "Muuttunut polku", "stages": [
            {"id": "jatko", "title": "Jatkuu"}, {"id": "alku", "title": "Alussa", "team": "delivery"},
            {"id": "loppu", "title": "Loppu", "isEnd": True}]}),
]

# Stand for an account's latest move that counts, whose id the server makes.
LATEST = {"latest of kuura": "kuura", "latest of emo": "emo"}

# What teams do with them: who, and the command.
ACTS = [
    ("sales", "contact", "update", "contacts/matti", "--account", ACCOUNT, "--until", "2026-05-01"),
    ("sales", "contact", "update", "contacts/sirpa", "--clear", "employments"),
    ("sales", "commitment", "delete", "kuura/poistettu"), ("sales", "commitment", "undelete", "kuura/poistettu"),
    ("delivery", "insight", "confirm", "kuura/sanottu", "Niin on"), ("service", "insight", "dispute", "kuura/sanottu", "Ei ole"),
    ("sales", "insight", "review", "kuura/sanottu"),
    ("sales", "signal", "dismiss", "kuura/kilpailija", "Ei aiheuta mitään"),
    ("sales", "handover", "offer", "kuura/siirto"), ("delivery", "handover", "return", "kuura/siirto", "Puutteita"),
    ("sales", "handover", "offer", "kuura/siirto"), ("delivery", "handover", "query", "kuura/siirto", "tarve", "Mihin mennessä?"),
    ("sales", "handover", "answer", "kuura/siirto", "tarve", "Syyskuuhun"),
    ("delivery", "handover", "accept", "kuura/siirto", "tarve"),
    ("delivery", "handover", "reject", "kuura/siirto", "riski", "Ei meille"),
    ("delivery", "handover", "accept", "kuura/siirto", "--keep-stage"),
    ("sales", "handover", "close", "kuura/siirto", "--outcome", "Tehty"),
    ("sales", "stage", "move", "kuura", "use", "--confirm", "tapaaminen"),
    ("sales", "stage", "move", "kuura", "start", "--backwards", "--reason", "Aloitettiin alusta"),
    ("sales", "stage", "move", "kuura", "use", "--confirm", "tapaaminen"),
    ("sales", "stage", "revert", "latest of kuura", "--reason", "Vahingossa"),
    ("sales", "stage", "move", "emo", "alku", "--journey", "muuttuva", "--on", "2026-01-01"),
    ("sales", "stage", "move", "emo", "valissa", "--confirm", "sovittu", "--on", "2026-01-11"),
    ("sales", "stage", "move", "emo", "jatko", "--on", "2026-01-12"),
    ("sales", "stage", "revert", "latest of emo", "--reason", "Vahingossa"),
    ("sales", "stage", "revert", "latest of emo", "--reason", "Tämäkin"),
    ("sales", "stage", "move", "emo", "jatko", "--confirm", "sovittu", "--on", "2026-02-01"),
    ("sales", "stage", "move", "emo", "valissa", "--backwards", "--reason", "Kesken jäi", "--on", "2026-02-11"),
]


def write(path, lines):
    """Records as `punos import` reads them: pairs of a kind and a record."""
    path.write_text("".join(json.dumps({kind: record}, ensure_ascii=False) + "\n" for kind, record in lines), encoding="utf-8")


def live(client):
    """Brings all of it into a tenant that has the accounts and the people, and lets three teams act on it."""
    for team, person in [("delivery", "eero.koski"), ("service", "sanna.lahti")]:
        client.add_context(team, client.server.credential(team, person))
    client.add_context("sales", client.server.data / "clients" / f"{client.server.tenant}-sales-aino.virtanen.pem")
    path = client.home / "everything.jsonl"
    write(path, LINES)
    client.ok("import", path)
    for context, *command in ACTS:
        client.ok(*[latest_move(client, LATEST[word]) if word in LATEST else word for word in command], "--context", context)
    write(path, CHANGES)
    client.ok("import", path)


def latest_move(client, account):
    moves = client.ok("stage", "list", account, "--output", "jsonl").lines()
    return max(move["name"] for move in moves if not move.get("reverted"))
