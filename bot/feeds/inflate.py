"""The chunks of an answer in, unpacked ones out, never more than allowed; called by ``fetch``.

A gzip bomb is a few kilobytes that grow to gigabytes: zlib is asked for at most what may still
come, so the memory used is bounded whatever the bytes say.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

ACCEPTED: Final = "gzip, deflate"  # what to ask servers for
_GZIP: Final = b"\x1f\x8b"
_STEP: Final = 65_536  # bytes asked of zlib at a time
_ANY_HEADER: Final = zlib.MAX_WBITS | 32  # gzip or zlib, told by the first bytes
_RAW: Final = -zlib.MAX_WBITS  # "deflate" as old servers meant it


class TooLargeError(Exception):
    """Say that the document, unpacked, is larger than was allowed."""


class CorruptError(Exception):
    """Say that the compressed bytes are none, or end too early."""


class Inflater:
    """Unpack one answer chunk by chunk."""

    def __init__(self, encoding: str, limit: int) -> None:
        """Expect a Content-Encoding and at most ``limit`` bytes; CorruptError for others' ways."""
        self._encoding = encoding.strip().lower()
        if self._encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise CorruptError(f"it is compressed with {self._encoding!r}, which was not asked for")
        self._left = limit
        self._beginning: bytes | None = b""  # None: the way is known
        self._zlib: zlib._Decompress | None = None  # None: the bytes are plain

    def feed(self, chunk: bytes) -> bytes:
        """Return what the chunk unpacks to; TooLargeError, CorruptError."""
        if self._beginning is not None:
            chunk = self._beginning + chunk
            if len(chunk) < len(_GZIP):
                self._beginning = chunk
                return b""
            self._beginning = None
            self._zlib = self._unpacker(chunk)
        if self._zlib is None:
            return self._count(chunk)
        return b"".join(self._unpack(self._zlib, chunk))

    def end(self) -> bytes:
        """Return what was held back; CorruptError when something is missing."""
        if self._zlib and not self._zlib.eof:
            raise CorruptError("the compressed answer breaks off")
        return self._beginning or b""

    def _unpacker(self, start: bytes) -> zlib._Decompress | None:
        """Believe the bytes, not the header: some servers promise gzip and send plain text.

        An answer without Content-Encoding that is gzip all the same is a .xml.gz file.
        """
        if start.startswith(_GZIP):
            return zlib.decompressobj(_ANY_HEADER)
        if self._encoding != "deflate":
            return None
        is_zlib = start[0] & 0x0F == 8 and int.from_bytes(start[:2]) % 31 == 0  # RFC 1950
        return zlib.decompressobj(_ANY_HEADER if is_zlib else _RAW)

    def _unpack(self, unpacker: zlib._Decompress, chunk: bytes) -> Iterator[bytes]:
        while True:
            asked = min(self._left + 1, _STEP)
            try:
                plain = unpacker.decompress(chunk, asked)
            except zlib.error as error:
                raise CorruptError("the compressed answer is damaged") from error
            yield self._count(plain)
            chunk = unpacker.unconsumed_tail
            if unpacker.eof and unpacker.unused_data.startswith(_GZIP):  # a second member
                chunk = unpacker.unused_data
                self._zlib = unpacker = zlib.decompressobj(_ANY_HEADER)
            if not chunk and (unpacker.eof or len(plain) < asked):  # zlib may hold output back
                return

    def _count(self, plain: bytes) -> bytes:
        self._left -= len(plain)
        if self._left < 0:
            raise TooLargeError
        return plain
