"""docs/tour.md is a story that can be lived: every command in it runs, and prints what the page shows."""

import os
import pathlib
import re
import subprocess

from punoscli import COMMAND_WITHIN, ROOT

PAGE = ROOT / "docs" / "tour.md"
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
BLOCK = re.compile(r"```console\n(.*?)```", re.S)
# What differs from run to run: ids that the server makes, and days and times of the day the tour is taken.
MADE_ID = re.compile(r"\b[0-9a-z]{26}\b")


def steps():
    """Commands of the page in order, each with the lines that it is shown to print."""
    for block in BLOCK.findall(PAGE.read_text()):
        command, shown = None, []
        for line in block.splitlines():
            if line.startswith("$ "):
                if command is not None:
                    yield command, shown
                command, shown = line[2:], []
            elif command is not None and command.endswith("\\"):
                command = command[:-1] + line.strip()
            elif line.strip():
                shown.append(line)
        if command is not None:
            yield command, shown


def pattern(shown: str) -> re.Pattern:
    """A shown line as a pattern: `…` stands for anything, blanks for any number of blanks."""
    parts = [r"\s+".join(re.escape(word) for word in part.split()) for part in shown.split("…")]
    return re.compile(r".*".join(parts))


def missing(shown: list[str], printed: str) -> list[str]:
    """The shown lines that were not printed, in their order; other lines may stand between them."""
    lines = iter(" ".join(line.split()) for line in MADE_ID.sub("…", printed).splitlines())
    left = []
    for line in shown:
        wanted = pattern(" ".join(line.split()))
        if not any(wanted.search(candidate) for candidate in lines):
            left.append(line)
            break
    return left


def test_the_story_of_the_tour_can_be_lived_by_three_teams(server, client, tmp_path):
    for context, team, person in [
        ("sales", "sales", "aino.virtanen"), ("delivery", "delivery", "eero.koski"),
        ("service", "service", "sanna.lahti")]:
        client.add_context(context, server.credential(team, person))
    client.ok("context", "use", "sales")
    folder = tmp_path / "tour"
    folder.mkdir()
    environment = {**client.environment, "PATH": f"{server.bin}:{os.environ['PATH']}"}
    problems = []
    taken = 0
    for command, shown in steps():
        taken += 1
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, timeout=COMMAND_WITHIN)
        printed = (done.stdout + done.stderr).decode()
        # A command that the page shows to be refused is refused.
        refused = any(line.startswith(("error:", "virhe:", "Missing", "Puuttuu")) for line in shown)
        if (done.returncode != 0) != refused:
            problems.append(f"$ {command}\nended with {done.returncode}\n{printed}")
        for line in missing(shown, printed):
            problems.append(f"$ {command}\ndid not print:\n{line}\nbut:\n{printed}")
    for picture in PICTURE.findall(PAGE.read_text()):
        drawn = folder / pathlib.PurePath(picture).name
        if os.environ.get("PUNOS_KEEP_PICTURES"):
            (PAGE.parent / picture).write_bytes(drawn.read_bytes())
        if drawn.read_bytes() != (PAGE.parent / picture).read_bytes():
            problems.append(f"{picture} is not what the tour draws: look at both, and keep it with PUNOS_KEEP_PICTURES=1")
    assert taken > 30
    assert not problems, "\n\n".join(problems)
