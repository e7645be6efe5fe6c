"""Two kinds of texts: choices only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0011_links_in_reminders"),
    ]

    operations = [
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
                    ("signs", "Warning signs"),
                    ("pass", "Satisfied?"),
                    ("reply", "Reply"),
                    ("notice", "Confirmation"),
                    ("code", "Sign-in code"),
                    ("message", "Message"),
                ],
                max_length=12,
            ),
        ),
    ]
