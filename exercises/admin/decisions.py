"""What waits for a clinician: proposals of the rules, and reviews."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextareaWidget,
)

from exercises.admin.base import AboutPatient, may_treat, staff_user
from exercises.content import review_options
from exercises.content.files import OptionContent
from exercises.models import Program, Proposal, Review, User
from exercises.reads.course import course_of
from exercises.reads.versions import program_phases
from exercises.rules.differences import differences
from exercises.rules.phases import parse_phases
from exercises.services import accept_proposal, complete_review, decline_proposal
from exercises.services.roles import CLINICIANS
from hep.errors import InvalidInputError


class WaitingFilter(admin.SimpleListFilter):
    """What waits first thing; the rest on request."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """What else there is to see."""
        return [("all", "All")]

    def choices(self, changelist: Any) -> Any:
        """Waiting instead of Django's "All" as the first choice."""
        first, *others = super().choices(changelist)
        yield first | {"display": "Waiting"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Open proposals; reviews that are due."""
        if self.value() == "all":
            return queryset
        if queryset.model is Proposal:
            return queryset.filter(status=Proposal.Status.OPEN)
        running = queryset.exclude(program__status=Program.Status.ENDED)
        return running.filter(done_at=None, due_on__lte=timezone.localdate())


def note_field(help_text: str) -> forms.CharField:
    """Words on a decision."""
    widget = UnfoldAdminTextareaWidget(attrs={"rows": 3})
    return forms.CharField(required=False, widget=widget, help_text=help_text)


class DecisionForm(forms.ModelForm[Any]):
    """Decides inside validation, so that a refusal shows at its field."""

    decided_by: User

    def decide(self, cleaned: dict[str, Any]) -> None:
        """Call the service."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """The admin saves in the same transaction; what is refused leaves nothing."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.decide(cleaned)
            except InvalidInputError as error:
                # The service may have touched the row before it was refused.
                self.instance.refresh_from_db()
                field = error.field if error.field in self.fields else None
                self.add_error(field, error.message)
        return cleaned


class DecisionAdmin(AboutPatient):
    """Rows that are decided once, by a clinician."""

    may_change: ClassVar = CLINICIANS
    decision: ClassVar[type[DecisionForm]]
    shown: ClassVar[tuple[str, ...]]
    asked: ClassVar[tuple[str, ...]]

    def is_open(self, row: Any) -> bool:
        """Whether it still waits."""
        raise NotImplementedError

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A clinician of the row's own clinic."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_treat(request, obj.program.patient.clinic_id))

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form that decides, knowing who does."""
        if obj is not None and self.is_open(obj):
            kwargs["form"] = self.decision
        form = super().get_form(request, obj, change, **kwargs)
        form.decided_by = staff_user(request)
        return form

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What it is about, then what is asked."""
        return (*self.shown, *self.asked)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """All of it once it is decided."""
        if obj is not None and self.is_open(obj) and self.has_change_permission(request, obj):
            return self.shown
        return (*self.shown, *(name for name in self.asked if name != "decision"))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing: the service has decided during validation."""


class ProposalForm(DecisionForm):
    """Accept or decline."""

    decision = forms.ChoiceField(
        choices=[
            ("accept", "Accept: change the program"),
            ("decline", "Decline: leave it as it is"),
        ],
        widget=UnfoldAdminRadioSelectWidget,
        help_text="To adapt it first, decline and change the program on its own page.",
    )
    note = note_field("A word on why. Needed when you decline.")

    class Meta:
        model = Proposal
        fields = ("note",)

    def decide(self, cleaned: dict[str, Any]) -> None:
        """As chosen."""
        words = {"by": self.decided_by, "note": cleaned.get("note", ""), "now": timezone.now()}
        if cleaned["decision"] == "accept":
            accept_proposal(proposal=self.instance, **words)
        else:
            decline_proposal(proposal=self.instance, **words)


@admin.register(Proposal)
class ProposalAdmin(DecisionAdmin):
    """What the rules propose; nothing changes until somebody accepts it."""

    decision = ProposalForm
    list_display = ("kind", "patient", "program", "why", "created_at", "status")
    list_filter = (WaitingFilter, "kind", "status")
    list_select_related = ("program__patient",)
    search_fields = ("program__patient__search_text",)
    shown = ("program", "kind", "why", "what_changes", "local_date", "status")
    asked = ("decision", "note")

    def is_open(self, row: Proposal) -> bool:
        """Not decided, not superseded."""
        return row.status == Proposal.Status.OPEN

    def get_fields(self, request: HttpRequest, obj: Proposal | None = None) -> tuple[str, ...]:
        """Without the question, once it is decided or for somebody who may not decide."""
        if obj is not None and self.is_open(obj) and self.has_change_permission(request, obj):
            return super().get_fields(request, obj)
        return (*self.shown, "note", "decided_by", "decided_at")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Proposal | None = None
    ) -> tuple[str, ...]:
        """With who decided."""
        return (*super().get_readonly_fields(request, obj), "decided_by", "decided_at")

    @admin.display(description="Patient", ordering="program__patient__last_name")
    def patient(self, proposal: Proposal) -> str:
        """Whose."""
        return str(proposal.program.patient)

    @admin.display(description="Why")
    def why(self, proposal: Proposal) -> SafeString:
        """The reasons with their figures."""
        return format_html_join("", "<p>{}</p>", ((reason,) for reason in proposal.reasons))

    @admin.display(description="What would change")
    def what_changes(self, proposal: Proposal) -> SafeString | str:
        """Each item before and after."""
        if not proposal.changes:
            return "The program pauses until you resume it."
        if proposal.kind == Proposal.Kind.FORWARD:
            return "The next stage begins; the reasons say with what."
        before = program_phases(proposal.program, version=proposal.version)
        lines = differences(before, parse_phases(proposal.changes))
        return format_html_join("", "<p>{}</p>", ((line,) for line in lines))


def option_label(option: OptionContent) -> SafeString:
    """An option of the ladder with what speaks for and against it."""
    checked = "" if option.verified else " (figures not verified)"
    return format_html(
        "<b>{}</b>, grade {}{}<br>For: {}<br>Against: {}<br>Sources: {}",
        option.name,
        option.grade,
        checked,
        option.for_it,
        option.against,
        ", ".join(option.citations),
    )


class ReviewForm(DecisionForm):
    """What was found, and what was chosen from the ladder."""

    options = forms.MultipleChoiceField(
        required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget, label="Consider"
    )
    note = note_field("What you found. Saving closes the review.")

    class Meta:
        model = Review
        fields = ("options", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        template = self.instance.program.template
        screen = template.screen if template else ""
        steps = [
            row
            for row in review_options()
            if row.from_week <= self.instance.week and (not row.screens or screen in row.screens)
        ]
        options = self.fields["options"]
        options.choices = [(row.key, option_label(row)) for row in steps]  # type: ignore[attr-defined]  # a choice field
        options.help_text = (
            "" if steps else "Core care goes on: other options stand here from week 6."
        )

    def decide(self, cleaned: dict[str, Any]) -> None:
        """Close it."""
        complete_review(
            review=self.instance,
            by=self.decided_by,
            note=cleaned.get("note", ""),
            options=cleaned.get("options", []),
            now=timezone.now(),
        )


@admin.register(Review)
class ReviewAdmin(DecisionAdmin):
    """Reviews that are due, the oldest first."""

    decision = ReviewForm
    list_display = ("patient", "week", "due_on", "done_at", "done_by")
    list_filter = (WaitingFilter, "week")
    list_select_related = ("program__patient", "program__template", "done_by")
    search_fields = ("program__patient__search_text",)
    shown = ("program", "week", "due_on", "response")
    asked = ("options", "note")

    def is_open(self, row: Review) -> bool:
        """Not done."""
        return row.done_at is None

    @admin.display(description="Patient", ordering="program__patient__last_name")
    def patient(self, review: Review) -> str:
        """Whose."""
        return str(review.program.patient)

    @admin.display(description="Pain")
    def response(self, review: Review) -> str:
        """Baseline, now, and whether it is a response."""
        at = review.done_at or timezone.now()
        day = at.astimezone(review.program.patient.zone).date()
        trend = course_of(review.program, on=day).first_step
        if trend.change is None:
            return "Too few scores to say."
        responded = "a response" if trend.responder else "no response yet"
        asked = review.program.get_question_display()
        figures = f"{trend.current:g} now, {trend.baseline:g} at first ({trend.change:+g})"
        return f"{asked}: {figures}: {responded} (2 points and 30 % less, or now 1 and less)."
