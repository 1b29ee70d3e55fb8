"""How many calls of one function may run at once; more are refused as Lambda refuses them, for `Retry` to try again."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Final

from django.db import transaction

from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.integrations.functions import catalog
from executions.integrations.functions.catalog import RESERVED, FunctionSpec
from executions.integrations.functions.outcome import Outcome
from executions.models import Function

MOST: Final = 10_000
THROTTLED: Final = "Lambda.TooManyRequestsException"


class Places:
    """The calls that run now, by function; belongs to one event loop."""

    def __init__(self) -> None:
        self._running: Counter[int] = Counter()

    def take(self, spec: FunctionSpec) -> bool:
        """Whether one more may run; whoever took a place gives it back."""
        if spec.reserved is not None and self._running[spec.id] >= spec.reserved:
            return False
        self._running[spec.id] += 1
        return True

    def give_back(self, spec: FunctionSpec) -> None:
        self._running[spec.id] -= 1
        if not self._running[spec.id]:
            del self._running[spec.id]


def throttled() -> Outcome:
    return Outcome(error=THROTTLED, cause=f"Rate Exceeded. (Service: AWSLambda; Status Code: 429; Error Code: "
                                          f"TooManyRequestsException; Request ID: {uuid.uuid4()}; Proxy: null)")


def set_reserved(actor: Actor, name: str, number: int | None) -> Function:
    """At most `number` calls at once (0: none at all); None: as many as there are workers.

    InvalidParameterValueException (member `field`), ResourceNotFoundException.
    """
    require(actor, Permission.DESIGN)
    check(number)
    with transaction.atomic():
        row = Function.objects.select_for_update().filter(name=name).order_by("pk").first()
        if row is None:
            raise ActionError("ResourceNotFoundException", f"Function not found: {name}")
        put(row, number)
        row.save(update_fields=["settings"])
    catalog.forget(name)
    return row


def check(number: int | None) -> None:
    if number is not None and not (isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= MOST):
        raise ActionError("InvalidParameterValueException",
                          f"The concurrency must be a whole number from 0 to {MOST}.", field="concurrency")


def put(row: Function, number: int | None) -> None:
    """Set it on a row that is about to be saved."""
    row.settings = {key: value for key, value in row.settings.items() if key != RESERVED}
    if number is not None:
        row.settings[RESERVED] = number


def reserved_of(row: Function) -> int | None:
    number: int | None = row.settings.get(RESERVED)
    return number
