from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_texting_switch")]

    operations = [
        migrations.AddField(
            model_name="heartbeat",
            name="seconds",
            field=models.FloatField(db_default=0.0, default=0.0),
        ),
    ]
