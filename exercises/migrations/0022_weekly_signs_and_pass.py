"""Two kinds of questions with their answers: choices, and a column that takes longer words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0021_start_raises"),
    ]

    operations = [
        migrations.AlterField(
            model_name="measure",
            name="instrument",
            field=models.CharField(
                choices=[
                    ("psfs", "Patient-Specific Functional Scale"),
                    ("groc", "Global Rating of Change"),
                    ("pass", "Patient Acceptable Symptom State"),
                    ("signs", "Warning signs"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="measure",
            name="value",
            field=models.DecimalField(
                decimal_places=2,
                help_text="PSFS: the mean of its scores. GROC: the rating. The others: 1 yes, 0 no.",
                max_digits=4,
            ),
        ),
        migrations.AlterField(
            model_name="schedule",
            name="kind",
            field=models.CharField(
                choices=[
                    ("check_in", "Check-in"),
                    ("average", "Evening check-in"),
                    ("nudge", "Nudge"),
                    ("exercise", "Exercise reminder"),
                    ("splint", "Splint reminder"),
                    ("signs", "Warning signs, once a week"),
                    ("pass", "Satisfied? At weeks 6, 12 and 26"),
                ],
                max_length=12,
            ),
        ),
    ]
