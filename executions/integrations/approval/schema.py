"""The parameters of `arn:aws:states:::approval:request`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from executions.approvals.form import FormError, check_form
from executions.integrations.parameters import Parameters

FIELDS: Final = ("title", "message", "data", "form", "approvers")
APPROVERS: Final = ("users", "groups")
MAX_TITLE: Final = 200
MAX_MESSAGE: Final = 20_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for.  `users` and `groups` are names; none of either means anybody who may approve."""

    title: str
    message: str
    data: Any
    form: dict[str, Any]
    users: tuple[str, ...]
    groups: tuple[str, ...]


def read(parameters: Any) -> Wanted:
    """TaskError("States.Runtime") names the field that is wrong."""
    given = Parameters(_lowered(parameters, FIELDS), FIELDS, whole=parameters)
    approvers = given.values.get("approvers")
    named = Parameters(_lowered({} if approvers is None else approvers, APPROVERS), APPROVERS, whole=parameters,
                       path="approvers.")
    data = given.values.get("data")
    return Wanted(
        title=(given.text("title", required=True, longest=MAX_TITLE) or "").strip(),
        message=given.text("message", longest=MAX_MESSAGE) or "",
        data={} if data is None else data, form=_form(given),
        users=tuple(named.texts("users")), groups=tuple(named.texts("groups")))


def _form(given: Parameters) -> dict[str, Any]:
    form = given.values.get("form")
    if form is None:
        return {}
    try:
        return check_form(form)
    except FormError as error:
        raise given.refusal(f"{given.name('form')} is not usable: {error}") from None


def _lowered(parameters: Any, fields: tuple[str, ...]) -> Any:
    """AWS writes parameters in PascalCase; both are taken: `Title` is `title`."""
    if not isinstance(parameters, Mapping):
        return parameters
    known = {field[0].upper() + field[1:]: field for field in fields}
    return {known.get(name, name): value for name, value in parameters.items()}
