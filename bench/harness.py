"""Figures in, tables out; and what every measure needs: the machine's words, percentiles, CPU."""

from __future__ import annotations

import os
import platform
import resource
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

Cell = str | int | float


class Measure(Protocol):
    """Run a measure; ``is_long`` for the length that the documents quote."""

    def __call__(self, *, is_long: bool) -> Table: ...


@dataclass
class Table:
    """A title, rows under columns, and what the figures are compared with."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[Cell]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: Cell) -> None:
        """Add a row."""
        self.rows.append(cells)

    def text(self) -> str:
        """Write the table for a terminal, numbers to the right."""
        lines = [
            list(map(str, self.columns)),
            *([_cell(cell) for cell in row] for row in self.rows),
        ]
        widths = [max(len(line[at]) for line in lines) for at in range(len(self.columns))]
        out = [f"## {self.title}"]
        for line in lines:
            first, *others = line
            padded = [first.ljust(widths[0])]
            padded += [text.rjust(width) for text, width in zip(others, widths[1:], strict=True)]
            out.append("  ".join(padded))
        return "\n".join([*out, *(f"  {note}" for note in self.notes)])

    def json(self) -> dict[str, object]:
        """Return rows as objects."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {"title": self.title, "rows": rows, "notes": self.notes}


def _cell(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.2f}" if abs(cell) < 100 else f"{cell:,.0f}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def machine() -> str:
    """Name what the figures were taken on: cores, memory, versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{cores} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which that share of the values lies; 0 of none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass
class Spent:
    """What a block took: wall seconds, and CPU seconds of this process."""

    wall: float = 0.0
    cpu: float = 0.0


@contextmanager
def spent() -> Iterator[Spent]:
    """Measure a block."""
    found = Spent()
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        yield found
    finally:
        found.wall, found.cpu = time.perf_counter() - wall, time.process_time() - cpu


def peak_memory() -> float:
    """Return this process's largest resident size so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
