"""Who may end a pause. Dated ones of before may be the patient's, who was told how to end them."""

from django.db import migrations, models

OWN = """
UPDATE exercises_program SET paused_by_patient = true
WHERE status = 'paused' AND resume_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0009_alert_told_round"),
    ]

    operations = [
        migrations.AddField(
            model_name="program",
            name="paused_by_patient",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="What the patient paused the patient may end; what the clinic paused stays.",
            ),
        ),
        migrations.RunSQL(OWN, migrations.RunSQL.noop),
    ]
