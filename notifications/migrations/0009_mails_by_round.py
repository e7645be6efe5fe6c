"""An e-mail for each round of telling; mails of before are of round 0."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0009_alert_told_round"),
        ("notifications", "0008_inbound_updated_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="alertemail",
            name="alert_email_once_each",
        ),
        migrations.AddField(
            model_name="alertemail",
            name="told_round",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name="alertemail",
            constraint=models.UniqueConstraint(
                fields=("alert", "recipient", "kind", "urgency", "told_round"),
                name="alert_email_once_a_round",
            ),
        ),
    ]
