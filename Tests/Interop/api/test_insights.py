"""Insights and business claims: rules, confirmation, ranking, review, and what is withheld."""

import datetime

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from punosapi.errors import refused

Code = grpc.StatusCode


@pytest.fixture(scope="module", autouse=True)
def modules(stubs):
    global account_pb2, account_view_pb2, business_claim_pb2, change_pb2, common_pb2, contact_pb2, insight_pb2
    global privacy_pb2, search_pb2, stage_transition_pb2, withholding_pb2
    from punos.v1 import (
        account_pb2, account_view_pb2, business_claim_pb2, change_pb2, common_pb2, contact_pb2, insight_pb2,
        privacy_pb2, search_pb2, stage_transition_pb2, withholding_pb2)


@pytest.fixture
def teams(punos):
    """The same tenant as three teams see it."""
    tenant = punos.new_tenant()
    with (punos.client(tenant=tenant, team="sales", name="aino") as sales,
          punos.client(tenant=tenant, team="delivery", name="eero") as delivery,
          punos.client(tenant=tenant, team="service", name="sari") as service):
        yield sales, delivery, service


def days_ago(days):
    moment = Timestamp()
    moment.FromDatetime(datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days))
    return moment


def account(api, name="Kuura Konepaja"):
    return api.accounts.CreateAccount(account_pb2.CreateAccountRequest(
        account=account_pb2.Account(display_name=name, status="STATUS_CURRENT"))).name


def create(api, parent, claim="They decide in March", **fields):
    fields.setdefault("dimension", "DIMENSION_DECISION")
    return api.insights.CreateInsight(insight_pb2.CreateInsightRequest(
        parent=parent, insight=insight_pb2.Insight(claim=claim, **fields)))


def get(api, name):
    return api.insights.GetInsight(insight_pb2.GetInsightRequest(name=name))


def contact(api, parent, name):
    return api.contacts.CreateContact(contact_pb2.CreateContactRequest(contact=contact_pb2.Contact(
        display_name=name, employments=[contact_pb2.Employment(account=parent, title="Buyer")]))).name


def withheld(api, parent, **fields):
    return create(
        api, parent, "They will be sold to a competitor", description="The owner said so over lunch",
        withholding=withholding_pb2.Withholding(teams=["delivery"], reason="Told in confidence", **fields))


def test_what_is_not_said_of_an_insight_follows_from_its_source(teams):
    sales, _, _ = teams
    made = create(sales, account(sales), evidence=[common_pb2.Evidence(kind="KIND_REGISTRY", text="trade register")])
    assert made.source_kind == common_pb2.Evidence.KIND_REGISTRY
    assert made.confidence == pytest.approx(0.95)
    assert made.half_life_days == 365
    assert (made.team, made.owner) == ("sales", "aino")
    assert made.stale_time.seconds == made.observed_time.seconds + 365 * 86_400
    tacit = create(sales, account(sales, "Other"))
    assert tacit.source_kind == common_pb2.Evidence.KIND_TACIT
    assert tacit.confidence == pytest.approx(0.5)


@pytest.mark.parametrize("fields, path, reason", [
    ({"confidence": 1.2}, "insight.confidence", "RANGE"),
    ({"evidence": [{}]}, "insight.evidence[0]", "NO_EVIDENCE"),
    ({"evidence": [{"record": "accounts/none"}]}, "insight.evidence[0].record", "UNKNOWN_ACCOUNT"),
    ({"withholding": {"teams": ["delivery"]}}, "insight.withholding.reason", "REQUIRED"),
    ({"topic": "TOPIC_STRATEGY"}, "insight.topic", "TOPIC_OF_ANOTHER_DIMENSION"),
    ({"dimension": "DIMENSION_UNSPECIFIED"}, "insight.dimension", "REQUIRED"),
    ({"claim": ""}, "insight.claim", "REQUIRED"),
])
def test_an_insight_that_breaks_a_rule_is_refused_with_the_field(teams, fields, path, reason):
    sales, _, _ = teams
    with refused(Code.INVALID_ARGUMENT) as refusal:
        create(sales, account(sales), **fields)
    found = refusal.fields
    assert path in found, refusal.message
    assert found[path].reason == reason
    assert found[path].description


def test_what_was_seen_tomorrow_is_refused(teams):
    sales, _, _ = teams
    with refused(Code.INVALID_ARGUMENT) as refusal:
        create(sales, account(sales), observed_time=days_ago(-5))
    assert [v.reason for v in refusal.fields.values()] == ["IN_THE_FUTURE"]


def test_another_team_confirms_and_counts_once_however_often_it_does(teams):
    sales, delivery, service = teams
    made = create(sales, account(sales))
    for comment in ("heard it too", "heard it again"):
        confirmed = delivery.insight_reviews.ConfirmInsight(
            insight_pb2.ConfirmInsightRequest(name=made.name, comment=comment))
    assert [(c.team, c.principal, c.comment) for c in confirmed.confirmations] == [("delivery", "eero", "heard it again")]
    confirmed = service.insight_reviews.ConfirmInsight(insight_pb2.ConfirmInsightRequest(name=made.name))
    assert [c.team for c in confirmed.confirmations] == ["delivery", "service"]


def test_a_team_cannot_confirm_its_own_claim(teams):
    sales, _, _ = teams
    made = create(sales, account(sales))
    with refused(Code.FAILED_PRECONDITION) as refusal:
        sales.insight_reviews.ConfirmInsight(insight_pb2.ConfirmInsightRequest(name=made.name))
    assert refusal.reason == "OWN_CLAIM"
    assert "ReviewInsight" in refusal.message


def test_a_dispute_takes_back_the_teams_confirmation_and_says_why(teams):
    sales, delivery, _ = teams
    made = create(sales, account(sales))
    delivery.insight_reviews.ConfirmInsight(insight_pb2.ConfirmInsightRequest(name=made.name))
    with refused(Code.INVALID_ARGUMENT):
        delivery.insight_reviews.DisputeInsight(insight_pb2.DisputeInsightRequest(name=made.name))
    disputed = delivery.insight_reviews.DisputeInsight(
        insight_pb2.DisputeInsightRequest(name=made.name, comment="They told us May"))
    assert not disputed.confirmations
    assert [d.team for d in disputed.disputes] == ["delivery"]


def test_confirmations_are_not_written_by_hand_nor_wiped_by_a_mask(teams):
    sales, delivery, _ = teams
    made = create(sales, account(sales), confirmations=[{"team": "invented"}])
    assert not made.confirmations
    delivery.insight_reviews.ConfirmInsight(insight_pb2.ConfirmInsightRequest(name=made.name))
    updated = sales.insights.UpdateInsight(insight_pb2.UpdateInsightRequest(
        insight=insight_pb2.Insight(name=made.name, impact="IMPACT_DECISIVE"),
        update_mask={"paths": ["impact", "confirmations"]}))
    assert [c.team for c in updated.confirmations] == ["delivery"]


def test_a_claim_that_says_something_else_must_be_confirmed_anew(teams):
    sales, delivery, _ = teams
    made = create(sales, account(sales))
    delivery.insight_reviews.ConfirmInsight(insight_pb2.ConfirmInsightRequest(name=made.name))
    updated = sales.insights.UpdateInsight(insight_pb2.UpdateInsightRequest(
        insight=insight_pb2.Insight(name=made.name, claim="They decide in May")))
    assert not updated.confirmations


def test_the_decisive_ones_come_first_and_say_why(teams):
    sales, delivery, _ = teams
    parent = account(sales)
    create(sales, parent, "Minor", impact="IMPACT_MINOR")
    old = create(sales, parent, "Old", impact="IMPACT_DECISIVE", observed_time=days_ago(900))
    best = create(sales, parent, "Best", impact="IMPACT_DECISIVE", confidence=0.8)
    delivery.insight_reviews.ConfirmInsight(insight_pb2.ConfirmInsightRequest(name=best.name))
    ranked = sales.insight_reviews.RankInsights(insight_pb2.RankInsightsRequest(parent=parent))
    assert [r.insight.claim for r in ranked.insights] == ["Best", "Minor", "Old"]
    assert [r.decisive for r in ranked.insights] == [True, False, False]
    product = 1.0
    for because in ranked.insights[0].because:
        assert because.record == best.name and because.sentence
        product *= because.weight
    assert ranked.insights[0].score == pytest.approx(product)
    assert "delivery" in " ".join(b.sentence for b in ranked.insights[0].because)
    before = sales.insight_reviews.RankInsights(
        insight_pb2.RankInsightsRequest(parent=parent, as_of_revision=old.revision))
    assert [r.insight.claim for r in before.insights] == ["Minor", "Old"]


def test_stale_insights_come_up_with_their_owner_until_reviewed(teams):
    sales, delivery, _ = teams
    parent = account(sales)
    create(sales, parent, "Fresh")
    stale = create(sales, parent, "Stale", observed_time=days_ago(200), half_life_days=100)
    found = delivery.insight_reviews.ListStaleInsights(insight_pb2.ListStaleInsightsRequest(parent=parent)).insights
    assert [(s.insight.claim, s.owner, s.team, s.stale_days) for s in found] == [("Stale", "aino", "sales", 100)]
    assert not delivery.insight_reviews.ListStaleInsights(
        insight_pb2.ListStaleInsightsRequest(parent="accounts/-", owner="eero")).insights
    with refused(Code.FAILED_PRECONDITION) as refusal:
        delivery.insight_reviews.ReviewInsight(
            insight_pb2.ReviewInsightRequest(name=stale.name, outcome="OUTCOME_HOLDS"))
    assert refusal.reason == "ANOTHER_TEAMS_CLAIM"
    sales.insight_reviews.ReviewInsight(insight_pb2.ReviewInsightRequest(name=stale.name, outcome="OUTCOME_HOLDS"))
    assert not sales.insight_reviews.ListStaleInsights(
        insight_pb2.ListStaleInsightsRequest(parent="accounts/-")).insights
    retired = sales.insight_reviews.ReviewInsight(
        insight_pb2.ReviewInsightRequest(name=stale.name, outcome="OUTCOME_RETIRED"))
    assert retired.status == insight_pb2.Insight.STATUS_RETIRED
    ranked = sales.insight_reviews.RankInsights(insight_pb2.RankInsightsRequest(parent=parent))
    assert [r.insight.claim for r in ranked.insights] == ["Fresh"]


def assert_hidden(insight):
    assert insight.withheld
    assert insight.withholding.reason == "Told in confidence"
    assert not insight.claim and not insight.description and not insight.evidence


def test_a_withheld_insight_is_seen_by_its_team_and_those_named_and_by_others_as_withheld(teams):
    sales, delivery, service = teams
    made = withheld(sales, account(sales))
    for api in (sales, delivery):
        seen = get(api, made.name)
        assert not seen.withheld and "sold" in seen.claim
    hidden = get(service, made.name)
    assert_hidden(hidden)
    assert (hidden.name, hidden.team, hidden.dimension) == (made.name, "sales", made.dimension)


def test_a_withheld_insight_is_hidden_in_lists_views_rankings_and_reviews(teams):
    sales, _, service = teams
    parent = account(sales)
    withheld(sales, parent, **{})
    stale = insight_pb2.ListStaleInsightsRequest(parent=parent)
    listed = service.insights.ListInsights(insight_pb2.ListInsightsRequest(parent=parent)).insights
    assert_hidden(listed[0])
    view = service.views.GetAccountView(account_view_pb2.GetAccountViewRequest(
        name=parent, read_mask={"paths": ["insights", "recent_changes"]}))
    assert_hidden(view.insights[0])
    assert "sold" not in str(view)
    ranked = service.insight_reviews.RankInsights(insight_pb2.RankInsightsRequest(parent=parent))
    assert_hidden(ranked.insights[0].insight)
    assert not ranked.insights[0].because
    assert "sold" in str(sales.views.GetAccountView(account_view_pb2.GetAccountViewRequest(name=parent)))
    assert not service.insight_reviews.ListStaleInsights(stale).insights


def test_a_withheld_insight_is_hidden_in_history_watch_and_time_travel(teams):
    sales, _, service = teams
    parent = account(sales)
    open_first = create(sales, parent, "They will be sold")
    sales.insights.UpdateInsight(insight_pb2.UpdateInsightRequest(insight=insight_pb2.Insight(
        name=open_first.name, withholding=withholding_pb2.Withholding(reason="Told in confidence"))))
    history = service.changes.GetHistory(change_pb2.GetHistoryRequest(name=open_first.name))
    assert len(history.changes) == 2
    assert "sold" not in str(history)
    assert "sold" in str(sales.changes.GetHistory(change_pb2.GetHistoryRequest(name=open_first.name)))
    then = service.insights.GetInsight(
        insight_pb2.GetInsightRequest(name=open_first.name, as_of_revision=open_first.revision))
    assert then.withheld and not then.claim
    stream = service.changes.WatchChanges(
        change_pb2.WatchChangesRequest(after_revision=0, kinds=["insight"]), timeout=30)
    seen = []
    for event in stream:
        seen.append(event)
        if len([e for e in seen if e.HasField("change")]) == 2:
            stream.cancel()
            break
    assert "sold" not in str(seen)


def test_search_does_not_tell_that_a_withheld_insight_has_the_words(teams):
    sales, _, service = teams
    parent = account(sales)
    withheld(sales, parent)
    create(sales, parent, "Their competitor is cheap")
    wanted = search_pb2.SearchRequest(query="competitor", kinds=["insight"])
    assert len(sales.searching.Search(wanted).hits) == 2
    assert [hit.title for hit in service.searching.Search(wanted).hits] == ["Their competitor is cheap"]


def test_no_filter_tells_whom_a_withheld_insight_is_about(teams):
    sales, delivery, service = teams
    parent = account(sales)
    liisa = contact(sales, parent, "Liisa")
    made = create(sales, parent, "She will leave", contact=liisa, withholding=withholding_pb2.Withholding(
        teams=["delivery"], reason="Told in confidence"))
    shown = create(sales, parent, "She likes trains", contact=liisa)

    def found(api, filter, **question):
        listed = api.insights.ListInsights(insight_pb2.ListInsightsRequest(parent=parent, filter=filter, **question))
        return {insight.name for insight in listed.insights}, listed.total_size

    about = f'contact = "{liisa}"'
    assert found(delivery, about) == ({made.name, shown.name}, 2)
    for narrowed in (about, about + " AND status = CURRENT"):
        assert found(service, narrowed) == ({shown.name}, 1)
    # As one of the account's it is seen, as withheld.
    assert found(service, "status = CURRENT")[0] == {made.name, shown.name}
    person = privacy_pb2.ShowPersonRequest(name=liisa)
    assert made.name in [record.name for record in delivery.service("PrivacyService").ShowPerson(person).records]
    assert made.name not in [record.name for record in service.service("PrivacyService").ShowPerson(person).records]
    # Nor does the number of records that an erasure would touch.
    tried = privacy_pb2.ErasePersonRequest(name=liisa, reason="asked for it", validate_only=True)
    touched = [api.service("PrivacyService").ErasePerson(tried).records for api in (delivery, service)]
    assert touched[0] == touched[1] + 1


def test_the_reason_of_a_change_of_what_is_withheld_is_withheld_too(teams):
    sales, delivery, service = teams
    made = withheld(sales, account(sales))
    sales.insights.UpdateInsight(insight_pb2.UpdateInsightRequest(
        insight=insight_pb2.Insight(name=made.name, confidence=0.9), reason="the buyer called about it"))
    history = change_pb2.GetHistoryRequest(name=made.name)
    assert "the buyer called" in str(delivery.changes.GetHistory(history))
    assert len(service.changes.GetHistory(history).changes) == 2
    assert "the buyer called" not in str(service.changes.GetHistory(history))


def test_nobody_changes_what_is_withheld_from_them(teams):
    sales, _, service = teams
    made = withheld(sales, account(sales), until_date="2999-01-01")
    calls = [
        lambda: service.insights.UpdateInsight(insight_pb2.UpdateInsightRequest(
            insight=insight_pb2.Insight(name=made.name, claim="x"))),
        lambda: service.insights.DeleteInsight(insight_pb2.DeleteInsightRequest(name=made.name)),
        lambda: service.insight_reviews.ConfirmInsight(insight_pb2.ConfirmInsightRequest(name=made.name)),
    ]
    for call in calls:
        with refused(Code.PERMISSION_DENIED) as refusal:
            call()
        assert refusal.reason == "WITHHELD"
        assert "Told in confidence" in refusal.message and "2999-01-01" in refusal.message
    batch = service.insights.BatchUpsertInsights(insight_pb2.BatchUpsertInsightsRequest(
        insights=[insight_pb2.Insight(name=made.name, claim="x")]))
    assert batch.results[0].error.code == Code.PERMISSION_DENIED.value[0]


def test_withholding_ends_on_its_day_and_when_it_is_lifted(teams):
    sales, _, service = teams
    parent = account(sales)
    ended = withheld(sales, parent, until_date="2020-01-01")
    assert get(service, ended.name).claim
    lifted = withheld(sales, parent)
    sales.insights.UpdateInsight(insight_pb2.UpdateInsightRequest(
        insight=insight_pb2.Insight(name=lifted.name), update_mask={"paths": ["withholding"]}))
    assert get(service, lifted.name).claim
    assert "sold" in str(service.changes.GetHistory(change_pb2.GetHistoryRequest(name=lifted.name)))


def test_withholding_ends_when_the_account_enters_a_stage(teams):
    sales, _, service = teams
    parent = account(sales)

    def enter(stage, move, **fields):
        return sales.service("StageTransitionService").CreateStageTransition(
            stage_transition_pb2.CreateStageTransitionRequest(
                parent=parent, stage_transition=stage_transition_pb2.StageTransition(
                    journey="journeys/default-b2b", to_stage=stage, move=move, **fields)))

    enter("prospect", "MOVE_ENTRY", moved_time=days_ago(300))
    made = withheld(sales, parent, until_stage="evaluation")
    passed_before = withheld(sales, parent, until_stage="prospect")
    assert_hidden(get(service, made.name))
    enter("evaluation", "MOVE_FORWARD", from_stage="prospect",
          confirmed=["contact-known", "need-told", "purchase-open"])
    assert get(service, made.name).claim
    assert_hidden(get(service, passed_before.name))


def test_a_team_cannot_withhold_from_itself(teams):
    sales, _, service = teams
    made = create(sales, account(sales))
    with refused(Code.INVALID_ARGUMENT) as refusal:
        service.insights.UpdateInsight(insight_pb2.UpdateInsightRequest(insight=insight_pb2.Insight(
            name=made.name, withholding=withholding_pb2.Withholding(reason="why not"))))
    assert [v.reason for v in refusal.fields.values()] == ["WITHHELD_FROM_WRITER"]


def test_a_business_claim_is_dated_evidenced_and_about_the_business(teams):
    sales, _, _ = teams
    parent = account(sales)
    made = sales.business_claims.CreateBusinessClaim(business_claim_pb2.CreateBusinessClaimRequest(
        parent=parent, business_claim=business_claim_pb2.BusinessClaim(
            claim="They build a second hall by 2028", topic="TOPIC_STRATEGY", valid_from="2026-01-01",
            serves=["PURPOSE_SALES"])))
    assert (made.half_life_days, made.team, made.owner) == (730, "sales", "aino")
    view = sales.views.GetAccountView(account_view_pb2.GetAccountViewRequest(name=parent))
    assert [claim.claim for claim in view.business_claims] == [made.claim]
    with refused(Code.INVALID_ARGUMENT) as refusal:
        sales.business_claims.CreateBusinessClaim(business_claim_pb2.CreateBusinessClaimRequest(
            parent=parent, business_claim=business_claim_pb2.BusinessClaim(
                claim="x", topic="TOPIC_SEGMENTS", valid_from="2026-02-01", valid_to="2026-01-01")))
    assert {v.reason for v in refusal.fields.values()} == {"TOPIC_OF_ANOTHER_DIMENSION", "EMPTY_SPAN"}
