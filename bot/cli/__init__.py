"""The verbs of the command line, a file each; words come in, an exit code goes out.

Exit codes: 0 done, 1 failed, 2 wrong words or configuration, 130 interrupted. A verb's heavy
imports stand inside it, so that ``--help`` answers at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import typer

from bot.cli.demo import demo
from bot.cli.run import run
from bot.cli.sandbox import sandbox
from bot.cli.version import version
from bot.errors import ConfigError, MujazError

VERBS = (run, demo, sandbox, version)

FAILED, WRONG, INTERRUPTED = 1, 2, 130


def run_verb(words: Sequence[str]) -> int:
    """Run one verb and return its exit code; what we know to fail is one sentence, no traceback."""
    try:
        typer.main.get_command(_app())(args=list(words), prog_name="mujaz")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0
    except ConfigError as error:
        return _fail(error, WRONG)
    except MujazError as error:
        return _fail(error, FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _app() -> typer.Typer:
    app = typer.Typer(
        help="Mujaz: polls Arabic news feeds and pushes short briefs to Telegram readers.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for verb in VERBS:
        app.command()(verb)
    return app


def _fail(error: MujazError, code: int) -> int:
    typer.echo(f"mujaz: {error}", err=True)
    return code
