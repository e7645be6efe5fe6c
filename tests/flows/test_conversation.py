"""Whole conversations, in English and in Spanish, against the simulator."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from exercises.models import Alert, CheckIn, Clinic, Patient, Program, Provider, SessionLog, User
from exercises.services import ScheduleSpec, assign_program, record_check_in
from exercises.services.alerts import acknowledge
from notifications import alerts
from notifications.consent import decide, record_consent
from notifications.incoming import inbound
from notifications.models import (
    ConsentEvent,
    InboundMessage,
    OutboundMessage,
    PhoneConsent,
)
from notifications.outgoing import sending
from notifications.outgoing.due import write_due
from tests import factories
from tests.flows.story import Story, only
from tests.simulated_twilio import SimulatedTwilio
from tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)
NEW_YORK = ZoneInfo("America/New_York")
TUESDAY = date(2026, 3, 3)


def at(hour: int, minute: int = 0, *, day: int = 0, second: int = 0) -> datetime:
    """A moment on the patient's clock, so many days after Tuesday 3 March 2026."""
    local = datetime.combine(TUESDAY + timedelta(days=day), time(hour, minute, second))
    return local.replace(tzinfo=NEW_YORK)


@pytest.fixture
def story(simulator: SimulatedTwilio, time_machine: time_machine.TimeMachineFixture) -> Story:
    """It is Tuesday, 7 in the morning."""
    time_machine.move_to(at(7))
    return Story(simulator, time_machine)


def enrol(
    clinic: Clinic,
    *,
    language: str = "en",
    first_name: str = "Maria",
    phone: str = "+14155550111",
    assigned_by: User | None = None,
    **times: time,
) -> Patient:
    """A patient who agreed to texts on paper, with a program at these times."""
    patient: Patient = factories.PatientFactory.create(
        clinic=clinic, first_name=first_name, phone=phone, language=language
    )
    record_consent(
        patient=patient, how="paper", words="I agree.", recorded_by=None, now=timezone.now()
    )
    assign_program(
        patient=patient,
        template=factories.template(),
        start_date=TUESDAY,
        side="left",
        schedules=[ScheduleSpec(kind, (at_time,)) for kind, at_time in times.items()],
        assigned_by=assigned_by,
        now=timezone.now(),
    )
    return patient


@dataclass(frozen=True)
class Words:
    """What the patient says, and a piece of what comes back."""

    welcome: str
    ask: str
    thanks: str
    corrected: str
    remind: str
    skip: str
    why: str
    kept: str
    pause: str
    paused: str
    resume: str
    resumed: str


SPEECH = {
    "en": Words(
        welcome="home program texts, up to 2 a day",
        ask="pain 0 (none) to 10 (worst)? Reply a number",
        thanks="Thank you, Maria",
        corrected="We changed the number",
        remind="Reply DONE or SKIP",
        skip="Skip",
        why="1 no time, 2 pain",
        kept="will see it",
        pause="pause 2 days",
        paused="No texts until Fri Mar 6",
        resume="resume",
        resumed="Welcome back",
    ),
    "es": Words(
        welcome="mensajes de su programa, hasta 2 al",
        ask="dolor de 0 (nada) a 10 (lo peor)? Responda con un n",
        thanks="Gracias, Maria",
        corrected="Cambiamos el n",
        remind="Responda HECHO o HOY NO",
        skip="Hoy no",
        why="1 no tuve tiempo, 2 dolor",
        kept="lo ver",
        pause="pausa 2 días",
        paused="Sin mensajes hasta el vie 6 mar",
        resume="seguir",
        resumed="Gracias por volver",
    ),
}


@pytest.mark.parametrize("language", ["en", "es"])
def test_from_enrolment_to_stop_and_back(story: Story, clinic: Clinic, language: str) -> None:
    words = SPEECH[language]
    maria = enrol(clinic, language=language, check_in=time(8, 30), exercise=time(12))
    # Consent was recorded at seven: the confirmation waits for eight.
    assert story.go_to(at(7, 30), maria)["Maria"] == []
    assert words.welcome in only(story.go_to(at(8, 1), maria)["Maria"])
    assert words.ask in only(story.go_to(at(8, 31), maria)["Maria"])

    assert words.thanks in only(story.says(maria, "6"))
    assert words.corrected in only(story.says(maria, "4/10"))
    check_in = CheckIn.objects.get()
    assert (check_in.score, check_in.local_date, check_in.entries.count()) == (4, TUESDAY, 2)

    assert words.remind in only(story.go_to(at(12, 1), maria)["Maria"])
    assert words.why in only(story.says(maria, words.skip))
    assert words.kept in only(story.says(maria, "3"))
    log = SessionLog.objects.get()
    assert (log.outcome, log.reason, log.local_date) == ("skipped", "forgot", TUESDAY)
    assert CheckIn.objects.get().score == 4  # 3 was a reason, not a score

    assert words.ask in story.go_to(at(12, 1, day=1), maria)["Maria"][0]
    assert words.paused in only(story.says(maria, words.pause))
    assert story.go_to(at(12, 1, day=2), maria)["Maria"] == []
    assert words.resumed in only(story.says(maria, words.resume))
    assert len(story.go_to(at(12, 1, day=3), maria)["Maria"]) == 2

    # Twilio answers STOP and START; we add nothing.
    assert "unsubscribed" in only(story.says(maria, "STOP"))
    assert story.go_to(at(12, 1, day=5), maria)["Maria"] == []
    assert "re-subscribed" in only(story.says(maria, "START"))
    assert words.ask in story.go_to(at(12, 1, day=6), maria)["Maria"][0]
    states = list(ConsentEvent.objects.order_by("pk").values_list("state", "how", "words"))
    assert states == [
        ("granted", "paper", "I agree."),
        ("revoked", "sms", "STOP"),
        ("granted", "sms", "START"),
    ]


@pytest.mark.parametrize(
    ("language", "wish", "stopped", "back"),
    [
        ("en", "please stop texting me", "you will get no more texts", "START"),
        ("es", "ya no me manden mensajes", "no le enviaremos m", "empezar"),
    ],
)
def test_an_opt_out_in_other_words_is_confirmed_once_and_holds(
    story: Story, clinic: Clinic, language: str, wish: str, stopped: str, back: str
) -> None:
    maria = enrol(clinic, language=language, check_in=time(8, 30))
    story.go_to(at(8, 31), maria)
    assert stopped in only(story.says(maria, wish))
    assert story.says(maria, wish) == []
    assert story.says(maria, "6") == []
    assert story.go_to(at(8, 31, day=2), maria)["Maria"] == []
    assert PhoneConsent.objects.get().state == "revoked"
    story.says(maria, back)
    assert PhoneConsent.objects.get().state == "granted"
    assert len(story.go_to(at(8, 31, day=3), maria)["Maria"]) == 1


@pytest.mark.parametrize(
    ("language", "who", "thanks"),
    [("en", "Who is this about?", "Thank you"), ("es", "se trata", "Gracias")],
)
def test_two_patients_on_one_phone(
    story: Story, clinic: Clinic, language: str, who: str, thanks: str
) -> None:
    ellen = enrol(clinic, language=language, first_name="Ellen", check_in=time(8, 30))
    tom = enrol(clinic, language=language, first_name="Tom", check_in=time(8, 30))
    story.go_to(at(8, 31), ellen)
    assert who in only(story.says(ellen, "5"))
    assert not CheckIn.objects.exists()
    # The name alone completes what was said before.
    assert f"{thanks}, Tom" in only(story.says(tom, "Tom"))
    assert f"{thanks}, Ellen" in only(story.says(ellen, "2"))
    scores = CheckIn.objects.values_list("program__patient__first_name", "score")
    assert set(scores) == {("Tom", 5), ("Ellen", 2)}
    # DONE with nothing open is asked about too, and counted once.
    assert who in only(story.says(ellen, "done"))
    story.says(ellen, "Ellen done")
    assert SessionLog.objects.get().program.patient == ellen


@pytest.mark.parametrize(
    ("language", "words", "answer"),
    [
        ("en", "9 and I can't walk on it", "Stop your home program. Call Bay Foot now"),
        ("es", "9 y no puedo caminar", "Pare su programa. Llame ya a Bay Foot"),
    ],
)
def test_a_red_flag_is_answered_at_once_and_the_provider_told(
    story: Story, clinic: Clinic, alice: User, language: str, words: str, answer: str
) -> None:
    maria = enrol(clinic, language=language, assigned_by=alice, check_in=time(8, 30))
    story.go_to(at(8, 31), maria)
    assert answer in only(story.says(maria, words))
    assert CheckIn.objects.get().score == 9
    alert = Alert.objects.get(reason="red_flag")
    assert (alert.severity, alert.patient, "fracture" in alert.detail) == ("high", maria, True)
    alerts.tell_providers(now=timezone.now())
    alerts.tell_providers(now=timezone.now())
    sent = only(mail.outbox)
    assert sent.to == ["alice@example.org"]
    assert f"/admin/exercises/alert/{alert.pk}/change/" in sent.body
    for secret in ("Maria", "Lopez", "red", "fracture", "walk", str(maria.phone)):
        assert secret not in (sent.subject + sent.body).replace(str(alert.pk), "")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_nudge_comes_once_and_only_without_an_answer(
    story: Story, clinic: Clinic, language: str
) -> None:
    maria = enrol(clinic, language=language, check_in=time(8, 30), nudge=time(14))
    first, nudge = story.go_to(at(14, 1), maria)["Maria"][1:]
    assert ("We missed you" in nudge) or ("nos falt" in nudge)
    assert nudge != first
    story.says(maria, "5")
    assert CheckIn.objects.get().local_date == TUESDAY
    # The next day the answer is faster.
    story.go_to(at(8, 31, day=1), maria)
    story.says(maria, "4")
    assert story.go_to(at(14, 1, day=1), maria)["Maria"] == []
    reasons = OutboundMessage.objects.filter(kind="nudge").order_by("due_at")
    assert list(reasons.values_list("skip_reason", flat=True)) == ["", "answered"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_answer_that_races_the_nudge_wins_while_it_waits(
    story: Story, clinic: Clinic, simulator: SimulatedTwilio, language: str
) -> None:
    maria = enrol(clinic, language=language, check_in=time(8, 30), nudge=time(14))
    story.go_to(at(13, 59, second=59), maria)
    before = len(story.texts(maria))
    write_due(now=at(14))  # the nudge waits in the outbox
    factories.received("5", maria, at=at(14))
    inbound.read_inbound(now=at(14))
    sending.send_waiting(clock=lambda: at(14, second=1))
    assert OutboundMessage.objects.get(kind="nudge").skip_reason == "answered"
    assert len(story.texts(maria)) == before + 1  # the thanks


@pytest.mark.parametrize(
    ("language", "later", "remind", "undo", "undone"),
    [
        ("en", "later 2h", "We will remind you at 2:0", "undo", "took that back"),
        ("es", "luego 2 horas", "Se lo recordaremos a las 14:0", "deshacer", "lo borramos"),
    ],
)
def test_later_and_undo(
    story: Story, clinic: Clinic, language: str, later: str, remind: str, undo: str, undone: str
) -> None:
    maria = enrol(clinic, language=language, check_in=time(8, 30), exercise=time(12))
    clinic.prompts_per_day = 3
    clinic.save()
    story.go_to(at(8, 31), maria)
    story.says(maria, "7")
    assert undone in only(story.says(maria, undo))
    assert CheckIn.objects.get().taken_back_at is not None
    story.says(maria, "5")
    assert [entry.score for entry in CheckIn.objects.get().entries.all()] == [7, 5]
    story.go_to(at(12, 1), maria)
    assert remind in only(story.says(maria, later))
    assert story.go_to(at(13, 55), maria)["Maria"] == []
    assert len(story.go_to(at(14, 5), maria)["Maria"]) == 1
    assert OutboundMessage.objects.filter(kind="exercise").count() == 2


@pytest.mark.parametrize(
    ("language", "reply", "kept"),
    [
        ("en", "6 hours", "wrote down the hours"),
        ("es", "6 horas", "Anotamos las horas"),
        ("en", "5", "wrote down the hours"),
    ],
)
def test_hours_of_the_night_are_told_in_the_morning(
    story: Story, clinic: Clinic, language: str, reply: str, kept: str
) -> None:
    maria = enrol(clinic, language=language, splint=time(19, 30), check_in=time(8, 30))
    story.go_to(at(8, 31), maria)
    story.says(maria, "4")
    story.go_to(at(7, day=1), maria)
    assert kept in only(story.says(maria, reply))
    log = SessionLog.objects.get()
    assert (log.kind, log.local_date, int(log.hours or 0)) == ("splint", TUESDAY, int(reply[0]))
    # After the next question a number is a score again.
    story.go_to(at(8, 31, day=1), maria)
    story.says(maria, "3")
    assert CheckIn.objects.count() == 2


def test_after_midnight_a_reply_still_answers_yesterday(story: Story, clinic: Clinic) -> None:
    maria = enrol(clinic, average=time(19, 30), check_in=time(8, 30))
    story.go_to(at(0, 20, day=1), maria)
    story.says(maria, "6")
    check_in = CheckIn.objects.get()
    assert (check_in.kind, check_in.local_date) == ("average", TUESDAY)


def test_five_silent_days_end_the_questions_until_somebody_speaks(
    story: Story, clinic: Clinic, alice: User
) -> None:
    maria = enrol(clinic, assigned_by=alice, check_in=time(8, 30))
    texts = story.go_to(at(21, day=8), maria)["Maria"]
    assert len(texts) == 1 + 5  # the welcome, then five questions
    skipped = OutboundMessage.objects.filter(skip_reason="silent").count()
    assert skipped == 4
    reasons = Alert.objects.order_by("opened_at").values_list("reason", flat=True)
    assert list(reasons) == ["silent_3", "texts_stopped", "silent_7"]
    stopped = Alert.objects.get(reason="texts_stopped")
    acknowledge(alert=stopped, by=alice, note="Called: she was on holiday.", now=timezone.now())
    assert len(story.go_to(at(9, day=9), maria)["Maria"]) == 1
    story.says(maria, "5")
    assert len(story.go_to(at(9, day=10), maria)["Maria"]) == 1


def test_a_doubtful_opt_out_holds_every_text_until_somebody_looked(
    story: Story, clinic: Clinic, alice: User
) -> None:
    maria = enrol(clinic, assigned_by=alice, check_in=time(8, 30))
    story.go_to(at(8, 31), maria)
    assert "no more texts? Then reply STOP" in only(story.says(maria, "wrong number"))
    assert story.says(maria, "wrong number, I said") == []
    assert PhoneConsent.objects.get().state == "held"
    assert Alert.objects.get().reason == "doubtful_opt_out"
    assert story.go_to(at(8, 31, day=1), maria)["Maria"] == []
    assert OutboundMessage.objects.filter(skip_reason="consent_held").exists()
    consent = PhoneConsent.objects.get()
    assert decide(consent=consent, may_text=True, by=alice, now=timezone.now())
    assert not decide(consent=consent, may_text=True, by=alice, now=timezone.now())
    assert len(story.go_to(at(8, 31, day=2), maria)["Maria"]) == 1


def test_stop_while_fifty_texts_wait(
    story: Story, clinic: Clinic, simulator: SimulatedTwilio
) -> None:
    maria = enrol(clinic, check_in=time(8, 30))
    story.go_to(at(8, 31), maria)
    program = Program.objects.get()
    for slot in range(1, 51):
        factories.asked(program, slot=slot, status="waiting", at=at(8, 31))
    sid = simulator.text_from(str(maria.phone), "Stop")["sid"]
    eventually(lambda: InboundMessage.objects.filter(message_sid=sid).exists())
    accepted = simulator.stats()["accepted"]
    inbound.read_inbound(now=timezone.now())
    story.tick()
    assert simulator.stats()["accepted"] == accepted
    assert OutboundMessage.objects.filter(skip_reason="opted_out").count() == 50
    event = ConsentEvent.objects.get(state="revoked")
    assert (event.words, event.how, event.inbound and event.inbound.message_sid) == (
        "Stop",
        "sms",
        sid,
    )
    assert event.created_at is not None


@pytest.mark.parametrize(
    ("label", "body", "media", "answers"),
    [
        ("ten thousand letters", "a" * 10_000, 0, ["noted"]),
        ("a picture without words", "", 1, ["no_pictures"]),
        ("right-to-left and invisible marks", "\u202e\u200b6\u202c", 0, ["recorded"]),
        ("nothing at all", "", 0, ["noted"]),
    ],
)
def test_odd_texts_have_a_quiet_outcome_and_are_kept(
    story: Story, clinic: Clinic, label: str, body: str, media: int, answers: list[str]
) -> None:
    maria = enrol(clinic, check_in=time(8, 30))
    story.go_to(at(8, 31), maria)
    for _ in range(3):
        row = factories.received(body, maria, at=timezone.now())
        InboundMessage.objects.filter(pk=row.pk).update(media_count=media)
        inbound.read_inbound(now=timezone.now())
        row.refresh_from_db()
        assert (row.body, row.state) == (body, "handled"), label
    replies = OutboundMessage.objects.filter(kind="reply").order_by("pk")
    assert list(replies.values_list("wording", flat=True))[: len(answers)] == answers


@pytest.mark.parametrize("body", ["I am driving and will reply later.", "3-4", "numb", "what?"])
def test_an_auto_responder_ends_in_silence(story: Story, clinic: Clinic, body: str) -> None:
    maria = enrol(clinic, check_in=time(8, 30))
    story.go_to(at(8, 31), maria)
    rounds = [story.says(maria, body) for _ in range(8)]
    assert sum(map(len, rounds)) <= 3
    assert rounds[-1] == []


def test_an_escalated_alert_tells_the_clinics_admins(
    clinic: Clinic, alice: User, time_machine: time_machine.TimeMachineFixture
) -> None:
    time_machine.move_to(at(15))
    boss = factories.ProviderFactory.create(
        clinic=clinic, role=Provider.Role.CLINIC_ADMIN, user__email="boss@example.org"
    )
    maria = factories.PatientFactory.create(clinic=clinic)
    program = factories.program(maria, now=at(15))
    Program.objects.update(assigned_by=alice)
    record_check_in(
        program=program, local_date=TUESDAY, score=10, source="sms", client_id="a", now=at(15)
    )
    assert Alert.objects.get().deadline == at(17)  # two working hours
    alerts.tell_providers(now=at(15))
    alerts.tell_providers(now=at(16, 59))
    assert [message.to for message in mail.outbox] == [["alice@example.org"]]
    alerts.tell_providers(now=at(17))
    alerts.tell_providers(now=at(18))
    told = [(message.subject, message.to[0]) for message in mail.outbox[1:]]
    subject = "Today: Nobody has looked yet: a patient of Bay Foot"
    assert told == [(subject, "alice@example.org"), (subject, boss.user.email)]


def test_a_mail_server_that_is_away_is_asked_again(
    clinic: Clinic, alice: User, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    program = factories.program(factories.PatientFactory.create(clinic=clinic))
    now = factories.CHECK_IN_AT
    record_check_in(
        program=program, local_date=TUESDAY, score=10, source="sms", client_id="a", now=now
    )

    def away(*_: object, **__: object) -> int:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(alerts, "send_mail", away)
    assert alerts.tell_providers(now=now) == 0
    monkeypatch.undo()
    assert alerts.tell_providers(now=now + timedelta(minutes=1)) == 0
    assert alerts.tell_providers(now=now + alerts.RETRY_AFTER) == 1
    assert alerts.tell_providers(now=now + timedelta(hours=1)) == 0
