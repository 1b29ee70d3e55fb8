"""REST with an access key: `Authorization: Basic base64(key id:secret)` or `Bearer key-id:secret`.

The pages use the session instead (with the CSRF token).
"""

from __future__ import annotations

import base64
import binascii
import hmac

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from designer.keyring import ring
from designer.models import User


class AccessKeyAuthentication(BaseAuthentication):
    """The user of an active access key whose secret was given."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        pair = _pair(request.headers.get("Authorization", ""))
        if pair is None:
            return None
        key_id, secret = pair
        key = ring.find(key_id)
        if key is None or not hmac.compare_digest(key.secret.encode(), secret.encode()):
            raise AuthenticationFailed("The access key is unknown or inactive, or the secret is not its secret.")
        return User.objects.get(pk=key.actor.user_id), key_id

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


class AccessKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI schema names it."""

    target_class = AccessKeyAuthentication
    name = "accessKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "basic", "description": "Access key id and secret."}
