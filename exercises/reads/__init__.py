"""Reads: frozen dataclasses and plain sets, each in a constant number of queries.

Nothing here writes, and nothing decides: rules do, on what reads gather.
"""
