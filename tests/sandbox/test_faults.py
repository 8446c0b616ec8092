"""Faults strike the calls they were set for, as often as they were set for."""

from __future__ import annotations

import pytest

from bot.sandbox.faults import Fault, Faults


def kinds(faults: Faults, chat: int | None = 1, method: str = "sendMessage") -> list[str]:
    return [fault.kind for fault in faults.take(method, chat, has_picture="Photo" in method)]


def test_a_fault_of_one_chat_leaves_the_others_alone() -> None:
    faults = Faults()
    faults.set(Fault("blocked", chat=1))

    assert kinds(faults, 1) == ["blocked"]
    assert kinds(faults, 2) == []
    assert kinds(faults, None, "getMe") == []


def test_a_fault_for_all_strikes_every_call_that_names_a_chat() -> None:
    faults = Faults()
    faults.set(Fault("500"))

    assert kinds(faults, 7) == ["500"]
    assert kinds(faults, None, "getUpdates") == []


@pytest.mark.parametrize("kind", ["token_revoked", "bad_gateway", "all_down"])
def test_a_whole_fault_strikes_everything(kind: str) -> None:
    faults = Faults()
    faults.set(Fault(kind))

    assert kinds(faults, None, "getUpdates") == [kind]


def test_a_count_is_used_up() -> None:
    faults = Faults()
    faults.set(Fault("429", count=2))

    assert [kinds(faults) for _ in range(3)] == [["429"], ["429"], []]


def test_only_the_first_answering_fault_is_used_and_slow_goes_along() -> None:
    faults = Faults()
    for kind in ("429", "slow", "500"):
        faults.set(Fault(kind, count=1))

    assert kinds(faults) == ["429", "slow"]
    assert kinds(faults) == ["500"]


def test_a_fault_can_be_of_one_method() -> None:
    faults = Faults()
    faults.set(Fault("500", method="editMessageText"))

    assert kinds(faults) == []
    assert kinds(faults, 1, "editMessageText") == ["500"]


def test_a_fault_of_one_method_strikes_it_though_it_names_no_chat() -> None:
    faults = Faults()
    faults.set(Fault("429", method="getUpdates"))
    faults.set(Fault("500", chat=1, method="getMe"))
    faults.set(Fault("500"))

    assert kinds(faults, None, "getUpdates") == ["429"]
    assert kinds(faults, None, "getMe") == []


def test_a_bad_picture_strikes_only_pictures() -> None:
    faults = Faults()
    faults.set(Fault("bad_picture", count=1))

    assert kinds(faults) == []
    assert kinds(faults, 1, "sendPhoto") == ["bad_picture"]


def test_none_clears_one_chat_or_all() -> None:
    faults = Faults()
    faults.set(Fault("blocked", chat=1))
    faults.set(Fault("blocked", chat=2))
    faults.set(Fault("any_picture"))

    faults.set(Fault("none", chat=1))
    assert (kinds(faults, 1), kinds(faults, 2)) == ([], ["blocked"])

    faults.set(Fault("none"))
    assert kinds(faults, 2) == []
    assert not faults.lets_any_picture(2)


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (Fault("blocked"), 403, "Forbidden: bot was blocked by the user"),
        (Fault("deactivated"), 403, "Forbidden: user is deactivated"),
        (
            Fault("migrated", to=-5),
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
        ),
        (Fault("429", retry_after=9), 429, "Too Many Requests: retry after 9"),
        (Fault("500"), 500, "Internal Server Error"),
        (Fault("bad_picture"), 400, "Bad Request: wrong type of the web page content"),
        (Fault("token_revoked"), 401, "Unauthorized"),
        (Fault("bad_gateway"), 502, "Bad Gateway"),
        (
            Fault("error", code=400, description="Bad Request: TOPIC_CLOSED"),
            400,
            "Bad Request: TOPIC_CLOSED",
        ),
    ],
)
def test_a_fault_answers_in_telegrams_words(fault: Fault, code: int, words: str) -> None:
    refusal = fault.refusal()

    assert refusal is not None
    assert (refusal.code, refusal.description) == (code, words)


@pytest.mark.parametrize("kind", ["slow", "hang_up_before", "hang_up_after", "all_down"])
def test_some_faults_are_no_answer(kind: str) -> None:
    assert Fault(kind).refusal() is None


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"kind": "earthquake"}, "no fault is called 'earthquake'"),
        ({"kind": "migrated"}, "needs `to`"),
        ({"kind": "500", "count": 0}, "at least 1"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(settings: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Fault(**settings)  # type: ignore[arg-type]
