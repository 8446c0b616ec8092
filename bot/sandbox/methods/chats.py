"""The methods that ask about a chat or a file, leave a chat, or show that the bot is typing."""

from __future__ import annotations

from bot.sandbox.desk import Desk
from bot.sandbox.nouns import Chat, Json
from bot.sandbox.refusals import bad_request

DOWNLOADABLE = 20 * 1024 * 1024  # bytes; Bot API getFile
_ACTIONS = frozenset({"typing", "choose_sticker", "find_location"}) | {
    f"{verb}_{what}"
    for verb in ("record", "upload")
    for what in ("photo", "video", "voice", "document", "video_note", "audio")
}
_RIGHTS = (
    *("can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
    *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"),
    *("can_post_stories", "can_edit_stories", "can_delete_stories"),
    *("can_post_messages", "can_edit_messages", "can_pin_messages"),
)
_GIFTS = (
    *("unlimited_gifts", "limited_gifts", "unique_gifts"),
    *("premium_subscription", "gifts_from_channels"),
)


async def get_chat(desk: Desk, call: Json) -> Json:
    """Tell all about a chat: a ChatFullInfo."""
    chat = desk.world.readable(call["chat_id"])
    return chat.json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }


async def get_chat_member(desk: Desk, call: Json) -> Json:
    """Tell what someone is in a chat: a ChatMember."""
    chat = desk.world.readable(call["chat_id"])
    user = call["user_id"]
    if user != desk.world.bot.id and user not in desk.world.people:
        raise bad_request("member not found")
    return member(desk, chat, user)


async def get_chat_member_count(desk: Desk, call: Json) -> int:
    """Count who is in a chat, the bot included."""
    chat = desk.world.readable(call["chat_id"])
    if chat.kind == "private":
        return 2
    gone = ("left", "kicked")
    return sum(status not in gone for status in [chat.bot, *chat.members.values()])


async def leave_chat(desk: Desk, call: Json) -> bool:
    """Leave a group or channel; Telegram tells the bot of it, too."""
    chat = desk.world.readable(call["chat_id"])
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    change_bot(desk, chat, desk.world.bot.id, "left")
    return True


async def send_chat_action(desk: Desk, call: Json) -> bool:
    """Show that the bot is about to say something."""
    chat = desk.world.writable(call["chat_id"])
    if call["action"] not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    desk.tell_chat("action", chat.id, action=call["action"])
    return True


async def get_file(desk: Desk, call: Json) -> Json:
    """Tell where a file can be fetched."""
    file = desk.files.file(call["file_id"])
    if file.size > DOWNLOADABLE:
        raise bad_request("file is too big")
    return file.json() | {"file_path": f"files/{file.id}"}


def change_bot(desk: Desk, chat: Chat, by: int, status: str) -> None:
    """Make the bot something else in a chat and tell it: a my_chat_member update."""
    bot = desk.world.bot.id
    old = member(desk, chat, bot)
    chat.bot = status
    desk.updates.add(
        "my_chat_member",
        {
            "chat": chat.json(),
            "from": desk.world.sender(by),
            "date": desk.now(),
            "old_chat_member": old,
            "new_chat_member": member(desk, chat, bot),
        },
    )
    desk.events.pulse()


def member(desk: Desk, chat: Chat, user: int) -> Json:
    """Write a ChatMember."""
    status = chat.bot if user == desk.world.bot.id else chat.members.get(user, "left")
    if chat.kind == "private" and user == chat.id:
        status = "member"
    written: Json = {"user": desk.world.sender(user), "status": status}
    match status:
        case "creator":
            return written | {"is_anonymous": False}
        case "administrator":
            rights = dict.fromkeys(_RIGHTS, True)
            return written | {"can_be_edited": False, "is_anonymous": False} | rights
        case "kicked":
            return written | {"until_date": 0}
    return written
