"""What was known of a patient before assigning that speaks against some exercises."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0004_running_ones_keep_what_they_have"),
    ]

    operations = [
        migrations.AddField(
            model_name="intakescreen",
            name="before",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                blank=True,
                db_default=[],
                default=list,
                help_text="What was known of the patient that speaks against some exercises.",
                size=None,
            ),
        ),
    ]
