"""Links to the patient's own page, and the browsers that opened them: a new table, two new columns."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0014_spare_codes_as_digests"),
    ]

    operations = [
        migrations.AddField(
            model_name="program",
            name="ended_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="devicetoken",
            name="level",
            field=models.CharField(
                blank=True,
                choices=[
                    ("pending", "Has to show who it is"),
                    ("open", "Opened the link"),
                    ("confirmed", "Showed who it is"),
                ],
                db_default="",
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="alert",
            name="reason",
            field=models.CharField(
                choices=[
                    ("red_flag", "Red-flag words in a text"),
                    ("worst_pain", "Pain of 10"),
                    ("sharp_rise", "Pain 4 or more above the week's median"),
                    ("rise", "Pain 2 or more above the week's median on two days running"),
                    ("silent_3", "Silent for 3 days"),
                    ("texts_stopped", "Silent for 5 days: we stopped asking"),
                    ("silent_7", "Silent for 7 days"),
                    ("low_adherence", "Less than half done in 7 days"),
                    ("pain_during", "Too much pain while exercising"),
                    ("skipped_for_pain", "Skipped for pain in 2 of 3 sessions"),
                    ("worsening", "Pain is rising slowly"),
                    ("review_missed", "A review point was missed"),
                    ("review_worse", "Worse at a review point"),
                    ("review_no_data", "Too few scores at a review point"),
                    ("no_change", "No change that matters at a review point"),
                    ("harm", "A serious event after a treatment"),
                    ("doubtful_opt_out", "May have asked for no more texts"),
                    ("unanswered", "Wrote, and nobody has answered"),
                    ("page_locked", "Somebody guessed at the patient's page: its link ended"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="PageLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "phone",
                    models.CharField(
                        help_text="E.164. With another phone the link ends.", max_length=20
                    ),
                ),
                (
                    "made_for",
                    models.CharField(
                        choices=[
                            ("patient", "The patient asked by text"),
                            ("provider", "A provider"),
                            ("reminder", "A reminder"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "tries",
                    models.PositiveSmallIntegerField(default=0, help_text="Wrong second steps."),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("first_opened_at", models.DateTimeField(null=True)),
                ("last_opened_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="page_links",
                        to="exercises.patient",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="devicetoken",
            name="link",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="exercises.pagelink",
            ),
        ),
        migrations.AddIndex(
            model_name="pagelink",
            index=models.Index(fields=["patient", "-created_at"], name="page_link_patient_newest"),
        ),
    ]
