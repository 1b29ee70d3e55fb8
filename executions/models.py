"""Running: the tables.  Frame, HistorySegment and the run columns of Execution are the hot ones;
they are written only by store/, with SQL.  Times there are ms since the epoch (UTC).  Foreign keys that
lead an index or a primary key have none of their own: every index is paid at each commit.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from designer.models import Revision, StateMachine, User


class Execution(models.Model):
    """One execution.  `id` is time-ordered and made by store.new_id(), not by the database.

    `header` is the engine's Header as JSON at the start and at the end (in between see Frame); `seed` the
    secret from which tokens and random numbers are derived.  `input` and `output` are JSON text as given
    and as AWS would answer it.
    """

    id = models.BigIntegerField(primary_key=True)
    arn = models.CharField(max_length=400, unique=True)
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, default="STANDARD")
    machine = models.ForeignKey(StateMachine, on_delete=models.CASCADE, related_name="executions", db_index=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    version_arn = models.CharField(max_length=300, null=True)
    alias_arn = models.CharField(max_length=300, null=True)
    role_arn = models.CharField(max_length=256)
    status = models.CharField(max_length=16, default="RUNNING")
    input = models.TextField()
    output = models.TextField(null=True)
    error = models.TextField(null=True)
    cause = models.TextField(null=True)
    started_at = models.BigIntegerField()
    stopped_at = models.BigIntegerField(null=True)
    started_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    trace_header = models.CharField(max_length=256, null=True)
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="children")
    parent_ask = models.BigIntegerField(null=True)
    seed = models.CharField(max_length=64)
    header = models.TextField()
    redrive_count = models.PositiveIntegerField(default=0)
    redrive_at = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["machine", "-started_at"]),
            models.Index(fields=["machine", "status", "-started_at"], name="executions_of_a_status"),
            models.Index(fields=["status", "-started_at"]),
            models.Index(fields=["-started_at"]),
        ]


class Frame(models.Model):
    """One cursor of a running execution; `data` is the engine's Frame as JSON, `due` its earliest deadline.

    The row with frame_id 0 and status "header" holds the engine's Header of a running execution.
    """

    pk = models.CompositePrimaryKey("execution_id", "frame_id")
    execution = models.ForeignKey(Execution, on_delete=models.CASCADE, related_name="frames", db_index=False)
    frame_id = models.BigIntegerField()
    parent = models.BigIntegerField()
    status = models.CharField(max_length=8)
    due = models.BigIntegerField(null=True)
    data = models.TextField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due"], condition=models.Q(due__isnull=False), name="frames_with_a_deadline"),
        ]


class HistorySegment(models.Model):
    """The events one commit wrote for one execution: a JSON array text of events as AWS answers them."""

    pk = models.CompositePrimaryKey("execution_id", "first_id")
    execution = models.ForeignKey(Execution, on_delete=models.CASCADE, related_name="history", db_index=False)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    events = models.TextField()


class Payload(models.Model):
    """JSON text of an execution that is too large for the place where it belongs (store/offload.py)."""

    pk = models.CompositePrimaryKey("execution_id", "digest")
    execution = models.ForeignKey(Execution, on_delete=models.CASCADE, related_name="payloads", db_index=False)
    digest = models.CharField(max_length=64)  # SHA-256
    text = models.TextField()


class Signal(models.Model):
    """The durable inbox: signals written together with something else (a decision), read by the engine."""

    execution = models.ForeignKey(Execution, on_delete=models.CASCADE, related_name="signals")
    body = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)


class TaskToken(models.Model):
    """One task token, whoever answers it.  Closed tokens stay, so that a late answer is told so.

    kind: activity, callback, approval, job.  status: OPEN, STARTED (given to a worker), SUCCEEDED, FAILED,
    TIMED_OUT, CANCELLED.
    """

    token = models.CharField(max_length=255, primary_key=True)
    execution = models.ForeignKey(Execution, on_delete=models.CASCADE, related_name="tokens", db_index=False)
    ask = models.BigIntegerField()
    kind = models.CharField(max_length=10)
    resource = models.CharField(max_length=300)
    state = models.CharField(max_length=80)
    status = models.CharField(max_length=10, default="OPEN")
    worker = models.CharField(max_length=80, blank=True, default="")
    input = models.TextField()
    opened_at = models.BigIntegerField()
    closed_at = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["resource", "status"]),
            models.Index(fields=["execution", "ask"]),
        ]


class Approval(models.Model):
    """A task token that people answer, level after level (approvals/levels.py).

    status: WAITING, APPROVED, REJECTED, EXPIRED, CANCELLED (withdrawn), CLOSED (the workflow no longer waits).
    `form` is a JSON Schema (or {}), `form_data` what was entered last.  `users`, `groups` and `anybody` (everyone
    with the approve permission) say who is asked on the present level; `plan` has all levels, `rules` what is to
    happen when it is due.  `wake_at` (ms) is when approvals/clockwork.py has to look at it next.
    """

    token = models.OneToOneField(TaskToken, on_delete=models.CASCADE, primary_key=True, related_name="approval")
    public_id = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=200)
    message = models.TextField(blank=True, default="")
    data = models.JSONField(default=dict)
    form = models.JSONField(default=dict)
    plan = models.JSONField(default=list)
    rules = models.JSONField(default=dict)
    policy = models.CharField(max_length=120, blank=True, default="")
    level = models.PositiveSmallIntegerField(default=0)
    users = models.ManyToManyField(User, blank=True, related_name="+")
    groups = models.ManyToManyField("auth.Group", blank=True, related_name="+")
    anybody = models.BooleanField(default=False)
    requester = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    allow_requester = models.BooleanField(default=False)
    allow_same_person = models.BooleanField(default=False)
    bulk = models.BooleanField(default=False)
    priority = models.SmallIntegerField(default=0)  # 1 high, 0 normal, -1 low
    claimed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    question_open = models.BooleanField(default=False)
    status = models.CharField(max_length=10, default="WAITING")
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(blank=True, default="")
    form_data = models.JSONField(default=dict)
    closed_reason = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(null=True)
    wake_at = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["status", "-created_at"]),
            # Conditions must be such as SQLite sees in a query with parameters: no `status = ?`.
            models.Index(fields=["status", "-created_at"], condition=models.Q(anybody=True),
                         name="approvals_open_to_anybody"),
            models.Index(fields=["status", "due_at"], condition=models.Q(due_at__isnull=False),
                         name="approvals_by_due_date"),
            models.Index(fields=["requester", "-question_open", "-created_at"], name="approvals_by_requester"),
            models.Index(fields=["wake_at"], condition=models.Q(wake_at__isnull=False), name="approvals_to_look_at"),
        ]


class MapRun(models.Model):
    """The run of a distributed Map.  Written by store/, with the step that begins, changes or ends it.

    status: RUNNING, SUCCEEDED, FAILED, ABORTED.  While it runs, its frames tell how many children did what.
    `max_concurrency` 0: no limit.
    """

    arn = models.CharField(max_length=500, primary_key=True)
    execution = models.ForeignKey(Execution, on_delete=models.CASCADE, related_name="map_runs", db_index=False)
    frame_id = models.BigIntegerField()
    status = models.CharField(max_length=9)
    started_at = models.BigIntegerField()
    stopped_at = models.BigIntegerField(null=True)
    total = models.PositiveIntegerField()
    succeeded = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    aborted = models.PositiveIntegerField(default=0)
    max_concurrency = models.PositiveIntegerField(default=0)
    tolerated_count = models.PositiveBigIntegerField(default=0)
    tolerated_percentage = models.FloatField(default=0)
    redrive_count = models.PositiveIntegerField(default=0)
    redrive_at = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["execution", "started_at"])]


class Redrive(models.Model):
    """One redrive of an execution, by whom; written by store/, with the step it begins with.

    `revision` is the one it was pinned to anew, null when it ran on under the same definition.
    """

    execution = models.ForeignKey(Execution, on_delete=models.CASCADE, related_name="redrives", db_index=False)
    count = models.PositiveIntegerField()
    at = models.BigIntegerField()
    client_token = models.CharField(max_length=64, null=True)
    started_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    revision = models.ForeignKey(Revision, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["execution", "count"], name="redrives_are_counted"),
        ]


class Activity(models.Model):
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    arn = models.CharField(max_length=256, unique=True)
    encryption = models.JSONField(default=dict)  # as it was given; {}: with a key of AWS's own
    created_at = models.DateTimeField()


class FunctionContent(models.Model):
    """What a version of a function keeps of it.  `code` is a zip; `settings` holds what the Lambda API takes, gives
    back and does not use (TracingConfig, VpcConfig …), by the names of that API."""

    description = models.CharField(max_length=256, blank=True, default="")
    runtime = models.CharField(max_length=32, default="python3.11")
    handler = models.CharField(max_length=128, default="index.handler")
    code = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    timeout = models.PositiveIntegerField(default=30)  # seconds
    memory = models.PositiveIntegerField(default=256)  # MiB
    environment = models.JSONField(default=dict)
    role = models.TextField(blank=True, default="")
    settings = models.JSONField(default=dict)

    class Meta:
        abstract = True


class Function(FunctionContent):
    """A Python function of this installation.  One written in the browser is one file, index.py, kept readable in
    `source` as well ("" when it was uploaded as a zip)."""

    account = models.CharField(max_length=12)
    region = models.CharField(max_length=32)
    name = models.CharField(max_length=140)
    source = models.TextField(blank=True, default="")
    tags = models.JSONField(default=dict)
    versions_made = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "region", "name"], name="one_function_of_a_name"),
        ]


class FunctionVersion(FunctionContent):
    """A function as it was when it was published under `number`; never changed."""

    function = models.ForeignKey(Function, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["function", "number"], name="one_function_version_of_a_number"),
        ]


class FunctionAlias(models.Model):
    """A name for one version ("$LATEST" or a number), or for two: `weights` gives others their share (0 to 1)."""

    function = models.ForeignKey(Function, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=128)
    version = models.CharField(max_length=20)
    weights = models.JSONField(default=dict)
    description = models.CharField(max_length=256, blank=True, default="")
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["function", "name"], name="one_function_alias_of_a_name"),
        ]


class Invocation(models.Model):
    """One call of a function and what it logged."""

    request_id = models.CharField(max_length=40, primary_key=True)
    function = models.ForeignKey(Function, on_delete=models.CASCADE, related_name="invocations")
    execution = models.ForeignKey(Execution, on_delete=models.CASCADE, null=True, related_name="invocations")
    ask = models.BigIntegerField(null=True)
    started_at = models.BigIntegerField()
    duration_ms = models.FloatField()
    cold = models.BooleanField()
    error = models.CharField(max_length=256, blank=True, default="")
    log = models.TextField(blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["function", "-started_at"]),
            models.Index(fields=["execution", "ask"]),
        ]


class OperationalLimit(models.Model):
    """A limit that was changed from its default; what there is, is in actions/limits.py."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.BigIntegerField()


class Retention(models.Model):
    """How long the ended executions of one machine are kept, when it is not the usual time."""

    machine = models.OneToOneField(StateMachine, on_delete=models.CASCADE, primary_key=True, related_name="retention")
    days = models.PositiveIntegerField()


from executions.approvals import models as approval_models  # noqa: E402,F401  # the tables of that room
from executions.incidents import models as incident_models  # noqa: E402,F401
from executions.integrations.http import models as http_models  # noqa: E402,F401
from executions.lens import models as lens_models  # noqa: E402,F401
from executions.lists import models as list_models  # noqa: E402,F401
