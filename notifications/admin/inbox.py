"""The inbox: what patients wrote in words, answered where it is read."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from unfold.decorators import display

from exercises.admin.base import TenantAdmin, row_or_404, staff_user
from exercises.admin.bulk import tell, ticked
from exercises.models import Patient, User
from exercises.reads import caseload
from hep.errors import InvalidInputError
from notifications.admin.boxes import BoxFilter
from notifications.admin.patients import BUBBLES
from notifications.admin.writing import MessageForm, open_items
from notifications.incoming import inbox
from notifications.incoming.corrections import MEANINGS, correct
from notifications.models import InboxItem, OutboundMessage
from notifications.thread import thread

WHY_COLOURS = {
    InboxItem.Why.RED_FLAG: "danger",
    InboxItem.Why.OPT_OUT: "warning",
    InboxItem.Why.UNREADABLE: "warning",
    InboxItem.Why.PICTURE: "info",
    InboxItem.Why.ASKED_AGAIN: "info",
    InboxItem.Why.WORDS: "info",
}
SHOWN = 160


class AssignForm(forms.Form):
    """Who takes care of it."""

    assigned_to = forms.ModelChoiceField(
        User.objects.none(), required=False, label="Taken care of by", empty_label="Nobody yet"
    )

    def __init__(self, item: InboxItem, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = User.objects.filter(is_active=True, providers__clinic=item.clinic_id)
        field: Any = self.fields["assigned_to"]
        field.queryset = team.distinct().order_by("name", "email")


@admin.register(InboxItem)
class InboxItemAdmin(TenantAdmin):
    """To do first: the oldest that nobody has handled."""

    list_display = ("patient_name", "said", "level", "age", "answered", "assigned_to")
    list_display_links = None
    list_filter = (BoxFilter,)
    list_select_related = ("patient", "inbound__reply", "assigned_to", "answer")
    list_per_page = 50
    search_fields = ("patient__search_text", "inbound__body")
    search_help_text = "A name, or words of the message"
    actions: ClassVar = ["handle", "take"]

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """The oldest first while it is to be done, the newest first to look back."""
        back = request.GET.get("box") in {"asked_again", "handled", "all"}
        return ("-arrived_at", "pk") if back else ("arrived_at", "pk")

    def get_urls(self) -> list[URLPattern]:
        """With how many are unread, for the badge of every open page."""
        unread = path(
            "unread/",
            self.admin_site.admin_view(self.unread),
            name="notifications_inboxitem_unread",
        )
        return [unread, *super().get_urls()]

    @admin.display(description="Patient", ordering="patient__last_name")
    def patient_name(self, item: InboxItem) -> SafeString:
        """As the way to the message; bold while nobody has read it."""
        url = reverse("admin:notifications_inboxitem_change", args=[item.pk])
        name = item.patient or f"Not clear who: {item.inbound.from_phone}"
        if item.read_at:
            return format_html('<a class="plainly" href="{}">{}</a>', url, name)
        return format_html('<a class="plainly" href="{}"><b>{}</b> (unread)</a>', url, name)

    @admin.display(description="Message")
    def said(self, item: InboxItem) -> str:
        """The first words."""
        words = item.inbound.body.strip()
        return words if len(words) <= SHOWN else f"{words[:SHOWN]}…"

    @display(description="What it is", ordering="why", label=WHY_COLOURS)  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def level(self, item: InboxItem) -> tuple[str, str]:
        """As a coloured label."""
        return item.why, item.get_why_display()

    @admin.display(description="Arrived", ordering="arrived_at")
    def age(self, item: InboxItem) -> str:
        """On the clinic's clock."""
        return f"{timezone.localtime(item.arrived_at):%a %d %b %H:%M}"

    @admin.display(description="We answered")
    def answered(self, item: InboxItem) -> str:
        """A person's answer, else the automatic one."""
        if item.answer:
            return item.answer.body
        reply = getattr(item.inbound, "reply", None)
        return reply.body or reply.wording if reply else "Nothing yet"

    @admin.action(description="Nothing more to do")
    def handle(self, request: HttpRequest, queryset: QuerySet[InboxItem]) -> None:
        """Handled without an answer."""
        done = inbox.settle(ticked(request, queryset), by=staff_user(request), now=timezone.now())
        tell(self, request, f"{done} handled.", [])

    @admin.action(description="I take care of these")
    def take(self, request: HttpRequest, queryset: QuerySet[InboxItem]) -> None:
        """Assigned to oneself."""
        me, refused = staff_user(request), []
        items = list(ticked(request, queryset).select_related("patient", "inbound"))
        for item in items:
            try:
                inbox.take(item, by=me)
            except InvalidInputError as error:
                refused.append(f"{item} ({error.message})")
        tell(self, request, f"{len(items) - len(refused)} are yours.", refused)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The message with its conversation; what is done with it is done here."""
        del form_url, extra_context
        visible = self.get_queryset(request).select_related("patient__clinic", "inbound", "clinic")
        item: InboxItem = row_or_404(visible, object_id)
        if request.method == "POST":
            return self._act(request, item)
        inbox.mark_read(item, by=staff_user(request), now=timezone.now())
        return self._page(request, item)

    def _act(self, request: HttpRequest, item: InboxItem) -> HttpResponse:
        act = ACTS.get(request.POST.get("do", ""), InboxItemAdmin._answer)
        return act(self, request, item)

    def _answer(self, request: HttpRequest, item: InboxItem) -> HttpResponse:
        form = MessageForm(request.POST)
        sent = form.send(item.patient, by=staff_user(request), now=timezone.now())
        if sent is None:
            return self._page(request, item, message=form)
        return self._done(request, _when(sent))

    def _handle(self, request: HttpRequest, item: InboxItem) -> HttpResponse:
        mine = InboxItem.objects.filter(pk=item.pk)
        inbox.settle(mine, by=staff_user(request), now=timezone.now())
        return self._done(request, "Handled.")

    def _open_again(self, request: HttpRequest, item: InboxItem) -> HttpResponse:
        inbox.open_again(item)
        return self._stay(request, item, "It is on the list again.")

    def _assign(self, request: HttpRequest, item: InboxItem) -> HttpResponse:
        form = AssignForm(item, request.POST)
        if not form.is_valid():
            return self._page(request, item, assign=form)
        inbox.assign(item, to=form.cleaned_data["assigned_to"])
        return self._stay(request, item, "Saved.")

    def _correct(self, request: HttpRequest, item: InboxItem) -> HttpResponse:
        try:
            correct(item, request.POST.get("should_be", ""), by=staff_user(request))
        except InvalidInputError as error:
            self.message_user(request, error.message, messages.ERROR)
            return redirect(_address(item))
        return self._stay(request, item, "Kept. It changes nothing of the record.")

    def _done(self, request: HttpRequest, words: str) -> HttpResponseRedirect:
        self.message_user(request, words)
        return redirect("admin:notifications_inboxitem_changelist")

    def _stay(self, request: HttpRequest, item: InboxItem, words: str) -> HttpResponseRedirect:
        self.message_user(request, words)
        return redirect(_address(item))

    def _page(self, request: HttpRequest, item: InboxItem, **more: Any) -> TemplateResponse:
        user, patient = staff_user(request), item.patient
        rows = (
            thread(patient=patient, user=user, now=timezone.now(), at_most=BUBBLES)
            if patient
            else []
        )
        context = {
            **self.admin_site.each_context(request),
            "title": str(patient or "A message"),
            "opts": self.opts,
            "item": item,
            "patient": patient,
            "sharing": _sharing(item, user),
            "thread": rows,
            "assign": AssignForm(item, initial={"assigned_to": item.assigned_to_id}),
            "message": MessageForm.under(open_items(patient) if patient else ()),
            "media": self.media + MEDIA,
            "meanings": MEANINGS.items(),
            "local_time": f"{timezone.now().astimezone(patient.zone):%H:%M}" if patient else "",
            **more,
        }
        return TemplateResponse(request, "admin/notifications/inboxitem/item.html", context)

    @staticmethod
    @never_cache
    def unread(request: HttpRequest) -> JsonResponse:
        """How many nobody has read."""
        return JsonResponse({"unread": unread_of(staff_user(request)).count()})


MEDIA = forms.Media(js=["notifications/preview.js"], css={"all": ["notifications/texts.css"]})
ACTS = {
    "answer": InboxItemAdmin._answer,
    "handle": InboxItemAdmin._handle,
    "open_again": InboxItemAdmin._open_again,
    "assign": InboxItemAdmin._assign,
    "correct": InboxItemAdmin._correct,
}


def _address(item: InboxItem) -> str:
    return reverse("admin:notifications_inboxitem_change", args=[item.pk])


def _sharing(item: InboxItem, user: User) -> QuerySet[Patient]:
    """Whose message it may be, while nobody knows."""
    if item.patient_id:
        return Patient.objects.none()
    phone = item.inbound.from_phone
    return Patient.objects.visible_to(user).filter(phone=phone, clinic=item.clinic_id)


def _when(sent: OutboundMessage) -> str:
    """When the answer leaves, on the patient's clock."""
    if sent.patient is None or sent.due_at <= timezone.now():
        return "Your answer is on its way."
    at = sent.due_at.astimezone(sent.patient.zone)
    return f"Your answer leaves at {at:%H:%M} on {sent.patient.first_name}'s clock."


def unread_of(user: User) -> QuerySet[InboxItem]:
    """What stands unread for the user's clinics."""
    return InboxItem.objects.visible_to(user).filter(read_at=None, handled_at=None)


def inbox_of(user: User, *, mine: bool = False) -> caseload.Waiting:
    """What is to be done, red flags and then the oldest first, for the start page. Two queries."""
    waiting = InboxItem.objects.visible_to(user).filter(handled_at=None)
    own = waiting.filter(assigned_to=user) if mine else waiting
    rows = own.select_related("patient__clinic", "inbound", "assigned_to")
    flags_first = Case(When(why=InboxItem.Why.RED_FLAG, then=0), default=1)
    return caseload.waiting(rows.order_by(flags_first, "arrived_at", "pk"))


def unread_badge(request: HttpRequest) -> str:
    """How many are unread, for the menu."""
    return str(unread_of(staff_user(request)).count())
