"""Whether a clinic's reminders hold links: no, until somebody says so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0010_link_texts"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinictexting",
            name="links_in_reminders",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Exercise reminders bring the link to the patient's own page. Say in your campaign's registration that texts hold links, or carriers may filter them.",
                verbose_name="link in reminders",
            ),
        ),
    ]
