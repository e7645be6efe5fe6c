"""Patients get what they are searched by, a thousand rows at a time: nobody waits meanwhile."""

from typing import Any

from django.db import migrations, models

from hep.names import plain_name

AT_ONCE = 1_000


def fill(apps: Any, schema_editor: Any) -> None:
    """What each save writes from now on."""
    del schema_editor
    patient = apps.get_model("exercises", "Patient")
    keys = patient.objects.filter(search_text="").order_by("pk").values_list("pk", flat=True)
    keys = list(keys)
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        rows = list(patient.objects.filter(pk__in=some).only("first_name", "last_name"))
        for row in rows:
            row.search_text = plain_name(f"{row.first_name} {row.last_name}")[:500]
        patient.objects.bulk_update(rows, ["search_text"])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("exercises", "0006_alert_unanswered")]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="search_text",
            field=models.CharField(db_default="", default="", editable=False, max_length=500),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
