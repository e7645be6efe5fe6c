"""The outbox: the only writer of `OutboundMessage.status`.

Each function is one move in the drawing of `OutboundMessage`, as a single guarded UPDATE, so that
two processes making the same move make it once.
"""

from notifications.outbox.adding import (
    PRIORITY,
    Priority,
    add_code,
    add_confirmation,
    add_link,
    add_message,
    add_occurrences,
    add_postponed,
    add_reply,
)
from notifications.outbox.attempts import (
    claim,
    finish_attempts,
    skip_all,
    skip_patient,
    skip_phone,
    start_attempts,
    wait_for_hours,
    with_safety_texts,
    withdraw,
)
from notifications.outbox.outcomes import (
    apply_callback,
    doubt,
    expire_leases,
    move_forward,
    postpone_look,
    settle_as_absent,
    settle_as_known,
    settle_as_never_left,
)
from notifications.outbox.states import (
    ALLOWED_MOVES,
    ENDED,
    FROM_TWILIO,
    HALF_WAY,
    LEASE,
    LONGEST_REQUEST,
    RANK,
    RETRY_AFTER,
    AttemptResult,
    kept_words,
)

__all__ = [
    "ALLOWED_MOVES",
    "ENDED",
    "FROM_TWILIO",
    "HALF_WAY",
    "LEASE",
    "LONGEST_REQUEST",
    "PRIORITY",
    "RANK",
    "RETRY_AFTER",
    "AttemptResult",
    "Priority",
    "add_code",
    "add_confirmation",
    "add_link",
    "add_message",
    "add_occurrences",
    "add_postponed",
    "add_reply",
    "apply_callback",
    "claim",
    "doubt",
    "expire_leases",
    "finish_attempts",
    "kept_words",
    "move_forward",
    "postpone_look",
    "settle_as_absent",
    "settle_as_known",
    "settle_as_never_left",
    "skip_all",
    "skip_patient",
    "skip_phone",
    "start_attempts",
    "wait_for_hours",
    "with_safety_texts",
    "withdraw",
]
