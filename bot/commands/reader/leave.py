"""/stop and /help: the way out, and what may be asked."""

from __future__ import annotations

from bot.commands.touch import Touch, page
from bot.model import Button
from bot.storage import desk, subscribers


async def stop(touch: Touch) -> None:
    """Send no more; what was chosen stays for the day the reader comes back."""
    async with touch.room.storage.transaction() as tx:
        reader = await subscribers.find(tx, touch.room.bot, touch.chat)
        if reader is not None:
            await subscribers.leave(tx, reader.id, touch.now)
        await desk.unask(tx, touch.chat, touch.person)
    back = ((Button(touch.texts.say("stop.back"), call="go:start"),),)
    await touch.show(page(touch.texts.say("stop.done"), buttons=back))


async def help_(touch: Touch) -> None:
    """Say what Mujaz understands; editors read of the desk as well."""
    texts = touch.texts
    words = [texts.say("help.words", name=touch.room.config.news.name)]
    if touch.is_editor:
        words.append(texts.say("help.editor"))
    if touch.is_owner:
        words.append(texts.say("help.owner"))
    buttons = ((
        Button(texts.say("words.sections"), call="go:sections"),
        Button(texts.say("words.settings"), call="go:settings"),
    ),)  # fmt: skip
    await touch.show(page(*words, buttons=buttons))
