"""Signals: raised by people and by the server, handled once."""

import collections
import csv
import datetime
import os
import pathlib
import statistics

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from punosapi.errors import refused
from punosapi.installation import ROOT, eventually

Code = grpc.StatusCode


@pytest.fixture(scope="module", autouse=True)
def modules(stubs):
    global account_pb2, account_view_pb2, commitment_pb2, committee_member_pb2, contact_pb2, handover_pb2, insight_pb2
    global interaction_pb2, signal_pb2, value_driver_pb2, way
    from punos.v1 import (
        account_pb2, account_view_pb2, commitment_pb2, committee_member_pb2, contact_pb2, handover_pb2,
        handover_workflow_pb2 as way, insight_pb2, interaction_pb2, signal_pb2, value_driver_pb2)


def account(api, name="Kuura Konepaja", owners=({"team": "sales", "principal": "aino"},)):
    return api.accounts.CreateAccount(account_pb2.CreateAccountRequest(account=account_pb2.Account(
        display_name=name, status="STATUS_CURRENT", owners=owners))).name


def create(api, parent, **fields):
    signal = signal_pb2.Signal(**({"title": "A new owner", "kind": "KIND_STRATEGY"} | fields))
    return api.signals.CreateSignal(signal_pb2.CreateSignalRequest(parent=parent, signal=signal))


def listed(api, parent, **fields):
    return list(api.signals.ListSignals(signal_pb2.ListSignalsRequest(parent=parent, **fields)).signals)


def raised(api, parent, count=1):
    """The signals, once there are so many."""
    found = []

    def there():
        found[:] = listed(api, parent)
        return len(found) >= count
    assert eventually(there), f"{len(found)} of {count} signals were raised"
    return found


def day(days):
    return (datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=days)).isoformat()


def promise(api, parent, due):
    return api.commitments.CreateCommitment(commitment_pb2.CreateCommitmentRequest(
        parent=parent, commitment=commitment_pb2.Commitment(title="A spare part a day", due_date=due)))


def test_a_signal_by_hand_is_open_and_no_computed_one(api):
    made = create(api, account(api), computed=True, state="STATE_DISMISSED")
    assert made.state == signal_pb2.Signal.STATE_OPEN
    assert not made.computed
    assert made.severity == signal_pb2.Signal.SEVERITY_NOTICE
    assert made.team == "sales"


def test_two_signals_of_the_same_cause_are_one(api):
    parent = account(api)
    create(api, parent, dedup_key="new-owner-2026")
    with refused(Code.ALREADY_EXISTS):
        create(api, parent, dedup_key="new-owner-2026")
    create(api, parent)
    create(api, parent)
    assert len(listed(api, parent)) == 3


def test_who_acknowledged_or_dismissed_a_signal_and_why_stays_visible(punos):
    tenant = punos.new_tenant()
    with (punos.client(tenant=tenant, team="sales", name="aino") as sales,
          punos.client(tenant=tenant, team="service", name="sari") as service):
        made = create(sales, account(sales))
        taken = service.signal_handling.AcknowledgeSignal(
            signal_pb2.AcknowledgeSignalRequest(name=made.name, handling="Calling them today"))
        assert taken.state == signal_pb2.Signal.STATE_ACKNOWLEDGED
        assert (taken.handled_by, taken.handled_team, taken.handling) == ("sari", "service", "Calling them today")
        assert taken.handled_time.seconds > 0
        with refused(Code.INVALID_ARGUMENT) as refusal:
            sales.signal_handling.DismissSignal(signal_pb2.DismissSignalRequest(name=made.name))
        assert list(refusal.fields) == ["handling"]
        dismissed = sales.signal_handling.DismissSignal(
            signal_pb2.DismissSignalRequest(name=made.name, handling="A rumour"))
        assert dismissed.state == signal_pb2.Signal.STATE_DISMISSED
        assert listed(sales, "accounts/-", filter="state = OPEN") == []
        again = sales.signal_handling.ReopenSignal(signal_pb2.ReopenSignalRequest(name=made.name))
        assert again.state == signal_pb2.Signal.STATE_OPEN
        with refused(Code.FAILED_PRECONDITION):
            sales.signal_handling.ReopenSignal(signal_pb2.ReopenSignalRequest(name=made.name))


def test_a_contact_who_leaves_raises_a_signal(api):
    parent = account(api)
    person = api.contacts.CreateContact(contact_pb2.CreateContactRequest(contact=contact_pb2.Contact(
        display_name="Liisa Laine", employments=[{"account": parent, "valid_from": "2020-01-01"}])))
    api.contacts.UpdateContact(contact_pb2.UpdateContactRequest(contact=contact_pb2.Contact(
        name=person.name,
        employments=[{"account": parent, "valid_from": "2020-01-01", "valid_to": day(-1)}])))
    signal, = raised(api, parent)
    assert signal.kind == signal_pb2.Signal.KIND_CONTACT_LEFT
    assert signal.computed and signal.contact == person.name
    assert [e.record for e in signal.evidence] == [person.name]
    assert (signal.team, signal.owner) == ("sales", "aino")
    assert "Liisa" not in signal.title + signal.explanation


def test_an_overdue_promise_raises_one_signal_however_often_it_is_changed(api):
    parent = account(api)
    made = promise(api, parent, day(-3))
    signal, = raised(api, parent)
    assert signal.kind == signal_pb2.Signal.KIND_COMMITMENT_OVERDUE
    assert [e.record for e in signal.evidence] == [made.name]
    api.commitments.UpdateCommitment(commitment_pb2.UpdateCommitmentRequest(
        commitment=commitment_pb2.Commitment(name=made.name, description="Still waiting")))
    promise(api, parent, day(-2))
    # The second promise's signal comes after whatever the change of the first one raised.
    assert len(raised(api, parent, 2)) == 2


def test_a_signal_of_a_promise_is_resolved_when_the_promise_is_kept_and_left_alone_once_somebody_took_it_up(api):
    parent = account(api)
    kept, taken = promise(api, parent, day(-3)), promise(api, parent, day(-4))
    by_record = {s.evidence[0].record: s for s in raised(api, parent, 2)}
    api.signal_handling.AcknowledgeSignal(
        signal_pb2.AcknowledgeSignalRequest(name=by_record[taken.name].name, handling="Calling them"))
    for made in (taken, kept):
        api.commitments.UpdateCommitment(commitment_pb2.UpdateCommitmentRequest(
            commitment=commitment_pb2.Commitment(name=made.name, status="STATUS_KEPT", settled_date=day(0))))
    state = lambda made: next(s.state for s in listed(api, parent) if s.evidence[0].record == made.name)
    assert eventually(lambda: state(kept) == signal_pb2.Signal.STATE_RESOLVED)
    assert state(taken) == signal_pb2.Signal.STATE_ACKNOWLEDGED


def test_a_promise_that_is_not_due_raises_none(api):
    parent = account(api)
    promise(api, parent, day(30))
    promise(api, parent, day(-1))
    assert len(raised(api, parent)) == 1


def test_a_dismissed_or_deleted_signal_is_not_raised_again(api):
    parent = account(api)
    first, second = promise(api, parent, day(-3)), promise(api, parent, day(-4))
    by_record = {s.evidence[0].record: s for s in raised(api, parent, 2)}
    api.signal_handling.DismissSignal(
        signal_pb2.DismissSignalRequest(name=by_record[first.name].name, handling="Agreed by phone"))
    api.signals.DeleteSignal(signal_pb2.DeleteSignalRequest(name=by_record[second.name].name))
    for made in (first, second):
        api.commitments.UpdateCommitment(commitment_pb2.UpdateCommitmentRequest(
            commitment=commitment_pb2.Commitment(name=made.name, description="Changed")))
    third = promise(api, parent, day(-5))
    # Changes are looked at in order: once the third has its signal, the others have been looked at.
    assert eventually(lambda: any(s.evidence[0].record == third.name for s in listed(api, parent)))
    assert {s.evidence[0].record for s in listed(api, parent)} == {first.name, third.name}


def test_a_stale_insight_raises_a_signal_for_its_owner_that_does_not_tell_the_claim(api):
    parent = account(api)
    observed = Timestamp()
    observed.FromDatetime(datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=200))
    made = api.insights.CreateInsight(insight_pb2.CreateInsightRequest(parent=parent, insight=insight_pb2.Insight(
        claim="They will be sold", dimension="DIMENSION_BUSINESS", observed_time=observed, half_life_days=100)))
    signal, = raised(api, parent)
    assert signal.kind == signal_pb2.Signal.KIND_INSIGHT_STALE
    assert (signal.owner, [e.record for e in signal.evidence]) == ("aino", [made.name])
    assert "sold" not in str(signal)


def member(api, parent, name="Liisa Laine", **fields):
    person = api.contacts.CreateContact(contact_pb2.CreateContactRequest(contact=contact_pb2.Contact(
        display_name=name, employments=[{"account": parent, "valid_from": "2020-01-01"}])))
    return api.service("CommitteeMemberService").CreateCommitteeMember(
        committee_member_pb2.CreateCommitteeMemberRequest(
            parent=parent, committee_member=committee_member_pb2.CommitteeMember(contact=person.name, **fields)))


def change_member(api, name, **fields):
    api.service("CommitteeMemberService").UpdateCommitteeMember(committee_member_pb2.UpdateCommitteeMemberRequest(
        committee_member=committee_member_pb2.CommitteeMember(name=name, **fields)))


def test_people_who_begin_to_decide_turn_against_us_or_are_lost_raise_signals(api):
    parent = account(api)
    made = member(api, parent, role="ROLE_USER", stance="STANCE_SUPPORTIVE", coverage="COVERAGE_DEEP", influence=0.9)
    change_member(api, made.name, role="ROLE_DECISION_MAKER")
    change_member(api, made.name, stance="STANCE_AGAINST")
    change_member(api, made.name, coverage="COVERAGE_NONE")
    kinds = {signal_pb2.Signal.Kind.Name(s.kind) for s in raised(api, parent, 3)}
    assert kinds == {"KIND_DECISION_MAKER_CHANGED", "KIND_PERSON", "KIND_COVERAGE_LOST"}
    assert all([e.record for e in s.evidence] == [made.name] and "Liisa" not in str(s) for s in listed(api, parent))


def kinds(signals):
    return {signal_pb2.Signal.Kind.Name(signal.kind) for signal in signals}


def test_another_who_decides_and_one_who_is_taken_out_change_the_decision_maker(api):
    parent = account(api)
    first = member(api, parent, role="ROLE_DECISION_MAKER")
    second = member(api, parent, "Kaisa", role="ROLE_ECONOMIC_BUYER")
    began, = raised(api, parent)
    assert began.kind == signal_pb2.Signal.KIND_DECISION_MAKER_CHANGED
    assert [evidence.record for evidence in began.evidence] == [second.name]
    api.service("CommitteeMemberService").DeleteCommitteeMember(
        committee_member_pb2.DeleteCommitteeMemberRequest(name=first.name))
    ceased = next(s for s in raised(api, parent, 2) if s.name != began.name)
    assert ceased.title == "Somebody no longer decides" and ceased.contact == first.contact


def test_whoever_leaves_on_either_side_takes_the_contact_along(api):
    owners = [{"team": "sales", "principal": "aino"}, {"team": "sales", "principal": "eero"}]
    parent = account(api, owners=owners)
    liisa = member(api, parent, role="ROLE_CHAMPION", coverage="COVERAGE_DEEP", covered_by=["aino"])
    kaisa = member(api, parent, "Kaisa", role="ROLE_CHAMPION", coverage="COVERAGE_DEEP", covered_by=["eero"])
    owners[0]["valid_to"] = day(0)
    api.accounts.UpdateAccount(account_pb2.UpdateAccountRequest(
        account=account_pb2.Account(name=parent, owners=owners), update_mask={"paths": ["owners"]}))
    lost, = raised(api, parent)
    assert lost.kind == signal_pb2.Signal.KIND_COVERAGE_LOST and lost.contact == liisa.contact
    api.contacts.UpdateContact(contact_pb2.UpdateContactRequest(contact=contact_pb2.Contact(
        name=kaisa.contact, employments=[{"account": parent, "valid_to": day(0)}]), update_mask={"paths": ["employments"]}))
    signals = raised(api, parent, 3)
    assert kinds(signals) == {"KIND_COVERAGE_LOST", "KIND_CONTACT_LEFT"}
    assert {s.contact for s in signals if s.kind == lost.kind} == {liisa.contact, kaisa.contact}


def test_a_handover_that_is_late_raises_one_signal_until_it_is_accepted_or_has_another_day(punos):
    tenant = punos.new_tenant()
    with (punos.client(tenant=tenant, team="sales", name="aino") as sales,
          punos.client(tenant=tenant, team="delivery", name="pekka") as delivery):
        parent = account(sales)
        template = sales.service("HandoverTemplateService").CreateHandoverTemplate
        from punos.v1 import handover_template_pb2
        template(handover_template_pb2.CreateHandoverTemplateRequest(
            handover_template=handover_template_pb2.HandoverTemplate(
                title="Short", from_team="sales", to_team="delivery",
                items=[{"id": "one", "kind": "KIND_RISK", "title": "The risk"}])))

        def late(title):
            made = sales.service("HandoverService").CreateHandover(handover_pb2.CreateHandoverRequest(
                parent=parent, handover=handover_pb2.Handover(
                    title=title, to_team="delivery", to_people=["pekka"], due_date=day(-2))))
            return sales.service("HandoverWorkflowService").OfferHandover(way.OfferHandoverRequest(name=made.name))

        def signals():
            return {s.evidence[0].record: s for s in listed(sales, parent)}

        first, second = late("First"), late("Second")
        assert eventually(lambda: len(listed(sales, parent)) >= 2)
        raised_once = signals()[first.name]
        assert raised_once.kind == signal_pb2.Signal.KIND_HANDOVER_OVERDUE
        assert "First" not in raised_once.title + raised_once.explanation and raised_once.explanation
        delivery.service("HandoverWorkflowService").AcceptHandover(
            way.AcceptHandoverRequest(name=first.name, accept_open_items=True))
        sales.service("HandoverService").UpdateHandover(handover_pb2.UpdateHandoverRequest(
            handover=handover_pb2.Handover(name=second.name, due_date=day(30))))
        resolved = signal_pb2.Signal.STATE_RESOLVED
        assert eventually(lambda: {s.state for s in listed(sales, parent)} == {resolved})
        assert signals()[first.name].handling == "The handover was accepted."
        assert signals()[first.name].handled_by == "punosd"
        assert len(listed(sales, parent)) == 2


def test_a_promised_value_that_did_not_come_raises_a_signal(api):
    parent = account(api)
    api.service("ValueDriverService").CreateValueDriver(value_driver_pb2.CreateValueDriverRequest(
        parent=parent, value_driver=value_driver_pb2.ValueDriver(
            statement="The line stands still less", rung="RUNG_ECONOMIC", metric="downtime", unit="h/month",
            baseline={"value": 40, "date": "2025-01-01"}, promised={"value": 20, "date": day(-10)},
            realised=[{"value": 35, "date": day(-20)}])))
    signal, = raised(api, parent)
    assert signal.kind == signal_pb2.Signal.KIND_VALUE_PROMISE_MISSED
    api.service("ValueDriverService").UpdateValueDriver(value_driver_pb2.UpdateValueDriverRequest(
        value_driver=value_driver_pb2.ValueDriver(name=signal.evidence[0].record, realised=[
            {"value": 35, "date": day(-20)}, {"value": 19, "date": day(-1)}]), update_mask={"paths": ["realised"]}))
    assert eventually(lambda: listed(api, parent)[0].state == signal_pb2.Signal.STATE_RESOLVED)
    assert listed(api, parent)[0].handling == "The promised value has come."


def interact(api, parent, days, sentiments=None):
    items = []
    for number, past in enumerate(days):
        item = interaction_pb2.Interaction(channel="CHANNEL_EMAIL", time=moment(past), subject=f"Message {number}")
        if sentiments:
            item.sentiment = sentiments[number]
        items.append(item)
    results = api.interactions.BatchUpsertInteractions(
        interaction_pb2.BatchUpsertInteractionsRequest(parent=parent, interactions=items)).results
    assert not any(result.HasField("error") for result in results), results


def moment(days_ago):
    told = Timestamp()
    told.FromDatetime(datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days_ago))
    return told


def test_a_tone_that_turns_raises_a_signal(api):
    parent = account(api)
    interact(api, parent, [12, 10, 8, 6, 4, 2], [0.8, 0.6, 0.7, -0.5, -0.6, -0.4])
    signal, = raised(api, parent)
    assert signal.kind == signal_pb2.Signal.KIND_SENTIMENT_TURNED
    assert "worse" in signal.title


def orders():
    """Northwind's orders: days by customer, moved so that the file ends today."""
    path = pathlib.Path(os.environ.get("PUNOS_SHARED_DATA", ROOT.parent / "shared" / "data")) / "northwind/orders.csv"
    if not path.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{path} is not there")
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = [(row["customerID"], datetime.datetime.fromisoformat(row["orderDate"])) for row in csv.DictReader(file)]
    last = max(when for _, when in rows)
    days = collections.defaultdict(list)
    for customer, when in rows:
        days[customer].append((last - when).days)
    return days


def silent(days):
    """Whether a customer is silent, worked out plainly from the days since each order."""
    touched = sorted(set(days))
    gaps = [later - earlier for earlier, later in zip(touched, touched[1:])]
    return len(gaps) >= 4 and touched[0] > max(14, 3 * statistics.median(gaps))


def test_silences_among_northwinds_customers_are_what_the_file_says(api):
    days = orders()
    names = {customer: account(api, customer) for customer in days}
    for customer, past in days.items():
        interact(api, names[customer], past)
    expected = {names[customer] for customer, past in days.items() if silent(past)}
    assert expected

    def found():
        signals = api.signals.ListSignals(signal_pb2.ListSignalsRequest(parent="accounts/-", page_size=1_000)).signals
        return {"/".join(s.name.split("/")[:2]) for s in signals if s.kind == signal_pb2.Signal.KIND_SILENCE}
    assert eventually(lambda: found() >= expected)
    assert found() == expected


def say_otherwise(api, parent, *values):
    """What a registry says of the legal name, kept beside what the account says."""
    claims = [account_pb2.RegistryClaim(registry="prh-ytj", path="names.legal", value=value) for value in values]
    api.accounts.UpdateAccount(account_pb2.UpdateAccountRequest(
        account=account_pb2.Account(name=parent, registry_claims=claims), update_mask={"paths": ["registry_claims"]}))


def call_legally(api, parent, name):
    api.accounts.UpdateAccount(account_pb2.UpdateAccountRequest(
        account=account_pb2.Account(name=parent, names=[{"type": "TYPE_LEGAL", "text": name}]),
        update_mask={"paths": ["names"]}))


def becomes(api, name, state):
    """Whether a signal comes to a state."""
    return eventually(lambda: api.signals.GetSignal(signal_pb2.GetSignalRequest(name=name)).state == state)


def test_a_registry_that_says_otherwise_raises_one_signal_until_both_say_the_same(api):
    parent = account(api)
    call_legally(api, parent, "Kuura Ky")
    say_otherwise(api, parent, "Kuura Konepaja Oy")
    signal, = raised(api, parent)
    assert signal.kind == signal_pb2.Signal.KIND_REGISTRY_DIFFERENCE
    assert signal.computed and [e.record for e in signal.evidence] == [parent]
    assert (signal.team, signal.owner) == ("sales", "aino")
    assert "prh-ytj" in signal.title and "Kuura" not in signal.title + signal.explanation
    call_legally(api, parent, "KUURA KONEPAJA OY")
    assert becomes(api, signal.name, signal_pb2.Signal.STATE_RESOLVED)
    ended = api.signals.GetSignal(signal_pb2.GetSignalRequest(name=signal.name))
    assert ended.handled_by == "punosd" and ended.handling and ended.HasField("handled_time")
    assert len(listed(api, parent)) == 1


def test_a_difference_that_is_taken_over_and_comes_back_is_open_again(api):
    parent = account(api)
    say_otherwise(api, parent, "Kuura Konepaja Oy")
    signal, = raised(api, parent)
    api.signal_handling.AcknowledgeSignal(signal_pb2.AcknowledgeSignalRequest(name=signal.name))
    say_otherwise(api, parent)
    assert becomes(api, signal.name, signal_pb2.Signal.STATE_RESOLVED)
    say_otherwise(api, parent, "Kuura Konepaja Oy")
    assert becomes(api, signal.name, signal_pb2.Signal.STATE_OPEN)
    assert len(listed(api, parent)) == 1


def test_another_word_of_the_registry_is_another_signal_and_a_dismissed_one_stays_dismissed(api):
    parent = account(api)
    say_otherwise(api, parent, "Kuura Konepaja Oy")
    first, = raised(api, parent)
    api.signal_handling.DismissSignal(
        signal_pb2.DismissSignalRequest(name=first.name, handling="Their old company"))
    say_otherwise(api, parent, "Kuura Konepaja Oy", "Kuura Group Oyj")
    second, = (s for s in raised(api, parent, 2) if s.name != first.name)
    assert second.state == signal_pb2.Signal.STATE_OPEN
    say_otherwise(api, parent)
    assert becomes(api, second.name, signal_pb2.Signal.STATE_RESOLVED)
    assert api.signals.GetSignal(signal_pb2.GetSignalRequest(name=first.name)).state == signal_pb2.Signal.STATE_DISMISSED


def test_the_view_shows_the_latest_signals_first(api):
    parent = account(api)
    for number in range(3):
        create(api, parent, title=f"Signal {number}")
    view = api.views.GetAccountView(account_view_pb2.GetAccountViewRequest(name=parent))
    assert [signal.title for signal in view.signals] == ["Signal 2", "Signal 1", "Signal 0"]


def test_signals_are_raised_for_what_changed_while_the_server_was_down(own_punos):
    import signal as signals
    with own_punos.client() as client:
        parent = account(client)
        first = promise(client, parent, day(-3))
        raised(client, parent)
        promise(client, parent, day(-4))
    own_punos.stop(signals.SIGKILL)
    own_punos.start()
    with own_punos.client() as client:
        found = raised(client, parent, 2)
        assert len(found) == 2
        assert first.name in {s.evidence[0].record for s in found}
