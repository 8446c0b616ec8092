"""answerInlineQuery: what a bot offers for a query → offers that a person may choose from."""

from __future__ import annotations

import re

from bot.sandbox.desk import Desk
from bot.sandbox.entities import formatted
from bot.sandbox.keyboards import inline
from bot.sandbox.methods.sending import caption
from bot.sandbox.nouns import Content, Json, Media
from bot.sandbox.offers import Offer, Offers
from bot.sandbox.refusals import bad_request

MOST = 50  # results an answer; Bot API answerInlineQuery, as the next three
ID_LIMIT = 64  # bytes
OFFSET_LIMIT = 64  # bytes
_START = re.compile(r"[\w-]{1,64}\Z", re.ASCII)
_CACHED = 300  # seconds an answer serves when the bot does not say
_SHOWN = ("type", "id", "title", "description", "thumbnail_url", "url", "photo_url")


async def answer_inline_query(desk: Desk, call: Json) -> bool:
    """Answer an inline query while it is young."""
    if len(call["results"]) > MOST:
        raise bad_request("too many inline query results specified")
    _check(call)
    query = desk.inline.queries.get(call["inline_query_id"])
    if query is None or desk.steady() - query.moment > desk.query_age:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    offers = Offers(
        tuple([await _offer(desk, result) for result in call["results"]]),
        call.get("next_offset", ""),
        call.get("button"),
        call.get("cache_time", _CACHED),
        call.get("is_personal", False),
    )
    desk.inline.settle(query, offers, desk.steady())
    desk.events.pulse()
    return True


def _check(call: Json) -> None:
    """Refuse what Telegram's servers refuse of an answer, in their words."""
    ids = [result["id"] for result in call["results"]]
    if not all(1 <= len(one.encode()) <= ID_LIMIT for one in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(call.get("next_offset", "").encode()) > OFFSET_LIMIT:
        raise bad_request("NEXT_OFFSET_INVALID")
    button = call.get("button")
    if button is not None and not button["text"].strip():
        raise bad_request("SWITCH_PM_TEXT_EMPTY")
    if button is not None and not _START.match(button.get("start_parameter", "a")):
        raise bad_request("START_PARAM_INVALID")


async def _offer(desk: Desk, result: Json) -> Offer:
    if result["type"] == "article" and not result["title"].strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    shown = {key: result[key] for key in _SHOWN if key in result}
    return Offer(shown, await _content(desk, result), inline(result.get("reply_markup")))


async def _content(desk: Desk, result: Json) -> Content:
    words = result.get("input_message_content")
    if words is None:
        file = await desk.files.resolve("photo", result["photo_url"])
        return Content(*caption(result), Media("photo", file))
    text = formatted(words["message_text"], words.get("parse_mode", ""), words.get("entities", ()))
    return Content(*text, preview=words.get("link_preview_options"))
