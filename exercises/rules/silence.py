"""When a patient has gone quiet: days on which a question reached them and stayed unanswered.

Which did, `notifications.outgoing.asked` counts. docs/clinical-rules.md#alerts; the fifth day:
docs/messaging-rules.md#conversation.
"""

# After so many silent days we stop asking; somebody of the clinic has to.
STOP_ASKING_AFTER = 5
