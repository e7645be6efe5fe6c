from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_heartbeat_seconds")]

    operations = [
        migrations.AddField(
            model_name="outboundmessage",
            name="retried_at",
            field=models.DateTimeField(
                help_text="When the phone could not be reached and the one retry was spent.",
                null=True,
            ),
        ),
    ]
