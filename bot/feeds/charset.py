"""A document's bytes and what the server called them in, its text out; called by ``parse``.

A label is a claim. Who is believed, first to last:

1. a byte-order mark, or the shape of "<?" in two-byte and four-byte encodings: they cannot lie;
2. UTF-8, when the bytes are valid UTF-8 and not mere ASCII: chance does not write that;
3. Windows-1256, when the label is one that servers give by habit (Latin, UTF-8, none) and the bytes
   above ASCII then read as runs of Arabic letters;
4. the label: the server's, then the document's own;
5. UTF-8 with a few broken bytes, if most of it is sound; else a guess by charset-normalizer.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from charset_normalizer import from_bytes

_MARKS: Final = (  # the longer first: UTF-32's little-endian mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
)
_BY_HABIT: Final = frozenset({"ascii", "utf-8", "iso8859-15", "cp1252"})
# What newspapers wrote in before UTF-8: a guess among all of Python's encodings is a worse guess.
_LIKELY: Final = [
    *("cp1256", "cp1252", "cp1251", "cp1253", "cp1254", "cp1255", "iso8859_6"),
    *("koi8_r", "gb18030", "big5", "euc_jp", "euc_kr", "shift_jis"),
]
_SERVERS_LABEL: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_OWN_LABEL: Final = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]+)", re.IGNORECASE
)
_HEAD: Final = 1_024  # bytes in which a document names its encoding
_SAMPLE: Final = 20_000  # bytes enough to tell a language's letters
_MOSTLY: Final = 0.8  # share
_ARABIC_RUN: Final = re.compile("[\u0621-\u065f]{2,}")  # hamza to the last mark
_ABOVE_ASCII: Final = re.compile(rb"[\x80-\xff]+")


def decode(body: bytes, content_type: str) -> str:
    """Read bytes as text; what no encoding explains becomes U+FFFD."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    labels = _labels(body, content_type)
    if body.isascii():
        return _as_labelled(body, labels) or body.decode("ascii")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        sound_until = error.start
    if all(label in _BY_HABIT for label in labels) and _reads_as_arabic(body[sound_until:]):
        return body.decode("cp1256", "replace")
    honest = [label for label in labels if label != "utf-8"]
    return _as_labelled(body, honest) or _best_guess(body, sound_until)


def _labels(body: bytes, content_type: str) -> list[str]:
    """Return the canonical names of the encodings claimed, the server's claim first."""
    claims = [*_SERVERS_LABEL.findall(content_type)[:1]]
    own = _OWN_LABEL.search(body[:_HEAD])
    if own:
        claims.append(own.group(1).decode("ascii", "ignore"))
    return [name for claim in claims if (name := _canonical(claim))]


def _canonical(claim: str) -> str:
    try:
        info = codecs.lookup(claim.strip())
    except (LookupError, ValueError):  # a name nobody knows, or one with a zero byte in it
        return ""
    if not getattr(info, "_is_text_encoding", True):  # "hex", "rot13" are codecs, not of text
        return ""
    # Whoever says Latin-1 means Windows-1252 (WHATWG Encoding, "Names and labels").
    return "cp1252" if info.name == "iso8859-1" else info.name


def _as_labelled(body: bytes, labels: list[str]) -> str:
    for label in labels:
        try:
            return body.decode(label)
        except (UnicodeError, ValueError):
            continue
    return ""


def _reads_as_arabic(body: bytes) -> bool:
    """Tell whether what lies above ASCII is Arabic in Windows-1256.

    French accents come one by one among ASCII letters, so they make no runs; UTF-8 with a broken
    byte, read so, is half Latin signs.
    """
    runs = b" ".join(_ABOVE_ASCII.findall(body[:_SAMPLE])).decode("cp1256", "replace")
    letters = sum(map(len, _ARABIC_RUN.findall(runs)))
    return letters > _MOSTLY * len(runs.replace(" ", ""))


def _best_guess(body: bytes, sound_until: int) -> str:
    """Patch UTF-8 that is mostly sound; otherwise let the statistics of letters decide."""
    patched = body.decode("utf-8", "replace")
    foreign = sum(not character.isascii() for character in patched)
    if patched.count("\N{REPLACEMENT CHARACTER}") < (1 - _MOSTLY) * foreign:
        return patched
    sample = body[max(0, sound_until - _HEAD) : sound_until + _SAMPLE]
    guess = from_bytes(sample, cp_isolation=_LIKELY).best()
    return body.decode(guess.encoding if guess else "utf-8", "replace")
