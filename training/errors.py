"""The error of the recipes; its cause and what mends it are shown in one line."""

from __future__ import annotations

from qabot.errors import QabotError


class TrainingError(QabotError):
    """Training data, a checkpoint or a folder cannot be used."""
