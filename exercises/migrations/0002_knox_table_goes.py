"""knox makes its own table of tokens even where ours replaces it; nothing reads or writes it."""

from django.db import migrations

KNOX_TABLE = """
CREATE TABLE knox_authtoken (
    digest varchar(128) PRIMARY KEY, created timestamptz NOT NULL, expiry timestamptz,
    token_key varchar(25) NOT NULL,
    user_id bigint NOT NULL REFERENCES exercises_user (id) DEFERRABLE INITIALLY DEFERRED)
"""


class Migration(migrations.Migration):
    dependencies = [("exercises", "0001_initial"), ("knox", "0009_extend_authtoken_field")]

    operations = [migrations.RunSQL("DROP TABLE IF EXISTS knox_authtoken", KNOX_TABLE)]
