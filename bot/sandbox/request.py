"""An HTTP request to the Bot API → its parameters and uploads; `server` reads with it.

Parameters may stand in the address, in a JSON body, in a form or in a multipart form.
"""

from __future__ import annotations

import json
from typing import TypeAlias

from aiohttp import web

from bot.sandbox.nouns import Json
from bot.sandbox.readers import Upload
from bot.sandbox.refusals import bad_request

Given: TypeAlias = tuple[Json, dict[str, Upload]]


async def read(request: web.Request) -> Given:
    """Read all parameters, those of the body over those of the address; raise a 400."""
    given: Json = dict(request.query)
    if request.method != "POST" or not request.can_read_body:
        return given, {}
    if request.content_type == "application/json":
        return given | _object(await request.text()), {}
    uploads: dict[str, Upload] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            uploads[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            given[name] = value
    return given, uploads


def _object(body: str) -> Json:
    try:
        given = json.loads(body or "{}")
    except ValueError:
        raise bad_request("can't parse request body as JSON") from None
    if not isinstance(given, dict):
        raise bad_request("object expected as request body")
    return given
