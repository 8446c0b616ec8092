"""/settings: all that a reader has chosen on one page, edited in place.

What takes one tap is changed on the page itself; hours, sections, quiet hours and the zone have a
page of buttons each, which leads back here.
"""

from __future__ import annotations

from bot.commands.reader import chosen, keys
from bot.commands.reader.choices import Choices, choices_of, defaults
from bot.commands.reader.start import next_digest_words, start
from bot.commands.touch import Rows, Touch, page
from bot.model import Button


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
    words = list(chosen.everything(touch, choices, await chosen.names_of(touch, choices)))
    if not reader.is_active:
        words.append(texts.say("settings.stopped"))
    to_pages = [
        Button(texts.say("settings.hours_button"), call="to:h"),
        Button(texts.say("settings.zone_button"), call="zn:s"),
        Button(texts.say("settings.sections_button"), call="to:t"),
        Button(texts.say("settings.quiet_button"), call="to:q"),
    ]
    buttons = (
        *keys.rows(to_pages, 2),
        *keys.urgent(reader.urgent, "s", texts, in_settings=True),
        *keys.length(reader.length, "s", texts),
        (
            keys.quiet_day("s", texts, is_wanted=reader.wants_quiet_day),
            Button(texts.say("words.follow"), call="go:follow"),
        ),
        (
            Button(texts.say("words.mydata"), call="go:mydata"),
            Button(texts.say("settings.restore_button"), call="to:r"),
        ),
    )
    await touch.show(page(*words, heading=texts.say("settings.heading"), buttons=buttons))


async def draw_hours(touch: Touch, choices: Choices, _: int) -> None:
    """Draw the page of the digest's hours and days."""
    texts = touch.texts
    lines = (chosen.hours(choices, texts), chosen.days(choices, texts), chosen.zone(touch, choices))
    await touch.show(
        page(
            "\n".join(lines),
            next_digest_words(touch, choices),
            heading=texts.say("settings.hours_button"),
            buttons=(*keys.hours(choices, "h", texts), *keys.weekdays(choices, "h"), _back(touch)),
        )
    )


async def draw_sections(touch: Touch, choices: Choices, _: int) -> None:
    """Draw the page of the sections, each in the digest, at once, or not at all."""
    texts = touch.texts
    every = Button(texts.say("start.every_section"), call="sec:all:digest:t")
    await touch.show(
        page(
            "\n".join(chosen.sections(choices, texts)),
            texts.say("settings.legend"),
            heading=texts.say("settings.sections_button"),
            buttons=(
                *keys.sections(choices, "t", texts, with_instant=True),
                (every,),
                _back(touch),
            ),
        )
    )


async def draw_quiet(touch: Touch, choices: Choices, _: int) -> None:
    """Draw the page of the quiet hours."""
    texts = touch.texts
    other = Button(texts.say("settings.other_quiet"), call="qx:q")
    await touch.show(
        page(
            chosen.quiet(choices, texts),
            heading=texts.say("settings.quiet_button"),
            buttons=(
                *keys.quiet(choices.subscriber.quiet, "q", texts),
                (other,),
                _back(touch),
            ),
        )
    )


async def draw_restore(touch: Touch, choices: Choices, _: int) -> None:
    """Ask whether all is to be as it was on the first day, and say what that means."""
    texts = touch.texts
    first_day = defaults(choices.subscriber, touch.room.config, touch.now)
    await touch.show(
        page(
            texts.say("settings.restore_question"),
            *chosen.everything(touch, first_day, await chosen.names_of(touch, first_day)),
            texts.say("settings.restore_means"),
            heading=texts.say("settings.restore_button"),
            buttons=((Button(texts.say("settings.restore_yes"), call="rs:s"),), _back(touch)),
        )
    )


def _back(touch: Touch) -> tuple[Button, ...]:
    return (Button(touch.texts.say("brief.back"), call="to:s"),)


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
    buttons: Rows = (
        *keys.rows(usual, 3),
        (Button(texts.say("digest_settings.other_zone"), call=f"zx:{place}"),),
        (Button(texts.say("brief.back"), call=f"to:{place}"),),
    )
    which = texts.say("digest_settings.which_zone")
    await touch.show(page(which, chosen.zone(touch, choices), buttons=buttons))
