"""One text and what is known around it, with what every reading may need to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import formats, translation

from exercises.models import Alert, PageLink, Patient, Program
from exercises.models.people import Language
from exercises.rules.urgency import Urgency, after_working, most_urgent
from exercises.services import heard_from
from exercises.services.alerts import open_alert
from notifications import outbox
from notifications.incoming.conversation.reading import called
from notifications.incoming.parsing import Reply
from notifications.incoming.questions import Question
from notifications.models import InboundMessage, OutboundMessage

ONE_DAY = timedelta(days=1)


def day_in_words(local_date: date, language: str) -> str:
    """Such as "Mon Jan 12" or "lun 12 ene"."""
    with translation.override(language):
        if language == Language.SPANISH:
            return str(formats.date_format(local_date, "D j M")).lower()
        return str(formats.date_format(local_date, "D M j"))


def client_id(inbound: InboundMessage) -> str:
    """Under which the record keeps what a text said; the same text is never kept twice."""
    return f"sms:{inbound.message_sid}"


# The answers that say "kept for the clinic", and how many of them a phone gets a day.
NOTES = ("noted", "noted_closed", "no_pictures")
MOST_NOTES = 3


def noted(patient: Patient, *, now: datetime) -> tuple[str, str]:
    """The answer to words for a person, and its detail: who reads when must be true."""
    hours = patient.clinic.hours
    opens = after_working(timedelta(), since=now, hours=hours)
    day = opens.astimezone(hours.zone).date()
    if day == now.astimezone(hours.zone).date() or not hours.is_open(opens):
        return "noted", ""
    return "noted_closed", day_in_words(day, patient.language)


@dataclass
class Turn:
    """A text, how it was read, and the patients it may be from."""

    inbound: InboundMessage
    reply: Reply
    patients: list[Patient]
    now: datetime
    consent_changed: bool = False
    # A command that only the clinic can carry out stands in its inbox, as words do.
    is_left_to_the_clinic: bool = False
    # An answer that says nothing beside what was asked: no person needs to read it.
    is_all_read: bool = False
    questions: list[Question] = field(default_factory=list)
    # When it was said: a text that is read late speaks of its own day.
    said_at: datetime = field(init=False)
    # What was said, without the name of who said it: of the text before, when only a name came.
    said: str = field(init=False)

    def __post_init__(self) -> None:
        """Twilio's clock may be ahead of ours."""
        self.said_at = min(self.inbound.received_at, self.now)
        self.said = self.inbound.body

    def heard(self, patient: Patient) -> None:
        """A sign of life ends a silence."""
        self.inbound.patient = patient
        for program in patient.programs.filter(status=Program.Status.ACTIVE):
            heard_from(program=program, now=self.now)

    def one(self, questions: Sequence[Question]) -> Question | None:
        """The one question meant; asks who is meant when two patients have one."""
        if len(questions) > 1:
            self.ask_who([question.patient for question in questions])
            return None
        return questions[0] if questions else None

    def ask_who(self, patients: Sequence[Patient]) -> None:
        """Ask for the name, or for the number where a name would not tell."""
        own = {patient.pk for patient in patients}
        # Among everybody on the phone, so that a number means the same person in each question.
        everybody = zip(called(self.patients), self.patients, strict=True)
        told = [label for label, patient in everybody if patient.pk in own]
        names = ", ".join(told) if told[0][0].isdigit() else " / ".join(sorted(told))
        self.answer("ask_who", self.patients[0], names=names)

    def alert_all(self) -> None:
        """Nobody is left out when it is not clear who is meant."""
        detail = f"Words like: {', '.join(self.reply.flags)}"
        urgency = most_urgent(self.reply.flags)
        for patient in self.patients:
            self.alert(patient, Alert.Reason.RED_FLAG, detail, urgency)

    def alert(
        self, patient: Patient, reason: str, detail: str = "", urgency: Urgency | None = None
    ) -> None:
        """Tell the clinic about `patient`."""
        program = patient.programs.exclude(status=Program.Status.ENDED).first()
        open_alert(
            patient=patient,
            program=program,
            reason=reason,
            detail=detail,
            now=self.now,
            urgency=urgency,
        )

    def only_program(self) -> Program | None:
        """The active program of the one patient; otherwise says what is missing."""
        programs = [
            program
            for patient in self.patients
            for program in patient.programs.filter(status=Program.Status.ACTIVE)[:1]
        ]
        if len(programs) > 1:
            self.ask_who(self.patients)
        elif not programs:
            self.note()
        return programs[0] if len(programs) == 1 else None

    def note(self) -> None:
        """Kept for the clinic, and said so: each new thing that is written, but nothing twice and
        no more than `MOST_NOTES` a day, so that a machine on the other side is left alone.
        """
        only_picture = self.inbound.media_count and not self.inbound.body.strip()
        patient = self.patients[0]
        wording, detail = ("no_pictures", "") if only_picture else noted(patient, now=self.now)
        lately = OutboundMessage.objects.filter(
            to_phone=self.inbound.from_phone, wording__in=NOTES, due_at__gt=self.now - ONE_DAY
        ).values_list("answers__body", flat=True)
        answered = list(lately[:MOST_NOTES])
        if self.inbound.body not in answered and len(answered) < MOST_NOTES:
            self.answer(wording, patient, detail=detail)

    def answer(
        self,
        wording: str,
        patient: Patient,
        *,
        names: str = "",
        detail: str = "",
        body: str = "",
        opens: PageLink | None = None,
    ) -> None:
        """The one answer to this text; `body` where its words are known already."""
        outbox.add_reply(
            inbound=self.inbound,
            clinic=patient.clinic,
            patient=patient,
            wording=wording,
            names=names,
            detail=detail,
            body=body,
            opens=opens,
            now=self.now,
        )
