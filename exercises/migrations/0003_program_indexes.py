from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # as building an index without a lock asks

    dependencies = [("exercises", "0002_program_pause_and_watch")]

    operations = [
        AddIndexConcurrently(
            model_name="program",
            index=models.Index(
                condition=models.Q(("resume_at__isnull", False)),
                fields=["resume_at"],
                name="program_resume",
            ),
        ),
        AddIndexConcurrently(
            model_name="program",
            index=models.Index(
                condition=models.Q(("watch_at__isnull", False)),
                fields=["watch_at"],
                name="program_watch",
            ),
        ),
    ]
