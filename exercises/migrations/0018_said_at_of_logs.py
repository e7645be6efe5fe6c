"""When a log was said, where a phone without a network told late: an empty column more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0017_moving_drawings"),
    ]

    operations = [
        migrations.AddField(
            model_name="sessionlog",
            name="said_at",
            field=models.DateTimeField(
                editable=False,
                help_text="When it was said, if that was before we heard of it.",
                null=True,
            ),
        ),
    ]
