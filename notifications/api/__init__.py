"""The part of the HTTP API that speaks of texts, consent and codes."""
