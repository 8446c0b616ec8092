"""What every test stands on: the environment of ``bot.__main__``, an open database, a free port."""

from __future__ import annotations

import os
import zoneinfo

os.environ["PTB_TIMEDELTA"] = "1"  # before telegram is imported, as bot.__main__ does
os.environ["PYTHONTZPATH"] = ""
zoneinfo.reset_tzpath()
