"""Texts out and in, consent, senders and wordings, as they stood before the first release."""

import django.core.validators
import django.db.models.deletion
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("exercises", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("seconds", models.FloatField(db_default=0.0, default=0.0)),
            ],
        ),
        migrations.CreateModel(
            name="Sender",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "phone",
                    phonenumber_field.modelfields.PhoneNumberField(
                        help_text="Patients reply to this number.",
                        max_length=128,
                        region=None,
                        unique=True,
                    ),
                ),
                ("messaging_service_sid", models.CharField(blank=True, max_length=34)),
                (
                    "segments_per_second",
                    models.FloatField(
                        blank=True,
                        default=1.0,
                        help_text="As your carrier allows: long code 1, toll-free 3, 10DLC 12 or more. Empty: no limit.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0.1)],
                    ),
                ),
                ("stopped_at", models.DateTimeField(editable=False, null=True)),
                ("stopped_code", models.PositiveIntegerField(editable=False, null=True)),
                ("paused_until", models.DateTimeField(editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="TextingSwitch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_on", models.BooleanField(default=True, verbose_name="texting is on")),
                (
                    "reason",
                    models.CharField(
                        blank=True, help_text="For whoever looks next.", max_length=200
                    ),
                ),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "switch for all texts",
                "verbose_name_plural": "switch for all texts",
            },
        ),
        migrations.CreateModel(
            name="InboundMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("message_sid", models.CharField(max_length=34, unique=True)),
                ("from_phone", models.CharField(max_length=20)),
                ("to_phone", models.CharField(max_length=20)),
                ("body", models.TextField(blank=True)),
                ("media_count", models.PositiveSmallIntegerField(default=0)),
                ("opt_out_type", models.CharField(blank=True, max_length=10)),
                ("received_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("handled", "Handled"),
                            ("parked", "Parked"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("parked_reason", models.CharField(blank=True, max_length=200)),
                (
                    "reading",
                    models.CharField(blank=True, help_text="How the text was read.", max_length=20),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inbound_messages",
                        to="exercises.patient",
                    ),
                ),
            ],
            options={
                "verbose_name": "text received",
                "verbose_name_plural": "texts received",
                "ordering": ["-received_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ConsentEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("granted", "May be texted"),
                            ("revoked", "Opted out"),
                            ("held", "To be looked at"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("paper", "On paper"),
                            ("spoken", "Spoken"),
                            ("app", "In the app"),
                            ("web", "On the web"),
                            ("sms", "By text"),
                            ("staff", "Decided by staff"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "words",
                    models.TextField(
                        help_text="The words shown to the patient, or the patient's own."
                    ),
                ),
                ("words_version", models.CharField(blank=True, max_length=20)),
                ("created_at", models.DateTimeField()),
                (
                    "patient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="exercises.patient",
                    ),
                ),
                (
                    "recorded_by",
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
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="notifications.inboundmessage",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consent",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="OutboundMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("to_phone", models.CharField(max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("check_in", "Check-in"),
                            ("average", "Evening check-in"),
                            ("nudge", "Nudge"),
                            ("exercise", "Exercise reminder"),
                            ("splint", "Splint reminder"),
                            ("reply", "Reply"),
                            ("notice", "Confirmation"),
                            ("code", "Sign-in code"),
                            ("message", "Message"),
                        ],
                        max_length=12,
                    ),
                ),
                ("local_date", models.DateField(null=True)),
                ("slot", models.PositiveSmallIntegerField(null=True)),
                (
                    "client_id",
                    models.UUIDField(
                        editable=False, help_text="Of a message: its writer's own id.", null=True
                    ),
                ),
                ("wording", models.CharField(max_length=40)),
                (
                    "names",
                    models.CharField(
                        blank=True, help_text="First names to choose from.", max_length=200
                    ),
                ),
                (
                    "detail",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="A day or a time in the wording.",
                        max_length=40,
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True, help_text="Empty until it is rendered for sending."
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("priority", models.PositiveSmallIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("attempting", "Being sent"),
                            ("unknown", "Unknown"),
                            ("accepted", "Accepted"),
                            ("queued", "Queued"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("delivered", "Delivered"),
                            ("undelivered", "Undelivered"),
                            ("failed", "Failed"),
                            ("skipped", "Skipped"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                (
                    "skip_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_consent", "No consent on record"),
                            ("consent_held", "A text has to be looked at first"),
                            ("opted_out", "The patient opted out"),
                            ("no_sender", "The clinic has no sender"),
                            ("texting_off", "Texting is switched off"),
                            ("not_active", "The program is paused or ended"),
                            ("quiet_hours", "Outside the patient's hours"),
                            ("stale", "Too late to be useful"),
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
                ("error_code", models.PositiveIntegerField(null=True)),
                ("not_before", models.DateTimeField(help_text="When it may be tried (again).")),
                ("lease_token", models.UUIDField(null=True)),
                ("lease_expires_at", models.DateTimeField(null=True)),
                ("attempted_at", models.DateTimeField(null=True)),
                (
                    "retried_at",
                    models.DateTimeField(
                        help_text="When the phone could not be reached and the one retry was spent.",
                        null=True,
                    ),
                ),
                ("sid", models.CharField(blank=True, max_length=34)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "answers",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reply",
                        to="notifications.inboundmessage",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="exercises.clinic",
                    ),
                ),
                (
                    "confirms",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="notifications.consentevent",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="exercises.patient",
                    ),
                ),
                (
                    "postponed_by",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The LATER that asked for it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postponed",
                        to="notifications.inboundmessage",
                    ),
                ),
                (
                    "schedule",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="exercises.schedule",
                    ),
                ),
                (
                    "signs_in",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="texts",
                        to="exercises.signincode",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "text sent",
                "verbose_name_plural": "texts sent",
                "ordering": ["-due_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PhoneConsent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("phone", models.CharField(max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("granted", "May be texted"),
                            ("revoked", "Opted out"),
                            ("held", "To be looked at"),
                        ],
                        max_length=10,
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="exercises.clinic",
                    ),
                ),
            ],
            options={
                "verbose_name": "phone",
                "ordering": ["-updated_at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="consentevent",
            name="consent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="events",
                to="notifications.phoneconsent",
            ),
        ),
        migrations.CreateModel(
            name="SendAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("started", "Started"),
                            ("accepted", "Accepted"),
                            ("refused", "Refused"),
                            ("not_sent", "Never reached the provider"),
                            ("unknown", "Unknown"),
                        ],
                        default="started",
                        max_length=10,
                    ),
                ),
                ("sid", models.CharField(blank=True, max_length=34)),
                ("error_code", models.PositiveIntegerField(null=True)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="notifications.outboundmessage",
                    ),
                ),
            ],
            options={
                "ordering": ["started_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="DeliveryEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sid", models.CharField(max_length=34)),
                ("status", models.CharField(max_length=20)),
                ("error_code", models.PositiveIntegerField(null=True)),
                ("received_at", models.DateTimeField()),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="notifications.sendattempt",
                    ),
                ),
            ],
            options={
                "ordering": ["received_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ClinicTexting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "enabled",
                    models.BooleanField(
                        default=True, help_text="Off: no text leaves for this clinic."
                    ),
                ),
                (
                    "clinic",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texting",
                        to="exercises.clinic",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clinics",
                        to="notifications.sender",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "clinic texting",
            },
        ),
        migrations.CreateModel(
            name="AlertEmail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("opened", "Opened"), ("escalated", "Nobody closed it in time")],
                        max_length=10,
                    ),
                ),
                ("not_before", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="emails",
                        to="exercises.alert",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at__isnull", True)),
                        fields=["not_before"],
                        name="alert_email_unsent",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alert", "recipient", "kind"), name="alert_email_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClinicWording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40, verbose_name="text")),
                (
                    "language",
                    models.CharField(choices=[("en", "English"), ("es", "Spanish")], max_length=2),
                ),
                ("words", models.TextField()),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wordings",
                        to="exercises.clinic",
                    ),
                ),
            ],
            options={
                "verbose_name": "wording",
                "ordering": ["key", "language"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("clinic", "key", "language"), name="clinic_wording_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="inboundmessage",
            index=models.Index(
                condition=models.Q(("state", "received")),
                fields=["received_at"],
                name="inbound_unread",
            ),
        ),
        migrations.AddIndex(
            model_name="inboundmessage",
            index=models.Index(fields=["patient", "-received_at"], name="inbound_patient_newest"),
        ),
        migrations.AddIndex(
            model_name="outboundmessage",
            index=models.Index(
                condition=models.Q(("status", "waiting")),
                fields=["clinic", "priority", "not_before"],
                name="outbound_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="outboundmessage",
            index=models.Index(
                condition=models.Q(("status", "attempting")),
                fields=["lease_expires_at"],
                name="outbound_leased",
            ),
        ),
        migrations.AddIndex(
            model_name="outboundmessage",
            index=models.Index(
                condition=models.Q(("status", "unknown")),
                fields=["not_before"],
                name="outbound_unknown",
            ),
        ),
        migrations.AddIndex(
            model_name="outboundmessage",
            index=models.Index(
                condition=models.Q(("status__in", ["accepted", "queued", "sending", "sent"])),
                fields=["updated_at"],
                name="outbound_half_way",
            ),
        ),
        migrations.AddIndex(
            model_name="outboundmessage",
            index=models.Index(fields=["to_phone", "-due_at"], name="outbound_phone_newest"),
        ),
        migrations.AddIndex(
            model_name="outboundmessage",
            index=models.Index(fields=["patient", "-due_at"], name="outbound_patient_newest"),
        ),
        migrations.AddIndex(
            model_name="outboundmessage",
            index=models.Index(fields=["clinic", "-due_at", "-id"], name="outbound_clinic_newest"),
        ),
        migrations.AddIndex(
            model_name="outboundmessage",
            index=models.Index(
                condition=models.Q(("sid", ""), _negated=True), fields=["sid"], name="outbound_sid"
            ),
        ),
        migrations.AddConstraint(
            model_name="outboundmessage",
            constraint=models.UniqueConstraint(
                fields=("schedule", "local_date", "slot"), name="outbound_once_per_occurrence"
            ),
        ),
        migrations.AddConstraint(
            model_name="outboundmessage",
            constraint=models.UniqueConstraint(
                fields=("postponed_by",), name="outbound_once_per_later"
            ),
        ),
        migrations.AddConstraint(
            model_name="outboundmessage",
            constraint=models.UniqueConstraint(
                fields=("confirms",), name="outbound_once_per_consent"
            ),
        ),
        migrations.AddConstraint(
            model_name="outboundmessage",
            constraint=models.UniqueConstraint(
                fields=("client_id",), name="outbound_once_per_message"
            ),
        ),
        migrations.AddConstraint(
            model_name="outboundmessage",
            constraint=models.UniqueConstraint(fields=("signs_in",), name="outbound_once_per_code"),
        ),
        migrations.AddConstraint(
            model_name="phoneconsent",
            constraint=models.UniqueConstraint(
                fields=("phone", "clinic"), name="consent_phone_clinic"
            ),
        ),
    ]
