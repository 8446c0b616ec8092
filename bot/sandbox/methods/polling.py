"""getUpdates and the webhook's methods."""

from __future__ import annotations

from bot.sandbox.desk import Desk
from bot.sandbox.nouns import Json
from bot.sandbox.refusals import bad_request
from bot.sandbox.updates import Webhook

MOST = 100  # updates a call; Bot API getUpdates
LONGEST = 50  # seconds; tdlib/telegram-bot-api LONG_POLL_MAX_TIMEOUT
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
    """Remember where the bot wants its updates; the sandbox does not deliver them there yet."""
    url = call["url"]
    if url and not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if "allowed_updates" in call:
        desk.updates.allowed = _kinds(call["allowed_updates"])
    if call.get("drop_pending_updates"):
        desk.updates.drop()
    most = call.get("max_connections", 40)
    webhook = Webhook(url, "certificate" in call, most, call.get("ip_address"))
    desk.updates.set_webhook(webhook if url else Webhook())
    return True


async def delete_webhook(desk: Desk, call: Json) -> bool:
    """Forget the webhook."""
    if call.get("drop_pending_updates"):
        desk.updates.drop()
    desk.updates.set_webhook(Webhook())
    return True


async def get_webhook_info(desk: Desk, call: Json) -> Json:
    """Tell what setWebhook was told."""
    webhook = desk.updates.webhook
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": webhook.has_certificate,
        "pending_update_count": len(desk.updates),
    }
    if webhook.url:
        info["max_connections"] = webhook.max_connections
    if webhook.ip_address:
        info["ip_address"] = webhook.ip_address
    if desk.updates.allowed is not None:
        info["allowed_updates"] = sorted(desk.updates.allowed)
    return info


def _kinds(wanted: list[str]) -> frozenset[str] | None:
    return frozenset(wanted) or None
