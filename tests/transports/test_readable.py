"""One update that cannot be read costs that update alone, and nobody's words."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from bot.transports.telegram.readable import readable
from bot.transports.telegram.request import ListeningRequest

FINE: dict[str, Any] = {
    "update_id": 7,
    "message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "نعم"},
}
POLL = {"id": "1", "question": "كلمة سرية", "options": [{"text": "a", "voter_count": 0}]}
LOST = {"update_id": 9, "message": {"date": "never"}}
BROKEN = {"update_id": 8, "message": {**FINE["message"], "poll": POLL}}


def test_what_can_be_read_stays_as_it_is() -> None:
    assert readable(FINE) == FINE


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 8, "message": {"date": 10**30}},
        {"update_id": 8, "message": []},
        {"update_id": 8, "callback_query": {"id": "1"}},
    ],
)
def test_what_cannot_be_read_at_all_is_left_with_its_number(
    update: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="bot"):
        assert readable(update) == {"update_id": 8}

    assert {record.msg for record in caplog.records} == {"listen.unreadable"}


def test_a_message_that_cannot_be_read_is_one_without_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cover = {name: FINE["message"][name] for name in ("message_id", "date", "chat")}

    with caplog.at_level(logging.ERROR, logger="bot"):
        assert readable(BROKEN) == {"update_id": 8, "message": cover}

    (record,) = caplog.records
    assert vars(record)["kind"] == "message"
    assert "سرية" not in str(vars(record))


@pytest.mark.parametrize(
    ("result", "read"),
    [
        ([FINE, LOST, FINE], [FINE, {"update_id": 9}, FINE]),
        ([], []),
        (True, True),
    ],
)
def test_an_answer_is_read_update_by_update(result: object, read: object) -> None:
    answer = ListeningRequest.parse_json_payload(
        json.dumps({"ok": True, "result": result}).encode()
    )

    assert answer == {"ok": True, "result": read}
