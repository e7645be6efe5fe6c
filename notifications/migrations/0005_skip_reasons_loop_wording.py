from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_retry_once")]

    operations = [
        migrations.AlterField(
            model_name="outboundmessage",
            name="skip_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_consent", "No consent on record"),
                    ("opted_out", "The patient opted out"),
                    ("no_sender", "The clinic has no sender"),
                    ("texting_off", "Texting is switched off"),
                    ("not_active", "The program is paused or ended"),
                    ("quiet_hours", "Outside the patient's hours"),
                    ("stale", "Too late to be useful"),
                    ("answered", "Already answered"),
                    ("daily_cap", "Enough texts for one day"),
                    ("loop", "The same text was just sent"),
                    ("wording", "The wording has a mistake"),
                ],
                max_length=20,
            ),
        ),
    ]
