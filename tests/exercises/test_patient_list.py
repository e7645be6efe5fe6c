"""The list of patients: its figures, filters, actions, export and import."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from exercises.admin.exporting import safe_cell
from exercises.models import CheckIn, Clinic, Patient, Program, Provider, SessionLog, User
from exercises.reads.patients import with_state
from exercises.rules import pain
from exercises.services import end_program, pause_program
from exercises.services.alerts import open_alert
from notifications.models import InboundMessage, OutboundMessage, PhoneConsent
from tests import factories
from tests.depth import tries
from tests.exercises.test_admin import errors_of
from tests.factories import MORNING, TODAY

pytestmark = pytest.mark.django_db
LIST = reverse("admin:exercises_patient_changelist")
IMPORT = reverse("admin:exercises_patient_import_patients")
DAY = timedelta(days=1)
# An afternoon on which it is the same day in New York.
LATER = MORNING + timedelta(weeks=5)
ON = TODAY + timedelta(weeks=5)


@pytest.fixture
def program(maria: Patient) -> Program:
    """Maria's program, begun on 3 March."""
    return factories.program(maria)


def state_of(patient: Patient, *, now: Any = LATER) -> Any:
    return with_state(Patient.objects.filter(pk=patient.pk), now=now).get()


def names(answer: Any) -> list[str]:
    return [str(row) for row in answer.context["cl"].result_list]


class TestFigures:
    """What the database works out is what the patient's page says."""

    @settings(
        max_examples=tries(20, 60), suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        scores=st.dictionaries(st.integers(0, 40), st.integers(0, 10), max_size=30),
        day=st.integers(20, 45),
    )
    def test_the_change_is_that_of_the_trend(
        self, program: Program, scores: dict[int, int], day: int
    ) -> None:
        CheckIn.objects.all().delete()
        CheckIn.objects.bulk_create(
            CheckIn(program=program, local_date=TODAY + n * DAY, score=score, source="app")
            for n, score in scores.items()
        )
        told = {TODAY + n * DAY: score for n, score in scores.items()}
        on = TODAY + day * DAY
        trend = pain.trend(told, kind="first_step", start=TODAY, on=on)
        assert state_of(program.patient, now=MORNING + day * DAY).pain_change == trend.change

    def test_days_done_are_those_of_the_7_before_today(self, program: Program) -> None:
        for back in (0, 1, 1, 3, 7, 8):
            SessionLog.objects.create(
                program=program, kind="exercise", local_date=ON - back * DAY, outcome="done",
                source="app", client_id=f"{back}-{SessionLog.objects.count()}",
            )  # fmt: skip  # a row
        assert state_of(program.patient).days_done == 3

    def test_the_day_is_the_patients_own(self, program: Program) -> None:
        Patient.objects.update(time_zone="America/Los_Angeles")
        # 18:00 in Los Angeles on day 14, when it is day 15 in UTC already.
        evening = MORNING + timedelta(days=13, hours=14)
        SessionLog.objects.create(
            program=program, kind="exercise", local_date=TODAY + 13 * DAY, outcome="done",
            source="app", client_id="x",
        )  # fmt: skip  # a row
        found = state_of(program.patient, now=evening)
        assert (found.phase_name, found.days_done) == ("Calm", 0)
        later = state_of(program.patient, now=evening + timedelta(hours=6))
        assert (later.phase_name, later.days_done) == ("Load", 1)

    def test_phase_and_state_follow_the_newest_program_that_has_not_ended(
        self, program: Program
    ) -> None:
        patient = program.patient
        assert (state_of(patient, now=MORNING).phase_name, state_of(patient).phase_name) == (
            "Calm",
            "Load",
        )
        pause_program(program=program)
        assert state_of(patient).state == "paused"
        end_program(program=program)
        ended = state_of(patient)
        assert (ended.state, ended.phase_name, ended.heard_at) == ("none", None, None)


class TestTheList:
    """Searching, filtering and sorting."""

    @pytest.mark.parametrize("term", ["lopez", "Maria", "(415) 555-{}", "415555{}"])
    def test_a_patient_is_found_by_name_and_by_phone(
        self, admin_of_alice: Client, maria: Patient, term: str
    ) -> None:
        factories.PatientFactory.create(clinic=maria.clinic, first_name="Tom", last_name="Wood")
        area, rest = str(maria.phone)[2:5], str(maria.phone)[-4:]
        term = term.replace("415", area).format(rest)
        assert names(admin_of_alice.get(LIST, {"q": term})) == ["Maria Lopez"]

    def test_filters(self, admin_of_alice: Client, alice: User, program: Program) -> None:
        other = factories.PatientFactory.create(clinic=program.patient.clinic, first_name="Tom")
        open_alert(patient=program.patient, program=program, reason="silent_3", now=timezone.now())
        Program.objects.filter(pk=program.pk).update(
            assigned_by=alice,
            start_date=factories.local_today() - 21 * DAY,
        )  # fmt: skip  # a row
        for query in (
            {"state": "active"},
            {"silent": "yes"},
            {"provider": "alice@example.org"},
            {"consent": "granted"},
            {"phase": "Load"},
        ):
            assert names(admin_of_alice.get(LIST, query)) == ["Maria Lopez"], query
        for query in ({"state": "none"}, {"consent": "none"}):
            assert names(admin_of_alice.get(LIST, query)) == [str(other)], query
        assert names(admin_of_alice.get(LIST, {"phase": "Calm"})) == []

    @pytest.mark.parametrize("name", ["state", "phase", "provider", "consent", "silent"])
    def test_a_value_that_is_no_choice_filters_nothing(
        self, admin_of_alice: Client, program: Program, name: str
    ) -> None:
        for value in ("\x00", "nonsense"):
            assert names(admin_of_alice.get(LIST, {name: value})) == ["Maria Lopez"]

    def test_it_is_sorted_by_days_done(self, admin_of_alice: Client, program: Program) -> None:
        tom = factories.PatientFactory.create(clinic=program.patient.clinic, first_name="Tom")
        factories.program(tom)
        SessionLog.objects.create(
            program=program, kind="exercise", outcome="done", source="app", client_id="x",
            local_date=factories.local_today() - DAY,
        )  # fmt: skip  # a row
        column = list(admin_of_alice.get(LIST).context["cl"].list_display).index("done_in_7_days")
        assert names(admin_of_alice.get(LIST, {"o": f"-{column}"})) == ["Maria Lopez", str(tom)]
        assert names(admin_of_alice.get(LIST, {"o": f"{column}"})) == [str(tom), "Maria Lopez"]

    @pytest.mark.parametrize("patients", [10, 1000])
    def test_the_number_of_queries_does_not_grow(
        self,
        admin_of_alice: Client,
        clinic: Clinic,
        patients: int,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        factories.crowd(clinic, patients)
        admin_of_alice.get(LIST)
        with django_assert_num_queries(LIST_QUERIES):
            assert len(names(admin_of_alice.get(LIST))) == min(50, patients)


# Session, user, clock, roles 5; badge 1; filters 2; counts 2; rows 1; the look 1.
LIST_QUERIES = 13


def act(admin: Client, action: str, patients: list[Patient], **form: Any) -> Any:
    selected = {"_selected_action": [str(row.pk) for row in patients], "action": action}
    return admin.post(LIST, selected | form, follow=True)


class TestActions:
    """On many patients at once."""

    def test_pausing_asks_until_when_and_says_who_was_skipped(
        self, admin_of_alice: Client, program: Program
    ) -> None:
        tom = factories.PatientFactory.create(clinic=program.patient.clinic, first_name="Tom")
        asked = act(admin_of_alice, "pause_programs", [program.patient, tom])
        assert "First day on again" in errors_of(asked)
        program.refresh_from_db()
        assert program.status == "active"
        until = factories.local_today() + 7 * DAY
        answer = act(
            admin_of_alice, "pause_programs", [program.patient, tom], apply="1", until=str(until)
        )
        text = errors_of(answer)
        assert f"1 paused until {until:%d %b %Y}." in text
        assert f"Skipped: {tom} (no program runs)." in text
        program.refresh_from_db()
        assert program.resume_at is not None
        assert program.resume_at.astimezone(program.patient.zone).date() == until

    @pytest.mark.parametrize("until", ["", "2020-01-01", "2099-01-01"])
    def test_a_day_that_cannot_be_is_refused(
        self, admin_of_alice: Client, program: Program, until: str
    ) -> None:
        act(admin_of_alice, "pause_programs", [program.patient], apply="1", until=until)
        program.refresh_from_db()
        assert program.status == "active"

    def test_an_assistant_pauses_nobody(
        self, admin_of_alice: Client, alice: User, program: Program
    ) -> None:
        Provider.objects.filter(user=alice).update(role="assistant")
        until = str(factories.local_today() + 7 * DAY)
        answer = act(admin_of_alice, "pause_programs", [program.patient], apply="1", until=until)
        assert "assistants make no clinical changes" in errors_of(answer)
        program.refresh_from_db()
        assert program.status == "active"

    def test_another_clinics_patients_are_not_in_the_selection(
        self, bob: User, program: Program
    ) -> None:
        admin = Client()
        admin.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
        until = str(factories.local_today() + 7 * DAY)
        act(admin, "pause_programs", [program.patient], apply="1", until=until)
        act(admin, "write_to_many", [program.patient], apply="1", body="Hello")
        program.refresh_from_db()
        assert program.status == "active"
        assert not OutboundMessage.objects.exists()

    def test_a_text_to_many_is_looked_at_first_and_sent_once(
        self, admin_of_alice: Client, program: Program
    ) -> None:
        tom = factories.PatientFactory.create(clinic=program.patient.clinic, first_name="Tom")
        both = [program.patient, tom]
        look = act(admin_of_alice, "write_to_many", both, look="1", body="We are closed on Friday.",
                   batch_id="8f7b2a54-7f0d-4b4e-9d53-5c8c0f5c3a11")  # fmt: skip
        text = errors_of(look)
        assert "Bay Foot: We are closed on Friday." in text
        assert "There is no consent on record for this phone" in text
        assert not OutboundMessage.objects.exists()
        for _ in range(2):
            answer = act(
                admin_of_alice, "write_to_many", both, apply="1", body="We are closed on Friday.",
                batch_id="8f7b2a54-7f0d-4b4e-9d53-5c8c0f5c3a11",
            )  # fmt: skip  # a call
        assert "1 texts are on their way." in errors_of(answer)
        assert OutboundMessage.objects.get().patient == program.patient

    def test_there_is_a_cap(self, admin_of_alice: Client, clinic: Clinic) -> None:
        patients = factories.PatientFactory.create_batch(101, clinic=clinic)
        answer = act(admin_of_alice, "write_to_many", patients, apply="1", body="Hello")
        assert "At most 100 patients at a time." in errors_of(answer)
        assert not OutboundMessage.objects.exists()


class TestExport:
    """The list as a CSV file."""

    def test_it_has_the_columns_of_the_list(self, admin_of_alice: Client, program: Program) -> None:
        Patient.objects.update(last_name="O'Brien & Co")
        answer = act(admin_of_alice, "export_csv", [program.patient])
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        (row,) = csv.DictReader(io.StringIO(text))
        assert (row["Name"], row["Program"], row["Texts"]) == (
            "Maria O'Brien & Co", "Active", "May be texted",
        )  # fmt: skip  # a row
        assert row["Phone"] == str(program.patient.phone)

    @pytest.mark.parametrize("what", ["patients", "check-ins", "texts received"])
    def test_who_took_what_away_is_kept_with_the_patient(
        self, admin_of_alice: Client, alice: User, program: Program, what: str
    ) -> None:
        patient = program.patient
        CheckIn.objects.create(program=program, local_date=TODAY, score=3, source="app")
        text = factories.received("4", patient)
        InboundMessage.objects.update(patient=patient)
        row: Any = {"patients": patient, "check-ins": CheckIn.objects.get()}.get(what, text)
        before = set(LogEntry.objects.values_list("pk", flat=True))
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_changelist"
        form = {"action": "export_csv", "_selected_action": [row.pk]}
        assert admin_of_alice.post(reverse(name), form)["Content-Type"].startswith("text/csv")
        entry = LogEntry.objects.get_for_object(patient).exclude(pk__in=before).get()
        assert (entry.action, entry.actor, entry.object_repr) == (
            LogEntry.Action.ACCESS, alice, f"Downloaded: {what}",
        )  # fmt: skip  # a row
        assert entry.remote_addr == "127.0.0.1"

    @pytest.mark.parametrize(
        ("value", "cell"),
        [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd", "'+cmd"),
            ("-cmd", "'-cmd"),
            ("\n=1", "'\n=1"),
            (" =1+1", "' =1+1"),
            ("＝１", "'＝１"),
            ("＋cmd", "'＋cmd"),
            ("－cmd", "'－cmd"),
            ("＠SUM(A1)", "'＠SUM(A1)"),
            ("\r\n@A1", "'\r\n@A1"),
            ("-2.5", "-2.5"),
            ("+14155550111", "+14155550111"),
            ("+1 415-555-0111", "+1 415-555-0111"),
            ("Maria", "Maria"),
            (None, ""),
        ],
    )
    def test_no_cell_is_a_formula(self, value: str | None, cell: str) -> None:
        assert safe_cell(value) == cell


GOOD = 983
BAD = [
    ("", "Nobody", "+14155550199", "", "", ""),
    ("Ann", "Short", "+1415", "", "", ""),
    ("Ann", "Words", "call me", "", "", ""),
    ("Ann", "Empty", "", "", "", ""),
    ("Ann", "Zone", "+14155550198", "", "America/Nowhere", ""),
    ("Ann", "Mars", "+14155550197", "", "Mars/Base", ""),
    ("Ann", "Old", "+14155550196", "1850", "", ""),
    ("Ann", "Unborn", "+14155550195", "2150", "", ""),
    ("Ann", "Year", "+14155550194", "soon", "", ""),
    ("Ann", "French", "+14155550193", "", "", "fr"),
    ("Ann", "Loud", "+14155550192", "", "", "Klingon"),
    ("A" * 61, "Long", "+14155550191", "", "", ""),
    ("Ann", "L" * 61, "+14155550190", "", "", ""),
    ("Ann", "Null", "+1415555\x000189", "", "", ""),
    ("Ann", "Letters", "+1415555O188", "", "", ""),
    ("Pat 0", "Good", "+12125550100", "", "", ""),
    ("Pat 1", "Good", "+12125550101", "", "", ""),
]


def table(rows: list[tuple[str, ...]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["First name", "last_name", "phone", "birth_year", "time_zone", "language"])
    writer.writerows(rows)
    return buffer.getvalue()


@pytest.fixture
def thousand() -> str:
    """983 good rows and 17 bad ones, these last."""
    good = [
        (f"Pat {n}", "Good", f"+12125550{100 + n % 100}", "1980" if n % 2 else "",
         "America/Chicago", "es")
        for n in range(GOOD)
    ]  # fmt: skip  # rows
    return table([*good, *BAD])


class TestImport:
    """Patients from a file."""

    def send(self, admin: Client, text: str, clinic: Clinic, **form: Any) -> Any:
        upload = SimpleUploadedFile("patients.csv", text.encode())
        return admin.post(IMPORT, {"clinic": clinic.pk, "file": upload} | form)

    def test_a_thousand_rows_with_17_bad_ones(
        self, admin_of_alice: Client, clinic: Clinic, thousand: str
    ) -> None:
        assert len(BAD) == 17
        look = self.send(admin_of_alice, thousand, clinic, check="1")
        text = errors_of(look)
        assert "983 patients would come in, 0 are here already, 17 rows are left out." in text
        assert not Patient.objects.exists()
        bad = look.context["found"].bad
        assert [row.line for row in bad] == list(range(GOOD + 2, GOOD + 19))
        assert all(row.problems for row in bad)
        # The page carries the words of the file, so that nobody chooses it twice.
        found = re.search(r'<textarea name="text"[^>]*>(.*?)</textarea>', text, re.DOTALL)
        assert found is not None
        for came, known in ((983, 0), (0, 983)):
            done = self.send(admin_of_alice, thousand, clinic, **{"import": "1"})
            words = errors_of(done)
            assert f"{came} patients came in, {known} are here already, 17 rows are left" in words
            assert Patient.objects.count() == GOOD
        maria = Patient.objects.get(first_name="Pat 3")
        assert (maria.language, maria.time_zone, maria.birth_year) == (
            "es",
            "America/Chicago",
            1980,
        )
        assert not PhoneConsent.objects.exists()

    @pytest.mark.parametrize(
        "content",
        [
            "first_name,last_name,phone\rAna,Diaz,+14155550121\r", "first_name;last_name;phone\r\nAna;Diaz;+14155550121\r\n",
            "first_name\tlast_name\tphone\nAna\tDiaz\t+14155550121", "sep=,\nfirst_name,last_name,phone\nAna,Diaz,+14155550121",
            "sep=;\nfirst_name;last_name;phone\nAna;Diaz;+14155550121", "\n\n \nfirst_name,last_name,phone\nAna,Diaz,+14155550121",
            "\ufeffFirst Name,Last Name,Phone\nAna,Diaz,+14155550121,,", '"first_name","last_name","phone"\n"Ana","Diaz","+1 (415) 555-0121"',
        ],
    )  # fmt: skip  # a table
    def test_a_file_as_any_spreadsheet_writes_it(
        self, admin_of_alice: Client, clinic: Clinic, content: str
    ) -> None:
        answer = self.send(admin_of_alice, content, clinic, **{"import": "1"})
        assert answer.status_code == 302
        patient = Patient.objects.get()
        assert (str(patient), str(patient.phone)) == ("Ana Diaz", "+14155550121")

    @pytest.mark.parametrize(
        ("one", "other"),
        [("José Peña", "Jose\u0301 Pen\u0303a"), ("ANA DIAZ", "Ana Diaz"), ("José  Peña", "JOSE PENA"), ("Łukasz Żak", "Lukasz Zak")],
    )  # fmt: skip  # a table
    def test_the_same_person_however_the_name_is_typed(
        self, admin_of_alice: Client, clinic: Clinic, one: str, other: str
    ) -> None:
        rows = [f"{given},{family},+14155550121" for given, family in (one.split(), other.split())]
        text = "\n".join(["first_name,last_name,phone", *rows])
        look = self.send(admin_of_alice, text, clinic, check="1").context["found"]
        assert look.bad[0].problems == ("The same person stands in line 2.",)
        self.send(admin_of_alice, text, clinic, **{"import": "1"})
        assert (
            self.send(admin_of_alice, "\n".join([text.splitlines()[0], rows[1]]), clinic, check="1")
            .context["found"]
            .known
            == 1
        )

    def test_the_words_on_the_page_are_enough_to_import(
        self, admin_of_alice: Client, clinic: Clinic
    ) -> None:
        text = table([("Ana", "Núñez", "+14155550150", "", "", "")])
        answer = admin_of_alice.post(IMPORT, {"clinic": clinic.pk, "text": text, "import": "1"})
        assert answer.status_code == 302
        patient = Patient.objects.get()
        assert (str(patient), patient.time_zone) == ("Ana Núñez", clinic.time_zone)

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"name;telephone\nMaria;+1415", "there is no first_name and no phone"),
            (b"first_name,phone,phone\nAna,+14155550111,+14155550112", "names phone twice"),
            (b"first_name,phone\nAna,+14155550111,extra", "Line 2 has more cells"),
            (b"", "The submitted file is empty"),
            (b'first_name,phone\n"' + b"x" * 200_000, "look for a quote that is not closed"),
            (b"first_name,phone\n" + b"Maria,+14155550111\n" * 60_000, "A file may hold 1 MB."),
            (b"PK\x03\x04" + b"x" * 50, "This is an Excel workbook."),
            (b"first_name,phone\n\x81\x8d,+14155550111", "Save the file as CSV in UTF-8."),
            (b"\xff\xfea", "Save the file as CSV in UTF-8."),
        ],
    )
    def test_what_is_no_table_is_refused(
        self, admin_of_alice: Client, clinic: Clinic, content: bytes, message: str
    ) -> None:
        upload = SimpleUploadedFile("patients.csv", content)
        answer = admin_of_alice.post(IMPORT, {"clinic": clinic.pk, "file": upload, "import": "1"})
        assert message in errors_of(answer)
        assert not Patient.objects.exists()

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    def test_a_file_in_any_encoding_of_a_spreadsheet(
        self, admin_of_alice: Client, clinic: Clinic, encoding: str
    ) -> None:
        text = table([("José", "Núñez", "+14155550150", "", "", "")])
        upload = SimpleUploadedFile("patients.csv", text.encode(encoding))
        admin_of_alice.post(IMPORT, {"clinic": clinic.pk, "file": upload, "import": "1"})
        assert str(Patient.objects.get()) == "José Núñez"

    @pytest.mark.parametrize(
        "phone",
        ["(415) 555-0150", "415-555-0150", "415.555.0150", "4155550150", "14155550150", "1-415-555-0150", "+1 415 555 0150"],
    )  # fmt: skip  # ways to write one number
    def test_a_phone_as_practice_systems_write_it(
        self, admin_of_alice: Client, clinic: Clinic, phone: str
    ) -> None:
        self.send(
            admin_of_alice, table([("Ana", "Diaz", phone, "", "", "")]), clinic, **{"import": "1"}
        )
        assert str(Patient.objects.get().phone) == "+14155550150"

    @pytest.mark.parametrize(
        "phone", ["555-0150", "911", "0150", "call me", "+44 415", "415 555 0150 x3"]
    )
    def test_what_is_no_phone_is_refused_in_words(
        self, admin_of_alice: Client, clinic: Clinic, phone: str
    ) -> None:
        look = self.send(
            admin_of_alice, table([("Ana", "Diaz", phone, "", "", "")]), clinic, check="1"
        ).context["found"]
        assert len(look.bad) == 1
        assert look.bad[0].problems[0].startswith("phone: ")

    @pytest.mark.parametrize(
        ("zone", "language", "kept"),
        [
            ("Eastern", "English", ("America/New_York", "en")), ("Pacific Time", "EN", ("America/Los_Angeles", "en")),
            ("US/Central", "Spanish", ("America/Chicago", "es")), ("mst", "Español", ("America/Denver", "es")),
            ("Hawaii Standard Time", "", ("Pacific/Honolulu", "en")), ("Europe/Madrid", "es", ("Europe/Madrid", "es")),
        ],
    )  # fmt: skip  # a table
    def test_zones_and_languages_in_words(
        self,
        admin_of_alice: Client,
        clinic: Clinic,
        zone: str,
        language: str,
        kept: tuple[str, str],
    ) -> None:
        row = ("Ana", "Diaz", "+14155550150", "", zone, language)
        self.send(admin_of_alice, table([row]), clinic, **{"import": "1"})
        patient = Patient.objects.get()
        assert (patient.time_zone, patient.language) == kept

    def test_another_clinic_is_no_choice(self, bob: User, clinic: Clinic) -> None:
        admin = Client()
        admin.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
        text = table([("Ana", "Núñez", "+14155550150", "", "", "")])
        answer = self.send(admin, text, clinic, **{"import": "1"})
        assert "That choice is not one of the available choices" in errors_of(answer)
        assert not Patient.objects.exists()


NAMES = ("José Díaz", "Zoë Nuño", "Łukasz Żak", "Đặng Ân", "Jose\u0301 Ruiz")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("jose", ["José Díaz", "Jose\u0301 Ruiz"]), ("diaz", ["José Díaz"]), ("JOSÉ DIAZ", ["José Díaz"]), ("zoe", ["Zoë Nuño"]),
        ("nuno", ["Zoë Nuño"]), ("lukasz zak", ["Łukasz Żak"]), ("dang", ["Đặng Ân"]), ("jose\u0301", ["José Díaz", "Jose\u0301 Ruiz"]),
        ("(415) 555-0121", list(NAMES)), ("+1 415 555", list(NAMES)), ("nobody", []), ("jose " * 1_500, ["José Díaz", "Jose\u0301 Ruiz"]),
    ],
)  # fmt: skip  # a table
def test_a_search_needs_no_accent_in_the_api_and_in_the_admin(
    admin_of_alice: Client, api: APIClient, clinic: Clinic, typed: str, found: list[str]
) -> None:
    for name in NAMES:
        first, last = name.split()
        factories.PatientFactory.create(
            clinic=clinic, first_name=first, last_name=last, phone="+14155550121"
        )
    assert set(names(admin_of_alice.get(LIST, {"q": typed}))) == set(found)
    answer = api.get("/api/v1/patients/", {"search": typed}).json()["results"]
    assert {f"{row['first_name']} {row['last_name']}" for row in answer} == set(found)
