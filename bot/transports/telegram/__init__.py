"""Telegram as a way out: a brief's blocks become its letters (pure), and the letters are sent."""
