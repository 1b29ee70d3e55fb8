"""Switch an access key off or on, or delete it."""

from __future__ import annotations

from django.db import transaction

from designer.errors import ActionError
from designer.keyring import ring
from designer.models import AccessKey
from designer.noting import note
from designer.permissions import Actor, Permission


@transaction.atomic
def set_access_key_active(actor: Actor, access_key_id: str, active: bool) -> AccessKey:
    """Switch a key off (requests signed with it are refused at once) or on again."""
    key = _own_key(actor, access_key_id)
    key.active = active
    key.save(update_fields=["active"])
    note(actor, "key.switched_on" if active else "key.switched_off", f"key:{access_key_id}")
    transaction.on_commit(lambda: ring.forget(access_key_id))
    return key


@transaction.atomic
def delete_access_key(actor: Actor, access_key_id: str) -> None:
    _own_key(actor, access_key_id).delete()
    note(actor, "key.deleted", f"key:{access_key_id}")
    transaction.on_commit(lambda: ring.forget(access_key_id))


def _own_key(actor: Actor, access_key_id: str) -> AccessKey:
    """One's own key, or for an administrator anybody's; what one may not see does not exist."""
    key = AccessKey.objects.select_for_update().filter(access_key_id=access_key_id).first()
    if key is None or (key.user_id != actor.user_id and Permission.ADMINISTER not in actor.permissions):
        raise ActionError("AccessKeyDoesNotExist", f"There is no access key '{access_key_id}'.")
    return key
