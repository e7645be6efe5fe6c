"""Let long ticks run one at a time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0013_inbound_tries")]

    operations = [
        migrations.AddField(
            model_name="heartbeat",
            name="taken_until",
            field=models.DateTimeField(
                help_text="While a run is under way that must be the only one.", null=True
            ),
        ),
    ]
