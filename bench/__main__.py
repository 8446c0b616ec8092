"""Names of measures come in, their tables and JSON lines go out: ``python -m bench [names]``."""

from __future__ import annotations

import argparse
import importlib
import json
import os

from bench.certificates import trusted
from bench.harness import Measure, Table, machine

MEASURES = (
    *("startup", "fanout", "search", "ingest", "poll", "replies", "send", "deliver"),
    "endurance",
)


def main() -> None:
    """Run the measures asked for, or all of them."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="measure", help=", ".join(MEASURES))
    parser.add_argument("--long", action="store_true", help="full length, as quoted in the docs")
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in MEASURES]
    if unknown:
        parser.error(f"no measure {', '.join(unknown)}; there are {', '.join(MEASURES)}")
    print(f"machine: {machine()}\n")
    with trusted():
        for name in given.names or MEASURES:
            measure: Measure = importlib.import_module(f"bench.{name}").measure
            show(name, measure(is_long=given.long))


def show(name: str, table: Table) -> None:
    """Print one table, and the same as a JSON line for programs."""
    print(table.text())
    print(json.dumps({"measure": name, "machine": machine(), **table.json()}), flush=True)
    print()


if __name__ == "__main__":
    main()
