"""The tables of HTTP tasks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from designer.models import User


class Connection(models.Model):
    """How HTTP tasks prove who they are, as EventBridge's connections do.

    kind: BASIC, API_KEY or OAUTH_CLIENT_CREDENTIALS.  `settings` is what may be shown, `secrets` the rest as
    JSON, sealed under the server's secret key (connections.py).
    """

    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    arn = models.CharField(max_length=256, unique=True)
    description = models.CharField(max_length=512, blank=True, default="")
    kind = models.CharField(max_length=32)
    settings = models.JSONField(default=dict)
    secrets = models.TextField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        app_label = "executions"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "region", "name"], name="one_connection_of_a_name"),
        ]
