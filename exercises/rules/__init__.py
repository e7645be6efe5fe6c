"""The clinic's rules: pure functions of what they are given.

Nothing here reads the clock, the database or a setting, and nothing imports Django's models or the
framework of the API: a rule can be read, and tested, by itself.
"""
