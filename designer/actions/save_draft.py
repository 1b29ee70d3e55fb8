"""Keep what a person has not saved yet: one draft a person and machine, on the revision it began from."""

from __future__ import annotations

from django.utils import timezone

from designer.asl.checker import MAX_CHARACTERS
from designer.errors import ActionError
from designer.models import Draft, Revision, StateMachine
from designer.permissions import Actor, Permission, require


def save_draft(actor: Actor, machine: StateMachine, definition: str, base_revision: str) -> Draft:
    """Write the draft; `definition` may be broken, `base_revision` is the id of the revision it began from.

    RevisionDoesNotExist for an unknown revision, DraftTooLarge for more than a definition may have.
    """
    require(actor, Permission.DESIGN)
    if len(definition) > 2 * MAX_CHARACTERS:
        raise ActionError("DraftTooLarge", f"A draft may have at most {2 * MAX_CHARACTERS:,} characters; "
                          f"this one has {len(definition):,}. Split the state machine.")
    base = Revision.objects.filter(machine=machine, revision_id=base_revision).first()
    if base is None:
        message = f"The state machine '{machine.name}' has no revision {base_revision}."
        raise ActionError("RevisionDoesNotExist", message)
    draft, _created = Draft.objects.update_or_create(
        user_id=actor.user_id, machine=machine,
        defaults={"definition": definition, "base": base, "updated_at": timezone.now()})
    return draft


def discard_draft(actor: Actor, machine: StateMachine) -> None:
    """Forget the draft; one that is not there is no error."""
    require(actor, Permission.DESIGN)
    Draft.objects.filter(user_id=actor.user_id, machine=machine).delete()
