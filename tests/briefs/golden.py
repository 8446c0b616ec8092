"""A brief in, a page for the eye out; `MUJAZ_GOLDEN=1 pytest tests/briefs` rewrites the pages."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.model import (
    Block,
    Brief,
    Button,
    Fold,
    Heading,
    Item,
    Label,
    Note,
    Paragraph,
    Picture,
    Snippet,
    Title,
)

PAGES = Path(__file__).parent / "golden"


def assert_golden(name: str, brief: Brief) -> None:
    """Hold a brief against its page, or write the page when asked to."""
    page = PAGES / f"{name}.txt"
    seen = shown(brief.blocks, brief.buttons)
    if os.environ.get("MUJAZ_GOLDEN"):
        page.write_text(seen, encoding="utf-8")
    assert seen == page.read_text(encoding="utf-8")


def shown(blocks: Sequence[Block], buttons: Sequence[Sequence[Button]] = ()) -> str:
    """Write blocks and buttons as lines, each block with its name."""
    lines = [line for block in blocks for line in _lines(block)]
    rows = ["  ".join(f"[{button.text}]({_leads(button)})" for button in row) for row in buttons]
    return "\n".join([*lines, *(["---", *rows] if rows else [])]) + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Title(text, story):
            yield f"Title: {text}" + (f" → {story}" if story else "")
        case Item(text, story, tail, url):
            yield f"  • {text} {tail}".rstrip() + f" → {story or url or 'nowhere'}"
        case Fold(title, items):
            yield f"Fold: {title}"
            yield from (line for item in items for line in _lines(item))
        case Picture(url):
            yield f"Picture: {url}"
        case Snippet(text, found):
            yield f"Snippet: {_marked(text, found)}"
        case Heading(text) | Label(text) | Paragraph(text) | Note(text):
            yield f"{type(block).__name__}: {text}"
        case _:
            raise AssertionError(f"no layout of ours writes {block}")


def _marked(text: str, found: Sequence[tuple[int, int]]) -> str:
    for first, behind in reversed(found):
        text = f"{text[:first]}[{text[first:behind]}]{text[behind:]}"
    return text


def _leads(button: Button) -> str:
    return button.url or button.call or f"share {button.share}"
