"""A Twilio-compatible server with virtual phones: in memory, never in production."""
