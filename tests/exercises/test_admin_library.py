"""Clinics copy, adapt and add exercises and templates; what is shared stays as it is."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from exercises.models import (
    Clinic,
    Exercise,
    ExerciseAsset,
    Patient,
    ProgramTemplate,
    Provider,
    User,
)
from exercises.reads.days import plan_for_day
from exercises.reads.versions import template_phases
from exercises.services.pictures import read_picture
from hep.errors import InvalidInputError
from tests import factories
from tests.exercises.test_admin import errors_of
from tests.factories import TODAY

pytestmark = pytest.mark.django_db


def photo(size: tuple[int, int] = (2000, 1000), kind: str = "JPEG") -> bytes:
    """A picture with a place hidden in it."""
    out = io.BytesIO()
    picture = Image.new("RGB", size, "teal")
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    picture.save(out, kind, **({"exif": exif} if kind == "JPEG" else {}))
    return out.getvalue()


class TestPictures:
    """What is uploaded."""

    def test_a_picture_is_made_small_and_loses_what_is_hidden(self) -> None:
        data = read_picture(photo())
        with Image.open(io.BytesIO(data)) as kept:
            assert (kept.format, kept.size) == ("WEBP", (1200, 600))
            assert not kept.getexif()
        assert b"taken at home" not in data

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"<svg onload='alert(1)'/>", "no_picture"),
            (b"", "no_picture"),
            (photo()[:300], "no_picture"),
            (photo(kind="GIF"), "no_picture"),
            (b"\xff\xd8" + b"0" * 1_000_000, "too_large"),
            (photo(kind="PNG")[:-20] + b"\x00" * 20, "no_picture"),
        ],
    )
    def test_what_is_no_picture_is_refused(self, data: bytes, code: str) -> None:
        with pytest.raises(InvalidInputError) as refused:
            read_picture(data)
        assert (refused.value.field, refused.value.code) == ("picture", code)

    def test_a_published_one_is_served_for_good(self, client: Client) -> None:
        factories.template()
        asset = ExerciseAsset.objects.get(exercise__slug="bridge", kind="drawing")
        answer = client.get(reverse("picture", args=[asset.pk]))
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
        assert "immutable" in answer["Cache-Control"]
        assert "sandbox" in answer["Content-Security-Policy"]
        ExerciseAsset.objects.update(published=False)
        assert client.get(reverse("picture", args=[asset.pk])).status_code == 404

    def test_the_database_refuses_publishing_without_a_licence(self) -> None:
        factories.template()
        with pytest.raises(IntegrityError), transaction.atomic():
            ExerciseAsset.objects.update(licence="")


def part(prefix: str, *rows: dict[str, Any], known: int = 0) -> dict[str, Any]:
    """A formset as a browser posts it."""
    form: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": known}
    for number, row in enumerate(rows):
        form |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return form


class TestExercises:
    """A clinic's own."""

    def form(self, clinic: Clinic, *assets: dict[str, Any]) -> dict[str, Any]:
        form = {
            "clinic": clinic.pk,
            "name": "Marble pick-up",
            "minutes": 4,
            "citation": "unverified",
        }
        return form | part("texts") | part("assets", *assets)

    @pytest.fixture
    def own(self, clinic: Clinic) -> Exercise:
        """An exercise of Bay Foot's."""
        return Exercise.objects.create(clinic=clinic, slug="marbles", name="Marbles")

    def post(self, admin: Client, own: Exercise, *assets: dict[str, Any]) -> Any:
        url = reverse("admin:exercises_exercise_change", args=[own.pk])
        assert own.clinic is not None
        return admin.post(url, self.form(own.clinic, *assets))

    def test_one_is_added_with_a_slug_of_its_own(
        self, admin_of_alice: Client, clinic: Clinic
    ) -> None:
        url = reverse("admin:exercises_exercise_add")
        for _ in range(2):
            assert admin_of_alice.post(url, self.form(clinic)).status_code == 302
        own = Exercise.objects.filter(clinic=clinic)
        slugs = own.order_by("slug").values_list("slug", "clinic")
        assert list(slugs) == [("marble-pick-up", clinic.pk), ("marble-pick-up-2", clinic.pk)]

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"minutes": 0}, "greater than or equal to 1"),
            ({"citation": "a blog"}, "Write doi:10"),
            ({"clinic": ""}, "Say which clinic"),
        ],
    )
    def test_bad_input_is_refused_at_its_field(
        self, admin_of_alice: Client, clinic: Clinic, change: dict[str, Any], message: str
    ) -> None:
        url = reverse("admin:exercises_exercise_add")
        assert message in errors_of(admin_of_alice.post(url, self.form(clinic) | change))
        assert not Exercise.objects.exclude(clinic=None).exists()

    def test_a_picture_is_uploaded_and_published_with_its_licence(
        self, admin_of_alice: Client, own: Exercise
    ) -> None:
        upload = SimpleUploadedFile("me.jpg", photo(), "image/jpeg")
        asset = {"kind": "picture", "picture": upload, "licence": "Own picture", "published": "on"}
        assert self.post(admin_of_alice, own, asset).status_code == 302
        kept = own.assets.get()
        assert (kept.content_type, kept.published, kept.licence) == (
            "image/webp",
            True,
            "Own picture",
        )

    @pytest.mark.parametrize(
        ("asset", "message"),
        [
            ({"kind": "picture"}, "Choose a picture"),
            ({"kind": "video", "video_url": "http://www.youtube.com/a"}, "Use an https address"),
            ({"kind": "video", "video_url": "https://evil.example/a"}, "Use an https address"),
            (
                {"kind": "video", "video_url": "https://vimeo.com/1", "published": "on"},
                "under which licence",
            ),
        ],
    )
    def test_what_may_not_be_shown_is_refused(
        self, admin_of_alice: Client, own: Exercise, asset: dict[str, str], message: str
    ) -> None:
        assert message in errors_of(self.post(admin_of_alice, own, asset))
        assert not own.assets.exists()

    def test_another_picture_has_another_address(
        self, admin_of_alice: Client, own: Exercise
    ) -> None:
        def upload() -> dict[str, Any]:
            data = SimpleUploadedFile("me.jpg", photo(), "image/jpeg")
            return {"kind": "picture", "picture": data, "licence": "Own picture"}

        self.post(admin_of_alice, own, upload())
        first = own.assets.get()
        row = upload() | {"id": first.pk, "exercise": own.pk}
        assert own.clinic is not None
        form = self.form(own.clinic) | part("assets", row, known=1)
        url = reverse("admin:exercises_exercise_change", args=[own.pk])
        assert admin_of_alice.post(url, form).status_code == 302
        assert own.assets.get().pk != first.pk

    def test_what_is_easier_is_of_the_same_clinic(
        self, admin_of_alice: Client, alice: User, own: Exercise
    ) -> None:
        other = factories.ProviderFactory.create(user=alice)
        theirs = Exercise.objects.create(clinic=other.clinic, slug="theirs", name="Theirs")
        assert own.clinic is not None
        form = self.form(own.clinic) | {"easier": theirs.pk}
        url = reverse("admin:exercises_exercise_change", args=[own.pk])
        assert "shared or of this clinic" in errors_of(admin_of_alice.post(url, form))

    def test_its_clinic_stays(self, admin_of_alice: Client, alice: User, own: Exercise) -> None:
        other = factories.ProviderFactory.create(user=alice)
        self.post(admin_of_alice, own)
        form = self.form(other.clinic)
        url = reverse("admin:exercises_exercise_change", args=[own.pk])
        assert admin_of_alice.post(url, form).status_code == 302
        before = own.clinic
        own.refresh_from_db()
        assert own.clinic == before

    @pytest.mark.parametrize("page", ["copy", "change"])
    def test_an_address_without_sense_is_not_there(self, admin_of_alice: Client, page: str) -> None:
        answer = admin_of_alice.get(f"/admin/exercises/exercise/abc/{page}/")
        assert answer.status_code in {302, 404}

    def test_a_shared_one_is_copied_and_only_the_copy_changes(
        self, admin_of_alice: Client, clinic: Clinic
    ) -> None:
        factories.template()
        shared = Exercise.objects.get(slug="short-foot", clinic=None)
        posted = admin_of_alice.post(
            reverse("admin:exercises_exercise_change", args=[shared.pk]), {"name": "Stolen"}
        )
        assert posted.status_code == 403
        url = reverse("admin:exercises_exercise_change", args=[shared.pk])
        page = url.replace("/change/", "/copy/")
        assert "Copy: Short foot" in admin_of_alice.get(page).content.decode()
        assert not Exercise.objects.filter(clinic=clinic).exists()
        assert admin_of_alice.post(page, {"clinic": clinic.pk}).status_code == 302
        copy = Exercise.objects.get(slug="short-foot", clinic=clinic)
        assert copy.texts.count() == 2
        assert {row.licence for row in copy.assets.all()} == {"MIT"}
        assert self.post(admin_of_alice, copy).status_code == 302
        assert Exercise.objects.get(pk=shared.pk).name == "Short foot"

    def test_a_copy_goes_only_where_one_treats(
        self, admin_of_alice: Client, alice: User, bob: User, clinic: Clinic
    ) -> None:
        factories.template()
        shared = Exercise.objects.get(slug="short-foot", clinic=None)
        page = reverse("admin:exercises_exercise_changelist") + f"{shared.pk}/copy/"
        elsewhere = Clinic.objects.exclude(pk=clinic.pk).get()
        assert admin_of_alice.post(page, {"clinic": elsewhere.pk}).status_code == 200
        Provider.objects.create(user=alice, clinic=elsewhere, role=Provider.Role.ASSISTANT)
        assert admin_of_alice.post(page, {"clinic": elsewhere.pk}).status_code == 200
        assert not Exercise.objects.exclude(clinic=None).exists()
        Provider.objects.filter(clinic=elsewhere, user=alice).update(role="provider")
        assert admin_of_alice.post(page, {"clinic": elsewhere.pk}).status_code == 302
        assert Exercise.objects.exclude(clinic=None).get().clinic == elsewhere

    def test_an_assistant_changes_nothing(
        self, admin_of_alice: Client, alice: User, own: Exercise
    ) -> None:
        Provider.objects.filter(user=alice).update(role=Provider.Role.ASSISTANT)
        assert self.post(admin_of_alice, own).status_code == 403
        assert admin_of_alice.get(reverse("admin:exercises_exercise_add")).status_code == 403


class TestTemplates:
    """A clinic's own."""

    @pytest.fixture
    def copy(self, admin_of_alice: Client, clinic: Clinic) -> ProgramTemplate:
        """A copy of the shared one."""
        shared = factories.template()
        url = reverse("admin:exercises_programtemplate_change", args=[shared.pk])
        admin_of_alice.post(url.replace("/change/", "/copy/"), {"clinic": clinic.pk})
        return ProgramTemplate.objects.get(clinic=clinic)

    def phases(self, template: ProgramTemplate) -> list[dict[str, Any]]:
        return [
            {
                "id": row.pk, "template": template.pk, "number": row.number, "name": row.name,
                "first_week": row.first_week, "last_week": row.last_week or "",
            }
            for row in template.phases.all()
        ]  # fmt: skip  # a table

    def post(self, admin: Client, template: ProgramTemplate, phases: list[dict[str, Any]]) -> Any:
        form = {"clinic": template.clinic_id, "name": "Ours", "citation": "unverified"}
        form["question"] = template.question
        url = reverse("admin:exercises_programtemplate_change", args=[template.pk])
        return admin.post(url, form | part("phases", *phases, known=4))

    def test_a_copy_is_the_same_program(self, copy: ProgramTemplate) -> None:
        assert template_phases(copy) == template_phases(factories.template())
        assert copy.screen == "plantar-fasciitis"

    def test_its_weeks_may_change(self, admin_of_alice: Client, copy: ProgramTemplate) -> None:
        phases = self.phases(copy)
        phases[3]["last_week"] = 20
        assert self.post(admin_of_alice, copy, phases).status_code == 302
        assert copy.phases.get(number=4).last_week == 20

    def test_overlapping_weeks_are_refused(
        self, admin_of_alice: Client, copy: ProgramTemplate
    ) -> None:
        phases = self.phases(copy)
        phases[1]["first_week"] = 2
        page = errors_of(self.post(admin_of_alice, copy, phases))
        assert "phase 2 must begin after phase 1" in page
        assert copy.phases.get(number=2).first_week == 3

    def test_an_items_dose_is_checked(self, admin_of_alice: Client, copy: ProgramTemplate) -> None:
        phase = copy.phases.get(number=2)
        item = phase.items.get(position=1)
        row: dict[str, Any] = {
            "id": item.pk,
            "phase": phase.pk,
            "position": 1,
            "exercise": item.exercise_id,
        }
        row |= {"times_per_day": 1, "every_n_days": 1, "slots": ["midday", "evening"]}
        url = reverse("admin:exercises_templatephase_change", args=[phase.pk])
        base = {"name": phase.name}
        others = [
            {"id": o.pk, "phase": phase.pk, "position": o.position, "exercise": o.exercise_id,
             "times_per_day": 1, "every_n_days": 1} for o in phase.items.exclude(pk=item.pk)
        ]  # fmt: skip  # a table
        for change in ({"sets": 0}, {"hold_seconds": 600}, {"hours": 25}, {"first_week": 1}):
            answer = admin_of_alice.post(
                url, base | part("items", row | change, *others, known=len(others) + 1)
            )
            assert answer.status_code == 200, change
        good = admin_of_alice.post(
            url, base | part("items", row | {"sets": 2}, *others, known=len(others) + 1)
        )
        assert good.status_code == 302
        item.refresh_from_db()
        assert (item.sets, item.slots, item.times_per_day) == (2, ["midday", "evening"], 2)

    def test_running_programs_stay_as_they_were(
        self, admin_of_alice: Client, copy: ProgramTemplate, maria: Patient
    ) -> None:
        program = factories.program(maria, source=copy)
        before = plan_for_day(program, TODAY)
        copy.phases.get(number=1).items.all().delete()
        phases = self.phases(copy)
        phases[0]["name"] = "Other"
        self.post(admin_of_alice, copy, phases)
        assert plan_for_day(program, TODAY) == before

    def test_the_page_tells_what_a_day_asks(
        self, admin_of_alice: Client, copy: ProgramTemplate
    ) -> None:
        url = reverse("admin:exercises_programtemplate_change", args=[copy.pk])
        assert "At most 5 exercises and 41 minutes a day." in errors_of(admin_of_alice.get(url))
