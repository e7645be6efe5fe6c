"""Count how long ticks take and how late texts leave, for `/metrics`."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_tries_and_sole_runs")]

    operations = [
        migrations.CreateModel(
            name="Histogram",
            fields=[
                (
                    "name",
                    models.CharField(max_length=40, primary_key=True, serialize=False),
                ),
                (
                    "counts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        help_text="One for each of BUCKETS, one above.",
                        size=None,
                    ),
                ),
                ("total", models.FloatField(default=0.0, help_text="Seconds of all together.")),
            ],
        ),
    ]
