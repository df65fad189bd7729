#!/usr/bin/env python3
"""Checks the schema: names and layout in the manner of buf's STANDARD rules, comments on everything, the options'
own promises, and nothing that breaks those who use the last released schema.

Usage: proto-check.py [--proto DIRECTORY] [--released FILE.binpb] [--package PREFIX] [--release VERSION]
Needs protoc, and nothing but Python's own library: descriptors are read by the small reader below.
Prints one line a finding, PATH: what, and exits with 1 if there is any.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

# --- A reader of wire bytes -------------------------------------------------------------------------------------


def fields(data):
    """(number, value) of each field; value is an int or bytes."""
    place = 0

    def varint():
        nonlocal place
        value = shift = 0
        while True:
            byte = data[place]
            place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while place < len(data):
        tag = varint()
        kind = tag & 7
        if kind == 0:
            yield tag >> 3, varint()
        elif kind == 1:
            place += 8
            yield tag >> 3, data[place - 8:place]
        elif kind == 2:
            size = varint()
            place += size
            yield tag >> 3, data[place - size:place]
        else:
            place += 4
            yield tag >> 3, data[place - 4:place]


def texts(data, number):
    return [value.decode() for n, value in fields(data) if n == number]


def text(data, number):
    found = texts(data, number)
    return found[-1] if found else ""


def parts(data, number):
    return [value for n, value in fields(data) if n == number]


def integer(data, number):
    found = parts(data, number)
    return found[-1] if found else 0


def packed(data):
    numbers, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(value)
            value = shift = 0
    return tuple(numbers)


# --- The schema as plain values ---------------------------------------------------------------------------------

TYPES = ["", "double", "float", "int64", "uint64", "int32", "fixed64", "fixed32", "bool", "string", "group",
         "message", "bytes", "uint32", "enum", "sfixed32", "sfixed64", "sint32", "sint64"]


class File:
    def __init__(self, data):
        self.name, self.package, self.syntax = text(data, 1), text(data, 2), text(data, 12)
        self.imports = texts(data, 3)
        self.public_imports = [self.imports[i] for i in parts(data, 10)]
        self.comments = {}
        for location in (l for info in parts(data, 9) for l in parts(info, 1)):
            path = packed(b"".join(parts(location, 1)))
            comment = (text(location, 3) or text(location, 4)).strip()
            if comment:
                self.comments[path] = comment
        prefix = self.package + "." if self.package else ""
        self.messages = [Message(d, prefix, (4, i), self) for i, d in enumerate(parts(data, 4))]
        self.enums = [Enum(d, prefix, (5, i), self) for i, d in enumerate(parts(data, 5))]
        self.services = [Service(d, prefix, (6, i), self) for i, d in enumerate(parts(data, 6))]

    def all_messages(self):
        waiting = list(self.messages)
        while waiting:
            message = waiting.pop(0)
            yield message
            waiting[:0] = message.messages

    def all_enums(self):
        yield from self.enums
        for message in self.all_messages():
            yield from message.enums


class Message:
    def __init__(self, data, prefix, path, file):
        self.simple = text(data, 1)
        self.name = prefix + self.simple
        self.comment = file.comments.get(path, "")
        self.fields = [Field(d, path + (2, i), file) for i, d in enumerate(parts(data, 2))]
        self.messages = [Message(d, self.name + ".", path + (3, i), file) for i, d in enumerate(parts(data, 3))]
        self.enums = [Enum(d, self.name + ".", path + (4, i), file) for i, d in enumerate(parts(data, 4))]
        names = [text(d, 1) for d in parts(data, 8)]
        real = {field.oneof for field in self.fields if field.oneof is not None and not field.optional}
        self.oneofs = [(name, file.comments.get(path + (8, i), "")) for i, name in enumerate(names) if i in real]
        options = b"".join(parts(data, 7))
        self.is_entry = integer(options, 7) == 1
        self.record = b"".join(parts(options, 50701)) or None
        self.reserved = [(integer(d, 1), integer(d, 2)) for d in parts(data, 9)]
        self.reserved_names = texts(data, 10)


class Field:
    def __init__(self, data, path, file):
        self.name, self.number, self.json = text(data, 1), integer(data, 3), text(data, 10)
        self.type, self.repeated = TYPES[integer(data, 5)], integer(data, 4) == 3
        self.type_name = text(data, 6).lstrip(".")
        self.optional = integer(data, 17) == 1
        oneofs = parts(data, 9)
        self.oneof = oneofs[-1] if oneofs else None
        self.comment = file.comments.get(path, "")
        self.rule = b"".join(parts(b"".join(parts(data, 8)), 50702))

    @property
    def shape(self):
        return ("repeated " if self.repeated else "") + (self.type_name or self.type)


class Enum:
    def __init__(self, data, prefix, path, file):
        self.simple = text(data, 1)
        self.name = prefix + self.simple
        self.comment = file.comments.get(path, "")
        self.values = []
        for i, value in enumerate(parts(data, 2)):
            number = integer(value, 2)
            number = number - 2**64 if number >= 2**63 else number
            self.values.append((text(value, 1), number, file.comments.get(path + (2, i), "")))


class Service:
    def __init__(self, data, prefix, path, file):
        self.simple = text(data, 1)
        self.name = prefix + self.simple
        self.comment = file.comments.get(path, "")
        self.methods = []
        for i, method in enumerate(parts(data, 2)):
            self.methods.append({
                "name": text(method, 1), "input": text(method, 2).lstrip("."), "output": text(method, 3).lstrip("."),
                "client": integer(method, 5) == 1, "server": integer(method, 6) == 1,
                "comment": file.comments.get(path + (2, i), "")})


def read_set(data):
    return [File(d) for d in parts(data, 1)]


# --- Names, layout, comments ------------------------------------------------------------------------------------

UPPER_CAMEL = re.compile(r"[A-Z][A-Za-z0-9]*")
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
UPPER_SNAKE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
# AIP's standard methods answer with the resource itself, or with nothing.
STANDARD = re.compile(r"(Get|Create|Update|Delete|Undelete)[A-Z]\w*")


def upper_snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).upper()


class Lint:
    def __init__(self, files):
        self.files, self.findings = files, []
        self.messages = {m.name: m for f in files for m in f.all_messages()}
        methods = [m for f in files for s in f.services for m in s.methods]
        self.resources = {m["output"] for m in methods if m["name"] == "Get" + m["output"].split(".")[-1]}

    def say(self, file, what):
        self.findings.append(f"{file.name}: {what}")

    def comment(self, file, what, comment):
        if not comment:
            self.say(file, f"{what} has no comment")

    def check(self, file):
        if file.syntax != "proto3":
            self.say(file, "syntax is not proto3")
        if not re.search(r"\.v[0-9]+((alpha|beta)[0-9]*)?$", file.package):
            self.say(file, f"package {file.package} does not end in a version such as v1")
        if not all(SNAKE.fullmatch(part) for part in file.package.split(".")):
            self.say(file, f"package {file.package} is not lower_snake_case")
        for name in file.public_imports:
            self.say(file, f"{name} is imported publicly: whoever needs it can import it")
        directory = str(pathlib.PurePosixPath(file.name).parent)
        if directory != file.package.replace(".", "/"):
            self.say(file, f"package {file.package} does not lie in {file.package.replace('.', '/')}")
        if not SNAKE.fullmatch(pathlib.PurePosixPath(file.name).stem):
            self.say(file, "the file's name is not lower_snake_case")
        self.comment(file, "the file", file.comments.get((12,), ""))
        for message in file.all_messages():
            if not message.is_entry:
                self.message(file, message)
        for enum in file.all_enums():
            self.enum(file, enum)
        for service in file.services:
            self.service(file, service)

    def message(self, file, message):
        if not UPPER_CAMEL.fullmatch(message.simple):
            self.say(file, f"message {message.name} is not UpperCamelCase")
        self.comment(file, f"message {message.name}", message.comment)
        for field in message.fields:
            name = f"field {message.name}.{field.name}"
            if not SNAKE.fullmatch(field.name):
                self.say(file, f"{name} is not lower_snake_case")
            self.comment(file, name, field.comment)
        for name, comment in message.oneofs:
            if not SNAKE.fullmatch(name):
                self.say(file, f"oneof {message.name}.{name} is not lower_snake_case")
            self.comment(file, f"oneof {message.name}.{name}", comment)
        if message.record:
            self.record(file, message)

    def record(self, file, message):
        """The paths that a record's rule names must be there."""
        rule = message.record
        paths = [text(rule, number) for number in (5, 6, 7)]
        for index in parts(rule, 4):
            if not texts(index, 2):
                self.say(file, f"index {text(index, 1)} of {message.name} has no fields")
            paths += texts(index, 2)
        for field in message.fields:
            paths += [text(personal, 2) for personal in parts(field.rule, 9)]
        for path in filter(None, paths):
            if not self.follows(message, path.split(".")):
                self.say(file, f"{message.name} has no path {path}, which its options name")
        names = [text(index, 1) for index in parts(rule, 4)]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.say(file, f"{message.name} has two indexes called {name}")
        for number, what in ((1, "kind"), (2, "collection")):
            if not text(rule, number):
                self.say(file, f"record {message.name} has no {what}")

    def follows(self, message, path):
        field = next((f for f in message.fields if f.name == path[0]), None)
        if field is None:
            return False
        inner = self.messages.get(field.type_name)
        return len(path) == 1 or (inner is not None and (inner.is_entry or self.follows(inner, path[1:])))

    def enum(self, file, enum):
        if not UPPER_CAMEL.fullmatch(enum.simple):
            self.say(file, f"enum {enum.name} is not UpperCamelCase")
        self.comment(file, f"enum {enum.name}", enum.comment)
        prefix = upper_snake(enum.simple) + "_"
        for name, number, comment in enum.values:
            if not UPPER_SNAKE.fullmatch(name):
                self.say(file, f"value {enum.name}.{name} is not UPPER_SNAKE_CASE")
            if not name.startswith(prefix):
                self.say(file, f"value {enum.name}.{name} does not begin with {prefix}")
            self.comment(file, f"value {enum.name}.{name}", comment)
            if number == 0 and not name.endswith("_UNSPECIFIED"):
                self.say(file, f"the zero value {enum.name}.{name} does not end in _UNSPECIFIED")
        if len({number for _, number, _ in enum.values}) < len(enum.values):
            self.say(file, f"enum {enum.name} has two names for one number")

    def service(self, file, service):
        if not UPPER_CAMEL.fullmatch(service.simple) or not service.simple.endswith("Service"):
            self.say(file, f"service {service.name} is not UpperCamelCase with Service at its end")
        self.comment(file, f"service {service.name}", service.comment)
        for method in service.methods:
            name = f"method {service.name}.{method['name']}"
            self.comment(file, name, method["comment"])
            if not UPPER_CAMEL.fullmatch(method["name"]):
                self.say(file, f"{name} is not UpperCamelCase")
            if method["input"].split(".")[-1] != method["name"] + "Request":
                self.say(file, f"{name} does not take {method['name']}Request")
            answer = method["output"].split(".")[-1]
            # A method that changes a resource answers with the resource (AIP-136), which is what a Get answers.
            is_resource = method["output"] in self.resources
            if answer != method["name"] + "Response" and not STANDARD.fullmatch(method["name"]) and not is_resource:
                self.say(file, f"{name} does not answer {method['name']}Response")


    def across(self, files):
        """What must be unique over the whole schema."""
        records = [(f, m) for f in files for m in f.all_messages() if m.record]
        for number, what in ((1, "kind"), (2, "collection")):
            seen = {}
            for file, message in records:
                value = text(message.record, number)
                # One collection may be in the tenant's space and another of its name in each account.
                key = (value, integer(message.record, 3) if what == "collection" else 0)
                if key in seen:
                    self.say(file, f"{message.name} has the {what} {value} of {seen[key]}")
                seen[key] = message.name
        seen = {}
        for file, message in records:
            code = integer(message.record, 8)
            if code in seen:
                self.say(file, f"{message.name} has the code {code} of {seen[code]}")
            seen[code] = message.name
        kinds = {text(message.record, 1) for _, message in records}
        for file in files:
            for message in file.all_messages():
                for field in message.fields:
                    for kind in texts(field.rule, 13):
                        if kind not in kinds:
                            self.say(file, f"{message.name}.{field.name} refers to {kind}, which is no record's kind")


# --- What would break those who use the released schema ---------------------------------------------------------


def breaking(old_files, new_files, is_ours):
    """Findings, from the released schema to this one."""
    found = []
    messages = {m.name: (f, m) for f in new_files for m in f.all_messages()}
    enums = {e.name: (f, e) for f in new_files for e in f.all_enums()}
    services = {s.name: (f, s) for f in new_files for s in f.services}
    for file in filter(lambda f: is_ours(f.package), old_files):
        for old in file.all_messages():
            if old.name not in messages:
                found.append(f"{file.name}: message {old.name} was removed")
                continue
            found += broken_fields(file, old, messages[old.name][1])
            was, now = old.record, messages[old.name][1].record
            if was and not now:
                found.append(f"{file.name}: {old.name} is no longer a record")
            for number, what in ((1, "kind"), (2, "collection")):
                if was and now and text(was, number) != text(now, number):
                    found.append(f"{file.name}: {old.name} has another {what} than it was released with")
            if was and now and integer(was, 8) != integer(now, 8):
                found.append(f"{file.name}: {old.name} has another code than it was released with")
        for old in file.all_enums():
            if old.name not in enums:
                found.append(f"{file.name}: enum {old.name} was removed")
                continue
            numbers = {number: name for name, number, _ in enums[old.name][1].values}
            for name, number, _ in old.values:
                if numbers.get(number) != name:
                    found.append(f"{file.name}: value {old.name}.{name} = {number} was removed or renamed")
        for old in file.services:
            if old.name not in services:
                found.append(f"{file.name}: service {old.name} was removed")
                continue
            methods = {method["name"]: method for method in services[old.name][1].methods}
            for method in old.methods:
                new = methods.get(method["name"])
                if new is None:
                    found.append(f"{file.name}: method {old.name}.{method['name']} was removed")
                elif any(new[key] != method[key] for key in ("input", "output", "client", "server")):
                    found.append(f"{file.name}: method {old.name}.{method['name']} takes or answers something else")
    return found


def broken_fields(file, old, new):
    found = []
    numbers = {field.number: field for field in new.fields}
    for field in old.fields:
        now = numbers.get(field.number)
        name = f"field {old.name}.{field.name} = {field.number}"
        if now is None:
            is_reserved = any(start <= field.number < end for start, end in new.reserved)
            if not is_reserved or field.name not in new.reserved_names:
                found.append(f"{file.name}: {name} was removed without reserving its number and name")
        elif now.name != field.name or now.json != field.json:
            found.append(f"{file.name}: {name} was renamed to {now.name}")
        elif now.shape != field.shape:
            found.append(f"{file.name}: {name} was {field.shape} and is {now.shape}")
        elif (now.optional, now.oneof is None) != (field.optional, field.oneof is None):
            found.append(f"{file.name}: {name} has another presence: optional or oneof was added or removed")
    return found


# --- Running ----------------------------------------------------------------------------------------------------


UNUSED = re.compile(r"(?P<file>[^:]+)(:\d+)*: warning: Import (?P<import>\S+) is unused\.")


def compile_set(proto, source_info=True):
    """The schema's descriptor set, and (file, import) of each import that nothing needs."""
    files = sorted(str(path.relative_to(proto)) for path in proto.rglob("*.proto"))
    with tempfile.TemporaryDirectory() as directory:
        out = pathlib.Path(directory) / "set"
        result = subprocess.run(
            ["protoc", f"-I{proto}", "--include_imports", *(["--include_source_info"] if source_info else []),
             f"--descriptor_set_out={out}", *files], stderr=subprocess.PIPE, text=True)
        if result.returncode != 0:
            sys.exit(result.stderr)
        unused = [(found["file"], found["import"]) for found in UNUSED.finditer(result.stderr)]
        return out.read_bytes(), unused


def release(proto, version):
    """Keeps the schema as that of a version: from now on nothing may break those who use it."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        sys.exit(f"{version} is no version such as 0.1.0")
    # Equal widths, so that the last by name is the last by age.
    major, minor, patch = (int(part) for part in version.split("."))
    path = proto / "released" / f"{major}.{minor:02}.{patch:02}.binpb"
    if path.exists():
        sys.exit(f"{path} was released before: a released schema never changes")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(compile_set(proto, source_info=False)[0])
    print(f"wrote {path}: commit it with the release")


def main():
    root = pathlib.Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser()
    parser.add_argument("--proto", type=pathlib.Path, default=root / "proto")
    parser.add_argument("--released", type=pathlib.Path, help="default: the newest of proto/released/*.binpb")
    parser.add_argument("--package", default="punos.")
    parser.add_argument("--release", metavar="VERSION", help="where nothing is found, keep the schema as released")
    options = parser.parse_args()
    compiled, unused = compile_set(options.proto)
    files = read_set(compiled)
    ours = [file for file in files if file.package.startswith(options.package)]
    lint = Lint(files)
    for name, imported in unused:
        lint.findings += [f"{file.name}: {imported} is imported and not used" for file in ours if file.name == name]
    for file in ours:
        lint.check(file)
    lint.across(ours)
    released = options.released
    if released is None:
        # The last by name is the last by age.
        released = max((options.proto / "released").glob("*.binpb"), default=None)
    against = "no released schema to compare with"
    if released is not None:
        lint.findings += breaking(read_set(released.read_bytes()), files, lambda p: p.startswith(options.package))
        against = f"compared with {released.name}"
    print("\n".join(lint.findings), end="\n" if lint.findings else "")
    print(f"{len(ours)} files, {sum(1 for f in ours for _ in f.all_messages())} messages, {against}: "
          f"{len(lint.findings)} findings")
    if lint.findings:
        sys.exit(1)
    if options.release:
        release(options.proto, options.release)


if __name__ == "__main__":
    main()
