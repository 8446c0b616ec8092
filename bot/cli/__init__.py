"""The verbs of the command line, a file each; words come in, an exit code goes out.

Exit codes: 0 done, 1 failed, 2 wrong words or configuration, 130 interrupted. A verb's heavy
imports stand inside it, so that ``--help`` answers at once. The first sentence of a verb is its
line in ``mujaz --help``, which has room for 60 letters.
"""

from __future__ import annotations

from collections.abc import Sequence

import typer

from bot.cli.backup import backup, restore
from bot.cli.broadcast import broadcast
from bot.cli.check import check
from bot.cli.demo import demo
from bot.cli.feeds import feeds
from bot.cli.run import run
from bot.cli.sandbox import sandbox
from bot.cli.stats import stats
from bot.cli.version import version
from bot.errors import ConfigError, MujazError

VERBS = (run, demo, check, broadcast, backup, restore, stats, sandbox, version)

FAILED, WRONG, INTERRUPTED = 1, 2, 130


def run_verb(words: Sequence[str]) -> int:
    """Run one verb and return its exit code; what we know to fail is one sentence, no traceback.

    A wrong setting begins with its place, as compilers write it; all else with our name.
    """
    try:
        typer.main.get_command(_app())(args=list(words), prog_name="mujaz")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0
    except ConfigError as error:
        return _fail(str(error), WRONG)
    except MujazError as error:
        return _fail(f"mujaz: {error}", FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:  # a fault of our own: whoever reports it needs all, but no token
        return _fail(_told_whole(), FAILED)
    return 0


def _app() -> typer.Typer:
    app = typer.Typer(
        help="Mujaz: polls Arabic news feeds and pushes short briefs to Telegram readers.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # plain help: drawing it would load what takes longer than to read
    )
    for verb in VERBS:
        app.command()(verb)
    app.add_typer(feeds, name="feeds")
    return app


def _told_whole() -> str:
    import traceback

    from bot.cli.logs import mask

    return mask(traceback.format_exc())


def _fail(words: str, code: int) -> int:
    typer.echo(words, err=True)
    return code
