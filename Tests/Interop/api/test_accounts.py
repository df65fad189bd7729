"""Accounts, as a CRM plugin written in Python meets them."""

import grpc
import pytest
from punosapi.errors import refused

Code = grpc.StatusCode


@pytest.fixture(scope="module", autouse=True)
def modules(stubs):
    global account_pb2, change_pb2, commitment_pb2, common_pb2, view_pb2
    from punos.v1 import account_pb2, change_pb2, commitment_pb2, common_pb2
    from punos.v1 import account_view_pb2 as view_pb2


def make(api, name, **fields):
    fields.setdefault("status", account_pb2.Account.STATUS_CURRENT)
    return api.accounts.CreateAccount(
        account_pb2.CreateAccountRequest(account=account_pb2.Account(display_name=name, **fields)))


def test_what_was_created_is_read_back_with_its_etag_and_times(api):
    made = make(api, "Kuura Konepaja", employees=412, domains=["kuura.example"])
    read = api.accounts.GetAccount(account_pb2.GetAccountRequest(name=made.name))
    assert read == made
    assert read.etag and read.revision > 0
    assert read.create_time == read.update_time
    assert read.employees == 412


def test_every_faulty_field_is_named_at_once(api):
    with refused(Code.INVALID_ARGUMENT) as refusal:
        api.accounts.CreateAccount(account_pb2.CreateAccountRequest(account=account_pb2.Account(
            display_name="", status=account_pb2.Account.STATUS_CURRENT, country="finland", employees=-1,
            identifiers=[{"type": "TYPE_Y_TUNNUS", "value": "1234567-8"}], domains=["not a domain"])))
    assert set(refusal.fields) == {
        "account.display_name", "account.country", "account.employees", "account.identifiers[0].value",
        "account.domains[0]"}
    assert refusal.reason == "INVALID_FIELDS"
    for field, came, expected in [
        ("display_name", "none came", "a value was expected"), ("country", "“finland” came", "a country code of two capitals"),
        ("employees", "-1 came", "expected 0 to"), ("identifiers[0].value", "“1234567-8” came", "a business id whose check digit"),
        ("domains[0]", "“not a domain” came", "expected only a-z")]:
        told = refusal.fields[f"account.{field}"].description
        assert came in told and expected in told, told


def test_a_business_id_is_kept_in_its_canonical_form(api):
    made = make(api, "Kuura", identifiers=[{"type": "TYPE_Y_TUNNUS", "value": " FI 90000126 "}])
    assert made.identifiers[0].value == "9000012-6"


def test_an_update_changes_only_what_its_mask_names(api):
    made = make(api, "Kuura", employees=10, tags=["key"])
    changed = api.accounts.UpdateAccount(account_pb2.UpdateAccountRequest(
        account=account_pb2.Account(name=made.name, display_name="ignored", employees=11),
        update_mask={"paths": ["employees", "tags"]}))
    assert (changed.display_name, changed.employees, list(changed.tags)) == ("Kuura", 11, [])
    assert changed.revision > made.revision and changed.create_time == made.create_time


def test_a_mask_that_names_no_field_is_refused_with_its_path(api):
    made = make(api, "Kuura")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        api.accounts.UpdateAccount(account_pb2.UpdateAccountRequest(
            account=account_pb2.Account(name=made.name), update_mask={"paths": ["employes"]}))
    assert "employes" in refusal.message


def test_a_stale_etag_is_refused_with_the_current_one(api):
    made = make(api, "Kuura")
    newer = api.accounts.UpdateAccount(account_pb2.UpdateAccountRequest(
        account=account_pb2.Account(name=made.name, employees=1)))
    with refused(Code.ABORTED) as refusal:
        api.accounts.UpdateAccount(account_pb2.UpdateAccountRequest(
            account=account_pb2.Account(name=made.name, etag=made.etag, employees=2)))
    assert refusal.metadata["current_etag"] == newer.etag


def test_a_request_repeated_has_one_effect_and_the_same_answer(api):
    request = account_pb2.CreateAccountRequest(
        account=account_pb2.Account(display_name="Once", status="STATUS_CURRENT"), request_id="r-1")
    first = api.accounts.CreateAccount(request)
    assert api.accounts.CreateAccount(request) == first
    assert len(api.accounts.ListAccounts(account_pb2.ListAccountsRequest()).accounts) == 1
    request.account.display_name = "Another"
    with refused(Code.ALREADY_EXISTS) as refusal:
        api.accounts.CreateAccount(request)
    assert refusal.reason == "REQUEST_ID_REUSED"


def test_a_deleted_account_is_gone_until_it_is_undeleted(api):
    made = make(api, "Kuura")
    api.accounts.DeleteAccount(account_pb2.DeleteAccountRequest(name=made.name, reason="a test"))
    with refused(Code.NOT_FOUND):
        api.accounts.GetAccount(account_pb2.GetAccountRequest(name=made.name))
    assert not api.accounts.ListAccounts(account_pb2.ListAccountsRequest()).accounts
    shown = api.accounts.ListAccounts(account_pb2.ListAccountsRequest(show_deleted=True)).accounts
    assert [account.HasField("delete_time") for account in shown] == [True]
    back = api.accounts.UndeleteAccount(account_pb2.UndeleteAccountRequest(name=made.name))
    assert back.display_name == "Kuura" and not back.HasField("delete_time")
    with refused(Code.FAILED_PRECONDITION):
        api.accounts.UndeleteAccount(account_pb2.UndeleteAccountRequest(name=made.name))


def test_an_upsert_leaves_a_deleted_account_deleted(api):
    made = make(api, "Kuura", external_ids=[{"system": "crm", "id": "1"}])
    upsert = account_pb2.BatchUpsertAccountsRequest(
        accounts=[account_pb2.Account(name=made.name, display_name="Kuura", employees=5),
                  account_pb2.Account(name="accounts/uusi", display_name="Uusi")], request_id="first")
    first = api.accounts.BatchUpsertAccounts(upsert).results
    api.accounts.DeleteAccount(account_pb2.DeleteAccountRequest(name=made.name))
    # A repeat has no further effect, and the same answer.
    assert [result.outcome for result in api.accounts.BatchUpsertAccounts(upsert).results] == [
        result.outcome for result in first]
    upsert.request_id = ""
    refused_item, other = api.accounts.BatchUpsertAccounts(upsert).results
    assert refused_item.outcome == common_pb2.UpsertResult.OUTCOME_FAILED and refused_item.name == made.name
    assert "was deleted" in refused_item.error.message
    assert other.outcome == common_pb2.UpsertResult.OUTCOME_UNCHANGED
    with refused(Code.NOT_FOUND):
        api.accounts.GetAccount(account_pb2.GetAccountRequest(name=made.name))
    # What identified the deleted one is free for another.
    upsert = account_pb2.BatchUpsertAccountsRequest(
        accounts=[account_pb2.Account(display_name="Kuura", external_ids=[{"system": "crm", "id": "1"}])])
    (fresh,) = api.accounts.BatchUpsertAccounts(upsert).results
    assert fresh.outcome == common_pb2.UpsertResult.OUTCOME_CREATED and fresh.name != made.name


def test_an_unknown_account_answers_with_the_nearest_names(api):
    made = make(api, "Kuura Konepaja")
    with refused(Code.NOT_FOUND) as refusal:
        api.accounts.GetAccount(account_pb2.GetAccountRequest(name="accounts/kuura-konepja"))
    assert made.name in refusal.message and "Kuura Konepaja" in refusal.message


@pytest.mark.parametrize("lookup", ["ext:crm:kuura-konepja", "id:Kuura Konepja", "domain:kuura-konepja.example"])
def test_a_lookup_that_fits_nothing_answers_with_the_nearest_names(api, lookup):
    made = make(api, "Kuura Konepaja")
    for name in [f"accounts/{lookup}", f"accounts/{lookup}/commitments/ext:crm:1"]:
        with refused(Code.NOT_FOUND) as refusal:
            if name.endswith(lookup):
                api.accounts.GetAccount(account_pb2.GetAccountRequest(name=name))
            else:
                api.commitments.GetCommitment(commitment_pb2.GetCommitmentRequest(name=name))
        assert refusal.resource == f"accounts/{lookup}"
        assert made.name in refusal.metadata["nearest"] and "Kuura Konepaja" in refusal.message


def test_a_lookup_that_fits_several_names_them(api):
    made = [make(api, name, domains=["yhteinen.example"]).name for name in ("Kuura", "Routa")]
    with refused(Code.NOT_FOUND) as refusal:
        api.accounts.GetAccount(account_pb2.GetAccountRequest(name="accounts/domain:yhteinen.example"))
    assert all(name in refusal.message for name in made) and "More than one account" in refusal.message


def test_an_unknown_account_of_the_past_answers_with_the_nearest_names(api):
    made = make(api, "Kuura Konepaja")
    with refused(Code.NOT_FOUND) as refusal:
        api.accounts.GetAccount(account_pb2.GetAccountRequest(
            name="accounts/kuura-konepja", as_of_revision=made.revision))
    assert made.name in refusal.metadata["nearest"]


def test_an_account_is_found_by_external_id_business_id_and_domain(api):
    made = make(
        api, "Kuura", identifiers=[{"type": "TYPE_Y_TUNNUS", "value": "9000012-6"}], domains=["kuura.example"],
        external_ids=[{"system": "crm", "id": "A:1"}])
    for name in ("ext:crm:A:1", "id:9000012-6", "id:FI90000126", "domain:kuura.example"):
        read = api.accounts.GetAccount(account_pb2.GetAccountRequest(name=f"accounts/{name}"))
        assert read.name == made.name, name


def test_an_external_id_belongs_to_one_account(api):
    made = make(api, "First", external_ids=[{"system": "crm", "id": "1"}])
    with refused(Code.ALREADY_EXISTS) as refusal:
        make(api, "Second", external_ids=[{"system": "crm", "id": "1"}])
    assert refusal.metadata["holder"] == made.name


def test_lists_filter_order_and_page(api):
    sizes = {"Aalto": 5, "Beeta": 50, "Gamma": 500, "Delta": 70}
    for name, employees in sizes.items():
        make(api, name, employees=employees, country="FI" if name != "Gamma" else "SE", tags=[name[0].lower()])

    def names(**request):
        answer = api.accounts.ListAccounts(account_pb2.ListAccountsRequest(**request))
        return [account.display_name for account in answer.accounts]

    assert names() == ["Aalto", "Beeta", "Delta", "Gamma"]
    assert names(filter="employees >= 50", order_by="employees desc") == ["Gamma", "Delta", "Beeta"]
    assert names(filter="employees >= 50 AND NOT country = SE") == ["Beeta", "Delta"]
    assert names(filter="country = SE OR display_name = \"Aa*\"") == ["Aalto", "Gamma"]
    assert names(filter="status = CURRENT AND tags:d") == ["Delta"]
    page = api.accounts.ListAccounts(account_pb2.ListAccountsRequest(page_size=3))
    rest = api.accounts.ListAccounts(
        account_pb2.ListAccountsRequest(page_size=3, page_token=page.next_page_token))
    assert [a.display_name for a in page.accounts] + [a.display_name for a in rest.accounts] == sorted(sizes)
    assert not rest.next_page_token
    with refused(Code.INVALID_ARGUMENT) as refusal:
        names(filter="employees > 1", page_token=page.next_page_token)
    assert "page_token" in refusal.fields


def test_a_filter_that_cannot_be_read_says_where_and_what_can_be_asked(api):
    with refused(Code.INVALID_ARGUMENT) as refusal:
        api.accounts.ListAccounts(account_pb2.ListAccountsRequest(filter="size = 3"))
    assert "size" in refusal.message and "employees" in refusal.message


def test_a_read_mask_picks_fields(api):
    made = make(api, "Kuura", employees=3, tags=["x"])
    read = api.accounts.GetAccount(
        account_pb2.GetAccountRequest(name=made.name, read_mask={"paths": ["display_name", "tags"]}))
    assert read == account_pb2.Account(display_name="Kuura", tags=["x"])


def test_two_accounts_cannot_own_each_other(api):
    parent = make(api, "Parent")
    child = make(api, "Child", parents=[{"account": parent.name, "share": 0.6}])
    with refused(Code.INVALID_ARGUMENT) as refusal:
        api.accounts.UpdateAccount(account_pb2.UpdateAccountRequest(
            account=account_pb2.Account(name=parent.name, parents=[{"account": child.name}])))
    assert refusal.fields["account.parents[0].account"].reason == "CIRCULAR_PARENT"
    view = api.views.GetAccountView(view_pb2.GetAccountViewRequest(name=parent.name))
    assert [summary.name for summary in view.subsidiaries] == [child.name]


def test_a_batch_reports_each_item_by_itself(api):
    accounts = [
        account_pb2.Account(display_name=f"A{n}", status="STATUS_POTENTIAL",
                            external_ids=[{"system": "crm", "id": str(n)}]) for n in range(5)]
    accounts[2].country = "nowhere"
    request = account_pb2.BatchUpsertAccountsRequest(accounts=accounts, request_id="batch-1")
    first = api.accounts.BatchUpsertAccounts(request)
    outcomes = [account_pb2_outcome(result) for result in first.results]
    assert outcomes == ["CREATED", "CREATED", "FAILED", "CREATED", "CREATED"]
    assert "country" in first.results[2].error.message
    assert api.accounts.BatchUpsertAccounts(request) == first
    del request.accounts[2]
    request.request_id = ""
    again = api.accounts.BatchUpsertAccounts(request)
    assert {account_pb2_outcome(result) for result in again.results} == {"UNCHANGED"}
    request.accounts[0].employees = 7
    changed = api.accounts.BatchUpsertAccounts(
        account_pb2.BatchUpsertAccountsRequest(accounts=request.accounts, validate_only=True))
    assert [account_pb2_outcome(result) for result in changed.results] == ["UPDATED"] + ["UNCHANGED"] * 3
    assert [(d.path, d.after) for d in changed.results[0].differences] == [("employees", "7")]


def test_a_repeated_batch_writes_nothing_that_the_first_refused(api):
    accounts = [account_pb2.Account(display_name="Emo", external_ids=[{"system": "crm", "id": "emo"}]),
                account_pb2.Account(display_name="Lapsi", external_ids=[{"system": "crm", "id": "lapsi"}],
                                    parents=[{"account": "accounts/ext:crm:isoemo"}])]
    request = account_pb2.BatchUpsertAccountsRequest(accounts=accounts, request_id="batch-2")
    first = api.accounts.BatchUpsertAccounts(request)
    assert [account_pb2_outcome(result) for result in first.results] == ["CREATED", "FAILED"]
    make(api, "Isoemo", external_ids=[{"system": "crm", "id": "isoemo"}])
    # The second could be written now, and is not: it must not be told as if it were.
    again = api.accounts.BatchUpsertAccounts(request)
    assert [account_pb2_outcome(result) for result in again.results] == ["CREATED", "FAILED"]
    assert "another id" in again.results[1].error.message
    request.request_id = "batch-3"
    assert account_pb2_outcome(api.accounts.BatchUpsertAccounts(request).results[1]) == "CREATED"


def test_lists_are_in_nordic_order_whichever_way_they_are_found(api):
    for name in ["Zeta", "Öljy", "aalto", "Äänekoski", "Åbo"]:
        make(api, name, tags=["nordic"])
    expected = ["aalto", "Zeta", "Åbo", "Äänekoski", "Öljy"]

    def names(**request):
        found, token = [], ""
        while True:
            page = api.accounts.ListAccounts(account_pb2.ListAccountsRequest(page_size=2, page_token=token, **request))
            found += [account.display_name for account in page.accounts]
            token = page.next_page_token
            if not token:
                return [name for name in found if name in expected]

    assert names() == expected
    for filter in ["", "status = CURRENT", "tags:nordic"]:
        assert names(filter=filter, order_by="display_name") == expected, filter
        assert names(filter=filter, order_by="display_name desc") == expected[::-1], filter


def account_pb2_outcome(result):
    from punos.v1 import common_pb2
    return common_pb2.UpsertResult.Outcome.Name(result.outcome).removeprefix("OUTCOME_")


def test_what_a_second_system_says_joins_what_the_first_said(api):
    def upsert(**fields):
        answer = api.accounts.BatchUpsertAccounts(account_pb2.BatchUpsertAccountsRequest(
            accounts=[account_pb2.Account(**fields)], match_by_identity=True))
        return answer.results[0].name

    business_id = [{"type": "TYPE_Y_TUNNUS", "value": "9000012-6"}]
    first = upsert(display_name="Kuura", status="STATUS_CURRENT", identifiers=business_id, tags=["a"],
                   external_ids=[{"system": "crm", "id": "1"}])
    second = upsert(identifiers=business_id, employees=9, tags=["b"], external_ids=[{"system": "erp", "id": "x"}])
    assert first == second
    read = api.accounts.GetAccount(account_pb2.GetAccountRequest(name=first))
    assert read.display_name == "Kuura" and read.employees == 9 and list(read.tags) == ["a", "b"]
    assert {external.system for external in read.external_ids} == {"crm", "erp"}


def test_an_account_can_be_read_as_it_was(api):
    made = make(api, "Old name")
    changed = api.accounts.UpdateAccount(account_pb2.UpdateAccountRequest(
        account=account_pb2.Account(name=made.name, display_name="New name")))
    then = api.accounts.GetAccount(
        account_pb2.GetAccountRequest(name=made.name, as_of_revision=made.revision))
    assert then.display_name == "Old name"
    at = api.accounts.GetAccount(
        account_pb2.GetAccountRequest(name=made.name, as_of_time=changed.update_time))
    assert at.display_name == "New name"
    view = api.views.GetAccountView(
        view_pb2.GetAccountViewRequest(name=made.name, as_of_revision=made.revision))
    assert view.account.display_name == "Old name" and view.revision == made.revision


def test_the_history_says_who_changed_what_when_and_why(api):
    made = make(api, "Kuura", employees=1)
    api.accounts.UpdateAccount(account_pb2.UpdateAccountRequest(
        account=account_pb2.Account(name=made.name, employees=2), reason="annual report"))
    history = api.changes.GetHistory(change_pb2.GetHistoryRequest(name=made.name)).changes
    assert [change_pb2.Change.Operation.Name(change.operation) for change in history] == [
        "OPERATION_UPDATED", "OPERATION_CREATED"]
    assert [(d.path, d.before, d.after) for d in history[0].differences] == [("employees", "1", "2")]
    assert (history[0].principal, history[0].team, history[0].reason) == ("aino", "sales", "annual report")
    assert history[0].title == "Kuura"
    only = api.changes.GetHistory(change_pb2.GetHistoryRequest(name=made.name, fields=["display_name"])).changes
    assert len(only) == 1
