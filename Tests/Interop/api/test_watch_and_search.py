"""The watch, search, and who may call."""

import time

import grpc
import pytest
from punosapi.errors import refused
from punosapi.installation import Client, eventually

Code = grpc.StatusCode


@pytest.fixture(scope="module", autouse=True)
def modules(stubs):
    global account_pb2, contact_pb2, change_pb2, search_pb2, server_pb2
    from punos.v1 import account_pb2, change_pb2, contact_pb2, search_pb2, server_pb2


def make(api, name, **fields):
    return api.accounts.CreateAccount(account_pb2.CreateAccountRequest(
        account=account_pb2.Account(display_name=name, status="STATUS_CURRENT", **fields)))


def changes(stream, count):
    found = []
    for response in stream:
        if response.HasField("change"):
            found.append(response.change)
            if len(found) == count:
                stream.cancel()
                return found
    return found


def test_a_watch_sees_every_change_once_in_order_and_can_be_resumed(api):
    first = make(api, "One")
    stream = api.changes.WatchChanges(change_pb2.WatchChangesRequest(after_revision=0), timeout=30)
    events = iter(stream)
    assert next(events).bookmark.revision == 0
    make(api, "Two")
    make(api, "Three")
    seen = changes(stream, 3)
    assert [change.title for change in seen] == ["One", "Two", "Three"]
    assert [change.revision for change in seen] == sorted(change.revision for change in seen)
    resumed = api.changes.WatchChanges(
        change_pb2.WatchChangesRequest(after_revision=first.revision), timeout=30)
    assert [change.title for change in changes(resumed, 2)] == ["Two", "Three"]


def test_a_watch_can_ask_for_some_accounts_kinds_and_fields(api):
    one, two = make(api, "One"), make(api, "Two")
    stream = api.changes.WatchChanges(change_pb2.WatchChangesRequest(
        after_revision=0, accounts=[one.name], kinds=["account"], fields=["employees"]), timeout=30)
    for employees in (1, 2):
        for account in (one, two):
            api.accounts.UpdateAccount(account_pb2.UpdateAccountRequest(
                account=account_pb2.Account(name=account.name, employees=employees)))
    seen = changes(stream, 2)
    assert {change.record for change in seen} == {one.name}
    assert [change.differences[0].after for change in seen] == ["1", "2"]
    with refused(Code.INVALID_ARGUMENT) as refusal:
        next(iter(api.changes.WatchChanges(change_pb2.WatchChangesRequest(kinds=["acount"]))))
    assert "account" in refusal.message


def test_a_watch_from_a_revision_that_has_not_happened_is_refused(api):
    with refused(Code.OUT_OF_RANGE):
        list(api.changes.WatchChanges(change_pb2.WatchChangesRequest(after_revision=10_000), timeout=30))


def test_a_watch_resumed_at_its_bookmarks_has_no_gap_and_no_repeat(api):
    seen, place, made = [], 0, []
    for round in range(6):
        made += [f"{round}.{index}" for index in range(round + 1)]
        api.accounts.BatchUpsertAccounts(account_pb2.BatchUpsertAccountsRequest(accounts=[
            account_pb2.Account(display_name=name, status="STATUS_CURRENT") for name in made[-round - 1:]]))
        stream = api.changes.WatchChanges(change_pb2.WatchChangesRequest(after_revision=place), timeout=30)
        events = iter(stream)
        assert next(events).bookmark.revision == place
        for event in events:
            if event.HasField("bookmark"):
                place = event.bookmark.revision
                stream.cancel()
                break
            assert event.change.revision > place
            seen.append(event.change.title)
    assert seen == made


def test_a_watch_of_which_nothing_is_wanted_gets_bookmarks_to_resume_from(api):
    one, two = make(api, "One"), make(api, "Two")
    stream = api.changes.WatchChanges(
        change_pb2.WatchChangesRequest(after_revision=two.revision, accounts=[one.name]), timeout=60)
    events = iter(stream)
    first = next(events).bookmark
    last = make(api, "Three")
    # The next comes about ten seconds later, although no change that is wanted does.
    second = next(events).bookmark
    stream.cancel()
    assert (first.revision, second.revision) == (two.revision, last.revision)
    assert second.time.ToDatetime() > first.time.ToDatetime()


def test_a_watch_of_some_fields_passes_over_other_changes_and_kinds(api):
    account = make(api, "One")
    start = api.contacts.CreateContact(contact_pb2.CreateContactRequest(
        contact=contact_pb2.Contact(display_name="Liisa", employments=[{"account": account.name}])))
    stream = api.changes.WatchChanges(change_pb2.WatchChangesRequest(
        after_revision=start.revision, kinds=["contact"], fields=["language"]), timeout=30)
    for fields in ({"description": "a"}, {"language": "fi"}, {"description": "b"}, {"language": "sv"}):
        api.contacts.UpdateContact(contact_pb2.UpdateContactRequest(contact=contact_pb2.Contact(name=start.name, **fields)))
        api.accounts.UpdateAccount(account_pb2.UpdateAccountRequest(
            account=account_pb2.Account(name=account.name, description=str(fields))))
    seen = changes(stream, 2)
    assert [(change.record, change.differences[0].after) for change in seen] == [(start.name, "fi"), (start.name, "sv")]


def test_a_finnish_word_is_found_in_another_form(api):
    make(api, "Kuura Konepaja", description="Neuvottelimme sopimuksesta ja asiakkaan toiveista.")
    make(api, "Muu Oy", description="Ei mitään.")
    for query in ("asiakas", "sopimus", "konepaja"):
        hits = api.searching.Search(search_pb2.SearchRequest(query=query)).hits
        assert [hit.title for hit in hits] == ["Kuura Konepaja"], query
    hit = api.searching.Search(search_pb2.SearchRequest(query="asiakas")).hits[0]
    snippet = hit.snippets[0]
    marked = [snippet.text[h.start:h.end] for h in snippet.highlights]
    assert "asiakkaan" in marked


def test_search_is_of_the_callers_company_only(punos, api):
    make(api, "Salaisuus Oy")
    with punos.client(tenant=punos.new_tenant()) as stranger:
        assert not stranger.searching.Search(search_pb2.SearchRequest(query="salaisuus")).hits
        assert not stranger.accounts.ListAccounts(account_pb2.ListAccountsRequest()).accounts


def test_a_stranger_cannot_read_an_account_by_its_name(punos, api):
    made = make(api, "Mine")
    with punos.client(tenant=punos.new_tenant()) as stranger, refused(Code.NOT_FOUND):
        stranger.accounts.GetAccount(account_pb2.GetAccountRequest(name=made.name))


def test_without_a_certificate_a_caller_is_told_what_to_do(punos):
    with punos.anonymous() as client, refused(Code.UNAUTHENTICATED) as refusal:
        client.server.GetServerInfo(server_pb2.GetServerInfoRequest())
    assert "punosd cert issue" in refusal.message


def test_a_certificate_from_elsewhere_is_refused(punos, tmp_path):
    from punosapi.installation import Installation
    other = Installation(tmp_path / "other")
    certificate, key = other.certificate()
    credentials = grpc.ssl_channel_credentials(
        (punos.data / "pki" / "ca.pem").read_bytes(), key.read_bytes(), certificate.read_bytes())
    with Client(punos.target, credentials) as client, refused(Code.UNAVAILABLE):
        client.server.GetServerInfo(server_pb2.GetServerInfoRequest(), timeout=10)
    assert eventually(lambda: "a TLS handshake failed" in punos.log())


def test_the_server_says_who_it_takes_the_caller_for(punos):
    with punos.client(tenant="kuura", team="delivery", name="eero.koski") as client:
        info = client.server.GetServerInfo(server_pb2.GetServerInfoRequest())
    assert (info.tenant, info.team, info.principal, info.writable) == ("kuura", "delivery", "eero.koski", True)


def test_what_was_acknowledged_survives_a_kill(own_punos):
    import signal
    with own_punos.client() as client:
        names = [make(client, f"Account {n}").name for n in range(50)]
    own_punos.stop(signal.SIGKILL)
    own_punos.start()
    with own_punos.client() as client:
        for name in names:
            client.accounts.GetAccount(account_pb2.GetAccountRequest(name=name))


def test_sigterm_ends_a_watch_that_says_how_to_go_on_and_the_server_with_success(own_punos):
    with own_punos.client() as client:
        stream = client.changes.WatchChanges(change_pb2.WatchChangesRequest(after_revision=0))
        events = iter(stream)
        next(events)
        start = time.monotonic()
        assert own_punos.stop() == 0
        # Much less than the time that calls in flight are given.
        assert time.monotonic() - start < 10
        with refused(Code.UNAVAILABLE) as refusal:
            next(events)
        assert refusal.reason == "STOPPING" and "resume after the last bookmark" in refusal.message
