"""The admin's look and menu, as django-unfold takes them; `settings.UNFOLD`."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy


def _page(title: str, icon: str, name: str, *, operator: bool = False) -> dict[str, Any]:
    """An entry of the admin's menu; what it shows is decided by the page itself."""
    view = name if name == "index" else f"{name}_changelist"
    entry: dict[str, Any] = {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{view}")}
    if operator:
        entry["permission"] = lambda request: request.user.is_superuser
    return entry


UNFOLD = {
    "SITE_TITLE": "HEP",
    "SITE_HEADER": "Home exercise programs",
    "SITE_SYMBOL": "physical_therapy",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("hep/icon.svg"),
        }
    ],
    "LOGIN": {"form": "exercises.admin.sign_in.SignInForm"},
    "ACCOUNT": {
        "navigation": [{"title": "Second step", "link": reverse_lazy("second-step")}],
    },
    # Teal; as R G B, which is how unfold takes colours.
    "COLORS": {
        "primary": {
            "50": "240 253 250",
            "100": "204 251 241",
            "200": "153 246 228",
            "300": "94 234 212",
            "400": "45 212 191",
            "500": "20 150 140",
            "600": "13 112 104",
            "700": "15 95 90",
            "800": "17 78 74",
            "900": "19 62 60",
            "950": "4 40 38",
        }
    },
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_HISTORY": True,
    "SCRIPTS": [
        lambda request: static("exercises/idle.js"),
        lambda request: static("notifications/inbox.js"),
    ],
    "STYLES": [lambda request: static("exercises/pages.css")],
    "DASHBOARD_CALLBACK": "notifications.admin.start.start_page",
    "SIDEBAR": {
        "navigation": [
            {
                "title": "Patients",
                "items": [
                    _page("Today", "today", "index"),
                    {
                        **_page("Inbox", "inbox", "notifications_inboxitem"),
                        "badge": "notifications.admin.inbox.unread_badge",
                    },
                    {
                        **_page("Alerts", "notifications_active", "exercises_alert"),
                        "badge": "exercises.admin.alerts.open_alerts_badge",
                    },
                    _page("Proposals", "lightbulb", "exercises_proposal"),
                    _page("Reviews", "event_available", "exercises_review"),
                    _page("Patients", "groups", "exercises_patient"),
                    _page("Programs", "assignment", "exercises_program"),
                    _page("Check-ins", "monitoring", "exercises_checkin"),
                    _page("Sessions", "fitness_center", "exercises_sessionlog"),
                    _page("In-clinic care", "healing", "exercises_treatmentsession"),
                    _page("Measures", "straighten", "exercises_measure"),
                ],
            },
            {
                "title": "Texts",
                "items": [
                    _page("Sent", "outgoing_mail", "notifications_outboundmessage"),
                    _page("Received", "sms", "notifications_inboundmessage"),
                    _page("Consent", "verified_user", "notifications_consentevent"),
                    _page("Phones", "smartphone", "notifications_phoneconsent"),
                ],
            },
            {
                "title": "Clinic",
                "items": [
                    _page("Exercises", "sports_gymnastics", "exercises_exercise"),
                    _page("Templates", "library_books", "exercises_programtemplate"),
                    _page("Cards", "info", "exercises_infocard"),
                    _page("Wordings", "edit_note", "notifications_clinicwording"),
                    _page("Texting", "tune", "notifications_clinictexting"),
                    _page("Clinics", "home_health", "exercises_clinic"),
                ],
            },
            {
                "title": "Operator",
                "items": [
                    _page("Senders", "call", "notifications_sender", operator=True),
                    _page("Switch", "power", "notifications_textingswitch", operator=True),
                    _page("Accounts", "person", "exercises_user", operator=True),
                ],
            },
        ],
    },
}
