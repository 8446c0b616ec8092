"""The small values of the configuration that Python has no type for; `rules` makes them."""

from __future__ import annotations

from dataclasses import dataclass


class Secret:
    """Hold a word that no log, error or repr may show; only `reveal` gives it."""

    __slots__ = ("_word",)

    def __init__(self, word: str) -> None:
        self._word = word

    def reveal(self) -> str:
        """Give the word itself, for the one place that must send it."""
        return self._word

    def __repr__(self) -> str:
        return "Secret(***)"

    def __str__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._word == other._word

    def __hash__(self) -> int:
        return hash(self._word)


@dataclass(frozen=True, slots=True)
class Address:
    """Name where a server listens; port 0 lets the system choose."""

    host: str
    port: int


class WrongError(Exception):
    """Refuse a value; the sentence says what is needed instead, empty: the rule's own words.

    ``keys`` are the keys at fault when several of one table contradict each other.
    """

    def __init__(self, sentence: str = "", *, keys: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.keys = keys
