from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exercises", "0003_program_indexes")]

    operations = [
        migrations.AddField(
            model_name="checkin",
            name="taken_back_at",
            field=models.DateTimeField(
                editable=False, help_text="The patient took the only answer back.", null=True
            ),
        ),
        migrations.AddField(
            model_name="checkinentry",
            name="undone_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
