"""Texts that hold a link to a patient's own page: a new empty column, without an index."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0015_page_links"),
        ("notifications", "0009_mails_by_round"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboundmessage",
            name="opens",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="exercises.pagelink",
            ),
        ),
    ]
