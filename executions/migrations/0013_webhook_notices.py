import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("executions", "0012_approvals_by_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="WebhookNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("text", models.TextField(blank=True, default="")),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("wake_at", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("approval", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to="executions.approval")),
            ],
            options={
                "indexes": [models.Index(
                    condition=models.Q(("wake_at__isnull", False)), fields=["wake_at"], name="webhooks_to_call")],
            },
        ),
    ]
