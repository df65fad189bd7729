"""Who is where in the end: the funnel and the lives of customers tell the same, whatever came late, back or away."""

import datetime
import random

import grpc
import pytest
from test_lifecycle import Life, told, walk
from test_lifecycle import modules as modules

SEEDS = range(20_261_130, 20_261_136)
ORDER = ["prospect", "evaluation", "agreement", "implementation", "use", "renewal", "former"]


def stages(funnel):
    return {stage.stage: stage for stage in funnel.stages}


def told_on(life, left, entered, day):
    """A move as another system tells it, with the kind that the journey makes of it; whether it was taken."""
    forward = left != "former" and (ORDER.index(left) < ORDER.index(entered) or (left, entered) == ("renewal", "use")) if left else True
    kind = "ENTRY" if not left else "DROP" if entered == "former" else "FORWARD" if forward else "BACKWARD"
    moment = datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00")
    try:
        told(life, left, entered, kind, int(moment.timestamp()), reason="as it was", backwards=kind == "BACKWARD",
             external_ids=[{"system": "old", "id": f"{life.account} {left} {entered} {day}"}])
    except grpc.RpcError as refusal:
        assert refusal.code() in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.ALREADY_EXISTS), refusal.details()
        return False
    return True


def delete_account(life):
    life.api.accounts.DeleteAccount(life.pb["account"].DeleteAccountRequest(name=life.account))


def undelete_account(life):
    life.api.accounts.UndeleteAccount(life.pb["account"].UndeleteAccountRequest(name=life.account))


def settle_in(life, country):
    account = life.pb["account"]
    life.api.accounts.UpdateAccount(account.UpdateAccountRequest(
        account=account.Account(name=life.account, country=country), update_mask={"paths": ["country"]}))


def test_who_is_there_follows_from_the_moves_and_not_from_where_they_say_they_began(api):
    kuura = walk(api, "Kuura", ("prospect", "2026-01-01"))
    assert told_on(kuura, "renewal", "use", "2025-03-01") and told_on(kuura, "", "evaluation", "2024-01-01")
    there = {name: stage.present for name, stage in stages(kuura.funnel()).items() if stage.present}
    assert there == {"prospect": 1}
    # In between, where the late ones had led.
    there = {name: stage.present for name, stage in stages(kuura.funnel(to_date="2025-06-01")).items() if stage.present}
    assert there == {"use": 1}


def test_who_changes_to_another_journey_is_there_no_more(api):
    kuura = walk(api, "Kuura", ("prospect", "2026-01-01"))
    other = kuura.journey(title="Partners", stages=[{"id": name, "title": name, "team": "sales"} for name in ("known", "trusted")]).name
    kuura.move("known", journey=other, on="2026-02-01", reason="they sell for us now")
    assert stages(kuura.funnel(journey="journeys/default-b2b"))["prospect"].present == 0
    assert stages(kuura.funnel(journey=other))["known"].present == 1


def test_a_deleted_customer_is_nowhere_and_where_it_was_when_it_is_back(api):
    kuura = walk(api, "Kuura", ("prospect", "2026-01-01"), country="NO")
    def there(**period):
        funnel = kuura.funnel(group_by="GROUPING_COUNTRY", **period)
        return stages(funnel)["prospect"].present, funnel.segments[0].stages[0].present
    delete_account(kuura)
    assert there() == (0, 0)
    assert there(to_date="2026-02-01") == (1, 1), "it was there then"
    undelete_account(kuura)
    assert there() == (1, 1)


def test_what_is_lost_is_told_in_every_currency(api):
    kuura = Life(api, "Kuura", country="FI")
    for currency, units in (("EUR", 900), ("JPY", 1_000_000), ("SEK", 5)):
        kuura.purchase(value={"currency": currency, "units": units})
    kuura.move("prospect", on="2026-01-01")
    kuura.move("former", reason="no budget", on="2026-01-31")
    funnel = kuura.funnel(group_by="GROUPING_COUNTRY")
    for part in (funnel, funnel.segments[0]):
        lost = [(money.currency, money.units) for money in stages(part)["prospect"].value_lost]
        assert lost == [("EUR", 900), ("JPY", 1_000_000), ("SEK", 5)]


def test_a_stage_where_customers_are_stuck_is_told_with_those_who_are(api):
    for index in range(6):
        stuck = walk(api, f"Jumi {index}", ("prospect", f"2024-01-0{index + 1}"))
    walk(api, "Uusi", ("prospect", (datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=2)).date().isoformat()))
    funnel = stuck.funnel()
    assert stages(funnel)["prospect"].overdue == 6
    found = funnel.bottlenecks[0]
    assert found.stage == "prospect" and "6 of 7" in found.sentence and "heistä 6" in found.finnish_sentence
    assert len(found.evidence) == 3 and all("/stageTransitions/" in name for name in found.evidence)
    assert not stages(stuck.funnel(to_date="2025-01-01"))["prospect"].HasField("overdue")


def test_moves_count_as_what_they_were_when_the_journey_has_changed_since(api):
    kuura = Life(api, "Kuura")
    own = kuura.journey(title="Own", stages=[{"id": name, "title": name, "team": "sales"} for name in ("one", "two", "three")])
    kuura.move("one", journey=own.name, on="2026-01-01")
    kuura.move("two", on="2026-02-01")
    kuura.move("three", on="2026-03-01")
    kept = {stage.id: stage for stage in own.stages}
    from punos.v1 import journey_pb2
    kuura.journeys.UpdateJourney(journey_pb2.UpdateJourneyRequest(
        journey=journey_pb2.Journey(name=own.name, stages=[kept["three"], kept["one"]]), update_mask={"paths": ["stages"]}))
    found = stages(kuura.funnel(journey=own.name))
    assert list(found) == ["three", "one", "two"], "a stage that the journey has no more is told behind the others"
    assert (found["one"].converted, found["one"].went_back) == (1, 0)
    assert (found["two"].entered, found["two"].converted, found["two"].median_days) == (1, 1, 28)
    assert found["three"].present == 1


def test_a_purchase_that_was_opened_later_is_not_lost_with_a_move_told_late(api):
    kuura = Life(api, "Kuura")
    kuura.purchase(value={"currency": "EUR", "units": 7}, opened_date="2025-12-01")
    kuura.purchase(value={"currency": "EUR", "units": 77}, opened_date="2026-06-01")
    kuura.move("prospect", on="2026-01-01")
    kuura.move("former", reason="no budget", on="2026-01-31")
    assert [money.units for money in stages(kuura.funnel())["prospect"].value_lost] == [7]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_funnel_tells_who_is_where_as_the_lives_of_the_customers_do(api, seed):
    chance = random.Random(seed)
    lives = [Life(api, f"Asiakas {index}", country=chance.choice(["FI", "SE"])) for index in range(5)]
    deleted = set()
    for _ in range(60):
        life = chance.choice(lives)
        day = f"20{chance.randrange(20, 26)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        deed = chance.randrange(10)
        if life.account in deleted:
            if deed < 5:
                undelete_account(life)
                deleted.discard(life.account)
        elif deed < 6:
            left, entered = chance.sample(ORDER, 2)
            told_on(life, left if chance.randrange(4) else "", entered, day)
        elif deed == 6 and (moves := [move for move in life.now().transitions if not move.reverted]):
            life.revert(moves[0].name)
        elif deed == 7 and (moves := [move for move in life.now().transitions if not move.reverted]):
            from punos.v1 import stage_transition_pb2 as transition
            life.transitions.DeleteStageTransition(transition.DeleteStageTransitionRequest(name=moves[0].name))
        elif deed == 8:
            settle_in(life, chance.choice(["FI", "SE"]))
        elif deed == 9:
            delete_account(life)
            deleted.add(life.account)
    wanted = {}
    for life in lives:
        if life.account not in deleted and (stage := life.now().stage.id):
            wanted[stage] = wanted.get(stage, 0) + 1
    funnel = lives[0].funnel(group_by="GROUPING_COUNTRY")
    assert {name: stage.present for name, stage in stages(funnel).items() if stage.present} == wanted, f"seed {seed}"
    for name in wanted:
        assert sum(stages(segment)[name].present for segment in funnel.segments) == wanted[name], f"seed {seed}"
    assert all(stage.present >= 0 for part in [funnel, *funnel.segments] for stage in part.stages), f"seed {seed}"
