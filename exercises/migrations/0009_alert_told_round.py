"""How often everybody was told of an alert from the start."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0008_said_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="told_round",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                help_text="Counts the times that everybody is told from the start.",
            ),
        ),
    ]
