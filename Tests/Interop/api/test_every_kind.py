"""One life of a record, the same for every kind: what each stock client can count on, whatever the noun."""

import dataclasses
import importlib
import pathlib

import grpc
import pytest
from punosapi.errors import refused
from punosapi.people import moment
from punosapi.recording import methods

Code = grpc.StatusCode
LONG_AGO = "2000-01-01T00:00:00Z"


@dataclasses.dataclass
class Told:
    """What a test says of a kind: a record, what is changed of it, and a filter that fits the record."""

    fields: dict
    change: dict
    filter: str


# References: ACCOUNT, CONTACT, OTHER (another contact) and DRIVER (a value driver) stand for records that are there.
KINDS = {
    "Account": Told({"display_name": "Kuura"}, {"description": "Uusi"}, 'display_name = "Kuura"'),
    "Contact": Told({"display_name": "Liisa"}, {"description": "Uusi"}, 'display_name = "Liisa"'),
    "Commitment": Told({"title": "Lupaus"}, {"description": "Uusi"}, "status = OPEN"),
    "Purchase": Told({"title": "Linja"}, {"description": "Uusi"}, "status = OPEN"),
    "CommitteeMember": Told({"contact": "CONTACT", "role": "ROLE_CHAMPION"}, {"wants": "Uusi"}, 'contact = "CONTACT"'),
    "Relationship": Told(
        {"kind": "KIND_TRUSTS", "from_contact": "OTHER", "to": "CONTACT"}, {"description": "Uusi"}, "kind = TRUSTS"),
    "Interaction": Told({"time": moment(3), "channel": "CHANNEL_PHONE"}, {"notes": "Uusi"}, "channel = PHONE"),
    "ValueDriver": Told({"statement": "Linja käy", "rung": "RUNG_FUNCTIONAL"}, {"description": "Uusi"}, "rung = FUNCTIONAL"),
    "EndCustomerSegment": Told({"title": "Rakentajat"}, {"description": "Uusi"}, f'create_time > "{LONG_AGO}"'),
    "Feedback": Told({"time": moment(3), "measure": "MEASURE_NPS", "score": 9}, {"text": "Uusi"}, "measure = NPS"),
    "BusinessClaim": Told({"claim": "Kasvaa", "topic": "TOPIC_STRATEGY"}, {"description": "Uusi"}, "topic = STRATEGY"),
    "Insight": Told({"claim": "Huolto ratkaisee", "dimension": "DIMENSION_BUSINESS"}, {"description": "Uusi"}, "dimension = BUSINESS"),
    "Signal": Told({"title": "Kilpailija", "kind": "KIND_COMPETITOR"}, {"explanation": "Uusi"}, "kind = COMPETITOR"),
    "Handover": Told({"title": "Siirto", "to_team": "delivery"}, {"summary": "Uusi"}, "to_team = delivery"),
    "HandoverTemplate": Told(
        {"title": "Pohja", "items": [{"id": "tarve", "kind": "KIND_NEED", "title": "Tarve"}]}, {"description": "Uusi"},
        f'create_time > "{LONG_AGO}"'),
    "Journey": Told(
        {"title": "Polku", "stages": [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}]}, {"description": "Uusi"},
        f'create_time > "{LONG_AGO}"'),
    "StageTransition": Told(
        {"journey": "journeys/default-b2b", "to_stage": "prospect", "moved_time": moment(9)}, {"reason": "Uusi"},
        f'create_time > "{LONG_AGO}"'),
}


class Noun:
    """The standard methods of one kind, whatever they are called."""

    def __init__(self, api, kind):
        service, upsert = next(
            (service, method) for service, method in methods() if method.name.startswith("BatchUpsert")
            and method.input_type.fields[0].message_type.name == kind)
        self.stub = api.service(service.name)
        self.methods = {method.name: method for method in service.methods}
        self.plural = upsert.name.removeprefix("BatchUpsert")
        self.kind = kind
        self.field = next(
            field.name for field in self.methods[f"Create{kind}"].input_type.fields
            if field.message_type and field.message_type.name == kind)
        self.list_field = upsert.input_type.fields[0].name
        self.has_parent = "parent" in upsert.input_type.fields_by_name
        self.parent = {}

    def call(self, verb, **fields):
        name = f"{verb}{self.plural if verb in ('List', 'BatchUpsert') else self.kind}"
        method = self.methods[name]
        module = pathlib.PurePath(method.input_type.file.name).stem
        request = getattr(importlib.import_module(f"punos.v1.{module}_pb2"), method.input_type.name)
        return getattr(self.stub, name)(request(**fields))

    def create(self, fields, **more):
        return self.call("Create", **{self.field: fields}, **self.parent, **more)

    def listed(self, **fields):
        page = self.call("List", **self.parent, **fields)
        return [record.name for record in getattr(page, self.list_field)], page


def replaced(value, names):
    if isinstance(value, str):
        for name, record in names.items():
            value = value.replace(name, record)
        return value
    return {key: replaced(one, names) for key, one in value.items()} if isinstance(value, dict) else value


@pytest.fixture(params=sorted(KINDS))
def life(request, api):
    """A kind's methods and what is told of it, in a tenant with an account, two people and a value driver."""
    noun, told = Noun(api, request.param), KINDS[request.param]
    account = Noun(api, "Account").create({"display_name": "Emo"}).name
    people = [
        Noun(api, "Contact").create({"display_name": name, "employments": [{"account": account}]}).name
        for name in ("Olli", "Aino")]
    names = {"CONTACT": people[0], "OTHER": people[1]}
    if noun.has_parent:
        noun.parent = {"parent": account}
    return noun, Told(replaced(told.fields, names), told.change, replaced(told.filter, names))


def test_every_kind_with_standard_methods_is_lived_through(stubs):
    kinds = {
        method.input_type.fields[0].message_type.name for _, method in methods() if method.name.startswith("BatchUpsert")}
    assert kinds == set(KINDS)


def test_a_record_lives_from_creation_to_undeletion(life):
    noun, told = life
    made = noun.create(told.fields, request_id="once", reason="Alku")
    assert noun.create(told.fields, request_id="once", reason="Alku") == made
    assert noun.call("Get", name=made.name) == made
    path, value = next(iter(told.change.items()))
    later = noun.call("Update", **{noun.field: {"name": made.name, "etag": made.etag, path: value}, "update_mask": {"paths": [path]}})
    assert getattr(later, path) == value and later.etag != made.etag and later.revision > made.revision
    with refused(Code.ABORTED) as refusal:
        noun.call("Update", **{noun.field: {"name": made.name, "etag": made.etag, path: "Myöhässä"}, "update_mask": {"paths": [path]}})
    assert refusal.metadata["current_etag"] == later.etag
    assert noun.call("Get", name=made.name, as_of_revision=made.revision) == made
    assert noun.call("Get", name=made.name, as_of_time=later.update_time) == later
    masked = noun.call("Get", name=made.name, read_mask={"paths": [path]})
    assert getattr(masked, path) == value and not masked.HasField("create_time")
    with refused(Code.ABORTED):
        noun.call("Delete", name=made.name, etag=made.etag)
    gone = noun.call("Delete", name=made.name, etag=later.etag)
    assert gone.HasField("delete_time")
    with refused(Code.NOT_FOUND):
        noun.call("Get", name=made.name)
    assert made.name not in noun.listed()[0] and made.name in noun.listed(show_deleted=True)[0]
    back = noun.call("Undelete", name=made.name)
    assert getattr(back, path) == value and not back.HasField("delete_time")


def test_the_history_of_a_record_tells_each_step(life, api):
    from punos.v1 import change_pb2
    noun, told = life
    made = noun.create(told.fields, reason="Alku")
    path, value = next(iter(told.change.items()))
    noun.call("Update", **{noun.field: {"name": made.name, path: value}, "update_mask": {"paths": [path]}, "reason": "Muutos"})
    noun.call("Delete", name=made.name, reason="Loppu")
    noun.call("Undelete", name=made.name, reason="Paluu")
    changes = api.changes.GetHistory(change_pb2.GetHistoryRequest(name=made.name)).changes
    assert [change.reason for change in changes] == ["Paluu", "Loppu", "Muutos", "Alku"]
    operations = [change_pb2.Change.Operation.Name(change.operation) for change in changes]
    assert operations == ["OPERATION_UNDELETED", "OPERATION_DELETED", "OPERATION_UPDATED", "OPERATION_CREATED"]
    assert path in [difference.path for difference in changes[2].differences]
    assert {change.principal for change in changes} == {"aino"}


def test_a_watch_tells_each_step_of_a_record_as_it_happens(life, api):
    from punos.v1 import change_pb2, server_pb2
    noun, told = life
    before = api.server.GetServerInfo(server_pb2.GetServerInfoRequest()).revision
    stream = api.changes.WatchChanges(
        change_pb2.WatchChangesRequest(after_revision=before, kinds=[kind(noun)]), timeout=30)
    events = iter(stream)
    # The first bookmark says that the watch is there: what is written from here on is told by it.
    assert next(events).HasField("bookmark")
    made = noun.create(told.fields, reason="Alku")
    path, value = next(iter(told.change.items()))
    later = noun.call("Update", **{noun.field: {"name": made.name, path: value}, "update_mask": {"paths": [path]}})
    noun.call("Delete", name=made.name)
    noun.call("Undelete", name=made.name)
    seen = []
    for event in events:
        if event.HasField("change") and event.change.record == made.name:
            seen.append(event.change)
        if len(seen) == 4:
            stream.cancel()
            break
    operations = [change_pb2.Change.Operation.Name(change.operation) for change in seen]
    assert operations == ["OPERATION_CREATED", "OPERATION_UPDATED", "OPERATION_DELETED", "OPERATION_UNDELETED"]
    assert [change.revision for change in seen[:2]] == [made.revision, later.revision]
    assert seen[0].reason == "Alku" and path in [difference.path for difference in seen[1].differences]


def test_a_batch_creates_finds_again_and_changes_by_external_id(life):
    noun, told = life
    name = f"{noun.parent['parent']}/{collection(noun)}/-" if noun.parent else ""
    item = {**told.fields, "name": name, "external_ids": [{"system": "crm", "id": "7"}]}
    path, value = next(iter(told.change.items()))
    outcomes, names = [], set()
    for record in (item, item, {**item, path: value}):
        (result,) = noun.call("BatchUpsert", **{noun.list_field: [record]}).results
        assert not result.HasField("error"), result.error.message
        outcomes.append(result.Outcome.Name(result.outcome))
        names.add(result.name)
    assert outcomes == ["OUTCOME_CREATED", "OUTCOME_UNCHANGED", "OUTCOME_UPDATED"] and len(names) == 1
    assert getattr(noun.call("Get", name=names.pop()), path) == value


def described(noun):
    """What the schema says of the kind of record."""
    options = getattr(importlib.import_module("punos.options.v1.options_pb2"), "record")
    return noun.methods[f"Create{noun.kind}"].output_type.GetOptions().Extensions[options]


def collection(noun):
    return described(noun).collection


def kind(noun):
    return described(noun).kind


def test_lists_filter_order_and_page_through_every_kind(life):
    noun, told = life
    made = [noun.create(told.fields)]
    if noun.kind not in ("CommitteeMember", "Relationship", "StageTransition"):  # The same twice is one of these.
        made += [noun.create(told.fields) for _ in range(2)]
    known = noun.listed(order_by="create_time", filter=told.filter)[0]
    mine = [record.name for record in made]
    assert [name for name in known if name in mine] == mine
    assert noun.listed(order_by="create_time desc", filter=told.filter)[0] == known[::-1]
    assert noun.listed(filter=f'create_time < "{LONG_AGO}"')[0] == []
    paged, token = [], ""
    while True:
        names, page = noun.listed(order_by="create_time", filter=told.filter, page_size=1, page_token=token)
        assert len(names) <= 1
        paged += names
        token = page.next_page_token
        if not token:
            break
    assert paged == known
    with refused(Code.INVALID_ARGUMENT):
        noun.listed(filter="no_such_field = 1")


def test_a_dry_run_of_a_creation_changes_nothing(life):
    noun, told = life
    before = noun.listed()[0]
    noun.create(told.fields, validate_only=True)
    assert noun.listed()[0] == before
