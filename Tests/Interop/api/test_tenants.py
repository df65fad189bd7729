"""What belongs to another company is not there: every method that takes a name, asked for another tenant's records."""

import importlib
import pathlib

import grpc
import pytest
from punosapi.recording import methods
from test_every_kind import KINDS, Noun, replaced

Code = grpc.StatusCode

# What a method asks besides names, so that nothing but the name can be why it refuses.
BESIDES = {
    "DisputeInsight": {"comment": "Ei"}, "ReviewInsight": {"outcome": 1}, "DismissSignal": {"handling": "Ei"},
    "AcknowledgeSignal": {"handling": "Ei"}, "ReopenSignal": {"handling": "Ei"}, "QueryHandoverItem": {"item_id": "a", "text": "Mitä?"},
    "AnswerHandoverItem": {"item_id": "a", "text": "Tätä"}, "RejectHandoverItem": {"item_id": "a", "text": "Ei"},
    "AcceptHandoverItem": {"item_id": "a"}, "ReturnHandover": {"text": "Ei"}, "MoveStage": {"to_stage": "prospect"},
    "RevertTransition": {"reason": "Ei"}, "ErasePerson": {"reason": "Pyyntö"},
}
# Methods whose question is of the caller's own company as a whole, whatever names narrow it.
OWN = {"Search", "GetServerInfo", "FindHandoverTemplate", "WatchChanges"}


def extension(name):
    return getattr(importlib.import_module("punos.options.v1.options_pb2"), name)


def kinds_of(field):
    return list(field.GetOptions().Extensions[extension("field")].refers_to)


@pytest.fixture(scope="module")
def theirs(punos):
    """A record of every kind in another company, by the kind's name in the schema."""
    with punos.client(tenant="theirs") as client:
        account = Noun(client, "Account").create({"display_name": "Heidän"}).name
        people = [
            Noun(client, "Contact").create({"display_name": name, "employments": [{"account": account}]}).name
            for name in ("Olli", "Aino")]
        names = {"CONTACT": people[0], "OTHER": people[1]}
        records = {}
        for kind, told in KINDS.items():
            noun = Noun(client, kind)
            noun.parent = {"parent": account} if noun.has_parent else {}
            options = noun.methods[f"Create{kind}"].output_type.GetOptions().Extensions[extension("record")]
            records[options.kind] = noun.create(replaced(told.fields, names)).name
        records["account"] = account
        return records


def requests(records):
    """For each method that takes a record's name, a request with another company's in it."""
    for service, method in methods():
        if method.name in OWN:
            continue
        fields = dict(BESIDES.get(method.name, {}))
        named = []
        for field in method.input_type.fields:
            kind = next((kind for kind in kinds_of(field) if kind in records), None)
            if kind and field.message_type is None:
                fields[field.name] = [records[kind]] if field.is_repeated else records[kind]
                named.append(field.name)
        for field in method.input_type.fields:
            record = field.message_type and field.message_type.name
            if record in KINDS and not field.is_repeated:
                kind = field.message_type.GetOptions().Extensions[extension("record")].kind
                if method.name.startswith("Update"):
                    fields[field.name] = {"name": records[kind]}
                    named.append(field.name)
                else:
                    fields[field.name] = {}
            elif record in KINDS and "parent" in fields:
                fields[field.name] = [KINDS[record].fields]
        if named:
            yield service, method, fields


def ask(client, service, method, fields):
    module = pathlib.PurePath(method.input_type.file.name).stem
    request = getattr(importlib.import_module(f"punos.v1.{module}_pb2"), method.input_type.name)(**fields)
    answer = getattr(client.service(service.name), method.name)(request, timeout=10)
    return next(iter(answer)) if method.server_streaming else answer


def outcome(client, service, method, fields):
    """The status of a call, or of the one item of a batch, and what was said."""
    try:
        answer = ask(client, service, method, fields)
    except grpc.RpcError as error:
        return error.code(), error.details()
    if method.name.startswith("BatchUpsert"):
        (result,) = answer.results
        return next(code for code in Code if code.value[0] == result.error.code), result.error.message
    return Code.OK, str(answer)[:200]


def test_what_belongs_to_another_company_is_not_found_by_any_method(punos, theirs):
    asked, wrong = 0, []
    with punos.client(tenant="ours") as client:
        for service, method, fields in requests(theirs):
            asked += 1
            code, said = outcome(client, service, method, fields)
            if code != Code.NOT_FOUND:
                wrong.append(f"{method.name}({fields}): {code.name} {said}")
    assert asked > 100
    assert not wrong, "\n".join(wrong)


def test_a_watch_and_a_search_of_another_companys_account_show_nothing(punos, theirs):
    from punos.v1 import account_pb2, change_pb2, search_pb2
    with punos.client(tenant="ours") as client:
        client.accounts.CreateAccount(account_pb2.CreateAccountRequest(account={"display_name": "Oma"}))
        stream = client.changes.WatchChanges(change_pb2.WatchChangesRequest(accounts=[theirs["account"]]), timeout=10)
        assert next(iter(stream)).HasField("bookmark")
        stream.cancel()
        assert not client.searching.Search(search_pb2.SearchRequest(query="Heidän")).hits
