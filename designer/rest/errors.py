"""What a refusal looks like over HTTP: {"code", "message", …members} and a status.

The same statuses are used by the pages (designer/people/middleware.py).
"""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from designer.errors import ActionError
from designer.rest.refusals import in_words

FORBIDDEN: Final = frozenset({"AccessDeniedException", "AccessDenied"})
CONFLICTS: Final = frozenset({"ApprovalClosed", "TaskTimedOut", "LastAdministrator"})
CONFLICT_ENDINGS: Final = ("AlreadyExists", "AlreadyDecided", "ConflictException", "Conflict")
UNAVAILABLE: Final = frozenset({"ServiceException", "ServiceUnavailable", "LayoutUnavailable"})
MISSING_ENDINGS: Final = ("DoesNotExist", "NotFound", "ResourceNotFoundException")


def status_of(error: ActionError) -> int:
    """The HTTP status of a refusal: 403, 404, 409, 503, else 400."""
    code = error.code
    if code in FORBIDDEN:
        return 403
    if code.endswith(MISSING_ENDINGS):
        return 404
    if code in CONFLICTS or code.endswith(CONFLICT_ENDINGS):
        return 409
    return 503 if code in UNAVAILABLE else 400


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER; None (a 500) for what is no refusal."""
    if isinstance(error, ActionError):
        set_rollback()
        body = {"code": error.code, "message": in_words(error), **error.members}
        return Response(body, status=status_of(error))
    if isinstance(error, exceptions.ValidationError):
        set_rollback()
        body = {"code": "ValidationException", "message": _first(error.detail), "fields": error.detail}
        return Response(body, status=400)
    if isinstance(error, Http404):
        error = exceptions.NotFound(gettext("There is nothing at this address."))
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = exception_handler(error, context)
    if response is not None and isinstance(error, exceptions.APIException):
        response.data = {"code": _code(error), "message": str(error.detail)}
    return response


def _code(error: exceptions.APIException) -> str:
    """The name of DRF's exception in our style: NotAuthenticated, NotFound, MethodNotAllowed …"""
    return "AccessDeniedException" if isinstance(error, exceptions.PermissionDenied) else type(error).__name__


def _first(detail: Any, path: str = "") -> str:
    """The first complaint of a ValidationError's tree, with its field: "limit: A valid integer is required."."""
    if isinstance(detail, dict):
        name, rest = next(iter(detail.items()), ("", ""))
        return _first(rest, path if name == "non_field_errors" else f"{path}.{name}".lstrip("."))
    if isinstance(detail, list):
        return _first(detail[0] if detail else "", path)
    return f"{path}: {detail}" if path else str(detail)
