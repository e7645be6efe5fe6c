"""The count of a week: what got in the way, and when the last pause ended. New columns and a new table."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0022_weekly_signs_and_pass"),
    ]

    operations = [
        migrations.AddField(
            model_name="program",
            name="resumed_at",
            field=models.DateTimeField(
                editable=False,
                help_text="When the last pause ended: no day before it counts.",
                null=True,
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
                    ("skipped_for_pain", "Exercises left out for pain"),
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
        migrations.AlterField(
            model_name="schedule",
            name="kind",
            field=models.CharField(
                choices=[
                    ("check_in", "Check-in"),
                    ("average", "Evening check-in"),
                    ("nudge", "Nudge"),
                    ("exercise", "Exercise reminder"),
                    ("splint", "Splint reminder"),
                    ("signs", "Warning signs, once a week"),
                    ("pass", "Satisfied? At weeks 6, 12 and 26"),
                    ("week", "The week's count, once a week"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Barrier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "local_date",
                    models.DateField(help_text="The day of the question: it counts the 7 before."),
                ),
                (
                    "done",
                    models.PositiveSmallIntegerField(help_text="Days with the exercises done."),
                ),
                (
                    "planned",
                    models.PositiveSmallIntegerField(help_text="Days with exercises planned."),
                ),
                (
                    "what",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("time", "No time"),
                            ("pain", "Pain"),
                            ("forgot", "Forgot"),
                            ("boring", "Boring"),
                            ("not_sure", "Not sure how"),
                            ("other", "Other"),
                        ],
                        help_text="Empty: not told (yet).",
                        max_length=10,
                    ),
                ),
                (
                    "tip",
                    models.CharField(
                        blank=True, help_text="The tip that was given.", max_length=40
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sms", "Text message"),
                            ("app", "App"),
                            ("web", "Web"),
                            ("staff", "Staff"),
                        ],
                        max_length=5,
                    ),
                ),
                ("told_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="barriers",
                        to="exercises.program",
                    ),
                ),
            ],
            options={
                "ordering": ["-local_date", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("program", "local_date"), name="barrier_once_a_day"
                    )
                ],
            },
        ),
    ]
