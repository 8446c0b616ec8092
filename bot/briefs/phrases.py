"""Stories in, the small phrases about them out: section, coverage, time. Layouts call it."""

from __future__ import annotations

from datetime import datetime, tzinfo

from bot.arabic import dates
from bot.briefs.titles import headline
from bot.model import Section, Telling
from bot.texts import Texts

DOT = " \N{MIDDLE DOT}\N{NO-BREAK SPACE}"


def told(*parts: str) -> str:
    """Join the parts that say something with middle dots; none of them ends a line."""
    return DOT.join(part for part in parts if part)


def section_name(section: Section, texts: Texts) -> str:
    """Name a section, its sign before it."""
    return f"{texts.say(f'signs.{section}')} {texts.say(f'sections.{section}')}"


def label(telling: Telling, texts: Texts) -> str:
    """Say above a headline that it is urgent, or else its section with the section's sign."""
    section = telling.story.section
    if not telling.story.is_urgent:
        return section_name(section, texts)
    urgent = f"{texts.say('signs.urgent')} {texts.say('brief.urgent')}"
    return told(urgent, texts.say(f"sections.{section}"))


def listed(telling: Telling, texts: Texts) -> str:
    """Give the headline for a list: a sign before it when it is urgent, picked, or a video."""
    title = headline(telling.lead)
    if telling.story.is_urgent:
        return f"{texts.say('signs.urgent')} {title}"
    if telling.is_picked:
        return f"{texts.say('signs.picks')} {title}"
    if telling.lead.video_url:
        return f"{texts.say('signs.video')} {title}"
    return title


def coverage(telling: Telling, texts: Texts) -> str:
    """Say how many sources tell a story and whose words these are; one source: just its name."""
    name = telling.lead.source.name
    if telling.story.sources == 1:
        return name
    sources = texts.count("from_source", telling.story.sources)
    return told(texts.say("brief.told_by", sources=sources), name)


def breadth(telling: Telling, texts: Texts) -> str:
    """Count the sources of a story; one says nothing."""
    sources = telling.story.sources
    return texts.count("source", sources) if sources > 1 else ""


def told_at(moment: datetime, *, zone: tzinfo, now: datetime) -> str:
    """Write a moment by the reader's calendar."""
    return dates.moment(moment.astimezone(zone), now.astimezone(zone))
