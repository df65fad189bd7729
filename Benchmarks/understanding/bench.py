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


class Causes:
    """Batches of changes, one in a hundred of which causes a signal: promises that are overdue, people who leave, and accounts
    whose interactions say that they have gone silent. Each names what its signals are about."""

    # One a second of a hundred changes that mean something, as of promises.
    TELLING = BATCH // 100
    # Weekly for six weeks, and nothing for a month.
    SILENT = (30, 37, 44, 51, 58, 65)

    def __init__(self, client, names, seconds):
        from punos.v1 import commitment_pb2, contact_pb2, interaction_pb2
        self.client, self.names = client, names
        self.commitment, self.contact, self.interaction = commitment_pb2, contact_pb2, interaction_pb2
        self.due = (datetime.date.today() - datetime.timedelta(days=2)).isoformat()
        for second in range(seconds):
            self.upsert_contacts(second, title="Ostaja")
        client.accounts.BatchUpsertAccounts(self.account_batch(
            f"accounts/silent-{second}-{n}" for second in range(seconds) for n in range(self.TELLING)))

    @staticmethod
    def account_batch(names):
        from punos.v1 import account_pb2
        return account_pb2.BatchUpsertAccountsRequest(accounts=[
            account_pb2.Account(name=name, display_name="Hiljainen", status="STATUS_CURRENT") for name in names])

    def place(self, number):
        return self.names[number % len(self.names)]

    def upsert_contacts(self, second, title, leaving=0):
        self.client.contacts.BatchUpsertContacts(self.contact.BatchUpsertContactsRequest(contacts=[
            self.contact.Contact(
                name=f"contacts/leaver-{second}-{n}", display_name=f"Lähtijä {n}", employments=[
                    {"account": self.place(n), "title": title, "valid_to": self.due if n < leaving else ""}])
            for n in range(BATCH)], update_mask={"paths": ["employments"]} if leaving else None), timeout=60)

    def promises(self, second, batch):
        items = [
            self.commitment.Commitment(
                name=f"{self.place(n + second)}/commitments/s{second}-{batch}-{n}", title="Lupaus",
                due_date=self.due if n % 100 == 0 else "2999-01-01")
            for n in range(BATCH)]
        self.client.commitments.BatchUpsertCommitments(
            self.commitment.BatchUpsertCommitmentsRequest(commitments=items), timeout=60)
        return [item.name for item in items[::100]]

    def leavers(self, second, _):
        self.upsert_contacts(second, "Johtaja", leaving=self.TELLING)
        return [f"{self.place(n)}/contacts/leaver-{second}-{n}" for n in range(self.TELLING)]

    def silences(self, second, batch):
        silent = [f"accounts/silent-{second}-{n}" for n in range(self.TELLING)]
        heard = [(name, days) for name in silent for days in self.SILENT]
        heard += [(self.place(n), 1) for n in range(BATCH - len(heard))]
        self.client.interactions.BatchUpsertInteractions(self.interaction.BatchUpsertInteractionsRequest(interactions=[
            self.interaction.Interaction(
                name=f"{name}/interactions/s{second}-{batch}-{n}", time=days_ago(days), channel="CHANNEL_EMAIL",
                subject="Viesti")
            for n, (name, days) in enumerate(heard)]), timeout=60)
        return silent

    def batch(self, second, number):
        """Sends a batch: of five one of interactions, one of people, the others of promises.

        Returns what was sent, and what its signals name."""
        send = {1: self.silences, 3: self.leavers}.get(number % 5, self.promises)
        return send.__name__, send(second, number)


def signals(client, names, seconds, rate):
    """Changes at a rate; one in a hundred causes a signal. How long after each the signal is told, by cause."""
    from punos.v1 import change_pb2
    causes = Causes(client, names, seconds)
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
            sent = time.perf_counter()
            cause, told_of = causes.batch(second, batch)
            changes += BATCH
            for name in told_of:
                answered[name] = sent, cause
            wait = began + (second + (batch + 1) / batches) - time.perf_counter()
            if wait > 0:
                threading.Event().wait(wait)
    took = time.perf_counter() - began
    end = time.perf_counter() + 30
    while len(told) < len(answered) and time.perf_counter() < end:
        threading.Event().wait(0.1)
    head.cancel()
    watcher.join()
    late = {}
    for name, (sent, cause) in answered.items():
        late.setdefault(cause, []).append(told[name] - sent if name in told else None)
    return changes / took, late


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
            rate, late = signals(client, names, options.seconds, options.rate)
        print(f"signals at {rate:,.0f} changes/s, server CPU {meter.used:.1f} s in {options.seconds} s "
              f"(promised: {PROMISED['signal after its change, s']} s after the call began):")
        for cause, times in sorted(late.items()):
            told = sorted(time for time in times if time is not None)
            print(f"  {cause}: {len(told):,} told, {len(times) - len(told)} missing, "
                  + (f"median {statistics.median(told):.3f} s, worst {told[-1]:.3f} s" if told else "none"))


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
