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
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.commands import inline, membership, menu
from bot.commands.calls import (
    FOLLOWED,
    NUMBER,
    PLACE,
    SECTION,
    STORY,
    SWITCH,
    TURN,
    VIEW,
    Call,
)
from bot.commands.dispatch import Command, Dispatch, Question, on_error, on_group_command
from bot.commands.editor import desk, invite, stats, team
from bot.commands.editor import table as at_the_desk
from bot.commands.editor.broadcast import draft
from bot.commands.editor.broadcast import table as casts
from bot.commands.editor.sources import listing as feed_list
from bot.commands.editor.sources import table as sources
from bot.commands.editor.undo import Undo
from bot.commands.reader import (
    choose,
    data,
    digest,
    follow,
    forget,
    hours,
    leave,
    lists,
    marks,
    matches,
    missed,
    mistake,
    mute,
    narrow,
    saved,
    search,
    settings,
    start,
    story,
    subject,
    words,
)
from bot.commands.reader.tastes import SUBJECT
from bot.commands.room import App, Room
from bot.commands.touch import Touch
from bot.model import Length, Mode, SearchOrder, Section, UrgentChoice

COMMANDS: Final[tuple[Command, ...]] = (
    Command("start", "words.start", start.start, is_listed=False),
    Command("latest", "words.latest", lists.latest),
    Command("sections", "words.sections", lists.sections),
    Command("search", "words.search", search.search),
    Command("digest", "words.digest", digest.digest),
    Command("urgent", "words.urgent", lists.urgent, also=("urgent.section",)),
    Command("matches", "words.matches", matches.matches),
    Command("saved", "words.saved", saved.shelf),
    Command("follow", "words.follow", follow.follow),
    Command("settings", "words.settings", settings.settings),
    *(
        Command(section.value, f"sections.{section}", lists.of_section(section))
        for section in Section
    ),
    Command("mydata", "words.mydata", data.mydata),
    Command("forgetme", "words.forgetme", forget.forgetme),
    Command("stop", "words.stop", leave.stop),
    Command("help", "words.help", leave.help_),
    Command("desk", "words.desk", desk.desk, is_editors=True),
    Command("team", "words.team", team.team, is_owners=True),
    Command("stats", "words.stats", stats.stats, is_editors=True),
    Command("invite", "words.invite", invite.invite, is_editors=True),
    Command("broadcast", "words.broadcast", draft.broadcast, is_editors=True),
    Command("sources", "words.sources", feed_list.sources, is_editors=True),
)

_OPENED: Final = {command.word: command for command in COMMANDS if command.is_open_to(None)}


async def _go(touch: Touch) -> None:
    """Open a reader's page by its command in the place of the page a button stands on."""
    (word,) = touch.args
    touch.args = ()
    await touch.answer()
    await _OPENED[word].handler(touch)


_MODES = "|".join((*Mode, "off"))

# What buttons do; those of one reader's choices end in the place where the page stands.
CALLBACKS: Final[Mapping[str, Call]] = {
    "st": Call(story.more, (NUMBER,), more=(NUMBER, NUMBER)),
    "br": Call(story.brief, (NUMBER,)),
    "sv": Call(marks.save, (NUMBER, SWITCH)),
    "fs": Call(marks.follow, (NUMBER, SWITCH)),
    "fo": Call(follow.turn_page, (TURN,)),
    "fw": Call(words.ask, ("follow|mute", STORY), more=(VIEW, TURN)),
    "mu": Call(mute.choices, (STORY, VIEW, TURN)),
    "sj": Call(subject.open_subject, (SUBJECT, STORY), more=(VIEW, TURN)),
    "sm": Call(subject.change, (SUBJECT, subject.SETS, STORY), more=(VIEW, TURN)),
    "mk": Call(mistake.choices, (STORY, VIEW, TURN)),
    "mi": Call(mistake.report, (mistake.SAYS, STORY, VIEW, TURN)),
    "mx": Call(mistake.ask, (STORY, VIEW, TURN)),
    "pg": Call(lists.turn_page, (NUMBER, NUMBER)),
    "md": Call(matches.day, (matches.DAY,), more=(TURN,)),
    "mt": Call(matches.match, (NUMBER, matches.DAY, TURN)),
    "mc": Call(matches.club, (NUMBER, matches.SIDE, matches.DAY, TURN)),
    "nw": Call(narrow.choices, (VIEW, TURN, narrow.CHOICES)),
    "nr": Call(narrow.narrow, (VIEW, narrow.VALUES)),
    "od": Call(narrow.reorder, (NUMBER, "|".join(SearchOrder))),
    "fq": Call(narrow.follow_words, (VIEW, TURN, SWITCH)),
    "sc": Call(lists.section_as_new_message, (SECTION,)),
    "dg": Call(digest.as_new_message),
    "ms": Call(missed.open_list, (NUMBER, NUMBER)),
    "ask": Call(search.search),
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
    "qx": Call(hours.ask_quiet, (PLACE,)),
    "ln": Call(choose.length, ("|".join(Length), PLACE)),
    "qd": Call(choose.quiet_day, (SWITCH, PLACE)),
    "rs": Call(choose.restore, (PLACE,)),
    "fg": Call(forget.answer, ("yes|no",)),
    **casts.CALLBACKS,
    **at_the_desk.CALLBACKS,
    **sources.CALLBACKS,
}

# What can be taken back within ten minutes, by the act's name in the audit log: see `undo`.
UNDO: Final[Mapping[str, Undo]] = {
    **at_the_desk.UNDO,
    **sources.UNDO,
}

QUESTIONS: Final[Mapping[str, Question]] = {
    "hour": Question(hours.answer_hour),
    "zone": Question(hours.answer_zone),
    "quiet": Question(hours.answer_quiet),
    "words": Question(words.answer),
    "mistake": Question(mistake.answer),
    **casts.QUESTIONS,
    **sources.QUESTIONS,
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
    app.add_handler(InlineQueryHandler(inline.on_query))
    app.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, membership.migrated))
    for command in COMMANDS:
        app.add_handler(CommandHandler(command.word, dispatch.on_command(command), filters=own))
    app.add_handler(MessageHandler(own & filters.COMMAND, dispatch.on_unknown))
    app.add_handler(MessageHandler(own & filters.TEXT, dispatch.on_text))
    edited = filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE
    app.add_handler(MessageHandler(edited & filters.TEXT, dispatch.on_edited))
    app.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, dispatch.on_other))
    groups = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE
    app.add_handler(MessageHandler(groups & filters.COMMAND, on_group_command))
    app.add_handler(CommandHandler("start", menu.on_start, filters=own), group=1)
    app.add_error_handler(on_error)
