"""Telegram on the desk: a local Bot API that checks and refuses as Telegram does.

It stands alone: the demo, the tests and contributors talk to it over HTTP, as a bot would.
"""
