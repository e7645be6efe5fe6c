"""When a text received changed last; rows of before get the time of this migration."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0007_consent_of_people"),
    ]

    operations = [
        migrations.AddField(
            model_name="inboundmessage",
            name="updated_at",
            field=models.DateTimeField(
                auto_now=True, db_default=django.db.models.functions.datetime.Now()
            ),
        ),
    ]
