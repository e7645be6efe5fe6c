"""Open alerts get an urgency, and count as told to whoever was.

Programs that run keep moving by the calendar until somebody changes them: their versions have no
`decided_week`.
"""

from django.db import migrations

FORWARD = """
UPDATE exercises_alert SET circles_told = 1;
UPDATE exercises_alert
   SET urgency = 'same_day', told_from = opened_at,
       circles_due = CASE WHEN escalated_at IS NULL THEN 1 ELSE 2 END,
       circles_told = CASE WHEN escalated_at IS NULL THEN 1 ELSE 2 END,
       deadline = CASE WHEN escalated_at IS NULL THEN deadline END
 WHERE acknowledged_at IS NULL AND deadline IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("exercises", "0003_urgency_hours_and_questions")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
