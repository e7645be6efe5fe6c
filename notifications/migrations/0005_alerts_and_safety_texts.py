"""Alerts that nobody was mailed yet are still to be told; safety texts have a key for each urgency."""

from django.db import migrations

FORWARD = """
UPDATE exercises_alert SET circles_told = 0
 WHERE acknowledged_at IS NULL AND severity IN ('critical', 'high')
   AND NOT EXISTS (SELECT 1 FROM notifications_alertemail AS mail
                    WHERE mail.alert_id = exercises_alert.id);
UPDATE notifications_outboundmessage SET wording = 'red_flag_emergency'
 WHERE status = 'waiting' AND wording = 'red_flag';
DELETE FROM notifications_clinicwording WHERE key = 'red_flag';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0004_mails_by_urgency"),
        ("exercises", "0004_running_ones_keep_what_they_have"),
    ]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
