"""The audit log: append-only, each entry hashed over the one before, so that a change shows.

    hash = SHA-256 of the canonical JSON of {number, at, actor, action, subject, details, previous}

`append` belongs into the transaction of what it tells: both are there, or neither.  Whoever keeps the hash of the last
entry elsewhere can prove later that nothing before it was changed, and that nothing behind it was cut off.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from executions.approvals.models import AuditEntry, AuditHead
from executions.store.writes import storable

BEGINNING: Final = "0" * 64  # what the first entry has before it
FIELDS: Final = ("number", "at", "actor", "action", "subject", "details", "previous")
SYSTEM: Final = "Statewright"  # the actor of what nobody did: a deadline, the end of a workflow


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found: entries looked at, the last hash, and what is wrong (number and reason), if anything."""

    entries: int
    head: str
    broken_at: int | None = None
    problem: str = ""

    @property
    def whole(self) -> bool:
        return self.broken_at is None


def append(actor: str, action: str, subject: str, details: dict[str, Any] | None = None) -> AuditEntry:
    """One more entry, in the caller's transaction."""
    with transaction.atomic():
        AuditHead.objects.get_or_create(pk=1)
        head = AuditHead.objects.select_for_update().get(pk=1)
        entry = AuditEntry(
            number=head.number + 1, at=datetime.now(UTC).isoformat(timespec="milliseconds"), actor=actor[:150],
            action=action, subject=subject[:300], details=storable(_canonical(details or {})) or "",
            previous=head.hash or BEGINNING)
        entry.hash = digest(_values(entry))
        entry.save()
        AuditHead.objects.filter(pk=1).update(number=entry.number, hash=entry.hash)
    return entry


def digest(values: dict[str, Any]) -> str:
    """The hash of an entry with these values (`FIELDS`; others are not looked at)."""
    return hashlib.sha256(_canonical({name: values[name] for name in FIELDS}).encode()).hexdigest()


def verify(expected_head: str = "") -> Verdict:
    """Read the whole chain; `expected_head` is a hash that somebody kept and that must be in it."""
    head = AuditHead.objects.filter(pk=1).first()
    verdict, seen = _follow(map(_with_hash, AuditEntry.objects.order_by("number").iterator(2_000)), expected_head)
    if not verdict.whole:
        return verdict
    if head is not None and (head.number, head.hash) != (verdict.entries, verdict.head if verdict.entries else ""):
        reason = f"The log should end with entry {head.number}; entries were removed from its end or added to it."
        return Verdict(verdict.entries, verdict.head, verdict.entries + 1, reason)
    if expected_head and not seen:
        reason = f"No entry has the hash {expected_head}; the log was written anew or cut off."
        return Verdict(verdict.entries, verdict.head, verdict.entries + 1, reason)
    return verdict


def verify_export(entries: Iterable[dict[str, Any]]) -> Verdict:
    """The same for entries of an export, which begins with the first."""
    return _follow(entries, "")[0]


def _follow(entries: Iterable[dict[str, Any]], wanted: str) -> tuple[Verdict, bool]:
    previous, count, seen = BEGINNING, 0, False
    for values in entries:
        count += 1
        if values["number"] != count:
            return Verdict(count - 1, previous, count, f"Entry {count} is missing."), seen
        if values["previous"] != previous:
            return Verdict(count - 1, previous, count, f"Entry {count} does not follow the one before it."), seen
        if digest(values) != values["hash"]:
            return Verdict(count - 1, previous, count, f"Entry {count} was changed."), seen
        previous = values["hash"]
        seen = seen or previous == wanted
    return Verdict(count, previous), seen


def entries_of(subject: str) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(subject=subject).order_by("number")


def exported(entries: QuerySet[AuditEntry]) -> Iterator[dict[str, Any]]:
    """Entries as plain values, `details` as the text that was hashed."""
    return map(_with_hash, entries.iterator(2_000))


def _with_hash(entry: AuditEntry) -> dict[str, Any]:
    return {**_values(entry), "hash": entry.hash}


def _values(entry: AuditEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in FIELDS}


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
