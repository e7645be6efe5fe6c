"""Erasures; and a log entry may lose its content to one, and nothing else.

The trigger lets an entry of auditlog lose content while `hep.forgetting` is set in the transaction: the
row, its time and who did it stay, and no entry can be given any other.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORGETTING = """
CREATE OR REPLACE FUNCTION hep_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    content CONSTANT text[] := '{object_repr,changes,changes_text,serialized_data,additional_data}';
BEGIN
    IF TG_OP = 'UPDATE' AND TG_NARGS > 0
            AND to_jsonb(NEW) - TG_ARGV[0] = to_jsonb(OLD) - TG_ARGV[0] THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'auditlog_logentry'
            AND current_setting('hep.forgetting', true) = 'on' THEN
        IF to_jsonb(NEW) - content = to_jsonb(OLD) - content
                AND NEW.object_repr = '' AND OLD.changes @> NEW.changes AND NEW.changes_text = ''
                AND NEW.serialized_data IS NULL AND NEW.additional_data IS NULL THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""
AS_BEFORE = """
CREATE OR REPLACE FUNCTION hep_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_NARGS > 0
            AND to_jsonb(NEW) - TG_ARGV[0] = to_jsonb(OLD) - TG_ARGV[0] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0024_second_step_sealed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("erased_id", models.UUIDField(db_index=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("anonymise", "Take the name away, keep the figures"),
                            ("erase", "Erase everything"),
                        ],
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "due_at",
                    models.DateTimeField(help_text="From then on it is done, for good.", null=True),
                ),
                ("undone_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "counts",
                    models.JSONField(
                        default=dict, help_text="How many rows of each kind; no content."
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasures",
                        to="exercises.clinic",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="erasures",
                        to="exercises.patient",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True), ("undone_at__isnull", True)),
                        fields=["due_at"],
                        name="erasure_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at__isnull", True), ("undone_at__isnull", True)),
                        fields=("patient",),
                        name="erasure_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            ("asked_by__isnull", True),
                            models.Q(("confirmed_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="erasure_two_people",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORGETTING, AS_BEFORE),
    ]
