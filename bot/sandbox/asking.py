"""What a person does in inline mode: asks ``@bot …`` in any chat, then posts a result there."""

from __future__ import annotations

import asyncio

from bot.sandbox.nouns import Chat, Json
from bot.sandbox.offers import InlineQuery, Offers
from bot.sandbox.people import PATIENCE, People
from bot.sandbox.refusals import bad_request

QUERY_LIMIT = 256  # letters; Bot API InlineQuery


class Asking(People):
    """Ask the bot from within any chat."""

    async def ask(
        self, person: int, query: str, offset: str = "", *, chat: int | None = None
    ) -> list[Json]:
        """Type ``@bot`` and a query; return the results that the bot offers."""
        results: list[Json] = (await self.inline(person, query, offset, chat=chat))["results"]
        return results

    async def inline(
        self, person: int, query: str, offset: str = "", *, chat: int | None = None
    ) -> Json:
        """Type ``@bot`` and a query; return ``{"results", "next_offset", "button"}``.

        Raise a 400 when the bot does not answer in time.
        """
        place = self._place(self.desk.world.person(person), chat)
        query, now = query[:QUERY_LIMIT], self.desk.steady()
        offers = self.desk.inline.known(person, query, offset, now)
        if offers is None:
            offers = await self._answered(person, query, offset, place)
        self.desk.inline.show(person, offers, is_first=not offset)
        return offers.json()

    async def choose(self, person: int, result: str, *, chat: int | None = None) -> Json:
        """Post a result that is on the screen, as one's own message "via" the bot."""
        offer = self.desk.inline.chosen(person, result)
        if offer is None:
            raise bad_request("no such result is on the person's screen")
        return await self._post(person, chat, offer.content, markup=offer.markup, is_via=True)

    async def _answered(self, person: int, query: str, offset: str, place: Chat) -> Offers:
        desk = self.desk
        asked = desk.ask_inline(person, query, offset)
        kind = "sender" if place.kind == "private" else place.kind
        desk.updates.add(
            "inline_query",
            {
                "id": asked.id,
                "from": desk.world.person(person).json(),
                "query": query,
                "offset": offset,
                "chat_type": kind,
            },
        )
        return await _patiently(asked)


async def _patiently(asked: InlineQuery) -> Offers:
    try:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.shield(asked.answer)
    except TimeoutError:
        raise bad_request("the bot is not responding") from None
