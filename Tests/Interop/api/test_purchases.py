"""Purchases: how customers buy."""

import grpc
import pytest
from punosapi.deciding import Deciding
from punosapi.errors import refused

Code = grpc.StatusCode


@pytest.fixture(scope="module", autouse=True)
def modules(stubs):
    global purchase_pb2, analysis_pb2, analysis_grpc, view_pb2, search_pb2, change_pb2
    from punos.v1 import change_pb2, purchase_pb2, search_pb2
    from punos.v1 import account_view_pb2 as view_pb2
    from punos.v1 import purchase_analysis_pb2 as analysis_pb2
    from punos.v1 import purchase_analysis_pb2_grpc as analysis_grpc


@pytest.fixture
def kuura(api):
    return Deciding(api)


def test_a_purchase_is_open_and_ours_until_somebody_says_otherwise(kuura):
    made = kuura.purchase(need="Orders are typed twice", value={"currency": "EUR", "units": 120000})
    assert made.status == purchase_pb2.Purchase.STATUS_OPEN
    assert (made.owner, made.team) == ("aino", "sales")
    assert (made.customer, made.currency, made.value_hundredths) == (kuura.account, "EUR", 12000000)
    assert not made.HasField("cycle_days")


def test_what_only_the_server_says_cannot_be_sent(kuura):
    made = kuura.purchase(value_hundredths=5, customer="accounts/other", cycle_days=3)
    assert (made.customer, made.HasField("value_hundredths"), made.HasField("cycle_days")) == (kuura.account, False, False)


def test_everything_wrong_is_named_at_once(kuura):
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.purchase(
            status="STATUS_OPEN", opened_date="2026-05-02", decided_date="2026-05-01", winner="Other Oy",
            reasons=[{"kind": "KIND_PRICE"}], stage="Nowhere", value={"currency": "EUR", "units": -1},
            stages=[{"title": "Case", "entered_date": "2026-02-01", "left_date": "2026-01-01"}, {"title": "Case"}],
            criteria=[{"text": "Price", "weight": 1.5}])
    reasons = {path: violation.reason for path, violation in refusal.fields.items()}
    assert reasons["purchase.stage"] == "UNKNOWN_STAGE" and "Case" in refusal.fields["purchase.stage"].description
    assert reasons["purchase.stages[0].left_date"] == "EMPTY_SPAN" and reasons["purchase.stages[1].title"] == "TWICE"
    assert reasons["purchase.winner"] == "NOT_LOST" and reasons["purchase.reasons"] == "NOT_DECIDED"
    assert reasons["purchase.value"] == "BAD_AMOUNT" and "purchase.criteria[0].weight" in reasons


def amounts(message, path=()):
    """Every field of a message that is an amount of money, as a path of fields."""
    for field in message.fields:
        inner = field.message_type
        if inner is None or inner.GetOptions().map_entry:
            continue
        if inner.full_name == "punos.v1.Money":
            yield (*path, field)
        elif inner.full_name.startswith("punos.v1.") and field not in path:
            yield from amounts(inner, (*path, field))


def test_no_amount_of_a_purchase_is_negative(kuura):
    found = list(amounts(purchase_pb2.Purchase.DESCRIPTOR))
    assert {".".join(field.name for field in path) for path in found} >= {"value", "customer_value", "pains.yearly_cost"}
    for path in found:
        for amount in ({"units": -1}, {"nanos": -10_000_000}):
            made = purchase_pb2.Purchase()
            message = made
            for field in path:
                part = getattr(message, field.name)
                message = part.add() if field.is_repeated else part
            if path[0].name == "pains":
                made.pains[0].statement = "Seisokit"
            message.currency = "EUR"
            for name, number in amount.items():
                setattr(message, name, number)
            with refused(Code.INVALID_ARGUMENT) as refusal:
                kuura.purchase(**{path[0].name: getattr(made, path[0].name)})
            assert [violation.reason for violation in refusal.fields.values()] == ["BAD_AMOUNT"], path
            assert path[-1].name in "".join(refusal.fields), path


@pytest.mark.parametrize("way", ["update", "mask", "upsert"])
def test_a_purchase_that_is_open_again_needs_no_other_word_about_its_outcome(kuura, way):
    ids = [{"system": "crm", "id": "7"}]
    made = kuura.purchase("ERP", external_ids=ids, status="STATUS_LOST", opened_date="2026-01-01", decided_date="2026-05-05",
                          reasons=[{"kind": "KIND_PRICE"}], winner="Other Oy", need="Kept")

    def change(**fields):
        purchase = purchase_pb2.Purchase(name=made.name, **fields)
        if way == "upsert":
            result = kuura.purchases.BatchUpsertPurchases(purchase_pb2.BatchUpsertPurchasesRequest(
                parent=kuura.account,
                purchases=[purchase_pb2.Purchase(title="ERP", external_ids=ids, **fields)])).results[0]
            return [] if not result.HasField("error") else [result.error.message]
        mask = {"paths": list(fields)} if way == "mask" else None
        kuura.purchases.UpdatePurchase(purchase_pb2.UpdatePurchaseRequest(purchase=purchase, update_mask=mask))
        return []

    for _ in range(2):
        assert change(status="STATUS_OPEN") == []
        now = kuura.purchases.GetPurchase(purchase_pb2.GetPurchaseRequest(name=made.name))
        assert now.status == purchase_pb2.Purchase.STATUS_OPEN and now.need == "Kept"
        assert (now.decided_date, list(now.reasons), now.winner, now.HasField("cycle_days")) == ("", [], "", False)
    # An outcome that a change tells together with an open status is a contradiction still.
    if way == "upsert":
        assert "an open purchase has none" in change(status="STATUS_OPEN", decided_date="2026-05-05")[0]
    else:
        with refused(Code.INVALID_ARGUMENT) as refusal:
            change(status="STATUS_OPEN", decided_date="2026-05-05")
        assert refusal.fields["purchase.decided_date"].reason == "NOT_DECIDED"


def test_a_purchase_that_is_won_after_all_was_won_by_nobody_else(kuura):
    made = kuura.purchase(status="STATUS_LOST", decided_date="2026-05-05", winner="Other Oy", reasons=[{"kind": "KIND_PRICE"}])
    won = kuura.purchases.UpdatePurchase(purchase_pb2.UpdatePurchaseRequest(
        purchase=purchase_pb2.Purchase(name=made.name, status="STATUS_WON")))
    assert (won.winner, won.decided_date, len(won.reasons)) == ("", "2026-05-05", 1)


def test_a_purchase_is_shown_found_listed_watched_and_remembered(api, kuura):
    made = kuura.purchase("Mill control", need="Stops cost us nights", external_ids=[{"system": "crm", "id": "7"}])
    update = purchase_pb2.UpdatePurchaseRequest(
        purchase=purchase_pb2.Purchase(
            name=f"{kuura.account}/purchases/ext:crm:7", status="STATUS_WON", decided_date="2026-05-05"),
        reason="signed")
    stream = api.changes.WatchChanges(
        change_pb2.WatchChangesRequest(after_revision=made.revision, kinds=["purchase"], fields=["status"]), timeout=30)
    events = iter(stream)
    assert next(events).bookmark.revision == made.revision
    won = kuura.purchases.UpdatePurchase(update)
    assert won.name == made.name
    told = next(event.change for event in events if event.HasField("change"))
    stream.cancel()
    assert (told.record, told.reason, told.revision) == (made.name, "signed", won.revision)
    assert ("status", "STATUS_WON") in [(difference.path, difference.after) for difference in told.differences]
    view = api.views.GetAccountView(view_pb2.GetAccountViewRequest(name=kuura.account))
    assert [p.title for p in view.purchases] == ["Mill control"]
    then = api.views.GetAccountView(view_pb2.GetAccountViewRequest(name=kuura.account, as_of_revision=made.revision))
    assert then.purchases[0].status == purchase_pb2.Purchase.STATUS_OPEN
    hits = api.searching.Search(search_pb2.SearchRequest(query="nights", kinds=["purchase"])).hits
    assert [hit.record for hit in hits] == [made.name]
    listed = kuura.purchases.ListPurchases(purchase_pb2.ListPurchasesRequest(
        parent="accounts/-", filter="status = WON AND decided_date >= 2026-05-01"))
    assert [p.name for p in listed.purchases] == [made.name]
    history = api.changes.GetHistory(change_pb2.GetHistoryRequest(name=made.name))
    assert [change.reason for change in history.changes] == ["signed", ""]


def test_an_upsert_from_another_system_keeps_what_people_told_of_stages_and_rivals(kuura):
    kuura.purchase(
        external_ids=[{"system": "crm", "id": "7"}], competitors=[{"name": "Other", "strengths": "cheap"}],
        stages=[{"title": "Case"}, {"title": "Board"}])
    answer = kuura.purchases.BatchUpsertPurchases(purchase_pb2.BatchUpsertPurchasesRequest(
        parent=kuura.account, purchases=[purchase_pb2.Purchase(
            title="ERP", external_ids=[{"system": "crm", "id": "7"}],
            competitors=[{"name": "Other", "position": "POSITION_PREFERRED"}], stages=[{"title": "Board", "contact": ""}])]))
    after = kuura.purchases.GetPurchase(purchase_pb2.GetPurchaseRequest(name=answer.results[0].name))
    assert after.title == "ERP" and [s.title for s in after.stages] == ["Case", "Board"]
    assert [(c.name, c.position) for c in after.competitors] == [("Other", purchase_pb2.Competitor.POSITION_PREFERRED)]


def test_the_summary_adds_up_what_is_won_lost_and_open(api, kuura):
    euros = lambda units: {"currency": "EUR", "units": units}
    kuura.purchase(status="STATUS_WON", opened_date="2026-01-01", decided_date="2026-01-11", value=euros(100), product="A")
    kuura.purchase(status="STATUS_WON", opened_date="2026-01-01", decided_date="2026-01-21", product="A",
                   value={"currency": "EUR", "units": 200, "nanos": 500000000})
    kuura.purchase(status="STATUS_LOST", opened_date="2026-01-01", decided_date="2026-01-05", value=euros(70), product="B")
    kuura.purchase(status="STATUS_NO_DECISION", product="B")
    kuura.purchase(value={"currency": "SEK", "units": 9}, product="B")
    summaries = analysis_grpc.PurchaseAnalysisServiceStub(api.channel)
    summary = summaries.SummarizePurchases(analysis_pb2.SummarizePurchasesRequest(group_by="GROUPING_PRODUCT"))
    total = summary.total
    assert (total.purchases, total.won, total.lost, total.no_decision, total.open) == (5, 2, 1, 1, 1)
    assert (total.win_rate, total.won_cycle_days, total.lost_cycle_days) == (0.5, 15, 4)
    values = {value.currency: value for value in total.values}
    assert (values["EUR"].won.units, values["EUR"].won.nanos, values["EUR"].lost.units) == (300, 500000000, 70)
    assert (values["EUR"].average_won.units, values["EUR"].average_won.nanos) == (150, 250000000)
    assert values["SEK"].open.units == 9 and not values["SEK"].HasField("average_won")
    assert {group.key: (group.purchases, group.won) for group in summary.groups} == {"A": (2, 2), "B": (3, 0)}
    one = summaries.SummarizePurchases(analysis_pb2.SummarizePurchasesRequest(
        parent=kuura.account, group_by="GROUPING_ACCOUNT", filter="status = WON"))
    assert [(g.key, g.title, g.purchases, g.win_rate) for g in one.groups] == [(kuura.account, "Kuura", 2, 1.0)]


def test_a_summary_is_cut_where_more_groups_are_there_than_were_asked_for(api, kuura):
    for product in "ABC":
        kuura.purchase(product=product)
    summaries = analysis_grpc.PurchaseAnalysisServiceStub(api.channel)
    summary = summaries.SummarizePurchases(analysis_pb2.SummarizePurchasesRequest(
        group_by="GROUPING_PRODUCT", page_size=2))
    assert len(summary.groups) == 2 and summary.truncated and summary.total.purchases == 3
