"""Exercises: the shared library, and what clinics copy from it or add."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminURLInputWidget,
)

from exercises.admin.copying import copy_page
from exercises.admin.owned import OwnedAdmin, OwnedForm, OwnedStacked
from exercises.models import Exercise, ExerciseAsset, ExerciseText
from exercises.services.library import copy_exercise
from exercises.services.pictures import CONTENT_TYPE, read_picture
from hep.errors import InvalidInputError


class LinesField(forms.CharField):
    """A list of short sentences, one a line."""

    def __init__(self, *, least: int, longest: int = 200, **kwargs: Any) -> None:
        self.least = least
        self.longest = longest
        widget = UnfoldAdminTextareaWidget(attrs={"rows": 4})
        super().__init__(required=least > 0, widget=widget, help_text="One a line.", **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Lines as a list. Raises ValidationError for too few, or one too long."""
        lines = [line.strip() for line in (super().clean(value) or "").splitlines() if line.strip()]
        if len(lines) < self.least:
            raise forms.ValidationError(f"At least {self.least} lines.", code="too_few")
        if any(len(line) > self.longest for line in lines):
            message = f"At most {self.longest} characters a line."
            raise forms.ValidationError(message, code="too_long")
        return lines


class ExerciseTextForm(forms.ModelForm[ExerciseText]):
    """The exercise in one language."""

    steps = LinesField(least=2)
    cues = LinesField(least=0)
    mistakes = LinesField(least=0)

    class Meta:
        model = ExerciseText
        fields = ("language", "name", "steps", "cues", "mistakes", "stop_if", "alt")


class ExerciseTextInline(OwnedStacked):
    """The exercise in the patients' languages."""

    model = ExerciseText
    form = ExerciseTextForm


class AssetForm(forms.ModelForm[ExerciseAsset]):
    """A picture to upload or a video to link."""

    kind = forms.ChoiceField(
        choices=[
            (kind.value, kind.label)
            for kind in (ExerciseAsset.Kind.PICTURE, ExerciseAsset.Kind.VIDEO)
        ]
    )
    video_url = forms.URLField(
        required=False,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
        help_text="https, on YouTube or Vimeo.",
    )
    picture = forms.FileField(
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text="JPEG, PNG or WebP, at most 1 MB. Only with the consent of whoever is on it.",
    )

    class Meta:
        model = ExerciseAsset
        fields = ("kind", "video_url", "licence", "credit", "published")

    def clean(self) -> dict[str, Any]:
        """Read the picture while a mistake can still be shown at its field."""
        cleaned = super().clean() or self.cleaned_data
        upload = cleaned.get("picture")
        if upload is not None:
            self.uploaded = True
            try:
                self.instance.content = read_picture(upload.read())
                self.instance.content_type = CONTENT_TYPE
            except InvalidInputError as error:
                self.add_error("picture", error.message)
        elif cleaned.get("kind") == ExerciseAsset.Kind.PICTURE and not self.instance.content:
            self.add_error("picture", "Choose a picture.")
        return cleaned

    uploaded = False

    def save(self, commit: bool = True) -> ExerciseAsset:
        """Phones keep a picture for good, so another one is another row, with its own address."""
        if self.uploaded and not self.instance._state.adding:
            ExerciseAsset.objects.filter(pk=self.instance.pk).delete()
            self.instance.pk = uuid.uuid4()
            self.instance._state.adding = True
        return super().save(commit)


def preview(asset: ExerciseAsset) -> SafeString | str:
    """What patients see."""
    if asset.kind == ExerciseAsset.Kind.VIDEO:
        return format_html('<a href="{0}" rel="noreferrer">{0}</a>', asset.video_url)
    if not asset.published:
        return "Not published"
    url = reverse("picture", args=[asset.pk])
    return format_html('<img src="{}" alt="" width="320" loading="lazy">', url)


DRAWN = (ExerciseAsset.Kind.DRAWING, ExerciseAsset.Kind.MOVING)


class AssetInline(OwnedStacked):
    """Pictures and videos of a clinic's own."""

    model = ExerciseAsset
    form = AssetForm
    fields = ("kind", "picture", "video_url", "licence", "credit", "published", "seen")
    readonly_fields = ("seen",)
    verbose_name = "picture or video"
    verbose_name_plural = "pictures and videos"

    @admin.display(description="Preview")
    def seen(self, asset: ExerciseAsset) -> SafeString | str:
        """What patients see."""
        return preview(asset) if asset.pk and not asset._state.adding else ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExerciseAsset]:
        """Without drawings: they are shown above."""
        rows: QuerySet[ExerciseAsset] = super().get_queryset(request)
        return rows.exclude(kind__in=DRAWN).defer("content")


class ExerciseForm(OwnedForm):
    """An exercise as providers see it."""

    parts: ClassVar = ("easier",)

    class Meta:
        model = Exercise
        fields = (
            "clinic", "name", "minutes", "equipment", "grade", "ladder", "easier", "evidence",
            "citation", "verified", "contraindications",
        )  # fmt: skip  # a list


@admin.register(Exercise)
class ExerciseAdmin(OwnedAdmin):
    """The library."""

    form = ExerciseForm
    list_display = ("name", "minutes", "grade", "source", "clinic")
    list_filter = ("grade", "verified")
    list_select_related = ("clinic",)
    search_fields = ("name", "slug")
    inlines: ClassVar = [ExerciseTextInline, AssetInline]
    readonly_fields = ("drawing",)
    actions_detail: ClassVar = ["copy_to_clinic"]

    @admin.display(description="Source")
    def source(self, exercise: Exercise) -> str:
        """The citation; what was not checked says so."""
        unchecked = " (unverified)"
        verified = exercise.verified or exercise.citation == "unverified"
        return exercise.citation if verified else exercise.citation + unchecked

    @admin.display(description="Drawing")
    def drawing(self, exercise: Exercise) -> SafeString | str:
        """Start and end of the movement."""
        drawing = exercise.assets.filter(kind=ExerciseAsset.Kind.DRAWING).defer("content").first()
        return preview(drawing) if drawing else "None"

    def get_fields(self, request: HttpRequest, obj: Exercise | None = None) -> list[str]:
        """The drawing first, once there is one."""
        fields = list(ExerciseForm.Meta.fields)
        return fields if obj is None else ["drawing", *fields]

    @action(description="Copy to my clinic", url_path="copy", icon="content_copy")  # type: ignore[untyped-decorator]  # unfold has no type stubs
    def copy_to_clinic(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A copy to adapt."""
        return copy_page(
            self, request, object_id, lambda row, clinic: copy_exercise(exercise=row, clinic=clinic)
        )
