#!/usr/bin/env python3
"""How fast `punos import` brings in a file of contacts, end to end, and how much memory the client takes.

Server and client share the machine. With --employers the contacts work at so many accounts, which are imported first.
"""

import argparse
import os
import pathlib
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = ROOT / ".build-release" / "release"
TICK = os.sysconf("SC_CLK_TCK")
GIVEN = "Liisa Juhani Sari Pekka Anna Timo Kaisa Erik Outi Jari Aino Väinö Helmi Onni Åsa Göran".split()
FAMILY = "Korhonen Mäkelä Nieminen Hämäläinen Heikkinen Öhman Niemi Virtanen Laine Rantanen Lindqvist".split()
TITLES = ["Toimitusjohtaja", "Tuotantojohtaja", "Hankintapäällikkö", "Laatupäällikkö", ""]

ACCOUNT_MAPPING = """punos-mapping 1
locale fi
country FI
source "Bench CRM"

[account]
key crm = Account ID
Account Name = display_name
"""

CONTACT_MAPPING = """punos-mapping 1
locale fi
country FI
source "Bench CRM"

[contact]
key crm = Contact ID
First Name = given_name
Last Name = family_name
Email = emails[work].address
Phone = phones[work].number
Language = language
"""

EMPLOYMENT = """Account ID = employments.account | lookup account crm
Title = employments.title
"""


def write_files(folder, rows, employers, seed):
    chance = random.Random(seed)
    (folder / "accounts.mapping").write_text(ACCOUNT_MAPPING)
    (folder / "contacts.mapping").write_text(CONTACT_MAPPING + (EMPLOYMENT if employers else ""))
    with open(folder / "accounts.csv", "w") as out:
        out.write("Account ID,Account Name\n")
        for number in range(employers):
            out.write(f"A{number},Konepaja {number}\n")
    with open(folder / "contacts.csv", "w") as out:
        out.write("Contact ID,First Name,Last Name,Account ID,Title,Email,Phone,Language\n")
        for number in range(rows):
            given, family = chance.choice(GIVEN), chance.choice(FAMILY)
            account = f"A{chance.randrange(employers)}" if employers else ""
            phone = f"040 {number // 10000 % 1000:03d} {number % 10000:04d}"
            out.write(f"C{number},{given},{family},{account},{chance.choice(TITLES)},"
                      f"person{number}@company{number % 5000}.example,{phone},fi\n")


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


class Installation:
    """A server on a port of its own, and a client that knows it."""

    def __init__(self, folder):
        self.folder = folder
        self.data = folder / "data"
        self.environment = {
            "HOME": str(folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8",
            "XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config"),
        }

    def __enter__(self):
        subprocess.run([BIN / "punosd", "init", "--data", self.data, "--tenant", "bench", "--team", "sales", "--admin",
                        "bench"], check=True, stdout=subprocess.DEVNULL)
        self.server = subprocess.Popen(
            [BIN / "punosd", "serve", "--data", self.data, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
            stderr=open(self.folder / "punosd.log", "a"), text=True)
        address = re.search(r"ready at (\S+)", self.server.stdout.readline()).group(1)
        certificate = self.data / "clients" / "bench-sales-bench.pem"
        self.punos("context", "add", "bench", "--endpoint", address, "--ca", self.data / "pki/ca.pem", "--cert",
                   certificate, "--key", certificate.with_name("bench-sales-bench-key.pem"))
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()

    def punos(self, *arguments):
        done = subprocess.run([BIN / "punos", *map(str, arguments)], env=self.environment, cwd=self.folder,
                              capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"punos {' '.join(map(str, arguments))}: {done.stderr}")
        return done.stdout


def measured(installation, rows, what):
    before, began, server = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic(), cpu_seconds(installation.server.pid)
    installation.punos("import", "contacts.csv", "--mapping", "contacts.mapping", "--quiet")
    took = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    client = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    server = cpu_seconds(installation.server.pid) - server
    print(f"{what}: {rows} contacts in {took:.1f} s, {rows / took:.0f} rows/s (asked: 30000 or more); "
          f"client CPU {client * 1e6 / rows:.1f} µs a row, server {server * 1e6 / rows:.1f} µs; "
          f"client memory at most {after.ru_maxrss / 1024:.0f} MB (asked: under 100)", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--employers", type=int, default=0)
    parser.add_argument("--seed", type=int, default=42)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="punos-import-"))
    try:
        write_files(folder, options.rows, options.employers, options.seed)
        with Installation(folder) as installation:
            if options.employers:
                installation.punos("import", "accounts.csv", "--mapping", "accounts.mapping", "--quiet")
            measured(installation, options.rows, "first import")
            measured(installation, options.rows, "the same again")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
