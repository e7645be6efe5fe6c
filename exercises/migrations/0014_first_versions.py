"""Programs from before versions: what they ask for is their first version; reviews still ahead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import migrations
from django.utils import timezone

WEEKS = (2, 4, 6, 12, 26)
AT_ONCE = 500


def add_first_versions(apps: Any, schema_editor: Any) -> None:
    """Version 1 for each program, reviews for those that run."""
    program_model = apps.get_model("exercises", "Program")
    version_model = apps.get_model("exercises", "ProgramVersion")
    review_model = apps.get_model("exercises", "Review")
    today = timezone.localdate()
    programs = program_model.objects.only("pk", "start_date", "status", "assigned_by")
    for program in programs.iterator(chunk_size=AT_ONCE):
        version_model.objects.get_or_create(
            program=program,
            number=1,
            defaults={
                "from_date": program.start_date,
                "reason": "Assigned",
                "changed_by_id": program.assigned_by_id,
            },
        )
        if program.status != "ended":
            due = [(week, program.start_date + timedelta(weeks=week)) for week in WEEKS]
            review_model.objects.bulk_create(
                [review_model(program=program, week=w, due_on=on) for w, on in due if on > today],
                ignore_conflicts=True,
            )


# Going back, a program has room for one version: the one that holds.
ONLY_THE_NEWEST = (
    """DELETE FROM exercises_prescription USING exercises_programphase, exercises_program
    WHERE phase_id = exercises_programphase.id AND program_id = exercises_program.id
      AND exercises_programphase.version <> exercises_program.version""",
    """DELETE FROM exercises_programphase USING exercises_program
    WHERE program_id = exercises_program.id
      AND exercises_programphase.version <> exercises_program.version""",
)


def keep_the_newest_version(apps: Any, schema_editor: Any) -> None:
    """The older ones go: their places are numbered alike."""
    for statement in ONLY_THE_NEWEST:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    # Each program stands for itself, so a table in use is never locked for long.
    atomic = False
    dependencies = [("exercises", "0013_versions_proposals_care")]
    operations = [migrations.RunPython(add_first_versions, keep_the_newest_version)]
