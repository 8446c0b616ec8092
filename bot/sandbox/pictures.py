"""A photo, video or document as a bot names it → a File, or Telegram's 400; `methods` calls it.

Named by an upload, a file_id, or an address. Only addresses on this very machine are really
fetched; any other is answered like one that gives nothing, unless a fault says `any_picture`.
Redirects are not followed, since they could lead elsewhere.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict

import aiohttp
from yarl import URL

from bot.sandbox.nouns import File
from bot.sandbox.readers import Upload
from bot.sandbox.refusals import ApiError, bad_request

BY_ADDRESS = 5 * 1024 * 1024  # bytes; Bot API "Sending files", photos by URL
UPLOADED = 10 * 1024 * 1024  # bytes; the same, photos
_PATIENCE = aiohttp.ClientTimeout(total=5)  # seconds
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})
_KEPT = 300  # files kept in memory
_SIGNS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n": "image/png",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
}
_BY_ADDRESS = {
    "photo": ("image/jpeg", "image/png", "image/gif"),
    "video": ("video/mp4",),
    "document": ("application/pdf", "application/zip", "image/gif"),
}


class Files:
    """Remember files by id, and what was found at an address."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, tuple[File, bytes]] = OrderedDict()
        self._by_address: dict[str, File] = {}
        self._session: aiohttp.ClientSession | None = None

    async def resolve(self, kind: str, given: Upload | str, *, anywhere: bool = False) -> File:
        """Find or take in a file; raise a 400 for what Telegram would not take."""
        if isinstance(given, Upload):
            return self._uploaded(kind, given)
        if not given.startswith(("http://", "https://")):
            return self.file(given)
        if given not in self._by_address:
            self._by_address[given] = await self._found(kind, given, anywhere=anywhere)
        return self._by_address[given]

    def file(self, file_id: str) -> File:
        """Find a file that was sent before, or raise a 400."""
        if file_id in self._files:
            return self._files[file_id][0]
        raise bad_request("wrong file identifier/HTTP URL specified")

    def data(self, file_id: str) -> bytes | None:
        """Give a file's bytes, when they were uploaded here."""
        return self._files[file_id][1] if file_id in self._files else None

    def keep(self, mime: str, data: bytes, *, name: str = "", url: str = "") -> File:
        """Give a file an id; the oldest of many is forgotten."""
        file_id = f"AgAC{secrets.token_urlsafe(18)}"
        file = File(file_id, url or f"/_sandbox/file/{file_id}", mime, name, len(data))
        self._files[file_id] = (file, data)
        if len(self._files) > _KEPT:
            self._files.popitem(last=False)
        return file

    async def close(self) -> None:
        """Close the client that fetches addresses."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _uploaded(self, kind: str, upload: Upload) -> File:
        mime = upload.content_type
        if kind == "photo":
            if len(upload.data) > UPLOADED:
                raise bad_request("file is too big")
            mime = _image_type(upload.data)
        if not upload.data:
            raise bad_request("file must be non-empty")
        return self.keep(mime, upload.data, name=upload.name)

    async def _found(self, kind: str, url: str, *, anywhere: bool) -> File:
        if URL(url).host not in _HERE:
            if anywhere:
                return self.keep("image/jpeg", b"", url=url)
            raise _gave_nothing()
        mime, size = await self._look(url)
        if mime not in _BY_ADDRESS.get(kind, ()):
            raise bad_request("wrong type of the web page content")
        file = self.keep(mime, b"", name=URL(url).name, url=url)
        return File(file.id, url, mime, file.name, size)

    async def _look(self, url: str) -> tuple[str, int]:
        """Fetch an address of this machine: its media type and size in bytes."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_PATIENCE)
        try:
            async with self._session.get(url, allow_redirects=False) as answer:
                if answer.status != 200:
                    raise _gave_nothing()
                data = await answer.content.read(BY_ADDRESS + 1)
                while len(data) <= BY_ADDRESS and (more := await answer.content.read(1 << 16)):
                    data += more
                if len(data) > BY_ADDRESS:
                    raise bad_request("wrong type of the web page content")
                return answer.content_type, len(data)
        except (aiohttp.ClientError, TimeoutError, ValueError):
            raise _gave_nothing() from None


def _image_type(data: bytes) -> str:
    for sign, mime in _SIGNS.items():
        if data.startswith(sign):
            return mime
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    raise bad_request("IMAGE_PROCESS_FAILED")


def _gave_nothing() -> ApiError:
    return bad_request("failed to get HTTP URL content")
