"""Committees: who decides at a customer, and whom of them nobody talks to."""

import concurrent.futures
import datetime
import time

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from punosapi.deciding import Deciding
from punosapi.errors import refused

Code = grpc.StatusCode
EXPECTED_WHERE_NOTHING_IS_SAID = 4


@pytest.fixture(scope="module", autouse=True)
def modules(stubs):
    global member_pb2, contact_pb2, view_pb2, search_pb2
    from punos.v1 import contact_pb2, search_pb2
    from punos.v1 import account_view_pb2 as view_pb2
    from punos.v1 import committee_member_pb2 as member_pb2


@pytest.fixture
def kuura(api):
    return Deciding(api)


def reason(refusal, field):
    return refusal.fields[f"committee_member.{field}"].reason


def ago(days):
    return datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days)


def test_whoever_does_not_work_at_the_account_is_no_member_of_its_committee(kuura):
    stranger = kuura.person("Matti", employed=False)
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.member(stranger)
    assert reason(refusal, "contact") == "NO_EMPLOYMENT"
    assert "Matti" not in refusal.message and "employments" in refusal.message


def test_a_member_works_at_the_account_on_the_day_from_which_they_take_part(kuura):
    kaisa = kuura.person("Kaisa", valid_from="2024-01-01", valid_to="2025-01-01")
    for day in ("2023-12-31", "2025-01-01"):
        with refused(Code.INVALID_ARGUMENT) as refusal:
            kuura.member(kaisa, valid_from=day)
        assert reason(refusal, "contact") == "NO_EMPLOYMENT"
    assert kuura.member(kaisa, valid_from="2024-12-31").display_name == "Kaisa"


def test_who_has_left_the_account_is_no_new_member_unless_their_time_is_told(kuura):
    kaisa = kuura.person("Kaisa", valid_from="2024-01-01", valid_to="2025-01-01")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.member(kaisa)
    assert reason(refusal, "contact") == "NO_EMPLOYMENT" and "valid_from" in refusal.message
    assert kuura.member(kaisa, valid_to="2024-06-01").valid_to == "2024-06-01"
    coming = kuura.person("Pekka", valid_from="2999-01-01")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.member(coming)
    assert reason(refusal, "contact") == "NO_EMPLOYMENT"
    kuura.member(coming, valid_from="2999-01-01")


def test_everything_wrong_with_a_member_is_named_at_once(api, kuura):
    other = Deciding(api, "Other").purchase()
    kaisa = kuura.person("Kaisa")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.member(
            kaisa, role="ROLE_OTHER", influence=1.1, purchase=other.name, valid_from="2026-02-01", valid_to="2026-01-01",
            access_to=[kaisa], last_contact_time=ago(-3), evidence=[{"kind": "KIND_TACIT"}])
    assert reason(refusal, "purchase") == "OTHER_ACCOUNT" and reason(refusal, "valid_to") == "EMPTY_SPAN"
    assert reason(refusal, "access_to[0]") == "OWN_ACCESS" and reason(refusal, "last_contact_time") == "IN_FUTURE"
    assert reason(refusal, "other_role") == "REQUIRED" and reason(refusal, "evidence[0]") == "NO_EVIDENCE"
    assert "committee_member.influence" in refusal.fields


def test_a_role_is_needed(kuura):
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.member(kuura.person("Kaisa"), role=0)
    assert "committee_member.role" in refusal.fields


def test_one_person_is_in_a_committee_once_at_a_time(kuura):
    kaisa, purchase = kuura.person("Kaisa"), kuura.purchase().name
    first = kuura.member(kaisa, valid_to="2026-03-01")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.member(kaisa, valid_from="2026-02-28")
    assert reason(refusal, "valid_from") == "OVERLAPPING_TENURES" and first.name in refusal.message
    kuura.member(kaisa, valid_from="2026-03-01")
    kuura.member(kaisa, purchase=purchase)


def test_one_person_is_in_a_committee_once_at_a_time_within_one_batch_too(kuura):
    kaisa = kuura.person("Kaisa")
    member = lambda **fields: member_pb2.CommitteeMember(contact=kaisa, role="ROLE_CHAMPION", **fields)
    results = kuura.members.BatchUpsertCommitteeMembers(member_pb2.BatchUpsertCommitteeMembersRequest(
        parent=kuura.account, committee_members=[
            member(valid_to="2026-03-01"), member(valid_from="2026-02-28"), member(valid_from="2026-03-01")])).results
    assert [result.HasField("error") for result in results] == [False, True, False]
    assert "in this committee at that time already" in results[1].error.message


def test_one_person_is_in_a_committee_once_whoever_writes_it_at_the_same_time(kuura):
    kaisa = kuura.person("Kaisa")

    def write(_):
        try:
            return kuura.member(kaisa).name
        except grpc.RpcError as error:
            assert error.code() == Code.INVALID_ARGUMENT
            return ""

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert len([name for name in pool.map(write, range(8)) if name]) == 1


def test_a_member_stays_the_same_person_and_may_be_changed_after_they_left(api, kuura):
    kaisa, pekka = kuura.person("Kaisa"), kuura.person("Pekka")
    member = kuura.member(kaisa)
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.members.UpdateCommitteeMember(member_pb2.UpdateCommitteeMemberRequest(
            committee_member=member_pb2.CommitteeMember(name=member.name, contact=pekka)))
    assert reason(refusal, "contact") == "IMMUTABLE"
    api.contacts.UpdateContact(contact_pb2.UpdateContactRequest(contact=contact_pb2.Contact(
        name=kaisa, employments=[{"account": kuura.account, "valid_to": "2026-01-01"}])))
    changed = kuura.members.UpdateCommitteeMember(member_pb2.UpdateCommitteeMemberRequest(
        committee_member=member_pb2.CommitteeMember(name=member.name, valid_to="2026-01-01")))
    assert changed.valid_to == "2026-01-01"


def test_a_committee_outlives_its_purchase(kuura):
    purchase = kuura.purchase()
    kaisa = kuura.person("Kaisa")
    member = kuura.member(kaisa, purchase=purchase.name)
    from punos.v1 import purchase_pb2
    kuura.purchases.DeletePurchase(purchase_pb2.DeletePurchaseRequest(name=purchase.name))
    kept = kuura.members.UpdateCommitteeMember(member_pb2.UpdateCommitteeMemberRequest(
        committee_member=member_pb2.CommitteeMember(name=member.name, stance="STANCE_MENTOR")))
    assert kept.purchase == purchase.name
    assert [m.name for m in kuura.analyze(purchase=purchase.name).members] == [member.name]
    assert [m.name for m in kuura.analyze().members] == [member.name]
    assert kuura.analyze(purchase=purchase.name, as_of_revision=member.revision).members
    with refused(Code.NOT_FOUND):
        kuura.analyze(purchase=purchase.name, as_of_revision=purchase.revision - 1)


def test_delivery_sees_everybody_who_decided_each_once(kuura):
    from punos.v1 import purchase_pb2
    won, gone, open_ = (kuura.purchase(title) for title in ("Mill", "Crane", "Lift"))
    kaisa, pekka, olavi, liisa = (kuura.person(name) for name in ("Kaisa", "Pekka", "Olavi", "Liisa"))
    for contact, purchase in [(kaisa, won), (pekka, won), (olavi, gone), (kaisa, gone), (liisa, open_)]:
        kuura.member(contact, "ROLE_DECISION_MAKER", purchase=purchase.name, stance="STANCE_AGAINST")
    kuura.member(pekka, "ROLE_USER")
    kuura.purchases.UpdatePurchase(purchase_pb2.UpdatePurchaseRequest(
        purchase=purchase_pb2.Purchase(name=won.name, status="STATUS_WON", decided_date=ago(1).date().isoformat())))
    kuura.purchases.DeletePurchase(purchase_pb2.DeletePurchaseRequest(name=gone.name))
    assert {m.contact for m in kuura.analyze().members} == {kaisa, pekka, olavi, liisa}
    assert kuura.kinds().count("OPPONENT_UNCOVERED") == 4
    assert {m.contact for m in kuura.analyze(purchase=won.name).members} == {kaisa, pekka}

    def steps(**asked):
        return " ".join(finding.next_step for finding in kuura.analyze(**asked).findings)

    assert "before the decision" in steps(purchase=open_.name)
    assert "delivery and service go on" in steps(purchase=won.name)
    assert "before the decision" in steps(purchase=won.name, date=ago(2).date().isoformat())
    assert "before the next purchase" in steps(purchase=gone.name)
    assert "before the next decision" in steps()


def test_a_committee_shows_the_name_that_the_person_has_now(api, kuura):
    kaisa = kuura.person("Kaisa Virtanen")
    member = kuura.member(kaisa)
    api.contacts.UpdateContact(contact_pb2.UpdateContactRequest(
        contact=contact_pb2.Contact(name=kaisa, display_name="Kaisa Lahti")))
    view = api.views.GetAccountView(view_pb2.GetAccountViewRequest(name=kuura.account))
    assert [(m.display_name, m.contact) for m in view.committee_members] == [("Kaisa Lahti", kaisa)]
    hits = api.searching.Search(search_pb2.SearchRequest(query="Lahti", kinds=["committee_member"])).hits
    assert [hit.record for hit in hits] == [member.name]
    listed = kuura.members.ListCommitteeMembers(member_pb2.ListCommitteeMembersRequest(
        parent="accounts/-", filter="role = CHAMPION"))
    assert [m.name for m in listed.committee_members] == [member.name]


def test_roles_told_twice_are_kept_once(kuura):
    member = kuura.member(kuura.person("Kaisa"), more_roles=["ROLE_USER", "ROLE_CHAMPION", "ROLE_USER"])
    assert list(member.more_roles) == [member_pb2.CommitteeMember.ROLE_USER]


def test_coverage_of_nobody_says_to_find_out_who_decides(kuura):
    analysis = kuura.analyze()
    assert kuura.kinds() == ["NOBODY_COVERED"] + ["MISSING_ROLE"] * EXPECTED_WHERE_NOTHING_IS_SAID
    assert analysis.score == 0 and analysis.findings[0].evidence == [kuura.account]


def test_coverage_of_a_purchase_ranks_what_is_missing_with_evidence_and_one_next_step(kuura):
    purchase = kuura.purchase(type="TYPE_RENEWAL").name
    kaisa, olavi = kuura.person("Kaisa"), kuura.person("Olavi")
    kuura.member(kuura.person("Pekka"), "ROLE_CHAMPION", purchase=purchase, coverage="COVERAGE_DEEP", covered_by=["aino"],
                 influence=0.6, stance="STANCE_SUPPORTIVE", last_contact_time=ago(10))
    buyer = kuura.member(kaisa, "ROLE_ECONOMIC_BUYER", purchase=purchase, influence=0.9)
    enemy = kuura.member(olavi, "ROLE_DECISION_MAKER", influence=0.8, stance="STANCE_AGAINST")
    analysis = kuura.analyze(purchase=purchase)
    assert kuura.kinds(purchase=purchase)[:3] == ["SINGLE_CONTACT", "OPPONENT_UNCOVERED", "CHAMPION_WITHOUT_ACCESS"]
    assert [m.name for m in analysis.members][:2] == [buyer.name, enemy.name]
    weights = [finding.weight for finding in analysis.findings]
    assert weights == sorted(weights, reverse=True) and analysis.findings[1].evidence == [enemy.name]
    assert all(finding.next_step and finding.sentence and finding.because for finding in analysis.findings)
    assert abs(sum(part.weight for part in analysis.because) - analysis.score) < 1e-9


def test_coverage_of_a_day_shows_who_took_part_then(kuura):
    kaisa = kuura.person("Kaisa")
    kuura.member(kaisa, "ROLE_CHAMPION", valid_from="2025-01-01", valid_to="2026-01-01")
    assert [m.contact for m in kuura.analyze(date="2025-12-31").members] == [kaisa]
    assert not kuura.analyze(date="2026-01-01").members


def test_coverage_can_be_asked_from_what_was_known_then(kuura):
    before = kuura.purchase().revision
    kuura.member(kuura.person("Kaisa"))
    assert len(kuura.analyze().members) == 1 and not kuura.analyze(as_of_revision=before).members


def test_whoever_left_the_account_is_found_in_its_committee(api, kuura):
    kaisa = kuura.person("Kaisa")
    kuura.member(kaisa, coverage="COVERAGE_DEEP")
    api.contacts.UpdateContact(contact_pb2.UpdateContactRequest(contact=contact_pb2.Contact(
        name=kaisa, employments=[{"account": kuura.account, "valid_to": "2026-01-01"}])))
    assert "LEFT" in kuura.kinds()


def test_coverage_of_a_purchase_of_another_account_is_refused(api, kuura):
    other = Deciding(api, "Other").purchase().name
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.analyze(purchase=other)
    assert "purchase" in refusal.fields
    with refused(Code.NOT_FOUND):
        kuura.analyze(purchase=f"{kuura.account}/purchases/nothing")


def met(kuura, contact, *times):
    """Interactions with a person: a channel, and how many days ago, each."""
    from punos.v1 import interaction_pb2

    def interaction(number, channel, days):
        moment = Timestamp()
        moment.FromDatetime(ago(days))
        return interaction_pb2.Interaction(
            time=moment, channel=channel, contacts=[contact], teammates=[{"principal": "eero"}],
            external_ids=[{"system": "c", "id": f"{contact}/{channel}/{days}/{number}"}])

    answer = kuura.api.interactions.BatchUpsertInteractions(interaction_pb2.BatchUpsertInteractionsRequest(
        parent=kuura.account, interactions=[interaction(number, *time) for number, time in enumerate(times)]))
    assert not any(result.error.code for result in answer.results)


def same_now_and_as_of_now(kuura):
    """The analysis as it is, by the index, which must say what looking through the past up to now does."""
    now = Timestamp()
    now.FromDatetime(ago(0))
    then = kuura.analyze(as_of_time=now)
    assert kuura.analyze(as_of_revision=then.revision).findings == then.findings
    present = kuura.analyze()
    assert [finding.kind for finding in present.findings] == [finding.kind for finding in then.findings]
    assert [finding.sentence for finding in present.findings] == [finding.sentence for finding in then.findings]
    assert abs(present.score - then.score) < 1e-4
    return present


def test_coverage_of_a_day_counts_contact_up_to_that_day_however_much_came_later(kuura):
    pekka = kuura.person("Pekka")
    kuura.member(pekka, valid_from="2020-01-01")
    met(kuura, pekka, ("CHANNEL_MEETING", 200), *[("CHANNEL_MEETING", 2)] * 600)
    asked = {"date": ago(190).date().isoformat()}
    assert "NOBODY_COVERED" not in kuura.kinds(**asked) and kuura.analyze(**asked).score > 0
    assert "NOBODY_COVERED" in kuura.kinds(date=ago(210).date().isoformat())


def test_hundreds_of_orders_and_of_others_meetings_hide_no_meeting(kuura):
    pekka, kaisa = kuura.person("Pekka"), kuura.person("Kaisa")
    kuura.member(pekka)
    met(kuura, pekka, ("CHANNEL_MEETING", 3), ("CHANNEL_PHONE", 4))
    before = same_now_and_as_of_now(kuura)
    assert before.score > 0
    met(kuura, pekka, *[("CHANNEL_ORDER", 1)] * 600)
    met(kuura, kaisa, *[("CHANNEL_MEETING", 1)] * 600)
    after = same_now_and_as_of_now(kuura)
    assert abs(after.score - before.score) < 1e-4
    assert [finding.kind for finding in after.findings] == [finding.kind for finding in before.findings]


def test_meetings_and_relationships_count_whatever_anybody_wrote_of_coverage(api, kuura):
    from punos.v1 import interaction_pb2, interaction_pb2_grpc, relationship_pb2, relationship_pb2_grpc
    pekka, kaisa = kuura.person("Pekka"), kuura.person("Kaisa")
    kuura.member(pekka, "ROLE_CHAMPION")
    kuura.member(kaisa, "ROLE_ECONOMIC_BUYER")
    assert {"NOBODY_COVERED", "CHAMPION_WITHOUT_ACCESS"} <= set(kuura.kinds())
    moment = Timestamp()
    moment.FromDatetime(ago(2))
    interaction_pb2_grpc.InteractionServiceStub(api.channel).CreateInteraction(
        interaction_pb2.CreateInteractionRequest(parent=kuura.account, interaction=interaction_pb2.Interaction(
            time=moment, channel="CHANNEL_MEETING", contacts=[pekka], teammates=[{"principal": "eero"}])))
    made = relationship_pb2_grpc.RelationshipServiceStub(api.channel).CreateRelationship(
        relationship_pb2.CreateRelationshipRequest(parent=kuura.account, relationship=relationship_pb2.Relationship(
            kind="KIND_INFLUENCES", from_contact=pekka, to=kaisa)))
    found = kuura.kinds()
    assert "SINGLE_CONTACT" in found and "SINGLE_TEAMMATE" in found
    assert "NOBODY_COVERED" not in found and "CHAMPION_WITHOUT_ACCESS" not in found
    assert "NOBODY_COVERED" not in kuura.kinds(as_of_revision=made.revision)


def test_a_revision_is_answered_as_of_its_commit_whenever_it_is_asked(kuura):
    member = kuura.member(kuura.person("Pekka"), coverage="COVERAGE_DEEP", last_contact_time=ago(30))
    first = kuura.analyze(as_of_revision=member.revision)
    time.sleep(1.1)  # Moments of scores are whole seconds.
    assert kuura.analyze(as_of_revision=member.revision) == first
    assert kuura.analyze(as_of_time=member.update_time) == first
    assert kuura.analyze().score < first.score


def test_whoever_moved_to_another_employer_or_was_deleted_is_covered_no_longer(api, kuura):
    other = Deciding(api, "Other").account
    for leave in (
            lambda name: api.contacts.UpdateContact(contact_pb2.UpdateContactRequest(
                contact=contact_pb2.Contact(name=name, employments=[{"account": other}]), update_mask={"paths": ["employments"]})),
            lambda name: api.contacts.DeleteContact(contact_pb2.DeleteContactRequest(name=name))):
        pekka = kuura.person("Pekka")
        member = kuura.member(pekka, coverage="COVERAGE_DEEP", last_contact_time=ago(1))
        before = kuura.analyze()
        assert before.score > 0 and "LEFT" not in kuura.kinds()
        leave(pekka)
        after = kuura.analyze()
        assert after.score == 0 and "LEFT" in kuura.kinds()
        assert any("works there no longer" in finding.sentence for finding in after.findings)
        assert kuura.analyze(as_of_revision=before.revision).score == before.score
        kuura.members.DeleteCommitteeMember(member_pb2.DeleteCommitteeMemberRequest(name=member.name))


def test_whoever_is_employed_again_is_missing_in_between_only(kuura):
    pekka = kuura.api.contacts.CreateContact(contact_pb2.CreateContactRequest(contact=contact_pb2.Contact(
        display_name="Pekka", employments=[
            {"account": kuura.account, "valid_from": "2020-01-01", "valid_to": "2022-01-01"},
            {"account": kuura.account, "valid_from": "2024-01-01"}]))).name
    kuura.member(pekka)
    assert "LEFT" in kuura.kinds(date="2023-01-01")
    assert not kuura.analyze(date="2019-12-31").members and "LEFT" not in kuura.kinds(date="2019-12-31")
    for day in ("2021-01-01", "2024-01-01"):
        assert "LEFT" not in kuura.kinds(date=day) and kuura.analyze(date=day).members


def test_who_was_met_later_was_not_covered_before(kuura):
    kuura.member(kuura.person("Pekka"), valid_from="2020-01-01", coverage="COVERAGE_DEEP", covered_by=["aino"],
                 last_contact_time=ago(10))
    assert kuura.analyze().score > 0 and kuura.analyze(date=ago(9).date().isoformat()).score > 0
    before = kuura.analyze(date=ago(11).date().isoformat())
    assert before.score == 0 and "NOBODY_COVERED" in kuura.kinds(date=ago(11).date().isoformat())
    assert not any("nobody says when" in part.sentence for part in before.because)


def test_a_last_contact_of_tomorrow_by_a_clock_that_runs_ahead_is_contact_today(kuura):
    kuura.member(kuura.person("Pekka"), coverage="COVERAGE_DEEP", last_contact_time=ago(-0.5))
    assert kuura.analyze().score > 0 and "NOBODY_COVERED" not in kuura.kinds()
