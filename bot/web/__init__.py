"""Our own small web server, only when ``[web]`` is set: health, metrics, and Telegram's webhook.

``app`` hands each page what it needs as plain functions; no page knows a job or a command.
"""
