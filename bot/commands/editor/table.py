"""What editors do at the desk, for the tables of `bot.commands`: buttons, and undoing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.commands.calls import NUMBER, STORY, SWITCH, TURN, VIEW, Call
from bot.commands.editor import desk, invite, judge, log, mistakes, stats, team, undo
from bot.commands.editor.undo import Undo

_USES: Final = "|".join(map(str, invite.USES))
_SPAN: Final = "|".join(map(str, stats.SPANS))
_CODE: Final = r"[\w-]{10,40}"
_FROM: Final = (STORY, VIEW, TURN)  # a story, and the place that its page was opened from

CALLBACKS: Final[Mapping[str, Call]] = {
    "dk:day": Call(desk.desk, is_editors=True),
    "dk:feeds": Call(desk.feeds, is_editors=True),
    "dk:mistakes": Call(mistakes.turn_page, (TURN,), is_editors=True),
    "dk:fixed": Call(mistakes.handle, (NUMBER, TURN), is_editors=True),
    "dk:log": Call(log.turn_page, (TURN,), is_editors=True),
    "sx": Call(stats.choose, (_SPAN,), is_editors=True),
    "jp": Call(judge.pick, (STORY, SWITCH, VIEW, TURN), is_editors=True),
    "ju": Call(judge.ask, _FROM, is_editors=True),
    "js": Call(judge.send, _FROM, is_editors=True),
    "iv:page": Call(invite.turn_page, (TURN,), is_editors=True),
    "iv:new": Call(invite.make, (_USES, NUMBER), is_editors=True),
    "iv:off": Call(invite.revoke, (_CODE, TURN), is_editors=True),
    "tm:page": Call(team.turn_page, (TURN,), is_owners=True),
    "tm:add": Call(team.add, (NUMBER,), is_owners=True),
    "tm:off": Call(team.remove, (NUMBER,), is_owners=True),
    "tm:links": Call(team.take_links_back, ("off",), is_owners=True),
    "un": Call(undo.undo, (NUMBER,), is_editors=True),
}

UNDO: Final[Mapping[str, Undo]] = {
    "mistake": mistakes.HANDLED,
    "pick.on": judge.PICKED,
    "pick.off": judge.UNPICKED,
    "team.add": team.JOINED,
    "team.remove": team.REMOVED,
    "urgent": judge.URGENT,
}
