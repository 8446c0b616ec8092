"""``mujaz check``: what works and what does not, each with its remedy."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer

from bot.cli.settings import ConfigFile, read_config
from bot.cli.tables import show
from bot.errors import ConfigError

FAILED, WRONG = 1, 2


def check(
    config: ConfigFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts: an object a line.")] = False,
) -> None:
    """Find what does not work, and say what mends it.

    Looks at configuration, database, backups, disk, token, rights, webhook, owners, feeds and
    clock. Nothing is changed, and it may be run while the bot runs. Exit code 0: all is well, 1:
    something is not, 2: the configuration is wrong.
    """
    from bot.cli.findings import Finding, findings

    try:
        found = asyncio.run(findings(read_config(config)))
        code = FAILED if any(finding.remedy for finding in found) else 0
    except ConfigError as error:
        found, code = [Finding("configuration", str(error), "Correct that setting.")], WRONG
    if as_json:
        for finding in found:
            typer.echo(json.dumps(finding.json(), ensure_ascii=False))
    else:
        rows = [(finding.mark, finding.what, finding.told, finding.remedy) for finding in found]
        show(("", "what", "found", "remedy"), rows)
    raise typer.Exit(code)
