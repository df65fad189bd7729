"""Relationships, how strong they are, who can introduce us to whom, and the map."""

import concurrent.futures
import datetime
import xml.etree.ElementTree as ElementTree

import grpc
import pytest
from punosapi.errors import refused
from punosapi.people import People, moment

Code = grpc.StatusCode


@pytest.fixture
def people(api):
    return People(api)


@pytest.fixture
def kuura(people):
    return people.account()


def reasons(refusal):
    return {field: violation.reason for field, violation in refusal.fields.items()}


def test_a_relationship_with_oneself_is_refused(people, kuura):
    liisa = people.person("Liisa", kuura)
    with refused(Code.INVALID_ARGUMENT) as refusal:
        people.relationship(kuura, "KIND_TRUSTS", liisa, from_contact=liisa)
    assert reasons(refusal) == {"relationship.to": "WITH_ONESELF"}


def test_a_circle_in_reporting_lines_is_refused_and_one_that_has_ended_is_none(people, kuura):
    one, two, three = (people.person(name, kuura) for name in ("One", "Two", "Three"))
    people.relationship(kuura, "KIND_REPORTS_TO", two, from_contact=one)
    line = people.relationship(kuura, "KIND_REPORTS_TO", three, from_contact=two)
    with refused(Code.INVALID_ARGUMENT) as refusal:
        people.relationship(kuura, "KIND_REPORTS_TO", one, from_contact=three, valid_from="2024-01-01")
    assert reasons(refusal) == {"relationship.to": "CIRCULAR_REPORTING"}
    assert f"end {line.name} (valid_to) first" in refusal.fields["relationship.to"].description
    message = people.relationship_pb2
    people.api.relationships.UpdateRelationship(message.UpdateRelationshipRequest(relationship=message.Relationship(
        name=line.name, valid_to="2024-01-01")))
    people.relationship(kuura, "KIND_REPORTS_TO", one, from_contact=three, valid_from="2024-01-01")


def test_a_circle_over_two_accounts_is_refused(people, kuura):
    mother = people.account("Kuura Group")
    one, two, three = (people.person(name, kuura) for name in ("One", "Two", "Three"))
    people.relationship(kuura, "KIND_REPORTS_TO", two, from_contact=one)
    people.relationship(mother, "KIND_REPORTS_TO", three, from_contact=two)
    with refused(Code.INVALID_ARGUMENT) as refusal:
        people.relationship(mother, "KIND_REPORTS_TO", one, from_contact=three)
    assert reasons(refusal) == {"relationship.to": "CIRCULAR_REPORTING"}


def test_a_line_that_was_deleted_does_not_come_back_into_a_circle(people, kuura):
    one, two = (people.person(name, kuura) for name in ("One", "Two"))
    message = people.relationship_pb2
    line = people.relationship(kuura, "KIND_REPORTS_TO", two, from_contact=one)
    people.api.relationships.DeleteRelationship(message.DeleteRelationshipRequest(name=line.name))
    turned = people.relationship(kuura, "KIND_REPORTS_TO", one, from_contact=two)
    back = message.UndeleteRelationshipRequest(name=line.name)
    with refused(Code.INVALID_ARGUMENT) as refusal:
        people.api.relationships.UndeleteRelationship(back)
    assert reasons(refusal) == {"relationship.to": "CIRCULAR_REPORTING"}
    people.api.relationships.DeleteRelationship(message.DeleteRelationshipRequest(name=turned.name))
    assert people.api.relationships.UndeleteRelationship(back).to == two


def test_lines_that_share_no_day_make_no_circle(people, kuura):
    one, two, three = (people.person(name, kuura) for name in ("One", "Two", "Three"))
    people.relationship(kuura, "KIND_REPORTS_TO", two, from_contact=one, valid_from="2021-01-01", valid_to="2022-01-01")
    people.relationship(kuura, "KIND_REPORTS_TO", three, from_contact=two, valid_from="2023-01-01", valid_to="2024-01-01")
    people.relationship(kuura, "KIND_REPORTS_TO", one, from_contact=three)


def test_of_lines_written_at_the_same_time_none_closes_a_circle(people, kuura):
    everybody = [people.person(f"P{number}", kuura) for number in range(8)]

    def report(place):
        try:
            people.relationship(kuura, "KIND_REPORTS_TO", everybody[(place + 1) % 8], from_contact=everybody[place])
            return None
        except grpc.RpcError as error:
            return error.code()

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(report, range(8)))
    assert outcomes.count(None) == 7 and outcomes.count(Code.INVALID_ARGUMENT) == 1


def test_of_the_same_said_at_the_same_time_one_is_kept(people, kuura):
    one, two = (people.person(name, kuura) for name in ("One", "Two"))

    def say(batch):
        message = people.relationship_pb2
        tie = message.Relationship(kind="KIND_TRUSTS", from_contact=one, to=two)
        if batch:
            answer = people.api.relationships.BatchUpsertRelationships(message.BatchUpsertRelationshipsRequest(
                parent=kuura, relationships=[tie]))
            return not answer.results[0].HasField("error")
        try:
            people.relationship(kuura, "KIND_TRUSTS", two, from_contact=one)
            return True
        except grpc.RpcError as error:
            assert error.code() == Code.INVALID_ARGUMENT
            return False

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert list(pool.map(say, [False, True] * 8)).count(True) == 1


def test_a_circle_within_one_batch_is_refused(people, kuura):
    one, two = (people.person(name, kuura) for name in ("One", "Two"))
    message = people.relationship_pb2
    results = people.api.relationships.BatchUpsertRelationships(message.BatchUpsertRelationshipsRequest(
        parent=kuura, relationships=[
            message.Relationship(kind="KIND_REPORTS_TO", from_contact=one, to=two),
            message.Relationship(kind="KIND_REPORTS_TO", from_contact=two, to=one)])).results
    assert not results[0].HasField("error")
    assert "CIRCULAR_REPORTING" in str(results[1].error) or "already reports" in results[1].error.message


def test_tenures_of_one_kind_that_overlap_are_refused_and_of_two_kinds_are_not(people, kuura):
    one, two = (people.person(name, kuura) for name in ("One", "Two"))
    people.relationship(kuura, "KIND_KNOWS", two, from_contact=one, valid_to="2024-01-01")
    people.relationship(kuura, "KIND_KNOWS", two, from_contact=one, valid_from="2024-01-01")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        people.relationship(kuura, "KIND_KNOWS", one, from_contact=two, valid_from="2023-06-01")
    assert reasons(refusal) == {"relationship.valid_from": "OVERLAPPING_TENURES"}
    people.relationship(kuura, "KIND_TRUSTS", one, from_contact=two)


def test_what_is_said_twice_within_one_batch_is_refused(people, kuura):
    one, two = (people.person(name, kuura) for name in ("One", "Two"))
    message = people.relationship_pb2
    results = people.api.relationships.BatchUpsertRelationships(message.BatchUpsertRelationshipsRequest(
        parent=kuura, relationships=[
            message.Relationship(kind="KIND_KNOWS", from_contact=one, to=two),
            message.Relationship(kind="KIND_KNOWS", from_contact=two, to=one, valid_from="2026-01-01"),
            message.Relationship(kind="KIND_TRUSTS", from_contact=two, to=one)])).results
    assert [result.HasField("error") for result in results] == [False, True, False]
    assert "says the same of these two" in results[1].error.message


def test_ends_spans_and_weights_out_of_range_are_refused_by_field(people, kuura):
    liisa, pekka = people.person("Liisa", kuura), people.person("Pekka", kuura)
    with refused(Code.INVALID_ARGUMENT) as refusal:
        people.relationship(kuura, "KIND_KNOWS", liisa, strength=1.5, valid_from="2025-01-01", valid_to="2024-01-01")
    assert reasons(refusal)["relationship.from_contact"] == "REQUIRED"
    assert reasons(refusal)["relationship.valid_to"] == "EMPTY_SPAN"
    assert "relationship.strength" in reasons(refusal)
    with refused(Code.INVALID_ARGUMENT) as refusal:
        people.relationship(kuura, "KIND_KNOWS", liisa, from_contact=pekka, from_teammate={"principal": "aino"})
    assert reasons(refusal) == {"relationship.from_teammate": "BOTH_SET"}
    with refused(Code.INVALID_ARGUMENT) as refusal:
        people.relationship(kuura, "KIND_REPORTS_TO", liisa, from_teammate={"principal": "aino"})
    assert reasons(refusal) == {"relationship.from_teammate": "NOT_A_REPORTING_LINE"}


def test_a_relationship_that_does_not_say_what_the_one_is_to_the_other_is_refused(people, kuura):
    liisa, pekka = people.person("Liisa", kuura), people.person("Pekka", kuura)
    with refused(Code.INVALID_ARGUMENT) as refusal:
        people.relationship(kuura, "KIND_UNSPECIFIED", liisa, from_contact=pekka)
    assert reasons(refusal) == {"relationship.kind": "REQUIRED"}
    assert "KIND_KNOWS" in refusal.fields["relationship.kind"].description
    known = people.relationship(kuura, "KIND_KNOWS", liisa, from_contact=pekka)
    message = people.relationship_pb2
    with refused(Code.INVALID_ARGUMENT) as refusal:
        people.api.relationships.UpdateRelationship(message.UpdateRelationshipRequest(
            relationship=message.Relationship(name=known.name), update_mask={"paths": ["kind"]}))
    assert reasons(refusal) == {"relationship.kind": "REQUIRED"}


def test_a_strength_says_what_it_rests_on(people, kuura):
    liisa = people.person("Liisa", kuura)
    meeting = people.interaction(kuura, 0.01, contacts=[liisa], ours=["aino"])
    people.interaction(kuura, 3, "CHANNEL_EMAIL", contacts=[liisa], ours=["ville"], direction="DIRECTION_OUTBOUND")
    strength = people.strength("teammates/aino", liisa)
    assert 0.45 < strength.value < 0.5 and strength.interactions == 1 and not strength.HasField("asserted")
    assert strength.because[0].record == meeting.name and "a meeting" in strength.because[0].text
    said = people.relationship(kuura, "KIND_TRUSTS", liisa, from_teammate={"principal": "aino"}, strength=0.9)
    strength = people.strength(liisa, "teammates/aino")
    assert strength.value == strength.asserted == 0.9
    assert {said.name, meeting.name} <= {reason.record for reason in strength.because}
    assert people.strength("teammates/aino", liisa, as_of_time=moment(1)).computed == 0


def test_what_decides_is_told_first_and_names_the_two_in_the_language_asked_for(people, kuura):
    liisa = people.person("Liisa Korhonen", kuura)
    for days in range(6):
        people.interaction(kuura, days + 1, contacts=[liisa], ours=["aino"])
    said = people.relationship(kuura, "KIND_TRUSTS", liisa, from_teammate={"principal": "aino"}, strength=1)
    strength = people.strength("teammates/aino", liisa)
    assert strength.value == 1 and strength.because[0].record == said.name
    conflict = people.relationship(kuura, "KIND_CONFLICTS_WITH", liisa, from_teammate={"principal": "aino"})
    strength = people.strength("teammates/aino", liisa)
    assert strength.value == 0 and strength.because[0].record == conflict.name
    assert strength.because[0].text == "somebody says that aino does not get on with Liisa Korhonen"
    finnish = people.strength("teammates/aino", liisa, language="fi")
    assert finnish.because[0].text == "suhteesta aino → Liisa Korhonen sanotaan: ei tule toimeen"
    assert "tapaaminen" in finnish.because[2].text
    with refused(Code.INVALID_ARGUMENT):
        people.strength("teammates/aino", liisa, language="sv")


def test_a_strength_as_of_then_is_told_of_somebody_who_was_deleted_since(people, kuura):
    liisa = people.person("Liisa", kuura)
    people.interaction(kuura, 10, contacts=[liisa], ours=["aino"])
    before = moment(datetime.datetime.now(datetime.timezone.utc))
    people.api.contacts.DeleteContact(people.contact_pb2.DeleteContactRequest(name=liisa))
    with refused(Code.NOT_FOUND):
        people.strength("teammates/aino", liisa)
    assert people.strength("teammates/aino", liisa, as_of_time=before).value > 0
    with refused(Code.NOT_FOUND):
        people.strength("teammates/aino", liisa, as_of_time=moment(1))
    with refused(Code.NOT_FOUND):
        people.strength("teammates/aino", "contacts/nobody-of-that-name", as_of_time=before)


def test_a_tie_is_as_strong_however_much_else_a_person_does(people, kuura):
    ville, kalle, liisa = (people.person(name, kuura) for name in ("Ville", "Kalle", "Liisa"))
    for days in range(30, 35):
        people.interaction(kuura, days, contacts=[ville, kalle])
        people.interaction(kuura, days, contacts=[kalle], ours=["aino"])
    pairs = [(ville, kalle), ("teammates/aino", kalle)]
    before = [people.strength(*pair) for pair in pairs]
    paths = people.paths(kalle), people.paths(ville)
    for batch in range(3):
        told = [people.interaction_pb2.Interaction(
            name=f"{kuura}/interactions/-", channel="CHANNEL_ORDER", time=moment(1 + number / 1000),
            contacts=[kalle] if number % 2 else [kalle, liisa], teammates=[] if number % 2 else [{"principal": "otto"}],
        ) for number in range(1_000)]
        answer = people.api.interactions.BatchUpsertInteractions(
            people.interaction_pb2.BatchUpsertInteractionsRequest(interactions=told))
        assert not any(result.HasField("error") for result in answer.results)
    for pair, one in zip(pairs, before):
        other = people.strength(*pair)
        assert other.value == pytest.approx(one.value, rel=1e-3) and other.interactions == one.interactions == 5
        assert [reason.record for reason in other.because] == [reason.record for reason in one.because]
    assert people.strength("teammates/otto", kalle).interactions == 1_500
    for to, path in ((kalle, paths[0]), (ville, paths[1])):
        found = {tuple(names(p)): p for p in people.paths(to, count=10)}
        assert found[tuple(names(path[0]))].strength == pytest.approx(path[0].strength, rel=1e-3)
        assert all(p.strength > 0 and all(step.strength.because for step in p.steps) for p in found.values())


def test_two_of_ours_or_one_person_twice_have_no_strength(people, kuura):
    liisa = people.person("Liisa", kuura)
    with refused(Code.INVALID_ARGUMENT) as refusal:
        people.strength("teammates/aino", "teammates/ville")
    assert reasons(refusal) == {"to": "BOTH_OURS"}
    with refused(Code.INVALID_ARGUMENT) as refusal:
        people.strength(liisa, liisa)
    assert reasons(refusal) == {"to": "WITH_ONESELF"}


def names(path):
    steps = list(path.steps)
    return [getattr(steps[0], "from").name] + [step.to.name for step in steps]


def test_a_path_leads_from_us_over_people_who_know_each_other_and_explains_each_step(people, kuura):
    liisa, pekka = people.person("Liisa", kuura, "CFO"), people.person("Pekka", kuura, "CEO")
    assert not people.paths(pekka)
    people.interaction(kuura, 0.01, contacts=[liisa], ours=["aino"])
    people.relationship(kuura, "KIND_REPORTS_TO", pekka, from_contact=liisa, strength=0.5)
    path, = people.paths(pekka)
    assert names(path) == ["teammates/aino", liisa, pekka]
    assert abs(path.strength - path.steps[0].strength.value * 0.5) < 1e-9
    assert all(step.strength.because for step in path.steps)
    assert path.steps[1].to.title == "CEO" and path.steps[1].to.account == kuura
    assert getattr(path.steps[0], "from").title == "sales"
    finnish, = people.paths(pekka, language="fi")
    assert finnish.steps[0].strength.because[0].text.startswith("tapaaminen vuorokauden sisällä")


def test_paths_are_current_after_every_write(people, kuura):
    liisa = people.person("Liisa", kuura)
    assert not people.paths(liisa)
    meeting = people.interaction(kuura, 1, contacts=[liisa], ours=["aino"])
    first = people.paths(liisa)[0].strength
    people.interaction(kuura, 2, contacts=[liisa], ours=["aino"])
    assert people.paths(liisa)[0].strength > first
    message = people.interaction_pb2
    people.api.interactions.DeleteInteraction(message.DeleteInteractionRequest(name=meeting.name))
    assert people.paths(liisa)[0].strength == pytest.approx(first, rel=0.01)
    people.relationship(kuura, "KIND_CONFLICTS_WITH", liisa, from_teammate={"principal": "aino"})
    assert not people.paths(liisa)


def test_no_path_leads_over_somebody_who_was_deleted(people, kuura):
    liisa, pekka = people.person("Liisa", kuura), people.person("Pekka", kuura)
    people.interaction(kuura, 1, contacts=[liisa], ours=["aino"])
    people.relationship(kuura, "KIND_KNOWS", pekka, from_contact=liisa)
    assert len(people.paths(pekka)) == 1
    message = people.contact_pb2
    people.api.contacts.DeleteContact(message.DeleteContactRequest(name=liisa))
    assert not people.paths(pekka)
    people.api.contacts.UndeleteContact(message.UndeleteContactRequest(name=liisa))
    assert len(people.paths(pekka)) == 1


def test_paths_may_begin_with_one_person_and_are_as_many_and_as_long_as_asked(people, kuura):
    liisa, pekka = people.person("Liisa", kuura), people.person("Pekka", kuura)
    people.interaction(kuura, 1, contacts=[pekka], ours=["aino"])
    people.interaction(kuura, 1, contacts=[liisa], ours=["ville"])
    people.relationship(kuura, "KIND_KNOWS", pekka, from_contact=liisa)
    assert [names(path) for path in people.paths(pekka, count=1)] == [["teammates/aino", pekka]]
    assert [names(path) for path in people.paths(pekka, "teammates/ville")] == [["teammates/ville", liisa, pekka]]
    assert not people.paths(pekka, "teammates/ville", max_steps=1)
    assert len(people.paths(pekka)) == 2
    with refused(Code.INVALID_ARGUMENT):
        people.paths(pekka, count=11)
    with refused(Code.NOT_FOUND):
        people.paths("contacts/nobody-of-that-name")


def test_the_map_shows_lines_ties_and_who_of_ours_knows_whom_the_same_way_every_time(people, kuura):
    pekka = people.person("Pekka <CEO>", kuura, "CEO & founder")
    liisa, oskar = people.person("Liisa", kuura, "CFO"), people.person("Oskar", kuura, "CTO")
    gone = people.person("Gone", None)
    people.relationship(kuura, "KIND_REPORTS_TO", pekka, from_contact=liisa)
    people.relationship(kuura, "KIND_REPORTS_TO", pekka, from_contact=oskar)
    people.relationship(kuura, "KIND_INFLUENCES", liisa, from_contact=oskar, strength=0.7)
    people.interaction(kuura, 1, contacts=[liisa, gone], ours=["aino"])
    shown = people.map(kuura, svg=True, text=True)
    assert people.map(kuura, svg=True, text=True) == shown
    places = {place.person.name: place for place in shown.places}
    assert set(places) == {"teammates/aino", pekka, liisa, oskar}
    assert places["teammates/aino"].ours and places["teammates/aino"].row == 0
    assert (places[pekka].row, places[liisa].row, places[oskar].row) == (1, 2, 2)
    kinds = {(getattr(tie, "from"), tie.to): tie.kind for tie in shown.ties}
    enum = people.relationship_pb2.Relationship
    assert kinds[(oskar, liisa)] == enum.KIND_INFLUENCES and kinds[("teammates/aino", liisa)] == enum.KIND_KNOWS
    picture = ElementTree.fromstring(shown.svg)
    assert picture.tag.endswith("svg") and "Pekka <CEO>" in "".join(picture.itertext())
    assert "├─" in shown.text and "aino" in shown.text


def test_the_map_shows_who_of_ours_knows_somebody_however_much_else_they_do(people, kuura):
    liisa = people.person("Liisa", kuura, "CFO")
    for days in range(30, 33):
        people.interaction(kuura, days, contacts=[liisa], ours=["aino"])
    before = people.map(kuura).ties
    message = people.interaction_pb2
    people.api.interactions.BatchUpsertInteractions(message.BatchUpsertInteractionsRequest(interactions=[
        message.Interaction(
            name=f"{kuura}/interactions/-", channel="CHANNEL_ORDER", time=moment(1 + number / 1000), contacts=[liisa])
        for number in range(1_000)]))
    tie, = people.map(kuura).ties
    assert tie.strength == pytest.approx(before[0].strength, rel=1e-3)
    assert tie.strength == pytest.approx(people.strength("teammates/aino", liisa).value, rel=1e-3)


def test_the_map_shows_where_somebody_stands_by_what_was_last_said(people, kuura):
    from punos.v1 import committee_member_pb2 as member_pb2
    liisa = people.person("Liisa", kuura)
    for stance, span in [("STANCE_MENTOR", {"valid_to": "2020-01-01"}), ("STANCE_AGAINST", {"valid_from": "2020-01-01"})]:
        people.api.service("CommitteeMemberService").CreateCommitteeMember(member_pb2.CreateCommitteeMemberRequest(
            parent=kuura, committee_member=member_pb2.CommitteeMember(
                contact=liisa, role="ROLE_DECISION_MAKER", stance=stance, **span)))
    shown = people.map(kuura, text=True, svg=True)
    assert shown.places[0].stance == member_pb2.CommitteeMember.STANCE_AGAINST
    assert "✗ Liisa" in shown.text and "Liisa: against" in shown.svg
    then = people.map(kuura, as_of_date="2019-06-01")
    assert then.places[0].stance == member_pb2.CommitteeMember.STANCE_MENTOR


def test_the_map_shows_who_was_there_on_a_day(people, kuura):
    message = people.contact_pb2
    people.api.contacts.CreateContact(message.CreateContactRequest(contact=message.Contact(
        display_name="Before", employments=[{"account": kuura, "valid_to": "2020-01-01"}])))
    now = people.person("Now", kuura)
    assert [place.person.name for place in people.map(kuura).places] == [now]
    assert len(people.map(kuura, as_of_date="2019-06-01").places) == 2


def test_people_stand_on_the_map_in_the_order_that_a_finn_expects(people, kuura):
    names = ["alatalo", "Östen", "Zoë", "Öljy", "Åke", "Äijä", "Óscar"]
    for name in names:
        people.person(name, kuura)
    expected = ["alatalo", "Óscar", "Zoë", "Åke", "Äijä", "Öljy", "Östen"]
    shown = people.map(kuura, text=True)
    assert [place.person.display_name for place in shown.places] == expected
    assert sorted(expected, key=shown.text.index) == expected


def test_the_same_tie_told_in_two_accounts_is_one_on_the_map(people, kuura):
    other = people.account("Kuura Holding")
    liisa, pekka = people.person("Liisa", kuura), people.person("Pekka", kuura)
    people.relationship(kuura, "KIND_TRUSTS", liisa, from_contact=pekka, strength=0.3)
    strongest = people.relationship(other, "KIND_TRUSTS", liisa, from_contact=pekka, strength=0.9)
    shown = people.map(kuura, text=True)
    assert [(tie.record, tie.strength) for tie in shown.ties] == [(strongest.name, 0.9)]
    assert shown.text.count("Pekka → Liisa") == 1
