import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0008_kinds_and_reasons")]

    operations = [
        migrations.CreateModel(
            name="ClinicWording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40, verbose_name="text")),
                (
                    "language",
                    models.CharField(choices=[("en", "English"), ("es", "Spanish")], max_length=2),
                ),
                ("words", models.TextField()),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "wording",
                "ordering": ["key", "language"],
            },
        ),
        migrations.AddField(
            model_name="clinicwording",
            name="clinic",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="wordings",
                to="exercises.clinic",
            ),
        ),
        migrations.AddConstraint(
            model_name="clinicwording",
            constraint=models.UniqueConstraint(
                fields=("clinic", "key", "language"), name="clinic_wording_once"
            ),
        ),
    ]
