"""The tables of this room: votes, what was said, policies, substitutes, mails, files and the audit log.

The approval itself is in executions/models.py, since the store closes it in its commit.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models

APPROVAL = "executions.Approval"
USER = "designer.User"


class Vote(models.Model):
    """One person's decision on one level.  `final`: it decided the whole; `void`: it came too late and counts no more.

    `on_behalf_of`: whose place the person took (a substitute).  `via`: page, rest, bulk, mail.
    """

    approval = models.ForeignKey(APPROVAL, on_delete=models.CASCADE, related_name="votes")
    level = models.PositiveSmallIntegerField()
    person = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, related_name="+")
    person_name = models.CharField(max_length=150)
    on_behalf_of = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, related_name="+")
    on_behalf_of_name = models.CharField(max_length=150, blank=True, default="")
    decision = models.CharField(max_length=10)
    comment = models.TextField(blank=True, default="")
    form_data = models.JSONField(default=dict)
    via = models.CharField(max_length=8, default="page")
    final = models.BooleanField(default=False)
    void = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["approval", "level", "person"], condition=models.Q(void=False),
                                    name="one_vote_a_level"),
        ]


class Note(models.Model):
    """What was said or done about an approval besides votes.

    kind: comment, question, answer, claim, release, delegate, remind, escalate, level.
    """

    approval = models.ForeignKey(APPROVAL, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=10)
    person = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["approval", "at"])]


class Attachment(models.Model):
    """A file of an approval; `field` is the form's field, or "".

    The content is in the database: it is there exactly when its row is, and a backup has it.
    """

    public_id = models.CharField(max_length=32, unique=True)
    approval = models.ForeignKey(APPROVAL, on_delete=models.CASCADE, related_name="attachments")
    field = models.CharField(max_length=200, blank=True, default="")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)  # media type, from the ending
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    person = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)


class Substitute(models.Model):
    """Somebody decides in a person's place from `begins` until `ends`."""

    person = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="substitutes")
    substitute = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="stands_in_for")
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["substitute", "ends"])]


class Policy(models.Model):
    """A named table that says who approves what; what it says is in its newest version."""

    name = models.CharField(max_length=80, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)


class PolicyVersion(models.Model):
    """One saved state of a policy; never changed.  `body` as in policies.py."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    comment = models.CharField(max_length=200, blank=True, default="")
    created_by = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_versions_are_numbered"),
        ]


class Notice(models.Model):
    """A mail to be sent, written together with what it tells; `wake_at` (ms) is when to try next, null when done.

    kind: asked, reminder, escalated, question, answer, decided, closed.
    """

    approval = models.ForeignKey(APPROVAL, on_delete=models.CASCADE, related_name="notices")
    person = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    text = models.TextField(blank=True, default="")
    level = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    wake_at = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["wake_at"], condition=models.Q(wake_at__isnull=False), name="notices_to_send"),
        ]


class WebhookNotice(models.Model):
    """A message to the webhook that a request names in its rules (`webhook`); `wake_at` as in Notice.

    kind: asked, reminder, escalated, decided, closed.
    """

    approval = models.ForeignKey(APPROVAL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    text = models.TextField(blank=True, default="")
    level = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    wake_at = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["wake_at"], condition=models.Q(wake_at__isnull=False), name="webhooks_to_call"),
        ]


class Digest(models.Model):
    """A person gets one mail a day, at this hour of their time zone, with all that waits (digests.py)."""

    person = models.OneToOneField(USER, on_delete=models.CASCADE, related_name="+")
    hour = models.PositiveSmallIntegerField()
    wake_at = models.BigIntegerField(db_index=True)


class MailLink(models.Model):
    """One link of a mail: for one person, one level, one use.  The secret itself is only in the mail."""

    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the secret
    approval = models.ForeignKey(APPROVAL, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class AppendOnlyError(TypeError):
    """Entries of the audit log are never changed or removed."""


class _Appending(models.QuerySet["AuditEntry"]):
    def update(self, **_values: Any) -> NoReturn:
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        raise AppendOnlyError


class AuditEntry(models.Model):
    """Who did what, when, on what; each entry's hash is over the one before (audit.py)."""

    number = models.PositiveBigIntegerField(primary_key=True)  # 1, 2, 3 …, no gaps
    at = models.CharField(max_length=32)  # ISO 8601, UTC, as it was hashed
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=300)
    details = models.TextField()  # canonical JSON
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = _Appending.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject", "number"])]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError


class AuditHead(models.Model):
    """The one row (id 1) that whoever appends locks: the number and hash of the last entry."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")
