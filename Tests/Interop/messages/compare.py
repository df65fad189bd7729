"""Compares Punos's messages with Python's protobuf: random values of every message, both ways, binary and JSON.

Usage: compare.py ECHO [--values N] [--seed S] [--damaged N]
ECHO is the built message-echo. Exits with 1 at the first disagreement and says how to see it again.
"""

import argparse
import json
import math
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.protobuf.descriptor import FieldDescriptor as F
from google.protobuf.message import DecodeError
from google.protobuf.unknown_fields import UnknownFieldSet

ROOT = pathlib.Path(__file__).resolve().parents[3]
INTS = {
    F.TYPE_INT32: (-(2**31), 2**31 - 1), F.TYPE_SINT32: (-(2**31), 2**31 - 1),
    F.TYPE_SFIXED32: (-(2**31), 2**31 - 1), F.TYPE_INT64: (-(2**63), 2**63 - 1),
    F.TYPE_SINT64: (-(2**63), 2**63 - 1), F.TYPE_SFIXED64: (-(2**63), 2**63 - 1),
    F.TYPE_UINT32: (0, 2**32 - 1), F.TYPE_FIXED32: (0, 2**32 - 1),
    F.TYPE_UINT64: (0, 2**64 - 1), F.TYPE_FIXED64: (0, 2**64 - 1),
}
LETTERS = "aB0 _-.\"\\/\n\t\x00\x7f\u0085äöÅ€\u2028\ufeff漢😀\U0010ffff"


# What we refuse and Python takes, by words of our reason.
STRICTER = (
    "was expected",  # A field of another wire type is an unknown field to Python; our callers are told (row 17).
    "is not one that proto3 has",  # Groups, which Python keeps as unknown fields.
    "longer than ten bytes",  # Python lets the highest bits of a varint go.
    # libprotobuf-c 1.4.1 cannot merge a message that comes twice in a field for one, where a oneof of it is unset.
    "the bytes are not a message of this type",
)


class Echo:
    """The program under test."""

    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, operation, name, content):
        frame = operation + bytes([len(name)]) + name.encode() + struct.pack("<I", len(content)) + content
        self.process.stdin.write(frame)
        self.process.stdin.flush()
        head = self.process.stdout.read(5)
        if len(head) < 5:
            raise SystemExit(f"the program ended over {name} {operation} {content.hex()}")
        status, size = struct.unpack("<BI", head)
        return status == 0, self.process.stdout.read(size)


def descriptors():
    with tempfile.TemporaryDirectory() as directory:
        out = pathlib.Path(directory) / "set"
        product = sorted(str(p.relative_to(ROOT / "proto")) for p in (ROOT / "proto").rglob("*.proto"))
        shapes = ROOT / "Tests" / "Shapes" / "proto"
        extra = sorted(str(p.relative_to(shapes)) for p in shapes.rglob("*.proto"))
        subprocess.run(
            ["protoc", f"-I{ROOT / 'proto'}", f"-I{shapes}", "--include_imports", f"--descriptor_set_out={out}",
             *product, *extra], check=True)
        files = descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes())
    pool = descriptor_pool.DescriptorPool()
    names = []
    for file in files.file:
        pool.Add(file)
        if file.package != "punos.options.v1" and file.name != "google/protobuf/descriptor.proto":
            waiting = [(file.package, message) for message in file.message_type]
            while waiting:
                prefix, message = waiting.pop()
                name = f"{prefix}.{message.name}"
                if not message.options.map_entry:
                    names.append(name)
                waiting += [(name, inner) for inner in message.nested_type]
    return pool, sorted(names)


class Values:
    """Random values."""

    def __init__(self, pool, rng):
        self.pool, self.rng = pool, rng

    def top(self, name):
        """A random value of a message."""
        # Only a schema's own types can be shown in JSON when they are packed into an Any.
        self.known = "punos.shapes.v1.Inner" if name.startswith("punos.shapes.") else "google.rpc.Help"
        return self.fill(self.make(name)())

    def make(self, name):
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(name))

    def text(self, limit=20):
        return "".join(self.rng.choice(LETTERS) for _ in range(self.rng.choice([0, 1, 3, 15, 16, limit])))

    def integer(self, low, high):
        kind = self.rng.randrange(4)
        if kind == 0:
            return self.rng.choice([low, high, 0, 1 if high > 1 else 0])
        if kind == 1:
            return self.rng.randint(max(low, -200), min(high, 200))
        return self.rng.randint(low, high)

    def double(self, single):
        value = self.rng.choice(
            [0.0, -0.0, 1.0, -1.5, 0.1, 1e20, 1e-7, 5e-324, math.inf, -math.inf, math.nan, 16777217.0,
             123456789.125, self.rng.uniform(-1e6, 1e6), self.rng.gauss(0, 1), 3.402823e38])
        return struct.unpack("<f", struct.pack("<f", value))[0] if single else value

    def scalar(self, field):
        if field.type in INTS:
            return self.integer(*INTS[field.type])
        if field.type in (F.TYPE_DOUBLE, F.TYPE_FLOAT):
            return self.double(field.type == F.TYPE_FLOAT)
        if field.type == F.TYPE_BOOL:
            return self.rng.random() < 0.5
        if field.type == F.TYPE_STRING:
            return self.text()
        if field.type == F.TYPE_BYTES:
            return self.rng.randbytes(self.rng.choice([0, 1, 2, 3, 30]))
        known = [value.number for value in field.enum_type.values]
        return self.rng.choice(known + [12345, -1])

    def fill(self, message, depth=0):
        descriptor = message.DESCRIPTOR
        if self.special(message, descriptor.full_name):
            return message
        density = self.rng.choice([0.1, 0.4, 0.9]) / (1 + depth)
        for field in descriptor.fields:
            if self.rng.random() > density:
                continue
            if field.is_repeated:
                self.repeated(message, field, depth)
            elif field.message_type:
                inner = getattr(message, field.name)
                inner.SetInParent()
                self.fill(inner, depth + 1)
            else:
                setattr(message, field.name, self.scalar(field))
        return message

    def repeated(self, message, field, depth):
        target = getattr(message, field.name)
        entry = field.message_type
        count = self.rng.choice([1, 1, 2, 5, 40 if depth == 0 else 3])
        for _ in range(count):
            if entry and entry.GetOptions().map_entry:
                key = self.scalar(entry.fields_by_name["key"])
                value = entry.fields_by_name["value"]
                if value.message_type:
                    self.fill(target[key], depth + 1)
                else:
                    target[key] = self.scalar(value)
            elif entry:
                self.fill(target.add(), depth + 1)
            else:
                target.append(self.scalar(field))

    def special(self, message, name):
        if name == "google.protobuf.Timestamp":
            message.seconds = self.rng.choice([0, -1, 253402300799, -62135596800, self.rng.randint(0, 2**32)])
            message.nanos = self.rng.choice([0, 1, 20, 500_000_000, 123_000, 999_999_999])
        elif name == "google.protobuf.Duration":
            sign = self.rng.choice([-1, 1])
            message.seconds = sign * self.rng.choice([0, 1, 315576000000, self.rng.randint(0, 10**6)])
            message.nanos = sign * self.rng.choice([0, 1, 20_000, 500_000_000, 999_999_999])
        elif name == "google.protobuf.FieldMask":
            for _ in range(self.rng.randrange(4)):
                message.paths.append(self.rng.choice(["a", "display_name", "a_b.c_d.e", "x1.y"]))
        elif name == "google.protobuf.Any":
            inner = self.rng.choice(
                ["google.protobuf.Timestamp", "google.protobuf.StringValue", "google.protobuf.Empty", self.known])
            if self.rng.random() < 0.9:
                message.Pack(self.fill(self.make(inner)(), 3), deterministic=True)
        else:
            return False
        return True


def canonical(message):
    return message.SerializeToString(deterministic=True)


def plain(text):
    """JSON as a tree in which numbers compare as doubles do."""
    return json.loads(text, parse_int=float)


class Comparison:
    def __init__(self, pool, echo):
        self.pool, self.echo, self.stricter = pool, echo, {}

    def disagree(self, what, name, value, ours):
        raise SystemExit(f"{what}: {name}\nPython: {value!r}\nPunos:  {ours!r}")

    def asked(self, operation, name, content):
        ok, ours = self.echo.ask(operation, name, content)
        if not ok:
            self.disagree(f"refused in {operation.decode()}", name, content, ours)
        return ours

    def check(self, name, value, with_json):
        make = type(value)
        wire = canonical(value)
        if canonical(make.FromString(self.asked(b"b", name, wire))) != wire:
            self.disagree("binary", name, wire, self.asked(b"b", name, wire))
        if not with_json:
            return
        ours = self.asked(b"j", name, wire).decode()
        theirs = json_format.MessageToJson(value, descriptor_pool=self.pool)
        if canonical(json_format.Parse(ours, make(), descriptor_pool=self.pool)) != wire:
            self.disagree("JSON read by Python", name, wire, ours)
        if plain(ours) != plain(theirs) and "NaN" not in theirs:
            self.disagree("JSON", name, plain(theirs), plain(ours))
        back = make.FromString(self.asked(b"J", name, theirs.encode()))
        if canonical(back) != wire:
            self.disagree("JSON written by Python", name, theirs, back)

    def check_damaged(self, name, make, wire):
        """Damaged bytes: both refuse them, or both take them for the same; every exception has its name here."""
        ok, ours = self.echo.ask(b"b", name, wire)
        try:
            theirs = make.FromString(wire)
        except DecodeError:
            if ok:
                self.disagree("accepted and refused by Python", name, wire.hex(), ours.hex())
            return False
        if not ok:
            self.excused(name, wire, ours.decode(errors="replace"))
            return False
        back = make.FromString(ours)
        if not same(theirs, back) and repeats_a_message(wire, make.DESCRIPTOR):
            # libprotobuf-c 1.4.1 keeps of a message that comes twice in a field for one the numbers of the second only.
            self.stricter["of a message that came twice"] = self.stricter.get("of a message that came twice", 0) + 1
        elif not same(theirs, back):
            self.disagree("damaged bytes", name, f"{wire.hex()} {theirs}", f"{ours.hex()} {back}")
        return True

    def excused(self, name, wire, reason):
        """We refuse what Python takes only for a reason that is written down."""
        for part in STRICTER:
            if part in reason:
                self.stricter[part] = self.stricter.get(part, 0) + 1
                return
        self.disagree("refused and accepted by Python", name, wire.hex(), reason)


def fields_of(wire):
    """Numbers and contents of a message's fields that have a length, as far as they can be told apart without groups."""
    def varint(place):
        value = shift = 0
        while True:
            byte = wire[place]
            value |= (byte & 0x7F) << shift
            place, shift = place + 1, shift + 7
            if byte < 0x80:
                return value, place

    place = 0
    try:
        while place < len(wire):
            tag, place = varint(place)
            end = {0: lambda: varint(place)[1], 1: lambda: place + 8, 5: lambda: place + 4}.get(tag & 7)
            if tag & 7 == 2:
                size, place = varint(place)
                yield tag >> 3, wire[place:place + size]
                place += size
            elif end:
                place = end()
            else:
                return
    except IndexError:
        return


def repeats_a_message(wire, descriptor):
    """Whether a message stands twice in a field for one, here or further in."""
    seen = set()
    for number, content in fields_of(wire):
        field = descriptor.fields_by_number.get(number)
        if field is None or field.message_type is None:
            continue
        if not field.is_repeated:
            if number in seen:
                return True
            seen.add(number)
        if repeats_a_message(content, field.message_type):
            return True
    return False


def damage(rng, wire):
    wire = bytearray(wire)
    for _ in range(rng.choice([1, 1, 2, 4])):
        kind = rng.randrange(4)
        place = rng.randrange(len(wire) + 1)
        if kind == 0 and wire:
            wire[min(place, len(wire) - 1)] = rng.randrange(256)
        elif kind == 1:
            wire[place:place] = rng.randbytes(rng.randrange(1, 5))
        elif kind == 2:
            del wire[place:place + rng.randrange(1, 5)]
        else:
            wire += wire[place:place + 20]
    return bytes(wire)


def same(theirs, ours):
    """Whether two values agree in every field that the schema knows.

    Python (upb) keeps a map's entry that has a field too many as an unknown field of the map's number; we keep it as an
    entry. Only a map of which Python has such bytes may differ. Other unknown fields are kept by Python byte for byte,
    and by us with their tags in the shortest form, so they are not compared here.
    """
    odd = {field.field_number for field in UnknownFieldSet(theirs)}
    for field in theirs.DESCRIPTOR.fields:
        if field.has_presence and theirs.HasField(field.name) != ours.HasField(field.name):
            return False
        one, other = getattr(theirs, field.name), getattr(ours, field.name)
        inner = field.message_type
        if inner and inner.GetOptions().map_entry:
            equal = field.number in odd or same_maps(one, other, inner.fields_by_name["value"].message_type)
        elif inner and field.is_repeated:
            equal = len(one) == len(other) and all(map(same, one, other))
        elif inner:
            equal = not theirs.HasField(field.name) or same(one, other)
        elif field.is_repeated:
            equal = len(one) == len(other) and all(map(same_scalar, one, other))
        else:
            equal = same_scalar(one, other)
        if not equal:
            return False
    return True


def same_maps(one, other, of_messages):
    equal = same if of_messages else same_scalar
    return set(one) == set(other) and all(equal(one[key], other[key]) for key in one)


def same_scalar(one, other):
    """Equal to the bit: a NaN is itself, and -0 is not 0."""
    if isinstance(one, float):
        return struct.pack("<d", one) == struct.pack("<d", other)
    return one == other


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("echo")
    parser.add_argument("--values", type=int, default=10_000)
    parser.add_argument("--damaged", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    pool, names = descriptors()
    rng = random.Random(options.seed)
    values = Values(pool, rng)
    comparison = Comparison(pool, Echo(options.echo))
    shapes = [name for name in names if name.startswith("punos.shapes.v1.")]
    punos = [name for name in names if name.startswith("punos.v1.")]
    for index in range(options.values):
        name = rng.choice(shapes)
        comparison.check(name, values.top(name), True)
    # Every message of the product, ten values each.
    for name in names:
        for _ in range(10):
            comparison.check(name, values.top(name), True)
    accepted = 0
    for index in range(options.damaged):
        name = rng.choice(shapes + punos)
        value = values.top(name)
        wire = damage(rng, canonical(value))
        accepted += comparison.check_damaged(name, type(value), wire)
    print(f"{options.values} values of {len(shapes)} shapes, {len(names)} messages of all packages ten times, "
          f"binary and JSON both ways; {options.damaged} damaged messages, {accepted} of them accepted, "
          f"refused only by us {comparison.stricter}: no disagreement")


if __name__ == "__main__":
    main()
