"""Handlers: one file for each kind of thing that people do."""
