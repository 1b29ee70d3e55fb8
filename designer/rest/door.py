"""What the views about machines share: who asks, that reading needs the view permission, finding a machine."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from designer.arns import machine_arn
from designer.errors import ActionError
from designer.machines import being_deleted
from designer.models import StateMachine
from designer.people.actors import actor_of
from designer.permissions import Actor, Permission, require
from designer.settings import CONFIG


class Door(APIView):
    """A view of this room; what writing needs is checked by the actions."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(self.actor, Permission.VIEW)

    @property
    def actor(self) -> Actor:
        return actor_of(self.request.user)


def machine_named(name: str) -> StateMachine:
    """The machine of this name; StateMachineDoesNotExist or StateMachineDeleting."""
    arn = machine_arn(CONFIG.account, CONFIG.region, name)
    machine = StateMachine.objects.select_related("current", "current__created_by").filter(arn=arn).first()
    if machine is None:
        raise ActionError("StateMachineDoesNotExist", f"There is no state machine '{name}'.")
    if machine.status != "ACTIVE":
        raise being_deleted(arn)
    return machine
