#!/usr/bin/env python3
"""Writes manual pages from what the programs say about themselves, so that a page never tells of an option that is gone.

    scripts/man-pages.py BIN-FOLDER OUTPUT-FOLDER

BIN-FOLDER holds punos and punosd. OUTPUT-FOLDER gets man1/punos.1, man1/punos-NOUN.1 for each command, the same in
Finnish under fi/, and man8/punosd.8. Texts that no option tells (exit statuses, variables, files) are in
packaging/man/.
"""

import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORDS = {
    "en": {"name": "NAME", "synopsis": "SYNOPSIS", "description": "DESCRIPTION", "commands": "COMMANDS", "options": "OPTIONS",
           "common": "OPTIONS OF EVERY COMMAND", "see": "SEE ALSO", "default": "default", "values": "values",
           "subcommand": "command", "any": "options", "manual": "Punos manual"},
    "fi": {"name": "NIMI", "synopsis": "KÄYTTÖ", "description": "KUVAUS", "commands": "KOMENNOT", "options": "VALITSIMET",
           "common": "JOKAISEN KOMENNON VALITSIMET", "see": "KATSO MYÖS", "default": "oletus", "values": "arvot",
           "subcommand": "komento", "any": "valitsimet", "manual": "Punoksen käsikirja"},
}
# The parser's own two options, which it describes in English only.
PARSER = {"fi": {"Show help information.": "Näytä ohje.", "Show the version.": "Näytä versio."}}


def dump(program, language):
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "fi_FI.UTF-8" if language == "fi" else "C.UTF-8"}
    done = subprocess.run([program, "--experimental-dump-help"], check=True, capture_output=True, env=environment)
    return json.loads(done.stdout)["command"]


def version(program):
    done = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    return done.stdout.split()[-1]


def escaped(text):
    """Text as roff takes it literally: backslashes, hyphens that are typed, and dots and quotes that begin a line."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def spelled(argument):
    """An option with all its names, or an argument: `-o, --output OUTPUT`."""
    value = argument.get("valueName", "").upper()
    if argument["kind"] == "positional":
        return f"\\fI{escaped(value)}\\fR"
    names = []
    for name in sorted(argument.get("names", []), key=lambda n: n["kind"] != "short"):
        dashes = "-" if name["kind"] == "short" else "--"
        names.append(f"\\fB{escaped(dashes + name['name'])}\\fR")
    return ", ".join(names) + (f" \\fI{escaped(value)}\\fR" if argument["kind"] == "option" else "")


class Page:
    def __init__(self, title, section, language, release):
        self.words = WORDS[language]
        self.language = language
        self.lines = [f'.TH "{escaped(title.upper())}" "{section}" "" "punos {release}" "{self.words["manual"]}"', ".ad l", ".nh"]

    def section(self, key):
        self.lines.append(f'.SH "{escaped(self.words[key])}"')

    def raw(self, text):
        self.lines += text.rstrip("\n").split("\n")

    def text(self, text):
        for line in text.strip().split("\n"):
            self.lines.append(escaped(line.strip()) if line.strip() else ".PP")

    def item(self, label, text):
        self.lines += [".TP", label]
        self.text(text or "")

    def argument(self, argument):
        notes = []
        if argument.get("allValues"):
            notes.append(f'{self.words["values"]}: {", ".join(argument["allValues"])}')
        if argument.get("defaultValue"):
            notes.append(f'{self.words["default"]}: {argument["defaultValue"]}')
        abstract = argument.get("abstract", "")
        abstract = PARSER.get(self.language, {}).get(abstract, abstract)
        self.item(spelled(argument), abstract + (f' ({"; ".join(notes)})' if notes else ""))

    def write(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(self.lines) + "\n", encoding="utf-8")


def shown(items):
    return [item for item in items or [] if item.get("shouldDisplay", True)]


def subcommands(command):
    return [c for c in shown(command.get("subcommands")) if c["commandName"] != "help"]


def leaves(command):
    below = subcommands(command)
    return [leaf for child in below for leaf in leaves(child)] if below else [command]


def key(argument):
    return (argument["kind"], argument.get("valueName"), tuple(n["name"] for n in argument.get("names", [])))


def common_options(root):
    """Options that every command that talks to a server takes: told once."""
    counts = {}
    all_leaves = leaves(root)
    for leaf in all_leaves:
        for argument in shown(leaf.get("arguments")):
            if argument["kind"] != "positional":
                counts.setdefault(key(argument), [0, argument])[0] += 1
    return {k: argument for k, (count, argument) in counts.items() if count == len(all_leaves)}


def synopsis(page, path, command, common):
    words = " ".join(f"\\fB{escaped(word)}\\fR" for word in path)
    parts = []
    if subcommands(command):
        parts.append(f'\\fI{escaped(page.words["subcommand"])}\\fR')
    if any(a["kind"] != "positional" for a in shown(command.get("arguments"))):
        parts.append(f'[\\fI{escaped(page.words["any"])}\\fR]')
    for argument in shown(command.get("arguments")):
        if argument["kind"] == "positional":
            text = spelled(argument) + (" ..." if argument.get("isRepeating") else "")
            parts.append(f"[{text}]" if argument.get("isOptional") else text)
    page.lines += [".HP", " ".join([words] + parts)]


def describe(page, path, command, common):
    """A command that does something: what it is for, and its own options."""
    page.text(command.get("abstract", ""))
    if command.get("discussion"):
        page.lines.append(".PP")
        page.text(command["discussion"])
    for argument in shown(command.get("arguments")):
        if key(argument) not in common:
            page.argument(argument)


def described_commands(page, path, command, common):
    for child in subcommands(command):
        inner = path + [child["commandName"]]
        if subcommands(child):
            described_commands(page, inner, child, common)
            continue
        page.lines.append(f'.SS "{escaped(" ".join(inner))}"')
        describe(page, inner, child, common)


def command_page(path, command, common, language, release, output):
    title = "-".join(path)
    page = Page(title, 1, language, release)
    page.section("name")
    page.raw(f"{escaped(title)} \\- {escaped(command.get('abstract', '').rstrip('.'))}")
    page.section("synopsis")
    every = leaf_paths(path, command)
    for inner, leaf in every:
        synopsis(page, inner, leaf, common)
    if subcommands(command):
        if command.get("discussion"):
            page.section("description")
            page.text(command["discussion"])
        page.section("commands")
        described_commands(page, path, command, common)
    else:
        page.section("description")
        describe(page, path, command, common)
    page.section("common")
    for argument in common.values():
        page.argument(argument)
    page.section("see")
    page.raw(f"\\fB{path[0]}\\fR(1)")
    page.write(output / f"{title}.1")


def leaf_paths(path, command):
    below = subcommands(command)
    if not below:
        return [(path, command)]
    return [pair for child in below for pair in leaf_paths(path + [child["commandName"]], child)]


def root_page(root, section, common, language, release, path):
    name = root["commandName"]
    page = Page(name, section, language, release)
    page.section("name")
    page.raw(f"{name} \\- {escaped(root.get('abstract', '').rstrip('.'))}")
    page.section("synopsis")
    page.raw(f".HP\n\\fB{name}\\fR \\fI{escaped(page.words['subcommand'])}\\fR [\\fI{escaped(page.words['any'])}\\fR]")
    if root.get("discussion"):
        page.section("description")
        page.text(root["discussion"])
    page.section("commands")
    if section == 1:
        for command in subcommands(root):
            page.item(f"\\fB{escaped(name + '-' + command['commandName'])}\\fR(1)", command.get("abstract"))
    else:
        described_commands(page, [name], root, common)
    page.section("common")
    for argument in common.values():
        page.argument(argument)
    extra = ROOT / "packaging/man" / f"{name}.{language}.roff"
    if extra.exists():
        page.raw(extra.read_text(encoding="utf-8"))
    page.section("see")
    page.raw(", ".join([f"\\fBpunosd\\fR(8)"] if section == 1 else ["\\fBpunos\\fR(1)"]))
    page.write(path)


def main():
    binaries, output = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    release = version(binaries / "punos")
    for language in ["en", "fi"]:
        root = dump(binaries / "punos", language)
        common = common_options(root)
        folder = output / ("man1" if language == "en" else "fi/man1")
        root_page(root, 1, common, language, release, folder / "punos.1")
        for command in subcommands(root):
            command_page(["punos", command["commandName"]], command, common, language, release, folder)
    server = dump(binaries / "punosd", "en")
    root_page(server, 8, common_options(server), "en", release, output / "man8/punosd.8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main()
