"""An e-mail for each urgency of an alert, and two more reasons to skip a text."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0004_running_ones_keep_what_they_have"),
        ("notifications", "0003_histograms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="alertemail",
            name="alert_email_once",
        ),
        migrations.AddField(
            model_name="alertemail",
            name="urgency",
            field=models.CharField(blank=True, db_default="", max_length=10),
        ),
        migrations.AlterField(
            model_name="outboundmessage",
            name="skip_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_consent", "No consent on record"),
                    ("consent_held", "A text has to be looked at first"),
                    ("opted_out", "The patient opted out"),
                    ("no_sender", "The clinic has no sender"),
                    ("texting_off", "Texting is switched off"),
                    ("not_active", "The program is paused or ended"),
                    ("quiet_hours", "Outside the patient's hours"),
                    ("stale", "Too late to be useful"),
                    ("red_flag", "An alert has to be closed first"),
                    ("nothing_planned", "Nothing on the plan of that day"),
                    ("answered", "Already answered"),
                    ("not_asked", "Nothing was asked before"),
                    ("silent", "Silent for 5 days: we stopped asking"),
                    ("prompt_limit", "As many texts as the patient agreed to"),
                    ("daily_cap", "Enough texts for one day"),
                    ("loop", "The same text was just sent"),
                    ("wording", "The wording has a mistake"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="alertemail",
            constraint=models.UniqueConstraint(
                fields=("alert", "recipient", "kind", "urgency"), name="alert_email_once_each"
            ),
        ),
    ]
