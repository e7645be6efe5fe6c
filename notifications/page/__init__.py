"""What the patient's own page has of texts: messages, and what the patient sets."""
