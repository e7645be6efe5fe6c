"""Count the tries of reading a text, and let long ticks run one at a time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="inboundmessage",
            name="tries",
            field=models.PositiveSmallIntegerField(default=0, db_default=0),
        ),
        migrations.AddField(
            model_name="inboundmessage",
            name="leased_until",
            field=models.DateTimeField(null=True, blank=True),
        ),
        migrations.AddField(
            model_name="heartbeat",
            name="taken_until",
            field=models.DateTimeField(
                help_text="While a run is under way that must be the only one.", null=True
            ),
        ),
    ]
