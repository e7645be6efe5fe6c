"""A sign-in code is of one clinic; a live one of before finds nobody and is asked for anew."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0010_paused_by_patient"),
    ]

    operations = [
        migrations.AddField(
            model_name="signincode",
            name="clinic",
            field=models.ForeignKey(
                help_text="Whose patient signs in; empty until the text is written.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="exercises.clinic",
            ),
        ),
    ]
