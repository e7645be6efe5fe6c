import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is built without a lock

    dependencies = [
        ("exercises", "0015_accounts_of_patients"),
        ("notifications", "0010_alert_email"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboundmessage",
            name="signs_in",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="texts",
                to="exercises.signincode",
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
                ],
                max_length=12,
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY outbound_once_per_code ON notifications_outboundmessage (signs_in_id)",
                    "DROP INDEX CONCURRENTLY IF EXISTS outbound_once_per_code",
                ),
                migrations.RunSQL(
                    "ALTER TABLE notifications_outboundmessage ADD CONSTRAINT outbound_once_per_code UNIQUE USING INDEX outbound_once_per_code",
                    "ALTER TABLE notifications_outboundmessage DROP CONSTRAINT outbound_once_per_code",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="outboundmessage",
                    constraint=models.UniqueConstraint(
                        fields=["signs_in"], name="outbound_once_per_code"
                    ),
                ),
            ],
        ),
    ]
