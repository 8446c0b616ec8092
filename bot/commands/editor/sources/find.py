"""An address that an editor typed → a search for the feed behind it, and its preview.

The answer comes at once; the search is an errand that edits it. A feed that we have already, also
by an address it had before, is opened instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.commands.editor.sources import add, one
from bot.commands.reader import asking
from bot.commands.touch import Rows, Touch, page
from bot.errors import FetchError
from bot.feeds.addresses import spellings
from bot.feeds.discover import Found, Step, address_in
from bot.model import Brief, Button, Feed
from bot.storage import desk, sources
from bot.transports.telegram import pages

LIST = "so:1"


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a search is for: a new feed, or (``feed``) another address of one that we have.

    ``number`` is the page of the list to go back to.
    """

    feed: int = 0
    number: int = 1

    @property
    def back(self) -> str:
        """Return the call of the way back."""
        return f"sf:{self.feed}:{self.number}" if self.feed else LIST


async def ask(touch: Touch) -> None:
    """Ask for an address."""
    back = _back(touch, Purpose())
    await asking.ask(touch, desk.Prompt("source", {}), touch.texts.say("sources.ask.address"), back)


async def answer(touch: Touch, _: desk.Prompt) -> None:
    """Look for the feed behind the address that was typed."""
    await look_for(touch, touch.typed)


async def answer_new_address(touch: Touch, prompt: desk.Prompt) -> None:
    """Look for a feed at the address to which one of ours is to move."""
    purpose = Purpose(int(prompt.args["feed"]), int(prompt.args["page"]))
    await look_for(touch, touch.typed, purpose)


async def look_for(touch: Touch, typed: str, purpose: Purpose = Purpose()) -> None:
    """Begin a search, or say why none can be; a question that was asked stays open then."""
    texts, room = touch.texts, touch.room
    typed_address = address_in(typed)
    if not typed_address:
        await touch.say(texts.say("sources.ask.no_address"), _back(touch, purpose))
        return
    try:
        url = room.discoverer.check(typed_address)
    except FetchError as error:
        await touch.show(_refusal(touch, error, purpose))
        return
    async with room.storage.transaction() as tx:
        await asking.settle(tx, touch)
    known = await _known(touch, url, purpose)
    if known is not None:
        await touch.show(await _as_known(touch, known, purpose))
        return
    message = await touch.reply(_searching(touch, url, Step.ADDRESS))
    room.errands.begin(touch.chat, _search(touch, url, purpose, message))


async def other(touch: Touch) -> None:
    """Look at another feed that the page named."""
    view = await add.view_of(touch)
    if view is None:
        return
    places = str(view.args["others"]).split("\n")
    place = int(touch.args[1])
    if place >= len(places) or touch.query is None or touch.query.message is None:
        await touch.refuse_old()
        return
    url = places.pop(place)
    left = (str(view.args["url"]), *places)
    purpose = Purpose(int(view.args["feed"]), int(view.args["page"]))
    await touch.show(_searching(touch, url, Step.ADDRESS))
    message = touch.query.message.message_id
    touch.room.errands.begin(touch.chat, _search(touch, url, purpose, message, left))


async def stop(touch: Touch) -> None:
    """End a search."""
    touch.room.errands.end(touch.chat)
    back = _back(touch, Purpose())
    await touch.show(page(touch.texts.say("sources.find.stopped"), buttons=back))


async def _search(
    touch: Touch, url: str, purpose: Purpose, message: int, others: tuple[str, ...] = ()
) -> None:
    """Search, telling each step in the message, and put what was found in its place."""

    async def told(step: Step) -> None:
        if step is not Step.ADDRESS:
            await put(_searching(touch, url, step))

    async def put(brief: Brief) -> None:
        await pages.edit(touch.bot, touch.chat, message, brief, touch.room.username)

    try:
        found = await touch.room.discoverer.find(url, told)
        shown = await _offer(touch, found, purpose, others)
    except FetchError as error:
        shown = _refusal(touch, error, purpose)
    except Exception:
        await put(page(touch.texts.say("errors.failed"), buttons=_back(touch, purpose)))
        raise
    await put(shown)


async def _offer(touch: Touch, found: Found, purpose: Purpose, others: tuple[str, ...]) -> Brief:
    known = await _known(touch, found.url, purpose)
    if known is not None:
        return await _as_known(touch, known, purpose)
    offer = add.Offer(found.url, found.document, others or found.others)
    return await add.offer(touch, offer, feed=purpose.feed, number=purpose.number)


async def _known(touch: Touch, url: str, purpose: Purpose) -> Feed | None:
    """Return the feed that has this address; one that was there before may move back."""
    known = await sources.at_address(touch.room.storage, spellings(url))
    if known is None or (known.id == purpose.feed and known.url != url):
        return None
    return known


async def _as_known(touch: Touch, known: Feed, purpose: Purpose) -> Brief:
    key = "sources.find.taken" if purpose.feed else "sources.find.known"
    note = "" if known.removed_at else touch.texts.say(key, name=known.source.name)
    return await one.brief(touch, known, purpose.number, note=note)


def _searching(touch: Touch, url: str, step: Step) -> Brief:
    texts = touch.texts
    words = texts.say(f"sources.find.step.{step}", host=urlsplit(url).hostname or url)
    return page(words, buttons=((Button(texts.say("sources.find.stop"), call="src:stop"),),))


def _refusal(touch: Touch, error: FetchError, purpose: Purpose) -> Brief:
    texts = touch.texts
    again = f"src:address:{purpose.feed}:{purpose.number}" if purpose.feed else "src:new"
    buttons = (
        (Button(texts.say("sources.find.again"), call=again),),
        *_back(touch, purpose),
    )
    why = texts.say(f"sources.reason.{error.cause}")
    words = texts.say("sources.find.nothing", reason=why)
    return page(words, texts.say(f"sources.find.remedy.{_remedy_of(error)}"), buttons=buttons)


def _remedy_of(error: FetchError) -> str:
    """Say which advice helps who looks for a feed."""
    known = ("no_feed", "gone", "forbidden_address", "no_address")
    return error.cause.value if error.cause.value in known else "later"


def _back(touch: Touch, purpose: Purpose) -> Rows:
    return ((Button(touch.texts.say("brief.back"), call=purpose.back),),)
