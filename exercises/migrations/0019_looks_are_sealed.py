"""Seals of the log of looks, and logs that the application's role can only add to.

The triggers are row by row: they cost an insert nothing. An account that is deleted leaves its
name in auditlog's entries, which is all that may change there.
"""

from django.db import migrations, models

APPEND_ONLY = """
CREATE FUNCTION hep_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_NARGS > 0
            AND to_jsonb(NEW) - TG_ARGV[0] = to_jsonb(OLD) - TG_ARGV[0] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON exercises_look
    FOR EACH ROW EXECUTE FUNCTION hep_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON exercises_lookseal
    FOR EACH ROW EXECUTE FUNCTION hep_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON auditlog_logentry
    FOR EACH ROW EXECUTE FUNCTION hep_append_only('actor_id');
"""
NOT_ANY_MORE = """
DROP TRIGGER append_only ON auditlog_logentry;
DROP TRIGGER append_only ON exercises_lookseal;
DROP TRIGGER append_only ON exercises_look;
DROP FUNCTION hep_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0018_said_at_of_logs"),
        ("auditlog", "0017_add_actor_email"),
    ]

    operations = [
        migrations.CreateModel(
            name="LookSeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sealed_at", models.DateTimeField()),
                ("since", models.BigIntegerField()),
                ("until", models.BigIntegerField()),
                ("count", models.BigIntegerField()),
                ("digest", models.CharField(help_text="SHA-256, hexadecimal.", max_length=64)),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("since",), name="look_seal_once")],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, NOT_ANY_MORE),
    ]
