"""The Arabic room: pure functions on text, called by every room that indexes, compares or shows."""
