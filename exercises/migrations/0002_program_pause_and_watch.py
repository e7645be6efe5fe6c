from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exercises", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="program",
            name="heard_at",
            field=models.DateTimeField(
                editable=False,
                help_text="The patient's last sign of life, or a fresh start.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="resume_at",
            field=models.DateTimeField(
                editable=False, help_text="When a pause for some days is over.", null=True
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="watch_at",
            field=models.DateTimeField(
                editable=False, help_text="When to look at silence and adherence next.", null=True
            ),
        ),
    ]
