"""Consent is a person's at a number: whoever shares a phone now has agreed as it says."""

from django.db import migrations, models

FORWARD = """
INSERT INTO notifications_phoneconsent_people (phoneconsent_id, patient_id)
SELECT consent.id, patient.id
  FROM notifications_phoneconsent AS consent
  JOIN exercises_patient AS patient
    ON patient.phone = consent.phone AND patient.clinic_id = consent.clinic_id
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0007_patient_search"),
        ("notifications", "0006_inbox"),
    ]

    operations = [
        migrations.AddField(
            model_name="phoneconsent",
            name="people",
            field=models.ManyToManyField(
                editable=False,
                help_text="Who agreed, or shared it then.",
                related_name="+",
                to="exercises.patient",
            ),
        ),
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
    ]
