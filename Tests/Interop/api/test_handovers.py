"""Handovers: what one team learned reaches the other, who checks, asks, pushes back, accepts."""

import contextlib
import re

import grpc
import pytest
from punosapi.errors import refused
from punosapi.installation import ROOT

Code = grpc.StatusCode


@pytest.fixture(scope="module", autouse=True)
def modules(stubs):
    global account_pb2, change_pb2, commitment_pb2, contact_pb2, handover_pb2, search_pb2, template_pb2, view_pb2, way
    from punos.v1 import account_pb2, account_view_pb2 as view_pb2, change_pb2, commitment_pb2, contact_pb2
    from punos.v1 import handover_pb2, handover_template_pb2 as template_pb2, handover_workflow_pb2 as way, search_pb2


@contextlib.contextmanager
def client(punos, **who):
    """Stubs as a person, those of handovers and promises among them."""
    from punos.v1 import commitment_pb2_grpc, handover_pb2_grpc, handover_template_pb2_grpc, handover_workflow_pb2_grpc
    with punos.client(**who) as api:
        api.commitments = commitment_pb2_grpc.CommitmentServiceStub(api.channel)
        api.handovers = handover_pb2_grpc.HandoverServiceStub(api.channel)
        api.templates = handover_template_pb2_grpc.HandoverTemplateServiceStub(api.channel)
        api.workflow = handover_workflow_pb2_grpc.HandoverWorkflowServiceStub(api.channel)
        yield api


@pytest.fixture
def teams(punos):
    """Sales and delivery of a fresh tenant, and an account."""
    tenant = punos.new_tenant()
    with client(punos, tenant=tenant, team="sales", name="aino") as sales, \
            client(punos, tenant=tenant, team="delivery", name="pekka") as delivery:
        sales.account = sales.accounts.CreateAccount(account_pb2.CreateAccountRequest(
            account=account_pb2.Account(display_name="Kuura", status="STATUS_CURRENT"))).name
        yield sales, delivery


def draft(api, **fields):
    return api.handovers.CreateHandover(handover_pb2.CreateHandoverRequest(
        parent=api.account, handover=handover_pb2.Handover(**({"title": "Lifts", "to_team": "delivery"} | fields))))


def promise(api, title="Live by 1 May", **fields):
    return api.commitments.CreateCommitment(commitment_pb2.CreateCommitmentRequest(
        parent=api.account, commitment=commitment_pb2.Commitment(title=title, **fields)))


def read(api, name, **request):
    return api.handovers.GetHandover(handover_pb2.GetHandoverRequest(name=name, **request))


def item(identifier, **fields):
    return {"id": identifier, "kind": "KIND_NEED", "title": identifier, "text": "because", **fields}


def filled(api, **fields):
    """A draft that says all that is required."""
    made = draft(api, **fields)
    made = api.workflow.SuggestHandoverItems(way.SuggestHandoverItemsRequest(name=made.name))
    for suggested in made.items:
        if not suggested.text and not suggested.links:
            suggested.text = "said"
    return api.handovers.UpdateHandover(handover_pb2.UpdateHandoverRequest(
        handover=handover_pb2.Handover(name=made.name, items=made.items)))


def offered(api, **fields):
    return api.workflow.OfferHandover(way.OfferHandoverRequest(name=filled(api, **fields).name))


def test_a_draft_says_who_writes_it_and_every_item_has_an_id(teams):
    sales, _ = teams
    made = draft(sales, items=[{"kind": "KIND_RISK", "title": "Holidays"}],
                 state="STATE_ACCEPTED", offered_by="somebody")
    assert made.state == handover_pb2.Handover.STATE_DRAFT and made.from_team == "sales"
    assert list(made.from_people) == ["aino"] and made.offered_by == ""
    assert made.items[0].id and made.items[0].status == handover_pb2.HandoverItem.STATUS_OPEN


def test_what_only_the_workflow_changes_is_not_changed_by_an_update(teams):
    sales, _ = teams
    made = draft(sales, items=[item("a")])
    changed = sales.handovers.UpdateHandover(handover_pb2.UpdateHandoverRequest(
        handover=handover_pb2.Handover(name=made.name, state="STATE_ACCEPTED", items=[
            item("a", status="STATUS_ACCEPTED", decided_by="x", thread=[{"text": "made up"}], title="A")]),
        update_mask={"paths": ["state", "items"]}))
    assert changed.state == handover_pb2.Handover.STATE_DRAFT and changed.items[0].title == "A"
    assert changed.items[0].status == handover_pb2.HandoverItem.STATUS_OPEN and not changed.items[0].thread


def test_suggestions_come_from_what_is_known_and_mark_what_only_a_person_can_say(teams):
    sales, _ = teams
    given = promise(sales, due_date="2027-05-01")
    person = sales.contacts.CreateContact(contact_pb2.CreateContactRequest(contact=contact_pb2.Contact(
        display_name="Liisa", employments=[{"account": sales.account, "title": "CTO"}])))
    made = draft(sales)
    filled = sales.workflow.SuggestHandoverItems(way.SuggestHandoverItemsRequest(name=made.name))
    by_links = {link: found for found in filled.items for link in found.links}
    assert by_links[given.name].title == "Live by 1 May" and "2027-05-01" in by_links[given.name].text
    assert by_links[person.name].title == "Liisa, CTO"
    open_items = {found.title for found in filled.items if found.needs_person}
    assert {"Who owns the renewal at the customer", "How they pay"} <= open_items
    again = sales.workflow.SuggestHandoverItems(way.SuggestHandoverItemsRequest(name=made.name))
    assert [found.id for found in again.items] == [found.id for found in filled.items]


def test_offering_what_is_not_ready_says_what_is_missing_and_why_it_matters(teams):
    sales, _ = teams
    made = draft(sales)
    with refused(Code.FAILED_PRECONDITION) as refusal:
        sales.workflow.OfferHandover(way.OfferHandoverRequest(name=made.name))
    assert refusal.reason == "NOT_READY" and "renewal-owner" in refusal.metadata["missing"]
    readiness = sales.workflow.GetHandoverReadiness(way.GetHandoverReadinessRequest(name=made.name))
    gaps = {gap.template_item: gap for gap in readiness.gaps}
    assert not readiness.ready and gaps["payment"].required and gaps["payment"].why
    assert readiness.waiting_for_team == "sales" and readiness.completeness == 0
    assert read(sales, made.name).state == handover_pb2.Handover.STATE_DRAFT


def test_the_receiver_asks_the_sender_answers_and_acceptance_hands_promises_on(teams):
    sales, delivery = teams
    given = promise(sales)
    kept = promise(sales, "Kept already", status="STATUS_KEPT", settled_date="2026-01-01")
    made = offered(sales, to_people=["maija"], items=[item("kept", links=[kept.name])])
    assert made.state == handover_pb2.Handover.STATE_OFFERED and made.offered_by == "aino"
    first = next(found for found in made.items if given.name in found.links)
    asked = delivery.workflow.QueryHandoverItem(way.QueryHandoverItemRequest(
        name=made.name, item_id=first.id, text="Which year?"))
    assert asked.items[list(made.items).index(first)].status == handover_pb2.HandoverItem.STATUS_QUERIED
    with refused(Code.FAILED_PRECONDITION) as refusal:
        delivery.workflow.AcceptHandover(way.AcceptHandoverRequest(name=made.name, accept_open_items=True))
    assert refusal.reason == "OPEN_QUERIES" and refusal.metadata["items"] == first.id
    with refused(Code.PERMISSION_DENIED) as refusal:
        delivery.workflow.AnswerHandoverItem(way.AnswerHandoverItemRequest(
            name=made.name, item_id=first.id, text="I answer myself"))
    assert refusal.reason == "WRONG_TEAM" and refusal.metadata["team"] == "sales"
    sales.workflow.AnswerHandoverItem(way.AnswerHandoverItemRequest(
        name=made.name, item_id=first.id, text="Next year"))
    with refused(Code.FAILED_PRECONDITION) as refusal:
        delivery.workflow.AcceptHandover(way.AcceptHandoverRequest(name=made.name))
    assert refusal.reason == "UNDECIDED_ITEMS"
    accepted = delivery.workflow.AcceptHandover(way.AcceptHandoverRequest(name=made.name, accept_open_items=True))
    assert accepted.state == handover_pb2.Handover.STATE_ACCEPTED and accepted.accepted_by == "pekka"
    thread = next(found for found in accepted.items if found.id == first.id).thread
    assert [(said.principal, said.team, said.text) for said in thread] == [
        ("pekka", "delivery", "Which year?"), ("aino", "sales", "Next year")]
    now = sales.commitments.GetCommitment(commitment_pb2.GetCommitmentRequest(name=given.name))
    assert (now.team, now.owner, now.revision) == ("delivery", "maija", accepted.revision)
    assert sales.commitments.GetCommitment(commitment_pb2.GetCommitmentRequest(name=kept.name)).team == "sales"


def test_acceptance_moves_the_account_into_the_stage_that_the_handover_names(teams):
    sales, delivery = teams
    made = offered(sales, stage="renewal")
    with refused(Code.FAILED_PRECONDITION) as refusal:
        delivery.workflow.AcceptHandover(way.AcceptHandoverRequest(name=made.name, accept_open_items=True))
    assert refusal.reason == "STAGE_NOT_ENTERED" and refusal.fields
    assert read(sales, made.name).state == handover_pb2.Handover.STATE_OFFERED
    kept = delivery.workflow.AcceptHandover(way.AcceptHandoverRequest(
        name=made.name, accept_open_items=True, keep_stage=True))
    assert kept.state == handover_pb2.Handover.STATE_ACCEPTED
    other = offered(sales, stage="prospect")
    accepted = delivery.workflow.AcceptHandover(way.AcceptHandoverRequest(name=other.name, accept_open_items=True))
    view = sales.views.GetAccountView(view_pb2.GetAccountViewRequest(name=sales.account))
    (move,) = view.stage_transitions
    assert (move.to_stage, move.team, move.revision) == ("prospect", "delivery", accepted.revision)
    assert move.evidence[0].record == other.name


def stages(api):
    view = api.views.GetAccountView(view_pb2.GetAccountViewRequest(name=api.account))
    return [move.to_stage for move in sorted(view.stage_transitions, key=lambda move: move.name)]


def move(api, stage, *confirmed):
    from punos.v1 import lifecycle_pb2
    api.service("LifecycleService").MoveStage(lifecycle_pb2.MoveStageRequest(
        account=api.account, to_stage=stage, confirmed=confirmed))


def test_what_sales_hands_to_delivery_moves_the_account_on_without_anybody_naming_the_stage(teams):
    sales, delivery = teams
    made = offered(sales)
    assert made.stage == "implementation"
    accepted = delivery.workflow.AcceptHandover(way.AcceptHandoverRequest(name=made.name, accept_open_items=True))
    view = sales.views.GetAccountView(view_pb2.GetAccountViewRequest(name=sales.account))
    (entered,) = view.stage_transitions
    assert (entered.to_stage, entered.revision) == ("implementation", accepted.revision)
    assert [(met.criterion, list(met.records)) for met in entered.criteria] == [("handover-accepted", [made.name])]


def test_a_handover_that_leads_on_asks_what_the_stage_asks(teams):
    sales, delivery = teams
    move(sales, "agreement", "chosen")
    made = offered(sales)
    with refused(Code.FAILED_PRECONDITION) as refusal:
        delivery.workflow.AcceptHandover(way.AcceptHandoverRequest(name=made.name, accept_open_items=True))
    assert refusal.reason == "STAGE_NOT_ENTERED" and "purchase-won" in str(refusal.fields)
    assert "handover-accepted" not in str(refusal.fields)
    delivery.workflow.AcceptHandover(way.AcceptHandoverRequest(
        name=made.name, accept_open_items=True, confirmed=["purchase-won"]))
    assert stages(sales) == ["agreement", "implementation"]


def test_a_second_sale_does_not_take_the_customer_back(teams):
    sales, delivery = teams
    move(sales, "use", "service-knows")
    made = offered(sales)
    assert made.stage == ""
    delivery.workflow.AcceptHandover(way.AcceptHandoverRequest(name=made.name, accept_open_items=True))
    assert stages(sales) == ["use"]


def test_a_templates_stage_that_the_journey_lacks_is_left_out_and_a_named_one_is_refused(teams):
    sales, delivery = teams
    sales.templates.CreateHandoverTemplate(template_pb2.CreateHandoverTemplateRequest(
        handover_template=template_pb2.HandoverTemplate(
            title="Ours", from_team="sales", to_team="delivery", stage="nowhere",
            items=[{"id": "one", "kind": "KIND_RISK", "title": "The risk"}])))
    assert offered(sales).stage == ""
    named = offered(sales, stage="nowhere")
    with refused(Code.FAILED_PRECONDITION) as refusal:
        delivery.workflow.AcceptHandover(way.AcceptHandoverRequest(name=named.name, accept_open_items=True))
    assert refusal.reason == "STAGE_NOT_ENTERED"


def test_a_handover_can_go_back_with_reasons_and_be_offered_again(teams):
    sales, delivery = teams
    made = offered(sales)
    with refused(Code.INVALID_ARGUMENT) as refusal:
        delivery.workflow.ReturnHandover(way.ReturnHandoverRequest(name=made.name))
    assert "text" in refusal.fields
    back = delivery.workflow.ReturnHandover(way.ReturnHandoverRequest(name=made.name, text="No success criterion"))
    assert back.state == handover_pb2.Handover.STATE_RETURNED
    assert [(entry.team, entry.reasons) for entry in back.returns] == [("delivery", "No success criterion")]
    with refused(Code.FAILED_PRECONDITION) as refusal:
        delivery.workflow.AcceptHandover(way.AcceptHandoverRequest(name=made.name, accept_open_items=True))
    assert refusal.reason == "WRONG_STATE" and refusal.metadata == {"state": "returned", "team": "sales"}
    again = sales.workflow.OfferHandover(way.OfferHandoverRequest(name=made.name))
    assert again.first_offered_time == made.offered_time


def test_what_was_accepted_is_not_edited_and_what_was_asked_is_not_removed(teams):
    sales, delivery = teams
    made = offered(sales, items=[item("a"), item("b")])
    delivery.workflow.AcceptHandoverItem(way.AcceptHandoverItemRequest(name=made.name, item_id="a"))
    delivery.workflow.QueryHandoverItem(way.QueryHandoverItemRequest(name=made.name, item_id="b", text="?"))

    def update(change):
        now = read(sales, made.name)
        items = [found for found in now.items if change(found) is not False]
        return sales.handovers.UpdateHandover(handover_pb2.UpdateHandoverRequest(
            handover=handover_pb2.Handover(name=made.name, items=items), update_mask={"paths": ["items"]}))

    def edited(found):
        if found.id == "a":
            found.text = "something else"

    with refused(Code.FAILED_PRECONDITION) as refusal:
        update(edited)
    assert refusal.reason == "ITEM_ACCEPTED" and refusal.metadata == {"item": "a", "team": "delivery"}
    with refused(Code.FAILED_PRECONDITION) as refusal:
        update(lambda found: found.id != "b")
    assert refusal.reason == "ITEM_DISCUSSED"
    sales.workflow.AnswerHandoverItem(way.AnswerHandoverItemRequest(name=made.name, item_id="b", text="!"))
    delivery.workflow.AcceptHandover(way.AcceptHandoverRequest(name=made.name, accept_open_items=True))
    with refused(Code.FAILED_PRECONDITION) as refusal:
        sales.handovers.UpdateHandover(handover_pb2.UpdateHandoverRequest(
            handover=handover_pb2.Handover(name=made.name, summary="late news")))
    assert refusal.reason == "HANDOVER_FIXED"
    with refused(Code.FAILED_PRECONDITION) as refusal:
        sales.handovers.DeleteHandover(handover_pb2.DeleteHandoverRequest(name=made.name))
    assert refusal.reason == "HANDOVER_FIXED"
    closed = delivery.workflow.CloseHandover(way.CloseHandoverRequest(name=made.name, text="Went well"))
    assert closed.state == handover_pb2.Handover.STATE_CLOSED and closed.outcome == "Went well"
    assert (closed.closed_by, closed.closed_team) == ("pekka", "delivery")


def test_a_rejected_item_that_is_rewritten_is_looked_at_again(teams):
    sales, delivery = teams
    made = offered(sales, items=[item("a")])
    no = delivery.workflow.RejectHandoverItem(way.RejectHandoverItemRequest(
        name=made.name, item_id="a", text="Not ours"))
    assert no.items[0].status == handover_pb2.HandoverItem.STATUS_REJECTED and no.items[0].decided_by == "pekka"
    items = list(no.items)
    items[0].text = "better"
    changed = sales.handovers.UpdateHandover(handover_pb2.UpdateHandoverRequest(
        handover=handover_pb2.Handover(name=made.name, items=items)))
    assert changed.items[0].status == handover_pb2.HandoverItem.STATUS_OPEN and changed.items[0].thread


def test_within_a_team_the_people_named_take_over(punos):
    tenant = punos.new_tenant()
    with client(punos, tenant=tenant, name="aino") as aino, client(punos, tenant=tenant, name="ville") as ville:
        aino.account = aino.accounts.CreateAccount(account_pb2.CreateAccountRequest(
            account=account_pb2.Account(display_name="X", status="STATUS_CURRENT"))).name
        with refused(Code.INVALID_ARGUMENT) as refusal:
            draft(aino, to_team="sales")
        assert "handover.to_people" in refusal.fields
        made = offered(aino, to_team="sales", to_people=["ville"])
        with refused(Code.PERMISSION_DENIED):
            aino.workflow.AcceptHandover(way.AcceptHandoverRequest(name=made.name, accept_open_items=True))
        ville.workflow.AcceptHandover(way.AcceptHandoverRequest(name=made.name, accept_open_items=True))


def test_a_tenants_own_template_takes_the_place_of_the_one_that_comes_along(teams):
    sales, _ = teams
    wanted = way.FindHandoverTemplateRequest(from_team="sales", to_team="delivery")
    found = sales.workflow.FindHandoverTemplate(wanted)
    assert {"renewal-owner", "payment"} <= {asked.id for asked in found.items if asked.required} and not found.name
    own = sales.templates.CreateHandoverTemplate(template_pb2.CreateHandoverTemplateRequest(
        handover_template=template_pb2.HandoverTemplate(
            title="Ours", from_team="sales", to_team="delivery", stage="delivery",
            items=[{"id": "one", "kind": "KIND_RISK", "title": "The risk", "required": True, "why": "it bites"}])))
    assert sales.workflow.FindHandoverTemplate(wanted).name == own.name
    made = draft(sales)
    gaps = sales.workflow.GetHandoverReadiness(way.GetHandoverReadinessRequest(name=made.name)).gaps
    assert [(gap.title, gap.why) for gap in gaps] == [("The risk", "it bites")]


def test_handovers_are_listed_found_seen_in_the_view_and_told_by_history(teams):
    sales, delivery = teams
    made = offered(sales, title="Hissien uusinta", external_ids=[{"system": "crm", "id": "7"}])
    listed = delivery.handovers.ListHandovers(handover_pb2.ListHandoversRequest(
        parent="accounts/-", filter='state = OFFERED AND to_team = "delivery"', order_by="due_date"))
    assert [found.name for found in listed.handovers] == [made.name]
    hits = delivery.searching.Search(search_pb2.SearchRequest(query="hissi", kinds=["handover"])).hits
    assert [hit.record for hit in hits] == [made.name]
    view = delivery.views.GetAccountView(view_pb2.GetAccountViewRequest(name=sales.account))
    assert [found.title for found in view.handovers] == ["Hissien uusinta"]
    history = delivery.changes.GetHistory(change_pb2.GetHistoryRequest(name=made.name)).changes
    assert any(difference.path == "state" for difference in history[0].differences)
    assert read(sales, f"{sales.account}/handovers/ext:crm:7").name == made.name
    assert read(sales, made.name, as_of_revision=history[-1].revision).state == handover_pb2.Handover.STATE_DRAFT
    answer = sales.handovers.BatchUpsertHandovers(handover_pb2.BatchUpsertHandoversRequest(handovers=[
        handover_pb2.Handover(name=f"{sales.account}/handovers/-", summary="more", to_team="delivery",
                              external_ids=[{"system": "crm", "id": "7"}])]))
    assert answer.results[0].name == made.name
    now = read(sales, made.name)
    assert now.summary == "more" and now.state == handover_pb2.Handover.STATE_OFFERED and len(now.items) == len(made.items)


def test_links_must_lead_somewhere(teams):
    sales, _ = teams
    with refused(Code.INVALID_ARGUMENT) as refusal:
        draft(sales, items=[item("a", links=["contacts/nobody"])])
    assert refusal.fields["handover.items[0].links[0]"].reason == "UNKNOWN_CONTACT"


def test_measures_tell_how_long_acceptance_takes_and_how_promises_fare(teams):
    sales, delivery = teams
    given = promise(sales)
    made = offered(sales)
    delivery.workflow.QueryHandoverItem(way.QueryHandoverItemRequest(
        name=made.name, item_id=made.items[0].id, text="?"))
    sales.workflow.AnswerHandoverItem(way.AnswerHandoverItemRequest(
        name=made.name, item_id=made.items[0].id, text="!"))
    delivery.workflow.AcceptHandover(way.AcceptHandoverRequest(name=made.name, accept_open_items=True))
    delivery.commitments.UpdateCommitment(commitment_pb2.UpdateCommitmentRequest(
        commitment=commitment_pb2.Commitment(name=given.name, status="STATUS_KEPT", settled_date="2026-11-01")))
    measures = sales.workflow.GetHandoverMeasures(way.GetHandoverMeasuresRequest(parent="accounts/-", to_team="delivery"))
    assert (measures.handovers, measures.offered, measures.accepted, measures.returned) == (1, 1, 1, 0)
    assert measures.items_queried == 1 and measures.items == len(made.items)
    assert measures.complete_handovers.kept == 1 and measures.complete_handovers.kept_share == 1
    assert measures.HasField("median_time_to_accept")


# Sync


def copy_of(handover):
    copy = handover_pb2.Handover()
    copy.CopyFrom(handover)
    return copy


def sync(api, copy, **base):
    return api.workflow.SyncHandover(way.SyncHandoverRequest(handover=copy, **base))


def test_edits_of_two_copies_come_together_line_by_line(teams):
    sales, delivery = teams
    made = draft(sales, summary="one\ntwo\nthree", items=[item("a")])
    mine, theirs = copy_of(made), copy_of(made)
    mine.summary = "ONE\ntwo\nthree"
    mine.due_date = "2027-01-01"
    theirs.summary = "one\ntwo\nTHREE"
    theirs.items.add(id="b", kind="KIND_RISK", title="New")
    first = sync(sales, mine, base_revision=made.revision)
    second = sync(delivery, theirs, base_revision=made.revision)
    assert first.outcome == second.outcome == way.SyncHandoverResponse.OUTCOME_MERGED
    assert second.handover.summary == "ONE\ntwo\nTHREE" and second.handover.due_date == "2027-01-01"
    assert [found.id for found in second.handover.items] == ["a", "b"]
    again = sync(sales, mine, base_handover=made)
    assert again.outcome == way.SyncHandoverResponse.OUTCOME_UNCHANGED
    assert again.handover.revision == second.handover.revision


def test_what_both_changed_differently_is_a_conflict_and_nothing_is_written(teams):
    sales, delivery = teams
    made = draft(sales, summary="one")
    mine, theirs = copy_of(made), copy_of(made)
    mine.summary, theirs.summary = "mine", "theirs"
    written = sync(delivery, theirs, base_revision=made.revision).handover
    answer = sync(sales, mine, base_revision=made.revision)
    assert answer.outcome == way.SyncHandoverResponse.OUTCOME_CONFLICT and answer.current == written
    piece = answer.conflicts[0].pieces[0]
    assert (answer.conflicts[0].field, list(piece.yours), list(piece.theirs), list(piece.origin)) == (
        "summary", ["mine"], ["theirs"], ["one"])
    assert read(sales, made.name).revision == written.revision
    mine.summary = "mine and theirs"
    settled = sync(sales, mine, base_revision=answer.current.revision)
    assert settled.outcome == way.SyncHandoverResponse.OUTCOME_MERGED


def test_a_sync_keeps_off_what_the_receiver_accepted_and_keeps_threads(teams):
    sales, delivery = teams
    made = offered(sales, items=[item("a"), item("b")])
    delivery.workflow.AcceptHandoverItem(way.AcceptHandoverItemRequest(name=made.name, item_id="a"))
    delivery.workflow.QueryHandoverItem(way.QueryHandoverItemRequest(name=made.name, item_id="b", text="?"))
    mine = copy_of(made)
    mine.items[1].text = "more"
    merged = sync(sales, mine, base_revision=made.revision).handover
    assert merged.items[1].text == "more" and merged.items[1].thread
    assert merged.items[1].status == handover_pb2.HandoverItem.STATUS_QUERIED
    mine.items[0].text = "other"
    with refused(Code.FAILED_PRECONDITION) as refusal:
        sync(sales, mine, base_revision=made.revision)
    assert refusal.reason == "ITEM_ACCEPTED"


def test_a_copy_made_from_nothing_creates_the_handover_once(teams):
    sales, _ = teams
    copy = handover_pb2.Handover(name=f"{sales.account}/handovers/new-1", title="New", to_team="delivery",
                                 items=[item("a")])
    first, second = sync(sales, copy), sync(sales, copy)
    assert first.outcome == way.SyncHandoverResponse.OUTCOME_MERGED
    assert second.outcome == way.SyncHandoverResponse.OUTCOME_UNCHANGED
    assert second.handover.revision == first.handover.revision
    with refused(Code.NOT_FOUND):
        sync(sales, handover_pb2.Handover(name=f"{sales.account}/handovers/none", title="x", to_team="delivery"),
             base_handover=copy)
    with refused(Code.INVALID_ARGUMENT):
        sync(sales, handover_pb2.Handover(name=copy.name, title="x", to_team="delivery",
                                          items=[{"kind": "KIND_RISK", "title": "no id"}]))


def test_a_sync_sent_again_under_its_id_is_answered_as_the_first_time_whatever_others_wrote_since(teams):
    sales, _ = teams
    made = draft(sales, summary="first", items=[item("a"), item("b")])
    mine = copy_of(made)
    mine.summary, mine.items[0].title = "mine", "A"
    first = sync(sales, mine, base_revision=made.revision, request_id="once")
    sales.handovers.UpdateHandover(handover_pb2.UpdateHandoverRequest(
        handover=handover_pb2.Handover(name=made.name, summary="theirs", items=[item("b")])))
    assert sync(sales, mine, base_revision=made.revision, request_id="once") == first
    now = read(sales, made.name)
    assert now.summary == "theirs" and [one.id for one in now.items] == ["b"]
    sales.handovers.DeleteHandover(handover_pb2.DeleteHandoverRequest(name=made.name))
    assert sync(sales, mine, base_revision=made.revision, request_id="once").handover.summary == "mine"
    with refused(Code.ALREADY_EXISTS) as refusal:
        sync(sales, copy_of(made), base_revision=made.revision, request_id="once")
    assert refusal.reason == "REQUEST_ID_REUSED"


def test_an_item_deleted_in_a_copy_stays_where_it_was_asked_about_since(teams):
    sales, delivery = teams
    made = offered(sales, items=[item("a"), item("b")])
    mine = copy_of(made)
    del mine.items[0]
    delivery.workflow.QueryHandoverItem(way.QueryHandoverItemRequest(name=made.name, item_id="a", text="?"))
    answer = sync(sales, mine, base_revision=made.revision)
    assert "a" in [one.id for one in answer.handover.items] and len(answer.notes) == 1
    with refused(Code.FAILED_PRECONDITION) as refusal:
        sync(sales, mine, base_revision=answer.handover.revision)
    assert refusal.reason == "ITEM_DISCUSSED"


def test_the_sync_example_of_the_guide_runs(punos, stubs, capsys):
    text = (ROOT / "docs" / "handovers.md").read_text()
    example = re.search(r"```python\n(.*?)```", text, re.S).group(1)
    certificate, key = punos.certificate(tenant=punos.new_tenant())
    exec(compile(example, "docs/handovers.md", "exec"), {
        "CA_FILE": punos.data / "pki" / "ca.pem", "CERTIFICATE_FILE": certificate, "KEY_FILE": key,
        "ENDPOINT": punos.target})
    printed = capsys.readouterr().out
    assert "settled: the tower\nDue in June, or in July" in printed
