"""Our figures on the corpus beside those of the four validators in its index.

    python -m tests.asl.validators            prints the table of docs/reference/checker.md
    python -m tests.asl.validators --write    puts it there
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from designer.asl.checker import check, errors
from designer.asl.source import read
from designer.asl.yaml_source import read_yaml
from tests.asl.shared import CORPUS, corpus_index

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "checker.md"
NAMES = {
    "statelint_py": "statelint 3.1.0 (PyPI)", "statelint_js": "@wmfs/statelint 1.30.0 (npm)",
    "asl_validator": "asl-validator 4.0.0 (npm)",
    "language_service": "amazon-states-language-service 1.16.1 (npm)",
}  # fmt: skip
_TABLE = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- /figures -->)", re.DOTALL)


def ours(entry: dict[str, Any]) -> bool:
    """Whether `manage.py asl check` finds no error in a file."""
    text = (CORPUS / entry["file"]).read_text(encoding="utf-8")
    source = read_yaml(text) if entry["file"].endswith(".yaml") else read(text, placeholders=True)
    return not errors(check(source, template=True))


def table() -> str:
    """One row a validator: how many valid files it refuses, how many invalid ones it lets pass."""
    entries = [entry for entry in corpus_index() if not entry.get("disputed")]
    valid = [entry for entry in entries if entry["valid"]]
    invalid = [entry for entry in entries if not entry["valid"]]
    rows = [f"| | refuses of {len(valid)} valid | lets pass of {len(invalid)} invalid | right |", "|---|---|---|---|"]
    verdicts = {entry["id"]: ours(entry) for entry in entries}
    rows.append(_row("**Statewright**", [not verdicts[entry["id"]] for entry in valid],
                     [verdicts[entry["id"]] for entry in invalid]))
    for key, name in NAMES.items():
        rows.append(_row(name, [not entry["oracles"][key]["valid"] for entry in valid],
                         [entry["oracles"][key]["valid"] for entry in invalid]))
    return "\n".join(rows) + "\n"


def _row(name: str, refused: list[bool], passed: list[bool]) -> str:
    right = 1 - (sum(refused) + sum(passed)) / (len(refused) + len(passed))
    return f"| {name} | {sum(refused)} | {sum(passed)} | {right:.1%} |"


def written() -> str:
    """The table as it stands in the page."""
    found = _TABLE.search(PAGE.read_text(encoding="utf-8"))
    return found.group() if found else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    if parser.parse_args().write:
        PAGE.write_text(_TABLE.sub(lambda _: table(), PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(table(), end="")


if __name__ == "__main__":
    main()
