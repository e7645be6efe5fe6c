"""When an answer was said, if it came in later."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0007_patient_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="checkinentry",
            name="said_at",
            field=models.DateTimeField(
                editable=False,
                help_text="When it was said, if that was before it came in.",
                null=True,
            ),
        ),
    ]
