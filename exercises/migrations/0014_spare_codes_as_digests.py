"""Spare codes stand as keyed digests; those of before go on working.

A row is written once, by its length, so the migration may be run again. While it runs, web processes
of the release before refuse a spare code; a code of the app works all along.
"""

import base64

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import Length
from django.utils.crypto import salted_hmac

CODE_LENGTH = 8


def hash_codes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    tokens = apps.get_model("otp_static", "StaticToken").objects
    for row in tokens.annotate(length=Length("token")).filter(length=CODE_LENGTH):
        digest = salted_hmac("hep.spare_code", row.token, algorithm="sha256").digest()
        row.token = base64.b32encode(digest[:10]).decode().lower()
        row.save(update_fields=["token"])


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0013_done_in_part"),
        ("otp_static", "0003_add_timestamps"),
    ]

    operations = [migrations.RunPython(hash_codes, migrations.RunPython.noop)]
