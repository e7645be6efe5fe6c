"""Count the tries of reading a text, so that one that cannot be read is parked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0012_messages_of_the_clinic")]

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
    ]
