"""The official JSONata suite against our binding: python -m tests.asl.jsonata_suite [FOLDER]

The suite comes with the source package of jsonata2py (`make setup-dev` unpacks it; it is not part of this
repository).  Each case is evaluated as the engine does – in place where that is bounded, else by what the helper
process runs – but with the case's data as input, which Step Functions never gives.  Prints JSON:

    {"relevant", "agree", "in_place", "not_in_aws", "different": [[group/case, expected, found]]}
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = ROOT / ".venv" / "jsonata-test-suite"
# `??` and `?:` came after JSONata 2.0.6, and there is no $eval in Step Functions.
NOT_IN_AWS: Final = frozenset({"coalescing-operator", "default-operator", "function-eval"})
REFUSED: Final = ("error", "S")  # before it runs, by our parser
UNDEFINED: Final = "undefined"
NOTHING: Final = object()


def cases(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """All cases by "group/name"; a file may hold one or a list."""
    for path in sorted((folder / "groups").glob("*/*.json")):
        held = json.loads(path.read_text(encoding="utf-8"))
        many = held if isinstance(held, list) else [held]
        for number, case in enumerate(many):
            if "expr-file" in case:
                case["expr"] = (path.parent / case["expr-file"]).read_text(encoding="utf-8")
            yield f"{path.parent.name}/{path.stem}" + (f"[{number}]" if len(many) > 1 else ""), case


def data_of(folder: Path, case: dict[str, Any]) -> Any:
    """The input of a case; NOTHING for undefined."""
    if "data" in case:
        return case["data"]
    if case.get("dataset") is None:
        return NOTHING
    return json.loads((folder / "datasets" / f"{case['dataset']}.json").read_text(encoding="utf-8"))


def evaluate(text: str, data: Any, bindings: dict[str, Any]) -> tuple[Any, bool]:
    """("value", v), UNDEFINED or ("error", code), and whether in place."""
    from designer.asl.jsonata.evaluate import MAX_STEPS, Environment, Unbounded, _compile
    from designer.asl.jsonata.lexer import JsonataSyntaxError
    from designer.asl.jsonata.parser import parse
    from designer.asl.jsonata.values import MISSING, Irregular, settled
    from designer.asl.scope import Scope

    try:
        tree = parse(text)
    except JsonataSyntaxError:
        return REFUSED, False
    scope = Scope(None, dict, bindings, lambda: random.Random(1), 0)
    try:
        found = settled(_compile(tree)(MISSING if data is NOTHING else data, Environment(scope, {}, [MAX_STEPS])))
    except (Unbounded, Irregular, RecursionError):
        return elsewhere(text, data, bindings), False
    return (UNDEFINED if found is MISSING else ("value", found)), True


def elsewhere(text: str, data: Any, names: dict[str, Any]) -> Any:
    """What the helper's code finds."""
    import helper  # type: ignore[import-not-found]  # on the path as in its own process
    import jsonata2py
    from jsonata2py.runtime.values import MISSING

    bindings = jsonata2py.JsonataBindings().bind_functions(dict(helper._FUNCTIONS)).bind_value("sfn_now", 0)
    for name, value in names.items():
        bindings.bind_value(name, value)
    try:
        found = helper._result(helper._compile(text).evaluate(MISSING if data is NOTHING else data, bindings))
    except jsonata2py.JsonataError as failed:
        code = str(failed.error_code)
        return REFUSED if code.startswith("S") else ("error", code)
    except RecursionError:
        return ("error", "U1001")
    return UNDEFINED if "undefined" in found else ("value", found["value"]) if "value" in found else ("value", found)


def wanted(case: dict[str, Any]) -> Any:
    if "code" in case or "error" in case:
        code = case.get("code") or case["error"].get("code")
        return REFUSED if code.startswith("S") else ("error", code)
    if case.get("undefinedResult"):
        return UNDEFINED
    return ("value", case.get("result"))


def same(expected: Any, found: Any) -> bool:
    """Numbers by value, to the digits that the suite gives; keys in any order."""
    if isinstance(expected, (bool, str)) or expected is None:
        return type(expected) is type(found) and expected == found
    if isinstance(expected, (int, float)):
        return (isinstance(found, (int, float)) and not isinstance(found, bool)
                and abs(expected - found) <= 1e-12 * max(1.0, abs(expected)))
    if isinstance(expected, dict):
        return (isinstance(found, dict) and expected.keys() == found.keys()
                and all(same(value, found[key]) for key, value in expected.items()))
    return (isinstance(found, (list, tuple)) and len(expected) == len(found)
            and all(map(same, expected, found)))


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    sys.path[:0] = [str(ROOT / "designer" / "asl" / "jsonata")]
    sys.setrecursionlimit(3000)
    total, others, in_place, different = 0, 0, 0, []
    for name, case in cases(folder):
        if name.split("/", 1)[0] in NOT_IN_AWS:
            others += 1
            continue
        total += 1
        try:
            found, here = evaluate(case["expr"], data_of(folder, case), case.get("bindings") or {})
        except Exception as error:
            found, here = ("error", f"{type(error).__name__}: {error}"), False
        in_place += here
        if not same(wanted(case), found):
            different.append([name, repr(wanted(case))[:200], repr(found)[:200]])
    print(json.dumps({"relevant": total, "agree": total - len(different), "in_place": in_place, "not_in_aws": others,
                      "different": different}))


if __name__ == "__main__":
    main()
