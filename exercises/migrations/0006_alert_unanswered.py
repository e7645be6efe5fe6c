"""An alert for words that nobody answered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0005_what_speaks_against"),
    ]

    operations = [
        migrations.AlterField(
            model_name="alert",
            name="reason",
            field=models.CharField(
                choices=[
                    ("red_flag", "Red-flag words in a text"),
                    ("worst_pain", "Pain of 10"),
                    ("sharp_rise", "Pain 4 or more above the week's median"),
                    ("rise", "Pain 2 or more above the week's median on two days running"),
                    ("silent_3", "Silent for 3 days"),
                    ("texts_stopped", "Silent for 5 days: we stopped asking"),
                    ("silent_7", "Silent for 7 days"),
                    ("low_adherence", "Less than half done in 7 days"),
                    ("pain_during", "Too much pain while exercising"),
                    ("skipped_for_pain", "Skipped for pain in 2 of 3 sessions"),
                    ("worsening", "Pain is rising slowly"),
                    ("review_missed", "A review point was missed"),
                    ("review_worse", "Worse at a review point"),
                    ("review_no_data", "Too few scores at a review point"),
                    ("no_change", "No change that matters at a review point"),
                    ("harm", "A serious event after a treatment"),
                    ("doubtful_opt_out", "May have asked for no more texts"),
                    ("unanswered", "Wrote, and nobody has answered"),
                ],
                max_length=20,
            ),
        ),
    ]
