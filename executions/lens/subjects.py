"""Whose result a task's result is: a function's, an activity's, an HTTP endpoint's, or one state's.

A subject is a text: "function:NAME", "activity:NAME", "http:METHOD ENDPOINT", or "state:NAME" for what depends on the
state (the answers of AWS services, of those who answer task tokens).  The first three are the same in all machines.
"""

from __future__ import annotations

from typing import Any, Final

from designer.asl.model import Resource
from designer.lens.shapes import NotConstantError, Shape, constant

SHARED: Final = ("function:", "activity:", "http:")


def subject_of(resource: Resource, arguments: Any, state: str) -> str:
    """`arguments` is the JSON value, None when it is not known."""
    if resource.kind == "lambda":
        return f"function:{_function(resource.arn)}"
    if resource.kind == "activity":
        return f"activity:{resource.arn.rsplit(':', 1)[-1]}"
    given = arguments if isinstance(arguments, dict) else {}
    if (resource.service, resource.action, resource.suffix) == ("lambda", "invoke", "") and isinstance(
            given.get("FunctionName"), str):
        return f"function:{_function(given['FunctionName'])}"
    if resource.service == "http" and isinstance(given.get("ApiEndpoint"), str):
        return f"http:{given.get('Method', 'GET')} {given['ApiEndpoint'].partition('?')[0]}"[:300]
    return f"state:{state}"


def _function(name: str) -> str:
    """The function's name without version and alias."""
    return name.split(":function:")[-1].split(":")[0]


def known_fields(arguments: Shape, *names: str) -> dict[str, Any]:
    """The fields of arguments that are known to the last bit."""
    fields = {} if arguments.object is None else arguments.object.fields
    found: dict[str, Any] = {}
    for name in names:
        try:
            found[name] = constant(fields[name].shape)
        except (KeyError, NotConstantError):
            continue
    return found
