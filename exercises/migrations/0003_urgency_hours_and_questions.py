"""Urgency and whom to tell of alerts, the hours of clinics, the question of programs."""

import datetime

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import exercises.models.people
import exercises.rules.questions


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0002_knox_table_goes"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="alert",
            name="alert_deadline",
        ),
        migrations.AddField(
            model_name="alert",
            name="circles_due",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="alert",
            name="circles_told",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="alert",
            name="told_from",
            field=models.DateTimeField(help_text="When it became as urgent as it is.", null=True),
        ),
        migrations.AddField(
            model_name="alert",
            name="urgency",
            field=models.CharField(
                blank=True,
                choices=[
                    ("crisis", "Crisis"),
                    ("emergency", "Emergency"),
                    ("same_day", "Same day"),
                    ("review", "Review"),
                ],
                db_default="",
                help_text="How soon; whom we tell, and when, follows it.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="clinic",
            name="closes_at",
            field=models.TimeField(db_default=datetime.time(17, 0), default=datetime.time(17, 0)),
        ),
        migrations.AddField(
            model_name="clinic",
            name="holidays",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.DateField(),
                blank=True,
                db_default=[],
                default=list,
                help_text="Days on which nobody reads, such as 2026-12-25, with commas between.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="clinic",
            name="opens_at",
            field=models.TimeField(
                db_default=datetime.time(9, 0),
                default=datetime.time(9, 0),
                help_text="From when somebody reads alerts, on the clinic's clock.",
            ),
        ),
        migrations.AddField(
            model_name="clinic",
            name="second_contact",
            field=models.ForeignKey(
                blank=True,
                help_text="Who is told of what cannot wait while the clinic is closed, or when nobody reacts. Without one: the clinic's admins.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="clinic",
            name="workdays",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(
                    validators=[django.core.validators.MaxValueValidator(6)]
                ),
                db_default=[0, 1, 2, 3, 4],
                default=exercises.models.people.monday_to_friday,
                help_text="0 is Monday.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="question",
            field=models.CharField(
                choices=[
                    (exercises.rules.questions.MainQuestion["FIRST_STEP"], "First-step pain"),
                    (
                        exercises.rules.questions.MainQuestion["MORNING"],
                        "Pain with morning stiffness",
                    ),
                    (
                        exercises.rules.questions.MainQuestion["STAIRS"],
                        "Worst pain on stairs or squatting",
                    ),
                    (exercises.rules.questions.MainQuestion["SQUAT"], "Pain in a single-leg squat"),
                    (
                        exercises.rules.questions.MainQuestion["MOVING"],
                        "Pain while walking or running",
                    ),
                ],
                db_default="first_step",
                default=exercises.rules.questions.MainQuestion["FIRST_STEP"],
                help_text="What the patient is asked every day.",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="programversion",
            name="decided_week",
            field=models.PositiveSmallIntegerField(
                editable=False,
                help_text="The week up to which somebody decided: load rises no further by itself. Empty: the calendar moves it, as it did before 2026-11-26.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="programtemplate",
            name="question",
            field=models.CharField(
                choices=[
                    (exercises.rules.questions.MainQuestion["FIRST_STEP"], "First-step pain"),
                    (
                        exercises.rules.questions.MainQuestion["MORNING"],
                        "Pain with morning stiffness",
                    ),
                    (
                        exercises.rules.questions.MainQuestion["STAIRS"],
                        "Worst pain on stairs or squatting",
                    ),
                    (exercises.rules.questions.MainQuestion["SQUAT"], "Pain in a single-leg squat"),
                    (
                        exercises.rules.questions.MainQuestion["MOVING"],
                        "Pain while walking or running",
                    ),
                ],
                db_default="first_step",
                default=exercises.rules.questions.MainQuestion["FIRST_STEP"],
                help_text="What the patient is asked every day.",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="kind",
            field=models.CharField(
                choices=[
                    ("forward", "Go on to the next stage"),
                    ("progress", "Progress one step"),
                    ("regress", "Step back"),
                    ("stay", "Stay in this phase a week longer"),
                    ("stop", "Stop and look"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="alert",
            name="deadline",
            field=models.DateTimeField(help_text="When the next circle is told.", null=True),
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
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(
                    ("acknowledged_at__isnull", True), ("reason__in", ["harm", "red_flag"])
                ),
                fields=["patient"],
                name="alert_holds",
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(
                    ("acknowledged_at__isnull", True), ("circles_told__lt", models.F("circles_due"))
                ),
                fields=["opened_at"],
                name="alert_to_tell",
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("acknowledged_at__isnull", True)),
                fields=["deadline"],
                name="alert_deadline_open",
            ),
        ),
    ]
