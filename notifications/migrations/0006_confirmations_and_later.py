import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0005_skip_reasons_loop_wording")]

    operations = [
        migrations.AddField(
            model_name="outboundmessage",
            name="confirms",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="confirmations",
                to="notifications.consentevent",
            ),
        ),
        migrations.AddField(
            model_name="outboundmessage",
            name="detail",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="A day or a time in the wording.",
                max_length=40,
            ),
        ),
        migrations.AddField(
            model_name="outboundmessage",
            name="postponed_by",
            field=models.ForeignKey(
                db_index=False,
                help_text="The LATER that asked for it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="postponed",
                to="notifications.inboundmessage",
            ),
        ),
    ]
