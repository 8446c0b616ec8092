"""Compressed answers, honest and hostile."""

from __future__ import annotations

import gzip
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.inflate import CorruptError, Inflater, TooLargeError

LIMIT = 1_000_000


def raw_deflate(plain: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(plain) + packer.flush()


def unpack(chunks: list[bytes], encoding: str = "gzip", limit: int = LIMIT) -> bytes:
    inflater = Inflater(encoding, limit)
    return b"".join(map(inflater.feed, chunks)) + inflater.end()


PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": lambda plain: gzip.compress(plain[:9]) + gzip.compress(plain[9:]),
    "GZIP ": lambda plain: gzip.compress(plain) + b"\0" * 8,
    "deflate": zlib.compress,
    " deflate": raw_deflate,
    "": lambda plain: plain,
    "identity": gzip.compress,
}


@given(st.binary(max_size=3_000), st.sampled_from(sorted(PACKERS)), st.integers(1, 200))
def test_an_answer_comes_out_whole_however_it_was_packed_and_cut(
    plain: bytes, encoding: str, size: int
) -> None:
    plain = b"<rss>" + plain * 3
    packed = PACKERS[encoding](plain)

    chunks = [packed[start : start + size] for start in range(0, len(packed), size)]

    assert unpack(chunks, encoding) == plain


def test_one_byte_is_not_lost() -> None:
    assert unpack([b"x"], "") == b"x"


def test_plain_text_under_a_promise_of_gzip_is_plain_text() -> None:
    assert unpack([b"<rss/>"]) == b"<rss/>"


def test_a_bomb_stops_at_the_limit() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000, 9)

    with pytest.raises(TooLargeError):
        unpack([bomb])


def test_a_bomb_of_many_members_stops_too() -> None:
    with pytest.raises(TooLargeError):
        unpack([gzip.compress(b"\0" * 300_000) * 10])


def test_exactly_the_limit_is_allowed() -> None:
    assert len(unpack([gzip.compress(b"\0" * LIMIT)])) == LIMIT
    with pytest.raises(TooLargeError):
        unpack([b"\0" * (LIMIT + 1)], "")


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_an_answer_that_breaks_off_is_corrupt(encoding: str) -> None:
    packed = PACKERS[encoding](b"<rss>" * 1000)

    with pytest.raises(CorruptError, match="breaks off"):
        unpack([packed[:-6]], encoding)


def test_damaged_bytes_are_corrupt() -> None:
    with pytest.raises(CorruptError, match="damaged"):
        unpack([b"\x1f\x8b\x08" + b"\xff" * 50])


def test_a_way_of_packing_nobody_asked_for_is_named() -> None:
    with pytest.raises(CorruptError, match="'br'"):
        Inflater("br", LIMIT)


@given(st.lists(st.binary(max_size=100)), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_are_unpacked_or_refused(chunks: list[bytes], encoding: str) -> None:
    with suppress(CorruptError):
        assert len(unpack([b"\x1f\x8b\x08\0", *chunks], encoding)) <= LIMIT
