"""The patient's own page, opened by a link in a text. Works without JavaScript."""
