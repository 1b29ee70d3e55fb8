from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from designer.lens.visits import Call, Known, Results


class ExecutionsConfig(AppConfig):
    name = "executions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from designer.lens import knowledge
        from executions.approvals import group_guard, recording  # noqa: F401 -- they register their receivers

        knowledge.register(_described, _learn)


def _described(call: Call) -> Known:
    """Read when it is asked for: service models are large."""
    from executions.lens.knowledge import described

    return described(call)


def _learn(arns: Sequence[str]) -> Results:
    from executions.lens.knowledge import learn

    return learn(arns)
