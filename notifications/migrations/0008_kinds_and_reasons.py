from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0007_once_per_later_and_consent")]

    operations = [
        migrations.AlterField(
            model_name="consentevent",
            name="how",
            field=models.CharField(
                choices=[
                    ("paper", "On paper"),
                    ("spoken", "Spoken"),
                    ("app", "In the app"),
                    ("web", "On the web"),
                    ("sms", "By text"),
                    ("staff", "Decided by staff"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="consentevent",
            name="state",
            field=models.CharField(
                choices=[
                    ("granted", "May be texted"),
                    ("revoked", "Opted out"),
                    ("held", "To be looked at"),
                ],
                max_length=10,
            ),
        ),
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
                    ("reply", "Reply"),
                    ("notice", "Confirmation"),
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
                    ("no_consent", "No consent on record"),
                    ("consent_held", "A text has to be looked at first"),
                    ("opted_out", "The patient opted out"),
                    ("no_sender", "The clinic has no sender"),
                    ("texting_off", "Texting is switched off"),
                    ("not_active", "The program is paused or ended"),
                    ("quiet_hours", "Outside the patient's hours"),
                    ("stale", "Too late to be useful"),
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
        migrations.AlterField(
            model_name="phoneconsent",
            name="state",
            field=models.CharField(
                choices=[
                    ("granted", "May be texted"),
                    ("revoked", "Opted out"),
                    ("held", "To be looked at"),
                ],
                max_length=10,
            ),
        ),
    ]
