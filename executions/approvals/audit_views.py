"""Pages of the audit log: the list, the check of its chain, and exports that prove what was decided."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from designer.people.access import requires
from designer.people.actors import actor_of
from designer.permissions import Permission
from designer.texts import search_words
from executions.approvals import audit, queries, showing
from executions.approvals.models import AuditEntry
from executions.approvals.outcome import subject_of
from executions.approvals.seen import note_seen

PAGE: Final = 100
COLUMNS: Final = (*audit.FIELDS, "hash")
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would calculate


@requires(Permission.ADMINISTER)
@require_safe
@never_cache
def audit_log(request: HttpRequest) -> HttpResponse:
    """?q= words in actor, action, subject or details; ?verify=1 reads the whole chain."""
    wanted = request.GET.get("q", "").strip()
    page = Paginator(_found(wanted).order_by("-number"), PAGE).get_page(request.GET.get("page"))
    verdict = audit.verify(request.GET.get("head", "").strip()) if "verify" in request.GET else None
    rows = [(entry, json.loads(entry.details)) for entry in page.object_list]
    return render(request, "audit.html", {"page": page, "rows": rows, "q": wanted, "verdict": verdict})


@requires(Permission.ADMINISTER)
@require_safe
@never_cache
def audit_export(request: HttpRequest, form: str) -> HttpResponse:
    """The whole log, or what ?q= finds, as JSON or CSV."""
    wanted = request.GET.get("q", "").strip()
    with transaction.atomic():
        audit.append(actor_of(request.user).name, "audit.exported", "audit", {"form": form, "search": wanted})
    return _export(_found(wanted).order_by("number"), form, "audit")  # type: ignore[return-value]  # a stream


@login_required
@require_safe
@never_cache
def proof(request: HttpRequest, public_id: str, form: str) -> HttpResponseBase:
    """Who decided one approval, on which data, under which definition: printable HTML, JSON or CSV."""
    actor = actor_of(request.user)
    found = queries.find(actor, public_id)
    note_seen(actor, found)
    entries = audit.entries_of(subject_of(found))
    if form != "html":
        return _export(entries, form, f"approval-{public_id}")
    rows = [(entry, json.loads(entry.details)) for entry in entries]
    return render(request, "approval_proof.html", {
        **showing.context(actor, found), "rows": rows, "verdict": audit.verify(),
        "revision": found.token.execution.revision})


def _found(wanted: str) -> QuerySet[AuditEntry]:
    entries = AuditEntry.objects.all()
    for word in search_words(wanted):
        entries = entries.filter(
            Q(actor__icontains=word) | Q(action__icontains=word) | Q(subject__icontains=word)
            | Q(details__icontains=word))
    return entries


def _export(entries: QuerySet[AuditEntry], form: str, name: str) -> HttpResponseBase:
    makers: dict[str, tuple[str, Any]] = {"json": ("application/json", _json), "csv": ("text/csv", _csv)}
    if form not in makers:
        raise Http404
    kind, make = makers[form]
    response = StreamingHttpResponse(make(audit.exported(entries)), content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _json(entries: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield "["
    for number, values in enumerate(entries):
        yield ("," if number else "") + "\n" + json.dumps(values, ensure_ascii=False)
    yield "\n]\n"


class _Line:
    def write(self, text: str) -> str:
        return text


def _csv(entries: Iterator[dict[str, Any]]) -> Iterator[str]:
    writer: Any = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(COLUMNS)  # spreadsheets know by the mark that it is UTF-8
    for values in entries:
        yield writer.writerow([_harmless(str(values[name])) for name in COLUMNS])


def _harmless(text: str) -> str:
    return "'" + text if text.startswith(FORMULA) else text
