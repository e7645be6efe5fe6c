from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exercises", "0007_alerts")]

    operations = [
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
                ],
                max_length=12,
            ),
        ),
    ]
