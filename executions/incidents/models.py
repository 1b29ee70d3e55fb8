"""Failures of executions, and what they have in common."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from designer.models import StateMachine, User
from executions.models import Execution


class Incident(models.Model):
    """Failures with one signature: the machine, the state, the error, and the cause without what varies in it.

    Times in ms since the epoch.  `example` is one cause as it was; `muted` hides it until it is looked for.
    """

    signature = models.CharField(max_length=64, unique=True)  # SHA-256
    machine = models.ForeignKey(StateMachine, on_delete=models.CASCADE, related_name="incidents")
    state = models.CharField(max_length=80, blank=True)
    error = models.CharField(max_length=256, blank=True)
    cause = models.CharField(max_length=500, blank=True)
    example = models.TextField(blank=True)
    first_at = models.BigIntegerField()
    last_at = models.BigIntegerField()
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    note = models.TextField(blank=True, default="")
    muted = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-last_at"])]


class Failure(models.Model):
    """One execution that failed, and when; `open` until it is redriven and ends well."""

    execution = models.OneToOneField(Execution, on_delete=models.CASCADE, primary_key=True, related_name="failure")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="failures", db_index=False)
    at = models.BigIntegerField()
    open = models.BooleanField(default=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["incident", "-at"])]
