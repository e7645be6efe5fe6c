"""A kind of text and a reason not to send it: choices only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0013_restored_attempts"),
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
                    ("week", "The week's count"),
                    ("reply", "Reply"),
                    ("notice", "Confirmation"),
                    ("code", "Sign-in code"),
                    ("message", "Message"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="outboundmessage",
            name="skip_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("withdrawn", "Taken back before it left"),
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
                    ("too_sore", "Pain of 8 or more in that week"),
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
    ]
