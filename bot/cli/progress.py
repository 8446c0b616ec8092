"""A long act in, what a person sees of it out: a bar on a terminal, plain lines when piped.

On standard error, so that what a verb prints stays what a script reads. Verbs of long acts call it.
An act that is over within a few seconds leaves no line.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

LINE_EVERY = 5.0  # seconds between plain lines

Show = Callable[[int, int], None]  # takes what is done, and of how much


@contextmanager
def progress(title: str, unit: str) -> Iterator[Show]:
    """Give what shows how far an act is; ``unit`` names what is counted ("readers")."""
    if sys.stderr.isatty():
        with _bar(title, unit) as show:
            yield show
    else:
        yield _lines(title, unit)


@contextmanager
def _bar(title: str, unit: str) -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    began = time.monotonic()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(f"{unit} · {{task.fields[rate]}}/s ·"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None, rate="0")

        def show(done: int, total: int) -> None:
            rate = _rate(done, began)
            bar.update(task, completed=done, total=total, rate=f"{rate:,.0f}", refresh=True)

        yield show


def _lines(title: str, unit: str) -> Show:
    began = said_at = time.monotonic()

    def show(done: int, total: int) -> None:
        nonlocal said_at
        if time.monotonic() - said_at < LINE_EVERY:
            return
        said_at = time.monotonic()
        rate = _rate(done, began)
        left = f", {(total - done) / rate:,.0f} s left" if rate and done < total else ""
        typer.echo(f"{title}: {done:,} of {total:,} {unit}, {rate:,.0f}/s{left}", err=True)

    return show


def _rate(done: int, began: float) -> float:
    return done / max(time.monotonic() - began, 0.001)
