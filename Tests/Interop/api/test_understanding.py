"""How well a customer is understood, and what to ask next."""

import importlib

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from punosapi.errors import refused

Code = grpc.StatusCode


@pytest.fixture(scope="module", autouse=True)
def modules(stubs):
    global account_pb2, business_claim_pb2, contact_pb2, insight_pb2, understanding_pb2, withholding_pb2
    from punos.v1 import (
        account_pb2, business_claim_pb2, contact_pb2, insight_pb2, understanding_pb2, withholding_pb2)


def account(api, name="Kuura Konepaja", **fields):
    return api.accounts.CreateAccount(account_pb2.CreateAccountRequest(
        account=account_pb2.Account(display_name=name, status="STATUS_CURRENT", **fields)))


def insight(api, parent, claim="Their strategy is growth", **fields):
    fields.setdefault("dimension", "DIMENSION_BUSINESS")
    return api.insights.CreateInsight(insight_pb2.CreateInsightRequest(
        parent=parent, insight=insight_pb2.Insight(claim=claim, **fields)))


def understanding(api, name, **fields):
    return api.understanding.GetUnderstanding(understanding_pb2.GetUnderstandingRequest(name=name, **fields))


def dimension(answer, name):
    number = understanding_pb2.Dimension.Value(name)
    return next(d for d in answer.dimensions if d.dimension == number)


def test_of_an_unknown_customer_nothing_is_understood_and_everything_is_worth_asking(api):
    answer = understanding(api, account(api).name, questions=30)
    assert answer.measures.known == answer.measures.understood == 0
    assert len(answer.dimensions) == 5
    assert len(answer.questions) == 25
    assert all(q.gap == understanding_pb2.NextQuestion.GAP_UNKNOWN for q in answer.questions)
    assert [q.value for q in answer.questions] == sorted((q.value for q in answer.questions), reverse=True)


def test_every_number_explains_itself_down_to_records(api):
    parent = account(api).name
    made = insight(api, parent, topic="TOPIC_STRATEGY", confidence=0.8, evidence=[{"text": "annual report"}])
    claim = api.business_claims.CreateBusinessClaim(business_claim_pb2.CreateBusinessClaimRequest(
        parent=parent, business_claim=business_claim_pb2.BusinessClaim(claim="Costs press them", topic="TOPIC_PRESSURE")))
    business = dimension(understanding(api, parent), "DIMENSION_BUSINESS")
    assert business.teams == ["sales"]
    topics = {understanding_pb2.Topic.Name(t.topic): t for t in business.topics}
    strategy = topics["TOPIC_STRATEGY"]
    assert strategy.measures.known == pytest.approx(0.8)
    assert strategy.measures.evidenced == pytest.approx(0.8)
    assert [(b.record, b.sentence) for b in strategy.because] == [(made.name, made.claim)]
    assert [b.record for b in topics["TOPIC_PRESSURE"].because] == [claim.name]
    assert topics["TOPIC_PRESSURE"].measures.evidenced == 0
    mean = sum(t.weight * t.measures.understood for t in business.topics)
    assert business.measures.understood == pytest.approx(mean)
    assert sum(t.weight for t in business.topics) == pytest.approx(1)


def test_what_one_team_knows_is_a_silo_until_another_confirms_it(punos):
    tenant = punos.new_tenant()
    with (punos.client(tenant=tenant, team="sales", name="aino") as sales,
          punos.client(tenant=tenant, team="delivery", name="eero") as delivery):
        parent = account(sales, owners=[
            {"team": "sales", "principal": "aino"}, {"team": "delivery", "principal": "eero"}]).name
        made = insight(sales, parent, topic="TOPIC_STRATEGY", confidence=0.9, evidence=[{"text": "said so"}])
        answer = understanding(sales, parent, questions=30)
        assert answer.silo.index == pytest.approx(1)
        assert [(r.record, r.team) for r in answer.silo.records] == [(made.name, "sales")]
        asked = [q for q in answer.questions if q.gap == understanding_pb2.NextQuestion.GAP_SILOED]
        assert [(q.team, q.contact) for q in asked] == [("delivery", "")]
        delivery.insight_reviews.ConfirmInsight(insight_pb2.ConfirmInsightRequest(name=made.name))
        assert understanding(sales, parent).silo.index == 0


def test_a_question_names_the_person_who_sits_where_the_answer_is(api):
    parent = account(api).name
    for name, title in (("Liisa Laine", "Toimitusjohtaja"), ("Pekka Pelto", "Hankintapäällikkö")):
        api.contacts.CreateContact(contact_pb2.CreateContactRequest(contact=contact_pb2.Contact(
            display_name=name, employments=[{"account": parent, "title": title}])))
    answer = understanding(api, parent, questions=30)
    asked = {understanding_pb2.Topic.Name(q.topic): q for q in answer.questions}
    by_title = {
        title: next(c.name for c in api.contacts.ListContacts(contact_pb2.ListContactsRequest()).contacts
                    if c.display_name == name)
        for name, title in (("Liisa Laine", "boss"), ("Pekka Pelto", "buyer"))}
    assert asked["TOPIC_STRATEGY"].contact == by_title["boss"]
    assert asked["TOPIC_CRITERIA"].contact == by_title["buyer"]
    assert asked["TOPIC_STRATEGY"].question.english.endswith("?")
    assert asked["TOPIC_STRATEGY"].question.finnish.endswith("?")


def test_every_kind_of_record_that_says_something_contributes(api):
    parent = account(api, industries=[{"scheme": "SCHEME_TOL_2008", "code": "28", "title": "Koneet"}]).name
    person = api.contacts.CreateContact(contact_pb2.CreateContactRequest(contact=contact_pb2.Contact(
        display_name="Liisa Laine", employments=[{"account": parent}]))).name

    def make(noun, field, **fields):
        module = importlib.import_module(f"punos.v1.{field}_pb2")
        request = getattr(module, f"Create{noun}Request")(parent=parent, **{field: fields})
        return getattr(api.service(f"{noun}Service"), f"Create{noun}")(request)

    make("Commitment", "commitment", title="A spare part a day")
    make("Purchase", "purchase", title="A new line", criteria=[{"text": "Price"}], expected_date="2999-01-01")
    make("CommitteeMember", "committee_member", contact=person, role="ROLE_DECISION_MAKER", stance="STANCE_SUPPORTIVE")
    make("Feedback", "feedback", measure="MEASURE_NPS", time=Timestamp(seconds=1_700_000_000), score=9, expected_score=8, touchpoint="installation")
    make("EndCustomerSegment", "end_customer_segment", title="Housing companies", trend="TREND_GROWING",
         expectations=[{"text": "Quiet"}], experiences=[{"text": "Noise"}])
    make("ValueDriver", "value_driver", statement="The line stands still less", rung="RUNG_ECONOMIC", metric="downtime",
         unit="h", position="POSITION_SETS_APART", baseline={"value": 40, "date": "2026-01-01"},
         customer_weights=[{"weight": 0.9}])
    answer = understanding(api, parent)
    known = {understanding_pb2.Topic.Name(t.topic) for d in answer.dimensions for t in d.topics if t.measures.known > 0}
    assert known == {
        "TOPIC_MARKET", "TOPIC_PROMISES", "TOPIC_CRITERIA", "TOPIC_TIMELINE", "TOPIC_DECISION_MAKER",
        "TOPIC_STAKEHOLDERS", "TOPIC_SATISFACTION", "TOPIC_EXPECTATION", "TOPIC_TOUCHPOINTS", "TOPIC_SEGMENTS",
        "TOPIC_END_CUSTOMER_EXPECTATION", "TOPIC_END_CUSTOMER_EXPERIENCE", "TOPIC_END_CUSTOMER_TREND",
        "TOPIC_VALUE_DRIVERS", "TOPIC_VALUE_WEIGHTS", "TOPIC_VALUE_BASELINE", "TOPIC_DIFFERENTIATION"}
    assert all(d.measures.known > 0 for d in answer.dimensions)
    assert "Liisa" not in str(answer)


def test_it_can_be_asked_what_was_understood_then(api):
    parent = account(api)
    first = insight(api, parent.name, topic="TOPIC_STRATEGY")
    insight(api, parent.name, "Their goal is speed", topic="TOPIC_GOAL")
    now = understanding(api, parent.name)
    assert understanding(api, parent.name, as_of_revision=parent.revision).measures.known == 0
    then = understanding(api, parent.name, as_of_revision=first.revision)
    assert 0 < then.measures.known < now.measures.known


def test_what_is_withheld_counts_but_is_not_told(punos):
    tenant = punos.new_tenant()
    with (punos.client(tenant=tenant, team="sales", name="aino") as sales,
          punos.client(tenant=tenant, team="service", name="sari") as service):
        parent = account(sales).name
        insight(sales, parent, "They will be sold", topic="TOPIC_STRATEGY",
                withholding=withholding_pb2.Withholding(reason="Told in confidence"))
        seen, hidden = understanding(sales, parent), understanding(service, parent)
        assert hidden.measures.known == pytest.approx(seen.measures.known)
        assert "sold" in str(seen)
        assert "sold" not in str(hidden)
        assert "Told in confidence" in str(hidden)


def test_who_confirmed_or_disputed_what_is_withheld_is_not_told(punos):
    tenant = punos.new_tenant()
    with (punos.client(tenant=tenant, team="sales", name="aino") as sales,
          punos.client(tenant=tenant, team="finance", name="olli") as finance,
          punos.client(tenant=tenant, team="legal", name="lea") as legal,
          punos.client(tenant=tenant, team="service", name="sari") as service):
        parent = account(sales).name
        made = insight(sales, parent, "They will be sold", topic="TOPIC_STRATEGY", withholding=withholding_pb2.Withholding(
            teams=["finance", "legal"], reason="Told in confidence"))
        finance.insight_reviews.ConfirmInsight(insight_pb2.ConfirmInsightRequest(name=made.name))
        legal.insight_reviews.DisputeInsight(insight_pb2.DisputeInsightRequest(name=made.name, comment="nobody buys now"))
        seen, hidden = (str(understanding(api, parent, questions=30)) for api in (finance, service))
        assert "finance" in seen and "legal" in seen
        assert "finance" not in hidden and "legal" not in hidden


def test_a_portfolio_has_the_least_understood_first(api):
    known, unknown = account(api, "Known").name, account(api, "Unknown").name
    account(api, "Elsewhere", country="SE")
    insight(api, known, topic="TOPIC_STRATEGY", confidence=0.9)
    answer = api.understanding.GetPortfolioUnderstanding(
        understanding_pb2.GetPortfolioUnderstandingRequest(filter='display_name = "Known" OR display_name = "Unknown"'))
    assert [a.name for a in answer.accounts] == [unknown, known]
    assert [a.display_name for a in answer.accounts] == ["Unknown", "Known"]
    alone = understanding(api, known)
    assert answer.accounts[1].measures.understood == pytest.approx(alone.measures.understood)
    assert answer.measures.known == pytest.approx(alone.measures.known / 2)
    assert answer.accounts[0].question.question.english


def test_a_portfolio_of_more_than_a_thousand_is_refused_with_a_way_out(api):
    accounts = [account_pb2.Account(display_name=f"Account {n}", status="STATUS_CURRENT") for n in range(1_001)]
    for part in (accounts[:1_000], accounts[1_000:]):
        api.accounts.BatchUpsertAccounts(account_pb2.BatchUpsertAccountsRequest(accounts=part))
    with refused(Code.INVALID_ARGUMENT) as refusal:
        api.understanding.GetPortfolioUnderstanding(understanding_pb2.GetPortfolioUnderstandingRequest())
    assert [v.reason for v in refusal.fields.values()] == ["TOO_MANY_ACCOUNTS"]
    few = api.understanding.GetPortfolioUnderstanding(
        understanding_pb2.GetPortfolioUnderstandingRequest(filter='display_name = "Account 7"'))
    assert len(few.accounts) == 1


def test_an_account_that_is_not_there_is_told(api):
    with refused(Code.NOT_FOUND):
        understanding(api, "accounts/nobody")
