"""docs/tour.md is a story that can be lived: every command in it runs, and prints what the page shows."""

import hashlib
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


# Days as the pictures have them, and times of the day: the tour is taken on any.
MOMENT = re.compile(r"\b(\d{4}-\d\d-\d\d|\d{1,2} [A-Z][a-z]{2} \d{4}|\d\d:\d\d)\b")


def drawn(folder: pathlib.Path, name: str) -> str:
    """A digest of what the tour drew, whatever the day: of an SVG itself; of a PNG, of the page that it shows."""
    return digest((folder / (name if name.endswith(".svg") else name.replace(".png", ".html"))).read_text())


def digest(text: str) -> str:
    return hashlib.sha256(MADE_ID.sub("…", MOMENT.sub("…", text)).encode()).hexdigest()


def kept(picture: pathlib.Path) -> str:
    """The same of a picture that is kept; a PNG tells it by itself."""
    if picture.suffix == ".svg":
        return digest(picture.read_text())
    from PIL import Image
    with Image.open(picture) as image:
        return image.text["page"]


def keep(folder: pathlib.Path, picture: pathlib.Path):
    """Keeps what the tour drew; a page is printed by weasyprint and made a picture by pdftoppm (poppler-utils)."""
    if picture.suffix == ".svg":
        picture.write_bytes((folder / picture.name).read_bytes())
        return
    import weasyprint
    from PIL import Image, ImageChops, PngImagePlugin
    weasyprint.HTML(filename=folder / f"{picture.stem}.html").write_pdf(folder / "page.pdf")
    subprocess.run(["pdftoppm", "-png", "-r", "96", "-singlefile", "page.pdf", "page"], cwd=folder, check=True)
    with Image.open(folder / "page.png") as page:
        # Without the empty rest of the sheet.
        shown = page.convert("RGB")
        box = ImageChops.difference(shown, Image.new("RGB", shown.size, "white")).getbbox()
        shown = shown.crop((0, 0, shown.width, min(shown.height, box[3] + 40)))
        facts = PngImagePlugin.PngInfo()
        facts.add_text("page", drawn(folder, picture.name))
        shown.quantize(64).save(picture, pnginfo=facts, optimize=True)


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
        if os.environ.get("PUNOS_KEEP_PICTURES"):
            keep(folder, PAGE.parent / picture)
        if kept(PAGE.parent / picture) != drawn(folder, pathlib.PurePath(picture).name):
            problems.append(f"{picture} is not what the tour draws: look at both, and keep it with PUNOS_KEEP_PICTURES=1")
    assert taken > 30
    assert not problems, "\n\n".join(problems)
