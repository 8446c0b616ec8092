"""Telegram's words, as a table: what each means for the letter and its chat."""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.model import ChatId, Later, Moved, Outcome, Rejected, Unreachable
from bot.transports.telegram.faults import fault_of
from bot.transports.telegram.outcomes import (
    FLOOD_WAIT,
    RIGHTS_WAIT,
    Fault,
    FaultKind,
    is_picture_bad,
    is_picture_unwelcome,
    outcome_of,
)
from bot.transports.telegram.request import NotSentError, SilenceError, UnknownFateError

GONE = [
    (403, "Forbidden: bot was blocked by the user"),
    (403, "Forbidden: user is deactivated"),
    (403, "Forbidden: bot can't initiate conversation with a user"),
    (403, "Forbidden: bot can't send messages to bots"),
    (403, "Forbidden: bot was kicked from the group chat"),
    (403, "Forbidden: bot was kicked from the supergroup chat"),
    (403, "Forbidden: bot is not a member of the channel chat"),
    (403, "Forbidden: the group chat was deleted"),
    (403, "Forbidden: a reason of next year"),
    (400, "Bad Request: chat not found"),
    (400, "Bad Request: private chat not found"),
    (400, "Bad Request: PEER_ID_INVALID"),
    (400, "Bad Request: message thread not found"),
    (400, "Bad Request: TOPIC_DELETED"),
]
WITHOUT_RIGHT = [
    (400, "Bad Request: not enough rights to send text messages to the chat"),
    (400, "Bad Request: have no rights to send a message"),
    (400, "Bad Request: need administrator rights in the channel chat"),
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
    (403, "Forbidden: CHAT_WRITE_FORBIDDEN"),
    (400, "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN"),
    (400, "Bad Request: CHAT_RESTRICTED"),
    (400, "Bad Request: TOPIC_CLOSED"),
]
WRONG = [
    (400, "Bad Request: can't parse entities: Unexpected end tag at byte offset 4"),
    (400, "Bad Request: message is too long"),
    (400, "Bad Request: BUTTON_DATA_INVALID"),
    (400, "Bad Request: BUTTON_URL_INVALID"),
    (400, "Bad Request: message to copy not found"),
    (400, "Bad Request: CHAT_FORWARDS_RESTRICTED"),
    (400, "Bad Request: a reason of next year"),
    (413, "Request Entity Too Large"),
]
OPERATORS = [(401, "Unauthorized"), (404, "Not Found"), (409, "Conflict: terminated by other")]


def answered(code: int, description: str) -> Fault:
    return Fault(FaultKind.ANSWERED, description, code=code)


@pytest.mark.parametrize(("code", "words"), GONE)
def test_a_closed_door_is_unreachable(code: int, words: str) -> None:
    assert outcome_of(answered(code, words)) == Unreachable(words)


@pytest.mark.parametrize(("code", "words"), WITHOUT_RIGHT)
def test_a_lost_right_waits_and_leaves_the_settings_intact(code: int, words: str) -> None:
    """T47; RSStT FAQ, aikaterna/aikaterna-cogs #260, healthchecks/healthchecks #613."""
    assert outcome_of(answered(code, words)) == Later(
        words, is_certain=True, retry_after=RIGHTS_WAIT
    )


@pytest.mark.parametrize(("code", "words"), WRONG)
def test_a_message_that_will_never_do_is_rejected(code: int, words: str) -> None:
    assert outcome_of(answered(code, words)) == Rejected(words)


@pytest.mark.parametrize(("code", "words"), OPERATORS)
def test_a_revoked_token_loses_no_reader_and_no_message(code: int, words: str) -> None:
    """T47: one 404 leaves settings intact (healthchecks/healthchecks #613)."""
    assert outcome_of(answered(code, words)) == Later(words)


def test_a_401_that_speaks_of_deactivation_means_the_bot_not_the_reader() -> None:
    words = "Unauthorized: user is deactivated"

    assert outcome_of(answered(401, words)) == Later(words)


def test_a_group_that_became_a_supergroup_has_moved() -> None:
    """T48; TwiN/gatus #179."""
    fault = Fault(FaultKind.ANSWERED, "upgraded", code=400, moved_to=ChatId(-1001557912345))

    assert outcome_of(fault) == Moved(ChatId(-1001557912345))


def test_too_many_requests_hold_the_chat_for_as_long_as_told() -> None:
    wait = timedelta(seconds=2282)
    fault = Fault(FaultKind.ANSWERED, "Too Many Requests", code=429, retry_after=wait)

    assert outcome_of(fault) == Later("Too Many Requests", retry_after=wait, is_flood=True)


@pytest.mark.parametrize("code", [0, 429])
def test_too_many_requests_without_a_time_hold_the_chat_a_little(code: int) -> None:
    words = "Too Many Requests: retry after a while"

    assert outcome_of(answered(code, words)) == Later(words, retry_after=FLOOD_WAIT, is_flood=True)


def test_what_never_left_us_is_certain_and_what_may_have_arrived_is_not() -> None:
    assert outcome_of(Fault(FaultKind.NOT_SENT, "refused")) == Later("refused", is_certain=True)
    assert outcome_of(Fault(FaultKind.UNKNOWN, "silent")) == Later("silent", is_certain=False)


def test_an_answer_of_a_hidden_code_may_succeed_later() -> None:
    assert outcome_of(answered(0, "Method Not Allowed")) == Later("Method Not Allowed")


@pytest.mark.parametrize(
    "words",
    [
        "Bad Request: wrong type of the web page content",
        "Bad Request: failed to get HTTP URL content",
        "Bad Request: wrong file identifier/HTTP URL specified",
        "Bad Request: PHOTO_INVALID_DIMENSIONS",
        "Bad Request: IMAGE_PROCESS_FAILED",
        "Bad Request: WEBPAGE_CURL_FAILED",
    ],
)
def test_a_refused_picture_is_told_apart_from_refused_words(words: str) -> None:
    """T43; tdlib/telegram-bot-api #782."""
    assert is_picture_bad(answered(400, words))


def test_a_chat_without_pictures_says_nothing_against_the_address() -> None:
    fault = answered(400, "Bad Request: not enough rights to send photos to the chat")

    assert is_picture_unwelcome(fault)
    assert not is_picture_bad(fault)


@pytest.mark.parametrize(
    "words", ["Bad Request: message caption is too long", "Forbidden: blocked"]
)
def test_other_refusals_are_not_the_pictures_fault(words: str) -> None:
    fault = answered(400, words)

    assert not is_picture_bad(fault)
    assert not is_picture_unwelcome(fault)


def test_a_lost_connection_is_never_the_pictures_fault() -> None:
    """T42: a pool time-out is `Later`, never "bad HTML, try plain" (HKUDS/nanobot #1099)."""
    assert not is_picture_bad(Fault(FaultKind.UNKNOWN, "failed to get HTTP URL content"))


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (BadRequest("Bad Request: chat not found"), Unreachable("Chat not found")),
        (BadRequest("Bad Request: PEER_ID_INVALID"), Unreachable("Peer_id_invalid")),
        (BadRequest("Bad Request: can't parse"), Rejected("Can't parse")),
        (Forbidden("Forbidden: bot was kicked"), Unreachable("Forbidden: bot was kicked")),
        (InvalidToken("Not Found"), Later("Not Found")),
        (Conflict("Conflict"), Later("Conflict")),
        (
            ChatMigrated(-1009),
            Moved(ChatId(-1009)),
        ),
        (
            RetryAfter(3),
            Later(
                "Flood control exceeded. Retry in 0:00:03",
                retry_after=timedelta(seconds=3),
                is_flood=True,
            ),
        ),
        (NotSentError("refused"), Later("refused", is_certain=True)),
        (UnknownFateError("hung up"), Later("hung up", is_certain=False)),
        (SilenceError("silence"), Later("silence", is_certain=False)),
        (TimedOut(), Later("Timed out", is_certain=False)),
        (NetworkError("Method Not Allowed"), Later("Method Not Allowed", is_certain=True)),
        (TelegramError("Invalid server response"), Later("Invalid server response", False)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_error_of_the_library_has_its_outcome(error: TelegramError, outcome: Outcome) -> None:
    assert outcome_of(fault_of(error)) == outcome
