"""The inbox, and how long a clinic has to answer."""

import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0006_alert_unanswered"),
        ("notifications", "0005_alerts_and_safety_texts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="clinictexting",
            name="answer_within",
            field=models.PositiveSmallIntegerField(
                db_default=8,
                default=8,
                help_text="Open hours of the clinic. A message that nobody handled by then opens an alert.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(80),
                ],
                verbose_name="answer within, hours",
            ),
        ),
        migrations.AlterField(
            model_name="outboundmessage",
            name="skip_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("withdrawn", "Taken back before it left"),
                    ("no_consent", "No consent on record"),
                    ("consent_held", "A text has to be looked at first"),
                    ("opted_out", "The patient opted out"),
                    ("no_sender", "The clinic has no sender"),
                    ("texting_off", "Texting is switched off"),
                    ("not_active", "The program is paused or ended"),
                    ("quiet_hours", "Outside the patient's hours"),
                    ("stale", "Too late to be useful"),
                    ("red_flag", "An alert has to be closed first"),
                    ("nothing_planned", "Nothing on the plan of that day"),
                    ("answered", "Already answered"),
                    ("not_asked", "Nothing was asked before"),
                    ("silent", "Silent for 5 days: we stopped asking"),
                    ("prompt_limit", "As many texts as the patient agreed to"),
                    ("daily_cap", "Enough texts for one day"),
                    ("loop", "The same text was just sent"),
                    ("wording", "The wording has a mistake"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="InboxItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("red_flag", "Red flag"),
                            ("opt_out", "May want no more texts"),
                            ("unreadable", "Could not be read"),
                            ("picture", "Sent a picture"),
                            ("asked_again", "We asked again"),
                            ("words", "Words"),
                        ],
                        max_length=12,
                    ),
                ),
                ("arrived_at", models.DateTimeField()),
                ("answer_by", models.DateTimeField(help_text="From then on an alert asks for it.")),
                ("alerted_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("handled_at", models.DateTimeField(null=True)),
                (
                    "answer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="notifications.outboundmessage",
                    ),
                ),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="inbox_items",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inbox_items",
                        to="exercises.clinic",
                    ),
                ),
                (
                    "handled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "inbound",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inbox_items",
                        to="notifications.inboundmessage",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        help_text="Empty: several share the phone, and the text names none.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inbox_items",
                        to="exercises.patient",
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "inbox",
                "ordering": ["-arrived_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("handled_at", None), ("read_at", None)),
                        fields=["clinic"],
                        name="inbox_unread",
                    ),
                    models.Index(
                        condition=models.Q(("handled_at", None)),
                        fields=["clinic", "arrived_at"],
                        name="inbox_open",
                    ),
                    models.Index(fields=["clinic", "-arrived_at"], name="inbox_newest"),
                    models.Index(
                        condition=models.Q(("alerted_at", None), ("handled_at", None)),
                        fields=["answer_by"],
                        name="inbox_overdue",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("inbound", "clinic"), name="inbox_once_a_clinic"
                    )
                ],
            },
        ),
    ]
