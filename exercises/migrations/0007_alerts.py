import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exercises", "0006_session_log")]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("red_flag", "Red-flag words in a text"),
                            ("worst_pain", "Pain of 10"),
                            ("sharp_rise", "Pain 4 or more above the week's median"),
                            ("rise", "Pain 2 or more above the week's median on two days running"),
                            ("silent_3", "Silent for 3 days"),
                            ("texts_stopped", "Silent for 5 days: we stopped asking"),
                            ("silent_7", "Silent for 7 days"),
                            ("low_adherence", "Less than half done in 7 days"),
                            ("doubtful_opt_out", "May have asked for no more texts"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("critical", "Critical"), ("high", "High"), ("low", "Low")],
                        max_length=10,
                    ),
                ),
                (
                    "detail",
                    models.CharField(blank=True, help_text="Figures behind it.", max_length=200),
                ),
                (
                    "times",
                    models.PositiveIntegerField(
                        default=1, help_text="How often it came while open."
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("deadline", models.DateTimeField(null=True)),
                ("escalated_at", models.DateTimeField(null=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-opened_at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="alert",
            name="acknowledged_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="alerts",
                to="exercises.patient",
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="program",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="alerts",
                to="exercises.program",
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("acknowledged_at__isnull", True)),
                fields=["severity", "opened_at"],
                name="alert_open",
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(
                    ("acknowledged_at__isnull", True), ("escalated_at__isnull", True)
                ),
                fields=["deadline"],
                name="alert_deadline",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("acknowledged_at__isnull", True)),
                fields=("patient", "program", "reason"),
                name="alert_open_once",
                nulls_distinct=False,
            ),
        ),
    ]
