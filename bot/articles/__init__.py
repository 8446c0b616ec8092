"""Entries become articles here: known again or new, placed in a section, judged for urgency."""
