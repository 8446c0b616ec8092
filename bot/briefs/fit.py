"""A brief and the length a reader chose in, the brief as this reader is shown it out.

One brief is kept and sent to all; what is told only to those who want more is marked in it. Called
by the job `deliver` for each reader.
"""

from __future__ import annotations

from dataclasses import replace

from bot.model import Brief, Length, Paragraph


def fit(brief: Brief, length: Length) -> Brief:
    """Leave away the paragraphs that are for longer tastes; the very brief when there are none."""
    blocks = tuple(
        block
        for block in brief.blocks
        if not isinstance(block, Paragraph) or length.shows(block.detail)
    )
    return brief if len(blocks) == len(brief.blocks) else replace(brief, blocks=blocks)
