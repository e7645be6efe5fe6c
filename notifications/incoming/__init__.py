"""From a received text to the record: read, understood, done, answered."""
