"""What the levels of an approval decide: plain rules over plain values.

A plan is a sequence of levels; each asks some people and needs so many of them.  The first level that is rejected
rejects the whole; the last that is approved approves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

APPROVED: Final = "APPROVED"
REJECTED: Final = "REJECTED"
ALL: Final = "all"  # as `needed`: everybody who is asked

Standing = Literal["OPEN", "APPROVED", "REJECTED"]


@dataclass(frozen=True, slots=True)
class Level:
    """Who is asked (nobody named: everybody who may approve) and how many have to approve.

    `people` is how many could decide when the level began (0: it has not begun, or was asked before there were
    levels).  `needed` is a number, or "all" until the level begins.  `due` is in seconds after its beginning.
    """

    name: str = ""
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    needed: int | str = 1
    people: int = 0
    due: int | None = None

    @property
    def anybody(self) -> bool:
        return not self.users and not self.groups

    @property
    def count(self) -> int:
        """How many approvals it takes."""
        return self.needed if isinstance(self.needed, int) else max(1, self.people)


def load(plan: Sequence[dict[str, Any]]) -> list[Level]:
    """The levels of a stored plan; one that anybody of those asked decides, where there is none."""
    levels = [Level(**{**part, "users": tuple(part["users"]), "groups": tuple(part["groups"])}) for part in plan]
    return levels or [Level()]


def dump(levels: Sequence[Level]) -> list[dict[str, Any]]:
    return [{**asdict(level), "users": list(level.users), "groups": list(level.groups)} for level in levels]


def standing(level: Level, decisions: Sequence[str], *, veto: bool = True) -> Standing:
    """What the votes of a level come to.

    `veto`: one rejection rejects; otherwise it is rejected when too few are left for the approvals it needs.
    """
    approvals, rejections = decisions.count(APPROVED), decisions.count(REJECTED)
    if rejections and (veto or level.people - rejections < level.count):
        return "REJECTED"
    return "APPROVED" if approvals >= level.count else "OPEN"
