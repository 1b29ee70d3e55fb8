"""State machines in what somebody brings: ASL as JSON or YAML, SAM and CloudFormation templates, Terraform files.

`${…}` stays in the definition as it is; who brings it fills in what is wanted (`filled_in`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from designer.asl.placeholders import PLACEHOLDER
from designer.asl.source import read
from designer.asl.yaml_source import read_yaml

MACHINES: Final = ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine")
_RESOURCE: Final = re.compile(r'resource\s+"aws_sfn_state_machine"\s+"([^"]+)"\s*\{')
_HEREDOC: Final = re.compile(r"definition\s*=\s*<<[-~]?(\w+)[ \t]*\r?\n(.*?)\r?\n[ \t]*\1\b", re.DOTALL)
_KIND: Final = re.compile(r'\n\s*type\s*=\s*"(STANDARD|EXPRESS)"')
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class TemplateError(ValueError):
    """Nothing in the text is a state machine; the message says what is there instead."""


@dataclass(frozen=True, slots=True)
class Found:
    """One machine: `definition` is JSON text; `placeholders` are the `${…}` in it, each with what a template gives."""

    name: str
    kind: str
    definition: str
    placeholders: dict[str, str] = field(default_factory=dict)


def machines_in(text: str, name: str = "") -> list[Found]:
    """All machines in a text.  Raises TemplateError."""
    if _RESOURCE.search(text):
        return list(_terraform(text))
    data = _data(text)
    if not isinstance(data, dict):
        raise TemplateError("This is neither a state machine nor a template. A state machine is an object with StartAt "
                            "and States; a template has Resources.")
    if isinstance(data.get("Resources"), dict):
        return _template(data["Resources"])
    if "States" not in data:
        raise TemplateError("There is neither States (a state machine) nor Resources (a template) in it.")
    return [_found(name, "STANDARD", data, {})]


def filled_in(definition: str, values: Mapping[str, str]) -> str:
    """The JSON text with placeholders replaced; `values` by what stands between `${` and `}`.  Others stay."""
    def replaced(match: re.Match[str]) -> str:
        value = values.get(match[0][2:-1].strip())
        return match[0] if value is None else json.dumps(value, ensure_ascii=False)[1:-1]
    return PLACEHOLDER.sub(replaced, definition)


def _data(text: str) -> Any:
    if text.lstrip()[:1] == "{":
        try:
            return _plain(json.loads(text))
        except (ValueError, RecursionError):
            source = read(text, placeholders=True)  # ${…} may stand outside of strings
            if source.data is not None:
                return _plain(source.data)
    try:
        return _plain(yaml.load(text, Loader=_TemplateLoader))  # noqa: S506 - a safe loader with tags as plain data
    except (yaml.YAMLError, RecursionError):
        problems = read_yaml(text).problems
        place = f" (line {problems[0].line}, column {problems[0].column})" if problems else ""
        raise TemplateError(f"It can be read neither as JSON nor as YAML{place}.") from None


class _TemplateLoader(_LOADER):  # type: ignore[misc, valid-type]
    """CloudFormation's short tags as their long forms; no date becomes anything but text."""


def _tagged(loader: Any, suffix: str, node: Any) -> Any:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        return {name: node.value}
    deep = loader.construct_sequence if isinstance(node, yaml.SequenceNode) else loader.construct_mapping
    return {name: deep(node, deep=True)}


_TemplateLoader.add_multi_constructor("!", _tagged)
_TemplateLoader.add_constructor("tag:yaml.org,2002:timestamp", lambda _loader, node: node.value)


def _plain(data: Any) -> Any:
    """The data with CloudFormation's functions as texts with placeholders."""
    if isinstance(data, list):
        return [_plain(item) for item in data]
    if not isinstance(data, dict):
        return data
    if len(data) == 1:
        (name, inner), = data.items()
        if isinstance(name, str) and (name == "Ref" or name.startswith("Fn::")):
            return _function(name, _plain(inner))
    return {str(key): _plain(value) for key, value in data.items()}


def _function(name: str, inner: Any) -> Any:
    if name == "Fn::Sub":
        return inner if isinstance(inner, str) else inner[0] if isinstance(inner, list) and inner else "${Fn::Sub}"
    if name == "Fn::GetAtt" and isinstance(inner, list):
        return "${" + ".".join(map(str, inner)) + "}"
    if name == "Fn::Join" and isinstance(inner, list) and len(inner) == 2 and isinstance(inner[1], list):
        return str(inner[0]).join(map(str, inner[1]))
    return "${" + (inner if isinstance(inner, str) else name) + "}"


def _template(resources: dict[str, Any]) -> list[Found]:
    found = []
    for key, resource in resources.items():
        if not isinstance(resource, dict) or resource.get("Type") not in MACHINES:
            continue
        properties = resource.get("Properties") or {}
        definition = properties.get("Definition", properties.get("DefinitionString"))
        if isinstance(definition, str):
            definition = _data(definition)
        if not isinstance(definition, dict):
            raise TemplateError(f"The definition of {key} is not in the template but in a file of its own "
                                "(DefinitionUri or DefinitionS3Location); bring that file.")
        kind = properties.get("Type", properties.get("StateMachineType", "STANDARD"))
        name = properties.get("Name", properties.get("StateMachineName"))
        plain = name if isinstance(name, str) and "${" not in name else key
        given = properties.get("DefinitionSubstitutions") or {}
        found.append(_found(plain, kind if kind == "EXPRESS" else "STANDARD", definition, given))
    if not found:
        raise TemplateError("The template has no state machine among its resources.")
    return found


def _terraform(text: str) -> Iterator[Found]:
    starts = list(_RESOURCE.finditer(text))
    for start, end in zip(starts, [*(match.start() for match in starts[1:]), len(text)], strict=True):
        part = text[start.end():end]
        heredoc = _HEREDOC.search(part)
        if heredoc is None:
            raise TemplateError(f"The definition of {start[1]} is not written out in the file (as <<EOF … EOF); bring "
                                "what `terraform show -json` or the file it reads gives.")
        body = heredoc[2].replace("$${", "\ue000").replace("%%{", "%{")
        definition = _data(body.replace("\ue000", "${"))
        if not isinstance(definition, dict):
            raise TemplateError(f"The definition of {start[1]} is no object.")
        kind = _KIND.search(part)
        yield _found(start[1], kind[1] if kind else "STANDARD", definition, {})


def _found(name: str, kind: str, definition: dict[str, Any], given: Mapping[str, Any]) -> Found:
    text = json.dumps(definition, indent=2, ensure_ascii=False)
    names = dict.fromkeys(match[0][2:-1].strip() for match in PLACEHOLDER.finditer(text))
    return Found(name, kind, text, {key: str(given.get(key, "")) for key in names})
