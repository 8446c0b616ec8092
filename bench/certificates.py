"""A certificate authority of our own for the length of a run; `__main__` asks for it first.

aiohttp reads the trusted authorities when it is imported, so this comes before everything else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import trustme

FOLDER = "MUJAZ_BENCH_CERTIFICATES"


@contextmanager
def trusted() -> Iterator[None]:
    """Let this process, and those it starts, trust servers on localhost with our certificate."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(folder / "authority.pem"))
        authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(
            str(folder / "server.pem")
        )
        os.environ["SSL_CERT_FILE"] = str(folder / "authority.pem")
        os.environ[FOLDER] = name
        yield


def server_file() -> Path:
    """Return the file of a server's key and certificate."""
    return Path(os.environ[FOLDER]) / "server.pem"
