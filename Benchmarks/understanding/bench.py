#!/usr/bin/env python3
"""How long an understanding takes, of one account and of a thousand, and how soon a signal follows its change.

The accounts that are asked about have people, insights, business claims, promises, feedback and interactions; the rest are
there to be in the way, every fourth with feedback and an interaction later than all of those. Latencies are the caller's,
over TLS, one call at a time; beside them stands the server's CPU, which tells more on a machine that has other work.
"""

import argparse
import contextlib
import datetime
import os
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
READS = 2_000
PROMISED = {"one account, ms": 5, "1,000 accounts, s": 1, "signal after its change, s": 1}


class Meter:
    """The server's CPU, in seconds, while something is done."""

    def __init__(self, process):
        self.path = f"/proc/{process.pid}/stat"
        self.used = 0.0

    def read(self):
        fields = pathlib.Path(self.path).read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @contextlib.contextmanager
    def measure(self):
        began = self.read()
        yield
        self.used = self.read() - began


def days_ago(days):
    from google.protobuf.timestamp_pb2 import Timestamp
    return Timestamp(seconds=int(time.time()) - days * 86_400)


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
        hear(client, [(name, 40 + 9 * n) for name in part for n in range(5)])
    others = [f"accounts/bench-{number}" for number in range(asked, accounts, 4)]
    for start in range(0, len(others), BATCH):
        hear(client, [(name, 1) for name in others[start:start + BATCH]])
    print(f"loaded {accounts:,} accounts, {asked:,} of them with 40 records each, in {time.monotonic() - began:.0f} s")
    return names


def hear(client, heard):
    """A piece of feedback and an interaction for each account and number of days ago."""
    from punos.v1 import feedback_pb2, interaction_pb2
    client.service("FeedbackService").BatchUpsertFeedback(feedback_pb2.BatchUpsertFeedbackRequest(feedback=[
        feedback_pb2.Feedback(name=f"{name}/feedback/-", time=days_ago(days), measure="MEASURE_NPS", score=days % 11)
        for name, days in heard]))
    client.interactions.BatchUpsertInteractions(interaction_pb2.BatchUpsertInteractionsRequest(interactions=[
        interaction_pb2.Interaction(
            name=f"{name}/interactions/-", time=days_ago(days), channel="CHANNEL_EMAIL", subject="Viesti")
        for name, days in heard]))


def caught_up(client, installation, tenant="bench", seconds=900):
    """Waits until signals have been computed of all changes: the server keeps how far it has come."""
    from punos.v1 import change_pb2
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        watch = client.changes.WatchChanges(change_pb2.WatchChangesRequest(kinds=["signal"]))
        head = next(watch).bookmark.revision
        watch.cancel()
        places = installation.data / "signals.places"
        if places.exists() and f"{tenant} {head}" in places.read_text().splitlines():
            return time.monotonic() - began
        threading.Event().wait(0.5)
    raise RuntimeError(f"signals have not been computed of all changes within {seconds} s")


def idle(meter, seconds=300):
    """Waits until the server has nothing left to do: less than a twentieth of a processor for two seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with meter.measure():
            threading.Event().wait(2)
        if meter.used < 0.1:
            return
    raise RuntimeError(f"the server was busy for {seconds} s")


def reads(client, names, meter):
    """What reading an account costs the server, in microseconds of CPU, and the caller, in milliseconds."""
    from punos.v1 import account_pb2
    times = []
    with meter.measure():
        for number in range(READS):
            began = time.perf_counter()
            client.accounts.GetAccount(account_pb2.GetAccountRequest(name=names[number % len(names)]))
            times.append((time.perf_counter() - began) * 1_000)
    return meter.used / READS * 1e6, statistics.median(times)


def one(client, names, meter):
    from punos.v1 import understanding_pb2
    times = []
    with meter.measure():
        for number in range(CALLS):
            request = understanding_pb2.GetUnderstandingRequest(name=names[number * 7 % len(names)])
            began = time.perf_counter()
            client.understanding.GetUnderstanding(request, timeout=60)
            times.append((time.perf_counter() - began) * 1_000)
    times.sort()
    return statistics.median(times), times[int(len(times) * 0.99)], meter.used / CALLS * 1_000


def portfolio(client, meter):
    from punos.v1 import understanding_pb2
    times = []
    with meter.measure():
        for _ in range(5):
            began = time.perf_counter()
            answer = client.understanding.GetPortfolioUnderstanding(
                understanding_pb2.GetPortfolioUnderstandingRequest(filter="status = CURRENT"), timeout=300)
            times.append(time.perf_counter() - began)
    return len(answer.accounts), statistics.median(times), max(times), meter.used / len(times)


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
    parser.add_argument("--phases", default="one,portfolio,signals,catchup", help="what to measure")
    options = parser.parse_args()
    phases = options.phases.split(",")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "stubs").mkdir()
        generate_stubs(folder / "stubs")
        sys.path.insert(0, str(folder / "stubs"))
        with Installation(folder / "punos") as installation:
            installation.start()
            print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
            with installation.client(tenant="bench") as client:
                names = load(client, options.accounts, min(ASKED, options.accounts))
                print(f"signals were computed of all of it {caught_up(client, installation):.0f} s later")
                meter = Meter(installation.process)
                idle(meter, 1_800)
                measure(client, names, meter, phases, options)
            if "catchup" in phases:
                while_catching_up(installation, names)
            print(f"load average {os.getloadavg()[0]:.1f}")


def measure(client, names, meter, phases, options):
    if "one" in phases:
        median, worst, cpu = one(client, names, meter)
        print(f"one account: median {median:.2f} ms, 99th {worst:.2f} ms, server CPU {cpu:.2f} ms "
              f"(promised: {PROMISED['one account, ms']} ms)")
    if "portfolio" in phases:
        count, median, worst, cpu = portfolio(client, meter)
        print(f"{count:,} accounts: median {median:.3f} s, worst {worst:.3f} s, server CPU {cpu:.3f} s "
              f"(promised: {PROMISED['1,000 accounts, s']} s)")
    if "signals" in phases:
        with meter.measure():
            rate, found, missing, median, worst = signals(client, names, options.seconds, options.rate)
        print(f"signals at {rate:,.0f} changes/s: {found:,} told, {missing} missing, median {median:.3f} s, "
              f"worst {worst:.3f} s after the call began, server CPU {meter.used:.1f} s in {options.seconds} s "
              f"(promised: {PROMISED['signal after its change, s']} s)")


def while_catching_up(installation, names):
    """What a call costs while signals are computed of all changes anew, beside the same when that is done."""
    installation.stop()
    (installation.data / "signals.places").unlink()
    installation.start()
    meter = Meter(installation.process)
    with installation.client(tenant="bench") as client:
        began = time.monotonic()
        busy, busy_median = reads(client, names, meter)
        within = time.monotonic() - began
        took = caught_up(client, installation) + within
        idle(meter)
        quiet, quiet_median = reads(client, names, meter)
    print(f"reading an account while all changes are looked at again, the first {within:.1f} s of {took:.0f} s: "
          f"{busy:.0f} µs of server CPU, median {busy_median:.2f} ms; afterwards {quiet:.0f} µs, {quiet_median:.2f} ms")


if __name__ == "__main__":
    main()
