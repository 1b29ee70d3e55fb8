from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("executions", "0011_learned_shapes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="approval", name="approvals_for_anybody"),
        migrations.AddIndex(model_name="approval", index=models.Index(
            condition=models.Q(("anybody", True)), fields=["status", "-created_at"], name="approvals_open_to_anybody")),
        migrations.AddIndex(model_name="approval", index=models.Index(
            condition=models.Q(("due_at__isnull", False)), fields=["status", "due_at"], name="approvals_by_due_date")),
        migrations.AddIndex(model_name="approval", index=models.Index(
            fields=["requester", "-question_open", "-created_at"], name="approvals_by_requester")),
    ]
