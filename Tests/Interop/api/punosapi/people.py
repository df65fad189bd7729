"""Accounts, people, interactions and relationships, made in a line each."""

import datetime

from google.protobuf.timestamp_pb2 import Timestamp

NOW = datetime.datetime.now(datetime.timezone.utc)


def moment(when) -> Timestamp:
    """A time as the API has it: a datetime, or so many days ago."""
    if not isinstance(when, datetime.datetime):
        when = NOW - datetime.timedelta(days=when)
    stamp = Timestamp()
    stamp.FromDatetime(when)
    return stamp


class People:
    """What tests of the network are made of, over one client."""

    def __init__(self, api):
        from punos.v1 import (
            account_pb2, contact_pb2, interaction_pb2, network_pb2, relationship_pb2, rhythm_pb2)
        self.api, self.account_pb2, self.contact_pb2 = api, account_pb2, contact_pb2
        self.interaction_pb2, self.relationship_pb2 = interaction_pb2, relationship_pb2
        self.network_pb2, self.rhythm_pb2 = network_pb2, rhythm_pb2

    def account(self, name="Kuura Konepaja", **fields):
        return self.api.accounts.CreateAccount(self.account_pb2.CreateAccountRequest(
            account=self.account_pb2.Account(display_name=name, status="STATUS_CURRENT", **fields))).name

    def person(self, name, account=None, title="", **fields):
        employments = [{"account": account, "title": title}] if account else []
        return self.api.contacts.CreateContact(self.contact_pb2.CreateContactRequest(
            contact=self.contact_pb2.Contact(display_name=name, employments=employments, **fields))).name

    def interaction(self, account, when=0, channel="CHANNEL_MEETING", contacts=(), ours=(), **fields):
        return self.api.interactions.CreateInteraction(self.interaction_pb2.CreateInteractionRequest(
            parent=account, interaction=self.interaction_pb2.Interaction(
                time=moment(when), channel=channel, contacts=contacts,
                teammates=[{"principal": name, "team": "sales"} for name in ours], **fields)))

    def relationship(self, account, kind, to, **fields):
        return self.api.relationships.CreateRelationship(self.relationship_pb2.CreateRelationshipRequest(
            parent=account, relationship=self.relationship_pb2.Relationship(kind=kind, to=to, **fields)))

    def strength(self, one, other, **fields):
        return self.api.network.GetStrength(self.network_pb2.GetStrengthRequest(**{"from": one}, to=other, **fields))

    def paths(self, to, source="", **fields):
        return self.api.network.FindPath(self.network_pb2.FindPathRequest(**{"from": source}, to=to, **fields)).paths

    def map(self, account, **fields):
        return self.api.network.GetRelationshipMap(
            self.network_pb2.GetRelationshipMapRequest(name=account, **fields))

    def rhythm(self, account, **fields):
        return self.api.rhythms.GetRhythm(self.rhythm_pb2.GetRhythmRequest(name=account, **fields))
