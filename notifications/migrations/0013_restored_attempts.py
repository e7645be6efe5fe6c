"""A further outcome of an attempt: choices only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0012_weekly_signs_and_pass"),
    ]

    operations = [
        migrations.AlterField(
            model_name="sendattempt",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("started", "Started"),
                    ("accepted", "Accepted"),
                    ("refused", "Refused"),
                    ("not_sent", "Never reached the provider"),
                    ("unknown", "Unknown"),
                    ("restored", "Perhaps sent before a restore"),
                ],
                default="started",
                max_length=10,
            ),
        ),
    ]
