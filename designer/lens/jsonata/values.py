"""What an expression may give: a shape, or undefined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from designer.asl.jsonata.values import MISSING, Sequence
from designer.lens.lattice import join
from designer.lens.shapes import NEVER, UNKNOWN, NotConstantError, Shape, array_of, constant, exactly


@dataclass(frozen=True, slots=True)
class May:
    """`undefined`: it may be undefined; with the shape NEVER it always is."""

    shape: Shape
    undefined: bool = False

    @property
    def is_sure(self) -> bool:
        return not self.undefined


ANYTHING: Final = May(UNKNOWN, True)
NOTHING: Final = May(NEVER, True)


def either(one: May, other: May) -> May:
    return May(join(one.shape, other.shape), one.undefined or other.undefined)


def plain(may: May) -> Any:
    """The only value it can be, MISSING for undefined.  Raises NotConstantError."""
    if may.shape.is_never and may.undefined:
        return MISSING
    if may.undefined:
        raise NotConstantError
    return constant(may.shape)


def of_value(value: Any) -> May:
    if value is MISSING:
        return NOTHING
    return May(exactly(list(value) if value.__class__ is Sequence else value))


def one_or_many(item: Shape) -> May:
    """A sequence of such items as it leaves an expression: nothing, one of them, or an array."""
    return May(NEVER if item.is_never else join(item, array_of(item)), True)
