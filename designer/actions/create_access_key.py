"""Create an access key for a person; the secret is shown once."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction

from designer.errors import ActionError
from designer.keyring import ring
from designer.models import AccessKey
from designer.noting import note
from designer.permissions import Actor, Permission, require
from designer.settings import CONFIG
from designer.signing import seal

_LETTERS: Final = string.ascii_uppercase + "234567"
_SECRET_BYTES: Final = 30  # 40 characters, as AWS's


@dataclass(frozen=True, slots=True)
class CreatedKey:
    key: AccessKey
    secret: str


def create_access_key(actor: Actor, user_id: int, *, label: str = "", access_key_id: str = "",
                      secret: str = "") -> CreatedKey:
    """Create a key of the person `user_id`: everybody one's own, an administrator anybody's.

    `access_key_id` and `secret` are made up unless given (settings may name those of the first administrator).
    """
    if actor.user_id != user_id:
        require(actor, Permission.ADMINISTER)
    key_id = access_key_id or new_key_id()
    secret = secret or secrets.token_urlsafe(_SECRET_BYTES)
    try:
        with transaction.atomic():
            key = AccessKey.objects.create(
                access_key_id=key_id, secret=seal(secret, CONFIG.secret_key), user_id=user_id, label=label)
            note(actor, "key.created", f"key:{key_id}", owner=key.user.get_username(), label=label)
    except IntegrityError:
        message = f"There is an access key '{key_id}' already, or no such person."
        raise ActionError("AccessKeyAlreadyExists", message) from None
    ring.forget(key_id)
    return CreatedKey(key, secret)


def new_key_id() -> str:
    """An id of AWS's form: AKIA and 16 letters or digits."""
    return "AKIA" + "".join(secrets.choice(_LETTERS) for _ in range(16))
