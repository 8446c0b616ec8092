"""Addresses in, entries out: what a server answered becomes plain text and safe addresses."""
