"""The eight state types: fields → model (asl-language.md §10–19)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from designer.asl import jsonata
from designer.asl.choice import compile_condition
from designer.asl.compile_map import distributed, is_distributed
from designer.asl.errors import RUNTIME, StateError
from designer.asl.faults import fault, pointing_at
from designer.asl.limits import compile_count, compile_instant, compile_seconds, compile_timeout, constant, shown
from designer.asl.model import (
    Catcher,
    Choice,
    Fail,
    Map,
    Parallel,
    Pass,
    Resource,
    Retrier,
    Rule,
    State,
    Succeed,
    Task,
    Wait,
)
from designer.asl.paths import compile_path
from designer.asl.reading import Reading
from designer.asl.resources import parse_resource
from designer.asl.scope import Evaluator, Scope
from designer.asl.templates import compile_expression
from designer.asl.timestamps import timestamp_ms


def _common(state: Reading) -> dict[str, Any]:
    """Fields that every state type takes; the others' absence gives None."""
    common: dict[str, Any] = {"name": state.name, "type": state.data["Type"], "language": state.language,
                              "comment": state.typed("Comment", str, ""), "assign": state.assign()}
    if state.is_jsonata:
        common["output"] = state.jsonata("Output")
    else:
        common["input_path"] = state.path("InputPath")
        common["output_path"] = state.path("OutputPath")
    return common


def _work(state: Reading) -> dict[str, Any]:
    work: dict[str, Any] = {**_common(state), "next": state.next(), "retry": _retry(state), "catch": _catch(state)}
    if not state.is_jsonata:
        work["result_selector"] = state.template("ResultSelector")
        work["result_path"] = state.result_path()
    return work


def _compile_pass(state: Reading) -> State:
    if state.is_jsonata:
        return Pass(**_common(state), next=state.next())
    return Pass(**_common(state), next=state.next(), has_result="Result" in state.data,
                result=state.data.get("Result"), parameters=state.template("Parameters"),
                result_path=state.result_path())


def _compile_succeed(state: Reading) -> State:
    return Succeed(**_common(state))


def _compile_fail(state: Reading) -> State:
    return Fail(**_common(state), error=_text(state, "Error"), cause=_text(state, "Cause"))


def _text(state: Reading, field: str) -> Evaluator | None:
    path_field = f"{field}Path"
    if path_field in state.data:
        return state.with_path(path_field, lambda text: _text_from(text, path_field))
    if state.is_jsonata:
        return state.jsonata(field, "string")
    text = state.typed(field, str)
    return None if text is None else constant(text)


def _text_from(text: str, field: str) -> Evaluator:
    find = compile_expression(text, field)

    def evaluate(scope: Scope) -> str:
        value = find(scope)
        if not isinstance(value, str):
            raise StateError(RUNTIME, f"The {field} parameter does not reference a string value: {text} == "
                                      f"{shown(value)}")
        return value

    return evaluate


def _compile_wait(state: Reading) -> State:
    given = [field for field in ("Seconds", "SecondsPath", "Timestamp", "TimestampPath") if field in state.data]
    if len(given) != 1:
        raise fault(state.pointer, "Exactly one of these fields is required: "
                                   "[Seconds, SecondsPath, Timestamp, TimestampPath]")
    seconds = state.count("Seconds", 0, compile_seconds)
    if given[0] == "SecondsPath":
        seconds = state.with_path("SecondsPath", compile_seconds)
    return Wait(**_common(state), next=state.next(), seconds=seconds, until=_until(state))


def _until(state: Reading) -> Evaluator | None:
    if "TimestampPath" in state.data:
        return state.with_path("TimestampPath", compile_instant)
    if state.is_jsonata and jsonata.is_expression(state.data.get("Timestamp")):
        return state.jsonata("Timestamp", "timestamp")
    text = state.typed("Timestamp", str)
    if text is None:
        return None
    instant = timestamp_ms(text)
    if instant is None:
        raise fault(state.at("Timestamp"), "Value is not a valid ISO-8601 extended offset date-time format string")
    return constant(instant)


def _compile_choice(state: Reading) -> State:
    rules = state.typed("Choices", list)
    if not rules:
        raise fault(state.at("Choices"), "Value cannot be empty")
    default = state.target("Default") if "Default" in state.data else None
    compiled = tuple(_rule(state.part(rule, state.at(f"Choices/{number}"), f"Choices[{number}]/"))
                     for number, rule in enumerate(rules))
    return Choice(**_common(state), rules=compiled, default=default)


def _rule(rule: Reading) -> Rule:
    if not rule.is_jsonata:
        with pointing_at(rule.pointer):
            condition = compile_condition(rule.data)
        return Rule(condition, rule.target("Next"), assign=rule.assign())
    test = rule.jsonata("Condition", "boolean")
    if test is None:
        raise fault(rule.pointer, "These fields are required: [Condition]")
    return Rule(test, rule.target("Next"), rule.jsonata("Output"), rule.assign())


def _compile_task(state: Reading) -> State:
    return Task(**_work(state), resource=_resource(state),
                arguments=state.value("Arguments" if state.is_jsonata else "Parameters"),
                timeout=state.count("TimeoutSeconds", 1, compile_timeout),
                heartbeat=state.count("HeartbeatSeconds", 1, compile_timeout),
                credentials=state.value("Credentials"))


def _resource(state: Reading) -> Resource:
    arn = state.typed("Resource", str)
    if arn is None:
        raise fault(state.pointer, "These fields are required: [Resource]")
    resource = parse_resource(arn)
    if resource is not None:
        return resource
    if "${" in arn:  # a placeholder of SAM or CloudFormation: a function nobody has yet
        return Resource(arn, "lambda")
    raise fault(state.at("Resource"), f"The resource provided {arn} is not recognized", "INVALID_RESOURCE")


def _compile_parallel(state: Reading) -> State:
    branches = state.typed("Branches", list)
    if not branches:
        raise fault(state.at("Branches"), "Value cannot be empty")
    compiled = tuple(state.block(branch, state.at(f"Branches/{number}"), number)
                     for number, branch in enumerate(branches))
    return Parallel(**_work(state), branches=compiled,
                    arguments=state.value("Arguments" if state.is_jsonata else "Parameters"))


def _compile_map(state: Reading) -> State:
    field = "Iterator" if "Iterator" in state.data else "ItemProcessor"
    if field not in state.data:
        raise fault(state.pointer, "These fields are required: [ItemProcessor]")
    processor = state.block(state.data[field], state.at(field), 0)
    selector = "ItemSelector" if state.is_jsonata or "ItemSelector" in state.data else "Parameters"
    return Map(**_work(state), processor=processor, items=_items(state, state.data[field]),
               item_selector=state.value(selector),
               max_concurrency=state.count("MaxConcurrency", 0, compile_count),
               distributed=distributed(state, state.data[field]) if is_distributed(state.data[field]) else None)


def _items(state: Reading, processor: Any) -> Evaluator | None:
    """An object is iterated over by distributed Maps only (§16.2)."""
    objects = is_distributed(processor)
    if state.is_jsonata:
        return state.jsonata("Items", "array or object" if objects else "array")
    if "ItemReader" in state.data:
        return state.with_path("ItemsPath", compile_path)
    kinds = (list, dict) if objects else list
    if "ItemsPath" not in state.data:
        return _items_at("$", kinds)
    return state.with_path("ItemsPath", lambda text: _items_at(text, kinds))


def _items_at(text: str, kinds: type | tuple[type, ...]) -> Evaluator:
    find = compile_path(text)

    def evaluate(scope: Scope) -> Any:
        items = find(scope)
        if not isinstance(items, kinds):
            raise StateError(RUNTIME, f'Reference path "{text}" must point to array.')
        return items

    return evaluate


# ---- Retry, Catch --------------------------------------------------------------------------------


def _errors(entry: Reading) -> tuple[str, ...]:
    errors = entry.typed("ErrorEquals", list)
    if not errors or not all(isinstance(name, str) for name in errors):
        raise fault(entry.at("ErrorEquals"), "ErrorEquals is a non-empty array of strings")
    return tuple(errors)


def _number(entry: Reading, field: str, default: float | None, least: float) -> float | None:
    number = entry.data.get(field, default)
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, (int, float)) or number < least:
        raise fault(entry.at(field), f"Minimum value is {least}")
    return number


def _retry(state: Reading) -> tuple[Retrier, ...]:
    entries = state.typed("Retry", list, [])
    return tuple(_retrier(state.part(entry, state.at(f"Retry/{number}"), "")) for number, entry in enumerate(entries))


def _retrier(entry: Reading) -> Retrier:
    return Retrier(
        _errors(entry),
        interval=_number(entry, "IntervalSeconds", 1, 0) or 0,
        attempts=int(_number(entry, "MaxAttempts", 3, 0) or 0),
        backoff=_number(entry, "BackoffRate", 2.0, 1) or 1,
        max_delay=_number(entry, "MaxDelaySeconds", None, 0),
        jitter=entry.data.get("JitterStrategy") == "FULL")


def _catch(state: Reading) -> tuple[Catcher, ...]:
    entries = state.typed("Catch", list, [])
    return tuple(_catcher(state.part(entry, state.at(f"Catch/{number}"), f"Catch[{number}]/"))
                 for number, entry in enumerate(entries))


def _catcher(entry: Reading) -> Catcher:
    if entry.is_jsonata:
        return Catcher(_errors(entry), entry.target("Next"), output=entry.jsonata("Output"), assign=entry.assign())
    return Catcher(_errors(entry), entry.target("Next"), entry.result_path(), assign=entry.assign())


COMPILERS: dict[str, Callable[[Reading], State]] = {
    "Task": _compile_task, "Pass": _compile_pass, "Choice": _compile_choice, "Wait": _compile_wait,
    "Succeed": _compile_succeed, "Fail": _compile_fail, "Parallel": _compile_parallel, "Map": _compile_map,
}
