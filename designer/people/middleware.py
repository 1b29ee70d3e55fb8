"""Each request in the reader's language and time zone, and with a Content-Security-Policy."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from designer.errors import ActionError
from designer.people.preferences import language_of, zone_of
from designer.rest.errors import status_of
from designer.rest.refusals import in_words

Handler = Callable[[HttpRequest], HttpResponse]

# Styles may be inline: CodeMirror writes its rules into a <style> of its own.  Scripts may not.
POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class ReaderMiddleware:
    """Activates the person's language and time zone; after AuthenticationMiddleware."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request.user)
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(zone_of(request)):
            return self.get_response(request)


class ContentSecurityPolicyMiddleware:
    """Gives each request a nonce (`request.csp_nonce`) and each answer a policy that allows only what is ours."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce))
        return response


class RefusalMiddleware:
    """An action's refusal that no view caught becomes a page with its status: 403, 404, 409 or 400.

    An address with a NUL names nothing: PostgreSQL refuses to look for it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            raise Http404
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, ActionError):
            return None
        status = status_of(error)
        context = {"error": error, "message": in_words(error), "status": status}
        return render(request, "refused.html", context, status=status)
