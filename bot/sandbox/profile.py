"""What the bot tells of itself: commands for each scope, name, descriptions, menu buttons."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.sandbox.nouns import Chat, Json


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a list of commands is; `language` empty for everybody."""

    kind: str
    chat: int | None = None
    user: int | None = None
    language: str = ""


@dataclass(slots=True)
class Profile:
    """The texts by language code, the commands by scope, the menu button by chat."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[Scope, list[Json]] = field(default_factory=dict)
    menu_buttons: dict[int | None, Json] = field(default_factory=dict)

    def commands_in(self, chat: Chat, person: int, language: str = "ar") -> list[Json]:
        """Choose the list a person sees in a chat, in the order the Bot API documents."""
        is_admin = chat.members.get(person) in ("administrator", "creator")
        for kind, chat_id, user in _order(chat, person, is_admin=is_admin):
            for code in (language, ""):
                found = self.commands.get(Scope(kind, chat_id, user, code))
                if found:
                    return found
        return []


def _order(chat: Chat, person: int, *, is_admin: bool) -> list[tuple[str, int | None, int | None]]:
    if chat.kind == "private":
        return [("chat", chat.id, None), ("all_private_chats", None, None), ("default", None, None)]
    order: list[tuple[str, int | None, int | None]] = [("chat_member", chat.id, person)]
    if is_admin:
        order += [("chat_administrators", chat.id, None)]
    order += [("chat", chat.id, None)]
    if is_admin:
        order += [("all_chat_administrators", None, None)]
    return [*order, ("all_group_chats", None, None), ("default", None, None)]
