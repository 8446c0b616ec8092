"""getUpdates and the webhook's methods."""

from __future__ import annotations

import re

from yarl import URL

from bot.sandbox.courier import HERE
from bot.sandbox.desk import Desk
from bot.sandbox.nouns import Json
from bot.sandbox.refusals import bad_request
from bot.sandbox.updates import Webhook

MOST = 100  # updates a call; Bot API getUpdates
LONGEST = 50  # seconds; tdlib/telegram-bot-api LONG_POLL_MAX_TIMEOUT
SECRET_LIMIT = 256  # letters; Bot API setWebhook, as the next
PORTS = (80, 88, 443, 8443)
_SECRET = re.compile(r"[\w-]*\Z", re.ASCII)
_MESSAGES = ("message", "edited_message", "channel_post", "edited_channel_post")


async def get_updates(desk: Desk, call: Json) -> list[Json]:
    """Give what people did, waiting for it if need be; tell the page what was seen."""
    if "allowed_updates" in call:
        desk.updates.allowed = _kinds(call["allowed_updates"])
    limit = min(max(call.get("limit", MOST), 1), MOST)
    timeout = min(max(call.get("timeout", 0), 0), LONGEST)
    batch = await desk.updates.take(call.get("offset", 0), limit, timeout)
    for update in desk.updates.fresh(batch):
        for kind in _MESSAGES:
            if kind in update:
                seen = update[kind]
                known = desk.world.message(seen["chat"]["id"], seen["message_id"])
                if known is not None:
                    desk.tell("seen", known)
    return batch


async def set_webhook(desk: Desk, call: Json) -> bool:
    """Remember where the bot wants its updates; from now on they are brought there."""
    url, secret = call["url"], call.get("secret_token", "")
    if url:
        _check(url, secret)
    if "allowed_updates" in call:
        desk.updates.allowed = _kinds(call["allowed_updates"])
    if call.get("drop_pending_updates"):
        desk.updates.drop()
    most = call.get("max_connections", 40)
    webhook = Webhook(url, secret, "certificate" in call, most, call.get("ip_address"))
    desk.updates.set_webhook(webhook if url else Webhook())
    return True


async def delete_webhook(desk: Desk, call: Json) -> bool:
    """Forget the webhook."""
    if call.get("drop_pending_updates"):
        desk.updates.drop()
    desk.updates.set_webhook(Webhook())
    return True


async def get_webhook_info(desk: Desk, call: Json) -> Json:
    """Tell what setWebhook was told, and what became of it."""
    webhook = desk.updates.webhook
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": webhook.has_certificate,
        "pending_update_count": len(desk.updates),
    }
    if webhook.error:
        info |= {"last_error_date": webhook.error_date, "last_error_message": webhook.error}
    if webhook.url:
        info["max_connections"] = webhook.max_connections
    if webhook.ip_address:
        info["ip_address"] = webhook.ip_address
    if desk.updates.allowed is not None:
        info["allowed_updates"] = sorted(desk.updates.allowed)
    return info


def _check(url: str, secret: str) -> None:
    """Refuse an address that Telegram would not call; this machine itself is let through."""
    try:
        address = URL(url)
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    if not address.host:
        raise bad_request("invalid webhook URL specified")
    if len(secret) > SECRET_LIMIT:
        raise bad_request("secret token is too long")
    if not _SECRET.match(secret):
        raise bad_request("secret token contains unallowed characters")
    if address.host in HERE:
        return
    if address.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if address.port not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _kinds(wanted: list[str]) -> frozenset[str] | None:
    return frozenset(wanted) or None
