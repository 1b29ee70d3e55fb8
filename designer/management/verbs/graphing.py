"""asl graph: a definition as SVG, PNG or Graphviz's DOT."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from designer.diagrams.dot import dot
from designer.diagrams.layout import LayoutError
from designer.diagrams.png import PngError, png
from designer.diagrams.svg import svg
from designer.management.verbs.files import USAGE, read_source

FORMATS = ("svg", "png", "dot")


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a definition, JSON or YAML; - reads standard input")
    parser.add_argument("--format", choices=FORMATS, help="without it, by the ending of OUT; else svg")
    parser.add_argument("-o", "--output", metavar="OUT", help="the file to write; without it, standard output")
    parser.add_argument("--theme", choices=("light", "dark"), default="light", help="colours of svg and png")
    parser.add_argument("--scale", type=float, default=2.0, help="pixels of a png per pixel of the svg")
    parser.add_argument("--font", action="append", default=[], metavar="FILE",
                        help="a TrueType or OpenType font for a png, besides those of the machine")


def run(command: BaseCommand, options: dict[str, Any]) -> None:
    source, out = read_source(options["file"]), options["output"]
    if source.data is None:
        problem = source.problems[0]
        raise CommandError(f"{options['file']}:{problem.line}:{problem.column}: {problem.message}", returncode=USAGE)
    form = options["format"] or (Path(out).suffix[1:].lower() if out else "svg")
    if form not in FORMATS:
        raise CommandError(f"There is no format '{form}': choose one of {', '.join(FORMATS)}.", returncode=USAGE)
    if form == "png" and not out:
        raise CommandError("A png is written to a file: name it with -o.", returncode=USAGE)
    try:
        drawn = _draw(source.data, form, options)
    except (LayoutError, PngError) as broken:
        raise CommandError(str(broken), returncode=USAGE) from None
    if out:
        _write(Path(out), drawn)
    else:
        command.stdout.write(drawn.decode())


def _draw(definition: Any, form: str, options: dict[str, Any]) -> bytes:
    if form == "dot":
        return dot(definition).encode()
    drawing = svg(definition, theme=options["theme"])
    return png(drawing, options["scale"], options["font"]) if form == "png" else drawing.encode()


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as broken:
        raise CommandError(f"{path} cannot be written: {broken}", returncode=USAGE) from None
