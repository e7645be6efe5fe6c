"""The week from which a card is shown: an empty column of a table with some dozens of rows."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0019_looks_are_sealed"),
    ]

    operations = [
        migrations.AddField(
            model_name="infocard",
            name="week",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="The week of a program from which it is shown; empty: at any time.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
            ),
        ),
    ]
