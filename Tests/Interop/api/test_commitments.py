"""Promises: what was promised, by whom, to whom, until when, and whether it was kept."""

import grpc
import pytest
from punosapi.errors import refused

Code = grpc.StatusCode


@pytest.fixture(scope="module", autouse=True)
def modules(stubs):
    global account_pb2, change_pb2, commitment_pb2, contact_pb2, search_pb2, view_pb2
    from punos.v1 import account_pb2, change_pb2, commitment_pb2, contact_pb2, search_pb2
    from punos.v1 import account_view_pb2 as view_pb2


@pytest.fixture
def promises(api):
    return api.service("CommitmentService")


@pytest.fixture
def kuura(api):
    return api.accounts.CreateAccount(account_pb2.CreateAccountRequest(
        account_id="kuura", account=account_pb2.Account(
            display_name="Kuura", external_ids=[{"system": "erp", "id": "A/1"}]))).name


def create(promises, parent, **fields):
    return promises.CreateCommitment(commitment_pb2.CreateCommitmentRequest(
        parent=parent, commitment=commitment_pb2.Commitment(**fields)))


def listed(promises, parent, **request):
    answer = promises.ListCommitments(commitment_pb2.ListCommitmentsRequest(parent=parent, **request))
    return [promise.title for promise in answer.commitments]


def test_a_promise_is_ours_open_and_answered_for_by_whoever_wrote_it(promises, kuura):
    made = create(promises, kuura, title="Report every Friday", evidence=[{"text": "said so on the phone"}])
    assert made.name.startswith("accounts/kuura/commitments/")
    assert (made.direction, made.status) == (commitment_pb2.Commitment.DIRECTION_OURS,
                                             commitment_pb2.Commitment.STATUS_OPEN)
    assert (made.team, made.owner) == ("sales", "aino")
    assert (made.evidence[0].principal, made.evidence[0].team) == ("aino", "sales")
    assert made.evidence[0].HasField("observed_time")


def test_lists_are_of_one_account_or_of_all(api, promises, kuura):
    other = api.accounts.CreateAccount(account_pb2.CreateAccountRequest(
        account=account_pb2.Account(display_name="Other"))).name
    create(promises, kuura, title="B", due_date="2026-12-01")
    create(promises, kuura, title="A", due_date="2027-01-01")
    create(promises, other, title="C", due_date="2026-11-01", status="STATUS_KEPT")
    assert listed(promises, kuura) == ["A", "B"]
    assert listed(promises, "accounts/-", order_by="due_date") == ["C", "B", "A"]
    assert listed(promises, "accounts/-", filter="status = OPEN AND due_date < 2026-12-31") == ["B"]
    assert listed(promises, "accounts/ext:erp:A/1") == ["A", "B"]
    with refused(Code.NOT_FOUND):
        listed(promises, "accounts/nobody")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        listed(promises, "")
    assert "parent" in refusal.fields


def test_all_broken_rules_of_a_promise_are_told_at_once(promises, kuura):
    with refused(Code.INVALID_ARGUMENT) as refusal:
        create(promises, kuura, title="", promised_date="2026-05-01", due_date="2026-04-01",
               settled_date="2026-06-01", contact="contacts/nobody", evidence=[{}])
    assert {path: violation.reason for path, violation in refusal.fields.items()} == {
        "commitment.title": "REQUIRED", "commitment.due_date": "EMPTY_SPAN",
        "commitment.settled_date": "NOT_SETTLED", "commitment.contact": "UNKNOWN_CONTACT",
        "commitment.evidence[0]": "NO_EVIDENCE"}
    with refused(Code.INVALID_ARGUMENT) as refusal:
        create(promises, kuura, title="X", status="STATUS_BROKEN")
    assert refusal.fields["commitment.settlement"].reason == "REQUIRED"


def test_a_promise_needs_an_account_to_lie_in(promises):
    with refused(Code.INVALID_ARGUMENT) as refusal:
        create(promises, "accounts/-", title="X")
    assert "parent" in refusal.fields


def test_promises_are_in_view_history_watch_search_and_the_past(api, promises, kuura):
    made = create(promises, kuura, title="Käyttöönotto ennen joulua")
    promises.UpdateCommitment(commitment_pb2.UpdateCommitmentRequest(
        commitment=commitment_pb2.Commitment(name=made.name, status="STATUS_KEPT"), reason="done"))
    view = api.views.GetAccountView(view_pb2.GetAccountViewRequest(name=kuura))
    assert [promise.status for promise in view.commitments] == [commitment_pb2.Commitment.STATUS_KEPT]
    assert [part.records for part in view.freshness if part.section == "commitments"] == [1]
    then = api.views.GetAccountView(view_pb2.GetAccountViewRequest(name=kuura, as_of_revision=made.revision))
    assert [promise.status for promise in then.commitments] == [commitment_pb2.Commitment.STATUS_OPEN]
    only = api.views.GetAccountView(view_pb2.GetAccountViewRequest(
        name=kuura, read_mask={"paths": ["commitments"]}))
    assert len(only.commitments) == 1 and not only.HasField("account")
    history = api.changes.GetHistory(change_pb2.GetHistoryRequest(name=made.name)).changes
    assert [(change.reason, [part.path for part in change.differences]) for change in history][0] == (
        "done", ["status"])
    hits = api.searching.Search(search_pb2.SearchRequest(query="joulu", kinds=["commitment"])).hits
    assert [hit.record for hit in hits] == [made.name]


def test_a_batch_finds_promises_and_their_accounts_by_ids_of_another_system(promises, kuura):
    def upsert(title, name="accounts/ext:erp:A/1/commitments/-", number="7"):
        return promises.BatchUpsertCommitments(commitment_pb2.BatchUpsertCommitmentsRequest(
            commitments=[commitment_pb2.Commitment(
                name=name, title=title, external_ids=[{"system": "crm", "id": number}])])).results[0]
    first, again, same = upsert("X"), upsert("Y"), upsert("Y")
    assert [result.outcome for result in (first, again, same)] == [1, 2, 3]
    assert first.name == again.name == same.name
    found = promises.GetCommitment(commitment_pb2.GetCommitmentRequest(
        name="accounts/-/commitments/ext:crm:7"))
    assert (found.name, found.title) == (first.name, "Y")
    lost = upsert("Z", name="accounts/ext:erp:none/commitments/-", number="8")
    assert lost.outcome == 4 and lost.error.code == Code.NOT_FOUND.value[0]


def test_an_external_id_in_another_account_is_refused_by_name(api, promises, kuura):
    made = create(promises, kuura, title="X", external_ids=[{"system": "crm", "id": "1"}])
    other = api.accounts.CreateAccount(account_pb2.CreateAccountRequest(
        account=account_pb2.Account(display_name="Other"))).name
    result = promises.BatchUpsertCommitments(commitment_pb2.BatchUpsertCommitmentsRequest(
        parent=other, commitments=[commitment_pb2.Commitment(
            title="X", external_ids=[{"system": "crm", "id": "1"}])])).results[0]
    assert result.outcome == 4 and made.name in result.error.message


def test_a_reference_whose_record_is_gone_does_not_stop_other_changes(api, promises, kuura):
    liisa = api.contacts.CreateContact(contact_pb2.CreateContactRequest(
        contact=contact_pb2.Contact(display_name="Liisa", emails=[{"address": "liisa@example.fi"}]))).name
    made = create(promises, kuura, title="X", contact="contacts/email:liisa@example.fi")
    assert made.contact == liisa
    api.contacts.DeleteContact(contact_pb2.DeleteContactRequest(name=liisa))
    changed = promises.UpdateCommitment(commitment_pb2.UpdateCommitmentRequest(
        commitment=commitment_pb2.Commitment(name=made.name, title="Y")))
    assert (changed.title, changed.contact) == ("Y", liisa)
