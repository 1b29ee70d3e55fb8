"""A definition as YAML, as a SAM template, as a Terraform file and as one HTML page that needs nothing else."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any, Final

import yaml

from designer.diagrams.svg import svg

_FUNCTION: Final = re.compile(r"arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:([\w-]+)(?::[\w$-]+)?")
_WORD: Final = re.compile(r"[^0-9A-Za-z]+")


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as blocks, no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


def as_yaml(data: Any) -> str:
    return str(yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110))


def as_sam(definition: dict[str, Any], name: str, kind: str) -> str:
    """A template to deploy; the functions it calls come in as parameters."""
    marked, functions = _without_functions(definition, "{}FunctionArn")
    resource = {
        "Type": "AWS::Serverless::StateMachine",
        "Properties": {"Name": name, "Type": kind, "Role": {"Ref": "RoleArn"}, "Definition": marked} | (
            {"DefinitionSubstitutions": {key: {"Ref": key} for key in functions}} if functions else {}),
    }
    parameters = {"RoleArn": {"Type": "String", "Description": "ARN of the role that the state machine runs as"}} | {
        key: {"Type": "String", "Description": f"ARN of the function {function}"}
        for key, function in functions.items()}
    template = {
        "AWSTemplateFormatVersion": "2010-09-09", "Transform": "AWS::Serverless-2016-10-31",
        "Parameters": parameters, "Resources": {f"{_camel(name)}StateMachine": resource},
    }
    return as_yaml(template)


def as_terraform(definition: dict[str, Any], name: str, kind: str) -> str:
    """A resource with its variables; what Terraform would take for a template of its own is escaped."""
    marked, functions = _without_functions(definition, "{}_function_arn", snake=True)
    text = json.dumps(marked, indent=2, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    for key in functions:
        text = text.replace("$${" + key + "}", "${var." + key + "}")
    variables = [("role_arn", "ARN of the role that the state machine runs as"),
                 *((key, f"ARN of the function {function}") for key, function in functions.items())]
    lines = [f'variable "{key}" {{\n  type        = string\n  description = {json.dumps(told)}\n}}\n'
             for key, told in variables]
    lines.append(
        f'resource "aws_sfn_state_machine" "{_snake(name)}" {{\n  name     = {json.dumps(name, ensure_ascii=False)}\n'
        f'  type     = "{kind}"\n  role_arn = var.role_arn\n\n  definition = <<ASL\n{text}\nASL\n}}\n')
    return "\n".join(lines)


def _without_functions(definition: Any, form: str, *, snake: bool = False) -> tuple[Any, dict[str, str]]:
    """The definition with `${…}` for the ARNs of functions, and the names of those functions by placeholder."""
    functions: dict[str, str] = {}

    def key_of(function: str) -> str:
        key = form.format(_snake(function) if snake else _camel(function))
        while functions.get(key, function) != function:
            key = f"{key}2"
        functions[key] = function
        return key

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: walk(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [walk(inner) for inner in value]
        match = _FUNCTION.fullmatch(value) if isinstance(value, str) else None
        return "${" + key_of(match[1]) + "}" if match else value

    return walk(definition), functions


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in _WORD.split(name)) or "State"


def _snake(name: str) -> str:
    found = _WORD.sub("_", name).strip("_").lower() or "machine"
    return found if found[0].isalpha() else f"m_{found}"


def as_html(definition: dict[str, Any], name: str, theme: str = "light") -> str:
    """The drawing and the definition on one page."""
    text = json.dumps(definition, indent=2, ensure_ascii=False)
    dark = theme == "dark"
    colours = ("#15171c", "#eeeff2", "#2a2d35") if dark else ("#ffffff", "#1d2027", "#e3e5ea")
    comment = definition.get("Comment")
    told = f"<p>{escape(comment)}</p>" if isinstance(comment, str) else ""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(name)}</title>
<style>
body {{ margin: 0 auto; max-width: 1100px; padding: 24px; background: {colours[0]}; color: {colours[1]};
  font: 15px/1.5 system-ui, "Noto Sans", "Noto Sans CJK JP", sans-serif; }}
figure {{ margin: 16px 0; overflow: auto; border: 1px solid {colours[2]}; border-radius: 10px; text-align: center; }}
figure svg {{ max-width: 100%; height: auto; }}
pre {{ overflow: auto; padding: 14px; border: 1px solid {colours[2]}; border-radius: 10px; font-size: 13px; }}
summary {{ cursor: pointer; }}
</style></head>
<body><h1>{escape(name)}</h1>{told}
<figure>{_inline(svg(definition, theme=theme))}</figure>
<details><summary>Amazon States Language</summary><pre>{escape(text)}</pre></details>
</body></html>
"""


def _inline(drawing: str) -> str:
    return re.sub(r"^\s*<\?xml[^>]*\?>\s*", "", drawing)
