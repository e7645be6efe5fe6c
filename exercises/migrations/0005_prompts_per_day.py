import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exercises", "0004_taken_back")]

    operations = [
        migrations.AddField(
            model_name="clinic",
            name="prompts_per_day",
            field=models.PositiveSmallIntegerField(
                db_default=2,
                default=2,
                help_text="Questions and reminders a patient agreed to, a day; answers do not count.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(6),
                ],
            ),
        ),
    ]
