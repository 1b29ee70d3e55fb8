"""The one exception with which an action refuses.

`code` is the AWS exception's name where AWS has one ("StateMachineDoesNotExist"), else a name of
ours in the same style ("ApprovalAlreadyDecided").  The AWS door writes it as AWS does; REST and the
pages show code and message.
"""

from __future__ import annotations

from typing import Any


class ActionError(Exception):
    """Refused: `code`, a message that says what, where and what to do, and further members of the answer."""

    def __init__(self, code: str, message: str, **members: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.members = members
