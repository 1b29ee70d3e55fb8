"""Authoring: people, state machines and what belongs to them.

Account and region are columns from the first migration.  Saving a machine makes an immutable
Revision, live at once; publishing makes a Version of a revision; a Draft belongs to a person and a
base revision; executions pin revisions.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person.  `language` is "en", "ja" or "" (as the browser asks); `timezone` an IANA name or ""."""

    language = models.CharField(max_length=8, blank=True, default="")
    timezone = models.CharField(max_length=64, blank=True, default="")


class AccessKey(models.Model):
    """An AWS-style key of a user; SigV4 needs the secret itself, so it is kept encrypted (signing.py)."""

    access_key_id = models.CharField(max_length=128, unique=True)
    secret = models.TextField()
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="access_keys")
    label = models.CharField(max_length=80, blank=True, default="")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)


class StateMachine(models.Model):
    """A named state machine; what it does is in its current revision."""

    STATUSES: ClassVar = [("ACTIVE", "ACTIVE"), ("DELETING", "DELETING")]

    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    arn = models.CharField(max_length=256, unique=True)
    kind = models.CharField(max_length=8, default="STANDARD")  # STANDARD or EXPRESS
    status = models.CharField(max_length=8, choices=STATUSES, default="ACTIVE")
    current = models.ForeignKey("Revision", on_delete=models.PROTECT, null=True, related_name="+")
    logging = models.JSONField(default=dict)
    tracing = models.JSONField(default=dict)
    encryption = models.JSONField(default=dict)
    versions_made = models.PositiveIntegerField(default=0)  # version numbers are never used again
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "region", "name"], name="one_machine_of_a_name"),
        ]


class Revision(models.Model):
    """One saved state of a machine; never changed.  `definition` is the text as it was given."""

    machine = models.ForeignKey(StateMachine, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()  # 1, 2, 3 … within the machine
    revision_id = models.CharField(max_length=64)  # "INITIAL" for the first, then opaque, as in AWS
    definition = models.TextField()
    source = models.TextField(blank=True, default="")  # the YAML with its comments, where a person wrote YAML
    role_arn = models.CharField(max_length=256)
    comment = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["machine", "number"], name="revisions_are_numbered"),
        ]


class Version(models.Model):
    """A published revision: 1, 2, 3 …, never reused."""

    machine = models.ForeignKey(StateMachine, on_delete=models.CASCADE, related_name="versions")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    arn = models.CharField(max_length=300, unique=True)
    description = models.CharField(max_length=256, blank=True, default="")
    created_at = models.DateTimeField()


class Alias(models.Model):
    """A name for one or two versions with weights: routing = [{"stateMachineVersionArn", "weight"}]."""

    machine = models.ForeignKey(StateMachine, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=80)
    arn = models.CharField(max_length=300, unique=True)
    description = models.CharField(max_length=256, blank=True, default="")
    routing = models.JSONField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()


class Draft(models.Model):
    """What a person has not saved yet, based on a revision (null: a machine not created yet)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    machine = models.ForeignKey(StateMachine, on_delete=models.CASCADE, null=True, related_name="drafts")
    base = models.ForeignKey(Revision, on_delete=models.SET_NULL, null=True, related_name="+")
    definition = models.TextField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "machine"], name="one_draft_a_person_and_machine"),
        ]


class Tag(models.Model):
    """A tag on a resource, by ARN (state machines and activities)."""

    arn = models.CharField(max_length=300, db_index=True)
    key = models.CharField(max_length=128)
    value = models.CharField(max_length=256, blank=True, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["arn", "key"], name="one_tag_of_a_key")]
