"""What was learned of results, and what people said they look like."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from designer.models import StateMachine


class LearnedShape(models.Model):
    """What one subject (lens/subjects.py; "input" for the machine's own) looks like for one machine.

    origin: executions or sample.  `tally` is JSON (designer/lens/tally.py) of `times` values.  A pinned row is not
    learned anew.  A row that was forgotten stays with no values: only executions that start after `since` (ms) are
    learned from again.
    """

    machine = models.ForeignKey(StateMachine, on_delete=models.CASCADE, related_name="learned_shapes", db_index=False)
    subject = models.CharField(max_length=300)
    origin = models.CharField(max_length=12, default="executions")
    tally = models.TextField()
    times = models.PositiveIntegerField(default=0)
    pinned = models.BooleanField(default=False)
    since = models.BigIntegerField(default=0)
    learned_at = models.DateTimeField()

    class Meta:
        app_label = "executions"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["machine", "subject"], name="one_learned_shape_of_a_subject"),
        ]
        indexes: ClassVar = [models.Index(fields=["subject", "-learned_at"], name="learned_shapes_of_a_subject")]
