"""Slow heel raises that were counted before the first day: a column that may be empty."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0020_week_of_cards"),
    ]

    operations = [
        migrations.AddField(
            model_name="intakescreen",
            name="start_raises",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Slow heel raises on the sore leg before the first day.",
                null=True,
                validators=[django.core.validators.MaxValueValidator(100)],
            ),
        ),
    ]
