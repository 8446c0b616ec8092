"""/settings: all that a reader may choose on one page, edited in place; and the choice of zone."""

from __future__ import annotations

from bot.commands.reader import keys
from bot.commands.reader.choices import Choices, choices_of
from bot.commands.reader.digest import days_words, hours_words, zone_words
from bot.commands.reader.start import start
from bot.commands.touch import Touch, page
from bot.model import FOLLOWABLE, Button, Mode
from bot.texts import Texts


async def settings(touch: Touch) -> None:
    """Show the page, or welcome who has not begun."""
    choices = await choices_of(touch)
    if choices is None:
        await start(touch)
    else:
        await draw(touch, choices, 0)


async def draw(touch: Touch, choices: Choices, _: int) -> None:
    """Draw the page: all that is chosen in words, all that can be changed in buttons."""
    texts, reader = touch.texts, choices.subscriber
    digest = (hours_words(touch, choices), days_words(touch, choices), zone_words(touch, choices))
    follows = [_followed(choices, mode, texts) for mode in Mode]
    others = (
        texts.say("settings.urgent", choice=texts.say(f"urgent.choices.{reader.urgent}")),
        _quiet_words(choices, texts),
    )
    words = ["\n".join(digest)]
    words += ["\n".join(filter(None, follows)) or texts.say("settings.no_sections")]
    words += ["\n".join(others), texts.say("settings.legend")]
    if not reader.is_active:
        words.append(texts.say("settings.stopped"))
    await touch.show(
        page(
            *words,
            heading=texts.say("settings.heading"),
            buttons=(
                *keys.hours(choices, "s", texts),
                *keys.weekdays(choices, "s"),
                (Button(texts.say("digest_settings.zone_button"), call="zn:s"),),
                *keys.sections(choices, "s", texts, with_instant=True),
                *keys.urgent(reader.urgent, "s", texts, in_settings=True),
                *keys.quiet(reader.quiet, "s", texts),
            ),
        )
    )


def _followed(choices: Choices, mode: Mode, texts: Texts) -> str:
    names = [
        texts.say(f"sections.{section}")
        for section in FOLLOWABLE
        if choices.follows.get(section) is mode
    ]
    listed = "\N{ARABIC COMMA} ".join(names)
    return texts.say(f"settings.follows.{mode}", sections=listed) if names else ""


def _quiet_words(choices: Choices, texts: Texts) -> str:
    chosen = choices.subscriber.quiet
    if chosen is None:
        return texts.say("settings.never_quiet")
    return texts.say("settings.quiet", start=keys.clock(chosen.start), end=keys.clock(chosen.end))


async def draw_zones(touch: Touch) -> None:
    """Offer the usual zones, another by its name, and the way back."""
    (place,) = touch.args
    choices = await choices_of(touch)
    if choices is None:
        await start(touch)
        return
    texts = touch.texts
    usual = [
        Button(keys.checked(name, zone == choices.subscriber.zone), call=f"zs:{zone}:{place}")
        for zone, name in texts.table("zones").items()
    ]
    await touch.show(
        page(
            texts.say("digest_settings.which_zone"),
            zone_words(touch, choices),
            buttons=(
                *keys.rows(usual, 3),
                (Button(texts.say("digest_settings.other_zone"), call=f"zx:{place}"),),
                (Button(texts.say("brief.back"), call=f"to:{place}"),),
            ),
        )
    )
