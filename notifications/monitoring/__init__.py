"""What the operator sees: figures, heartbeats, and the texts of a day."""
