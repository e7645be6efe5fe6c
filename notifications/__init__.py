"""Texts: one module per arrow of the picture in the README."""
