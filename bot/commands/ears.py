"""How people are heard: Telegram's updates in, by asking for them or by its calls; `app` opens it.

What people said while we were away is answered first. A loss of hearing is told with its remedy;
a token that stays refused ends the process, so that whoever supervises it takes notice. Where
Telegram calls us it is asked how its calls fare, since a dead webhook makes no sound on our side.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Coroutine, Mapping
from typing import Final, cast

from telegram import Update
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Application, ContextTypes, ExtBot

from bot import commands
from bot.commands.menu import set_up
from bot.commands.processor import ByChat
from bot.commands.room import App, Context, Room
from bot.config import Secret
from bot.errors import StartError
from bot.transports.telegram.bots import as_start_errors
from bot.transports.telegram.hearing import Calls, Hearing
from bot.transports.telegram.readable import readable

log = logging.getLogger(__name__)

UPDATES: Final = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
]
# When we are told to stop, in seconds.
LAST_CALL = 2.0  # that the call for updates may take to end
LAST_ANSWERS = 5.0  # that the answers in hand may take
# In seconds; a refused token may be a fault of Telegram's that passes.
DEAF = 180.0  # without an answer; getUpdates comes every ten, a look at the webhook every sixty
LOST = 300.0  # of refusals until the token counts as revoked
SECRET_BYTES = 32
CONFLICT = "stop the other program that listens with this token"
REVOKED = (
    "Telegram no longer knows this token: set the new one that @BotFather gives, and start again. "
    "Nothing is lost; what waited goes on from there."
)


class Ears:
    """Hear people through one application until closed; ``lost`` is set when that is over."""

    def __init__(self, room: Room, replies: ExtBot[None], hearing: Hearing) -> None:
        # ``install`` puts the room there; to the type checker a factory of it is the room's type.
        context_types = ContextTypes(context=Context, bot_data=cast("type[Room]", lambda: room))
        self._application: App = (
            Application.builder()
            .bot(replies)
            .context_types(context_types)
            .concurrent_updates(ByChat())
            .job_queue(None)
            .build()
        )
        self._room = room
        self._hearing = hearing
        telegram = room.config.telegram
        self._webhook_url = telegram.webhook_url if telegram.mode == "webhook" else None
        self._secret = telegram.webhook_secret or Secret(secrets.token_urlsafe(SECRET_BYTES))
        self._calls = Calls()
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        commands.install(self._application, room)

    @property
    def secret(self) -> Secret:
        """Return the word that Telegram repeats with each call of the webhook."""
        return self._secret

    async def open(self) -> None:
        """Begin to hear, in the way that is configured."""
        with as_start_errors():
            await self._application.initialize()
            await self._application.start()
            await set_up(self._application.bot, self._room)
            if self._webhook_url is None:
                await self._ask()
            else:
                await self._application.bot.set_webhook(
                    self._webhook_url,
                    allowed_updates=UPDATES,
                    secret_token=self._secret.reveal(),
                )
            self._hearing.heard(time.monotonic())

    async def _ask(self) -> None:
        if self._application.updater is None:
            raise RuntimeError("an application without an updater hears nobody")
        await self._application.updater.start_polling(
            allowed_updates=UPDATES, error_callback=_on_polling_error
        )

    async def hear(self, update: Mapping[str, object]) -> None:
        """Take one update that Telegram brought to the webhook."""
        read = Update.de_json(readable(update), self._application.bot)
        await self._application.update_queue.put(read)

    async def calls(self) -> Calls | None:
        """Ask Telegram how its calls fare; None: we are not called, or it does not say now."""
        if self._webhook_url is None:
            return None
        try:
            told = await self._application.bot.get_webhook_info()
        except InvalidToken:
            self._hearing.refused(time.monotonic())
            return None
        except TelegramError as error:
            log.warning("listen.failed", extra={"cause": type(error).__name__})
            return None
        self._hearing.heard(time.monotonic())
        self._calls = Calls(
            told.pending_update_count, told.last_error_date, told.last_error_message or ""
        )
        return self._calls

    async def trouble(self) -> str:
        """Say in one sentence why nobody is heard; "" when all is well."""
        silent = self._hearing.silent_for(time.monotonic())
        if silent >= DEAF:
            return f"Telegram has not answered for {silent:.0f} s"
        if self._calls.fail(self._room.now()):
            return f"Telegram's calls do not reach us: {self._calls.why}"
        return ""

    async def look(self) -> None:
        """See whether the token is lost; a beat calls it."""
        if self._hearing.refused_for(time.monotonic()) >= LOST and not self.lost.done():
            log.error("listen.revoked", extra={"remedy": REVOKED})
            self.lost.set_exception(StartError(REVOKED))

    async def close(self) -> None:
        """Hear nobody more and finish the answers in hand; a second time does nothing."""
        self.lost.cancel()
        application = self._application
        if application.updater is not None and application.updater.running:
            await _within(LAST_CALL, application.updater.stop())
        if application.running:
            await _within(LAST_ANSWERS, application.stop())

    async def shutdown(self) -> None:
        """Close the connections; ``close`` comes before."""
        await self._application.shutdown()


async def _within(seconds: float, step: Coroutine[object, object, None]) -> None:
    """Await a step of the library's shutdown, and cut it off where Telegram does not answer.

    The library sleeps out its pauses after a failure, and takes the first cancellation for the
    end of a pause.
    """
    task = asyncio.create_task(step)
    await asyncio.wait((task,), timeout=seconds)
    while not task.done():
        task.cancel()
        await asyncio.wait((task,), timeout=0.1)
    if not task.cancelled() and isinstance(task.exception(), TelegramError):
        _on_polling_error(cast("TelegramError", task.exception()))


def _on_polling_error(error: TelegramError) -> None:
    """Say why nobody is heard, with the remedy where there is one; the library tries on."""
    extra = {"remedy": CONFLICT} if isinstance(error, Conflict) else {}
    log.warning("listen.failed", extra={"cause": type(error).__name__, **extra})
