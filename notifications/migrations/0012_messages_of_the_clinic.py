import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is built without a lock

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("notifications", "0011_sign_in_codes"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboundmessage",
            name="client_id",
            field=models.UUIDField(
                editable=False, help_text="Of a message: its writer's own id.", null=True
            ),
        ),
        migrations.AddField(
            model_name="outboundmessage",
            name="written_by",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="outboundmessage",
            name="kind",
            field=models.CharField(
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
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY outbound_once_per_message ON notifications_outboundmessage (client_id)",
                    "DROP INDEX CONCURRENTLY IF EXISTS outbound_once_per_message",
                ),
                migrations.RunSQL(
                    "ALTER TABLE notifications_outboundmessage ADD CONSTRAINT outbound_once_per_message UNIQUE USING INDEX outbound_once_per_message",
                    "ALTER TABLE notifications_outboundmessage DROP CONSTRAINT outbound_once_per_message",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="outboundmessage",
                    constraint=models.UniqueConstraint(
                        fields=["client_id"], name="outbound_once_per_message"
                    ),
                ),
            ],
        ),
    ]
