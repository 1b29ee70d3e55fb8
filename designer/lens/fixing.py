"""Fixes of what the lens finds, as operations on the definition (asl/problems.py)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from designer.asl.fixes import nearest
from designer.asl.path_syntax import Index, Key, Path
from designer.asl.paths import parse_path
from designer.asl.problems import Fix, Operation
from designer.asl.report import Steps, pointer_of
from designer.lens.finding import GONE, find
from designer.lens.history import Edge, History
from designer.lens.notes import Read
from designer.lens.shapes import NUMERIC, Shape

_NO_NAME: Final = re.compile(r"[^\w]+")
_PLAIN_NAME: Final = re.compile(r"[^\W\d]\w*")


def value_at(definition: Any, steps: Steps) -> Any:
    for step in steps:
        definition = definition[step]
    return definition


# ---- ResultPath ----------------------------------------------------------------------------------


def keep_input(definition: Any, history: History, reads: Iterable[Read], losers: list[Edge], lost: str,
               field_name: str = "") -> Fix:
    """Every state of `losers` gets a ResultPath, and who reads its result reads it there.

    `lost` is the field of the input that is wanted back; `field_name` the name of the new field.
    """
    operations: list[Operation] = []
    changed: dict[Steps, str] = {}
    taken: set[str] = set()
    kept = [read for read in reads if read.path.steps and read.path.steps[0] != Key(lost)]
    for edge in dict.fromkeys(edge.steps for edge in losers):
        loser = next(other for other in losers if other.steps == edge)
        field = _free(field_name or _field_name(loser), taken | _fields_before(history, loser))
        taken.add(field)
        operations.append(Operation("add", pointer_of((*loser.steps, "ResultPath")), f"$.{field}"))
        _move_reads(definition, history, kept, loser, field, changed)
    operations += [Operation("replace", pointer_of(steps), text) for steps, text in changed.items()]
    names = " and ".join(dict.fromkeys(str(edge.source[-1]) for edge in losers))
    return Fix(f"Keep the input of {names}: write the result beside it with ResultPath", tuple(operations))


def _field_name(edge: Edge) -> str:
    if "ErrorEquals" in edge.fields:
        return "error"
    return _NO_NAME.sub("", str(edge.source[-1])) or "result"


def _free(name: str, taken: set[str]) -> str:
    found, number = name, 2
    while found in taken:
        found, number = f"{name}{number}", number + 1
    return found


def _fields_before(history: History, edge: Edge) -> set[str]:
    seen = history.seen(edge.source)
    known = None if seen is None else seen.before.object
    return set() if known is None else set(known.fields)


def _move_reads(definition: Any, history: History, reads: list[Read], loser: Edge, field: str,
                changed: dict[Steps, str]) -> None:
    """Paths behind the state that lead into its result are given the new field before them."""
    before, behind = _fields_before(history, loser), set(history.after(loser.source))
    target = (*loser.source[:-1], str(loser.out.target))
    result = loser.out.data
    for read in reads:
        if read.state not in behind or read.stage != "input" or read.path.root != "$" or not read.path.steps:
            continue
        first = read.path.steps[0]
        name = first.name if isinstance(first, Key) else ""
        if name in before or not (result.unknown or (result.object is not None and name in result.object.fields)):
            continue
        if target in behind:
            old = changed.get(read.steps) or value_at(definition, read.steps)
            changed[read.steps] = _with_path(old, read.path.text, f"$.{field}{read.path.text[1:]}")


def _with_path(value: Any, old: str, new: str) -> str:
    """A text with one path replaced, which may stand within an intrinsic function."""
    if value == old:
        return new
    return re.sub(rf"{re.escape(old)}(?![\w.\[])", lambda match: new, str(value))


# ---- paths ---------------------------------------------------------------------------------------


def another_path(definition: Any, read: Read, document: Shape) -> Fix | None:
    """A path that was probably meant: the field stands one deeper, or has nearly the same name."""
    text = _moved(read.path, document) or _misspelt(read)
    if text is None:
        return None
    value = value_at(definition, read.steps)
    if not isinstance(value, str):
        return None
    changed = _with_path(value, read.path.text, text)
    return Fix(f"Write {text}", (Operation("replace", pointer_of(read.steps), changed),)) if changed != value else None


def _moved(path: Path, document: Shape) -> str | None:
    if path.root != "$" or document.object is None or not isinstance(path.steps[0], Key):
        return None
    found = [text for name in document.object.fields
             if _leads(text := f"$.{name}{path.text[1:]}" if _PLAIN_NAME.fullmatch(name) else "", document)]
    return found[0] if len(found) == 1 else None


def _leads(text: str, document: Shape) -> bool:
    if not text:
        return False
    path = parse_path(text)
    found = find(path, document)
    holder = find(Path(text, "$", path.steps[:-1]), document).shape
    return found.sure != GONE and holder.object is not None and isinstance(path.steps[-1], Key) and (
        path.steps[-1].name in holder.object.fields)


def _misspelt(read: Read) -> str | None:
    at, there = read.found.at, read.found.there.object
    step = read.path.steps[at] if 0 <= at < len(read.path.steps) else None
    if not isinstance(step, Key) or there is None:
        return None
    meant = nearest(step.name, there.fields)
    return None if meant is None or meant == step.name else written(read.path, {at: meant})


def written(path: Path, names: Mapping[int, str]) -> str | None:
    """The path with other names at some steps; None for paths that cannot be written so."""
    text = path.root if path.root in ("$", "$$") else f"${path.root}"
    for number, step in enumerate(path.steps):
        if isinstance(step, Key):
            name = names.get(number, step.name)
            text += f".{name}" if _PLAIN_NAME.fullmatch(name) else f"['{name}']"
        elif isinstance(step, Index):
            text += f"[{step.number}]"
        else:
            return None
    return text


# ---- numbers that are texts ----------------------------------------------------------------------


def as_number(definition: Any, history: History, rule: Steps, read: Read) -> Fix | None:
    """The state before assigns the number to a variable, which the rule compares.

    Only where one state leads to the Choice, and the value is in what its Assign sees.
    """
    text = read.found.shape.text
    edges = {edge.source: edge for edge in history.edges_to(read.state)}
    if text is None or text.kinds != {NUMERIC} or len(edges) != 1 or read.path.root != "$":
        return None
    edge = next(iter(edges.values()))
    path = _seen_by_assign(edge, read.path)
    if path is None:
        return None
    name = _variable_name(read.path)
    value = f"States.StringToJson({path})"
    assign = edge.fields.get("Assign")
    if isinstance(assign, dict):
        operation = Operation("add", pointer_of((*edge.steps, "Assign", f"{name}.$")), value)
    else:
        operation = Operation("add", pointer_of((*edge.steps, "Assign")), {f"{name}.$": value})
    return Fix(f"Assign the number to ${name} in {edge.source[-1]}, and compare that", (
        operation, Operation("replace", pointer_of((*rule, "Variable")), f"${name}")))


def _seen_by_assign(edge: Edge, path: Path) -> str | None:
    fields = edge.fields
    if edge.out.is_caught or fields.get("QueryLanguage") == "JSONata" or {"OutputPath", "ResultSelector"} & set(fields):
        return None
    if fields.get("Type") in ("Choice", "Succeed", "Fail"):
        return None
    into = fields.get("ResultPath", "$")
    if fields.get("Type") == "Wait":
        into = "$"
    if into == "$":
        return path.text
    if isinstance(into, str) and path.text.startswith(f"{into}."):
        return f"${path.text[len(into):]}"
    return None


def _variable_name(path: Path) -> str:
    """The last telling name: `stock` of $.Item.stock.N, where N is DynamoDB's word for its type."""
    names = [step.name for step in path.steps if isinstance(step, Key)]
    telling = [name for name in names if name not in ("N", "S", "M", "Payload")] or names
    found = _NO_NAME.sub("", telling[-1]) if telling else ""
    return found if _PLAIN_NAME.fullmatch(found) and found != "states" else "number"


