"""How it went beside what was expected: scores by their published definitions, gaps by touchpoint, end customers apart."""

import datetime
import math
import random

import grpc
import pytest
from punosapi.errors import refused

Code = grpc.StatusCode
NPS, CSAT, CES, TEXT = 1, 2, 3, 4


@pytest.fixture(scope="module", autouse=True)
def modules(stubs):
    global account_pb2, commitment_pb2, contact_pb2, feedback_pb2, experience_pb2, segment_pb2, view_pb2, search_pb2
    from punos.v1 import account_pb2, commitment_pb2, contact_pb2, feedback_pb2, search_pb2
    from punos.v1 import account_view_pb2 as view_pb2
    from punos.v1 import end_customer_segment_pb2 as segment_pb2
    from punos.v1 import experience_service_pb2 as experience_pb2


def account(api, name="Kuura Konepaja"):
    return api.accounts.CreateAccount(account_pb2.CreateAccountRequest(
        account=account_pb2.Account(display_name=name, status="STATUS_CURRENT"))).name


def moment(day, hour=12):
    return datetime.datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00")


def answer(day="2026-05-01", measure="MEASURE_NPS", **fields):
    return feedback_pb2.Feedback(time=moment(day), measure=measure, **fields)


def give(api, parent, *answers):
    response = api.service("FeedbackService").BatchUpsertFeedback(
        feedback_pb2.BatchUpsertFeedbackRequest(parent=parent, feedback=answers))
    assert not [result.error.message for result in response.results if not result.name]
    return [result.name for result in response.results]


def experience(api, parent, start="2026-01-01", end="2026-07-01", **request):
    return api.service("ExperienceService").GetExperience(experience_pb2.GetExperienceRequest(
        parent=parent, start_time=moment(start, 0), end_time=moment(end, 0), **request))


def test_scores_and_intervals_are_those_of_the_published_formulas(api):
    kuura = account(api)
    # Cross Validated 18603: half promoters, a third passives, a sixth detractors; with 324 answers a standard error of 4.1%.
    give(api, kuura, *[answer(score=9)] * 162, *[answer(score=7)] * 108, *[answer(score=2)] * 54)
    # Newcombe (1998), table I: 81 of 263 have a Wilson interval of 25.53% to 36.62%.
    give(api, kuura, *[answer(measure="MEASURE_CSAT", score=5)] * 81, *[answer(measure="MEASURE_CSAT", score=1)] * 182)
    give(api, kuura, *[answer(measure="MEASURE_CES", score=score) for score in (4, 5, 6, 7)])
    scores = {score.measure: score for score in experience(api, kuura).scores}
    nps = scores[NPS]
    assert nps.score == pytest.approx(100 / 3) and (nps.favourable, nps.neutral, nps.unfavourable) == (162, 108, 54)
    assert (nps.interval.high - nps.interval.low) / 2 / 1.96 == pytest.approx(4.14, abs=0.01)
    csat = scores[CSAT]
    assert csat.score == pytest.approx(8100 / 263)
    assert (csat.interval.low, csat.interval.high) == (pytest.approx(25.53, abs=0.006), pytest.approx(36.62, abs=0.006))
    ces = scores[CES]
    # The mean of 4, 5, 6, 7 is 5.5, its deviation 1.29099; t with three degrees of freedom is 3.182.
    assert ces.score == 5.5 and ces.interval.low == pytest.approx(5.5 - 3.182 * 1.29099 / 2, abs=0.001)
    assert ces.interval.high == 7 and ces.small_sample and "small sample" in ces.sentence
    assert not nps.small_sample and dict(nps.answers) == {9: 162, 7: 108, 2: 54}


@pytest.mark.parametrize("fields, path, reason", [
    ({"score": 11}, "score", "OFF_SCALE"), ({"score": -1}, "score", "OFF_SCALE"),
    ({"measure": "MEASURE_CSAT", "score": 0}, "score", "OFF_SCALE"),
    ({"measure": "MEASURE_CSAT", "score": 6}, "score", "OFF_SCALE"),
    ({"measure": "MEASURE_CES", "score": 8}, "score", "OFF_SCALE"),
    ({"score": 5, "expected_score": 12}, "expected_score", "OFF_SCALE"),
    ({}, "score", "REQUIRED"),
    ({"measure": "MEASURE_TEXT"}, "text", "REQUIRED"),
    ({"measure": "MEASURE_TEXT", "text": "fine", "score": 3}, "score", "NO_SCALE"),
    ({"measure": "MEASURE_UNSPECIFIED", "score": 3}, "measure", "REQUIRED"),
    ({"score": 5, "day": "2999-01-01"}, "time", "FUTURE_DATE"),
    ({"score": 5, "respondent": "contacts/none"}, "respondent", "UNKNOWN_CONTACT"),
])
def test_what_does_not_fit_is_refused_by_field(api, fields, path, reason):
    kuura = account(api)
    with refused(Code.INVALID_ARGUMENT) as refusal:
        api.service("FeedbackService").CreateFeedback(
            feedback_pb2.CreateFeedbackRequest(parent=kuura, feedback=answer(**fields)))
    assert {path: found.reason for path, found in refusal.fields.items()} == {f"feedback.{path}": reason}
    if reason == "OFF_SCALE":
        assert " goes from " in refusal.fields[f"feedback.{path}"].description


def test_expectation_stands_beside_experience_by_touchpoint_with_what_our_people_promised(api):
    kuura = account(api)
    promises = api.service("CommitmentService")
    late = promises.CreateCommitment(commitment_pb2.CreateCommitmentRequest(parent=kuura, commitment=commitment_pb2.Commitment(
        title="Running by March", due_date="2026-03-31", status="STATUS_BROKEN", settled_date="2026-04-20",
        settlement="parts came late"))).name
    names = give(
        api, kuura,
        answer(score=6, expected_score=9, touchpoint="installation", stage="delivery", about=[late]),
        answer(score=4, expected_score=9, touchpoint="installation", stage="delivery"),
        answer(measure="MEASURE_CSAT", score=4, expected_score=5, touchpoint="installation", stage="delivery"),
        answer(score=10, touchpoint="installation", stage="delivery"),
        answer(score=9, expected_score=8, touchpoint="support", stage="service"))
    from punos.v1 import interaction_pb2
    touch = api.service("InteractionService")
    for touchpoint, stage, day in [("installation", "delivery", "2026-03-01"), ("installation", "", "2026-04-01"),
                                   ("installation", "service", "2026-04-01"), ("support", "service", "2025-01-01")]:
        touch.CreateInteraction(interaction_pb2.CreateInteractionRequest(parent=kuura, interaction=interaction_pb2.Interaction(
            time=moment(day), channel="CHANNEL_MEETING", touchpoint=touchpoint, stage=stage)))
    told = experience(api, kuura)
    worst, best = told.touchpoints
    assert (worst.deeds.interactions, best.deeds.interactions, told.deeds.interactions) == (2, 0, 3)
    assert worst.deeds.latest_interaction_time.ToDatetime() == datetime.datetime(2026, 4, 1, 12)
    assert (worst.touchpoint, worst.stage, worst.responses, worst.compared) == ("installation", "delivery", 4, 3)
    assert worst.gap == pytest.approx(-0.35) and worst.gap_interval.low == pytest.approx(-0.6788, abs=0.0005)
    assert [reason.record for reason in worst.because] == [names[1], names[0], names[2]]
    assert (worst.deeds.broken, list(worst.deeds.records)) == (1, [late])
    assert "we disappoint" in worst.sentence
    assert best.touchpoint == "support" and best.gap == pytest.approx(0.1) and not best.HasField("gap_interval")
    assert (told.deeds.broken, told.deeds.kept) == (1, 0)
    nps = told.scores[0]
    assert nps.expected == pytest.approx(200 / 3) and nps.expected_responses == 3


def test_the_customers_own_customers_are_kept_apart_by_segment(api):
    kuura = account(api)
    segment = api.service("EndCustomerSegmentService").CreateEndCustomerSegment(
        segment_pb2.CreateEndCustomerSegmentRequest(parent=kuura, end_customer_segment={"title": "Housing"})).name
    give(api, kuura, answer(score=10), answer(score=0, segment=segment), answer(score=2, voice="VOICE_END_CUSTOMER"))
    told = experience(api, kuura)
    assert (told.scores[0].score, told.scores[0].responses) == (100, 1)
    assert {(apart.title, apart.scores[0].score) for apart in told.end_customers} == {("Housing", -100), ("", -100)}
    with refused(Code.INVALID_ARGUMENT) as refusal:
        api.service("FeedbackService").CreateFeedback(feedback_pb2.CreateFeedbackRequest(
            parent=kuura, feedback=answer(score=1, voice="VOICE_CUSTOMER", segment=segment)))
    assert refusal.fields["feedback.segment"].reason == "SEGMENT_OF_CUSTOMER"


def test_a_trend_is_told_by_step_and_a_change_only_where_it_is_none_of_chance(api):
    kuura = account(api)
    give(api, kuura, *[answer("2025-08-10", score=score) for score in [10, 8, 3] * 20])
    give(api, kuura, *[answer(day, score=score) for day in ("2026-02-10", "2026-05-10") for score in [10, 10, 8] * 10])
    told = experience(api, kuura)
    assert [round(step.scores[0].score) for step in told.steps] == [67, 67]
    assert told.steps[0].start_time.ToDatetime() == datetime.datetime(2026, 1, 1)
    change, = told.changes
    assert change.difference == pytest.approx(200 / 3) and change.direction == change.DIRECTION_RISING
    assert len(experience(api, kuura, step="STEP_YEAR").steps) == 1
    before = experience(api, kuura, end="2026-04-01", start="2026-02-01")
    assert not before.changes


def test_experience_is_asked_again_as_it_was_known(api):
    kuura = account(api)
    first, gone = give(api, kuura, answer(score=9), answer(score=0))
    service = api.service("FeedbackService")
    revision = service.GetFeedback(feedback_pb2.GetFeedbackRequest(name=gone)).revision
    service.DeleteFeedback(feedback_pb2.DeleteFeedbackRequest(name=gone))
    service.UpdateFeedback(feedback_pb2.UpdateFeedbackRequest(feedback=feedback_pb2.Feedback(name=first, score=3)))
    give(api, kuura, answer(score=10))
    for parent in (kuura, "accounts/-"):
        assert experience(api, parent).scores[0].score == 0
        then = experience(api, parent, as_of_revision=revision)
        assert (then.scores[0].responses, then.scores[0].score, then.revision) == (2, 0, revision)
        assert dict(then.scores[0].answers) == {9: 1, 0: 1}
        now = dict(experience(api, parent).scores[0].answers)
        assert now == {3: 1, 10: 1}


def test_experience_over_all_accounts_is_what_a_test_computes_from_the_answers(api):
    seed = 20260723
    print("seed", seed)
    chance = random.Random(seed)
    scores = []
    for name in "abc":
        own = [chance.randint(0, 10) for _ in range(120)]
        give(api, account(api, name), *[answer(score=score) for score in own])
        scores += own
    promoters, detractors = sum(score > 8 for score in scores), sum(score < 7 for score in scores)
    count = len(scores)
    nps = experience(api, "accounts/-").scores[0]
    assert nps.score == pytest.approx(100 * (promoters - detractors) / count)
    share = (promoters - detractors) / count
    margin = 1.959963984540054 * math.sqrt(((promoters + detractors) / count - share ** 2) / count)
    assert nps.interval.low == pytest.approx(100 * (share - margin))


def test_an_empty_period_says_nothing_and_a_backward_one_is_refused(api):
    kuura = account(api)
    told = experience(api, kuura)
    assert not told.scores and not told.touchpoints and not told.steps
    with refused(Code.INVALID_ARGUMENT) as refusal:
        experience(api, kuura, start="2026-07-01", end="2026-01-01")
    assert refusal.fields["end_time"].reason == "EMPTY_SPAN"
    with refused(Code.NOT_FOUND):
        experience(api, "accounts/none")


def test_feedback_is_in_the_view_and_the_search_newest_first(api):
    kuura = account(api)
    old, new = give(api, kuura, answer("2026-01-01", score=3, text="Asennus myöhästyi"), answer("2026-05-01", score=9))
    view = api.views.GetAccountView(view_pb2.GetAccountViewRequest(name=kuura))
    assert [seen.name for seen in view.feedback] == [new, old]
    hits = api.searching.Search(search_pb2.SearchRequest(query="asennuksen", kinds=["feedback"])).hits
    assert [hit.record for hit in hits] == [old]


def test_a_survey_sent_twice_counts_once(api):
    kuura = account(api)
    for _ in range(2):
        give(api, kuura, answer(score=9, external_ids=[{"system": "survey", "id": "1"}]))
    assert experience(api, kuura).scores[0].responses == 1
