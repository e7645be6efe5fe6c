import uuid

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exercises", "0005_prompts_per_day")]

    operations = [
        migrations.CreateModel(
            name="SessionLog",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("exercise", "Exercises"), ("splint", "Night splint")],
                        max_length=10,
                    ),
                ),
                (
                    "local_date",
                    models.DateField(help_text="The day it is about, on the patient's calendar."),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "Done"), ("skipped", "Skipped")], max_length=10
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("time", "No time"),
                            ("pain", "Pain"),
                            ("forgot", "Forgot"),
                            ("not_sure", "Not sure how"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "hours",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        help_text="Hours the splint was worn.",
                        max_digits=3,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(14)],
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("sms", "Text message"),
                            ("app", "App"),
                            ("web", "Web"),
                            ("staff", "Staff"),
                        ],
                        max_length=5,
                    ),
                ),
                ("client_id", models.CharField(max_length=80)),
                ("undone_at", models.DateTimeField(editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-local_date", "-created_at"],
            },
        ),
        migrations.AddField(
            model_name="sessionlog",
            name="program",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="session_logs",
                to="exercises.program",
            ),
        ),
        migrations.AddIndex(
            model_name="sessionlog",
            index=models.Index(
                fields=["program", "-local_date"], name="session_log_program_newest"
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionlog",
            constraint=models.UniqueConstraint(
                fields=("program", "client_id"), name="session_log_once_per_client_id"
            ),
        ),
    ]
