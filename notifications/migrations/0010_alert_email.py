import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0009_clinic_wording"),
        ("exercises", "0007_alerts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AlertEmail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("opened", "Opened"), ("escalated", "Nobody closed it in time")],
                        max_length=10,
                    ),
                ),
                ("not_before", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="alertemail",
            name="alert",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="emails",
                to="exercises.alert",
            ),
        ),
        migrations.AddField(
            model_name="alertemail",
            name="recipient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="alertemail",
            index=models.Index(
                condition=models.Q(("sent_at__isnull", True)),
                fields=["not_before"],
                name="alert_email_unsent",
            ),
        ),
        migrations.AddConstraint(
            model_name="alertemail",
            constraint=models.UniqueConstraint(
                fields=("alert", "recipient", "kind"), name="alert_email_once"
            ),
        ),
    ]
