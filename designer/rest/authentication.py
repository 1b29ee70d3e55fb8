"""REST with an access key: `Authorization: Basic base64(key id:secret)` or `Bearer key-id:secret`.

The pages use the session instead (with the CSRF token).
"""

from __future__ import annotations

import base64
import binascii
import hmac
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from designer.models import AccessKey, User
from designer.signing import unseal

USED_STEP = timedelta(minutes=5)  # last_used_at is no finer than this, so that reading writes seldom


class AccessKeyAuthentication(BaseAuthentication):
    """The user of an active access key whose secret was given."""

    def authenticate(self, request: Request) -> tuple[User, AccessKey] | None:
        pair = _pair(request.headers.get("Authorization", ""))
        if pair is None:
            return None
        key = AccessKey.objects.select_related("user").filter(access_key_id=pair[0]).first()
        if key is None or not key.active or not key.user.is_active or not _holds(key, pair[1]):
            raise AuthenticationFailed("The access key is unknown or inactive, or the secret is not its secret.")
        _note_use(key)
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        """Not "Basic": a browser would ask for a password when a session has ended."""
        return 'AccessKey realm="Statewright"'


def _pair(header: str) -> tuple[str, str] | None:
    """(key id, secret) of an Authorization header; None when it is of another kind."""
    scheme, _, value = header.strip().partition(" ")
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise AuthenticationFailed("The Authorization header is not base64 of key id:secret.") from None
    elif scheme.lower() != "bearer":
        return None
    key_id, colon, secret = value.strip().partition(":")
    if not colon:
        raise AuthenticationFailed("The Authorization header must hold key id:secret.")
    return key_id, secret


def _holds(key: AccessKey, secret: str) -> bool:
    try:
        own = unseal(key.secret, settings.SECRET_KEY)
    except ValueError:  # sealed under another SECRET_KEY
        return False
    return hmac.compare_digest(own.encode(), secret.encode())


def _note_use(key: AccessKey) -> None:
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at > USED_STEP:
        AccessKey.objects.filter(pk=key.pk).update(last_used_at=now)


class AccessKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI schema names it."""

    target_class = AccessKeyAuthentication
    name = "accessKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "basic", "description": "Access key id and secret."}
