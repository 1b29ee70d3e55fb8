"""Tags on resources, by ARN (api.md section 14)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from designer.errors import ActionError
from designer.models import Tag

MAX_TAGS: Final = 50
_TEXT: Final = re.compile(r"[\w\s.:/=+\-@]*")


def check_tags(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """`[{"key", "value"}]` as a dict, the last of a key winning; ValidationException for what AWS forbids."""
    checked = {}
    for tag in tags:
        key, value = tag.get("key") or "", tag.get("value") or ""
        for text in (key, value):
            if not _TEXT.fullmatch(text):
                message = f"'{text}' is not allowed in a tag: letters, digits, white space and _ . : / = + - @ only."
                raise ActionError("ValidationException", message)
        if not key:
            raise ActionError("ValidationException", "A tag needs a key.")
        if key.lower().startswith("aws:"):
            raise ActionError("ValidationException", f"The tag key '{key}' begins with 'aws:', which is reserved.")
        checked[key] = value
    return checked


def put_tags(arn: str, tags: Mapping[str, str]) -> None:
    """Add tags or change their values; TooManyTags beyond 50.  Call it in a transaction."""
    kept = set(Tag.objects.filter(arn=arn).values_list("key", flat=True))
    if len(kept | tags.keys()) > MAX_TAGS:
        message = f"A resource has at most {MAX_TAGS} tags: '{arn}'"
        raise ActionError("TooManyTags", message, resourceName=arn)
    for key, value in tags.items():
        Tag.objects.update_or_create(arn=arn, key=key, defaults={"value": value})


def tags_of(arn: str) -> list[dict[str, str]]:
    """The tags in the order in which they were added."""
    rows = Tag.objects.filter(arn=arn).order_by("id").values_list("key", "value")
    return [{"key": key, "value": value} for key, value in rows]


def remove_tags(arn: str, keys: Iterable[str] | None = None) -> None:
    """Remove the tags with these keys, or all (None); absent ones do not matter."""
    rows = Tag.objects.filter(arn=arn)
    (rows if keys is None else rows.filter(key__in=list(keys))).delete()
