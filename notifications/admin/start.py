"""The start page: who needs somebody, today's texts, and how the caseload goes."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from exercises.admin.base import staff_user
from exercises.admin.charts import chart, options, series
from exercises.reads import caseload
from notifications.admin.in_place import Typed, alert_to_do, message_to_do
from notifications.admin.inbox import inbox_of
from notifications.monitoring.texts_of_day import texts_of_day

admin.site.index_template = "admin/start.html"
admin.site.index_title = "Today"


def start_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what the page shows; days are those of the clinic's clock."""
    user = staff_user(request)
    mine = request.GET.get("whose") == "mine"
    alerts, inbox = caseload.open_alerts(user, mine=mine), inbox_of(user, mine=mine)
    typed: Typed | None = context.get("typed")
    now = timezone.now()
    today = timezone.localdate(now)
    zone = timezone.get_current_timezone()
    begins = datetime.combine(today, time.min, zone)
    weeks = caseload.caseload_weeks(user, on=today)
    labels = [f"{week.monday:%d %b}" for week in weeks]
    done = [None if week.done is None else round(100 * week.done) for week in weeks]
    return context | {
        "now": now,
        "invitations": user.invitations.select_related("clinic"),
        "mine": mine,
        "inbox": inbox,
        "messages_to_do": [message_to_do(item, typed) for item in inbox.rows],
        "alerts": alerts,
        "alerts_to_do": [alert_to_do(alert, typed, inbox.rows) for alert in alerts.rows],
        "quiet": caseload.quiet_programs(user, mine=mine),
        "reviews": caseload.due_reviews(user, on=today, mine=mine),
        "proposals": caseload.open_proposals(user, mine=mine),
        "texts": texts_of_day(user, begins=begins, ends=begins + timedelta(days=1)),
        "weeks": weeks,
        "pain_chart": chart(
            labels, [series("First-step pain", [week.pain for week in weeks], "first_step")]
        ),
        "pain_options": options(highest=10, step=2, legend=False),
        "done_chart": chart(labels, [series("Days done, %", done, "average")]),
        "done_options": options(highest=100, step=25, legend=False),
    }
