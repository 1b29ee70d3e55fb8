"""Files of an approval: what may be attached, how large, and which of them a form names."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final, Protocol

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from designer.errors import ActionError
from designer.permissions import Actor
from executions.approvals import audit
from executions.approvals.models import Attachment
from executions.models import Approval
from executions.store.writes import storable

MAX_FILE: Final = 10 * 1024 * 1024  # bytes
MAX_ALL: Final = 50 * 1024 * 1024  # bytes of one approval
MAX_NAME: Final = 200
FILE: Final = "file"  # the format of a string in a form that names a file
# Nothing that a browser would run, should somebody open it; all are served as downloads besides.
KINDS: Final = {
    ".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
    ".webp": "image/webp", ".heic": "image/heic", ".txt": "text/plain", ".csv": "text/csv", ".json": "application/json",
    ".zip": "application/zip", ".eml": "message/rfc822", ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


class Upload(Protocol):
    """As Django's UploadedFile."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def read(self) -> bytes: ...


def attach(actor: Actor, approval: Approval, upload: Upload, field: str = "") -> Attachment:
    """Keep a file; InvalidFile says what is wrong with it.  Whether the person may, the caller has asked."""
    name = _name(upload)
    kind = KINDS.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        raise _wrong(_("'%(name)s' is no kind of file that can be attached; possible are %(kinds)s.") % {
            "name": name, "kinds": ", ".join(sorted(KINDS))})
    if (upload.size or 0) > MAX_FILE:
        raise _wrong(_("'%(name)s' is larger than %(most)s MB.") % {"name": name, "most": MAX_FILE // 2**20})
    content = upload.read()
    if not content:
        raise _wrong(_("'%(name)s' is empty.") % {"name": name})
    with transaction.atomic():
        Approval.objects.select_for_update(of=("self",)).get(pk=approval.pk)
        there = approval.attachments.aggregate(all=Sum("size"))["all"] or 0
        if there + len(content) > MAX_ALL:
            raise _wrong(_("The files of one request may have %(most)s MB together.") % {"most": MAX_ALL // 2**20})
        made = Attachment.objects.create(
            public_id=secrets.token_urlsafe(16), approval=approval, field=field[:200], name=name, kind=kind,
            size=len(content), sha256=hashlib.sha256(content).hexdigest(), content=content, person_id=actor.user_id)
        audit.append(actor.name, "approval.attached", f"approval:{approval.public_id}", {
            "id": made.public_id, "name": name, "size": made.size, "sha256": made.sha256, "field": field})
    return made


def of_approval(approval: Approval) -> list[dict[str, Any]]:
    """The files as the result of the task names them."""
    return [{"id": one.public_id, "name": one.name, "type": one.kind, "size": one.size, "sha256": one.sha256,
             "field": one.field or None} for one in approval.attachments.defer("content").order_by("at", "pk")]


def check_files(approval: Approval, data: Mapping[str, Any]) -> None:
    """InvalidForm when a file of the form is none of this approval's."""
    named = dict(_named(approval.form, data, ""))
    if not named:
        return
    known = set(approval.attachments.values_list("public_id", flat=True))
    wrong = {place: _("This file is not attached here.") for place, value in named.items() if value not in known}
    if wrong:
        raise ActionError("InvalidForm", _("A file of the form is not attached here."), fields=wrong)


def _named(schema: Any, value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """(place, value) of everything in the data that the form says is a file."""
    if not isinstance(schema, Mapping):
        return
    if schema.get("format") == FILE:
        yield place, value
    elif isinstance(value, Mapping):
        properties = schema.get("properties", {})
        for name, item in value.items():
            yield from _named(properties.get(name), item, f"{place}.{name}".lstrip("."))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _named(schema.get("items"), item, f"{place}.{number}")


def _name(upload: Upload) -> str:
    """The file's own name without folders and what a header could not carry."""
    name = PurePosixPath((upload.name or "").replace("\\", "/")).name
    name = "".join(char for char in storable(name) or "" if char.isprintable())
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:MAX_NAME - len(ending) - 1]}{dot}{ending}" if len(name) > MAX_NAME else name


def _wrong(message: str) -> ActionError:
    return ActionError("InvalidFile", message)
