"""From a schedule to the phone: due, prepared, guarded, paced, sent, and what became of it."""
