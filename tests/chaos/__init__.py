"""Kills, outages and replays against real processes; `make chaos` runs the long form."""
