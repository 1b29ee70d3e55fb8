"""Rules for states that span several fields: Next/End, Retry, Catch, Choice rules, Map modes (§2, §12–19)."""

from __future__ import annotations

from typing import Any, Final

from designer.asl.check_lints import check_matches
from designer.asl.check_objects import Place, check_object
from designer.asl.check_resource import check_parameters
from designer.asl.check_values import check_path, expect
from designer.asl.choice import COMPARISONS, OPERATORS, RuleError, compile_wildcards, is_number, operand_kind
from designer.asl.faults import SCHEMA_TOO_DEEP
from designer.asl.fixes import adding, moving_last, nearest, removing, renaming, replacing
from designer.asl.model import JSONATA, JSONPATH
from designer.asl.placeholders import Placeholder
from designer.asl.problems import Fix
from designer.asl.report import SCHEMA, Steps
from designer.asl.rules import DISTRIBUTED_ONLY, PARTS, STATES
from designer.asl.timestamps import parse_timestamp

MAX_RULE_DEPTH: Final = 64


def check_state(place: Place, steps: Steps, data: Any, machine_language: str) -> None:
    if not expect(place.report, steps, data, "object"):
        return
    kind = data.get("Type")
    if "Type" not in data:
        place.report.error(steps, "These fields are required: [Type]", hint=f"Add Type: {', '.join(STATES)}.")
    if not isinstance(kind, str) or kind not in STATES:
        if "Type" in data and not isinstance(kind, Placeholder):
            place.report.error((*steps, "Type"), f"Value should be one of the following: [{', '.join(STATES)}]",
                               hint="Write one of the state types, with a capital letter.",
                               fix=_type_fix(steps, kind))
        return
    place = place.in_state(_language(place, steps, data, machine_language), kind)
    check_object(place, steps, data, kind, STATES[kind])
    if "Next" in STATES[kind]:
        _check_next(place, steps, data)
    _EXTRA.get(kind, _nothing)(place, steps, data)


def _type_fix(steps: Steps, kind: Any) -> Fix | None:
    near = nearest(kind, STATES) if isinstance(kind, str) else None
    return replacing((*steps, "Type"), near) if near else None


def _language(place: Place, steps: Steps, data: dict[str, Any], machine_language: str) -> str:
    language = data.get("QueryLanguage", machine_language)
    if language == JSONPATH and machine_language == JSONATA:
        message = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine"
        hint = "Set the machine's QueryLanguage to JSONPath and JSONata in single states."
        if len(steps) == 2:
            place.report.error(steps, message, hint=hint)
        else:  # AWS was recorded for states at the top only; validators let nested ones pass
            place.report.warning(steps, message, SCHEMA, hint=hint)
    return language if language in (JSONPATH, JSONATA) else machine_language


def _nothing(place: Place, steps: Steps, data: dict[str, Any]) -> None:
    return


def _check_next(place: Place, steps: Steps, data: dict[str, Any]) -> None:
    ends = data.get("End", False) is not False
    if ends and "Next" in data:
        place.report.error(steps, "There should only be one of the following fields: [Next, End]",
                           hint="Keep Next to go on, or End to stop here.", fix=removing((*steps, "End")))
    elif not ends and "Next" not in data:
        place.report.error(steps, "One of these fields is required: [Next, End]",
                           hint="Add \"Next\": \"<state>\" or \"End\": true.",
                           fix=adding((*steps, "End"), True, "Add End: true"))


# ---- Task, Parallel, Map -------------------------------------------------------------------------


def _check_task(place: Place, steps: Steps, data: dict[str, Any]) -> None:
    _check_errors(place, steps, data)
    check_parameters(place.report, steps, data, "Arguments" if place.is_jsonata else "Parameters")
    timeout, heartbeat = data.get("TimeoutSeconds"), data.get("HeartbeatSeconds")
    if not isinstance(timeout, int) or not isinstance(heartbeat, int) or heartbeat < timeout:
        return
    message, hint = "HeartbeatSeconds must be smaller than TimeoutSeconds", "Make the heartbeat shorter."
    if heartbeat > timeout:
        place.report.error((*steps, "HeartbeatSeconds"), message, hint=hint)
    else:  # equal ones are deployed, and do no harm
        place.report.warning((*steps, "HeartbeatSeconds"), message, SCHEMA, hint=hint)


def _check_map(place: Place, steps: Steps, data: dict[str, Any]) -> None:
    _check_errors(place, steps, data)
    field = "ItemProcessor" if "ItemProcessor" in data else "Iterator"
    processor = data.get(field)
    config = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
    config = config if isinstance(config, dict) else {}
    here = (*steps, field, "ProcessorConfig")
    if config.get("Mode") == "DISTRIBUTED":
        if "ExecutionType" not in config:
            place.report.error(here, "These fields are required: [ExecutionType]", hint="Add STANDARD or EXPRESS.",
                               fix=adding((*here, "ExecutionType"), "STANDARD", "Add ExecutionType STANDARD"))
        if place.kind == "EXPRESS":
            place.report.error(steps, "Express state machine does not support Distributed Map",
                               hint="Make the state machine a Standard one, or the Map INLINE.")
        return
    if "ExecutionType" in config:
        place.report.error(here, "Field 'ExecutionType' is not supported", hint="It belongs to Mode DISTRIBUTED.",
                           fix=removing((*here, "ExecutionType")))
    for name in DISTRIBUTED_ONLY:
        if name in data:
            place.report.warning((*steps, name), f"Field '{name}' has no effect in an inline Map", SCHEMA,
                                 hint="It belongs to a Map whose ProcessorConfig has Mode DISTRIBUTED.",
                                 fix=removing((*steps, name)))


def _check_errors(place: Place, steps: Steps, data: dict[str, Any]) -> None:
    for field, table in (("Retry", "Retrier"), ("Catch", "Catcher")):
        if field not in data or not expect(place.report, (*steps, field), data[field], "array"):
            continue
        entries = data[field]
        for number, entry in enumerate(entries):
            here = (*steps, field, number)
            if check_object(place, here, entry, table, PARTS[table]) and "ErrorEquals" in entry:
                _check_names(place, (*here, "ErrorEquals"), entry["ErrorEquals"])
                if _has_all(entry) and number < len(entries) - 1:
                    place.report.error((*here, "ErrorEquals"), "'States.ALL' must be in the last entry",
                                       hint="Move this entry to the end.",
                                       fix=moving_last(here, entry, "Move the entry to the end"))
        check_matches(place.report, steps, field, entries, data["Type"])


def _has_all(entry: dict[str, Any]) -> bool:
    return isinstance(entry["ErrorEquals"], list) and "States.ALL" in entry["ErrorEquals"]


def _check_names(place: Place, steps: Steps, names: Any) -> None:
    report = place.report
    if not expect(report, steps, names, "array"):
        return
    if not names:
        report.error(steps, "Value cannot be empty", hint="Name an error, or States.ALL.")
    for number, name in enumerate(names):
        expect(report, (*steps, number), name, "string")
    if "States.ALL" in names and len(names) > 1:
        report.error(steps, "'States.ALL' must appear alone", hint="Remove the other names: it matches them, too.",
                     fix=replacing(steps, ["States.ALL"], "Keep only States.ALL"))


# ---- Choice --------------------------------------------------------------------------------------


def _check_choice(place: Place, steps: Steps, data: dict[str, Any]) -> None:
    here = (*steps, "Choices")
    if "Choices" not in data or not expect(place.report, here, data["Choices"], "array"):
        return
    rules: list[Any] = data["Choices"]
    if not rules:
        place.report.error(here, "Value cannot be empty", hint="Add a rule.")
    for number, rule in enumerate(rules):
        _check_rule(place, (*here, number), rule)


_LOGIC: Final = ("And", "Or", "Not")


def _check_rule(place: Place, steps: Steps, rule: Any) -> None:
    logic = ("Variable", *_LOGIC, *OPERATORS)
    own = () if place.is_jsonata else logic
    if not check_object(place, steps, rule, "Rule", PARTS["Rule"], own):
        return
    if not place.is_jsonata:
        _check_test(place, steps, rule, 0)
    elif "Condition" not in rule:
        place.report.error(steps, "These fields are required: [Condition]", hint="Add \"Condition\": \"{% … %}\".")


def _check_test(place: Place, steps: Steps, rule: Any, depth: int) -> None:
    report = place.report
    if depth > MAX_RULE_DEPTH:
        report.error(steps, "The rule is nested too deeply", SCHEMA_TOO_DEEP, hint="Split the rule.")
        return
    if not expect(report, steps, rule, "object"):
        return
    if depth:
        _check_inner_fields(place, steps, rule)
    given = [name for name in rule if name in _LOGIC or name in OPERATORS]
    if len(given) != 1:
        report.error(steps, "A rule has exactly one operator" + (f", not [{', '.join(given)}]" if given else ""),
                     hint="Write Variable with one operator, or And, Or, Not.")
    for name in given:
        if name in _LOGIC:
            _check_logic(place, (*steps, name), name, rule[name], depth)
        else:
            _check_operand(place, (*steps, name), name, rule[name])
    if "Variable" in rule:
        check_path(report, (*steps, "Variable"), rule["Variable"])
        if given and all(name in _LOGIC for name in given):
            report.error((*steps, "Variable"), "Field 'Variable' is not supported", at=steps,
                         hint="Variable belongs to the rules inside And, Or and Not.",
                         fix=removing((*steps, "Variable")))
    elif any(name in OPERATORS for name in given):
        report.error(steps, "These fields are required: [Variable]", hint="Add \"Variable\": \"$.path\".")


def _check_inner_fields(place: Place, steps: Steps, rule: dict[str, Any]) -> None:
    for name in rule:
        if name not in ("Variable", "Comment") and name not in _LOGIC and name not in OPERATORS:
            near = nearest(name, ("Variable", *_LOGIC, *OPERATORS)) if name not in ("Next", "Assign") else None
            place.report.error((*steps, name), f"Field '{name}' is not supported", at=steps,
                               hint="Next and Assign stand only at the top of a rule." if name in ("Next", "Assign")
                               else f"Write it {near}." if near else "Remove the field.",
                               fix=renaming((*steps, name), near, rule[name]) if near and near not in rule
                               else removing((*steps, name)))


def _check_logic(place: Place, steps: Steps, name: str, value: Any, depth: int) -> None:
    if name == "Not":
        _check_test(place, steps, value, depth + 1)
        return
    if not expect(place.report, steps, value, "array"):
        return
    if not value:
        place.report.error(steps, "Value cannot be empty", hint="Add a rule.")
    for number, inner in enumerate(value):
        _check_test(place, (*steps, number), inner, depth + 1)


def _check_operand(place: Place, steps: Steps, operator: str, value: Any) -> None:
    report, kind = place.report, operand_kind(operator)
    if kind == "Path" and operator.removesuffix("Path") in COMPARISONS:
        check_path(report, steps, value)
    elif kind in ("Is", "Boolean"):
        expect(report, steps, value, "boolean")
    elif kind == "Numeric":
        if not is_number(value):
            expect(report, steps, value, "number")
    elif expect(report, steps, value, "string"):
        _check_text_operand(place, steps, operator, value)


def _check_text_operand(place: Place, steps: Steps, operator: str, value: str) -> None:
    if operator.startswith("Timestamp"):
        if parse_timestamp(value) is None:
            place.report.error(steps, "Value is not a valid ISO-8601 extended offset date-time format string",
                               hint="Write it as 2030-01-31T12:00:00Z.")
        return
    if operator == "StringMatches":
        try:
            compile_wildcards(value)
        except RuleError as broken:
            place.report.error(steps, broken.message, hint="Write \\\\* for a star and \\\\\\\\ for a backslash.")
    elif value.startswith(("$.", "$$.", "$[")):
        place.report.warning(steps, f"The value looks like a path, but the name '{operator}' does not end in 'Path'",
                             "NO_PATH", hint=f"Use {operator}Path to compare with the value at a path.",
                             fix=renaming(steps, f"{operator}Path", value))


_EXTRA: Final = {"Task": _check_task, "Parallel": _check_errors, "Map": _check_map, "Choice": _check_choice}
