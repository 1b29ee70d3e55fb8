"""Who may open a page: signed in, and with a permission."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from designer.people.actors import actor_of
from designer.permissions import Permission, require

View = Callable[..., HttpResponse]


def requires(permission: Permission) -> Callable[[View], View]:
    """The view is for signed-in people with `permission`; others get the sign-in page, or a 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require(actor_of(request.user), permission)
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return decorate
