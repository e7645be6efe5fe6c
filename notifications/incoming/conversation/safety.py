"""What a red flag does: the clinic and the patient are told at once."""

from __future__ import annotations

from notifications.incoming.conversation.record import record_score
from notifications.incoming.conversation.turn import Turn
from notifications.incoming.questions import SCORES, of_sides, open_ones
from notifications.wording import safety_wording


def red_flag(turn: Turn) -> None:
    """Tell the clinic and the patient at once; a score in the same text counts too."""
    turn.alert_all()
    scored = open_ones(turn.questions, SCORES)
    one_side = not of_sides(turn.questions, SCORES)
    if turn.reply.score is not None and len(scored) == 1 and one_side:
        record_score(turn, scored[0], turn.reply.score)
    turn.answer(safety_wording(turn.reply.flags), turn.patients[0])
