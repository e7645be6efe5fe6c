"""Secrets of the second step stand sealed, in a table of ours; those of before move there.

What is left in django-otp's table gets a secret that no app has. While this runs, web processes of
the release before refuse codes of the app; a spare code works all along. It may be run again.
"""

import secrets

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from hep.keys import seal

BEFORE = "otp_totp_totpdevice"


def move(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Seal each secret that stood in clear text."""
    connection = schema_editor.connection
    ours = apps.get_model("exercises", "Authenticator").objects
    with connection.cursor() as cursor:
        if BEFORE not in connection.introspection.table_names(cursor):
            return
        cursor.execute(
            "SELECT id, user_id, name, confirmed, key, drift, last_t FROM otp_totp_totpdevice"
            " ORDER BY id"
        )
        for row, user, name, confirmed, key, drift, last_step in cursor.fetchall():
            # Once moved it is not moved again: the key that is left is nobody's.
            if confirmed and not ours.filter(user_id=user).exists():
                ours.create(
                    user_id=user,
                    name=name,
                    sealed=seal(bytes.fromhex(key), f"second step of account {user}"),
                    drift=drift,
                    last_step=last_step,
                )
            cursor.execute(
                "UPDATE otp_totp_totpdevice SET key = %s WHERE id = %s",
                [secrets.token_hex(20), row],
            )


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0023_barriers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Authenticator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="The human-readable name of this device.", max_length=64
                    ),
                ),
                (
                    "confirmed",
                    models.BooleanField(default=True, help_text="Is this device ready for use?"),
                ),
                (
                    "throttling_failure_timestamp",
                    models.DateTimeField(
                        blank=True,
                        default=None,
                        help_text="A timestamp of the last failed verification attempt. Null if last attempt succeeded.",
                        null=True,
                    ),
                ),
                (
                    "throttling_failure_count",
                    models.PositiveIntegerField(
                        default=0, help_text="Number of successive failed attempts."
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        auto_now_add=True,
                        help_text="The date and time when this device was initially created in the system.",
                        null=True,
                    ),
                ),
                (
                    "last_used_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="The most recent date and time this device was used.",
                        null=True,
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("drift", models.SmallIntegerField(default=0)),
                ("last_step", models.BigIntegerField(default=-1)),
                (
                    "user",
                    models.ForeignKey(
                        help_text="The user that this device belongs to.",
                        on_delete=django.db.models.deletion.CASCADE,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
