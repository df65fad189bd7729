"""What people are called and how they are reached never gets into the log or the metrics, whatever goes wrong."""

import json
import urllib.request

import grpc
import pytest

# Parts that occur in nothing else: a hit is a leak.
NAME, MAIL, PHONE, NOTE = "Zyxmarja", "zyxmarja.qwv", "+358409998877", "qwvsalaisuus"
PERSONAL = [NAME, NAME.lower(), MAIL, "409998877", NOTE]


@pytest.fixture(scope="module", autouse=True)
def modules(stubs):
    global account_pb2, contact_pb2, interaction_pb2, search_pb2
    from punos.v1 import account_pb2, contact_pb2, interaction_pb2, search_pb2


def person(**fields):
    values = {"display_name": f"{NAME} Korhonen", "emails": [{"address": f"{MAIL}@example.com"}],
              "phones": [{"number": PHONE}]}
    return contact_pb2.Contact(**(values | fields))


def failing_calls(client):
    """Calls that carry somebody's data and are refused, each in another place."""
    made = client.contacts.CreateContact(contact_pb2.CreateContactRequest(contact=person()))
    create = client.contacts.CreateContact
    update = client.contacts.UpdateContact
    yield lambda: create(contact_pb2.CreateContactRequest(contact=person(emails=[{"address": f"{MAIL}@@example"}])))
    yield lambda: create(contact_pb2.CreateContactRequest(contact=person(phones=[{"number": f"{PHONE}x"}])))
    yield lambda: create(contact_pb2.CreateContactRequest(contact=person(display_name=f"{NAME}\a")))
    yield lambda: create(contact_pb2.CreateContactRequest(contact=person(
        employments=[{"account": f"accounts/{NAME.lower()}", "title": NOTE}])))
    yield lambda: update(contact_pb2.UpdateContactRequest(contact=person(name=made.name, etag=f"etag-{NOTE}")))
    yield lambda: update(contact_pb2.UpdateContactRequest(contact=person(name=f"contacts/{NAME.lower()}")))
    yield lambda: client.contacts.GetContact(contact_pb2.GetContactRequest(name=f"contacts/{NAME.lower()}"))
    yield lambda: client.contacts.ListContacts(contact_pb2.ListContactsRequest(filter=f'display_name = "{NAME}'))
    yield lambda: client.contacts.ListContacts(contact_pb2.ListContactsRequest(filter=f"{NAME} = 1"))
    yield lambda: client.contacts.ListContacts(contact_pb2.ListContactsRequest(page_token=NOTE))
    yield lambda: client.interactions.CreateInteraction(interaction_pb2.CreateInteractionRequest(
        parent=f"accounts/{NAME.lower()}", interaction=interaction_pb2.Interaction(subject=f"{NAME} {NOTE}")))
    yield lambda: client.accounts.CreateAccount(account_pb2.CreateAccountRequest(
        account=account_pb2.Account(display_name=f"{NAME} & Co", country=NOTE)))
    raw = client.channel.unary_unary("/punos.v1.ContactService/CreateContact")
    yield lambda: raw(person().SerializeToString())
    yield lambda: raw(b"\x0a\x7f" + NAME.encode())
    unknown = client.channel.unary_unary(f"/punos.v1.ContactService/{NAME}")
    yield lambda: unknown(b"")
    late = client.channel.unary_unary("/punos.v1.ContactService/CreateContact")
    yield lambda: late(b"", metadata=[("x-note-bin", NOTE.encode()), ("x-name", NAME * 3_000)])


def test_failing_calls_leave_nothing_personal_in_the_log_and_the_metrics(own_punos):
    own_punos.stop()
    own_punos.start("--metrics-listen", "127.0.0.1:0", "--log-format", "json", "--log-level", "trace")
    refused = 0
    with own_punos.client() as client:
        for call in failing_calls(client):
            with pytest.raises(grpc.RpcError):
                call()
            refused += 1
        client.searching.Search(search_pb2.SearchRequest(query=f"{NAME} {MAIL}"))
    log = own_punos.log()
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    # The failures are there, so that the look at them means something.
    assert sum("refused" in line["message"] for line in lines) >= refused - 2, log[-3000:]
    address = next(line["metrics"] for line in lines if line["message"] == "serving")
    metrics = urllib.request.urlopen(f"http://{address}/metrics", timeout=10).read().decode()
    assert "punos_calls_total" in metrics and 'punos_requests_refused_total{reason="unknown_method"} 1' in metrics
    for part in PERSONAL:
        assert part not in log, next(line for line in log.splitlines() if part in line)
        assert part not in metrics, part
