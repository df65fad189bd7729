"""Northwind's 830 orders become interactions, and each account's rhythm is what the file says."""

import collections
import csv
import datetime
import os
import pathlib
import statistics

import pytest
from punosapi.installation import ROOT
from punosapi.people import People, moment

DATA = pathlib.Path(os.environ.get("PUNOS_SHARED_DATA", ROOT.parent / "shared" / "data")) / "northwind"
AS_OF = datetime.datetime(1998, 6, 1, 12, tzinfo=datetime.timezone.utc)


def rows(name):
    """The columns before the addresses: only behind them do unquoted commas shift anything."""
    path = DATA / name
    if not path.exists():
        absent = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        absent(f"{path} is not there; PUNOS_SHARED_DATA names the folder of shared data")
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def day(order):
    return datetime.datetime.fromisoformat(order["orderDate"]).replace(tzinfo=datetime.timezone.utc)


def expected(days):
    """The rhythm of these days of orders, worked out plainly."""
    touched = sorted({when.date() for when in days})
    gaps = [(later - earlier).days for earlier, later in zip(touched, touched[1:])]
    return {
        "interactions": len(days), "days": len(touched), "last": touched[-1],
        "median": statistics.median(gaps) if gaps else None, "longest": max(gaps) if gaps else None,
        "silent": (AS_OF.date() - touched[-1]).days}


def told(rhythm):
    return {
        "interactions": rhythm.interactions, "days": rhythm.days, "last": rhythm.last_time.ToDatetime().date(),
        "median": rhythm.median_gap_days if rhythm.HasField("median_gap_days") else None,
        "longest": rhythm.longest_gap_days if rhythm.HasField("longest_gap_days") else None,
        "silent": rhythm.silent_days}


def test_the_rhythm_of_every_northwind_account_is_what_the_file_says(api):
    people = People(api)
    customers, orders = rows("customers.csv"), rows("orders.csv")
    assert len(orders) == 830
    api.accounts.BatchUpsertAccounts(people.account_pb2.BatchUpsertAccountsRequest(accounts=[
        people.account_pb2.Account(
            display_name=customer["companyName"], status="STATUS_CURRENT",
            external_ids=[{"system": "northwind", "id": customer["customerID"]}]) for customer in customers]))
    message = people.interaction_pb2
    request = message.BatchUpsertInteractionsRequest(interactions=[
        message.Interaction(
            name=f"accounts/ext:northwind:{order['customerID']}/interactions/-", time=moment(day(order)),
            channel="CHANNEL_ORDER", direction="DIRECTION_INBOUND", touchpoint="order desk",
            teammates=[{"principal": f"employee-{order['employeeID']}", "team": "sales"}],
            external_ids=[{"system": "northwind", "id": order["orderID"]}]) for order in reversed(orders)])
    for _ in range(2):
        results = api.interactions.BatchUpsertInteractions(request).results
        assert len(results) == 830 and not any(result.HasField("error") for result in results)
    by_customer = collections.defaultdict(list)
    for order in orders:
        by_customer[order["customerID"]].append(day(order))
    for customer in customers:
        name = f"accounts/ext:northwind:{customer['customerID']}"
        rhythm = people.rhythm(name, as_of_time=moment(AS_OF))
        days = by_customer[customer["customerID"]]
        if days:
            assert told(rhythm) == expected(days), customer["customerID"]
        else:
            assert rhythm.interactions == 0
