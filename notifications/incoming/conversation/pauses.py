"""LATER, PAUSE and RESUME."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import formats, translation

from exercises.models import Patient, Program
from exercises.rules.recurrence import instant_of
from exercises.services import pause_program, resume_program
from notifications import outbox
from notifications.incoming.conversation.turn import ONE_DAY, Turn, day_in_words


def later(turn: Turn) -> None:
    """Ask once more in a while, if that is still today and within the patient's hours."""
    unanswered = [question for question in turn.questions if not question.answered]
    newest = {question.patient.pk: question for question in reversed(unanswered)}
    question = turn.one(list(newest.values()))
    if question is None:
        if not newest:
            turn.note()
        return
    patient = question.patient
    due_at = _when(turn, patient)
    local = due_at.astimezone(patient.zone)
    first, until = patient.texting_hours
    turn.inbound.patient = patient
    if local.date() != question.local_date or not first <= local.time() < until:
        turn.answer("too_late", patient)
        return
    outbox.add_postponed(inbound=turn.inbound, question=question.message, due_at=due_at)
    turn.answer("later", patient, detail=_clock(local.time(), patient))


def _when(turn: Turn, patient: Patient) -> datetime:
    """When it was asked for: in so many minutes, or at the next such time of the day within the
    patient's hours; one that is over is told as too late.
    """
    if not turn.reply.times:
        return turn.now + timedelta(minutes=turn.reply.minutes or 0)
    today = turn.said_at.astimezone(patient.zone).date()
    first, until = patient.texting_hours
    found = [instant_of(today, at, patient.zone) for at in turn.reply.times]
    ahead = [at for at in found if at is not None and at > turn.now]
    fitting = [at for at in ahead if first <= at.astimezone(patient.zone).time() < until]
    return min(fitting or ahead, default=turn.now + ONE_DAY)


def pause(turn: Turn) -> None:
    """No texts for some days; another length while it lasts replaces it."""
    running = [
        program
        for patient in turn.patients
        for program in patient.programs.exclude(status=Program.Status.ENDED)
        if program.is_patients_to_pause
    ]
    who = {program.patient_id: program.patient for program in running}
    if len(who) > 1:
        turn.ask_who(list(who.values()))
        return
    if not who:
        _note(turn)
        return
    patient = running[0].patient
    until = turn.said_at.astimezone(patient.zone).date() + timedelta(days=turn.reply.days or 0)
    while instant_of(until, time.min, patient.zone) is None:
        until += ONE_DAY
    for program in running:
        pause_program(program=program, until=until, by_patient=True)
    turn.inbound.patient = patient
    turn.answer("paused", patient, detail=day_in_words(until, patient.language))


def resume(turn: Turn) -> None:
    """Go on before the patient's own pause is over; about the clinic's a person answers."""
    paused = [
        program
        for patient in turn.patients
        for program in patient.programs.filter(
            status=Program.Status.PAUSED, paused_by_patient=True
        ).select_related("patient__clinic")
    ]
    who = {program.patient_id: program.patient for program in paused}
    if len(who) > 1:
        turn.ask_who(list(who.values()))
        return
    if not paused:
        _note(turn)
        return
    for program in paused:
        resume_program(program=program, now=turn.now)
    turn.inbound.patient = paused[0].patient
    turn.answer("resumed", paused[0].patient)


def _note(turn: Turn) -> None:
    """Nothing of the patient's own to pause or to end: the clinic's pause is the clinic's."""
    paused = Program.objects.filter(patient__in=turn.patients, status=Program.Status.PAUSED)
    turn.is_left_to_the_clinic = paused.exists()
    turn.note()


def _clock(local_time: time, patient: Patient) -> str:
    with translation.override(patient.language):
        return formats.time_format(local_time, "TIME_FORMAT")
