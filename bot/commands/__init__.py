"""The tables of what people may do: commands, buttons, questions; `install` mounts them on PTB.

A command is a file in ``reader`` or ``editor`` and a line here. The scenes: `dispatch` turns an
update into a `touch` and finds the handler; `pages` is the one way an answer goes out; `calls`
reads the data of buttons; `membership` follows what becomes of the chat; `menu` presents us.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.commands import membership, menu
from bot.commands.calls import FOLLOWED, NUMBER, PLACE, SECTION, SWITCH, Call
from bot.commands.dispatch import Command, Dispatch, Question, on_error, on_group_command
from bot.commands.editor import broadcast, confirm, sources
from bot.commands.reader import (
    choose,
    digest,
    hours,
    leave,
    lists,
    search,
    settings,
    start,
    story,
)
from bot.commands.room import App, Room
from bot.commands.touch import Touch
from bot.model import Mode, SearchOrder, Section, UrgentChoice

COMMANDS: Final[tuple[Command, ...]] = (
    Command("start", "words.start", start.start, is_listed=False),
    Command("latest", "words.latest", lists.latest),
    Command("sections", "words.sections", lists.sections),
    Command("search", "words.search", search.search),
    Command("digest", "words.digest", digest.digest),
    Command("urgent", "words.urgent", lists.urgent),
    Command("settings", "words.settings", settings.settings),
    *(
        Command(section.value, f"sections.{section}", lists.of_section(section))
        for section in Section
    ),
    Command("stop", "words.stop", leave.stop),
    Command("help", "words.help", leave.help_),
    Command("broadcast", "words.broadcast", broadcast.broadcast, is_editors=True),
    Command("sources", "words.sources", sources.sources, is_editors=True),
)

_OPENED: Final = {command.word: command for command in COMMANDS if not command.is_editors}


async def _go(touch: Touch) -> None:
    """Open a reader's page by its command in the place of the page a button stands on."""
    (word,) = touch.args
    touch.args = ()
    await _OPENED[word].handler(touch)


_MODES = "|".join((*Mode, "off"))

# What buttons do; those of one reader's choices end in the place where the page stands.
CALLBACKS: Final[Mapping[str, Call]] = {
    "st": Call(story.more, (NUMBER,), more=(NUMBER, NUMBER)),
    "br": Call(story.brief, (NUMBER,)),
    "pg": Call(lists.turn_page, (NUMBER, NUMBER)),
    "od": Call(search.reorder, (NUMBER, "|".join(SearchOrder))),
    "sc": Call(lists.section_as_new_message, (SECTION,)),
    "dg": Call(digest.as_new_message),
    "go": Call(_go, ("|".join(_OPENED),)),
    "now": Call(digest.send_now),
    "to": Call(choose.show_page, (PLACE,)),
    "hr": Call(choose.hour, (r"\d{1,4}|none", SWITCH, PLACE)),
    "hx": Call(hours.ask_hour, (PLACE,)),
    "wd": Call(choose.weekday, ("[0-6]", SWITCH, PLACE)),
    "zn": Call(settings.draw_zones, (PLACE,)),
    "zs": Call(choose.zone, (r"[A-Za-z_/+-]{1,40}", PLACE)),
    "zx": Call(hours.ask_zone, (PLACE,)),
    "sec": Call(choose.section, (f"{FOLLOWED}|all", _MODES, PLACE)),
    "ug": Call(choose.urgent, ("|".join(UrgentChoice), PLACE)),
    "qt": Call(choose.quiet, (r"\d{1,4}-\d{1,4}|never", PLACE)),
    "bc:whom": Call(broadcast.offer, (NUMBER,), is_editors=True),
    "bc:all": Call(broadcast.choose_all, (NUMBER,), is_editors=True),
    "bc:sections": Call(broadcast.offer_sections, (NUMBER,), is_editors=True),
    "bc:section": Call(broadcast.choose_section, (NUMBER, FOLLOWED), is_editors=True),
    "bc:drop": Call(broadcast.drop, (NUMBER,), is_editors=True),
    "bc:pause": Call(confirm.pause, (NUMBER,), is_editors=True),
    "bc:resume": Call(confirm.resume, (NUMBER,), is_editors=True),
    "bc:cancel": Call(confirm.cancel, (NUMBER,), is_editors=True),
    "so": Call(sources.turn_page, (r"\d{1,4}",), is_editors=True),
    "sw": Call(sources.switch, (NUMBER, SWITCH, r"\d{1,4}"), is_editors=True),
}

QUESTIONS: Final[Mapping[str, Question]] = {
    "hour": Question(hours.answer_hour),
    "zone": Question(hours.answer_zone),
    "announcement": Question(broadcast.take_announcement, is_editors=True, takes_all=True),
    "count": Question(confirm.take_number, is_editors=True),
}


def install(app: App, room: Room) -> None:
    """Mount every handler on the application and put the room where they find it."""
    app.bot_data = room
    commands = {command.word: command for command in COMMANDS}
    dispatch = Dispatch(commands, CALLBACKS, QUESTIONS, room.texts.sentences)
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    own = private & ~filters.FORWARDED
    app.add_handler(ChatMemberHandler(membership.changed, ChatMemberHandler.MY_CHAT_MEMBER))
    app.add_handler(CallbackQueryHandler(dispatch.on_press))
    app.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, membership.migrated))
    for command in COMMANDS:
        app.add_handler(CommandHandler(command.word, dispatch.on_command(command), filters=own))
    app.add_handler(MessageHandler(own & filters.COMMAND, dispatch.on_unknown))
    app.add_handler(MessageHandler(own & filters.TEXT, dispatch.on_text))
    app.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, dispatch.on_other))
    groups = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE
    app.add_handler(MessageHandler(groups & filters.COMMAND, on_group_command))
    app.add_handler(CommandHandler("start", menu.on_start, filters=own), group=1)
    app.add_error_handler(on_error)
