"""Writes tables of every shape and what Python's csv module reads in them, for comparing another reader with it.

Usage: csv_reference.py SEED COUNT OUTPUT

OUTPUT becomes JSON lines: {"text": the table in base64, "delimiter": one character, "rows": the records as strict
Python reads them, or null where strict Python refuses the table}.
"""

import base64
import csv
import io
import json
import random
import sys

PIECES = ["a", "Z", "0", "42", " ", "  ", "\t", ",", ";", "|", '"', '""', "\n", "\r\n", "\r", "ä", "Å", "ö", "€", "漢", "😀",
          "e\u0301", "'", "\\", "NULL", "-", "x" * 40, "\u00a0", "\u2028", ".", ":", "", ""]


def value(rng):
    return "".join(rng.choice(PIECES) for _ in range(rng.choice([0, 1, 1, 2, 3, 5, 8])))


def written(rng, delimiter):
    """A table as Python's own writer writes it."""
    width = rng.randint(1, 8)
    rows = [[value(rng) for _ in range(width)] for _ in range(rng.randint(1, 12))]
    buffer = io.StringIO(newline="")
    writer = csv.writer(
        buffer, delimiter=delimiter,
        quoting=rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
        lineterminator=rng.choice(["\r\n", "\n", "\r"]))
    writer.writerows(rows)
    text = buffer.getvalue()
    if rng.random() < 0.3:
        text = text.rstrip("\r\n") if not text.rstrip("\r\n").endswith('"') else text
    return text


def raw(rng, delimiter):
    """Characters at random, most of which mean something: what no writer writes but files contain."""
    alphabet = [delimiter, delimiter, '"', '"', "\n", "\r", "\r\n", "a", "b", " ", "ä", ";", ","]
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(1, 60)))


def strict_rows(text, delimiter):
    try:
        return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if row]
    except csv.Error:
        return None


def main():
    seed, count, output = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    rng = random.Random(seed)
    with open(output, "w", encoding="utf-8", newline="\n") as file:
        for _ in range(count):
            delimiter = rng.choice([",", ";", "\t", "|"])
            text = (written if rng.random() < 0.6 else raw)(rng, delimiter)
            record = {
                "text": base64.b64encode(text.encode("utf-8")).decode("ascii"),
                "delimiter": delimiter,
                "rows": strict_rows(text, delimiter),
            }
            file.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
