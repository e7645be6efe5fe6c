from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("exercises", "0008_schedule_kinds")]

    operations = [
        # Programs from before are looked at for the first time at once; nothing to take back.
        migrations.RunSQL(
            "UPDATE exercises_program SET watch_at = now() WHERE status = 'active'",
            migrations.RunSQL.noop,
        ),
    ]
