#!/usr/bin/env python3
"""How long an understanding takes, of one account and of a thousand, and how soon a signal follows its change.

The accounts that are asked about have people, insights, business claims and promises; the rest are there to be in the way.
Latencies are the caller's, over TLS, one call at a time.
"""

import argparse
import datetime
import pathlib
import statistics
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Interop" / "api"))

from punosapi.installation import Installation, generate_stubs  # noqa: E402

BATCH = 1_000
ASKED = 1_000
CALLS = 300
PROMISED = {"one account, ms": 5, "1,000 accounts, s": 1, "signal after its change, s": 1}


def load(client, accounts, asked):
    """Accounts, and in those that are asked about everything that says something."""
    from punos.v1 import account_pb2, business_claim_pb2, commitment_pb2, contact_pb2, insight_pb2
    began = time.monotonic()
    for start in range(0, accounts, BATCH):
        client.accounts.BatchUpsertAccounts(account_pb2.BatchUpsertAccountsRequest(accounts=[
            account_pb2.Account(
                name=f"accounts/bench-{number}", display_name=f"Asiakas {number}",
                status="STATUS_CURRENT" if number < asked else "STATUS_POTENTIAL",
                owners=[{"team": "sales", "principal": "aino"}, {"team": "delivery", "principal": "eero"}])
            for number in range(start, min(accounts, start + BATCH))]))
    names = [f"accounts/bench-{number}" for number in range(asked)]
    for start in range(0, asked, BATCH // 10):
        part = names[start:start + BATCH // 10]
        client.contacts.BatchUpsertContacts(contact_pb2.BatchUpsertContactsRequest(contacts=[
            contact_pb2.Contact(display_name=f"Henkilö {n}", employments=[{"account": name, "title": "Hankintapäällikkö"}])
            for name in part for n in range(10)]))
        client.insights.BatchUpsertInsights(insight_pb2.BatchUpsertInsightsRequest(insights=[
            insight_pb2.Insight(
                name=f"{name}/insights/-", claim=f"Havainto {n} asiakkaasta", dimension=1 + n % 5,
                evidence=[{"text": "Keskustelu tehtaalla"}])
            for name in part for n in range(10)]))
        client.business_claims.BatchUpsertBusinessClaims(business_claim_pb2.BatchUpsertBusinessClaimsRequest(
            business_claims=[
                business_claim_pb2.BusinessClaim(name=f"{name}/businessClaims/-", claim=f"Tieto {n}", topic=n)
                for name in part for n in range(1, 8)]))
        client.commitments.BatchUpsertCommitments(commitment_pb2.BatchUpsertCommitmentsRequest(commitments=[
            commitment_pb2.Commitment(name=f"{name}/commitments/-", title=f"Lupaus {n}", due_date="2999-01-01")
            for name in part for n in range(3)]))
    print(f"loaded {accounts:,} accounts, {asked:,} of them with 30 records each, in {time.monotonic() - began:.0f} s")
    return names


def one(client, names):
    from punos.v1 import understanding_pb2
    times = []
    for number in range(CALLS):
        request = understanding_pb2.GetUnderstandingRequest(name=names[number * 7 % len(names)])
        began = time.perf_counter()
        client.understanding.GetUnderstanding(request)
        times.append((time.perf_counter() - began) * 1_000)
    times.sort()
    return statistics.median(times), times[int(len(times) * 0.99)]


def portfolio(client):
    from punos.v1 import understanding_pb2
    times = []
    for _ in range(5):
        began = time.perf_counter()
        answer = client.understanding.GetPortfolioUnderstanding(
            understanding_pb2.GetPortfolioUnderstandingRequest(filter="status = CURRENT"), timeout=60)
        times.append(time.perf_counter() - began)
    return len(answer.accounts), statistics.median(times), max(times)


def signals(client, names, seconds, rate):
    """Changes at a rate; one in a hundred is a promise that is overdue already. How long after each its signal is told."""
    from punos.v1 import change_pb2, commitment_pb2
    due = (datetime.date.today() - datetime.timedelta(days=2)).isoformat()
    head = client.changes.WatchChanges(change_pb2.WatchChangesRequest(kinds=["signal"]))
    next(iter(head))
    answered, told = {}, {}

    def watch():
        try:
            for event in head:
                if event.HasField("change"):
                    for difference in event.change.differences:
                        if difference.path == "dedup_key":
                            told[difference.after.split(":")[1]] = time.perf_counter()
        except Exception as error:  # cancelled at the end
            if "CANCELLED" not in str(error):
                raise

    watcher = threading.Thread(target=watch)
    watcher.start()
    batches = rate // BATCH
    began = time.perf_counter()
    changes = 0
    for second in range(seconds):
        for batch in range(batches):
            items = [
                commitment_pb2.Commitment(
                    name=f"{names[(n + second) % len(names)]}/commitments/s{second}-{batch}-{n}", title="Lupaus",
                    due_date=due if n % 100 == 0 else "2999-01-01")
                for n in range(BATCH)]
            sent = time.perf_counter()
            client.commitments.BatchUpsertCommitments(
                commitment_pb2.BatchUpsertCommitmentsRequest(commitments=items), timeout=60)
            changes += BATCH
            for item in items[::100]:
                answered[item.name] = sent
            wait = began + (second + (batch + 1) / batches) - time.perf_counter()
            if wait > 0:
                threading.Event().wait(wait)
    took = time.perf_counter() - began
    end = time.perf_counter() + 30
    while len(told) < len(answered) and time.perf_counter() < end:
        threading.Event().wait(0.1)
    head.cancel()
    watcher.join()
    late = sorted(told[name] - answered[name] for name in answered if name in told)
    missing = len(answered) - len(late)
    return changes / took, len(late), missing, statistics.median(late), late[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rate", type=int, default=5_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "stubs").mkdir()
        generate_stubs(folder / "stubs")
        sys.path.insert(0, str(folder / "stubs"))
        with Installation(folder / "punos") as installation:
            installation.start()
            with installation.client(tenant="bench") as client:
                names = load(client, options.accounts, min(ASKED, options.accounts))
                median, worst = one(client, names)
                print(f"one account: median {median:.2f} ms, 99th {worst:.2f} ms (promised: {PROMISED['one account, ms']} ms)")
                count, median, worst = portfolio(client)
                print(f"{count:,} accounts: median {median:.3f} s, worst {worst:.3f} s "
                      f"(promised: {PROMISED['1,000 accounts, s']} s)")
                rate, found, missing, median, worst = signals(client, names, options.seconds, options.rate)
                print(f"signals at {rate:,.0f} changes/s: {found:,} told, {missing} missing, median {median:.3f} s, "
                      f"worst {worst:.3f} s after the call began (promised: {PROMISED['signal after its change, s']} s)")


if __name__ == "__main__":
    main()
