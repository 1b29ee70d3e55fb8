"""Lists of executions: filters that people keep, and what was done with a whole result."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from designer.models import User


class SavedFilter(models.Model):
    """A list under a name; `query` is the address's query as text.  `shared`: everybody sees it."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_saved_filter_of_a_name"),
        ]


class BulkAction(models.Model):
    """One thing done with many executions.

    kind: STOP or REDRIVE.  status: RUNNING, DONE, CANCELLED (somebody ended it, or the server did).  `query` says what
    was asked for; `undoes` is the one whose executions this one puts back.
    """

    kind = models.CharField(max_length=8)
    status = models.CharField(max_length=10, default="RUNNING")
    query = models.CharField(max_length=1000, blank=True, default="")
    cause = models.TextField(blank=True, default="")
    latest = models.BooleanField(default=False)  # redriven on the machine's current revision where that fits
    total = models.PositiveIntegerField()
    succeeded = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    undoes = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="undone_by")
    started_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)


class BulkItem(models.Model):
    """One execution of a bulk action.  outcome: "" (not yet), DONE or FAILED, which `reason` explains.

    The execution is named by its id alone: it may be removed, and the item stays.
    """

    pk = models.CompositePrimaryKey("action_id", "execution")
    action = models.ForeignKey(BulkAction, on_delete=models.CASCADE, related_name="items", db_index=False)
    execution = models.BigIntegerField()
    outcome = models.CharField(max_length=6, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="")
