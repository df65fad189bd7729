"""Interactions: told late, out of order and twice, and still each is there once and in its place."""

import random

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


def batch(people, account, items, **request):
    message = people.interaction_pb2
    return people.api.interactions.BatchUpsertInteractions(message.BatchUpsertInteractionsRequest(
        parent=account, interactions=[message.Interaction(**item) for item in items], **request)).results


def listed(people, account, **request):
    return people.api.interactions.ListInteractions(people.interaction_pb2.ListInteractionsRequest(
        parent=account, page_size=1000, **request)).interactions


def told(number, when, **fields):
    return {"external_ids": [{"system": "calendar", "id": str(number)}], "time": moment(when), **fields}


def test_what_is_sent_again_under_the_same_id_is_the_same_interaction(people, kuura):
    items = [told(number, number, channel="CHANNEL_PHONE") for number in range(20)]
    first = batch(people, kuura, items)
    again = batch(people, kuura, items)
    created = people.account_pb2.DESCRIPTOR.pool.FindEnumTypeByName("punos.v1.UpsertResult.Outcome").values_by_name
    assert {result.outcome for result in first} == {created["OUTCOME_CREATED"].number}
    assert {result.outcome for result in again} == {created["OUTCOME_UNCHANGED"].number}
    assert [result.name for result in first] == [result.name for result in again]
    assert len(listed(people, kuura)) == 20


def test_what_is_still_to_come_hides_nothing_that_happened(people, kuura):
    from punos.v1 import account_view_pb2 as view_pb2
    batch(people, kuura, [told(number, number, subject=f"past {number}") for number in range(1, 31)])
    batch(people, kuura, [told(-number, -number, subject=f"coming {number}") for number in range(1, 31)])
    expected = [f"coming {number}" for number in range(5, 0, -1)] + [f"past {number}" for number in range(1, 21)]
    ask = view_pb2.GetAccountViewRequest
    view = people.api.views.GetAccountView(ask(name=kuura))
    assert [interaction.subject for interaction in view.interactions] == expected
    then = people.api.views.GetAccountView(ask(name=kuura, as_of_revision=view.revision))
    assert [interaction.subject for interaction in then.interactions] == expected


def test_a_busy_account_shows_what_happened_too(people, kuura):
    from punos.v1 import account_view_pb2 as view_pb2
    for start in range(0, 6_000, 1_000):
        batch(people, kuura, [told(number, number - 2_999.5, subject=str(number)) for number in range(start, start + 1_000)])
    view = people.api.views.GetAccountView(view_pb2.GetAccountViewRequest(name=kuura))
    assert [interaction.subject for interaction in view.interactions] == [str(number) for number in range(2_995, 3_020)]


def kept(interaction):
    """What is told of it, without what only the server writes."""
    copy = type(interaction)()
    copy.CopyFrom(interaction)
    for field in ("name", "etag", "revision", "create_time", "update_time", "external_ids"):
        copy.ClearField(field)
    return copy


def test_a_channel_that_is_corrected_takes_along_what_followed_from_it(people, kuura):
    channels = [f"CHANNEL_{name}" for name in ("EMAIL", "MEETING", "VIDEO", "PHONE", "ORDER", "LETTER", "EVENT")]
    seed = random.randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    message = people.interaction_pb2
    for number in range(40):
        way = chance.sample(channels, 3)
        if chance.random() < 0.5:
            for channel in way:
                batch(people, kuura, [told(number, 1, channel=channel)])
        else:
            name = people.interaction(kuura, 1, way[0]).name
            for channel in way[1:]:
                people.api.interactions.UpdateInteraction(message.UpdateInteractionRequest(
                    interaction=message.Interaction(name=name, channel=channel),
                    update_mask={"paths": ["channel"]} if chance.random() < 0.5 else None))
        corrected = max(listed(people, kuura), key=lambda one: one.revision)
        at_once = people.interaction(kuura, 1, way[-1])
        assert kept(corrected) == kept(at_once), way


def test_what_somebody_said_of_an_interaction_stays_when_its_channel_is_corrected(people, kuura):
    message = people.interaction_pb2
    name = people.interaction(kuura, 1, "CHANNEL_MEETING", direction="DIRECTION_INBOUND", setting="SETTING_ONLINE").name
    update = message.UpdateInteractionRequest
    changed = people.api.interactions.UpdateInteraction(update(interaction=message.Interaction(
        name=name, channel="CHANNEL_PHONE")))
    assert changed.direction == message.Interaction.DIRECTION_INBOUND and changed.setting == message.Interaction.SETTING_ONLINE
    name = people.interaction(kuura, 1, "CHANNEL_MEETING").name
    changed = people.api.interactions.UpdateInteraction(update(interaction=message.Interaction(
        name=name, channel="CHANNEL_EMAIL", direction="DIRECTION_MUTUAL", setting="SETTING_OFFLINE")))
    assert changed.direction == message.Interaction.DIRECTION_MUTUAL and changed.setting == message.Interaction.SETTING_OFFLINE


def test_told_late_and_out_of_order_they_stand_in_the_order_in_which_they_happened(people, kuura):
    from punos.v1 import account_view_pb2 as view_pb2
    seed = random.randrange(1 << 32)
    print("seed", seed)
    order = list(range(40))
    random.Random(seed).shuffle(order)
    for number in order:
        batch(people, kuura, [told(number, number, subject=str(number))])
    view = people.api.views.GetAccountView(view_pb2.GetAccountViewRequest(name=kuura))
    assert [interaction.subject for interaction in view.interactions] == [str(number) for number in range(20)]
    then = people.api.views.GetAccountView(view_pb2.GetAccountViewRequest(name=kuura, as_of_revision=view.revision))
    assert then.interactions == view.interactions
    ordered = listed(people, kuura, order_by="time")
    assert [interaction.subject for interaction in ordered] == [str(number) for number in reversed(range(40))]


def test_setting_and_direction_follow_from_the_channel_unless_they_are_said(people, kuura):
    enum = people.interaction_pb2.Interaction
    meeting = people.interaction(kuura, channel="CHANNEL_MEETING")
    assert (meeting.setting, meeting.direction) == (enum.SETTING_OFFLINE, enum.DIRECTION_MUTUAL)
    mail = people.interaction(kuura, channel="CHANNEL_EMAIL", direction="DIRECTION_INBOUND")
    assert (mail.setting, mail.direction) == (enum.SETTING_ONLINE, enum.DIRECTION_INBOUND)
    hybrid = people.interaction(kuura, channel="CHANNEL_EVENT", setting="SETTING_ONLINE")
    assert (hybrid.setting, hybrid.direction) == (enum.SETTING_ONLINE, enum.DIRECTION_UNSPECIFIED)


def test_one_without_a_time_or_with_nobody_there_or_twice_there_is_refused_by_field(people, kuura):
    message = people.interaction_pb2
    liisa = people.person("Liisa", kuura)
    with refused(Code.INVALID_ARGUMENT) as refusal:
        people.api.interactions.CreateInteraction(message.CreateInteractionRequest(
            parent=kuura, interaction=message.Interaction(
                contacts=["contacts/nobody", liisa, liisa], sentiment=1.5)))
    reasons = {field: violation.reason for field, violation in refusal.fields.items()}
    assert reasons["interaction.time"] == "REQUIRED"
    assert reasons["interaction.contacts[0]"] == "UNKNOWN_CONTACT"
    assert reasons["interaction.contacts[2]"] == "TWICE"
    assert "interaction.sentiment" in reasons


def test_people_may_be_named_by_another_systems_ids(people, kuura):
    liisa = people.person("Liisa", kuura, external_ids=[{"system": "crm", "id": "7"}])
    result = batch(people, kuura, [told(1, 1, contacts=["contacts/ext:crm:7"])])[0]
    found = people.api.interactions.GetInteraction(people.interaction_pb2.GetInteractionRequest(name=result.name))
    assert list(found.contacts) == [liisa]


def test_they_are_filtered_watched_searched_and_have_a_history(people, kuura, api):
    from punos.v1 import change_pb2, search_pb2
    before = people.interaction(kuura, subject="Kick-off of the rollout", touchpoint="kick-off")
    message = people.interaction_pb2
    api.interactions.UpdateInteraction(message.UpdateInteractionRequest(interaction=message.Interaction(
        name=before.name, sentiment=-0.5)))
    assert len(listed(people, kuura, filter="channel = MEETING AND sentiment < 0")) == 1
    history = api.changes.GetHistory(change_pb2.GetHistoryRequest(name=before.name)).changes
    assert [difference.path for difference in history[0].differences] == ["sentiment"]
    then = api.interactions.GetInteraction(message.GetInteractionRequest(
        name=before.name, as_of_revision=before.revision))
    assert not then.HasField("sentiment")
    hits = api.searching.Search(search_pb2.SearchRequest(query="rollout")).hits
    assert [hit.record for hit in hits] == [before.name]
    watch = api.changes.WatchChanges(change_pb2.WatchChangesRequest(
        after_revision=before.revision - 1, kinds=["interaction"]))
    events = [event for event, _ in zip(watch, range(3))]
    watch.cancel()
    assert [event.change.record for event in events if event.HasField("change")][:1] == [before.name]


def test_the_rhythm_counts_days_and_says_how_long_it_has_been_silent(people, kuura):
    for days in (100, 90, 90, 76, 70):
        people.interaction(kuura, when=days, channel="CHANNEL_ORDER")
    people.interaction(kuura, when=-5)
    rhythm = people.rhythm(kuura)
    assert (rhythm.interactions, rhythm.days, rhythm.median_gap_days) == (5, 4, 10)
    assert (rhythm.longest_gap_days, rhythm.silent_days, rhythm.silence) == (14, 70, 7)
    then = people.rhythm(kuura, as_of_time=moment(80))
    assert (then.interactions, then.silent_days) == (3, 10)


def test_an_account_that_was_never_touched_has_no_rhythm(people, kuura):
    rhythm = people.rhythm(kuura)
    assert rhythm.interactions == 0 and not rhythm.HasField("median_gap_days") and not rhythm.HasField("silent_days")


def test_who_is_erased_is_gone_from_interactions_and_paths_and_the_others_stay(people, kuura, api):
    from punos.v1 import privacy_pb2
    liisa, pekka = people.person("Liisa", kuura), people.person("Pekka", kuura)
    meeting = people.interaction(kuura, 1, contacts=[liisa, pekka], ours=["aino"], notes="Liisa was angry")
    said = people.relationship(kuura, "KIND_TRUSTS", pekka, from_contact=liisa)
    assert len(people.paths(pekka)) == 2
    api.service("PrivacyService").ErasePerson(privacy_pb2.ErasePersonRequest(name=liisa, reason="asked for it"))
    message = people.interaction_pb2
    left = api.interactions.GetInteraction(message.GetInteractionRequest(name=meeting.name))
    assert list(left.contacts) == [pekka] and left.notes == "" and left.teammates[0].principal == "aino"
    related = api.relationships.GetRelationship(people.relationship_pb2.GetRelationshipRequest(name=said.name))
    assert related.from_contact == ""
    assert [len(path.steps) for path in people.paths(pekka)] == [1]
