"""People at customers: they change employers and stay the same person."""

import grpc
import pytest
from punosapi.errors import refused

Code = grpc.StatusCode


@pytest.fixture(scope="module", autouse=True)
def modules(stubs):
    global account_pb2, contact_pb2, view_pb2, change_pb2
    from punos.v1 import account_pb2, change_pb2, contact_pb2
    from punos.v1 import account_view_pb2 as view_pb2


def account(api, name):
    return api.accounts.CreateAccount(account_pb2.CreateAccountRequest(
        account=account_pb2.Account(display_name=name, status="STATUS_CURRENT"))).name


def person(api, **fields):
    return api.contacts.CreateContact(contact_pb2.CreateContactRequest(contact=contact_pb2.Contact(**fields)))


def people(api, name, **request):
    view = api.views.GetAccountView(view_pb2.GetAccountViewRequest(name=name, **request))
    return [contact.display_name for contact in view.contacts]


def test_a_person_who_changes_employer_stays_the_same_person(api):
    old, new = account(api, "Old"), account(api, "New")
    liisa = person(api, display_name="Liisa Korhonen", employments=[{"account": old, "title": "CEO"}])
    assert people(api, old) == ["Liisa Korhonen"] and people(api, new) == []
    moved = api.contacts.UpdateContact(contact_pb2.UpdateContactRequest(contact=contact_pb2.Contact(
        name=liisa.name, employments=[
            {"account": new, "title": "Chair", "valid_from": "2026-05-01"},
            {"account": old, "title": "CEO", "valid_to": "2026-05-01"}])))
    assert moved.name == liisa.name
    assert people(api, old) == ["Liisa Korhonen"] and people(api, new) == ["Liisa Korhonen"]
    api.contacts.UpdateContact(contact_pb2.UpdateContactRequest(contact=contact_pb2.Contact(
        name=liisa.name, employments=[{"account": new, "title": "Chair"}])))
    assert people(api, old) == []
    assert people(api, old, as_of_revision=liisa.revision) == ["Liisa Korhonen"]


def test_what_a_view_shows_of_a_person_is_kept_in_step(api):
    employer = account(api, "Employer")
    made = person(api, display_name="Pekka", employments=[{"account": employer, "title": "CTO"}],
                  emails=[{"address": "Pekka@Example.COM"}], phones=[{"number": "+358401234567"}])
    api.contacts.UpdateContact(contact_pb2.UpdateContactRequest(
        contact=contact_pb2.Contact(name=made.name, display_name="Pekka H.")))
    seen = api.views.GetAccountView(view_pb2.GetAccountViewRequest(name=employer)).contacts[0]
    assert (seen.display_name, seen.phone, seen.employments[0].title) == ("Pekka H.", "+358401234567", "CTO")
    assert seen.email.endswith("@example.com")
    assert seen.name == f"{employer}/{made.name}"
    api.contacts.DeleteContact(contact_pb2.DeleteContactRequest(name=made.name))
    assert people(api, employer) == []
    api.contacts.UndeleteContact(contact_pb2.UndeleteContactRequest(name=made.name))
    assert people(api, employer) == ["Pekka H."]


def test_an_employer_that_is_not_there_is_refused_by_field(api):
    with refused(Code.INVALID_ARGUMENT) as refusal:
        person(api, display_name="X", employments=[{"account": "accounts/none"}])
    assert refusal.fields["contact.employments[0].account"].reason == "UNKNOWN_ACCOUNT"


def test_tenures_in_one_title_that_overlap_are_refused_and_others_are_not(api):
    employer, other = account(api, "Employer"), account(api, "Other")
    first = {"account": employer, "title": "CTO", "valid_from": "2020-01-01", "valid_to": "2022-01-01"}
    for second, clashes in [
        ({"account": employer, "title": "CTO", "valid_from": "2021-12-31"}, True),
        ({"account": employer, "title": "CTO", "valid_from": "2019-01-01", "valid_to": "2020-01-02"}, True),
        ({"account": employer, "title": "CTO"}, True),
        ({"account": employer, "title": "CTO", "valid_from": "2022-01-01"}, False),
        ({"account": employer, "title": "CTO", "valid_to": "2020-01-01"}, False),
        ({"account": employer, "title": "CEO", "valid_from": "2021-01-01"}, False),
        ({"account": other, "title": "CTO", "valid_from": "2021-01-01"}, False)]:
        if not clashes:
            assert len(person(api, display_name="X", employments=[first, second]).employments) == 2
            continue
        with refused(Code.INVALID_ARGUMENT) as refusal:
            person(api, display_name="X", employments=[first, second])
        violation = refusal.fields["contact.employments[1]"]
        assert violation.reason == "OVERLAPPING_TENURES" and "employments[0]" in violation.description


def test_a_tenure_that_ends_before_it_begins_is_refused(api):
    employer = account(api, "Employer")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        person(api, display_name="X", employments=[
            {"account": employer, "title": "CTO", "valid_from": "2021-01-01", "valid_to": "2020-06-01"}])
    assert refusal.fields["contact.employments[0].valid_to"].reason == "EMPTY_SPAN"


def test_an_employer_may_be_named_by_another_systems_id(api):
    api.accounts.BatchUpsertAccounts(account_pb2.BatchUpsertAccountsRequest(accounts=[
        account_pb2.Account(display_name="Acme", status="STATUS_CURRENT",
                            external_ids=[{"system": "crm", "id": "7"}])]))
    answer = api.contacts.BatchUpsertContacts(contact_pb2.BatchUpsertContactsRequest(contacts=[
        contact_pb2.Contact(display_name="Ann", employments=[{"account": "accounts/ext:crm:7"}],
                            external_ids=[{"system": "crm", "id": "c1"}]),
        contact_pb2.Contact(display_name="Bob", employments=[{"account": "accounts/ext:crm:8"}])]))
    assert answer.results[0].name and not answer.results[1].name
    assert "employments[0].account" in answer.results[1].error.message


def test_nothing_personal_is_in_an_error(api):
    with refused(Code.INVALID_ARGUMENT) as refusal:
        person(api, display_name="Secret Person", emails=[{"address": "secret person at example"}],
               phones=[{"number": "twelve"}])
    told = refusal.message + " ".join(violation.description for violation in refusal.fields.values())
    assert "ecret" not in told and "twelve" not in told
    assert {"contact.emails[0].address", "contact.phones[0].number"} <= set(refusal.fields)
