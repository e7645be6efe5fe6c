"""What assigning a program asks, beside the doses of its items."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDateWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminTimeWidget,
    UnfoldBooleanWidget,
)

from exercises.admin.intake import before_choices, pattern_choices, red_flag_choices
from exercises.models import Patient, Program, ProgramTemplate, Schedule, User
from exercises.rules.recurrence import DAILY, TAPER, Step
from exercises.rules.screening import MOST_RAISES
from exercises.services import IntakeSpec, ScheduleSpec

# As many programs to copy from as one looks through.
OTHERS = 50


def _time(label: str, help_text: str, *, required: bool = True) -> forms.TimeField:
    """A time of the day that a text comes at; one that may be empty says so."""
    return forms.TimeField(
        label=label,
        widget=UnfoldAdminTimeWidget,
        required=required,
        help_text=help_text if required else f"{help_text} Empty: none.",
    )


class AssignForm(forms.Form):
    """What assigning asks beside the items; choices are those that exist for the user."""

    TIMES: ClassVar[dict[str, str]] = {
        "check_in_time": Schedule.Kind.CHECK_IN,
        "nudge_time": Schedule.Kind.NUDGE,
        "average_time": Schedule.Kind.AVERAGE,
        "exercise_time": Schedule.Kind.EXERCISE,
        "splint_time": Schedule.Kind.SPLINT,
        "signs_time": Schedule.Kind.SIGNS,
        "pass_time": Schedule.Kind.PASS,
        "week_time": Schedule.Kind.WEEK,
    }

    patient = forms.ModelChoiceField(Patient.objects.none(), widget=UnfoldAdminSelectWidget)
    template = forms.ModelChoiceField(ProgramTemplate.objects.none(), widget=forms.RadioSelect)
    like = forms.ModelChoiceField(
        Program.objects.none(),
        required=False,
        label="Or begin with another patient's program",
        empty_label="No",
        widget=UnfoldAdminSelectWidget,
    )
    # Which template or program the items on the page are of.
    items_of = forms.CharField(required=False, widget=forms.HiddenInput)
    start_date = forms.DateField(
        widget=UnfoldAdminDateWidget, help_text="Day 1, on the patient's calendar."
    )
    # Nobody's side is guessed: what is shown first would be what most programs are for.
    side = forms.ChoiceField(
        choices=[("", "Which side?"), *Program.Side.choices],
        widget=UnfoldAdminSelectWidget,
        error_messages={"required": "Which side is it for?"},
    )

    check_in_time = _time("Check-in", "When to ask for today's pain, on the patient's clock.")
    ask_less = forms.BooleanField(
        label="Ask less often later",
        required=False,
        initial=True,
        widget=UnfoldBooleanWidget,
        help_text="Daily for 4 weeks, three times a week for 4, then once a week.",
    )
    nudge_time = _time(
        "Nudge", "One more question when the check-in has no answer by then.", required=False
    )
    average_time = _time("Evening check-in", "Asks for the day's average pain.", required=False)
    exercise_time = _time("Exercise reminder", "When to remind of the exercises.", required=False)
    splint_time = _time("Splint reminder", "When to remind of the night splint.", required=False)

    signs_time = _time(
        "Warning signs",
        "Once a week: numbness, swelling, wound, night pain, fever?",
        required=False,
    )
    pass_time = _time(
        "Well enough?", "At weeks 6, 12 and 26: is the state satisfactory (PASS)?", required=False
    )

    week_time = _time(
        "The week's count",
        "Once a week: praise for four in five days done, else what got in the way, and a tip.",
        required=False,
    )

    pattern = forms.MultipleChoiceField(
        label="Signs found",
        required=False,
        choices=pattern_choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    red_flags = forms.MultipleChoiceField(
        label="Red flags found",
        required=False,
        choices=red_flag_choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="With one, refer first, or say below why the program is right all the same.",
    )
    before = forms.MultipleChoiceField(
        label="Before you assign",
        required=False,
        choices=before_choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="Exercises that a tick speaks against need a reason below.",
    )
    start_raises = forms.IntegerField(
        label="Slow heel raises on the sore leg",
        required=False,
        min_value=0,
        max_value=MOST_RAISES,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="Counted now, holding on. 12 or more: one leg. 8 to 11: up with two, down with "
        "one. Fewer: both legs. Empty: not tested.",
    )
    # By which answers the exercises on the page were fitted to the patient.
    fitted = forms.CharField(required=False, widget=forms.HiddenInput)
    override_reason = forms.CharField(
        required=False,
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text="Only with a red flag, or an exercise that a tick speaks against.",
    )

    def __init__(self, data: Any, *, user: User, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        choices: dict[str, Any] = {
            "patient": Patient.objects.visible_to(user).select_related("clinic"),
            "template": ProgramTemplate.objects.visible_to(user),
            "like": Program.objects.visible_to(user)
            .filter(template__isnull=False)
            .select_related("patient__clinic", "template"),
        }
        for name, queryset in choices.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]  # a choice field
        newest = list(choices["like"].order_by("-created_at")[:OTHERS])
        self.fields["like"].choices = [("", "No"), *((row.pk, str(row)) for row in newest)]  # type: ignore[attr-defined]  # likewise

    def chosen(self, name: str) -> Any:
        """The row chosen so far, whether or not the rest of the form is right; None: nothing."""
        field: Any = self.fields[name]
        value = self.data.get(name) if self.is_bound else self.initial.get(name)
        try:
            return field.clean(value) if value else None
        except forms.ValidationError:
            return None

    def ask_only(self, screen: Any) -> None:
        """Leave out the questions of other screens; without a screen, all of them."""
        if screen is None:
            for name in ("pattern", "red_flags", "before", "start_raises", "override_reason"):
                del self.fields[name]
            return
        before: Any = self.fields["before"]
        before.choices = before_choices(screen.slug)
        pattern: Any = self.fields["pattern"]
        pattern.choices = [(row.key, row.question) for row in screen.pattern]
        flags: Any = self.fields["red_flags"]
        flags.choices = [row for row in red_flag_choices() if row[0] in screen.red_flags]

    def schedules(self) -> list[tuple[str, ScheduleSpec]]:
        """The texts asked for, each with its field."""
        cleaned = self.cleaned_data
        return [
            (name, ScheduleSpec(kind, (cleaned[name],), self._steps(kind)))
            for name, kind in self.TIMES.items()
            if cleaned.get(name)
        ]

    def _steps(self, kind: str) -> tuple[Step, ...]:
        """Questions grow rarer when asked so; reminders come daily."""
        return TAPER if self.cleaned_data.get("ask_less") and kind in Schedule.ASKING else DAILY

    def intake(self) -> IntakeSpec | None:
        """What was found; a template without a screen asks nothing."""
        if "pattern" not in self.fields:
            return None
        return IntakeSpec(
            pattern=tuple(self.cleaned_data["pattern"]),
            red_flags=tuple(self.cleaned_data["red_flags"]),
            before=tuple(self.cleaned_data["before"]),
            override_reason=self.cleaned_data["override_reason"],
            start_raises=self.cleaned_data["start_raises"],
        )
