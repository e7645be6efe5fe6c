from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the indexes are built without a lock

    dependencies = [("notifications", "0006_confirmations_and_later")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY outbound_once_per_later ON notifications_outboundmessage (postponed_by_id)",
                    "DROP INDEX CONCURRENTLY IF EXISTS outbound_once_per_later",
                ),
                migrations.RunSQL(
                    "ALTER TABLE notifications_outboundmessage ADD CONSTRAINT outbound_once_per_later UNIQUE USING INDEX outbound_once_per_later",
                    "ALTER TABLE notifications_outboundmessage DROP CONSTRAINT outbound_once_per_later",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="outboundmessage",
                    constraint=models.UniqueConstraint(
                        fields=["postponed_by"], name="outbound_once_per_later"
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY outbound_once_per_consent ON notifications_outboundmessage (confirms_id)",
                    "DROP INDEX CONCURRENTLY IF EXISTS outbound_once_per_consent",
                ),
                migrations.RunSQL(
                    "ALTER TABLE notifications_outboundmessage ADD CONSTRAINT outbound_once_per_consent UNIQUE USING INDEX outbound_once_per_consent",
                    "ALTER TABLE notifications_outboundmessage DROP CONSTRAINT outbound_once_per_consent",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="outboundmessage",
                    constraint=models.UniqueConstraint(
                        fields=["confirms"], name="outbound_once_per_consent"
                    ),
                ),
            ],
        ),
    ]
