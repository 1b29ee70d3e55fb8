"""$random with a seed: AWS gives the first nextDouble of java.util.Random, bit for bit (measured: 42 → 0.7275…).

Imports nothing: the helper process, a script, uses it, too.
"""

from __future__ import annotations

_MULTIPLIER = 0x5DEECE66D
_MASK = (1 << 48) - 1


def java_random(seed: int) -> float:
    """The number from 0 to 1 that belongs to the seed, by the 48-bit generator that Java documents."""
    state = (seed ^ _MULTIPLIER) & _MASK
    state = (state * _MULTIPLIER + 0xB) & _MASK
    high = state >> 22
    state = (state * _MULTIPLIER + 0xB) & _MASK
    return float((high << 27) + (state >> 21)) / (1 << 53)
