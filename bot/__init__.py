"""Mujaz: polls Arabic news feeds and pushes short, well-set briefs to Telegram readers."""

__version__ = "0.1.0"
