"""Approvals from before levels: those that name nobody are for anybody, and the audit log gets its head."""

from django.db import migrations


def forward(apps, _editor):
    approval = apps.get_model("executions", "Approval")
    approval.objects.filter(users__isnull=True, groups__isnull=True).update(anybody=True)
    # What waits already keeps the rules it was asked under.
    approval.objects.update(allow_requester=True)
    apps.get_model("executions", "AuditHead").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("executions", "0004_approvals_in_levels")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
