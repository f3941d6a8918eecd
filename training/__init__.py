"""Recipes of the models that qabot ships. They need the extra `models`, and are not part of the wheel."""
