"""What is worth something to a customer: weights beside guesses, promises beside what came of them, and a summary to give away."""

import io

import grpc
import pytest
from punosapi.errors import refused

Code = grpc.StatusCode


@pytest.fixture(scope="module", autouse=True)
def modules(stubs):
    global account_pb2, contact_pb2, commitment_pb2, driver_pb2, segment_pb2, value_pb2, view_pb2, change_pb2, search_pb2
    from punos.v1 import account_pb2, change_pb2, commitment_pb2, contact_pb2, search_pb2
    from punos.v1 import account_view_pb2 as view_pb2
    from punos.v1 import end_customer_segment_pb2 as segment_pb2
    from punos.v1 import value_driver_pb2 as driver_pb2
    from punos.v1 import value_service_pb2 as value_pb2


def account(api, name="Kuura Konepaja"):
    return api.accounts.CreateAccount(account_pb2.CreateAccountRequest(
        account=account_pb2.Account(display_name=name, status="STATUS_CURRENT"))).name


def driver(api, parent, statement="Machines run when we need them", rung="RUNG_ECONOMIC", **fields):
    return api.service("ValueDriverService").CreateValueDriver(driver_pb2.CreateValueDriverRequest(
        parent=parent, value_driver=driver_pb2.ValueDriver(statement=statement, rung=rung, **fields)))


def downtime(**fields):
    return {"metric": "unplanned downtime", "unit": "h/month",
            "baseline": {"value": 40, "date": "2026-01-15"}, "promised": {"value": 10, "date": "2026-06-30"},
            "realised": [{"value": 22, "date": "2026-04-10", "source": "maintenance system"},
                         {"value": 8, "date": "2026-07-10"}]} | fields


def ladder(api, name, **request):
    return api.service("ValueService").GetValueLadder(value_pb2.GetValueLadderRequest(name=name, **request))


def summary(api, name, **request):
    return api.service("ValueService").ExportValueSummary(value_pb2.ExportValueSummaryRequest(name=name, **request))


def reasons(refusal):
    return {path: violation.reason for path, violation in refusal.fields.items()}


def test_the_ladder_shows_the_customers_weight_beside_our_guess_and_the_gap(api):
    kuura = account(api)
    made = driver(api, kuura, **downtime(
        customer_weights=[{"weight": 0.9, "date": "2026-06-01", "voice": "plant manager"},
                          {"weight": 0.5, "date": "2026-05-01", "voice": "procurement"}],
        guesses=[{"weight": 0.3, "date": "2026-05-01"}]))
    assert made.guesses[0].voice == "sales"
    told = ladder(api, kuura, date="2026-08-01")
    standing = told.rungs[0].drivers[0]
    assert (standing.value_driver, standing.customer_weight, standing.guess) == (made.name, 0.7, 0.3)
    assert standing.gap == pytest.approx(0.4) and standing.customer_spread == pytest.approx(0.4)
    assert sorted(reason.weight for reason in standing.because) == [0.3, 0.5, 0.9]
    assert all(reason.record == made.name and reason.sentence for reason in standing.because)
    assert [round(point.percent, 2) for point in standing.realisation] == [60, 106.67]
    assert standing.outcome == value_pb2.ValueStanding.OUTCOME_REALISED
    assert told.findings[0].kind == value_pb2.ValueFinding.KIND_MISJUDGED
    assert "arvasimme 0,3" in ladder(api, kuura, date="2026-08-01", language="fi").findings[0].sentence


def test_the_ladder_is_as_of_a_day_and_as_it_was_known(api):
    kuura = account(api)
    made = driver(api, kuura, **downtime(customer_weights=[{"weight": 0.2, "date": "2026-01-01"}]))
    assert ladder(api, kuura, date="2026-05-01").rungs[0].drivers[0].realised_percent == 60
    api.service("ValueDriverService").UpdateValueDriver(driver_pb2.UpdateValueDriverRequest(
        value_driver=driver_pb2.ValueDriver(name=made.name, customer_weights=[
            {"weight": 0.2, "date": "2026-01-01"}, {"weight": 0.8, "date": "2026-03-01"}])))
    assert ladder(api, kuura, date="2026-02-01").rungs[0].drivers[0].customer_weight == 0.2
    assert ladder(api, kuura, date="2026-08-01").rungs[0].drivers[0].customer_weight == 0.8
    then = ladder(api, kuura, date="2026-08-01", as_of_revision=made.revision)
    assert then.rungs[0].drivers[0].customer_weight == 0.2 and then.revision == made.revision


def test_what_sets_us_apart_stands_against_what_leaves_us_on_price(api):
    kuura = account(api)
    driver(api, kuura, "Cheap", position="POSITION_PRICE", customer_weights=[{"weight": 0.6, "date": "2026-01-01"}])
    driver(api, kuura, "Calm", rung="RUNG_EMOTIONAL", position="POSITION_SETS_APART",
           customer_weights=[{"weight": 0.2, "date": "2026-01-01"}])
    told = ladder(api, kuura, date="2026-03-01")
    assert (told.price_share, told.apart_share) == (pytest.approx(0.75), pytest.approx(0.25))
    assert [finding.kind for finding in told.findings] == [value_pb2.ValueFinding.KIND_PRICE_ONLY]
    assert [rung.rung for rung in told.rungs] == [1, 3]


@pytest.mark.parametrize("fields, path, reason", [
    ({"customer_weights": [{"weight": 40, "date": "2026-01-01"}]}, "customer_weights[0].weight", "RANGE"),
    ({"guesses": [{"weight": -0.1, "date": "2026-01-01"}]}, "guesses[0].weight", "RANGE"),
    ({"customer_weights": [{"date": "2026-01-01"}]}, "customer_weights[0].weight", "REQUIRED"),
    ({"customer_weights": [{"weight": 0.4, "date": "2999-01-01"}]}, "customer_weights[0].date", "FUTURE_DATE"),
    ({"customer_weights": [{"weight": 0.4, "date": "2026-01-01"}, {"weight": 0.5, "date": "2026-01-01"}]},
     "customer_weights[1]", "DUPLICATE_WEIGHT"),
    ({"confidence": 1.2}, "confidence", "RANGE"),
    ({"confidence": float("nan")}, "confidence", "RANGE"),
    ({"evidence": [{"kind": "KIND_WEB"}]}, "evidence[0]", "NO_EVIDENCE"),
    ({"evidence": [{"record": "accounts/none"}]}, "evidence[0].record", "UNKNOWN_ACCOUNT"),
    ({"rung": 99}, "rung", "UNKNOWN_VALUE"),
    (downtime(metric=""), "metric", "REQUIRED"),
    (downtime(baseline=None), "baseline", "REQUIRED"),
    (downtime(promised={"value": 40, "date": "2026-06-30"}), "promised.value", "NO_CHANGE_PROMISED"),
    (downtime(promised={"value": 10, "date": "2026-01-15"}), "promised.date", "EMPTY_SPAN"),
    (downtime(promised={"value": float("inf"), "date": "2026-06-30"}), "promised.value", "NOT_A_NUMBER"),
    (downtime(realised=[{"value": 1, "date": "2025-01-01"}]), "realised[0].date", "BEFORE_BASELINE"),
    (downtime(realised=[{"value": 1, "date": "2026-03-01"}] * 2), "realised[1].date", "DUPLICATE_MEASUREMENT"),
    (downtime(realised=[{"value": 1, "date": "2999-03-01"}]), "realised[0].date", "FUTURE_DATE"),
    ({"rung": "RUNG_UNSPECIFIED"}, "rung", "REQUIRED"),
])
def test_what_does_not_fit_is_refused_by_field_with_the_way_out(api, fields, path, reason):
    kuura = account(api)
    with refused(Code.INVALID_ARGUMENT) as refusal:
        driver(api, kuura, **fields)
    found = reasons(refusal)
    assert found.get(f"value_driver.{path}") == reason, found
    assert len(refusal.fields[f"value_driver.{path}"].description) > 10


def test_a_promise_must_lie_in_the_same_account(api):
    kuura, other = account(api), account(api, "Other")
    promise = api.service("CommitmentService").CreateCommitment(commitment_pb2.CreateCommitmentRequest(
        parent=other, commitment=commitment_pb2.Commitment(title="10 h")))
    with refused(Code.INVALID_ARGUMENT) as refusal:
        driver(api, kuura, commitment=promise.name)
    assert reasons(refusal) == {"value_driver.commitment": "OTHER_ACCOUNT"}


def test_value_drivers_are_in_the_view_the_history_the_watch_and_the_search(api):
    kuura = account(api)
    made = driver(api, kuura, "Koneet käyvät kun niitä tarvitaan")
    view = api.views.GetAccountView(view_pb2.GetAccountViewRequest(name=kuura))
    assert [seen.name for seen in view.value_drivers] == [made.name]
    history = api.changes.GetHistory(change_pb2.GetHistoryRequest(name=made.name))
    assert len(history.changes) == 1
    hits = api.searching.Search(search_pb2.SearchRequest(query="kone", kinds=["value_driver"])).hits
    assert [hit.record for hit in hits] == [made.name]
    watch = api.changes.WatchChanges(change_pb2.WatchChangesRequest(after_revision=0, kinds=["value_driver"]), timeout=20)
    assert next(event.change.record for event in watch if event.HasField("change")) == made.name
    watch.cancel()


def test_value_drivers_are_listed_filtered_and_upserted_by_external_id(api):
    kuura = account(api)
    service = api.service("ValueDriverService")
    for rung in ("RUNG_ECONOMIC", "RUNG_EASE"):
        service.BatchUpsertValueDrivers(driver_pb2.BatchUpsertValueDriversRequest(parent=kuura, value_drivers=[
            driver_pb2.ValueDriver(statement="One contact", rung=rung, external_ids=[{"system": "crm", "id": "v1"}])]))
    listed = service.ListValueDrivers(driver_pb2.ListValueDriversRequest(parent=kuura, filter="rung = EASE"))
    assert [seen.statement for seen in listed.value_drivers] == ["One contact"]
    assert not service.ListValueDrivers(
        driver_pb2.ListValueDriversRequest(parent=kuura, filter="rung = ECONOMIC")).value_drivers


def person(api, employer, name, title, **employment):
    return api.contacts.CreateContact(contact_pb2.CreateContactRequest(contact=contact_pb2.Contact(
        display_name=name, employments=[{"account": employer, "title": title} | employment])))


def test_a_summary_names_only_those_it_may_and_nothing_internal(api):
    kuura = account(api)
    liisa = person(api, kuura, "Liisa Korhonen", "COO")
    pekka = person(api, kuura, "Pekka Virtanen", "buyer")
    driver(api, kuura, "Pekka Virtanen wants machines that run", **downtime(
        customer_weights=[{"weight": 0.9, "date": "2026-06-01", "note": "SECRET"}],
        guesses=[{"weight": 0.3, "date": "2026-05-01", "note": "SECRET"}], description="SECRET",
        position="POSITION_PRICE", evidence=[{"text": "SECRET"}]))
    inside = driver(api, kuura, "SECRET plan", sharing="SHARING_INTERNAL")
    career = driver(api, kuura, "SECRET career", rung="RUNG_INDIVIDUAL")
    for kind, media in (("FORMAT_MARKDOWN", "text/markdown"), ("FORMAT_HTML", "text/html")):
        for language in ("en", "fi"):
            told = summary(api, kuura, format=kind, language=language, named_contacts=[liisa.name], date="2026-08-01")
            assert told.media_type == media
            assert "SECRET" not in told.content and "Pekka" not in told.content and "Liisa Korhonen, COO" in told.content
            assert told.names_removed == 1
            assert [(left.value_driver, left.reason) for left in told.omissions] == sorted(
                [(inside.name, 1), (career.name, 2)])
    former = person(api, kuura, "Former", "CEO", valid_to="2026-01-01")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        summary(api, kuura, named_contacts=[pekka.name, former.name])
    assert reasons(refusal) == {"named_contacts[1]": "NOT_AT_ACCOUNT"}
    assert "Former" not in refusal.message


def test_a_summary_in_an_unknown_language_is_refused(api):
    with refused(Code.INVALID_ARGUMENT) as refusal:
        summary(api, account(api), language="sv")
    assert "language" in refusal.fields


@pytest.mark.parametrize("language", ["en", "fi"])
def test_the_longest_summary_prints_on_two_pages(api, language):
    """Rendered by weasyprint, which needs no browser."""
    import pypdf
    import weasyprint
    kuura = account(api, "Oy " + "Pitkäniminen Konepajateollisuus " * 4 + "Ab")
    long = "Koneet käyvät silloin kun niitä tarvitaan, myös viikonloppuisin ja kesälomien aikana, "
    for index in range(12):
        driver(api, kuura, (long * 4)[:298] + str(index), **downtime(
            metric=("suunnittelematon seisokkiaika tuotantolinjalla kuukaudessa " * 3)[:120], unit="h/kk" * 10,
            customer_weights=[{"weight": 0.9, "date": "2026-06-01"}],
            yearly_worth={"currency": "EUR", "units": 123456789},
            realised=[{"value": 22, "date": "2026-04-10", "source": ("kunnossapitojärjestelmän raportti " * 7)[:200]}]))
    told = summary(api, kuura, format="FORMAT_HTML", language=language, sender="Meidän Yhtiömme Oy" * 3)
    pages = pypdf.PdfReader(io.BytesIO(weasyprint.HTML(string=told.content).write_pdf())).pages
    assert len(pages) == 2
    assert 5 <= len(told.omissions) <= 8


@pytest.mark.parametrize("language", ["en", "fi"])
def test_a_dozen_usual_value_drivers_print_on_two_pages(api, language):
    import pypdf
    import weasyprint
    kuura = account(api)
    for index in range(12):
        driver(api, kuura, f"{index}: koneet käyvät silloin kun niitä tarvitaan", **downtime(
            customer_weights=[{"weight": 0.9, "date": "2026-06-01"}], yearly_worth={"currency": "EUR", "units": 120000}))
    told = summary(api, kuura, format="FORMAT_HTML", language=language, sender="Our Company")
    pages = pypdf.PdfReader(io.BytesIO(weasyprint.HTML(string=told.content).write_pdf())).pages
    assert len(pages) == 2 and not told.omissions


def test_segments_say_whom_the_customer_serves_and_which_value_drivers_that_bears_on(api):
    kuura = account(api)
    runs = driver(api, kuura)
    service = api.service("EndCustomerSegmentService")

    def create(**fields):
        return service.CreateEndCustomerSegment(segment_pb2.CreateEndCustomerSegmentRequest(
            parent=kuura, end_customer_segment=segment_pb2.EndCustomerSegment(**fields)))

    made = create(title="Municipal housing", share=0.4, trend="TREND_SHIFTING", trend_note="Energy first since 2025",
                  expectations=[{"text": "Delivery in a week"}], experiences=[{"text": "Three weeks", "date": "2026-05-01"}],
                  value_drivers=[{"value_driver": runs.name, "how": "late lifts stop a building site"}])
    assert made.expectations[0].date
    view = api.views.GetAccountView(view_pb2.GetAccountViewRequest(name=kuura))
    assert [seen.title for seen in view.end_customer_segments] == ["Municipal housing"]
    found = service.ListEndCustomerSegments(segment_pb2.ListEndCustomerSegmentsRequest(parent=kuura, filter="share > 0.3"))
    assert len(found.end_customer_segments) == 1
    other = driver(api, account(api, "Other"))
    for fields, path, reason in [
        ({"share": 1.5}, "share", "RANGE"),
        ({"confidence": 1.2}, "confidence", "RANGE"),
        ({"evidence": [{}]}, "evidence[0]", "NO_EVIDENCE"),
        ({"expectations": [{"text": "x", "date": "2999-01-01"}]}, "expectations[0].date", "FUTURE_DATE"),
        ({"value_drivers": [{"value_driver": runs.name}] * 2}, "value_drivers[1].value_driver", "DUPLICATE_VALUE_DRIVER"),
        ({"value_drivers": [{"value_driver": other.name}]}, "value_drivers[0].value_driver", "OTHER_ACCOUNT"),
        ({"value_drivers": [{"value_driver": kuura + "/valueDrivers/none"}]}, "value_drivers[0].value_driver",
         "UNKNOWN_VALUE_DRIVER"),
    ]:
        with refused(Code.INVALID_ARGUMENT) as refusal:
            create(title="X", **fields)
        assert reasons(refusal) == {f"end_customer_segment.{path}": reason}
