"""The rights of the people whose data is held: to be shown it, and to be erased."""

import grpc
import pytest
from punosapi.errors import refused

Code = grpc.StatusCode


@pytest.fixture(scope="module", autouse=True)
def modules(stubs):
    global account_pb2, change_pb2, commitment_pb2, committee_member_pb2, contact_pb2, handover_pb2, privacy_pb2
    global search_pb2, way
    from punos.v1 import account_pb2, change_pb2, commitment_pb2, committee_member_pb2, contact_pb2, handover_pb2
    from punos.v1 import handover_workflow_pb2 as way, privacy_pb2, search_pb2


@pytest.fixture
def privacy(api):
    return api.service("PrivacyService")


@pytest.fixture
def liisa(api):
    """Liisa at Kuura, who was promised something."""
    kuura = api.accounts.CreateAccount(account_pb2.CreateAccountRequest(
        account_id="kuura", account=account_pb2.Account(display_name="Kuura"))).name
    person = api.contacts.CreateContact(contact_pb2.CreateContactRequest(
        contact_id="liisa", contact=contact_pb2.Contact(
            display_name="Liisa Korhonen", employments=[{"account": kuura, "title": "CEO"}],
            emails=[{"address": "liisa@kuura.example"}])))
    api.service("CommitmentService").CreateCommitment(commitment_pb2.CreateCommitmentRequest(
        parent=kuura, commitment_id="report", commitment=commitment_pb2.Commitment(
            title="Report every Friday", contact=person.name)))
    return person


def test_a_person_is_shown_every_record_that_holds_their_data(privacy, liisa):
    names, token = [], ""
    while True:
        page = privacy.ShowPerson(privacy_pb2.ShowPersonRequest(name=liisa.name, page_size=1, page_token=token))
        names += [record.name for record in page.records]
        token = page.next_page_token
        if not token:
            break
    assert names == ["contacts/liisa", "accounts/kuura/contacts/liisa", "accounts/kuura/commitments/report"]
    whole = privacy.ShowPerson(privacy_pb2.ShowPersonRequest(name=liisa.name)).records
    held = contact_pb2.Contact()
    assert whole[0].record.Unpack(held) and held.emails[0].address == "liisa@kuura.example"


def changes_until(api, revision):
    """Every change from the first on, as the watch tells them."""
    watch = api.changes.WatchChanges(change_pb2.WatchChangesRequest(after_revision=0))
    changes = []
    for event in watch:
        if event.HasField("change"):
            changes.append(event.change)
        elif event.bookmark.revision >= revision:
            watch.cancel()
            return changes


def test_an_erased_person_is_in_no_record_no_history_and_no_search(api, privacy, liisa):
    receipt = privacy.ErasePerson(privacy_pb2.ErasePersonRequest(
        name=liisa.name, reason="asked for it", request_id="1"))
    assert receipt.records == 3 and receipt.changes >= 3
    with refused(Code.NOT_FOUND):
        api.contacts.GetContact(contact_pb2.GetContactRequest(name=liisa.name))
    with refused(Code.NOT_FOUND):
        api.contacts.GetContact(contact_pb2.GetContactRequest(name=liisa.name, as_of_revision=liisa.revision))
    promise = api.service("CommitmentService").GetCommitment(commitment_pb2.GetCommitmentRequest(
        name="accounts/kuura/commitments/report"))
    assert (promise.title, promise.contact) == ("Report every Friday", "")
    assert not api.searching.Search(search_pb2.SearchRequest(query="Korhonen")).hits
    history = api.changes.GetHistory(change_pb2.GetHistoryRequest(name=promise.name)).changes
    assert [change.operation for change in history] == [change_pb2.Change.OPERATION_ERASED,
                                                        change_pb2.Change.OPERATION_CREATED]
    log = changes_until(api, receipt.revision)
    assert sorted({change.revision for change in log}) == list(range(1, receipt.revision + 1))
    assert "Liisa" not in str(log) and "liisa@" not in str(log)
    with refused(Code.NOT_FOUND):
        privacy.ShowPerson(privacy_pb2.ShowPersonRequest(name=liisa.name))


def told(api, liisa, matti):
    """A handover that speaks of Liisa by three ways, and of Matti and a promise to Liisa besides."""
    member = api.service("CommitteeMemberService").CreateCommitteeMember(
        committee_member_pb2.CreateCommitteeMemberRequest(
            parent="accounts/kuura", committee_member=committee_member_pb2.CommitteeMember(
                contact=liisa.name, role="ROLE_CHAMPION")))
    return api.service("HandoverService").CreateHandover(handover_pb2.CreateHandoverRequest(
        parent="accounts/kuura", handover_id="h", handover=handover_pb2.Handover(
            title="Lifts", to_team="delivery", summary="Begin with Liisa", items=[
                {"id": "she", "kind": "KIND_STAKEHOLDER", "title": "Liisa Korhonen, CEO", "links": [liisa.name]},
                {"id": "member", "kind": "KIND_STAKEHOLDER", "title": "Korhonen", "text": "Liisa is for it",
                 "links": [member.name]},
                {"id": "heard", "kind": "KIND_RISK", "title": "Liisa may leave", "evidence": [{"record": liisa.name}]},
                {"id": "he", "kind": "KIND_STAKEHOLDER", "title": "Matti", "links": [matti.name]},
                {"id": "promise", "kind": "KIND_PROMISE", "title": "Report every Friday",
                 "links": ["accounts/kuura/commitments/report"]}])))


def test_an_erased_person_goes_from_handovers_with_the_items_that_speak_of_them(api, privacy, liisa):
    matti = api.contacts.CreateContact(contact_pb2.CreateContactRequest(
        contact_id="matti", contact=contact_pb2.Contact(display_name="Matti", employments=[{"account": "accounts/kuura"}])))
    made = told(api, liisa, matti)
    assert list(made.contacts) == [liisa.name, matti.name]
    assert [list(item.contacts) for item in made.items] == [[liisa.name]] * 3 + [[matti.name], []]
    shown = privacy.ShowPerson(privacy_pb2.ShowPersonRequest(name=liisa.name)).records
    assert made.name in [record.name for record in shown]
    receipt = privacy.ErasePerson(privacy_pb2.ErasePersonRequest(name=liisa.name, reason="asked for it"))
    handovers = api.service("HandoverService")
    left = handovers.GetHandover(handover_pb2.GetHandoverRequest(name=made.name))
    assert [item.id for item in left.items] == ["he", "promise"] and list(left.contacts) == [matti.name]
    assert (left.title, left.summary) == ("Lifts", "")
    then = handovers.GetHandover(handover_pb2.GetHandoverRequest(name=made.name, as_of_revision=made.revision))
    log = str(changes_until(api, receipt.revision))
    assert not any(word in log + str(left) + str(then) for word in ("Liisa", "Korhonen"))
    assert liisa.name not in str(left) + str(then)
    assert not api.searching.Search(search_pb2.SearchRequest(query="Korhonen")).hits
    assert privacy.ShowPerson(privacy_pb2.ShowPersonRequest(name=matti.name)).records


def test_what_is_said_of_somebody_who_was_deleted_can_still_be_handed_on_and_goes_with_them(api, privacy, liisa):
    member = api.service("CommitteeMemberService").CreateCommitteeMember(
        committee_member_pb2.CreateCommitteeMemberRequest(
            parent="accounts/kuura", committee_member=committee_member_pb2.CommitteeMember(
                contact=liisa.name, role="ROLE_USER")))
    api.contacts.DeleteContact(contact_pb2.DeleteContactRequest(name=liisa.name))
    made = api.service("HandoverService").CreateHandover(handover_pb2.CreateHandoverRequest(
        parent="accounts/kuura", handover=handover_pb2.Handover(title="Lifts", to_team="delivery", items=[
            {"id": "she", "title": "Liisa was for it", "links": [member.name], "contacts": ["contacts/made-up"]}])))
    assert list(made.items[0].contacts) == [liisa.name]
    privacy.ErasePerson(privacy_pb2.ErasePersonRequest(name=liisa.name, reason="asked for it"))
    left = api.service("HandoverService").GetHandover(handover_pb2.GetHandoverRequest(name=made.name))
    assert not left.items


def test_why_a_handover_with_an_erased_person_came_back_is_taken_out_and_that_it_came_back_stays(punos):
    tenant = punos.new_tenant()
    with punos.client(tenant=tenant, team="sales", name="aino") as sales, \
            punos.client(tenant=tenant, team="delivery", name="pekka") as delivery:
        sales.accounts.CreateAccount(account_pb2.CreateAccountRequest(
            account_id="kuura", account=account_pb2.Account(display_name="Kuura")))
        person = sales.contacts.CreateContact(contact_pb2.CreateContactRequest(contact=contact_pb2.Contact(
            display_name="Liisa", employments=[{"account": "accounts/kuura"}])))
        from punos.v1 import handover_template_pb2
        sales.service("HandoverTemplateService").CreateHandoverTemplate(
            handover_template_pb2.CreateHandoverTemplateRequest(
                handover_template=handover_template_pb2.HandoverTemplate(
                    title="Short", from_team="sales", to_team="delivery",
                    items=[{"id": "one", "kind": "KIND_RISK", "title": "The risk"}])))
        made = sales.service("HandoverService").CreateHandover(handover_pb2.CreateHandoverRequest(
            parent="accounts/kuura", handover=handover_pb2.Handover(title="Lifts", to_team="delivery", items=[
                {"id": "she", "title": "Liisa", "links": [person.name]}, {"id": "risk", "title": "Holidays", "text": "July"}])))
        way_of = sales.service("HandoverWorkflowService")
        way_of.OfferHandover(way.OfferHandoverRequest(name=made.name))
        back = delivery.service("HandoverWorkflowService").ReturnHandover(
            way.ReturnHandoverRequest(name=made.name, text="Liisa is not the one who decides"))
        delivery.service("PrivacyService").ErasePerson(privacy_pb2.ErasePersonRequest(
            name=person.name, reason="asked for it"))
        read = sales.service("HandoverService").GetHandover
        for left in (read(handover_pb2.GetHandoverRequest(name=made.name)),
                     read(handover_pb2.GetHandoverRequest(name=made.name, as_of_revision=back.revision))):
            assert [(entry.team, entry.principal, entry.reasons) for entry in left.returns] == [("delivery", "pekka", "")]
            assert [item.id for item in left.items] == ["risk"] and "Liisa" not in str(left)


def test_a_copy_from_before_an_erasure_does_not_bring_the_person_back(api, privacy, liisa):
    made = told(api, liisa, liisa)
    privacy.ErasePerson(privacy_pb2.ErasePersonRequest(name=liisa.name, reason="asked for it"))
    sync = api.service("HandoverWorkflowService").SyncHandover
    with refused(Code.FAILED_PRECONDITION) as refusal:
        sync(way.SyncHandoverRequest(handover=made, base_revision=made.revision))
    assert refusal.reason == "BASE_ERASED"
    # A copy that brings its own base, as folders of files do: whether it says the revision of its base or not.
    for revision in (made.revision, 0):
        base = told_base(made)
        base.revision = revision
        with refused(Code.FAILED_PRECONDITION) as refusal:
            sync(way.SyncHandoverRequest(handover=made, base_handover=base))
        assert refusal.reason == "BASE_ERASED"
    # Nor does one that says nothing of where it comes from.
    with refused(Code.FAILED_PRECONDITION) as refusal:
        sync(way.SyncHandoverRequest(handover=made))
    assert refusal.reason == "BASE_ERASED"
    left = api.service("HandoverService").GetHandover(handover_pb2.GetHandoverRequest(name=made.name))
    assert [item.id for item in left.items] == ["promise"] and left.summary == "" and "Liisa" not in str(left)
    # One that was read since, and one that says just what the record says, are taken.
    assert sync(way.SyncHandoverRequest(handover=left)).outcome == way.SyncHandoverResponse.OUTCOME_UNCHANGED
    again = handover_pb2.Handover()
    again.CopyFrom(left)
    again.summary = "Begin with the tower"
    assert sync(way.SyncHandoverRequest(handover=again, base_handover=left)).handover.summary == "Begin with the tower"


def told_base(made):
    """What somebody's copy was made from, who has written something of Liisa since."""
    base = handover_pb2.Handover()
    base.CopyFrom(made)
    base.summary = "Begin"
    return base


def test_what_an_erased_person_merely_had_a_part_in_stays_without_them(api, privacy, liisa):
    from punos.v1 import committee_member_pb2, purchase_pb2
    purchases = api.service("PurchaseService")
    purchase = purchases.CreatePurchase(purchase_pb2.CreatePurchaseRequest(
        parent="accounts/kuura", purchase=purchase_pb2.Purchase(
            title="New ERP", stages=[{"title": "Board", "contact": liisa.name}], criteria=[{"text": "Price", "contact": liisa.name}],
            paper_process=[{"title": "Order", "contact": liisa.name}], pains=[{"statement": "Stops", "contact": liisa.name}])))
    pekka = api.contacts.CreateContact(contact_pb2.CreateContactRequest(contact=contact_pb2.Contact(
        display_name="Pekka Laine", employments=[{"account": "accounts/kuura"}]))).name
    members = api.service("CommitteeMemberService")
    member = members.CreateCommitteeMember(committee_member_pb2.CreateCommitteeMemberRequest(
        parent="accounts/kuura", committee_member=committee_member_pb2.CommitteeMember(
            contact=pekka, role="ROLE_CHAMPION", access_to=[liisa.name])))
    shown = [record.name for record in privacy.ShowPerson(privacy_pb2.ShowPersonRequest(name=liisa.name)).records]
    assert purchase.name in shown and member.name in shown
    privacy.ErasePerson(privacy_pb2.ErasePersonRequest(name=liisa.name, reason="asked for it"))
    left = purchases.GetPurchase(purchase_pb2.GetPurchaseRequest(name=purchase.name))
    assert (left.stages[0].title, left.criteria[0].text) == ("Board", "Price")
    assert (left.paper_process[0].title, left.pains[0].statement) == ("Order", "Stops")
    kept = members.GetCommitteeMember(committee_member_pb2.GetCommitteeMemberRequest(name=member.name))
    assert kept.contact == pekka
    assert liisa.name not in str(left) and liisa.name not in str(kept)


def test_a_repeated_erasure_has_one_effect(privacy, liisa):
    request = privacy_pb2.ErasePersonRequest(name=liisa.name, reason="asked for it", request_id="1")
    first = privacy.ErasePerson(request)
    assert privacy.ErasePerson(request).revision == first.revision


def test_an_erasure_can_be_tried_without_effect_and_needs_a_reason(api, privacy, liisa):
    tried = privacy.ErasePerson(privacy_pb2.ErasePersonRequest(
        name=liisa.name, reason="asked for it", validate_only=True))
    assert (tried.records, tried.revision) == (3, 0)
    assert api.contacts.GetContact(contact_pb2.GetContactRequest(name=liisa.name)).display_name
    with refused(Code.INVALID_ARGUMENT) as refusal:
        privacy.ErasePerson(privacy_pb2.ErasePersonRequest(name=liisa.name))
    assert "reason" in refusal.fields
    with refused(Code.INVALID_ARGUMENT):
        privacy.ErasePerson(privacy_pb2.ErasePersonRequest(name="accounts/kuura", reason="x"))
    with refused(Code.NOT_FOUND):
        privacy.ErasePerson(privacy_pb2.ErasePersonRequest(name="contacts/nobody", reason="x"))
