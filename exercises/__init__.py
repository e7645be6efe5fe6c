"""Who does what, when, and how it felt."""
