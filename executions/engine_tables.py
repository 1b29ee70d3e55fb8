"""What docs/explanation/engine.md shows of the engine, read out of its code: diagrams (Mermaid) and tables.

    ending.py       which events end an execution, and with which status
    run.py, …       where frames begin, sleep and end
    states/         what entering each type of state can come to
    signals.py      what the world tells; effects.py: what is asked of it
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Final

from executions.engine import effects, receive, signals
from executions.engine.states import ENTER

ENGINE: Final = Path(receive.__file__).parent
OUTCOMES: Final = ("Done", "Ask", "Fork", "Fail")
_STATUSES: Final = {"LIVE": "live", "DONE": "done", "FAILED": "failed", "CUT": "cut"}
_MARKED: Final = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(text: str) -> str:
    """The page with its generated parts as the code has them now."""
    parts = {
        "execution": execution_diagram, "frame": frame_diagram, "states": states_table, "signals": signals_table,
        "effects": effects_table}
    return _MARKED.sub(lambda found: f"{found[1]}{parts[found[2]]()}{found[3]}", text)


def execution_diagram() -> str:
    """From RUNNING to each end, by the function of ending.py and the event it writes."""
    lines = ["[*] --> RUNNING: ExecutionStarted"]
    ends: list[str] = []
    for function in _functions("ending.py"):
        event = next(filter(None, (_text(call.args[0]) for call in _calls(function, "end"))), "")
        status = next((_text(call.args[0]) for call in _calls(function, "Finish")), "")
        if event and status:
            lines.append(f"RUNNING --> {status}: {event}")
            ends.append(f"{status} --> [*]")
    return _mermaid([*lines, *ends])


def frame_diagram() -> str:
    """The life of a frame: how it begins, what it waits for, how it ends."""
    kinds = sorted({_text(call.args[1]) for _, function in _everywhere() for call in _calls(function, "Ask")
                    if len(call.args) > 1 and isinstance(call.args[1], ast.Constant)})
    waking = [kind.__name__ for kind, handler in receive._RECEIVE.items() if _settles(handler.__name__)]
    lines = [
        "state live {", "    [*] --> ready: " + _callers("spawn"),
        f"    ready --> waiting: Ask ({', '.join(kinds)})",
        f"    waiting --> ready: {', '.join(waking)}",
        "    ready --> ready: Done, to the next state",
        "    ready --> forked: Fork", "    forked --> ready: all children have ended, or a retry", "}",
        f"live --> [*]: {_callers('remove', 'ROOT')}"]
    for name, status in _STATUSES.items():
        callers = _callers("end", name)
        if callers:
            lines.append(f"live --> {status}: {callers}")
    lines += [f"{status} --> [*]: {_callers('drop')}" for status in ("done", "failed", "cut")]
    return _mermaid(lines)


def states_table() -> str:
    """State types × outcomes: what entering can come to, and whether there is something to leave later."""
    rows = [["", *OUTCOMES, "later"]]
    for name, enter in ENTER.items():
        found = set(re.findall(r"\w+", str(enter.__annotations__["return"])))
        later = "left when the answer is there" if hasattr(inspect.getmodule(enter), "leave") else ""
        if "Fork" in found:
            later = "joined when all children have ended"
        rows.append([name, *("●" if outcome in found else "" for outcome in OUTCOMES), later])
    return _table(rows)


def signals_table() -> str:
    return _described(signals, "signal")


def effects_table() -> str:
    return _described(effects, "effect")


def _described(module: ModuleType, title: str) -> str:
    """The data classes of a module with the first sentence of what they say about themselves."""
    rows = [[title, "members", "meaning"]]
    for name, found in vars(module).items():
        if inspect.isclass(found) and found.__module__ == module.__name__ and is_dataclass(found):
            members = ", ".join(f"`{member}`" for member in found.__dataclass_fields__)
            sentence = re.split(r"(?<=\.)\s", " ".join((inspect.getdoc(found) or "").split()))[0]
            rows.append([f"`{name}`", members, sentence.replace("|", "\\|")])
    return _table(rows)


# -- reading the code


@cache
def _functions(name: str) -> tuple[ast.FunctionDef, ...]:
    tree = ast.parse((ENGINE / name).read_text(encoding="utf-8"))
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _everywhere() -> Iterator[tuple[str, ast.FunctionDef]]:
    """(module, function) of the whole engine but the driver for tests."""
    for path in sorted(ENGINE.rglob("*.py")):
        name = path.relative_to(ENGINE).as_posix()
        if name not in ("memory.py", "overlay.py"):
            for function in _functions(name):
                yield path.stem, function


def _calls(function: ast.FunctionDef, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = node.func
            if (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")) == name:
                yield node


def _callers(name: str, argument: str | None = None) -> str:
    """Where the engine calls it, with this name among the arguments if one is given."""
    found = []
    for module, function in _everywhere():
        for call in _calls(function, name):
            named = {item.id for item in call.args if isinstance(item, ast.Name)}
            if argument is None or argument in named:
                found.append(f"{module}.{function.name}")
    return ", ".join(dict.fromkeys(found))


def _settles(handler: str) -> bool:
    """Whether a signal's function can bring its frame on: it answers an ask, or leaves an outcome."""
    functions = {function.name: function for function in _functions("receive.py")}
    known = {handler}
    todo = [handler]
    while todo:
        function = functions[todo.pop()]
        if any(True for _ in _calls(function, "_answer")) or any(
                isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Attribute)
                and call.func.value.attr == "outcomes" for call in _calls(function, "append")):
            return True
        called = {call.func.id for node in ast.walk(function) if isinstance(node, ast.Call)
                  for call in [node] if isinstance(call.func, ast.Name)}
        todo += [name for name in called & functions.keys() if name not in known]
        known |= called
    return False


def _text(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""


# -- writing


def _mermaid(lines: list[str]) -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return f"```mermaid\nstateDiagram-v2\n{body}\n```\n"


def _table(rows: list[list[str]]) -> str:
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
