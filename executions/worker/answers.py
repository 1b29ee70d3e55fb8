"""Answering those who wait, after the commit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from typing import TypeVar

from designer.errors import ActionError
from executions.actions.gateway import Committed, observers
from executions.worker.slot import Entry

log = logging.getLogger(__name__)

Value = TypeVar("Value")


def resolve(future: asyncio.Future[Value] | None, value: Value) -> None:
    if future is not None and not future.done():
        future.set_result(value)


def refuse(future: asyncio.Future[Value] | None, error: Exception) -> None:
    if future is not None and not future.done():
        future.set_exception(error)
        future.exception()  # somebody who has gone away need not hear it


def refuse_all(entries: Iterable[Entry], error: Exception) -> None:
    for entry in entries:
        refuse(entry.heard, error)


def tell(committed: Sequence[Committed]) -> None:
    """Tell the observers; one that fails harms nobody else."""
    for observer in observers:
        try:
            observer(committed)
        except Exception:
            log.exception("An observer of commits failed.")


def away() -> ActionError:
    return ActionError("ServiceUnavailable", "The database cannot be written to; try again later.")


def closing() -> ActionError:
    return ActionError("ServiceUnavailable", "The server is stopping; try again later.")


def cannot_go_on(reason: str) -> ActionError:
    return ActionError("InternalFailure", f"The execution cannot go on: {reason}")
