"""A session may be done in part: one more choice, no change of the table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0012_looks"),
    ]

    operations = [
        migrations.AlterField(
            model_name="sessionlog",
            name="outcome",
            field=models.CharField(
                choices=[("done", "Done"), ("partly", "Done in part"), ("skipped", "Skipped")],
                max_length=10,
            ),
        ),
    ]
